//! Where an upgrade or a rollback of Compute Nest stands. `Deployed` alone proves nothing: the upgrade history does.

use super::standing::{history, instance, named, status_words};
use crate::{
    asking::AskError,
    choices::{number_at, rows, text_at},
    clock::in_words,
    error::text,
    flows::{Look, Sight, Standing, traces::Span},
    run::State,
};
use catalog::Text;
use jiff::Timestamp;
use serde_json::{Value, json};

/// So much of what went wrong is repeated.
const LONGEST_REASON: usize = 300;

/// The fact that names the row of the history.
const HISTORY: &str = "history";

/// What is looked for.
pub(super) struct Wanted<'a> {
    /// `Type` of the history's row.
    pub(super) kind: &'static str,
    /// The version that it leads to, if that is known.
    pub(super) version: Option<&'a str>,
}

/// Looks at the instance and at its history.
pub(super) async fn look(look: &Look<'_>, wanted: Wanted<'_>) -> Result<Sight, AskError> {
    let Some(body) = instance(&look.inquiry).await? else {
        return Ok(Sight::unclear(text(
            "The instance is not found any more, so its upgrade history cannot be read.",
            "已找不到该实例，无法读取其升级历史。",
        )));
    };
    let history = history(&look.inquiry).await?;
    // A call that was taken began something, however late its end is looked for.
    let unknown = look.run.state == State::Unknown && !look.run.was_taken();
    let mut spans = look.spans();
    // What was taken can wait before it begins; of a call whose answer was lost, only what began then is a trace.
    if let Some(last) = spans.last_mut().filter(|_| !unknown) {
        last.until = Timestamp::MAX;
    }
    let of_others = look.siblings.iter().filter_map(|run| run.facts.get(HISTORY)?.as_str());
    let traces = Traces {
        wanted,
        spans,
        known: look.run.facts.get(HISTORY).and_then(Value::as_str).filter(|id| !id.is_empty()),
        newest_before: look.before().text("newest"),
        of_others: of_others.collect(),
        unknown,
        now: look.now(),
    };
    let mut sight = traces.sight(&body, &history);
    if sight.standing == Standing::Ended(State::Failed)
        && let Some(error) = newest_error(look, look.since()).await
    {
        sight.detail = text(
            format!("{} In its log: {error}", sight.detail.en),
            format!("{}实例日志：{error}", sight.detail.zh),
        );
    }
    Ok(sight)
}

struct Traces<'a> {
    wanted: Wanted<'a>,
    /// When what the calls began is dated.
    spans: Vec<Span>,
    /// The row that an earlier look found.
    known: Option<&'a str>,
    newest_before: Option<&'a str>,
    /// Rows that other runs are known to have begun.
    of_others: Vec<&'a str>,
    unknown: bool,
    now: Timestamp,
}

