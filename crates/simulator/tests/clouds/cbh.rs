//! Bastion hosts: the 24-hour rule, schedules, cancelling, changed ids and every business error.

use crate::common::{Clouds, Response};
use serde_json::{Value, json};
use simulator::{HUAWEI, HUAWEI_PROJECT_ID, HUAWEI_STS};

fn path(project: &str) -> String {
    format!("/v2/{project}/cbs/instance/upgrade")
}

fn server_id(number: u32) -> String {
    format!("c7277d87-5a0d-4cfc-a418-97acb567cf{number:02}")
}

async fn send(clouds: &Clouds, body: &Value) -> Response {
    clouds.rest("POST", &path(HUAWEI_PROJECT_ID), body).await
}

/// Milliseconds, so many hours after simulated now.
fn ahead(clouds: &Clouds, hours: i64) -> i64 {
    clouds.simulator.now().as_millisecond() + hours * 3_600_000
}

async fn schedule(clouds: &Clouds, number: u32, hours: i64) -> Response {
    send(clouds, &json!({"server_id": server_id(number), "upgrade_time": ahead(clouds, hours)})).await
}

fn named(clouds: &Clouds, name: &str) -> Value {
    clouds.instance("cbh", "instances", name)
}

#[tokio::test]
async fn an_upgrade_is_scheduled_started_and_finished() {
    let clouds = Clouds::start().await;
    let answer = schedule(&clouds, 29, 25).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(answer.header("server"), Some("api-gateway"));
    assert!(answer.header("x-request-id").is_some_and(|id| id.len() == 32));
    assert_eq!(answer.header("content-type"), None);
    assert_eq!(named(&clouds, "bastion-minor")["schedule"]["upgrade_time"], ahead(&clouds, 25));
    assert_eq!(schedule(&clouds, 29, 26).await.refusal(), (400, "CBH.10027011".to_owned()));
    clouds.simulator.advance(25 * 3600).unwrap();
    assert_eq!(named(&clouds, "bastion-minor")["status"], "UPGRADING");
    let cancel = json!({"server_id": server_id(29), "upgrade_time": 0, "cancel": true});
    assert_eq!(send(&clouds, &cancel).await.refusal(), (400, "CBH.10027011".to_owned()));
    clouds.simulator.advance(1800).unwrap();
    let after = named(&clouds, "bastion-minor");
    assert_eq!((&after["status"], &after["bastion_version"]), (&json!("ACTIVE"), &json!("3.3.37.6")));
    assert_eq!((&after["server_id"], &after["update"]), (&json!(server_id(29)), &json!("CROSS_OS")));
}

#[tokio::test]
async fn a_cross_version_upgrade_changes_the_ids() {
    let clouds = Clouds::start().await;
    assert_eq!(schedule(&clouds, 2, 24).await.status, 200);
    clouds.simulator.advance(25 * 3600).unwrap();
    let after = named(&clouds, "bastion-cross-version");
    assert_ne!(after["server_id"], server_id(2));
    assert_eq!(after["server_id"].as_str().unwrap().len(), 36);
    assert_ne!(after["instance_id"], "5402");
    assert_eq!((&after["update"], &after["bastion_version"]), (&json!("ROLLBACK"), &json!("3.3.62.0")));
    assert_eq!(schedule(&clouds, 2, 25).await.refusal(), (404, "CBH.10027007".to_owned()));
    clouds.simulator.advance(7 * 86_400).unwrap();
    assert_eq!(named(&clouds, "bastion-cross-version")["update"], "OLD");
}

#[tokio::test]
async fn the_24_hour_rule_follows_the_simulated_clock() {
    let clouds = Clouds::start().await;
    let time = ahead(&clouds, 24);
    for (upgrade_time, good) in [(time - 1, false), (ahead(&clouds, -1), false), (0, false), (time, true)] {
        let answer = send(&clouds, &json!({"server_id": server_id(29), "upgrade_time": upgrade_time})).await;
        assert_eq!(answer.status == 200, good, "{upgrade_time}");
        if !good {
            assert_eq!(answer.refusal(), (400, "CBH.10020010".to_owned()));
        }
    }
    // What was far enough ahead is not any more, once the clock was advanced.
    let time = ahead(&clouds, 30);
    clouds.simulator.advance(7 * 3600).unwrap();
    let body = json!({"server_id": server_id(2), "upgrade_time": time});
    assert_eq!(send(&clouds, &body).await.refusal(), (400, "CBH.10020010".to_owned()));
    assert_eq!(schedule(&clouds, 2, 24).await.status, 200);
}

