//! Looking at the cloud after a call: where the run stands, when to look again, and how it could be taken back.

use super::{
    current::{Current, Inquiry},
    traces::{self, Span},
};
use crate::{
    asking::AskError,
    plan::Plan,
    run::{Run, State},
};
use catalog::Text;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

/// How often the cloud is looked at, on its own clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// After the call was taken.
    pub first: SignedDuration,
    /// Then, growing by half each time nothing new is seen…
    pub every: SignedDuration,
    /// …up to this.
    pub slowest: SignedDuration,
    /// After so long the run is given up: then its outcome is unknown.
    pub budget: SignedDuration,
}

impl Pace {
    /// A pace in seconds and a budget in minutes.
    #[must_use]
    pub const fn new(first: i64, every: i64, slowest: i64, budget_minutes: i64) -> Self {
        Self {
            first: SignedDuration::from_secs(first),
            every: SignedDuration::from_secs(every),
            slowest: SignedDuration::from_secs(slowest),
            budget: SignedDuration::from_mins(budget_minutes),
        }
    }

    /// How long to wait after so many looks in the same state.
    #[must_use]
    pub fn wait(&self, looks: u32) -> SignedDuration {
        let Some(grown) = looks.checked_sub(1) else { return self.first };
        // From twelve on it is 130 times as long, which is above every `slowest` in use.
        let mut wait = self.every;
        for _ in 0..grown.min(12) {
            wait = (wait * 3) / 2;
        }
        wait.min(self.slowest).max(self.every)
    }
}

/// A look at the cloud on behalf of a run.
pub struct Look<'a> {
    /// Asks.
    pub inquiry: Inquiry<'a>,
    /// The run as it stands.
    pub run: &'a Run,
    /// Its plan.
    pub plan: &'a Plan,
    /// When it is not known what came of the run: others of the operation and the realm, newest first, because what is
    /// found may be of one of them.
    pub siblings: Vec<Run>,
}

impl Look<'_> {
    /// Asks an internal read of the catalogue.
    ///
    /// # Errors
    /// As [`AskError`] says.
    pub async fn ask(&self, id: &str, parameters: Value) -> Result<Value, AskError> {
        self.inquiry.ask(id, parameters).await
    }

    /// The clock of the profile's cloud.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.inquiry.now
    }

    /// What was known before the call.
    #[must_use]
    pub fn before(&self) -> &Current {
        &self.plan.current
    }

    /// The spans of time in which the cloud dates what the run's calls made, oldest first.
    #[must_use]
    pub fn spans(&self) -> Vec<Span> {
        traces::spans(self.run)
    }

    /// What the cloud dates at or after this can be of this run.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        traces::since(self.run)
    }

    /// Whether another run is known to have made an order.
    #[must_use]
    pub fn is_order_of_another(&self, order: &str) -> bool {
        self.siblings.iter().any(|run| run.order_id.as_deref() == Some(order))
    }
}

/// What a look saw.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// Where the run stands by it.
    pub standing: Standing,
    /// In words; the same words as long as the same is seen.
    pub detail: Text,
    /// When to look again, if not at the usual pace.
    pub next: Option<SignedDuration>,
    /// The order that was found.
    pub order_id: Option<String>,
    /// When the cloud will start.
    pub scheduled_for: Option<Timestamp>,
    /// Facts that later looks need.
    pub facts: Map<String, Value>,
}

/// Where a run stands by what was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It goes on, in this state.
    Going(State),
    /// It ended, in this state.
    Ended(State),
    /// Nothing was seen that tells.
    Unclear,
}

impl Sight {
    fn new(standing: Standing, detail: Text) -> Self {
        Self { standing, detail, next: None, order_id: None, scheduled_for: None, facts: Map::new() }
    }

    /// It goes on.
    #[must_use]
    pub fn going(state: State, detail: Text) -> Self {
        Self::new(Standing::Going(state), detail)
    }

    /// It ended.
    #[must_use]
    pub fn ended(state: State, detail: Text) -> Self {
        Self::new(Standing::Ended(state), detail)
    }

    /// Nothing that tells: what was looked at, and what would be seen otherwise.
    #[must_use]
    pub fn unclear(detail: Text) -> Self {
        Self::new(Standing::Unclear, detail)
    }

    /// Look again after this.
    #[must_use]
    pub fn again_in(mut self, next: SignedDuration) -> Self {
        self.next = Some(next);
        self
    }

    /// With the order that was found.
    #[must_use]
    pub fn order(mut self, id: impl Into<String>) -> Self {
        self.order_id = Some(id.into());
        self
    }

    /// With the time at which the cloud will start.
    #[must_use]
    pub fn scheduled(mut self, at: Timestamp) -> Self {
        self.scheduled_for = Some(at);
        self
    }

    /// With a fact for later looks and for taking it back.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }
}

/// Whether a run can be taken back now.
#[derive(Debug, Clone, PartialEq)]
pub enum Undo {
    /// There is no call for it.
    None,
    /// There is one, and this is why it cannot be made now.
    Unavailable(Text),
    /// By this operation with these parameters.
    By {
        /// The operation's id; it may be an internal one.
        operation: &'static str,
        /// Its parameters.
        parameters: Map<String, Value>,
    },
}

impl Undo {
    /// By an operation with parameters.
    #[must_use]
    pub fn by(operation: &'static str, parameters: Value) -> Self {
        Self::By { operation, parameters: parameters.as_object().cloned().unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_slows_down_and_has_an_end() {
        let pace = Pace::new(60, 15, 30, 60);
        let waits: Vec<i64> = (0..5).map(|looks| pace.wait(looks).as_secs()).collect();
        assert_eq!(waits, [60, 15, 22, 30, 30]);
        assert_eq!(pace.wait(1_000).as_secs(), 30);
    }
}
