//! Billing: products, subscriptions, what modules can be, prices and the balance.

use crate::common::{BSS, Clouds, Response};
use serde_json::{Value, json};
use simulator::ALIBABA;

const INTERNATIONAL: &str = "business.ap-southeast-1.aliyuncs.com";

async fn ask(clouds: &Clouds, action: &str, query: &[(&str, &str)]) -> Response {
    clouds.rpc(BSS, action, query).await
}

async fn ask_abroad(clouds: &Clouds, action: &str, query: &[(&str, &str)]) -> Response {
    let request = clouds.acs3(&ALIBABA, BSS, action, query).with("host", INTERNATIONAL);
    clouds.send(&request.sign_acs3(&ALIBABA)).await
}

async fn ids(clouds: &Clouds, query: &[(&str, &str)]) -> Vec<String> {
    let answer = ask(clouds, "QueryAvailableInstances", query).await.json();
    let rows = answer["Data"]["InstanceList"].as_array().unwrap();
    rows.iter()
        .map(|row| {
            row["InstanceID"].as_str().unwrap().trim_start_matches("vipcloudfw-cn-7mz2k0t9").to_owned()
        })
        .collect()
}

#[tokio::test]
async fn products_by_page() {
    let clouds = Clouds::start().await;
    let first =
        ask(&clouds, "QueryProductList", &[("PageNum", "1"), ("QueryTotalCount", "true")]).await.json();
    assert_eq!((&first["Code"], &first["Success"]), (&json!("Success"), &json!(true)));
    let data = &first["Data"];
    assert_eq!(
        (&data["TotalCount"], data["ProductList"]["Product"].as_array().unwrap().len()),
        (&json!(28), 20)
    );
    assert_eq!(
        data["ProductList"]["Product"][0],
        json!({"ProductCode": "vipcloudfw", "ProductType": "vipcloudfw", "ProductName": "Cloud Firewall", "SubscriptionType": "Subscription"})
    );
    let second = ask(&clouds, "QueryProductList", &[("PageNum", "2")]).await.json();
    assert_eq!(second["Data"]["ProductList"]["Product"].as_array().unwrap().len(), 8);
    assert!(second["Data"].get("TotalCount").is_none());
    let abroad = ask_abroad(&clouds, "QueryProductList", &[("PageNum", "1"), ("PageSize", "1")]).await.json();
    assert_eq!(abroad["Data"]["ProductList"]["Product"][0]["ProductType"], "cfw_pre_intl");
    for (query, code) in [
        (&[][..], "MissingPageNum"),
        (&[("PageNum", "0")], "InvalidPageNum"),
        (&[("PageNum", "1"), ("PageSize", "301")], "InvalidPageSize"),
    ] {
        assert_eq!(ask(&clouds, "QueryProductList", query).await.refusal(), (400, code.to_owned()));
    }
}

