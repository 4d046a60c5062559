//! CBH `RollbackInstance` (companions.md section 2): takes a cross-version upgrade back, for seven days.

use super::{
    LIST,
    host::{Host, by_id, found_again, hosts, hosts_of},
};
use crate::{
    answer::{Answer, EmptyBody},
    asking::AskError,
    error::text,
    flows::{
        Change, Current, Draft, Flow, Inquiry, Look, Pace, Reversible, Review, Sight, review::generic_review,
    },
    run::State,
};
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::{Map, Value};

pub(in crate::flows) struct Rollback;

impl Flow for Rollback {
    fn current<'a>(&'a self, inquiry: &'a Inquiry<'a>) -> BoxFuture<'a, Result<Current, AskError>> {
        async move {
            let hosts = hosts(|parameters| inquiry.ask(LIST, parameters)).await?;
            let id = inquiry.text("server_id").unwrap_or_default();
            let Some(host) = by_id(&hosts, id) else { return Ok(Current::unseen()) };
            let impossible = host.why_no_rollback().map(|why| ("/server_id".to_owned(), why));
            Ok(Current { impossible, ..host.facts() })
        }
        .boxed()
    }

    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        let before = text("the version before the upgrade", "升级前的版本");
        review.changes = vec![Change {
            label: text("Version", "版本"),
            pointer: "/bastion_version".to_owned(),
            from: draft.current.values.get("/bastion_version").cloned(),
            to: before.clone(),
        }];
        review.target = Some(before);
        review.reversible = (
            Reversible::No,
            text(
                "No call takes a rollback back. The upgrade can be scheduled again.",
                "没有可以撤销回滚的接口，但可以重新预约升级。",
            ),
        );
        review.effective = text(
            "At once. The bastion is unavailable meanwhile; how long is not documented, an upgrade takes about 30 minutes.",
            "立即开始，期间堡垒机不可用。时长没有文档说明，升级约需 30 分钟。",
        );
        review.failure = text(
            "Not documented. The bastion may stay unavailable; the list of hosts then shows the status ERROR and a reason, and the vendor's support has to help.",
            "文档未说明。堡垒机可能保持不可用，此时实例列表显示状态 ERROR 及原因，需联系厂商支持。",
        );
        review.warnings.push(text(
            "Server id, instance id and version change again.",
            "服务器 ID、实例 ID 和版本会再次改变。",
        ));
        review
    }

    /// The 200 of this call has no body.
    fn empty_body(&self) -> EmptyBody {
        EmptyBody::Success
    }

    fn accepted(&self, _draft: &Draft<'_>, _answer: &Answer) -> Sight {
        Sight::going(
            State::Accepted,
            text(
                "The cloud took the rollback. Its answer is empty; the list of hosts will show it.",
                "云端已接受回滚请求，响应为空，以实例列表为准。",
            ),
        )
    }

    fn pace(&self, state: State) -> Option<Pace> {
        match state {
            State::Accepted => Some(Pace::new(5, 15, 60, 30)),
            State::InProgress => Some(Pace::new(60, 60, 60, 4 * 60)),
            _ => None,
        }
    }

    fn look<'a>(&'a self, look: &'a Look<'a>) -> BoxFuture<'a, Result<Sight, AskError>> {
        async move {
            let before = &look.before().facts;
            let id = look.inquiry.text("server_id").unwrap_or_default();
            let hosts = hosts_of(|parameters| look.ask(LIST, parameters), id, before).await?;
            Ok(sight_of(found_again(&hosts, id, before), before, look.run.state))
        }
        .boxed()
    }
}

