//! A store that fails: nothing is sent, the answer says why, and work goes on when the fault is over.

use crate::{
    cases::{AAD, aad},
    fake_cloud::{Does, FakeCloud, answer, config_for},
    program::{Program, Store, run},
    support::{Http, ROOMY, Reply, confirmation, runs_of},
};
use serde_json::{Value, json};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
    path::Path,
};

/// A program on a store of its own with a plan that waits to be confirmed, and what happened to both.
struct Scene {
    store: Store,
    program: Program,
    http: Http,
    plan: Value,
}

impl Scene {
    async fn set(name: &str) -> Self {
        let store = Store::new(name);
        let program = Program::serve(&store.config(ROOMY), &[]).await;
        let http = Http::new(program.address);
        let plan = http.plan(AAD, &aad(1)).await;
        Self { store, program, http, plan }
    }

    /// How many changing calls have reached the simulated clouds, by their own count.
    async fn calls(&self) -> u64 {
        self.http.get("/api/simulator").await.expect(200).json()["changing_calls"].as_u64().unwrap()
    }

    async fn confirm(&self) -> Reply {
        self.http.confirm(&self.plan, &json!({})).await
    }

    /// Everything that would change something, or promise to, says these words and does nothing.
    async fn refuses(&self, english: &str, chinese: &str) {
        for reply in
            [self.confirm().await, self.http.try_plan(AAD, &aad(2)).await, self.http.get("/readyz").await]
        {
            let reply = reply.expect(503);
            assert_eq!(reply.code(), "store_unavailable");
            assert!(reply.text.contains(english), "{}", reply.text);
            assert_eq!(reply.header("retry-after"), "5");
        }
        let request = http::Request::post(self.http.url(&runs_of(&self.plan)))
            .header("content-type", "application/json")
            .header("x-upgrade-console", "1")
            .header("accept-language", "zh-CN");
        let reply =
            self.http.send(request, confirmation(&self.plan, &json!({})).to_string()).await.expect(503);
        assert!(reply.text.contains(chinese), "{}", reply.text);
        // The process lives, and nothing was sent.
        self.http.get("/healthz").await.expect(200);
        assert_eq!(self.calls().await, 0);
    }

    /// The same program takes up its work: the plan that could not be confirmed can be, and is sent once.
    async fn goes_on(&self) {
        self.http.get("/readyz").await.expect(200);
        let run = self.confirm().await.expect(201).json();
        assert_eq!(self.http.answered(&run).await["answer"]["status"], 200);
        assert_eq!(self.confirm().await.expect(200).json()["id"], run["id"]);
        assert_eq!(self.calls().await, 1);
    }
}

/// Another program at the database.
async fn another_program(file: &Path) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.unwrap()
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) {
    sqlx::query(sql).execute(connection).await.unwrap();
}

/// Puts bytes somewhere into a file; gives those that were there.
fn overwrite(file: &Path, at: u64, bytes: &[u8]) -> Vec<u8> {
    let old = std::fs::read(file).unwrap();
    let mut open = File::options().write(true).open(file).unwrap();
    open.seek(SeekFrom::Start(at)).unwrap();
    open.write_all(bytes).unwrap();
    open.sync_all().unwrap();
    let at = usize::try_from(at).unwrap();
    old[at..at + bytes.len()].to_vec()
}

/// Changes the bytes of a database under the program that has it open, and makes that program read them: it keeps what
/// it has read as long as nobody else writes.
async fn tamper(file: &Path, change: impl FnOnce()) {
    let mut other = another_program(file).await;
    // From now on everything that was written stands in the database itself and not in the log beside it.
    execute(&mut other, "PRAGMA wal_checkpoint(TRUNCATE)").await;
    execute(&mut other, "SELECT checks FROM health").await;
    change();
    execute(&mut other, "UPDATE health SET checks = checks + 1").await;
}

/// Where SQLite notes what may be written: more than 2 is a format that this version may only read.
const WRITE_VERSION: u64 = 18;
const READ_ONLY: [u8; 1] = [3];
/// The length of a page: everything behind the first is tables and indexes.
const PAGE: u64 = 4096;

/// What stands in the place of everything behind the first page when a disk has lost it.
fn garbage(file: &Path) -> Vec<u8> {
    let length = std::fs::metadata(file).unwrap().len() - PAGE;
    (0..length).map(|index| u8::try_from(index % 251).unwrap()).collect()
}

#[tokio::test]
async fn without_room_nothing_is_sent_until_there_is_some() {
    let scene = Scene::set("full").await;
    let limit = |bytes: u64| {
        let process = scene.program.id().try_into().unwrap();
        let (mut soft, mut hard) = (0, 0);
        rlimit::prlimit(process, rlimit::Resource::FSIZE, None, Some((&mut soft, &mut hard))).unwrap();
        rlimit::prlimit(process, rlimit::Resource::FSIZE, Some((bytes.min(hard), hard)), None).unwrap();
    };
    // No file of the program may be longer than a byte: as on a full disk, whoever runs the tests.
    limit(1);
    scene.refuses("there is no room", "空间已满").await;
    // What is there can be read all the while.
    scene.http.get("/api/runs").await.expect(200);
    scene.http.get(&format!("/api/plans/{}", scene.plan["id"].as_str().unwrap())).await.expect(200);
    limit(u64::MAX);
    scene.goes_on().await;
}

