//! What a person may say became of a run: what its product can come to (design.md section 3), and nothing else.

use crate::{
    cases::{self, AAD, BSS, CBH, KAFKA, NEST},
    support::{Console, Http},
};
use serde_json::{Value, json};

/// Every final state, as the HTTP API names it.
const FINAL: [&str; 6] = ["succeeded", "failed", "refused", "not_sent", "cancelled", "rolled_back"];

/// A run whose answer was lost.
async fn lost(http: &Http, operation: &str, parameters: &Value) -> Value {
    http.scenario("cut").await;
    let run = http.upgrade(operation, parameters).await;
    http.scenario("normal").await;
    assert_eq!(run["state"], "unknown", "{run:#}");
    run
}

/// The run says that it can be settled as these, takes the last of them and no other.
async fn is_settled_as(http: &Http, run: &Value, outcomes: &[&str]) {
    let actions = run["actions"].as_array().unwrap();
    let settle = actions.iter().find(|action| action["name"] == "settle").unwrap();
    assert_eq!(settle["outcomes"], json!(outcomes), "{}", run["operation"]);
    assert!(actions.iter().all(|action| action["name"] == "settle" || action["outcomes"] == json!([])));
    let path = format!("/api/runs/{}/settle", run["id"].as_str().unwrap());
    let body = |state: &str| json!({"state": state, "evidence": "Seen in the vendor's console."});
    for state in FINAL.iter().filter(|state| !outcomes.contains(state)) {
        let reply = http.post(&path, &body(state)).await.expect(400);
        assert_eq!(reply.errors(), [("/state".to_owned(), "not_a_choice".to_owned())], "{state}");
        let choices = format!("One of {}.", outcomes.join(", "));
        assert_eq!(reply.json()["errors"][0]["detail"], choices);
    }
    // What only this product comes to stands before what is the same for all.
    let state = outcomes[outcomes.len() - 3];
    assert_eq!(http.post(&path, &body(state)).await.expect(200).json()["state"], state);
}

#[tokio::test]
async fn a_run_is_settled_only_as_its_product_can_end() {
    let console = Console::demo().await;
    for (operation, parameters, ends) in [
        (NEST, cases::nest(1), ["succeeded", "failed", "rolled_back"].as_slice()),
        (BSS, cases::bss(1), &["succeeded", "failed"]),
        (KAFKA, cases::kafka(1), &["succeeded", "failed"]),
        (CBH, cases::cbh(29), &["succeeded", "failed", "cancelled", "rolled_back"]),
        (AAD, cases::aad(1), &["succeeded", "failed", "cancelled"]),
    ] {
        let run = lost(&console, operation, &parameters).await;
        is_settled_as(&console, &run, &[ends, &["refused", "not_sent"]].concat()).await;
    }
}

#[tokio::test]
async fn a_run_that_only_checked_cannot_have_failed_half_way_or_be_taken_back() {
    let console = Console::demo().await;
    let check = cases::with(cases::nest(1), &json!({"DryRun": "true"}));
    let run = lost(&console, NEST, &check).await;
    is_settled_as(&console, &run, &["succeeded", "refused", "not_sent"]).await;
}

#[tokio::test]
async fn what_takes_back_is_not_taken_back_itself() {
    let console = Console::demo().await;
    let first = console.upgrade(CBH, &cases::cbh(29)).await;
    let first = console.until(&first, |run| run["state"] == "scheduled").await;
    let path = format!("/api/runs/{}/cancel", first["id"].as_str().unwrap());
    let plan = console.post(&path, &json!({})).await.expect(201).json();
    console.scenario("cut").await;
    let cancel = console.confirm(&plan, &json!({})).await.expect(201).json();
    let cancel = console.settled(&cancel).await;
    is_settled_as(&console, &cancel, &["succeeded", "failed", "refused", "not_sent"]).await;
}
