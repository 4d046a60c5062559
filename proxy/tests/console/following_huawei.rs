//! The two Huawei upgrades followed to every end that they can have, on the built-in clouds, whose clock is advanced.

use crate::{
    cases::{self, AAD, CBH, with},
    fake_cloud::{Does, FakeCloud, answer},
    support::{Console, Http, IMPATIENT, ROOMY},
};
use serde_json::{Value, json};

const HOUR: i64 = 3600;

async fn advance(http: &Http, seconds: i64) {
    http.post("/api/simulator/clock", &json!({"advance_seconds": seconds})).await.expect(200);
}

/// From parameters to a run in a state.
async fn run_until(console: &Console, operation: &str, parameters: &Value, state: &str) -> Value {
    let run = console.upgrade(operation, parameters).await;
    console.until(&run, |run| run["state"] == state).await
}

async fn check(console: &Console, run: &Value) -> Value {
    let path = format!("/api/runs/{}/check", run["id"].as_str().unwrap());
    console.post(&path, &json!({})).await.expect(200).json()
}

/// A plan that takes a run back.
async fn take_back(console: &Console, run: &Value, how: &str) -> Value {
    let path = format!("/api/runs/{}/{how}", run["id"].as_str().unwrap());
    console.post(&path, &json!({})).await.expect(201).json()
}

/// What can be done, with the reason where it cannot.
fn action(run: &Value, name: &str) -> Option<Option<String>> {
    let found = run["actions"].as_array().unwrap().iter().find(|action| action["name"] == name)?;
    Some(found["reason"].as_str().map(ToOwned::to_owned))
}

fn states(run: &Value) -> Vec<&str> {
    run["timeline"].as_array().unwrap().iter().map(|event| event["state"].as_str().unwrap()).collect()
}

fn last_words(run: &Value) -> &str {
    run["timeline"].as_array().unwrap().last().unwrap()["detail"].as_str().unwrap()
}

fn calls_of(console: &Console, operation: &str) -> usize {
    console.calls().iter().filter(|call| call.operation.as_deref() == Some(operation)).count()
}

fn host(console: &Console, name: &str) -> Value {
    let state = console.app.built_in.as_ref().unwrap().clouds.state();
    let hosts = state["cbh"]["instances"].as_array().unwrap();
    hosts.iter().find(|host| host["name"] == name).unwrap().clone()
}

#[tokio::test]
async fn a_minor_upgrade_of_a_bastion_is_scheduled_then_goes_on_and_succeeds() {
    let console = Console::demo().await;
    let parameters = cases::cbh(29);
    let plan = console.plan(CBH, &parameters).await;
    let review = &plan["review"];
    assert_eq!(
        (&review["reversible_kind"], &review["cost_kind"]),
        (&json!("no"), &json!("free")),
        "{review}"
    );
    assert!(review["changes"].to_string().contains("3.3.37.0"), "{review}");
    let run = console.confirm(&plan, &json!({})).await.expect(201).json();
    let run = console.until(&run, |run| run["state"] == "scheduled").await;
    // The 200 is empty: the list is what says so.
    assert_eq!(states(&run), ["confirmed", "sent", "accepted", "scheduled"]);
    assert_eq!(run["answer"]["body"], "");
    // A look asks for this host alone.
    let looked = console.calls().pop().unwrap();
    assert!(looked.target.contains("/list?instance_id="), "{}", looked.target);
    let start = parameters["upgrade_time"].as_i64().unwrap();
    let told: jiff::Timestamp = run["scheduled_for"].as_str().unwrap().parse().unwrap();
    assert_eq!(told.as_millisecond(), start);
    assert_eq!(action(&run, "cancel"), Some(None));
    assert_eq!(action(&run, "rollback"), None);

    advance(&console, 48 * HOUR + 60).await;
    let run = console.until(&run, |run| run["state"] == "in_progress").await;
    let why = action(&run, "cancel").unwrap().expect("it has started");
    assert!(why.contains("cannot be cancelled"), "{why}");
    advance(&console, 31 * 60).await;
    let run = console.settled(&run).await;
    assert_eq!((run["state"].as_str(), &run["final"]), (Some("succeeded"), &json!(true)), "{run}");
    assert!(last_words(&run).contains("3.3.37.6, before 3.3.37.0"), "{run}");
    let why = action(&run, "rollback").unwrap().expect("a minor upgrade");
    assert!(why.contains("minor upgrade"), "{why}");
    let path = format!("/api/runs/{}/rollback", run["id"].as_str().unwrap());
    assert_eq!(console.post(&path, &json!({})).await.expect(409).code(), "not_rollbackable");
    assert_eq!(console.changing_calls(), 1);
}

