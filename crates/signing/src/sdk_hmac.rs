//! `SDK-HMAC-SHA256`, Huawei Cloud's signature with AK and SK.
//!
//! Source: signing.md section 4; support.huaweicloud.com/devg-apisign.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::canonical::{
    authorization, canonical_request, check_signed_headers, choose_headers, compare, header, required_header,
};
use crate::digest::{hmac_sha256_hex, sha256_hex};
use crate::{Request, Scheme, Signed, Stages, VerifyError, encode};

/// Spells `SDK-HMAC-SHA256 Access=AK, SignedHeaders=a;b, Signature=hex`: a comma and a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SdkHmac {}

impl Scheme for SdkHmac {
    const ALGORITHM: &'static str = "SDK-HMAC-SHA256";
    const CREDENTIAL: &'static str = "Access";
    const SEPARATOR: &'static str = ", ";
}

/// An `Authorization` header of this scheme.
pub type Authorization<'a> = crate::Authorization<'a, SdkHmac>;

/// What SDKs send in `X-Sdk-Content-Sha256` when the body is not part of the signature (signing.md section 4, "Payload hash").
pub const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

const DATE: &str = "x-sdk-date";
const CONTENT_HASH: &str = "x-sdk-content-sha256";

/// As the Python SDK, but for `user-agent`, which changes on the way: `host`, `content-type` and `x-*`, never a name with
/// `_` (signing.md section 4, "Which headers"; the vendor's page api-sign-exclude-header).
fn is_signed(name: &str) -> bool {
    !name.contains('_') && (name == "host" || name == "content-type" || name.starts_with("x-"))
}

/// Every SDK signs every `x-*` header without `_`; the Go SDK signs neither `host` nor `content-type`, so these two may
/// stay unsigned (signing.md section 4, "Which headers").
fn has_to_be_signed(name: &str) -> bool {
    !name.contains('_') && name.starts_with("x-")
}

/// Signs a request that already carries `X-Sdk-Date`, the scope (`X-Project-Id` or `X-Domain-Id`) and, with temporary
/// keys, `X-Security-Token`. Signed are `host`, `content-type` and every `x-*` without `_` in its name.
#[must_use]
pub fn sign(request: &Request<'_>, access_key: &str, secret: &str) -> Signed {
    let signed_headers = choose_headers(request, is_signed);
    let stages = stages(request, &signed_headers, secret);
    let authorization =
        crate::authorization::format::<SdkHmac>(access_key, &signed_headers, &stages.signature);
    Signed { stages, authorization }
}

/// The steps of the signature over these headers: lower-case names in ascending order, each once.
///
/// The payload hash is the value of `X-Sdk-Content-Sha256` when that header is sent, else the hash of the body. The date
/// in the string to sign is `X-Sdk-Date`, and empty without it.
#[must_use]
pub fn stages(request: &Request<'_>, signed_headers: &[impl AsRef<str>], secret: &str) -> Stages {
    let payload_hash =
        header(request, CONTENT_HASH).map_or_else(|| Cow::Owned(sha256_hex(request.body)), Cow::Borrowed);
    let canonical_request =
        canonical_request(request, &canonical_path(request.path), signed_headers, &payload_hash);
    let date = header(request, DATE).unwrap_or_default();
    let string_to_sign =
        format!("{}\n{date}\n{}", SdkHmac::ALGORITHM, sha256_hex(canonical_request.as_bytes()));
    let signature = hmac_sha256_hex(secret, &string_to_sign);
    Stages { canonical_request, string_to_sign, signature }
}

/// The path of the canonical request: decoded, each segment encoded anew, and always ending in `/`, which the path on
/// the wire need not.
///
/// The SDKs decode before they split, so `%2F` inside a segment becomes a separator; callers must not put `/` into a
/// segment. Source: signing.md section 4, "URI" and the last point.
fn canonical_path(path: &str) -> String {
    let decoded: Cow<'_, [u8]> = percent_decode_str(path).into();
    let mut canonical = String::with_capacity(path.len() + 1);
    for (index, segment) in decoded.split(|byte| *byte == b'/').enumerate() {
        if index > 0 {
            canonical.push('/');
        }
        canonical.extend(encode::bytes(segment));
    }
    if !canonical.ends_with('/') {
        canonical.push('/');
    }
    canonical
}

/// Checks a request that was received, with the secret that belongs to the access key of its `Authorization` header.
/// Follows the `SignedHeaders` of the request: SDKs sign different sets.
///
/// With `X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD` the body is not protected; that is the scheme's own rule. Not checked,
/// because they need a clock or a key store: the age of `X-Sdk-Date`, whether key and security token are known.
///
/// # Errors
/// In this order: `Authorization` missing, repeated or unreadable; `X-Sdk-Date` missing or repeated; a signed header
/// missing or repeated; an `x-*` header unsigned; another content hash; another signature.
pub fn verify(request: &Request<'_>, secret: &str) -> Result<Stages, VerifyError> {
    let authorization = authorization::<SdkHmac>(request)?;
    required_header(request, DATE)?;
    check_signed_headers(request, &authorization.signed_headers, has_to_be_signed)?;
    if let Some(sent) = header(request, CONTENT_HASH).filter(|sent| *sent != UNSIGNED_PAYLOAD) {
        let computed = sha256_hex(request.body);
        if sent != computed {
            return Err(VerifyError::ContentHash { computed });
        }
    }
    compare(stages(request, &authorization.signed_headers, secret), authorization.signature)
}