impl Traces<'_> {
    /// The row that was found before, else those that can be of the call, oldest first.
    fn rows<'r>(&self, history: &'r [Value]) -> Vec<&'r Value> {
        let known = history.iter().find(|row| Some(text_at(row, "/UpgradeHistoryId").as_str()) == self.known);
        if let Some(known) = known {
            return vec![known];
        }
        let mut rows: Vec<&Value> = history.iter().filter(|row| self.is_ours(row)).collect();
        rows.sort_by_key(|row| text_at(row, "/StartTime"));
        rows
    }

    fn is_ours(&self, row: &Value) -> bool {
        let to = text_at(row, "/ToVersion");
        let id = text_at(row, "/UpgradeHistoryId");
        let of_another = Some(id.as_str()) == self.newest_before || self.of_others.contains(&id.as_str());
        let started = text_at(row, "/StartTime").parse::<Timestamp>();
        text_at(row, "/Type") == self.wanted.kind
            && (id.is_empty() || !of_another)
            && started.is_ok_and(|started| self.spans.iter().any(|span| span.holds(started)))
            && (to.is_empty() || self.wanted.version.is_none_or(|version| version == to))
    }

    fn sight(&self, instance: &Value, history: &[Value]) -> Sight {
        let status = text_at(instance, "/Status");
        let rollback = self.wanted.kind == "Rollback";
        let (en, zh) = if rollback { ("rollback", "回滚") } else { ("upgrade", "升级") };
        let busy = matches!(status.as_str(), "Upgrading" | "UpgradeRollbacking");
        let rows = self.rows(history);
        if self.unknown && rows.len() > 1 {
            return Sight::unclear(several(&rows, (en, zh)));
        }
        // A person may have begun another since then: the first one is the call's.
        let Some(row) = rows.first().copied() else {
            let others = history.iter().any(|row| text_at(row, "/Status").eq_ignore_ascii_case("upgrading"));
            // What goes on later without a row is of anybody.
            let then = self.spans.iter().any(|span| span.holds(self.now));
            if !others && then && status == if rollback { "UpgradeRollbacking" } else { "Upgrading" } {
                return Sight::going(State::InProgress, under_way(instance, (en, zh)));
            }
            return Sight::unclear(self.no_trace(instance, (en, zh)));
        };
        let version = text_at(row, "/ToVersion");
        let id = text_at(row, "/UpgradeHistoryId");
        let sight = match text_at(row, "/Status").to_ascii_lowercase().as_str() {
            "upgradesuccessful" => Sight::ended(
                State::Succeeded,
                text(
                    format!("The upgrade history says that the {en} to version {version} succeeded."),
                    format!("升级历史显示：{zh}到版本 {version} 已成功。"),
                ),
            ),
            "upgradefailed" => {
                let why = cut(&text_at(row, "/Results"));
                Sight::ended(
                    State::Failed,
                    text(
                        format!("The upgrade history says that the {en} to version {version} failed: {why}"),
                        format!("升级历史显示：{zh}到版本 {version} 失败：{why}"),
                    ),
                )
            }
            _ if busy => Sight::going(State::InProgress, under_way(instance, (en, zh))),
            _ => Sight::going(
                State::InProgress,
                text(
                    format!("The upgrade history says that the {en} is not at its end."),
                    format!("升级历史显示{zh}尚未结束。"),
                ),
            ),
        };
        sight.fact(HISTORY, id)
    }

    fn no_trace(&self, instance: &Value, (en, zh): (&str, &str)) -> Text {
        let status = status_words(&text_at(instance, "/Status"));
        let version = text_at(instance, "/Service/Version");
        let since = in_words(self.spans.first().map_or(self.now, |span| span.from));
        let seen = text(
            format!(
                "Its upgrade history has no such {en} since {since}; the instance is “{}” at version {version}.",
                status.en
            ),
            format!("{since} 以来的升级历史中没有这次{zh}；实例状态为“{}”，版本 {version}。", status.zh),
        );
        if self.unknown {
            text(format!("No trace of the call. {}", seen.en), format!("没有发现本次调用的痕迹。{}", seen.zh))
        } else {
            seen
        }
    }
}

/// Rows of which nobody can tell the call's.
fn several(rows: &[&Value], (en, zh): (&str, &str)) -> Text {
    let ids: Vec<String> = rows.iter().map(|row| text_at(row, "/UpgradeHistoryId")).collect();
    let ids = ids.join(", ");
    text(
        format!(
            "Its upgrade history has more than one {en} that the call can have begun: {ids}. Look in the vendor's console who began which."
        ),
        format!("升级历史中有不止一次{zh}可能由本次调用产生：{ids}。请在厂商控制台核对各由谁发起。"),
    )
}

/// By tens: every change is an entry of the timeline.
fn under_way(instance: &Value, (en, zh): (&str, &str)) -> Text {
    match number_at(instance, "/Progress").filter(|progress| (0..=100).contains(progress)) {
        Some(progress) => {
            let tens = progress / 10 * 10;
            text(format!("The {en} is under way: {tens} %."), format!("{zh}进行中：{tens}%。"))
        }
        None => text(format!("The {en} is under way."), format!("{zh}进行中。")),
    }
}