#[tokio::test]
async fn a_cross_version_upgrade_is_found_again_by_name_and_rolled_back() {
    let console = Console::demo().await;
    let before = host(&console, "bastion-cross-version");
    let run = run_until(&console, CBH, &cases::cbh(2), "scheduled").await;
    advance(&console, 49 * HOUR).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    let after = host(&console, "bastion-cross-version");
    assert_ne!(after["server_id"], before["server_id"]);
    assert!(last_words(&run).contains(after["server_id"].as_str().unwrap()), "{run}");

    let plan = take_back(&console, &run, "rollback").await;
    assert_eq!((&plan["kind"], &plan["undoes"]), (&json!("rollback"), &run["id"]));
    assert_eq!(plan["parameters"], json!({"server_id": after["server_id"]}));
    assert_eq!(plan["needs"]["instance_id"], true, "no call takes a rollback back");
    let back = console.confirm(&plan, &json!({})).await.expect(201).json();
    let back = console.until(&back, |back| back["state"] == "accepted").await;
    advance(&console, 5 * 60).await;
    let back = console.until(&back, |back| back["state"] == "in_progress").await;
    advance(&console, 30 * 60).await;
    let back = console.settled(&back).await;
    assert_eq!(back["state"], "succeeded", "{back}");
    let again = host(&console, "bastion-cross-version");
    assert_eq!(
        (&again["server_id"], &again["bastion_version"]),
        (&before["server_id"], &before["bastion_version"])
    );
    let run = console.until(&run, |run| run["state"] == "rolled_back").await;
    assert_eq!(run["undone_by"], back["id"]);
    assert_eq!(console.changing_calls(), 2);
}

#[tokio::test]
async fn a_rollback_ends_with_the_seven_days() {
    let console = Console::demo().await;
    let run = run_until(&console, CBH, &cases::cbh(2), "scheduled").await;
    advance(&console, 49 * HOUR).await;
    let run = console.settled(&run).await;
    assert_eq!(action(&run, "rollback"), Some(None));
    advance(&console, 8 * 24 * HOUR).await;
    let run = console.get(&format!("/api/runs/{}", run["id"].as_str().unwrap())).await.json();
    let why = action(&run, "rollback").unwrap().expect("the days are over");
    assert!(why.contains("7 days"), "{why}");
}

#[tokio::test]
async fn an_upgrade_and_a_rollback_that_the_cloud_ends_badly_have_failed_with_its_reason() {
    let console = Console::demo().await;
    let run = run_until(&console, CBH, &cases::cbh(8), "scheduled").await;
    advance(&console, 49 * HOUR).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "failed", "{run}");
    assert!(last_words(&run).contains("could not be installed"), "{run}");
    assert_eq!(action(&run, "rollback"), None);
}

#[tokio::test]
async fn a_schedule_is_cancelled_by_a_plan_of_its_own_with_the_same_time() {
    let console = Console::demo().await;
    let parameters = cases::cbh(29);
    let run = run_until(&console, CBH, &parameters, "scheduled").await;
    let plan = take_back(&console, &run, "cancel").await;
    assert_eq!(plan["parameters"], with(parameters.clone(), &json!({"cancel": true})));
    assert_eq!((&plan["operation"], &plan["kind"]), (&json!(CBH), &json!("cancel")));
    assert_eq!(plan["needs"]["instance_id"], false, "free, and it can be scheduled again");
    let cancel = console.confirm(&plan, &json!({})).await.expect(201).json();
    let cancel = console.settled(&cancel).await;
    assert_eq!(cancel["state"], "succeeded", "{cancel}");
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "cancelled", "{run}");
    assert!(last_words(&run).contains(cancel["id"].as_str().unwrap()), "{run}");
    assert_eq!(action(&run, "cancel"), None);
    let last = console.calls().into_iter().rfind(|call| call.changing).unwrap();
    assert_eq!((last.operation.as_deref(), last.applied), (Some(CBH), true));
    // The same host can be scheduled again.
    run_until(&console, CBH, &parameters, "scheduled").await;
}

