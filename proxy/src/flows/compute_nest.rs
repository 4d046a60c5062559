//! Compute Nest `UpgradeServiceInstance`, and `RollbackServiceInstance` that takes it back (apis.md section 2,
//! companions.md section 1).

mod choices;
mod following;
mod price;
mod standing;

use super::{
    Change, Cost, CostKind, Current, Draft, Flow, Inquiry, Look, Pace, Quoted, Reversible, Review, Sight,
    Undo, review::generic_review,
};
use crate::{
    answer::Answer,
    asking::AskError,
    choices::{Choices, Choosing, same},
    error::text,
    plan::PlanKind,
    run::{Run, State},
};
use catalog::Text;
use following::Wanted;
use futures_util::{FutureExt, future::BoxFuture};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// How long an upgrade takes is not documented; stacks with databases take longest.
const PACE: Pace = Pace::new(10, 10, 15, 120);

pub(super) struct ComputeNest;

pub(super) struct Rollback;

impl Flow for ComputeNest {
    fn current<'a>(&'a self, inquiry: &'a Inquiry<'a>) -> BoxFuture<'a, Result<Current, AskError>> {
        standing::before_upgrade(inquiry).boxed()
    }

    fn price<'a>(
        &'a self,
        inquiry: &'a Inquiry<'a>,
        current: &'a Current,
    ) -> BoxFuture<'a, Result<Option<Quoted>, AskError>> {
        price::estimate(inquiry, current).boxed()
    }

    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        if draft.is_dry_run() {
            review.cost = Cost {
                kind: CostKind::Free,
                words: text("Free: a dry run only checks.", "免费：预检只做检查。"),
            };
            review.reversible = (
                Reversible::Yes,
                text("Nothing is upgraded, so there is nothing to undo.", "不会升级任何内容，无需撤销。"),
            );
            review.effective = text("Nothing takes effect.", "不会产生任何变更。");
            review.failure = text("Nothing: a dry run changes nothing.", "无：预检不做任何变更。");
            return review;
        }
        review.cost.words = text(
            "Not known before it runs. Changed resources are billed as their own products bill them.",
            "执行前无法得知。变更的资源按各自产品计费。",
        );
        let back = draft.current.text("version").filter(|version| !version.is_empty()).map_or_else(
            || text("the version before", "之前的版本"),
            |version| text(format!("version {version}"), format!("版本 {version}")),
        );
        review.reversible = (
            Reversible::Partly,
            text(
                format!(
                    "In part. After success RollbackServiceInstance can return to {}; deleted resources do not come back.",
                    back.en
                ),
                format!(
                    "部分可以。成功后可用 RollbackServiceInstance 回到{}，但已删除的资源无法恢复。",
                    back.zh
                ),
            ),
        );
        review.effective = text(
            "At once. The service can be unavailable for a part of the time.",
            "立即开始，期间服务可能有一段时间不可用。",
        );
        review.failure = failure();
        review.warnings.push(text(
            "An upgrade by stack deletes resources that the new version does not have. Copy what you need from them first.",
            "按资源栈升级会删除新版本中没有的资源，请先备份需要的数据。",
        ));
        review
    }

    fn choice_fields(&self) -> &'static [&'static str] {
        &["/ServiceInstanceId", "/ServiceVersion", "/Parameters/*"]
    }

    fn choices<'a>(&'a self, choosing: Choosing<'a>) -> BoxFuture<'a, Result<Choices, AskError>> {
        choices::choices(choosing).boxed()
    }

    fn accepted(&self, draft: &Draft<'_>, answer: &Answer) -> Sight {
        if draft.is_dry_run() {
            return Sight::ended(
                State::Succeeded,
                text("The dry run passed. Nothing was changed.", "预检通过，没有变更任何内容。"),
            );
        }
        taken(answer, &text("upgrade", "升级"))
    }

    fn ends(&self) -> &'static [State] {
        &[State::Succeeded, State::Failed, State::RolledBack]
    }

    fn pace(&self, state: State) -> Option<Pace> {
        state.is_going().then_some(PACE)
    }

    fn look<'a>(&'a self, look: &'a Look<'a>) -> BoxFuture<'a, Result<Sight, AskError>> {
        if look.run.dry_run {
            // Others may have upgraded the instance; that says nothing of a check.
            let words = text(
                "A dry run changes nothing and leaves no trace that could be seen. Run it again.",
                "预检不产生变更，也没有可查的痕迹，可以再次预检。",
            );
            return std::future::ready(Ok(Sight::unclear(words))).boxed();
        }
        let version = look.inquiry.text("ServiceVersion");
        following::look(look, Wanted { kind: "Upgrade", version }).boxed()
    }

    /// A rollback takes back the latest upgrade of the instance, whoever made it.
    fn takes_back_another(&self, run: &Run, current: &Current) -> Option<Text> {
        let ours = run.facts.get("history").and_then(Value::as_str).filter(|id| !id.is_empty())?;
        let latest = current.text("takes_back").filter(|id| !id.is_empty())?;
        (ours != latest).then(|| {
            text(
                "The instance was upgraded again since. Take the later upgrade back first.",
                "该实例之后又升级过，请先撤销较晚的升级。",
            )
        })
    }

    fn undo(&self, kind: PlanKind, run: &Run, parameters: &Map<String, Value>, _now: Timestamp) -> Undo {
        if kind != PlanKind::Rollback {
            return Undo::None;
        }
        match run.state {
            State::Succeeded => {
                let mut named = json!({"ServiceInstanceId": parameters.get("ServiceInstanceId")});
                if let Some(region) = parameters.get("RegionId") {
                    named["RegionId"] = region.clone();
                }
                Undo::by("computenestsupplier.RollbackServiceInstance", named)
            }
            state if state.is_going() => Undo::Unavailable(text(
                "It can be rolled back once it has succeeded.",
                "升级成功后才可以回滚。",
            )),
            _ => Undo::None,
        }
    }
}

