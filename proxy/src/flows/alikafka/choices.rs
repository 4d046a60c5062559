//! Choices for a Kafka upgrade: instances and versions.

use super::{below, not_running, ordinal, status_words, version};
use crate::{
    asking::AskError,
    choices::{Choice, Choices, Choosing, day, number_at, rows, same, text_at},
    error::text,
};
use catalog::Text;
use serde_json::{Value, json};

/// Open-source versions that the documents know, oldest first (apis.md section 5).
const KNOWN: [&str; 3] = ["0.10.2", "2.2.0", "2.6.2"];

/// Choices for a field.
pub(super) async fn choices(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    match choosing.field {
        "/TargetVersion" => targets(choosing).await,
        _ => instances(choosing).await,
    }
}

/// The cloud gives the whole list of a region; it is searched and cut here (companions.md section 4).
async fn instances(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    let body = choosing.ask("alikafka.GetInstanceList", json!({"RegionId": choosing.region()})).await?;
    let found = rows(&body, "/InstanceList/InstanceVO")
        .iter()
        .filter(|row| choosing.matches(&[&text_at(row, "/Name"), &text_at(row, "/InstanceId")]))
        .map(|row| instance(row, choosing.region()))
        .collect();
    Ok(choosing.page(found))
}

fn instance(row: &Value, region: &str) -> Choice {
    let id = text_at(row, "/InstanceId");
    let name = Some(text_at(row, "/Name")).filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone());
    let mut choice = Choice::new(id, name)
        .detail("Status", "状态", status_words(number_at(row, "/ViewInstanceStatusCode")))
        .detail("Version now", "当前版本", same(&version(row)))
        .detail("Expires", "到期", day(number_at(row, "/ExpiredTime")))
        .fill("/RegionId", region);
    choice.unavailable = not_running(row);
    choice
}

/// Versions at or above the present one; lower ones are shown and cannot be chosen.
async fn targets(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    let Some(id) = choosing.text("InstanceId") else { return Ok(Choices::default()) };
    let parameters = json!({"RegionId": choosing.region(), "InstanceId": [id]});
    let body = choosing.ask("alikafka.GetInstanceList", parameters).await?;
    let now = rows(&body, "/InstanceList/InstanceVO").first().map(version).unwrap_or_default();
    let mut items = if now.is_empty() { Vec::new() } else { targets_from(&now) };
    items.retain(|choice| choosing.matches(&[&choice.label]));
    Ok(Choices { items, next: None })
}

fn targets_from(now: &str) -> Vec<Choice> {
    let mut versions: Vec<&str> = KNOWN.to_vec();
    if !versions.contains(&now) {
        versions.push(now);
        versions.sort_by_key(|version| ordinal(version));
    }
    let choice = |version| {
        let choice = Choice::new(version, version).detail("Version now", "当前版本", same(now));
        match below(now, version) {
            Some(why) => Choice { unavailable: Some(why), ..choice },
            None => choice.detail("Kind", "类型", kind(now, version)),
        }
    };
    versions.into_iter().map(choice).collect()
}

fn kind(now: &str, version: &str) -> Text {
    if version == now {
        text("minor update", "小版本更新")
    } else {
        text("major upgrade, no way back", "大版本升级，无法退回")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_versions_are_shown_and_cannot_be_chosen() {
        let shown: Vec<(String, bool)> = targets_from("2.2.0")
            .into_iter()
            .map(|choice| (choice.label, choice.unavailable.is_none()))
            .collect();
        assert_eq!(shown, [("0.10.2".into(), false), ("2.2.0".into(), true), ("2.6.2".into(), true)]);
        assert_eq!(targets_from("3.3.1").len(), 4);
    }

    #[test]
    fn the_two_status_enums_are_not_mixed() {
        // 5 is running in the one enum and expired in the other.
        let row = json!({"InstanceId": "a", "ViewInstanceStatusCode": 5, "ServiceStatus": 5});
        assert!(instance(&row, "cn-hangzhou").unavailable.unwrap().en.contains("expired"));
        let row = json!({"InstanceId": "a", "ViewInstanceStatusCode": 2, "ServiceStatus": 5});
        assert!(instance(&row, "cn-hangzhou").unavailable.is_none());
    }
}
