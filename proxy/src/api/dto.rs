//! What goes over the HTTP API, in the reader's language. Made from the inner types; never the other way round.

use super::outcome;
use crate::{
    answer::Answer,
    body::Members,
    choices::Choice,
    clock::rfc3339,
    config::Mode,
    flows::{CostKind, Price, Reversible, current::PRICE_LASTS},
    plan::{DryRun, Needs, Plan, PlanKind},
    run::{Failure, Run, Source, State},
};
use catalog::{
    Cloud,
    model::{Language, Site},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A list.
#[derive(Serialize, ToSchema)]
pub struct List<T: ToSchema> {
    /// The items.
    pub items: Vec<T>,
    /// What to ask for to get more; null at the end.
    pub next: Option<String>,
}

/// Who the person is and what the server can do.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// The person's name.
    pub user: String,
    /// How the portal calls the person.
    pub display_name: Option<String>,
    /// The person's email address, from the portal.
    pub email: Option<String>,
    /// The person's groups, from the portal.
    pub groups: Vec<String>,
    /// Who says who the person is: `local` or `forwarded`.
    pub identity: &'static str,
    /// What the person may do.
    pub roles: Vec<&'static str>,
    /// The server's version.
    pub version: &'static str,
    /// What is on.
    pub features: Features,
    /// Limits that a page should know.
    pub limits: SessionLimits,
    /// The clock of the simulated profiles, RFC 3339 in UTC; real time without them.
    pub now: String,
    /// How far that clock is ahead of real time.
    pub clock_offset_seconds: i64,
}

/// What is on.
#[derive(Serialize, ToSchema)]
pub struct Features {
    /// Whether live profiles may exist.
    pub live: bool,
    /// Whether this process has simulated clouds.
    pub simulator: bool,
    /// Whether plans need the approval of other people.
    pub approvals: bool,
}

/// Limits that a page should know.
#[derive(Serialize, ToSchema)]
pub struct SessionLimits {
    /// Bytes of a request body.
    pub body_bytes: usize,
    /// API reads in a minute.
    pub reads_per_minute: u32,
    /// Changing calls in a minute.
    pub changes_per_minute: u32,
    /// Previews in a minute.
    pub previews_per_minute: u32,
}

/// A profile; never a credential.
#[derive(Serialize, ToSchema)]
pub struct ProfileView {
    /// Its name.
    pub name: String,
    /// `alibaba` or `huawei`.
    #[schema(value_type = String)]
    pub cloud: Cloud,
    /// Simulated or live.
    pub mode: Mode,
    /// Region that forms start from.
    pub region: Option<String>,
    /// Account site.
    #[schema(value_type = String)]
    pub site: Site,
    /// Known project id.
    pub project_id: Option<String>,
    /// Known domain id.
    pub domain_id: Option<String>,
}

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
    /// What is put into the field.
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

/// What a run is started with.
#[derive(Deserialize, ToSchema)]
pub struct RunBody {
    /// The hash that the person saw.
    pub payload_hash: String,
    /// What the plan's `needs` ask for.
    #[serde(default)]
    pub confirmation: Confirmation,
    /// The plan's secrets again.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub secrets: BTreeMap<String, SecretString>,
}

impl Members for RunBody {
    const NAMES: &'static [&'static str] = &["payload_hash", "confirmation", "secrets"];
}

/// What the plan's `needs` ask for.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Confirmation {
    /// The instance id, typed.
    pub instance_id: Option<String>,
    /// That the cost is not known.
    pub accept_unknown_cost: bool,
    /// Why it is done without what is missing.
    pub reason: Option<String>,
}

/// Moves the simulated clock.
#[derive(Deserialize, ToSchema)]
pub struct ClockBody {
    /// Seconds ahead.
    pub advance_seconds: i64,
}

impl Members for ClockBody {
    const NAMES: &'static [&'static str] = &["advance_seconds"];
}

/// Puts the simulated clouds back.
#[derive(Deserialize, ToSchema)]
pub struct ResetBody {
    /// So many ordinary instances of each product more, to see how long lists do.
    pub crowd: Option<u32>,
}

impl Members for ResetBody {
    const NAMES: &'static [&'static str] = &["crowd"];
}

/// Chooses a scenario.
#[derive(Deserialize, ToSchema)]
pub struct ScenarioBody {
    /// Its name.
    pub name: String,
}

impl Members for ScenarioBody {
    const NAMES: &'static [&'static str] = &["name"];
}

/// Pays an order in the simulated clouds.
#[derive(Deserialize, ToSchema)]
pub struct PayBody {
    /// The order.
    pub order_id: String,
}

impl Members for PayBody {
    const NAMES: &'static [&'static str] = &["order_id"];
}

/// What a resend is asked for with.
#[derive(Deserialize, ToSchema)]
pub struct ResendBody {
    /// The hash of what was confirmed.
    pub payload_hash: String,
    /// The plan's secrets again.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, String>)]
    pub secrets: BTreeMap<String, SecretString>,
}

impl Members for ResendBody {
    const NAMES: &'static [&'static str] = &["payload_hash", "secrets"];
}