async fn newest_error(look: &Look<'_>, since: Timestamp) -> Option<String> {
    let mut parameters = named(&look.inquiry);
    parameters["MaxResults"] = json!(50);
    parameters["SortOrder"] = json!("Descending");
    // That no log can be had is no reason to doubt the history.
    let body = look.ask("computenestsupplier.ListServiceInstanceLogs", parameters).await.ok()?;
    error_in(rows(&body, "/ServiceInstancesLogs"), since)
}

/// The newest line of a failure; one that names a resource says more than one that does not.
fn error_in(lines: &[Value], since: Timestamp) -> Option<String> {
    let of_failure = |line: &&Value| {
        let said = format!("{} {}", text_at(line, "/Status"), text_at(line, "/Content")).to_lowercase();
        let at = text_at(line, "/Timestamp").parse::<Timestamp>();
        at.is_ok_and(|at| at >= since) && (said.contains("fail") || said.contains("error"))
    };
    let named = |line: &&Value| !text_at(line, "/ResourceId").is_empty();
    let failures = || lines.iter().filter(of_failure);
    let line = failures().find(named).or_else(|| failures().next())?;
    let content = cut(&text_at(line, "/Content"));
    match text_at(line, "/ResourceId") {
        id if id.is_empty() => Some(content),
        id => Some(format!("{content} ({id})")),
    }
}