#[tokio::test]
async fn a_schedule_that_others_cancel_is_noticed() {
    let console = Console::demo().await;
    let parameters = cases::cbh(29);
    let run = run_until(&console, CBH, &parameters, "scheduled").await;
    // Another console, with a store of its own, on the same clouds.
    let clouds = console.app.built_in.as_ref().unwrap().address;
    let config = format!(
        "{}[[profiles]]\nname = \"demo-huawei\"\ncloud = \"huawei\"\nmode = \"simulated\"\nregion = \"cn-north-4\"\n\
         endpoint = \"http://{clouds}\"\ncredentials = {{ source = \"env\" }}\n\
         project_id = \"0123456789abcdef0123456789abcdef\"\ndomain_id = \"fedcba9876543210fedcba9876543210\"\n",
        crate::support::ROOMY
    );
    let variables = |name: &str| match name {
        "CLOUD_SDK_AK" => Some(simulator::HUAWEI.access_key.to_owned()),
        "CLOUD_SDK_SK" => Some(simulator::HUAWEI.secret_key.to_owned()),
        _ => None,
    };
    let other = Console::with(&config, variables).await;
    let cancel = run_until(&other, CBH, &with(parameters, &json!({"cancel": true})), "succeeded").await;
    assert_eq!(cancel["final"], true);
    advance(&console, 11 * 60).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "cancelled", "{run}");
    assert!(last_words(&run).contains("elsewhere"), "{run}");
}

#[tokio::test]
async fn what_the_list_shows_to_be_impossible_is_not_planned() {
    let console = Console::demo().await;
    let cancel = with(cases::cbh(29), &json!({"cancel": true}));
    for (operation, parameters, pointer, why) in [
        (CBH, cases::cbh(3), "/parameters/server_id", "No upgrade is offered"),
        (CBH, cases::cbh(5), "/parameters/server_id", "FROZEN"),
        (CBH, cases::cbh(6), "/parameters/server_id", "SHUTOFF"),
        (CBH, cases::cbh(7), "/parameters/server_id", "scheduled"),
        (CBH, cases::cbh(9), "/parameters/server_id", "rolled back"),
        (CBH, cases::cbh(10), "/parameters/server_id", "rebooting"),
        (CBH, cancel, "/parameters/server_id", "No upgrade is scheduled"),
        (CBH, with(cases::cbh(7), &json!({"cancel": true})), "/parameters/upgrade_time", "Give that time"),
        (AAD, cases::aad(4), "/parameters/instance_id", "frozen"),
        (AAD, cases::aad(10), "/parameters/instance_id", "expired"),
        (
            AAD,
            with(cases::aad(1), &json!({"upgrade_data": {"service_bandwidth": 100}})),
            "/parameters/upgrade_data",
            "already",
        ),
        (
            AAD,
            with(cases::aad(1), &json!({"upgrade_data": {"port_num": 60}})),
            "/parameters/upgrade_data/port_num",
            "websites",
        ),
        (
            AAD,
            with(cases::aad(2), &json!({"upgrade_data": {"basic_qps": 4000}})),
            "/parameters/upgrade_data/basic_qps",
            "IP access",
        ),
        (
            AAD,
            with(cases::aad(3), &json!({"upgrade_data": {"basic_bandwidth": "20"}})),
            "/parameters/upgrade_data/basic_bandwidth",
            "mainland",
        ),
    ] {
        let reply = console.try_plan(operation, &parameters).await.expect(400);
        assert_eq!(reply.errors(), [(pointer.to_owned(), "not_possible".to_owned())], "{}", reply.text);
        assert!(reply.json()["errors"][0]["detail"].as_str().unwrap().contains(why), "{}", reply.text);
    }
    // What a list does not show may be there all the same.
    for (operation, parameters) in [(CBH, cases::cbh(99)), (AAD, cases::aad(99))] {
        let plan = console.plan(operation, &parameters).await;
        let warnings = plan["review"]["warnings"].to_string();
        assert!(warnings.contains("not in the list"), "{warnings}");
    }
    assert_eq!(console.changing_calls(), 0);
}

#[tokio::test]
async fn a_list_that_repeats_keys_is_shown_without_them() {
    let secret = simulator::HUAWEI.secret_key;
    let row = json!({"total": 1, "instance": [{
        "server_id": cases::cbh(29)["server_id"], "name": "n", "update": "NEW",
        "bastion_version": format!("version {secret} {}", simulator::HUAWEI.access_key),
        "status_info": {"status": "ACTIVE", "task_status": "NO_TASK"},
    }]});
    let cloud = FakeCloud::start(Does::Answers(answer(200, "application/json", &row.to_string()))).await;
    cloud.takes_reads();
    let console = Console::with(&cloud.config(""), |_| None).await;
    let plan = console.plan(CBH, &cases::cbh(29)).await.to_string();
    assert!(plan.contains("version "), "{plan}");
    assert!(!plan.contains(secret) && !plan.contains(simulator::HUAWEI.access_key), "{plan}");
}

