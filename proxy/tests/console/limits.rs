//! How often a person may read and change, and how often an API is called for everybody together.

use crate::{
    cases::{self, AAD, KAFKA},
    support::{Console, ROOMY, two_profiles},
};
use serde_json::json;
use std::{sync::LazyLock, time::Instant};
use upgrade_proxy::clock::Sources;

/// A clock that stands.
fn frozen() -> Instant {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    *START
}

/// A console with the limits that are set when nothing is said, on a clock that stands.
async fn limited() -> Console {
    Console::on("", Sources { instant: frozen, ..Sources::system() }).await
}

#[tokio::test]
async fn a_person_reads_sixty_times_a_minute_and_starts_six_calls() {
    let console = limited().await;
    for _ in 0..60 {
        console.get("/api/session").await.expect(200);
    }
    let reply = console.get("/api/operations").await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (429, "too_many_requests"));
    let wait: u64 = reply.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    // Typing goes on: previews have a limit of their own.
    let body = json!({"profile": "demo-alibaba", "parameters": cases::kafka(1)});
    for _ in 0..70 {
        console.post(&format!("/api/operations/{KAFKA}/preview"), &body).await.expect(200);
    }
    console.get("/healthz").await.expect(200);
    console.get("/readyz").await.expect(200);

    let console = limited().await;
    let mut plans = Vec::new();
    for number in [1, 2, 3, 5, 6, 8, 9] {
        plans.push(console.plan(AAD, &cases::aad(number)).await);
    }
    for plan in &plans[..6] {
        console.confirm(plan, &json!({})).await.expect(201);
    }
    let reply = console.confirm(&plans[6], &json!({})).await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (429, "too_many_requests"));
    assert!(reply.headers.contains_key("retry-after"));
    // Asking for a run that exists is a read.
    console.confirm(&plans[0], &json!({})).await.expect(200);
    let list = console.get("/api/runs").await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn the_depth_and_the_values_of_a_body_are_as_configured() {
    let nested = |depth: usize| {
        let inner = (2..depth).fold(json!(1), |inner, _| json!([inner]));
        json!({"profile": "demo-alibaba", "parameters": {"x": inner}})
    };
    let many = |count: usize| json!({"profile": "demo-alibaba", "parameters": {"x": vec![1; count]}});
    let preview = format!("/api/operations/{KAFKA}/preview");
    let usual = Console::demo().await;
    for (body, refused) in [(nested(16), false), (nested(17), true), (many(900), false), (many(1_000), true)]
    {
        let code = usual.post(&preview, &body).await.expect(400).code();
        assert_eq!(code == "bad_json", refused, "{code}");
    }
    let narrow = Console::with(&format!("{ROOMY}json_depth = 3\njson_values = 10\n"), |_| None).await;
    for (body, refused) in [(nested(3), false), (nested(4), true), (many(5), false), (many(10), true)] {
        let code = narrow.post(&preview, &body).await.expect(400).code();
        assert_eq!(code == "bad_json", refused, "{code}");
    }
}

#[tokio::test]
async fn confirmations_that_fail_are_counted_too() {
    let console = limited().await;
    let body = json!({"payload_hash": "sha256:0"});
    for _ in 0..60 {
        console.post("/api/plans/pl_none/runs", &body).await.expect(404);
    }
    assert_eq!(console.post("/api/plans/pl_none/runs", &body).await.expect(429).code(), "too_many_requests");
}

#[tokio::test]
async fn kafka_takes_two_calls_a_second_from_everybody_together() {
    // However slow this machine is, the three come in the same second.
    let console = Console::on(&two_profiles(), Sources { instant: frozen, ..Sources::system() }).await;
    let mut plans = Vec::new();
    // Two profiles, one account.
    for (number, profile) in [(1, "demo-alibaba"), (2, "ops-alibaba"), (6, "ops-alibaba")] {
        let body = json!({"operation": KAFKA, "profile": profile, "parameters": cases::kafka(number)});
        plans.push(console.plan_with(body).await);
    }
    let none = json!({});
    let replies = futures_util::future::join_all(plans.iter().map(|plan| console.confirm(plan, &none))).await;
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 429]);
    let refused = replies.into_iter().find(|reply| reply.status == 429).unwrap();
    assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("too_many_requests", "1"));
}
