//! Where a scheduled upgrade stands, or the cancellation of one, by what the list of hosts shows.

use super::host::Host;
use crate::{clock::in_words, error::text, flows::Sight, run::State};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

/// Before the start the list is looked at so often, to notice what others do.
const NOTICE: SignedDuration = SignedDuration::from_mins(10);
/// After the start, until the upgrade shows.
const SOON: SignedDuration = SignedDuration::from_mins(1);
/// Clocks differ a little: so much before the start the upgrade may already be under way.
const SKEW: SignedDuration = SignedDuration::from_mins(2);

/// What is known beside the row.
pub(super) struct Seen<'a> {
    /// The host before the call.
    pub(super) before: &'a Map<String, Value>,
    /// The start that was asked for.
    pub(super) wanted: Option<Timestamp>,
    /// The start that the list showed, if it did.
    pub(super) shown: Option<Timestamp>,
    /// The run's state.
    pub(super) state: State,
    /// The run that takes this one back.
    pub(super) undone_by: Option<&'a str>,
    /// The cloud's clock.
    pub(super) now: Timestamp,
}

impl Seen<'_> {
    fn fact(&self, name: &str) -> &str {
        self.before.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether the start has come, give or take what clocks differ.
    fn is_due(&self) -> bool {
        self.shown.or(self.wanted).is_some_and(|start| self.now + SKEW >= start)
    }

    /// Whether the host has another version than before the call.
    fn is_done(&self, host: &Host) -> bool {
        if self.fact("version").is_empty() {
            // A cross-version upgrade shows even so.
            return self.fact("update") == "CROSS_OS" && host.update == "ROLLBACK";
        }
        host.version != self.fact("version")
    }
}

/// Where an upgrade stands.
pub(super) fn of_upgrade(host: Option<&Host>, seen: &Seen<'_>) -> Sight {
    let Some(host) = host else { return nowhere() };
    if let Some(at) = host.scheduled(seen.now).filter(|_| !host.is_changing_version()) {
        return scheduled(at, seen);
    }
    if seen.is_due() { after_start(host, seen) } else { before_start(host, seen) }
}

fn nowhere() -> Sight {
    Sight::unclear(text(
        "The list of bastion hosts shows it neither by its id nor by its resource or name.",
        "堡垒机列表中按 ID、资源和名称都找不到该实例。",
    ))
}

fn scheduled(at: Timestamp, seen: &Seen<'_>) -> Sight {
    let shown = in_words(at);
    let sight = |detail| {
        let next = at.duration_since(seen.now).min(NOTICE);
        Sight::going(State::Scheduled, detail).scheduled(at).again_in(next)
    };
    if Some(at) == seen.wanted {
        return sight(text(
            format!("The list of hosts shows the start: {shown}."),
            format!("实例列表显示开始时间：{shown}。"),
        ));
    }
    let asked = seen.wanted.map(in_words).unwrap_or_default();
    let detail = text(
        format!("The list of hosts shows another start than was sent: {shown} instead of {asked}."),
        format!("实例列表显示的开始时间与请求不同：{shown}，请求的是 {asked}。"),
    );
    // Of a call that may never have arrived, another start is no trace.
    if seen.state == State::Unknown { Sight::unclear(detail) } else { sight(detail) }
}

fn before_start(host: &Host, seen: &Seen<'_>) -> Sight {
    let when = seen.wanted.map(in_words).unwrap_or_default();
    match (seen.state, seen.undone_by) {
        (State::Scheduled, Some(by)) => {
            Sight::ended(State::Cancelled, text(format!("Cancelled by {by}."), format!("已由 {by} 取消。")))
        }
        (State::Scheduled, None) => Sight::ended(
            State::Cancelled,
            text(
                format!("The list of hosts shows the start at {when} no longer: it was cancelled elsewhere."),
                format!("实例列表不再显示 {when} 的预约：已在别处取消。"),
            ),
        ),
        (State::Unknown, _) => Sight::unclear(text(
            format!(
                "No schedule was found: the list of hosts shows no start at {when}. Its status is {}.",
                host.state()
            ),
            format!("没有找到预约：实例列表没有显示 {when} 开始的升级，状态为 {}。", host.state()),
        )),
        (state, _) => Sight::going(
            state,
            text(
                "The cloud said yes, and the list of hosts does not show the start yet.",
                "云端已接受，但实例列表尚未显示开始时间。",
            ),
        ),
    }
}

