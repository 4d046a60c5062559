//! Plans: what is asked for, and what the person sees before confirming.

use super::runs::AnswerView;
use crate::{
    body::Members,
    clock::rfc3339,
    config::Mode,
    flows::current::{PRICE_LASTS, grouped},
    flows::{CostKind, Price, Reversible},
    plan::{DryRun, Needs, Plan, PlanKind},
};
use catalog::model::Language;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What a plan is made of.
#[derive(Deserialize, ToSchema)]
pub struct PlanBody {
    /// Operation id.
    pub operation: String,
    /// Profile name.
    pub profile: String,
    /// By the vendor's names.
    #[schema(value_type = Object)]
    pub parameters: Map<String, Value>,
    /// Secret values by JSON pointer into the parameters.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub secrets: BTreeMap<String, SecretString>,
    /// More values that are secret, by JSON pointer.
    #[serde(default)]
    pub secret_pointers: Vec<String>,
}

impl Members for PlanBody {
    const NAMES: &'static [&'static str] =
        &["operation", "profile", "parameters", "secrets", "secret_pointers"];
}

/// What a dry run is started with.
#[derive(Deserialize, ToSchema)]
pub struct DryRunBody {
    /// The plan's secrets again.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub secrets: BTreeMap<String, SecretString>,
}

impl Members for DryRunBody {
    const NAMES: &'static [&'static str] = &["secrets"];
}

/// A plan.
#[derive(Serialize, ToSchema)]
pub struct PlanView {
    /// Its id.
    pub id: String,
    /// Operation id.
    pub operation: String,
    /// What the operation is called.
    pub title: String,
    /// Profile name.
    pub profile: String,
    /// Simulated or live.
    pub mode: Mode,
    /// Whether it upgrades, or takes an upgrade back.
    pub kind: PlanKind,
    /// The run that it takes back.
    pub undoes: Option<String>,
    /// The idempotency token, where the API has one: it belongs to the plan, also on a resend.
    pub client_token: Option<String>,
    /// Without secrets; with the ClientToken.
    #[schema(value_type = Object)]
    pub parameters: Map<String, Value>,
    /// Which parameters are secret.
    pub secret_pointers: Vec<String>,
    /// What a confirmation names.
    pub payload_hash: String,
    /// What the person sees.
    pub review: ReviewView,
    /// What confirming asks for.
    pub needs: Needs,
    /// What it changes to, when one value says it.
    pub target: Option<String>,
    /// The last dry run.
    pub dry_run: Option<DryRunView>,
    /// Who made it.
    pub created_by: String,
    /// When, RFC 3339 in UTC.
    pub created_at: String,
    /// Until when it can be confirmed, RFC 3339 in UTC.
    pub expires_at: String,
    /// Its run's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
}

/// What the person sees before confirming.
#[derive(Serialize, ToSchema)]
pub struct ReviewView {
    /// Which instance.
    pub instance: String,
    /// Changed values.
    pub changes: Vec<ChangeView>,
    /// What it costs, in words.
    pub cost: String,
    /// How much is known of the cost.
    pub cost_kind: CostKind,
    /// Whether it can be taken back, in words.
    pub reversible: String,
    /// Whether it can be taken back.
    pub reversible_kind: Reversible,
    /// When it takes effect, in words.
    pub effective: String,
    /// What else must be known.
    pub warnings: Vec<String>,
    /// What the cloud says that it costs; null when nobody can say.
    pub price: Option<PriceView>,
    /// What a failure leaves behind, in words.
    pub failure: String,
}

/// What the cloud says that it costs.
#[derive(Serialize, ToSchema)]
pub struct PriceView {
    /// The quotes; they are not added up.
    pub quotes: Vec<QuoteView>,
    /// When they were asked for, RFC 3339 in UTC.
    pub asked_at: String,
    /// From when they should be asked for again, RFC 3339 in UTC.
    pub stale_at: String,
    /// What they are, in words.
    pub note: String,
    /// Whether the bill can differ.
    pub is_estimate: bool,
}

