//! Bastion hosts: the list, the status with an enumeration of its own, and rolling back.

use crate::common::{Clouds, Response};
use serde_json::{Value, json};
use simulator::{HUAWEI_PROJECT_ID, HUAWEI_PROJECTS};

fn server_id(number: u32) -> String {
    format!("c7277d87-5a0d-4cfc-a418-97acb567cf{number:02}")
}

fn path(what: &str) -> String {
    format!("/v2/{HUAWEI_PROJECT_ID}/cbs/instance/{what}")
}

async fn list(clouds: &Clouds, query: &str) -> Value {
    clouds.get(&path(&format!("list{query}"))).await.json()
}

async fn named(clouds: &Clouds, name: &str) -> Value {
    let all = list(clouds, "").await;
    all["instance"].as_array().unwrap().iter().find(|row| row["name"] == name).cloned().unwrap()
}

async fn status(clouds: &Clouds, server_id: &str) -> Response {
    clouds.get(&path(&format!("{server_id}/status"))).await
}

async fn schedule(clouds: &Clouds, number: u32, hours: i64) {
    let time = clouds.simulator.now().as_millisecond() + hours * 3_600_000;
    let body = json!({"server_id": server_id(number), "upgrade_time": time});
    assert_eq!(clouds.rest("POST", &path("upgrade"), &body).await.status, 200);
}

async fn roll_back(clouds: &Clouds, server_id: &str) -> Response {
    clouds.rest("POST", &path("rollback"), &json!({"server_id": server_id})).await
}

#[tokio::test]
async fn the_list_shows_what_an_upgrade_would_do() {
    let clouds = Clouds::start().await;
    let all = list(&clouds, "").await;
    assert_eq!((&all["total"], all["instance"].as_array().unwrap().len()), (&json!(11), 11));
    let first = &all["instance"][0];
    assert_eq!((&first["server_id"], &first["instance_id"]), (&json!(server_id(29)), &json!("5429")));
    assert_eq!((&first["update"], &first["bastion_version"]), (&json!("NEW"), &json!("3.3.37.0")));
    assert_eq!(first["created_time"], "2022-11-28 03:04:05.0");
    assert_eq!(first["start_time"], 1_669_604_645_000_i64);
    assert_eq!(first["status_info"]["status"], "ACTIVE");
    assert_eq!(first["status_info"]["instance_status"], "ok");
    assert!(first.get("upgrade_time").is_none());
    let updates: Vec<Value> =
        all["instance"].as_array().unwrap().iter().map(|row| row["update"].clone()).collect();
    // One of the latest ones says so with a boolean, as the example of the documents does.
    assert_eq!(updates[1..3], [json!("CROSS_OS"), json!(false)]);
    assert!(updates.contains(&json!("ROLLBACK")));
    let in_two_days = clouds.simulator.now().as_millisecond() + 48 * 3_600_000;
    assert_eq!(named(&clouds, "bastion-scheduled").await["upgrade_time"], in_two_days);
    let frozen = named(&clouds, "bastion-frozen").await["status_info"].clone();
    assert_eq!((&frozen["status"], &frozen["task_status"]), (&json!("FROZEN"), &json!("frozen")));
}

#[tokio::test]
async fn pages_and_single_instances() {
    let clouds = Clouds::start().await;
    let page = list(&clouds, "?limit=3&offset=9").await;
    assert_eq!((&page["total"], page["instance"].as_array().unwrap().len()), (&json!(11), 2));
    let one = list(&clouds, "?instance_id=5404").await;
    assert_eq!((&one["total"], &one["instance"][0]["name"]), (&json!(1), &json!("bastion-agent-down")));
    assert_eq!(list(&clouds, "?instance_id=1").await["total"], 0);
    for query in ["?limit=0", "?limit=1001", "?limit=x", "?offset=-1", "?instance_id=abc"] {
        let answer = clouds.get(&path(&format!("list{query}"))).await;
        assert_eq!(answer.refusal(), (400, "CBH.10020010".to_owned()), "{query}");
    }
    // The other project of the account has none; a project of somebody else is refused.
    let other = clouds.get(&format!("/v2/{}/cbs/instance/list", HUAWEI_PROJECTS[1].1)).await.json();
    assert_eq!(other, json!({"total": 0, "instance": []}));
    let foreign = clouds.get("/v2/00000000000000000000000000000000/cbs/instance/list").await;
    assert_eq!(foreign.refusal(), (400, "CBH.10020001".to_owned()));
    let elsewhere = json!({"server_id": server_id(29), "upgrade_time": in_hours(&clouds, 25)});
    let answer =
        clouds.rest("POST", &format!("/v2/{}/cbs/instance/upgrade", HUAWEI_PROJECTS[1].1), &elsewhere).await;
    assert_eq!(answer.refusal(), (404, "CBH.10027007".to_owned()));
}

