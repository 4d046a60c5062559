//! A run: one execution of a plan, with a timeline, ending in one final state (design.md section 3).

use crate::{answer::Answer, config::Mode, error::text, plan::PlanKind, record::Kind};
use catalog::Text;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

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
    /// Whether nothing more can come of it. What is unknown is not final: somebody has to find out.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(
            self,
            State::Succeeded
                | State::Failed
                | State::Refused
                | State::NotSent
                | State::Cancelled
                | State::RolledBack
        )
    }

    /// Whether the cloud has taken it and has not ended it, as far as is known.
    #[must_use]
    pub fn is_going(self) -> bool {
        matches!(self, State::Accepted | State::InProgress | State::Scheduled | State::AwaitingPayment)
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
    /// It was taken, and its end was not seen in the time that the product needs.
    GivenUp,
}

/// Whose word an entry of the timeline is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// This program's.
    #[default]
    Console,
    /// The cloud's, in an answer.
    Cloud,
    /// A person's.
    Person,
}

/// What of an answer is worth keeping in the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brief {
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

impl From<&Answer> for Brief {
    fn from(answer: &Answer) -> Self {
        Self {
            status: answer.status,
            code: answer.code.clone(),
            message: answer.message.clone(),
            request_id: answer.request_id.clone(),
            duration_ms: answer.duration_ms,
        }
    }
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
    /// Whose word it is.
    #[serde(default)]
    pub source: Source,
    /// The answer that said so.
    #[serde(default)]
    pub answer: Option<Brief>,
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
    /// Where its instance is, whichever profile reaches it: see [`crate::config::ProfileConfig::realm`].
    #[serde(default)]
    pub realm: Option<String>,
    /// Whether it upgrades, or takes an upgrade back.
    #[serde(default)]
    pub kind: PlanKind,
    /// The run that it takes back.
    #[serde(default)]
    pub undoes: Option<Undoes>,
    /// The run that takes this one back, or took it back.
    #[serde(default)]
    pub undone_by: Option<String>,
    /// Whether it only checks.
    #[serde(default)]
    pub dry_run: bool,
    /// Whether the server looks at the cloud until it ends.
    #[serde(default)]
    pub followed: bool,
    /// The instance that it is about.
    pub instance: String,
    /// What the instance is called, when that was known before the call.
    #[serde(default)]
    pub name: Option<String>,
    /// What it was before, when that was known.
    #[serde(default)]
    pub from: Option<Text>,
    /// What it changes to, when one value says it.
    pub target: Option<Text>,
    /// The token that was sent, where the API has one.
    pub client_token: Option<String>,
    /// Which parameters are secret and must be typed again for a resend.
    #[serde(default)]
    pub secret_pointers: Vec<String>,
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
    /// What the cloud said to the call.
    pub answer: Option<Answer>,
    /// The order, from the answer or from what a look found.
    #[serde(default)]
    pub order_id: Option<String>,
    /// When the call was sent first, on the clock of the profile's cloud: a resend may find what the first one did.
    #[serde(default)]
    pub sent_at: Option<Timestamp>,
    /// When it was sent again, each time, on the same clock: a resend may do what the first call did not.
    #[serde(default)]
    pub resent_at: Vec<Timestamp>,
    /// When the cloud will start it, on the cloud's clock.
    #[serde(default)]
    pub scheduled_for: Option<Timestamp>,
    /// Since when it is followed, on the cloud's clock: the time budget counts from here.
    #[serde(default)]
    pub followed_since: Option<Timestamp>,
    /// Whether a check has been answered since the outcome became unknown.
    #[serde(default)]
    pub checked: bool,
    /// What the last look saw.
    #[serde(default)]
    pub last_seen: Option<Text>,
    /// When that was, real time.
    #[serde(default)]
    pub looked_at: Option<Timestamp>,
    /// What looks found out and later ones need; each product's own.
    #[serde(default)]
    pub facts: Map<String, Value>,
    /// When it was confirmed.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// What happened so far.
    pub timeline: Vec<Event>,
}

/// The run that another one takes back, and what that one is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undoes {
    /// Its id.
    pub run: String,
    /// Its operation.
    pub operation: String,
}

/// A step of a run. What is `None` stays as it was.
#[derive(Debug, Clone)]
pub struct Step {
    /// Which state begins.
    pub state: State,
    /// What happened.
    pub detail: Text,
    /// Whose word it is.
    pub source: Source,
    /// The answer that said so.
    pub brief: Option<Brief>,
    /// Why it did not go as wanted.
    pub failure: Option<Failure>,
    /// What the cloud said to the call.
    pub answer: Option<Answer>,
    /// The person who did it.
    pub by: Option<ByPerson>,
    /// What else is known now.
    pub known: Known,
}

