//! Huawei CBH `UpgradeInstance` (apis.md section 3): scheduled at least 24 hours ahead, cancelled by the same call.

use super::{Change, Draft, Flow, Reversible, Review, Sight, review::generic_review};
use crate::{
    answer::{Answer, EmptyBody},
    asking::AskError,
    choices::{Choice, Choices, Choosing, number_at, rows, same, text_at},
    error::{FieldError, text},
    run::State,
};
use futures_util::{FutureExt, future::BoxFuture};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

pub(super) struct Cbh;

/// What people are told and forms offer: the cloud's 24 hours, and five minutes for clocks that differ, for filling the
/// rest of the form and for reading the review.
const LEAD: SignedDuration = SignedDuration::from_mins(24 * 60 + 5);
/// What must be left of it when the plan is made.
const LEAD_AT_PLAN: SignedDuration = SignedDuration::from_mins(24 * 60 + 3);
/// What must be left of it at the confirmation: the cloud's rule and a minute for clocks that differ.
const LEAD_AT_LAST: SignedDuration = SignedDuration::from_mins(24 * 60 + 1);
/// More than this ahead is probably a slip.
const FAR: SignedDuration = SignedDuration::from_hours(365 * 24);

fn start(draft: &Draft<'_>) -> Option<Timestamp> {
    let milliseconds = draft.parameters.get("upgrade_time").and_then(Value::as_i64)?;
    Timestamp::from_millisecond(milliseconds).ok()
}

/// A minute is as fine as people choose a time.
fn minute(at: Timestamp, offset_hours: i8) -> String {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(offset_hours));
    at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
}

fn three_clocks(at: Timestamp) -> String {
    format!("{} UTC ({} GMT+8)", minute(at, 0), minute(at, 8))
}

