//! What a person can do with a run whose outcome is unknown: look again, send again, say what became of it.

use crate::{
    cases::{self, AAD, BSS, NEST},
    support::{Console, IMPATIENT, ROOMY},
};
use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use upgrade_proxy::clock::Sources;

/// The built-in clouds, and a server that does not wait long for an answer.
async fn impatient() -> Console {
    Console::with(&format!("{ROOMY}{IMPATIENT}"), |_| None).await
}

/// A run whose call was read by the cloud and never answered; it took no effect.
async fn lost(console: &Console, operation: &str, parameters: &Value) -> Value {
    console.scenario("hang").await;
    let plan = console.plan(operation, parameters).await;
    let run = console.confirm(&plan, &json!({})).await.expect(201).json();
    let run = console.settled(&run).await;
    console.scenario("normal").await;
    assert_eq!((&run["state"], &run["final"]), (&json!("unknown"), &json!(false)), "{run:#}");
    run
}

fn path(run: &Value, action: &str) -> String {
    format!("/api/runs/{}/{action}", run["id"].as_str().unwrap())
}

/// Whether an action can be done, and why not; `None` when it is not offered at all.
fn offered(run: &Value, name: &str) -> Option<(bool, String)> {
    let actions = run["actions"].as_array().unwrap();
    let action = actions.iter().find(|action| action["name"] == name)?;
    Some((action["available"] == true, action["reason"].as_str().unwrap_or_default().to_owned()))
}

