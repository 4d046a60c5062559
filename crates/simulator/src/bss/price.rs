//! `DescribePricingModule` and `GetSubscriptionPrice`: what a module can be, and what it costs.

use super::{
    Bss, MONTH_SECONDS, PRODUCT_CODE, Site, Subscription, asked_site, is_product, not_applicable, not_exists,
    read,
};
use crate::rpc::{Asked, Parameters, Refusal, Reply};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// At most this many modules (companions.md section 3).
const MOST_MODULES: usize = 50;
const DAY_SECONDS: i64 = 86_400;
const MONTH_DAYS: i64 = MONTH_SECONDS / DAY_SECONDS;
/// From this many months on, a renewal costs 85 per cent.
const DISCOUNT_MONTHS: i64 = 12;
const DISCOUNT_PER_CENT: i64 = 85;
/// The module that stands for the product itself.
const EDITION: &str = "Version";

/// A module of the firewall. Its one attribute has the same code.
struct Module {
    code: &'static str,
    name: &'static str,
    unit: &'static str,
    /// What one unit costs for a month, in hundredths: at the Chinese site, at the international one.
    unit_cents: (i64, i64),
    values: &'static [&'static str],
}

static MODULES: [Module; 4] = [
    Module {
        code: "Bandwidth",
        name: "Internet border bandwidth",
        unit: "Mbit/s",
        unit_cents: (1_500, 200),
        values: &["10", "20", "50", "100", "200", "500", "1000", "2000"],
    },
    Module {
        code: "FwVpcNumber",
        name: "VPC firewalls",
        unit: "firewalls",
        unit_cents: (12_500, 2_500),
        values: &["2", "3", "5", "10", "20", "50"],
    },
    Module {
        code: "IpNumber",
        name: "Protected public addresses",
        unit: "addresses",
        unit_cents: (1_500, 200),
        values: &["20", "30", "60", "100", "200", "500"],
    },
    Module {
        code: "LogStorage",
        name: "Log storage",
        unit: "GB",
        unit_cents: (50, 10),
        values: &["1000", "2000", "5000", "10000", "50000"],
    },
];

/// A price, in hundredths of the currency.
pub(super) struct Quote {
    pub(super) original_cents: i64,
    pub(super) trade_cents: i64,
}

impl Module {
    fn find(code: &str) -> Option<&'static Self> {
        MODULES.iter().find(|known| known.code == code)
    }

    /// What this much of the module costs for a month.
    fn month_cents(&self, site: Site, value: &Value) -> i64 {
        let unit = if site == Site::China { self.unit_cents.0 } else { self.unit_cents.1 };
        value.as_str().and_then(|text| text.parse::<i64>().ok()).unwrap_or_default().clamp(0, 1_000_000)
            * unit
    }
}

/// What the product itself costs for a month.
fn edition_cents(site: Site) -> i64 {
    if site == Site::China { 208_000 } else { 27_000 }
}

/// What a configuration costs for a month. Codes that are no modules cost nothing.
fn month_cents(site: Site, config: &Map<String, Value>) -> i64 {
    let modules: i64 =
        config.iter().filter_map(|(code, value)| Some(Module::find(code)?.month_cents(site, value))).sum();
    edition_cents(site) + modules
}

fn discounted(cents: i64, months: i64) -> i64 {
    if months >= DISCOUNT_MONTHS { cents * DISCOUNT_PER_CENT / 100 } else { cents }
}

/// What so many months of a configuration cost.
pub(super) fn renewal(site: Site, config: &Map<String, Value>, months: i64) -> Quote {
    let original_cents = month_cents(site, config) * months;
    Quote { original_cents, trade_cents: discounted(original_cents, months) }
}

/// What a change costs until the end of the subscription and so many months longer. What becomes less is not paid back.
pub(super) fn change(
    subscription: &Subscription,
    change: &Map<String, Value>,
    months: i64,
    now: Timestamp,
) -> Quote {
    let mut wanted = subscription.config.clone();
    wanted.extend(change.clone());
    let more = month_cents(subscription.site, &wanted) - month_cents(subscription.site, &subscription.config);
    let cents = (more * days_left(subscription, months, now) / MONTH_DAYS).max(0);
    Quote { original_cents: cents, trade_cents: cents }
}