fn after_start(host: &Host, seen: &Seen<'_>) -> Sight {
    let version = seen.fact("version");
    if host.is_broken() || (!host.fail_reason.is_empty() && host.fail_reason != seen.fact("fail_reason")) {
        let why = host.reason();
        return Sight::ended(
            State::Failed,
            text(
                format!(
                    "The upgrade failed: {}. The status is {}.",
                    why.en.trim_end_matches('.'),
                    host.state()
                ),
                format!("升级失败：{}。状态为 {}。", why.zh.trim_end_matches('.'), host.state()),
            ),
        );
    }
    if host.is_changing_version() {
        return Sight::going(
            State::InProgress,
            text(
                format!("The upgrade is under way: {}.", host.state()),
                format!("升级正在进行：{}。", host.state()),
            ),
        );
    }
    if seen.is_done(host) {
        return done(host, seen);
    }
    match seen.state {
        State::Unknown => Sight::unclear(text(
            format!(
                "The list of hosts shows no upgrade under way, and version {} as before. Its status is {}.",
                host.version,
                host.state()
            ),
            format!("实例列表没有显示正在进行的升级，版本仍为 {}，状态为 {}。", host.version, host.state()),
        )),
        State::InProgress => Sight::going(
            State::InProgress,
            text(
                format!("The host is {} again, and its version {version} as before.", host.state()),
                format!("实例已恢复为 {}，但版本仍为 {version}。", host.state()),
            ),
        ),
        state => Sight::going(
            state,
            text(
                "The start has come, and the list of hosts does not show the upgrade yet.",
                "已到开始时间，但实例列表尚未显示升级。",
            ),
        )
        .again_in(SOON),
    }
}

fn done(host: &Host, seen: &Seen<'_>) -> Sight {
    let (before, after) = (seen.fact("version"), &host.version);
    let mut detail =
        text(format!("Version {after}, before {before}."), format!("版本 {after}，升级前为 {before}。"));
    if !host.server_id.eq_ignore_ascii_case(seen.fact("server_id")) {
        let (server, number) = (&host.server_id, &host.instance_id);
        detail = text(
            format!("{} The server id is now {server}, the instance id {number}.", detail.en),
            format!("{}server_id 现为 {server}，实例 ID 现为 {number}。", detail.zh),
        );
    }
    Sight::ended(State::Succeeded, detail)
        .fact("server_id_now", host.server_id.clone())
        .fact("version_now", after.clone())
        .fact("update_now", host.update.clone())
        .fact("upgraded_at", seen.now.as_millisecond())
}

