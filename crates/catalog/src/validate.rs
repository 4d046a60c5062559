//! One validation for page and server: parameters against an operation.
//!
//! The verdict is JSON Schema's on the schema that stands in the document, with one exception on purpose: an
//! integer is written as an integer, `1.0`, `1e3` and `-0` are refused, because two programs may read them
//! differently (security.md A26).

mod complaint;
mod pattern;
mod words;

pub use complaint::{Complaint, JsonType, Shape};

use crate::model::{Choice, Field, Kind, Operation, Protocol};
use crate::text::holds;
use crate::{number, strict_json};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};
use std::cell::RefCell;

/// Something wrong with one value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// JSON pointer into the parameters, e.g. `/Parameter/1/Value`.
    pub pointer: String,
    /// What is wrong.
    pub complaint: Complaint,
}

/// Checks parameters; an empty list means that they fit. In the order of the fields; names that no field has
/// come last.
#[must_use]
pub fn validate(operation: &Operation, parameters: &Map<String, Value>) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_members(&operation.fields, parameters, "", &mut problems);
    for problem in &mut problems {
        if let Complaint::UnknownField { name, .. } = &problem.complaint
            && comes_from_profile(operation, name)
            && problem.pointer == child("", name)
        {
            problem.complaint = Complaint::FromProfile { name: name.clone() };
        }
    }
    problems
}

/// Checks one value of a field, with pointers below `pointer`. `None` means that it is not given.
#[must_use]
pub fn validate_field(field: &Field, value: Option<&Value>, pointer: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_field(field, value, pointer, &mut problems);
    problems
}

/// Checks a value against a kind.
#[must_use]
pub fn validate_kind(kind: &Kind, value: &Value, pointer: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_kind(kind, value, pointer, &mut problems);
    problems
}

/// The field that a pointer names, through objects and lists, e.g. `/Parameter/0/Code`. Inside a free object or
/// a list of plain values: the field that holds it. `None` when there is no such field.
#[must_use]
pub fn field_at<'a>(operation: &'a Operation, pointer: &str) -> Option<&'a Field> {
    let mut parts = pointer.strip_prefix('/')?.split('/').map(unescape);
    let first = parts.next()?;
    let mut field = operation.fields.iter().find(|field| field.name == first)?;
    let mut kind = &field.kind;
    for part in parts {
        match kind {
            Kind::List { item, .. } => {
                if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
                    return None;
                }
                kind = item;
            }
            Kind::Object { fields, .. } => {
                field = fields.iter().find(|member| member.name == part)?;
                kind = &field.kind;
            }
            Kind::FreeObject => return Some(field),
            _ => return None,
        }
    }
    Some(field)
}

/// The pointer of a member or item below another, escaped (RFC 6901 section 3).
#[must_use]
pub fn child(pointer: &str, name: &str) -> String {
    let mut pointer = format!("{pointer}/");
    for letter in name.chars() {
        match letter {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
    pointer
}

/// The name that a part of a pointer stands for.
#[must_use]
pub fn unescape(part: &str) -> String {
    let mut name = String::new();
    let mut rest = part;
    while let Some((before, after)) = rest.split_once('~') {
        name.push_str(before);
        rest = match after.as_bytes().first() {
            Some(b'0') => {
                name.push('~');
                after.get(1..).unwrap_or_default()
            }
            Some(b'1') => {
                name.push('/');
                after.get(1..).unwrap_or_default()
            }
            _ => {
                name.push('~');
                after
            }
        };
    }
    name + rest
}

/// The known name that is most like the one given, if any is like it at all.
#[must_use]
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Longer names are cut: the measure takes time in the product of the lengths.
    let given: Vec<char> = given.chars().take(64).collect();
    let mut best = None;
    for name in known {
        let letters: Vec<char> = name.chars().collect();
        let (slips, length) = (slips(&given, &letters), given.len().max(letters.len()));
        // Alike: at least half of the letters stand where they should.
        let is_better = best.is_none_or(|(least, of, _)| slips * of <= least * length);
        if slips * 2 <= length && is_better {
            best = Some((slips, length, name));
        }
    }
    best.map(|(.., name)| name)
}

/// How many letters must be added, left out, replaced or swapped with the next to make one of the other, whatever
/// their case (the optimal string alignment distance).
fn slips(one: &[char], other: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut line = vec![row + 1];
        for (column, wanted) in other.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX);
            let is_same = letter.eq_ignore_ascii_case(wanted);
            let mut least = at(&above, column) + usize::from(!is_same);
            least = least.min(at(&above, column + 1) + 1).min(at(&line, column) + 1);
            let swapped = |index: usize| {
                one.get(index)
                    .zip(other.get(column))
                    .is_some_and(|(one, other)| one.eq_ignore_ascii_case(other))
            };
            if let (Some(earlier), Some(left)) = (row.checked_sub(1), column.checked_sub(1))
                && swapped(earlier)
                && other.get(left).is_some_and(|other| other.eq_ignore_ascii_case(letter))
            {
                least = least.min(at(&before, left) + 1);
            }
            line.push(least);
        }
        before = std::mem::replace(&mut above, line);
    }
    above.last().copied().unwrap_or_default()
}

