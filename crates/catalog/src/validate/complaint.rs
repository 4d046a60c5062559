//! What can be wrong with a value, with the data to say what would be right.

use crate::model::{Kind, Language, Text};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What is wrong with a value, with what is needed to say what would be right. Values that were given are cut to
/// 40 code points, and left out for fields that are secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Complaint {
    /// Required and not given (absent or null).
    Missing {
        /// Whether it is chosen rather than typed.
        choose: bool,
        /// The field's own words for asking, when the catalogue has them.
        ask: Option<Text>,
    },
    /// No field has this name.
    UnknownField {
        /// As given.
        name: String,
        /// The known name that is most like it.
        nearest: Option<String>,
        /// All known names at this place.
        known: Vec<String>,
    },
    /// A name that is filled in from the profile and is never a parameter, e.g. `project_id`.
    FromProfile {
        /// As given.
        name: String,
    },
    /// Another JSON type than the one asked for.
    WrongType {
        /// What the field takes.
        expected: JsonType,
        /// What was given.
        got: JsonType,
        /// The value as it was given.
        given: String,
        /// How the same content is written in the right type.
        write: Option<String>,
    },
    /// Fewer characters (code points) than the least.
    TooShort {
        /// Least length.
        minimum: u64,
        /// Length given.
        length: u64,
    },
    /// More characters (code points) than the greatest.
    TooLong {
        /// Greatest length.
        maximum: u64,
        /// Length given.
        length: u64,
    },
    /// The text does not look as asked for.
    Pattern {
        /// The value as it was given.
        given: String,
        /// The regular expression.
        pattern: String,
        /// What it asks for, in words.
        words: Option<Text>,
        /// Known values, when other values are accepted beside them.
        known: Vec<String>,
    },
    /// Not one of the values that are accepted.
    NotAChoice {
        /// The value as it was given.
        given: String,
        /// What is accepted.
        choices: Vec<String>,
        /// The one that is most like it.
        nearest: Option<String>,
    },
    /// Below the least value.
    TooSmall {
        /// Least value.
        minimum: String,
        /// The value as it was given.
        given: String,
    },
    /// Above the greatest value.
    TooLarge {
        /// Greatest value.
        maximum: String,
        /// The value as it was given.
        given: String,
    },
    /// Fewer items than the least.
    TooFewItems {
        /// Least count.
        minimum: u64,
        /// Count given.
        count: u64,
    },
    /// More items than the greatest.
    TooManyItems {
        /// Greatest count.
        maximum: u64,
        /// Count given.
        count: u64,
    },
    /// Fewer members than the least.
    TooFewMembers {
        /// Least count.
        minimum: u64,
        /// Count given.
        count: u64,
        /// What can be given.
        names: Vec<String>,
    },
    /// A number with a fraction, an exponent or a negative zero where a whole number is asked for.
    NotWhole {
        /// The value as it was given.
        given: String,
        /// The same value as a whole number, if it is one.
        write: Option<String>,
    },
    /// A text that is not a number.
    BadNumber {
        /// The value as it was given.
        given: String,
        /// Least value.
        minimum: Option<String>,
        /// Greatest value.
        maximum: Option<String>,
        /// Which numbers are asked for.
        shape: Shape,
    },
}

impl Complaint {
    /// Stable code, e.g. `missing`, as in the HTTP API.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::UnknownField { .. } => "unknown_field",
            Self::FromProfile { .. } => "from_profile",
            Self::WrongType { .. } => "wrong_type",
            Self::TooShort { .. } => "too_short",
            Self::TooLong { .. } => "too_long",
            Self::Pattern { .. } => "pattern",
            Self::NotAChoice { .. } => "not_a_choice",
            Self::TooSmall { .. } => "too_small",
            Self::TooLarge { .. } => "too_large",
            Self::TooFewItems { .. } => "too_few_items",
            Self::TooManyItems { .. } => "too_many_items",
            Self::TooFewMembers { .. } => "too_few_members",
            Self::NotWhole { .. } => "not_whole",
            Self::BadNumber { .. } => "bad_number",
        }
    }

    /// What is wrong and what would be right, as one sentence without a full stop. It starts with the title, so
    /// that the same words stand beside the field and in a summary; with an empty title it stands alone.
    #[must_use]
    pub fn words(&self, title: &str, language: Language) -> String {
        super::words::words(self, title, language)
    }

    /// Takes out what was given, for values that must not be shown.
    pub fn redact(&mut self) {
        match self {
            Self::WrongType { given, write, .. } | Self::NotWhole { given, write } => {
                given.clear();
                *write = None;
            }
            Self::Pattern { given, .. }
            | Self::TooSmall { given, .. }
            | Self::TooLarge { given, .. }
            | Self::BadNumber { given, .. } => given.clear(),
            Self::NotAChoice { given, nearest, .. } => {
                given.clear();
                *nearest = None;
            }
            Self::Missing { .. }
            | Self::UnknownField { .. }
            | Self::FromProfile { .. }
            | Self::TooShort { .. }
            | Self::TooLong { .. }
            | Self::TooFewItems { .. }
            | Self::TooManyItems { .. }
            | Self::TooFewMembers { .. } => {}
        }
    }
}

/// Which numbers a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Whole numbers.
    Whole,
    /// Whole numbers that name an instant, in milliseconds since 1970.
    EpochMs,
    /// Any number.
    Any,
}

/// The JSON types, with whole numbers apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JsonType {
    /// A string.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// true or false.
    Boolean,
    /// An object.
    Object,
    /// An array.
    List,
    /// null.
    Null,
}

impl JsonType {
    /// The type that a kind takes.
    #[must_use]
    pub fn of_kind(kind: &Kind) -> Self {
        match kind {
            Kind::Text { .. } => Self::Text,
            Kind::Integer { .. } => Self::Integer,
            Kind::Number { .. } => Self::Number,
            Kind::Boolean => Self::Boolean,
            Kind::Object { .. } | Kind::FreeObject => Self::Object,
            Kind::List { .. } => Self::List,
        }
    }

    /// The type of a value.
    #[must_use]
    pub fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_f64() => Self::Number,
            Value::Number(_) => Self::Integer,
            Value::String(_) => Self::Text,
            Value::Array(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }
}