/// One quote.
#[derive(Serialize, ToSchema)]
pub struct QuoteView {
    /// What it is for.
    pub label: String,
    /// A decimal number.
    pub amount: String,
    /// The same as people read it: `16,583.33`.
    pub amount_shown: String,
    /// e.g. `CNY`.
    pub currency: String,
    /// What else it says.
    pub detail: String,
}

impl PriceView {
    fn new(price: &Price, language: Language) -> Self {
        Self {
            quotes: price
                .quotes
                .iter()
                .map(|quote| QuoteView {
                    label: quote.label.get(language).to_owned(),
                    amount: quote.amount.clone(),
                    amount_shown: grouped(&quote.amount),
                    currency: quote.currency.clone(),
                    detail: quote.detail.get(language).to_owned(),
                })
                .collect(),
            asked_at: rfc3339(price.asked_at),
            stale_at: rfc3339(price.asked_at + PRICE_LASTS),
            note: price.note.get(language).to_owned(),
            is_estimate: price.is_estimate,
        }
    }
}

/// One changed value.
#[derive(Serialize, ToSchema)]
pub struct ChangeView {
    /// What it is called.
    pub label: String,
    /// JSON pointer into the parameters.
    pub pointer: String,
    /// What it is now; null when that is not known.
    pub from: Option<String>,
    /// What it will be.
    pub to: String,
}

/// The outcome of a dry run.
#[derive(Serialize, ToSchema)]
pub struct DryRunView {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Whether nothing stands against it.
    pub passed: bool,
    /// What the cloud said.
    pub answer: Option<AnswerView>,
    /// Parameters that the target asks for.
    pub required_parameters: Vec<String>,
}

/// The outcome of a dry run, with the plan as it then stands.
#[derive(Serialize, ToSchema)]
pub struct DryRunResult {
    /// Whether nothing stands against it.
    pub passed: bool,
    /// What the cloud said.
    pub answer: Option<AnswerView>,
    /// Parameters that the target asks for.
    pub required_parameters: Vec<String>,
    /// The plan.
    pub plan: PlanView,
}

impl DryRunView {
    fn new(dry_run: &DryRun, language: Language) -> Self {
        Self {
            at: rfc3339(dry_run.at),
            passed: dry_run.passed,
            answer: dry_run.answer.as_ref().map(|answer| AnswerView::new(answer, language)),
            required_parameters: dry_run.required_parameters.clone(),
        }
    }
}

impl PlanView {
    /// In a language.
    #[must_use]
    pub fn new(plan: &Plan, run: Option<String>, language: Language) -> Self {
        let review = &plan.review;
        Self {
            id: plan.id.clone(),
            operation: plan.operation.clone(),
            title: plan.title.get(language).to_owned(),
            profile: plan.profile.clone(),
            mode: plan.mode,
            kind: plan.kind,
            undoes: plan.undoes.as_ref().map(|undoes| undoes.run.clone()),
            client_token: plan.client_token.clone(),
            parameters: plan.parameters.clone(),
            secret_pointers: plan.secret_hashes.keys().cloned().collect(),
            payload_hash: plan.payload_hash.clone(),
            review: ReviewView {
                instance: review.instance.clone(),
                changes: review
                    .changes
                    .iter()
                    .map(|change| ChangeView {
                        label: change.label.get(language).to_owned(),
                        pointer: change.pointer.clone(),
                        from: change.from.as_ref().map(|from| from.get(language).to_owned()),
                        to: change.to.get(language).to_owned(),
                    })
                    .collect(),
                cost: review.cost.words.get(language).to_owned(),
                cost_kind: review.cost.kind,
                reversible: review.reversible.1.get(language).to_owned(),
                reversible_kind: review.reversible.0,
                effective: review.effective.get(language).to_owned(),
                warnings: review.warnings.iter().map(|warning| warning.get(language).to_owned()).collect(),
                price: review.price.as_ref().map(|price| PriceView::new(price, language)),
                failure: review.failure.get(language).to_owned(),
            },
            needs: plan.needs,
            target: review.target.as_ref().map(|target| target.get(language).to_owned()),
            dry_run: plan.dry_run.as_ref().map(|dry_run| DryRunView::new(dry_run, language)),
            created_by: plan.created_by.clone(),
            created_at: rfc3339(plan.created_at),
            expires_at: rfc3339(plan.expires_at),
            run,
        }
    }
}