/// What a person did to a run after it was confirmed; it lands in the record under that person's name.
#[derive(Debug, Clone)]
pub struct ByPerson {
    /// What was done.
    pub kind: Kind,
    /// Who.
    pub user: String,
    /// The evidence, or the reason.
    pub reason: Option<String>,
}

/// What a step, or a look that is no step, found out.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The order.
    pub order_id: Option<String>,
    /// When the call was sent, on the cloud's clock.
    pub sent_at: Option<Timestamp>,
    /// When the cloud will start it.
    pub scheduled_for: Option<Timestamp>,
    /// From when the time budget counts.
    pub followed_since: Option<Timestamp>,
    /// A check was answered.
    pub checked: bool,
    /// What a look saw.
    pub last_seen: Option<Text>,
    /// Facts to keep.
    pub facts: Map<String, Value>,
}

impl Step {
    /// A step without an answer.
    #[must_use]
    pub fn to(state: State, detail: Text) -> Self {
        Self {
            state,
            detail,
            source: Source::Console,
            brief: None,
            failure: None,
            answer: None,
            by: None,
            known: Known::default(),
        }
    }

    /// A step that a person took.
    #[must_use]
    pub fn by(state: State, detail: Text, by: ByPerson) -> Self {
        Self { source: Source::Person, by: Some(by), ..Self::to(state, detail) }
    }
}

impl Run {
    /// Applies a step.
    pub fn apply(&mut self, step: Step, at: Timestamp) {
        if step.state == State::Unknown && self.state != State::Unknown {
            self.checked = false;
        }
        // What went wrong stays said only while it matters.
        self.failure = match step.state {
            State::Unknown => step.failure.or(self.failure),
            _ => step.failure,
        };
        self.state = step.state;
        self.updated_at = at;
        if let Some(order) = step.answer.as_ref().and_then(|answer| answer.order_id.clone()) {
            self.order_id = Some(order);
        }
        let brief = step.brief.or_else(|| step.answer.as_ref().map(Brief::from));
        self.answer = step.answer.or(self.answer.take());
        self.learn(step.known, at);
        self.timeline.push(Event {
            at,
            state: step.state,
            detail: step.detail,
            source: step.source,
            answer: brief,
        });
    }

    /// Keeps what a look found out.
    pub fn learn(&mut self, known: Known, at: Timestamp) {
        self.order_id = known.order_id.or(self.order_id.take());
        match (self.sent_at, known.sent_at) {
            (None, sent) => self.sent_at = sent,
            (Some(_), Some(again)) => self.resent_at.push(again),
            (Some(_), None) => {}
        }
        self.scheduled_for = known.scheduled_for.or(self.scheduled_for);
        self.followed_since = known.followed_since.or(self.followed_since);
        self.checked |= known.checked;
        if known.last_seen.is_some() {
            self.last_seen = known.last_seen;
            self.looked_at = Some(at);
        }
        self.facts.extend(known.facts);
    }

    /// Whether the server looks at the cloud by itself now.
    #[must_use]
    pub fn is_following(&self) -> bool {
        self.followed && self.state.is_going()
    }

    /// Whether nothing more comes of it: it ended, or it was taken and nobody follows it.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.state.is_final() || (self.state.is_going() && !self.followed)
    }

    /// Whether the cloud took the call that was sent last: then what is unknown is its end, not whether it arrived.
    #[must_use]
    pub fn was_taken(&self) -> bool {
        let mut since_sent = self.timeline.iter().rev().take_while(|event| event.state != State::Sent);
        self.order_id.is_some() || since_sent.any(|event| event.state.is_going())
    }

    /// Whether another run for the same instance must wait. Only what takes this one back need not: the store hands the
    /// instance over to it.
    #[must_use]
    pub fn blocks_instance(&self) -> bool {
        !self.is_over() && !self.dry_run
    }

    /// The operation whose instance must not be worked on twice at once.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.undoes.as_ref().map_or(&self.operation, |undoes| &undoes.operation)
    }

    /// What becomes of this run when the one that takes it back has ended. Returns whether anything did.
    pub fn undone(&mut self, by: &Run, at: Timestamp) -> bool {
        if self.undone_by.as_deref() != Some(by.id.as_str()) || !by.is_over() {
            return false;
        }
        if by.state != State::Succeeded {
            // It stands as it stood, and can be taken back by another try.
            self.undone_by = None;
            return true;
        }
        let (state, words) = match by.kind {
            PlanKind::Rollback => (
                State::RolledBack,
                text(format!("Rolled back by {}.", by.id), format!("已由 {} 回滚。", by.id)),
            ),
            _ => {
                (State::Cancelled, text(format!("Cancelled by {}.", by.id), format!("已由 {} 取消。", by.id)))
            }
        };
        // The cloud may have shown it before.
        if self.state != state {
            self.apply(Step::to(state, words), at);
        }
        true
    }
}

#[cfg(test)]
pub(crate) mod testing {
    use super::*;

