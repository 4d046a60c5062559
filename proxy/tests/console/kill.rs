//! The server is killed as by a power failure, at every step between a plan and the end of its run and at moments that
//! nobody chose, and started again. The simulated clouds live on and count what reached them: no run is lost, none is
//! sent twice, and what is in doubt says so and is found out by looking.

mod taking_back;

use crate::{
    cases::{AAD, CBH, NEST, aad, good, nest},
    fake_cloud::config_for,
    program::{Program, Store, run},
    relay::{Fuse, Gets, Relay},
    support::{Http, confirmation, runs_of},
};
use serde_json::{Value, json};
use simulator::{Call, Simulator};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use upgrade_proxy::{clock::Sources, start::simulator_bytes};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// Clouds that outlive the server, what stands before them, and the store that outlives it too.
struct Scene {
    clouds: Simulator,
    relay: Relay,
    store: Store,
    config: String,
    program: Option<Program>,
}

impl Scene {
    async fn set(name: &str) -> Self {
        Self::set_with_crowd(name, 0).await
    }

    async fn set_with_crowd(name: &str, crowd: u32) -> Self {
        let sources = Sources::system();
        let clouds =
            Simulator::new(simulator::Sources::new(sources.now, simulator_bytes(sources)).with_crowd(crowd));
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let relay = Relay::start(listener.local_addr().unwrap()).await;
        let serving = clouds.clone();
        tokio::spawn(async move { serving.serve(listener).await });
        let store = Store::new(name);
        let config = store.config(&config_for(&format!("http://{}", relay.address), ""));
        let mut scene = Self { clouds, relay, store, config, program: None };
        scene.start().await;
        scene
    }

    /// A new server on the same store.
    async fn start(&mut self) {
        self.program = Some(Program::serve(&self.config, &[]).await);
    }

    fn kill(&mut self) {
        self.program.take().unwrap().kill();
    }

    async fn kill_and_start(&mut self) {
        self.kill();
        self.relay.lets(Gets::Through);
        self.start().await;
    }

    fn http(&self) -> Http {
        Http::new(self.program.as_ref().unwrap().address)
    }

    /// How many changing calls of an operation the clouds received, and how many of them took effect.
    fn calls(&self, operation: &str) -> (usize, usize) {
        let calls = self.clouds.calls();
        let of = calls.iter().filter(|call| call.changing && call.operation.as_deref() == Some(operation));
        let applied = of.clone().filter(|call| call.applied).count();
        (of.count(), applied)
    }

    /// How many changing calls for an instance the clouds received, and how many of them took effect.
    fn received(&self, instance: &str) -> (usize, usize) {
        self.received_of(|call| call.target.contains(instance))
    }

    /// The same of such calls.
    fn received_of(&self, are: impl Fn(&Call) -> bool) -> (usize, usize) {
        let calls = self.clouds.calls();
        let of = calls.iter().filter(|call| call.changing && are(call));
        (of.clone().count(), of.filter(|call| call.applied).count())
    }

    /// Every entry of the record is there and whole; `check` reads the store after the server.
    async fn the_record_is_whole(mut self) {
        self.kill();
        let config = self.config.clone();
        let (well, said) = tokio::task::spawn_blocking(move || run("check", &config, &[])).await.unwrap();
        assert!(well, "{said}");
    }
}

fn id(thing: &Value) -> &str {
    thing["id"].as_str().unwrap()
}

async fn read(http: &Http, run: &Value) -> Value {
    http.get(&format!("/api/runs/{}", id(run))).await.expect(200).json()
}

/// The run after a look at the cloud, unless it has ended by itself.
async fn looked_at(http: &Http, run: &Value) -> Value {
    let reply = http.post(&format!("/api/runs/{}/check", id(run)), &json!({})).await;
    let run = read(http, run).await;
    assert!(reply.status == 200 || run["final"] == true, "{}", reply.text);
    run
}

fn states(run: &Value) -> Vec<&str> {
    run["timeline"].as_array().unwrap().iter().map(|event| event["state"].as_str().unwrap()).collect()
}

