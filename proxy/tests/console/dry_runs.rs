//! Dry runs: what they ask, and what they tell.

use crate::{
    cases::{self, BSS, NEST},
    support::{Console, runs_of},
};
use serde_json::json;

#[tokio::test]
async fn a_dry_run_asks_without_the_runs_token_and_tells_what_is_missing() {
    let console = Console::demo().await;
    // One spells the names as a list in Python's fashion, the other as they are.
    for (number, required) in [(2, ["EcsInstanceType", "InstancePassword"]), (3, ["ZoneId", "DiskSize"])] {
        let plan = console.plan(NEST, &cases::nest(number)).await;
        let path = format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap());
        let dry = console.post(&path, &json!({})).await.expect(200).json();
        assert_eq!((&dry["passed"], &dry["required_parameters"]), (&json!(false), &json!(required)));
        assert_eq!(dry["plan"]["dry_run"]["required_parameters"], json!(required));
        assert_eq!(
            dry["plan"]["needs"]["reason"], true,
            "a dry run that found something missing has not passed"
        );
        assert_eq!(dry["answer"]["status"], 200);
        assert_eq!(
            console.get(&format!("/api/plans/{}", plan["id"].as_str().unwrap())).await.json(),
            dry["plan"]
        );
    }
    let plan = console.plan(NEST, &cases::nest(1)).await;
    let path = format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap());
    console.upgrade(NEST, &cases::nest(1)).await;
    let dry = console.post(&path, &json!({})).await.expect(200).json();
    assert_eq!(
        (&dry["passed"], &dry["answer"]["code"]),
        (&json!(false), &json!("OperationDenied.ServiceInstanceStatus"))
    );
    let calls = console.calls();
    let upgrades = calls.iter().filter(|call| call.operation.as_deref() == Some(NEST) && !call.changing);
    assert_eq!(upgrades.clone().count(), 3);
    for call in upgrades {
        assert!(
            call.target.contains("DryRun=true") && !call.target.contains("ClientToken"),
            "{}",
            call.target
        );
    }
    let plan = console.plan(BSS, &cases::bss(1)).await;
    let path = format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap());
    assert_eq!(console.post(&path, &json!({})).await.expect(400).code(), "no_dry_run");
    assert_eq!(console.post("/api/plans/pl_none/dry-run", &json!({})).await.expect(404).code(), "not_found");
}

#[tokio::test]
async fn the_last_dry_run_decides_whether_a_reason_is_asked_for() {
    let console = Console::demo().await;
    let plan = console.plan(NEST, &cases::nest(1)).await;
    let path = format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap());
    let dry = console.post(&path, &json!({})).await.expect(200).json();
    assert_eq!((&dry["passed"], &dry["plan"]["needs"]["reason"]), (&json!(true), &json!(false)));
    console.scenario("no_permission").await;
    let dry = console.post(&path, &json!({})).await.expect(200).json();
    assert_eq!((&dry["passed"], &dry["plan"]["needs"]["reason"]), (&json!(false), &json!(true)));
    console.scenario("normal").await;
    // What the plan says is what confirming asks for.
    let without = json!({"payload_hash": plan["payload_hash"],
        "confirmation": {"instance_id": plan["review"]["instance"], "accept_unknown_cost": true}});
    let refused = console.post(&runs_of(&plan), &without).await.expect(400);
    assert_eq!(refused.errors(), [("/confirmation/reason".to_owned(), "confirmation_required".to_owned())]);
    let dry = console.post(&path, &json!({})).await.expect(200).json();
    assert_eq!((&dry["passed"], &dry["plan"]["needs"]["reason"]), (&json!(true), &json!(false)));
    console.post(&runs_of(&plan), &without).await.expect(201);

    // A plan that only checks needs no check before, whatever one would say.
    let mut parameters = cases::nest(3);
    parameters["DryRun"] = json!("true");
    let plan = console.plan(NEST, &parameters).await;
    let path = format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap());
    let dry = console.post(&path, &json!({})).await.expect(200).json();
    assert_eq!((&dry["passed"], &dry["plan"]["needs"]["reason"]), (&json!(false), &json!(false)));
}

#[tokio::test]
async fn a_dry_run_that_gets_no_answer_is_told_as_that() {
    let closed = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let console =
        Console::with(&crate::fake_cloud::config_for(&format!("http://{closed}"), ""), |_| None).await;
    let plan = console.plan(NEST, &cases::nest(1)).await;
    let reply =
        console.post(&format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap()), &json!({})).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (502, "upstream_unavailable"));
    assert!(!reply.text.contains("127.0.0.1"), "{}", reply.text);
}
