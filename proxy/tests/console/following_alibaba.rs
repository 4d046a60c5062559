//! Alibaba's three upgrades from what is known before to what became of them, on the built-in clouds.

use crate::{
    cases::{self, BSS, KAFKA, NEST, with},
    support::{Console, IMPATIENT, ROOMY, runs_of, two_profiles},
};
use serde_json::{Value, json};

const MINUTE: i64 = 60;

fn words(run: &Value) -> &str {
    run["timeline"].as_array().unwrap().last().unwrap()["detail"].as_str().unwrap()
}

fn offers(run: &Value, action: &str) -> bool {
    run["actions"].as_array().unwrap().iter().any(|one| one["name"] == action && one["available"] == true)
}

fn is(state: &'static str) -> impl Fn(&Value) -> bool {
    move |run| run["state"] == state
}

/// Asks for a rollback of a run and confirms it.
async fn roll_back(console: &Console, run: &Value) -> (Value, Value) {
    let path = format!("/api/runs/{}/rollback", run["id"].as_str().unwrap());
    let plan = console.post(&path, &json!({})).await.expect(201).json();
    let run = console.confirm(&plan, &json!({})).await.expect(201).json();
    (plan, console.answered(&run).await)
}

/// A console whose clouds let a call pass without an effect and without an answer.
async fn hanging() -> Console {
    let console = Console::with(&format!("{ROOMY}{IMPATIENT}"), |_| None).await;
    console.scenario("hang").await;
    console
}

#[tokio::test]
async fn compute_nest_succeeds_by_its_history_and_is_rolled_back() {
    let console = Console::demo().await;
    let plan = console.plan(NEST, &cases::nest(1)).await;
    assert_eq!(plan["review"]["changes"][0]["from"], "1", "{plan}");
    let price = &plan["review"]["price"];
    assert_eq!(price["quotes"][0]["currency"], "CNY", "{price}");
    assert!(price["note"].as_str().unwrap().contains("estimate"), "{price}");
    assert_eq!(
        (&plan["review"]["cost_kind"], &plan["needs"]["accept_unknown_cost"]),
        (&json!("unknown"), &json!(true))
    );
    let run = console.confirm(&plan, &json!({})).await.expect(201).json();
    let run = console.answered(&run).await;
    assert!(!offers(&run, "rollback"));
    console.advance(90).await;
    let run = console.until(&run, is("in_progress")).await;
    assert!(words(&run).contains("50 %"), "{}", words(&run));
    console.advance(120).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    assert!(words(&run).contains("upgrade history"), "{}", words(&run));

    let (plan, back) = roll_back(&console, &run).await;
    assert_eq!((&plan["kind"], &plan["undoes"]), (&json!("rollback"), &run["id"]));
    let change = &plan["review"]["changes"][0];
    assert_eq!((&change["from"], &change["to"]), (&json!("2"), &json!("1")), "{plan}");
    assert_ne!(plan["client_token"], run["client_token"]);
    assert_eq!(back["state"], "accepted", "{back}");
    console.advance(130).await;
    assert_eq!(console.settled(&back).await["state"], "succeeded");
    let run = console.until(&run, is("rolled_back")).await;
    assert_eq!(run["undone_by"], back["id"]);
    let state = console.app.built_in.as_ref().unwrap().clouds.state();
    assert_eq!(state["computenest"]["instances"][0]["version"], "1");
    assert_eq!(console.changing_calls(), 2);
}

#[tokio::test]
async fn compute_nest_that_is_deployed_again_has_failed_when_its_history_says_so() {
    let console = Console::demo().await;
    let run = console.upgrade(NEST, &cases::nest(7)).await;
    console.advance(200).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "failed", "{run}");
    assert!(words(&run).contains("QuotaExceeded") && words(&run).contains("In its log"), "{}", words(&run));
    // The reason stands where the outcome is read; the answer to the call was that all is well.
    assert!(run["outcome"].as_str().unwrap().contains("QuotaExceeded"), "{}", run["outcome"]);
    assert!(!offers(&run, "rollback"));

    // A rollback that fails leaves the upgrade as it stood, to be rolled back again.
    let run = console.upgrade(NEST, &with(cases::nest(9), &json!({"ServiceVersion": "3"}))).await;
    console.advance(200).await;
    let run = console.settled(&run).await;
    let (_, back) = roll_back(&console, &run).await;
    console.advance(200).await;
    assert_eq!(console.settled(&back).await["state"], "failed");
    let run = console.until(&run, |run| run["undone_by"].is_null()).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    assert!(offers(&run, "rollback"));
}