fn token(call: &simulator::Call) -> String {
    let (_, rest) = call.target.split_once("ClientToken=").unwrap();
    rest.split('&').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_lost_call_is_sent_again_only_after_a_check_and_with_the_same_token() {
    let console = impatient().await;
    let run = lost(&console, NEST, &cases::nest(1)).await;
    let resend = json!({"payload_hash": run["payload_hash"]});
    let (available, why) = offered(&run, "resend").unwrap();
    assert!(!available && why.contains("Check"), "{why}");
    assert_eq!(console.post(&path(&run, "resend"), &resend).await.expect(409).code(), "not_resendable");
    assert_eq!(console.changing_calls(), 1);

    let checked = console.post(&path(&run, "check"), &json!({})).await.expect(200).json();
    assert_eq!(checked["state"], "unknown", "{checked:#}");
    assert_eq!(offered(&checked, "resend"), Some((true, String::new())));
    let last = checked["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(last["source"], "cloud", "{last}");
    assert!(last["answer"]["request_id"].is_string(), "{last}");

    let other = json!({"payload_hash": "sha256:0"});
    assert_eq!(console.post(&path(&run, "resend"), &other).await.expect(409).code(), "payload_mismatch");
    let again = console.post(&path(&run, "resend"), &resend).await.expect(200).json();
    let again = console.answered(&again).await;
    assert!(matches!(again["state"].as_str(), Some("accepted" | "in_progress")), "{again:#}");
    let calls: Vec<_> = console.calls().into_iter().filter(|call| call.changing).collect();
    assert_eq!((calls.len(), calls[0].applied, calls[1].applied), (2, false, true));
    assert_eq!(token(&calls[0]), token(&calls[1]));
    // What was accepted is followed and not sent again.
    assert_eq!(console.post(&path(&run, "resend"), &resend).await.expect(409).code(), "not_resendable");
    let record = console.get("/api/records").await.json();
    assert!(record["items"].as_array().unwrap().iter().any(|entry| entry["kind"] == "resent"), "{record:#}");
}

/// Seconds since 1970 on the clock of the test below.
static NOW: AtomicI64 = AtomicI64::new(1_800_000_000);

#[tokio::test]
async fn an_answered_check_allows_a_resend_for_a_quarter_of_an_hour_and_no_longer_than_the_plan() {
    let now = || Timestamp::UNIX_EPOCH + SignedDuration::from_secs(NOW.load(Ordering::SeqCst));
    let sources = Sources { now, ..Sources::system() };
    let console = Console::on(&format!("{ROOMY}{IMPATIENT}"), sources).await;
    let run = lost(&console, NEST, &cases::nest(1)).await;
    let resend = json!({"payload_hash": run["payload_hash"]});
    let here = format!("/api/runs/{}", run["id"].as_str().unwrap());
    let check = || async { console.post(&path(&run, "check"), &json!({})).await.expect(200).json() };
    let why = |run: &Value| {
        let (available, why) = offered(run, "resend").unwrap();
        assert!(!available);
        why
    };
    assert_eq!(offered(&check().await, "resend"), Some((true, String::new())));
    NOW.fetch_add(16 * 60, Ordering::SeqCst);
    assert!(why(&console.get(&here).await.json()).contains("15 minutes"));
    assert_eq!(console.post(&path(&run, "resend"), &resend).await.expect(409).code(), "not_resendable");
    assert_eq!(offered(&check().await, "resend"), Some((true, String::new())));
    // A price and an effect that were reviewed yesterday are not those of today.
    NOW.fetch_add(24 * 3600, Ordering::SeqCst);
    assert!(why(&check().await).contains("expired"));
    assert_eq!(console.post(&path(&run, "resend"), &resend).await.expect(409).code(), "not_resendable");
    assert_eq!(console.changing_calls(), 1);
}

#[tokio::test]
async fn a_call_that_the_cloud_accepted_is_never_sent_again() {
    let console = Console::demo().await;
    // An order that nobody pays.
    let run = console.upgrade(BSS, &cases::bss(7)).await;
    console.advance(60).await;
    let run = console.until(&run, |run| run["state"] == "in_progress").await;
    console.advance(25 * 3600).await;
    let run = console.settled(&run).await;
    assert_eq!((&run["state"], &run["failure"]), (&json!("unknown"), &json!("given_up")), "{run:#}");
    let (available, why) = offered(&run, "resend").unwrap();
    assert!(!available && why.contains("accepted"), "{why}");
    let resend = json!({"payload_hash": run["payload_hash"]});
    assert_eq!(console.post(&path(&run, "resend"), &resend).await.expect(409).code(), "not_resendable");
    assert_eq!(console.changing_calls(), 1);
}

#[tokio::test]
async fn what_went_on_in_clouds_that_were_reset_ends_with_them() {
    let console = impatient().await;
    let unknown = lost(&console, NEST, &cases::nest(1)).await;
    let going = console.upgrade(AAD, &cases::aad(5)).await;
    assert_eq!((&going["state"], &going["final"]), (&json!("accepted"), &json!(false)));
    console.post("/api/simulator/reset", &json!({})).await.expect(200);
    for run in [unknown, going] {
        let ended = console.get(&format!("/api/runs/{}", run["id"].as_str().unwrap())).await.json();
        assert_eq!(ended["state"], "failed");
        assert!(ended["outcome"].as_str().unwrap().contains("Ended by local"), "{ended:#}");
    }
    // The new instance is free.
    let plan = console.plan(NEST, &cases::nest(1)).await;
    console.confirm(&plan, &json!({})).await.expect(201);
}

#[tokio::test]
async fn ten_resends_at_once_are_one_call() {
    let console = impatient().await;
    let run = lost(&console, NEST, &cases::nest(1)).await;
    console.post(&path(&run, "check"), &json!({})).await.expect(200);
    let body = json!({"payload_hash": run["payload_hash"]});
    let url = path(&run, "resend");
    let replies = join_all((0..10).map(|_| console.post(&url, &body))).await;
    let accepted = replies.iter().filter(|reply| reply.status == 200).count();
    assert_eq!(accepted, 1, "{:?}", replies.iter().map(|reply| reply.status).collect::<Vec<_>>());
    console.answered(&run).await;
    assert_eq!(console.changing_calls(), 2);
}

#[tokio::test]
async fn a_refused_resend_leaves_the_outcome_unknown() {
    let console = impatient().await;
    let run = lost(&console, NEST, &cases::nest(1)).await;
    console.post(&path(&run, "check"), &json!({})).await.expect(200);
    console.scenario("throttled").await;
    let body = json!({"payload_hash": run["payload_hash"]});
    let again = console.post(&path(&run, "resend"), &body).await.expect(200).json();
    let again = console.settled(&again).await;
    assert_eq!(again["state"], "unknown", "{again:#}");
    // And what was true before the resend has to be found out anew.
    assert_eq!(offered(&again, "resend").map(|(available, _)| available), Some(false));
}

#[tokio::test]
async fn a_check_finds_what_a_cut_connection_did_not_tell_and_the_run_goes_on() {
    let console = Console::demo().await;
    console.scenario("cut").await;
    let plan = console.plan(NEST, &cases::nest(1)).await;
    let run = console.confirm(&plan, &json!({})).await.expect(201).json();
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "unknown");
    console.scenario("normal").await;
    let checked = console.post(&path(&run, "check"), &json!({})).await.expect(200).json();
    assert_eq!(
        (&checked["state"], &checked["following"]),
        (&json!("in_progress"), &json!(true)),
        "{checked:#}"
    );
    console.post("/api/simulator/clock", &json!({"advance_seconds": 600})).await.expect(200);
    let ended = console.settled(&run).await;
    assert_eq!((&ended["state"], &ended["final"]), (&json!("succeeded"), &json!(true)), "{ended:#}");
    // Who asks a moment too late is told how it ended, and the cloud is left alone.
    let calls = console.calls().len();
    assert_eq!(console.check(&ended).await["state"], "succeeded");
    assert_eq!((console.calls().len(), console.changing_calls()), (calls, 1));
}

#[tokio::test]
async fn without_a_token_nothing_is_sent_again_and_a_person_settles() {
    let console = impatient().await;
    let run = lost(&console, AAD, &cases::aad(1)).await;
    assert_eq!(offered(&run, "resend"), None);
    let resend = json!({"payload_hash": run["payload_hash"]});
    assert_eq!(console.post(&path(&run, "resend"), &resend).await.expect(409).code(), "not_resendable");
    let other = console.plan(AAD, &cases::aad(1)).await;
    assert_eq!(console.confirm(&other, &json!({})).await.expect(409).code(), "instance_busy");
    // An id in capitals is the same instance.
    let id = cases::aad(1)["instance_id"].as_str().unwrap().to_uppercase();
    let capitals = console.plan(AAD, &cases::with(cases::aad(1), &json!({"instance_id": id}))).await;
    assert_eq!(console.confirm(&capitals, &json!({})).await.expect(409).code(), "instance_busy");

    let settle = path(&run, "settle");
    for (body, pointer) in [
        (json!({"state": "in_progress", "evidence": "seen"}), "/state"),
        (json!({"state": "not_sent", "evidence": "  "}), "/evidence"),
        (json!({"state": "not_sent", "evidence": "x".repeat(1_001)}), "/evidence"),
    ] {
        let reply = console.post(&settle, &body).await.expect(400);
        assert_eq!(reply.errors()[0].0, pointer, "{body}");
    }
    let body = json!({"state": "not_sent", "evidence": "No order in the console at 15:02."});
    let settled = console.post(&settle, &body).await.expect(200).json();
    assert_eq!((&settled["state"], &settled["final"]), (&json!("not_sent"), &json!(true)));
    // In the words of who settled it: the cloud was reached, after all.
    assert!(settled["outcome"].as_str().unwrap().starts_with("Settled by local: "), "{settled:#}");
    assert_eq!(settled["actions"], json!([]), "{settled:#}");
    assert_eq!(console.post(&settle, &body).await.expect(409).code(), "not_settleable");
    let record = console.get("/api/records").await.json();
    let entry = record["items"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&entry["kind"], &entry["user"], &entry["reason"]),
        (&json!("settled"), &json!("local"), &json!("No order in the console at 15:02.")),
        "{entry}"
    );
    // The instance is free again.
    let run = console.confirm(&other, &json!({})).await.expect(201).json();
    console.answered(&run).await;
    assert_eq!(console.changing_calls(), 2);
}

