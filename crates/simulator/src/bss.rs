//! Billing (BSS OpenAPI 2017-12-14): products, subscriptions, prices, renewals with a change, and orders (apis.md
//! section 4, companions.md section 3).

mod orders;
mod price;
mod products;
mod renew;
mod subscriptions;

use crate::crowd::{Member, Stock, number_after};
use crate::moment::later;
use crate::rpc::{Asked, Refusal, Reply};
use jiff::Timestamp;
use orders::Order;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The site that the simulated account belongs to.
const ACCOUNT_SITE: Site = Site::China;
/// A month, as the simulator counts.
const MONTH_SECONDS: i64 = 30 * 86_400;
/// This long before its end a subscription waits for expiry.
const WAITS_FOR_EXPIRE_SECONDS: i64 = 3 * 86_400;
/// The one product that is subscribed to.
const PRODUCT_CODE: &str = "vipcloudfw";
/// Ids of the crowd.
const CROWD_PREFIX: &str = "vipcloudfw-cn-9q3m";
/// Execution host, as in the example of the documents.
const HOST: &str = "100.100.64.1:8150";

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

    fn currency(self) -> &'static str {
        match self {
            Self::China => "CNY",
            Self::International => "USD",
        }
    }

    /// The product type of the firewall at this site.
    fn product_type(self) -> &'static str {
        match self {
            Self::China => "vipcloudfw",
            Self::International => "cfw_pre_intl",
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
struct Subscription {
    id: String,
    region: &'static str,
    site: Site,
    /// `Normal`, `WaitForExpire` or `Expired`, by the end time.
    status: &'static str,
    renew_status: &'static str,
    created: Timestamp,
    end_time: Timestamp,
    config: Map<String, Value>,
    conduct: Conduct,
}

impl Subscription {
    fn new(id: String, reset_at: Timestamp) -> Self {
        let config = [("Bandwidth", "50"), ("FwVpcNumber", "2"), ("IpNumber", "20"), ("LogStorage", "1000")];
        Self {
            id,
            region: "cn-hangzhou",
            site: Site::China,
            status: "Normal",
            renew_status: "ManualRenewal",
            created: later(reset_at, -345 * 86_400),
            end_time: later(reset_at, 20 * 86_400),
            config: config.iter().map(|(code, value)| ((*code).to_owned(), json!(value))).collect(),
            conduct: Conduct::Paid,
        }
    }
}

impl Member for Subscription {
    fn member(number: u32, reset_at: Timestamp) -> Self {
        let mut member = Self::new(format!("{CROWD_PREFIX}{number:07}"), reset_at);
        member.region = ["cn-hangzhou", "cn-shanghai", "cn-beijing"][number as usize % 3];
        member.created = later(reset_at, -i64::from(number % 360 + 1) * 86_400);
        member.end_time = later(reset_at, i64::from(number % 365 + 1) * 86_400);
        member
    }

    fn number(id: &str) -> Option<u32> {
        number_after(id, CROWD_PREFIX)
    }

    fn has_id(&self, id: &str) -> bool {
        self.id == id
    }

    fn settle(&mut self, now: Timestamp) {
        self.status = if self.end_time <= now {
            "Expired"
        } else if self.end_time <= later(now, WAITS_FOR_EXPIRE_SECONDS) {
            "WaitForExpire"
        } else {
            "Normal"
        };
    }
}

/// Money that the account has at a site, in hundredths.
#[derive(Serialize)]
struct Balance {
    china_cents: i64,
    international_cents: i64,
}

impl Balance {
    fn at(&mut self, site: Site) -> &mut i64 {
        match site {
            Site::China => &mut self.china_cents,
            Site::International => &mut self.international_cents,
        }
    }
}

/// All subscriptions and orders, and the money of the account.
#[derive(Serialize)]
pub(crate) struct Bss {
    subscriptions: Stock<Subscription>,
    orders: Vec<Order>,
    balance: Balance,
}

impl Bss {
    pub(crate) fn new(now: Timestamp, crowd: u32) -> Self {
        let normal = |number: u32, conduct: Conduct| Subscription {
            conduct,
            ..Subscription::new(format!("vipcloudfw-cn-7mz2k0t9{number:03}"), now)
        };
        let own = vec![
            Subscription { renew_status: "AutoRenewal", ..normal(1, Conduct::Paid) },
            Subscription { end_time: later(now, -40 * 86_400), ..normal(2, Conduct::Paid) },
            Subscription {
                id: "vipcloudfw-intl-7mz2k0t9003".to_owned(),
                region: "ap-southeast-1",
                site: Site::International,
                ..normal(3, Conduct::Paid)
            },
            normal(4, Conduct::ProfileIncomplete),
            normal(5, Conduct::InternalError),
            normal(6, Conduct::SoftFailure),
            normal(7, Conduct::StaysUnpaid),
            normal(8, Conduct::Cancelled),
            normal(9, Conduct::UnknownModule),
            Subscription {
                end_time: later(now, 2 * 86_400),
                renew_status: "NotRenewal",
                ..normal(10, Conduct::Paid)
            },
        ];
        Self {
            subscriptions: Stock::new(own, crowd, now),
            orders: Vec::new(),
            balance: Balance { china_cents: 50_000_000, international_cents: 2_000_000 },
        }
    }

    /// Brings every order and subscription up to this moment.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        for order in &mut self.orders {
            order.settle(&mut self.subscriptions, &mut self.balance, now);
        }
        self.subscriptions.settle(now);
    }
}

/// The site that a call asks at: the host's, else the account's own.
fn asked_site(asked: &Asked<'_>) -> Site {
    asked.site.unwrap_or(ACCOUNT_SITE)
}

/// Whether the caller means the product, which may be named without its type.
fn is_product(asked: &Asked<'_>, site: Site) -> bool {
    asked.parameters.filled("ProductCode") == Some(PRODUCT_CODE)
        && asked.parameters.filled("ProductType").is_none_or(|kind| kind == site.product_type())
}

/// Success of every call of this product. `Code` is text here and a number on Kafka (apis.md section 1).
fn success(data: Value) -> Value {
    json!({"Code": "Success", "Message": "Successful!", "Success": true, "Data": data})
}

fn read(data: Value) -> Result<Reply, Refusal> {
    Ok(Reply::read(success(data)))
}

fn not_exists() -> Refusal {
    Refusal::new(400, "ResourceNotExists", "The specific resource is not exists.")
}

fn not_applicable() -> Refusal {
    Refusal::new(400, "NotApplicable", "This API is not applicable for caller.")
}