/// All five, confirmed, with their calls where the relay holds them.
async fn all_five_held(scene: &Scene, gets: Gets) -> Vec<(&'static str, Value, Value)> {
    scene.relay.lets(gets);
    let http = scene.http();
    let mut runs = Vec::new();
    for (operation, parameters) in good() {
        let plan = http.plan(operation, &parameters).await;
        let run = http.confirm(&plan, &json!({})).await.expect(201).json();
        runs.push((operation, plan, run));
    }
    scene.relay.held(5).await;
    runs
}

#[tokio::test]
async fn killed_before_the_intent_is_on_disk_there_is_no_run_and_no_call() {
    let mut scene = Scene::set("kill-intent").await;
    let http = scene.http();
    let plan = http.plan(AAD, &aad(1)).await;
    let mut other = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(scene.store.file()))
        .await
        .unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let confirming = tokio::spawn({
        let (address, plan) = (http.address, plan.clone());
        async move { Http::new(address).try_post(&runs_of(&plan), &confirmation(&plan, &json!({}))).await }
    });
    // Behind the confirmation in the same queue, or before it: either way nothing can be written.
    http.get("/readyz").await.expect(503);
    scene.kill();
    other.close().await.unwrap();
    if let Some(reply) = confirming.await.unwrap() {
        reply.expect(503);
    }
    scene.start().await;
    let http = scene.http();
    assert_eq!(http.get("/api/runs").await.json()["items"], json!([]));
    assert_eq!(scene.calls(AAD).0, 0);
    // The plan is as good as before.
    let run = http.confirm(&plan, &json!({})).await.expect(201).json();
    http.answered(&run).await;
    assert_eq!(scene.calls(AAD), (1, 1));
    scene.the_record_is_whole().await;
}

#[tokio::test]
async fn killed_with_the_intent_on_disk_and_no_connection_nothing_was_sent_and_it_says_so() {
    // A cloud that accepts nobody: its one place is taken.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let silent = socket.listen(1).unwrap();
    let address = silent.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(taken) =
        tokio::time::timeout(std::time::Duration::from_millis(300), TcpStream::connect(address)).await
    {
        waiting.push(taken.unwrap());
    }
    let store = Store::new("kill-connecting");
    let config = store.config(&config_for(&format!("http://{address}"), "connect_seconds = 1\n"));
    let mut program = Program::serve(&config, &[]).await;
    let http = Http::new(program.address);
    let plan = http.plan(AAD, &aad(1)).await;
    let run = http.confirm(&plan, &json!({})).await.expect(201).json();
    program.kill();
    let program = Program::serve(&config, &[]).await;
    let http = Http::new(program.address);
    let found = read(&http, &run).await;
    assert_eq!((&found["state"], states(&found)), (&json!("not_sent"), vec!["confirmed", "not_sent"]));
    assert_eq!(found["final"], true);
    // It was not for the cloud, and nobody is sent to look at a connection.
    assert_eq!(found["outcome"], "Nothing was sent: the console stopped first.");
    drop(waiting);
}

#[tokio::test]
async fn killed_while_the_calls_are_on_their_way_they_are_unknown_and_found_out_by_looking() {
    for gets in [Gets::Sent, Gets::Done, Gets::HalfAnswered] {
        let mut scene = Scene::set(&format!("kill-{gets:?}")).await;
        let runs = all_five_held(&scene, gets).await;
        scene.kill_and_start().await;
        let http = scene.http();
        for (operation, plan, run) in &runs {
            let found = read(&http, run).await;
            assert_eq!(states(&found), ["confirmed", "sent", "unknown"], "{gets:?} {operation}");
            // However often it is confirmed again: the same run, and no call.
            for _ in 0..3 {
                assert_eq!(id(&http.confirm(plan, &json!({})).await.expect(200).json()), id(run));
            }
        }
        scene.clouds.advance(HOUR).unwrap();
        for (operation, _, run) in &runs {
            let looked = looked_at(&http, run).await;
            let expected = match (gets, *operation) {
                // There is nothing to be seen, and a person may say so.
                (Gets::Sent, _) => "unknown",
                (_, CBH) => "scheduled",
                _ => "succeeded",
            };
            assert_eq!(looked["state"], expected, "{gets:?} {operation}: {looked:#}");
            let calls = usize::from(gets != Gets::Sent);
            assert_eq!(scene.calls(operation), (calls, calls), "{gets:?} {operation}");
        }
        scene.the_record_is_whole().await;
    }
}

