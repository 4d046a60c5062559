//! An operation with the fields that the cloud's own lists help with, and those lists.

use catalog::model::Operation;
use catalog::read_json::{Members, ReadJson};
use catalog::read_members;
use serde_json::{Map, Value};
use std::sync::Arc;

/// An operation, and where choices can be asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    /// The operation.
    pub operation: Arc<Operation>,
    /// Pointers into the parameters; `*` stands for any index or name.
    pub choices: Vec<String>,
}

impl ReadJson for Offered {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        let operation = Arc::new(Operation::collect(value, fits));
        Offered { operation, choices: Members::of(value, fits).or_default("choices") }
    }
}

/// What choices are asked for with.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoicesRequest {
    /// The profile's name.
    pub profile: String,
    /// Pointer to the field.
    pub field: String,
    /// What the form says, secrets masked.
    pub parameters: Map<String, Value>,
    /// What was typed; empty for everything.
    pub query: String,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

/// One choice.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// What is put into the field.
    pub value: Value,
    /// What it is called.
    pub label: String,
    /// What else helps to choose.
    pub details: Vec<Detail>,
    /// Why it cannot be chosen.
    pub unavailable: Option<String>,
    /// Values of other fields that the row knows, by pointer.
    pub fills: Map<String, Value>,
}

/// One detail of a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detail {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}

read_members!(Choice { value } or_default { label, details, unavailable, fills });
read_members!(Detail { label, value });

impl ChoicesRequest {
    /// As it is sent; what is empty is left out.
    pub(super) fn body(&self) -> Value {
        let mut body = Map::new();
        let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
        put("profile", Value::from(self.profile.as_str()));
        put("field", Value::from(self.field.as_str()));
        put("parameters", Value::Object(self.parameters.clone()));
        if !self.query.is_empty() {
            put("query", Value::from(self.query.as_str()));
        }
        if let Some(cursor) = &self.cursor {
            put("cursor", Value::from(cursor.as_str()));
        }
        Value::Object(body)
    }
}
