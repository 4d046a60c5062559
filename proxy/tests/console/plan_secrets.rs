//! Secrets among the parameters: they reach the cloud and nothing else.

use crate::{
    cases::{self, NEST, with},
    support::{Console, confirmation, runs_of},
};
use serde_json::{Value, json};

const PASSWORD: &str = "Sw0rd\"fish\\+/%密 2026";
const POINTER: &str = "/Parameters/InstancePassword";

/// A plan for the instance that asks for a type and a password.
fn with_password() -> Value {
    json!({
        "operation": NEST, "profile": "demo-alibaba",
        "parameters": with(cases::nest(2), &json!({"Parameters": {"EcsInstanceType": "ecs.g7.large"}})),
        "secrets": {POINTER: PASSWORD},
        "secret_pointers": [POINTER],
    })
}

#[tokio::test]
async fn a_secret_reaches_the_cloud_and_nothing_else() {
    let console = Console::demo().await;
    let mut seen = Vec::new();
    let reply = console.post("/api/plans", &with_password()).await.expect(201);
    let plan = reply.json();
    seen.push(reply.text);
    assert_eq!(plan["secret_pointers"], json!([POINTER]));
    let id = plan["id"].as_str().unwrap();
    let wrong = |secrets: Value| {
        let body = confirmation(&plan, &secrets);
        let console = &console;
        let path = runs_of(&plan);
        async move { console.post(&path, &body).await.expect(400) }
    };
    let pointer = "/secrets/~1Parameters~1InstancePassword".to_owned();
    assert_eq!(wrong(json!({})).await.errors(), [(pointer.clone(), "missing".to_owned())]);
    let differs = wrong(json!({POINTER: "Sw0rd\"fish\\+/%密 2027"})).await;
    assert_eq!(differs.errors(), [(pointer.clone(), "differs".to_owned())]);
    seen.push(differs.text);
    let more = wrong(json!({POINTER: PASSWORD, "/Parameters/Other": "x"})).await;
    assert_eq!(more.errors(), [("/secrets/~1Parameters~1Other".to_owned(), "unknown_pointer".to_owned())]);
    let dry_run = format!("/api/plans/{id}/dry-run");
    let without = console.post(&dry_run, &json!({})).await.expect(400);
    assert_eq!(without.errors(), [(pointer, "missing".to_owned())]);
    let dry = console.post(&dry_run, &json!({"secrets": {POINTER: PASSWORD}})).await.expect(200);
    assert_eq!(dry.json()["passed"], true, "{}", dry.text);
    seen.push(dry.text);
    let run = console.confirm(&plan, &json!({POINTER: PASSWORD})).await.expect(201).json();
    let run = console.answered(&run).await;
    assert_eq!(run["state"], "accepted", "{run}");
    let state = console.app.built_in.as_ref().unwrap().clouds.state();
    assert_eq!(state["computenest"]["instances"][1]["upgrade"]["parameters"]["InstancePassword"], PASSWORD);

    let preview = console
        .post(
            &format!("/api/operations/{NEST}/preview"),
            &json!({"profile": "demo-alibaba", "parameters": with_password()["parameters"], "secret_pointers": [POINTER]}),
        )
        .await
        .expect(200);
    let shown = preview.json();
    let mask = "%E2%80%A2";
    assert!(
        shown["url"].as_str().unwrap().contains(mask)
            && shown["canonical_request"].as_str().unwrap().contains(mask)
    );
    seen.push(preview.text);
    let typed = with(
        with_password(),
        &json!({"parameters": with(cases::nest(3), &json!({"Parameters": {"InstancePassword": PASSWORD}})), "secrets": null}),
    );
    seen.push(
        console
            .post(
                &format!("/api/operations/{NEST}/preview"),
                &json!({"profile": "demo-alibaba", "parameters": typed["parameters"], "secret_pointers": [POINTER]}),
            )
            .await
            .expect(200)
            .text,
    );
    // Typed into the parameters and marked, it is taken out as well.
    seen.push(console.post("/api/plans", &typed).await.expect(201).text);
    seen.push(run.to_string());
    for path in [
        format!("/api/plans/{id}"),
        format!("/api/runs/{}", run["id"].as_str().unwrap()),
        "/api/runs".to_owned(),
    ] {
        seen.push(console.get(&path).await.expect(200).text);
    }
    seen.push(console.events(&format!("/api/runs/{}/events", run["id"].as_str().unwrap()), 3).await);
    for text in seen {
        assert!(!text.contains("Sw0rd"), "{text}");
    }
}

