//! The admin door and the methods behind it.

use crate::common::{Clouds, Http, KAFKA, exchange};
use serde_json::json;
use simulator::ClockRefused;

#[tokio::test]
async fn clock_scenario_and_reset() {
    let clouds = Clouds::start().await;
    let status = clouds.admin("GET", "/", "").await.json();
    assert_eq!(status["scenario"]["name"], "normal");
    assert_eq!(status["clock_offset_seconds"], 0);
    assert_eq!(status["now"], "2024-01-02T03:04:05Z");
    assert_eq!(status["scenarios"].as_array().unwrap().len(), clouds.simulator.scenarios().len());
    assert!(status["scenarios"][1]["title"]["zh"].as_str().is_some_and(|title| !title.is_ascii()));

    assert_eq!(
        clouds.admin("POST", "/clock", r#"{"advance_seconds": 86400}"#).await.json()["now"],
        "2024-01-03T03:04:05Z"
    );
    assert_eq!(clouds.simulator.clock_offset_seconds(), 86_400);
    assert_eq!(
        clouds.admin("POST", "/scenario", r#"{"name": "hang"}"#).await.json()["scenario"]["name"],
        "hang"
    );
    assert_eq!(clouds.simulator.scenario().name, "hang");
    for (path, body) in [
        ("/clock", r#"{"advance_seconds": -1}"#),
        ("/clock", r#"{"advance_seconds": 9223372036854775807}"#),
        ("/clock", r#"{"seconds": 1}"#),
        ("/clock", "{"),
        ("/scenario", r#"{"name": "chaos"}"#),
    ] {
        assert_eq!(clouds.admin("POST", path, body).await.status, 400, "{path} {body}");
    }
    assert_eq!(clouds.admin("GET", "/clock", "").await.status, 405);
    assert_eq!(clouds.admin("GET", "/other", "").await.status, 404);
    let status = clouds.admin("POST", "/reset", "").await.json();
    assert_eq!((&status["scenario"]["name"], &status["clock_offset_seconds"]), (&json!("normal"), &json!(0)));
    assert_eq!(clouds.simulator.advance(-5), Err(ClockRefused));
    assert!(clouds.simulator.set_scenario("chaos").is_err());
}

#[tokio::test]
async fn calls_are_listed_with_their_verdict() {
    let clouds = Clouds::start().await;
    clouds.simulator.advance(60).unwrap();
    let query = [
        ("InstanceId", "alikafka_post-cn-v0h1fgs20001"),
        ("RegionId", "cn-hangzhou"),
        ("TargetVersion", "2.2.0"),
    ];
    let answer = clouds.rpc(KAFKA, "UpgradeInstanceVersion", &query).await;
    clouds.send(&Http::new("GET", "/nothing").with("host", "x")).await;
    let calls = clouds.admin("GET", "/calls", "").await.json();
    let first = &calls["items"][0];
    assert_eq!(
        first,
        &json!({
            "number": 1,
            "at": "2024-01-02T03:04:05Z",
            "simulated_at": "2024-01-02T03:05:05Z",
            "cloud": "alibaba",
            "operation": "alikafka.UpgradeInstanceVersion",
            "method": "POST",
            "host": clouds.address.to_string(),
            "target": "/?InstanceId=alikafka_post-cn-v0h1fgs20001&RegionId=cn-hangzhou&TargetVersion=2.2.0",
            "body": null,
            "caller": "ali",
            "verdict": "accepted",
            "status": 200,
            "changing": true,
            "applied": true,
            "request_id": answer.json()["RequestId"],
            "scenario": null,
        })
    );
    let second = &calls["items"][1];
    assert_eq!(
        (&second["verdict"], &second["status"], &second["operation"], &second["caller"]),
        (&json!("APIGW.0101"), &json!(404), &json!(null), &json!(null))
    );
    clouds.simulator.reset();
    assert_eq!(clouds.admin("GET", "/calls", "").await.json()["items"], json!([]));
}

#[tokio::test]
async fn a_reset_brings_every_instance_back() {
    let clouds = Clouds::start().await;
    let before = clouds.admin("GET", "/state", "").await.json();
    let query = [
        ("InstanceId", "alikafka_post-cn-v0h1fgs20001"),
        ("RegionId", "cn-hangzhou"),
        ("TargetVersion", "2.2.0"),
    ];
    clouds.rpc(KAFKA, "UpgradeInstanceVersion", &query).await;
    clouds.simulator.advance(400 * 86_400).unwrap();
    assert_ne!(clouds.simulator.state(), before);
    clouds.simulator.reset();
    assert_eq!(clouds.simulator.state(), before);
}

#[tokio::test]
async fn foreign_names_do_not_open_the_door() {
    let clouds = Clouds::start().await;
    for host in ["evil.example", "127.0.0.1.evil.example:80"] {
        let request = Http::new("POST", "/reset").with("host", host);
        assert_eq!(exchange(clouds.admin, &request.bytes()).await.unwrap().status, 403, "{host}");
    }
}
