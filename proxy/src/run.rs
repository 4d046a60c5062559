//! A run: one execution of a plan, with a timeline, ending in one final state (design.md section 3).

use crate::{answer::Answer, config::Mode};
use catalog::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The intent is recorded; nothing has been sent.
    Confirmed,
    /// The first byte may have left.
    Sent,
    /// The cloud took it.
    Accepted,
    /// The cloud is working on it.
    InProgress,
    /// The cloud will start at a set time.
    Scheduled,
    /// An order exists and is not paid.
    AwaitingPayment,
    /// Done.
    Succeeded,
    /// Accepted, then ended badly.
    Failed,
    /// The cloud said no, nothing changed.
    Refused,
    /// Failed before any byte left.
    NotSent,
    /// Taken back before it started.
    Cancelled,
    /// Undone after it succeeded.
    RolledBack,
    /// Whether the cloud acted is not known.
    Unknown,
}

impl State {
    /// Whether another call for the same instance could collide with this one.
    #[must_use]
    pub fn blocks_instance(self) -> bool {
        matches!(self, State::Confirmed | State::Sent | State::InProgress | State::Unknown)
    }

    /// Whether no call of this program is under way any more.
    #[must_use]
    pub fn is_settled(self) -> bool {
        !matches!(self, State::Confirmed | State::Sent)
    }

    /// As it stands in the HTTP API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            State::Confirmed => "confirmed",
            State::Sent => "sent",
            State::Accepted => "accepted",
            State::InProgress => "in_progress",
            State::Scheduled => "scheduled",
            State::AwaitingPayment => "awaiting_payment",
            State::Succeeded => "succeeded",
            State::Failed => "failed",
            State::Refused => "refused",
            State::NotSent => "not_sent",
            State::Cancelled => "cancelled",
            State::RolledBack => "rolled_back",
            State::Unknown => "unknown",
        }
    }
}

/// Why a run did not go as wanted; each has its own words and next step (consoles.md point 33).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// A rule of the product.
    Refused,
    /// Key, signature, token or clock.
    Credentials,
    /// Too many calls.
    Throttled,
    /// No connection; nothing was sent.
    Unreachable,
    /// No answer in time after sending.
    Timeout,
    /// The connection ended after sending.
    Cut,
    /// An answer that is none of this API's.
    Unreadable,
    /// 5xx after sending.
    ServerError,
}

/// One entry of the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Which state began.
    pub state: State,
    /// What happened, in words.
    pub detail: Text,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// `run_…`.
    pub id: String,
    /// The plan's id.
    pub plan: String,
    /// The operation's id.
    pub operation: String,
    /// What the operation is called.
    pub title: Text,
    /// The profile's name.
    pub profile: String,
    /// Simulated or live.
    pub mode: Mode,
    /// The instance that it is about.
    pub instance: String,
    /// What it changes to, when one value says it.
    pub target: Option<Text>,
    /// The token that was sent, where the API has one.
    pub client_token: Option<String>,
    /// What was confirmed.
    pub payload_hash: String,
    /// Who confirmed.
    pub user: String,
    /// Why, where a reason was asked for.
    pub reason: Option<String>,
    /// Where it stands.
    pub state: State,
    /// Why it did not go as wanted.
    pub failure: Option<Failure>,
    /// What the cloud said.
    pub answer: Option<Answer>,
    /// When it was confirmed.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// What happened so far.
    pub timeline: Vec<Event>,
}

/// A step of a run.
#[derive(Debug, Clone)]
pub struct Step {
    /// Which state begins.
    pub state: State,
    /// What happened.
    pub detail: Text,
    /// Why it did not go as wanted.
    pub failure: Option<Failure>,
    /// What the cloud said.
    pub answer: Option<Answer>,
}

impl Step {
    /// A step without an answer.
    #[must_use]
    pub fn to(state: State, detail: Text) -> Self {
        Self { state, detail, failure: None, answer: None }
    }
}

impl Run {
    /// Applies a step.
    pub fn apply(&mut self, step: Step, at: Timestamp) {
        self.state = step.state;
        self.updated_at = at;
        self.failure = step.failure.or(self.failure);
        self.answer = step.answer.or(self.answer.take());
        self.timeline.push(Event { at, state: step.state, detail: step.detail });
    }
}
