//! Anti-DDoS: lists in two versions, one instance, its domains.

use crate::common::Clouds;
use serde_json::{Value, json};
use simulator::HUAWEI;

fn id(number: u32) -> String {
    format!("2b5ce2a4-0000-4000-8000-{number:012}")
}

async fn show(clouds: &Clouds, number: u32) -> Value {
    clouds.get(&format!("/v2/aad/instances/{}", id(number))).await.json()
}

fn found(items: &Value, number: u32) -> &Value {
    items.as_array().unwrap().iter().find(|row| row["instance_id"] == id(number)).unwrap()
}

#[tokio::test]
async fn two_lists_say_different_things() {
    let clouds = Clouds::start().await;
    let first = clouds.get("/v1/aad/instances").await.json();
    assert_eq!((&first["count"], first["items"].as_array().unwrap().len()), (&json!(12), 12));
    let website = found(&first["items"], 1);
    assert_eq!((&website["instance_status"], &website["overseas_type"]), (&json!(0), &json!(0)));
    assert_eq!(
        (&website["service_bandwidth"], &website["ips"][0]["basic_bandwidth"]),
        (&json!(100), &json!(10))
    );
    assert!(website.get("instance_access_type").is_none());
    assert_eq!(found(&first["items"], 4)["instance_status"], 2);
    assert_eq!(found(&first["items"], 12)["overseas_type"], 1);

    let second = clouds.get("/v2/aad/instances").await.json();
    assert_eq!(second["items"].as_array().unwrap().len(), 12);
    assert_eq!(found(&second["items"], 1)["instance_access_type"], "0");
    assert_eq!(found(&second["items"], 2)["instance_access_type"], "1");
    assert_eq!(found(&second["items"], 1)["vips"][0]["ip"], website["ips"][0]["ip"]);
    let ip = clouds.get("/v2/aad/instances?instance_access_type=1").await.json();
    assert!(ip["items"].as_array().unwrap().iter().all(|row| row["instance_access_type"] == "1"));
    assert_eq!(ip["items"].as_array().unwrap().len(), 3);
    let wrong = clouds.get("/v2/aad/instances?instance_access_type=2").await;
    assert_eq!(wrong.refusal(), (400, "Anti-DDoS.10000001".to_owned()));
}

#[tokio::test]
async fn one_instance_shows_numbers_where_text_is_written() {
    let clouds = Clouds::start().await;
    let instance = show(&clouds, 1).await;
    let data = instance["product_spec_data"].as_object().unwrap();
    assert_eq!((&data["basic_bandwidth"], &data["elastic_bandwidth"]), (&json!(10), &json!(10)));
    assert_eq!((&data["bind_domain_num"], &data["port_num"]), (&json!(50), &json!(0)));
    assert!(!data.contains_key("basic_qps"));
    assert_eq!(instance["current_time"], clouds.simulator.now().as_millisecond());
    assert_eq!(instance["instance_config"]["freeze_type"], json!([]));
    assert_eq!(show(&clouds, 4).await["instance_config"]["freeze_type"], json!([1]));
    let expired = show(&clouds, 10).await;
    assert!(expired["expire_time"].as_i64() < expired["current_time"].as_i64());
    for path in ["/v2/aad/instances/unknown", "/v2/aad/instances/2b5ce2a4-0000-4000-8000-000000000099"] {
        assert_eq!(clouds.get(path).await.refusal(), (400, "Anti-DDoS.10000001".to_owned()), "{path}");
    }

    let body = json!({"instance_id": id(1), "upgrade_data": {"basic_bandwidth": "20", "basic_qps": 4000}});
    clouds.rest("PUT", "/v2/aad/instance", &body).await;
    assert_eq!(show(&clouds, 1).await["product_spec_data"]["basic_bandwidth"], 10);
    clouds.simulator.advance(20).unwrap();
    assert_eq!(show(&clouds, 1).await["product_spec_data"]["basic_bandwidth"], 20);
}

#[tokio::test]
async fn an_instance_expires_with_the_simulated_clock() {
    let clouds = Clouds::start().await;
    let body = json!({"instance_id": id(1), "upgrade_data": {"elastic_bandwidth": "20"}});
    assert_eq!(clouds.rest("PUT", "/v2/aad/instance", &body).await.status, 200);
    clouds.simulator.advance(201 * 86_400).unwrap();
    let answer = clouds.rest("PUT", "/v2/aad/instance", &body).await;
    assert_eq!(answer.refusal(), (400, "Anti-DDoS.10000001".to_owned()));
    assert!(answer.json()["error_description"].as_str().unwrap().contains("expired"));
}

#[tokio::test]
async fn domains_by_page() {
    let clouds = Clouds::start().await;
    let path = |number: u32, query: &str| format!("/v2/aad/instances/{}/domains{query}", id(number));
    let all = clouds.get(&path(1, "")).await.json();
    assert_eq!(
        (&all["instance_name"], all["domains"].as_array().unwrap().len()),
        (&json!("shield-website"), 3)
    );
    let page = clouds.get(&path(1, "?limit=2&offset=2")).await.json();
    assert_eq!(page["domains"].as_array().unwrap().len(), 1);
    assert_eq!(page["domains"][0], all["domains"][2]);
    assert_eq!(clouds.get(&path(2, "")).await.json()["domains"], json!([]));
    for query in ["?limit=1001", "?offset=x"] {
        assert_eq!(clouds.get(&path(1, query)).await.refusal().0, 400, "{query}");
    }
}

#[tokio::test]
async fn reads_are_believed_like_writes() {
    let clouds = Clouds::start().await;
    let unsigned = clouds.sdk(&HUAWEI, "GET", "/v1/aad/instances", "");
    assert_eq!(clouds.send(&unsigned).await.status, 401);
    let foreign = clouds
        .sdk(&HUAWEI, "GET", "/v1/aad/instances", "")
        .with("X-Domain-Id", "00000000000000000000000000000000")
        .sign_sdk(&HUAWEI);
    assert_eq!(clouds.send(&foreign).await.status, 401);
    let tampered =
        clouds.sdk(&HUAWEI, "GET", "/v2/aad/instances?instance_access_type=0", "").sign_sdk(&HUAWEI);
    let mut other = tampered.clone();
    other.target = "/v2/aad/instances?instance_access_type=1".to_owned();
    assert_eq!((clouds.send(&other).await.status, clouds.send(&tampered).await.status), (401, 200));
    assert!(clouds.simulator.calls().iter().all(|call| !call.changing && !call.applied));
}
