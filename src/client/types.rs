//! Who I am, which accounts there are, and what a field can be set to.

use catalog::model::{Cloud, Site};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one starts; `None` on the last.
    #[serde(default = "Option::default")]
    pub next: Option<String>,
}

/// Whether a profile acts on the simulated clouds or on real ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A rehearsal.
    Simulated,
    /// A real account.
    Live,
}

/// A named account to act as. Never a credential.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Whose account.
    pub cloud: Cloud,
    /// Simulated or live.
    pub mode: Mode,
    /// The region that forms are prefilled with.
    #[serde(default)]
    pub region: Option<String>,
    /// The account site, Alibaba only.
    #[serde(default)]
    pub site: Option<Site>,
    /// The project, Huawei only.
    #[serde(default)]
    pub project_id: Option<String>,
    /// The domain, Huawei only.
    #[serde(default)]
    pub domain_id: Option<String>,
}

/// Who I am, and what this server can do.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Session {
    /// My name.
    pub user: String,
    /// What I may do.
    #[serde(default)]
    pub roles: Vec<String>,
    /// The server's version.
    #[serde(default)]
    pub version: String,
    /// What is switched on.
    #[serde(default)]
    pub features: Features,
    /// The clock of the simulated clouds, RFC 3339.
    #[serde(default)]
    pub now: Option<String>,
    /// How far that clock is ahead of real time, in seconds.
    #[serde(default)]
    pub clock_offset_seconds: i64,
}

/// What is switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Features {
    /// Live profiles are allowed.
    pub live: bool,
    /// Simulated clouds run in this server.
    pub simulator: bool,
    /// Plans need approvals.
    pub approvals: bool,
}

/// A question for what a field can be set to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChoicesRequest {
    /// The profile to ask as.
    pub profile: String,
    /// The field's name.
    pub field: String,
    /// What is typed so far.
    pub parameters: Map<String, Value>,
    /// What to look for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Where the page starts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// One thing that a field can be set to.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Choice {
    /// The value as it is sent.
    pub value: Value,
    /// What to call it.
    #[serde(default)]
    pub label: String,
    /// More about it: a string, or a list or object of them; see [`Choice::lines`].
    #[serde(default)]
    pub details: Value,
    /// Why it cannot be chosen; `None` when it can.
    #[serde(default)]
    pub unavailable: Option<String>,
    /// Other fields that this choice sets, by JSON pointer into the parameters.
    #[serde(default)]
    pub fills: Map<String, Value>,
}

impl Choice {
    /// The details as (label, value) pairs; the label is empty where there is none.
    #[must_use]
    pub fn lines(&self) -> Vec<(String, String)> {
        fn words(value: &Value) -> String {
            match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            }
        }
        match &self.details {
            Value::Null => Vec::new(),
            Value::Array(items) => items
                .iter()
                .map(|item| match item {
                    Value::Object(members) if members.contains_key("value") => (
                        members.get("label").map(words).unwrap_or_default(),
                        members.get("value").map(words).unwrap_or_default(),
                    ),
                    other => (String::new(), words(other)),
                })
                .collect(),
            Value::Object(members) => {
                members.iter().map(|(label, value)| (label.clone(), words(value))).collect()
            }
            other => vec![(String::new(), words(other))],
        }
    }
}
