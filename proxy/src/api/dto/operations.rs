//! Operations: the exact request that values come to, and choices from the cloud.

use crate::{body::Members, choices::Choice};
use catalog::model::Language;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a preview is asked for with.
#[derive(Deserialize, ToSchema)]
pub struct PreviewBody {
    /// Profile name.
    pub profile: String,
    /// By the vendor's names.
    #[schema(value_type = Object)]
    pub parameters: Map<String, Value>,
    /// Values to mask, by JSON pointer into the parameters.
    #[serde(default)]
    pub secret_pointers: Vec<String>,
}

impl Members for PreviewBody {
    const NAMES: &'static [&'static str] = &["profile", "parameters", "secret_pointers"];
}

/// What choices are asked for with.
#[derive(Deserialize, ToSchema)]
pub struct ChoicesBody {
    /// Profile name.
    pub profile: String,
    /// The field: its name, or a JSON pointer into the parameters.
    pub field: String,
    /// What the form holds so far.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub parameters: Map<String, Value>,
    /// What was typed.
    pub query: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

impl Members for ChoicesBody {
    const NAMES: &'static [&'static str] = &["profile", "field", "parameters", "query", "cursor"];
}

/// A choice.
#[derive(Serialize, ToSchema)]
pub struct ChoiceView {
    /// What is put into the field; empty in a last line that only says, as `unavailable`, what the list does not show.
    pub value: Value,
    /// What it is called.
    pub label: String,
    /// What else helps to choose.
    pub details: Vec<DetailView>,
    /// Why it cannot be chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unavailable: Option<String>,
    /// Other fields that the row knows, by JSON pointer into the parameters.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fills: BTreeMap<String, Value>,
}

/// One detail of a choice.
#[derive(Serialize, ToSchema)]
pub struct DetailView {
    /// What it is.
    pub label: String,
    /// Its value.
    pub value: String,
}

impl ChoiceView {
    /// In a language.
    #[must_use]
    pub fn new(choice: &Choice, language: Language) -> Self {
        Self {
            value: choice.value.clone(),
            label: choice.label.clone(),
            details: choice
                .details
                .iter()
                .map(|(label, value)| DetailView {
                    label: label.get(language).to_owned(),
                    value: value.get(language).to_owned(),
                })
                .collect(),
            unavailable: choice.unavailable.as_ref().map(|why| why.get(language).to_owned()),
            fills: choice.fills.clone(),
        }
    }
}

/// A header.
#[derive(Serialize, ToSchema)]
pub struct HeaderView {
    /// Its name as sent.
    pub name: String,
    /// Its value; what is secret is masked.
    pub value: String,
}

/// The exact request, with secrets masked, the access key id shortened and the signature cut.
#[derive(Serialize, ToSchema)]
pub struct Preview {
    /// HTTP method.
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// Headers in the order sent.
    pub headers: Vec<HeaderView>,
    /// The body; empty when there is none.
    pub body: String,
    /// What is hashed and signed; empty for a profile that logs in with a token.
    pub canonical_request: String,
    /// The string that is signed; empty for a profile that logs in with a token.
    pub string_to_sign: String,
}