#[tokio::test]
async fn a_lost_upgrade_of_compute_nest_is_found_in_its_history() {
    let console = Console::demo().await;
    console.scenario("cut").await;
    let run = console.upgrade(NEST, &cases::nest(1)).await;
    assert_eq!(run["state"], "unknown", "{run}");
    assert!(!offers(&run, "resend"), "nobody has looked yet");
    let run = console.check(&run).await;
    assert_eq!(run["state"], "in_progress", "{run}");
    console.advance(200).await;
    assert_eq!(console.settled(&run).await["state"], "succeeded");
}

#[tokio::test]
async fn an_upgrade_of_compute_nest_that_left_no_trace_is_sent_again_with_its_token() {
    let console = hanging().await;
    // Its upgrade of three days ago is none of this one.
    let run = console.upgrade(NEST, &with(cases::nest(9), &json!({"ServiceVersion": "3"}))).await;
    assert_eq!(run["state"], "unknown", "{run}");
    let run = console.check(&run).await;
    assert_eq!(run["state"], "unknown", "{run}");
    assert!(words(&run).starts_with("No trace of the call."), "{}", words(&run));
    assert!(offers(&run, "resend"), "{run}");
    console.scenario("normal").await;
    let path = format!("/api/runs/{}/resend", run["id"].as_str().unwrap());
    let run = console.post(&path, &json!({"payload_hash": run["payload_hash"]})).await.expect(200).json();
    let run = console.answered(&run).await;
    assert_eq!(run["state"], "accepted", "{run}");
    console.advance(200).await;
    assert_eq!(console.settled(&run).await["state"], "succeeded");
    let applied: Vec<_> =
        console.calls().into_iter().filter(|call| call.changing).map(|call| call.applied).collect();
    assert_eq!(applied, [false, true]);
}

#[tokio::test]
async fn what_compute_nest_cannot_do_is_not_planned_and_not_confirmed() {
    let console = Console::demo().await;
    for (parameters, pointer, why) in [
        (cases::nest(4), "ServiceInstanceId", "upgrading"),
        (cases::nest(5), "ServiceInstanceId", "deployment failed"),
        (cases::nest(6), "ServiceVersion", "offers no version"),
        (with(cases::nest(1), &json!({"ServiceVersion": "99"})), "ServiceVersion", "2, 3, 4"),
        (with(cases::nest(1), &json!({"ServiceVersion": "1"})), "ServiceVersion", "2, 3, 4"),
    ] {
        let reply = console.try_plan(NEST, &parameters).await.expect(400);
        assert_eq!(reply.errors(), [(format!("/parameters/{pointer}"), "not_possible".to_owned())]);
        assert!(reply.text.contains(why), "{}", reply.text);
    }
    // One that is not there at all may still be typed.
    let plan = console.plan(NEST, &cases::nest(77)).await;
    assert!(plan["review"]["warnings"].to_string().contains("not in the list"), "{plan}");
    // What became impossible since it was reviewed is told before anything is sent.
    let late = console.plan(NEST, &cases::nest(1)).await;
    let run = console.upgrade(NEST, &cases::nest(1)).await;
    console.advance(200).await;
    console.settled(&run).await;
    let reply = console.confirm(&late, &json!({})).await.expect(409);
    assert_eq!(reply.code(), "plan_outdated");
    assert_eq!(console.changing_calls(), 1);
}

