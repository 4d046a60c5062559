//! Anti-DDoS: orders paid, unpaid and absent, and every business error.

use crate::common::{Clouds, Response};
use serde_json::{Value, json};
use simulator::{HUAWEI, HUAWEI_DOMAIN_ID};

fn id(number: u32) -> String {
    format!("2b5ce2a4-0000-4000-8000-{number:012}")
}

async fn change(clouds: &Clouds, number: u32, data: Value) -> Response {
    let body = json!({"instance_id": id(number), "upgrade_data": data});
    clouds.rest("PUT", "/v2/aad/instance", &body).await
}

fn specification(clouds: &Clouds, number: u32) -> Value {
    clouds.instance("aad", "instances", &id(number))["specification"].clone()
}

fn order(clouds: &Clouds, answer: &Response) -> Value {
    clouds.instance("aad", "orders", answer.json()["order_id"].as_str().unwrap())
}

#[tokio::test]
async fn a_change_with_a_fee_makes_an_order() {
    let clouds = Clouds::start().await;
    let data =
        json!({"basic_bandwidth": "20", "service_bandwidth": 200, "bind_domain_num": 60, "basic_qps": 5000});
    let answer = change(&clouds, 1, data).await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    assert_eq!(body.as_object().unwrap().len(), 1);
    assert!(body["order_id"].as_str().unwrap().starts_with("CS240102"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(order(&clouds, &answer)["status"], 6);
    clouds.simulator.advance(5).unwrap();
    assert_eq!(order(&clouds, &answer)["status"], 3);
    assert_eq!(specification(&clouds, 1)["basic_bandwidth"], 10);
    clouds.simulator.advance(15).unwrap();
    assert_eq!(order(&clouds, &answer)["status"], 5);
    let after = specification(&clouds, 1);
    // Text on the way in, a number afterwards; the elastic ceiling follows.
    assert_eq!((&after["basic_bandwidth"], &after["elastic_bandwidth"]), (&json!(20), &json!(20)));
    assert_eq!((&after["bind_domain_num"], &after["basic_qps"]), (&json!(60), &json!(5000)));
}

#[tokio::test]
async fn orders_can_stay_unpaid_or_be_cancelled() {
    let clouds = Clouds::start().await;
    let unpaid = change(&clouds, 5, json!({"service_bandwidth": 200})).await;
    let cancelled = change(&clouds, 11, json!({"service_bandwidth": 200})).await;
    clouds.simulator.advance(86_400).unwrap();
    assert_eq!(order(&clouds, &unpaid)["status"], 6);
    assert_eq!(order(&clouds, &cancelled)["status"], 4);
    assert_eq!(specification(&clouds, 5)["service_bandwidth"], 100);
    assert_eq!(specification(&clouds, 11)["service_bandwidth"], 100);
    clouds.simulator.set_scenario("unpaid").unwrap();
    let answer = change(&clouds, 1, json!({"service_bandwidth": 200})).await;
    clouds.simulator.advance(86_400).unwrap();
    assert_eq!(order(&clouds, &answer)["status"], 6);
}

#[tokio::test]
async fn without_a_fee_there_is_no_order() {
    let clouds = Clouds::start().await;
    for (number, data) in [
        (6, json!({"port_num": 60})),
        (2, json!({"elastic_bandwidth": "30"})),
        (1, json!({"elastic_service_bandwidth_type": 3, "elastic_service_bandwidth": 200})),
        (1, json!({"basic_qps": 3000})),
    ] {
        let answer = change(&clouds, number, data).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, "{}"));
    }
    assert_eq!(specification(&clouds, 6)["port_num"], 60);
    assert_eq!(specification(&clouds, 2)["elastic_bandwidth"], 30);
    assert_eq!(specification(&clouds, 1)["elastic_service_bandwidth_type"], 3);
    // Zero switches off; absent leaves as it is.
    change(&clouds, 1, json!({"elastic_service_bandwidth_type": 0})).await;
    assert_eq!(specification(&clouds, 1)["elastic_service_bandwidth_type"], 0);
    assert_eq!(specification(&clouds, 1)["elastic_service_bandwidth"], 200);
}

