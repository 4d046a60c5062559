//! Killed while runs are taken back, and while several plans want one instance: at every step, and at moments that nobody
//! chose.

use super::{Dice, HOUR, MINUTE, Scene, id, kills, looked_at, read, states, to_the_latest, wanted};
use crate::{
    cases::{AAD, CBH, NEST, aad, ahead, cbh, good, nest},
    relay::{Fuse, Gets},
    support::{Http, confirmation, runs_of},
};
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

/// A run that can be taken back, where it stands then, how it is taken back, and what it is then.
struct Undoable {
    first: Value,
    stands: &'static str,
    how: &'static str,
    ends: &'static str,
    undo: Value,
    plan: Value,
}

/// A schedule, an order that waits to be paid, and an upgrade that is done.
async fn undoable(scene: &Scene) -> Vec<Undoable> {
    let http = scene.http();
    scene.clouds.set_scenario("unpaid").unwrap();
    let order = http.upgrade(AAD, &aad(1)).await;
    scene.clouds.set_scenario("normal").unwrap();
    let host = http.upgrade(CBH, &cbh(29)).await;
    let service = http.upgrade(NEST, &nest(1)).await;
    // Long enough for the upgrade, and no longer: the server has a clock of its own.
    scene.clouds.advance(4 * MINUTE).unwrap();
    let mut found = Vec::new();
    for (run, stands, how, ends) in [
        (host, "scheduled", "cancel", "cancelled"),
        (order, "awaiting_payment", "cancel", "cancelled"),
        (service, "succeeded", "rollback", "rolled_back"),
    ] {
        let first = looked_at(&http, &run).await;
        assert_eq!(first["state"], stands, "{first:#}");
        let path = format!("/api/runs/{}/{how}", id(&first));
        let plan = http.post(&path, &json!({})).await.expect(201).json();
        found.push(Undoable { first, stands, how, ends, undo: Value::Null, plan });
    }
    found
}

#[tokio::test]
async fn killed_while_runs_are_taken_back_each_is_taken_back_once() {
    for gets in [Gets::Sent, Gets::Done, Gets::HalfAnswered, Gets::Through] {
        let mut scene = Scene::set(&format!("kill-undo-{gets:?}")).await;
        let mut all = undoable(&scene).await;
        let before = scene.received_of(|_| true);
        scene.relay.lets(gets);
        let http = scene.http();
        for one in &mut all {
            one.undo = http.confirm(&one.plan, &json!({})).await.expect(201).json();
        }
        if gets == Gets::Through {
            // They are being followed.
            for one in &all {
                http.answered(&one.undo).await;
            }
        } else {
            scene.relay.held(3).await;
        }
        scene.kill_and_start().await;
        let http = scene.http();
        for Undoable { first, how, undo, plan, .. } in &all {
            if gets != Gets::Through {
                let found = read(&http, undo).await;
                assert_eq!(states(&found), ["confirmed", "sent", "unknown"], "{gets:?} {how}");
            }
            // However often it is confirmed again: the same run, and nobody else takes the first one back meanwhile.
            for _ in 0..3 {
                assert_eq!(id(&http.confirm(plan, &json!({})).await.expect(200).json()), id(undo));
            }
            http.post(&format!("/api/runs/{}/{how}", id(first)), &json!({})).await.expect(409);
        }
        scene.clouds.advance(HOUR).unwrap();
        for Undoable { first, stands, how, ends, undo, .. } in &all {
            let looked = looked_at(&http, undo).await;
            let (state, of_first) =
                if gets == Gets::Sent { ("unknown", *stands) } else { ("succeeded", *ends) };
            assert_eq!(looked["state"], state, "{gets:?} {how}: {looked:#}");
            assert_eq!(read(&http, first).await["state"], of_first, "{gets:?} {how}");
        }
        let arrived = if gets == Gets::Sent { 0 } else { 3 };
        let after = scene.received_of(|_| true);
        assert_eq!((after.0 - before.0, after.1 - before.1), (arrived, arrived), "{gets:?}");
        scene.the_record_is_whole().await;
    }
}

