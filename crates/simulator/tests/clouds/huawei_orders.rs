//! Orders of the Huawei account: from unpaid to completed, listed, cancelled, paid by hand, and the two sites.

use crate::common::{Clouds, Response};
use serde_json::{Value, json};
use simulator::{HUAWEI, HUAWEI_DOMAIN_ID};

async fn order(clouds: &Clouds, number: u32) -> String {
    let id = format!("2b5ce2a4-0000-4000-8000-{number:012}");
    let body = json!({"instance_id": id, "upgrade_data": {"service_bandwidth": 200}});
    let answer = clouds.rest("PUT", "/v2/aad/instance", &body).await.json();
    answer["order_id"].as_str().unwrap().to_owned()
}

async fn details(clouds: &Clouds, order: &str) -> Value {
    clouds.get(&format!("/v2/orders/customer-orders/details/{order}")).await.json()
}

async fn status(clouds: &Clouds, order: &str) -> Value {
    details(clouds, order).await["order_info"]["status"].clone()
}

async fn cancel(clouds: &Clouds, order: &str) -> Response {
    clouds.rest("PUT", "/v2/orders/customer-orders/cancel", &json!({"order_id": order})).await
}

async fn list(clouds: &Clouds, query: &str) -> Value {
    clouds.get(&format!("/v2/orders/customer-orders{query}")).await.json()
}

#[tokio::test]
async fn an_order_is_paid_and_completed() {
    let clouds = Clouds::start().await;
    let id = order(&clouds, 1).await;
    let new = details(&clouds, &id).await;
    let info = &new["order_info"];
    assert_eq!((&info["status"], &info["order_type"]), (&json!(6), &json!(3)));
    assert_eq!((&info["create_time"], &info["payment_time"]), (&json!("2024-01-02T03:04:05Z"), &json!(null)));
    assert_eq!(info["pending_payment_end_time"], "2024-01-09T03:04:05Z");
    assert_eq!(info["customer_id"], HUAWEI_DOMAIN_ID);
    // 100 Mbit/s more for 200 days, at 25 yuan a month each.
    assert_eq!((&info["official_amount"], &info["currency"]), (&json!(16666.66), &json!("CNY")));
    let line = &new["order_line_items"][0];
    assert_eq!((&line["period_type"], &line["expire_time"]), (&json!(2), &json!("2024-07-20T03:04:05Z")));
    assert_eq!(line["product_spec_desc"], "业务带宽（Mbit/s）: 100 -> 200");
    clouds.simulator.advance(5).unwrap();
    assert_eq!(status(&clouds, &id).await, 3);
    clouds.simulator.advance(15).unwrap();
    let done = details(&clouds, &id).await["order_info"].clone();
    assert_eq!((&done["status"], &done["payment_time"]), (&json!(5), &json!("2024-01-02T03:04:10Z")));
    assert_eq!(done["pending_payment_end_time"], json!(null));

    let english = clouds
        .sdk(&HUAWEI, "GET", &format!("/v2/orders/customer-orders/details/{id}"), "")
        .with("X-Language", "en_US")
        .with("X-Domain-Id", HUAWEI_DOMAIN_ID)
        .sign_sdk(&HUAWEI);
    let english = clouds.send(&english).await.json();
    assert_eq!(english["order_info"]["service_type_name"], "Advanced Anti-DDoS");
    assert_eq!(english["order_line_items"][0]["product_spec_desc"], "Service bandwidth (Mbit/s): 100 -> 200");
}

#[tokio::test]
async fn an_unpaid_order_is_cancelled_paid_or_forgotten() {
    let clouds = Clouds::start().await;
    let cancelled = order(&clouds, 5).await;
    let paid = order(&clouds, 5).await;
    let forgotten = order(&clouds, 5).await;
    clouds.simulator.advance(3600).unwrap();
    for id in [&cancelled, &paid, &forgotten] {
        assert_eq!(status(&clouds, id).await, 6);
    }
    let answer = cancel(&clouds, &cancelled).await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(status(&clouds, &cancelled).await, 4);
    assert_eq!(cancel(&clouds, &cancelled).await.refusal(), (400, "CBC.99005010".to_owned()));

    let pay = |id: &str| json!({"order_id": id}).to_string();
    assert_eq!(clouds.admin("POST", "/orders/pay", &pay(&paid)).await.status, 200);
    assert_eq!(status(&clouds, &paid).await, 3);
    assert_eq!(clouds.admin("POST", "/orders/pay", &pay(&paid)).await.status, 404);
    assert!(clouds.simulator.pay_order(&cancelled).is_err() && clouds.simulator.pay_order("no").is_err());
    clouds.simulator.advance(15).unwrap();
    assert_eq!(status(&clouds, &paid).await, 5);
    let instance = clouds.get("/v2/aad/instances/2b5ce2a4-0000-4000-8000-000000000005").await.json();
    assert_eq!(instance["product_spec_data"]["service_bandwidth"], 200);
    assert_eq!(cancel(&clouds, &paid).await.refusal(), (400, "CBC.99005010".to_owned()));

    clouds.simulator.advance(7 * 86_400).unwrap();
    assert_eq!(status(&clouds, &forgotten).await, 4);
}

