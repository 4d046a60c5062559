//! Plans: what was validated and frozen, what it means, and what confirming it needs.

use super::{Answer, Mode, PlanKind, SecretValues};
use catalog::read_members;
use serde_json::{Map, Value};
use std::rc::Rc;
use zeroize::Zeroize;

/// The member of a body that holds secret values.
const SECRETS: &str = "secrets";

/// Parameters to be frozen.
#[derive(Clone)]
pub struct PlanRequest {
    /// The operation's id.
    pub operation: String,
    /// The profile's name.
    pub profile: String,
    /// By the vendor's names and JSON types, without secrets.
    pub parameters: Map<String, Value>,
    /// Secret values by pointer.
    pub secrets: SecretValues,
    /// Pointers that the person marked as secret.
    pub secret_pointers: Vec<String>,
}

/// Parameters to be shown as a request.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewRequest {
    /// The profile's name.
    pub profile: String,
    /// By the vendor's names and JSON types.
    pub parameters: Map<String, Value>,
    /// Pointers whose values are masked.
    pub secret_pointers: Vec<String>,
}

/// The exact request, with the access key masked and the signature cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    /// HTTP method.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// In the order in which they are sent.
    pub headers: Vec<SentHeader>,
    /// The body; empty when there is none.
    pub body: String,
    /// What is hashed for the signature.
    pub canonical_request: String,
    /// What is signed.
    pub string_to_sign: String,
}

/// A header of the exact request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentHeader {
    /// Its name.
    pub name: String,
    /// Its value, masked where it must be.
    pub value: String,
}

/// A validated and frozen change.
#[derive(Clone, Debug)]
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
    pub parameters: Map<String, Value>,
    /// What confirming has to quote.
    pub payload_hash: String,
    /// What it means.
    pub review: Review,
    /// What confirming asks for.
    pub needs: Needs,
    /// RFC 3339.
    pub expires_at: String,
    /// The run that came of it.
    pub run: Option<String>,
    /// RFC 3339.
    pub created_at: String,
    /// Who made it.
    pub created_by: String,
    /// The operation's title in words.
    pub title: String,
    /// What it is changed to, in short.
    pub target: Option<String>,
    /// Where its secrets are.
    pub secret_pointers: Vec<String>,
    /// The last dry run.
    pub dry_run: Option<DryRunRecord>,
    /// What it is for.
    pub kind: PlanKind,
    /// The run that it takes back.
    pub undoes: Option<String>,
    /// All that was told but the price: two readings are compared by it.
    pub rest: Value,
}

/// What a plan means, in words.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Review {
    /// The id of the instance.
    pub instance: String,
    /// Changed values only.
    pub changes: Vec<Change>,
    /// What it costs.
    pub cost: String,
    /// `free`, `unknown`, `order` or `quoted`.
    pub cost_kind: String,
    /// What the cloud quoted.
    pub price: Option<Price>,
    /// Whether it can be taken back.
    pub reversible: String,
    /// `yes`, `partly` or `no`.
    pub reversible_kind: String,
    /// When it takes effect.
    pub effective: String,
    /// What a failure leaves behind.
    pub failure: String,
    /// What to mind.
    pub warnings: Vec<String>,
}

/// A price as the cloud quoted it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Price {
    /// One for each thing that is paid.
    pub quotes: Vec<Quote>,
    /// RFC 3339.
    pub asked_at: String,
    /// When it should be asked again; RFC 3339.
    pub stale_at: String,
    /// What to know about it.
    pub note: String,
}

/// What one thing costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// What is paid.
    pub label: String,
    /// As people read it.
    pub amount: String,
    /// Of which money.
    pub currency: String,
    /// More about it.
    pub detail: String,
}

/// One changed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What it is.
    pub label: String,
    /// Now; `None` when nobody can know.
    pub from: Option<String>,
    /// After.
    pub to: String,
}

/// What confirming asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq)]
pub struct DryRunRecord {
    /// RFC 3339.
    pub at: String,
    /// Whether the cloud found nothing wrong.
    pub passed: bool,
    /// What it answered.
    pub answer: Option<Answer>,
    /// Parameters that the target needs and the plan lacks.
    pub required_parameters: Vec<String>,
}

/// What came of a dry run.
#[derive(Clone, Debug)]
pub struct DryRunAnswer {
    /// Whether the cloud found nothing wrong.
    pub passed: bool,
    /// What it answered.
    pub answer: Option<Answer>,
    /// Parameters that the target needs and the plan lacks.
    pub required_parameters: Vec<String>,
    /// The plan as it is now.
    pub plan: Option<Rc<Plan>>,
}

