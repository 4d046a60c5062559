//! The orders of the Huawei account, which changes of Anti-DDoS instances make (companions.md section 5, "Orders").
//! Errors: support.huaweicloud.com, "CancelCustomerOrder", status codes.

use super::{Aad, Conduct, Instance, Specification};
use crate::crowd::Stock;
use crate::huawei::{Query, Refusal};
use crate::moment::{Moment, later, seconds_utc};
use crate::paging::window;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

/// An order that the account may pay is paid after this long, and completed after so much longer.
const PAYMENT_SECONDS: i64 = 5;
const PROCESSING_SECONDS: i64 = 15;
/// An order that nobody pays is cancelled after seven days.
const UNPAID_SECONDS: i64 = 7 * 86_400;
/// Statuses (companions.md section 5).
const PROCESSING: u32 = 3;
const CANCELLED: u32 = 4;
const COMPLETED: u32 = 5;
const UNPAID: u32 = 6;
/// `order_type`: a change.
const CHANGE: u32 = 3;
const SERVICE_TYPE: &str = "hws.service.type.aad";
/// Orders on a page unless the caller says otherwise, and at most.
const PAGE: usize = 10;
const MOST_ON_A_PAGE: usize = 100;
/// What one unit more of each costs for a month, in hundredths of a yuan.
const BASIC_BANDWIDTH_PRICE: i64 = 100_000;
const SERVICE_BANDWIDTH_PRICE: i64 = 2_500;
const PORT_PRICE: i64 = 1_000;
const DOMAIN_PRICE: i64 = 3_000;
const QPS_PRICE: i64 = 80;

/// One order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Order {
    pub(super) order_id: String,
    instance_id: String,
    /// 3 processing, 4 cancelled, 5 completed, 6 unpaid.
    status: u32,
    order_type: u32,
    created: Timestamp,
    /// The account pays by itself.
    pays_itself: bool,
    paid: Option<Timestamp>,
    amount_cents: i64,
    expires: Timestamp,
    before: Specification,
    specification: Specification,
}

impl Order {
    pub(super) fn new(
        instance: &Instance,
        wanted: Specification,
        pays_itself: bool,
        moment: &Moment<'_>,
    ) -> Self {
        let date = moment.date_digits();
        let days = (instance.expires.as_second() - moment.now.as_second()) / 86_400;
        Self {
            order_id: format!(
                "CS{}{}",
                date.get(2..).unwrap_or_default(),
                moment.hex().to_ascii_uppercase().split_at(9).0
            ),
            instance_id: instance.instance_id.clone(),
            status: UNPAID,
            order_type: CHANGE,
            created: moment.now,
            pays_itself,
            paid: None,
            amount_cents: more_a_month(&instance.specification, &wanted) * days / 30,
            expires: instance.expires,
            before: instance.specification.clone(),
            specification: wanted,
        }
    }

    /// Brings the order, and with it the instance, up to this moment.
    pub(super) fn settle(&mut self, instances: &mut Stock<Instance>, now: Timestamp) {
        if self.status == UNPAID {
            let payment = later(self.created, PAYMENT_SECONDS);
            if self.pays_itself && payment <= now {
                self.pay(payment);
            } else if later(self.created, UNPAID_SECONDS) <= now {
                self.status = CANCELLED;
            }
        }
        let done = self.paid.is_some_and(|paid| later(paid, PROCESSING_SECONDS) <= now);
        if self.status != PROCESSING || !done {
            return;
        }
        let Some(instance) = instances.find_mut(&self.instance_id) else { return };
        if instance.conduct == Conduct::Cancelled {
            self.status = CANCELLED;
        } else {
            self.status = COMPLETED;
            instance.specification = self.specification.clone();
        }
    }

    fn pay(&mut self, at: Timestamp) {
        self.status = PROCESSING;
        self.paid = Some(at);
    }

    fn pending_until(&self) -> Option<String> {
        (self.status == UNPAID).then(|| seconds_utc(later(self.created, UNPAID_SECONDS)))
    }

    fn amount(&self) -> f64 {
        self.amount_cents as f64 / 100.0
    }

