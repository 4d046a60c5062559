//! What a renewal and a change cost. The cloud has no quote for both together (companions.md section 3): it is asked
//! for two, which are not added up.

use super::counted;
use crate::{
    asking::AskError,
    choices::{rows, text_at},
    error::text,
    flows::{
        Current, Inquiry, Quote, Quoted,
        current::{amount_at, grouped},
    },
};
use catalog::Text;
use serde_json::{Map, Value, json};

/// Asks for a quote of the renewal and, when modules change, for one of the change.
pub(super) async fn quotes(inquiry: &Inquiry<'_>, current: &Current) -> Result<Option<Quoted>, AskError> {
    let months = inquiry.parameters.get("RenewPeriod").and_then(Value::as_i64).unwrap_or_default();
    let wanted = modules(inquiry.parameters);
    // The quote of a renewal must name a module, and what the subscription has now is told nowhere: a module with
    // only one possible value changes nothing. Without one, the new values are named, and the label says so.
    let fixed = match fixed_module(inquiry).await {
        Ok(Some(module)) => Some(module),
        Ok(None) => None,
        Err(error) if wanted.is_empty() => return Err(error),
        Err(_) => None,
    };
    let renewal_label = label(months, fixed.is_none());
    let renewal_modules = fixed.map_or_else(|| wanted.clone(), |module| vec![module]);
    if renewal_modules.is_empty() {
        return Ok(None);
    }
    let ask = async |order_type: &str, modules: Vec<Value>, label: Text| {
        let mut parameters = json!({
            "ProductCode": inquiry.text("ProductCode"),
            "OrderType": order_type,
            "SubscriptionType": "Subscription",
            "InstanceId": inquiry.text("InstanceId"),
            "ServicePeriodQuantity": months,
            "ServicePeriodUnit": "Month",
            "Quantity": 1,
            "ModuleList": modules,
        });
        let known = [("ProductType", inquiry.text("ProductType")), ("Region", current.text("region"))];
        for (name, value) in known {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                parameters[name] = json!(value);
            }
        }
        let body = inquiry.ask("bssopenapi.GetSubscriptionPrice", parameters).await?;
        Ok::<_, AskError>(quote(&body, label))
    };
    let mut quotes = vec![ask("Renewal", renewal_modules, renewal_label).await?];
    if !wanted.is_empty() {
        let label = text(
            format!("Change of modules, until the end of the renewal of {}", counted(months, "month")),
            format!("模块变更，计至延长的 {months} 个月结束"),
        );
        quotes.push(ask("Upgrade", wanted, label).await?);
    }
    // A quote without an amount is none.
    let Some(quotes) = quotes.into_iter().collect::<Option<Vec<Quote>>>() else { return Ok(None) };
    let note = note(quotes.len());
    Ok(Some(Quoted { quotes, note, is_estimate: false }))
}

/// What is to change, as quotes name it.
fn modules(parameters: &Map<String, Value>) -> Vec<Value> {
    let rows = parameters.get("Parameter").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    rows.iter().map(|row| module(&text_at(row, "/Code"), &text_at(row, "/Value"))).collect()
}

fn module(code: &str, value: &str) -> Value {
    json!({"ModuleCode": code, "Config": format!("{code}:{value}"), "ModuleStatus": 2})
}

/// A module of the product that can have one value only.
async fn fixed_module(inquiry: &Inquiry<'_>) -> Result<Option<Value>, AskError> {
    let mut parameters =
        json!({"ProductCode": inquiry.text("ProductCode"), "SubscriptionType": "Subscription"});
    if let Some(kind) = inquiry.text("ProductType") {
        parameters["ProductType"] = json!(kind);
    }
    let body = inquiry.ask("bssopenapi.DescribePricingModule", parameters).await?;
    Ok(fixed_in(&body))
}

