//! Choices for an upgrade of Compute Nest: instances, versions, and values of template parameters.

use super::standing::{not_deployed, offered, status_words};
use crate::asking::AskError;
use crate::choices::{Choice, Choices, Choosing, PAGE, Pages, rows, same, text_at};
use crate::error::text;
use crate::redact::MASK;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The list of instances.
const LIST: &str = "computenestsupplier.ListServiceInstances";
/// Where its rows stand.
const ROWS: &str = "/ServiceInstances";
/// The most rows that it gives at once, and so many pages are searched: one after the other, as their tokens come.
const LONGEST_PAGE: usize = 100;
const PAGES: usize = 20;
/// From so many characters on, what was typed can be a whole id.
const WHOLE_ID: usize = 12;

/// Where the free members stand.
const PARAMETERS: &str = "/Parameters/";

/// Choices for a field.
pub(super) async fn choices(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    match choosing.field {
        "/ServiceVersion" => versions(choosing).await,
        "/ServiceInstanceId" => instances(choosing).await,
        member => values(choosing, member.strip_prefix(PARAMETERS).unwrap_or_default()).await,
    }
}

/// The cloud searches by name anywhere in it, and by whole ids only (companions.md section 1).
async fn instances(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    let region = choosing.region();
    let asked = |size: usize| json!({"RegionId": region, "MaxResults": size});
    let choices = |rows: &[Value]| rows.iter().map(|row| instance(row, region)).collect::<Vec<_>>();
    if choosing.query.is_empty() {
        let mut parameters = asked(PAGE);
        if let Some(cursor) = choosing.cursor {
            parameters["NextToken"] = json!(cursor);
        }
        let body = choosing.ask(LIST, parameters).await?;
        let next = Some(text_at(&body, "/NextToken")).filter(|next| !next.is_empty());
        return Ok(Choices { items: choices(rows(&body, ROWS)), next });
    }
    let filtered = async |name: &str, value: &str| {
        let mut parameters = asked(LONGEST_PAGE);
        parameters["Filter"] = json!([{"Name": name, "Value": [value]}]);
        choosing.ask(LIST, parameters).await
    };
    // What can be a whole id is looked up.
    if choosing.cursor.is_none() && choosing.query.starts_with("si-") && choosing.query.len() >= WHOLE_ID {
        let body = filtered("ServiceInstanceId", choosing.query).await?;
        if !rows(&body, ROWS).is_empty() {
            return Ok(Choices { items: choices(rows(&body, ROWS)), next: None });
        }
    }
    let all =
        choosing.ask_for_all(LIST, asked(LONGEST_PAGE), Pages { rows: ROWS, most: PAGES, turn }).await?;
    let fits =
        |row: &&Value| choosing.matches(&[&text_at(row, "/Name"), &text_at(row, "/ServiceInstanceId")]);
    let mut found: Vec<Choice> = all.rows().iter().filter(fits).map(|row| instance(row, region)).collect();
    if !all.is_cut() {
        return Ok(choosing.page(found));
    }
    // Of the rest the cloud tells by name.
    let named = filtered("Name", &format!("*{}*", choosing.query)).await?;
    for choice in choices(rows(&named, ROWS)) {
        if found.iter().all(|known| known.value != choice.value) {
            found.push(choice);
        }
    }
    let read = all.rows().len();
    let note = text(
        format!(
            "There are more instances than the {read} that were searched by parts of their ids. Type part of the name, or the whole id."
        ),
        format!("实例多于已按部分 ID 搜索的 {read} 个。请输入名称的一部分或完整的实例 ID。"),
    );
    Ok(choosing.page(found).but(Some(note)))
}

fn turn(parameters: &mut Map<String, Value>, page: &Value, _read: usize) -> bool {
    let next = text_at(page, "/NextToken");
    let goes_on = !next.is_empty();
    parameters.insert("NextToken".to_owned(), json!(next));
    goes_on
}

fn instance(row: &Value, region: &str) -> Choice {
    let id = text_at(row, "/ServiceInstanceId");
    let name = Some(text_at(row, "/Name")).filter(|name| !name.is_empty()).unwrap_or_else(|| id.clone());
    let mut choice = Choice::new(id, name)
        .detail("Status", "状态", status_words(&text_at(row, "/Status")))
        .detail("Version now", "当前版本", same(&text_at(row, "/Service/Version")))
        .detail("Service", "服务", same(&text_at(row, "/Service/ServiceInfos/0/Name")))
        // RFC 3339: the day is enough to choose by.
        .detail("Expires", "到期", same(text_at(row, "/EndTime").split('T').next().unwrap_or_default()))
        .fill("/RegionId", region);
    choice.unavailable = not_deployed(row);
    choice
}