#[tokio::test]
async fn secrets_are_part_of_what_is_confirmed_and_their_hashes_say_nothing() {
    let first = Console::demo().await;
    let second = Console::demo().await;
    let body = with(
        with_password(),
        &json!({"parameters": with(with_password()["parameters"].clone(), &json!({"ClientToken": "t"}))}),
    );
    let hash = async |console: &Console, password: &str| {
        let body = with(body.clone(), &json!({"secrets": {POINTER: password}}));
        let reply = console.post("/api/plans", &body).await;
        (reply.status.as_u16(), reply.text)
    };
    let hash_in = |text: &str| serde_json::from_str::<Value>(text).unwrap()["payload_hash"].clone();
    let one = hash(&first, "one").await;
    assert_eq!(one.0, 201);
    assert_eq!(hash_in(&one.1), hash_in(&hash(&first, "one").await.1), "the same secret is the same payload");
    // Another secret under the same token is another intent.
    assert_eq!(hash(&first, "two").await.0, 409);
    // The key differs with every store, so that a hash cannot be tried elsewhere.
    assert_ne!(hash_in(&one.1), hash_in(&hash(&second, "one").await.1));
}

#[tokio::test]
async fn pointers_of_secrets_are_checked() {
    let console = Console::demo().await;
    let base = with_password();
    let long = "/Parameters/".to_owned() + &"x".repeat(5_000);
    for (change, pointer, code) in [
        (json!({"secrets": {}}), "/secrets/~1Parameters~1InstancePassword", "missing"),
        (
            json!({"secret_pointers": ["/ServiceInstanceId"], "secrets": {}}),
            "/secret_pointers",
            "unknown_pointer",
        ),
        (json!({"secret_pointers": ["/ClientToken"], "secrets": {}}), "/secret_pointers", "unknown_pointer"),
        (json!({"secret_pointers": ["/Nothing"], "secrets": {}}), "/secret_pointers", "unknown_pointer"),
        (json!({"secret_pointers": ["Parameters"], "secrets": {}}), "/secret_pointers", "unknown_pointer"),
        (json!({"secret_pointers": ["/Parameters"], "secrets": {}}), "/secret_pointers", "unknown_pointer"),
        (json!({"secret_pointers": [""], "secrets": {}}), "/secret_pointers", "unknown_pointer"),
        (json!({"secret_pointers": [], "secrets": {"/DryRun": "true"}}), "/secrets", "unknown_pointer"),
        (json!({"secret_pointers": [], "secrets": {"/x": "x"}}), "/secrets", "unknown_pointer"),
        (
            json!({"parameters": with(cases::nest(2), &json!({"Parameters": {"InstancePassword": 5}})), "secrets": {}}),
            "/parameters/Parameters/InstancePassword",
            "wrong_type",
        ),
        (
            json!({"parameters": with(cases::nest(2), &json!({"Parameters": {"InstancePassword": "a"}})), "secret_pointers": []}),
            "/parameters/Parameters/InstancePassword",
            "given_twice",
        ),
    ] {
        let reply = console.post("/api/plans", &with(base.clone(), &change)).await;
        assert_eq!(reply.status, 400, "{change}: {}", reply.text);
        assert_eq!(reply.errors(), [(pointer.to_owned(), code.to_owned())], "{change}: {}", reply.text);
    }
    let reply = console.post("/api/plans", &with(base, &json!({"secret_pointers": [long, POINTER]}))).await;
    assert_eq!(reply.status, 400);
}
