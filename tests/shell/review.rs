//! The review, as the whole app draws it: when a change can be confirmed, and that it is confirmed once.

use crate::browser::{
    Opened, add_answers, all, appears, drawn, find, focused_id, open_at, press, sent, stand_in, text,
    type_into, until,
};
use catalog::strict_json::parse_text;
use serde_json::{Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

const INSTANCE: &str = "alikafka_post-cn-7pp2x9m4k001";

fn plan(change: impl FnOnce(&mut Value)) -> Value {
    let mut plan = json!({
        "id": "pl_1", "operation": "alikafka.UpgradeInstanceVersion", "profile": "demo-alibaba", "mode": "simulated",
        "title": "Upgrade Kafka version", "target": "2.2.0",
        "parameters": {"RegionId": "cn-hangzhou", "InstanceId": INSTANCE, "TargetVersion": "2.2.0"},
        "secret_pointers": [], "payload_hash": "sha256:7be10000000000000000c04d",
        "review": {
            "instance": INSTANCE, "changes": [{"label": "Version", "pointer": "/TargetVersion", "from": null, "to": "2.2.0"}],
            "cost": "Free. Nothing is charged.", "cost_kind": "free", "reversible": "No. No call takes it back.",
            "reversible_kind": "no", "effective": "At once.", "warnings": ["Clients reconnect."],
        },
        "needs": {"instance_id": true, "accept_unknown_cost": false, "reason": false, "approvals": 0},
        "dry_run": null, "created_by": "local", "created_at": "2026-11-20T20:14:05Z", "expires_at": "2999-01-01T00:00:00Z",
    });
    change(&mut plan);
    plan
}

fn server(plan: &Value, confirm: Value) {
    stand_in(&json!({
        "GET /api/session": {"status": 200, "body": {"user": "local", "roles": ["operator"], "version": "0.1.0",
            "features": {"live": false, "simulator": true, "approvals": false}, "clock_offset_seconds": 0}},
        "GET /api/profiles": {"status": 200, "body": {"items": [{"name": "demo-alibaba", "cloud": "alibaba", "mode": "simulated",
            "region": "cn-hangzhou", "site": "china", "project_id": null, "domain_id": null}], "next": null}},
        "GET /api/operations": {"status": 200, "body": {"items": [{"id": "test.Checked", "cloud": "alibaba",
            "product": {"code": "test", "title": {"en": "Test", "zh": "测试"}}, "title": {"en": "Check", "zh": "检查"},
            "summary": {"en": "", "zh": ""}, "traits": ["dry-run"]}], "next": null}},
        "GET /api/runs?": {"status": 200, "body": {"items": [], "next": null}},
        "GET /api/plans/pl_1": {"status": 200, "body": plan},
        "POST /api/plans/pl_1/runs": confirm,
    }));
}

/// The review, opened from a cold link.
async fn open() -> Opened {
    open_at("/plans/pl_1", "#confirm").await
}

fn is_disabled(opened: &Opened) -> bool {
    find(&opened.page.root, "#confirm").has_attribute("disabled")
}

fn run() -> Value {
    json!({"status": 201, "body": {"id": "run_1", "plan": "pl_1", "operation": "alikafka.UpgradeInstanceVersion",
        "title": "Upgrade Kafka version", "profile": "demo-alibaba", "mode": "simulated", "instance": INSTANCE,
        "target": "2.2.0", "user": "local", "payload_hash": "x", "reason": null, "state": "confirmed", "final": false,
        "failure": null, "outcome": "", "next_step": "", "created_at": "2026-11-20T20:14:05Z",
        "updated_at": "2026-11-20T20:14:05Z", "answer": null, "timeline": []}})
}

#[wasm_bindgen_test]
async fn confirm_opens_when_the_whole_id_is_typed_and_goes_out_once() {
    server(&plan(|_| ()), run());
    let opened = open().await;
    let root = &opened.page.root;
    assert_ne!(focused_id(), "confirm");
    assert!(text(&find(root, "#confirm")).contains("demo-alibaba"));
    assert!(is_disabled(&opened));
    assert!(!text(&find(root, "#why")).is_empty());
    let typed = find(root, "#typed");
    type_into(&typed, &INSTANCE[..5]);
    drawn().await;
    assert!(is_disabled(&opened));
    assert!(text(&find(root, "#typed-left")).starts_with('5'), "{}", text(&find(root, "#typed-left")));
    press(&typed, "Enter");
    let form: web_sys::HtmlElement = find(root, "aside form");
    form.dispatch_event(&cancelable("submit")).unwrap();
    assert!(sent("POST").is_empty(), "nothing leaves before the match");
    type_into(&typed, &INSTANCE.to_uppercase());
    drawn().await;
    assert!(is_disabled(&opened), "the id is compared exactly");
    type_into(&typed, INSTANCE);
    drawn().await;
    assert!(!is_disabled(&opened));
    let button = find(root, "#confirm");
    for _ in 0..10 {
        button.click();
    }
    appears(root, "#run-news").await;
    let posts = sent("POST");
    assert_eq!(posts.len(), 1);
    let body: Value = parse_text(&posts[0].body).unwrap();
    assert_eq!(
        body,
        json!({
            "payload_hash": "sha256:7be10000000000000000c04d", "confirmation": {"instance_id": INSTANCE},
        })
    );
    assert!(web_sys::window().unwrap().location().pathname().unwrap().ends_with("/runs/run_1"));
}

fn cancelable(name: &str) -> web_sys::Event {
    js_sys::Function::new_with_args("name", "return new Event(name, {bubbles: true, cancelable: true})")
        .call1(&wasm_bindgen::JsValue::NULL, &name.into())
        .map(wasm_bindgen::JsCast::unchecked_into)
        .unwrap()
}

#[wasm_bindgen_test]
async fn an_unknown_cost_and_a_reason_are_asked_for() {
    let needs = json!({"instance_id": false, "accept_unknown_cost": true, "reason": true, "approvals": 0});
    server(&plan(|plan| plan["needs"] = needs), run());
    let opened = open().await;
    let root = &opened.page.root;
    assert!(is_disabled(&opened));
    find(root, "#accept-cost").click();
    drawn().await;
    assert!(is_disabled(&opened));
    let reason: web_sys::HtmlTextAreaElement = wasm_bindgen::JsCast::dyn_into(find(root, "#reason")).unwrap();
    reason.set_value("  ");
    reason.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
    drawn().await;
    assert!(is_disabled(&opened), "spaces are no reason");
    reason.set_value("No time for a dry run");
    reason.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
    drawn().await;
    assert!(!is_disabled(&opened));
    find(root, "#confirm").click();
    appears(root, "#run-news").await;
    let body: Value = parse_text(&sent("POST")[0].body).unwrap();
    assert_eq!(body["confirmation"], json!({"accept_unknown_cost": true, "reason": "No time for a dry run"}));
}

#[wasm_bindgen_test]
async fn secrets_that_the_page_does_not_know_are_asked_for_again() {
    server(
        &plan(|plan| {
            plan["needs"]["instance_id"] = false.into();
            plan["secret_pointers"] = json!(["/Parameters/Password"]);
        }),
        run(),
    );
    let opened = open().await;
    let root = &opened.page.root;
    assert!(is_disabled(&opened));
    let secret = find(root, "#secret-0");
    assert_eq!(secret.get_attribute("type").as_deref(), Some("password"));
    type_into(&secret, "s3cret");
    drawn().await;
    find(root, "#confirm").click();
    appears(root, "#run-news").await;
    let body: Value = parse_text(&sent("POST")[0].body).unwrap();
    assert_eq!(body["secrets"], json!({"/Parameters/Password": "s3cret"}));
}

#[wasm_bindgen_test]
async fn an_outdated_plan_says_why_and_cannot_be_confirmed_again() {
    let problem = json!({"type": "urn:upgrade-console:plan_outdated", "title": "The plan is out of date", "status": 409,
        "detail": "The time is less than 24 hours away.", "errors": []});
    server(
        &plan(|plan| plan["needs"]["instance_id"] = false.into()),
        json!({"status": 409, "body": problem}),
    );
    let opened = open().await;
    let root = &opened.page.root;
    find(root, "#confirm").click();
    let note = appears(root, ".note-bad").await;
    assert!(text(&note).contains("less than 24 hours away"));
    assert!(is_disabled(&opened));
    find(root, "#confirm").click();
    assert_eq!(sent("POST").len(), 1);
    let back = root.query_selector("aside a.btn").unwrap().unwrap().get_attribute("href").unwrap();
    assert!(back.contains("/flows/alikafka.UpgradeInstanceVersion") && back.contains("from=pl_1"), "{back}");
}

#[wasm_bindgen_test]
async fn a_confirmation_without_an_answer_can_be_given_again() {
    server(&plan(|plan| plan["needs"]["instance_id"] = false.into()), json!({"status": 200, "body": {}}));
    let opened = open().await;
    let root = &opened.page.root;
    stand_in(&json!({}));
    find(root, "#confirm").click();
    appears(root, ".silence").await;
    drawn().await;
    assert!(text(root).contains("a plan runs at most once"));
    assert!(is_disabled(&opened), "it opens when the server answers again");
    assert_eq!(focused_id(), "trouble", "the button is closed: the focus is on why");
    // The server is back, and the plan tells whether the confirmation arrived.
    server(&plan(|plan| plan["run"] = "run_1".into()), run());
    web_sys::window().unwrap().dispatch_event(&web_sys::Event::new("online").unwrap()).unwrap();
    until("the plan as it is now", || text(root).contains("This plan was confirmed")).await;
    assert!(!text(root).contains("a plan runs at most once"), "nothing old is said");
}

#[wasm_bindgen_test]
async fn what_a_plan_asks_for_by_now_is_shown_when_the_confirmation_lacks_it() {
    let problem = json!({"type": "urn:upgrade-console:confirmation_required", "title": "The input is not right",
        "status": 400, "detail": "The confirmation is not complete.", "errors": [{"pointer": "/confirmation/reason",
        "code": "confirmation_required", "detail": "Write why it is done without a passed dry run."}]});
    let needs = |reason: bool| {
        plan(|plan| {
            plan["needs"] =
                json!({"instance_id": true, "accept_unknown_cost": false, "reason": reason, "approvals": 0});
        })
    };
    server(&needs(false), json!({"status": 400, "body": problem}));
    let opened = open().await;
    let root = &opened.page.root;
    assert!(root.query_selector("#reason").unwrap().is_none());
    // Meanwhile a dry run of another window has failed.
    add_answers(&json!({"GET /api/plans/pl_1": {"status": 200, "body": needs(true)}}));
    type_into(&find(root, "#typed"), INSTANCE);
    drawn().await;
    find(root, "#confirm").click();
    appears(root, "#reason").await;
    assert!(text(&find(root, "#trouble")).contains("The confirmation is not complete."));
    assert_eq!(
        find(root, "#typed").unchecked_into::<web_sys::HtmlInputElement>().value(),
        INSTANCE,
        "what was typed stands"
    );
    assert!(is_disabled(&opened), "until the reason is written");
}

/// A plan with a price that was asked for at a time.
fn priced(asked_at: &str, amount: &str) -> Value {
    plan(|plan| {
        plan["review"]["cost_kind"] = "quoted".into();
        plan["review"]["price"] = json!({
            "quotes": [{"label": "Renewal", "amount": "0", "amount_shown": amount, "currency": "CNY", "detail": "1 month"},
                {"label": "Upgrade", "amount": "0", "amount_shown": "12.00", "currency": "CNY", "detail": ""}],
            "asked_at": asked_at, "stale_at": "2020-01-01T00:05:00Z", "note": "Two quotes.", "is_estimate": false,
        });
    })
}

#[wasm_bindgen_test]
async fn an_old_price_is_asked_for_again_without_disturbing_who_types() {
    // Long past by any clock: it is asked again as soon as the page is open.
    server(&priced("2020-01-01T00:00:00Z", "100.00"), run());
    let fresh = json!({"status": 200, "body": priced("2999-01-01T00:00:00Z", "110.50")});
    add_answers(&json!({"POST /api/plans/pl_1/price": fresh}));
    let opened = open().await;
    let root = &opened.page.root;
    let typed = find(root, "#typed");
    type_into(&typed, &INSTANCE[..4]);
    until("the new price", || text(root).contains("CNY 110.50")).await;
    assert!(text(root).contains("CNY 12.00") && text(root).contains("Two quotes."));
    assert!(!text(root).contains("CNY 100.00"));
    assert!(typed.is_connected(), "the field that somebody types into is still the same");
    assert_eq!(sent("POST").len(), 1, "once, and not again and again");
    let again = all(root, "button").into_iter().find(|button| text(button) == "Ask again").unwrap();
    again.click();
    until("the second question", || sent("POST").len() == 2).await;
}

#[wasm_bindgen_test]
async fn a_price_that_brings_another_condition_changes_the_review() {
    server(&priced("2020-01-01T00:00:00Z", "100.00"), run());
    let mut changed = priced("2999-01-01T00:00:00Z", "100.00");
    changed["needs"]["accept_unknown_cost"] = true.into();
    changed["review"]["price"] = Value::Null;
    add_answers(&json!({"POST /api/plans/pl_1/price": {"status": 200, "body": changed}}));
    let opened = open().await;
    appears(&opened.page.root, "#accept-cost").await;
    assert!(is_disabled(&opened));
}

#[wasm_bindgen_test]
async fn an_expired_plan_is_said_to_be_expired() {
    server(&plan(|plan| plan["expires_at"] = "2020-01-01T00:00:00Z".into()), run());
    let opened = open().await;
    assert!(is_disabled(&opened));
    assert!(text(&find(&opened.page.root, "aside")).contains("expired"));
}

#[wasm_bindgen_test]
async fn the_dry_run_stands_before_the_confirmation_and_leads_back_for_what_it_asks_for() {
    let made = |record: Value, reason: bool| {
        plan(|plan| {
            plan["operation"] = "test.Checked".into();
            plan["needs"] =
                json!({"instance_id": false, "accept_unknown_cost": false, "reason": reason, "approvals": 0});
            plan["dry_run"] = record;
        })
    };
    let record = |passed: bool, asks_for: Value| json!({"at": "2026-11-20T20:14:05Z", "passed": passed, "answer": null, "required_parameters": asks_for});
    server(&made(Value::Null, true), run());
    let opened = open().await;
    let root = &opened.page.root;
    let step = appears(root, "section[aria-labelledby=dry-h]").await;
    let after = step.compare_document_position(&find(root, "#confirm"));
    assert_eq!(
        after & web_sys::Node::DOCUMENT_POSITION_FOLLOWING,
        web_sys::Node::DOCUMENT_POSITION_FOLLOWING
    );
    assert!(is_disabled(&opened), "it needs a dry run that passed, or a reason");
    let asks = record(false, json!(["EcsInstanceType", "InstancePassword"]));
    let answer = |record: &Value, reason: bool| {
        let mut answer = record.clone();
        answer["plan"] = made(record.clone(), reason);
        stand_in(&json!({"POST /api/plans/pl_1/dry-run": {"status": 200, "body": answer}}));
    };
    answer(&asks, true);
    find(&step, "button").click();
    let note = appears(root, "section[aria-labelledby=dry-h] .note").await;
    assert!(text(&note).contains("EcsInstanceType, InstancePassword"));
    let back = find(&note, "a").get_attribute("href").unwrap();
    assert!(back.contains("/flows/test.Checked") && back.contains("from=pl_1"), "{back}");
    assert!(is_disabled(&opened));
    drawn().await;
    assert_eq!(focused_id(), "dry-result", "the button that was pressed is gone");
    // The next one passes: nothing more is asked for.
    answer(&record(true, json!([])), false);
    find(root, "section[aria-labelledby=dry-h] button").click();
    appears(root, "section[aria-labelledby=dry-h] .state-ok").await;
    assert!(!is_disabled(&opened));
    assert!(root.query_selector("#reason").unwrap().is_none());
}
