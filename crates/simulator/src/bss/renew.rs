//! `RenewChangeInstance`.

use super::orders::Order;
use super::price::{Quote, change, renewal};
use super::{Bss, Conduct, HOST, asked_site, is_product, not_applicable, not_exists, success};
use crate::rpc::{Asked, Refusal, Reply};
use serde_json::{Map, Value, json};

/// Months that an instance can be renewed for (apis.md section 4).
const PERIODS: [i64; 12] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36];
/// At most this many module properties (apis.md section 4).
const MOST_PARAMETERS: usize = 100;

impl Bss {
    /// `RenewChangeInstance`. The order costs what the renewal costs and what the change costs until the new end.
    pub(crate) fn renew_change(&mut self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let Asked { parameters, moment, .. } = asked;
        let months: i64 = parameters
            .filled("RenewPeriod")
            .and_then(|text| text.parse().ok())
            .filter(|months| PERIODS.contains(months))
            .ok_or_else(|| Refusal::invalid("RenewPeriod"))?;
        let config: Map<String, Value> = parameters
            .pairs("Parameter", ("Code", "Value"), MOST_PARAMETERS)?
            .into_iter()
            .map(|(code, value)| (code.to_owned(), json!(value)))
            .collect();
        let id = parameters.filled("InstanceId").unwrap_or_default();
        let subscription = self
            .subscriptions
            .find(id)
            .filter(|known| is_product(asked, known.site))
            .ok_or_else(not_exists)?;
        if asked_site(asked) != subscription.site {
            return Err(not_applicable());
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
                return Ok(Reply::read(json!({
                    "Code": "InvalidConfigCode",
                    "Message": "The specified config code is invalid.",
                    "Success": false,
                })));
            }
            Conduct::UnknownModule if !config.is_empty() => {
                return Err(Refusal::new(400, "InvalidModuleCode", "The specified module code is invalid."));
            }
            Conduct::UnknownModule | Conduct::Paid | Conduct::StaysUnpaid | Conduct::Cancelled => {}
        }
        let renewed = renewal(subscription.site, &subscription.config, months);
        let changed = change(&subscription, &config, months, moment.now);
        let total = Quote {
            original_cents: renewed.original_cents + changed.original_cents,
            trade_cents: renewed.trade_cents + changed.trade_cents,
        };
        let order = Order::new(&subscription, months, config, total, moment);
        let data = json!({"OrderId": order.order_id, "HostId": HOST});
        self.orders.push(order);
        Ok(Reply::applied(success(data)))
    }
}
