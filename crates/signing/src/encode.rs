//! Percent-encoding as the signatures want it, and reading queries as the SDKs write them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, percent_decode, percent_encode};
use thiserror::Error;

/// All that RFC 3986 does not call unreserved: kept are letters, digits and `-_.~` (signing.md section 2, "Encoding").
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Encodes every byte that is not unreserved as `%XX` in upper case: a space is `%20`, `*` is `%2A`, `~` stays.
///
/// The result can be displayed, or turned into a `Cow<str>`.
/// Source: signing.md section 2, "Encoding"; help.aliyun.com/document_detail/2593177.html.
#[must_use]
pub fn rfc3986(text: &str) -> PercentEncode<'_> {
    bytes(text.as_bytes())
}

/// As [`rfc3986`], for bytes that need not be UTF-8.
pub(crate) fn bytes(text: &[u8]) -> PercentEncode<'_> {
    percent_encode(text, RESERVED)
}

/// The query as it is signed, which is also the best one to send: sorted bytewise by name and then by value,
/// encoded with [`rfc3986`], `name=` for an empty value, empty for no query.
///
/// Source: signing.md sections 2 and 4, "Query".
#[must_use]
pub fn canonical_query(query: &[(&str, &str)]) -> String {
    let mut canonical = String::new();
    write_canonical_query(&mut canonical, query.iter().copied());
    canonical
}

pub(crate) fn write_canonical_query<'a>(to: &mut String, query: impl Iterator<Item = (&'a str, &'a str)>) {
    let mut sorted: Vec<_> = query.collect();
    sorted.sort_unstable();
    // Enough unless much has to be encoded, and then the text grows.
    to.reserve(sorted.iter().map(|(name, value)| name.len() + value.len() * 3 / 2 + 2).sum());
    for (index, (name, value)) in sorted.into_iter().enumerate() {
        if index > 0 {
            to.push('&');
        }
        to.extend(rfc3986(name));
        to.push('=');
        to.extend(rfc3986(value));
    }
}

/// Why a query cannot be read. Positions are byte offsets into the raw query.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum DecodeError {
    /// A `%` that two hexadecimal digits do not follow.
    #[error("the query has a % without two hexadecimal digits at byte {position}")]
    Escape {
        /// Where the `%` is.
        position: usize,
    },
    /// A name or value whose bytes are not UTF-8.
    #[error("the query has a name or value that is not UTF-8 at byte {position}")]
    Utf8 {
        /// Where the name or value begins.
        position: usize,
    },
}

/// Reads a raw query (what follows `?`) in form style: `+` is a space, `name` alone is `name=`, empty pieces are passed
/// over. The order is that of the wire.
///
/// The SDKs send this style although the signature uses another (signing.md section 5, "Query on the wire").
///
/// # Errors
/// A broken escape, or bytes that are not UTF-8: nothing is replaced or guessed, because the result is signed text.
pub fn decode_query(raw: &str) -> Result<Vec<(String, String)>, DecodeError> {
    let mut decoded = Vec::new();
    let mut position = 0;
    for piece in raw.split('&') {
        if !piece.is_empty() {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let value_position = position + name.len() + 1;
            decoded.push((decode_form(name, position)?, decode_form(value, value_position)?));
        }
        position += piece.len() + 1;
    }
    Ok(decoded)
}

fn decode_form(text: &str, position: usize) -> Result<String, DecodeError> {
    let raw = text.as_bytes();
    for (index, _) in text.match_indices('%') {
        if !raw.get(index + 1..index + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)) {
            return Err(DecodeError::Escape { position: position + index });
        }
    }
    let spaced = text.replace('+', " ");
    let decoded =
        percent_decode(spaced.as_bytes()).decode_utf8().map_err(|_| DecodeError::Utf8 { position })?;
    Ok(decoded.into_owned())
}

/// Lower-case hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |value: u8| DIGITS[usize::from(value & 0xf)];
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(*byte));
    }
    text
}