/// What a person says became of a run.
#[derive(Deserialize, ToSchema)]
pub struct SettleBody {
    /// A final state.
    pub state: State,
    /// What shows it: 1 to 1,000 characters.
    pub evidence: String,
}

impl Members for SettleBody {
    const NAMES: &'static [&'static str] = &["state", "evidence"];
}

/// Nothing.
#[derive(Deserialize, ToSchema)]
pub struct EmptyBody {}

impl Members for EmptyBody {
    const NAMES: &'static [&'static str] = &[];
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

/// What a cloud said.
#[derive(Serialize, ToSchema)]
pub struct AnswerView {
    /// HTTP status.
    pub status: u16,
    /// The cloud's code.
    pub code: Option<String>,
    /// The cloud's message.
    pub message: Option<String>,
    /// The id to quote to the vendor's support.
    pub request_id: Option<String>,
    /// The order that was made.
    pub order_id: Option<String>,
    /// The body as text.
    pub body: String,
    /// Milliseconds.
    pub duration_ms: u64,
    /// What the documents say that the code means.
    pub meaning: Option<String>,
    /// The vendor's diagnosis page.
    pub recommend: Option<String>,
    /// Content type.
    pub content_type: Option<String>,
}

/// A run.
#[derive(Serialize, ToSchema)]
pub struct RunView {
    /// Its id.
    pub id: String,
    /// The plan's id.
    pub plan: String,
    /// Operation id.
    pub operation: String,
    /// What the operation is called.
    pub title: String,
    /// Profile name.
    pub profile: String,
    /// Simulated or live.
    pub mode: Mode,
    /// Which instance.
    pub instance: String,
    /// What it changes to, when one value says it.
    pub target: Option<String>,
    /// Who confirmed.
    pub user: String,
    /// What was confirmed.
    pub payload_hash: String,
    /// The written reason.
    pub reason: Option<String>,
    /// Whether it upgrades, or takes an upgrade back.
    pub kind: PlanKind,
    /// The run that it takes back.
    pub undoes: Option<String>,
    /// The run that takes this one back, or took it back.
    pub undone_by: Option<String>,
    /// Whether it only checks.
    pub dry_run: bool,
    /// Where it stands.
    pub state: State,
    /// Whether nothing more comes of it. An unknown run is not final.
    pub r#final: bool,
    /// Whether the server looks at the cloud by itself now.
    pub following: bool,
    /// What can be done with it, and why not; empty in lists.
    pub actions: Vec<ActionView>,
    /// Which secrets must be typed again for a resend, by JSON pointer.
    pub secret_pointers: Vec<String>,
    /// When the cloud will start it, on the cloud's clock, RFC 3339 in UTC.
    pub scheduled_for: Option<String>,
    /// The order.
    pub order_id: Option<String>,
    /// The vendor's page of the order.
    pub order_url: Option<String>,
    /// What the last look at the cloud saw.
    pub last_seen: Option<String>,
    /// When that was, RFC 3339 in UTC.
    pub looked_at: Option<String>,
    /// Why it did not go as wanted.
    pub failure: Option<Failure>,
    /// What came of it, in one sentence.
    pub outcome: String,
    /// What to do next, in one sentence.
    pub next_step: String,
    /// When it was confirmed, RFC 3339 in UTC.
    pub created_at: String,
    /// When it last changed, RFC 3339 in UTC.
    pub updated_at: String,
    /// What the cloud said.
    pub answer: Option<AnswerView>,
    /// What happened so far.
    pub timeline: Vec<EventView>,
}

/// What can be done with a run.
#[derive(Serialize, ToSchema)]
pub struct ActionView {
    /// `check`, `resend`, `settle`, `cancel` or `rollback`: the last part of its path.
    pub name: &'static str,
    /// Whether it can be done now.
    pub available: bool,
    /// Why not.
    pub reason: Option<String>,
}

/// One entry of the timeline.
#[derive(Serialize, ToSchema)]
pub struct EventView {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Which state began.
    pub state: State,
    /// What happened.
    pub detail: String,
    /// Whose word it is.
    pub source: Source,
    /// The answer that said so.
    pub answer: Option<BriefView>,
}

/// What of an answer the timeline keeps.
#[derive(Serialize, ToSchema)]
pub struct BriefView {
    /// HTTP status.
    pub status: u16,
    /// The cloud's code.
    pub code: Option<String>,
    /// The cloud's message.
    pub message: Option<String>,
    /// The id to quote to the vendor's support.
    pub request_id: Option<String>,
    /// Milliseconds.
    pub duration_ms: u64,
}

/// A problem, as RFC 9457 describes it.
#[derive(Serialize, ToSchema)]
pub struct ProblemView {
    /// `urn:upgrade-console:<code>`; stable.
    pub r#type: String,
    /// The same for every occurrence.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// About this occurrence.
    pub detail: String,
    /// For bad input: which values.
    #[schema(required = false)]
    pub errors: Vec<ProblemErrorView>,
}

