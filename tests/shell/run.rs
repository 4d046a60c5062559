//! The page of a run, as the whole app draws it: what can be done, what cannot and why, and what is said of it.

use crate::browser::{
    Clock, Opened, add_answers, all, appears, drawn, find, focused_id, happens, open_at, sent, stand_in,
    streams, text, type_into, until,
};
use catalog::strict_json::parse_text;
use serde_json::{Value, json};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

const INSTANCE: &str = "alikafka_post-cn-7pp2x9m4k001";

fn action(name: &str, reason: Option<&str>) -> Value {
    json!({"name": name, "available": reason.is_none(), "reason": reason, "outcomes": []})
}

/// Settling by hand, as one of these.
fn settling(outcomes: Value) -> Value {
    let mut action = action("settle", None);
    action["outcomes"] = outcomes;
    action
}

fn run(change: impl FnOnce(&mut Value)) -> Value {
    let mut run = json!({
        "id": "run_1", "plan": "pl_1", "operation": "alikafka.UpgradeInstanceVersion", "title": "Upgrade Kafka version",
        "profile": "demo-alibaba", "mode": "simulated", "instance": INSTANCE, "target": "2.2.0", "user": "local",
        "payload_hash": "sha256:7be1", "reason": null, "state": "unknown", "final": false, "following": false,
        "failure": "cut", "outcome": "Cut after sending.", "next_step": "Check the status.",
        "created_at": "2026-11-20T20:14:05Z", "updated_at": "2026-11-20T20:14:06Z", "answer": null,
        "kind": "upgrade", "undoes": null, "undone_by": null, "dry_run": false, "secret_pointers": [],
        "scheduled_for": null, "order_id": null, "order_url": null, "last_seen": null, "looked_at": null,
        "actions": [action("check", None), action("resend", Some("Check the status first."))],
        "timeline": [
            {"at": "2026-11-20T20:14:05Z", "state": "confirmed", "detail": "By local.", "source": "person", "answer": null},
            {"at": "2026-11-20T20:14:06Z", "state": "unknown", "detail": "Cut.", "source": "console", "answer": null},
        ],
    });
    change(&mut run);
    run
}

/// A server with this run, and what it answers to one more call.
fn server(run: &Value, offset: i64, call: &str, answer: &Value) {
    stand_in(&json!({
        "GET /api/session": {"status": 200, "body": {"user": "local", "roles": ["operator"], "version": "0.1.0",
            "features": {"live": false, "simulator": false, "approvals": false}, "clock_offset_seconds": offset}},
        "GET /api/profiles": {"status": 200, "body": {"items": [{"name": "demo-alibaba", "cloud": "alibaba", "mode": "simulated",
            "region": "cn-hangzhou", "site": "china", "project_id": null, "domain_id": null}], "next": null}},
        "GET /api/operations": {"status": 200, "body": {"items": [], "next": null}},
        "GET /api/runs?": {"status": 200, "body": {"items": [], "next": null}},
        "GET /api/runs/run_1": {"status": 200, "body": run},
        call: answer,
    }));
}

async fn open() -> Opened {
    open_at("/runs/run_1", "#t-h").await
}

fn button(root: &HtmlElement, label: &str) -> Option<HtmlElement> {
    all(root, "main button").into_iter().find(|button| text(button) == label)
}

fn type_text(root: &HtmlElement, selector: &str, value: &str) {
    let field: web_sys::HtmlTextAreaElement = find(root, selector).dyn_into().unwrap();
    field.set_value(value);
    field.dispatch_event(&web_sys::Event::new("input").unwrap()).unwrap();
}

async fn unfold(root: &HtmlElement, label: &str) {
    let folds = all(root, "main details");
    let fold = folds.into_iter().find(|fold| text(fold).contains(label)).expect("a fold");
    fold.set_attribute("open", "").unwrap();
    appears(root, "main details[open] form").await;
    drawn().await;
}

fn ok(body: &Value) -> Value {
    json!({"status": 200, "body": body})
}

