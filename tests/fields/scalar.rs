//! Text, numbers, choices, yes and no, secrets, the token.

use super::model::{choices, field, integer, operation, text};
use super::page::{show, show_filled};
use catalog::model::Language;
use catalog::strict_json::parse_text;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
async fn text_is_named_helped_and_refused_in_words() {
    let kind = json!({"type": "text", "open": true, "pattern": "^si-", "pattern_words": {"en": "start it with si-", "zh": "请以 si- 开头"}});
    let page =
        show(operation(vec![field("InstanceId", kind, json!({"required": true, "role": "instance"}))])).await;
    let input = page.labelled("The InstanceId");
    assert_eq!(page.find(".field-api").unwrap().text_content().unwrap(), "InstanceId");
    assert_eq!(page.find(".field-type").unwrap().text_content().unwrap(), "string, required");
    assert_eq!(input.described(), ["What InstanceId is for."]);
    assert_eq!(input.attribute("aria-invalid"), None);
    assert_eq!(input.attribute("aria-required").as_deref(), Some("true"));

    // While it is typed into, nothing is said; once it is left, it is.
    input.type_in("x-1").await;
    assert_eq!(input.attribute("aria-invalid"), None);
    input.leave().await;
    assert_eq!(input.attribute("aria-invalid").as_deref(), Some("true"));
    assert_eq!(
        input.described(),
        ["What InstanceId is for.", "Error: The InstanceId: start it with si-, you typed “x-1”"]
    );
    input.type_in("si-1").await;
    assert_eq!(input.attribute("aria-invalid"), None);
    assert_eq!(page.said(), json!({"InstanceId": "si-1"}));
}

#[wasm_bindgen_test]
async fn whole_numbers_keep_every_digit_and_every_slip() {
    let page =
        show(operation(vec![field("Size", integer(), json!({"unit": {"en": "GB", "zh": "GB"}}))])).await;
    let input = page.labelled("The Size");
    assert_eq!(
        (input.attribute("type").as_deref(), input.attribute("inputmode").as_deref()),
        (Some("text"), Some("numeric"))
    );
    assert_eq!(page.find(".unit").unwrap().text_content().unwrap(), "GB");
    input.type_in("9007199254740993").await;
    assert_eq!(page.said(), json!({"Size": 9_007_199_254_740_993_i64}));
    input.type_in("1 Gbit").await;
    input.leave().await;
    assert_eq!(input.value(), "1 Gbit");
    let error = page.find(".field-error").unwrap().text_content().unwrap();
    assert_eq!(error, "Error: The Size: enter a whole number, 0 or more, you typed “1 Gbit”");
    input.type_in("").await;
    assert_eq!(page.said(), json!({}), "empty is not sent");
    input.type_in("0").await;
    assert_eq!(page.said(), json!({"Size": 0}), "0 is a value");
}