#[tokio::test]
async fn while_another_program_holds_the_store_nothing_is_sent() {
    let scene = Scene::set("locked").await;
    let mut other = another_program(&scene.store.file()).await;
    execute(&mut other, "BEGIN IMMEDIATE").await;
    scene.refuses("another program holds", "被其他程序占用").await;
    scene.http.get("/api/runs").await.expect(200);
    execute(&mut other, "ROLLBACK").await;
    scene.goes_on().await;
}

#[tokio::test]
async fn while_the_store_can_only_be_read_nothing_is_sent() {
    let scene = Scene::set("read-only").await;
    let file = scene.store.file();
    let mut before = Vec::new();
    tamper(&file, || before = overwrite(&file, WRITE_VERSION, &READ_ONLY)).await;
    scene.refuses("can be read but not written", "不能写入").await;
    scene.http.get("/api/runs").await.expect(200);
    overwrite(&file, WRITE_VERSION, &before);
    scene.goes_on().await;
}

#[tokio::test]
async fn a_store_that_is_damaged_while_the_program_runs_sends_nothing() {
    let scene = Scene::set("damaged").await;
    let file = scene.store.file();
    let mut before = Vec::new();
    tamper(&file, || before = overwrite(&file, PAGE, &garbage(&file))).await;
    scene.refuses("is damaged", "已损坏").await;
    // Restored from a backup, in its place.
    overwrite(&file, PAGE, &before);
    scene.goes_on().await;
}

#[tokio::test]
async fn a_store_that_is_moved_away_takes_nothing_with_it() {
    let scene = Scene::set("moved").await;
    let file = scene.store.file();
    let elsewhere = file.with_extension("elsewhere");
    std::fs::rename(&file, &elsewhere).unwrap();
    scene.refuses("was moved, replaced or deleted", "被移动、替换或删除").await;
    // Another file in its place is another history.
    std::fs::copy(&elsewhere, &file).unwrap();
    scene.refuses("was moved, replaced or deleted", "被移动、替换或删除").await;
    std::fs::rename(&elsewhere, &file).unwrap();
    scene.goes_on().await;
}

#[tokio::test]
async fn a_start_on_a_faulty_store_says_what_is_wrong_with_it() {
    let store = Store::new("start");
    let config = store.config(ROOMY);
    drop(Program::serve(&config, &[]).await);
    let file = store.file();
    let start = {
        let config = format!("listen = \"127.0.0.1:0\"\n{config}");
        move || {
            let config = config.clone();
            async move { tokio::task::spawn_blocking(move || run("serve", &config, &[])).await.unwrap() }
        }
    };

    let mut other = another_program(&file).await;
    execute(&mut other, "PRAGMA wal_checkpoint(TRUNCATE)").await;
    let before = overwrite(&file, PAGE, &garbage(&file));
    let (served, said) = start().await;
    assert!(!served && said.contains("store.db") && said.contains("it is damaged; restore it"), "{said}");
    overwrite(&file, PAGE, &before);

    let before = overwrite(&file, 0, b"not what a database begins with");
    let (served, said) = start().await;
    assert!(!served && said.contains("it is damaged; restore it"), "{said}");
    overwrite(&file, 0, &before);

    execute(&mut other, "PRAGMA locking_mode = EXCLUSIVE").await;
    execute(&mut other, "UPDATE health SET checks = checks + 1").await;
    let (served, said) = start().await;
    assert!(!served && said.contains("another program holds it"), "{said}");
    other.close().await.unwrap();

    // What can be read is shown; the program says that it cannot be written.
    let before = overwrite(&file, WRITE_VERSION, &READ_ONLY);
    let program = Program::serve(&config, &[]).await;
    let http = Http::new(program.address);
    http.get("/api/runs").await.expect(200);
    assert!(http.get("/readyz").await.expect(503).text.contains("can be read but not written"));
    overwrite(&file, WRITE_VERSION, &before);
    http.get("/readyz").await.expect(200);
}

#[tokio::test]
async fn an_answer_that_comes_while_the_store_fails_is_kept_until_it_can_be_written() {
    let store = Store::new("answer");
    let body = answer(200, "application/json", r#"{"order_id":"CS1"}"#);
    let cloud = FakeCloud::start(Does::AnswersWhenReleased(body)).await;
    let program =
        Program::serve(&store.config(&config_for(&format!("http://{}", cloud.address), "")), &[]).await;
    let http = Http::new(program.address);
    let plan = http.plan(AAD, &aad(1)).await;
    let run = http.confirm(&plan, &json!({})).await.expect(201).json();
    cloud.request_arrived().await;
    let mut other = another_program(&store.file()).await;
    execute(&mut other, "BEGIN IMMEDIATE").await;
    cloud.release();
    // Twice the time that a write waits: the answer's was tried, and failed, before the second of these.
    for _ in 0..2 {
        http.get("/readyz").await.expect(503);
    }
    execute(&mut other, "ROLLBACK").await;
    // The events tell it; nothing was asked for.
    assert_eq!(http.answered(&run).await["answer"]["order_id"], "CS1");
    assert_eq!(cloud.requests().iter().filter(|request| request.starts_with("PUT")).count(), 1);
}
