//! Runs: where one execution of a plan is, and what the cloud answered.

use super::Mode;
use catalog::read_json::ReadJson;
use catalog::{read_members, read_names};
use serde_json::Value;

/// Where a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// The intent is on disk.
    Confirmed,
    /// The request left.
    Sent,
    /// The cloud took it.
    Accepted,
    /// It is being done.
    InProgress,
    /// It waits for its time.
    Scheduled,
    /// Its order is not paid.
    AwaitingPayment,
    /// Done.
    Succeeded,
    /// Accepted, then ended badly.
    Failed,
    /// The cloud said no; nothing changed.
    Refused,
    /// Failed before any byte left.
    NotSent,
    /// Taken back before it started.
    Cancelled,
    /// Undone by a later run.
    RolledBack,
    /// Sent, and nobody knows what came of it.
    Unknown,
}

impl RunState {
    /// Every state, in the order in which they are listed.
    pub const ALL: [RunState; 13] = [
        RunState::Confirmed,
        RunState::Sent,
        RunState::Accepted,
        RunState::InProgress,
        RunState::Scheduled,
        RunState::AwaitingPayment,
        RunState::Succeeded,
        RunState::Failed,
        RunState::Refused,
        RunState::NotSent,
        RunState::Cancelled,
        RunState::RolledBack,
        RunState::Unknown,
    ];

    /// Its name in the HTTP API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            RunState::Confirmed => "confirmed",
            RunState::Sent => "sent",
            RunState::Accepted => "accepted",
            RunState::InProgress => "in_progress",
            RunState::Scheduled => "scheduled",
            RunState::AwaitingPayment => "awaiting_payment",
            RunState::Succeeded => "succeeded",
            RunState::Failed => "failed",
            RunState::Refused => "refused",
            RunState::NotSent => "not_sent",
            RunState::Cancelled => "cancelled",
            RunState::RolledBack => "rolled_back",
            RunState::Unknown => "unknown",
        }
    }

    /// Whether a person has to do something, or may want to while it is still possible.
    #[must_use]
    pub fn needs_someone(self) -> bool {
        matches!(self, RunState::Unknown | RunState::AwaitingPayment | RunState::Scheduled)
    }
}

/// One execution of a plan.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its id.
    pub id: String,
    /// The plan's id.
    pub plan: String,
    /// The operation's id.
    pub operation: String,
    /// The profile's name.
    pub profile: String,
    /// Simulated or live.
    pub mode: Mode,
    /// Where it is.
    pub state: RunState,
    /// RFC 3339.
    pub created_at: String,
    /// RFC 3339.
    pub updated_at: String,
    /// What the cloud answered.
    pub answer: Option<Answer>,
    /// What happened, oldest first.
    pub timeline: Vec<TimelineEntry>,
    /// The operation's title in words.
    pub title: String,
    /// The id of the instance.
    pub instance: String,
    /// What the instance is called.
    pub name: Option<String>,
    /// What it was before, in short.
    pub from: Option<String>,
    /// What it is changed to, in short.
    pub target: Option<String>,
    /// Who confirmed it.
    pub user: String,
    /// What was confirmed.
    pub payload_hash: String,
    /// What came of it, one sentence.
    pub outcome: String,
    /// What to do, one sentence.
    pub next_step: String,
    /// Whether it has ended.
    pub is_final: bool,
    /// The reason that was written for it.
    pub reason: Option<String>,
    /// What can be done with it, and what cannot be done now.
    pub actions: Vec<RunAction>,
    /// When it starts, on the clock of its cloud; RFC 3339.
    pub scheduled_for: Option<String>,
    /// Whether the server looks at the cloud by itself.
    pub following: bool,
    /// The order that was placed for it.
    pub order_id: Option<String>,
    /// Where the vendor shows its order.
    pub order_url: Option<String>,
    /// What its plan was for.
    pub kind: PlanKind,
    /// The run that this one takes back.
    pub undoes: Option<String>,
    /// The run that took this one back.
    pub undone_by: Option<String>,
    /// Whether it only checked.
    pub dry_run: bool,
    /// Where the secrets are that sending it again needs.
    pub secret_pointers: Vec<String>,
    /// What the last look at the cloud saw, in words.
    pub last_seen: Option<String>,
    /// When that was; RFC 3339.
    pub looked_at: Option<String>,
    /// All that was told but what every look at the cloud changes: two readings are compared by it.
    pub rest: Value,
}