#[tokio::test]
async fn killed_while_they_are_followed_they_are_followed_on() {
    let mut scene = Scene::set("kill-following").await;
    let http = scene.http();
    let mut runs = Vec::new();
    for (operation, parameters) in good() {
        runs.push((operation, http.upgrade(operation, &parameters).await));
    }
    scene.kill_and_start().await;
    scene.clouds.advance(HOUR).unwrap();
    // Again, while it takes them up.
    scene.kill_and_start().await;
    let http = scene.http();
    for (operation, run) in &runs {
        let looked = looked_at(&http, run).await;
        let expected = if *operation == CBH { "scheduled" } else { "succeeded" };
        assert_eq!(looked["state"], expected, "{operation}: {looked:#}");
        assert_eq!(scene.calls(operation), (1, 1), "{operation}");
    }
    // And once more when all is over: an end stays an end.
    scene.kill_and_start().await;
    let http = scene.http();
    for (operation, run) in runs.iter().filter(|(operation, _)| *operation != CBH) {
        assert_eq!(read(&http, run).await["state"], "succeeded", "{operation}");
    }
    scene.the_record_is_whole().await;
}

#[tokio::test]
async fn killed_while_it_is_sent_again_it_has_taken_effect_once() {
    for first in [Gets::Sent, Gets::Done] {
        let mut scene = Scene::set(&format!("kill-resend-{first:?}")).await;
        scene.relay.lets(first);
        let http = scene.http();
        let plan = http.plan(NEST, &nest(1)).await;
        let run = http.confirm(&plan, &json!({})).await.expect(201).json();
        scene.relay.held(1).await;
        scene.kill_and_start().await;
        let http = scene.http();
        let resend = format!("/api/runs/{}/resend", id(&run));
        let again = json!({"payload_hash": plan["payload_hash"], "secrets": {}});
        // Not before somebody has looked.
        http.post(&resend, &again).await.expect(409);
        let looked = looked_at(&http, &run).await;
        if first == Gets::Done {
            // It has arrived: there is nothing to send again.
            assert_ne!(looked["state"], "unknown", "{looked:#}");
            http.post(&resend, &again).await.expect(409);
        } else {
            assert_eq!(looked["state"], "unknown", "{looked:#}");
            scene.relay.lets(Gets::Done);
            http.post(&resend, &again).await.expect(200);
            scene.relay.held(1).await;
            scene.kill_and_start().await;
            assert_eq!(read(&scene.http(), &run).await["state"], "unknown");
        }
        scene.clouds.advance(HOUR).unwrap();
        assert_eq!(looked_at(&scene.http(), &run).await["state"], "succeeded");
        assert_eq!(scene.calls(NEST), (1, 1), "{first:?}");
        scene.the_record_is_whole().await;
    }
}

/// What the clients of a server that is killed all the time were told, by number of the instance.
#[derive(Default)]
struct Told {
    plans: BTreeMap<u32, Value>,
    runs: BTreeMap<u32, Value>,
}

