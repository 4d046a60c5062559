//! A draft as it lies in the storage of the browser: without secrets, and readable after the catalogue has changed.

use crate::form::draft::Draft;
use crate::form::output::Output;
use crate::form::time::Zone;
use catalog::model::{Field, Kind, Operation};
use catalog::read_json::ReadJson;
use catalog::read_members;
use catalog::text::Joined;
use serde_json::{Map, Value, json};

struct Stored {
    /// The names and types of the fields that `draft` was typed into.
    shape: String,
    draft: Draft,
    /// What `draft` said, masked: what remains when the shape is another one now.
    parameters: Map<String, Value>,
}

read_members!(Stored { shape, draft, parameters });

/// The draft without its secrets, as JSON.
#[must_use]
pub fn store(operation: &Operation, draft: &Draft, zone: &dyn Zone) -> Value {
    let output = Output::of(operation, draft, zone);
    let mut draft = draft.clone();
    // Unknown names may hold anything; they are refused anyway.
    draft.extra = Map::new();
    let mut parameters = output.masked;
    parameters.retain(|name, _| operation.fields.iter().any(|field| field.name == *name));
    forget_whole_secrets(operation, &mut draft);
    json!({"shape": shape(&operation.fields), "draft": draft.to_json(), "parameters": parameters})
}

/// Secrets that are no plain text have no input of their own that keeps them apart.
fn forget_whole_secrets(operation: &Operation, draft: &mut Draft) {
    for (field, entry) in operation.fields.iter().zip(&mut draft.entries) {
        if field.secret {
            *entry = crate::form::draft::Entry::blank(field);
        }
    }
}

/// The draft that was stored; `None` when it cannot be read.
#[must_use]
pub fn restore(operation: &Operation, stored: &Value, zone: &dyn Zone) -> Option<Draft> {
    let stored = Stored::read_json(stored)?;
    if stored.shape == shape(&operation.fields) && stored.draft.entries.len() == operation.fields.len() {
        return Some(stored.draft);
    }
    Some(Draft::from_parameters(operation, &stored.parameters, None, zone))
}

fn shape(fields: &[Field]) -> String {
    let parts: Vec<String> = fields
        .iter()
        .map(|field| format!("{}{}:{}", field.name, if field.secret { "!" } else { "" }, kind(&field.kind)))
        .collect();
    parts.joined(",")
}

fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Text { .. } => "t".to_owned(),
        Kind::Integer { epoch_ms, .. } => if *epoch_ms { "e" } else { "i" }.to_owned(),
        Kind::Number { .. } => "n".to_owned(),
        Kind::Boolean => "b".to_owned(),
        Kind::Object { fields, .. } => format!("{{{}}}", shape(fields)),
        Kind::FreeObject => "f".to_owned(),
        Kind::List { item, .. } => format!("[{}]", self::kind(item)),
    }
}
