//! Billing (BSS OpenAPI 2017-12-14): subscriptions, renewals with a change, and their orders (apis.md section 4,
//! companions.md section 3).

use crate::moment::{Moment, later};
use crate::rpc::{Parameters, Refusal, Reply};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Months that an instance can be renewed for (apis.md section 4).
const PERIODS: [i64; 12] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36];
/// At most this many module properties (apis.md section 4).
const MOST_PARAMETERS: usize = 100;
/// An order is paid, or cancelled, this long after it was made.
const PAYMENT_SECONDS: i64 = 10;
/// The site that the simulated account belongs to.
const ACCOUNT_SITE: Site = Site::China;
/// A month, as the simulator counts.
const MONTH_SECONDS: i64 = 30 * 86_400;

/// The two sites of the cloud; an account belongs to one (apis.md section 4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Site {
    China,
    International,
}

impl Site {
    /// The site that a host name stands for. Another host, such as a loopback address, says nothing.
    pub(crate) fn of_host(host: &str) -> Option<Self> {
        match host {
            "business.aliyuncs.com" => Some(Self::China),
            "business.ap-southeast-1.aliyuncs.com" => Some(Self::International),
            _ => None,
        }
    }
}

/// What becomes of the order of an instance, or of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Conduct {
    /// The order is paid.
    Paid,
    /// The order stays unpaid.
    StaysUnpaid,
    /// The order is cancelled instead of being paid.
    Cancelled,
    /// The account has not filled in its profile.
    ProfileIncomplete,
    /// The service fails.
    InternalError,
    /// HTTP 200 with `Success: false`.
    SoftFailure,
    /// The module codes of the call are not known.
    UnknownModule,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Order {
    order_id: String,
    instance_id: String,
    order_type: &'static str,
    payment_status: &'static str,
    currency: &'static str,
    pretax_amount: String,
    months: i64,
    config: Map<String, Value>,
    created: Timestamp,
    paid: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Subscription {
    id: String,
    product_code: &'static str,
    product_type: &'static str,
    region: &'static str,
    site: Site,
    status: &'static str,
    end_time: Timestamp,
    config: Map<String, Value>,
    price_per_month: i64,
    conduct: Conduct,
}

/// All subscriptions and orders.
#[derive(Serialize)]
pub(crate) struct Bss {
    subscriptions: Vec<Subscription>,
    orders: Vec<Order>,
}

impl Bss {
    pub(crate) fn new(now: Timestamp) -> Self {
        let normal = |number: u32, conduct: Conduct| Subscription {
            id: format!("vipcloudfw-cn-7mz2k0t9{number:03}"),
            product_code: "vipcloudfw",
            product_type: "vipcloudfw",
            region: "cn-hangzhou",
            site: Site::China,
            status: "Normal",
            end_time: later(now, 20 * 86_400),
            config: Map::from_iter([
                ("Bandwidth".to_owned(), json!("50")),
                ("FwVpcNumber".to_owned(), json!("2")),
            ]),
            price_per_month: 3_880,
            conduct,
        };
        Self {
            subscriptions: vec![
                normal(1, Conduct::Paid),
                Subscription {
                    status: "Expired",
                    end_time: later(now, -40 * 86_400),
                    ..normal(2, Conduct::Paid)
                },
                Subscription {
                    id: "vipcloudfw-intl-7mz2k0t9003".to_owned(),
                    product_type: "cfw_pre_intl",
                    region: "ap-southeast-1",
                    site: Site::International,
                    price_per_month: 560,
                    ..normal(3, Conduct::Paid)
                },
                normal(4, Conduct::ProfileIncomplete),
                normal(5, Conduct::InternalError),
                normal(6, Conduct::SoftFailure),
                normal(7, Conduct::StaysUnpaid),
                normal(8, Conduct::Cancelled),
                normal(9, Conduct::UnknownModule),
                Subscription {
                    status: "WaitForExpire",
                    end_time: later(now, 2 * 86_400),
                    ..normal(10, Conduct::Paid)
                },
            ],
            orders: Vec::new(),
        }
    }

    /// Brings every order and subscription up to this moment.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        for order in self.orders.iter_mut().filter(|order| order.payment_status == "Unpaid") {
            let due = later(order.created, PAYMENT_SECONDS);
            let Some(subscription) =
                self.subscriptions.iter_mut().find(|known| known.id == order.instance_id && due <= now)
            else {
                continue;
            };
            match subscription.conduct {
                Conduct::Cancelled => order.payment_status = "Cancelled",
                Conduct::StaysUnpaid => {}
                _ => {
                    order.payment_status = "Paid";
                    order.paid = Some(due);
                    subscription.status = "Normal";
                    subscription.end_time = later(subscription.end_time, order.months * MONTH_SECONDS);
                    subscription.config.extend(order.config.clone());
                }
            }
        }
    }

    /// `RenewChangeInstance`. `asked_site` is the site that the host stands for, when it stands for one; otherwise the
    /// site is taken as the account's own.
    pub(crate) fn renew_change(
        &mut self,
        parameters: &Parameters<'_>,
        asked_site: Option<Site>,
        moment: &Moment<'_>,
    ) -> Result<Reply, Refusal> {
        let months: i64 = parameters
            .filled("RenewPeriod")
            .and_then(|text| text.parse().ok())
            .filter(|months| PERIODS.contains(months))
            .ok_or_else(|| Refusal::invalid("RenewPeriod"))?;
        let config = modules(parameters)?;
        let id = parameters.filled("InstanceId").unwrap_or_default();
        let subscription = self
            .subscriptions
            .iter()
            .find(|known| {
                known.id == id
                    && parameters.filled("ProductCode") == Some(known.product_code)
                    && parameters.filled("ProductType").is_none_or(|kind| kind == known.product_type)
            })
            .ok_or_else(not_exists)?;
        if asked_site.unwrap_or(ACCOUNT_SITE) != subscription.site {
            return Err(Refusal::new(400, "NotApplicable", "This API is not applicable for caller."));
        }
        if subscription.status == "Expired" {
            return Err(not_exists());
        }
        match subscription.conduct {
            Conduct::ProfileIncomplete => {
                return Err(Refusal::new(
                    400,
                    "ORDER.ACCOUNT_STATUS_ILLEGAL",
                    "Please complete your basic personal information first.",
                ));
            }
            Conduct::InternalError => {
                return Err(Refusal::new(
                    500,
                    "InternalError",
                    "The request processing has failed due to some unknown error.",
                ));
            }
            Conduct::SoftFailure => {
                return Ok(Reply {
                    body: json!({
                        "Code": "InvalidConfigCode",
                        "Message": "The specified config code is invalid.",
                        "Success": false,
                    }),
                    applied: false,
                });
            }
            Conduct::UnknownModule if !config.is_empty() => {
                return Err(Refusal::new(400, "InvalidModuleCode", "The specified module code is invalid."));
            }
            Conduct::UnknownModule | Conduct::Paid | Conduct::StaysUnpaid | Conduct::Cancelled => {}
        }
        let order_id = format!("{}{}", moment.date_digits(), moment.digits(7));
        self.orders.push(Order {
            order_id: order_id.clone(),
            instance_id: subscription.id.clone(),
            order_type: "Renew",
            payment_status: "Unpaid",
            currency: if subscription.site == Site::China { "CNY" } else { "USD" },
            pretax_amount: format!("{}.00", subscription.price_per_month * months),
            months,
            config,
            created: moment.now,
            paid: None,
        });
        Ok(Reply {
            // `Code` is text here and a number on Kafka (apis.md section 1).
            body: json!({
                "Code": "Success",
                "Message": "Successful!",
                "Success": true,
                "Data": {"OrderId": order_id, "HostId": "100.100.64.1:8150"},
            }),
            applied: true,
        })
    }
}