/// One client: plans and confirms, an instance at a time, until the server is gone.
async fn work(http: &Http, next: &AtomicU32, told: &Mutex<Told>, fuse: &Fuse) -> Option<()> {
    loop {
        let number = next.fetch_add(1, Ordering::SeqCst);
        // Every fiftieth of the crowd cannot be upgraded.
        if number.is_multiple_of(50) {
            continue;
        }
        let body = wanted(NEST, "demo-alibaba", &to_the_latest(number));
        let reply = http.try_post("/api/plans", &body).await?;
        fuse.burn();
        let plan = reply.expect(201).json();
        told.lock().unwrap().plans.insert(number, plan.clone());
        let reply = http.try_post(&runs_of(&plan), &confirmation(&plan, &json!({}))).await?;
        fuse.burn();
        told.lock().unwrap().runs.insert(number, reply.expect(201).json());
    }
}

fn wanted(operation: &str, profile: &str, parameters: &Value) -> Value {
    json!({"operation": operation, "profile": profile, "parameters": parameters})
}

/// Parameters for a service instance of the crowd.
fn to_the_latest(number: u32) -> Value {
    json!({"RegionId": "cn-hangzhou", "ServiceVersion": "4", "ServiceInstanceId": instance(number)})
}

fn instance(number: u32) -> String {
    format!("si-7d2f00c4b9e1aa{number:06}")
}

/// Numbers that look random and are the same in every test run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most
    }
}

/// So many kills are enough for a look; `KILLS=200` is for a long one.
fn kills() -> usize {
    std::env::var("KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(30)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_nothing_is_lost_and_nothing_is_sent_twice() {
    let mut scene = Scene::set_with_crowd("kill-random", 10_000).await;
    let (next, told) = (Arc::new(AtomicU32::new(1)), Arc::new(Mutex::new(Told::default())));
    let mut dice = Dice(20_261_121);
    for _ in 0..kills() {
        let fuse = Arc::clone(&scene.relay.fuse);
        fuse.light(1 + dice.below(60));
        let clients: Vec<_> = (0..4)
            .map(|_| {
                let http = scene.http();
                let (next, told, fuse) = (Arc::clone(&next), Arc::clone(&told), Arc::clone(&fuse));
                tokio::spawn(async move { work(&http, &next, &told, &fuse).await })
            })
            .collect();
        fuse.burnt().await;
        scene.kill();
        for client in clients {
            client.await.unwrap();
        }
        scene.start().await;
        // Nothing seems to be under way that nobody works on.
        for state in ["confirmed", "sent"] {
            let left = scene.http().get(&format!("/api/runs?state={state}")).await.expect(200).json();
            assert_eq!(left["items"], json!([]), "{state}");
        }
    }

    let http = scene.http();
    let told = std::mem::take(&mut *told.lock().unwrap());
    assert!(told.runs.len() > kills(), "too little was done: {} runs", told.runs.len());
    scene.clouds.advance(HOUR).unwrap();
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (number, plan) in &told.plans {
        // What a client was told is there; and a run that was begun without anybody having been told is found.
        let plan = http.get(&format!("/api/plans/{}", id(plan))).await.expect(200).json();
        let Some(run) = plan["run"].as_str() else {
            assert!(!told.runs.contains_key(number), "the run of {number} is lost");
            assert_eq!(scene.received(&instance(*number)), (0, 0));
            continue;
        };
        assert!(told.runs.get(number).is_none_or(|told| told["id"] == run));
        let found = http.get(&format!("/api/runs/{run}")).await.expect(200).json();
        let before = found["state"].as_str().unwrap().to_owned();
        let after = if found["final"] == true { found } else { looked_at(&http, &found).await };
        let after = after["state"].as_str().unwrap().to_owned();
        let (received, applied) = scene.received(&instance(*number));
        let truth = match after.as_str() {
            "succeeded" => (received, applied) == (1, 1),
            // Whatever is still in doubt after a look never arrived.
            "not_sent" | "unknown" => (received, applied) == (0, 0),
            _ => false,
        };
        assert!(truth, "{number}: {before}, then {after}, and the cloud received {received}, did {applied}");
        *seen.entry(format!("{before}, {after}")).or_default() += 1;
    }
    // The kills met calls that were under way, and calls that were over.
    assert!(seen.contains_key("unknown, succeeded") && seen.len() > 1, "{seen:?}");
    scene.the_record_is_whole().await;
}
