//! A bastion host as the list of hosts shows it (companions.md section 2).

use crate::{
    asking::AskError,
    choices::{Choice, Pages, day, number_at, rows, same, text_at},
    clock::in_words,
    error::text,
    flows::Current,
};
use catalog::Text;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use std::borrow::Borrow;

/// Hosts that the list gives at once.
const PAGE: usize = 1000;
/// How the list is read to its end.
pub(super) const PAGES: Pages = Pages { rows: "/instance", most: 20, turn };
/// What the list says when nothing failed.
const NO_REASON: &str = "No FailReason Now";

/// One row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Host {
    pub(super) name: String,
    pub(super) server_id: String,
    pub(super) instance_id: String,
    /// Stays after a cross-version upgrade, as the name does.
    pub(super) resource_id: String,
    pub(super) version: String,
    /// What can be done with the version: `NEW`, `CROSS_OS`, `OLD`, `ROLLBACK`.
    pub(super) update: String,
    pub(super) status: String,
    /// The day until which it is paid for.
    pub(super) expires: Text,
    pub(super) task: String,
    pub(super) health: String,
    pub(super) fail_reason: String,
    /// When a scheduled upgrade starts, or started.
    pub(super) upgrade_time: Option<Timestamp>,
    pub(super) is_standby: bool,
}

/// Every host of the project, by a way to ask the list.
pub(super) async fn hosts<F, T>(ask: impl Fn(Value) -> F) -> Result<Vec<Host>, AskError>
where
    F: Future<Output = Result<T, AskError>>,
    T: Borrow<Value>,
{
    let (mut found, mut asked) = (Vec::new(), first_page());
    for _ in 0..PAGES.most {
        let page = ask(asked.clone()).await?;
        let page = page.borrow();
        let rows = rows(page, PAGES.rows);
        found.extend(rows.iter().map(Host::read));
        let goes_on = asked.as_object_mut().is_some_and(|asked| turn(asked, page, found.len()));
        if rows.is_empty() || !goes_on {
            break;
        }
    }
    Ok(found)
}

/// What asks for the first page.
pub(super) fn first_page() -> Value {
    json!({"limit": PAGE.to_string(), "offset": "0"})
}

fn turn(parameters: &mut Map<String, Value>, page: &Value, read: usize) -> bool {
    parameters.insert("offset".to_owned(), json!(read.to_string()));
    let total = number_at(page, "/total").and_then(|total| usize::try_from(total).ok());
    total.is_some_and(|total| read < total)
}

/// The hosts among which the one of a run is: by the number that it had, the list tells of that one alone. When it does
/// not, its ids are new or its number was never seen, and it is one of all.
pub(super) async fn hosts_of<F, T>(
    ask: impl Fn(Value) -> F,
    id: &str,
    known: &Map<String, Value>,
) -> Result<Vec<Host>, AskError>
where
    F: Future<Output = Result<T, AskError>>,
    T: Borrow<Value>,
{
    let number =
        known.get("instance_id").and_then(Value::as_str).and_then(|number| number.parse::<i64>().ok());
    if let Some(number) = number.filter(|number| *number >= 0) {
        let page = ask(json!({"instance_id": number})).await?;
        let found: Vec<Host> = rows(page.borrow(), PAGES.rows).iter().map(Host::read).collect();
        if by_id(&found, id).is_some() {
            return Ok(found);
        }
    }
    hosts(ask).await
}

/// The host with a server id.
pub(super) fn by_id<'a>(hosts: &'a [Host], id: &str) -> Option<&'a Host> {
    hosts.iter().find(|host| host.server_id.eq_ignore_ascii_case(id))
}