/// Whether a name is a part of the path that the profile fills in, which is never a parameter.
fn comes_from_profile(operation: &Operation, name: &str) -> bool {
    match &operation.call.protocol {
        Protocol::Rest { path } => holds(path, &format!("{{{name}}}")),
        Protocol::Rpc { .. } => false,
    }
}

fn check_members(fields: &[Field], given: &Map<String, Value>, pointer: &str, problems: &mut Vec<Problem>) {
    for field in fields {
        let (value, pointer) = (given.get(&field.name), child(pointer, &field.name));
        if value.is_none() && !field.required && is_needed(field, fields, given) {
            problems.push(Problem { pointer, complaint: missing(field) });
        } else {
            check_field(field, value, &pointer, problems);
        }
    }
    let known = || fields.iter().map(|field| field.name.as_str());
    for name in given.keys() {
        if known().all(|field| field != name) {
            let complaint = Complaint::UnknownField {
                name: name.clone(),
                nearest: nearest(name, known()).map(str::to_owned),
                known: known().map(str::to_owned).collect(),
            };
            problems.push(Problem { pointer: child(pointer, name), complaint });
        }
    }
}

/// Whether another field that is given cannot go without this one.
fn is_needed(field: &Field, fields: &[Field], given: &Map<String, Value>) -> bool {
    fields.iter().any(|other| other.needs.contains(&field.name) && given.contains_key(&other.name))
}

fn missing(field: &Field) -> Complaint {
    Complaint::Missing { choose: has_choices(&field.kind), ask: field.ask.clone() }
}

fn check_field(field: &Field, value: Option<&Value>, pointer: &str, problems: &mut Vec<Problem>) {
    match value {
        None | Some(Value::Null) if field.required => {
            problems.push(Problem { pointer: pointer.to_owned(), complaint: missing(field) });
        }
        None => {}
        Some(value) => {
            let first = problems.len();
            check_kind(&field.kind, value, pointer, problems);
            if field.secret {
                for problem in problems.iter_mut().skip(first) {
                    problem.complaint.redact();
                }
            }
        }
    }
}

fn has_choices(kind: &Kind) -> bool {
    match kind {
        Kind::Text { choices, .. } | Kind::Integer { choices, .. } => !choices.is_empty(),
        Kind::Boolean => true,
        _ => false,
    }
}

