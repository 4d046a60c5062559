//! Numbers as they were written.

use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A number: the text that JSON has for it. Two are equal when they are written alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number(String);

/// A text is no number of JSON's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotANumber;

impl Number {
    /// As a whole number of 64 bits, if it is written as one.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        // `-0` is a float: no whole number is written so.
        if self.0 == "-0" { None } else { self.0.parse().ok() }
    }

    /// As a whole number of 64 bits that is not negative, if it is written as one.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.0.parse().ok()
    }

    /// Whether it is a whole number of 64 bits.
    #[must_use]
    pub fn is_i64(&self) -> bool {
        self.as_i64().is_some()
    }

    /// Whether it is no whole number of 64 bits, with a sign or without.
    #[must_use]
    pub fn is_f64(&self) -> bool {
        self.as_i64().is_none() && self.as_u64().is_none()
    }
}

impl FromStr for Number {
    type Err = NotANumber;

    fn from_str(text: &str) -> Result<Self, NotANumber> {
        if is_number(text) { Ok(Number(text.to_owned())) } else { Err(NotANumber) }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match (self.as_i64(), self.as_u64(), self.0.parse()) {
            (Some(whole), ..) => serializer.serialize_i64(whole),
            (None, Some(whole), _) => serializer.serialize_u64(whole),
            (None, None, float) => serializer.serialize_f64(float.unwrap_or(f64::NAN)),
        }
    }
}

impl From<i64> for Number {
    fn from(number: i64) -> Self {
        Number(number.to_string())
    }
}

impl From<u64> for Number {
    fn from(number: u64) -> Self {
        Number(number.to_string())
    }
}

/// The grammar of RFC 8259, section 6.
fn is_number(text: &str) -> bool {
    let (whole, rest) = digits(text.strip_prefix('-').unwrap_or(text));
    if whole.is_empty() || (whole.len() > 1 && whole.starts_with('0')) {
        return false;
    }
    let rest = match rest.strip_prefix('.') {
        Some(after) => match digits(after) {
            ("", _) => return false,
            (_, rest) => rest,
        },
        None => rest,
    };
    match rest.strip_prefix(['e', 'E']) {
        Some(after) => {
            let (exponent, rest) = digits(after.strip_prefix(['+', '-']).unwrap_or(after));
            !exponent.is_empty() && rest.is_empty()
        }
        None => rest.is_empty(),
    }
}

fn digits(text: &str) -> (&str, &str) {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at_checked(end).unwrap_or((text, ""))
}