/// The host that had a server id once: by that id, else by what a cross-version upgrade leaves as it is.
pub(super) fn found_again<'a>(hosts: &'a [Host], id: &str, known: &Map<String, Value>) -> Option<&'a Host> {
    let fact = |name: &str| known.get(name).and_then(Value::as_str).filter(|value| !value.is_empty());
    let only = |same: &dyn Fn(&Host) -> bool| {
        let mut fitting = hosts.iter().filter(|host| !host.is_standby && same(host));
        fitting.next().filter(|_| fitting.next().is_none())
    };
    by_id(hosts, id)
        .or_else(|| fact("server_id").and_then(|id| by_id(hosts, id)))
        .or_else(|| fact("resource_id").and_then(|id| only(&|host| host.resource_id == id)))
        .or_else(|| fact("name").and_then(|name| only(&|host| host.name == name)))
}

impl Host {
    pub(super) fn read(row: &Value) -> Self {
        let time = number_at(row, "/upgrade_time").filter(|at| *at > 0);
        Self {
            name: text_at(row, "/name"),
            server_id: text_at(row, "/server_id"),
            instance_id: text_at(row, "/instance_id"),
            resource_id: text_at(row, "/resource_info/resource_id"),
            version: text_at(row, "/bastion_version"),
            // The vendor's own example has a boolean here (apis.md section 8).
            update: text_at(row, "/update"),
            status: text_at(row, "/status_info/status"),
            expires: day(number_at(row, "/end_time")),
            task: text_at(row, "/status_info/task_status"),
            health: text_at(row, "/status_info/instance_status"),
            fail_reason: Some(text_at(row, "/status_info/fail_reason"))
                .filter(|reason| reason != NO_REASON)
                .unwrap_or_default(),
            upgrade_time: time.and_then(|at| Timestamp::from_millisecond(at).ok()),
            is_standby: text_at(row, "/ha_info/instance_type") == "slave",
        }
    }

    /// When the upgrade that is scheduled will start.
    pub(super) fn scheduled(&self, now: Timestamp) -> Option<Timestamp> {
        self.upgrade_time.filter(|at| *at > now)
    }

    /// Whether its version is being changed now, forwards or back.
    pub(super) fn is_changing_version(&self) -> bool {
        self.status == "UPGRADING"
            || matches!(self.task.as_str(), "updating" | "data-migrating" | "traffic-switchover" | "rollback")
    }

    /// Whether it does not work any more.
    pub(super) fn is_broken(&self) -> bool {
        self.status == "ERROR" || self.health == "error"
    }

    /// Status, and task if there is one.
    pub(super) fn state(&self) -> String {
        match self.task.as_str() {
            "" | "NO_TASK" => self.status.clone(),
            task => format!("{}, {task}", self.status),
        }
    }

    /// Why it failed, as the list says.
    pub(super) fn reason(&self) -> Text {
        if self.fail_reason.is_empty() {
            text("no reason is given", "未给出原因")
        } else {
            same(&self.fail_reason)
        }
    }

    fn offered(&self) -> Text {
        match self.update.as_str() {
            "NEW" => text("minor upgrade", "小版本升级"),
            "CROSS_OS" => text("cross-version upgrade", "跨版本升级"),
            "OLD" => text("already the latest", "已是最新"),
            "ROLLBACK" => text("upgraded, can be rolled back", "已升级，可回滚"),
            _ => text("none", "无"),
        }
    }

    fn is_idle(&self) -> Option<Text> {
        if self.status != "ACTIVE" {
            return Some(text(
                format!("Its status is {}; only an ACTIVE host can be upgraded or rolled back.", self.status),
                format!("状态为 {}，只有 ACTIVE 的堡垒机可以升级或回滚。", self.status),
            ));
        }
        (!matches!(self.task.as_str(), "" | "NO_TASK")).then(|| {
            text(format!("A task is under way: {}.", self.task), format!("有任务正在进行：{}。", self.task))
        })
    }

    /// Why no upgrade can be scheduled for it.
    pub(super) fn why_no_upgrade(&self, now: Timestamp) -> Option<Text> {
        if let Some(at) = self.scheduled(now) {
            let when = in_words(at);
            return Some(text(
                format!("An upgrade is scheduled for {when}."),
                format!("已预约于 {when} 升级。"),
            ));
        }
        self.is_idle().or_else(|| {
            let offered = self.offered();
            match self.update.as_str() {
                "NEW" | "CROSS_OS" => None,
                "OLD" | "ROLLBACK" => Some(text(
                    format!("No upgrade is offered: {}.", offered.en),
                    format!("没有可用的升级：{}。", offered.zh),
                )),
                _ => Some(text("No upgrade is offered for this host.", "云端没有为该堡垒机提供升级。")),
            }
        })
    }

