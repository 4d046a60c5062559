//! Orders: `GetOrderDetail`, `QueryOrders` and `CancelOrder`.

use super::price::Quote;
use super::{
    Balance, Bss, Conduct, HOST, MONTH_SECONDS, PRODUCT_CODE, Site, Subscription, asked_site, not_applicable,
    not_exists, read, success,
};
use crate::accounts::ALIBABA_ACCOUNT_ID;
use crate::crowd::{Member, Stock};
use crate::moment::{Moment, later, seconds_utc};
use crate::paging::NumberedPage;
use crate::rpc::{Asked, Refusal, Reply};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// An order is paid, or cancelled, this long after it was made.
const PAYMENT_SECONDS: i64 = 10;
/// `QueryOrders` without times looks this far back (companions.md section 3).
const LOOK_BACK_SECONDS: i64 = 3600;
const ORDER_TYPES: [&str; 12] = [
    "New",
    "Renew",
    "Upgrade",
    "TempUpgrade",
    "Downgrade",
    "Refund",
    "Convert",
    "ResizeDisk",
    "CompensatoryRenew",
    "IncreaseUpgrade",
    "Exchange",
    "ChangeOperatingSystem",
];

/// One order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Order {
    pub(super) order_id: String,
    instance_id: String,
    order_type: &'static str,
    payment_status: &'static str,
    site: Site,
    region: &'static str,
    gross_cents: i64,
    net_cents: i64,
    months: i64,
    config: Map<String, Value>,
    original_config: Map<String, Value>,
    created: Timestamp,
    paid: Option<Timestamp>,
    usage_start: Timestamp,
    usage_end: Timestamp,
}

impl Order {
    pub(super) fn new(
        subscription: &Subscription,
        months: i64,
        config: Map<String, Value>,
        price: Quote,
        moment: &Moment<'_>,
    ) -> Self {
        Self {
            order_id: format!("{}{}", moment.date_digits(), moment.digits(7)),
            instance_id: subscription.id.clone(),
            order_type: "Renew",
            payment_status: "Unpaid",
            site: subscription.site,
            region: subscription.region,
            gross_cents: price.original_cents,
            net_cents: price.trade_cents,
            months,
            config,
            original_config: subscription.config.clone(),
            created: moment.now,
            paid: None,
            usage_start: subscription.end_time,
            usage_end: later(subscription.end_time, months * MONTH_SECONDS),
        }
    }

    /// Brings the order, and with it the subscription, up to this moment. What the account cannot pay stays unpaid.
    pub(super) fn settle(
        &mut self,
        subscriptions: &mut Stock<Subscription>,
        balance: &mut Balance,
        now: Timestamp,
    ) {
        let due = later(self.created, PAYMENT_SECONDS);
        if self.payment_status != "Unpaid" || due > now {
            return;
        }
        let Some(subscription) = subscriptions.find_mut(&self.instance_id) else { return };
        match subscription.conduct {
            Conduct::Cancelled => self.payment_status = "Cancelled",
            Conduct::StaysUnpaid => {}
            _ => {
                let available = balance.at(self.site);
                if self.net_cents <= *available {
                    *available -= self.net_cents;
                    self.pay(subscription, due);
                }
            }
        }
    }

    fn pay(&mut self, subscription: &mut Subscription, at: Timestamp) {
        self.payment_status = "Paid";
        self.paid = Some(at);
        subscription.end_time = later(subscription.end_time, self.months * MONTH_SECONDS);
        subscription.config.extend(self.config.clone());
        subscription.settle(at);
    }

    fn summary(&self) -> Value {
        json!({
            "OrderId": self.order_id,
            "OrderType": self.order_type,
            "ProductCode": PRODUCT_CODE,
            "ProductType": self.site.product_type(),
            "CommodityCode": self.site.product_type(),
            "SubscriptionType": "Subscription",
            "PaymentStatus": self.payment_status,
            "CreateTime": seconds_utc(self.created),
            "PaymentTime": self.paid.map(seconds_utc).unwrap_or_default(),
            "Currency": self.site.currency(),
            "PaymentCurrency": self.site.currency(),
            "PretaxGrossAmount": money(self.gross_cents),
            "PretaxAmount": money(self.net_cents),
            "PretaxAmountLocal": money(self.net_cents),
            "Tax": "0.00",
            "AfterTaxAmount": money(self.net_cents),
            "RelatedOrderId": "",
        })
    }

