//! Lists, objects, free objects.

use super::model::{field, integer, operation, text};
use super::page::{Page, show, show_filled};
use catalog::strict_json::parse_text;
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test;

fn modules() -> catalog::Operation {
    let pair = json!({"type": "object", "fields": [
        field("Code", text(), json!({"required": true, "ask": {"en": "Choose a code, or remove the row", "zh": "请选择代码"}})),
        field("Value", text(), json!({"required": true}))
    ]});
    operation(vec![field("Parameter", json!({"type": "list", "item": pair, "max_items": 100}), json!({}))])
}

fn codes(page: &Page) -> Vec<String> {
    let said = page.said();
    let rows = said["Parameter"].as_array().cloned().unwrap_or_default();
    rows.iter().map(|row| row["Code"].as_str().unwrap_or_default().to_owned()).collect()
}

#[wasm_bindgen_test]
async fn rows_are_added_moved_and_removed_and_the_focus_follows() {
    let page = show(modules()).await;
    let add = page.button("Add a row to The Parameter");
    for code in ["a", "b", "c"] {
        add.press().await;
        // The focus is in the new row's first input.
        let focused = page.by_id(&page.focused());
        assert_eq!(focused.value(), "");
        focused.type_in(code).await;
    }
    assert_eq!(codes(&page), ["a", "b", "c"]);
    assert!(page.text().contains("3 of 100"));

    page.button("Move The Parameter 1 down").press().await;
    assert_eq!(codes(&page), ["b", "a", "c"]);
    assert_eq!(
        page.button("Move The Parameter 2 down").0.id(),
        page.focused(),
        "the same arrow, which moved along"
    );
    page.button("Move The Parameter 2 down").press().await;
    assert_eq!(codes(&page), ["b", "c", "a"]);
    assert_eq!(page.button("Move The Parameter 3 up").0.id(), page.focused(), "at the end the other arrow");
    assert!(page.button("Move The Parameter 3 down").attribute("disabled").is_some());

    page.button("Remove The Parameter 1").press().await;
    assert_eq!(codes(&page), ["c", "a"]);
    assert_eq!(page.by_id(&page.focused()).value(), "c", "the row that took the place");
    page.button("Remove The Parameter 2").press().await;
    assert_eq!(page.by_id(&page.focused()).value(), "c");
    page.button("Remove The Parameter 1").press().await;
    assert_eq!(page.focused(), add.0.id());
    assert_eq!(page.said(), json!({}), "an empty list is not sent");
}

#[wasm_bindgen_test]
async fn alt_and_an_arrow_move_a_row_from_inside() {
    let rows: Vec<Value> = ["a", "b"].iter().map(|code| json!({"Code": code, "Value": "1"})).collect();
    let page = show_filled(modules(), json!({"Parameter": rows})).await;
    let second = page.labelled("The Code of The Parameter 2");
    second.alt("ArrowUp").await;
    assert_eq!(codes(&page), ["b", "a"]);
    assert_eq!(page.focused(), second.0.id(), "the caret stays in the input that moved");
    second.alt("ArrowUp").await;
    assert_eq!(codes(&page), ["b", "a"], "the first row stays");
    second.alt("ArrowDown").await;
    assert_eq!(codes(&page), ["a", "b"]);
}

#[wasm_bindgen_test]
async fn a_list_stops_at_its_most_with_a_reason() {
    let rows: Vec<Value> = (0..99).map(|code| json!({"Code": code.to_string(), "Value": "1"})).collect();
    let page = show_filled(modules(), json!({"Parameter": rows})).await;
    let add = page.button("Add a row to The Parameter");
    add.press().await;
    assert_eq!(codes(&page).len(), 100);
    assert_eq!(add.attribute("aria-disabled").as_deref(), Some("true"));
    assert_eq!(add.described(), ["100 is the most that the API takes. Remove one to add another."]);
    add.press().await;
    assert_eq!(codes(&page).len(), 100);
}

#[wasm_bindgen_test]
async fn what_is_wrong_in_a_row_names_the_row() {
    let page =
        show_filled(modules(), json!({"Parameter": [{"Code": "a", "Value": "1"}, {"Value": "2"}]})).await;
    let code = page.labelled("The Code of The Parameter 2");
    code.leave().await;
    assert_eq!(code.attribute("aria-invalid").as_deref(), Some("true"));
    let described = code.described();
    assert!(described[0].contains("What Code is for."), "{described:?}");
    assert_eq!(described[1], "Error: The Parameter 2: choose a code, or remove the row");
}

