//! Choices for a renewal: subscriptions, products, modules and their values.

use super::subscription::{not_renewable, paid_until, status_words};
use crate::{
    asking::AskError,
    choices::{Choice, Choices, Choosing, PAGE, Pages, number_at, rows, same, text_at},
    error::text,
};
use serde_json::{Map, Value, json};

/// The list of subscriptions.
const LIST: &str = "bssopenapi.QueryAvailableInstances";
/// Where its rows stand.
const ROWS: &str = "/Data/InstanceList";
/// The most rows that it gives at once, and so many pages are searched.
const LONGEST_PAGE: usize = 300;
const PAGES: usize = 40;

/// Choices for a field.
pub(super) async fn choices(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    match choosing.field {
        "/InstanceId" => instances(choosing).await,
        "/ProductCode" => products(choosing).await,
        module => modules(choosing, module).await,
    }
}

/// Subscriptions of the account; the cloud pages, and finds whole ids only (companions.md section 3).
async fn instances(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    let mut parameters = json!({"PageNum": 1, "PageSize": PAGE, "SubscriptionType": "Subscription"});
    for name in ["ProductCode", "ProductType"] {
        if let Some(value) = choosing.text(name) {
            parameters[name] = json!(value);
        }
    }
    if choosing.query.is_empty() {
        let page: u32 = choosing.cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(1);
        parameters["PageNum"] = json!(page);
        let body = choosing.ask(LIST, parameters).await?;
        let found = rows(&body, ROWS);
        let next = (found.len() == PAGE).then(|| (page + 1).to_string());
        return Ok(Choices { items: found.iter().map(instance).collect(), next });
    }
    if choosing.cursor.is_none() && may_be_whole(choosing.query) {
        let mut one = parameters.clone();
        one["InstanceIDs"] = json!(choosing.query);
        let body = choosing.profile.ask(LIST, one.as_object().unwrap_or(&Map::new())).await?;
        let found = rows(&body, ROWS);
        if !found.is_empty() {
            return Ok(Choices { items: found.iter().map(instance).collect(), next: None });
        }
    }
    parameters["PageSize"] = json!(LONGEST_PAGE);
    let all = choosing.ask_for_all(LIST, parameters, Pages { rows: ROWS, most: PAGES, turn }).await?;
    let found = all
        .rows()
        .iter()
        .filter(|row| choosing.matches(&[&text_at(row, "/InstanceID"), &text_at(row, "/ProductCode")]))
        .map(instance)
        .collect();
    let read = all.rows().len();
    let note = all.is_cut().then(|| {
        text(
            format!("The account has more subscriptions than the {read} that were searched. Choose the product first, or type the whole id."),
            format!("账号的订阅多于已搜索的 {read} 个。请先选择产品，或输入完整的实例 ID。"),
        )
    });
    Ok(choosing.page(found).but(note))
}

/// Whether what was typed can be a whole id: parts of one the cloud cannot search for.
fn may_be_whole(query: &str) -> bool {
    query.len() >= 12 && query.contains('-')
}

fn turn(parameters: &mut Map<String, Value>, page: &Value, read: usize) -> bool {
    parameters.insert("PageNum".to_owned(), json!(read / LONGEST_PAGE + 1));
    // The rows of the page have been taken out of it.
    read.is_multiple_of(LONGEST_PAGE)
        && number_at(page, "/Data/TotalCount").is_none_or(|total| total > signed(read))
}

fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn instance(row: &Value) -> Choice {
    let id = text_at(row, "/InstanceID");
    let product = text_at(row, "/ProductCode");
    let mut choice = Choice::new(id.clone(), id)
        .detail("Status", "状态", status_words(&text_at(row, "/Status")))
        .detail("Product", "产品", same(&product))
        .detail("Paid until", "到期", same(&paid_until(row)))
        .fill("/ProductCode", &product)
        .fill("/ProductType", &text_at(row, "/ProductType"));
    choice.unavailable = not_renewable(row);
    choice
}

async fn products(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    let body = choosing.ask("bssopenapi.QueryProductList", json!({"PageNum": 1, "PageSize": 300})).await?;
    let found = rows(&body, "/Data/ProductList/Product")
        .iter()
        .filter(|row| choosing.matches(&[&text_at(row, "/ProductName"), &text_at(row, "/ProductCode")]))
        .map(|row| {
            Choice::new(text_at(row, "/ProductCode"), text_at(row, "/ProductName"))
                .detail("Type", "类型", same(&text_at(row, "/ProductType")))
                .fill("/ProductType", &text_at(row, "/ProductType"))
        })
        .collect();
    Ok(choosing.page(found))
}

/// Codes and values that the product's pricing knows. Whether an order takes exactly these is not documented, so
/// others can be typed.
async fn modules(choosing: Choosing<'_>, pointer: &str) -> Result<Choices, AskError> {
    let Some(product) = choosing.text("ProductCode") else { return Ok(Choices::default()) };
    let mut parameters = json!({"ProductCode": product, "SubscriptionType": "Subscription"});
    if let Some(kind) = choosing.text("ProductType") {
        parameters["ProductType"] = json!(kind);
    }
    let body = choosing.ask("bssopenapi.DescribePricingModule", parameters).await?;
    let attributes = rows(&body, "/Data/AttributeList/Attribute");
    let found = match pointer.strip_suffix("/Value") {
        None => attributes
            .iter()
            .map(|row| {
                Choice::new(text_at(row, "/Code"), text_at(row, "/Name")).detail(
                    "Unit",
                    "单位",
                    same(&text_at(row, "/Unit")),
                )
            })
            .filter(|choice| choosing.matches(&[&choice.label, choice.value.as_str().unwrap_or_default()]))
            .collect(),
        Some(row) => {
            let code = Value::Object(choosing.parameters.clone()).pointer(&format!("{row}/Code")).cloned();
            attributes
                .iter()
                .filter(|attribute| attribute.get("Code") == code.as_ref())
                .flat_map(|attribute| rows(attribute, "/Values/AttributeValue"))
                .map(|row| Choice::new(text_at(row, "/Value"), text_at(row, "/Name")))
                .filter(|choice| {
                    choosing.matches(&[&choice.label, choice.value.as_str().unwrap_or_default()])
                })
                .collect()
        }
    };
    Ok(choosing.page(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expired_subscription_cannot_be_chosen_and_a_row_fills_the_product() {
        let row = |status: &str| json!({"InstanceID": "x-1", "ProductCode": "vipcloudfw", "ProductType": "t", "Status": status});
        assert!(instance(&row("Expired")).unavailable.is_some());
        let normal = instance(&row("Normal"));
        assert!(normal.unavailable.is_none());
        assert_eq!(
            (&normal.fills["/ProductCode"], &normal.fills["/ProductType"]),
            (&json!("vipcloudfw"), &json!("t"))
        );
    }
}
