//! What Compute Nest estimates that the resources of the target version cost.

use crate::{
    asking::AskError,
    choices::text_at,
    error::text,
    flows::{
        Current, Inquiry, Quote, Quoted,
        current::{amount_at, grouped},
    },
    redact::MASK,
};
use catalog::Text;
use serde_json::{Map, Value, json};

/// So many resources are shown one by one.
const SHOWN: usize = 20;

/// Asks for the estimate.
pub(super) async fn estimate(inquiry: &Inquiry<'_>, current: &Current) -> Result<Option<Quoted>, AskError> {
    let Some(service) = current.text("service").filter(|service| !service.is_empty()) else {
        return Ok(None);
    };
    let mut parameters = json!({
        "RegionId": inquiry.region(),
        "ServiceId": service,
        "ServiceInstanceId": inquiry.text("ServiceInstanceId"),
        "ServiceVersion": inquiry.text("ServiceVersion"),
    });
    if let Some(template) = current.text("template").filter(|template| !template.is_empty()) {
        parameters["TemplateName"] = json!(template);
    }
    if let Some(given) = inquiry.parameters.get("Parameters").and_then(Value::as_object) {
        // A secret does not change the price.
        let plain: Map<String, Value> = given
            .iter()
            .filter(|(_, value)| !value.to_string().contains(MASK))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        parameters["Parameters"] = Value::Object(plain);
    }
    let body = inquiry.ask("computenestsupplier.GetServiceEstimateCost", parameters).await?;
    let (quotes, silent) = quotes(&body);
    if quotes.is_empty() {
        return Ok(None);
    }
    Ok(Some(Quoted { quotes, note: note(silent), is_estimate: true }))
}

/// A quote for each resource that has a price, and how many are not shown.
fn quotes(body: &Value) -> (Vec<Quote>, usize) {
    let empty = Map::new();
    let of = |pointer: &str| body.pointer(pointer).and_then(Value::as_object).unwrap_or(&empty).clone();
    let all: Vec<(String, Value)> = of("/Resources").into_iter().chain(of("/Commodity")).collect();
    let mut quotes: Vec<Quote> = all.iter().filter_map(|(name, resource)| quote(name, resource)).collect();
    quotes.truncate(SHOWN);
    let silent = all.len() - quotes.len();
    (quotes, silent)
}

fn quote(name: &str, resource: &Value) -> Option<Quote> {
    let order = resource.pointer("/Result/Order")?;
    let amount = amount_at(order, "/TradeAmount").or_else(|| amount_at(order, "/OriginalAmount"))?;
    let kind = text_at(resource, "/Type");
    let label = if kind.is_empty() { name.to_owned() } else { format!("{name} ({kind})") };
    let supplement = resource.pointer("/Result/OrderSupplement").unwrap_or(&Value::Null);
    let per = per(&text_at(supplement, "/PriceUnit"));
    let list = amount_at(order, "/OriginalAmount").filter(|list| *list != amount);
    let list = list.as_deref().map(grouped);
    let detail = match list {
        Some(list) => text(format!("{}, list price {list}", per.en), format!("{}，原价 {list}", per.zh)),
        None => per,
    };
    Some(Quote { label: text(label.clone(), label), amount, currency: text_at(order, "/Currency"), detail })
}

fn per(unit: &str) -> Text {
    match unit {
        "Hour" => text("for an hour", "每小时"),
        "Day" => text("for a day", "每天"),
        "Month" => text("for a month", "每月"),
        "Period" => text("for the period, paid in advance", "按购买周期，预付"),
        "" => text("the unit of time is not told", "未说明计费单位"),
        other => text(format!("by {other}"), format!("按 {other}")),
    }
}

fn note(silent: usize) -> Text {
    let said = text(
        "An estimate of Compute Nest: what the resources of the target version cost, not what is charged in addition to now. The bill can differ.",
        "计算巢的预估：目标版本的资源费用，而非与目前相比的差额。以实际账单为准。",
    );
    if silent == 0 {
        return said;
    }
    text(
        format!("{} Resources without a price or not shown: {silent}.", said.en),
        format!("{}另有 {silent} 项资源没有价格或未列出。", said.zh),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_resource_is_a_quote_and_one_without_a_price_is_counted() {
        let body = json!({
            "Resources": {
                "Server": {"Type": "ALIYUN::ECS::InstanceGroup", "Result": {
                    "Order": {"Currency": "CNY", "OriginalAmount": 0.8, "TradeAmount": 0.68},
                    "OrderSupplement": {"PriceUnit": "Hour", "ChargeType": "PostPaid"}}},
                "Role": {"Type": "ALIYUN::RAM::Role", "Success": false},
            },
            "Commodity": {},
        });
        let (quotes, silent) = quotes(&body);
        assert_eq!((quotes.len(), silent), (1, 1));
        assert_eq!((quotes[0].amount.as_str(), quotes[0].currency.as_str()), ("0.68", "CNY"));
        assert_eq!(quotes[0].detail.en, "for an hour, list price 0.80");
        assert!(note(silent).en.ends_with("not shown: 1."));
    }
}
