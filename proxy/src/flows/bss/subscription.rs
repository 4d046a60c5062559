//! What BSS says of a subscription.

use super::orders;
use crate::{
    asking::AskError,
    choices::{rows, text_at},
    error::text,
    flows::{Current, Inquiry},
};
use catalog::Text;
use serde_json::{Value, json};

/// The row of the subscription; nothing when the profile's site does not list it.
pub(super) async fn row(inquiry: &Inquiry<'_>) -> Result<Option<Value>, AskError> {
    let id = inquiry.text("InstanceId").unwrap_or_default();
    let mut parameters =
        json!({"InstanceIDs": id, "SubscriptionType": "Subscription", "PageNum": 1, "PageSize": 20});
    for name in ["ProductCode", "ProductType"] {
        if let Some(value) = inquiry.text(name) {
            parameters[name] = json!(value);
        }
    }
    let body = inquiry.ask("bssopenapi.QueryAvailableInstances", parameters).await?;
    Ok(rows(&body, "/Data/InstanceList").iter().find(|row| text_at(row, "/InstanceID") == id).cloned())
}

/// Before a renewal.
pub(super) async fn current(inquiry: &Inquiry<'_>) -> Result<Current, AskError> {
    match row(inquiry).await {
        Ok(Some(row)) => {
            let current = known(&row);
            // Only a search for a lost answer needs them.
            Ok(match orders::before(inquiry).await {
                Ok(orders) => current.fact(orders::BEFORE, orders),
                Err(_) => current,
            })
        }
        Ok(None) => Ok(Current {
            warnings: vec![text(
                "This subscription is not in the list that this profile sees. Check the id, the product and its type, and the site of the profile: accounts of aliyun.com and of alibabacloud.com are apart.",
                "该账号配置看到的列表中没有此订阅。请检查实例 ID、产品及产品类型，以及账号配置的站点：aliyun.com 与 alibabacloud.com 的账号互相独立。",
            )],
            ..Current::default()
        }),
        Err(AskError::Refused(answer)) if answer.code.as_deref() == Some("NotApplicable") => {
            Ok(Current { impossible: Some(("/InstanceId".to_owned(), other_site())), ..Current::default() })
        }
        Err(error) => Err(error),
    }
}

fn known(row: &Value) -> Current {
    let end = paid_until(row);
    let mut current =
        Current::default().fact("end_time", text_at(row, "/EndTime")).fact("region", text_at(row, "/Region"));
    if !end.is_empty() {
        current = current.value("/RenewPeriod", text(format!("paid until {end}"), format!("已付至 {end}")));
    }
    current.impossible = not_renewable(row).map(|why| ("/InstanceId".to_owned(), why));
    current
}

/// Billing is refused on the wrong site whatever is asked.
fn other_site() -> Text {
    text(
        "The account of this profile belongs to the other site, aliyun.com or alibabacloud.com. Set `site` in the profile.",
        "该账号属于另一个站点（aliyun.com 或 alibabacloud.com），请修改账号配置中的 site。",
    )
}

/// The day until which a subscription is paid.
pub(super) fn paid_until(row: &Value) -> String {
    text_at(row, "/EndTime").chars().take_while(|character| *character != 'T').collect()
}

/// Why a subscription cannot be renewed as it is.
pub(super) fn not_renewable(row: &Value) -> Option<Text> {
    let status = text_at(row, "/Status");
    matches!(status.as_str(), "Expired" | "Creating").then(|| {
        let words = status_words(&status);
        text(
            format!("Its status is “{}”; it cannot be renewed.", words.en),
            format!("状态为“{}”，不能续费。", words.zh),
        )
    })
}

pub(super) fn status_words(status: &str) -> Text {
    let (en, zh) = match status {
        "Creating" => ("being created", "创建中"),
        "Normal" => ("normal", "正常"),
        "WaitForExpire" => ("expires soon", "即将到期"),
        "Expired" => ("expired", "已到期"),
        other => (other, other),
    };
    text(en, zh)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_known_before_and_an_expired_one_is_impossible() {
        let row = |status: &str| json!({"InstanceID": "x-1", "Status": status, "EndTime": "2026-12-11T00:00:00Z", "Region": "cn-hangzhou"});
        let current = known(&row("WaitForExpire"));
        assert_eq!(current.text("end_time"), Some("2026-12-11T00:00:00Z"));
        assert_eq!(current.values["/RenewPeriod"].en, "paid until 2026-12-11");
        assert_eq!(current.impossible, None);
        let (pointer, why) = known(&row("Expired")).impossible.unwrap();
        assert_eq!((pointer.as_str(), why.en.contains("expired")), ("/InstanceId", true));
    }
}