fn cut(words: &str) -> String {
    match words.char_indices().nth(LONGEST_REASON) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traces(unknown: bool) -> Traces<'static> {
        let until = if unknown { "2026-11-21T10:17:00Z" } else { "2030-01-01T00:00:00Z" };
        Traces {
            wanted: Wanted { kind: "Upgrade", version: Some("2") },
            spans: vec![Span { from: SINCE.parse().unwrap(), until: until.parse().unwrap() }],
            known: None,
            newest_before: Some("suh-1"),
            of_others: vec!["suh-0"],
            unknown,
            now: NOW.parse().unwrap(),
        }
    }

    fn row(id: &str, kind: &str, status: &str, started: &str) -> Value {
        json!({"UpgradeHistoryId": id, "Type": kind, "Status": status, "FromVersion": "1", "ToVersion": "2",
            "StartTime": started, "EndTime": "", "Results": "QuotaExceeded"})
    }

    fn instance(status: &str, progress: i64) -> Value {
        json!({"Status": status, "Progress": progress, "Service": {"Version": "1"}})
    }

    const SINCE: &str = "2026-11-21T10:00:00Z";
    const NOW: &str = "2026-11-21T10:00:05Z";

    #[test]
    fn the_history_decides_and_deployed_alone_does_not() {
        let deployed = instance("Deployed", 100);
        let sight = traces(false).sight(&deployed, &[row("suh-2", "Upgrade", "UpgradeSuccessful", NOW)]);
        assert_eq!(sight.standing, Standing::Ended(State::Succeeded));
        let sight = traces(false).sight(&deployed, &[row("suh-2", "Upgrade", "UpgradeFailed", NOW)]);
        assert_eq!(sight.standing, Standing::Ended(State::Failed));
        assert!(sight.detail.en.contains("QuotaExceeded"));
        assert_eq!(traces(false).sight(&deployed, &[]).standing, Standing::Unclear);
    }

    #[test]
    fn what_was_there_before_is_of_another_call() {
        let deployed = instance("Deployed", 100);
        for other in [
            row("suh-2", "Upgrade", "UpgradeSuccessful", "2026-11-21T09:59:59Z"),
            row("suh-1", "Upgrade", "UpgradeSuccessful", NOW),
            row("suh-0", "Upgrade", "UpgradeSuccessful", NOW),
            row("suh-2", "Upgrade", "UpgradeSuccessful", "2026-11-24T10:00:00Z"),
            row("suh-2", "Rollback", "UpgradeSuccessful", NOW),
            row("suh-2", "Upgrade", "UpgradeSuccessful", "soon"),
            json!({"Type": "Upgrade", "Status": "UpgradeSuccessful", "ToVersion": "3", "StartTime": NOW}),
        ] {
            let sight = traces(true).sight(&deployed, std::slice::from_ref(&other));
            assert_eq!(sight.standing, Standing::Unclear, "{other}");
            assert!(sight.detail.en.starts_with("No trace of the call."), "{}", sight.detail.en);
        }
        // The first after the call, not one that somebody began later.
        let history = [
            row("suh-3", "Upgrade", "upgrading", "2026-11-21T11:00:00Z"),
            row("suh-2", "Upgrade", "UpgradeFailed", NOW),
            row("suh-1", "Upgrade", "UpgradeSuccessful", NOW),
        ];
        assert_eq!(traces(false).sight(&deployed, &history).standing, Standing::Ended(State::Failed));
    }

    #[test]
    fn of_two_that_a_lost_call_can_have_begun_neither_is_believed() {
        let history = [
            row("suh-3", "Upgrade", "UpgradeSuccessful", "2026-11-21T10:05:00Z"),
            row("suh-2", "Upgrade", "UpgradeFailed", NOW),
        ];
        let deployed = instance("Deployed", 100);
        let sight = traces(true).sight(&deployed, &history);
        assert_eq!(sight.standing, Standing::Unclear);
        assert!(sight.detail.en.contains("suh-2, suh-3"), "{}", sight.detail.en);
        // Once one was found, it stays the one.
        let sight = Traces { known: Some("suh-3"), ..traces(true) }.sight(&deployed, &history);
        assert_eq!(sight.standing, Standing::Ended(State::Succeeded));
    }

    #[test]
    fn progress_is_told_by_tens_and_is_a_trace() {
        let sight = traces(true).sight(&instance("Upgrading", 37), &[]);
        assert_eq!(sight.standing, Standing::Going(State::InProgress));
        assert_eq!(sight.detail.en, "The upgrade is under way: 30 %.");
        let ours = row("suh-2", "Upgrade", "upgrading", NOW);
        let sight = traces(true).sight(&instance("Upgrading", 37), std::slice::from_ref(&ours));
        assert_eq!(sight.standing, Standing::Going(State::InProgress));
        // Somebody else's: its row leads to another version.
        let other = json!({"Type": "Upgrade", "Status": "upgrading", "ToVersion": "3", "StartTime": NOW});
        let sight = traces(true).sight(&instance("Upgrading", 37), &[other]);
        assert_eq!(sight.standing, Standing::Unclear);
        // Days later it is somebody's else.
        let later = Traces { now: "2026-11-24T10:00:00Z".parse().unwrap(), ..traces(true) };
        assert_eq!(later.sight(&instance("Upgrading", 37), &[]).standing, Standing::Unclear);
    }

    #[test]
    fn of_the_log_the_newest_failure_that_names_a_resource_is_told() {
        let line = |at: &str, content: &str, id: &str| json!({"Timestamp": at, "Status": "Upgrading", "Content": content, "ResourceId": id});
        let lines = [
            line(NOW, "Upgrade has failed.", ""),
            line(NOW, "UPDATE_FAILED: QuotaExceeded", "i-1"),
            line("2026-11-20T10:00:00Z", "CREATE_FAILED: old", "i-2"),
        ];
        let since = SINCE.parse().unwrap();
        assert_eq!(error_in(&lines, since).as_deref(), Some("UPDATE_FAILED: QuotaExceeded (i-1)"));
        assert_eq!(error_in(&lines[..1], since).as_deref(), Some("Upgrade has failed."));
        assert_eq!(error_in(&lines[2..], since), None);
        assert!(cut(&"很".repeat(400)).chars().count() == LONGEST_REASON + 1);
    }
}