#[tokio::test]
async fn a_host_that_changed_since_the_review_overtakes_its_plan() {
    let console = Console::demo().await;
    let (first, second) =
        (console.plan(CBH, &cases::cbh(29)).await, console.plan(CBH, &cases::cbh(29)).await);
    let run = console.confirm(&first, &json!({})).await.expect(201).json();
    console.until(&run, |run| run["state"] == "scheduled").await;
    let reply = console.confirm(&second, &json!({})).await.expect(409);
    assert_eq!(reply.code(), "plan_outdated");
    assert!(reply.json()["detail"].as_str().unwrap().contains("scheduled"), "{}", reply.text);
}

#[tokio::test]
async fn a_check_finds_the_schedule_of_a_call_whose_answer_was_lost_and_says_when_there_is_none() {
    let console = Console::demo().await;
    console.scenario("cut").await;
    let lost = console.upgrade(CBH, &cases::cbh(29)).await;
    assert_eq!(lost["state"], "unknown");
    assert_eq!(action(&lost, "resend"), None, "the API has no token");
    let why = action(&lost, "cancel").unwrap().expect("nobody knows yet");
    assert!(why.contains("Check the status first"), "{why}");
    let found = check(&console, &lost).await;
    assert_eq!((found["state"].as_str(), &found["following"]), (Some("scheduled"), &json!(true)), "{found}");

    let console = Console::with(&format!("{ROOMY}{IMPATIENT}"), |_| None).await;
    console.scenario("hang").await;
    let lost = console.upgrade(CBH, &cases::cbh(29)).await;
    let checked = check(&console, &lost).await;
    assert_eq!(checked["state"], "unknown", "{checked}");
    assert!(last_words(&checked).contains("No schedule was found"), "{checked}");
    assert_eq!(action(&checked, "settle"), Some(None));
}

#[tokio::test]
async fn a_schedule_goes_on_when_the_list_cannot_be_had_for_a_while() {
    let console = Console::demo().await;
    let run = run_until(&console, CBH, &cases::cbh(29), "scheduled").await;
    console.scenario("lists_fail").await;
    let checked = check(&console, &run).await;
    assert_eq!(checked["state"], "scheduled");
    assert!(last_words(&checked).contains("Nothing could be seen"), "{checked}");
    console.scenario("normal").await;
    advance(&console, 49 * HOUR).await;
    assert_eq!(console.settled(&run).await["state"], "succeeded");
}

#[tokio::test]
async fn an_order_that_is_paid_ends_when_the_specification_shows_it() {
    let console = Console::demo().await;
    let plan = console.plan(AAD, &cases::aad(1)).await;
    let change = &plan["review"]["changes"][0];
    assert_eq!((&change["from"], &change["to"]), (&json!("100 Mbit/s"), &json!("200 Mbit/s")), "{change}");
    assert_eq!(plan["needs"]["accept_unknown_cost"], true);
    let run = console.confirm(&plan, &json!({})).await.expect(201).json();
    let run = console.answered(&run).await;
    let order = run["answer"]["order_id"].as_str().unwrap().to_owned();
    assert!(run["order_url"].as_str().unwrap().starts_with("https://account.huaweicloud.com/"), "{run}");
    advance(&console, 10).await;
    let run = console.until(&run, |run| run["state"] == "in_progress").await;
    assert!(last_words(&run).contains(&order), "{run}");
    let why = action(&run, "cancel").unwrap().expect("it is paid");
    assert!(why.contains("cannot be cancelled"), "{why}");
    advance(&console, 60).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    assert!(last_words(&run).contains("specification shows"), "{run}");
    assert_eq!(console.changing_calls(), 1);
}

