//! JSON that two parsers cannot read differently: duplicate keys at any depth, too deep or too large documents,
//! numbers that no integer or float holds, and trailing bytes are refused (security.md R3, R12).
//!
//! The grammar is RFC 8259's, and what is said of a slip is what serde_json says of it (`tests/strict_json.rs`
//! compares them). Nothing is built once a limit is passed, and nothing recurses deeper than the limit. The page reads
//! everything with it, so it is downloaded once: what goes wrong is noted in one place, beside the way back.

use crate::number;
use serde_json::{Map, Value};

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
    parse_within(bytes, MAX_DEPTH, MAX_VALUES)
}

/// Parses one document of at most this depth and so many values.
///
/// # Errors
/// As the module says.
pub fn parse_within(bytes: &[u8], max_depth: usize, max_values: usize) -> Result<Value, JsonError> {
    let refused = |line, column, message: &str| JsonError {
        line,
        column,
        message: message.to_owned(),
        code: "encoding",
    };
    // JSON is exchanged in UTF-8 without a byte order mark (RFC 8259 section 8.1).
    if bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(refused(1, 1, "write the document in UTF-8, not UTF-16"));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text_within(text, max_depth, max_values),
        Err(error) => {
            let (line, column) = position(bytes, error.valid_up_to() + 1);
            Err(refused(line, column, "write the document in UTF-8; this byte is not"))
        }
    }
}

/// Parses one document that is text already.
///
/// # Errors
/// As the module says.
pub fn parse_text(text: &str) -> Result<Value, JsonError> {
    text_within(text, MAX_DEPTH, MAX_VALUES)
}

/// Parses what our own server says, which can be longer than what a person may send.
#[must_use]
pub fn parse_answer(text: &str) -> Option<Value> {
    text_within(text, 128, usize::MAX).ok()
}

fn text_within(text: &str, max_depth: usize, max_values: usize) -> Result<Value, JsonError> {
    let mut parser = Parser { text, at: 0, max_depth, max_values, values: 0, slip: None };
    match parser.document() {
        Some(value) => Ok(value),
        None => {
            let Slip { at, code, message } =
                parser.slip.unwrap_or(Slip { at: 0, code: SYNTAX, message: String::new() });
            let (line, column) = position(text.as_bytes(), at);
            Err(JsonError { line, column, message, code })
        }
    }
}

/// Line and column of the last of this many bytes.
fn position(bytes: &[u8], count: usize) -> (usize, usize) {
    let before = bytes.get(..count).unwrap_or(bytes);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count();
    (line, column.max(1))
}

const SYNTAX: &str = "syntax";

/// What went wrong first.
struct Slip {
    /// How many bytes had been read, with the one that is wrong.
    at: usize,
    code: &'static str,
    message: String,
}

struct Parser<'a> {
    text: &'a str,
    /// How many bytes have been read.
    at: usize,
    max_depth: usize,
    max_values: usize,
    values: usize,
    slip: Option<Slip>,
}

/// Each of these returns `None` once a slip is noted.
impl<'a> Parser<'a> {
    fn document(&mut self) -> Option<Value> {
        if self.text.starts_with('\u{feff}') {
            return self.refuse(1, "encoding", "write the document without a byte order mark".to_owned());
        }
        let value = self.value(0)?;
        match self.after_space() {
            None => Some(value),
            Some(_) => self.not_next("trailing characters"),
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.values += 1;
        if self.values > self.max_values {
            let message = format!("more than {} values", self.max_values);
            return self.refuse(self.at, "too_many_values", message);
        }
        match self.after_space() {
            Some(b'n') => self.word("null", Value::Null),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'"') => self.string().map(Value::String),
            Some(b'[') => self.list(depth),
            Some(b'{') => self.object(depth),
            Some(_) => self.not_next("expected value"),
            None => self.not_next("EOF while parsing a value"),
        }
    }

    /// Steps into a list or an object.
    fn inside(&mut self, depth: usize) -> Option<usize> {
        self.at += 1;
        if depth < self.max_depth {
            return Some(depth + 1);
        }
        self.refuse(self.at, "too_deep", format!("nested deeper than {}", self.max_depth))
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        let depth = self.inside(depth)?;
        let mut items = Vec::new();
        while self.has_next(b']', items.is_empty(), "a list", "expected `,` or `]`")? {
            items.push(self.value(depth)?);
        }
        Some(Value::Array(items))
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let depth = self.inside(depth)?;
        let mut members = Map::new();
        while self.has_next(b'}', members.is_empty(), "an object", "expected `,` or `}`")? {
            if self.peek() != Some(b'"') {
                return self.not_next("key must be a string");
            }
            let name = self.string()?;
            if members.contains_key(&name) {
                let shown: String = name.chars().take(64).collect();
                return self.refuse(self.at, "duplicate_key", format!("`{shown}` stands here twice"));
            }
            match self.after_space() {
                Some(b':') => self.at += 1,
                Some(_) => return self.not_next("expected `:`"),
                None => return self.not_next("EOF while parsing an object"),
            }
            let value = self.value(depth)?;
            members.insert(name, value);
        }
        Some(Value::Object(members))
    }