impl Flow for Rollback {
    fn current<'a>(&'a self, inquiry: &'a Inquiry<'a>) -> BoxFuture<'a, Result<Current, AskError>> {
        standing::before_rollback(inquiry).boxed()
    }

    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        if let Some(version) = draft.current.text("back_to").filter(|version| !version.is_empty()) {
            review.target = Some(same(version));
            review.changes.push(Change {
                label: text("Version", "版本"),
                pointer: "/ServiceVersion".to_owned(),
                from: draft.current.values.get("/ServiceVersion").cloned(),
                to: same(version),
            });
        }
        review.cost.words = text(
            "Not known before it runs. Changed resources are billed as their own products bill them.",
            "执行前无法得知。变更的资源按各自产品计费。",
        );
        review.reversible = (
            Reversible::Partly,
            text(
                "In part. No call takes a rollback back; the same upgrade can be planned again.",
                "部分可以。没有撤销回滚的接口，但可以重新计划同样的升级。",
            ),
        );
        review.effective = text(
            "At once. The service can be unavailable for a part of the time.",
            "立即开始，期间服务可能有一段时间不可用。",
        );
        review.failure = failure();
        review.warnings.push(text(
            "It takes back the last upgrade of the instance, whoever made it. What the upgrade deleted does not come back.",
            "回滚撤销的是该实例最近一次升级，无论由谁执行；升级时删除的资源无法恢复。",
        ));
        review
    }

    fn accepted(&self, _draft: &Draft<'_>, answer: &Answer) -> Sight {
        taken(answer, &text("rollback", "回滚"))
    }

    fn pace(&self, state: State) -> Option<Pace> {
        state.is_going().then_some(PACE)
    }

    fn look<'a>(&'a self, look: &'a Look<'a>) -> BoxFuture<'a, Result<Sight, AskError>> {
        let version = look.before().text("back_to").filter(|version| !version.is_empty());
        following::look(look, Wanted { kind: "Rollback", version }).boxed()
    }
}

fn taken(answer: &Answer, what: &Text) -> Sight {
    let status = serde_json::from_str::<Value>(&answer.body)
        .ok()
        .and_then(|body| body.get("Status")?.as_str().map(ToOwned::to_owned))
        .unwrap_or_default();
    let status = standing::status_words(&status);
    Sight::going(
        State::Accepted,
        text(
            format!("The cloud accepted the {}. Status: {}.", what.en, status.en),
            format!("云端已接受{}请求，状态：{}。", what.zh, status.zh),
        ),
    )
}

fn failure() -> Text {
    text(
        "The instance shows “deployed” again and only its upgrade history tells of the failure. How far its resources were changed by then is not documented; its log names the resource that failed.",
        "实例会重新显示“已部署”，只有升级历史记录了失败。文档未说明此时资源已变更到什么程度，实例日志会指出失败的资源。",
    )
}

