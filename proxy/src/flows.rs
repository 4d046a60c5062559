//! What surrounds a changing operation. What is peculiar to one product lives in that product's file; an operation
//! without one gets what its traits say.

mod aad;
mod alikafka;
mod bss;
mod cbh;
mod compute_nest;

use crate::{
    answer::{Answer, EmptyBody},
    asking::AskError,
    choices::{Choices, Choosing, same},
    error::{FieldError, text},
    run::State,
};
use catalog::{Field, Kind, Operation, Role, Text, Trait, model::Language};
use futures_util::{FutureExt, future::BoxFuture};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What a person sees before confirming.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// Which instance.
    pub instance: String,
    /// What it changes to, when one value says it.
    pub target: Option<Text>,
    /// Changed values.
    pub changes: Vec<Change>,
    /// What it costs.
    pub cost: Cost,
    /// Whether it can be taken back.
    pub reversible: (Reversible, Text),
    /// When it takes effect.
    pub effective: Text,
    /// What else must be known.
    pub warnings: Vec<Text>,
}

/// One changed value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// What it is called.
    pub label: Text,
    /// The vendor's name, as a pointer into the parameters.
    pub pointer: String,
    /// What it is now; `None` when that is not known.
    pub from: Option<Text>,
    /// What it will be.
    pub to: Text,
}

/// What is known of the cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// How much is known.
    pub kind: CostKind,
    /// In words.
    pub words: Text,
}

/// How much is known of the cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CostKind {
    /// Nothing is charged.
    Free,
    /// Nobody can say before it runs.
    Unknown,
    /// An order is placed, its price not known here.
    Order,
}

/// Whether a change can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reversible {
    /// By a call that exists.
    Yes,
    /// In part, or for a time.
    Partly,
    /// By no call.
    No,
}

/// The input of a plan, as flows see it. Secrets are masked.
#[derive(Clone, Copy)]
pub struct Draft<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// Parameters with masks for secrets.
    pub parameters: &'a Map<String, Value>,
    /// The clock that the profile's cloud goes by.
    pub now: Timestamp,
    /// Whether a plan is being confirmed: then the time kept for reading the review may be used up.
    pub confirming: bool,
}

impl<'a> Draft<'a> {
    /// Text of a top-level parameter.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.parameters.get(name).and_then(Value::as_str)
    }

    fn by_role(&self, role: Role) -> Option<&'a Value> {
        self.operation.field_with(role).and_then(|field| self.parameters.get(&field.name))
    }

    /// Whether the plan only checks: its dry-run field says "true".
    #[must_use]
    pub fn is_dry_run(&self) -> bool {
        self.by_role(Role::DryRun).and_then(Value::as_str) == Some("true")
    }

    /// Whether the plan takes a schedule back.
    #[must_use]
    pub fn is_cancel(&self) -> bool {
        self.by_role(Role::Cancel).and_then(Value::as_bool) == Some(true)
    }
}

/// The rules of one product.
pub trait Flow: Send + Sync {
    /// Rules that need a clock: refused when the plan is made (400) and when it is confirmed (409).
    fn check(&self, draft: &Draft<'_>) -> Vec<FieldError> {
        let _ = draft;
        Vec::new()
    }

    /// What the person sees.
    fn review(&self, draft: &Draft<'_>) -> Review {
        generic_review(draft)
    }

    /// Pointers of fields whose choices come from the cloud; `*` stands for an index.
    fn choice_fields(&self) -> &'static [&'static str] {
        &[]
    }

    /// Choices for one of them.
    fn choices<'a>(&'a self, choosing: Choosing<'a>) -> BoxFuture<'a, Result<Choices, AskError>> {
        let _ = choosing;
        async { Ok(Choices::default()) }.boxed()
    }

    /// What an empty 2xx body means.
    fn empty_body(&self) -> EmptyBody {
        EmptyBody::Unreadable
    }

    /// Where an accepted run stands, with what to say.
    fn accepted(&self, draft: &Draft<'_>, answer: &Answer) -> (State, Text) {
        let _ = (draft, answer);
        (State::Accepted, text("The cloud accepted the request.", "云端已接受请求。"))
    }
}

struct Generic;

impl Flow for Generic {}

/// The flow of an operation.
#[must_use]
pub fn of(operation: &Operation) -> &'static dyn Flow {
    match operation.id.as_str() {
        "computenestsupplier.UpgradeServiceInstance" => &compute_nest::ComputeNest,
        "bssopenapi.RenewChangeInstance" => &bss::Bss,
        "alikafka.UpgradeInstanceVersion" => &alikafka::Kafka,
        "cbh.UpgradeInstance" => &cbh::Cbh,
        "aad.UpgradeInstanceSpec" => &aad::Aad,
        _ => &Generic,
    }
}