/// Where the cancellation of a schedule stands.
pub(super) fn of_cancellation(host: Option<&Host>, seen: &Seen<'_>) -> Sight {
    let Some(host) = host else { return nowhere() };
    let when = seen.wanted.map(in_words).unwrap_or_default();
    if seen.is_due() && (host.is_changing_version() || seen.is_done(host) || host.is_broken()) {
        return Sight::ended(
            State::Failed,
            text(
                format!("It was not cancelled: the upgrade started at {when}."),
                format!("没有取消：升级已于 {when} 开始。"),
            ),
        );
    }
    // Also when the start has come meanwhile: the next look shows what became of it.
    if host.upgrade_time.is_some() && host.upgrade_time == seen.wanted {
        let detail = text(
            format!("The list of hosts still shows the start at {when}."),
            format!("实例列表仍显示 {when} 开始的升级。"),
        );
        return if seen.state == State::Unknown {
            Sight::unclear(detail)
        } else {
            Sight::going(State::Accepted, detail)
        };
    }
    Sight::ended(
        State::Succeeded,
        text(
            format!("The list of hosts shows the start at {when} no longer."),
            format!("实例列表不再显示 {when} 的预约。"),
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::Standing;
    use serde_json::json;

    const START: i64 = 1_700_000_000_000;
    const MINUTE: i64 = 60_000;

    fn at(milliseconds: i64) -> Timestamp {
        Timestamp::from_millisecond(milliseconds).unwrap()
    }

    fn row(change: Value) -> Host {
        let mut row = json!({
            "name": "office", "server_id": "s-1", "instance_id": "5473", "bastion_version": "3.3.50.3",
            "update": "CROSS_OS",
            "status_info": {"status": "ACTIVE", "task_status": "NO_TASK", "instance_status": "ok",
                "fail_reason": "No FailReason Now"},
        });
        for (name, value) in change.as_object().unwrap() {
            row[name] = value.clone();
        }
        Host::read(&row)
    }

    fn status(status: &str, task: &str) -> Value {
        json!({"status_info": {"status": status, "task_status": task}})
    }

    /// Minutes after the start, the run's state, the row.
    fn look(minutes: i64, state: State, host: &Host) -> Sight {
        let before = row(json!({})).facts().facts;
        let seen = Seen {
            before: &before,
            wanted: Some(at(START)),
            shown: None,
            state,
            undone_by: None,
            now: at(START + minutes * MINUTE),
        };
        of_upgrade(Some(host), &seen)
    }

    #[test]
    fn the_list_is_the_receipt() {
        let sight = look(-1440, State::Accepted, &row(json!({"upgrade_time": START})));
        assert_eq!(
            (sight.standing, sight.scheduled_for),
            (Standing::Going(State::Scheduled), Some(at(START)))
        );
        assert_eq!(sight.next, Some(NOTICE));
        let late = look(-3, State::Scheduled, &row(json!({"upgrade_time": START.to_string()})));
        assert_eq!(late.next, Some(SignedDuration::from_mins(3)));
        let missing = look(-1440, State::Accepted, &row(json!({"upgrade_time": 0})));
        assert_eq!(missing.standing, Standing::Going(State::Accepted));
        assert!(missing.detail.en.contains("not show the start yet"), "{}", missing.detail.en);
        let other = look(-1440, State::Accepted, &row(json!({"upgrade_time": START + 1})));
        assert_eq!(
            (other.standing, other.scheduled_for),
            (Standing::Going(State::Scheduled), Some(at(START + 1)))
        );
        assert!(other.detail.en.contains("another start"), "{}", other.detail.en);
    }

    #[test]
    fn a_schedule_that_is_gone_before_the_start_was_cancelled() {
        let sight = look(-30, State::Scheduled, &row(json!({})));
        assert_eq!(sight.standing, Standing::Ended(State::Cancelled));
        assert!(sight.detail.en.contains("elsewhere"), "{}", sight.detail.en);
        // So near the start it may have begun instead.
        assert_eq!(look(-1, State::Scheduled, &row(json!({}))).standing, Standing::Going(State::Scheduled));
    }

    #[test]
    fn an_upgrade_goes_on_until_the_version_is_another() {
        let upgrading = row(status("UPGRADING", "updating"));
        assert_eq!(look(1, State::Scheduled, &upgrading).standing, Standing::Going(State::InProgress));
        // Nothing but another version is success.
        assert_eq!(look(40, State::InProgress, &row(json!({}))).standing, Standing::Going(State::InProgress));
        let sight = look(
            40,
            State::InProgress,
            &row(
                json!({"bastion_version": "3.3.62.0", "server_id": "s-2", "instance_id": "6001", "update": "ROLLBACK"}),
            ),
        );
        assert_eq!(sight.standing, Standing::Ended(State::Succeeded));
        assert!(sight.detail.en.contains("3.3.62.0, before 3.3.50.3"), "{}", sight.detail.en);
        assert!(sight.detail.en.contains("s-2"), "{}", sight.detail.en);
        assert_eq!(
            (&sight.facts["server_id_now"], &sight.facts["update_now"]),
            (&json!("s-2"), &json!("ROLLBACK"))
        );
    }

    #[test]
    fn a_broken_host_after_the_start_is_a_failure_with_its_reason() {
        let mut host = row(status("ERROR", "NO_TASK"));
        host.fail_reason = "No room.".to_owned();
        let sight = look(40, State::InProgress, &host);
        assert_eq!(sight.standing, Standing::Ended(State::Failed));
        assert!(sight.detail.en.contains("No room."), "{}", sight.detail.en);
        // A reason that stood there before says nothing of this upgrade.
        let before = Host { fail_reason: "old".to_owned(), ..row(json!({})) };
        let facts = before.facts().facts;
        let seen = Seen {
            before: &facts,
            wanted: Some(at(START)),
            shown: None,
            state: State::InProgress,
            undone_by: None,
            now: at(START + MINUTE),
        };
        assert_eq!(of_upgrade(Some(&before), &seen).standing, Standing::Going(State::InProgress));
    }

    #[test]
    fn a_check_of_an_unknown_run_looks_for_the_schedule_the_upgrade_and_the_version() {
        let check = |minutes, host: &Host| look(minutes, State::Unknown, host).standing;
        assert_eq!(check(-60, &row(json!({"upgrade_time": START}))), Standing::Going(State::Scheduled));
        assert_eq!(check(-60, &row(json!({"upgrade_time": START + 1}))), Standing::Unclear);
        assert_eq!(check(-60, &row(json!({}))), Standing::Unclear);
        assert_eq!(check(5, &row(status("UPGRADING", "updating"))), Standing::Going(State::InProgress));
        assert_eq!(
            check(60, &row(json!({"bastion_version": "3.3.62.0"}))),
            Standing::Ended(State::Succeeded)
        );
        assert_eq!(check(60, &row(json!({}))), Standing::Unclear);
        let words = look(-60, State::Unknown, &row(json!({}))).detail.en;
        assert!(words.contains("No schedule was found"), "{words}");
    }

    #[test]
    fn a_cancellation_is_done_when_the_schedule_is_gone() {
        let facts = row(json!({})).facts().facts;
        let cancel = |minutes: i64, state, host: &Host| {
            let now = at(START + minutes * MINUTE);
            let seen =
                Seen { before: &facts, wanted: Some(at(START)), shown: None, state, undone_by: None, now };
            of_cancellation(Some(host), &seen).standing
        };
        let stands = row(json!({"upgrade_time": START}));
        assert_eq!(cancel(-60, State::Accepted, &row(json!({}))), Standing::Ended(State::Succeeded));
        assert_eq!(cancel(-60, State::Accepted, &stands), Standing::Going(State::Accepted));
        assert_eq!(cancel(-60, State::Unknown, &stands), Standing::Unclear);
        assert_eq!(
            cancel(1, State::Accepted, &stands),
            Standing::Going(State::Accepted),
            "too late, or not yet seen"
        );
        assert_eq!(cancel(-60, State::Unknown, &row(json!({}))), Standing::Ended(State::Succeeded));
        let upgrading = row(status("UPGRADING", "updating"));
        assert_eq!(cancel(1, State::Accepted, &upgrading), Standing::Ended(State::Failed));
    }
}