    fn info(&self, language: Language) -> Value {
        json!({
            "order_id": self.order_id,
            "customer_id": crate::accounts::HUAWEI_DOMAIN_ID,
            "service_type_code": SERVICE_TYPE,
            "service_type_name": language.service(),
            "source_type": 1,
            "status": self.status,
            "order_type": self.order_type,
            "amount_after_discount": self.amount(),
            "official_amount": self.amount(),
            "measure_id": 1,
            "create_time": seconds_utc(self.created),
            "payment_time": self.paid.map(seconds_utc),
            "currency": "CNY",
            "contract_id": "",
            "amount_info": {
                "discounts": [],
                "flexipurchase_coupon_amount": 0,
                "coupon_amount": 0,
                "stored_card_amount": 0,
                "commission_amount": 0,
                "consumed_amount": if self.paid.is_some() { self.amount() } else { 0.0 },
            },
        })
    }

    fn line(&self, language: Language) -> Value {
        json!({
            "order_line_item_id": format!("{}-000001", self.order_id),
            "service_type_code": SERVICE_TYPE,
            "service_type_name": language.service(),
            "product_id": "00301-aad-0-0--0",
            "product_spec_desc": changes(&self.before, &self.specification, language),
            "period_type": 2,
            "period_num": 1,
            "effective_time": seconds_utc(self.paid.unwrap_or(self.created)),
            "expire_time": seconds_utc(self.expires),
            "subscription_num": 1,
            "amount_after_discount": self.amount(),
            "official_amount": self.amount(),
            "currency": "CNY",
            "category_code": "main",
            "order_id": self.order_id,
        })
    }
}

/// `X-Language`; Chinese unless asked otherwise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Chinese,
    English,
}

impl Language {
    /// Reads the header.
    pub(crate) fn read(header: Option<&str>) -> Result<Self, Refusal> {
        match header {
            None | Some("" | "zh_CN") => Ok(Self::Chinese),
            Some("en_US") => Ok(Self::English),
            Some(_) => Err(wrong()),
        }
    }

    fn service(self) -> &'static str {
        if self == Self::English { "Advanced Anti-DDoS" } else { "DDoS高防" }
    }
}

impl Aad {
    /// `ShowCustomerOrderDetails`.
    pub(crate) fn order(&self, id: &str, query: &Query, language: Language) -> Result<Value, Refusal> {
        let (offset, limit) = page(query)?;
        let order =
            self.orders.iter().find(|known| known.order_id.eq_ignore_ascii_case(id)).ok_or_else(wrong)?;
        let (lines, total) = window(std::iter::once(order.line(language)), offset, limit);
        let mut info = order.info(language);
        info["user_name"] = json!(crate::accounts::IAM_USER.name);
        info["pending_payment_end_time"] = json!(order.pending_until());
        info["sub_order_infos"] = Value::Null;
        Ok(json!({"total_count": total, "order_info": info, "order_line_items": lines}))
    }

    /// `ListCustomerOrders`: oldest first, unless `order_by` is `-createTime`.
    pub(crate) fn order_list(&self, query: &Query, language: Language) -> Result<Value, Refusal> {
        let (offset, limit) = page(query)?;
        let number =
            |name: &str| query.filled(name).map(|text| text.parse::<u32>().map_err(|_| wrong())).transpose();
        let time = |name: &str| {
            query.filled(name).map(|text| text.parse::<Timestamp>().map_err(|_| wrong())).transpose()
        };
        let (status, kind) = (number("status")?, number("order_type")?);
        let (from, to) = (time("create_time_begin")?, time("create_time_end")?);
        let (paid_from, paid_to) = (time("payment_time_begin")?, time("payment_time_end")?);
        let id = query.filled("order_id");
        let service = query.filled("service_type_code");
        let newest_first = match query.filled("order_by") {
            None => false,
            Some(order) if order.eq_ignore_ascii_case("createTime") => false,
            Some(order) if order.eq_ignore_ascii_case("-createTime") => true,
            Some(_) => return Err(wrong()),
        };
        let mut found: Vec<&Order> = self
            .orders
            .iter()
            .filter(|order| {
                status.is_none_or(|status| status == order.status)
                    && kind.is_none_or(|kind| kind == order.order_type)
                    && id.is_none_or(|id| order.order_id.eq_ignore_ascii_case(id))
                    && service.is_none_or(|service| service.eq_ignore_ascii_case(SERVICE_TYPE))
                    && from.is_none_or(|from| from <= order.created)
                    && to.is_none_or(|to| order.created <= to)
                    && paid_from.is_none_or(|from| order.paid.is_some_and(|paid| from <= paid))
                    && paid_to.is_none_or(|to| order.paid.is_some_and(|paid| paid <= to))
            })
            .collect();
        if newest_first {
            found.reverse();
        }
        let (orders, total) = window(found.into_iter(), offset, limit);
        let infos: Vec<Value> = orders.into_iter().map(|order| order.info(language)).collect();
        Ok(json!({"total_count": total, "order_infos": infos}))
    }

