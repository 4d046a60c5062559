//! Confirming a plan: what must hold, and what happens once and only once.

use crate::{
    cases::{self, AAD, BSS, CBH, KAFKA, NEST, with},
    fake_cloud::{Does, FakeCloud, answer},
    support::{Console, ROOMY, confirmation, runs_of},
};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};

#[tokio::test]
async fn a_confirmation_names_what_was_reviewed() {
    let console = Console::demo().await;
    let plan = console.plan(AAD, &cases::aad(1)).await;
    let other = console.plan(AAD, &cases::aad(2)).await;
    let hash = plan["payload_hash"].as_str().unwrap();
    let one_bit_off = format!("{}{}", &hash[..hash.len() - 1], if hash.ends_with('0') { '1' } else { '0' });
    for wrong in [other["payload_hash"].as_str().unwrap(), &one_bit_off, "", "sha256:", &hash.to_uppercase()]
    {
        let mut body = confirmation(&plan, &json!({}));
        body["payload_hash"] = json!(wrong);
        let reply = console.post(&runs_of(&plan), &body).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (409, "payload_mismatch"), "{wrong}");
    }
    for (change, expected) in [
        (json!({"instance_id": "", "accept_unknown_cost": true}), vec!["instance_id"]),
        (
            json!({"instance_id": cases::aad(2)["instance_id"], "accept_unknown_cost": true}),
            vec!["instance_id"],
        ),
        (json!({"instance_id": plan["review"]["instance"]}), vec!["accept_unknown_cost"]),
        (json!({}), vec!["instance_id", "accept_unknown_cost"]),
    ] {
        let body = json!({"payload_hash": hash, "confirmation": change});
        let reply = console.post(&runs_of(&plan), &body).await;
        assert_eq!(
            (reply.status.as_u16(), reply.code().as_str()),
            (400, "confirmation_required"),
            "{change}"
        );
        let expected: Vec<_> = expected
            .iter()
            .map(|member| (format!("/confirmation/{member}"), "confirmation_required".to_owned()))
            .collect();
        assert_eq!(reply.errors(), expected, "{change}");
    }
    // Compute Nest asks for a passed dry run or a reason.
    let plan = console.plan(NEST, &cases::nest(1)).await;
    let id = plan["id"].as_str().unwrap();
    let mut body = confirmation(&plan, &json!({}));
    for reason in ["", "   ", &"r".repeat(1_001)] {
        body["confirmation"]["reason"] = json!(reason);
        let reply = console.post(&runs_of(&plan), &body).await;
        assert_eq!(reply.errors(), [("/confirmation/reason".to_owned(), "confirmation_required".to_owned())]);
    }
    let dry = console.post(&format!("/api/plans/{id}/dry-run"), &json!({})).await.expect(200).json();
    assert_eq!((&dry["passed"], &dry["plan"]["needs"]["reason"]), (&json!(true), &json!(false)));
    assert_eq!(dry["plan"]["payload_hash"], plan["payload_hash"]);
    assert_eq!(console.changing_calls(), 0);
    body["confirmation"].as_object_mut().unwrap().shift_remove("reason");
    console.post(&runs_of(&plan), &body).await.expect(201);

    let reply = console.post("/api/plans/pl_none/runs", &json!({"payload_hash": hash})).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (404, "not_found"));
}

/// A clock of the test: real time and what it was put forward by.
macro_rules! clock {
    ($offset:ident, $now:ident) => {
        static $offset: AtomicI64 = AtomicI64::new(0);
        fn $now() -> jiff::Timestamp {
            jiff::Timestamp::now() + jiff::SignedDuration::from_secs($offset.load(Ordering::SeqCst))
        }
    };
}

#[tokio::test]
async fn a_plan_can_be_confirmed_for_24_hours() {
    clock!(AHEAD, now);
    let console = Console::at(now).await;
    let plan = console.plan(BSS, &cases::bss(1)).await;
    let nest = console.plan(NEST, &cases::nest(1)).await;
    let late = console.plan(BSS, &cases::bss(10)).await;
    AHEAD.store(24 * 3600 - 30, Ordering::SeqCst);
    let run = console.confirm(&plan, &json!({})).await.expect(201).json();
    assert_eq!(console.answered(&run).await["state"], "accepted");
    AHEAD.store(24 * 3600 + 1, Ordering::SeqCst);
    let reply = console.confirm(&late, &json!({})).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (410, "plan_expired"));
    let reply =
        console.post(&format!("/api/plans/{}/dry-run", nest["id"].as_str().unwrap()), &json!({})).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (410, "plan_expired"));
    // What was run in time is still told.
    console.confirm(&plan, &json!({})).await.expect(200);
    assert_eq!(console.changing_calls(), 1);
}

#[tokio::test]
async fn a_start_that_came_too_near_overtakes_its_plan() {
    let console = Console::demo().await;
    let plan = console.plan(CBH, &cases::cbh(29)).await;
    console.post("/api/simulator/clock", &json!({"advance_seconds": 24 * 3600})).await.expect(200);
    let reply = console.confirm(&plan, &json!({})).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (409, "plan_outdated"));
    assert!(reply.json()["detail"].as_str().unwrap().contains("24 hours"), "{}", reply.text);
    assert_eq!(console.changing_calls(), 0);
}

