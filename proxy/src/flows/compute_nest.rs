//! Compute Nest `UpgradeServiceInstance` (apis.md section 2).

use super::{Cost, CostKind, Draft, Flow, Reversible, Review, Sight, review::generic_review};
use crate::asking::AskError;
use crate::choices::{Choice, Choices, Choosing, PAGE, rows, same, text_at};
use crate::{answer::Answer, error::text, redact::MASK, run::State};
use catalog::Text;
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::{Value, json};

pub(super) struct ComputeNest;

impl Flow for ComputeNest {
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
            return review;
        }
        review.cost.words = text(
            "Not known before it runs. Changed resources are billed as their own products bill them.",
            "执行前无法得知。变更的资源按各自产品计费。",
        );
        review.reversible = (
            Reversible::Partly,
            text(
                "In part. RollbackServiceInstance can return to the version before; deleted resources do not come back.",
                "部分可以。可用 RollbackServiceInstance 回到之前的版本，但已删除的资源无法恢复。",
            ),
        );
        review.effective = text(
            "At once. The service can be unavailable for a part of the time.",
            "立即开始，期间服务可能有一段时间不可用。",
        );
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
        async move {
            match choosing.field {
                "/ServiceVersion" => versions(choosing).await,
                "/ServiceInstanceId" => instances(choosing).await,
                member => values(choosing, member).await,
            }
        }
        .boxed()
    }

    fn accepted(&self, draft: &Draft<'_>, answer: &Answer) -> Sight {
        if draft.is_dry_run() {
            return Sight::ended(
                State::Succeeded,
                text("The dry run passed. Nothing was changed.", "预检通过，没有变更任何内容。"),
            );
        }
        let status = serde_json::from_str::<Value>(&answer.body)
            .ok()
            .and_then(|body| body.get("Status")?.as_str().map(ToOwned::to_owned))
            .unwrap_or_default();
        Sight::going(
            State::Accepted,
            text(
                format!("The cloud accepted the upgrade. Status: {status}."),
                format!("云端已接受升级请求，状态：{status}。"),
            ),
        )
    }
}

/// The cloud searches: by name anywhere in it, by id exactly (companions.md section 1).
async fn instances(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    let region = choosing.region();
    let mut parameters = json!({"RegionId": region, "MaxResults": PAGE});
    if let Some(cursor) = choosing.cursor {
        parameters["NextToken"] = json!(cursor);
    }
    if choosing.query.starts_with("si-") {
        parameters["Filter"] = json!([{"Name": "ServiceInstanceId", "Value": [choosing.query]}]);
    } else if !choosing.query.is_empty() {
        parameters["Filter"] = json!([{"Name": "Name", "Value": [format!("*{}*", choosing.query)]}]);
    }
    let body = choosing.ask("computenestsupplier.ListServiceInstances", parameters).await?;
    let next = Some(text_at(&body, "/NextToken")).filter(|next| !next.is_empty());
    Ok(Choices {
        items: rows(&body, "/ServiceInstances").iter().map(|row| instance(row, region)).collect(),
        next,
    })
}

fn instance(row: &Value, region: &str) -> Choice {
    let id = text_at(row, "/ServiceInstanceId");
    let status = text_at(row, "/Status");
    let name = Some(text_at(row, "/Name")).filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone());
    let mut choice = Choice::new(id, name)
        .detail("Status", "状态", status_words(&status))
        .detail("Version now", "当前版本", same(&text_at(row, "/Service/Version")))
        .detail("Service", "服务", same(&text_at(row, "/Service/ServiceInfos/0/Name")))
        .fill("/RegionId", region);
    if status != "Deployed" {
        let words = status_words(&status);
        choice.unavailable = Some(text(
            format!("Its status is “{}”; only a deployed instance can be upgraded.", words.en),
            format!("状态为“{}”，只有已部署的实例可以升级。", words.zh),
        ));
    }
    choice
}

