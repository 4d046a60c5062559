//! Where the order of a renewal stands, and the search for one whose answer was lost.

use super::subscription::{paid_until, row};
use crate::{
    asking::AskError,
    choices::{rows, text_at},
    error::text,
    flows::{Inquiry, Look, Sight, Standing},
    run::State,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The vendor advises pages of at most twenty.
const PAGE: usize = 20;
/// So many pages are searched; every order on them costs a read.
const PAGES: usize = 3;
/// Longer than clocks may differ by, and than a person confirms after the review was made anew.
const LOOK_BACK: SignedDuration = SignedDuration::from_mins(5);
/// The fact that names the orders before the call.
pub(super) const BEFORE: &str = "orders";

/// Looks at the order that the answer named, else searches for one of the instance.
pub(super) async fn look(look: &Look<'_>) -> Result<Sight, AskError> {
    let id = match look.run.order_id.as_deref() {
        Some(order) => order.to_owned(),
        None => match search(look).await? {
            Search::Found(order) => order,
            Search::Nothing(seen) => return Ok(Sight::unclear(no_trace(look, seen))),
        },
    };
    let Some(order) = detail(look, &id).await? else {
        return Ok(Sight::unclear(text(
            format!("The cloud does not show the order {id} yet."),
            format!("云端尚未显示订单 {id}。"),
        )));
    };
    let mut sight = sight_of(&id, &order);
    if sight.standing == Standing::Ended(State::Succeeded)
        // That the order is paid is the proof; the new end is good to know.
        && let Ok(Some(row)) = row(&look.inquiry).await
    {
        let end = paid_until(&row);
        if !end.is_empty() {
            sight.detail = text(
                format!("{} The subscription is paid until {end}.", sight.detail.en),
                format!("{}订阅已付至 {end}。", sight.detail.zh),
            );
        }
    }
    Ok(sight.order(id))
}

fn sight_of(id: &str, order: &Value) -> Sight {
    let amount = match (text_at(order, "/PretaxAmount"), text_at(order, "/Currency")) {
        (amount, currency) if amount.is_empty() || currency.is_empty() => String::new(),
        (amount, currency) => format!(" ({amount} {currency})"),
    };
    match text_at(order, "/PaymentStatus").as_str() {
        "Paid" => Sight::ended(
            State::Succeeded,
            text(format!("The order {id} is paid{amount}."), format!("订单 {id} 已付款{amount}。")),
        ),
        "Cancelled" => Sight::ended(
            State::Failed,
            text(
                format!("The order {id} was cancelled; nothing was renewed or changed."),
                format!("订单 {id} 已取消，没有续费也没有变更。"),
            ),
        ),
        "Unpaid" => Sight::going(
            State::InProgress,
            text(
                format!(
                    "The order {id} is not paid yet{amount}. If the account cannot pay it, it can be paid or cancelled in the vendor's console."
                ),
                format!("订单 {id} 尚未付款{amount}。如果账户无法支付，可在厂商控制台支付或取消。"),
            ),
        ),
        other => Sight::unclear(text(
            format!("The cloud gives the order {id} a status that is not known here: “{other}”."),
            format!("云端返回的订单 {id} 状态未知：“{other}”。"),
        )),
    }
}

async fn detail(look: &Look<'_>, id: &str) -> Result<Option<Value>, AskError> {
    let body = look.ask("bssopenapi.GetOrderDetail", json!({"OrderId": id})).await?;
    Ok(rows(&body, "/Data/OrderList/Order").iter().find(|order| text_at(order, "/OrderId") == id).cloned())
}

/// Orders of the product that there are already, of the time that clocks may differ by: what a search finds later is
/// not one of these.
pub(super) async fn before(inquiry: &Inquiry<'_>) -> Result<Value, AskError> {
    let parameters = json!({
        "CreateTimeStart": seconds(inquiry.now - LOOK_BACK),
        "CreateTimeEnd": seconds(inquiry.now + LOOK_BACK),
        "ProductCode": inquiry.text("ProductCode"),
        "PageNum": 1,
        "PageSize": PAGE,
    });
    let body = inquiry.ask("bssopenapi.QueryOrders", parameters).await?;
    Ok(rows(&body, "/Data/OrderList/Order").iter().map(|order| text_at(order, "/OrderId")).collect())
}

enum Search {
    Found(String),
    /// So many orders were looked at, and there were more.
    Nothing((usize, bool)),
}

/// The first order of the instance since the call. Without times the cloud tells of the last hour only.
async fn search(look: &Look<'_>) -> Result<Search, AskError> {
    let instance = look.inquiry.text("InstanceId").unwrap_or_default();
    let mut parameters = json!({
        "CreateTimeStart": seconds(look.since()),
        "CreateTimeEnd": seconds(look.now() + SignedDuration::from_mins(2)),
        "ProductCode": look.inquiry.text("ProductCode"),
        "PageSize": PAGE,
    });
    let before = look.before().facts.get(BEFORE).cloned().unwrap_or_default();
    let before = rows(&before, "");
    let (mut seen, mut found) = (0, None);
    for page in 1..=PAGES {
        parameters["PageNum"] = json!(page);
        let body = look.ask("bssopenapi.QueryOrders", parameters.clone()).await?;
        let orders = rows(&body, "/Data/OrderList/Order");
        for order in orders {
            let id = text_at(order, "/OrderId");
            if before.iter().any(|known| *known == id) {
                continue;
            }
            // Newest first: an older one of the instance replaces a newer.
            if detail(look, &id).await?.is_some_and(|order| is_of(&order, instance)) {
                found = Some(id);
            }
        }
        seen += orders.len();
        if orders.len() < PAGE {
            return Ok(found.map_or(Search::Nothing((seen, false)), Search::Found));
        }
    }
    Ok(found.map_or(Search::Nothing((seen, true)), Search::Found))
}

/// Whether an order is of an instance. The ids are an array, in text (companions.md section 3).
fn is_of(order: &Value, instance: &str) -> bool {
    let ids = match order.get("InstanceIDs") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_else(|_| json!([text])),
        Some(list) => list.clone(),
        None => Value::Null,
    };
    rows(&ids, "").iter().any(|id| id == instance)
}