#[tokio::test]
async fn what_cannot_be_taken_back_says_so() {
    let console = Console::demo().await;
    let run = console.upgrade(AAD, &cases::aad(1)).await;
    assert_eq!(
        console.post(&path(&run, "rollback"), &json!({})).await.expect(409).code(),
        "not_rollbackable"
    );
    let none = json!({"id": "run_none"});
    for action in ["check", "cancel", "rollback"] {
        assert_eq!(console.post(&path(&none, action), &json!({})).await.expect(404).code(), "not_found");
    }
}

#[tokio::test]
async fn what_takes_back_is_settled_by_what_became_of_it_and_not_by_what_it_wanted() {
    let console = impatient().await;
    let run = console.answered(&console.upgrade(NEST, &cases::nest(1)).await).await;
    console.post("/api/simulator/clock", &json!({"advance_seconds": 600})).await.expect(200);
    let first = console.settled(&run).await;
    let plan = console.post(&path(&first, "rollback"), &json!({})).await.expect(201).json();
    console.scenario("hang").await;
    let undo = console.confirm(&plan, &json!({})).await.expect(201).json();
    let undo = console.settled(&undo).await;
    assert_eq!(undo["state"], "unknown", "{undo:#}");
    let settle = |state: &str| json!({"state": state, "evidence": "Seen in the console."});
    let reply = console.post(&path(&undo, "settle"), &settle("rolled_back")).await.expect(400);
    assert_eq!(reply.errors()[0].0, "/state");
    console.post(&path(&undo, "settle"), &settle("succeeded")).await.expect(200);
    let first = console.get(&format!("/api/runs/{}", first["id"].as_str().unwrap())).await.json();
    assert_eq!((&first["state"], &first["undone_by"]), (&json!("rolled_back"), &undo["id"]));
}

