//! Billing: one order, the list of orders, and cancelling.

use crate::common::{BSS, Clouds, Http, Response};
use serde_json::{Value, json};
use simulator::ALIBABA;

async fn renew(clouds: &Clouds, number: u32) -> String {
    let id = format!("vipcloudfw-cn-7mz2k0t9{number:03}");
    let query = [
        ("ProductCode", "vipcloudfw"),
        ("InstanceId", id.as_str()),
        ("RenewPeriod", "1"),
        ("Parameter.1.Code", "IpNumber"),
        ("Parameter.1.Value", "60"),
    ];
    let answer = clouds.rpc(BSS, "RenewChangeInstance", &query).await.json();
    answer["Data"]["OrderId"].as_str().unwrap().to_owned()
}

async fn detail(clouds: &Clouds, order: &str) -> Value {
    let answer = clouds.rpc(BSS, "GetOrderDetail", &[("OrderId", order)]).await.json();
    answer["Data"]["OrderList"]["Order"][0].clone()
}

async fn cancel(clouds: &Clouds, order: &str) -> Response {
    clouds.rpc(BSS, "CancelOrder", &[("OrderId", order)]).await
}

async fn orders(clouds: &Clouds, query: &[(&str, &str)]) -> Vec<String> {
    let answer = clouds.rpc(BSS, "QueryOrders", query).await.json();
    let rows = answer["Data"]["OrderList"]["Order"].as_array().unwrap();
    assert_eq!(answer["Data"]["TotalCount"].as_u64().unwrap().min(20), rows.len() as u64);
    rows.iter().map(|row| row["OrderId"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_order_is_followed_until_it_is_paid() {
    let clouds = Clouds::start().await;
    let id = renew(&clouds, 1).await;
    let new = detail(&clouds, &id).await;
    assert_eq!((&new["PaymentStatus"], &new["PaymentTime"]), (&json!("Unpaid"), &json!("")));
    // An array, in text.
    assert_eq!(new["InstanceIDs"], r#"["vipcloudfw-cn-7mz2k0t9001"]"#);
    assert_eq!((&new["OrderType"], &new["Currency"]), (&json!("Renew"), &json!("CNY")));
    assert_eq!(new["OriginalConfig"], "Bandwidth:50,FwVpcNumber:2,IpNumber:20,LogStorage:1000");
    assert_eq!(new["Config"], "Bandwidth:50,FwVpcNumber:2,IpNumber:60,LogStorage:1000");
    assert_eq!(
        (&new["UsageStartTime"], &new["UsageEndTime"]),
        (&json!("2024-01-22T03:04:05Z"), &json!("2024-02-21T03:04:05Z"))
    );
    clouds.simulator.advance(9).unwrap();
    assert_eq!(detail(&clouds, &id).await["PaymentStatus"], "Unpaid");
    clouds.simulator.advance(1).unwrap();
    let paid = detail(&clouds, &id).await;
    assert_eq!(
        (&paid["PaymentStatus"], &paid["PaymentTime"]),
        (&json!("Paid"), &json!("2024-01-02T03:04:15Z"))
    );
    let query = [("InstanceIDs", "vipcloudfw-cn-7mz2k0t9001")];
    let row = clouds.rpc(BSS, "QueryAvailableInstances", &query).await.json();
    assert_eq!(row["Data"]["InstanceList"][0]["EndTime"], "2024-02-21T03:04:05Z");

    let cancelled = renew(&clouds, 8).await;
    clouds.simulator.advance(10).unwrap();
    assert_eq!(detail(&clouds, &cancelled).await["PaymentStatus"], "Cancelled");
    let unknown = clouds.rpc(BSS, "GetOrderDetail", &[("OrderId", "1")]).await.json();
    assert_eq!((&unknown["Success"], &unknown["Data"]["TotalCount"]), (&json!(true), &json!(0)));
}

#[tokio::test]
async fn only_an_unpaid_order_can_be_cancelled() {
    let clouds = Clouds::start().await;
    let waiting = renew(&clouds, 7).await;
    let paid = renew(&clouds, 1).await;
    clouds.simulator.advance(86_400).unwrap();
    let answer = cancel(&clouds, &waiting).await;
    assert_eq!((answer.status, &answer.json()["Success"]), (200, &json!(true)));
    assert_eq!(answer.json()["Data"]["HostId"], "100.100.64.1:8150");
    assert_eq!(detail(&clouds, &waiting).await["PaymentStatus"], "Cancelled");
    assert_eq!(cancel(&clouds, &waiting).await.refusal(), (400, "ORDER.STATUS_ILLEGAL".to_owned()));
    assert_eq!(cancel(&clouds, &paid).await.refusal(), (400, "ORDER.STATUS_ILLEGAL".to_owned()));
    assert_eq!(cancel(&clouds, "1").await.refusal(), (400, "ResourceNotExists".to_owned()));
    let applied: Vec<bool> =
        clouds.simulator.calls().iter().filter(|call| call.changing).map(|call| call.applied).collect();
    assert_eq!(applied, [true, true, true, false, false, false]);
}

#[tokio::test]
async fn orders_of_the_last_hour_unless_asked_otherwise() {
    let clouds = Clouds::start().await;
    let first = renew(&clouds, 7).await;
    clouds.simulator.advance(1800).unwrap();
    let second = renew(&clouds, 1).await;
    assert_eq!(orders(&clouds, &[]).await, [second.clone(), first.clone()]);
    clouds.simulator.advance(1801).unwrap();
    assert_eq!(orders(&clouds, &[]).await, std::slice::from_ref(&second));
    let since = ("CreateTimeStart", "2024-01-02T03:00:00Z");
    assert_eq!(orders(&clouds, &[since]).await.len(), 2);
    assert_eq!(
        orders(&clouds, &[since, ("CreateTimeEnd", "2024-01-02T03:10:00Z")]).await,
        std::slice::from_ref(&first)
    );
    assert_eq!(orders(&clouds, &[since, ("PaymentStatus", "Unpaid")]).await, std::slice::from_ref(&first));
    assert_eq!(orders(&clouds, &[since, ("PaymentStatus", "Paid")]).await, [second]);
    assert_eq!(
        orders(&clouds, &[since, ("ProductCode", "vipcloudfw"), ("OrderType", "Renew")]).await.len(),
        2
    );
    for none in [("OrderType", "Upgrade"), ("ProductCode", "rds"), ("ProductType", "cfw_pre_intl")] {
        assert!(orders(&clouds, &[since, none]).await.is_empty(), "{none:?}");
    }
    let answer = clouds.rpc(BSS, "QueryOrders", &[since, ("PageSize", "1"), ("PageNum", "2")]).await.json();
    assert_eq!(answer["Data"]["TotalCount"], 2);
    assert_eq!(answer["Data"]["OrderList"]["Order"][0]["OrderId"], first);
    let wrong = clouds.rpc(BSS, "QueryOrders", &[("PaymentStatus", "Later")]).await;
    assert_eq!(wrong.refusal(), (400, "InvalidPaymentStatus".to_owned()));
}

#[tokio::test]
async fn an_order_belongs_to_a_site() {
    let clouds = Clouds::start().await;
    let id = renew(&clouds, 7).await;
    let abroad = async |action: &str, query: &[(&str, &str)]| {
        let request =
            clouds.acs3(&ALIBABA, BSS, action, query).with("host", "business.ap-southeast-1.aliyuncs.com");
        clouds.send(&request.sign_acs3(&ALIBABA)).await
    };
    for action in ["GetOrderDetail", "CancelOrder"] {
        assert_eq!(abroad(action, &[("OrderId", &id)]).await.refusal(), (400, "NotApplicable".to_owned()));
    }
    assert_eq!(abroad("QueryOrders", &[]).await.json()["Data"]["TotalCount"], 0);
}

#[tokio::test]
async fn reads_come_with_get_and_in_xml_too() {
    let clouds = Clouds::start().await;
    let id = renew(&clouds, 7).await;
    let all = clouds.v1(&ALIBABA, BSS, "GetOrderDetail", &[("OrderId", &id)]);
    let answer = clouds.send(&Http::v1_query(clouds.address, &ALIBABA, all)).await;
    assert!(answer.body.contains(&format!("<OrderList><Order><OrderId>{id}</OrderId>")), "{}", answer.body);
    let mut request = clouds.acs3(&ALIBABA, BSS, "QueryAccountBalance", &[]);
    request.method = "GET".to_owned();
    assert_eq!(clouds.send(&request.sign_acs3(&ALIBABA)).await.status, 200);
}