/// A review from what the catalogue says of the operation.
fn generic_review(draft: &Draft<'_>) -> Review {
    let operation = draft.operation;
    let pays = operation.has(Trait::Pays);
    let may_pay = operation.has(Trait::MayPay);
    Review {
        instance: draft.by_role(Role::Instance).map(scalar).unwrap_or_default(),
        target: draft.by_role(Role::Target).map(|value| same(&scalar(value))),
        changes: changes(draft),
        cost: if pays {
            Cost {
                kind: CostKind::Order,
                words: text(
                    "Places an order that is paid at once. The price is not known here.",
                    "将下单并立即付款，此处无法得知价格。",
                ),
            }
        } else if may_pay {
            Cost {
                kind: CostKind::Unknown, words: text("Not known before it runs.", "执行前无法得知。")
            }
        } else {
            Cost { kind: CostKind::Free, words: text("Free.", "免费。") }
        },
        reversible: if operation.has(Trait::Rollback) {
            (Reversible::Partly, text("A rollback call exists.", "有回滚接口。"))
        } else if operation.has(Trait::Cancellable) {
            (Reversible::Partly, text("It can be cancelled until it starts.", "开始之前可以取消。"))
        } else {
            (Reversible::No, text("No call takes it back.", "没有可以撤销的接口。"))
        },
        effective: text("At once.", "立即生效。"),
        warnings: Vec::new(),
    }
}

/// Every value that is sent and is not the instance, the region or the token, by its title.
fn changes(draft: &Draft<'_>) -> Vec<Change> {
    let mut found = Vec::new();
    for field in &draft.operation.fields {
        let identifies = matches!(
            field.role,
            Some(Role::Instance | Role::Region | Role::ClientToken | Role::DryRun | Role::Cancel)
        );
        if identifies {
            continue;
        }
        if let Some(value) = draft.parameters.get(&field.name) {
            describe(field, value, &format!("/{}", field.name), &mut found);
        }
    }
    found
}

fn describe(field: &Field, value: &Value, pointer: &str, found: &mut Vec<Change>) {
    match (&field.kind, value) {
        (Kind::Object { fields, .. }, Value::Object(members)) => {
            for inner in fields {
                if let Some(value) = members.get(&inner.name) {
                    describe(inner, value, &format!("{pointer}/{}", inner.name), found);
                }
            }
        }
        (Kind::FreeObject, Value::Object(members)) => {
            for (name, value) in members {
                found.push(Change {
                    label: text(name.clone(), name.clone()),
                    pointer: format!("{pointer}/{name}"),
                    from: None,
                    to: same(&scalar(value)),
                });
            }
        }
        (Kind::List { .. }, Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                let (label, to) = match item.as_object() {
                    // A code and its value read as one line.
                    Some(pair) if pair.len() == 2 => {
                        let mut values = pair.values();
                        let code = values.next().map(scalar).unwrap_or_default();
                        (code, values.next().map(scalar).unwrap_or_default())
                    }
                    _ => (format!("{} {}", field.name, index + 1), scalar(item)),
                };
                found.push(Change {
                    label: text(label.clone(), label),
                    pointer: format!("{pointer}/{index}"),
                    from: None,
                    to: same(&to),
                });
            }
        }
        _ => {
            let words = |language| {
                let shown = choice_title(field, value, language).unwrap_or_else(|| scalar(value));
                match &field.unit {
                    Some(unit) => format!("{shown} {}", unit.get(language)),
                    None => shown,
                }
            };
            found.push(Change {
                label: field.title.clone(),
                pointer: pointer.to_owned(),
                from: None,
                to: Text { en: words(Language::En), zh: words(Language::Zh) },
            });
        }
    }
}

/// The documented title beside a value that is a number and says nothing by itself.
fn choice_title(field: &Field, value: &Value, language: Language) -> Option<String> {
    let choices = match &field.kind {
        Kind::Text { choices, .. } | Kind::Integer { choices, .. } => choices,
        _ => return None,
    };
    let choice = choices.iter().find(|choice| choice.value == *value)?;
    let title = choice.title.get(language);
    let value = scalar(value);
    (!title.is_empty() && title != value).then(|| format!("{value} ({title})"))
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Names of parameters that an answer to a dry run asks for.
#[must_use]
pub fn required_parameters(answer: &Answer) -> Vec<String> {
    compute_nest::required_parameters(&answer.body)
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// A draft of a catalogue operation.
    pub(crate) fn with_draft<T>(
        id: &str,
        parameters: Value,
        now: Timestamp,
        test: impl FnOnce(Draft<'_>) -> T,
    ) -> T {
        let catalogue = catalog::reader::Catalogue::embedded().unwrap();
        let parameters = parameters.as_object().cloned().unwrap();
        test(Draft {
            operation: catalogue.public(id).unwrap(),
            parameters: &parameters,
            now,
            confirming: false,
        })
    }
}
