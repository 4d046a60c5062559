//! The record as an auditor takes it: every hash can be made again from what is served, and what was changed shows.

use crate::{
    cases::{AAD, KAFKA, NEST, aad, kafka, nest},
    program::{Program, Store, run},
    support::{Http, ROOMY},
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

/// What the README tells an auditor to do: the number of the first line that does not hold, if any.
fn first_fault(lines: &[&str]) -> Option<usize> {
    let mut previous = String::new();
    for (index, line) in lines.iter().enumerate() {
        let (entry, _) = line.rsplit_once(",\"seq\":").unwrap();
        let digest = Sha256::digest(format!("{previous}\n{entry}}}"));
        let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let whole: Value = serde_json::from_str(line).unwrap();
        if whole["seq"] != index + 1 || whole["previous"] != previous || whole["hash"] != hash {
            return Some(index + 1);
        }
        previous = hash;
    }
    None
}

/// A history with all that a record can hold: accepted, refused, unknown, and settled in somebody's own words.
async fn history(http: &Http) {
    http.upgrade(AAD, &aad(1)).await;
    http.scenario("no_permission").await;
    assert_eq!(http.upgrade(NEST, &nest(1)).await["state"], "refused");
    http.scenario("cut").await;
    let unknown = http.upgrade(KAFKA, &kafka(1)).await;
    assert_eq!(unknown["state"], "unknown");
    http.scenario("normal").await;
    let evidence = "说明：\"控制台\" shows 2.2.0,\\ ,\"seq\":1\nsecond line\u{7f} 🚀";
    let settle = json!({"state": "succeeded", "evidence": evidence});
    let path = format!("/api/runs/{}/settle", unknown["id"].as_str().unwrap());
    http.post(&path, &settle).await.expect(200);
}

#[tokio::test]
async fn an_auditor_can_make_every_hash_again_from_what_is_served() {
    let program = Program::serve(ROOMY, &[]).await;
    let http = Http::new(program.address);
    history(&http).await;
    let served = http.get("/api/records?format=jsonl").await.expect(200).text;
    let lines: Vec<&str> = served.lines().collect();
    let kinds: Vec<Value> =
        lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()["kind"].clone()).collect();
    assert!(kinds.contains(&json!("settled")) && lines.len() > 8, "{served}");
    assert_eq!(first_fault(&lines), None, "{served}");
    // The same text, wherever it is read from.
    let page = http.get("/api/records").await.expect(200);
    assert!(lines.iter().all(|line| page.text.contains(line)), "{}", page.text);
    assert_eq!(page.json()["items"].as_array().unwrap().len(), lines.len());

    // A word changed, a line taken out, two lines in each other's place: each shows, and where.
    let place = lines.iter().position(|line| line.contains("\"state\":\"refused\"")).unwrap();
    let changed = lines[place].replace("refused", "accepted");
    let mut one_changed = lines.clone();
    one_changed[place] = &changed;
    let mut one_gone = lines.clone();
    one_gone.remove(2);
    let mut two_swapped = lines.clone();
    two_swapped.swap(0, 1);
    assert_eq!(
        [&one_changed, &one_gone, &two_swapped].map(|lines| first_fault(lines)),
        [Some(place + 1), Some(3), Some(1)]
    );
}

#[tokio::test]
async fn a_record_that_cannot_be_read_to_its_end_is_not_served_as_a_whole_one() {
    let store = Store::new("broken-off");
    let program = Program::serve(&store.config(ROOMY), &[]).await;
    let http = Http::new(program.address);
    let mut other =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(store.file())).await.unwrap();
    let many = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
        INSERT INTO records (at, run, previous, hash, body) SELECT 0, 'run_1', '', 'hash ' || i, '{}' FROM n";
    sqlx::query(many).execute(&mut other).await.unwrap();
    let whole = http.get("/api/records?format=jsonl").await.expect(200).text;
    assert_eq!(whole.lines().count(), 700);
    // Behind the first page of entries that are read at once.
    let damage = "UPDATE records SET body = x'ff' WHERE seq = 650";
    sqlx::query(damage).execute(&mut other).await.unwrap();
    let request = http::Request::get(http.url("/api/records?format=jsonl"));
    assert!(http.try_send(request, "").await.is_none(), "the answer ends as if it were whole");
}

#[tokio::test]
async fn check_finds_an_entry_that_was_changed_and_a_file_that_is_damaged() {
    let store = Store::new("audited");
    let config = store.config(ROOMY);
    let program = Program::serve(&config, &[]).await;
    let http = Http::new(program.address);
    history(&http).await;
    let entries = http.get("/api/records").await.json()["items"].as_array().unwrap().len();
    let check = || {
        let config = config.clone();
        async move { tokio::task::spawn_blocking(move || run("check", &config, &[])).await.unwrap() }
    };
    // While the server runs.
    let (well, said) = check().await;
    assert!(well && said.contains(&format!("3 runs, {entries} entries")), "{said}");
    drop(program);
    let (well, said) = check().await;
    assert!(well && said.contains(&format!("3 runs, {entries} entries")), "{said}");

    let mut other =
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(store.file())).await.unwrap();
    let change = "UPDATE records SET body = replace(body, 'refused', 'accepted') WHERE body LIKE '%refused%'";
    sqlx::query(change).execute(&mut other).await.unwrap();
    let (well, said) = check().await;
    assert!(!well && said.contains("of its record is not what was written"), "{said}");

    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    let mut bytes = std::fs::read(store.file()).unwrap();
    bytes[4096..].fill(0x5a);
    std::fs::write(store.file(), bytes).unwrap();
    let (well, said) = check().await;
    assert!(!well && said.contains("it is damaged; restore it"), "{said}");
}
