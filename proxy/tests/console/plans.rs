//! Plans and their confirmation: what is refused with which code at which place, and what happens once and only once.

use crate::{
    cases::{self, AAD, BSS, CBH, KAFKA, NEST, good, profile_of, with},
    fake_cloud::{Does, FakeCloud, answer},
    support::{Console, ROOMY, confirmation, runs_of},
};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};

/// Operation, what is changed in good parameters (null takes a member out), pointer, code.
type Bad = (&'static str, Value, &'static str, &'static str);

fn bad_values() -> Vec<Bad> {
    let long = "x".repeat(65);
    let hours = |hours: i64, slack_ms: i64| cases::ahead(hours) + slack_ms;
    let data = |data: Value| json!({"upgrade_data": data});
    let properties = |count: usize| json!({"Parameter": vec![json!({"Code": "A", "Value": "1"}); count]});
    let mut table: Vec<Bad> = vec![
        // Public parameters of the protocol, and steering the request.
        (BSS, json!({"project_id": "x"}), "/parameters/project_id", "unknown_field"),
        (
            CBH,
            json!({"project_id": "0123456789abcdef0123456789abcdef"}),
            "/parameters/project_id",
            "from_profile",
        ),
        (CBH, json!({"X-Project-Id": "x"}), "/parameters/X-Project-Id", "unknown_field"),
        (AAD, json!({"X-Domain-Id": "x"}), "/parameters/X-Domain-Id", "unknown_field"),
        (AAD, data(json!({"host": "evil.example"})), "/parameters/upgrade_data/host", "unknown_field"),
        (
            BSS,
            json!({"Parameter": [{"Code": "A", "Value": "1", "Action": "x"}]}),
            "/parameters/Parameter/0/Action",
            "unknown_field",
        ),
        (NEST, json!({"a/b~c": "x"}), "/parameters/a~1b~0c", "unknown_field"),
        // Types: nothing is converted.
        (BSS, json!({"RenewPeriod": "2"}), "/parameters/RenewPeriod", "wrong_type"),
        (BSS, json!({"RenewPeriod": 2.5}), "/parameters/RenewPeriod", "not_whole"),
        (BSS, json!({"RenewPeriod": 2.0}), "/parameters/RenewPeriod", "not_whole"),
        (BSS, json!({"RenewPeriod": [2]}), "/parameters/RenewPeriod", "wrong_type"),
        (BSS, json!({"RenewPeriod": true}), "/parameters/RenewPeriod", "wrong_type"),
        (BSS, json!({"RenewPeriod": 10}), "/parameters/RenewPeriod", "not_a_choice"),
        (BSS, json!({"RenewPeriod": -1}), "/parameters/RenewPeriod", "not_a_choice"),
        (BSS, json!({"RenewPeriod": 9_007_199_254_740_993_i64}), "/parameters/RenewPeriod", "not_a_choice"),
        (NEST, json!({"DryRun": true}), "/parameters/DryRun", "wrong_type"),
        (NEST, json!({"DryRun": "True"}), "/parameters/DryRun", "not_a_choice"),
        (NEST, json!({"DryRun": ""}), "/parameters/DryRun", "not_a_choice"),
        (NEST, json!({"Parameters": "{}"}), "/parameters/Parameters", "wrong_type"),
        (NEST, json!({"Parameters": []}), "/parameters/Parameters", "wrong_type"),
        (NEST, json!({"ServiceVersion": 2}), "/parameters/ServiceVersion", "wrong_type"),
        (CBH, json!({"cancel": "true"}), "/parameters/cancel", "wrong_type"),
        (CBH, json!({"upgrade_time": "1702974655000"}), "/parameters/upgrade_time", "wrong_type"),
        (CBH, json!({"upgrade_time": "soon"}), "/parameters/upgrade_time", "bad_number"),
        (AAD, data(json!({"basic_bandwidth": 10})), "/parameters/upgrade_data/basic_bandwidth", "wrong_type"),
        (
            AAD,
            data(json!({"service_bandwidth": "100"})),
            "/parameters/upgrade_data/service_bandwidth",
            "wrong_type",
        ),
        (AAD, data(json!([])), "/parameters/upgrade_data", "wrong_type"),
        // Missing, empty, blank.
        (NEST, json!({"ServiceInstanceId": null}), "/parameters/ServiceInstanceId", "missing"),
        (NEST, json!({"ServiceInstanceId": ""}), "/parameters/ServiceInstanceId", "too_short"),
        (NEST, json!({"ServiceInstanceId": "  "}), "/parameters/ServiceInstanceId", "pattern"),
        (BSS, json!({"ProductCode": null}), "/parameters/ProductCode", "missing"),
        (BSS, json!({"InstanceId": " "}), "/parameters/InstanceId", "pattern"),
        (KAFKA, json!({"RegionId": null}), "/parameters/RegionId", "missing"),
        (KAFKA, json!({"TargetVersion": null}), "/parameters/TargetVersion", "missing"),
        (CBH, json!({"upgrade_time": null}), "/parameters/upgrade_time", "missing"),
        (AAD, json!({"upgrade_data": null}), "/parameters/upgrade_data", "missing"),
        (AAD, data(json!({})), "/parameters/upgrade_data", "too_few_members"),
        (BSS, json!({"Parameter": []}), "/parameters/Parameter", "too_few_items"),
        (BSS, json!({"Parameter": [{"Code": "A"}]}), "/parameters/Parameter/0/Value", "missing"),
        (
            BSS,
            json!({"Parameter": [{"Code": "A", "Value": ""}]}),
            "/parameters/Parameter/0/Value",
            "too_short",
        ),
        (
            BSS,
            json!({"Parameter": [{"Code": "A", "Value": 10}]}),
            "/parameters/Parameter/0/Value",
            "wrong_type",
        ),
        (BSS, properties(101), "/parameters/Parameter", "too_many_items"),
        // Ids.
        (
            NEST,
            json!({"ServiceInstanceId": "i-5cbae874da0e47a3b1c2"}),
            "/parameters/ServiceInstanceId",
            "pattern",
        ),
        (KAFKA, json!({"InstanceId": "alikafka_a\u{85}b"}), "/parameters/InstanceId", "pattern"),
        (KAFKA, json!({"InstanceId": "alikafka_a\r\nX: y"}), "/parameters/InstanceId", "pattern"),
        (KAFKA, json!({"InstanceId": "alikafka_a\u{0}"}), "/parameters/InstanceId", "pattern"),
        (KAFKA, json!({"InstanceId": "alikafka_a\n"}), "/parameters/InstanceId", "pattern"),
        (KAFKA, json!({"InstanceId": "alikafka_a\u{2028}"}), "/parameters/InstanceId", "pattern"),
        (KAFKA, json!({"TargetVersion": "2"}), "/parameters/TargetVersion", "pattern"),
        (CBH, json!({"server_id": "5429"}), "/parameters/server_id", "pattern"),
        (CBH, json!({"server_id": "../../v3/users"}), "/parameters/server_id", "pattern"),
        (
            CBH,
            json!({"server_id": "c7277d87-5a0d-4cfc-a418-97acb567cf29x"}),
            "/parameters/server_id",
            "too_long",
        ),
        (AAD, json!({"instance_id": "2b5ce2a4"}), "/parameters/instance_id", "pattern"),
        // Limits.
        (
            AAD,
            data(json!({"service_bandwidth": -1})),
            "/parameters/upgrade_data/service_bandwidth",
            "too_small",
        ),
        (
            AAD,
            data(json!({"service_bandwidth": 2_147_483_648_i64})),
            "/parameters/upgrade_data/service_bandwidth",
            "too_large",
        ),
        (
            AAD,
            data(json!({"service_bandwidth": u64::MAX})),
            "/parameters/upgrade_data/service_bandwidth",
            "too_large",
        ),
        (AAD, data(json!({"basic_bandwidth": "-10"})), "/parameters/upgrade_data/basic_bandwidth", "pattern"),
        (AAD, data(json!({"basic_bandwidth": "1e2"})), "/parameters/upgrade_data/basic_bandwidth", "pattern"),
        (
            AAD,
            data(json!({"elastic_service_bandwidth_type": 1})),
            "/parameters/upgrade_data/elastic_service_bandwidth_type",
            "not_a_choice",
        ),
        // Times: seconds instead of milliseconds, the past, less than a day ahead.
        (CBH, json!({"upgrade_time": hours(48, 0) / 1000}), "/parameters/upgrade_time", "too_early"),
        (CBH, json!({"upgrade_time": hours(-1, 0)}), "/parameters/upgrade_time", "too_early"),
        (CBH, json!({"upgrade_time": hours(24, -60_000)}), "/parameters/upgrade_time", "too_early"),
        (CBH, json!({"upgrade_time": hours(24, 60_000)}), "/parameters/upgrade_time", "too_early"),
        (CBH, json!({"upgrade_time": -1}), "/parameters/upgrade_time", "too_small"),
        (CBH, json!({"upgrade_time": 100_000_000_000_000_i64}), "/parameters/upgrade_time", "too_large"),
        // Tokens.
        (NEST, json!({"ClientToken": long}), "/parameters/ClientToken", "too_long"),
        (NEST, json!({"ClientToken": ""}), "/parameters/ClientToken", "too_short"),
        (BSS, json!({"ClientToken": "密"}), "/parameters/ClientToken", "pattern"),
        (BSS, json!({"ClientToken": "a\u{7f}"}), "/parameters/ClientToken", "pattern"),
        (KAFKA, json!({"ClientToken": "a"}), "/parameters/ClientToken", "unknown_field"),
    ];
    for (operation, _) in good() {
        for (name, pointer) in [
            ("endpoint", "/parameters/endpoint"),
            ("host", "/parameters/host"),
            ("method", "/parameters/method"),
            ("headers", "/parameters/headers"),
            ("Action", "/parameters/Action"),
            ("Version", "/parameters/Version"),
            ("Format", "/parameters/Format"),
            ("AccessKeyId", "/parameters/AccessKeyId"),
            ("Signature", "/parameters/Signature"),
            ("SecurityToken", "/parameters/SecurityToken"),
        ] {
            table.push((operation, json!({name: "x"}), pointer, "unknown_field"));
        }
    }
    for region in [
        "cn-hangzhou.evil.com/",
        "cn-hangzhou#",
        "@evil",
        "ｃn-hangzhou",
        "cn%2ehangzhou",
        "CN-HANGZHOU",
        "",
        "../x",
    ] {
        table.push((NEST, json!({"RegionId": region}), "/parameters/RegionId", "not_a_choice"));
        table.push((KAFKA, json!({"RegionId": region}), "/parameters/RegionId", "not_a_choice"));
    }
    table
}

#[tokio::test]
async fn a_bad_value_is_refused_at_its_place_in_plan_and_preview_alike() {
    let console = Console::demo().await;
    let base: std::collections::BTreeMap<_, _> = good().into_iter().collect();
    for (operation, change, pointer, code) in bad_values() {
        let parameters = with(base[operation].clone(), &change);
        let plan = console.try_plan(operation, &parameters).await;
        let preview = console
            .post(
                &format!("/api/operations/{operation}/preview"),
                &json!({"profile": profile_of(operation), "parameters": parameters}),
            )
            .await;
        for reply in [plan, preview] {
            let what = format!("{operation} {change}: {}", reply.text);
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (400, "invalid_parameters"), "{what}");
            assert_eq!(reply.errors(), [(pointer.to_owned(), code.to_owned())], "{what}");
            assert!(
                reply.json()["errors"][0]["detail"].as_str().is_some_and(|words| words.len() > 10),
                "{what}"
            );
        }
    }
    assert_eq!(console.calls().len(), 0);
}