#[wasm_bindgen_test]
async fn a_list_of_plain_values() {
    let kind = json!({"type": "list", "item": text()});
    let page = show(operation(vec![field("Tags", kind, json!({}))])).await;
    page.button("Add a row to The Tags").press().await;
    let first = page.by_id(&page.focused());
    first.type_in("x").await;
    assert_eq!(page.said(), json!({"Tags": ["x"]}));
    first.type_in("").await;
    first.leave().await;
    assert_eq!(first.described(), ["Error: The Tags 1: enter a value, or remove the row"]);
}

#[wasm_bindgen_test]
async fn members_are_sent_only_when_given_and_0_is_given() {
    let kind = json!({"type": "object", "min_members": 1, "fields": [
        field("basic_bandwidth", text(), json!({})), field("type", integer(), json!({}))
    ]});
    let page =
        show(operation(vec![field("upgrade_data", kind, json!({"required": true, "role": "target"}))])).await;
    let number = page.labelled("The type");
    assert_eq!(page.said(), json!({}));
    number.type_in("0").await;
    assert_eq!(page.said(), json!({"upgrade_data": {"type": 0}}));
    page.labelled("The basic_bandwidth").type_in("30").await;
    assert_eq!(page.said(), json!({"upgrade_data": {"basic_bandwidth": "30", "type": 0}}), "text stays text");
    number.type_in("").await;
    page.labelled("The basic_bandwidth").type_in("").await;
    page.button("Review the change").press().await;
    assert_eq!(page.sent.get_untracked(), 0);
    assert_eq!(page.summary().len(), 1);
    assert!(page.summary()[0].1.starts_with("The upgrade_data"), "{:?}", page.summary());
}

#[wasm_bindgen_test]
async fn free_members_have_a_name_a_type_and_a_value() {
    let page = show(operation(vec![field("Parameters", json!({"type": "free-object"}), json!({}))])).await;
    let add = page.button("Add a row to The Parameters");
    for (name, kind, value) in [
        ("a", "text", "1"),
        ("b", "number", "12345678901234567"),
        ("c", "boolean", "true"),
        ("d", "json", "[1, null]"),
    ] {
        add.press().await;
        let name_input = page.by_id(&page.focused());
        name_input.type_in(name).await;
        let id = name_input.0.id().trim_end_matches("-name").to_owned();
        page.by_id(&format!("{id}-kind")).choose(kind).await;
        let input = page.by_id(&id);
        if kind == "boolean" { input.choose(value).await } else { input.type_in(value).await }
    }
    let said = json!({"Parameters": {"a": "1", "b": 12_345_678_901_234_567_i64, "c": true, "d": [1, null]}});
    assert_eq!(page.said(), said);

    // As JSON, and back.
    page.button("Edit as JSON").press().await;
    let area = page.find("textarea[aria-label='JSON of The Parameters']").unwrap();
    let area = page.by_id(&area.id());
    assert_eq!(parse_text(&area.value()).unwrap(), said["Parameters"]);
    area.type_in("{\"a\": \"1\",\n \"b\" 2}").await;
    area.leave().await;
    assert!(area.described().last().unwrap().contains("line 2, column"), "{:?}", area.described());
    assert_eq!(page.said(), said, "what could be read last stands");
    area.type_in("{\"e\": 2}").await;
    page.button("Edit as rows").press().await;
    assert_eq!(page.said(), json!({"Parameters": {"e": 2}}));
    assert_eq!(page.all(".rows-item").len(), 1);
}

#[wasm_bindgen_test]
async fn a_free_member_can_be_a_secret() {
    let page = show(operation(vec![field("Parameters", json!({"type": "free-object"}), json!({}))])).await;
    page.button("Add a row to The Parameters").press().await;
    let name = page.by_id(&page.focused());
    name.type_in("InstancePassword").await;
    let id = name.0.id().trim_end_matches("-name").to_owned();
    page.by_id(&format!("{id}-kind")).choose("secret").await;
    let value = page.by_id(&id);
    assert_eq!(value.attribute("type").as_deref(), Some("password"));
    assert_eq!(value.attribute("autocomplete").as_deref(), Some("new-password"));
    value.type_in("swordfish").await;
    page.button("Edit as JSON").press().await;
    let area = page.find("textarea[aria-label='JSON of The Parameters']").unwrap();
    assert!(page.by_id(&area.id()).value().contains("••••••••"));
    assert!(!page.text().contains("swordfish") && !page.markup().contains("swordfish"));
    let output = page.form.output();
    assert_eq!(output.secret_pointers, ["/Parameters/InstancePassword"]);
    assert_eq!(output.secrets[0].1.reveal(), "swordfish");
    assert_eq!(page.said(), json!({"Parameters": {}}));
}
