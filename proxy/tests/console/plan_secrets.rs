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
            json!({"secret_pointers": [POINTER, "/ServiceInstanceId"]}),
            "/secret_pointers/1",
            "unknown_pointer",
        ),
        (
            json!({"secret_pointers": ["/ClientToken"], "secrets": {}}),
            "/secret_pointers/0",
            "unknown_pointer",
        ),
        (json!({"secret_pointers": ["/Nothing"], "secrets": {}}), "/secret_pointers/0", "unknown_pointer"),
        (json!({"secret_pointers": ["Parameters"], "secrets": {}}), "/secret_pointers/0", "unknown_pointer"),
        (json!({"secret_pointers": ["/Parameters"], "secrets": {}}), "/secret_pointers/0", "unknown_pointer"),
        (json!({"secret_pointers": [""], "secrets": {}}), "/secret_pointers/0", "unknown_pointer"),
        (
            json!({"secret_pointers": [], "secrets": {"/DryRun": "true"}}),
            "/secrets/~1DryRun",
            "unknown_pointer",
        ),
        (json!({"secret_pointers": [], "secrets": {"/x": "x"}}), "/secrets/~1x", "unknown_pointer"),
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
    let reply =
        console.post("/api/plans", &with(base.clone(), &json!({"secret_pointers": [long, POINTER]}))).await;
    assert_eq!(reply.status, 400);
    // Deeper than a request may be: nothing so deep is built.
    let deep = format!("/Parameters{}", "/a".repeat(20_000));
    for change in [json!({"secret_pointers": [deep]}), json!({"secrets": {deep.clone(): "x"}})] {
        let reply = console.post("/api/plans", &with(base.clone(), &change)).await;
        assert_eq!(reply.status, 400, "{}", reply.text);
    }
}

#[tokio::test]
async fn a_secret_can_lie_anywhere_below_a_free_object() {
    let console = Console::demo().await;
    let nested = json!({"Db": {"Name": "shop", "Password": PASSWORD}, "Keys": ["plain", PASSWORD]});
    let pointers = ["/Parameters/Db/Password", "/Parameters/Keys/1"];
    let typed = json!({
        "operation": NEST, "profile": "demo-alibaba", "secret_pointers": pointers,
        "parameters": with(cases::nest(1), &json!({"Parameters": nested})),
    });
    let reply = console.post("/api/plans", &typed).await.expect(201);
    let plan = reply.json();
    assert!(!reply.text.contains("Sw0rd"), "{}", reply.text);
    assert_eq!(plan["secret_pointers"], json!(pointers));
    assert_eq!(plan["parameters"]["Parameters"], json!({"Db": {"Name": "shop"}, "Keys": ["plain", null]}));
    let preview =
        json!({"profile": "demo-alibaba", "parameters": typed["parameters"], "secret_pointers": pointers});
    let preview = console.post(&format!("/api/operations/{NEST}/preview"), &preview).await.expect(200);
    assert!(!preview.text.contains("Sw0rd"), "{}", preview.text);

    // The same by themselves, as a machine would send what it read from the plan.
    let given = json!({pointers[0]: PASSWORD, pointers[1]: PASSWORD});
    let apart = with(typed.clone(), &json!({"parameters": plan["parameters"], "secrets": given}));
    let again = console.post("/api/plans", &apart).await.expect(201).json();
    assert_eq!(again["payload_hash"], plan["payload_hash"]);

    let run = console.confirm(&plan, &given).await.expect(201).json();
    let run = console.answered(&run).await;
    assert_eq!(run["state"], "accepted", "{run}");
    assert!(!run.to_string().contains("Sw0rd"), "{run}");
    let state = console.app.built_in.as_ref().unwrap().clouds.state();
    assert_eq!(state["computenest"]["instances"][0]["upgrade"]["parameters"], nested);
}

#[tokio::test]
async fn a_secret_takes_the_place_of_nothing_else() {
    let console = Console::demo().await;
    for (parameters, secrets, wrong) in [
        (
            json!({"Db": "shop"}),
            json!({"/Parameters/Db/Password": "x"}),
            "/secrets/~1Parameters~1Db~1Password",
        ),
        (json!({"Keys": ["a"]}), json!({"/Parameters/Keys/1": "x"}), "/secrets/~1Parameters~1Keys~11"),
        (
            json!({}),
            json!({"/Parameters/Db": "x", "/Parameters/Db/Password": "y"}),
            "/secrets/~1Parameters~1Db~1Password",
        ),
    ] {
        let body = json!({
            "operation": NEST, "profile": "demo-alibaba", "secrets": secrets,
            "parameters": with(cases::nest(1), &json!({"Parameters": parameters})),
        });
        let reply = console.post("/api/plans", &body).await.expect(400);
        assert_eq!(reply.errors(), [(wrong.to_owned(), "no_place".to_owned())], "{}", reply.text);
    }
}

#[tokio::test]
async fn what_stands_for_a_secret_is_never_sent_as_one() {
    let console = Console::demo().await;
    let mask = "•".repeat(8);
    let given = json!({"Db": {"a/b": mask}, "Keys": ["plain", mask], "InstancePassword": mask});
    let body = json!({
        "operation": NEST, "profile": "demo-alibaba",
        "parameters": with(cases::nest(1), &json!({"Parameters": given})),
    });
    let reply = console.post("/api/plans", &body).await.expect(400);
    let mut errors = reply.errors();
    errors.sort();
    let wanted = ["/Db/a~1b", "/InstancePassword", "/Keys/1"]
        .map(|place| (format!("/parameters/Parameters{place}"), "masked".to_owned()));
    assert_eq!(errors, wanted, "{}", reply.text);
    // Marked, it is a mask in a preview, which nobody sends.
    let marked = json!({
        "profile": "demo-alibaba", "parameters": body["parameters"],
        "secret_pointers": ["/Parameters/Db/a~1b", "/Parameters/Keys/1", "/Parameters/InstancePassword"],
    });
    console.post(&format!("/api/operations/{NEST}/preview"), &marked).await.expect(200);
}