#[tokio::test]
async fn subscriptions_of_the_site_that_is_asked() {
    let clouds = Clouds::start().await;
    let answer = ask(&clouds, "QueryAvailableInstances", &[]).await.json();
    let data = &answer["Data"];
    assert_eq!(
        (&data["TotalCount"], &data["PageNum"], &data["PageSize"]),
        (&json!(9), &json!(1), &json!(20))
    );
    let first = &data["InstanceList"][0];
    assert_eq!(first["InstanceID"], "vipcloudfw-cn-7mz2k0t9001");
    assert_eq!((&first["Status"], &first["EndTime"]), (&json!("Normal"), &json!("2024-01-22T03:04:05Z")));
    assert_eq!((&first["RenewStatus"], &first["RenewalDurationUnit"]), (&json!("AutoRenewal"), &json!("M")));
    assert_eq!(
        (&data["InstanceList"][1]["Status"], &data["InstanceList"][8]["Status"]),
        (&json!("Expired"), &json!("WaitForExpire"))
    );
    let abroad = ask_abroad(&clouds, "QueryAvailableInstances", &[]).await.json();
    assert_eq!(abroad["Data"]["TotalCount"], 1);
    assert_eq!(abroad["Data"]["InstanceList"][0]["InstanceID"], "vipcloudfw-intl-7mz2k0t9003");

    assert_eq!(ids(&clouds, &[("RenewStatus", "NotRenewal")]).await, ["010"]);
    assert_eq!(ids(&clouds, &[("EndTimeEnd", "2024-01-10T00:00:00Z")]).await, ["002", "010"]);
    assert_eq!(
        ids(&clouds, &[("EndTimeStart", "2024-01-10T00:00:00Z"), ("PageSize", "2")]).await,
        ["001", "004"]
    );
    let two = "vipcloudfw-cn-7mz2k0t9004,vipcloudfw-cn-7mz2k0t9007";
    assert_eq!(ids(&clouds, &[("InstanceIDs", two)]).await, ["004", "007"]);
    assert_eq!(ids(&clouds, &[("PageNum", "3"), ("PageSize", "4")]).await, ["010"]);
    for none in [("ProductCode", "rds"), ("ProductType", "cfw_pre_intl"), ("SubscriptionType", "PayAsYouGo")]
    {
        assert!(ids(&clouds, &[none]).await.is_empty(), "{none:?}");
    }
    for (query, code) in [
        (("Region", "cn-hangzhou"), "MissingProductCode"),
        (("RenewStatus", "Sometimes"), "InvalidRenewStatus"),
        (("EndTimeStart", "tomorrow"), "InvalidEndTimeStart"),
        (("PageSize", "301"), "InvalidPageSize"),
    ] {
        assert_eq!(ask(&clouds, "QueryAvailableInstances", &[query]).await.refusal(), (400, code.to_owned()));
    }
}

#[tokio::test]
async fn a_subscription_ends_with_the_simulated_clock() {
    let clouds = Clouds::start().await;
    let status = async || {
        let one = [("InstanceIDs", "vipcloudfw-cn-7mz2k0t9001")];
        ask(&clouds, "QueryAvailableInstances", &one).await.json()["Data"]["InstanceList"][0]["Status"]
            .clone()
    };
    assert_eq!(status().await, "Normal");
    clouds.simulator.advance(18 * 86_400).unwrap();
    assert_eq!(status().await, "WaitForExpire");
    clouds.simulator.advance(2 * 86_400).unwrap();
    assert_eq!(status().await, "Expired");
}

