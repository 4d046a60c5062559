//! The order of a change, and where a run stands by it (companions.md section 5).

use super::specification::{self, Reached, Values};
use crate::{
    asking::AskError,
    choices::{number_at, rows, same, text_at},
    clock::in_words,
    error::text,
    flows::{
        Look, Sight,
        current::{amount_at, grouped},
        traces::{Span, may_have_made},
    },
    run::State,
};
use catalog::Text;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The service of the orders.
pub(super) const SERVICE_TYPE: &str = "hws.service.type.aad";
/// So many orders are looked into at most.
const LOOKED_INTO: usize = 10;
/// So many are listed at most.
const LISTED: usize = 100;
/// What is bought with an order; elastic bandwidths are billed afterwards.
const BOUGHT: [&str; 5] =
    ["basic_bandwidth", "service_bandwidth", "port_num", "bind_domain_num", "basic_qps"];

/// An order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Order {
    pub(super) id: String,
    pub(super) status: i64,
    pub(super) made: Option<Timestamp>,
    /// With its currency.
    pub(super) amount: String,
    pub(super) paid: bool,
    pub(super) pay_until: String,
    /// What was bought, in the vendor's words.
    pub(super) described: String,
}

impl Order {
    /// From the answer of the call that shows an order.
    pub(super) fn read(body: &Value) -> Self {
        let amount = amount_at(body, "/order_info/amount_after_discount").unwrap_or_default();
        let lines = rows(body, "/order_line_items").iter();
        Self {
            id: text_at(body, "/order_info/order_id"),
            status: number_at(body, "/order_info/status").unwrap_or_default(),
            made: text_at(body, "/order_info/create_time").parse().ok(),
            amount: format!("{} {}", text_at(body, "/order_info/currency"), grouped(&amount))
                .trim()
                .to_owned(),
            paid: !text_at(body, "/order_info/payment_time").is_empty(),
            pay_until: text_at(body, "/order_info/pending_payment_end_time"),
            described: lines.map(|line| text_at(line, "/product_spec_desc")).collect::<Vec<_>>().join(" | "),
        }
    }

    /// Asks for an order.
    pub(super) async fn ask(look: &Look<'_>, id: &str) -> Result<Self, AskError> {
        Ok(Self::read(&look.ask("huaweibss.ShowCustomerOrderDetails", json!({"order_id": id})).await?))
    }

    /// The documented word of its status.
    pub(super) fn status_words(&self) -> Text {
        match self.status {
            1 => text("in review", "待审核"),
            2 => text("refund pending", "待退款"),
            3 => text("being processed", "处理中"),
            4 => text("cancelled", "已取消"),
            5 => text("completed", "已完成"),
            6 => text("not paid", "待支付"),
            9 => text("to be confirmed", "待确认"),
            other => same(&format!("{other}")),
        }
    }

    /// Whether its words name every value that is bought and differs from before.
    fn names(&self, wanted: &Values, before: &Values) -> bool {
        let numbers: Vec<&str> = self
            .described
            .split(|letter: char| !letter.is_ascii_digit())
            .filter(|part| !part.is_empty())
            .collect();
        let bought: Vec<String> = wanted
            .iter()
            .filter(|(name, value)| BOUGHT.contains(&name.as_str()) && before.get(*name) != Some(value))
            .map(|(_, value)| value.to_string())
            .collect();
        !bought.is_empty() && bought.iter().all(|value| numbers.contains(&value.as_str()))
    }
}

/// Where the run stands.
pub(super) async fn look(look: &Look<'_>) -> Result<Sight, AskError> {
    let wanted = specification::wanted(look.inquiry.parameters);
    match (&look.run.order_id, &look.run.answer) {
        (Some(id), _) => by_order(look, id, &wanted).await,
        (None, Some(answer)) if answer.status < 300 && look.run.state != State::Unknown => {
            Ok(without_order(specification::reached(&wanted, &specification::ask(look).await?)))
        }
        _ => by_traces(look, &wanted).await,
    }
}

