//! Choices from the clouds' own lists: what may be chosen, what may not and why, and what a failing list leaves usable.

use crate::{
    cases::{AAD, BSS, CBH, KAFKA, NEST, profile_of},
    support::{Console, Http, ROOMY, Reply},
};
use serde_json::{Value, json};
use std::{sync::LazyLock, time::Instant};
use upgrade_proxy::clock::Sources;

async fn ask(http: &Http, operation: &str, field: &str, more: Value) -> Reply {
    let mut body = json!({"profile": profile_of(operation), "field": field});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    http.post(&format!("/api/operations/{operation}/choices"), &body).await
}

/// Values that may be chosen, and values that may not with their reason.
fn sorted(reply: &Reply) -> (Vec<String>, Vec<(String, String)>) {
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    for item in reply.json()["items"].as_array().unwrap() {
        let value = item["value"].as_str().unwrap().to_owned();
        match item["unavailable"].as_str() {
            Some(why) => closed.push((value, why.to_owned())),
            None => open.push(value),
        }
    }
    (open, closed)
}

#[tokio::test]
async fn every_product_lists_its_instances_and_says_why_some_cannot_be_chosen() {
    let console = Console::demo().await;
    for (operation, field, good, bad, why) in [
        (NEST, "ServiceInstanceId", "si-5cbae874da0e47000001", "si-5cbae874da0e47000004", "upgrading"),
        (BSS, "InstanceId", "vipcloudfw-cn-7mz2k0t9001", "vipcloudfw-cn-7mz2k0t9002", "expired"),
        (KAFKA, "InstanceId", "alikafka_post-cn-v0h1fgs20001", "alikafka_post-cn-v0h1fgs20005", "stopped"),
        (
            CBH,
            "server_id",
            "c7277d87-5a0d-4cfc-a418-97acb567cf29",
            "c7277d87-5a0d-4cfc-a418-97acb567cf05",
            "FROZEN",
        ),
        (
            AAD,
            "instance_id",
            "2b5ce2a4-0000-4000-8000-000000000001",
            "2b5ce2a4-0000-4000-8000-000000000004",
            "frozen",
        ),
    ] {
        let reply = ask(&console, operation, field, json!({})).await.expect(200);
        let (open, closed) = sorted(&reply);
        assert!(open.contains(&good.to_owned()), "{operation} {open:?}");
        // Name, id, state, what it is now, and until when (consoles.md point 17).
        let items = reply.json()["items"].as_array().cloned().unwrap();
        let row = items.iter().find(|item| item["value"] == good).unwrap();
        let said = |label: &str| {
            let details = row["details"].as_array().unwrap();
            details.iter().any(|detail| detail["label"] == label && detail["value"] != "")
        };
        assert!(!row["label"].as_str().unwrap().is_empty() && said("Status"), "{operation} {row}");
        assert!(said("Expires") || said("Paid until"), "{operation} {row}");
        assert!(
            closed.iter().any(|(value, said)| value == bad && said.contains(why)),
            "{operation} {closed:?}"
        );
        // The same list is part of what the operation says of itself.
        let whole = console.get(&format!("/api/operations/{operation}")).await.expect(200).json();
        assert!(whole["choices"].as_array().unwrap().contains(&json!(format!("/{field}"))), "{operation}");
    }
    assert_eq!(console.changing_calls(), 0);
}

#[tokio::test]
async fn a_row_fills_what_it_knows_and_what_was_typed_narrows_the_list() {
    let console = Console::demo().await;
    let reply = ask(&console, BSS, "InstanceId", json!({"query": "T9001"})).await.expect(200);
    let item = &reply.json()["items"][0];
    assert_eq!(item["fills"], json!({"/ProductCode": "vipcloudfw", "/ProductType": "vipcloudfw"}));
    let (open, closed) =
        sorted(&ask(&console, KAFKA, "InstanceId", json!({"query": "stopped"})).await.expect(200));
    assert_eq!((open.len(), closed.len()), (0, 1));
    let (open, _) =
        sorted(&ask(&console, NEST, "ServiceInstanceId", json!({"query": "production"})).await.expect(200));
    assert_eq!(open, ["si-5cbae874da0e47000001"]);
}

#[tokio::test]
async fn targets_come_from_the_product() {
    let console = Console::demo().await;
    let nest = json!({"parameters": {"ServiceInstanceId": "si-5cbae874da0e47000001"}});
    let (open, _) = sorted(&ask(&console, NEST, "ServiceVersion", nest).await.expect(200));
    assert_eq!(open, ["2", "3", "4"]);
    let kafka = json!({"parameters": {"InstanceId": "alikafka_post-cn-v0h1fgs20002"}});
    let (open, closed) = sorted(&ask(&console, KAFKA, "TargetVersion", kafka).await.expect(200));
    assert_eq!(open, ["2.2.0", "2.6.2"]);
    assert_eq!(closed[0].0, "0.10.2");
    let modules = json!({"parameters": {"ProductCode": "vipcloudfw", "Parameter": [{"Code": "IpNumber"}]}});
    let (codes, _) = sorted(&ask(&console, BSS, "/Parameter/0/Code", modules.clone()).await.expect(200));
    assert!(codes.contains(&"IpNumber".to_owned()), "{codes:?}");
    let (values, _) = sorted(&ask(&console, BSS, "/Parameter/0/Value", modules).await.expect(200));
    assert!(!values.is_empty());
}