/// One wrong value.
#[derive(Serialize, ToSchema)]
pub struct ProblemErrorView {
    /// JSON pointer into the request body.
    pub pointer: String,
    /// Stable code.
    pub code: String,
    /// What is wrong and what would be right.
    pub detail: String,
}

/// An entry of the record, for the description of the API: what goes out is the text that was written and hashed.
#[derive(ToSchema)]
pub struct RecordView {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// `confirmed`, `step`, `resent` or `settled`.
    pub kind: &'static str,
    /// Who did it; for a step, who confirmed the run.
    pub user: String,
    /// The run.
    pub run: String,
    /// Its plan.
    pub plan: String,
    /// Operation id.
    pub operation: String,
    /// Profile name.
    pub profile: String,
    /// Simulated or live.
    pub mode: Mode,
    /// Which instance.
    pub instance: String,
    /// What was confirmed.
    pub payload_hash: String,
    /// The written reason; for a settlement, the evidence.
    pub reason: Option<String>,
    /// Where the run stood then.
    pub state: State,
    /// Why it did not go as wanted.
    pub failure: Option<Failure>,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// The cloud's code.
    pub code: Option<String>,
    /// The cloud's request id.
    pub request_id: Option<String>,
    /// The order.
    pub order_id: Option<String>,
    /// Its place, from 1.
    pub seq: i64,
    /// Hash of the entry before; empty for the first.
    pub previous: String,
    /// Hash of this entry: SHA-256, in hexadecimal, of the one before, a line feed, and this object's text up to
    /// `,"seq":` with a closing brace.
    pub hash: String,
}

/// The simulated clouds.
#[derive(Serialize, ToSchema)]
pub struct SimulatorView {
    /// The scenario that is on.
    pub scenario: String,
    /// What may be chosen.
    pub scenarios: Vec<ScenarioView>,
    /// The simulated time, RFC 3339 in UTC.
    pub now: String,
    /// How far it is ahead of real time.
    pub clock_offset_seconds: i64,
    /// How many changing calls the clouds have received since the last reset.
    pub changing_calls: usize,
}

/// A scenario.
#[derive(Serialize, ToSchema)]
pub struct ScenarioView {
    /// Its name.
    pub name: String,
    /// What it does.
    pub title: String,
    /// What it is listed under.
    pub group: String,
}

impl AnswerView {
    /// In a language.
    #[must_use]
    pub fn new(answer: &Answer, language: Language) -> Self {
        Self {
            status: answer.status,
            code: answer.code.clone(),
            message: answer.message.clone(),
            request_id: answer.request_id.clone(),
            order_id: answer.order_id.clone(),
            body: answer.body.clone(),
            duration_ms: answer.duration_ms,
            meaning: answer.meaning.as_ref().map(|meaning| meaning.get(language).to_owned()),
            recommend: answer.recommend.clone(),
            content_type: answer.content_type.clone(),
        }
    }
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

impl RunView {
    /// In a language.
    #[must_use]
    pub fn new(run: &Run, language: Language) -> Self {
        let (outcome, next_step) = outcome::of(run);
        Self {
            id: run.id.clone(),
            plan: run.plan.clone(),
            operation: run.operation.clone(),
            title: run.title.get(language).to_owned(),
            profile: run.profile.clone(),
            mode: run.mode,
            instance: run.instance.clone(),
            target: run.target.as_ref().map(|target| target.get(language).to_owned()),
            user: run.user.clone(),
            payload_hash: run.payload_hash.clone(),
            reason: run.reason.clone(),
            kind: run.kind,
            undoes: run.undoes.as_ref().map(|undoes| undoes.run.clone()),
            undone_by: run.undone_by.clone(),
            dry_run: run.dry_run,
            state: run.state,
            r#final: run.is_over(),
            following: run.is_following(),
            actions: Vec::new(),
            secret_pointers: run.secret_pointers.clone(),
            scheduled_for: run.scheduled_for.map(rfc3339),
            order_id: run.order_id.clone(),
            order_url: None,
            last_seen: run.last_seen.as_ref().map(|seen| seen.get(language).to_owned()),
            looked_at: run.looked_at.map(rfc3339),
            failure: run.failure,
            outcome: outcome.get(language).to_owned(),
            next_step: next_step.get(language).to_owned(),
            created_at: rfc3339(run.created_at),
            updated_at: rfc3339(run.updated_at),
            answer: run.answer.as_ref().map(|answer| AnswerView::new(answer, language)),
            timeline: run.timeline.iter().map(|event| EventView::new(event, language)).collect(),
        }
    }
}

impl EventView {
    /// In a language.
    #[must_use]
    pub fn new(event: &crate::run::Event, language: Language) -> Self {
        Self {
            at: rfc3339(event.at),
            state: event.state,
            detail: event.detail.get(language).to_owned(),
            source: event.source,
            answer: event.answer.as_ref().map(|brief| BriefView {
                status: brief.status,
                code: brief.code.clone(),
                message: brief.message.clone(),
                request_id: brief.request_id.clone(),
                duration_ms: brief.duration_ms,
            }),
        }
    }
}
