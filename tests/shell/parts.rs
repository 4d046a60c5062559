//! The parts, drawn.

use crate::browser::{
    all, appears, drawn, find, focused_id, glyph, mount, press, sent, stand_in, text, type_into,
};
use catalog::model::Language;
use leptos::prelude::*;
use serde_json::json;
use upgrade_console::client::{Client, ClientError, Mode, RunState};
use upgrade_console::components::{
    Dialog, ErrorNote, ErrorSummary, FieldProblem, JsonView, ModeTag, Palette, PaletteEntry, StateBadge, Tab,
    TabPanel, Tabs, focus_error_summary,
};
use upgrade_console::state::health::Health;
use upgrade_console::state::preferences::Preferences;
use upgrade_console::words::{EN, ZH};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn a_state_badge_says_the_state_in_the_language_of_the_page() {
    let state = RwSignal::new(RunState::Confirmed);
    let preferences = Preferences { language: RwSignal::new(Language::En), theme: RwSignal::default() };
    let page = mount(move || {
        preferences.provide();
        view! { <StateBadge state=state/> }.into_any()
    });
    let mut looks = std::collections::BTreeSet::new();
    for one in RunState::ALL {
        state.set(one);
        preferences.language.set(Language::En);
        drawn().await;
        let badge = find(&page.root, ".state");
        assert_eq!(text(&badge), EN.states.state(one));
        let glyph = glyph(&page.root);
        // Shape first: no two states share their glyph.
        assert!(looks.insert(glyph.clone()), "{one:?} looks like another state: {glyph}");
        preferences.language.set(Language::Zh);
        drawn().await;
        assert_eq!(text(&find(&page.root, ".state")), ZH.states.state(one));
    }
}

#[wasm_bindgen_test]
async fn live_and_simulated_differ_by_word_and_shape() {
    let mode = RwSignal::new(Mode::Simulated);
    let page = mount(move || view! { <ModeTag mode=mode/> }.into_any());
    drawn().await;
    let simulated = (text(&page.root), glyph(&page.root));
    mode.set(Mode::Live);
    drawn().await;
    let live = (text(&page.root), glyph(&page.root));
    assert_eq!(simulated.0, "Simulated");
    assert_eq!(live.0, "Live");
    assert_ne!(simulated.1, live.1);
}

fn entry(label: &str) -> PaletteEntry {
    PaletteEntry {
        label: label.into(),
        hint: String::new(),
        keywords: "升级".into(),
        target: format!("/{label}"),
    }
}

#[wasm_bindgen_test]
async fn the_palette_is_worked_by_keyboard() {
    let open = RwSignal::new(false);
    let chosen = RwSignal::new(String::new());
    let page = mount(move || {
        let entries = vec![entry("Kafka"), entry("Bastion"), entry("Kafka runs")];
        view! {
            <button id="before">{"before"}</button>
            <Palette open=open entries=entries chosen=Callback::new(move |target| chosen.set(target))/>
        }
        .into_any()
    });
    drawn().await;
    find(&page.root, "#before").focus().unwrap();
    open.set(true);
    let input = appears(&page.root, "#palette-input").await;
    drawn().await;
    assert_eq!(focused_id(), "palette-input");
    assert_eq!(all(&page.root, "[role=option]").len(), 3);

    type_into(&input, "kafka");
    drawn().await;
    assert_eq!(all(&page.root, "[role=option]").len(), 2);
    let active = || input.get_attribute("aria-activedescendant").unwrap_or_default();
    assert_eq!(active(), "palette-option-0");
    assert!(!press(&input, "ArrowDown"), "the page takes the key, so the caret stays");
    drawn().await;
    assert_eq!(active(), "palette-option-1");
    assert_eq!(find(&page.root, "#palette-option-1").get_attribute("aria-selected").as_deref(), Some("true"));
    press(&input, "ArrowDown");
    drawn().await;
    assert_eq!(active(), "palette-option-0", "past the end it begins again");
    press(&input, "ArrowUp");
    press(&input, "Enter");
    drawn().await;
    assert_eq!(chosen.get_untracked(), "/Kafka runs");
    assert!(!open.get_untracked());
    assert_eq!(focused_id(), "before", "the focus is back where it was");

    open.set(true);
    let input = appears(&page.root, "#palette-input").await;
    type_into(&input, "nothing like it");
    drawn().await;
    assert_eq!(all(&page.root, "[role=option]").len(), 0);
    assert!(!input.has_attribute("aria-activedescendant"));
    press(&input, "Enter");
    assert!(open.get_untracked(), "there is nothing to go to");
}

