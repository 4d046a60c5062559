//! What the cloud says of an instance before it is changed: what it is now, whether it can be changed, what that costs.

use crate::{answer::Answer, asking::AskError, profile::Profile, run::Brief};
use catalog::{Operation, Text};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex, PoisonError},
};

/// After so long a price is asked for again (consoles.md point 23).
pub const PRICE_LASTS: SignedDuration = SignedDuration::from_mins(5);

/// What the cloud told of an instance.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Current {
    /// What following needs later: the version before, the name, the order before. Each product's own names.
    pub facts: Map<String, Value>,
    /// Values now, by pointer into the parameters; the review shows them as "from".
    pub values: BTreeMap<String, Text>,
    /// Why the plan cannot work: the pointer of the field that is to blame, and the reason.
    pub impossible: Option<(String, Text)>,
    /// What the review should say besides.
    pub warnings: Vec<Text>,
}

impl Current {
    /// What is known when nobody was asked.
    #[must_use]
    pub fn nothing() -> &'static Self {
        static NOTHING: LazyLock<Current> = LazyLock::new(Current::default);
        &NOTHING
    }

    /// A fact that is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.facts.get(name).and_then(Value::as_str)
    }

    /// With a fact.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.to_owned(), value.into());
        self
    }

    /// With a value now, if there is one.
    #[must_use]
    pub fn value(mut self, pointer: &str, value: Text) -> Self {
        if !value.en.is_empty() {
            self.values.insert(pointer.to_owned(), value);
        }
        self
    }
}

/// What it costs, as the cloud says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// One or more quotes; they are not added up.
    pub quotes: Vec<Quote>,
    /// When they were asked for.
    pub asked_at: Timestamp,
    /// What they are, in words.
    pub note: Text,
    /// Whether the bill can differ: then the cost still counts as unknown.
    pub is_estimate: bool,
}

/// One quote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// What it is for.
    pub label: Text,
    /// A decimal number as the cloud wrote it.
    pub amount: String,
    /// e.g. `CNY`.
    pub currency: String,
    /// What else it says: discounts, periods.
    pub detail: Text,
}

impl Price {
    /// Whether it should be asked for again.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now >= self.asked_at + PRICE_LASTS
    }
}

/// Questions to the cloud about parameters. Secrets in them are masked.
pub struct Inquiry<'a> {
    /// Who asks.
    pub profile: &'a Profile,
    /// The operation.
    pub operation: &'a Operation,
    /// The plan's parameters.
    pub parameters: &'a Map<String, Value>,
    /// The clock of the profile's cloud.
    pub now: Timestamp,
    // The last answer, for the timeline.
    heard: Mutex<Option<Brief>>,
}

impl<'a> Inquiry<'a> {
    /// Questions about these parameters.
    #[must_use]
    pub fn new(profile: &'a Profile, operation: &'a Operation, parameters: &'a Map<String, Value>) -> Self {
        Self { profile, operation, parameters, now: profile.now(), heard: Mutex::new(None) }
    }

    /// A text among the parameters that is not empty.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.parameters.get(name).and_then(Value::as_str).filter(|value| !value.is_empty())
    }

    /// The region of the parameters, else of the profile.
    #[must_use]
    pub fn region(&self) -> &'a str {
        self.text("RegionId").or(self.profile.config.region.as_deref()).unwrap_or_default()
    }

    /// Asks an internal read of the catalogue; gives the answer's JSON.
    ///
    /// # Errors
    /// As [`AskError`] says.
    pub async fn ask(&self, id: &str, parameters: Value) -> Result<Value, AskError> {
        let parameters = parameters.as_object().cloned().unwrap_or_default();
        let outcome = self.profile.ask_for_answer(id, &parameters).await;
        match &outcome {
            Ok((_, answer)) => self.note(answer),
            Err(AskError::Refused(answer)) => self.note(answer),
            Err(_) => {}
        }
        outcome.map(|(body, _)| body)
    }

    fn note(&self, answer: &Answer) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(Brief::from(answer));
    }

    /// What the cloud answered last.
    #[must_use]
    pub fn heard(&self) -> Option<Brief> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