#[tokio::test]
async fn a_scheduled_upgrade_can_be_cancelled() {
    let clouds = Clouds::start().await;
    let time = named(&clouds, "bastion-scheduled")["schedule"]["upgrade_time"].clone();
    let cancel = json!({"server_id": server_id(7), "upgrade_time": time, "cancel": true});
    let answer = send(&clouds, &cancel).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert!(named(&clouds, "bastion-scheduled")["schedule"].is_null());
    assert_eq!(send(&clouds, &cancel).await.refusal(), (400, "CBH.10027011".to_owned()));
    // `false` is the same as absent.
    let again = json!({"server_id": server_id(7), "upgrade_time": ahead(&clouds, 25), "cancel": false});
    assert_eq!(send(&clouds, &again).await.status, 200);
    assert!(!named(&clouds, "bastion-scheduled")["schedule"].is_null());
}

#[tokio::test]
async fn an_upgrade_can_end_badly() {
    let clouds = Clouds::start().await;
    assert_eq!(schedule(&clouds, 8, 24).await.status, 200);
    clouds.simulator.advance(25 * 3600).unwrap();
    let after = named(&clouds, "bastion-upgrade-will-fail");
    assert_eq!((&after["status"], &after["bastion_version"]), (&json!("ERROR"), &json!("3.3.37.0")));
    assert_ne!(after["fail_reason"], "");
}

#[tokio::test]
async fn business_errors() {
    let clouds = Clouds::start().await;
    for (number, status, code, description) in [
        (3, 403, "CBH.10027011", "The current version is the latest. There is no need to upgrade."),
        (4, 403, "CBH.10027011", "The agent is not started."),
        (5, 400, "CBH.10027011", ""),
        (6, 400, "CBH.10027011", ""),
        (7, 400, "CBH.10027011", ""),
        (10, 400, "CBH.10027011", ""),
        (98, 404, "CBH.10027007", "Not CBH instances found."),
    ] {
        let answer = schedule(&clouds, number, 25).await;
        assert_eq!(answer.refusal(), (status, code.to_owned()), "{number}");
        let body = answer.json();
        assert_eq!(body.as_object().unwrap().len(), 2);
        assert!(body["error_description"].as_str().unwrap().contains(description));
        assert_eq!(answer.header("content-type"), Some("application/json"));
    }
    let time = ahead(&clouds, 25);
    for (body, code) in [
        (json!([]), "CBH.10020009"),
        (json!({"upgrade_time": time}), "CBH.10020011"),
        (json!({"server_id": "5429", "upgrade_time": time}), "CBH.10020011"),
        (json!({"server_id": 5429, "upgrade_time": time}), "CBH.10020011"),
        (json!({"server_id": server_id(29)}), "CBH.10020010"),
        (json!({"server_id": server_id(29), "upgrade_time": time.to_string()}), "CBH.10020010"),
        (json!({"server_id": server_id(29), "upgrade_time": -1}), "CBH.10020010"),
        (json!({"server_id": server_id(29), "upgrade_time": 100_000_000_000_000_i64}), "CBH.10020010"),
        (json!({"server_id": server_id(29), "upgrade_time": time, "cancel": "true"}), "CBH.10020010"),
    ] {
        assert_eq!(send(&clouds, &body).await.refusal(), (400, code.to_owned()), "{body}");
    }
    let request = clouds.sdk(&HUAWEI, "POST", &path(HUAWEI_PROJECT_ID), "{").sign_sdk(&HUAWEI);
    assert_eq!(clouds.send(&request).await.refusal(), (400, "CBH.10020009".to_owned()));
    let good = json!({"server_id": server_id(29), "upgrade_time": time});
    let answer = clouds.rest("POST", &path("00000000000000000000000000000000"), &good).await;
    assert_eq!(answer.refusal(), (400, "CBH.10020001".to_owned()));
    let request = clouds
        .sdk(&HUAWEI, "POST", &path(HUAWEI_PROJECT_ID), &good.to_string())
        .with("X-Project-Id", "00000000000000000000000000000000")
        .sign_sdk(&HUAWEI);
    assert_eq!(clouds.send(&request).await.refusal(), (400, "CBH.10020001".to_owned()));
    assert_eq!(clouds.simulator.calls().iter().filter(|call| call.applied).count(), 0);
}

#[tokio::test]
async fn temporary_keys_work() {
    let clouds = Clouds::start().await;
    let body = json!({"server_id": server_id(29), "upgrade_time": ahead(&clouds, 25)});
    let request = clouds
        .sdk(&HUAWEI_STS, "POST", &path(HUAWEI_PROJECT_ID), &body.to_string())
        .with("X-Project-Id", HUAWEI_PROJECT_ID)
        .sign_sdk(&HUAWEI_STS);
    assert_eq!(clouds.send(&request).await.status, 200);
    assert_eq!(clouds.simulator.calls()[0].caller.as_deref(), Some("hw-sts"));
}