/// Names that a dry run asks for, from an answer: a list of names, or one string that holds a list in Python's or
/// JSON's spelling (apis.md section 2).
#[must_use]
pub(super) fn required_parameters(body: &str) -> Vec<String> {
    let Ok(body) = serde_json::from_str::<Value>(body) else { return Vec::new() };
    let Some(entries) = body.get("UpgradeRequiredParameters").and_then(Value::as_array) else {
        return Vec::new();
    };
    let mut names: Vec<String> = Vec::new();
    for entry in entries.iter().filter_map(Value::as_str) {
        let trimmed = entry.trim();
        let found: Vec<String> = match trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(inner) => inner
                .split(',')
                .map(|name| name.trim().trim_matches(|quote| quote == '\'' || quote == '"').to_owned())
                .collect(),
            None => vec![trimmed.to_owned()],
        };
        for name in found {
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{flows::testing::with_draft, run::testing};

    #[test]
    fn required_parameters_in_all_spellings() {
        let expected = vec!["EcsInstanceType".to_owned(), "InstancePassword".to_owned()];
        for list in [
            json!(["['EcsInstanceType', 'InstancePassword']"]),
            json!(["[\"EcsInstanceType\",\"InstancePassword\"]"]),
            json!(["EcsInstanceType", "InstancePassword"]),
        ] {
            assert_eq!(
                required_parameters(&json!({"UpgradeRequiredParameters": list}).to_string()),
                expected
            );
        }
        assert!(required_parameters("{}").is_empty());
        assert!(required_parameters("not json").is_empty());
        assert!(required_parameters(r#"{"UpgradeRequiredParameters":["[]"]}"#).is_empty());
    }

    #[test]
    fn a_dry_run_plan_changes_nothing_and_says_so() {
        let parameters = |dry: &str| json!({"RegionId": "cn-hangzhou", "ServiceInstanceId": "si-1", "ServiceVersion": "2", "DryRun": dry});
        let review = |dry: &str| {
            with_draft(
                "computenestsupplier.UpgradeServiceInstance",
                parameters(dry),
                Timestamp::UNIX_EPOCH,
                |draft| ComputeNest.review(&draft),
            )
        };
        assert_eq!(review("true").cost.kind, CostKind::Free);
        assert_eq!(review("false").cost.kind, CostKind::Unknown);
        assert_eq!(review("false").reversible.0, Reversible::Partly);
        assert_eq!(review("false").target.map(|target| target.en).as_deref(), Some("2"));
    }

    #[test]
    fn a_rollback_is_offered_after_success_only_and_names_the_instance_alone() {
        let parameters = json!({"RegionId": "cn-hangzhou", "ServiceInstanceId": "si-1", "ServiceVersion": "2",
            "ClientToken": "uc-1", "Parameters": {"InstancePassword": "x"}});
        let parameters = parameters.as_object().unwrap();
        let undo = |kind, state| {
            let run = Run { state, ..testing::run() };
            ComputeNest.undo(kind, &run, parameters, Timestamp::UNIX_EPOCH)
        };
        let by = Undo::by(
            "computenestsupplier.RollbackServiceInstance",
            json!({"RegionId": "cn-hangzhou", "ServiceInstanceId": "si-1"}),
        );
        assert_eq!(undo(PlanKind::Rollback, State::Succeeded), by);
        assert!(matches!(undo(PlanKind::Rollback, State::InProgress), Undo::Unavailable(_)));
        for state in [State::Failed, State::Refused, State::Unknown, State::RolledBack] {
            assert_eq!(undo(PlanKind::Rollback, state), Undo::None, "{state:?}");
        }
        assert_eq!(undo(PlanKind::Cancel, State::Accepted), Undo::None);
    }

    #[test]
    fn the_review_of_a_rollback_shows_where_it_goes_back_to() {
        let current = Current::default().fact("back_to", "1").value("/ServiceVersion", same("2"));
        let parameters = json!({"RegionId": "cn-hangzhou", "ServiceInstanceId": "si-1"});
        let review = with_draft(
            "computenestsupplier.RollbackServiceInstance",
            parameters,
            Timestamp::UNIX_EPOCH,
            |draft| Rollback.review(&Draft { current: &current, ..draft }),
        );
        let change = &review.changes[0];
        assert_eq!(
            (change.from.as_ref().map(|from| from.en.as_str()), change.to.en.as_str()),
            (Some("2"), "1")
        );
        assert_eq!(review.target.map(|target| target.en).as_deref(), Some("1"));
    }
}
