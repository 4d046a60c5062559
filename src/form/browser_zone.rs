//! The zone of the browser, which changes its clock when the person travels or emulates another one.

use crate::form::time::Zone;
use js_sys::Date;
use wasm_bindgen::JsValue;

/// The zone of the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BrowserZone;

impl Zone for BrowserZone {
    fn offset_seconds(&self, epoch_ms: i64) -> i32 {
        // Milliseconds of the calendar's years are far below 2^53.
        #[expect(clippy::cast_precision_loss, reason = "instants of the calendar fit a double exactly")]
        let minutes = Date::new(&JsValue::from_f64(epoch_ms as f64)).get_timezone_offset();
        // Not a number for an instant outside the calendar.
        if !minutes.is_finite() {
            return 0;
        }
        #[expect(clippy::cast_possible_truncation, reason = "offsets lie within a day")]
        let seconds = (-minutes * 60.0).round() as i32;
        seconds
    }
}

/// A fresh idempotency token from the browser's own random numbers. Empty where it has none: then the server makes
/// the token of the plan.
#[must_use]
pub fn fresh_token() -> String {
    use crate::form::token::{TOKEN_BYTES, from_random};
    let mut bytes = [0; TOKEN_BYTES];
    let crypto = crate::browser::window().and_then(|window| window.crypto().ok());
    match crypto.map(|crypto| crypto.get_random_values_with_u8_array(&mut bytes)) {
        Some(Ok(_)) => from_random(&bytes),
        _ => String::new(),
    }
}