/// A confirmation.
#[derive(Clone)]
pub struct ConfirmRequest {
    /// The payload that was reviewed.
    pub payload_hash: String,
    /// What was asked for.
    pub confirmation: Option<Confirmation>,
    /// The secrets, once more.
    pub secrets: SecretValues,
}

/// What the person did to confirm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confirmation {
    /// The id as typed.
    pub instance_id: Option<String>,
    /// The tick.
    pub accept_unknown_cost: Option<bool>,
    /// The written reason.
    pub reason: Option<String>,
}

read_members!(Preview { method, url } or_default { headers, body, canonical_request, string_to_sign });
read_members!(SentHeader { name, value });
read_members!(Plan { id, operation, profile, mode, payload_hash, review } or_default {
    parameters, needs, expires_at, run, created_at, created_by, title, target, secret_pointers, dry_run, kind,
    undoes
} and { rest = without_price });

fn without_price(plan: &Value) -> Value {
    let mut rest = plan.clone();
    if let Some(review) = rest.get_mut("review").and_then(Value::as_object_mut) {
        review.remove("price");
    }
    rest
}

read_members!(Review {} or_default {
    instance, changes, cost, cost_kind, reversible, reversible_kind, effective, warnings, price,
    failure
});
read_members!(Price { quotes, asked_at } or_default { stale_at, note });
read_members!(Quote { label, amount = "amount_shown" } or_default { currency, detail });
read_members!(Change { label, to } or_default { from });
read_members!(Needs {} or_default { instance_id, accept_unknown_cost, reason, approvals });
read_members!(DryRunRecord { at, passed } or_default { answer, required_parameters });
read_members!(DryRunAnswer { passed } or_default { answer, required_parameters, plan });

impl PlanRequest {
    /// As it is sent; what is empty is left out.
    pub(super) fn body(&self) -> Value {
        let mut body = Map::new();
        put(&mut body, "operation", text(&self.operation));
        put(&mut body, "profile", text(&self.profile));
        put(&mut body, "parameters", Value::Object(self.parameters.clone()));
        put_secrets(&mut body, &self.secrets);
        put_pointers(&mut body, &self.secret_pointers);
        Value::Object(body)
    }
}

impl PreviewRequest {
    /// As it is sent; what is empty is left out.
    pub(super) fn body(&self) -> Value {
        let mut body = Map::new();
        put(&mut body, "profile", text(&self.profile));
        put(&mut body, "parameters", Value::Object(self.parameters.clone()));
        put_pointers(&mut body, &self.secret_pointers);
        Value::Object(body)
    }
}

impl ConfirmRequest {
    /// As it is sent; what is empty is left out.
    pub(super) fn body(&self) -> Value {
        let mut body = Map::new();
        put(&mut body, "payload_hash", text(&self.payload_hash));
        if let Some(given) = &self.confirmation {
            let mut confirmation = Map::new();
            let members = [
                ("instance_id", given.instance_id.as_deref().map(text)),
                ("accept_unknown_cost", given.accept_unknown_cost.map(Value::Bool)),
                ("reason", given.reason.as_deref().map(text)),
            ];
            for (name, value) in members {
                if let Some(value) = value {
                    put(&mut confirmation, name, value);
                }
            }
            put(&mut body, "confirmation", Value::Object(confirmation));
        }
        put_secrets(&mut body, &self.secrets);
        Value::Object(body)
    }
}

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn put(body: &mut Map<String, Value>, name: &str, value: Value) {
    body.insert(name.to_owned(), value);
}

/// Adds the secrets, unless there are none.
pub(super) fn put_secrets(body: &mut Map<String, Value>, secrets: &SecretValues) {
    if !secrets.is_empty() {
        let secrets =
            secrets.iter().map(|(pointer, value)| (pointer.clone(), text(value.reveal()))).collect();
        put(body, SECRETS, Value::Object(secrets));
    }
}

fn put_pointers(body: &mut Map<String, Value>, pointers: &[String]) {
    if !pointers.is_empty() {
        let pointers = pointers.iter().map(|pointer| text(pointer)).collect();
        put(body, "secret_pointers", Value::Array(pointers));
    }
}

/// Overwrites the secrets of a body that has been written out.
pub(super) fn wipe_secrets(body: &mut Value) {
    let Some(secrets) = body.get_mut(SECRETS).and_then(Value::as_object_mut) else { return };
    for secret in secrets.values_mut() {
        if let Value::String(text) = secret {
            text.zeroize();
        }
    }
}