#[tokio::test]
async fn a_hundred_confirmations_at_once_are_one_run_and_one_call() {
    let console = Console::with(&format!("{ROOMY}in_flight = 200\n"), |_| None).await;
    let plan = console.plan(AAD, &cases::aad(1)).await;
    let none = json!({});
    let replies = futures_util::future::join_all((0..100).map(|_| console.confirm(&plan, &none))).await;
    let mut created = 0;
    let mut ids = std::collections::BTreeSet::new();
    for reply in replies {
        match reply.status.as_u16() {
            201 => created += 1,
            200 => {}
            other => panic!("{other} {}", reply.text),
        }
        ids.insert(reply.json()["id"].as_str().unwrap().to_owned());
    }
    assert_eq!((created, ids.len()), (1, 1));
    let id = ids.into_iter().next().unwrap();
    console.answered(&json!({"id": id})).await;
    assert_eq!(console.changing_calls(), 1);
    let state = console.app.built_in.as_ref().unwrap().clouds.state();
    assert_eq!(state["aad"]["orders"].as_array().unwrap().len(), 1);
    // And later, again.
    assert_eq!(console.confirm(&plan, &json!({})).await.expect(200).json()["id"], id);
    assert_eq!(console.changing_calls(), 1);
}

#[tokio::test]
async fn an_instance_with_an_unknown_run_can_be_planned_for_and_not_confirmed() {
    let console = Console::demo().await;
    console.scenario("cut").await;
    let run = console.upgrade(AAD, &cases::aad(1)).await;
    assert_eq!(run["state"], "unknown");
    console.scenario("normal").await;
    let plan = console.plan(AAD, &cases::aad(1)).await;
    let reply = console.confirm(&plan, &json!({})).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (409, "instance_busy"));
    assert!(reply.text.contains(run["id"].as_str().unwrap()), "it names the run: {}", reply.text);
    assert_eq!(console.changing_calls(), 1);
    // Another instance is free.
    assert_eq!(console.upgrade(AAD, &cases::aad(2)).await["state"], "accepted");
}

#[tokio::test]
async fn an_instance_whose_call_is_under_way_is_busy() {
    let body = answer(200, "application/json", "{}");
    let cloud = FakeCloud::start(Does::AnswersWhenReleased(body)).await;
    let console = Console::with(&cloud.config(""), |_| None).await;
    let plans = [console.plan(AAD, &cases::aad(1)).await, console.plan(AAD, &cases::aad(1)).await];
    let run = console.confirm(&plans[0], &json!({})).await.expect(201).json();
    cloud.request_arrived().await;
    assert_eq!(console.confirm(&plans[1], &json!({})).await.expect(409).code(), "instance_busy");
    cloud.release();
    assert_eq!(console.answered(&run).await["state"], "accepted");
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn the_token_of_a_plan_is_kept_made_and_never_lent() {
    let console = Console::demo().await;
    let token_of = |plan: &Value| plan["parameters"]["ClientToken"].as_str().unwrap().to_owned();
    let given = with(cases::nest(1), &json!({"ClientToken": "given-0001"}));
    let plan = console.plan(NEST, &given).await;
    assert_eq!(token_of(&plan), "given-0001");
    let made = [
        token_of(&console.plan(NEST, &cases::nest(1)).await),
        token_of(&console.plan(NEST, &cases::nest(1)).await),
    ];
    assert_ne!(made[0], made[1]);
    assert!(made.iter().all(|token| token.is_ascii() && (20..=64).contains(&token.len())), "{made:?}");
    assert!(
        !console.plan(KAFKA, &cases::kafka(1)).await["parameters"]
            .as_object()
            .unwrap()
            .contains_key("ClientToken")
    );

    // The same token with other values is refused when it is planned.
    let other = with(given.clone(), &json!({"ServiceVersion": "3"}));
    assert_eq!(console.try_plan(NEST, &other).await.expect(409).code(), "client_token_reused");
    let run = console.confirm(&plan, &json!({})).await.expect(201).json();
    let run = console.answered(&run).await;
    console.advance(600).await;
    assert_eq!(console.settled(&run).await["state"], "succeeded");
    let sent: Vec<_> = console.calls().into_iter().filter(|call| call.changing).collect();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].target.contains("ClientToken=given-0001"), "{}", sent[0].target);

    // With the same values it can be planned, and is run once.
    let body = r#"{"Code":"Refused","Message":"no","RequestId":"R-1"}"#;
    let cloud = FakeCloud::start(Does::Answers(answer(400, "application/json", body))).await;
    let console = Console::with(&cloud.config(""), |_| None).await;
    let (plan, again) = (console.plan(NEST, &given).await, console.plan(NEST, &given).await);
    let run = console.confirm(&plan, &json!({})).await.expect(201).json();
    assert_eq!(console.settled(&run).await["state"], "refused");
    assert_eq!(console.confirm(&again, &json!({})).await.expect(409).code(), "client_token_reused");
    assert_eq!(cloud.requests().len(), 1);
}
