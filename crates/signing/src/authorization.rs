//! The `Authorization` header that both header schemes use, in their two spellings.

use core::marker::PhantomData;

use crate::error::AuthorizationError;

/// How a scheme spells its `Authorization` header. Implemented by the two schemes here and of no use elsewhere.
pub trait Scheme {
    /// The name of the algorithm, the first word of the header and of the string to sign.
    const ALGORITHM: &'static str;
    /// The name of the part that holds the access key id.
    const CREDENTIAL: &'static str;
    /// What stands between two parts.
    const SEPARATOR: &'static str;
}

/// An `Authorization` header that was read; use it as `acs3::Authorization` or `sdk_hmac::Authorization`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization<'a, S> {
    /// The access key id, never empty.
    pub access_key: &'a str,
    /// The names of the signed headers: lower-case, ascending, each once, at least one.
    pub signed_headers: Vec<&'a str>,
    /// The signature as sent, never empty.
    pub signature: &'a str,
    scheme: PhantomData<S>,
}

impl<'a, S: Scheme> Authorization<'a, S> {
    /// Reads a header value. White space around parts is passed over and their order is free, because SDKs differ
    /// (signing.md sections 2 and 4); everything else is as the scheme says.
    ///
    /// # Errors
    /// Another scheme, a part that is missing, repeated or unknown, or a list of signed headers that is not in order.
    pub fn parse(value: &'a str) -> Result<Self, AuthorizationError> {
        let other_scheme = AuthorizationError::Scheme(S::ALGORITHM);
        let (scheme, parts) = value.trim().split_once(' ').ok_or(other_scheme)?;
        if scheme != S::ALGORITHM {
            return Err(other_scheme);
        }
        let names = [S::CREDENTIAL, "SignedHeaders", "Signature"];
        let mut found: [Option<&'a str>; 3] = [None; 3];
        for part in parts.split(',') {
            let (name, value) = part.trim().split_once('=').ok_or(AuthorizationError::Unknown)?;
            let (known, place) = names
                .iter()
                .zip(&mut found)
                .find(|(known, _)| **known == name)
                .ok_or(AuthorizationError::Unknown)?;
            if place.replace(value).is_some() {
                return Err(AuthorizationError::Repeated(known));
            }
        }
        let take = |index: usize| {
            found[index].filter(|value| !value.is_empty()).ok_or(AuthorizationError::Missing(names[index]))
        };
        let (access_key, list, signature) = (take(0)?, take(1)?, take(2)?);
        let signed_headers: Vec<_> = list.split(';').collect();
        let lower_case =
            |name: &&str| !name.is_empty() && !name.bytes().any(|byte| byte.is_ascii_uppercase());
        // The order is part of what is signed: another one would be another string, so it is not put right here.
        if !signed_headers.iter().all(lower_case) || !signed_headers.is_sorted_by(|left, right| left < right)
        {
            return Err(AuthorizationError::SignedHeaders);
        }
        Ok(Self { access_key, signed_headers, signature, scheme: PhantomData })
    }
}

/// Writes the header value.
pub(crate) fn format<S: Scheme>(
    access_key: &str,
    signed_headers: &[impl AsRef<str>],
    signature: &str,
) -> String {
    let (algorithm, credential, separator) = (S::ALGORITHM, S::CREDENTIAL, S::SEPARATOR);
    let mut value = format!("{algorithm} {credential}={access_key}{separator}SignedHeaders=");
    crate::canonical::write_names(&mut value, signed_headers);
    value.push_str(separator);
    value.push_str("Signature=");
    value.push_str(signature);
    value
}