async fn by_order(look: &Look<'_>, id: &str, wanted: &Values) -> Result<Sight, AskError> {
    let order = match Order::ask(look, id).await {
        Ok(order) => order,
        // Who may not read orders can still see what came of one.
        Err(error) => {
            // What was there before, or cannot be seen, does not show that the order was paid.
            let before = specification::before(look.before());
            let changed = specification::differs(wanted, &before);
            return match specification::reached(wanted, &specification::ask(look).await?) {
                Reached::Yes { unseen: false } if changed => Ok(Sight::ended(
                    State::Succeeded,
                    text(
                        format!("The specification shows what was asked for. The order {id} cannot be read."),
                        format!("规格已显示所请求的值，订单 {id} 无法查询。"),
                    ),
                )),
                _ => Err(error),
            };
        }
    };
    of_order(look, order, wanted).await
}

async fn of_order(look: &Look<'_>, order: Order, wanted: &Values) -> Result<Sight, AskError> {
    let sight = if order.status == 5 {
        completed(&order, specification::reached(wanted, &specification::ask(look).await?))
    } else {
        open(&order, look.run.state, look.run.undone_by.as_deref())
    };
    Ok(sight.order(order.id))
}

/// A time of the cloud's as people read it, to the minute.
fn readable(time: &str) -> String {
    time.parse().map_or_else(|_| time.to_owned(), in_words)
}

/// An order that is not completed.
fn open(order: &Order, state: State, undone_by: Option<&str>) -> Sight {
    let (id, words) = (&order.id, order.status_words());
    match order.status {
        6 => {
            let until = if order.pay_until.is_empty() {
                Text::default()
            } else {
                text(
                    format!(" It can be paid until {}.", readable(&order.pay_until)),
                    format!("支付截止时间 {}。", readable(&order.pay_until)),
                )
            };
            let amount = if order.amount.is_empty() { String::new() } else { format!(": {}", order.amount) };
            Sight::going(
                State::AwaitingPayment,
                text(
                    format!("The order {id} is not paid{amount}.{}", until.en),
                    format!("订单 {id} 待支付{}。{}", amount.replace(": ", "："), until.zh),
                ),
            )
        }
        4 if order.paid || state == State::InProgress => Sight::ended(
            State::Failed,
            text(
                format!("The order {id} was cancelled while it was processed."),
                format!("订单 {id} 在处理过程中被取消。"),
            ),
        ),
        4 => Sight::ended(
            State::Cancelled,
            match undone_by {
                Some(by) => text(format!("Cancelled by {by}."), format!("已由 {by} 取消。")),
                None => text(
                    format!(
                        "The order {id} was cancelled before it was paid; the specification stays as it was."
                    ),
                    format!("订单 {id} 在支付前已取消，规格保持不变。"),
                ),
            },
        ),
        _ => Sight::going(
            State::InProgress,
            text(format!("The order {id} is {}.", words.en), format!("订单 {id}：{}。", words.zh)),
        ),
    }
}

/// A completed order counts when the specification shows it.
fn completed(order: &Order, reached: Reached) -> Sight {
    let id = &order.id;
    match reached {
        Reached::Yes { unseen } => Sight::ended(
            State::Succeeded,
            with_qps(
                text(
                    format!("The order {id} is completed, and the specification shows what was asked for."),
                    format!("订单 {id} 已完成，规格已显示所请求的值。"),
                ),
                unseen,
            ),
        ),
        Reached::CannotBeSeen => Sight::ended(
            State::Succeeded,
            with_qps(text(format!("The order {id} is completed."), format!("订单 {id} 已完成。")), true),
        ),
        Reached::NotYet(missing) => {
            let missing = missing.join(", ");
            Sight::going(
                State::InProgress,
                text(
                    format!(
                        "The order {id} is completed; the specification does not show it yet: {missing}."
                    ),
                    format!("订单 {id} 已完成，但规格尚未显示：{missing}。"),
                ),
            )
        }
    }
}

fn with_qps(words: Text, unseen: bool) -> Text {
    if !unseen {
        return words;
    }
    text(
        format!("{} QPS cannot be read back: no call shows it.", words.en),
        format!("{}QPS 无法回读：没有接口显示它。", words.zh),
    )
}