/// Whole days, so that a price does not change while it is read.
fn days_left(subscription: &Subscription, months: i64, now: Timestamp) -> i64 {
    let seconds = (subscription.end_time.as_second() - now.as_second()).max(0);
    (seconds + DAY_SECONDS - 1) / DAY_SECONDS + months * MONTH_DAYS
}

impl Bss {
    /// `DescribePricingModule`: the modules of a product and the values that they can have.
    pub(crate) fn pricing_module(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let site = product_site(asked)?;
        asked.parameters.one_of("SubscriptionType", &["Subscription", "PayAsYouGo"])?;
        if asked.parameters.filled("SubscriptionType") == Some("PayAsYouGo") {
            return read(json!({"ModuleList": {"Module": []}, "AttributeList": {"Attribute": []}}));
        }
        let module = |code: &str, name: &str| {
            json!({
                "ModuleCode": code,
                "ModuleName": name,
                "PriceType": "Month",
                "Currency": site.currency(),
                "ConfigList": {"ConfigList": [code]},
            })
        };
        let attribute = |code: &str, name: &str, unit: &str, values: &[&str]| {
            let values: Vec<Value> = values
                .iter()
                .map(|value| json!({"Name": value, "Value": value, "Type": "single_float", "Remark": ""}))
                .collect();
            json!({"Code": code, "Name": name, "Unit": unit, "Values": {"AttributeValue": values}})
        };
        let mut modules = vec![module(EDITION, "Edition")];
        modules.extend(MODULES.iter().map(|known| module(known.code, known.name)));
        let mut attributes = vec![attribute(EDITION, "Edition", "", &["premium_version"])];
        attributes
            .extend(MODULES.iter().map(|known| attribute(known.code, known.name, known.unit, known.values)));
        read(json!({"ModuleList": {"Module": modules}, "AttributeList": {"Attribute": attributes}}))
    }

    /// `GetSubscriptionPrice`. A renewal and a change are asked for one by one: there is no order type for both
    /// (companions.md section 3). With a period, the price of a change counts that much longer.
    pub(crate) fn subscription_price(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let parameters = asked.parameters;
        let kind = parameters.one_of("OrderType", &["NewOrder", "Renewal", "Upgrade"])?;
        parameters.one_of("SubscriptionType", &["Subscription"])?;
        let site = product_site(asked)?;
        let modules = modules(parameters)?;
        let months = months(parameters)?;
        let quantity: i64 = match parameters.filled("Quantity") {
            None => 1,
            Some(text) => text
                .parse()
                .ok()
                .filter(|quantity| (1..=1000).contains(quantity))
                .ok_or_else(|| Refusal::invalid("Quantity"))?,
        };
        let subscription = match parameters.filled("InstanceId") {
            None if kind == Some("Upgrade") => return Err(Refusal::missing("InstanceId")),
            None => None,
            Some(id) => Some(self.subscriptions.find(id).ok_or_else(not_exists)?),
        };
        if subscription.as_ref().is_some_and(|known| known.site != site) {
            return Err(not_applicable());
        }
        let current = subscription.as_ref().map(|known| known.config.clone()).unwrap_or_default();
        let now = asked.moment.now;
        let detail = |code: &str, unit: i64, original: i64, trade: i64| {
            json!({
                "ModuleCode": code,
                "UnitPrice": money(unit),
                "OriginalCost": money(original),
                "CostAfterDiscount": money(trade),
                "InvoiceDiscount": money(original - trade),
            })
        };
        let (quote, details) = match (kind, &subscription) {
            (Some("Upgrade"), Some(subscription)) => {
                let part = |code: &str, value: &Value| {
                    let one = Map::from_iter([(code.to_owned(), value.clone())]);
                    let part = change(subscription, &one, months.unwrap_or_default(), now);
                    let month = Module::find(code).map_or(0, |module| module.month_cents(site, value));
                    detail(code, month, part.original_cents, part.trade_cents)
                };
                let details: Vec<Value> = modules.iter().map(|(code, value)| part(code, value)).collect();
                (change(subscription, &modules, months.unwrap_or_default(), now), details)
            }
            _ => {
                let months = months.ok_or_else(|| Refusal::missing("ServicePeriodQuantity"))?;
                let mut config = current;
                config.extend(modules);
                let part = |code: &str, month: i64| {
                    detail(code, month, month * months, discounted(month * months, months))
                };
                let mut details = vec![part(EDITION, edition_cents(site))];
                details.extend(config.iter().filter_map(|(code, value)| {
                    Some(part(code, Module::find(code)?.month_cents(site, value)))
                }));
                (renewal(site, &config, months), details)
            }
        };
        let (original, trade) = (quote.original_cents * quantity, quote.trade_cents * quantity);
        let promotions = if trade < original {
            json!([{"PromotionId": 1001, "PromotionName": "A year or longer", "PromotionDesc": "15% off"}])
        } else {
            json!([])
        };
        read(json!({
            "OriginalPrice": money(original),
            "DiscountPrice": money(original - trade),
            "TradePrice": money(trade),
            "Currency": site.currency(),
            "Quantity": quantity,
            "ModuleDetails": {"ModuleDetail": details},
            "PromotionDetails": {"PromotionDetail": promotions},
        }))
    }
}

