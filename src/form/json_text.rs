//! The JSON beside the form: read strictly, with positions that a person can find. Pure.

use catalog::strict_json::{self, JsonError};
use serde_json::{Map, Value};

/// Why a text is not the parameters of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonSlip {
    /// It cannot be read. The column counts characters, not bytes.
    Unreadable(JsonError),
    /// It is JSON, but no object.
    NotAnObject,
}

/// Reads the parameters of a request.
///
/// # Errors
/// When the text is no JSON object, or one that two parsers could read differently.
pub fn parse(text: &str) -> Result<Map<String, Value>, JsonSlip> {
    match strict_json::parse_text(text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(JsonSlip::NotAnObject),
        Err(error) => Err(JsonSlip::Unreadable(in_characters(text, error))),
    }
}

/// The same error with a column that counts characters, as people do.
#[must_use]
pub fn in_characters(text: &str, error: JsonError) -> JsonError {
    let line = text.lines().nth(error.line.saturating_sub(1)).unwrap_or_default();
    let before = line.char_indices().filter(|(at, _)| *at < error.column.saturating_sub(1)).count();
    // A column past the end of the line stays past it.
    let column = if error.column > line.len() { line.chars().count() + 1 } else { before + 1 };
    JsonError { column: column.max(1), ..error }
}

/// The text of the parameters, two blanks to a level.
#[must_use]
pub fn print(parameters: &Map<String, Value>) -> String {
    serde_json::to_string_pretty(parameters).unwrap_or_default()
}

/// A value as it would be typed.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