fn check_kind(kind: &Kind, value: &Value, pointer: &str, problems: &mut Vec<Problem>) {
    let mut complain =
        |complaint: Complaint| problems.push(Problem { pointer: pointer.to_owned(), complaint });
    match (kind, value) {
        (
            Kind::Text { min_length, max_length, pattern, pattern_words, choices, open },
            Value::String(text),
        ) => {
            if choices.iter().any(|choice| choice.value == *value) && *open {
                return;
            }
            if !choices.is_empty()
                && !open
                && let Some(complaint) = not_a_choice(choices, value)
            {
                complain(complaint);
            }
            // One complaint at a time: a text of the wrong length seldom fits the pattern.
            if let Some(complaint) = check_length(text, *min_length, *max_length) {
                complain(complaint);
            } else if let Some(pattern) = pattern
                && !matches(pattern, text)
            {
                complain(Complaint::Pattern {
                    given: short(value),
                    pattern: pattern.clone(),
                    words: pattern_words.clone(),
                    known: known_values(choices),
                });
            }
        }
        (Kind::Integer { .. }, Value::Number(number)) if number.is_f64() => {
            complain(Complaint::NotWhole { given: short(value), write: number::as_whole(number) });
        }
        (Kind::Integer { minimum, maximum, bits, choices, .. }, Value::Number(number)) => {
            if choices.is_empty() || number.as_i64().is_none() {
                let (least, greatest) = bounds(*minimum, *maximum, *bits);
                if let Some(complaint) = beyond(number, Some(&least.into()), Some(&greatest.into())) {
                    complain(complaint);
                }
            } else {
                if let Some(complaint) = not_a_choice(choices, value) {
                    complain(complaint);
                }
            }
        }
        (Kind::Integer { minimum, maximum, epoch_ms, choices, .. }, Value::String(text)) => {
            if is_integer(text) {
                complain(wrong_type(kind, value));
            } else if choices.is_empty() {
                let shape = if *epoch_ms { Shape::EpochMs } else { Shape::Whole };
                complain(bad_number(value, minimum.map(Number::from), maximum.map(Number::from), shape));
            } else {
                if let Some(complaint) = not_a_choice(choices, value) {
                    complain(complaint);
                }
            }
        }
        (Kind::Number { minimum, maximum }, Value::Number(number)) => {
            if let Some(complaint) = beyond(number, minimum.as_ref(), maximum.as_ref()) {
                complain(complaint);
            }
        }
        (Kind::Number { minimum, maximum }, Value::String(text)) => {
            complain(match strict_json::parse_text(text) {
                Ok(Value::Number(_)) => wrong_type(kind, value),
                _ => bad_number(value, minimum.clone(), maximum.clone(), Shape::Any),
            });
        }
        (Kind::Boolean, Value::Bool(_)) | (Kind::FreeObject, Value::Object(_)) => {}
        (Kind::Object { fields, min_members }, Value::Object(members)) => {
            if let Some(minimum) = min_members
                && (members.len() as u64) < *minimum
            {
                complain(Complaint::TooFewMembers {
                    minimum: *minimum,
                    count: members.len() as u64,
                    names: fields.iter().map(|field| field.name.clone()).collect(),
                });
            }
            check_members(fields, members, pointer, problems);
        }
        (Kind::List { item, min_items, max_items }, Value::Array(items)) => {
            let count = items.len() as u64;
            if let Some(minimum) = min_items
                && count < *minimum
            {
                complain(Complaint::TooFewItems { minimum: *minimum, count });
            }
            if let Some(maximum) = max_items
                && count > *maximum
            {
                complain(Complaint::TooManyItems { maximum: *maximum, count });
            }
            for (index, value) in items.iter().enumerate() {
                check_kind(item, value, &format!("{pointer}/{index}"), problems);
            }
        }
        _ => complain(wrong_type(kind, value)),
    }
}

/// The tighter of the stated limits and those of the width.
fn bounds(minimum: Option<i64>, maximum: Option<i64>, bits: u8) -> (i64, i64) {
    let (least, greatest) =
        if bits == 32 { (i64::from(i32::MIN), i64::from(i32::MAX)) } else { (i64::MIN, i64::MAX) };
    (minimum.unwrap_or(least).max(least), maximum.unwrap_or(greatest).min(greatest))
}

/// Whether a text says a whole number of 64 bits, just as JSON writes it.
fn is_integer(text: &str) -> bool {
    matches!(
        strict_json::parse_text(text),
        Ok(Value::Number(number)) if number.as_i64().is_some() && number.to_string() == text
    )
}

