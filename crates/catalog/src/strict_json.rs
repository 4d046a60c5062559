//! JSON that two parsers cannot read differently: duplicate keys at any depth, too deep or too large documents,
//! numbers that no integer or float holds, and trailing bytes are refused (security.md R3, R12).
//!
//! The grammar is serde_json's; this module adds the limits. Nothing is built once a limit is passed, and
//! nothing recurses deeper than [`MAX_DEPTH`].

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::cell::Cell;
use std::fmt;

/// Why a document was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct JsonError {
    /// 1-based.
    pub line: usize,
    /// 1-based, in bytes.
    pub column: usize,
    /// What is wrong, in English, without the position.
    pub message: String,
    /// Stable code: `syntax`, `encoding`, `number`, `duplicate_key`, `too_deep`, `too_many_values`.
    pub code: &'static str,
}

/// Greatest nesting.
pub const MAX_DEPTH: usize = 16;
/// Greatest count of values in a document.
pub const MAX_VALUES: usize = 1_000;

/// Parses one document.
///
/// # Errors
/// As the module says.
pub fn parse(bytes: &[u8]) -> Result<Value, JsonError> {
    let text = decode(bytes)?;
    check_numbers(text)?;
    let limits = Limits { values: Cell::new(0), code: Cell::new("syntax") };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Node { limits: &limits, depth: 1 }
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| JsonError {
        line: error.line().max(1),
        column: error.column().max(1),
        message: without_position(&error),
        code: limits.code.get(),
    })
}

/// JSON is exchanged in UTF-8 without a byte order mark (RFC 8259 section 8.1).
fn decode(bytes: &[u8]) -> Result<&str, JsonError> {
    let refused = |line, column, message: &str| JsonError {
        line,
        column,
        message: message.to_owned(),
        code: "encoding",
    };
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        return Err(refused(1, 1, "write the document without a byte order mark"));
    }
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(refused(1, 1, "write the document in UTF-8, not UTF-16"));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let (line, column) = position(bytes, error.valid_up_to());
        refused(line, column, "write the document in UTF-8; this byte is not")
    })
}

/// Whole numbers must fit into 64 bits: a parser would silently make a float of them, another number.
fn check_numbers(text: &str) -> Result<(), JsonError> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at += 1;
                while let Some(&inside) = bytes.get(at) {
                    match inside {
                        b'\\' => at += 1,
                        b'"' => break,
                        _ => {}
                    }
                    at += 1;
                }
                at += 1;
            }
            b'-' | b'0'..=b'9' => {
                let start = at;
                while matches!(bytes.get(at), Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')) {
                    at += 1;
                }
                let token = text.get(start..at).unwrap_or_default();
                let digits = token.strip_prefix('-').unwrap_or(token);
                let whole = digits.bytes().all(|byte| byte.is_ascii_digit());
                if whole
                    && digits.len() > 18
                    && token.parse::<i64>().is_err()
                    && token.parse::<u64>().is_err()
                {
                    let (line, column) = position(bytes, start);
                    return Err(JsonError {
                        line,
                        column,
                        message: "this whole number does not fit into 64 bits".to_owned(),
                        code: "number",
                    });
                }
            }
            _ => at += 1,
        }
    }
    Ok(())
}

fn position(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = bytes.get(..at).unwrap_or(bytes);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    (line, column)
}

/// serde_json puts the position at the end of its message; here it has fields of its own.
fn without_position(error: &serde_json::Error) -> String {
    let message = error.to_string();
    match message.rfind(" at line ") {
        Some(end) => message.get(..end).unwrap_or_default().to_owned(),
        None => message,
    }
}

struct Limits {
    values: Cell<usize>,
    code: Cell<&'static str>,
}

impl Limits {
    fn refuse<E: serde::de::Error>(&self, code: &'static str, message: impl fmt::Display) -> E {
        self.code.set(code);
        E::custom(message)
    }
}

/// One value at a depth; 1 is the outermost.
#[derive(Clone, Copy)]
struct Node<'a> {
    limits: &'a Limits,
    depth: usize,
}

impl Node<'_> {
    fn inside<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth > MAX_DEPTH {
            return Err(self.limits.refuse("too_deep", format_args!("nested deeper than {MAX_DEPTH}")));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let count = self.limits.values.get() + 1;
        self.limits.values.set(count);
        if count > MAX_VALUES {
            return Err(self.limits.refuse("too_many_values", format_args!("more than {MAX_VALUES} values")));
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        match Number::from_f64(value) {
            Some(number) => Ok(Value::Number(number)),
            None => Err(self.limits.refuse("number", "this number is too large")),
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inside)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                let shown: String = name.chars().take(64).collect();
                return Err(self.limits.refuse("duplicate_key", format_args!("`{shown}` stands here twice")));
            }
            let value = members.next_value_seed(inside)?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}