impl Flow for Cbh {
    fn check(&self, draft: &Draft<'_>) -> Vec<FieldError> {
        // Cancelling sends the time that is already scheduled, which comes nearer all the time.
        if draft.is_cancel() {
            return Vec::new();
        }
        let lead = if draft.confirming { LEAD_AT_LAST } else { LEAD_AT_PLAN };
        let refuse = |code: &str, en: String, zh: String| {
            vec![FieldError {
                pointer: "/parameters/upgrade_time".to_owned(),
                code: code.to_owned(),
                detail: text(en, zh),
            }]
        };
        match start(draft) {
            Some(at) if at >= draft.now + lead => Vec::new(),
            Some(_) => {
                // Rounded up, so that the time named is one that is accepted.
                let shown = draft.now + LEAD + SignedDuration::from_secs(60);
                refuse(
                    "too_early",
                    format!(
                        "The upgrade must start at least 24 hours ahead; 5 minutes more are kept for clocks that differ. The earliest time allowed is {}.",
                        three_clocks(shown)
                    ),
                    format!(
                        "升级时间须至少在 24 小时之后，并为时钟误差多留 5 分钟。最早可选 {}。",
                        three_clocks(shown)
                    ),
                )
            }
            None => refuse(
                "not_a_time",
                "This is not an instant in milliseconds since 1970.".to_owned(),
                "这不是以毫秒表示的时间。".to_owned(),
            ),
        }
    }

    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        let when = start(draft).map(three_clocks).unwrap_or_default();
        review.changes = vec![Change {
            label: text("Scheduled start", "计划开始时间"),
            pointer: "/upgrade_time".to_owned(),
            from: draft.is_cancel().then(|| same(&when)),
            to: if draft.is_cancel() { text("none", "无") } else { same(&when) },
        }];
        if draft.is_cancel() {
            review.target = None;
            review.reversible = (
                Reversible::Yes,
                text("Yes. The upgrade can be scheduled again.", "可以，之后可重新计划升级。"),
            );
            review.effective = text("At once: the schedule is taken back.", "立即生效：取消该计划。");
            return review;
        }
        review.target = Some(same(&when));
        review.reversible = (
            Reversible::Partly,
            text(
                "Until it starts it can be cancelled. After that: a minor upgrade cannot be rolled back, a cross-version upgrade for 7 days and before any resize.",
                "开始之前可以取消。开始之后：小版本升级不可回滚；跨版本升级可在 7 天内、且未变更规格前回滚。",
            ),
        );
        review.effective = text(
            format!(
                "At {when}. It takes about 30 minutes (15 minutes to 2 hours); the bastion is unavailable meanwhile."
            ),
            format!("于 {when} 开始，约 30 分钟（15 分钟至 2 小时），期间堡垒机不可用。"),
        );
        review.warnings.push(text(
            "While it is scheduled, the bastion cannot be stopped, restarted, resized or expanded.",
            "计划期间堡垒机不能关机、重启、变更规格或扩容。",
        ));
        review.warnings.push(text(
            "A cross-version upgrade changes server id, instance id and version, and opens the ports 80, 8080, 443 and 2222.",
            "跨版本升级后，服务器 ID、实例 ID 和版本会改变，并自动开放 80、8080、443、2222 端口。",
        ));
        if start(draft).is_some_and(|at| at > draft.now + FAR) {
            review.warnings.push(text("The start is more than a year ahead.", "开始时间在一年以后。"));
        }
        review
    }

    fn choice_fields(&self) -> &'static [&'static str] {
        &["/server_id"]
    }

    fn choices<'a>(&'a self, choosing: Choosing<'a>) -> BoxFuture<'a, Result<Choices, AskError>> {
        async move {
            let body = choosing.ask("cbh.ListInstances", json!({"limit": "1000", "offset": "0"})).await?;
            let found = rows(&body, "/instance")
                .iter()
                .filter(|row| choosing.matches(&[&text_at(row, "/name"), &text_at(row, "/server_id")]))
                .map(|row| instance(row, choosing.profile.now()))
                .collect();
            Ok(choosing.page(found))
        }
        .boxed()
    }

    /// The 200 of this call has no body (apis.md section 3).
    fn empty_body(&self) -> EmptyBody {
        EmptyBody::Success
    }

    fn accepted(&self, draft: &Draft<'_>, _answer: &Answer) -> Sight {
        if draft.is_cancel() {
            return Sight::going(
                State::Accepted,
                text("The cloud took the schedule back.", "云端已取消该计划。"),
            );
        }
        let when = start(draft).map(three_clocks).unwrap_or_default();
        let sight = Sight::going(
            State::Scheduled,
            text(format!("Scheduled for {when}."), format!("已计划于 {when} 开始。")),
        );
        match start(draft) {
            Some(at) => sight.scheduled(at),
            None => sight,
        }
    }
}

