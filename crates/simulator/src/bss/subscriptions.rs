//! `QueryAvailableInstances` and `QueryAccountBalance`.

use super::{Bss, PRODUCT_CODE, Site, Subscription, asked_site, read};
use crate::accounts::ALIBABA_ACCOUNT_ID;
use crate::moment::seconds_utc;
use crate::paging::NumberedPage;
use crate::rpc::{Asked, Refusal, Reply};
use serde_json::{Value, json};

/// At most this many ids in `InstanceIDs` (companions.md section 3).
const MOST_IDS: usize = 100;

impl Bss {
    /// `QueryAvailableInstances`: the subscriptions of the site that is asked, by page.
    pub(crate) fn available_instances(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let parameters = asked.parameters;
        let site = asked_site(asked);
        let region = parameters.filled("Region");
        let product = parameters.filled("ProductCode");
        if region.is_some() && product.is_none() {
            return Err(Refusal::missing("ProductCode"));
        }
        let kind = parameters.filled("ProductType");
        let billing = parameters.one_of("SubscriptionType", &["Subscription", "PayAsYouGo"])?;
        let renewal = parameters.one_of("RenewStatus", &["AutoRenewal", "ManualRenewal", "NotRenewal"])?;
        let ids: Vec<&str> =
            parameters.filled("InstanceIDs").map(|ids| ids.split(',').collect()).unwrap_or_default();
        if ids.len() > MOST_IDS {
            return Err(Refusal::invalid("InstanceIDs"));
        }
        let (ends_from, ends_to) = (parameters.time("EndTimeStart")?, parameters.time("EndTimeEnd")?);
        let (made_from, made_to) = (parameters.time("CreateTimeStart")?, parameters.time("CreateTimeEnd")?);
        let page = NumberedPage::read(parameters)?;
        let found = self.subscriptions.iter().filter(|known| {
            known.site == site
                && product.is_none_or(|product| product == PRODUCT_CODE)
                && kind.is_none_or(|kind| kind == site.product_type())
                && region.is_none_or(|region| region == known.region)
                && billing.is_none_or(|billing| billing == "Subscription")
                && renewal.is_none_or(|renewal| renewal == known.renew_status)
                && (ids.is_empty() || ids.contains(&known.id.as_str()))
                && ends_from.is_none_or(|from| from <= known.end_time)
                && ends_to.is_none_or(|to| known.end_time <= to)
                && made_from.is_none_or(|from| from <= known.created)
                && made_to.is_none_or(|to| known.created <= to)
        });
        let (subscriptions, total) = page.cut(found);
        let rows: Vec<Value> = subscriptions.iter().map(|subscription| row(subscription)).collect();
        read(json!({
            "InstanceList": rows,
            "PageNum": page.number,
            "PageSize": page.size,
            "TotalCount": total,
        }))
    }

    /// `QueryAccountBalance`: amounts are text with separators between thousands.
    pub(crate) fn account_balance(&mut self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let site = asked_site(asked);
        let amount = thousands(*self.balance.at(site));
        read(json!({
            "AvailableAmount": amount,
            "AvailableCashAmount": amount,
            "CreditAmount": "0.00",
            "MybankCreditAmount": "0.00",
            "QuotaLimit": "0.00",
            "Currency": site.currency(),
        }))
    }
}

fn row(subscription: &Subscription) -> Value {
    let mut row = json!({
        "InstanceID": subscription.id,
        "OwnerId": ALIBABA_ACCOUNT_ID.parse::<i64>().unwrap_or_default(),
        "ProductCode": PRODUCT_CODE,
        "ProductType": subscription.site.product_type(),
        "SubscriptionType": "Subscription",
        "Region": subscription.region,
        "Status": subscription.status,
        "SubStatus": subscription.status,
        "RenewStatus": subscription.renew_status,
        "CreateTime": seconds_utc(subscription.created),
        "EndTime": seconds_utc(subscription.end_time),
        "Seller": if subscription.site == Site::China { "26842" } else { "26888" },
    });
    if subscription.renew_status == "AutoRenewal" {
        row["RenewalDuration"] = json!(1);
        row["RenewalDurationUnit"] = json!("M");
    }
    row
}

/// `500,000.00`.
fn thousands(cents: i64) -> String {
    let whole = (cents / 100).to_string();
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    format!("{text}.{:02}", cents % 100)
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn thousands_are_set_apart() {
        for (cents, text) in [
            (0, "0.00"),
            (5, "0.05"),
            (99_999, "999.99"),
            (100_000, "1,000.00"),
            (123_456_789, "1,234,567.89"),
        ] {
            assert_eq!(thousands(cents), text);
        }
    }
}
