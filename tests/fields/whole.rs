//! The whole form: what stands in the way, and the JSON beside it.

use super::model::{field, integer, operation, text};
use super::page::{show, show_filled};
use catalog::strict_json::parse_text;
use serde_json::json;
use upgrade_console::form::problems::Verdict;
use wasm_bindgen_test::wasm_bindgen_test;

fn two_fields() -> catalog::Operation {
    operation(vec![
        field("Size", integer(), json!({"required": true})),
        field("InstanceId", text(), json!({"required": true, "role": "instance"})),
        field("Note", text(), json!({})),
    ])
}

#[wasm_bindgen_test]
async fn an_empty_form_says_what_is_missing_in_the_order_and_words_of_the_fields() {
    let page = show(two_fields()).await;
    assert!(page.find(".field-error").is_none(), "nothing is wrong before anything was tried");
    page.button("Review the change").press().await;
    super::page::settle().await;
    assert_eq!(page.sent.get_untracked(), 0);
    assert_eq!(page.focused(), "error-summary");
    assert_eq!(page.find(".error-summary h2").unwrap().text_content().unwrap(), "There is a problem");
    let beside: Vec<(String, String)> = page
        .all(".field-error")
        .iter()
        .map(|error| {
            let id = error.id();
            (
                format!("#{}", id.trim_end_matches("-error")),
                error.text_content().unwrap().replacen("Error: ", "", 1),
            )
        })
        .collect();
    assert_eq!(page.summary(), beside);
    assert_eq!(beside.len(), 2);
    // Each link focuses its field.
    let (target, _) = beside[1].clone();
    let link = page.all(".error-summary a").remove(1);
    wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(link).click();
    super::page::settle().await;
    assert_eq!(format!("#{}", page.focused()), target);
    // What is mended leaves the list.
    page.labelled("The Size").type_in("1").await;
    assert_eq!(page.summary().len(), 1);
    page.labelled("The InstanceId").type_in("i-1").await;
    assert_eq!(page.summary().len(), 0);
    page.button("Review the change").press().await;
    assert_eq!(page.sent.get_untracked(), 1);
}

#[wasm_bindgen_test]
async fn the_json_fills_the_form_and_the_form_the_json() {
    let page = show(two_fields()).await;
    page.labelled("The Size").type_in("9007199254740993").await;
    let shown = page.by_id("request-json").0.text_content().unwrap();
    assert_eq!(parse_text(&shown).unwrap(), page.said());

    page.button("Edit").press().await;
    let area = page.by_id("request-json");
    assert_eq!(page.focused(), "request-json");
    area.type_in("{\"InstanceId\": \"i-1\", \"Size\": 7}").await;
    assert_eq!(page.labelled("The InstanceId").value(), "i-1");
    assert_eq!(page.labelled("The Size").value(), "7");

    // Text that cannot be read is kept, with the place; the form keeps what it said.
    let broken = "{\n  \"InstanceId\": \"中文\", \"Size\": 8,\n}";
    area.type_in(broken).await;
    assert_eq!(area.value(), broken);
    assert_eq!(area.attribute("aria-invalid").as_deref(), Some("true"));
    assert!(area.described()[0].contains("line 3, column 1"), "{:?}", area.described());
    assert_eq!(page.labelled("The Size").value(), "7");
    page.button("Done").press().await;
    assert_eq!(page.by_id("request-json").value(), broken, "Done does not lose it");
    page.button("Review the change").press().await;
    assert_eq!(page.sent.get_untracked(), 0);
    assert!(
        page.summary().iter().any(|(target, words)| target == "#request-json" && words.contains("line 3"))
    );

    // Unknown names are refused and kept.
    page.by_id("request-json").type_in("{\"InstanceId\": \"i-1\", \"Size\": 8, \"Sise\": 9}").await;
    assert_eq!(page.said(), json!({"InstanceId": "i-1", "Size": 8, "Sise": 9}));
    assert!(page.text().contains("Not valid: 1 problem"));
    page.by_id("request-json").type_in("{\"InstanceId\": \"i-1\", \"Size\": 8}").await;
    page.button("Done").press().await;
    assert_eq!(page.by_id("request-json").0.tag_name(), "PRE");
    assert!(page.text().contains("Valid"));
}

#[wasm_bindgen_test]
async fn another_type_in_the_json_is_kept_and_refused() {
    let page = show_filled(two_fields(), json!({"Size": "12", "InstanceId": 5})).await;
    assert_eq!(page.said(), json!({"Size": "12", "InstanceId": 5}));
    page.labelled("The Size").leave().await;
    let error = page.find(".field-error").unwrap().text_content().unwrap();
    assert!(error.contains("without quotation marks"), "{error}");
    page.labelled("The Size").type_in("12").await;
    assert_eq!(page.said(), json!({"Size": 12, "InstanceId": 5}));
}

#[wasm_bindgen_test]
async fn the_words_of_the_server_stand_beside_the_field_until_it_changes() {
    let page = show_filled(two_fields(), json!({"Size": 1, "InstanceId": "i-1"})).await;
    page.form.verdicts().set(vec![Verdict {
        pointer: "/InstanceId".into(),
        detail: "The instance is stopped".into(),
        value: Some(json!("i-1")),
    }]);
    super::page::settle().await;
    let input = page.labelled("The InstanceId");
    assert_eq!(input.attribute("aria-invalid").as_deref(), Some("true"));
    assert!(input.described().contains(&"Error: The instance is stopped".to_owned()));
    input.type_in("i-2").await;
    assert_eq!(input.attribute("aria-invalid"), None);
}

#[wasm_bindgen_test]
async fn every_field_stands_once_with_its_documented_name() {
    let page = show(two_fields()).await;
    let names: Vec<String> = page.all(".field-api").iter().map(|name| name.text_content().unwrap()).collect();
    assert_eq!(names, ["Size", "InstanceId", "Note"], "what stands before the instance narrows it down");
    let legends: Vec<String> =
        page.all("legend").iter().map(|legend| legend.text_content().unwrap()).collect();
    assert_eq!(legends.first().map(String::as_str), Some("Which instance"));
}