fn sight_of(host: Option<&Host>, before: &Map<String, Value>, state: State) -> Sight {
    let Some(host) = host else {
        return Sight::unclear(text(
            "The list of bastion hosts shows it neither by its id nor by its resource or name.",
            "堡垒机列表中按 ID、资源和名称都找不到该实例。",
        ));
    };
    let version = before.get("version").and_then(Value::as_str).unwrap_or_default();
    if host.is_broken() {
        let why = host.reason();
        return Sight::ended(
            State::Failed,
            text(
                format!(
                    "The rollback failed: {}. The status is {}.",
                    why.en.trim_end_matches('.'),
                    host.state()
                ),
                format!("回滚失败：{}。状态为 {}。", why.zh.trim_end_matches('.'), host.state()),
            ),
        );
    }
    if host.is_changing_version() {
        return Sight::going(
            State::InProgress,
            text(
                format!("The rollback is under way: {}.", host.state()),
                format!("回滚正在进行：{}。", host.state()),
            ),
        );
    }
    if !version.is_empty() && host.version != version {
        let (now, server, number) = (&host.version, &host.server_id, &host.instance_id);
        return Sight::ended(
            State::Succeeded,
            text(
                format!(
                    "Version {now} again, after {version}. The server id is {server}, the instance id {number}."
                ),
                format!(
                    "版本已恢复为 {now}（此前为 {version}）。server_id 为 {server}，实例 ID 为 {number}。"
                ),
            ),
        );
    }
    let (status, now) = (host.state(), &host.version);
    match state {
        State::Unknown => Sight::unclear(text(
            format!(
                "The list of hosts shows no rollback under way, and version {now}. Its status is {status}."
            ),
            format!("实例列表没有显示正在进行的回滚，版本为 {now}，状态为 {status}。"),
        )),
        State::InProgress => Sight::going(
            State::InProgress,
            text(
                format!("The host is {status} again, and its version {now} as before."),
                format!("实例已恢复为 {status}，但版本仍为 {now}。"),
            ),
        ),
        state => Sight::going(
            state,
            text("The list of hosts does not show the rollback yet.", "实例列表尚未显示回滚。"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::Standing;
    use serde_json::json;

    fn host(version: &str, status: &str, task: &str) -> Host {
        Host::read(&json!({
            "name": "office", "server_id": "s-2", "bastion_version": version, "update": "ROLLBACK",
            "status_info": {"status": status, "task_status": task},
        }))
    }

    #[test]
    fn a_rollback_goes_on_until_the_version_is_another() {
        let before = host("3.3.62.0", "ACTIVE", "NO_TASK").facts().facts;
        let look = |state, host: &Host| sight_of(Some(host), &before, state).standing;
        let waiting = host("3.3.62.0", "ACTIVE", "NO_TASK");
        let going = host("3.3.62.0", "UPGRADING", "rollback");
        assert_eq!(look(State::Accepted, &waiting), Standing::Going(State::Accepted));
        assert_eq!(look(State::Accepted, &going), Standing::Going(State::InProgress));
        assert_eq!(look(State::InProgress, &waiting), Standing::Going(State::InProgress));
        assert_eq!(
            look(State::InProgress, &host("3.3.50.3", "ACTIVE", "NO_TASK")),
            Standing::Ended(State::Succeeded)
        );
        assert_eq!(
            look(State::InProgress, &host("3.3.62.0", "ERROR", "NO_TASK")),
            Standing::Ended(State::Failed)
        );
        // A check of one whose call was cut.
        assert_eq!(look(State::Unknown, &going), Standing::Going(State::InProgress));
        assert_eq!(look(State::Unknown, &waiting), Standing::Unclear);
        assert_eq!(sight_of(None, &before, State::InProgress).standing, Standing::Unclear);
    }

    #[test]
    fn only_what_the_cloud_offers_is_rolled_back() {
        assert_eq!(host("3", "ACTIVE", "NO_TASK").why_no_rollback(), None);
        assert!(host("3", "UPGRADING", "rollback").why_no_rollback().is_some());
        let old = Host { update: "OLD".to_owned(), ..host("3", "ACTIVE", "NO_TASK") };
        assert!(old.why_no_rollback().unwrap().en.contains("no rollback"));
    }
}