#[tokio::test]
async fn what_a_dry_run_asks_for_has_the_values_of_the_template() {
    let console = Console::demo().await;
    let said = |parameters: Value| json!({"parameters": {"ServiceInstanceId": "si-5cbae874da0e47000003", "ServiceVersion": "2", "Parameters": parameters}});
    let values = async |member: &str, parameters: Value| {
        sorted(&ask(&console, NEST, &format!("/Parameters/{member}"), said(parameters)).await.expect(200)).0
    };
    let zones = values("ZoneId", json!({})).await;
    assert_eq!(zones.len(), 3, "{zones:?}");
    assert!(zones[0].starts_with("cn-hangzhou-"), "{zones:?}");
    // The values of the others narrow it; a masked secret is not passed on.
    let servers = values("EcsInstanceType", json!({})).await;
    let narrowed = async |server: &str| {
        values("ZoneId", json!({"EcsInstanceType": server, "InstancePassword": "••••••••"})).await.len()
    };
    let mut fewer = 0;
    for server in &servers {
        fewer += usize::from(narrowed(server).await < zones.len());
    }
    assert!(fewer > 0, "{servers:?}");
    assert!(console.calls().iter().all(|call| call.verdict == "accepted"), "{:?}", console.calls());
    assert_eq!(values("InstancePassword", json!({})).await, Vec::<String>::new());
    assert_eq!(values("NobodyKnowsThis", json!({})).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_failing_list_says_so_and_a_field_without_choices_too() {
    let console = Console::demo().await;
    console.scenario("lists_fail").await;
    for (operation, field) in [(NEST, "ServiceInstanceId"), (KAFKA, "InstanceId"), (CBH, "server_id")] {
        let reply = ask(&console, operation, field, json!({})).await.expect(502);
        assert_eq!(reply.code(), "upstream_unavailable");
        assert!(reply.json()["detail"].as_str().unwrap().contains("Type the value"), "{}", reply.text);
    }
    console.scenario("normal").await;
    let reply = ask(&console, KAFKA, "RegionId", json!({})).await.expect(400);
    assert_eq!(reply.errors(), [("/field".to_owned(), "no_choices".to_owned())]);
    ask(&console, KAFKA, "InstanceId", json!({"profile": "demo-huawei"})).await.expect(400);
    ask(&console, KAFKA, "InstanceId", json!({"profile": "nobody"})).await.expect(403);
}

/// The demo, for which no time passes: a list that was read is good for half a minute, however slow the machine is.
async fn unhurried() -> Console {
    fn frozen() -> Instant {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        *START
    }
    Console::on(ROOMY, Sources { instant: frozen, ..Sources::system() }).await
}

#[tokio::test]
async fn typing_goes_on_in_the_list_that_was_read_until_something_moves() {
    let console = unhurried().await;
    console.post("/api/simulator/reset", &json!({"crowd": 10_000})).await.expect(200);
    console.post("/api/simulator/reset", &json!({"crowd": 10_000_000})).await.expect(400);
    console.post("/api/simulator/reset", &json!({"crowd": 100})).await.expect(200);
    let reads = || {
        console
            .calls()
            .iter()
            .filter(|call| call.operation.as_deref() == Some("alikafka.GetInstanceList"))
            .count()
    };
    let first = ask(&console, KAFKA, "InstanceId", json!({})).await.expect(200).json();
    assert_eq!((first["items"].as_array().unwrap().len(), reads()), (20, 1));
    // The next page and every key go on in it.
    let next = ask(&console, KAFKA, "InstanceId", json!({"cursor": first["next"]})).await.expect(200).json();
    assert_ne!(next["items"][0]["value"], first["items"][0]["value"]);
    let wanted = next["items"][19]["value"].as_str().unwrap().to_owned();
    let found = ask(&console, KAFKA, "InstanceId", json!({"query": wanted})).await.expect(200).json();
    assert_eq!(found["items"][0]["value"], wanted);
    assert_eq!(reads(), 1);
    // Another region is another list; so is one that is opened again, and one after a change from outside.
    ask(&console, KAFKA, "InstanceId", json!({"query": "x", "parameters": {"RegionId": "cn-beijing"}})).await;
    assert_eq!(reads(), 2);
    ask(&console, KAFKA, "InstanceId", json!({})).await.expect(200);
    assert_eq!(reads(), 3);
    console.scenario("lists_fail").await;
    ask(&console, KAFKA, "InstanceId", json!({"query": wanted})).await.expect(502);
    console.scenario("normal").await;
}

/// Every page of what typing finds: values, and what the last line says of what was not searched.
async fn found(http: &Http, operation: &str, field: &str, query: &str) -> (Vec<String>, Option<String>) {
    let (mut values, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let mut more = json!({"query": query});
        if !cursor.is_null() {
            more["cursor"] = cursor;
        }
        let page = ask(http, operation, field, more).await.expect(200).json();
        let items = page["items"].as_array().unwrap();
        assert!(
            page["next"].is_null() || !items.is_empty(),
            "{operation} {query}: an empty page that goes on"
        );
        for item in items {
            let (value, label) = (item["value"].as_str().unwrap(), item["label"].as_str().unwrap());
            if value.is_empty() {
                assert!(page["next"].is_null(), "it is the last line");
                return (values, Some(item["unavailable"].as_str().unwrap().to_owned()));
            }
            let said = format!("{value} {label} {}", item["fills"]).to_lowercase();
            assert!(said.contains(&query.to_lowercase()), "{operation} {query}: {item}");
            values.push(value.to_owned());
        }
        cursor = page["next"].clone();
        if cursor.is_null() {
            return (values, None);
        }
    }
}

#[tokio::test]
async fn typing_filters_the_instances_of_every_product_by_any_part() {
    let console = Console::demo().await;
    for (operation, field, wanted, parts) in [
        (
            NEST,
            "ServiceInstanceId",
            "si-5cbae874da0e47000001",
            ["si-", "si-5cbae874d", "5CBAE", "47000001", "production"],
        ),
        (
            BSS,
            "InstanceId",
            "vipcloudfw-cn-7mz2k0t9001",
            ["7mz2k", "vipcloudfw-c", "cn-7mz2k0t9001", "T9001", "vip"],
        ),
        (
            KAFKA,
            "InstanceId",
            "alikafka_post-cn-v0h1fgs20001",
            ["alikafka_", "post-cn-v0h1", "20001", "V0H1", "fgs2"],
        ),
        (
            CBH,
            "server_id",
            "c7277d87-5a0d-4cfc-a418-97acb567cf29",
            ["c7277d87", "5a0d-4cfc-a418", "CF29", "97acb567cf", "567"],
        ),
        (
            AAD,
            "instance_id",
            "2b5ce2a4-0000-4000-8000-000000000001",
            ["2b5ce2a4", "4000-8000-0000", "0001", "2B5CE", "000000000001"],
        ),
    ] {
        for part in parts.into_iter().chain([wanted]) {
            let (values, note) = found(&console, operation, field, part).await;
            assert!(values.contains(&wanted.to_owned()), "{operation} {part}: {values:?}");
            assert_eq!(note, None, "{operation} {part}");
        }
        let (values, note) = found(&console, operation, field, "nothing-is-called-so").await;
        assert_eq!((values.len(), note), (0, None), "{operation}");
    }
}

#[tokio::test]
async fn typing_finds_one_among_ten_thousand_or_says_where_the_search_ended() {
    let console = unhurried().await;
    console.post("/api/simulator/reset", &json!({"crowd": 10_000})).await.expect(200);
    let reads =
        |name: &str| console.calls().iter().filter(|call| call.operation.as_deref() == Some(name)).count();
    for (operation, field, part, wanted) in [
        (NEST, "ServiceInstanceId", "aa001234", "si-7d2f00c4b9e1aa001234"),
        (BSS, "InstanceId", "3m0009876", "vipcloudfw-cn-9q3m0009876"),
        (KAFKA, "InstanceId", "c009876", "alikafka_post-cn-w7k2c009876"),
        (CBH, "server_id", "000000009876", "c0de7d87-5a0d-4cfc-a418-000000009876"),
        (AAD, "instance_id", "9000-000000009876", "2b5ce2a4-0000-4000-9000-000000009876"),
    ] {
        let (values, _) = found(&console, operation, field, part).await;
        assert_eq!(values, [wanted], "{operation}");
    }
    // A part that many have fills every page but the last.
    let before = reads("bssopenapi.QueryAvailableInstances");
    let (values, note) = found(&console, BSS, "InstanceId", "m00098").await;
    assert_eq!((values.len(), note), (100, None));
    let read = reads("bssopenapi.QueryAvailableInstances") - before;
    assert!(read <= 34, "every page goes on in what was read: {read}");
}

#[tokio::test]
async fn a_search_that_does_not_reach_all_instances_says_so() {
    let console = unhurried().await;
    console.post("/api/simulator/reset", &json!({"crowd": 10_000})).await.expect(200);
    // Compute Nest hands out too little at a time to read ten thousand.
    let (values, note) = found(&console, NEST, "ServiceInstanceId", "aa0012").await;
    assert_eq!(values.len(), 100);
    assert!(note.unwrap().contains("the 2000 that were searched"));
    let (values, note) = found(&console, NEST, "ServiceInstanceId", "aa009876").await;
    assert!(values.is_empty() && note.is_some(), "{values:?}");
    // The cloud itself finds names and whole ids wherever they are.
    let far = "si-7d2f00c4b9e1aa009876";
    assert_eq!(found(&console, NEST, "ServiceInstanceId", "web-009876").await.0, [far]);
    assert_eq!(found(&console, NEST, "ServiceInstanceId", far).await, (vec![far.to_owned()], None));
}