#[tokio::test]
async fn orders_are_listed_and_found() {
    let clouds = Clouds::start().await;
    assert_eq!(list(&clouds, "").await, json!({"total_count": 0, "order_infos": []}));
    let first = order(&clouds, 1).await;
    clouds.simulator.advance(60).unwrap();
    let second = order(&clouds, 5).await;
    let ids = |answer: &Value| -> Vec<String> {
        let rows = answer["order_infos"].as_array().unwrap();
        rows.iter().map(|row| row["order_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&list(&clouds, "").await), [first.clone(), second.clone()]);
    assert_eq!(ids(&list(&clouds, "?order_by=-createTime").await), [second.clone(), first.clone()]);
    let page = list(&clouds, "?limit=1&offset=1").await;
    assert_eq!((&page["total_count"], ids(&page)), (&json!(2), vec![second.clone()]));
    for (query, expected) in [
        ("?status=6", vec![&second]),
        ("?status=5", vec![&first]),
        ("?status=4", vec![]),
        ("?order_type=3", vec![&first, &second]),
        ("?order_type=1", vec![]),
        ("?service_type_code=HWS.service.type.aad", vec![&first, &second]),
        ("?service_type_code=hws.service.type.obs", vec![]),
        ("?create_time_begin=2024-01-02T03:05:00Z", vec![&second]),
        ("?create_time_end=2024-01-02T03:05:00Z", vec![&first]),
        ("?payment_time_begin=2024-01-02T03:00:00Z", vec![&first]),
    ] {
        assert_eq!(ids(&list(&clouds, query).await).iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let by_id = format!("?order_id={}", first.to_lowercase());
    assert_eq!(ids(&list(&clouds, &by_id).await), [first]);
    for query in ["?limit=0", "?limit=101", "?status=x", "?order_by=amount", "?create_time_begin=today"] {
        let answer = clouds.get(&format!("/v2/orders/customer-orders{query}")).await;
        assert_eq!(answer.refusal(), (400, "CBC.0100".to_owned()), "{query}");
    }
}

#[tokio::test]
async fn errors_and_sites() {
    let clouds = Clouds::start().await;
    let unknown = clouds.get("/v2/orders/customer-orders/details/CS0").await;
    assert_eq!(unknown.json(), json!({"error_code": "CBC.0100", "error_msg": "Parameter error."}));
    assert_eq!(cancel(&clouds, "CS0").await.refusal(), (400, "CBC.0100".to_owned()));
    let target = "/v2/orders/customer-orders";
    for (host, code) in [
        ("bss.myhuaweicloud.com", None),
        ("bss-intl.myhuaweicloud.com", Some((403, "CBC.0156"))),
        ("aad.myhuaweicloud.com", Some((404, "APIGW.0101"))),
    ] {
        let request = clouds.sdk(&HUAWEI, "GET", target, "").with("Host", host).sign_sdk(&HUAWEI);
        let answer = clouds.send(&request).await;
        match code {
            None => assert_eq!(answer.status, 200, "{host}"),
            Some((status, code)) => assert_eq!(answer.refusal(), (status, code.to_owned()), "{host}"),
        }
    }
    let language = clouds.sdk(&HUAWEI, "GET", target, "").with("X-Language", "fr").sign_sdk(&HUAWEI);
    assert_eq!(clouds.send(&language).await.status, 400);

    let id = order(&clouds, 5).await;
    for (scenario, status, code) in [
        ("internal_error", 500, "CBC.0999"),
        ("no_permission", 403, "CBC.0151"),
        ("throttled", 429, "APIGW.0308"),
    ] {
        clouds.simulator.set_scenario(scenario).unwrap();
        assert_eq!(cancel(&clouds, &id).await.refusal(), (status, code.to_owned()));
        assert_eq!(self::status(&clouds, &id).await, 6);
    }
    let last = clouds.simulator.calls().last().unwrap().clone();
    assert_eq!(
        (last.operation.as_deref(), last.changing),
        (Some("huaweibss.ShowCustomerOrderDetails"), false)
    );
}