/// The site of the product that is asked about, which must be the site that is asked.
fn product_site(asked: &Asked<'_>) -> Result<Site, Refusal> {
    let site = asked_site(asked);
    if is_product(asked, site) {
        return Ok(site);
    }
    if asked.parameters.filled("ProductCode") != Some(PRODUCT_CODE) {
        return Err(Refusal::invalid("ProductCode"));
    }
    let other = if site == Site::China { Site::International } else { Site::China };
    Err(if is_product(asked, other) { not_applicable() } else { Refusal::invalid("ProductType") })
}

/// `ModuleList.N`: at least one, each with its code and its properties as `Code:value`.
fn modules(parameters: &Parameters<'_>) -> Result<Map<String, Value>, Refusal> {
    let mut config = Map::new();
    let numbers = parameters.numbers("ModuleList", MOST_MODULES)?;
    if numbers.is_empty() {
        return Err(Refusal::missing("ModuleList"));
    }
    for number in numbers {
        let part = |part: &str| {
            let name = format!("ModuleList.{number}.{part}");
            parameters.filled(&name).ok_or_else(|| Refusal::missing(&name))
        };
        let code = part("ModuleCode")?;
        if code != EDITION && Module::find(code).is_none() {
            return Err(Refusal::new(400, "InvalidModuleCode", "The specified module code is invalid."));
        }
        parameters.one_of(&format!("ModuleList.{number}.ModuleStatus"), &["1", "2"])?;
        for property in part("Config")?.split(',') {
            let pair = property.split_once(':').filter(|(name, value)| *name == code && !value.is_empty());
            let number = pair.filter(|(_, value)| code == EDITION || value.parse::<u32>().is_ok());
            let (name, value) = number.ok_or_else(|| {
                Refusal::new(400, "InvalidConfigCode", "The specified config code is invalid.")
            })?;
            config.insert(name.to_owned(), json!(value));
        }
    }
    Ok(config)
}

/// The period in months; absent when none is given.
fn months(parameters: &Parameters<'_>) -> Result<Option<i64>, Refusal> {
    let unit = match parameters.one_of("ServicePeriodUnit", &["Year", "Month"])? {
        Some("Year") => 12,
        _ => 1,
    };
    parameters
        .filled("ServicePeriodQuantity")
        .map(|text| {
            text.parse::<i64>()
                .ok()
                .filter(|quantity| (1..=100).contains(quantity))
                .map(|quantity| quantity * unit)
                .ok_or_else(|| Refusal::invalid("ServicePeriodQuantity"))
        })
        .transpose()
}

/// Hundredths as the number that the cloud writes.
fn money(cents: i64) -> f64 {
    cents as f64 / 100.0
}