fn fixed_in(body: &Value) -> Option<Value> {
    let is_module = |code: &str| {
        rows(body, "/Data/ModuleList/Module").iter().any(|module| text_at(module, "/ModuleCode") == code)
    };
    rows(body, "/Data/AttributeList/Attribute").iter().find_map(|attribute| {
        let code = text_at(attribute, "/Code");
        match rows(attribute, "/Values/AttributeValue") {
            [only] if is_module(&code) => Some(module(&code, &text_at(only, "/Value"))),
            _ => None,
        }
    })
}

fn label(months: i64, with_new_modules: bool) -> Text {
    if with_new_modules {
        text(
            format!("Renewal for {}, with the new modules", counted(months, "month")),
            format!("续费 {months} 个月，按变更后的模块计算"),
        )
    } else {
        text(format!("Renewal for {}", counted(months, "month")), format!("续费 {months} 个月"))
    }
}

fn quote(body: &Value, label: Text) -> Option<Quote> {
    let data = body.get("Data")?;
    let amount = amount_at(data, "/TradePrice")?;
    let detail = match (amount_at(data, "/OriginalPrice"), amount_at(data, "/DiscountPrice")) {
        (Some(original), Some(discount)) => {
            let (original, discount) = (grouped(&original), grouped(&discount));
            text(
                format!("list price {original}, discount {discount}"),
                format!("原价 {original}，优惠 {discount}"),
            )
        }
        _ => Text::default(),
    };
    Some(Quote { label, amount, currency: text_at(data, "/Currency"), detail })
}

fn note(quotes: usize) -> Text {
    if quotes == 1 {
        return text(
            "Paid from the account at once. The cloud's quote for the renewal.",
            "将立即从账户扣款。以下为云端对续费的报价。",
        );
    }
    text(
        "Paid from the account at once. Two quotes of the cloud, one for the renewal and one for the change: it has none for both together, so they are not added up.",
        "将立即从账户扣款。以下为云端的两个报价：续费与变配分别报价。云端没有合并报价，此处不作相加。",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_named_as_quotes_name_them() {
        let parameters = json!({"Parameter": [{"Code": "IpNumber", "Value": "60"}]});
        assert_eq!(
            modules(parameters.as_object().unwrap()),
            [json!({"ModuleCode": "IpNumber", "Config": "IpNumber:60", "ModuleStatus": 2})]
        );
        assert!(modules(&Map::new()).is_empty());
    }

    #[test]
    fn a_module_with_one_value_stands_for_what_does_not_change() {
        let attribute = |code: &str, values: &[&str]| {
            let values: Vec<Value> = values.iter().map(|value| json!({"Value": value})).collect();
            json!({"Code": code, "Values": {"AttributeValue": values}})
        };
        let body = |attributes: Value| {
            json!({"Data": {
                "ModuleList": {"Module": [{"ModuleCode": "Version"}, {"ModuleCode": "IpNumber"}]},
                "AttributeList": {"Attribute": attributes},
            }})
        };
        let many = attribute("IpNumber", &["20", "60"]);
        let found = fixed_in(&body(json!([many, attribute("Version", &["premium_version"])])));
        assert_eq!(found.unwrap()["Config"], "Version:premium_version");
        assert_eq!(fixed_in(&body(json!([many, attribute("Region", &["cn"])]))), None);
    }

    #[test]
    fn a_quote_says_what_was_taken_off_and_one_without_an_amount_is_none() {
        let body = json!({"Data": {"OriginalPrice": 46560.0, "DiscountPrice": 6984.0, "TradePrice": 39576.0, "Currency": "CNY"}});
        let quote_12 = quote(&body, label(12, false)).unwrap();
        assert_eq!((quote_12.amount.as_str(), quote_12.currency.as_str()), ("39576.00", "CNY"));
        assert_eq!(quote_12.detail.en, "list price 46,560.00, discount 6,984.00");
        assert_eq!(quote(&json!({"Data": {}}), label(1, true)), None);
    }
}