/// The cloud took the change and made no order, because no fee changes.
fn without_order(reached: Reached) -> Sight {
    match reached {
        Reached::Yes { unseen } => Sight::ended(
            State::Succeeded,
            with_qps(
                text(
                    "No fee changed, so there was no order. The specification shows what was asked for.",
                    "费用不变，没有产生订单。规格已显示所请求的值。",
                ),
                unseen,
            ),
        ),
        Reached::CannotBeSeen => Sight::ended(
            State::Succeeded,
            with_qps(
                text(
                    "The cloud took the change without an order: no fee changed.",
                    "云端已接受变更且没有产生订单：费用不变。",
                ),
                true,
            ),
        ),
        Reached::NotYet(missing) => {
            let missing = missing.join(", ");
            Sight::going(
                State::InProgress,
                text(
                    format!("There was no order, and the specification does not show it yet: {missing}."),
                    format!("没有产生订单，规格尚未显示：{missing}。"),
                ),
            )
        }
    }
}

/// A call whose answer was lost: its order, or what it changed.
async fn by_traces(look: &Look<'_>, wanted: &Values) -> Result<Sight, AskError> {
    let before = specification::before(look.before());
    let orders = orders_then(look).await;
    let mut seen = Seen { more: orders.as_ref().is_ok_and(|made| made.more), ..Seen::default() };
    for id in orders.as_ref().map(|made| made.ids.as_slice()).unwrap_or_default() {
        // An order that another run is known to have made is not this one's.
        if look.is_order_of_another(id) {
            continue;
        }
        let order = Order::ask(look, id).await?;
        if order.names(wanted, &before) { seen.fitting.push(order) } else { seen.others.push(order.id) }
    }
    // Orders do not name the instance: with another lost call for the same values it is anybody's.
    let rival = look.siblings.iter().any(|run| {
        run.target == look.run.target && seen.fitting.iter().any(|order| may_have_made(run, order.made))
    });
    if seen.fitting.len() == 1
        && !seen.more
        && !rival
        && let Some(order) = seen.fitting.pop()
    {
        return of_order(look, order, wanted).await;
    }
    let shown = specification::ask(look).await?;
    if specification::differs(wanted, &before)
        && matches!(specification::reached(wanted, &shown), Reached::Yes { .. })
    {
        let now = look.now();
        // What shows long after a call that may never have arrived can be anybody's doing.
        if !look.run.was_taken() && !look.spans().iter().any(|span| span.holds(now)) {
            return Ok(Sight::unclear(shows_late(look.since())));
        }
        return Ok(Sight::ended(
            State::Succeeded,
            text(
                "The specification shows what was asked for; before the call it did not.",
                "规格已显示所请求的值，而调用之前并非如此。",
            ),
        ));
    }
    // The specification alone cannot rule an order out.
    orders?;
    Ok(Sight::unclear(seen.words(look.since())))
}

fn shows_late(since: Timestamp) -> Text {
    let at = since.strftime("%Y-%m-%d %H:%M:%S").to_string();
    text(
        format!(
            "The specification shows what was asked for, but no order that was made when the call was sent, at about {at} UTC, is known to be of it: somebody else can have changed the instance since then. Look in the vendor's console."
        ),
        format!(
            "规格已显示所请求的值，但未能确认在发送调用时（约 {at} UTC）产生的订单属于本次调用，也可能是他人之后变更了该实例，请在云控制台核对。"
        ),
    )
}

/// What a search among the orders saw.
#[derive(Default)]
struct Seen {
    /// Orders that name what was asked for.
    fitting: Vec<Order>,
    /// Ids of those that do not.
    others: Vec<String>,
    /// Whether there were more than are looked into.
    more: bool,
}

impl Seen {
    fn words(&self, since: Timestamp) -> Text {
        let at = in_words(since);
        let one: Vec<&str> = self.fitting.iter().map(|order| order.id.as_str()).collect();
        let (one, other) = (one.join(", "), self.others.join(", "));
        let said = if !self.fitting.is_empty() {
            text(
                format!(
                    "Orders since {at} name these values, and more than one call can have made them: {one}. Orders do not name the instance; look into them in the vendor's console."
                ),
                format!(
                    "自 {at} 起有订单包含这些值，但可能由不止一次调用产生：{one}。订单不包含实例，请在云控制台核对。"
                ),
            )
        } else if !self.others.is_empty() {
            text(
                format!(
                    "The orders since {at} do not name these values: {other}. The specification does not show them either."
                ),
                format!("自 {at} 起的订单不包含这些值：{other}，规格也未显示。"),
            )
        } else {
            text(
                format!(
                    "No trace was found: no order for a change since {at}, and the specification does not show what was asked for."
                ),
                format!("没有找到痕迹：自 {at} 起没有变更订单，规格也未显示所请求的值。"),
            )
        };
        if !self.more {
            return said;
        }
        text(
            format!(
                "{} There are more orders than are looked at here; look in the vendor's console.",
                said.en
            ),
            format!("{}订单数超过此处查看的范围，请在云控制台核对。", said.zh),
        )
    }
}