#[wasm_bindgen_test]
async fn an_unknown_run_is_checked_before_it_can_be_sent_again() {
    let seen = run(|run| {
        run["last_seen"] = "Version 0.10.2, running.".into();
        run["looked_at"] = "2026-11-20T20:15:00Z".into();
    });
    server(&run(|_| ()), 0, "POST /api/runs/run_1/check", &ok(&seen));
    let opened = open().await;
    let root = &opened.page.root;
    assert!(text(root).contains("Check the status first."), "why it cannot be sent again");
    assert!(!text(root).contains("Send the same call again"));
    let check = button(root, "Check the status").expect("a button to check");
    check.focus().unwrap();
    check.click();
    check.click();
    until("what was seen", || text(root).contains("Version 0.10.2, running.")).await;
    drawn().await;
    let posts = sent("POST");
    assert_eq!(posts.len(), 1, "one look at a time");
    assert_eq!((posts[0].key.as_str(), posts[0].body.as_str()), ("POST /api/runs/run_1/check", "{}"));
    assert!(check.is_connected(), "a look that changes nothing leaves the button and its focus alone");
    // Said aloud, since no state changed.
    assert!(text(&find(root, ".toasts")).contains("Version 0.10.2"));
}

#[wasm_bindgen_test]
async fn a_check_that_finds_the_end_takes_the_buttons_away_and_keeps_the_focus_on_the_page() {
    let done = run(|run| {
        run["state"] = "succeeded".into();
        run["final"] = true.into();
        run["outcome"] = "Version 2.2.0 is running.".into();
        run["actions"] = json!([action("check", Some("The run has ended."))]);
    });
    server(&run(|_| ()), 0, "POST /api/runs/run_1/check", &ok(&done));
    let opened = open().await;
    let root = &opened.page.root;
    let check = button(root, "Check the status").unwrap();
    check.focus().unwrap();
    check.click();
    until("the new state", || text(&find(root, "#run-news")).contains("Succeeded")).await;
    until("the focus on what came of it", || focused_id() == "next").await;
    assert!(button(root, "Check the status").is_none());
    assert!(text(root).contains("The run has ended."));
    assert!(web_sys::window().unwrap().document().unwrap().title().starts_with("Succeeded"));
}

#[wasm_bindgen_test]
async fn what_the_server_refuses_is_explained() {
    let problem = json!({"type": "urn:upgrade-console:not_checkable", "title": "The run has ended", "status": 409,
        "detail": "There is nothing to check.", "errors": []});
    server(&run(|_| ()), 0, "POST /api/runs/run_1/check", &json!({"status": 409, "body": problem}));
    let opened = open().await;
    let root = &opened.page.root;
    button(root, "Check the status").unwrap().click();
    let note = appears(root, "main [role=alert]").await;
    assert!(text(&note).contains("There is nothing to check.") && text(&note).contains("as it is now"));
}

#[wasm_bindgen_test]
async fn sending_again_needs_the_secrets_and_says_why_it_is_safe() {
    let before = run(|run| {
        run["actions"] = json!([action("check", None), action("resend", None)]);
        run["secret_pointers"] = json!(["/Parameters/Password"]);
    });
    server(&before, 0, "POST /api/runs/run_1/resend", &ok(&before));
    let opened = open().await;
    let root = &opened.page.root;
    unfold(root, "Send the same call again").await;
    assert!(text(root).contains("at most once"));
    let send = button(root, "Send again on demo-alibaba").unwrap();
    send.click();
    drawn().await;
    assert!(sent("POST").is_empty(), "nothing leaves without the secrets");
    assert!(text(&appears(root, "main [role=alert]").await).contains("secrets"));
    let secret = find(root, "#resend-0");
    assert_eq!(secret.get_attribute("type").as_deref(), Some("password"));
    type_into(&secret, "s3cret");
    send.click();
    until("the call", || !sent("POST").is_empty()).await;
    let posts = sent("POST");
    let body: Value = parse_text(&posts[0].body).unwrap();
    assert_eq!(body, json!({"payload_hash": "sha256:7be1", "secrets": {"/Parameters/Password": "s3cret"}}));
    // It is forgotten: the next press asks for it again.
    until("the end of the call", || button(root, "Send again on demo-alibaba").is_some()).await;
    button(root, "Send again on demo-alibaba").unwrap().click();
    drawn().await;
    assert_eq!(sent("POST").len(), 1);
}

