//! What the cloud says of an instance before it is changed: what it is now, whether it can be changed, what that costs.

use crate::{answer::Answer, asking::AskError, error::text, profile::Profile, run::Brief};
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

    /// When the instance is not in what the profile sees: it may still be there, so this forbids nothing.
    #[must_use]
    pub fn unseen() -> Self {
        let words = text(
            "The instance is not in the list that this profile sees. Check the id and the region.",
            "该账号配置看到的列表中没有此实例，请检查 ID 和地域。",
        );
        Self { warnings: vec![words], ..Self::default() }
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

/// What the cloud says that it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted {
    /// One or more quotes; they are not added up.
    pub quotes: Vec<Quote>,
    /// What they are, in words.
    pub note: Text,
    /// Whether the bill can differ: then the cost still counts as unknown.
    pub is_estimate: bool,
}

impl Quoted {
    /// The price as it was at this time, on the clock that tells when it is stale.
    #[must_use]
    pub fn at(self, asked_at: Timestamp) -> Price {
        let Self { quotes, note, is_estimate } = self;
        Price { quotes, asked_at, note, is_estimate }
    }
}

/// What it costs, as the cloud said once.
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

/// An amount of money at a pointer, as a decimal number with at least two places. Clouds write it as a number, as text,
/// and with separators between thousands.
#[must_use]
pub fn amount_at(row: &Value, pointer: &str) -> Option<String> {
    let written = match row.pointer(pointer)? {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().replace(',', ""),
        _ => return None,
    };
    written.parse::<f64>().ok().filter(|amount| amount.is_finite())?;
    let (whole, part) = written.split_once('.').unwrap_or((&written, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole_digits = whole.strip_prefix('-').unwrap_or(whole);
    let plain = !whole_digits.is_empty() && digits(whole_digits) && digits(part);
    plain.then(|| format!("{whole}.{part:0<2}"))
}

/// An amount as people read it, with a comma between thousands: `16,583.33`, in both languages.
#[must_use]
pub fn grouped(amount: &str) -> String {
    let whole = amount.split('.').next().unwrap_or_default().len();
    let mut text = String::with_capacity(amount.len() + whole / 3);
    for (place, sign) in amount.chars().enumerate() {
        let is_seam = place < whole && (whole - place).is_multiple_of(3);
        if is_seam && text.ends_with(|before: char| before.is_ascii_digit()) {
            text.push(',');
        }
        text.push(sign);
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn amounts_are_read_as_clouds_write_them() {
        let read = |value: Value| amount_at(&json!({"a": value}), "/a");
        for (written, amount) in [
            (json!(3880.0), "3880.00"),
            (json!(0.65), "0.65"),
            (json!(12), "12.00"),
            (json!("25,860.4"), "25860.40"),
            (json!("0.0068"), "0.0068"),
        ] {
            assert_eq!(read(written).as_deref(), Some(amount));
        }
        for (amount, read) in [
            ("0.65", "0.65"),
            ("999.00", "999.00"),
            ("-999.00", "-999.00"),
            ("1000.12345", "1,000.12345"),
            ("-16583.33", "-16,583.33"),
            ("1234567", "1,234,567"),
            ("90071992547409931234.00", "90,071,992,547,409,931,234.00"),
            ("", ""),
        ] {
            assert_eq!(grouped(amount), read);
        }
        for written in [json!("free"), json!(""), json!(null), json!("1e3"), json!("inf")] {
            assert_eq!(read(written), None);
        }
    }
}
