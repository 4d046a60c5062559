//! Texts that are searched by what a person types, whatever the case of either.

use js_sys::JsString;

/// Whether a text holds what was typed.
#[must_use]
pub fn holds(text: &str, typed: &str) -> bool {
    lower(text).includes(&String::from(lower(typed)), 0)
}

/// Whether a text holds every word of what was typed.
#[must_use]
pub fn holds_all(text: &str, typed: &str) -> bool {
    let text = lower(text);
    typed.split_whitespace().all(|word| text.includes(&String::from(lower(word)), 0))
}

/// As the browser writes it in lower case: it has the tables that the page would have to download.
fn lower(text: &str) -> JsString {
    JsString::from(text).to_lower_case()
}