fn not_exists() -> Refusal {
    Refusal::new(400, "ResourceNotExists", "The specific resource is not exists.")
}

/// `Parameter.N.Code` and `Parameter.N.Value`, N from 1 to 100; both are needed (apis.md section 4).
fn modules(parameters: &Parameters<'_>) -> Result<Map<String, Value>, Refusal> {
    let mut numbers: Vec<usize> = Vec::new();
    for (name, _) in parameters.iter().filter(|(name, _)| name.starts_with("Parameter.")) {
        let number = name
            .strip_prefix("Parameter.")
            .and_then(|rest| rest.strip_suffix(".Code").or_else(|| rest.strip_suffix(".Value")))
            .and_then(|number| number.parse::<usize>().ok())
            .filter(|number| (1..=MOST_PARAMETERS).contains(number))
            .ok_or_else(|| Refusal::invalid(name))?;
        numbers.push(number);
    }
    numbers.sort_unstable();
    numbers.dedup();
    let mut config = Map::new();
    for number in numbers {
        let part = |part: &str| {
            let name = format!("Parameter.{number}.{part}");
            parameters.filled(&name).ok_or_else(|| Refusal::missing(&name))
        };
        config.insert(part("Code")?.to_owned(), json!(part("Value")?));
    }
    Ok(config)
}