fn seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn no_trace(look: &Look<'_>, (seen, more): (usize, bool)) -> catalog::Text {
    let instance = look.inquiry.text("InstanceId").unwrap_or_default();
    let since = look.since().strftime("%Y-%m-%d %H:%M:%S UTC");
    let said = text(
        format!(
            "No trace of the call: of {seen} orders of the product since {since}, none is of {instance}."
        ),
        format!("没有发现本次调用的痕迹：{since} 以来该产品的 {seen} 个订单中，没有 {instance} 的订单。"),
    );
    if more {
        return text(
            format!(
                "{} There are more orders than are looked at here; look in the vendor's console.",
                said.en
            ),
            format!("{}订单数超过此处查看的范围，请在厂商控制台核对。", said.zh),
        );
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(status: &str) -> Value {
        json!({"OrderId": "2024", "PaymentStatus": status, "PretaxAmount": "3880.00", "Currency": "CNY",
            "InstanceIDs": "[\"vipcloudfw-cn-1\"]"})
    }

    #[test]
    fn paid_is_done_and_unpaid_is_not() {
        let standing = |status: &str| sight_of("2024", &order(status)).standing;
        assert_eq!(standing("Paid"), Standing::Ended(State::Succeeded));
        assert_eq!(standing("Unpaid"), Standing::Going(State::InProgress));
        assert_eq!(standing("Cancelled"), Standing::Ended(State::Failed));
        assert_eq!(standing("Refunding"), Standing::Unclear);
        assert!(sight_of("2024", &order("Unpaid")).detail.en.contains("not paid yet (3880.00 CNY)"));
    }

    #[test]
    fn ids_of_an_order_are_a_list_in_a_text() {
        assert!(is_of(&order("Paid"), "vipcloudfw-cn-1"));
        assert!(!is_of(&order("Paid"), "vipcloudfw-cn"));
        assert!(is_of(&json!({"InstanceIDs": ["a", "b"]}), "b"));
        assert!(is_of(&json!({"InstanceIDs": "a"}), "a"));
        assert!(!is_of(&json!({}), "a"));
    }

    #[test]
    fn times_are_in_whole_seconds() {
        assert_eq!(seconds(Timestamp::UNIX_EPOCH), "1970-01-01T00:00:00Z");
    }
}
