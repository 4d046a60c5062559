//! Kafka: success, the life of an upgrade, every business error and the rate.

use crate::common::{Clouds, Http, KAFKA, Response};
use simulator::{ALIBABA, ALIBABA_STS};

async fn upgrade(clouds: &Clouds, number: u32, target: &str) -> Response {
    clouds.pass(1);
    let id = format!("alikafka_post-cn-v0h1fgs2{number:04}");
    let region = if number == 12 { "cn-shanghai" } else { "cn-hangzhou" };
    let query = [("InstanceId", id.as_str()), ("RegionId", region), ("TargetVersion", target)];
    clouds.rpc(KAFKA, "UpgradeInstanceVersion", &query).await
}

fn status(clouds: &Clouds, number: u32) -> (u64, u64, String) {
    let instance = clouds.instance("alikafka", "instances", &format!("alikafka_post-cn-v0h1fgs2{number:04}"));
    (
        instance["view_instance_status_code"].as_u64().unwrap(),
        instance["service_status"].as_u64().unwrap(),
        instance["version"].as_str().unwrap().to_owned(),
    )
}

#[tokio::test]
async fn a_major_upgrade_is_accepted_and_takes_its_time() {
    let clouds = Clouds::start().await;
    let answer = upgrade(&clouds, 1, "2.2.0").await;
    assert_eq!(answer.status, 200);
    let body = answer.json();
    // A number, not text.
    assert_eq!(body["Code"], 200);
    assert_eq!(body["Message"], "operation success.");
    assert_eq!(body["Success"], true);
    assert_eq!(answer.header("x-acs-request-id"), body["RequestId"].as_str());
    assert_eq!(body.as_object().unwrap().len(), 4);

    assert_eq!(status(&clouds, 1), (2, 5, "0.10.2".to_owned()));
    assert_eq!(upgrade(&clouds, 1, "2.2.0").await.refusal(), (400, "BIZ_INSTANCE_STATUS_ERROR".to_owned()));
    clouds.simulator.advance(60).unwrap();
    assert_eq!(status(&clouds, 1), (7, 8, "0.10.2".to_owned()));
    clouds.simulator.advance(23 * 60).unwrap();
    assert_eq!(status(&clouds, 1).0, 7);
    clouds.simulator.advance(60).unwrap();
    assert_eq!(status(&clouds, 1), (2, 5, "2.2.0".to_owned()));
    assert_eq!(upgrade(&clouds, 1, "2.2.0").await.refusal(), (400, "ONS_INIT_ENV_ERROR".to_owned()));
    assert_eq!(upgrade(&clouds, 1, "2.6.2").await.status, 200);
}

#[tokio::test]
async fn the_same_version_is_a_minor_upgrade() {
    let clouds = Clouds::start().await;
    assert_eq!(upgrade(&clouds, 2, "2.2.0").await.status, 200);
    clouds.simulator.advance(15 * 60).unwrap();
    assert_eq!(status(&clouds, 2), (2, 5, "2.2.0".to_owned()));
    let answer = upgrade(&clouds, 2, "2.2.0").await;
    assert_eq!(answer.refusal(), (400, "ONS_INIT_ENV_ERROR".to_owned()));
    assert!(answer.body.contains("no need to update"));
    assert_eq!(upgrade(&clouds, 12, "0.10.2").await.refusal(), (400, "ONS_INIT_ENV_ERROR".to_owned()));
}

#[tokio::test]
async fn an_upgrade_can_end_badly() {
    let clouds = Clouds::start().await;
    assert_eq!(upgrade(&clouds, 6, "2.2.0").await.status, 200);
    clouds.simulator.advance(26 * 60).unwrap();
    assert_eq!(status(&clouds, 6), (102, 102, "0.10.2".to_owned()));
    assert_eq!(upgrade(&clouds, 6, "2.2.0").await.refusal(), (400, "BIZ_INSTANCE_STATUS_ERROR".to_owned()));
}

