//! Fields that the cloud's own lists help to fill, with a server whose answers the test gives when it wants to.

use super::model::{choices, field, integer, operation, text};
use super::page::{Control, Page, settle, show_offered};
use catalog::strict_json::parse_text;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen(inline_js = r#"
let asked = [];
export function holdAnswers() {
  asked = [];
  window.fetch = (request) => new Promise((answer) => {
    const one = { path: new URL(request.url).pathname, answer };
    request.text().then((body) => { one.body = JSON.parse(body || "null"); asked.push(one); });
  });
}
export function askedSoFar() { return JSON.stringify(asked.map(({ path, body }) => ({ path, body }))); }
export function answerTo(index, status, body) {
  const headers = { "content-type": status < 400 ? "application/json" : "application/problem+json" };
  asked[index].answer(new Response(body, { status, headers }));
}
"#)]
extern "C" {
    #[wasm_bindgen(js_name = holdAnswers)]
    fn hold_answers();
    #[wasm_bindgen(js_name = askedSoFar)]
    fn asked_so_far() -> String;
    #[wasm_bindgen(js_name = answerTo)]
    fn answer_to(index: usize, status: u16, body: &str);
}

/// The calls that the page made: path and body.
fn asked() -> Vec<Value> {
    parse_text(&asked_so_far()).unwrap().as_array().unwrap().clone()
}

/// Waits, frame by frame, until so many calls were made, and gives the body of the last.
async fn call(number: usize) -> Value {
    until("a call", || asked().len() >= number).await;
    assert_eq!(asked().len(), number);
    let last = &asked()[number - 1];
    assert_eq!(last["path"].as_str().unwrap().rsplit('/').next(), Some("choices"));
    last["body"].clone()
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..3_600 {
        if condition() {
            return;
        }
        settle().await;
    }
    panic!("{what} did not come");
}

/// Answers a call with these choices.
async fn give(number: usize, items: Value, next: Option<&str>) {
    answer_to(number - 1, 200, &json!({"items": items, "next": next}).to_string());
    settle().await;
}

fn choice(value: &str, label: &str) -> Value {
    json!({"value": value, "label": label, "details": [{"label": "Status", "value": "running"}]})
}

fn lines(page: &Page) -> Vec<String> {
    page.all("[role=option]").iter().map(|line| line.text_content().unwrap()).collect()
}

async fn lines_come(page: &Page, count: usize) {
    until(&format!("{count} lines"), || lines(page).len() == count).await;
}

fn instances() -> catalog::Operation {
    operation(vec![
        field("RegionId", text(), json!({})),
        field("InstanceId", text(), json!({"required": true})),
        field("Size", integer(), json!({})),
        field("Password", text(), json!({"secret": true})),
    ])
}

async fn opened(page: &Page) -> Control {
    let input = page.labelled("The InstanceId");
    input.key("ArrowDown").await;
    input
}

#[wasm_bindgen_test]
async fn the_server_is_asked_with_what_the_form_says_and_never_with_a_secret() {
    hold_answers();
    let page = show_offered(instances(), json!({"RegionId": "r1"}), &["/InstanceId"]).await;
    page.labelled("The Password").type_in("s3cret").await;
    assert!(asked().is_empty(), "nothing is asked before anyone wants it");
    let input = opened(&page).await;
    let body = call(1).await;
    assert_eq!(body["field"], "/InstanceId");
    assert_eq!(body["profile"], "demo");
    assert_eq!(body["parameters"]["RegionId"], "r1");
    assert!(!body.to_string().contains("s3cret"));
    assert!(body.get("query").is_none());
    assert!(page.text().contains("Reading the list"));
    assert_eq!(input.attribute("aria-expanded").as_deref(), Some("false"));
    give(1, json!([choice("i-1", "orders")]), None).await;
    lines_come(&page, 1).await;
    assert_eq!(input.attribute("aria-expanded").as_deref(), Some("true"));
    let list = page.by_id(&input.attribute("aria-controls").unwrap());
    assert_eq!(list.attribute("role").as_deref(), Some("listbox"));
    let active = page.by_id(&input.attribute("aria-activedescendant").unwrap());
    assert!(active.0.text_content().unwrap().contains("orders"));
    assert!(lines(&page)[0].contains("i-1") && lines(&page)[0].contains("running"));
}

#[wasm_bindgen_test]
async fn an_answer_that_comes_late_is_not_shown() {
    hold_answers();
    let page = show_offered(instances(), json!({}), &["/InstanceId"]).await;
    let input = page.labelled("The InstanceId");
    input.type_in("or").await;
    assert_eq!(call(1).await["query"], "or");
    // Two keys in quick succession make one question.
    input.type_at_once(["ord", "orders"]).await;
    assert_eq!(call(2).await["query"], "orders");
    give(2, json!([choice("i-2", "orders")]), None).await;
    lines_come(&page, 1).await;
    give(1, json!([choice("i-1", "ordinary"), choice("i-3", "order")]), None).await;
    for _ in 0..5 {
        settle().await;
    }
    assert_eq!(lines(&page).len(), 1);
    assert!(lines(&page)[0].contains("i-2"));
    assert_eq!(page.said()["InstanceId"], "orders", "what is typed is the value");
}

#[wasm_bindgen_test]
async fn choosing_fills_this_field_and_every_other_that_the_row_knows() {
    hold_answers();
    let page = show_offered(instances(), json!({"RegionId": "r1"}), &["/InstanceId"]).await;
    let input = opened(&page).await;
    call(1).await;
    let mut row = choice("i-1", "orders");
    row["fills"] = json!({"/RegionId": "r2", "/Size": 40, "/NoSuchField": "x"});
    give(1, json!([row]), None).await;
    lines_come(&page, 1).await;
    assert!(input.key("Enter").await, "Enter does not send the form");
    assert_eq!(page.said(), json!({"RegionId": "r2", "InstanceId": "i-1", "Size": 40}));
    assert_eq!(page.sent.get_untracked(), 0);
    assert!(lines(&page).is_empty());
    assert!(page.text().contains("Also filled in: The RegionId, The Size"), "{}", page.text());
    // What was read of the row is shown as long as the form says what the row said.
    page.labelled("The RegionId").type_in("r3").await;
    assert!(!page.text().contains("Also filled in"), "{}", page.text());
}

#[wasm_bindgen_test]
async fn what_is_not_available_is_listed_with_its_reason_and_is_not_chosen() {
    hold_answers();
    let page = show_offered(instances(), json!({}), &["/InstanceId"]).await;
    let input = opened(&page).await;
    call(1).await;
    let mut frozen = choice("i-9", "frozen");
    frozen["unavailable"] = json!("It is frozen.");
    give(1, json!([frozen, choice("i-1", "orders")]), None).await;
    lines_come(&page, 2).await;
    assert!(page.text().contains("2 found, 1 can be chosen"));
    let first = page.by_id(&input.attribute("aria-activedescendant").unwrap());
    assert!(
        first.0.text_content().unwrap().contains("orders"),
        "the keys begin where something can be chosen"
    );
    input.key("ArrowUp").await;
    let line = page.by_id(&input.attribute("aria-activedescendant").unwrap());
    assert_eq!(line.attribute("aria-disabled").as_deref(), Some("true"));
    assert!(line.0.text_content().unwrap().contains("Not available. It is frozen."));
    assert!(input.key("Enter").await);
    line.press().await;
    assert_eq!(page.said(), json!({}));
    assert!(page.text().contains("frozen cannot be chosen. It is frozen."));
    input.key("ArrowDown").await;
    input.key("Enter").await;
    assert_eq!(page.said(), json!({"InstanceId": "i-1"}));
}

#[wasm_bindgen_test]
async fn a_list_that_fails_leaves_typing_and_can_be_asked_again() {
    hold_answers();
    let page = show_offered(instances(), json!({}), &["/InstanceId"]).await;
    let input = opened(&page).await;
    call(1).await;
    let problem = json!({"type": "urn:upgrade-console:upstream_unavailable", "title": "The cloud cannot be asked",
        "detail": "The cloud refused the list: HTTP 500.", "status": 502});
    answer_to(0, 502, &problem.to_string());
    until("the error", || page.find("[role=alert]").is_some()).await;
    assert!(page.text().contains("HTTP 500"));
    assert!(page.find("[role=listbox]").is_none());
    input.type_in("i-77").await;
    assert_eq!(page.said()["InstanceId"], "i-77");
    // Typing asks again by itself, quietly; the button does so at once.
    call(2).await;
    page.button("Try again to read the choices for The InstanceId").press().await;
    assert!(call(3).await.get("query").is_none(), "the whole list");
    give(3, json!([choice("i-1", "orders")]), None).await;
    lines_come(&page, 1).await;
    assert!(page.find("[role=alert]").is_none());
    assert_eq!(page.focused(), input.0.id());
    assert_eq!(page.said()["InstanceId"], "i-77");
}

#[wasm_bindgen_test]
async fn more_of_the_list_comes_on_demand_and_goes_on_where_the_keys_were() {
    hold_answers();
    let page = show_offered(instances(), json!({}), &["/InstanceId"]).await;
    let input = opened(&page).await;
    call(1).await;
    let items = |from: usize| {
        json!((from..from + 20).map(|n| choice(&format!("i-{n}"), &format!("name {n}"))).collect::<Vec<_>>())
    };
    give(1, items(0), Some("20")).await;
    lines_come(&page, 20).await;
    assert!(page.text().contains("The first 20"));
    input.key("End").await;
    input.key("ArrowDown").await;
    let body = call(2).await;
    assert_eq!(body["cursor"], "20");
    // One question for one page, however often the key is pressed.
    input.key("ArrowDown").await;
    input.key("ArrowDown").await;
    give(2, items(20), None).await;
    lines_come(&page, 40).await;
    assert_eq!(asked().len(), 2);
    let active = page.by_id(&input.attribute("aria-activedescendant").unwrap());
    assert!(active.0.text_content().unwrap().contains("i-20"));
    assert!(!page.has_button("Show more"));
    // Around the end.
    input.key("End").await;
    input.key("ArrowDown").await;
    let active = page.by_id(&input.attribute("aria-activedescendant").unwrap());
    assert!(active.0.text_content().unwrap().contains("name 0"));
}

#[wasm_bindgen_test]
async fn keys_that_are_not_for_the_list_stay_with_the_input() {
    hold_answers();
    let page = show_offered(instances(), json!({"InstanceId": "i-5"}), &["/InstanceId"]).await;
    let input = page.labelled("The InstanceId");
    for key in ["Enter", "Escape", "Home", "End", "PageDown", "Tab", "x"] {
        assert!(!input.key(key).await, "{key} with a closed list");
    }
    assert!(asked().is_empty());
    input.alt("ArrowDown").await;
    call(1).await;
    give(1, json!([choice("i-1", "a"), choice("i-2", "b")]), None).await;
    lines_come(&page, 2).await;
    assert_eq!(input.attribute("aria-activedescendant"), None);
    for key in ["Home", "End", "ArrowLeft", "Tab", "x"] {
        assert!(!input.key(key).await, "{key} while no line is active");
    }
    assert!(input.key("ArrowUp").await);
    assert!(input.attribute("aria-activedescendant").is_some());
    assert!(!input.key("ArrowLeft").await);
    assert_eq!(input.attribute("aria-activedescendant"), None, "the caret is meant");
    assert!(input.key("Escape").await);
    assert_eq!(input.value(), "i-5");
    assert!(lines(&page).is_empty());
    // Leaving closes it, and nothing is chosen.
    input.alt("ArrowDown").await;
    call(2).await;
    input.leave().await;
    give(2, json!([choice("i-1", "a")]), None).await;
    settle().await;
    assert!(page.find("[role=listbox]").is_none());
    assert_eq!(page.said()["InstanceId"], "i-5");
}

#[wasm_bindgen_test]
async fn known_values_stand_in_where_the_cloud_names_none() {
    hold_answers();
    let known = choices(&[json!("0.10.2"), json!("2.2.0")], true);
    let page =
        show_offered(operation(vec![field("Target", known, json!({}))]), json!({}), &["/Target"]).await;
    let input = page.labelled("The Target");
    input.key("ArrowDown").await;
    call(1).await;
    give(1, json!([]), None).await;
    lines_come(&page, 2).await;
    assert!(lines(&page)[1].contains("2.2.0") && lines(&page)[1].contains("means 2.2.0"));
    input.type_in("2.2").await;
    call(2).await;
    give(2, json!([]), None).await;
    lines_come(&page, 1).await;
    // And one that nobody knows yet.
    input.type_in("3.9.1").await;
    call(3).await;
    give(3, json!([]), None).await;
    until("no lines", || lines(&page).is_empty()).await;
    assert!(page.text().contains("Nothing in the list matches “3.9.1”"));
    assert_eq!(page.said(), json!({"Target": "3.9.1"}));
}

#[wasm_bindgen_test]
async fn rows_and_members_of_any_name_have_lists_too() {
    hold_answers();
    let pair = json!({"type": "object", "fields": [
        field("Code", text(), json!({})), field("Value", text(), json!({}))]});
    let fields = vec![
        field("Parameter", json!({"type": "list", "item": pair}), json!({})),
        field("Parameters", json!({"type": "free-object"}), json!({})),
    ];
    let said = json!({"Parameter": [{"Code": "a"}, {"Code": "b"}], "Parameters": {"ZoneId": "", "InstancePassword": "x"}});
    let page = show_offered(operation(fields), said, &["/Parameter/*/Code", "/Parameters/*"]).await;
    let code = page.labelled("The Code of The Parameter 2");
    code.key("ArrowDown").await;
    assert_eq!(call(1).await["field"], "/Parameter/1/Code");
    give(1, json!([choice("Bandwidth", "Bandwidth of it")]), None).await;
    lines_come(&page, 1).await;
    code.key("Enter").await;
    assert_eq!(page.said()["Parameter"], json!([{"Code": "a"}, {"Code": "Bandwidth"}]));
    // Alt and an arrow move the row; they do not open the list.
    code.alt("ArrowUp").await;
    assert_eq!(page.said()["Parameter"], json!([{"Code": "Bandwidth"}, {"Code": "a"}]));
    assert_eq!(asked().len(), 1);
    let zone = page.labelled("Value of The Parameters 1");
    zone.key("ArrowDown").await;
    assert_eq!(call(2).await["field"], "/Parameters/ZoneId");
    give(2, json!([choice("cn-hangzhou-h", "Zone H")]), None).await;
    lines_come(&page, 1).await;
    zone.key("Enter").await;
    assert_eq!(page.said()["Parameters"]["ZoneId"], "cn-hangzhou-h");
    assert_eq!(zone.value(), "cn-hangzhou-h");
}

#[wasm_bindgen_test]
async fn a_whole_value_that_is_typed_is_recognised_and_fills_only_what_is_empty() {
    hold_answers();
    let page = show_offered(instances(), json!({"RegionId": "mine"}), &["/InstanceId"]).await;
    let input = page.labelled("The InstanceId");
    let mut row = choice("i-1", "orders");
    row["fills"] = json!({"/RegionId": "theirs", "/Size": 40});
    input.type_in("i-").await;
    call(1).await;
    give(1, json!([row]), None).await;
    lines_come(&page, 1).await;
    assert_eq!(page.said(), json!({"RegionId": "mine", "InstanceId": "i-"}), "a part of it chooses nothing");
    input.type_in("i-1").await;
    call(2).await;
    give(2, json!([row]), None).await;
    until("the list to get out of the way", || page.find("[role=listbox]").is_none()).await;
    assert_eq!(page.said(), json!({"RegionId": "mine", "InstanceId": "i-1", "Size": 40}));
    assert!(page.text().contains("Also filled in: The Size"), "{}", page.text());
    // What cannot be chosen stays to be read.
    row["unavailable"] = json!("It is frozen.");
    input.type_in("i-1").await;
    call(3).await;
    give(3, json!([row]), None).await;
    lines_come(&page, 1).await;
    assert!(page.text().contains("It is frozen."));
}