#[wasm_bindgen_test]
async fn a_dialog_says_that_the_browser_closed_it() {
    let open = RwSignal::new(true);
    let page = mount(move || {
        view! { <Dialog open=open labelled_by="h"><h2 id="h">{"Heading"}</h2></Dialog> }.into_any()
    });
    let dialog: web_sys::HtmlDialogElement =
        wasm_bindgen::JsCast::dyn_into(appears(&page.root, "dialog").await).unwrap();
    drawn().await;
    assert!(dialog.open());
    dialog.close();
    drawn().await;
    assert!(!open.get_untracked());
}

#[wasm_bindgen_test]
async fn tabs_move_with_the_arrow_keys() {
    let chosen = RwSignal::new("json");
    let page = mount(move || {
        let tab = |key, label: &str| Tab { key, label: Signal::stored(label.to_owned()) };
        view! {
            <Tabs group="t" label="Samples".to_owned() tabs=vec![tab("json", "JSON"), tab("curl", "cURL")] chosen=chosen/>
            {move || view! { <TabPanel group="t" key=chosen.get()>{chosen.get()}</TabPanel> }}
        }
        .into_any()
    });
    drawn().await;
    let list = find(&page.root, "[role=tablist]");
    press(&list, "ArrowRight");
    drawn().await;
    assert_eq!(chosen.get_untracked(), "curl");
    assert_eq!(focused_id(), "t-tab-curl");
    let panel = find(&page.root, "[role=tabpanel]");
    assert_eq!(panel.get_attribute("aria-labelledby").as_deref(), Some("t-tab-curl"));
    assert_eq!(find(&page.root, "#t-tab-curl").get_attribute("aria-controls"), Some(panel.id()));
    press(&list, "ArrowRight");
    assert_eq!(chosen.get_untracked(), "json");
}

#[wasm_bindgen_test]
async fn the_error_summary_takes_the_focus_and_leads_to_its_fields() {
    let problems = RwSignal::new(Vec::new());
    let page = mount(move || view! { <ErrorSummary problems=problems/><input id="target"/> }.into_any());
    drawn().await;
    assert!(page.root.query_selector(".error-summary").unwrap().is_none());
    problems.set(vec![FieldProblem { control: "target".into(), text: "Choose a version".into() }]);
    focus_error_summary();
    drawn().await;
    assert_eq!(focused_id(), "error-summary");
    let link = find(&page.root, ".error-summary a");
    assert_eq!(text(&link), "Choose a version");
    let before = web_sys::window().unwrap().location().href().unwrap();
    link.click();
    assert_eq!(focused_id(), "target");
    assert_eq!(
        web_sys::window().unwrap().location().href().unwrap(),
        before,
        "the link leads to the field only"
    );
}

