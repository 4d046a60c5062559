//! Huawei CBH `UpgradeInstance` (apis.md section 3, companions.md section 2): scheduled at least 24 hours ahead, cancelled
//! by the same call, told of by the list of hosts alone.

mod host;
mod rollback;
mod standing;

pub(super) use rollback::Rollback;

use super::{
    Change, Current, Draft, Flow, Inquiry, Look, Pace, Reversible, Review, Sight, Undo,
    review::generic_review,
};
use crate::{
    answer::{Answer, EmptyBody},
    asking::AskError,
    choices::{Choices, Choosing, same},
    clock::in_words,
    error::{FieldError, text},
    plan::PlanKind,
    run::{Run, State},
};
use futures_util::{FutureExt, future::BoxFuture};
use host::{Host, by_id, found_again, hosts, hosts_of};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use standing::Seen;

/// The list of hosts.
const LIST: &str = "cbh.ListInstances";
/// How long a cross-version upgrade can be rolled back.
const ROLLBACK_DAYS: i64 = 7;

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

fn start(parameters: &Map<String, Value>) -> Option<Timestamp> {
    let milliseconds = parameters.get("upgrade_time").and_then(Value::as_i64)?;
    Timestamp::from_millisecond(milliseconds).ok()
}

fn cancels(parameters: &Map<String, Value>) -> bool {
    parameters.get("cancel").and_then(Value::as_bool) == Some(true)
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
        match start(draft.parameters) {
            Some(at) if at >= draft.now + lead => Vec::new(),
            Some(_) => {
                // Rounded up, so that the time named is one that is accepted.
                let shown = draft.now + LEAD + SignedDuration::from_secs(60);
                refuse(
                    "too_early",
                    format!(
                        "The upgrade must start at least 24 hours ahead; 5 minutes more are kept for clocks that differ. The earliest time allowed is {}.",
                        in_words(shown)
                    ),
                    format!(
                        "升级时间须至少在 24 小时之后，并为时钟误差多留 5 分钟。最早可选 {}。",
                        in_words(shown)
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

    fn current<'a>(&'a self, inquiry: &'a Inquiry<'a>) -> BoxFuture<'a, Result<Current, AskError>> {
        async move {
            let hosts = hosts(|parameters| inquiry.ask(LIST, parameters)).await?;
            let id = inquiry.text("server_id").unwrap_or_default();
            let Some(host) = by_id(&hosts, id) else { return Ok(Current::unseen()) };
            let impossible = if cancels(inquiry.parameters) {
                host.why_no_cancel(start(inquiry.parameters), inquiry.now)
            } else {
                host.why_no_upgrade(inquiry.now).map(|why| ("/server_id", why))
            };
            let impossible = impossible.map(|(pointer, why)| (pointer.to_owned(), why));
            Ok(Current { impossible, ..host.facts() })
        }
        .boxed()
    }

    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        let when = start(draft.parameters).map(in_words).unwrap_or_default();
        let none = text("none", "无");
        let (from, to) = match draft.current.text("server_id") {
            _ if draft.is_cancel() => (Some(same(&when)), none),
            Some(_) => (Some(none), same(&when)),
            // A host that the list does not have may well be scheduled.
            None => (None, same(&when)),
        };
        review.changes = vec![Change {
            label: text("Scheduled start", "预约开始时间"),
            pointer: "/upgrade_time".to_owned(),
            from,
            to,
        }];
        if draft.is_cancel() {
            review.target = Some(text("no start", "取消预约"));
            review.reversible = (
                Reversible::Yes,
                text("Yes. The upgrade can be scheduled again.", "可以，之后可重新预约升级。"),
            );
            review.effective = text("At once: the schedule is taken back.", "立即生效：取消该预约。");
            review.failure =
                text("The upgrade stays scheduled and starts at its time.", "预约仍然有效，升级到时开始。");
            return review;
        }
        review.target = Some(same(&when));
        let kind = draft.current.text("update").unwrap_or_default();
        review.changes.extend(version_change(draft.current, kind));
        review.reversible = reversible(kind);
        review.failure = text(
            "Not documented. The bastion may stay unavailable; the list of hosts then shows the status ERROR and a reason, and the vendor's support has to help.",
            "文档未说明。堡垒机可能保持不可用，此时实例列表显示状态 ERROR 及原因，需联系厂商支持。",
        );
        review.effective = text(
            format!(
                "At {when}. It takes about 30 minutes (15 minutes to 2 hours); the bastion is unavailable meanwhile."
            ),
            format!("于 {when} 开始，约 30 分钟（15 分钟至 2 小时），期间堡垒机不可用。"),
        );
        review.warnings.push(text(
            "While it is scheduled, the bastion cannot be stopped, restarted, resized or expanded.",
            "预约期间堡垒机不能关机、重启、变更规格或扩容。",
        ));
        if kind != "NEW" {
            review.warnings.push(text(
                "A cross-version upgrade changes server id, instance id and version, and opens the ports 80, 8080, 443 and 2222.",
                "跨版本升级后，服务器 ID、实例 ID 和版本会改变，并自动开放 80、8080、443、2222 端口。",
            ));
        }
        if start(draft.parameters).is_some_and(|at| at > draft.now + FAR) {
            review.warnings.push(text("The start is more than a year ahead.", "开始时间在一年以后。"));
        }
        review
    }

    fn choice_fields(&self) -> &'static [&'static str] {
        &["/server_id"]
    }

    fn choices<'a>(&'a self, choosing: Choosing<'a>) -> BoxFuture<'a, Result<Choices, AskError>> {
        async move {
            let now = choosing.profile.now();
            let all = choosing.ask_for_all(LIST, host::first_page(), host::PAGES).await?;
            let found = all
                .rows()
                .iter()
                .map(Host::read)
                .filter(|host| choosing.matches(&[&host.name, &host.server_id]))
                .map(|host| host.choice(now))
                .collect();
            let read = all.rows().len();
            let note = all.is_cut().then(|| {
                text(
                    format!("There are more hosts than the {read} that were searched. Type the whole id."),
                    format!("堡垒机多于已搜索的 {read} 个，请输入完整的 ID。"),
                )
            });
            Ok(choosing.page(found).but(note))
        }
        .boxed()
    }

    /// The 200 of this call has no body (apis.md section 3).
    fn empty_body(&self) -> EmptyBody {
        EmptyBody::Success
    }

    fn accepted(&self, draft: &Draft<'_>, _answer: &Answer) -> Sight {
        // The list is the only receipt, and is looked at right away.
        Sight::going(
            State::Accepted,
            if draft.is_cancel() {
                text(
                    "The cloud took the cancellation. Its answer is empty; the list of hosts will show it.",
                    "云端已接受取消请求，响应为空，以实例列表为准。",
                )
            } else {
                text(
                    "The cloud took the request. Its answer is empty; the list of hosts will show the start.",
                    "云端已接受请求，响应为空，以实例列表显示的开始时间为准。",
                )
            },
        )
    }

    fn ends(&self) -> &'static [State] {
        &[State::Succeeded, State::Failed, State::Cancelled, State::RolledBack]
    }

    fn pace(&self, state: State) -> Option<Pace> {
        match state {
            State::Accepted => Some(Pace::new(0, 5, 60, 10)),
            // How often before the start, each look says by itself.
            State::Scheduled => Some(Pace::new(60, 60, 600, 4 * 60)),
            State::InProgress => Some(Pace::new(60, 60, 60, 4 * 60)),
            _ => None,
        }
    }

    fn look<'a>(&'a self, look: &'a Look<'a>) -> BoxFuture<'a, Result<Sight, AskError>> {
        async move {
            // What was known before the call, else what the first look after it saw.
            let mut before = look.run.facts.clone();
            before.extend(look.before().facts.clone());
            let parameters = look.inquiry.parameters;
            let id = look.inquiry.text("server_id").unwrap_or_default();
            let hosts = hosts_of(|parameters| look.ask(LIST, parameters), id, &before).await?;
            let host = found_again(&hosts, id, &before);
            let seen = Seen {
                before: &before,
                wanted: start(parameters),
                shown: look.run.scheduled_for,
                state: look.run.state,
                undone_by: look.run.undone_by.as_deref(),
                // After the list was read: a start that came meanwhile is no cancellation.
                now: look.inquiry.profile.now(),
            };
            if cancels(parameters) {
                return Ok(standing::of_cancellation(host, &seen));
            }
            let mut sight = standing::of_upgrade(host, &seen);
            let begun = matches!(look.run.state, State::InProgress | State::Unknown);
            if let Some(host) = host.filter(|_| !before.contains_key("version") && !begun) {
                before.extend(host.facts().facts);
            }
            before.append(&mut sight.facts);
            sight.facts = before;
            Ok(sight)
        }
        .boxed()
    }

    fn undo(&self, kind: PlanKind, run: &Run, parameters: &Map<String, Value>, now: Timestamp) -> Undo {
        if cancels(parameters) {
            return Undo::None;
        }
        match kind {
            PlanKind::Cancel => undo_by_cancelling(run, parameters, now),
            PlanKind::Rollback => undo_by_rolling_back(run, parameters, now),
            PlanKind::Upgrade => Undo::None,
        }
    }
}