#[tokio::test]
async fn every_wrong_value_is_told_at_once() {
    let console = Console::demo().await;
    let parameters = json!({"RegionId": "nowhere", "TargetVersion": 2, "Extra": 1});
    let reply = console.try_plan(KAFKA, &parameters).await.expect(400);
    let mut errors = reply.errors();
    errors.sort();
    let expected = [
        ("/parameters/Extra", "unknown_field"),
        ("/parameters/InstanceId", "missing"),
        ("/parameters/RegionId", "not_a_choice"),
        ("/parameters/TargetVersion", "wrong_type"),
    ];
    assert_eq!(errors, expected.map(|(pointer, code)| (pointer.to_owned(), code.to_owned())));
}

#[tokio::test]
async fn what_time_allows_is_planned() {
    let console = Console::demo().await;
    let at = |time: i64| with(cases::cbh(29), &json!({"upgrade_time": time}));
    let plan = console.plan(CBH, &at(cases::ahead(24) + 6 * 60_000)).await;
    let warnings = plan["review"]["warnings"].as_array().unwrap().len();
    let far = console.plan(CBH, &at(cases::ahead(24 * 400))).await;
    assert_eq!(
        far["review"]["warnings"].as_array().unwrap().len(),
        warnings + 1,
        "a year ahead is warned of"
    );
    // Cancelling names the time that is already scheduled, however near it is.
    let soon = at(cases::ahead(25));
    let run = console.upgrade(CBH, &soon).await;
    console.until(&run, |run| run["state"] == "scheduled").await;
    console.post("/api/simulator/clock", &json!({"advance_seconds": 24 * 3600})).await.expect(200);
    console.plan(CBH, &with(soon, &json!({"cancel": true}))).await;
}