#[wasm_bindgen_test]
async fn json_folds_and_is_searched() {
    let page = mount(|| {
        let source = r#"{"RequestId":"4D1B","Data":{"OrderId":"232"},"Big":12345678901234567890}"#.to_owned();
        view! { <JsonView source=source label="Body".to_owned() what="the body".to_owned() search=true/> }
            .into_any()
    });
    let shown = appears(&page.root, "pre code").await;
    let expected = "{\n  \"RequestId\": \"4D1B\",\n  \"Data\": {\n    \"OrderId\": \"232\"\n  },\n  \"Big\": 12345678901234567890\n}\n";
    assert_eq!(shown.text_content().unwrap(), expected);

    type_into(&find(&page.root, "input[type=search]"), "orderid");
    drawn().await;
    assert_eq!(text(&find(&page.root, "mark")), "OrderId");
    assert!(text(&page.root).contains("1 place"));

    let folds = all(&page.root, ".json-fold");
    assert_eq!(folds.len(), 2);
    folds[1].click();
    drawn().await;
    let text_now = find(&page.root, "pre code").text_content().unwrap();
    assert!(text_now.contains("\"Data\": { 1 item },"), "{text_now}");
    assert!(!text_now.contains("OrderId"), "{text_now}");
    assert_eq!(all(&page.root, ".json-fold")[1].get_attribute("aria-expanded").as_deref(), Some("false"));
}

#[wasm_bindgen_test]
async fn what_is_not_json_is_shown_as_it_came() {
    let page = mount(|| {
        view! { <JsonView source="<Error>no</Error>".to_owned() label="Body".to_owned() what="it".to_owned()/> }.into_any()
    });
    drawn().await;
    assert_eq!(text(&find(&page.root, "pre code")), "<Error>no</Error>");
    assert!(text(&page.root).contains("Not JSON"));
}

#[wasm_bindgen_test]
async fn long_json_is_drawn_in_parts() {
    let source = format!("[{}]", vec!["1"; 3_000].join(","));
    let page = mount(move || {
        view! { <JsonView source=source.clone() label="Body".to_owned() what="it".to_owned()/> }.into_any()
    });
    drawn().await;
    assert_eq!(all(&page.root, ".json-line").len(), 400);
    find(&page.root, ".code-foot button").click();
    drawn().await;
    assert_eq!(all(&page.root, ".json-line").len(), 2_400);
}

#[wasm_bindgen_test]
async fn a_silent_server_is_said_in_words_with_a_way_to_try_again() {
    stand_in(&json!({}));
    let error = Client::new(signal(Language::En).0, Health::new()).session().await.unwrap_err();
    assert_eq!(error, ClientError::Unreachable);
    let tried = RwSignal::new(0);
    let page = mount(move || {
        let retry = Callback::new(move |()| tried.update(|tried| *tried += 1));
        view! { <ErrorNote explained=error.explain(&EN) retry=retry/> }.into_any()
    });
    drawn().await;
    assert!(text(&page.root).contains("The console's server cannot be reached"));
    assert!(!text(&page.root).contains("Failed to fetch"));
    find(&page.root, "button").click();
    assert_eq!(tried.get_untracked(), 1);
}

#[wasm_bindgen_test]
async fn calls_name_their_language_and_changing_ones_the_console() {
    stand_in(&json!({
        "GET /api/session": {"status": 200, "body": {"user": "local"}},
        "POST /api/plans": {"status": 403, "body": {"type": "urn:upgrade-console:profile_forbidden", "title": "No", "status": 403}},
    }));
    let client = Client::new(signal(Language::Zh).0, Health::new());
    assert_eq!(client.session().await.unwrap().user, "local");
    let read = sent("GET /api/session");
    assert_eq!(read[0].headers["accept-language"], "zh-CN");
    let request = upgrade_console::client::PlanRequest {
        operation: "a.B".into(),
        profile: "p".into(),
        parameters: serde_json::Map::new(),
        secrets: Vec::new(),
        secret_pointers: Vec::new(),
    };
    let refused = client.make_plan(&request).await.unwrap_err();
    assert_eq!((refused.status(), refused.code()), (Some(403), "profile_forbidden"));
    let change = sent("POST /api/plans");
    assert_eq!(change[0].headers["content-type"], "application/json");
    assert_eq!(change[0].headers["x-upgrade-console"], "1");
    assert_eq!(change[0].body, r#"{"operation":"a.B","profile":"p","parameters":{}}"#);
}
