//! What the two header schemes share: the canonical request, the choice of headers, and the checks of a server.

use std::borrow::Cow;

use subtle::ConstantTimeEq;

use crate::encode::write_canonical_query;
use crate::{Authorization, Mismatch, Request, Scheme, Stages, VerifyError};

/// The names (lower-case, ascending, each once) of the headers that `choose` wants signed.
pub(crate) fn choose_headers<'a>(request: &Request<'a>, choose: fn(&str) -> bool) -> Vec<Cow<'a, str>> {
    let mut names: Vec<_> =
        request.headers.iter().map(|(name, _)| lower_case(name)).filter(|name| choose(name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Joins method, path, query, headers, header names and payload hash with line feeds. Each header is
/// `name:trimmed value` and a line feed of its own, so that a blank line follows the last one.
///
/// A header that is missing counts as empty, and the values of a repeated one are sorted and joined with `,` as the
/// Go and Python SDKs do; a server refuses both before it comes here. Source: signing.md sections 2 and 4.
pub(crate) fn canonical_request(
    request: &Request<'_>,
    path: &str,
    signed_headers: &[impl AsRef<str>],
    payload_hash: &str,
) -> String {
    let query: usize = request.query.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
    let headers: usize = request.headers.iter().map(|(name, value)| 2 * name.len() + value.len() + 3).sum();
    // A guess that spares most requests a second allocation; encoding can make the query longer.
    let mut text = String::with_capacity(path.len() + 2 * query + headers + payload_hash.len() + 16);
    text.push_str(request.method);
    text.push('\n');
    text.push_str(path);
    text.push('\n');
    write_canonical_query(&mut text, request.query.iter().copied());
    text.push('\n');
    for name in signed_headers {
        let name = name.as_ref();
        text.push_str(name);
        text.push(':');
        write_value(&mut text, request, name);
        text.push('\n');
    }
    text.push('\n');
    write_names(&mut text, signed_headers);
    text.push('\n');
    text.push_str(payload_hash);
    text
}

fn write_value(text: &mut String, request: &Request<'_>, name: &str) {
    let mut values = values(request, name);
    let (first, second) = (values.next(), values.next());
    if let (Some(first), Some(second)) = (first, second) {
        let mut all: Vec<_> = [first, second].into_iter().chain(values).collect();
        all.sort_unstable();
        text.push_str(&all.join(","));
    } else {
        text.push_str(first.unwrap_or_default());
    }
}

/// Header names joined with `;`.
pub(crate) fn write_names(text: &mut String, names: &[impl AsRef<str>]) {
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            text.push(';');
        }
        text.push_str(name.as_ref());
    }
}

/// The trimmed values of a header, which is named in lower case.
fn values<'a>(request: &Request<'a>, name: &str) -> impl Iterator<Item = &'a str> {
    request
        .headers
        .iter()
        .filter(move |(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

/// The trimmed value of a header that may be there once; the first, where only the signing side asks.
pub(crate) fn header<'a>(request: &Request<'a>, name: &str) -> Option<&'a str> {
    values(request, name).next()
}

/// As [`header`], for a server: refuses a header that is there twice.
fn single_header<'a>(request: &Request<'a>, name: &str) -> Result<Option<&'a str>, VerifyError> {
    let mut values = values(request, name);
    let value = values.next();
    if values.next().is_some() { Err(VerifyError::HeaderRepeated(name.to_owned())) } else { Ok(value) }
}

/// A header without which the request is refused.
pub(crate) fn required_header<'a>(request: &Request<'a>, name: &'static str) -> Result<&'a str, VerifyError> {
    single_header(request, name)?.ok_or(VerifyError::RequiredHeaderMissing(name))
}

/// Reads the one `Authorization` header.
pub(crate) fn authorization<'a, S: Scheme>(
    request: &Request<'a>,
) -> Result<Authorization<'a, S>, VerifyError> {
    let value = single_header(request, "authorization")?.ok_or(VerifyError::AuthorizationMissing)?;
    Ok(Authorization::parse(value)?)
}

/// Every header that `SignedHeaders` names is there once, and every header that has to be signed is named.
pub(crate) fn check_signed_headers(
    request: &Request<'_>,
    signed_headers: &[&str],
    has_to_be_signed: fn(&str) -> bool,
) -> Result<(), VerifyError> {
    for name in signed_headers {
        single_header(request, name)?.ok_or_else(|| VerifyError::SignedHeaderMissing((*name).to_owned()))?;
    }
    let unsigned = request
        .headers
        .iter()
        .map(|(name, _)| lower_case(name))
        .find(|name| has_to_be_signed(name) && !signed_headers.contains(&&**name));
    match unsigned {
        Some(name) => Err(VerifyError::HeaderNotSigned(name.into_owned())),
        None => Ok(()),
    }
}

/// Compares signatures in a time that does not depend on where they differ, so that none can be guessed bit by bit.
pub(crate) fn compare(stages: Stages, sent: &str) -> Result<Stages, VerifyError> {
    if bool::from(stages.signature.as_bytes().ct_eq(sent.as_bytes())) {
        return Ok(stages);
    }
    let Stages { canonical_request, string_to_sign, .. } = stages;
    Err(VerifyError::Mismatch(Box::new(Mismatch { canonical_request, string_to_sign })))
}

fn lower_case(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}