/// Path, body, pointers and codes.
#[tokio::test]
async fn members_of_a_body_are_checked_by_name_and_type() {
    let console = Console::demo().await;
    let plan = console.plan(KAFKA, &cases::kafka(1)).await;
    let runs = runs_of(&plan);
    let good = json!({"operation": KAFKA, "profile": "demo-alibaba", "parameters": cases::kafka(1)});
    let plans = |change: Value| ("/api/plans", with(good.clone(), &change));
    let table: Vec<((&str, Value), &str, &str)> = vec![
        (plans(json!({"endpoint": "http://evil"})), "/endpoint", "unknown_field"),
        (plans(json!({"method": "GET"})), "/method", "unknown_field"),
        (plans(json!({"a/b": 1})), "/a~1b", "unknown_field"),
        (plans(json!({"operation": null})), "/operation", "missing"),
        (plans(json!({"profile": null})), "/profile", "missing"),
        (plans(json!({"parameters": null})), "/parameters", "missing"),
        (plans(json!({"operation": 1})), "/operation", "wrong_type"),
        (plans(json!({"parameters": []})), "/parameters", "wrong_type"),
        (plans(json!({"secrets": {"/Parameters/Pw": 5}})), "/secrets/~1Parameters~1Pw", "wrong_type"),
        (plans(json!({"secret_pointers": ["/a", 5]})), "/secret_pointers/1", "wrong_type"),
        (plans(json!({"profile": "demo-huawei"})), "/profile", "wrong_cloud"),
        (
            (
                "/api/operations/alikafka.UpgradeInstanceVersion/preview",
                json!({"profile": "demo-alibaba", "parameters": {}, "secrets": {}}),
            ),
            "/secrets",
            "unknown_field",
        ),
        ((&runs, json!({})), "/payload_hash", "missing"),
        ((&runs, json!({"payload_hash": 5})), "/payload_hash", "wrong_type"),
        (
            (&runs, json!({"payload_hash": plan["payload_hash"], "confirmation": {"accept": true}})),
            "/confirmation/accept",
            "unknown_field",
        ),
        (
            (
                &runs,
                json!({"payload_hash": plan["payload_hash"], "confirmation": {"accept_unknown_cost": "yes"}}),
            ),
            "/confirmation/accept_unknown_cost",
            "wrong_type",
        ),
        (("/api/simulator/clock", json!({"advance_seconds": -1})), "/advance_seconds", "too_far"),
        (("/api/simulator/clock", json!({"advance_seconds": 1.5})), "/advance_seconds", "wrong_type"),
        (("/api/simulator/scenario", json!({"name": "none-such"})), "/name", "not_a_choice"),
        (("/api/simulator/reset", json!({"all": true})), "/all", "unknown_field"),
    ];
    for ((path, body), pointer, code) in table {
        let reply = console.post(path, &body).await;
        assert_eq!(reply.status, 400, "{path} {body}: {}", reply.text);
        assert_eq!(reply.errors(), [(pointer.to_owned(), code.to_owned())], "{path} {body}: {}", reply.text);
    }
    assert_eq!(console.changing_calls(), 0);
}