    /// Why it cannot be rolled back.
    pub(super) fn why_no_rollback(&self) -> Option<Text> {
        self.is_idle().or_else(|| {
            (self.update != "ROLLBACK").then(|| {
                text(
                    "The cloud offers no rollback for it: only a cross-version upgrade can be rolled back, for 7 days and before any resize.",
                    "云端未提供回滚：只有跨版本升级可在 7 天内、且未变更规格前回滚。",
                )
            })
        })
    }

    /// Why a schedule that starts at `at` cannot be cancelled, and which value is to blame.
    pub(super) fn why_no_cancel(
        &self,
        at: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<(&'static str, Text)> {
        if self.is_changing_version() {
            return Some((
                "/server_id",
                text("The upgrade has started, so it cannot be cancelled.", "升级已开始，无法取消。"),
            ));
        }
        match self.scheduled(now) {
            None => Some(("/server_id", text("No upgrade is scheduled for it.", "该实例没有预约的升级。"))),
            Some(scheduled) if Some(scheduled) != at => {
                let (when, milliseconds) = (in_words(scheduled), scheduled.as_millisecond());
                Some((
                    "/upgrade_time",
                    text(
                        format!("The upgrade is scheduled for {when}. Give that time: {milliseconds}."),
                        format!("该升级已预约于 {when}，请填写该时间：{milliseconds}。"),
                    ),
                ))
            }
            Some(_) => None,
        }
    }

    /// What following and taking back need to know of it as it is before the call.
    pub(super) fn facts(&self) -> Current {
        Current::default()
            .fact("name", self.name.clone())
            .fact("server_id", self.server_id.clone())
            .fact("instance_id", self.instance_id.clone())
            .fact("resource_id", self.resource_id.clone())
            .fact("version", self.version.clone())
            .fact("update", self.update.clone())
            .fact("fail_reason", self.fail_reason.clone())
            .value("/bastion_version", same(&self.version))
    }

    pub(super) fn choice(&self, now: Timestamp) -> Choice {
        let name = if self.name.is_empty() { &self.server_id } else { &self.name };
        let mut choice = Choice::new(self.server_id.clone(), name.clone())
            .detail("Status", "状态", same(&self.status))
            .detail("Version now", "当前版本", same(&self.version))
            .detail("Upgrade offered", "可用升级", self.offered())
            .detail("Expires", "到期", self.expires.clone());
        choice.unavailable = self.why_no_upgrade(now);
        choice
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    const NOW: i64 = 1_700_000_000_000;
    const DAY: i64 = 24 * 60 * 60 * 1000;

    fn now() -> Timestamp {
        Timestamp::from_millisecond(NOW).unwrap()
    }

    #[test]
    fn a_bastion_says_why_it_cannot_be_chosen() {
        let why = |status: &str, task: &str, update: Value, upgrade_time: i64| {
            let row = json!({"server_id": "s", "name": "n", "update": update, "upgrade_time": upgrade_time,
                "status_info": {"status": status, "task_status": task}});
            Host::read(&row).choice(now()).unavailable.map(|why| why.en)
        };
        assert_eq!(why("ACTIVE", "NO_TASK", json!("NEW"), 0), None);
        assert_eq!(why("ACTIVE", "NO_TASK", json!("CROSS_OS"), NOW - DAY), None);
        assert!(why("ACTIVE", "NO_TASK", json!("OLD"), 0).unwrap().contains("latest"));
        assert!(why("ACTIVE", "NO_TASK", json!(false), 0).unwrap().contains("for this host"));
        assert!(why("FROZEN", "NO_TASK", json!("NEW"), 0).unwrap().contains("FROZEN"));
        assert!(why("ACTIVE", "powering-off", json!("NEW"), 0).unwrap().contains("powering-off"));
        assert!(why("ACTIVE", "NO_TASK", json!("NEW"), NOW + DAY).unwrap().contains("scheduled"));
    }

    #[test]
    fn a_cancellation_needs_the_time_that_is_scheduled() {
        let why = |scheduled: i64, at: i64| {
            let host = Host::read(&json!({"upgrade_time": scheduled.to_string()}));
            let why = host.why_no_cancel(Timestamp::from_millisecond(at).ok(), now());
            why.map(|(pointer, why)| (pointer, why.en))
        };
        assert_eq!(why(NOW + DAY, NOW + DAY), None);
        assert_eq!(why(0, NOW + DAY).unwrap().0, "/server_id");
        let (pointer, words) = why(NOW + DAY, NOW + DAY + 1).unwrap();
        assert_eq!(pointer, "/upgrade_time");
        assert!(words.contains(&(NOW + DAY).to_string()), "{words}");
    }

    #[test]
    fn a_host_with_new_ids_is_found_by_its_resource_or_its_name_alone() {
        let host = |server: &str, resource: &str, name: &str| Host {
            server_id: server.to_owned(),
            resource_id: resource.to_owned(),
            name: name.to_owned(),
            ..Host::default()
        };
        let known = host("old", "r-1", "office").facts().facts;
        let find = |hosts: &[Host]| found_again(hosts, "old", &known).map(|host| host.server_id.clone());
        assert_eq!(find(&[host("x", "r-1", "office"), host("OLD", "", "")]).as_deref(), Some("OLD"));
        assert_eq!(find(&[host("a", "r-2", "office"), host("b", "r-1", "renamed")]).as_deref(), Some("b"));
        assert_eq!(find(&[host("a", "", "office"), host("b", "", "lab")]).as_deref(), Some("a"));
        assert_eq!(find(&[host("a", "", "office"), host("b", "", "office")]), None, "a guess would be one");
        let standby = Host { is_standby: true, ..host("a", "", "office") };
        assert_eq!(find(&[standby, host("b", "", "office")]).as_deref(), Some("b"));
    }

    #[test]
    fn long_lists_are_read_page_by_page() {
        let ask = |parameters: Value| {
            let offset: usize = parameters["offset"].as_str().unwrap().parse().unwrap();
            let rows: Vec<Value> =
                (offset..2_500.min(offset + PAGE)).map(|number| json!({"server_id": number})).collect();
            std::future::ready(Ok(json!({"total": 2_500, "instance": rows})))
        };
        let found = hosts(ask).now_or_never().unwrap().unwrap();
        assert_eq!((found.len(), found[2_499].server_id.as_str()), (2_500, "2499"));
    }

    #[test]
    fn one_host_is_asked_for_by_its_number_and_all_are_when_its_ids_are_new() {
        let asked = std::cell::RefCell::new(Vec::new());
        let ask = |parameters: Value| {
            let wanted = parameters["instance_id"].as_i64();
            asked.borrow_mut().push(wanted);
            let rows: Vec<Value> = [(1, "s-1"), (2, "s-2")]
                .into_iter()
                .filter(|(number, _)| wanted.is_none_or(|wanted| wanted == *number))
                .map(|(number, server)| json!({"instance_id": number.to_string(), "server_id": server}))
                .collect();
            std::future::ready(Ok(json!({"total": rows.len(), "instance": rows})))
        };
        let count = |id: &str, number: &str| {
            asked.borrow_mut().clear();
            let known = Current::default().fact("instance_id", number).facts;
            let found = hosts_of(ask, id, &known).now_or_never().unwrap().unwrap();
            (found.len(), asked.borrow().clone())
        };
        assert_eq!(count("S-2", "2"), (1, vec![Some(2)]));
        assert_eq!(count("s-2", "7"), (2, vec![Some(7), None]), "the number is another by now");
        assert_eq!(count("s-2", "1"), (2, vec![Some(1), None]), "the number is another host's");
        assert_eq!(count("s-2", ""), (2, vec![None]));
        assert_eq!(count("s-2", "-2"), (2, vec![None]));
    }
}
