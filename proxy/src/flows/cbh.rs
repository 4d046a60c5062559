//! Huawei CBH `UpgradeInstance` (apis.md section 3): scheduled at least 24 hours ahead, cancelled by the same call.

use super::{Change, Draft, Flow, Reversible, Review, generic_review};
use crate::{
    answer::{Answer, EmptyBody},
    error::{FieldError, text},
    run::State,
};
use catalog::Text;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

pub(super) struct Cbh;

/// The cloud's rule, and five minutes for clocks that differ and for reading the review.
const LEAD: SignedDuration = SignedDuration::from_mins(24 * 60 + 5);
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
        let earliest = draft.now + LEAD;
        let refuse = |code: &str, en: String, zh: String| {
            vec![FieldError {
                pointer: "/parameters/upgrade_time".to_owned(),
                code: code.to_owned(),
                detail: text(en, zh),
            }]
        };
        match start(draft) {
            Some(at) if at >= earliest => Vec::new(),
            Some(_) => {
                // Rounded up, so that the time named is one that is accepted.
                let shown = earliest + SignedDuration::from_secs(60);
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
            from: draft.is_cancel().then(|| when.clone()),
            to: if draft.is_cancel() { "–".to_owned() } else { when.clone() },
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
        review.target = Some(when.clone());
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

    /// The 200 of this call has no body (apis.md section 3).
    fn empty_body(&self) -> EmptyBody {
        EmptyBody::Success
    }

    fn accepted(&self, draft: &Draft<'_>, _answer: &Answer) -> (State, Text) {
        if draft.is_cancel() {
            return (State::Accepted, text("The cloud took the schedule back.", "云端已取消该计划。"));
        }
        let when = start(draft).map(three_clocks).unwrap_or_default();
        (State::Scheduled, text(format!("Scheduled for {when}."), format!("已计划于 {when} 开始。")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::testing::with_draft;
    use serde_json::json;

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
    fn at_least_24_hours_and_five_minutes_ahead() {
        assert_eq!(problems(DAY + 5 * 60_000, None), [] as [&str; 0]);
        assert_eq!(problems(DAY + 5 * 60_000 - 1, None), ["too_early"]);
        assert_eq!(problems(-DAY, Some(false)), ["too_early"]);
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