    /// `CancelCustomerOrder`: only an order that nobody has paid.
    pub(crate) fn cancel_order(&mut self, body: &[u8]) -> Result<(), Refusal> {
        let body: Value = serde_json::from_slice(body).map_err(|_| wrong())?;
        let id = body.get("order_id").and_then(Value::as_str).ok_or_else(wrong)?;
        let order =
            self.orders.iter_mut().find(|known| known.order_id.eq_ignore_ascii_case(id)).ok_or_else(wrong)?;
        if order.status != UNPAID {
            return Err(Refusal::ServiceMessage {
                status: 400,
                code: "CBC.99005010",
                message: "The order status does not allow cancellation.",
            });
        }
        order.status = CANCELLED;
        Ok(())
    }

    /// Pays an order as a person would in the cloud's own console. Returns whether there was one to pay.
    pub(crate) fn pay_order(&mut self, id: &str, now: Timestamp) -> bool {
        let mut waiting = self.orders.iter_mut().filter(|order| order.status == UNPAID);
        let order = waiting.find(|order| order.order_id == id);
        order.map(|order| order.pay(now)).is_some()
    }
}

/// `offset` and `limit`.
fn page(query: &Query) -> Result<(usize, usize), Refusal> {
    let number = |name: &str, default: usize| match query.filled(name) {
        None => Ok(default),
        Some(text) => text.parse::<usize>().map_err(|_| wrong()),
    };
    let (offset, limit) = (number("offset", 0)?, number("limit", PAGE)?);
    if (1..=MOST_ON_A_PAGE).contains(&limit) { Ok((offset, limit)) } else { Err(wrong()) }
}

fn wrong() -> Refusal {
    Refusal::ServiceMessage { status: 400, code: "CBC.0100", message: "Parameter error." }
}

fn more_a_month(before: &Specification, after: &Specification) -> i64 {
    (after.basic_bandwidth - before.basic_bandwidth) * BASIC_BANDWIDTH_PRICE
        + (after.service_bandwidth - before.service_bandwidth) * SERVICE_BANDWIDTH_PRICE
        + (after.port_num - before.port_num) * PORT_PRICE
        + (after.bind_domain_num - before.bind_domain_num) * DOMAIN_PRICE
        + (after.basic_qps - before.basic_qps) * QPS_PRICE
}

fn changes(before: &Specification, after: &Specification, language: Language) -> String {
    let changes: Vec<String> = [
        ("Basic bandwidth (Gbit/s)", "保底带宽（Gbit/s）", before.basic_bandwidth, after.basic_bandwidth),
        (
            "Elastic bandwidth (Gbit/s)",
            "弹性带宽（Gbit/s）",
            before.elastic_bandwidth,
            after.elastic_bandwidth,
        ),
        (
            "Service bandwidth (Mbit/s)",
            "业务带宽（Mbit/s）",
            before.service_bandwidth,
            after.service_bandwidth,
        ),
        ("Forwarding rules", "转发规则数", before.port_num, after.port_num),
        ("Protected domains", "防护域名数", before.bind_domain_num, after.bind_domain_num),
        ("QPS", "业务QPS", before.basic_qps, after.basic_qps),
    ]
    .into_iter()
    .filter(|(_, _, before, after)| before != after)
    .map(|(english, chinese, before, after)| {
        let name = if language == Language::English { english } else { chinese };
        format!("{name}: {before} -> {after}")
    })
    .collect();
    changes.join(" | ")
}