#[tokio::test]
async fn template_parameters_have_the_values_that_the_template_allows() {
    let console = Console::demo().await;
    let ask = async |name: &str, parameters: Value| {
        let body = json!({"profile": "demo-alibaba", "field": format!("/Parameters/{name}"),
            "parameters": with(cases::nest(2), &json!({"Parameters": parameters}))});
        let reply = console.post(&format!("/api/operations/{NEST}/choices"), &body).await.expect(200).json();
        let items = reply["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["value"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let whole = console.get(&format!("/api/operations/{NEST}")).await.json();
    assert!(whole["choices"].as_array().unwrap().contains(&json!("/Parameters/*")), "{}", whole["choices"]);
    let all = ask("EcsInstanceType", json!({})).await;
    assert!(
        all.contains(&"ecs.g6.large".to_owned()) && all.contains(&"ecs.c7.2xlarge".to_owned()),
        "{all:?}"
    );
    // The zone narrows the types; the password hangs together with nothing and stays here.
    let narrowed =
        ask("EcsInstanceType", json!({"ZoneId": "cn-hangzhou-h", "InstancePassword": "Sup3rSecret"})).await;
    assert_eq!(narrowed, ["ecs.g6.large"]);
    assert_eq!(ask("InstancePassword", json!({})).await, [] as [String; 0]);
    assert_eq!(ask("Nothing", json!({})).await, [] as [String; 0]);
    for call in console.calls() {
        assert!(!call.target.contains("InstancePassword"), "{}", call.target);
    }
    // An index is not a name, and an empty name is none.
    for field in ["/Parameters/", "/Parameters/a/b", "/Parameters"] {
        let body = json!({"profile": "demo-alibaba", "field": field, "parameters": cases::nest(2)});
        console.post(&format!("/api/operations/{NEST}/choices"), &body).await.expect(400);
    }
}

#[tokio::test]
async fn passwords_of_an_instance_are_not_read_into_a_plan() {
    let console = Console::demo().await;
    let given = json!({"EcsInstanceType": "ecs.g7.large", "InstancePassword": "Sup3rSecret"});
    let body = json!({"operation": NEST, "profile": "demo-alibaba",
        "parameters": with(cases::nest(2), &json!({"Parameters": given})),
        "secret_pointers": ["/Parameters/InstancePassword"]});
    let plan = console.plan_with(body).await;
    let secrets = json!({"/Parameters/InstancePassword": "Sup3rSecret"});
    let run = console.confirm(&plan, &secrets).await.expect(201).json();
    let run = console.answered(&run).await;
    console.advance(300).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    // The cloud tells the password of the instance now.
    let next = console.plan(NEST, &with(cases::nest(2), &json!({"ServiceVersion": "3"}))).await;
    for path in [
        format!("/api/plans/{}", next["id"].as_str().unwrap()),
        format!("/api/runs/{}", run["id"].as_str().unwrap()),
    ] {
        assert!(!console.get(&path).await.expect(200).text.contains("Sup3rSecret"));
    }
}

#[tokio::test]
async fn kafka_shows_a_major_upgrade_in_its_version() {
    let console = Console::demo().await;
    let plan = console.plan(KAFKA, &cases::kafka(1)).await;
    assert_eq!(plan["review"]["changes"][0]["from"], "0.10.2");
    assert!(plan["review"]["reversible"].as_str().unwrap().contains("storage format"), "{plan}");
    assert_eq!((&plan["needs"]["instance_id"], &plan["review"]["cost_kind"]), (&json!(true), &json!("free")));
    let run = console.confirm(&plan, &json!({})).await.expect(201).json();
    let run = console.answered(&run).await;
    console.advance(61).await;
    let run = console.until(&run, is("in_progress")).await;
    console.advance(25 * MINUTE).await;
    let run = console.settled(&run).await;
    assert_eq!((run["state"].as_str(), words(&run)), (Some("succeeded"), "The instance runs version 2.2.0."));
    assert!(!offers(&run, "rollback") && !offers(&run, "cancel"));
}

#[tokio::test]
async fn a_kafka_upgrade_that_fails_is_failed() {
    let console = Console::demo().await;
    let run = console.upgrade(KAFKA, &cases::kafka(6)).await;
    console.advance(61).await;
    let run = console.until(&run, is("in_progress")).await;
    console.advance(25 * MINUTE).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "failed", "{run}");
    assert!(words(&run).contains("102"), "{}", words(&run));
}

#[tokio::test]
async fn a_minor_update_of_kafka_is_believed_when_it_was_seen() {
    let console = Console::demo().await;
    let plan = console.plan(KAFKA, &cases::kafka(2)).await;
    let change = &plan["review"]["changes"][0];
    assert_eq!((&change["from"], &change["to"]), (&json!("2.2.0"), &json!("2.2.0, latest minor version")));
    let run = console.confirm(&plan, &json!({})).await.expect(201).json();
    let run = console.answered(&run).await;
    console.advance(61).await;
    let run = console.until(&run, is("in_progress")).await;
    console.advance(15 * MINUTE).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    assert!(words(&run).contains("was seen upgrading"), "{}", words(&run));
}

#[tokio::test]
async fn a_minor_update_of_kafka_that_nobody_saw_is_settled_by_a_person() {
    let console = Console::demo().await;
    let run = console.upgrade(KAFKA, &cases::kafka(2)).await;
    // It is over before the first look.
    console.advance(16 * MINUTE).await;
    let run = console.check(&run).await;
    assert_eq!(run["state"], "accepted", "{run}");
    assert!(run["last_seen"].as_str().unwrap().contains("a minor update cannot be seen"), "{run}");
    console.advance(60 * MINUTE).await;
    let run = console.settled(&run).await;
    assert_eq!(
        (run["state"].as_str(), run["failure"].as_str()),
        (Some("unknown"), Some("given_up")),
        "{run}"
    );
    let run = console.check(&run).await;
    assert_eq!(run["state"], "unknown");
    assert!(words(&run).contains("settle the run"), "{}", words(&run));
    assert!(offers(&run, "settle") && !offers(&run, "resend"), "{run}");
    let path = format!("/api/runs/{}/settle", run["id"].as_str().unwrap());
    let evidence = json!({"state": "succeeded", "evidence": "The console of the vendor shows the latest minor version."});
    assert_eq!(console.post(&path, &evidence).await.expect(200).json()["state"], "succeeded");
}

#[tokio::test]
async fn a_lost_upgrade_of_kafka_is_looked_for_in_its_state() {
    let console = Console::demo().await;
    console.scenario("cut").await;
    let run = console.upgrade(KAFKA, &cases::kafka(1)).await;
    assert_eq!(run["state"], "unknown", "{run}");
    // For a minute it does not show.
    let run = console.check(&run).await;
    assert_eq!(run["state"], "unknown", "{run}");
    assert!(words(&run).starts_with("No trace of the call"), "{}", words(&run));
    console.advance(61).await;
    let run = console.check(&run).await;
    assert_eq!(run["state"], "in_progress", "{run}");
    console.advance(25 * MINUTE).await;
    assert_eq!(console.settled(&run).await["state"], "succeeded");
}

#[tokio::test]
async fn what_kafka_cannot_do_is_not_planned() {
    let console = Console::demo().await;
    for (number, pointer, why) in [
        (4, "TargetVersion", "below the present version, 2.6.2"),
        (5, "InstanceId", "stopped"),
        (7, "InstanceId", "upgrading"),
        (11, "InstanceId", "deploying"),
    ] {
        let reply = console.try_plan(KAFKA, &cases::kafka(number)).await.expect(400);
        assert_eq!(reply.errors(), [(format!("/parameters/{pointer}"), "not_possible".to_owned())]);
        assert!(reply.text.contains(why), "{}", reply.text);
    }
    let plan = console.plan(KAFKA, &cases::kafka(8)).await;
    assert!(plan["review"]["warnings"].to_string().contains("not in the list"), "{plan}");
}

#[tokio::test]
async fn followed_runs_and_pickers_of_kafka_stay_within_its_rate_together() {
    // Two profiles, one account: the cloud counts their calls together.
    let console = Console::with(&two_profiles(), |_| None).await;
    let profile = |number: u32| if number.is_multiple_of(2) { "ops-alibaba" } else { "demo-alibaba" };
    let mut runs = Vec::new();
    for (number, target) in [(1, "2.2.0"), (2, "2.2.0"), (3, "2.6.2"), (6, "2.2.0")] {
        let parameters = with(cases::kafka(number), &json!({"TargetVersion": target}));
        let body = json!({"operation": KAFKA, "profile": profile(number), "parameters": parameters});
        let plan = console.plan_with(body).await;
        let run = console.confirm(&plan, &json!({})).await.expect(201).json();
        runs.push(console.answered(&run).await);
    }
    let pick = async |number: u32| {
        let body = json!({"profile": profile(number), "field": "/TargetVersion", "parameters": cases::kafka(number)});
        console.post(&format!("/api/operations/{KAFKA}/choices"), &body).await.expect(200);
    };
    // Every move of the clock makes all followers look at once.
    console.advance(61).await;
    futures_util::future::join_all([1, 2, 3].map(pick)).await;
    for run in &runs {
        console.until(run, is("in_progress")).await;
    }
    console.advance(26 * MINUTE).await;
    futures_util::future::join_all([9, 10, 12].map(pick)).await;
    for run in &runs {
        console.settled(run).await;
    }
    let reads: Vec<_> = console
        .calls()
        .into_iter()
        .filter(|call| call.operation.as_deref() == Some("alikafka.GetInstanceList"))
        .collect();
    assert!(reads.len() >= 4 * 4 + 6, "{}", reads.len());
    let throttled: Vec<_> = reads.iter().filter(|call| call.verdict != "accepted").collect();
    assert!(throttled.is_empty(), "{throttled:?}");
}

/// What an amount is, in hundredths.
fn hundredths(amount: &Value) -> i64 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}