/// Orders of the time of the call.
#[derive(Debug, Default, PartialEq, Eq)]
struct Made {
    /// Their ids.
    ids: Vec<String>,
    /// Whether there were more than are looked into.
    more: bool,
}

/// The orders that the call can have made.
async fn orders_then(look: &Look<'_>) -> Result<Made, AskError> {
    let mut made = Made::default();
    for span in look.spans() {
        let list = look.ask("huaweibss.ListCustomerOrders", asked(span)).await?;
        let then = made_in(&list, span);
        made.ids.extend(then.ids);
        made.more |= then.more;
    }
    Ok(made)
}

/// Newest first, and bounded at both ends: else later orders push those of the call out of the list.
fn asked(span: Span) -> Value {
    let seconds = |at: Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    json!({
        "service_type_code": SERVICE_TYPE, "order_type": "3", "order_by": "-createTime", "limit": LISTED,
        "create_time_begin": seconds(span.from), "create_time_end": seconds(span.until),
    })
}

fn made_in(list: &Value, span: Span) -> Made {
    // A time that cannot be read rules nothing out.
    let in_time =
        |row: &&Value| text_at(row, "/create_time").parse().ok().is_none_or(|made| span.holds(made));
    let orders = rows(list, "/order_infos");
    let mut ids: Vec<String> = orders.iter().filter(in_time).map(|row| text_at(row, "/order_id")).collect();
    let more = ids.len() > LOOKED_INTO || orders.len() >= LISTED;
    ids.truncate(LOOKED_INTO);
    Made { ids, more }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::Standing;

    fn order(status: i64, paid: Option<&str>, described: &str) -> Order {
        Order::read(&json!({
            "total_count": 1,
            "order_info": {
                "order_id": "CS2401020304ABCDE", "status": status, "order_type": 3,
                "service_type_code": SERVICE_TYPE, "amount_after_discount": 4200.0, "official_amount": 4200.0,
                "measure_id": 1, "currency": "CNY", "create_time": "2026-11-20T08:00:01Z", "payment_time": paid,
                "pending_payment_end_time": if status == 6 { Some("2026-11-27T08:00:01Z") } else { None },
            },
            "order_line_items": [{"order_line_item_id": "CS-1", "product_spec_desc": described}],
        }))
    }

    #[test]
    fn an_order_that_is_not_paid_says_so_with_its_amount_and_until_when() {
        let sight = open(&order(6, None, ""), State::Accepted, None);
        assert_eq!(sight.standing, Standing::Going(State::AwaitingPayment));
        for part in ["CS2401020304ABCDE", "not paid", "CNY 4,200.00", "until 2026-11-27T08:00:01Z."] {
            assert!(sight.detail.en.contains(part), "{part}: {}", sight.detail.en);
        }
    }

    #[test]
    fn a_cancelled_order_failed_if_it_was_paid() {
        let ended = |order: Order, state| open(&order, state, None).standing;
        let cancelled = order(4, None, "");
        assert_eq!(ended(cancelled.clone(), State::AwaitingPayment), Standing::Ended(State::Cancelled));
        assert_eq!(ended(cancelled, State::InProgress), Standing::Ended(State::Failed));
        let paid = order(4, Some("2026-11-20T08:00:09Z"), "");
        assert_eq!(ended(paid, State::Accepted), Standing::Ended(State::Failed));
        let by_us = open(&order(4, None, ""), State::AwaitingPayment, Some("run_2"));
        assert_eq!(by_us.detail.en, "Cancelled by run_2.");
    }

    #[test]
    fn other_statuses_are_in_progress() {
        for status in [1, 2, 3, 9, 10] {
            let sight = open(&order(status, None, ""), State::AwaitingPayment, None);
            assert_eq!(sight.standing, Standing::Going(State::InProgress), "{status}");
        }
    }

    #[test]
    fn a_completed_order_counts_when_the_specification_shows_it() {
        let done = order(5, Some("2026-11-20T08:00:09Z"), "");
        let sight = completed(&done, Reached::NotYet(vec!["port_num".to_owned()]));
        assert_eq!(sight.standing, Standing::Going(State::InProgress));
        assert!(sight.detail.en.contains("port_num"));
        let sight = completed(&done, Reached::Yes { unseen: true });
        assert_eq!(sight.standing, Standing::Ended(State::Succeeded));
        assert!(sight.detail.en.contains("QPS cannot be read back"));
        assert_eq!(completed(&done, Reached::CannotBeSeen).standing, Standing::Ended(State::Succeeded));
    }

    #[test]
    fn a_change_without_a_fee_is_done_when_it_shows() {
        assert_eq!(without_order(Reached::Yes { unseen: false }).standing, Standing::Ended(State::Succeeded));
        assert_eq!(without_order(Reached::CannotBeSeen).standing, Standing::Ended(State::Succeeded));
        let missing = Reached::NotYet(vec!["port_num".to_owned()]);
        assert_eq!(without_order(missing).standing, Standing::Going(State::InProgress));
    }

    #[test]
    fn an_order_is_recognised_by_the_values_that_it_names() {
        let described = order(3, None, "业务带宽（Mbit/s）: 100 -> 200 | 防护域名数: 50 -> 60");
        let values = |of: Value| -> Values {
            let members = of.as_object().unwrap().iter();
            members.map(|(name, value)| (name.clone(), value.as_i64().unwrap())).collect()
        };
        let before = values(json!({"service_bandwidth": 100, "bind_domain_num": 50}));
        let names = |wanted: Value| described.names(&values(wanted), &before);
        assert!(names(json!({"service_bandwidth": 200, "bind_domain_num": 60})));
        // What stays as it is need not be named; what is billed afterwards is not.
        assert!(names(json!({"service_bandwidth": 200, "elastic_service_bandwidth": 7})));
        assert!(!names(json!({"service_bandwidth": 20})), "part of a number is another number");
        assert!(!names(json!({"service_bandwidth": 200, "bind_domain_num": 65})));
        assert!(!names(json!({"elastic_service_bandwidth": 200})), "no order is made for that");
    }

    fn span() -> Span {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        Span { from: at("2026-11-20T07:58:00Z"), until: at("2026-11-20T08:15:00Z") }
    }

    #[test]
    fn only_orders_of_the_time_of_the_call_are_looked_into() {
        let list = json!({"total_count": 3, "order_infos": [
            {"order_id": "late", "create_time": "2026-11-20T09:00:00Z"},
            {"order_id": "ours", "create_time": "2026-11-20T08:00:01Z"},
            {"order_id": "early", "create_time": "2026-11-20T07:00:00Z"},
        ]});
        assert_eq!(made_in(&list, span()), Made { ids: vec!["ours".to_owned()], more: false });
        // Only what was made then is listed, so that later ones do not push it out.
        let asked = asked(span());
        assert_eq!(asked["create_time_begin"], "2026-11-20T07:58:00Z");
        assert_eq!(asked["create_time_end"], "2026-11-20T08:15:00Z");
    }

    #[test]
    fn orders_that_are_not_looked_into_are_not_passed_over_in_silence() {
        let made = |count: usize| {
            let row =
                |number| json!({"order_id": format!("{number}"), "create_time": "2026-11-20T08:00:01Z"});
            made_in(&json!({"order_infos": (0..count).map(row).collect::<Vec<_>>()}), span())
        };
        assert!(!made(LOOKED_INTO).more && made(LOOKED_INTO).ids.len() == LOOKED_INTO);
        assert!(made(LOOKED_INTO + 1).more && made(LOOKED_INTO + 1).ids.len() == LOOKED_INTO);
        let words = Seen { more: true, ..Seen::default() }.words(span().from);
        assert!(words.en.contains("more orders than are looked at"), "{}", words.en);
    }
}