/// What becomes of the version, as far as the list says: the call names no target.
fn version_change(current: &Current, kind: &str) -> Option<Change> {
    let to = match kind {
        "NEW" => text("the next minor version, as offered", "云端提供的下一个小版本"),
        "CROSS_OS" => text("the next version across versions, as offered", "云端提供的跨版本新版本"),
        _ => return None,
    };
    Some(Change {
        label: text("Version", "版本"),
        pointer: "/bastion_version".to_owned(),
        from: current.values.get("/bastion_version").cloned(),
        to,
    })
}

fn reversible(kind: &str) -> (Reversible, catalog::Text) {
    match kind {
        "NEW" => (
            Reversible::No,
            text(
                "Not once it has started: a minor upgrade cannot be rolled back. Until then it can be cancelled.",
                "开始之后不可以：小版本升级不可回滚。开始之前可以取消。",
            ),
        ),
        "CROSS_OS" => (
            Reversible::Partly,
            text(
                "Until it starts it can be cancelled. Afterwards this cross-version upgrade can be rolled back for 7 days, as long as the host is not resized.",
                "开始之前可以取消。开始之后，该跨版本升级可在 7 天内、且未变更规格前回滚。",
            ),
        ),
        _ => (
            Reversible::Partly,
            text(
                "Until it starts it can be cancelled. After that: a minor upgrade cannot be rolled back, a cross-version upgrade for 7 days and before any resize.",
                "开始之前可以取消。开始之后：小版本升级不可回滚；跨版本升级可在 7 天内、且未变更规格前回滚。",
            ),
        ),
    }
}

