//! The description of the HTTP API is true: it names every route, and every answer of a walk through the API is what
//! the description says, with no member more.

use crate::{
    cases::{self, AAD, CBH, KAFKA, NEST, good, with},
    support::{Console, Reply, confirmation, runs_of},
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Every route of the router, as (method, path), read from its source: the router itself cannot be asked.
fn routes() -> BTreeSet<(String, String)> {
    let source = include_str!("../../src/api.rs");
    let mut found = BTreeSet::new();
    let (api, top) = source.split_once("let routes = Router::new()").unwrap();
    for (text, prefix) in [(api, "/api"), (top, "")] {
        for route in text.split(".route(").skip(1) {
            let path = route.split('"').nth(1).unwrap();
            let methods = route.split('"').nth(2).unwrap();
            for method in ["get", "post", "put", "patch", "delete"] {
                if methods.contains(&format!("{method}(")) {
                    found.insert((method.to_owned(), format!("{prefix}{path}")));
                }
            }
        }
    }
    found
}

fn documented(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, methods)| {
            methods.as_object().unwrap().keys().map(move |method| (method.clone(), path.clone()))
        })
        .collect()
}

#[tokio::test]
async fn every_route_is_described_and_nothing_else() {
    let console = Console::demo().await;
    let document = console.get("/api/openapi.json").await.expect(200).json();
    let routes = routes();
    assert!(routes.len() > 15 && routes.contains(&("post".to_owned(), "/api/plans/{id}/runs".to_owned())));
    assert_eq!(documented(&document), routes);
}

#[tokio::test]
async fn the_description_is_openapi_3_1_and_holds_together() {
    let console = Console::demo().await;
    let reply = console.get("/api/openapi.json").await.expect(200);
    assert_eq!(reply.header("content-type"), "application/json");
    let document = reply.json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    for member in ["title", "version"] {
        assert!(document["info"][member].as_str().is_some_and(|text| !text.is_empty()), "{member}");
    }
    each(&document, &mut |value| {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("outside: {reference}"));
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
    });
    let mut names = BTreeSet::new();
    for (method, path) in documented(&document) {
        let operation = &document["paths"][&path][&method];
        let id = operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no name"));
        assert!(names.insert(id.to_owned()), "{id} stands there twice");
        let said = operation["summary"].as_str().or(operation["description"].as_str());
        assert!(said.is_some_and(|words| words.len() > 5), "{method} {path} says nothing of itself");
        // Every part of a path in braces is a parameter, and every parameter of the path is in it.
        let in_path: BTreeSet<&str> =
            path.split('{').skip(1).map(|part| part.split('}').next().unwrap()).collect();
        let parameters: BTreeSet<&str> = operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| parameter["name"].as_str().unwrap())
            .collect();
        assert_eq!(in_path, parameters, "{method} {path}");
        assert_eq!(operation["requestBody"].is_object(), method == "post", "{method} {path}");
        for (status, response) in operation["responses"].as_object().unwrap() {
            let known = status.parse::<u16>().is_ok_and(|status| (200..600).contains(&status));
            assert!(known || status == "default", "{method} {path} {status}");
            assert!(response["description"].is_string(), "{method} {path} {status}");
        }
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        let whole = with(json!({"components": document["components"]}), schema);
        jsonschema::draft202012::new(&whole).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

fn each(value: &Value, visit: &mut impl FnMut(&Value)) {
    visit(value);
    match value {
        Value::Object(members) => members.values().for_each(|inner| each(inner, visit)),
        Value::Array(items) => items.iter().for_each(|inner| each(inner, visit)),
        _ => {}
    }
}

/// The description, with every described object closed, so that a member that is not described is found.
struct Description {
    document: Value,
    seen: BTreeMap<(String, String), BTreeSet<u16>>,
}

impl Description {
    async fn of(console: &Console) -> Self {
        let mut document = console.get("/api/openapi.json").await.expect(200).json();
        close(&mut document["components"]["schemas"]);
        close(&mut document["paths"]);
        Self { document, seen: BTreeMap::new() }
    }

