//! Where the order of a renewal stands, and the search for one whose answer was lost.

use super::subscription::{paid_until, row};
use crate::{
    asking::AskError,
    choices::{rows, text_at},
    clock::in_words,
    error::text,
    flows::{
        Inquiry, Look, Sight, Standing,
        current::{amount_at, grouped},
        traces::may_have_made,
    },
    run::State,
};
use catalog::Text;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The vendor advises pages of at most twenty.
const PAGE: usize = 20;
/// So many pages of a span of time are searched; every order on them costs a read.
const PAGES: usize = 3;
/// Longer than clocks may differ by, and than a person confirms after the review was made anew.
const LOOK_BACK: SignedDuration = SignedDuration::from_mins(5);
/// The fact that names the orders before the call.
pub(super) const BEFORE: &str = "orders";

/// Looks at the order that the answer named, else searches for one of the instance.
pub(super) async fn look(look: &Look<'_>) -> Result<Sight, AskError> {
    let (id, parts) = match look.run.order_id.as_deref() {
        Some(order) => (order.to_owned(), parts(look, order).await?),
        None => match search(look).await?.judge(look) {
            Ok(found) => found,
            Err(why) => return Ok(Sight::unclear(why)),
        },
    };
    if parts.is_empty() {
        return Ok(Sight::unclear(text(
            format!("The cloud does not show the order {id} yet."),
            format!("云端尚未显示订单 {id}。"),
        )));
    }
    let mut sight = sight_of(&id, &parts);
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

/// Where an order stands by its parts: it is paid when all of them are.
fn sight_of(id: &str, parts: &[Value]) -> Sight {
    let are = |status: &str| parts.iter().filter(|part| text_at(part, "/PaymentStatus") == status).count();
    let (paid, unpaid, cancelled) = (are("Paid"), are("Unpaid"), are("Cancelled"));
    let amount = amount_of(parts);
    if paid + unpaid + cancelled < parts.len() {
        let all: Vec<String> = parts.iter().map(|part| text_at(part, "/PaymentStatus")).collect();
        let other = all.join(", ");
        return Sight::unclear(text(
            format!("The cloud gives the order {id} a status that is not known here: “{other}”."),
            format!("云端返回的订单 {id} 状态未知：“{other}”。"),
        ));
    }
    if unpaid > 0 {
        return Sight::going(
            State::InProgress,
            text(
                format!(
                    "The order {id} is not paid yet{amount}. If the account cannot pay it, it can be paid or cancelled in the vendor's console."
                ),
                format!("订单 {id} 尚未付款{amount}。如果账户无法支付，可在厂商控制台支付或取消。"),
            ),
        );
    }
    let words = match (paid, cancelled) {
        (_, 0) => text(format!("The order {id} is paid{amount}."), format!("订单 {id} 已付款{amount}。")),
        (0, _) => text(
            format!("The order {id} was cancelled; nothing was renewed or changed."),
            format!("订单 {id} 已取消，没有续费也没有变更。"),
        ),
        _ => text(
            format!(
                "Of the order {id}, {paid} of {} parts are paid and the others were cancelled. Look in the vendor's console at what was renewed and what was changed.",
                parts.len()
            ),
            format!(
                "订单 {id} 的 {} 个子订单中 {paid} 个已付款，其余已取消。请在厂商控制台核对哪些已续费、哪些已变更。",
                parts.len()
            ),
        ),
    };
    Sight::ended(if cancelled == 0 { State::Succeeded } else { State::Failed }, words)
}

/// What the parts cost, each with its currency.
fn amount_of(parts: &[Value]) -> String {
    let amount = |part: &Value| Some((text_at(part, "/Currency"), amount_at(part, "/PretaxAmount")?));
    let known = parts.iter().filter_map(amount).filter(|(currency, _)| !currency.is_empty());
    let amounts: Vec<String> =
        known.map(|(currency, amount)| format!("{currency} {}", grouped(&amount))).collect();
    if amounts.is_empty() { String::new() } else { format!(" ({})", amounts.join(" + ")) }
}

/// The parts of an order; none when the cloud does not show it.
async fn parts(look: &Look<'_>, id: &str) -> Result<Vec<Value>, AskError> {
    let body = look.ask("bssopenapi.GetOrderDetail", json!({"OrderId": id})).await?;
    let parts = rows(&body, "/Data/OrderList/Order").iter();
    Ok(parts.filter(|part| text_at(part, "/OrderId") == id).cloned().collect())
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

/// What a search saw.
#[derive(Default)]
struct Seen {
    /// Ids of the orders that were looked at.
    ids: Vec<String>,
    /// Whether there were more than are looked at.
    more: bool,
    /// Orders of the instance that the call can have made, with their parts.
    fitting: Vec<(String, Vec<Value>)>,
    /// Other orders of the instance.
    others: Vec<String>,
}

/// Orders of the instance of the time when the call was sent. Without times the cloud tells of the last hour only.
async fn search(look: &Look<'_>) -> Result<Seen, AskError> {
    let instance = look.inquiry.text("InstanceId").unwrap_or_default();
    let wanted = Wanted::of(look);
    let before = look.before().facts.get(BEFORE).cloned().unwrap_or_default();
    let before = rows(&before, "");
    let mut seen = Seen::default();
    for span in look.spans() {
        let mut parameters = json!({
            "CreateTimeStart": seconds(span.from),
            "CreateTimeEnd": seconds(span.until),
            "ProductCode": look.inquiry.text("ProductCode"),
            "PageSize": PAGE,
        });
        for page in 1..=PAGES {
            parameters["PageNum"] = json!(page);
            let body = look.ask("bssopenapi.QueryOrders", parameters.clone()).await?;
            let orders = rows(&body, "/Data/OrderList/Order");
            for order in orders {
                let id = text_at(order, "/OrderId");
                if seen.ids.contains(&id) {
                    continue;
                }
                seen.ids.push(id.clone());
                // One that was there before, or that another run is known to have made, is not this one's.
                if before.iter().any(|known| *known == id) || look.is_order_of_another(&id) {
                    continue;
                }
                let parts = parts(look, &id).await?;
                if !parts.iter().any(|part| is_of(part, instance)) {
                    continue;
                }
                if wanted.fits(&parts) { seen.fitting.push((id, parts)) } else { seen.others.push(id) }
            }
            if orders.len() < PAGE {
                break;
            }
            seen.more |= page == PAGES;
        }
    }
    Ok(seen)
}

impl Seen {
    /// The one order that can only be of the call, or why there is none.
    fn judge(mut self, look: &Look<'_>) -> Result<(String, Vec<Value>), Text> {
        let rival = |(_, parts): &(String, Vec<Value>)| {
            let made = parts.first().and_then(|part| time_at(part, "/CreateTime"));
            let mut others = look.siblings.iter();
            others
                .find(|run| run.instance == look.run.instance && may_have_made(run, made))
                .map(|run| run.id.clone())
        };
        let rival = self.fitting.iter().find_map(rival);
        if self.fitting.len() == 1
            && !self.more
            && rival.is_none()
            && let Some(only) = self.fitting.pop()
        {
            return Ok(only);
        }
        Err(self.words(look, rival.as_deref()))
    }

    fn words(&self, look: &Look<'_>, rival: Option<&str>) -> Text {
        let instance = look.inquiry.text("InstanceId").unwrap_or_default();
        let since = in_words(look.since());
        let (seen, others) = (self.ids.len(), self.others.join(", "));
        let fitting: Vec<&str> = self.fitting.iter().map(|(id, _)| id.as_str()).collect();
        let fitting = fitting.join(", ");
        let mut said = match self.fitting.len() {
            0 => text(
                format!(
                    "No trace of the call: of {seen} orders of the product from when it was sent, {since} on, none renews {instance} for as long."
                ),
                format!(
                    "没有发现本次调用的痕迹：{since} 起、发送前后该产品的 {seen} 个订单中，没有 {instance} 相同时长的续费订单。"
                ),
            ),
            1 => text(
                format!("The order {fitting} of {instance} can be of this call."),
                format!("{instance} 的订单 {fitting} 可能由本次调用产生。"),
            ),
            _ => text(
                format!(
                    "More than one order of {instance} can be of this call: {fitting}. Look in the vendor's console who made which."
                ),
                format!(
                    "{instance} 有不止一个订单可能由本次调用产生：{fitting}。请在厂商控制台核对各由谁提交。"
                ),
            ),
        };
        let mut add = |en: String, zh: String| {
            said = text(format!("{} {en}", said.en), format!("{}{zh}", said.zh));
        };
        if let Some(run) = rival {
            add(
                format!("It can be of the run {run} as well, whose outcome is not known."),
                format!("也可能由结果未知的运行 {run} 产生。"),
            );
        }
        if !others.is_empty() {
            add(
                format!("Another order of it was made then, not for what was asked for: {others}."),
                format!("当时该实例另有内容不同的订单：{others}。"),
            );
        }
        if self.more {
            add(
                "There are more orders than are looked at here; look in the vendor's console.".to_owned(),
                "订单数超过此处查看的范围，请在厂商控制台核对。".to_owned(),
            );
        }
        said
    }
}

/// What the order of a call looks like.
struct Wanted {
    months: Option<i64>,
    /// Until when the subscription was paid before.
    paid_before: Option<Timestamp>,
}

impl Wanted {
    fn of(look: &Look<'_>) -> Self {
        Self {
            months: look.inquiry.parameters.get("RenewPeriod").and_then(Value::as_i64),
            paid_before: look.before().text("end_time").and_then(|end| end.parse().ok()),
        }
    }

    /// Whether one of the parts is a renewal by as many months. What cannot be read rules nothing out.
    fn fits(&self, parts: &[Value]) -> bool {
        parts.iter().any(|part| {
            let kind = text_at(part, "/OrderType");
            (kind.is_empty() || kind == "Renew") && self.is_as_long(part)
        })
    }

    fn is_as_long(&self, part: &Value) -> bool {
        let (Some(months), Some(end)) = (self.months, time_at(part, "/UsageEndTime")) else { return true };
        let begins = [time_at(part, "/UsageStartTime"), self.paid_before];
        let mut known = begins.iter().flatten().peekable();
        if known.peek().is_none() {
            return true;
        }
        // A month has 28 to 31 days, or as many as the vendor counts; hours of time zones come on top.
        known.any(|begin| {
            let days = end.duration_since(*begin).as_hours() / 24;
            (months * 30 - 3..=months * 31 + 2).contains(&days)
        })
    }
}

/// Whether a part of an order is of an instance. The ids are an array, in text (companions.md section 3).
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

fn time_at(row: &Value, pointer: &str) -> Option<Timestamp> {
    text_at(row, pointer).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(status: &str) -> Value {
        json!({"OrderId": "2024", "PaymentStatus": status, "PretaxAmount": "3880.00", "Currency": "CNY",
            "InstanceIDs": "[\"vipcloudfw-cn-1\"]"})
    }

    fn standing(statuses: &[&str]) -> Standing {
        sight_of("2024", &statuses.iter().map(|status| order(status)).collect::<Vec<_>>()).standing
    }

    #[test]
    fn paid_is_done_and_unpaid_is_not() {
        assert_eq!(standing(&["Paid"]), Standing::Ended(State::Succeeded));
        assert_eq!(standing(&["Unpaid"]), Standing::Going(State::InProgress));
        assert_eq!(standing(&["Cancelled"]), Standing::Ended(State::Failed));
        assert_eq!(standing(&["Refunding"]), Standing::Unclear);
        let words = sight_of("2024", &[order("Unpaid"), order("Unpaid")]).detail.en;
        assert!(words.contains("not paid yet (CNY 3,880.00 + CNY 3,880.00)"), "{words}");
    }

    #[test]
    fn an_order_is_paid_when_all_its_parts_are() {
        assert_eq!(standing(&["Paid", "Paid"]), Standing::Ended(State::Succeeded));
        assert_eq!(standing(&["Paid", "Unpaid"]), Standing::Going(State::InProgress));
        assert_eq!(standing(&["Cancelled", "Unpaid"]), Standing::Going(State::InProgress));
        assert_eq!(standing(&["Paid", "Cancelled"]), Standing::Ended(State::Failed));
        assert_eq!(standing(&["Paid", "Refunding"]), Standing::Unclear);
        let words = sight_of("2024", &[order("Paid"), order("Cancelled")]).detail.en;
        assert!(words.contains("1 of 2 parts are paid"), "{words}");
    }

    #[test]
    fn only_a_renewal_by_as_many_months_can_be_of_the_call() {
        let part = |kind: &str, begin: &str, end: &str| json!({"OrderType": kind, "UsageStartTime": begin, "UsageEndTime": end});
        let fits = |months: i64, part: Value| {
            let paid_before = "2026-12-01T00:00:00Z".parse().ok();
            Wanted { months: Some(months), paid_before }.fits(&[part])
        };
        let begin = "2026-12-01T00:00:00Z";
        assert!(fits(1, part("Renew", begin, "2026-12-31T00:00:00Z")), "as the simulated cloud counts");
        assert!(fits(2, part("Renew", "2026-12-31T16:00:00Z", "2027-02-28T16:00:00Z")));
        assert!(fits(12, part("Renew", begin, "2027-12-01T00:00:00Z")));
        assert!(
            fits(12, part("Renew", "2026-11-21T10:00:00Z", "2027-12-01T00:00:00Z")),
            "from what was paid"
        );
        assert!(!fits(1, part("Renew", begin, "2027-12-01T00:00:00Z")));
        assert!(!fits(12, part("Renew", begin, "2027-01-01T00:00:00Z")));
        assert!(!fits(1, part("Upgrade", begin, "2026-12-31T00:00:00Z")));
        // What cannot be read rules nothing out.
        assert!(fits(1, json!({})) && fits(1, part("Renew", "soon", "later")));
        // A renewal with a change: the change is a part of its own.
        let both = [part("Upgrade", begin, "soon"), part("Renew", begin, "2027-01-01T00:00:00Z")];
        assert!(Wanted { months: Some(1), paid_before: None }.fits(&both));
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
