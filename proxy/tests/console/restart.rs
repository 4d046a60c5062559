//! What outlives the program: plans, runs and the record, whichever way it ended, and one store for one program.

use crate::{
    cases::{self, AAD, BSS},
    fake_cloud::{Does, FakeCloud, answer, config_for},
    program::{Program, Store, run},
    support::Http,
};
use serde_json::{Value, json};
use std::path::PathBuf;

#[tokio::test]
async fn a_call_that_was_under_way_when_the_power_failed_is_unknown_and_is_not_made_again() {
    let store = Store::new("under-way");
    let body = answer(200, "application/json", r#"{"order_id":"CS1"}"#);
    let cloud = FakeCloud::start(Does::AnswersWhenReleased(body)).await;
    let config = store.config(&config_for(&format!("http://{}", cloud.address), ""));
    let mut program = Program::serve(&config, &[]).await;
    let http = Http::new(program.address);
    let plan = http.plan(AAD, &cases::aad(1)).await;
    let other = http.plan(AAD, &cases::aad(1)).await;
    let run = http.confirm(&plan, &json!({})).await.expect(201).json();
    cloud.request_arrived().await;
    program.kill();

    let program = Program::serve(&config, &[]).await;
    let http = Http::new(program.address);
    let found = http.get("/api/runs?state=unknown").await.expect(200).json();
    assert_eq!((found["items"].as_array().unwrap().len(), &found["items"][0]["id"]), (1, &run["id"]));
    let states = found["items"][0]["timeline"].as_array().unwrap();
    let states: Vec<_> = states.iter().map(|event| event["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["confirmed", "sent", "unknown"]);
    // The same plan is the same run; another plan for the instance has to wait for it.
    assert_eq!(http.confirm(&plan, &json!({})).await.expect(200).json()["id"], run["id"]);
    assert_eq!(http.confirm(&other, &json!({})).await.expect(409).code(), "instance_busy");
    assert_eq!(cloud.requests().len(), 1);
    drop(program);
}

#[tokio::test]
async fn with_no_configuration_nothing_outlives_the_clouds_that_it_was_done_on() {
    let program = Program::demo().await;
    let http = Http::new(program.address);
    http.upgrade(AAD, &cases::aad(1)).await;
    assert_eq!(program.kept(), []);
}

#[tokio::test]
async fn plans_runs_and_the_record_are_there_after_a_kill() {
    let store = Store::new("kept");
    let cloud =
        FakeCloud::start(Does::Answers(answer(200, "application/json", r#"{"order_id":"CS1"}"#))).await;
    let config = store.config(&config_for(&format!("http://{}", cloud.address), ""));
    let mut program = Program::serve(&config, &[]).await;
    let http = Http::new(program.address);
    let run = http.upgrade(AAD, &cases::aad(1)).await;
    let plan = http.plan(BSS, &cases::bss(1)).await;
    let record = http.get("/api/records").await.expect(200).json();
    program.kill();

    let program = Program::serve(&config, &[]).await;
    let http = Http::new(program.address);
    assert_eq!(http.get(&format!("/api/runs/{}", run["id"].as_str().unwrap())).await.json(), run);
    assert_eq!(http.get(&format!("/api/plans/{}", plan["id"].as_str().unwrap())).await.json(), plan);
    assert_eq!(http.get("/api/records").await.json(), record);
    assert_eq!(http.confirm(&plan, &json!({})).await.expect(201).json()["plan"], plan["id"]);
    drop(program);
}

#[tokio::test]
async fn the_record_is_a_chain_in_order() {
    let cloud =
        FakeCloud::start(Does::Answers(answer(200, "application/json", r#"{"order_id":"CS1"}"#))).await;
    let program = Program::serve(&config_for(&format!("http://{}", cloud.address), ""), &[]).await;
    let http = Http::new(program.address);
    for number in 1..=3 {
        http.upgrade(AAD, &cases::aad(number)).await;
    }
    let reply = http.get("/api/records?format=jsonl").await.expect(200);
    assert_eq!(reply.header("content-type"), "application/jsonl");
    let lines: Vec<Value> = reply.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 9, "three runs of three steps");
    let mut previous = String::new();
    for (index, line) in lines.iter().enumerate() {
        assert_eq!(
            (line["seq"].as_u64(), line["previous"].as_str()),
            (Some(index as u64 + 1), Some(previous.as_str()))
        );
        assert_eq!(line["mode"], "simulated", "{line}");
        previous = line["hash"].as_str().unwrap().to_owned();
        assert_eq!(previous.len(), 64, "{line}");
    }
    let page = http.get("/api/records").await.json();
    assert_eq!(page["items"].as_array().unwrap(), &lines);
    let rest = http.get("/api/records?after=7").await.json();
    assert_eq!(rest["items"].as_array().unwrap(), &lines[7..]);
}

#[tokio::test]
async fn a_second_program_does_not_start_on_a_store_in_use() {
    let store = Store::new("in-use");
    let config = store.config("");
    let first = Program::serve(&config, &[]).await;
    let second = config.clone();
    let (succeeded, said) = tokio::task::spawn_blocking(move || {
        run("serve", &format!("listen = \"127.0.0.1:0\"\n{second}"), &[])
    })
    .await
    .unwrap();
    assert!(!succeeded && said.contains("store.db"), "{said}");
    Http::new(first.address).get("/readyz").await.expect(200);
    drop(first);
    // The lock went with its holder, however that ended.
    let again = Program::serve(&config, &[]).await;
    Http::new(again.address).get("/readyz").await.expect(200);
}

#[test]
fn a_store_that_cannot_be_opened_is_named() {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("not-a-store-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("store.db"),
        "this is no database, and it is longer than the head of one would be".repeat(20),
    )
    .unwrap();
    let config =
        format!("listen = \"127.0.0.1:0\"\n[store]\nurl = \"sqlite://{}/store.db\"\n", folder.display());
    let (succeeded, said) = run("serve", &config, &[]);
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(!succeeded && said.contains("store.db"), "{said}");
}