    fn detail(&self) -> Value {
        let mut wanted = self.original_config.clone();
        wanted.extend(self.config.clone());
        let mut detail = self.summary();
        detail["SubOrderId"] = json!(format!("{}0001", self.order_id));
        detail["OrderSubType"] = json!("");
        detail["Quantity"] = json!("1");
        detail["Region"] = json!(self.region);
        detail["Operator"] = json!(ALIBABA_ACCOUNT_ID);
        detail["UsageStartTime"] = json!(seconds_utc(self.usage_start));
        detail["UsageEndTime"] = json!(seconds_utc(self.usage_end));
        // An array, in text (companions.md section 3).
        detail["InstanceIDs"] = json!(json!([self.instance_id]).to_string());
        detail["Config"] = json!(properties(&wanted));
        detail["OriginalConfig"] = json!(properties(&self.original_config));
        detail["ExtendInfos"] = json!({});
        detail
    }
}

impl Bss {
    /// `GetOrderDetail`. An order that does not exist is an empty list; one of the other site is not applicable.
    pub(crate) fn order_detail(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let id = asked.parameters.filled("OrderId").unwrap_or_default();
        let order = self.orders.iter().find(|known| known.order_id == id);
        if order.is_some_and(|order| order.site != asked_site(asked)) {
            return Err(not_applicable());
        }
        let details: Vec<Value> = order.into_iter().map(Order::detail).collect();
        read(json!({
            "HostName": HOST,
            "PageNum": 1,
            "PageSize": 20,
            "TotalCount": details.len(),
            "OrderList": {"Order": details},
        }))
    }

    /// `QueryOrders`: newest first, and of the last hour only when no time is given.
    pub(crate) fn orders(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let parameters = asked.parameters;
        let to = parameters.time("CreateTimeEnd")?.unwrap_or(asked.moment.now);
        let from = parameters.time("CreateTimeStart")?.unwrap_or_else(|| later(to, -LOOK_BACK_SECONDS));
        let kind = parameters.one_of("OrderType", &ORDER_TYPES)?;
        let payment = parameters.one_of("PaymentStatus", &["Unpaid", "Paid", "Cancelled"])?;
        let billing = parameters.one_of("SubscriptionType", &["Subscription", "PayAsYouGo"])?;
        let product = parameters.filled("ProductCode");
        let product_type = parameters.filled("ProductType");
        let page = NumberedPage::read(parameters)?;
        let site = asked_site(asked);
        let found = self.orders.iter().rev().filter(|order| {
            order.site == site
                && (from..=to).contains(&order.created)
                && kind.is_none_or(|kind| kind == order.order_type)
                && payment.is_none_or(|payment| payment == order.payment_status)
                && billing.is_none_or(|billing| billing == "Subscription")
                && product.is_none_or(|product| product == PRODUCT_CODE)
                && product_type.is_none_or(|kind| kind == site.product_type())
        });
        let (orders, total) = page.cut(found);
        let rows: Vec<Value> = orders.into_iter().map(Order::summary).collect();
        read(json!({
            "HostName": HOST,
            "PageNum": page.number,
            "PageSize": page.size,
            "TotalCount": total,
            "OrderList": {"Order": rows},
        }))
    }

    /// `CancelOrder`: only an order that is not paid.
    pub(crate) fn cancel_order(&mut self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let id = asked.parameters.filled("OrderId").unwrap_or_default();
        let site = asked_site(asked);
        let order = self.orders.iter_mut().find(|known| known.order_id == id).ok_or_else(not_exists)?;
        if order.site != site {
            return Err(not_applicable());
        }
        if order.payment_status != "Unpaid" {
            return Err(Refusal::new(
                400,
                "ORDER.STATUS_ILLEGAL",
                "The order is not unpaid and cannot be canceled.",
            ));
        }
        order.payment_status = "Cancelled";
        Ok(Reply::applied(success(json!({"HostId": HOST}))))
    }

    /// Pays an order as a person would in the cloud's own console, by other means than the balance. Returns whether
    /// there was one to pay.
    pub(crate) fn pay_order(&mut self, id: &str, now: Timestamp) -> bool {
        let mut waiting = self.orders.iter_mut().filter(|order| order.payment_status == "Unpaid");
        let Some(order) = waiting.find(|order| order.order_id == id) else { return false };
        let Some(subscription) = self.subscriptions.find_mut(&order.instance_id) else { return false };
        order.pay(subscription, now);
        true
    }
}

/// `Code:value`, separated by commas, as prices are asked for.
fn properties(config: &Map<String, Value>) -> String {
    let pairs: Vec<String> =
        config.iter().map(|(code, value)| format!("{code}:{}", value.as_str().unwrap_or_default())).collect();
    pairs.join(",")
}

/// Hundredths as the text that orders show.
fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