/// Versions that the service itself names as targets.
async fn versions(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    let Some(body) = chosen(choosing).await? else { return Ok(Choices::default()) };
    let now = text_at(&body, "/Service/Version");
    let items = offered(&body)
        .unwrap_or_default()
        .into_iter()
        .filter(|(version, name)| choosing.matches(&[version, name]))
        .map(|(version, name)| Choice::new(version, name).detail("Version now", "当前版本", same(&now)))
        .collect();
    Ok(Choices { items, next: None })
}

/// The instance that the form names.
async fn chosen(choosing: Choosing<'_>) -> Result<Option<Arc<Value>>, AskError> {
    let Some(instance) = choosing.text("ServiceInstanceId") else { return Ok(None) };
    let parameters = json!({"RegionId": choosing.region(), "ServiceInstanceId": instance});
    let parameters = parameters.as_object().cloned().unwrap_or_default();
    // Not kept for the next question: it holds the instance's passwords.
    choosing
        .profile
        .ask("computenestsupplier.GetServiceInstance", &parameters)
        .await
        .map(|body| Some(Arc::new(body)))
}

/// Values that a parameter of the service's template can take, given those that it hangs together with.
async fn values(choosing: Choosing<'_>, member: &str) -> Result<Choices, AskError> {
    let name = member.replace("~1", "/").replace("~0", "~");
    let Some(instance) = chosen(choosing).await? else { return Ok(Choices::default()) };
    let (service, template) = (text_at(&instance, "/Service/ServiceId"), text_at(&instance, "/TemplateName"));
    if service.is_empty() || template.is_empty() {
        return Ok(Choices::default());
    }
    let mut asked = json!({
        "RegionId": choosing.region(),
        // The instance does not tell where its resources are; templates are made for the region of the instance.
        "DeployRegionId": choosing.region(),
        "ServiceId": service,
        "TemplateName": template,
        "ServiceInstanceId": text_at(&instance, "/ServiceInstanceId"),
    });
    if let Some(version) = choosing.text("ServiceVersion") {
        asked["ServiceVersion"] = json!(version);
    }
    let read = "computenestsupplier.GetServiceTemplateParameterConstraints";
    let mut body = choosing.ask(read, asked.clone()).await?;
    let others = given(choosing, constraint(&body, &name));
    if !others.is_empty() {
        asked["Parameters"] = Value::Array(others);
        body = choosing.ask(read, asked).await?;
    }
    let found = rows(constraint(&body, &name), "/AllowedValues")
        .iter()
        .map(|value| text_at(value, ""))
        .filter(|value| !value.is_empty() && choosing.matches(&[value]))
        .map(|value| Choice::new(value.clone(), value))
        .collect();
    Ok(choosing.page(found))
}

fn constraint<'a>(body: &'a Value, name: &str) -> &'a Value {
    rows(body, "/ParameterConstraints")
        .iter()
        .find(|row| text_at(row, "/ParameterKey") == name)
        .unwrap_or(&Value::Null)
}

/// What the form holds of the parameters that this one hangs together with. Nothing else is sent: what the form holds
/// can be a password.
fn given(choosing: Choosing<'_>, constraint: &Value) -> Vec<Value> {
    let Some(form) = choosing.parameters.get("Parameters") else { return Vec::new() };
    rows(constraint, "/AssociationParameterNames")
        .iter()
        .filter_map(Value::as_str)
        .map(|name| (name, form.get(name).map(|value| text_at(value, "")).unwrap_or_default()))
        .filter(|(_, value)| !value.is_empty() && value != MASK)
        .map(|(name, value)| json!({"ParameterKey": name, "ParameterValue": value}))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_deployed_instance_can_be_chosen() {
        let row = |status: &str| json!({"ServiceInstanceId": "si-1", "Name": "shop", "Status": status, "Service": {"Version": 2}});
        let deployed = instance(&row("Deployed"), "cn-hangzhou");
        assert_eq!((deployed.label.as_str(), deployed.unavailable.is_none()), ("shop", true));
        assert_eq!(deployed.fills["/RegionId"], "cn-hangzhou");
        assert_eq!(deployed.details[1].1.en, "2");
        assert!(instance(&row("Upgrading"), "cn-hangzhou").unavailable.unwrap().en.contains("upgrading"));
    }
}