    /// Whether another item follows, past the comma before it; else past the bracket that closes.
    fn has_next(&mut self, closing: u8, first: bool, what: &str, expected: &str) -> Option<bool> {
        match self.after_space() {
            Some(byte) if byte == closing => {
                self.at += 1;
                Some(false)
            }
            Some(_) if first => Some(true),
            Some(b',') => {
                self.at += 1;
                match self.after_space() {
                    Some(byte) if byte == closing => self.not_next("trailing comma"),
                    Some(_) => Some(true),
                    None => self.not_next("EOF while parsing a value"),
                }
            }
            Some(_) => self.not_next(expected),
            None => self.not_next(&format!("EOF while parsing {what}")),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        for expected in word.bytes() {
            match self.next() {
                Some(byte) if byte == expected => {}
                Some(_) => return self.not_this("expected ident"),
                None => return self.not_this("EOF while parsing a value"),
            }
        }
        Some(value)
    }

    fn number(&mut self) -> Option<Value> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.next() {
            Some(b'0') if self.next_is(b"0123456789") => return self.not_next("invalid number"),
            Some(b'0'..=b'9') => self.digits(),
            Some(_) => return self.not_this("invalid number"),
            None => return self.not_this("EOF while parsing a value"),
        }
        if self.next_is(b".") {
            self.at += 1;
            match self.peek() {
                Some(b'0'..=b'9') => self.digits(),
                Some(_) => return self.not_next("invalid number"),
                None => return self.not_next("EOF while parsing a value"),
            }
        }
        if self.next_is(b"eE") {
            self.at += 1;
            if self.next_is(b"+-") {
                self.at += 1;
            }
            match self.next() {
                Some(b'0'..=b'9') => self.digits(),
                Some(_) => return self.not_this("invalid number"),
                None => return self.not_this("EOF while parsing a value"),
            }
        }
        let text = self.since(start);
        match text.parse() {
            Ok(number) if number::is_kept(text) => Some(Value::Number(number)),
            _ => {
                let whole = number::is_written_whole(text);
                let message =
                    if whole { "this whole number does not fit into 64 bits" } else { "number out of range" };
                self.refuse(start + 1, "number", message.to_owned())
            }
        }
    }

    fn digits(&mut self) {
        while self.next_is(b"0123456789") {
            self.at += 1;
        }
    }

    fn string(&mut self) -> Option<String> {
        self.at += 1;
        let mut text = String::new();
        let mut start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => {
                    text.push_str(self.since(start));
                    self.at += 1;
                    return Some(text);
                }
                Some(b'\\') => {
                    text.push_str(self.since(start));
                    self.at += 1;
                    text.push(self.escaped()?);
                    start = self.at;
                }
                Some(0..0x20) => {
                    self.at += 1;
                    return self.not_this("control character (\\u0000-\\u001F) found while parsing a string");
                }
                Some(_) => self.at += 1,
                None => return self.not_this(OPEN_STRING),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.next() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.code_point(),
            Some(_) => return self.not_this("invalid escape"),
            None => return self.not_this(OPEN_STRING),
        })
    }

    /// A code point in UTF-16: four digits, or two times four for one beyond the first 65,536.
    fn code_point(&mut self) -> Option<char> {
        const LONE: &str = "lone leading surrogate in hex escape";
        let first = self.four_digits()?;
        if !matches!(first, 0xD800..=0xDBFF) {
            return char::from_u32(first).or_else(|| self.not_this(LONE));
        }
        for expected in [b'\\', b'u'] {
            match self.next() {
                Some(byte) if byte == expected => {}
                Some(_) => return self.not_this("unexpected end of hex escape"),
                None => return self.not_this(OPEN_STRING),
            }
        }
        let second = self.four_digits()?;
        if !matches!(second, 0xDC00..=0xDFFF) {
            return self.not_this(LONE);
        }
        char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    }

    fn four_digits(&mut self) -> Option<u32> {
        let start = self.at;
        self.at = (start + 4).min(self.text.len());
        let Some(digits) = self.text.as_bytes().get(start..start + 4) else {
            return self.not_this(OPEN_STRING);
        };
        let mut number = 0;
        for digit in digits {
            match char::from(*digit).to_digit(16) {
                Some(digit) => number = number * 16 + digit,
                None => return self.not_this("invalid escape"),
            }
        }
        Some(number)
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn next_is(&self, bytes: &[u8]) -> bool {
        self.peek().is_some_and(|byte| bytes.contains(&byte))
    }

    fn after_space(&mut self) -> Option<u8> {
        while self.next_is(b" \t\r\n") {
            self.at += 1;
        }
        self.peek()
    }

    /// The byte that was read last is wrong.
    fn not_this<T>(&mut self, message: &str) -> Option<T> {
        self.refuse(self.at, SYNTAX, message.to_owned())
    }

    /// The byte that comes next is wrong.
    fn not_next<T>(&mut self, message: &str) -> Option<T> {
        self.refuse(self.at + 1, SYNTAX, message.to_owned())
    }

    fn refuse<T>(&mut self, at: usize, code: &'static str, message: String) -> Option<T> {
        self.slip = Some(Slip { at, code, message });
        None
    }
}

const OPEN_STRING: &str = "EOF while parsing a string";
