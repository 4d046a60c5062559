//! Numbers by their digits: compared and checked without a float, which would round them, and which would bring the
//! page the tables that turn digits into floats and back.

use serde_json::Number;
use std::cmp::Ordering;

/// Compares two numbers exactly.
#[must_use]
pub fn compare(one: &Number, other: &Number) -> Ordering {
    let (one, other) = (Decimal::of(&one.to_string()), Decimal::of(&other.to_string()));
    match (one.negative, other.negative) {
        (false, false) => one.magnitude().cmp(&other.magnitude()),
        (true, true) => other.magnitude().cmp(&one.magnitude()),
        (negative, _) => {
            if negative {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
    }
}

/// How a number is written as a whole one, if it is one.
#[must_use]
pub fn as_whole(number: &Number) -> Option<String> {
    let decimal = Decimal::of(&number.to_string());
    // From 2^53 on a float may have been read from another integer, so none is proposed.
    let length = usize::try_from(decimal.exponent).ok().filter(|length| *length <= 16)?;
    if decimal.digits.is_empty() {
        return Some("0".to_owned());
    }
    let zeros = length.checked_sub(decimal.digits.len())?;
    let digits = decimal.digits + &"0".repeat(zeros);
    if digits.len() == 16 && *digits >= *"9007199254740992" {
        return None;
    }
    Some(if decimal.negative { format!("-{digits}") } else { digits })
}

/// Whether two programs read the same from the text of a number: whole numbers fit into 64 bits, others do not go
/// beyond what a double holds.
pub(crate) fn is_kept(text: &str) -> bool {
    if !is_written_whole(text) {
        return Decimal::of(text).magnitude() <= (true, 309, "17976931348623157");
    }
    let (digits, greatest) = match text.strip_prefix('-') {
        Some(digits) => (digits, "9223372036854775808"),
        None => (text, "18446744073709551615"),
    };
    (digits.len(), digits) <= (greatest.len(), greatest)
}

/// Whether a number has neither a point nor an exponent.
pub(crate) fn is_written_whole(text: &str) -> bool {
    !text.contains(['.', 'e', 'E'])
}

/// A number as 0.`digits` times ten to the power of `exponent`. Its digits neither start nor end with a zero; zero has
/// none.
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// From the text that JSON has for a number.
    fn of(text: &str) -> Decimal {
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let all = format!("{whole}{fraction}");
        let significant = all.trim_start_matches('0');
        let digits = significant.trim_end_matches('0').to_owned();
        // A power of more digits than a number has is beyond every limit that there is.
        let beyond = if power.starts_with('-') { i64::from(i32::MIN) } else { i64::from(i32::MAX) };
        let power = power.parse::<i32>().map_or(beyond, i64::from);
        let point = whole.len() as i64 - (all.len() - significant.len()) as i64;
        let exponent = if digits.is_empty() { 0 } else { power + point };
        Decimal { negative: unsigned.len() < mantissa.len() && !digits.is_empty(), digits, exponent }
    }

    /// Without the sign, in an order that can be compared.
    fn magnitude(&self) -> (bool, i64, &str) {
        (!self.digits.is_empty(), self.exponent, &self.digits)
    }
}

#[cfg(test)]
mod tests {
    use super::{as_whole, compare, is_kept};
    use serde_json::Number;
    use std::cmp::Ordering;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_compared_by_value() {
        let ordered = [
            "-1e300",
            "-10.5",
            "-10",
            "-0.25",
            "-1e-9",
            "0",
            "1e-9",
            "0.25",
            "0.3",
            "1",
            "1.05",
            "1.5",
            "9",
            "10",
            "9007199254740992",
            "9007199254740993",
            "1e300",
        ];
        for (index, one) in ordered.iter().enumerate() {
            for (other_index, other) in ordered.iter().enumerate() {
                assert_eq!(
                    compare(&number(one), &number(other)),
                    index.cmp(&other_index),
                    "{one} and {other}"
                );
            }
        }
        for (one, other) in [("0", "-0"), ("1", "1.0"), ("100", "1e2"), ("0.5", "5e-1"), ("-12", "-0.12E+2")]
        {
            assert_eq!(compare(&number(one), &number(other)), Ordering::Equal, "{one} and {other}");
        }
    }

    #[test]
    fn a_whole_number_is_found_behind_point_and_exponent() {
        for (text, whole) in [
            ("1.0", Some("1")),
            ("1e3", Some("1000")),
            ("-0.0", Some("0")),
            ("-25e-1", None),
            ("-2.5e1", Some("-25")),
            ("0.5", None),
            ("1e300", None),
            ("9007199254740991.0", Some("9007199254740991")),
            ("9007199254740992.0", None),
            ("9007199254740994.0", None),
        ] {
            assert_eq!(as_whole(&number(text)).as_deref(), whole, "{text}");
        }
    }

    #[test]
    fn a_number_that_would_be_another_elsewhere_is_not_kept() {
        for text in [
            "18446744073709551615",
            "-9223372036854775808",
            "0",
            "-0",
            "1.7976931348623157e308",
            "1e-400",
            "0.000000000000000000000000000000000000001e340",
            "0e999999999999",
        ] {
            assert!(is_kept(text), "{text}");
        }
        for text in [
            "18446744073709551616",
            "-9223372036854775809",
            "100000000000000000000",
            "1e309",
            "-1e309",
            "1.8e308",
            "1e99999999999999999999",
        ] {
            assert!(!is_kept(text), "{text}");
        }
    }
}