#[tokio::test]
async fn a_renewal_with_a_change_has_two_quotes_and_is_done_when_it_is_paid() {
    let console = Console::demo().await;
    let parameters = with(cases::bss(1), &json!({"Parameter": [{"Code": "IpNumber", "Value": "60"}]}));
    let plan = console.plan(BSS, &parameters).await;
    let quotes = plan["review"]["price"]["quotes"].as_array().unwrap();
    assert_eq!(quotes.len(), 2, "{plan}");
    assert!(plan["review"]["price"]["note"].as_str().unwrap().contains("not added up"), "{plan}");
    assert!(quotes[0]["detail"].as_str().unwrap().contains("list price"), "{plan}");
    assert_eq!(
        (&plan["review"]["cost_kind"], &plan["needs"]["accept_unknown_cost"]),
        (&json!("quoted"), &json!(false))
    );
    let renewal = plan["review"]["changes"].as_array().unwrap().iter().find(|change| change["to"] == "+1");
    assert!(renewal.unwrap()["from"].as_str().unwrap().starts_with("paid until 20"), "{plan}");
    let body = json!({"payload_hash": plan["payload_hash"], "confirmation": {"instance_id": plan["review"]["instance"]}});
    let run = console.post(&runs_of(&plan), &body).await.expect(201).json();
    let run = console.answered(&run).await;
    assert_eq!(run["order_url"], "https://usercenter2.aliyun.com/order/list");
    let state = console.app.built_in.as_ref().unwrap().clouds.state();
    assert_eq!(
        state["bss"]["orders"][0]["net_cents"],
        quotes.iter().map(|quote| hundredths(&quote["amount"])).sum::<i64>()
    );
    console.advance(11).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    assert!(words(&run).contains("is paid") && words(&run).contains("paid until 20"), "{}", words(&run));
    // A renewal alone has one quote.
    let plan = console.plan(BSS, &cases::bss(10)).await;
    assert_eq!(plan["review"]["price"]["quotes"].as_array().unwrap().len(), 1, "{plan}");
}

