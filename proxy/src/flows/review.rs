//! What a person sees before confirming, as far as the catalogue alone can say it.

use super::{Draft, Price};
use crate::{choices::same, error::text};
use catalog::{Field, Kind, Role, Text, Trait, model::Language};
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    /// What the cloud says that it costs.
    #[serde(default)]
    pub price: Option<Price>,
    /// What a failure leaves behind.
    #[serde(default)]
    pub failure: Text,
}

impl Review {
    /// What the change would do, as far as it decides whether a person would still want it.
    #[must_use]
    pub fn effect(&self) -> Value {
        serde_json::json!([self.instance, self.target, self.changes, self.reversible.0])
    }

    /// Amounts and currencies that the cloud stands to; none for an estimate.
    #[must_use]
    pub fn firm_amounts(&self) -> Option<Vec<(&str, &str)>> {
        let price = self.price.as_ref().filter(|price| !price.is_estimate)?;
        Some(price.quotes.iter().map(|quote| (quote.amount.as_str(), quote.currency.as_str())).collect())
    }
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
    /// An order is placed; the cloud was asked what it costs.
    Quoted,
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

/// A review from what the catalogue says of the operation.
pub(super) fn generic_review(draft: &Draft<'_>) -> Review {
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
        warnings: draft.current.warnings.clone(),
        price: None,
        failure: text(
            "Not documented. Look at the instance afterwards.",
            "文档未说明，失败后请查看实例状态。",
        ),
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
    for change in &mut found {
        change.from = draft.current.values.get(&change.pointer).cloned();
    }
    // What stays as it is, is no change.
    found.retain(|change| change.from.as_ref() != Some(&change.to));
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
                    to: said(value),
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
                        (code, values.next().map(said).unwrap_or_default())
                    }
                    _ => (format!("{} {}", field.name, index + 1), said(item)),
                };
                found.push(Change {
                    label: text(label.clone(), label),
                    pointer: format!("{pointer}/{index}"),
                    from: None,
                    to,
                });
            }
        }
        _ => found.push(Change {
            label: field.title.clone(),
            pointer: pointer.to_owned(),
            from: None,
            to: shown(field, value),
        }),
    }
}

/// A value as the review shows it: with the documented title beside it, and its unit.
pub(super) fn shown(field: &Field, value: &Value) -> Text {
    if scalar(value).is_empty() {
        return said(value);
    }
    let words = |language| {
        let shown = choice_title(field, value, language).unwrap_or_else(|| scalar(value));
        match &field.unit {
            Some(unit) => format!("{shown} {}", unit.get(language)),
            None => shown,
        }
    };
    Text { en: words(Language::En), zh: words(Language::Zh) }
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

/// A value by itself. An empty text is sent, so it must be seen.
fn said(value: &Value) -> Text {
    let text_of = scalar(value);
    if text_of.is_empty() { text("(empty)", "（空）") } else { same(&text_of) }
}

pub(super) fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flows::testing::with_draft;
    use serde_json::json;

    #[test]
    fn an_empty_text_that_is_sent_is_seen() {
        let parameters = json!({
            "RegionId": "cn-hangzhou", "ServiceInstanceId": "si-1", "ServiceVersion": "2",
            "Parameters": {"EcsInstanceType": "", "Zone": "a"},
        });
        let changes = with_draft(
            "computenestsupplier.UpgradeServiceInstance",
            parameters,
            jiff::Timestamp::UNIX_EPOCH,
            |draft| generic_review(&draft).changes,
        );
        let to =
            |label: &str| changes.iter().find(|change| change.label.en == label).map(|change| &change.to);
        assert_eq!(to("EcsInstanceType"), Some(&text("(empty)", "（空）")));
        assert_eq!(to("Zone"), Some(&same("a")));
    }
}
