//! What values are refused with which code at which place, and what is planned as it was typed.

use crate::{
    cases::{self, AAD, BSS, CBH, KAFKA, NEST, good, profile_of, with},
    support::{Console, runs_of},
};
use serde_json::{Value, json};

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
        // Alike but for the id of the request.
        bodies.insert(reply.text.replace(reply.header("x-request-id"), ""));
    }
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}
