//! Runs: what confirms, resends and settles one, and how it stands.

use super::super::outcome;
use crate::{
    answer::Answer,
    body::Members,
    clock::rfc3339,
    config::Mode,
    plan::PlanKind,
    run::{Failure, Run, Source, State},
};
use catalog::model::Language;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

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
    /// What the instance is called, when that was known before the call.
    pub name: Option<String>,
    /// What it was before, when that was known.
    pub from: Option<String>,
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
    /// What a person can settle the run as; empty for everything else.
    pub outcomes: Vec<State>,
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
            name: run.name.clone(),
            from: run.from.as_ref().map(|from| from.get(language).to_owned()),
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
