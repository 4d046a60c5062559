//! Whose an instance is: one run's at a time, and of a run that is being taken back, that of the run which does so.

use crate::{
    cases::{self, AAD, CBH},
    support::{Console, Http},
};
use serde_json::{Value, json};

/// A run that takes another back, whose call came to nothing that anybody knows of.
async fn lost_cancel(console: &Console, first: &Value, scenario: &str) -> Value {
    let path = format!("/api/runs/{}/cancel", first["id"].as_str().unwrap());
    let plan = console.post(&path, &json!({})).await.expect(201).json();
    console.scenario(scenario).await;
    // Its own upgrade is open, and is what it is about.
    let cancel = console.confirm(&plan, &json!({})).await.expect(201).json();
    let cancel = console.settled(&cancel).await;
    console.scenario("normal").await;
    assert_eq!(cancel["state"], "unknown", "{cancel:#}");
    cancel
}

/// A run whose order waits for somebody to pay it.
async fn unpaid(console: &Console) -> Value {
    console.scenario("unpaid").await;
    let run = console.upgrade(AAD, &cases::aad(1)).await;
    console.until(&run, |run| run["state"] == "awaiting_payment").await
}

/// The instance of a plan is this run's.
async fn is_held_by(http: &Http, plan: &Value, run: &Value) {
    let reply = http.confirm(plan, &json!({})).await.expect(409);
    assert_eq!(reply.code(), "instance_busy", "{}", reply.text);
    let id = run["id"].as_str().unwrap();
    assert!(reply.text.contains(id), "{id} holds it: {}", reply.text);
}

#[tokio::test]
async fn a_cancel_of_unknown_outcome_keeps_the_instance_when_its_schedule_is_gone() {
    let console = Console::demo().await;
    let first = console.upgrade(CBH, &cases::cbh(29)).await;
    let first = console.until(&first, |run| run["state"] == "scheduled").await;
    // It took effect, and nobody was told.
    let cancel = lost_cancel(&console, &first, "cut").await;
    let other = console.plan(CBH, &cases::cbh(29)).await;
    is_held_by(&console, &other, &cancel).await;
    assert_eq!(console.check(&first).await["state"], "cancelled");
    is_held_by(&console, &other, &cancel).await;
    assert_eq!(console.check(&cancel).await["state"], "succeeded");
    let run = console.confirm(&other, &json!({})).await.expect(201).json();
    assert_eq!(console.until(&run, |run| run["state"] == "scheduled").await["final"], false);
}

#[tokio::test]
async fn the_instance_of_an_order_is_kept_by_the_run_that_cancels_the_order() {
    let console = Console::demo().await;
    let first = unpaid(&console).await;
    // This call names the order and not the instance.
    let cancel = lost_cancel(&console, &first, "cut").await;
    let other = console.plan(AAD, &cases::aad(1)).await;
    is_held_by(&console, &other, &cancel).await;
    assert_eq!(console.check(&first).await["state"], "cancelled");
    is_held_by(&console, &other, &cancel).await;
    assert_eq!(console.check(&cancel).await["state"], "succeeded");
    console.confirm(&other, &json!({})).await.expect(201);
}

#[tokio::test]
async fn an_order_that_was_not_cancelled_has_its_instance_back() {
    let console = Console::demo().await;
    let first = unpaid(&console).await;
    let cancel = lost_cancel(&console, &first, "error_5xx").await;
    let other = console.plan(AAD, &cases::aad(1)).await;
    is_held_by(&console, &other, &cancel).await;
    let settle = format!("/api/runs/{}/settle", cancel["id"].as_str().unwrap());
    console.post(&settle, &json!({"state": "not_sent", "evidence": "Still to be paid."})).await.expect(200);
    is_held_by(&console, &other, &first).await;
    // And is cancelled by another try.
    let again = format!("/api/runs/{}/cancel", first["id"].as_str().unwrap());
    let plan = console.post(&again, &json!({})).await.expect(201).json();
    let cancel = console.confirm(&plan, &json!({})).await.expect(201).json();
    assert_eq!(console.settled(&cancel).await["state"], "succeeded");
    console.confirm(&other, &json!({})).await.expect(201);
}