    /// Holds an answer to what is said of its path, method and status.
    fn check(&mut self, method: &str, path: &str, reply: &Reply) -> Value {
        let template = self.template(path.split('?').next().unwrap());
        let status = reply.status.as_u16();
        self.seen.entry((method.to_owned(), template.clone())).or_default().insert(status);
        let responses = &self.document["paths"][&template][method]["responses"];
        let response = responses.get(status.to_string()).unwrap_or(&responses["default"]);
        assert!(status >= 300 || responses.get(status.to_string()).is_some(), "{method} {path} {status}");
        assert!(
            response.is_object(),
            "{method} {path} answers {status}, which is not described: {}",
            reply.text
        );
        let content = response["content"].as_object();
        let body: Value = serde_json::from_str(&reply.text).unwrap_or_default();
        if !(200..300).contains(&status) {
            assert_eq!(reply.header("content-type"), "application/problem+json", "{method} {path}");
        }
        if let Some(content) = content {
            let kind = reply.header("content-type");
            assert!(content.contains_key(kind), "{method} {path} {status} is `{kind}`: {content:?}");
            let schema = with(json!({"components": self.document["components"]}), &content[kind]["schema"]);
            let validator = jsonschema::draft202012::new(&schema).unwrap();
            let wrong: Vec<String> = validator
                .iter_errors(&body)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(wrong.is_empty(), "{method} {path} {status}: {wrong:#?}\n{}", reply.text);
        }
        body
    }

    /// The path of the description that an address belongs to.
    fn template(&self, path: &str) -> String {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |template: &str| {
            let known: Vec<&str> = template.split('/').collect();
            known.len() == parts.len()
                && known.iter().zip(&parts).all(|(known, part)| known == part || known.starts_with('{'))
        };
        let paths = self.document["paths"].as_object().unwrap();
        let found = paths
            .keys()
            .filter(|template| fits(template))
            .min_by_key(|template| template.matches('{').count());
        found.unwrap_or_else(|| panic!("{path} is not described")).clone()
    }
}

