//! Two profiles of one account: what runs through one of them stands in the way of the other.

use crate::{
    cases::{self, AAD},
    fake_cloud::{Does, FakeCloud, answer},
    support::{Console, Http, ROOMY},
};
use serde_json::{Value, json};

fn profile(name: &str, rest: &str) -> String {
    format!(
        "[[profiles]]\nname = \"{name}\"\ncloud = \"huawei\"\nmode = \"simulated\"\nregion = \"cn-north-4\"\n{rest}\n"
    )
}

async fn plan(http: &Http, profile: &str, number: u32) -> Value {
    http.plan_with(json!({"operation": AAD, "profile": profile, "parameters": cases::aad(number)})).await
}

async fn upgrade(http: &Http, profile: &str, number: u32) -> Value {
    let plan = plan(http, profile, number).await;
    let run = http.confirm(&plan, &json!({})).await.expect(201).json();
    http.answered(&run).await
}

#[tokio::test]
async fn an_instance_is_busy_through_whichever_profile_it_is_reached() {
    let config = format!("{ROOMY}{}{}", profile("ops", ""), profile("ops-2", ""));
    let console = Console::with(&config, |_| None).await;
    console.scenario("cut").await;
    let run = upgrade(&console, "ops", 1).await;
    assert_eq!(run["state"], "unknown", "{run:#}");
    console.scenario("normal").await;
    let reply = console.confirm(&plan(&console, "ops-2", 1).await, &json!({})).await.expect(409);
    assert_eq!(reply.code(), "instance_busy");
    assert!(reply.text.contains(run["id"].as_str().unwrap()), "it names the run: {}", reply.text);
    assert_eq!(console.changing_calls(), 1);
    // Another instance is free.
    assert_eq!(upgrade(&console, "ops-2", 2).await["state"], "accepted");
    // And so is this one, once somebody said what became of it.
    let settle = format!("/api/runs/{}/settle", run["id"].as_str().unwrap());
    let evidence = json!({"state": "not_sent", "evidence": "It is not in the vendor's console."});
    console.post(&settle, &evidence).await.expect(200);
    assert_eq!(upgrade(&console, "ops-2", 1).await["state"], "accepted");
}

#[tokio::test]
async fn an_instance_of_another_simulator_is_another_one() {
    let accepts = || Does::AnswersWhenReleased(answer(200, "application/json", "{}"));
    let (one, two) = (FakeCloud::start(accepts()).await, FakeCloud::start(accepts()).await);
    let at = |cloud: &FakeCloud| {
        format!(
            "endpoint = \"http://{}\"\nproject_id = \"0123456789abcdef0123456789abcdef\"\n\
             domain_id = \"fedcba9876543210fedcba9876543210\"\n",
            cloud.address
        )
    };
    let config = format!("{ROOMY}{}{}", profile("one", &at(&one)), profile("two", &at(&two)));
    let console = Console::with(&config, |_| None).await;
    for name in ["one", "two"] {
        console.confirm(&plan(&console, name, 1).await, &json!({})).await.expect(201);
    }
    for cloud in [&one, &two] {
        cloud.request_arrived().await;
        cloud.release();
        assert_eq!(cloud.requests().len(), 1);
    }
}

#[tokio::test]
async fn an_order_is_nobodys_while_a_call_of_another_profile_may_have_made_it() {
    let config = format!("{ROOMY}{}{}", profile("ops", ""), profile("ops-2", ""));
    let console = Console::with(&config, |_| None).await;
    console.scenario("cut").await;
    let first = upgrade(&console, "ops", 5).await;
    let second = upgrade(&console, "ops-2", 6).await;
    assert_eq!((&first["state"], &second["state"]), (&json!("unknown"), &json!("unknown")));
    console.scenario("normal").await;
    // There is one order for two lost calls with the same values, and orders do not name the instance.
    let found = console.check(&first).await;
    assert_eq!(found["state"], "unknown", "{found:#}");
    assert!(found["last_seen"].as_str().unwrap().contains("more than one call"), "{found:#}");
    assert_eq!(console.check(&second).await["state"], "succeeded");
    // Once the other is known, the order is this one's.
    assert_eq!(console.check(&first).await["state"], "awaiting_payment");
}