#[tokio::test]
async fn killed_with_two_plans_of_one_instance_under_way_one_is_sent() {
    for gets in [Gets::Sent, Gets::Done, Gets::HalfAnswered] {
        let mut scene = Scene::set(&format!("kill-two-{gets:?}")).await;
        let http = scene.http();
        let mut pairs = Vec::new();
        for (operation, parameters) in good() {
            let plans = [http.plan(operation, &parameters).await, http.plan(operation, &parameters).await];
            pairs.push((operation, plans));
        }
        scene.relay.lets(gets);
        let mut runs = Vec::new();
        for (operation, plans) in &pairs {
            let none = json!({});
            let (one, other) = join(http.confirm(&plans[0], &none), http.confirm(&plans[1], &none)).await;
            let (run, rest) = if one.status == 201 { (one, &plans[1]) } else { (other, &plans[0]) };
            runs.push((*operation, run.expect(201).json(), rest));
        }
        scene.relay.held(5).await;
        scene.kill_and_start().await;
        let http = scene.http();
        for (operation, run, rest) in &runs {
            let what = format!("{gets:?} {operation}");
            http.confirm(rest, &json!({})).await.expect(409);
            if gets != Gets::Sent {
                assert_eq!(scene.calls(operation), (1, 1), "{what}");
                continue;
            }
            // It never arrived; somebody says so, and the other is as good as before.
            let settle = json!({"state": "not_sent", "evidence": "Nothing is to be seen."});
            http.post(&format!("/api/runs/{}/settle", id(run)), &settle).await.expect(200);
            let run = http.confirm(rest, &json!({})).await.expect(201).json();
            http.answered(&run).await;
            assert_eq!(scene.calls(operation), (1, 1), "{what}");
        }
        scene.the_record_is_whole().await;
    }
}

/// A client of a server that may be gone at any moment: then what it does ends with `None`.
struct Client {
    http: Http,
    fuse: Arc<Fuse>,
    // Runs that can be taken back, and how.
    undoable: Arc<Mutex<Vec<(&'static str, Value)>>>,
    // Plans that it was told of, with the runs.
    told: Arc<Mutex<BTreeMap<String, Option<String>>>>,
}

impl Client {
    /// A plan; nothing when it cannot be.
    async fn plan(&self, path: &str, body: &Value) -> Option<Option<Value>> {
        let reply = self.http.try_post(path, body).await?;
        self.fuse.burn();
        let plan = (reply.status == 201).then(|| reply.json());
        if let Some(plan) = &plan {
            self.told.lock().unwrap().entry(id(plan).to_owned()).or_default();
        }
        Some(plan)
    }

    /// Its run; nothing when it may not begin.
    async fn confirm(&self, plan: &Value) -> Option<Option<Value>> {
        let reply = self.http.try_post(&runs_of(plan), &confirmation(plan, &json!({}))).await?;
        self.fuse.burn();
        let run = (reply.status == 201).then(|| reply.json());
        if let Some(run) = &run {
            self.told.lock().unwrap().insert(id(plan).to_owned(), Some(id(run).to_owned()));
        }
        Some(run)
    }

    async fn upgrade(&self, operation: &str, profile: &str, parameters: &Value) -> Option<Option<Value>> {
        match self.plan("/api/plans", &wanted(operation, profile, parameters)).await? {
            Some(plan) => self.confirm(&plan).await,
            None => Some(None),
        }
    }

    async fn take_back(&self, run: &Value, how: &str) -> Option<()> {
        if let Some(plan) = self.plan(&format!("/api/runs/{}/{how}", id(run)), &json!({})).await? {
            self.confirm(&plan).await?;
        }
        Some(())
    }

    /// Two plans of one instance, confirmed at once.
    async fn two_at_once(&self, body: &Value) -> Option<()> {
        let (Some(one), Some(other)) =
            (self.plan("/api/plans", body).await?, self.plan("/api/plans", body).await?)
        else {
            return Some(());
        };
        let (one, other) = join(self.confirm(&one), self.confirm(&other)).await;
        let both = [one?, other?];
        assert!(both.iter().any(Option::is_none), "two runs of one instance: {both:#?}");
        Some(())
    }