#[tokio::test]
async fn an_order_that_is_not_paid_waits_and_one_that_is_cancelled_has_failed() {
    let console = Console::demo().await;
    let run = console.upgrade(BSS, &cases::bss(7)).await;
    console.advance(60).await;
    let run = console.until(&run, is("in_progress")).await;
    assert!(words(&run).contains("not paid yet"), "{}", words(&run));
    let order = run["answer"]["order_id"].clone();
    console.post("/api/simulator/pay", &json!({"order_id": order})).await.expect(200);
    let run = console.check(&run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    let run = console.upgrade(BSS, &cases::bss(8)).await;
    console.advance(60).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "failed", "{run}");
    assert!(words(&run).contains("cancelled"), "{}", words(&run));
}

#[tokio::test]
async fn a_lost_renewal_is_found_among_the_orders_even_hours_later() {
    let console = Console::demo().await;
    console.scenario("cut").await;
    let run = console.upgrade(BSS, &cases::bss(1)).await;
    assert_eq!((run["state"].as_str(), &run["order_url"]), (Some("unknown"), &Value::Null), "{run}");
    // Without a time the cloud would tell of the last hour only.
    console.advance(5 * 3600).await;
    let run = console.check(&run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    assert!(run["order_url"].is_string());
}

#[tokio::test]
async fn a_renewal_that_left_no_order_is_not_mistaken_for_the_one_before() {
    let console = Console::with(&format!("{ROOMY}{IMPATIENT}"), |_| None).await;
    let first = console.upgrade(BSS, &cases::bss(1)).await;
    console.advance(11).await;
    assert_eq!(console.settled(&first).await["state"], "succeeded");
    console.scenario("hang").await;
    let run = console.upgrade(BSS, &cases::bss(1)).await;
    assert_eq!(run["state"], "unknown", "{run}");
    let run = console.check(&run).await;
    assert_eq!(run["state"], "unknown", "{run}");
    assert!(words(&run).starts_with("No trace of the call"), "{}", words(&run));
    assert!(offers(&run, "resend"), "{run}");
}

#[tokio::test]
async fn the_order_of_somebody_else_is_not_taken_for_that_of_a_lost_renewal() {
    let console = hanging().await;
    let other = console.somebody_else().await;
    let run = console.upgrade(BSS, &cases::bss(1)).await;
    assert_eq!(run["state"], "unknown", "{run}");
    console.scenario("normal").await;
    // At once, but for a year.
    let year = with(cases::bss(1), &json!({"RenewPeriod": 12}));
    let order = other.upgrade(BSS, &year).await["answer"]["order_id"].as_str().unwrap().to_owned();
    let run = console.check(&run).await;
    assert_eq!(run["state"], "unknown", "{run}");
    assert!(
        words(&run).starts_with("No trace of the call") && words(&run).contains(&order),
        "{}",
        words(&run)
    );
    // Alike, but days later.
    console.advance(3 * 24 * 60 * MINUTE).await;
    let late = console.somebody_else().await.upgrade(BSS, &cases::bss(1)).await;
    assert_eq!(late["state"], "accepted", "{late}");
    let run = console.check(&run).await;
    assert_eq!(run["state"], "unknown", "{run}");
    assert!(!words(&run).contains("can be of this call"), "{}", words(&run));
}

#[tokio::test]
async fn of_two_orders_that_a_lost_renewal_can_have_made_neither_is_taken() {
    let console = Console::demo().await;
    let other = console.somebody_else().await;
    console.scenario("cut").await;
    let run = console.upgrade(BSS, &cases::bss(1)).await;
    assert_eq!(run["state"], "unknown", "{run}");
    console.scenario("normal").await;
    let order = other.upgrade(BSS, &cases::bss(1)).await["answer"]["order_id"].as_str().unwrap().to_owned();
    let run = console.check(&run).await;
    assert_eq!(run["state"], "unknown", "{run}");
    assert!(words(&run).contains("More than one order") && words(&run).contains(&order), "{}", words(&run));
}

#[tokio::test]
async fn the_order_that_a_resend_made_is_found_a_day_after_the_first_call() {
    let console = hanging().await;
    let run = console.upgrade(BSS, &cases::bss(1)).await;
    let run = console.check(&run).await;
    console.advance(24 * 60 * MINUTE).await;
    console.scenario("cut").await;
    let path = format!("/api/runs/{}/resend", run["id"].as_str().unwrap());
    let run = console.post(&path, &json!({"payload_hash": run["payload_hash"]})).await.expect(200).json();
    let run = console.answered(&run).await;
    assert_eq!(run["state"], "unknown", "{run}");
    console.advance(24 * 60 * MINUTE).await;
    let run = console.check(&run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
}

#[tokio::test]
async fn an_upgrade_of_compute_nest_by_somebody_else_is_not_taken_for_a_lost_one() {
    let console = hanging().await;
    let other = console.somebody_else().await;
    let run = console.upgrade(NEST, &cases::nest(1)).await;
    assert_eq!(run["state"], "unknown", "{run}");
    console.scenario("normal").await;
    console.advance(3 * 24 * 60 * MINUTE).await;
    let theirs = other.upgrade(NEST, &cases::nest(1)).await;
    assert_eq!(theirs["state"], "accepted", "{theirs}");
    console.advance(MINUTE).await;
    assert_eq!(console.check(&run).await["state"], "unknown", "while it goes");
    console.advance(10 * MINUTE).await;
    let run = console.check(&run).await;
    assert_eq!(run["state"], "unknown", "{run}");
    assert!(words(&run).starts_with("No trace of the call."), "{}", words(&run));
}

#[tokio::test]
async fn what_bss_cannot_renew_is_not_planned_and_another_site_is_named() {
    let console = Console::demo().await;
    let reply = console.try_plan(BSS, &cases::bss(2)).await.expect(400);
    assert_eq!(reply.errors(), [("/parameters/InstanceId".to_owned(), "not_possible".to_owned())]);
    let foreign = json!({"InstanceId": "vipcloudfw-intl-7mz2k0t9003", "ProductType": "cfw_pre_intl"});
    let plan = console.plan(BSS, &with(cases::bss(3), &foreign)).await;
    assert!(plan["review"]["warnings"].to_string().contains("alibabacloud.com"), "{plan}");
    let cost = plan["review"]["cost"].as_str().unwrap();
    assert!(cost.contains("No price could be had") && cost.contains("NotApplicable"), "{cost}");
    assert_eq!(plan["needs"]["accept_unknown_cost"], true);
}
