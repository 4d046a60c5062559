//! Plans: what was validated and frozen, what it means, and what confirming it needs.

use super::{Answer, Mode, SecretValues};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Parameters to be frozen.
#[derive(Clone, Serialize)]
pub struct PlanRequest {
    /// The operation's id.
    pub operation: String,
    /// The profile's name.
    pub profile: String,
    /// By the vendor's names and JSON types, without secrets.
    pub parameters: Map<String, Value>,
    /// Secret values by pointer.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: SecretValues,
    /// Pointers that the person marked as secret.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secret_pointers: Vec<String>,
}

/// Parameters to be shown as a request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PreviewRequest {
    /// The profile's name.
    pub profile: String,
    /// By the vendor's names and JSON types.
    pub parameters: Map<String, Value>,
    /// Pointers whose values are masked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secret_pointers: Vec<String>,
}

/// The exact request, with the access key masked and the signature cut.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Preview {
    /// HTTP method.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// In the order in which they are sent.
    #[serde(default)]
    pub headers: Vec<SentHeader>,
    /// The body; empty when there is none.
    #[serde(default)]
    pub body: String,
    /// What is hashed for the signature.
    #[serde(default)]
    pub canonical_request: String,
    /// What is signed.
    #[serde(default)]
    pub string_to_sign: String,
}

/// A header of the exact request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SentHeader {
    /// Its name.
    pub name: String,
    /// Its value, masked where it must be.
    pub value: String,
}

/// A validated and frozen change.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Plan {
    /// Its id.
    pub id: String,
    /// The operation's id.
    pub operation: String,
    /// The profile's name.
    pub profile: String,
    /// Simulated or live.
    pub mode: Mode,
    /// What is sent, secrets masked.
    #[serde(default)]
    pub parameters: Map<String, Value>,
    /// What confirming has to quote.
    pub payload_hash: String,
    /// What it means.
    pub review: Review,
    /// What confirming asks for.
    #[serde(default)]
    pub needs: Needs,
    /// RFC 3339.
    #[serde(default)]
    pub expires_at: String,
    /// The run that came of it.
    #[serde(default)]
    pub run: Option<String>,
    /// RFC 3339.
    #[serde(default)]
    pub created_at: String,
    /// Who made it.
    #[serde(default)]
    pub created_by: String,
    /// The operation's title in words.
    #[serde(default)]
    pub title: String,
    /// What it is changed to, in short.
    #[serde(default)]
    pub target: Option<String>,
    /// Where its secrets are.
    #[serde(default)]
    pub secret_pointers: Vec<String>,
    /// The last dry run.
    #[serde(default)]
    pub dry_run: Option<DryRunRecord>,
}

/// What a plan means, in words.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Review {
    /// The id of the instance.
    pub instance: String,
    /// Changed values only.
    pub changes: Vec<Change>,
    /// What it costs.
    pub cost: String,
    /// `free`, `unknown` or `order`.
    pub cost_kind: String,
    /// Whether it can be taken back.
    pub reversible: String,
    /// `yes`, `partly` or `no`.
    pub reversible_kind: String,
    /// When it takes effect.
    pub effective: String,
    /// What to mind.
    pub warnings: Vec<String>,
}

/// One changed value.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Change {
    /// What it is.
    pub label: String,
    /// Now; `None` when nobody can know.
    #[serde(default)]
    pub from: Option<String>,
    /// After.
    pub to: String,
}

/// What confirming asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Needs {
    /// The typed id of the instance.
    pub instance_id: bool,
    /// A tick that the cost is not known.
    pub accept_unknown_cost: bool,
    /// A written reason.
    pub reason: bool,
    /// Approvals by others that are still missing.
    pub approvals: u32,
}

/// The last dry run of a plan.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct DryRunRecord {
    /// RFC 3339.
    pub at: String,
    /// Whether the cloud found nothing wrong.
    pub passed: bool,
    /// What it answered.
    #[serde(default)]
    pub answer: Option<Answer>,
    /// Parameters that the target needs and the plan lacks.
    #[serde(default)]
    pub required_parameters: Vec<String>,
}

/// What came of a dry run.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct DryRunAnswer {
    /// Whether the cloud found nothing wrong.
    pub passed: bool,
    /// What it answered.
    #[serde(default)]
    pub answer: Option<Answer>,
    /// Parameters that the target needs and the plan lacks.
    #[serde(default)]
    pub required_parameters: Vec<String>,
    /// The plan as it is now.
    #[serde(default)]
    pub plan: Option<Plan>,
}

/// A confirmation.
#[derive(Clone, Serialize)]
pub struct ConfirmRequest {
    /// The payload that was reviewed.
    pub payload_hash: String,
    /// What was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation: Option<Confirmation>,
    /// The secrets, once more.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: SecretValues,
}

/// What the person did to confirm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Confirmation {
    /// The id as typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance_id: Option<String>,
    /// The tick.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept_unknown_cost: Option<bool>,
    /// The written reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