#[tokio::test]
async fn business_errors() {
    let clouds = Clouds::start().await;
    for (number, target, code) in [
        (3, "2.2.0", "ONS_INIT_ENV_ERROR"),
        (3, "0.10.2", "INVALID_PARAMETER"),
        (4, "2.2.0", "INVALID_PARAMETER"),
        (4, "9.9.9", "INVALID_PARAMETER"),
        (5, "2.2.0", "Instance.StatusNotRunning"),
        (7, "2.2.0", "BIZ_INSTANCE_STATUS_ERROR"),
        (8, "2.6.2", "AUTH_RESOURCE_OWNER_ERROR"),
        (9, "2.6.2", "Instance.Change.NotAllowed"),
        (10, "2.6.2", "Instance.UpgradeService.version"),
        (11, "2.6.2", "BIZ.INSTANCE.STATUS.ERROR"),
        (99, "2.6.2", "BIZ.INSTANCE.NOT.FOUND"),
    ] {
        assert_eq!(
            upgrade(&clouds, number, target).await.refusal(),
            (400, code.to_owned()),
            "{number} {target}"
        );
    }
    clouds.pass(1);
    let query = [
        ("InstanceId", "alikafka_post-cn-v0h1fgs20001"),
        ("RegionId", "cn-beijing"),
        ("TargetVersion", "2.2.0"),
    ];
    let answer = clouds.rpc(KAFKA, "UpgradeInstanceVersion", &query).await;
    assert_eq!(answer.refusal(), (400, "BIZ.INSTANCE.NOT.FOUND".to_owned()));
    assert_eq!(clouds.simulator.calls().iter().filter(|call| call.applied).count(), 0);
}

#[tokio::test]
async fn two_calls_per_second_and_user() {
    let clouds = Clouds::start().await;
    let query = [("InstanceId", "x"), ("RegionId", "cn-hangzhou"), ("TargetVersion", "2.2.0")];
    let call = async || clouds.rpc(KAFKA, "UpgradeInstanceVersion", &query).await;
    assert_eq!(call().await.json()["Code"], "BIZ.INSTANCE.NOT.FOUND");
    assert_eq!(call().await.json()["Code"], "BIZ.INSTANCE.NOT.FOUND");
    let third = call().await;
    assert_eq!(third.refusal(), (400, "Throttling.User".to_owned()));
    assert_eq!(third.json()["Message"], "Request was denied due to user flow control.");
    assert_eq!(third.header("x-acs-retry-after"), Some("1000"));
    // The clock of the instances does not help, another user is free, and real time does help.
    clouds.simulator.advance(3600).unwrap();
    assert_eq!(call().await.json()["Code"], "Throttling.User");
    let other = clouds.acs3(&ALIBABA_STS, KAFKA, "UpgradeInstanceVersion", &query).sign_acs3(&ALIBABA_STS);
    assert_eq!(clouds.send(&other).await.json()["Code"], "BIZ.INSTANCE.NOT.FOUND");
    clouds.pass(1);
    assert_eq!(call().await.json()["Code"], "BIZ.INSTANCE.NOT.FOUND");
}

#[tokio::test]
async fn every_scheme_and_place_reaches_the_product() {
    let clouds = Clouds::start().await;
    let own = |number: &'static str| {
        [("InstanceId", number), ("RegionId", "cn-hangzhou"), ("TargetVersion", "2.2.0")]
    };
    let first = own("alikafka_post-cn-v0h1fgs20001");
    let all = clouds.v1(&ALIBABA, KAFKA, "UpgradeInstanceVersion", &first);
    let answer = clouds.send(&Http::v1_form(clouds.address, &ALIBABA, all)).await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .body
            .starts_with("<?xml version='1.0' encoding='UTF-8'?><UpgradeInstanceVersionResponse><RequestId>")
    );
    assert!(
        answer.body.contains("<Code>200</Code><Message>operation success.</Message><Success>true</Success>")
    );

    let second = own("alikafka_post-cn-v0h1fgs20002");
    let mut all = clouds.v1(&ALIBABA_STS, KAFKA, "UpgradeInstanceVersion", &second);
    all.push(("Format".to_owned(), "json".to_owned()));
    let answer = clouds.send(&Http::v1_query(clouds.address, &ALIBABA_STS, all)).await;
    assert_eq!(answer.json()["Code"], 200);
    let calls = clouds.simulator.calls();
    assert_eq!(
        calls.iter().map(|call| call.caller.as_deref()).collect::<Vec<_>>(),
        [Some("ali"), Some("ali-sts")]
    );
    assert!(calls[1].target.contains("Signature=***") && calls[1].target.contains("SecurityToken=***"));
}