#[tokio::test]
async fn an_unpaid_order_waits_says_so_and_is_paid_by_a_person() {
    let console = Console::demo().await;
    let run = run_until(&console, AAD, &cases::aad(5), "accepted").await;
    advance(&console, 10).await;
    let run = console.until(&run, |run| run["state"] == "awaiting_payment").await;
    let order = run["answer"]["order_id"].as_str().unwrap().to_owned();
    for part in ["not paid", order.as_str(), "CNY"] {
        assert!(last_words(&run).contains(part), "{part}: {run}");
    }
    assert_eq!(action(&run, "cancel"), Some(None));
    // Days go by and nothing is told anew.
    advance(&console, 2 * 24 * HOUR).await;
    let told = check(&console, &run).await["timeline"].as_array().unwrap().len();
    console.post("/api/simulator/pay", &json!({"order_id": order})).await.expect(200);
    advance(&console, 20).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    assert!(run["timeline"].as_array().unwrap().len() <= told + 2, "{run}");
}

#[tokio::test]
async fn an_unpaid_order_is_cancelled_by_a_plan_of_its_own() {
    let console = Console::demo().await;
    console.scenario("unpaid").await;
    let run = run_until(&console, AAD, &cases::aad(1), "accepted").await;
    advance(&console, 10).await;
    let run = console.until(&run, |run| run["state"] == "awaiting_payment").await;
    let plan = take_back(&console, &run, "cancel").await;
    let order = run["answer"]["order_id"].clone();
    assert_eq!(plan["parameters"], json!({"order_id": order}));
    assert_eq!((&plan["review"]["instance"], &plan["needs"]["instance_id"]), (&order, &json!(true)));
    assert_eq!(plan["review"]["changes"][0]["from"], "not paid");
    let cancel = console.confirm(&plan, &json!({})).await.expect(201).json();
    let cancel = console.settled(&cancel).await;
    assert_eq!(cancel["state"], "succeeded", "{cancel}");
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "cancelled", "{run}");
    assert_eq!(calls_of(&console, "huaweibss.CancelCustomerOrder"), 1);
    // The specification is as it was, so the change can be planned again.
    let again = console.plan(AAD, &cases::aad(1)).await;
    assert_eq!(again["review"]["changes"][0]["from"], "100 Mbit/s");
}

#[tokio::test]
async fn an_order_that_was_paid_meanwhile_is_not_cancelled() {
    let console = Console::demo().await;
    let run = run_until(&console, AAD, &cases::aad(5), "accepted").await;
    advance(&console, 10).await;
    let run = console.until(&run, |run| run["state"] == "awaiting_payment").await;
    let plan = take_back(&console, &run, "cancel").await;
    console.post("/api/simulator/pay", &json!({"order_id": run["answer"]["order_id"]})).await.expect(200);
    let reply = console.confirm(&plan, &json!({})).await.expect(409);
    assert_eq!(reply.code(), "plan_outdated");
    assert!(reply.json()["detail"].as_str().unwrap().contains("being processed"), "{}", reply.text);
    assert_eq!(calls_of(&console, "huaweibss.CancelCustomerOrder"), 0);
}

#[tokio::test]
async fn orders_that_run_out_are_cancelled_and_orders_that_fail_have_failed() {
    let console = Console::demo().await;
    let unpaid = run_until(&console, AAD, &cases::aad(5), "accepted").await;
    let fails = run_until(&console, AAD, &cases::aad(11), "accepted").await;
    advance(&console, 10).await;
    console.until(&unpaid, |run| run["state"] == "awaiting_payment").await;
    console.until(&fails, |run| run["state"] == "in_progress").await;
    advance(&console, 60).await;
    let fails = console.settled(&fails).await;
    assert_eq!(fails["state"], "failed", "{fails}");
    assert!(last_words(&fails).contains("cancelled while it was processed"), "{fails}");
    advance(&console, 7 * 24 * HOUR).await;
    let unpaid = console.settled(&unpaid).await;
    assert_eq!(unpaid["state"], "cancelled", "{unpaid}");
    assert!(last_words(&unpaid).contains("before it was paid"), "{unpaid}");
}

#[tokio::test]
async fn a_change_that_somebody_else_made_later_is_not_taken_for_a_lost_one() {
    let console = Console::with(&format!("{ROOMY}{IMPATIENT}"), |_| None).await;
    console.scenario("hang").await;
    let run = console.upgrade(AAD, &cases::aad(1)).await;
    assert_eq!(run["state"], "unknown", "{run}");
    console.scenario("normal").await;
    advance(&console, 3 * 24 * HOUR).await;
    let theirs = console.somebody_else().await.upgrade(AAD, &cases::aad(1)).await;
    assert!(theirs["answer"]["order_id"].is_string(), "{theirs}");
    advance(&console, 60).await;
    let run = check(&console, &run).await;
    assert_eq!(run["state"], "unknown", "{run}");
    assert!(last_words(&run).contains("somebody else can have changed"), "{run}");
}