fn in_hours(clouds: &Clouds, hours: i64) -> i64 {
    clouds.simulator.now().as_millisecond() + hours * 3_600_000
}

#[tokio::test]
async fn the_status_has_words_of_its_own() {
    let clouds = Clouds::start().await;
    let first = status(&clouds, &server_id(29)).await.json();
    assert_eq!(first, json!({"name": "bastion-minor", "server_id": server_id(29), "status": "ACTIVE"}));
    for (number, word) in [(5, "FROZEN"), (6, "POWERING_OFF"), (10, "REBOOTING"), (7, "ACTIVE")] {
        assert_eq!(status(&clouds, &server_id(number)).await.json()["status"], word, "{number}");
    }
    assert_eq!(status(&clouds, &server_id(98)).await.refusal(), (404, "CBH.10027007".to_owned()));
    assert_eq!(status(&clouds, "5429").await.refusal(), (400, "CBH.10020011".to_owned()));
    schedule(&clouds, 29, 24).await;
    clouds.simulator.advance(24 * 3600).unwrap();
    assert_eq!(status(&clouds, &server_id(29)).await.json()["status"], "UPGRADING");
    assert_eq!(named(&clouds, "bastion-minor").await["status_info"]["instance_status"], "upgrading");
}

#[tokio::test]
async fn after_a_cross_version_upgrade_the_old_id_is_gone_until_it_is_rolled_back() {
    let clouds = Clouds::start().await;
    let before = named(&clouds, "bastion-cross-version").await;
    schedule(&clouds, 2, 24).await;
    clouds.simulator.advance(25 * 3600).unwrap();
    assert_eq!(status(&clouds, &server_id(2)).await.refusal(), (404, "CBH.10027007".to_owned()));
    let after = named(&clouds, "bastion-cross-version").await;
    assert_eq!((&after["update"], &after["bastion_version"]), (&json!("ROLLBACK"), &json!("3.3.62.0")));
    assert_eq!(after["resource_info"]["resource_id"], before["resource_info"]["resource_id"]);
    assert_ne!(after["instance_id"], before["instance_id"]);
    assert_ne!(after["created_time"], before["created_time"]);

    let answer = roll_back(&clouds, after["server_id"].as_str().unwrap()).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    let rolling = named(&clouds, "bastion-cross-version").await["status_info"].clone();
    assert_eq!((&rolling["status"], &rolling["task_status"]), (&json!("UPGRADING"), &json!("rollback")));
    clouds.simulator.advance(1800).unwrap();
    assert_eq!(named(&clouds, "bastion-cross-version").await, before);
    // And it can be upgraded again.
    schedule(&clouds, 2, 24).await;
}

#[tokio::test]
async fn rolling_back_has_its_time_and_can_end_badly() {
    let clouds = Clouds::start().await;
    for number in [29, 2, 3, 5] {
        assert_eq!(roll_back(&clouds, &server_id(number)).await.refusal(), (400, "CBH.10027011".to_owned()));
    }
    assert_eq!(roll_back(&clouds, &server_id(98)).await.refusal(), (404, "CBH.10027007".to_owned()));
    assert_eq!(roll_back(&clouds, "x").await.refusal(), (400, "CBH.10020011".to_owned()));
    assert_eq!(roll_back(&clouds, &server_id(11)).await.status, 200);
    clouds.simulator.advance(1800).unwrap();
    let failed = named(&clouds, "bastion-rollback-will-fail").await;
    assert_eq!(
        (&failed["status_info"]["status"], &failed["server_id"]),
        (&json!("ERROR"), &json!(server_id(11)))
    );
    assert_eq!(failed["status_info"]["fail_reason"], "The rollback could not be completed.");
    clouds.simulator.advance(7 * 86_400).unwrap();
    assert_eq!(roll_back(&clouds, &server_id(9)).await.refusal(), (400, "CBH.10027011".to_owned()));
    assert_eq!(named(&clouds, "bastion-can-roll-back").await["update"], "OLD");
}

#[tokio::test]
async fn a_rollback_is_a_changing_call() {
    let clouds = Clouds::start().await;
    clouds.simulator.set_scenario("no_permission").unwrap();
    assert_eq!(roll_back(&clouds, &server_id(9)).await.refusal(), (403, "CBH.10020002".to_owned()));
    assert_eq!(list(&clouds, "").await["total"], 11);
    let changing: Vec<bool> = clouds.simulator.calls().iter().map(|call| call.changing).collect();
    assert_eq!(changing, [true, false]);
}