    /// A run that was accepted, of an instance `i-1`.
    pub(crate) fn run() -> Run {
        let at = Timestamp::UNIX_EPOCH;
        Run {
            id: "run_1".to_owned(),
            plan: "pl_1".to_owned(),
            operation: "o".to_owned(),
            title: text("o", "o"),
            profile: "p".to_owned(),
            mode: Mode::Simulated,
            realm: None,
            kind: PlanKind::Upgrade,
            undoes: None,
            undone_by: None,
            dry_run: false,
            followed: true,
            instance: "i-1".to_owned(),
            name: None,
            from: None,
            target: None,
            client_token: None,
            secret_pointers: Vec::new(),
            payload_hash: String::new(),
            user: "local".to_owned(),
            reason: None,
            state: State::Accepted,
            failure: None,
            answer: None,
            order_id: None,
            sent_at: Some(at),
            resent_at: Vec::new(),
            scheduled_for: None,
            followed_since: Some(at),
            checked: false,
            last_seen: None,
            looked_at: None,
            facts: Map::new(),
            created_at: at,
            updated_at: at,
            timeline: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{testing::run, *};

    fn step(state: State) -> Step {
        Step::to(state, text("", ""))
    }

    #[test]
    fn a_check_counts_until_the_outcome_is_unknown_anew() {
        let mut run = run();
        run.apply(step(State::Unknown), Timestamp::UNIX_EPOCH);
        assert!(!run.checked);
        run.learn(Known { checked: true, ..Known::default() }, Timestamp::UNIX_EPOCH);
        assert!(run.checked);
        run.apply(step(State::Sent), Timestamp::UNIX_EPOCH);
        run.apply(step(State::Unknown), Timestamp::UNIX_EPOCH);
        assert!(!run.checked);
    }

    #[test]
    fn a_call_was_taken_when_anything_since_it_was_sent_says_so() {
        let mut run = Run { timeline: Vec::new(), ..run() };
        for state in [State::Confirmed, State::Sent, State::Unknown] {
            run.apply(step(state), Timestamp::UNIX_EPOCH);
        }
        assert!(!run.was_taken());
        run.apply(step(State::InProgress), Timestamp::UNIX_EPOCH);
        run.apply(step(State::Unknown), Timestamp::UNIX_EPOCH);
        assert!(run.was_taken());
        // What was true of the call before says nothing of the one after.
        run.apply(step(State::Sent), Timestamp::UNIX_EPOCH);
        run.apply(step(State::Unknown), Timestamp::UNIX_EPOCH);
        assert!(!run.was_taken());
        assert!(Run { order_id: Some("o".to_owned()), ..run }.was_taken());
    }

    #[test]
    fn every_sending_is_kept_the_first_one_apart() {
        let mut run = Run { sent_at: None, ..run() };
        let sent = |second| Known { sent_at: Timestamp::from_second(second).ok(), ..Known::default() };
        run.learn(sent(10), Timestamp::UNIX_EPOCH);
        run.learn(sent(5_000), Timestamp::UNIX_EPOCH);
        run.learn(Known::default(), Timestamp::UNIX_EPOCH);
        assert_eq!(run.sent_at, Timestamp::from_second(10).ok());
        assert_eq!(run.resent_at, [Timestamp::from_second(5_000).unwrap()]);
    }

    #[test]
    fn only_the_run_that_takes_back_changes_what_it_takes_back() {
        let undo = |id: &str, state| Run { id: id.to_owned(), state, kind: PlanKind::Rollback, ..run() };
        let first = || Run { state: State::Succeeded, undone_by: Some("run_2".to_owned()), ..run() };
        let mut done = first();
        assert!(done.undone(&undo("run_2", State::Succeeded), Timestamp::UNIX_EPOCH));
        assert_eq!(done.state, State::RolledBack);
        let mut refused = first();
        assert!(refused.undone(&undo("run_2", State::Refused), Timestamp::UNIX_EPOCH));
        assert_eq!((refused.state, refused.undone_by), (State::Succeeded, None));
        assert!(!first().undone(&undo("run_2", State::InProgress), Timestamp::UNIX_EPOCH));
        assert!(!first().undone(&undo("run_3", State::Succeeded), Timestamp::UNIX_EPOCH));
    }

    #[test]
    fn what_is_open_blocks_the_instance() {
        for state in
            [State::Confirmed, State::Accepted, State::Scheduled, State::AwaitingPayment, State::Unknown]
        {
            assert!(Run { state, ..run() }.blocks_instance(), "{state:?}");
        }
        assert!(!Run { state: State::Succeeded, ..run() }.blocks_instance());
        assert!(!Run { followed: false, ..run() }.blocks_instance());
        assert!(!Run { dry_run: true, ..run() }.blocks_instance());
        assert!(Run { kind: PlanKind::Cancel, state: State::Unknown, ..run() }.blocks_instance());
    }
}