#[tokio::test]
async fn what_has_ended_is_not_looked_at_any_more() {
    let console = Console::demo().await;
    let run = console.upgrade(NEST, &cases::nest(1)).await;
    let id = run["id"].as_str().unwrap();
    assert!(!console.app.followers.claim(id), "somebody follows it");
    console.post("/api/simulator/clock", &json!({"advance_seconds": 600})).await.expect(200);
    console.settled(&run).await;
    // The follower leaves after the last step; nobody comes back.
    let left = async {
        while !console.app.followers.claim(id) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::raw::HANG, left).await.expect("it is still followed");
    let calls = console.calls().len();
    console.post("/api/simulator/clock", &json!({"advance_seconds": 86_400})).await.expect(200);
    console.get(&format!("/api/runs/{id}")).await.expect(200);
    assert_eq!(console.calls().len(), calls);
}

#[tokio::test]
async fn only_the_latest_upgrade_of_an_instance_is_rolled_back() {
    let console = impatient().await;
    let mut runs = Vec::new();
    for version in ["2", "3"] {
        let parameters = cases::with(cases::nest(1), &json!({"ServiceVersion": version}));
        let run = console.upgrade(NEST, &parameters).await;
        console.post("/api/simulator/clock", &json!({"advance_seconds": 600})).await.expect(200);
        runs.push(console.settled(&run).await);
        assert_eq!(runs.last().unwrap()["state"], "succeeded");
    }
    let reply = console.post(&path(&runs[0], "rollback"), &json!({})).await.expect(409);
    assert_eq!(reply.code(), "not_rollbackable");
    console.post(&path(&runs[1], "rollback"), &json!({})).await.expect(201);
}
