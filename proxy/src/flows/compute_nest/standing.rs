//! What Compute Nest says of an instance before it is changed. Its `Parameters` are never kept: they hold passwords.

use crate::{
    asking::AskError,
    choices::{rows, same, text_at},
    error::text,
    flows::{Current, Inquiry},
};
use catalog::Text;
use serde_json::{Value, json};

/// So many pages of the history are read at most, of a hundred each.
const HISTORY_PAGES: usize = 10;
/// So many versions are named when the wanted one is not among them.
const NAMED: usize = 10;

/// The instance; nothing when there is none in this region.
pub(super) async fn instance(inquiry: &Inquiry<'_>) -> Result<Option<Value>, AskError> {
    match inquiry.ask("computenestsupplier.GetServiceInstance", named(inquiry)).await {
        Ok(body) => Ok(Some(body)),
        Err(AskError::Refused(answer))
            if answer.code.as_deref().is_some_and(|code| code.starts_with("EntityNotExist")) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Its upgrades and rollbacks, newest first.
pub(super) async fn history(inquiry: &Inquiry<'_>) -> Result<Vec<Value>, AskError> {
    let mut parameters = named(inquiry);
    parameters["MaxResults"] = json!(100);
    let mut history = Vec::new();
    for _ in 0..HISTORY_PAGES {
        let body =
            inquiry.ask("computenestsupplier.ListServiceInstanceUpgradeHistory", parameters.clone()).await?;
        history.extend(rows(&body, "/UpgradeHistory").iter().cloned());
        match text_at(&body, "/NextToken") {
            end if end.is_empty() => break,
            next => parameters["NextToken"] = json!(next),
        }
    }
    // The documents promise no order.
    history.sort_by_key(|row| std::cmp::Reverse(text_at(row, "/StartTime")));
    Ok(history)
}

/// The parameters that name the instance.
pub(super) fn named(inquiry: &Inquiry<'_>) -> Value {
    json!({
        "RegionId": inquiry.region(),
        "ServiceInstanceId": inquiry.text("ServiceInstanceId").unwrap_or_default(),
    })
}

/// Before an upgrade.
pub(super) async fn before_upgrade(inquiry: &Inquiry<'_>) -> Result<Current, AskError> {
    let Some(body) = instance(inquiry).await? else { return Ok(Current::unseen()) };
    let history = history(inquiry).await?;
    let mut current = known(&body, &history);
    let wrong_version = || Some(("/ServiceVersion", not_offered(&body, inquiry.text("ServiceVersion")?)?));
    current.impossible = not_deployed(&body)
        .map(|why| ("/ServiceInstanceId", why))
        .or_else(wrong_version)
        .map(|(pointer, why)| (pointer.to_owned(), why));
    Ok(current)
}

/// Before a rollback.
pub(super) async fn before_rollback(inquiry: &Inquiry<'_>) -> Result<Current, AskError> {
    let Some(body) = instance(inquiry).await? else { return Ok(Current::unseen()) };
    let history = history(inquiry).await?;
    let mut current = known(&body, &history);
    match last_upgrade(&history) {
        Ok(Some(row)) => {
            current = current
                .fact("back_to", text_at(row, "/FromVersion"))
                .fact("takes_back", text_at(row, "/UpgradeHistoryId"));
        }
        Ok(None) => current.warnings.push(text(
            "The upgrade history of the instance is empty, so the version that it would go back to is not known.",
            "该实例的升级历史为空，无法得知会回到哪个版本。",
        )),
        Err(why) => current.impossible = Some(("/ServiceInstanceId".to_owned(), why)),
    }
    if let Some(why) = not_deployed(&body) {
        current.impossible = Some(("/ServiceInstanceId".to_owned(), why));
    }
    Ok(current)
}

fn known(body: &Value, history: &[Value]) -> Current {
    let version = text_at(body, "/Service/Version");
    Current::default()
        .fact("name", text_at(body, "/Name"))
        .fact("service", text_at(body, "/Service/ServiceId"))
        .fact("template", text_at(body, "/TemplateName"))
        .fact("newest", history.first().map(|row| text_at(row, "/UpgradeHistoryId")).unwrap_or_default())
        .fact("version", version.clone())
        .value("/ServiceVersion", same(&version))
}

/// The upgrade that a rollback takes back: the last change of the version that succeeded.
fn last_upgrade(history: &[Value]) -> Result<Option<&Value>, Text> {
    let succeeded = |row: &&Value| text_at(row, "/Status").eq_ignore_ascii_case("UpgradeSuccessful");
    match history.iter().find(succeeded) {
        Some(row) if text_at(row, "/Type") == "Rollback" => Err(text(
            "The last change of its version was a rollback; there is no upgrade to take back.",
            "最近一次版本变更就是回滚，没有可以撤销的升级。",
        )),
        found => Ok(found),
    }
}

/// Why an instance can be neither upgraded nor rolled back as it is.
pub(super) fn not_deployed(row: &Value) -> Option<Text> {
    let status = text_at(row, "/Status");
    (status != "Deployed").then(|| {
        let words = status_words(&status);
        text(
            format!("Its status is “{}”; only a deployed instance can be upgraded or rolled back.", words.en),
            format!("状态为“{}”，只有已部署的实例可以升级或回滚。", words.zh),
        )
    })
}

/// Versions that the service offers to the instance, with their names; nothing when the answer does not tell.
pub(super) fn offered(body: &Value) -> Option<Vec<(String, String)>> {
    let list = |pointer: &str| body.pointer(pointer).and_then(Value::as_array);
    if let Some(infos) = list("/Service/UpgradableServiceInfos") {
        let pair = |row: &Value| {
            let version = text_at(row, "/Version");
            let name = Some(text_at(row, "/VersionName")).filter(|name| !name.is_empty());
            (version.clone(), name.unwrap_or(version))
        };
        return Some(infos.iter().map(pair).collect());
    }
    let versions = list("/Service/UpgradableServiceVersions")?;
    Some(
        versions
            .iter()
            .map(|version| text_at(version, ""))
            .map(|version| (version.clone(), version))
            .collect(),
    )
}

fn not_offered(body: &Value, target: &str) -> Option<Text> {
    let offered = offered(body)?;
    if offered.iter().any(|(version, _)| version == target) {
        return None;
    }
    let now = text_at(body, "/Service/Version");
    if offered.is_empty() {
        return Some(text(
            format!("The instance has version {now}, and its service offers no version to upgrade to."),
            format!("实例当前为版本 {now}，其服务没有可升级的目标版本。"),
        ));
    }
    let names: Vec<&str> = offered.iter().take(NAMED).map(|(version, _)| version.as_str()).collect();
    Some(text(
        format!("From version {now} the service offers: {}.", names.join(", ")),
        format!("版本 {now} 可以升级到：{}。", names.join("、")),
    ))
}

pub(super) fn status_words(status: &str) -> Text {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn body(service: Value) -> Value {
        json!({"Name": "shop", "Status": "Deployed", "TemplateName": "Template 1", "Service": service,
            "Parameters": r#"{"InstancePassword":"Sup3rSecret"}"#})
    }

    #[test]
    fn only_a_version_that_the_service_offers_is_possible() {
        let one = body(
            json!({"Version": "1", "UpgradableServiceInfos": [{"Version": "2", "VersionName": "2.0"}, {"Version": "3"}]}),
        );
        assert_eq!(not_offered(&one, "2"), None);
        assert_eq!(not_offered(&one, "9").unwrap().en, "From version 1 the service offers: 2, 3.");
        assert_eq!(offered(&one).unwrap()[1], ("3".to_owned(), "3".to_owned()));
        let latest = body(json!({"Version": "4", "UpgradableServiceInfos": []}));
        assert!(not_offered(&latest, "4").unwrap().en.contains("offers no version"));
        // Older answers have the plain list only, and some neither: then nothing is known, and nothing forbidden.
        let plain = body(json!({"Version": "1", "UpgradableServiceVersions": ["2"]}));
        assert!(not_offered(&plain, "2").is_none() && not_offered(&plain, "3").is_some());
        assert_eq!(not_offered(&body(json!({"Version": "1"})), "9"), None);
    }

    #[test]
    fn passwords_of_the_instance_are_not_kept() {
        let history = [json!({"UpgradeHistoryId": "suh-2"}), json!({"UpgradeHistoryId": "suh-1"})];
        let current = known(&body(json!({"Version": 1, "ServiceId": "service-1"})), &history);
        assert!(!serde_json::to_string(&current).unwrap().contains("Sup3rSecret"));
        assert_eq!((current.text("version"), current.text("newest")), (Some("1"), Some("suh-2")));
    }

    #[test]
    fn a_rollback_takes_back_the_last_upgrade_that_succeeded() {
        let row = |kind: &str, status: &str| json!({"Type": kind, "Status": status, "FromVersion": "1"});
        let (good, bad) = (row("Upgrade", "UpgradeSuccessful"), row("Upgrade", "UpgradeFailed"));
        assert_eq!(last_upgrade(&[bad.clone(), good.clone()]), Ok(Some(&good)));
        assert_eq!(last_upgrade(&[bad]), Ok(None));
        assert!(last_upgrade(&[row("Rollback", "UpgradeSuccessful"), good]).is_err());
    }
}