#[wasm_bindgen_test]
async fn a_person_settles_with_evidence_and_loses_nothing_typed() {
    let before = run(|run| {
        run["actions"] =
            json!([action("check", None), settling(json!(["succeeded", "failed", "refused", "not_sent"]))]);
    });
    let later = run(|run| {
        run["actions"] = before["actions"].clone();
        run["looked_at"] = "2026-11-20T20:15:00Z".into();
        run["timeline"].as_array_mut().unwrap().push(json!({
            "at": "2026-11-20T20:15:00Z", "state": "unknown", "detail": "Looked: nothing to see.", "source": "cloud",
            "answer": {"status": 200, "code": "200", "message": "", "request_id": "REQ-7", "duration_ms": 12},
        }));
    });
    server(&before, 0, "POST /api/runs/run_1/", &ok(&later));
    let opened = open().await;
    let root = &opened.page.root;
    unfold(root, "Record the outcome by hand").await;
    type_text(root, "#evidence", "  seen in the vendor's console  ");
    button(root, "Settle the run").unwrap().click();
    drawn().await;
    assert!(sent("POST").is_empty(), "a state is needed too");
    assert_eq!(focused_id(), "settled-as", "the first that is missing");
    let missing = find(root, "#settled-as");
    assert_eq!(missing.get_attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(text(&find(root, "#settled-as-error")), "Choose a state.");
    assert!(find(root, "#evidence").get_attribute("aria-invalid").is_none(), "this one is there");
    assert!(
        text(&missing).contains("Nothing happened at the cloud"),
        "it was sent, or nobody would have to ask"
    );
    let offered = all(root, "#settled-as option").iter().map(text).collect::<Vec<_>>();
    let outcomes = ["Choose a state", "Succeeded", "Failed", "Refused", "Nothing happened at the cloud"];
    assert_eq!(offered, outcomes, "what the server says that can have become of it, and nothing else");
    // News of the run come while somebody types.
    button(root, "Check the status").unwrap().click();
    until("the news", || text(root).contains("Looked: nothing to see.")).await;
    let timeline = text(&find(root, ".rail"));
    for piece in ["A person", "Console", "Cloud", "HTTP 200", "REQ-7"] {
        assert!(timeline.contains(piece), "{piece} is not in {timeline}");
    }
    let evidence: web_sys::HtmlTextAreaElement = find(root, "#evidence").dyn_into().unwrap();
    assert_eq!(evidence.value(), "  seen in the vendor's console  ");
    let state: HtmlElement = find(root, "#settled-as");
    js_sys::Reflect::set(&state, &"value".into(), &"succeeded".into()).unwrap();
    state.dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
    button(root, "Settle the run").unwrap().click();
    until("the settlement", || !sent("POST /api/runs/run_1/settle").is_empty()).await;
    let body: Value = parse_text(&sent("POST /api/runs/run_1/settle")[0].body).unwrap();
    assert_eq!(body, json!({"state": "succeeded", "evidence": "seen in the vendor's console"}));
}

#[wasm_bindgen_test]
async fn a_scheduled_run_counts_down_on_the_clock_of_its_cloud_and_is_called_off_by_a_plan() {
    let in_two_hours = upgrade_console::times::to_rfc3339(upgrade_console::times::now_ms() + 7_200_000.0);
    let scheduled = run(|run| {
        run["state"] = "scheduled".into();
        run["scheduled_for"] = in_two_hours.into();
        run["actions"] =
            json!([action("cancel", None), action("rollback", Some("Only after it has succeeded."))]);
    });
    let plan = json!({"id": "pl_2", "operation": "cbh.UpgradeInstance", "profile": "demo-alibaba", "mode": "simulated",
        "payload_hash": "sha256:1", "review": {"instance": INSTANCE}, "kind": "cancel", "undoes": "run_1"});
    server(&scheduled, 3600, "POST /api/runs/run_1/cancel", &json!({"status": 201, "body": plan}));
    let opened = open().await;
    let root = &opened.page.root;
    let timer = appears(root, "[role=timer]").await;
    // Two hours on real clocks, one on the clouds'.
    until("the clock of the clouds", || text(&timer).starts_with("Starts in 59 min")).await;
    let first = text(&timer);
    until("the next second", || text(&timer) != first).await;
    assert!(timer.closest("[aria-live]").unwrap().is_none(), "seconds are not read out");
    assert!(!text(&find(root, "#run-news")).contains("59 min"));
    assert!(text(root).contains("Only after it has succeeded."));
    assert!(button(root, "Plan the rollback").is_none());
    button(root, "Plan the cancellation").unwrap().click();
    until("the review of the plan", || {
        web_sys::window().unwrap().location().pathname().unwrap().ends_with("/plans/pl_2")
    })
    .await;
    assert_eq!(sent("POST").len(), 1);
}

#[wasm_bindgen_test]
async fn an_order_that_waits_says_not_paid() {
    let unpaid = run(|run| {
        run["state"] = "awaiting_payment".into();
        run["order_id"] = "CS1911".into();
        run["order_url"] = "https://example.com/orders/CS1911".into();
    });
    server(&unpaid, 0, "POST /none", &ok(&json!({})));
    let opened = open().await;
    let note = find(&opened.page.root, "#next");
    assert!(text(&note).contains("Not paid") && text(&note).contains("CS1911"));
    let link = find(&opened.page.root, "#next a");
    assert_eq!(link.get_attribute("href").as_deref(), Some("https://example.com/orders/CS1911"));
    assert!(text(&note).contains("Only the simulated cloud"));
}

#[wasm_bindgen_test]
async fn an_address_that_is_not_of_the_web_is_no_link() {
    let odd = run(|run| {
        run["state"] = "awaiting_payment".into();
        run["order_url"] = "javascript:alert(1)".into();
    });
    server(&odd, 0, "POST /none", &ok(&json!({})));
    let opened = open().await;
    assert!(opened.page.root.query_selector("a[href^=javascript]").unwrap().is_none());
}

#[wasm_bindgen_test]
async fn a_run_and_the_one_that_took_it_back_lead_to_each_other() {
    for (member, words) in [("undoes", "Rolls back run"), ("undone_by", "Undone by run")] {
        let linked = run(|run| {
            run["kind"] = if member == "undoes" { "rollback" } else { "upgrade" }.into();
            run[member] = "run_2".into();
        });
        server(&linked, 0, "POST /none", &ok(&json!({})));
        let opened = open().await;
        let root = &opened.page.root;
        assert!(text(root).contains(words), "{member}");
        let link = find(root, "a[href$='/runs/run_2']");
        assert_eq!(text(&link), "run_2");
        // What takes a run back began at that run, not at a form.
        let again = root.query_selector("a[href*='from=pl_1']").unwrap();
        assert_eq!(again.is_some(), member == "undone_by");
    }
}

#[wasm_bindgen_test]
async fn a_run_is_named_after_its_instance_and_says_from_where_to_where_it_goes() {
    let named = run(|run| {
        run["name"] = "orders-stream".into();
        run["from"] = "0.10.2".into();
    });
    server(&named, 0, "POST /none", &ok(&json!({})));
    let opened = open().await;
    let root = &opened.page.root;
    assert_eq!(text(&find(root, "h1")), "Upgrade Kafka version: orders-stream");
    let leap = text(&find(root, ".head-sub"));
    assert!(leap.contains("0.10.2") && leap.contains("2.2.0"), "{leap}");
}

#[wasm_bindgen_test]
async fn the_timeline_leads_to_the_run_that_it_names_and_sets_the_clouds_words_apart() {
    let cancelled = run(|run| {
        run["timeline"] = json!([
            {"at": "2026-11-20T20:14:05Z", "state": "refused", "detail": "Refused.", "source": "cloud", "answer":
                {"status": 400, "code": "ONS_INIT_ENV_ERROR", "message": "No need to update.", "request_id": "REQ-1", "duration_ms": 3}},
            {"at": "2026-11-20T20:14:06Z", "state": "cancelled", "detail": "Cancelled by run_01ABC_2.", "source": "cloud", "answer":
                {"status": 200, "code": "200", "message": "operation success.", "request_id": null, "duration_ms": 4}},
        ]);
    });
    server(&cancelled, 0, "POST /none", &ok(&json!({})));
    let opened = open().await;
    let root = &opened.page.root;
    let link = find(root, ".rail a");
    assert_eq!(text(&link), "run_01ABC_2");
    assert!(link.get_attribute("href").unwrap().ends_with("runs/run_01ABC_2"));
    let lines: Vec<String> = all(root, ".rail p").iter().map(text).collect();
    for line in [
        "Cancelled by run_01ABC_2.",
        "Cloud · HTTP 400 · ONS_INIT_ENV_ERROR · 3 ms",
        "No need to update.",
        "Cloud · HTTP 200 · 4 ms",
    ] {
        assert!(lines.iter().any(|said| said == line), "{line} is not in {lines:?}");
    }
    assert!(!lines.iter().any(|said| said.contains("operation success")), "it says no more than the status");
}

#[wasm_bindgen_test]
async fn the_foot_of_the_timeline_says_who_asks_the_cloud_now() {
    for (state, check, following, said) in [
        ("sent", false, false, "Waiting for the cloud's answer."),
        ("unknown", true, false, "Press “Check the status” to ask now."),
        ("accepted", false, false, "does not follow this upgrade"),
        ("in_progress", true, true, "The console checks the cloud regularly"),
    ] {
        let shown = run(|run| {
            run["state"] = state.into();
            run["following"] = following.into();
            run["actions"] = json!([action("check", (!check).then_some("Not now."))]);
        });
        server(&shown, 0, "POST /none", &ok(&json!({})));
        let opened = open().await;
        let foot = find(&opened.page.root, "section[aria-labelledby=t-h] .card-foot");
        assert!(text(&foot).contains(said), "{state}: {}", text(&foot));
    }
}

#[wasm_bindgen_test]
async fn a_run_that_has_ended_tells_no_old_news_and_leads_back_to_its_form() {
    let ended = run(|run| {
        run["state"] = "refused".into();
        run["final"] = true.into();
        run["last_seen"] = "The list of hosts shows the start.".into();
        run["looked_at"] = "2026-11-20T20:15:00Z".into();
    });
    server(&ended, 0, "POST /none", &ok(&json!({})));
    let opened = open().await;
    let root = &opened.page.root;
    assert!(!text(root).contains("The list of hosts shows the start."));
    assert_eq!(text(&find(root, "#next a[href*='from=pl_1']")), "Fill the form again");
}

#[wasm_bindgen_test]
async fn a_run_that_stays_unknown_counts_from_when_it_became_so() {
    let checked = run(|run| {
        let now = upgrade_console::times::now_ms();
        let at = |ago: f64| Value::from(upgrade_console::times::to_rfc3339(now - ago));
        run["timeline"] = json!([
            {"at": at(7_260_000.0), "state": "confirmed", "detail": "", "source": "person", "answer": null},
            {"at": at(7_200_000.0), "state": "unknown", "detail": "Cut.", "source": "console", "answer": null},
            {"at": at(0.0), "state": "unknown", "detail": "No trace.", "source": "cloud", "answer": null},
        ]);
        run["updated_at"] = at(0.0);
    });
    server(&checked, 0, "POST /none", &ok(&json!({})));
    let opened = open().await;
    assert!(text(&find(&opened.page.root, ".head")).contains("for 2 h"));
}

#[wasm_bindgen_test]
async fn what_every_page_needs_is_asked_again_after_a_refusal() {
    server(&run(|_| ()), 0, "POST /none", &ok(&json!({})));
    let profiles = json!({"items": [{"name": "demo-alibaba", "cloud": "alibaba", "mode": "simulated", "region": "cn-hangzhou",
        "site": "china", "project_id": null, "domain_id": null}], "next": null});
    let many = json!({"type": "urn:upgrade-console:too_many_requests", "title": "Too many requests", "status": 429,
        "detail": "", "errors": []});
    add_answers(&json!({"GET /api/profiles": {"status": 429, "body": many}}));
    let opened = open_at("/", "#ops-h").await;
    let band = find(&opened.page.root, ".band");
    until("that the mode is not known", || text(&band).contains("Mode not known yet")).await;
    add_answers(&json!({"GET /api/profiles": {"status": 200, "body": profiles}}));
    for _ in 0..60 {
        if text(&band).contains("Simulated") {
            return;
        }
        drawn_for_a_second().await;
    }
    panic!("the mode is still missing: {}", text(&band));
}

async fn drawn_for_a_second() {
    let begin = upgrade_console::times::now_ms();
    while upgrade_console::times::now_ms() - begin < 1000.0 {
        drawn().await;
    }
}

#[wasm_bindgen_test]
async fn a_gateway_that_answers_for_the_server_is_silence_and_not_a_login() {
    server(&run(|_| ()), 0, "POST /none", &ok(&json!({})));
    add_answers(&json!({"GET /api/session": {"status": 502, "body": "<h1>Bad Gateway</h1>"}}));
    let opened = open_at("/runs", ".filters").await;
    let root = &opened.page.root;
    add_answers(&json!({"GET /api/runs?": {"status": 503, "body": "<h1>Unavailable</h1>"}}));
    find(root, ".filters button[type=submit]").click();
    appears(root, ".silence").await;
    until("the failure", || text(root).contains("The console's server cannot be reached")).await;
    assert!(!text(root).contains("Sign in"));
}

#[wasm_bindgen_test]
async fn who_wakes_up_reads_the_run_again_and_opens_another_stream() {
    let clock = Clock::hold();
    server(&run(|run| run["state"] = "in_progress".into()), 0, "POST /none", &json!({}));
    let opened = open().await;
    let reads = || sent("GET /api/runs/run_1").len();
    assert_eq!((streams(), reads()), (1, 1));
    let again = async |count: u32, why: &str| {
        until(why, || streams() == count && reads() == count as usize).await;
    };
    // A second like any other, or a look at another tab.
    clock.pass(1);
    clock.tick();
    happens("visibilitychange");
    drawn().await;
    assert_eq!((streams(), reads()), (1, 1));
    // The machine slept: the first thing that runs again is a tick, or the tab is shown before one.
    clock.pass(21);
    clock.tick();
    again(2, "a second that took too long").await;
    clock.pass(3_600);
    happens("visibilitychange");
    again(3, "a tab that was put away").await;
    // And the network was away, which nobody needs to have slept for.
    happens("online");
    again(4, "the network is back").await;
    clock.tick();
    drawn().await;
    assert_eq!((streams(), reads()), (4, 4));
    drop(opened);
}

#[wasm_bindgen_test]
async fn a_page_that_is_looked_at_again_learns_that_its_run_was_taken_back() {
    let ended = run(|run| {
        run["state"] = "succeeded".into();
        run["final"] = true.into();
        run["outcome"] = "The upgrade succeeded.".into();
        run["actions"] = json!([action("rollback", None)]);
    });
    server(&ended, 0, "POST /none", &json!({}));
    let opened = open().await;
    let root = &opened.page.root;
    appears(root, "main .card").await;
    assert_eq!(streams(), 0, "what has ended has no news");
    // Another page took it back.
    let back = run(|run| {
        run["state"] = "rolled_back".into();
        run["final"] = true.into();
        run["outcome"] = "Rolled back by run_2.".into();
        run["actions"] = json!([]);
        run["undone_by"] = "run_2".into();
    });
    add_answers(&json!({"GET /api/runs/run_1": ok(&back)}));
    happens("focus");
    until("the news", || text(&find(root, "#run-news")).contains("Rolled back by run_2.")).await;
    assert!(root.query_selector("main a[href$='/runs/run_2']").unwrap().is_some());
    assert!(button(root, "Plan the rollback").is_none() && streams() == 0);
}
