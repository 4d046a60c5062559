//! An instant on three clocks, and the 24 hours that a start must lie ahead.

use super::model::{field, operation, text};
use super::page::{NOW, Page, settle, show, show_filled};
use serde_json::json;
use upgrade_console::form::browser_zone::BrowserZone;
use upgrade_console::form::time::{Civil, UTC, Zone};
use wasm_bindgen_test::wasm_bindgen_test;

/// 22 Nov 2026 18:00 UTC.
const LATER: i64 = 1_795_370_400_000;

fn schedule() -> catalog::Operation {
    let instant = json!({"type": "integer", "bits": 64, "epoch_ms": true});
    let start = json!({"role": "start-time", "required": true, "example": 1_702_974_655_000_i64});
    operation(vec![
        field("server_id", text(), json!({"role": "instance"})),
        field("upgrade_time", instant, start),
        field("cancel", json!({"type": "boolean"}), json!({"role": "cancel"})),
    ])
}

fn faces(page: &Page) -> Vec<String> {
    page.all(".clocks time").iter().map(|face| face.text_content().unwrap()).collect()
}

#[wasm_bindgen_test]
async fn one_instant_on_three_clocks_whichever_is_typed_in() {
    let page = show(schedule()).await;
    let input = page.labelled("The upgrade_time");
    let clock = page.labelled("Clock you type in");
    assert_eq!(input.attribute("type").as_deref(), Some("datetime-local"));
    assert!(!page.text().contains("1702974655000"), "an example that is long past is not offered");
    assert!(page.text().contains("Now, on the simulated clock"), "it is not the browser's");
    clock.choose("utc").await;
    input.type_in("2026-11-22T18:00").await;
    assert_eq!(page.said(), json!({"upgrade_time": LATER}));
    let here = Civil::at(LATER, &BrowserZone).unwrap();
    assert_eq!(faces(&page), [here.time_of_day(), "18:00".to_owned(), "02:00".to_owned()]);
    assert!(page.text().contains("Monday 23 Nov 2026"), "the day is said, because it differs");
    assert!(page.text().contains("1795370400000"), "and what is sent");

    // Another clock shows the same instant; typing in it changes it.
    clock.choose("beijing").await;
    assert_eq!(input.value(), "2026-11-23T02:00");
    assert_eq!(page.said(), json!({"upgrade_time": LATER}));
    input.type_in("2026-11-23T03:00").await;
    assert_eq!(page.said(), json!({"upgrade_time": LATER + 3_600_000}));
    clock.choose("browser").await;
    assert_eq!(input.value(), Civil::at(LATER + 3_600_000, &BrowserZone).unwrap().input_value());
    assert_eq!(page.said(), json!({"upgrade_time": LATER + 3_600_000}));
}

#[wasm_bindgen_test]
async fn the_browser_and_this_page_agree_on_every_offset() {
    for day in 0..800 {
        let instant = NOW + day * 43_200_000;
        let theirs = js_sys::Date::new(&wasm_bindgen::JsValue::from_f64(instant as f64));
        let ours = Civil::at(instant, &BrowserZone).unwrap();
        assert_eq!((theirs.get_hours(), theirs.get_minutes()), (ours.hour, ours.minute));
        assert_eq!(theirs.get_date(), ours.day);
        assert_eq!(Civil::at(instant, &UTC).unwrap().hour, theirs.get_utc_hours());
    }
    assert_eq!(
        BrowserZone.offset_seconds(i64::MAX),
        0,
        "an instant outside the calendar is no reason to stop"
    );
}

#[wasm_bindgen_test]
async fn a_start_that_is_too_early_says_the_earliest_and_offers_it() {
    let page = show(schedule()).await;
    let input = page.labelled("The upgrade_time");
    page.labelled("Clock you type in").choose("utc").await;
    input.type_in("2026-11-21T08:00").await;
    input.leave().await;
    assert_eq!(input.attribute("aria-invalid").as_deref(), Some("true"));
    let error = page.find(".field-error").unwrap().text_content().unwrap();
    let earliest = Civil::at(NOW + 24 * 3_600_000 + 355_000, &BrowserZone).unwrap();
    assert!(
        error.contains(&format!("choose 21 Nov 2026 {} ", earliest.time_of_day()))
            || !error.contains("20:20"),
        "{error}"
    );
    assert!(error.contains("11 h 45 min ahead"), "{error}");
    assert!(input.described().iter().any(|words| words.contains("5 minutes more")));
    let offers: Vec<_> = page
        .all("button")
        .into_iter()
        .filter(|button| button.text_content().unwrap().starts_with("Use 21 Nov"))
        .collect();
    assert_eq!(offers.len(), 1);
    page.button(&offers[0].text_content().unwrap()).press().await;
    assert_eq!(page.focused(), input.0.id(), "the button is gone, the time that it filled in is not");
    // 24 hours and 5 minutes after 20:14:05, on the next whole minute: 20:20.
    assert_eq!(input.value(), "2026-11-21T20:20");
    assert_eq!(page.said(), json!({"upgrade_time": 1_795_292_400_000_i64}));
    assert_eq!(input.attribute("aria-invalid"), None);
    assert!(page.find(".field-error").is_none());
}

#[wasm_bindgen_test]
async fn what_stands_in_the_way_is_said_as_it_is_now() {
    let page = show_filled(schedule(), json!({"upgrade_time": NOW + 3_600_000})).await;
    page.form.submitted().set(true);
    page.form.summary().set(page.form.problems_now());
    settle().await;
    let said = |page: &Page| {
        let error = page.find(".field-error > span").unwrap().text_content().unwrap();
        let summary = page.form.open_problems();
        assert_eq!(summary.len(), 1);
        assert!(error.ends_with(&summary[0].text), "{error} is not {}", summary[0].text);
        error
    };
    let before = said(&page);
    assert!(before.contains("is 1 h ahead, it needs 24 h 5 min"), "{before}");
    // Half an hour goes by.
    page.form.now().set(NOW + 1_800_000);
    settle().await;
    assert!(said(&page).contains("is 30 min ahead"));
}

#[wasm_bindgen_test]
async fn taking_a_start_back_needs_no_24_hours() {
    let page = show_filled(schedule(), json!({"upgrade_time": NOW + 60_000})).await;
    page.labelled("The upgrade_time").leave().await;
    assert!(page.find(".field-error").is_some());
    page.labelled("Yes (true)").press().await;
    assert!(page.find(".field-error").is_none());
    assert_eq!(page.said(), json!({"upgrade_time": NOW + 60_000, "cancel": true}));
}

#[wasm_bindgen_test]
async fn milliseconds_from_json_are_not_lost() {
    let page = show_filled(schedule(), json!({"upgrade_time": LATER + 123})).await;
    assert_eq!(page.said(), json!({"upgrade_time": LATER + 123}));
    page.labelled("The upgrade_time").leave().await;
    assert_eq!(page.said(), json!({"upgrade_time": LATER + 123}));
}