#[tokio::test]
async fn a_change_without_a_fee_ends_without_an_order() {
    let console = Console::demo().await;
    for parameters in
        [cases::aad(6), with(cases::aad(1), &json!({"upgrade_data": {"elastic_service_bandwidth_type": 3}}))]
    {
        let run = run_until(&console, AAD, &parameters, "accepted").await;
        assert_eq!((&run["answer"]["order_id"], &run["order_url"]), (&Value::Null, &Value::Null));
        advance(&console, 10).await;
        let run = console.settled(&run).await;
        assert_eq!(run["state"], "succeeded", "{run}");
        assert!(last_words(&run).contains("No fee changed"), "{run}");
    }
}

#[tokio::test]
async fn qps_is_done_with_its_order_and_said_not_to_be_seen() {
    let console = Console::demo().await;
    let parameters = with(cases::aad(1), &json!({"upgrade_data": {"basic_qps": 5000}}));
    let run = run_until(&console, AAD, &parameters, "accepted").await;
    advance(&console, 60).await;
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    assert!(last_words(&run).contains("QPS cannot be read back"), "{run}");
}

#[tokio::test]
async fn a_check_finds_the_order_of_a_call_whose_answer_was_lost() {
    let console = Console::demo().await;
    console.scenario("cut").await;
    let lost = console.upgrade(AAD, &cases::aad(5)).await;
    let free = console.upgrade(AAD, &cases::aad(6)).await;
    assert_eq!((&lost["state"], &free["state"]), (&json!("unknown"), &json!("unknown")));
    console.scenario("normal").await;
    // There is one order for two lost calls with the same values, and orders do not name the instance.
    let found = check(&console, &lost).await;
    assert_eq!(found["state"], "unknown", "{found}");
    assert!(last_words(&found).contains("more than one call"), "{found}");
    let found = check(&console, &free).await;
    assert_eq!(found["state"], "succeeded", "{found}");
    assert!(last_words(&found).contains("before the call it did not"), "{found}");
    // Once the other is known, the order is this one's.
    let found = check(&console, &lost).await;
    assert_eq!(found["state"], "awaiting_payment", "{found}");
    assert!(found["order_url"].is_string(), "{found}");
    assert_eq!(action(&found, "cancel"), Some(None));
    // And no other run's.
    console.scenario("cut").await;
    let other = console.upgrade(AAD, &cases::aad(1)).await;
    console.scenario("normal").await;
    let other = check(&console, &other).await;
    let orders =
        |run: &Value| last_words(run).split(' ').find(|word| word.starts_with("CS")).map(str::to_owned);
    assert_ne!(orders(&other).unwrap(), orders(&found).unwrap());

    let console = Console::with(&format!("{ROOMY}{IMPATIENT}"), |_| None).await;
    console.scenario("hang").await;
    let lost = console.upgrade(AAD, &cases::aad(1)).await;
    let checked = check(&console, &lost).await;
    assert_eq!(checked["state"], "unknown", "{checked}");
    assert!(last_words(&checked).contains("No trace was found"), "{checked}");
}

#[tokio::test]
async fn values_of_an_instance_are_hints_for_what_to_ask_for() {
    let console = Console::demo().await;
    let hints = async |field: &str, number: u32| {
        let body = json!({"profile": "demo-huawei", "field": format!("/upgrade_data/{field}"),
            "parameters": {"instance_id": cases::aad(number)["instance_id"]}});
        let reply = console.post(&format!("/api/operations/{AAD}/choices"), &body).await.expect(200).json();
        reply["items"].as_array().unwrap().clone()
    };
    let domains = hints("bind_domain_num", 1).await;
    assert_eq!(
        (&domains[0]["value"], domains[0]["unavailable"].is_string()),
        (&json!(50), true),
        "{domains:?}"
    );
    assert_eq!(
        (&domains[1]["value"], &domains[1]["unavailable"]),
        (&json!(500), &Value::Null),
        "{domains:?}"
    );
    assert_eq!(hints("basic_bandwidth", 1).await[0]["value"], "10");
    let ports = hints("port_num", 1).await;
    assert!(ports[0]["unavailable"].as_str().unwrap().contains("websites"), "{ports:?}");
    assert_eq!(hints("bind_domain_num", 99).await, [] as [Value; 0]);
}
