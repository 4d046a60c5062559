//! BSS `RenewChangeInstance` (apis.md section 4): pays at once, cannot be taken back.

use super::{Change, Draft, Flow, Reversible, Review, Sight, review::generic_review};
use crate::{
    answer::Answer,
    asking::AskError,
    choices::{Choice, Choices, Choosing, PAGE, rows, same, text_at},
    error::text,
    run::State,
};
use futures_util::{FutureExt, future::BoxFuture};
use serde_json::{Value, json};

pub(super) struct Bss;

impl Flow for Bss {
    fn review(&self, draft: &Draft<'_>) -> Review {
        let mut review = generic_review(draft);
        // Product code and type say which subscription it is, not what changes.
        review.changes.retain(|change| !matches!(change.pointer.as_str(), "/ProductCode" | "/ProductType"));
        let months = draft.parameters.get("RenewPeriod").and_then(Value::as_i64).unwrap_or_default();
        review.target = Some(
            match review.changes.iter().filter(|change| change.pointer.starts_with("/Parameter/")).count() {
                0 => text(format!("+{months} months"), format!("+{months} 个月")),
                count => text(
                    format!("+{months} months, {count} modules"),
                    format!("+{months} 个月，{count} 个模块"),
                ),
            },
        );
        for Change { pointer, label, to, .. } in &mut review.changes {
            if pointer == "/RenewPeriod" {
                *label = text("Subscription, months longer", "订阅延长的月数");
                *to = same(&format!("+{months}"));
            }
        }
        review.cost.words = text(
            "Places a renewal and a change, paid from the account at once. The price is not known here.",
            "将下续费和变配订单，并立即从账户扣款。此处无法得知价格。",
        );
        review.reversible = (
            Reversible::No,
            text("No. No call takes back a paid order.", "不可以。已付款的订单没有撤销接口。"),
        );
        review.effective = text(
            "The renewal first; the change of modules after the renewal has taken effect.",
            "先续费，续费生效后再变更配置。",
        );
        let product = draft.text("ProductCode").unwrap_or_default().to_ascii_lowercase();
        if matches!(product.as_str(), "ecs" | "rds") {
            review.warnings.push(text(
                "The vendor says that this call is not for creating ECS or RDS instances.",
                "厂商说明：该接口不能用于创建 ECS 或 RDS 实例。",
            ));
        }
        review
    }

    fn choice_fields(&self) -> &'static [&'static str] {
        &["/InstanceId", "/ProductCode", "/Parameter/*/Code", "/Parameter/*/Value"]
    }

    fn choices<'a>(&'a self, choosing: Choosing<'a>) -> BoxFuture<'a, Result<Choices, AskError>> {
        async move {
            match choosing.field {
                "/InstanceId" => instances(choosing).await,
                "/ProductCode" => products(choosing).await,
                module => modules(choosing, module).await,
            }
        }
        .boxed()
    }

    fn accepted(&self, _draft: &Draft<'_>, answer: &Answer) -> Sight {
        let order = answer.order_id.as_deref().unwrap_or("-");
        Sight::going(
            State::Accepted,
            text(
                format!("The order was placed and is paid from the account: {order}."),
                format!("订单已提交，并从账户扣款：{order}。"),
            ),
        )
    }
}

/// Subscriptions of the account; the cloud pages (companions.md section 3).
async fn instances(choosing: Choosing<'_>) -> Result<Choices, AskError> {
    let page: u32 = choosing.cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(1);
    let mut parameters = json!({"PageNum": page, "PageSize": PAGE, "SubscriptionType": "Subscription"});
    for name in ["ProductCode", "ProductType"] {
        if let Some(value) = choosing.text(name) {
            parameters[name] = json!(value);
        }
    }
    // What looks like a whole id is looked up; parts of one the cloud cannot search for.
    if choosing.query.len() >= 12 && choosing.query.contains('-') {
        parameters["InstanceIDs"] = json!(choosing.query);
    }
    let body = choosing.ask("bssopenapi.QueryAvailableInstances", parameters).await?;
    let found = rows(&body, "/Data/InstanceList");
    let next = (found.len() == PAGE).then(|| (page + 1).to_string());
    let items = found
        .iter()
        .filter(|row| choosing.matches(&[&text_at(row, "/InstanceID"), &text_at(row, "/ProductCode")]))
        .map(instance)
        .collect();
    Ok(Choices { items, next })
}

fn instance(row: &Value) -> Choice {
    let id = text_at(row, "/InstanceID");
    let status = text_at(row, "/Status");
    let (product, kind) = (text_at(row, "/ProductCode"), text_at(row, "/ProductType"));
    let (en, zh) = match status.as_str() {
        "Creating" => ("being created", "创建中"),
        "Normal" => ("normal", "正常"),
        "WaitForExpire" => ("expires soon", "即将到期"),
        "Expired" => ("expired", "已到期"),
        other => (other, other),
    };
    let mut choice = Choice::new(id.clone(), id)
        .detail("Status", "状态", text(en, zh))
        .detail("Product", "产品", same(&product))
        .detail("Paid until", "到期", same(&text_at(row, "/EndTime")))
        .fill("/ProductCode", &product)
        .fill("/ProductType", &kind);
    if matches!(status.as_str(), "Expired" | "Creating") {
        choice.unavailable = Some(text(
            format!("Its status is “{en}”; it cannot be renewed."),
            format!("状态为“{zh}”，不能续费。"),
        ));
    }
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
    use crate::flows::{CostKind, testing::with_draft};
    use jiff::Timestamp;

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

    #[test]
    fn it_pays_cannot_be_undone_and_shows_only_what_changes() {
        let parameters = json!({"ProductCode": "rds", "ProductType": "rds", "InstanceId": "rm-1", "RenewPeriod": 2,
            "Parameter": [{"Code": "Bandwidth", "Value": "10"}]});
        let review =
            with_draft("bssopenapi.RenewChangeInstance", parameters, Timestamp::UNIX_EPOCH, |draft| {
                Bss.review(&draft)
            });
        assert_eq!((review.cost.kind, review.reversible.0), (CostKind::Order, Reversible::No));
        let shown: Vec<_> =
            review.changes.iter().map(|change| (change.label.en.as_str(), change.to.en.as_str())).collect();
        assert!(shown.contains(&("Bandwidth", "10")), "{shown:?}");
        assert!(shown.iter().any(|(_, to)| *to == "+2"), "{shown:?}");
        assert_eq!(shown.len(), 2, "{shown:?}");
        assert_eq!(review.warnings.len(), 1);
    }
}