/// What is wrong with a number that is not between these two.
fn beyond(number: &Number, minimum: Option<&Number>, maximum: Option<&Number>) -> Option<Complaint> {
    let given = number.to_string();
    match (minimum, maximum) {
        (Some(minimum), _) if number::compare(number, minimum).is_lt() => {
            Some(Complaint::TooSmall { minimum: minimum.to_string(), given })
        }
        (_, Some(maximum)) if number::compare(number, maximum).is_gt() => {
            Some(Complaint::TooLarge { maximum: maximum.to_string(), given })
        }
        _ => None,
    }
}

fn bad_number(value: &Value, minimum: Option<Number>, maximum: Option<Number>, shape: Shape) -> Complaint {
    let text = |bound: Option<Number>| bound.map(|bound| bound.to_string());
    Complaint::BadNumber { given: short(value), minimum: text(minimum), maximum: text(maximum), shape }
}

fn not_a_choice(choices: &[Choice], value: &Value) -> Option<Complaint> {
    if choices.iter().any(|choice| choice.value == *value) {
        return None;
    }
    let (given, choices) = (short(value), known_values(choices));
    // For numbers "most alike" means little: 13 is not a slip of 1.
    let nearest = if value.is_string() { nearest(&given, choices.iter().map(String::as_str)) } else { None };
    let nearest = nearest.map(str::to_owned);
    Some(Complaint::NotAChoice { given, choices, nearest })
}

fn known_values(choices: &[Choice]) -> Vec<String> {
    choices.iter().map(|choice| short(&choice.value)).collect()
}

/// Lengths count code points, as JSON Schema does.
fn check_length(text: &str, minimum: Option<u64>, maximum: Option<u64>) -> Option<Complaint> {
    let length = text.chars().count() as u64;
    match (minimum, maximum) {
        (Some(minimum), _) if length < minimum => Some(Complaint::TooShort { minimum, length }),
        (_, Some(maximum)) if length > maximum => Some(Complaint::TooLong { maximum, length }),
        _ => None,
    }
}

fn wrong_type(kind: &Kind, value: &Value) -> Complaint {
    let expected = JsonType::of_kind(kind);
    // How the same content would be written in the type that is asked for; said, never assumed.
    let write = match (expected, value) {
        (JsonType::Text, Value::Number(_) | Value::Bool(_)) => Some(format!("\"{value}\"")),
        (JsonType::Integer | JsonType::Number, Value::String(text)) => Some(text.clone()),
        (JsonType::Boolean, Value::String(text)) if text == "true" || text == "false" => Some(text.clone()),
        _ => None,
    };
    let given = match value {
        Value::String(_) if write.is_some() => value.to_string(),
        _ => short(value),
    };
    Complaint::WrongType { expected, got: JsonType::of_value(value), given, write }
}

/// A value as it can stand in a sentence: at most 40 code points.
fn short(value: &Value) -> String {
    let whole = match value {
        Value::String(text) => text.clone(),
        // Printing a large value only to cut it would cost; its type says enough.
        Value::Object(_) => "{…}".to_owned(),
        Value::Array(_) => "[…]".to_owned(),
        other => other.to_string(),
    };
    match whole.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", whole.get(..end).unwrap_or_default()),
        None => whole,
    }
}

thread_local! {
    /// Patterns come from the catalogue, so there are few and they repeat with every key pressed.
    static PATTERNS: RefCell<Vec<(String, Option<pattern::Pattern>)>> = const { RefCell::new(Vec::new()) };
}

/// More patterns than any catalogue has; beyond it the cache starts anew instead of growing.
const MAX_PATTERNS: usize = 512;

/// Whether the unanchored pattern is found. One that cannot be read asks for nothing: the reader has refused it.
fn matches(pattern: &str, text: &str) -> bool {
    PATTERNS.with_borrow_mut(|patterns| {
        if let Some((_, known)) = patterns.iter().find(|(known, _)| known == pattern) {
            return known.as_ref().is_none_or(|regex| regex.is_match(text));
        }
        if patterns.len() >= MAX_PATTERNS {
            patterns.clear();
        }
        let regex = pattern::Pattern::new(pattern).ok();
        let verdict = regex.as_ref().is_none_or(|regex| regex.is_match(text));
        patterns.push((pattern.to_owned(), regex));
        verdict
    })
}