fn status_words(status: &str) -> Text {
    let (en, zh) = match status {
        "Created" => ("created", "已创建"),
        "Deploying" => ("deploying", "部署中"),
        "DeployedFailed" => ("deployment failed", "部署失败"),
        "Deployed" => ("deployed", "已部署"),
        "Upgrading" => ("upgrading", "升级中"),
        "UpgradeRollbacking" => ("rolling back", "回滚中"),
        "Deleting" => ("being deleted", "删除中"),
        "Deleted" => ("deleted", "已删除"),
        "DeletedFailed" => ("deletion failed", "删除失败"),
        other => (other, other),
    };
    text(en, zh)
}

/// Versions that the service itself names as targets.
async fn versions(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    let Some(instance) = choosing.text("ServiceInstanceId") else { return Ok(Choices::default()) };
    let parameters = json!({"RegionId": choosing.region(), "ServiceInstanceId": instance});
    let body = choosing.ask("computenestsupplier.GetServiceInstance", parameters).await?;
    let now = text_at(&body, "/Service/Version");
    let items = rows(&body, "/Service/UpgradableServiceInfos")
        .iter()
        .map(|row| {
            let version = text_at(row, "/Version");
            let name = Some(text_at(row, "/VersionName"))
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| version.clone());
            Choice::new(version, name).detail("Version now", "当前版本", same(&now))
        })
        .filter(|choice| choosing.matches(&[&choice.label, &text_at(&choice.value, "")]))
        .collect();
    Ok(Choices { items, next: None })
}

/// Values that a parameter of the template can take, given those of the others (companions.md section 1). Secrets are
/// masked here, and left out.
async fn values(choosing: Choosing<'_>, member: &str) -> Result<Choices, AskError> {
    let Some(instance) = choosing.text("ServiceInstanceId") else { return Ok(Choices::default()) };
    let name = member.trim_start_matches("/Parameters/").replace("~1", "/").replace("~0", "~");
    let region = choosing.region();
    let about = json!({"RegionId": region, "ServiceInstanceId": instance});
    let about = choosing.ask("computenestsupplier.GetServiceInstance", about).await?;
    let (service, template) = (text_at(&about, "/Service/ServiceId"), text_at(&about, "/TemplateName"));
    if name.is_empty() || service.is_empty() || template.is_empty() {
        return Ok(Choices::default());
    }
    let mut asked = json!({"RegionId": region, "DeployRegionId": region, "ServiceId": service, "TemplateName": template,
        "ServiceInstanceId": instance});
    if let Some(version) = choosing.text("ServiceVersion") {
        asked["ServiceVersion"] = json!(version);
    }
    let others = choosing.parameters.get("Parameters").and_then(Value::as_object);
    let others: Vec<Value> = others
        .into_iter()
        .flatten()
        .map(|(key, value)| (key, text_at(value, "")))
        .filter(|(key, value)| **key != name && !value.is_empty() && *value != MASK)
        .map(|(key, value)| json!({"ParameterKey": key, "ParameterValue": value}))
        .collect();
    if !others.is_empty() {
        asked["Parameters"] = json!(others);
    }
    let body = choosing.ask("computenestsupplier.GetServiceTemplateParameterConstraints", asked).await?;
    let found = rows(&body, "/ParameterConstraints")
        .iter()
        .filter(|row| text_at(row, "/ParameterKey") == name)
        .flat_map(|row| rows(row, "/AllowedValues"))
        .map(|value| text_at(value, ""))
        .filter(|value| choosing.matches(&[value]))
        .map(|value| Choice::new(value.clone(), value))
        .collect();
    Ok(choosing.page(found))
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
    use crate::flows::testing::with_draft;
    use jiff::Timestamp;

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
    fn only_a_deployed_instance_can_be_chosen() {
        let row = |status: &str| json!({"ServiceInstanceId": "si-1", "Name": "shop", "Status": status, "Service": {"Version": 2}});
        let deployed = instance(&row("Deployed"), "cn-hangzhou");
        assert_eq!((deployed.label.as_str(), deployed.unavailable.is_none()), ("shop", true));
        assert_eq!(deployed.fills["/RegionId"], "cn-hangzhou");
        assert_eq!(deployed.details[1].1.en, "2");
        assert!(instance(&row("Upgrading"), "cn-hangzhou").unavailable.unwrap().en.contains("upgrading"));
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
}