#[tokio::test]
async fn only_one_reading_of_a_body_is_taken() {
    let console = Console::demo().await;
    let good =
        json!({"operation": KAFKA, "profile": "demo-alibaba", "parameters": cases::kafka(1)}).to_string();
    console.post_bytes("/api/plans", &good).await.expect(201);
    let parameters = cases::nest(1).to_string();
    let nest = |parameters: &str| {
        format!(r#"{{"operation":"{NEST}","profile":"demo-alibaba","parameters":{parameters}}}"#).into_bytes()
    };
    let in_parameters =
        |text: &str| nest(&format!("{},\"Parameters\":{{{text}}}}}", &parameters[..parameters.len() - 1]));
    console.post_bytes("/api/plans", in_parameters("\"a\":\"1\"")).await.expect(201);
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(good.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let mut not_utf8 = good.clone().into_bytes();
    let at = good.find("demo").unwrap();
    not_utf8[at] = 0xff;
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let table: Vec<(&str, Vec<u8>)> = vec![
        ("a member twice", good.replacen('{', "{\"operation\":\"x\",", 1).into_bytes()),
        ("a parameter twice", nest(&parameters.replacen('{', "{\"RegionId\":\"cn-hangzhou\",", 1))),
        ("a nested member twice", in_parameters("\"A\":\"1\",\"A\":\"2\"")),
        ("an escaped spelling of the same name", in_parameters(r#""a":"1","\u0061":"2""#)),
        ("twice in a list", in_parameters(r#""a":[{"b":1,"b":2}]"#)),
        ("depth 17", in_parameters(&format!("\"a\":{}", deep(15)))),
        ("depth 128", in_parameters(&format!("\"a\":{}", deep(128)))),
        ("depth 30,000", deep(30_000).into_bytes()),
        ("1,001 values", in_parameters(&format!("\"a\":[{}1]", "1,".repeat(1_001)))),
        ("an infinite number", in_parameters("\"a\":1e999")),
        ("30 digits", in_parameters("\"a\":123456789012345678901234567890")),
        ("not a number", in_parameters("\"a\":NaN")),
        ("a lone surrogate", in_parameters(r#""a":"\ud800""#)),
        ("a raw control character", in_parameters("\"a\":\"\u{1}\"")),
        ("a byte order mark", [b"\xef\xbb\xbf".as_slice(), good.as_bytes()].concat()),
        ("UTF-16", utf16),
        ("invalid UTF-8", not_utf8),
        ("bytes after the document", format!("{good}x").into_bytes()),
        ("two documents", format!("{good}{good}").into_bytes()),
        ("a comment", format!("/* x */{good}").into_bytes()),
        ("a trailing comma", good.replacen("}}", ",}}", 1).into_bytes()),
        ("half a document", good.as_bytes()[..good.len() / 2].to_vec()),
        ("a list", b"[]".to_vec()),
        ("text", b"\"x\"".to_vec()),
        ("nothing", Vec::new()),
    ];
    for (what, body) in table {
        let reply = console.post_bytes("/api/plans", body).await;
        assert_eq!(
            (reply.status.as_u16(), reply.code().as_str()),
            (400, "bad_json"),
            "{what}: {}",
            reply.text
        );
    }
    for (number, code) in [
        ("1.0", "not_whole"),
        ("-0", "not_whole"),
        ("1e0", "not_whole"),
        ("9007199254740993", "not_a_choice"),
    ] {
        let parameters =
            cases::bss(1).to_string().replace("\"RenewPeriod\":1", &format!("\"RenewPeriod\":{number}"));
        let body = format!(r#"{{"operation":"{BSS}","profile":"demo-alibaba","parameters":{parameters}}}"#);
        let reply = console.post_bytes("/api/plans", body).await.expect(400);
        assert_eq!(reply.errors(), [("/parameters/RenewPeriod".to_owned(), code.to_owned())], "{number}");
    }
    assert_eq!(console.changing_calls(), 0);
}

#[tokio::test]
async fn odd_values_that_are_allowed_arrive_as_they_were_typed() {
    let console = Console::demo().await;
    let odd = "a&b=c+d e%f~g*h'i\"j<k>😀\u{202e}\u{feff}\u{2028}\r\n\u{85}/?#[]@!$(),;:\\|^`{}";
    let parameters = with(cases::bss(1), &json!({"Parameter": [{"Code": "Odd & ends", "Value": odd}]}));
    let run = console.upgrade(BSS, &parameters).await;
    assert_eq!(run["state"], "accepted", "{run}");
    let state = console.app.built_in.as_ref().unwrap().clouds.state();
    assert_eq!(state["bss"]["orders"][0]["config"]["Odd & ends"], odd);
    assert_eq!(console.changing_calls(), 1);

    let console = Console::demo().await;
    let typed =
        json!({"text": odd, "number": 9_007_199_254_740_993_i64, "nested": {"list": [true, null, 1.5]}});
    let run = console.upgrade(NEST, &with(cases::nest(1), &json!({"Parameters": typed}))).await;
    assert_eq!(run["state"], "accepted", "{run}");
    let state = console.app.built_in.as_ref().unwrap().clouds.state();
    assert_eq!(state["computenest"]["instances"][0]["upgrade"]["parameters"], typed);
}

#[tokio::test]
async fn an_unknown_operation_is_not_repeated() {
    let console = Console::demo().await;
    let long = "o".repeat(10_000);
    for id in [
        "nothing.Here",
        "Alikafka.UpgradeInstanceVersion",
        "alikafka.UpgradeInstanceVersion ",
        "\u{430}likafka.UpgradeInstanceVersion",
        "alikafka.\u{200d}UpgradeInstanceVersion",
        // Internal calls are not offered.
        "iam.KeystoneListProjects",
        "iam.KeystoneCreateUserTokenByPassword",
        "",
        &long,
    ] {
        let body = json!({"operation": id, "profile": "demo-alibaba", "parameters": {}});
        let reply = console.post("/api/plans", &body).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (404, "unknown_operation"), "{id}");
        assert!(id.is_empty() || !reply.text.contains(id), "{}", reply.text);
        assert!(reply.text.len() < 400);
    }
    let reply = console.get("/api/operations/iam.KeystoneListProjects").await.expect(404);
    assert_eq!(reply.code(), "unknown_operation");
    let reply = console
        .post("/api/operations/x/preview", &json!({"profile": "demo-alibaba", "parameters": {}}))
        .await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (404, "unknown_operation"));
}

#[tokio::test]
async fn a_profile_that_is_not_there_looks_like_one_that_may_not_be_used() {
    let console = Console::demo().await;
    let mut bodies = std::collections::BTreeSet::new();
    for profile in
        ["", "nobody", "../../etc/passwd", "Demo-Alibaba", "demo-alibaba ", "demo-alib\u{430}ba", "live"]
    {
        let body = json!({"operation": KAFKA, "profile": profile, "parameters": cases::kafka(1)});
        let reply = console.post("/api/plans", &body).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (403, "profile_forbidden"), "{profile}");
        bodies.insert(reply.text);
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

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

#[tokio::test]
async fn a_person_reads_sixty_times_a_minute_and_starts_six_calls() {
    let console = Console::with("", |_| None).await;
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

    let console = Console::with("", |_| None).await;
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
async fn confirmations_that_fail_are_counted_too() {
    let console = Console::with("", |_| None).await;
    let body = json!({"payload_hash": "sha256:0"});
    for _ in 0..60 {
        console.post("/api/plans/pl_none/runs", &body).await.expect(404);
    }
    assert_eq!(console.post("/api/plans/pl_none/runs", &body).await.expect(429).code(), "too_many_requests");
}

#[tokio::test]
async fn kafka_takes_two_calls_a_second_from_everybody_together() {
    let console = Console::demo().await;
    let mut plans = Vec::new();
    for number in [1, 2, 6] {
        plans.push(console.plan(KAFKA, &cases::kafka(number)).await);
    }
    let none = json!({});
    let replies = futures_util::future::join_all(plans.iter().map(|plan| console.confirm(plan, &none))).await;
    let mut statuses: Vec<u16> = replies.iter().map(|reply| reply.status.as_u16()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 201, 429]);
    let refused = replies.into_iter().find(|reply| reply.status == 429).unwrap();
    assert_eq!((refused.code().as_str(), refused.header("retry-after")), ("too_many_requests", "1"));
}

#[tokio::test]
async fn history_is_listed_newest_first_filtered_and_paged() {
    let console = Console::demo().await;
    let mut ids = Vec::new();
    for (operation, parameters) in [
        (BSS, cases::bss(1)),
        (AAD, cases::aad(1)),
        (AAD, cases::aad(8)),
        (BSS, cases::bss(4)),
        (CBH, cases::cbh(29)),
    ] {
        ids.push(console.upgrade(operation, &parameters).await["id"].clone());
    }
    ids.reverse();
    let list = async |query: &str| {
        let body = console.get(&format!("/api/runs{query}")).await.expect(200).json();
        let items: Vec<Value> =
            body["items"].as_array().unwrap().iter().map(|run| run["id"].clone()).collect();
        (items, body["next"].clone())
    };
    assert_eq!(list("").await, (ids.clone(), Value::Null));
    let (first, next) = list("?limit=2").await;
    assert_eq!((first.as_slice(), &next), (&ids[..2], &ids[1]));
    let (second, next) = list(&format!("?limit=2&before={}", next.as_str().unwrap())).await;
    assert_eq!((second.as_slice(), &next), (&ids[2..4], &ids[3]));
    let (third, next) = list(&format!("?limit=2&before={}", next.as_str().unwrap())).await;
    assert_eq!((third.as_slice(), &next), (&ids[4..], &Value::Null));
    assert_eq!(list("?state=refused").await.0, [ids[1].clone(), ids[2].clone()]);
    assert_eq!(list(&format!("?operation={BSS}&state=accepted")).await.0, [ids[4].clone()]);
    assert_eq!(list("?profile=demo-huawei").await.0, [ids[0].clone(), ids[2].clone(), ids[3].clone()]);
    assert_eq!(list("?profile=nobody").await.0, [] as [Value; 0]);
    assert_eq!(list("?q=VIPCLOUDFW-CN-7MZ2K0T9004").await.0, [ids[1].clone()]);
    assert_eq!(
        list("?q=%25").await.0,
        [] as [Value; 0],
        "a wildcard of the store is a character like any other"
    );
    for query in ["?limit=x", "?state=none", "?unknown=1", "?limit=-1", "?limit=1&limit=2"] {
        let reply = console.get(&format!("/api/runs{query}")).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (400, "bad_query"), "{query}");
    }
    assert_eq!(console.get("/api/runs/run_none").await.expect(404).code(), "not_found");
    assert_eq!(console.get("/api/runs/%ff").await.expect(400).code(), "bad_query");
}
