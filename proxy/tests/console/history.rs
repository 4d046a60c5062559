//! The history: what it can be filtered by, and the files that it is given out as.

use crate::{
    cases::{self, AAD, BSS, CBH, KAFKA},
    support::Console,
};
use serde_json::{Map, Value};

/// The lines of an export as objects.
fn lines(text: &str) -> Vec<Map<String, Value>> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The cells of a file of comma-separated values, by RFC 4180.
fn cells(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut rest = text.chars().peekable();
    while let Some(next) = rest.next() {
        match (next, quoted) {
            ('"', true) if rest.peek() == Some(&'"') => cell.extend(rest.next()),
            ('"', _) => quoted = !quoted,
            (',', false) => row.push(std::mem::take(&mut cell)),
            ('\r', false) => {
                assert_eq!(rest.next(), Some('\n'), "a line ends with CR LF");
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            (next, _) => cell.push(next),
        }
    }
    assert!(!quoted && cell.is_empty() && row.is_empty(), "the last line is not ended");
    rows
}

fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn runs_are_found_by_mode_and_by_who_confirmed_them() {
    let console = Console::demo().await;
    let run = console.upgrade(AAD, &cases::aad(1)).await;
    let found = async |query: &str| ids(&console.get(&format!("/api/runs?{query}")).await.expect(200).json());
    let own = [run["id"].as_str().unwrap().to_owned()];
    assert_eq!(found("mode=simulated").await, own);
    assert_eq!(found("mode=live").await, [] as [String; 0]);
    assert_eq!(found(&format!("user={}", run["user"].as_str().unwrap())).await, own);
    assert_eq!(found("user=somebody-else").await, [] as [String; 0]);
    for query in ["mode=both", "mode=simulated&mode=live", "format=xml", "lang=de"] {
        let reply = console.get(&format!("/api/runs?{query}")).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (400, "bad_query"), "{query}");
    }
}

#[tokio::test]
async fn a_run_is_found_by_what_a_bill_or_a_vendor_quotes() {
    let console = Console::demo().await;
    let run = console.upgrade(BSS, &cases::bss(1)).await;
    console.upgrade(AAD, &cases::aad(1)).await;
    for member in ["order_id", "request_id"] {
        let id = run["answer"][member].as_str().unwrap();
        let found = ids(&console.get(&format!("/api/runs?q={id}")).await.expect(200).json());
        assert_eq!(found, [run["id"].as_str().unwrap()], "{member}");
    }
}

#[tokio::test]
async fn both_exports_hold_the_rows_of_the_list_and_the_mode_of_each() {
    let console = Console::demo().await;
    // Runs that have ended: one that goes on would change between the files.
    console.scenario("no_permission").await;
    for (operation, parameters) in
        [(BSS, cases::bss(1)), (AAD, cases::aad(8)), (KAFKA, cases::kafka(1)), (CBH, cases::cbh(29))]
    {
        console.upgrade(operation, &parameters).await;
    }
    for query in ["", "profile=demo-huawei&", "state=unknown&", "q=nothing-is-called-so&"] {
        let list = console.get(&format!("/api/runs?{query}")).await.expect(200).json();
        let json = console.get(&format!("/api/runs?{query}format=jsonl")).await.expect(200);
        assert_eq!(json.header("content-type"), "application/jsonl");
        assert!(json.header("content-disposition").starts_with("attachment; filename="));
        let json = lines(&json.text);
        let csv = console.get(&format!("/api/runs?{query}format=csv&limit=1")).await.expect(200);
        assert!(csv.header("content-type").starts_with("text/csv"));
        let csv = cells(&csv.text);
        let (head, rows) = csv.split_first().unwrap();
        assert_eq!(rows.len(), json.len());
        assert_eq!(ids(&list), json.iter().map(|row| row["id"].as_str().unwrap()).collect::<Vec<_>>());
        for (row, line) in rows.iter().zip(&json) {
            assert_eq!(head, &line.keys().cloned().collect::<Vec<_>>());
            assert_eq!(line["mode"], "simulated");
            let texts = line.values().map(|value| match value {
                Value::Null => String::new(),
                // A spreadsheet would take it for a formula.
                Value::String(text) if text.starts_with('+') => format!("'{text}"),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            });
            assert_eq!(row, &texts.collect::<Vec<_>>());
        }
        for (run, line) in list["items"].as_array().unwrap().iter().zip(&json) {
            for member in ["user", "profile", "operation", "instance", "target", "state", "outcome", "plan"] {
                assert_eq!(run[member], line[member], "{member}");
            }
            assert_eq!(run["answer"]["request_id"], line["request_id"]);
        }
    }
}

#[tokio::test]
async fn an_export_speaks_the_language_that_its_link_names() {
    let console = Console::demo().await;
    console.upgrade(AAD, &cases::aad(8)).await;
    let chinese = console.get("/api/runs?format=csv&lang=zh").await.expect(200).text;
    assert!(chinese.starts_with('\u{feff}'), "a spreadsheet knows by this mark that it is UTF-8");
    let english = console.get_with("/api/runs?format=csv&lang=en", ("accept-language", "zh-CN")).await;
    let english = english.expect(200).text;
    assert!(english.starts_with("id,"), "{english}");
    let outcome = |text: &str| cells(text.trim_start_matches('\u{feff}'))[1][12].clone();
    assert!(outcome(&english).is_ascii() && !outcome(&chinese).is_ascii());
}

#[tokio::test]
async fn an_export_goes_on_over_many_pages() {
    let console = Console::demo().await;
    // More than are read at a time. Those that the cloud refuses leave the instance free for the next.
    let mut made = Vec::new();
    for _ in 0..103 {
        made.push(console.upgrade(AAD, &cases::aad(8)).await["id"].as_str().unwrap().to_owned());
    }
    made.reverse();
    let exported = lines(&console.get("/api/runs?format=jsonl").await.expect(200).text);
    assert_eq!(exported.iter().map(|row| row["id"].as_str().unwrap()).collect::<Vec<_>>(), made);
    let later = console.get(&format!("/api/runs?format=jsonl&before={}", made[100])).await.expect(200).text;
    assert_eq!(lines(&later).len(), 2);
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
    // Those that ended: what was accepted goes on meanwhile.
    assert_eq!(list(&format!("?operation={BSS}&state=refused")).await.0, [ids[1].clone()]);
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
