//! Kafka: the lists, their two colliding enumerations, and the rate.

use crate::common::{Clouds, KAFKA, Response};
use serde_json::{Value, json};
use simulator::ALIBABA;

const FIRST: &str = "alikafka_post-cn-v0h1fgs20001";

async fn list(clouds: &Clouds, more: &[(&str, &str)]) -> Response {
    clouds.pass(1);
    let mut query = vec![("RegionId", "cn-hangzhou")];
    query.extend_from_slice(more);
    clouds.rpc(KAFKA, "GetInstanceList", &query).await
}

fn rows(answer: &Value) -> &Vec<Value> {
    answer["InstanceList"]["InstanceVO"].as_array().unwrap()
}

/// `ViewInstanceStatusCode`, `ServiceStatus` and version of an instance.
async fn status(clouds: &Clouds, id: &str) -> (i64, i64, String) {
    let answer = list(clouds, &[("InstanceId.1", id)]).await.json();
    let row = &rows(&answer)[0];
    (
        row["ViewInstanceStatusCode"].as_i64().unwrap(),
        row["ServiceStatus"].as_i64().unwrap(),
        row["UpgradeServiceDetailInfo"]["Current2OpenSourceVersion"].as_str().unwrap().to_owned(),
    )
}

#[tokio::test]
async fn the_list_has_no_pages_and_only_the_own_instances() {
    let clouds = Clouds::start().await;
    let answer = list(&clouds, &[]).await.json();
    assert_eq!((&answer["Code"], &answer["Success"]), (&json!(200), &json!(true)));
    assert_eq!(rows(&answer).len(), 10);
    assert!(rows(&answer).iter().all(|row| row["Name"] != "not-ours" && row["RegionId"] == "cn-hangzhou"));
    let first = &rows(&answer)[0];
    // 19 June 2024 in milliseconds; numbers, not text.
    assert_eq!(first["ExpiredTime"], 1_718_420_645_000_i64);
    assert_eq!(
        (&first["PaidType"], &first["DeployType"], &first["Series"]),
        (&json!(1), &json!(5), &json!("v2"))
    );
    let two = list(&clouds, &[("InstanceId.1", FIRST), ("InstanceId.2", "alikafka_post-cn-v0h1fgs20004")])
        .await
        .json();
    assert_eq!(rows(&two).len(), 2);
    for more in [
        ("InstanceId.1", "alikafka_post-cn-000000000000"),
        ("InstanceId.1", "alikafka_post-cn-v0h1fgs20012"),
        ("InstanceId.1", "alikafka_post-cn-v0h1fgs20008"),
        ("Series", "v3"),
        ("Tag.1.Key", "other"),
        ("OrderId", "1"),
    ] {
        let answer = list(&clouds, &[more]).await;
        assert_eq!((answer.status, rows(&answer.json()).len()), (200, 0), "{more:?}");
    }
    assert_eq!(
        rows(&list(&clouds, &[("Tag.1.Key", "team"), ("Tag.1.Value", "orders")]).await.json()).len(),
        10
    );
    let ordered = list(&clouds, &[("OrderId", "200000000120001")]).await.json();
    assert_eq!((rows(&ordered).len(), &rows(&ordered)[0]["InstanceId"]), (1, &json!(FIRST)));
    clouds.pass(1);
    assert_eq!(
        clouds.rpc(KAFKA, "GetInstanceList", &[]).await.refusal(),
        (400, "MissingRegionId".to_owned())
    );
    assert_eq!(list(&clouds, &[("Series", "v9")]).await.refusal(), (400, "InvalidSeries".to_owned()));
}

#[tokio::test]
async fn two_enumerations_say_the_same_in_different_numbers() {
    let clouds = Clouds::start().await;
    for (number, view, service) in [("0001", 2, 5), ("0005", 3, 10), ("0007", 7, 8), ("0011", 1, 1)] {
        let (seen_view, seen_service, _) =
            status(&clouds, &format!("alikafka_post-cn-v0h1fgs2{number}")).await;
        assert_eq!((seen_view, seen_service), (view, service), "{number}");
    }
}

#[tokio::test]
async fn an_upgrade_shows_after_a_minute() {
    let clouds = Clouds::start().await;
    clouds.pass(1);
    let query = [("InstanceId", FIRST), ("RegionId", "cn-hangzhou"), ("TargetVersion", "2.2.0")];
    assert_eq!(clouds.rpc(KAFKA, "UpgradeInstanceVersion", &query).await.status, 200);
    assert_eq!(status(&clouds, FIRST).await, (2, 5, "0.10.2".to_owned()));
    clouds.simulator.advance(60).unwrap();
    assert_eq!(status(&clouds, FIRST).await, (7, 8, "0.10.2".to_owned()));
    clouds.simulator.advance(24 * 60).unwrap();
    assert_eq!(status(&clouds, FIRST).await, (2, 5, "2.2.0".to_owned()));
    // The failed one says so.
    let failing = "alikafka_post-cn-v0h1fgs20006";
    clouds.pass(1);
    let query = [("InstanceId", failing), ("RegionId", "cn-hangzhou"), ("TargetVersion", "2.2.0")];
    clouds.rpc(KAFKA, "UpgradeInstanceVersion", &query).await;
    clouds.simulator.advance(26 * 60).unwrap();
    assert_eq!(status(&clouds, failing).await, (102, 102, "0.10.2".to_owned()));
}

#[tokio::test]
async fn ids_of_every_region() {
    let clouds = Clouds::start().await;
    let answer = clouds.rpc(KAFKA, "GetAllInstanceIdList", &[]).await.json();
    let regions = answer["InstanceIds"].as_object().unwrap();
    assert_eq!(regions.keys().collect::<Vec<_>>(), ["cn-hangzhou", "cn-shanghai"]);
    assert_eq!(regions["cn-hangzhou"].as_array().unwrap().len(), 10);
    assert_eq!(regions["cn-shanghai"], json!(["alikafka_post-cn-v0h1fgs20012"]));
    let shanghai = clouds
        .acs3(&ALIBABA, KAFKA, "GetAllInstanceIdList", &[])
        .with("host", "alikafka.cn-shanghai.aliyuncs.com")
        .sign_acs3(&ALIBABA);
    assert_eq!(clouds.send(&shanghai).await.json()["InstanceIds"].as_object().unwrap().len(), 1);
}

#[tokio::test]
async fn each_operation_has_a_rate_of_its_own() {
    let clouds = Clouds::start().await;
    let list = async || clouds.rpc(KAFKA, "GetInstanceList", &[("RegionId", "cn-hangzhou")]).await;
    assert_eq!((list().await.status, list().await.status), (200, 200));
    let third = list().await;
    assert_eq!(third.refusal(), (400, "Throttling.User".to_owned()));
    assert_eq!(third.header("x-acs-retry-after"), Some("1000"));
    // The other operations are free, until their own third call.
    assert_eq!(clouds.rpc(KAFKA, "GetAllInstanceIdList", &[]).await.status, 200);
    let query = [("InstanceId", FIRST), ("RegionId", "cn-hangzhou"), ("TargetVersion", "2.2.0")];
    assert_eq!(clouds.rpc(KAFKA, "UpgradeInstanceVersion", &query).await.status, 200);
    clouds.pass(1);
    assert_eq!(list().await.status, 200);
    let seen: Vec<bool> = clouds.simulator.calls().iter().map(|call| call.changing).collect();
    assert_eq!(seen, [false, false, false, false, true, false]);
}