#[tokio::test]
async fn modules_and_their_values() {
    let clouds = Clouds::start().await;
    let query = [("ProductCode", "vipcloudfw"), ("SubscriptionType", "Subscription")];
    let answer = ask(&clouds, "DescribePricingModule", &query).await.json();
    let data = &answer["Data"];
    let codes: Vec<&str> = data["ModuleList"]["Module"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["ModuleCode"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["Version", "Bandwidth", "FwVpcNumber", "IpNumber", "LogStorage"]);
    assert_eq!(data["ModuleList"]["Module"][1]["ConfigList"], json!({"ConfigList": ["Bandwidth"]}));
    let attribute = &data["AttributeList"]["Attribute"][1];
    assert_eq!((&attribute["Code"], &attribute["Unit"]), (&json!("Bandwidth"), &json!("Mbit/s")));
    assert_eq!(attribute["Values"]["AttributeValue"][3]["Value"], "100");
    let abroad = [
        ("ProductCode", "vipcloudfw"),
        ("SubscriptionType", "Subscription"),
        ("ProductType", "cfw_pre_intl"),
    ];
    assert_eq!(
        ask(&clouds, "DescribePricingModule", &abroad).await.refusal(),
        (400, "NotApplicable".to_owned())
    );
    let answer = ask_abroad(&clouds, "DescribePricingModule", &abroad).await.json();
    assert_eq!(answer["Data"]["ModuleList"]["Module"][0]["Currency"], "USD");
    let other = [("ProductCode", "rds"), ("SubscriptionType", "Subscription")];
    assert_eq!(
        ask(&clouds, "DescribePricingModule", &other).await.refusal(),
        (400, "InvalidProductCode".to_owned())
    );
}

/// A price for the first subscription.
async fn price(clouds: &Clouds, kind: &str, module: (&str, &str), more: &[(&str, &str)]) -> Response {
    let mut query = vec![
        ("ProductCode", "vipcloudfw"),
        ("ProductType", "vipcloudfw"),
        ("SubscriptionType", "Subscription"),
        ("OrderType", kind),
        ("ModuleList.1.ModuleCode", module.0),
        ("ModuleList.1.Config", module.1),
    ];
    query.extend_from_slice(more);
    ask(clouds, "GetSubscriptionPrice", &query).await
}

const FIRST: (&str, &str) = ("InstanceId", "vipcloudfw-cn-7mz2k0t9001");
const SAME: (&str, &str) = ("Bandwidth", "Bandwidth:50");
const MORE: (&str, &str) = ("Bandwidth", "Bandwidth:100");

#[tokio::test]
async fn a_renewal_and_a_change_are_quoted_apart() {
    let clouds = Clouds::start().await;
    let months = [FIRST, ("ServicePeriodQuantity", "2"), ("ServicePeriodUnit", "Month")];
    let renewal = price(&clouds, "Renewal", SAME, &months).await.json()["Data"].clone();
    assert_eq!((&renewal["TradePrice"], &renewal["Currency"]), (&json!(7760.0), &json!("CNY")));
    assert_eq!((&renewal["OriginalPrice"], &renewal["DiscountPrice"]), (&json!(7760.0), &json!(0.0)));
    let parts: f64 = renewal["ModuleDetails"]["ModuleDetail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["CostAfterDiscount"].as_f64().unwrap())
        .sum();
    assert!((parts - 7760.0).abs() < 0.001);
    let year = [FIRST, ("ServicePeriodQuantity", "1"), ("ServicePeriodUnit", "Year")];
    let year = price(&clouds, "Renewal", SAME, &year).await.json()["Data"].clone();
    assert_eq!((&year["OriginalPrice"], &year["TradePrice"]), (&json!(46560.0), &json!(39576.0)));
    assert_eq!(year["PromotionDetails"]["PromotionDetail"][0]["PromotionDesc"], "15% off");

    // 50 Mbit/s more for the 20 days that are left, then for two months longer.
    let change = price(&clouds, "Upgrade", MORE, &[FIRST, ("ModuleList.1.ModuleStatus", "2")]).await.json();
    assert_eq!(change["Data"]["TradePrice"], 500.0);
    let longer = price(&clouds, "Upgrade", MORE, &months).await.json();
    assert_eq!(longer["Data"]["TradePrice"], 2000.0);
    // Together they are what the order costs.
    let order = [
        ("ProductCode", "vipcloudfw"),
        FIRST,
        ("RenewPeriod", "2"),
        ("Parameter.1.Code", "Bandwidth"),
        ("Parameter.1.Value", "100"),
    ];
    let order = ask(&clouds, "RenewChangeInstance", &order).await.json()["Data"]["OrderId"].clone();
    let detail = ask(&clouds, "GetOrderDetail", &[("OrderId", order.as_str().unwrap())]).await.json();
    assert_eq!(detail["Data"]["OrderList"]["Order"][0]["PretaxAmount"], "9760.00");

    let new =
        price(&clouds, "NewOrder", SAME, &[("ServicePeriodQuantity", "1"), ("Quantity", "2")]).await.json();
    assert_eq!((&new["Data"]["Quantity"], &new["Data"]["TradePrice"]), (&json!(2), &json!(5660.0)));
}

#[tokio::test]
async fn prices_that_cannot_be_told() {
    let clouds = Clouds::start().await;
    let month = ("ServicePeriodQuantity", "1");
    for (kind, module, more, code) in [
        ("Upgrade", MORE, &[][..], "MissingInstanceId"),
        ("Renewal", SAME, &[FIRST], "MissingServicePeriodQuantity"),
        ("Both", SAME, &[FIRST, month], "InvalidOrderType"),
        ("Renewal", ("Colour", "Colour:red"), &[FIRST, month], "InvalidModuleCode"),
        ("Renewal", ("Bandwidth", "Colour:red"), &[FIRST, month], "InvalidConfigCode"),
        ("Renewal", ("Bandwidth", "Bandwidth"), &[FIRST, month], "InvalidConfigCode"),
        ("Renewal", ("Bandwidth", "Bandwidth:wide"), &[FIRST, month], "InvalidConfigCode"),
        ("Renewal", SAME, &[("InstanceId", "nothing"), month], "ResourceNotExists"),
        ("Renewal", SAME, &[("InstanceId", "vipcloudfw-intl-7mz2k0t9003"), month], "NotApplicable"),
        ("Renewal", SAME, &[FIRST, month, ("ServicePeriodUnit", "Day")], "InvalidServicePeriodUnit"),
        (
            "Renewal",
            SAME,
            &[FIRST, month, ("ModuleList.1.ModuleStatus", "3")],
            "InvalidModuleList.1.ModuleStatus",
        ),
        (
            "Renewal",
            SAME,
            &[FIRST, month, ("ModuleList.2.ModuleCode", "IpNumber")],
            "MissingModuleList.2.Config",
        ),
    ] {
        let answer = price(&clouds, kind, module, more).await;
        assert_eq!(answer.refusal(), (400, code.to_owned()), "{kind} {module:?} {more:?}");
    }
    let query =
        [("ProductCode", "vipcloudfw"), ("SubscriptionType", "Subscription"), ("OrderType", "Renewal")];
    assert_eq!(
        ask(&clouds, "GetSubscriptionPrice", &query).await.refusal(),
        (400, "MissingModuleList".to_owned())
    );
    let abroad = [
        ("ProductCode", "vipcloudfw"),
        ("ProductType", "cfw_pre_intl"),
        ("SubscriptionType", "Subscription"),
        ("OrderType", "Renewal"),
        ("InstanceId", "vipcloudfw-intl-7mz2k0t9003"),
        ("ServicePeriodQuantity", "1"),
        ("ModuleList.1.ModuleCode", "Bandwidth"),
        ("ModuleList.1.Config", "Bandwidth:50"),
    ];
    assert_eq!(
        ask(&clouds, "GetSubscriptionPrice", &abroad).await.refusal(),
        (400, "NotApplicable".to_owned())
    );
    let there: Value = ask_abroad(&clouds, "GetSubscriptionPrice", &abroad).await.json();
    assert_eq!((&there["Data"]["TradePrice"], &there["Data"]["Currency"]), (&json!(560.0), &json!("USD")));
}

#[tokio::test]
async fn the_balance_pays_the_orders() {
    let clouds = Clouds::start().await;
    let balance =
        async || ask(&clouds, "QueryAccountBalance", &[]).await.json()["Data"]["AvailableAmount"].clone();
    assert_eq!(balance().await, "500,000.00");
    let renew = async |period: &str| {
        let query = [("ProductCode", "vipcloudfw"), FIRST, ("RenewPeriod", period)];
        ask(&clouds, "RenewChangeInstance", &query).await.json()["Data"]["OrderId"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    renew("1").await;
    assert_eq!(balance().await, "500,000.00");
    clouds.simulator.advance(10).unwrap();
    assert_eq!(balance().await, "496,120.00");
    // Four times three years are more than there is: the last one waits, and a person can pay it by other means.
    let mut last = String::new();
    for _ in 0..5 {
        last = renew("36").await;
    }
    clouds.simulator.advance(10).unwrap();
    assert_eq!(balance().await, "21,208.00");
    let status = async || {
        let detail = ask(&clouds, "GetOrderDetail", &[("OrderId", &last)]).await.json();
        detail["Data"]["OrderList"]["Order"][0]["PaymentStatus"].clone()
    };
    assert_eq!(status().await, "Unpaid");
    clouds.simulator.pay_order(&last).unwrap();
    assert_eq!(status().await, "Paid");
    assert_eq!(balance().await, "21,208.00");
    let abroad = ask_abroad(&clouds, "QueryAccountBalance", &[]).await.json();
    assert_eq!(
        (&abroad["Data"]["AvailableAmount"], &abroad["Data"]["Currency"]),
        (&json!("20,000.00"), &json!("USD"))
    );
}