/// Something that can be done with a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunAction {
    /// `check`, `resend`, `settle`, `cancel` or `rollback`.
    pub name: String,
    /// Whether it can be done now.
    pub available: bool,
    /// Why not.
    pub reason: Option<String>,
    /// What a person can settle the run as.
    pub outcomes: Vec<RunState>,
}

/// What a plan is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlanKind {
    /// An upgrade.
    #[default]
    Upgrade,
    /// Calling off one that has not started.
    Cancel,
    /// Going back from one that is done.
    Rollback,
}

/// Whose word a line of the timeline is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// This console's.
    #[default]
    Console,
    /// The cloud's.
    Cloud,
    /// A person's.
    Person,
}

/// What the cloud answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: Option<u16>,
    /// The vendor's code, verbatim.
    pub code: Option<String>,
    /// The vendor's message, verbatim.
    pub message: Option<String>,
    /// The vendor's id of the request.
    pub request_id: Option<String>,
    /// The order that was placed.
    pub order_id: Option<String>,
    /// The raw body.
    pub body: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<u64>,
    /// What the code means by the documents.
    pub meaning: Option<String>,
    /// The vendor's diagnosis of this very error, an address.
    pub recommend: Option<String>,
    /// The media type of the body.
    pub content_type: Option<String>,
}

/// One line of the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineEntry {
    /// RFC 3339.
    pub at: String,
    /// The state that was reached.
    pub state: RunState,
    /// How, in words.
    pub detail: Option<String>,
    /// Whose word it is.
    pub source: Source,
    /// What the cloud answered then.
    pub answer: Option<Answer>,
}

impl ReadJson for RunState {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        let name = value.and_then(Value::as_str);
        let found = RunState::ALL.into_iter().find(|state| Some(state.name()) == name);
        *fits &= found.is_some();
        found.unwrap_or(RunState::Unknown)
    }
}

read_names!(PlanKind { "upgrade" => Upgrade, "cancel" => Cancel, "rollback" => Rollback });
read_names!(Source { "console" => Console, "cloud" => Cloud, "person" => Person });

read_members!(Run { id, operation, profile, mode, state, created_at } or_default {
    plan, updated_at, answer, timeline, title, instance, name, from, target, user, payload_hash, outcome, next_step,
    is_final = "final", reason, actions, scheduled_for, following, order_id, order_url, kind, undoes, undone_by, dry_run,
    secret_pointers, last_seen, looked_at
} and { rest = without_looks });
fn without_looks(run: &Value) -> Value {
    let mut rest = run.clone();
    if let Some(members) = rest.as_object_mut() {
        for name in ["timeline", "updated_at", "looked_at", "last_seen"] {
            members.remove(name);
        }
    }
    rest
}

read_members!(Answer {} or_default {
    status, code, message, request_id, order_id, body, duration_ms, meaning, recommend, content_type
});
read_members!(RunAction { name, available } or_default { reason, outcomes });
read_members!(TimelineEntry { at, state } or_default { detail, source, answer });

/// Which runs to list: names and values of the query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunFilter(Vec<(String, String)>);

impl RunFilter {
    /// With one condition more; an empty one is none.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.0.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// The value of a condition; empty when there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// As a query, with its question mark, or empty.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = String::new();
        for (name, value) in &self.0 {
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(name);
            query.push('=');
            query.push_str(&super::encode(value));
        }
        query
    }
}