fn close(value: &mut Value) {
    match value {
        Value::Object(members) => {
            let is_described = members.get("properties").is_some_and(Value::is_object);
            if is_described && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
            members.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[tokio::test]
async fn every_answer_is_what_the_description_says() {
    let console = Console::demo().await;
    let mut description = Description::of(&console).await;
    let mut gets = vec![
        "/healthz".to_owned(),
        "/readyz".to_owned(),
        "/api/session".to_owned(),
        "/api/profiles".to_owned(),
        "/api/operations".to_owned(),
        "/api/operations/none".to_owned(),
        "/api/openapi.json".to_owned(),
        "/api/simulator".to_owned(),
        "/api/plans/pl_none".to_owned(),
        "/api/runs/run_none".to_owned(),
        "/api/runs/run_none/events".to_owned(),
        "/api/runs?limit=x".to_owned(),
        "/api/runs/run_none/events?after=x".to_owned(),
        "/api/records".to_owned(),
        "/api/records?format=x".to_owned(),
    ];
    let post = async |description: &mut Description, path: &str, body: Value| {
        let reply = console.post(path, &body).await;
        description.check("post", path, &reply)
    };
    for (operation, parameters) in good() {
        let profile = cases::profile_of(operation);
        let preview = format!("/api/operations/{operation}/preview");
        post(&mut description, &preview, json!({"profile": profile, "parameters": parameters})).await;
        post(&mut description, &preview, json!({"profile": "nobody", "parameters": {}})).await;
        post(&mut description, &preview, json!({"profile": profile, "parameters": {}})).await;
        for field in
            ["InstanceId", "ServiceInstanceId", "server_id", "instance_id", "TargetVersion", "nothing"]
        {
            let choices = format!("/api/operations/{operation}/choices");
            post(
                &mut description,
                &choices,
                json!({"profile": profile, "field": field, "parameters": parameters}),
            )
            .await;
        }
        let body = json!({"operation": operation, "profile": profile, "parameters": parameters});
        let plan = post(&mut description, "/api/plans", body).await;
        let runs = runs_of(&plan);
        post(&mut description, &runs, json!({"payload_hash": "x"})).await;
        let run = post(&mut description, &runs, confirmation(&plan, &json!({}))).await;
        let answered = console.answered(&run).await;
        assert!(matches!(answered["state"].as_str(), Some("accepted" | "scheduled")), "{answered}");
        post(&mut description, &runs, confirmation(&plan, &json!({}))).await;
        gets.push(format!("/api/operations/{operation}"));
        gets.push(format!("/api/plans/{}", plan["id"].as_str().unwrap()));
        gets.push(format!("/api/runs/{}", run["id"].as_str().unwrap()));
    }
    let nest = |number: u32, parameters: Value| {
        json!({"operation": NEST, "profile": "demo-alibaba", "parameters": with(cases::nest(number), &parameters),
            "secret_pointers": ["/Parameters/Pw"], "secrets": {"/Parameters/Pw": "secret"}})
    };
    let plan = post(&mut description, "/api/plans", nest(2, json!({}))).await;
    let dry_run = format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap());
    post(&mut description, &dry_run, json!({"secrets": {"/Parameters/Pw": "secret"}})).await;
    post(&mut description, &dry_run, json!({})).await;
    post(&mut description, &runs_of(&plan), json!({"payload_hash": plan["payload_hash"]})).await;
    post(&mut description, "/api/plans/pl_none/dry-run", json!({})).await;
    post(&mut description, "/api/plans/pl_none/runs", json!({"payload_hash": "x"})).await;
    gets.push(format!("/api/plans/{}", plan["id"].as_str().unwrap()));
    for (body, status) in [
        (json!({"operation": NEST}), 400),
        (json!({"operation": "x", "profile": "demo-alibaba", "parameters": {}}), 404),
        (json!({"operation": NEST, "profile": "x", "parameters": {}}), 403),
        (json!({"operation": CBH, "profile": "demo-huawei", "parameters": {}}), 400),
        (nest(3, json!({"ClientToken": "taken"})), 201),
        (nest(3, json!({"ClientToken": "taken", "ServiceVersion": "3"})), 409),
    ] {
        let reply = console.post("/api/plans", &body).await.expect(status);
        description.check("post", "/api/plans", &reply);
    }
    // Every way in which a run can end.
    for (scenario, operation, parameters) in [
        ("cut", AAD, cases::aad(2)),
        ("unreadable", AAD, cases::aad(3)),
        ("error_5xx", AAD, cases::aad(5)),
        ("throttled", KAFKA, cases::kafka(2)),
        ("normal", NEST, with(cases::nest(7), &json!({"DryRun": "true"}))),
    ] {
        post(&mut description, "/api/simulator/scenario", json!({"name": scenario})).await;
        let plan = console.plan(operation, &parameters).await;
        let run = console.confirm(&plan, &json!({})).await.expect(201).json();
        let run = console.settled(&run).await;
        gets.push(format!("/api/runs/{}", run["id"].as_str().unwrap()));
        // The events of a run end with it.
        if run["final"] == true {
            gets.push(format!("/api/runs/{}/events", run["id"].as_str().unwrap()));
        }
    }
    // What people do with runs: look, send again, settle, take back.
    post(&mut description, "/api/simulator/scenario", json!({"name": "error_5xx"})).await;
    let lost = console.upgrade(NEST, &cases::nest(3)).await;
    let act = |run: &Value, what: &str| format!("/api/runs/{}/{what}", run["id"].as_str().unwrap());
    let again = json!({"payload_hash": lost["payload_hash"]});
    post(&mut description, &act(&lost, "resend"), again.clone()).await;
    post(&mut description, &act(&lost, "check"), json!({})).await;
    post(&mut description, &act(&lost, "resend"), again).await;
    let lost = console.settled(&lost).await;
    let other = console.upgrade(AAD, &cases::aad(7)).await;
    post(&mut description, &act(&other, "check"), json!({})).await;
    post(&mut description, &act(&lost, "settle"), json!({"state": "not_sent", "evidence": ""})).await;
    post(&mut description, &act(&lost, "settle"), json!({"state": "not_sent", "evidence": "asked"})).await;
    post(&mut description, &act(&lost, "settle"), json!({"state": "not_sent", "evidence": "twice"})).await;
    post(&mut description, &act(&lost, "check"), json!({})).await;
    post(&mut description, "/api/simulator/scenario", json!({"name": "normal"})).await;
    let host = console.upgrade(CBH, &cases::cbh(2)).await;
    post(&mut description, &act(&host, "cancel"), json!({})).await;
    post(&mut description, &act(&host, "rollback"), json!({})).await;
    console.until(&host, |run| run["state"] == "scheduled").await;
    post(&mut description, "/api/simulator/clock", json!({"advance_seconds": 49 * 3600})).await;
    console.settled(&host).await;
    post(&mut description, &act(&host, "cancel"), json!({})).await;
    post(&mut description, &act(&host, "rollback"), json!({})).await;
    let unpaid = console.upgrade(AAD, &cases::aad(12)).await;
    let pay = json!({"order_id": unpaid["answer"]["order_id"]});
    post(&mut description, "/api/simulator/pay", pay.clone()).await;
    console.settled(&unpaid).await;
    post(&mut description, "/api/simulator/pay", pay).await;
    post(&mut description, &format!("/api/plans/{}/preview", plan["id"].as_str().unwrap()), json!({})).await;
    post(&mut description, &format!("/api/plans/{}/price", plan["id"].as_str().unwrap()), json!({})).await;
    post(&mut description, "/api/plans/pl_none/preview", json!({})).await;
    post(&mut description, "/api/plans/pl_none/price", json!({})).await;
    post(&mut description, "/api/simulator/scenario", json!({"name": "none"})).await;
    post(&mut description, "/api/simulator/clock", json!({"advance_seconds": 60})).await;
    post(&mut description, "/api/simulator/clock", json!({"advance_seconds": -60})).await;
    post(&mut description, "/api/simulator/reset", json!({})).await;
    gets.push("/api/runs?limit=3".to_owned());
    gets.push("/api/records".to_owned());
    for path in &gets {
        let reply = console.get(path).await;
        description.check("get", path, &reply);
    }
    let walked: BTreeSet<_> = description
        .seen
        .iter()
        .filter(|(_, statuses)| statuses.iter().any(|status| (200..300).contains(status)))
        .map(|(route, _)| route.clone())
        .collect();
    assert_eq!(walked, documented(&description.document), "every route was seen to succeed");
}

#[tokio::test]
async fn refusals_that_any_path_can_give_are_problems() {
    let console = Console::demo().await;
    let document = console.get("/api/openapi.json").await.expect(200).json();
    let problem = with(
        json!({"components": document["components"]}),
        &json!({"$ref": "#/components/schemas/ProblemView"}),
    );
    let validator = jsonschema::draft202012::new(&problem).unwrap();
    let url = console.url("/api/plans");
    let post = || http::Request::post(&url);
    let json_type = ("content-type", "application/json");
    for (request, body, status) in [
        (post(), "{}", 415),
        (post().header(json_type.0, json_type.1), "{}", 403),
        (post().header(json_type.0, json_type.1).header("x-upgrade-console", "1"), "{", 400),
        (http::Request::put(&url), "", 405),
        (http::Request::get(&url), "", 405),
        (http::Request::get(console.url("/api/none")), "", 404),
        (http::Request::get(&url).header("host", "evil.example"), "", 421),
    ] {
        let reply = console.send(request, body).await.expect(status);
        assert_eq!(reply.header("content-type"), "application/problem+json");
        let body = reply.json();
        assert_eq!(body["status"], status);
        let wrong: Vec<String> = validator.iter_errors(&body).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?} {body}");
    }
}