#[wasm_bindgen_test]
async fn numbers_with_a_fraction() {
    let page = show(operation(vec![field("Ratio", json!({"type": "number"}), json!({}))])).await;
    let input = page.labelled("The Ratio");
    input.type_in("0.25").await;
    assert_eq!(page.said(), parse_text(r#"{"Ratio": 0.25}"#).unwrap());
}

#[wasm_bindgen_test]
async fn few_values_are_radio_buttons() {
    let kind = choices(&[json!("true"), json!("false")], false);
    let page = show(operation(vec![field("DryRun", kind, json!({"role": "dry-run"}))])).await;
    let group = page.find("[role=radiogroup]").unwrap();
    let label = group.get_attribute("aria-labelledby").unwrap();
    assert_eq!(page.by_id(&label).0.text_content().unwrap(), "The DryRun");
    assert!(page.labelled("Not sent").checked(), "optional and not chosen");
    let on = page.labelled("true");
    assert_eq!(on.described(), ["means true"]);
    on.press().await;
    assert!(on.checked());
    assert_eq!(page.said(), json!({"DryRun": "true"}), "the text, not the boolean");
    page.labelled("Not sent").press().await;
    assert_eq!(page.said(), json!({}));
    assert_eq!(page.all("input[type=radio]").len(), 3);
}

#[wasm_bindgen_test]
async fn many_values_are_a_select() {
    let months: Vec<_> = [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36].map(|month: i64| json!(month)).to_vec();
    let page =
        show(operation(vec![field("Period", choices(&months, false), json!({"required": true}))])).await;
    let select = page.labelled("The Period");
    assert_eq!(select.0.tag_name(), "SELECT");
    assert_eq!(select.value(), "", "nothing is chosen for the person");
    select.choose("12").await;
    assert_eq!(page.said(), json!({"Period": 12}), "an integer");
    select.choose("").await;
    select.leave().await;
    assert_eq!(select.attribute("aria-invalid").as_deref(), Some("true"));
}

#[wasm_bindgen_test]
async fn a_value_that_is_not_offered_is_shown_and_refused() {
    let months: Vec<_> = [1, 2, 3, 6, 12].map(|month: i64| json!(month)).to_vec();
    let page = show_filled(
        operation(vec![field("Period", choices(&months, false), json!({}))]),
        json!({"Period": 13}),
    )
    .await;
    let select = page.labelled("The Period");
    assert_eq!(select.value(), "13");
    select.leave().await;
    assert!(page.find(".field-error").unwrap().text_content().unwrap().contains("13"));
}

#[wasm_bindgen_test]
async fn open_values_can_be_typed() {
    let kind = choices(&[json!("0.10.2"), json!("2.2.0")], true);
    let page =
        show(operation(vec![field("Version", kind, json!({"required": true, "role": "target"}))])).await;
    page.labelled("Other value").press().await;
    let other = page.find("[aria-label='Other value for The Version']").expect("an input for other values");
    assert_eq!(page.focused(), other.id(), "the focus goes to what was opened");
    page.by_id(&other.id()).type_in("2.6.2").await;
    assert_eq!(page.said(), json!({"Version": "2.6.2"}));
    assert!(page.labelled("Other value").checked());
    page.labelled("2.2.0").press().await;
    assert_eq!(page.said(), json!({"Version": "2.2.0"}));
    assert!(page.find("[aria-label='Other value for The Version']").is_none());
}

#[wasm_bindgen_test]
async fn yes_no_and_not_sent_are_three_things() {
    let page = show(operation(vec![field("cancel", json!({"type": "boolean"}), json!({}))])).await;
    assert!(page.labelled("Not sent").checked());
    page.labelled("No (false)").press().await;
    assert_eq!(page.said(), json!({"cancel": false}));
    page.labelled("Yes (true)").press().await;
    assert_eq!(page.said(), json!({"cancel": true}));
    page.labelled("Not sent").press().await;
    assert_eq!(page.said(), json!({}));
}

#[wasm_bindgen_test]
async fn a_region_is_chosen_by_name() {
    let page = show_filled(
        operation(vec![field("RegionId", text(), json!({"role": "region"}))]),
        json!({"RegionId": "cn-north-4"}),
    )
    .await;
    let select = page.labelled("The RegionId");
    assert_eq!(select.value(), "cn-north-4");
    let option = page.find("option[value='cn-east-3']").unwrap();
    assert_eq!(option.text_content().unwrap(), "cn-east-3, CN East-Shanghai1");
    select.choose("cn-east-3").await;
    assert_eq!(page.said(), json!({"RegionId": "cn-east-3"}));
}

#[wasm_bindgen_test]
async fn a_secret_stands_in_its_input_and_nowhere_else() {
    let page = show(operation(vec![
        field("Password", text(), json!({"secret": true})),
        field("Note", text(), json!({})),
    ]))
    .await;
    let input = page.labelled("The Password");
    assert_eq!(input.attribute("type").as_deref(), Some("password"));
    assert_eq!(input.attribute("autocomplete").as_deref(), Some("new-password"));
    input.type_in("hunter2hunter2").await;
    page.labelled("The Note").type_in("seen").await;
    assert!(!page.text().contains("hunter2") && !page.markup().contains("hunter2"));
    assert!(page.text().contains("••••••••"), "the JSON says that there is one");
    assert_eq!(page.said(), json!({"Note": "seen"}));
    let secrets = page.form.output().secrets;
    assert_eq!(secrets.len(), 1);
    assert_eq!((secrets[0].0.as_str(), secrets[0].1.reveal()), ("/Password", "hunter2hunter2"));
    page.button("Show The Password").press().await;
    assert_eq!(input.attribute("type").as_deref(), Some("text"));
    assert!(!page.markup().contains("hunter2"), "shown in the input, not in the markup");
    page.button("Hide The Password").press().await;
    assert_eq!(input.attribute("type").as_deref(), Some("password"));
}

#[wasm_bindgen_test]
async fn a_token_is_made_kept_and_changed_on_purpose() {
    let page = show_filled(
        operation(vec![
            field("InstanceId", text(), json!({"role": "instance"})),
            field("ClientToken", text(), json!({"role": "client-token"})),
        ]),
        json!({"ClientToken": "given"}),
    )
    .await;
    let token = page.labelled("The ClientToken");
    page.form.renew_token();
    super::page::settle().await;
    let first = token.value();
    assert!(first.len() == 29 && first.starts_with("uc-") && first.is_ascii(), "{first}");
    assert!(token.attribute("readonly").is_some());
    page.labelled("The InstanceId").type_in("i-1").await;
    let second = token.value();
    assert_ne!(first, second, "another value, another token");
    page.button("Change The ClientToken").press().await;
    assert!(token.attribute("readonly").is_none());
    token.type_in("mine").await;
    page.labelled("The InstanceId").type_in("i-2").await;
    assert_eq!(page.said(), json!({"InstanceId": "i-2", "ClientToken": "mine"}));
    page.button("Make a new one").press().await;
    assert!(token.value().starts_with("uc-") && token.value() != second);
}

#[wasm_bindgen_test]
async fn examples_are_used_only_when_asked_for() {
    let page = show(operation(vec![field("Size", integer(), json!({"example": 42}))])).await;
    let input = page.labelled("The Size");
    assert_eq!(input.value(), "");
    assert!(page.text().contains("Example: 42"));
    page.button("Use example for The Size").press().await;
    assert_eq!(input.value(), "42");
    assert_eq!(page.said(), json!({"Size": 42}));
}

#[wasm_bindgen_test]
async fn another_language_changes_words_and_no_value() {
    let page = show(operation(vec![field("Size", integer(), json!({"required": true}))])).await;
    page.labelled("The Size").type_in("x").await;
    page.labelled("The Size").leave().await;
    page.speak(Language::Zh).await;
    let input = page.labelled("Size的标题");
    assert_eq!(input.value(), "x");
    assert_eq!(page.find(".field-type").unwrap().text_content().unwrap(), "integer，不小于 0，必填");
    assert_eq!(
        page.find(".field-error").unwrap().text_content().unwrap(),
        "错误：Size的标题：请输入不小于 0 的整数，输入的是“x”"
    );
    assert!(page.has_button("复核变更"));
}