fn undo_by_cancelling(run: &Run, parameters: &Map<String, Value>, now: Timestamp) -> Undo {
    // The list may show another start than was sent; that one is cancelled.
    let Some(start) = run.scheduled_for.or_else(|| start(parameters)) else { return Undo::None };
    match run.state {
        State::Accepted | State::Scheduled if now < start => Undo::by(
            "cbh.UpgradeInstance",
            json!({
                "server_id": parameters.get("server_id"),
                "upgrade_time": start.as_millisecond(),
                "cancel": true,
            }),
        ),
        State::Accepted | State::Scheduled | State::InProgress => {
            let when = in_words(start);
            Undo::Unavailable(text(
                format!("Its start, {when}, has come; once started it cannot be cancelled."),
                format!("已到开始时间 {when}，开始之后无法取消。"),
            ))
        }
        State::Unknown => Undo::Unavailable(text(
            "Whether it is scheduled is not known. Check the status first.",
            "是否已预约尚不可知，请先查询状态。",
        )),
        _ => Undo::None,
    }
}

fn undo_by_rolling_back(run: &Run, parameters: &Map<String, Value>, now: Timestamp) -> Undo {
    if run.state != State::Succeeded {
        return Undo::None;
    }
    let fact = |name: &str| run.facts.get(name).and_then(Value::as_str);
    if fact("update") == Some("NEW") {
        return Undo::Unavailable(text("A minor upgrade cannot be rolled back.", "小版本升级不可回滚。"));
    }
    let upgraded_at = run.facts.get("upgraded_at").and_then(Value::as_i64);
    let until = upgraded_at
        .and_then(|at| Timestamp::from_millisecond(at).ok())
        .map(|at| at + SignedDuration::from_hours(24 * ROLLBACK_DAYS));
    if let Some(until) = until.filter(|until| *until < now) {
        let until = in_words(until);
        return Undo::Unavailable(text(
            format!(
                "A cross-version upgrade can be rolled back for {ROLLBACK_DAYS} days; they ended at {until}."
            ),
            format!("跨版本升级只能在 {ROLLBACK_DAYS} 天内回滚，已于 {until} 截止。"),
        ));
    }
    // Whether the cloud still offers it, the plan asks.
    let server_id = fact("server_id_now").or_else(|| parameters.get("server_id").and_then(Value::as_str));
    Undo::by("cbh.RollbackInstance", json!({"server_id": server_id}))
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

    fn reviewed(update: &str) -> Review {
        let current =
            Host { update: update.to_owned(), version: "3.3.50.3".to_owned(), ..Host::default() }.facts();
        let parameters =
            json!({"server_id": "c7277d87-5a0d-4cfc-a418-97acb567cf29", "upgrade_time": NOW + 2 * DAY});
        let now = Timestamp::from_millisecond(NOW).unwrap();
        with_draft("cbh.UpgradeInstance", parameters, now, |draft| {
            Cbh.review(&Draft { current: &current, ..draft })
        })
    }

    #[test]
    fn a_cancellation_has_a_target_and_names_the_start_that_it_takes_back() {
        let parameters = json!({"server_id": "s-1", "upgrade_time": NOW, "cancel": true});
        let now = Timestamp::from_millisecond(NOW - DAY).unwrap();
        let review = with_draft("cbh.UpgradeInstance", parameters, now, |draft| Cbh.review(&draft));
        assert_eq!(review.target, Some(text("no start", "取消预约")));
        assert_eq!(review.changes[0].from, Some(same("2023-11-14T22:13:20Z")));
    }

    #[test]
    fn the_review_says_what_this_kind_of_upgrade_can_be_undone() {
        let minor = reviewed("NEW");
        assert_eq!(minor.reversible.0, Reversible::No);
        let cross = reviewed("CROSS_OS");
        assert_eq!(cross.reversible.0, Reversible::Partly);
        assert!(cross.reversible.1.en.contains("7 days"), "{}", cross.reversible.1.en);
        assert_eq!(cross.changes[1].from, Some(same("3.3.50.3")));
        // New ids and open ports are news of a cross-version upgrade only.
        assert_eq!(cross.warnings.len(), minor.warnings.len() + 1);
        let not_known = reviewed("");
        assert_eq!((not_known.reversible.0, not_known.changes.len()), (Reversible::Partly, 1));
    }

    fn undo(kind: PlanKind, state: State, facts: Value, after_start: i64) -> Undo {
        let parameters = json!({"server_id": "s-1", "upgrade_time": NOW});
        let facts = facts.as_object().cloned().unwrap();
        let run = Run { state, facts, ..crate::run::testing::run() };
        let now = Timestamp::from_millisecond(NOW + after_start).unwrap();
        Cbh.undo(kind, &run, parameters.as_object().unwrap(), now)
    }

    #[test]
    fn a_schedule_is_cancelled_by_the_same_call_until_it_starts() {
        let cancel = |state, after| undo(PlanKind::Cancel, state, json!({}), after);
        let by =
            Undo::by("cbh.UpgradeInstance", json!({"server_id": "s-1", "upgrade_time": NOW, "cancel": true}));
        assert_eq!(cancel(State::Scheduled, -1), by);
        for (state, after) in [(State::Scheduled, 0), (State::InProgress, 60_000), (State::Unknown, -DAY)] {
            assert!(matches!(cancel(state, after), Undo::Unavailable(_)), "{state:?}");
        }
        for state in [State::Succeeded, State::Failed, State::Cancelled, State::Refused, State::Sent] {
            assert_eq!(cancel(state, -DAY), Undo::None, "{state:?}");
        }
    }

    #[test]
    fn a_cross_version_upgrade_is_rolled_back_within_seven_days_of_success() {
        let roll = |state, facts, after| undo(PlanKind::Rollback, state, facts, after);
        let cross = json!({"update": "CROSS_OS", "server_id_now": "s-2", "upgraded_at": NOW});
        assert_eq!(
            roll(State::Succeeded, cross.clone(), 6 * DAY),
            Undo::by("cbh.RollbackInstance", json!({"server_id": "s-2"}))
        );
        assert!(matches!(roll(State::Succeeded, cross.clone(), 8 * DAY), Undo::Unavailable(_)));
        let minor = roll(State::Succeeded, json!({"update": "NEW", "upgraded_at": NOW}), DAY);
        assert!(matches!(minor, Undo::Unavailable(why) if why.en.contains("minor")));
        for state in [State::Scheduled, State::InProgress, State::Failed, State::Unknown, State::RolledBack] {
            assert_eq!(roll(state, cross.clone(), DAY), Undo::None, "{state:?}");
        }
    }
}