    /// Instance after instance, each in its own way, until the server is gone.
    async fn work(&self, next: &AtomicU32) -> Option<()> {
        loop {
            let number = next.fetch_add(1, Ordering::SeqCst);
            match number % 4 {
                0 | 1 => {
                    let one = self.undoable.lock().unwrap().pop();
                    if let Some((how, run)) = one {
                        self.take_back(&run, how).await?;
                    }
                }
                2 => {
                    let shield = format!("2b5ce2a4-0000-4000-9000-{number:012}");
                    let shield = json!({"instance_id": shield, "upgrade_data": {"service_bandwidth": 500}});
                    self.upgrade(AAD, "demo-huawei", &shield).await?;
                }
                _ => self.two_at_once(&wanted(NEST, "demo-alibaba", &to_the_latest(number))).await?,
            }
        }
    }
}

/// Schedules of the crowd, and upgrades of it that are done, one after the other.
async fn all_undoable(scene: &Scene) -> Vec<(&'static str, Value)> {
    let http = scene.http();
    let upgrades = join_all((251..=265).map(|number| {
        let http = &http;
        async move { http.upgrade(NEST, &to_the_latest(number)).await }
    }))
    .await;
    // Time is moved once and not much: the server has a clock of its own.
    scene.clouds.advance(4 * MINUTE).unwrap();
    let mut found = Vec::new();
    for (number, upgrade) in (251_u32..).zip(upgrades) {
        let run = looked_at(&http, &upgrade).await;
        assert_eq!(run["state"], "succeeded", "{run:#}");
        found.push(("rollback", run));
        let host = format!("c0de7d87-5a0d-4cfc-a418-{number:012}");
        let host = json!({"server_id": host, "upgrade_time": ahead(48)});
        // Not every host of the crowd can be upgraded.
        let plan = http.try_plan(CBH, &host).await;
        if plan.status == 201 {
            let run = http.confirm(&plan.json(), &json!({})).await.expect(201).json();
            found.push(("cancel", http.until(&run, |run| run["state"] == "scheduled").await));
        }
    }
    found
}

/// The runs that are about the same calls: operation, instance, and whether they call a schedule off.
type Group = (String, String, bool);

/// Every run that there is, looked at once more where it has not ended, by what it is about.
async fn all_runs(http: &Http) -> BTreeMap<Group, Vec<String>> {
    let mut groups: BTreeMap<Group, Vec<String>> = BTreeMap::new();
    let mut before = String::new();
    loop {
        let page = http.get(&format!("/api/runs?limit=100{before}")).await.expect(200).json();
        for run in page["items"].as_array().unwrap() {
            let run = if run["final"] == true { run.clone() } else { looked_at(http, run).await };
            let text = |name: &str| run[name].as_str().unwrap().to_owned();
            let group = (text("operation"), text("instance"), run["kind"] == "cancel");
            groups.entry(group).or_default().push(text("state"));
        }
        match page["next"].as_str() {
            Some(next) => before = format!("&before={next}"),
            None => return groups,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_what_takes_back_and_what_competes_is_sent_once_too() {
    let mut scene = Scene::set_with_crowd("kill-random-undo", 300).await;
    let (next, told) = (Arc::new(AtomicU32::new(1)), Arc::new(Mutex::new(BTreeMap::new())));
    let undoable = Arc::new(Mutex::new(all_undoable(&scene).await));
    let mut dice = Dice(20_261_122);
    for _ in 0..kills().div_ceil(3) {
        let fuse = Arc::clone(&scene.relay.fuse);
        fuse.light(1 + dice.below(80));
        let clients: Vec<_> = (0..4)
            .map(|_| {
                let client = Client {
                    http: scene.http(),
                    fuse: Arc::clone(&fuse),
                    undoable: Arc::clone(&undoable),
                    told: Arc::clone(&told),
                };
                let next = Arc::clone(&next);
                tokio::spawn(async move { client.work(&next).await })
            })
            .collect();
        fuse.burnt().await;
        scene.kill();
        for client in clients {
            client.await.unwrap();
        }
        scene.start().await;
    }

    let http = scene.http();
    scene.clouds.advance(HOUR).unwrap();
    // What a client was told is there.
    let told = std::mem::take(&mut *told.lock().unwrap());
    for (plan, run) in &told {
        let plan = http.get(&format!("/api/plans/{plan}")).await.expect(200).json();
        assert!(run.is_none() || plan["run"].as_str() == run.as_deref(), "{run:?} is lost: {plan:#}");
    }
    let groups = all_runs(&http).await;
    for ((operation, instance, cancels), states) in &groups {
        let (received, applied) = scene.received_of(|call| {
            let body = call.body.as_deref().unwrap_or_default();
            call.operation.as_deref() == Some(operation)
                && (call.target.contains(instance) || body.contains(instance))
                && body.contains("\"cancel\":true") == *cancels
        });
        let of = |wanted: &[&str]| states.iter().filter(|state| wanted.contains(&state.as_str())).count();
        let (in_doubt, nothing) = (of(&["unknown"]), of(&["not_sent", "refused"]));
        let certain = states.len() - in_doubt - nothing;
        let what =
            format!("{operation} {instance}: {states:?}, the cloud received {received}, did {applied}");
        assert!(received <= states.len() && certain <= applied, "{what}");
        // An order does not name its instance, so it is not always found.
        let most = if operation == AAD { certain + in_doubt } else { certain };
        assert!(applied <= most, "{what}");
    }
    let some = |kind: &str, cancels: bool| groups.keys().any(|(name, _, is)| name == kind && *is == cancels);
    assert!(
        some(CBH, true) && some("computenestsupplier.RollbackServiceInstance", false) && some(AAD, false)
    );
    scene.the_record_is_whole().await;
}