fn instance(row: &Value, now: Timestamp) -> Choice {
    let id = text_at(row, "/server_id");
    let name = Some(text_at(row, "/name")).filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone());
    let status = text_at(row, "/status_info/status");
    let task = text_at(row, "/status_info/task_status");
    // The vendor's own example has a boolean here (apis.md section 8).
    let offered = text_at(row, "/update");
    let scheduled = number_at(row, "/upgrade_time")
        .and_then(|at| Timestamp::from_millisecond(at).ok())
        .filter(|at| *at > now);
    let (en, zh) = match offered.as_str() {
        "NEW" => ("minor upgrade", "小版本升级"),
        "CROSS_OS" => ("cross-version upgrade", "跨版本升级"),
        "OLD" => ("already the latest", "已是最新"),
        "ROLLBACK" => ("upgraded, can be rolled back", "已升级，可回滚"),
        _ => ("none", "无"),
    };
    let mut choice = Choice::new(id, name)
        .detail("Status", "状态", same(&status))
        .detail("Version now", "当前版本", same(&text_at(row, "/bastion_version")))
        .detail("Upgrade offered", "可用升级", text(en, zh));
    choice.unavailable = if let Some(at) = scheduled {
        let when = three_clocks(at);
        Some(text(format!("An upgrade is scheduled for {when}."), format!("已计划于 {when} 升级。")))
    } else if status != "ACTIVE" {
        Some(text(
            format!("Its status is {status}; it must be ACTIVE."),
            format!("状态为 {status}，须为 ACTIVE。"),
        ))
    } else if !matches!(task.as_str(), "" | "NO_TASK") {
        Some(text(format!("A task is under way: {task}."), format!("有任务正在进行：{task}。")))
    } else if !matches!(offered.as_str(), "NEW" | "CROSS_OS") {
        Some(text(format!("No upgrade is offered: {en}."), format!("没有可用的升级：{zh}。")))
    } else {
        None
    };
    choice
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::testing::with_draft;

    const NOW: i64 = 1_700_000_000_000;
    const DAY: i64 = 24 * 60 * 60 * 1000;

    fn problems(ahead: i64, cancel: Option<bool>) -> Vec<String> {
        let mut parameters =
            json!({"server_id": "c7277d87-5a0d-4cfc-a418-97acb567cf29", "upgrade_time": NOW + ahead});
        if let Some(cancel) = cancel {
            parameters["cancel"] = json!(cancel);
        }
        let now = Timestamp::from_millisecond(NOW).unwrap();
        with_draft("cbh.UpgradeInstance", parameters, now, |draft| {
            Cbh.check(&draft).into_iter().map(|error| error.code).collect()
        })
    }

    #[test]
    fn at_least_24_hours_ahead_and_a_little() {
        assert_eq!(problems(DAY + 3 * 60_000, None), [] as [&str; 0]);
        assert_eq!(problems(DAY + 3 * 60_000 - 1, None), ["too_early"]);
        assert_eq!(problems(-DAY, Some(false)), ["too_early"]);
    }

    #[test]
    fn a_bastion_says_why_it_cannot_be_chosen() {
        let now = Timestamp::from_millisecond(NOW).unwrap();
        let why = |status: &str, task: &str, update: Value, upgrade_time: i64| {
            let row = json!({"server_id": "s", "name": "n", "update": update, "upgrade_time": upgrade_time,
                "status_info": {"status": status, "task_status": task}});
            instance(&row, now).unavailable.map(|why| why.en)
        };
        assert_eq!(why("ACTIVE", "NO_TASK", json!("NEW"), 0), None);
        assert_eq!(why("ACTIVE", "NO_TASK", json!("CROSS_OS"), NOW - DAY), None);
        assert!(why("ACTIVE", "NO_TASK", json!("OLD"), 0).unwrap().contains("latest"));
        assert!(why("ACTIVE", "NO_TASK", json!(false), 0).unwrap().contains("none"));
        assert!(why("FROZEN", "NO_TASK", json!("NEW"), 0).unwrap().contains("FROZEN"));
        assert!(why("ACTIVE", "powering-off", json!("NEW"), 0).unwrap().contains("powering-off"));
        assert!(why("ACTIVE", "NO_TASK", json!("NEW"), NOW + DAY).unwrap().contains("scheduled"));
    }

    #[test]
    fn the_earliest_time_can_still_be_confirmed_after_the_review_was_read() {
        let confirmed_after = |minutes: i64| {
            let parameters = json!({"server_id": "c7277d87-5a0d-4cfc-a418-97acb567cf29", "upgrade_time": NOW + DAY + 5 * 60_000});
            let now = Timestamp::from_millisecond(NOW + minutes * 60_000).unwrap();
            with_draft("cbh.UpgradeInstance", parameters, now, |draft| {
                Cbh.check(&Draft { confirming: true, ..draft }).len()
            })
        };
        assert_eq!((confirmed_after(0), confirmed_after(4), confirmed_after(5)), (0, 0, 1));
    }

    #[test]
    fn cancelling_is_exempt() {
        assert_eq!(problems(60_000, Some(true)), [] as [&str; 0]);
    }

    #[test]
    fn times_are_told_with_their_zone() {
        assert_eq!(
            three_clocks(Timestamp::from_millisecond(NOW).unwrap()),
            "2023-11-14 22:13 UTC (2023-11-15 06:13 GMT+8)"
        );
    }
}
