//! One validation for page and server: parameters against an operation.

use crate::model::{Field, Kind, Language, Operation};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Something wrong with one value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// JSON pointer into the parameters, e.g. `/Parameter/1/Value`.
    pub pointer: String,
    /// What is wrong.
    pub complaint: Complaint,
}

/// What is wrong with a value, with what is needed to say what would be right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Complaint {
    /// Required and not given (absent or null).
    Missing,
}

impl Complaint {
    /// Stable code, e.g. `missing`, as in the HTTP API.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Complaint::Missing => "missing",
        }
    }

    /// What is wrong and what would be right, as a sentence that names the field.
    #[must_use]
    pub fn words(&self, title: &str, language: Language) -> String {
        let _ = (title, language);
        String::new()
    }
}

/// Checks parameters; an empty list means that they fit. In the order of the fields.
#[must_use]
pub fn validate(operation: &Operation, parameters: &Map<String, Value>) -> Vec<Problem> {
    let _ = (operation, parameters);
    Vec::new()
}

/// Checks one value of a field, with pointers below `pointer`.
#[must_use]
pub fn validate_field(field: &Field, value: Option<&Value>, pointer: &str) -> Vec<Problem> {
    let _ = (field, value, pointer);
    Vec::new()
}

/// Checks a value against a kind.
#[must_use]
pub fn validate_kind(kind: &Kind, value: &Value, pointer: &str) -> Vec<Problem> {
    let _ = (kind, value, pointer);
    Vec::new()
}

/// The field that a pointer names, through objects and lists, e.g. `/Parameter/0/Code`.
#[must_use]
pub fn field_at<'a>(operation: &'a Operation, pointer: &str) -> Option<&'a Field> {
    let _ = pointer;
    operation.fields.first()
}