#[tokio::test]
async fn two_calls_are_two_orders() {
    let clouds = Clouds::start().await;
    let first = change(&clouds, 2, json!({"port_num": 60})).await.json();
    let second = change(&clouds, 2, json!({"port_num": 60})).await.json();
    assert_ne!(first["order_id"], second["order_id"]);
    assert_eq!(clouds.simulator.state()["aad"]["orders"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn business_errors() {
    let clouds = Clouds::start().await;
    let some = json!({"service_bandwidth": 200});
    for (number, data, code) in [
        (4, some.clone(), "Anti-DDoS.10000010"),
        (8, some.clone(), "Anti-DDoS.10000009"),
        (9, some.clone(), "Anti-DDoS.10000030"),
        (10, some.clone(), "Anti-DDoS.10000001"),
        (99, some.clone(), "Anti-DDoS.10000001"),
        (7, json!({"basic_qps": 5000}), "Anti-DDoS.10000001"),
        (1, json!({}), "Anti-DDoS.10000001"),
        (1, json!({"port_num": 60}), "Anti-DDoS.10000001"),
        (1, json!({"basic_bandwidth": 20}), "Anti-DDoS.10000001"),
        (1, json!({"basic_bandwidth": "much"}), "Anti-DDoS.10000001"),
        (1, json!({"basic_bandwidth": "5"}), "Anti-DDoS.10000001"),
        (1, json!({"basic_bandwidth": "20", "elastic_bandwidth": "15"}), "Anti-DDoS.10000001"),
        (1, json!({"service_bandwidth": "200"}), "Anti-DDoS.10000001"),
        (1, json!({"service_bandwidth": 50}), "Anti-DDoS.10000001"),
        (1, json!({"service_bandwidth": 2_147_483_648_i64}), "Anti-DDoS.10000001"),
        (1, json!({"bind_domain_num": 61}), "Anti-DDoS.10000001"),
        (1, json!({"bind_domain_num": 505}), "Anti-DDoS.10000001"),
        (1, json!({"basic_qps": 100_001}), "Anti-DDoS.10000001"),
        (1, json!({"elastic_service_bandwidth_type": 2}), "Anti-DDoS.10000001"),
        (2, json!({"bind_domain_num": 60}), "Anti-DDoS.10000001"),
        (2, json!({"basic_qps": 5000}), "Anti-DDoS.10000001"),
        (2, json!({"port_num": 501}), "Anti-DDoS.10000001"),
        (3, json!({"basic_bandwidth": "20"}), "Anti-DDoS.10000001"),
        (12, json!({"port_num": 201}), "Anti-DDoS.10000001"),
    ] {
        let answer = change(&clouds, number, data.clone()).await;
        assert_eq!(answer.refusal(), (400, code.to_owned()), "{number} {data}");
        let body = answer.json();
        assert_eq!(body.as_object().unwrap().len(), 2);
        assert!(body["error_description"].as_str().is_some_and(|text| !text.is_empty()));
    }
    for body in [
        json!([]),
        json!({}),
        json!({"instance_id": "x", "upgrade_data": some}),
        json!({"instance_id": id(1)}),
    ] {
        let answer = clouds.rest("PUT", "/v2/aad/instance", &body).await;
        assert_eq!(answer.refusal(), (400, "Anti-DDoS.10000001".to_owned()), "{body}");
    }
    assert!(clouds.simulator.calls().iter().all(|call| !call.applied));
}

#[tokio::test]
async fn the_domain_header_must_be_the_own_one() {
    let clouds = Clouds::start().await;
    let body = json!({"instance_id": id(3), "upgrade_data": {"bind_domain_num": 55}}).to_string();
    for (domain, status) in [(HUAWEI_DOMAIN_ID, 200), ("00000000000000000000000000000000", 401)] {
        let request = clouds
            .sdk(&HUAWEI, "PUT", "/v2/aad/instance", &body)
            .with("X-Domain-Id", domain)
            .sign_sdk(&HUAWEI);
        assert_eq!(clouds.send(&request).await.status, status);
    }
}
