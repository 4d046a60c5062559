//! `ACS3-HMAC-SHA256`, Alibaba Cloud's V3 signature.
//!
//! Source: signing.md section 2; help.aliyun.com/document_detail/2593177.html.

use crate::canonical::{
    authorization, canonical_request, check_signed_headers, choose_headers, compare, required_header,
};
use crate::digest::{hmac_sha256_hex, sha256_hex};
use crate::{Request, Scheme, Signed, Stages, VerifyError};

/// Spells `ACS3-HMAC-SHA256 Credential=AK,SignedHeaders=a;b,Signature=hex`: commas without spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acs3 {}

impl Scheme for Acs3 {
    const ALGORITHM: &'static str = "ACS3-HMAC-SHA256";
    const CREDENTIAL: &'static str = "Credential";
    const SEPARATOR: &'static str = ",";
}

/// An `Authorization` header of this scheme.
pub type Authorization<'a> = crate::Authorization<'a, Acs3>;

/// The headers without which a request is refused (signing.md section 2, "Required").
const REQUIRED: [&str; 6] =
    ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"];

/// `host`, `content-type` if present and every `x-acs-*`: what the Go, Java, TypeScript and PHP SDKs sign and what the
/// vendor's page says must be signed (signing.md section 2, "Signed headers").
fn has_to_be_signed(name: &str) -> bool {
    name == "host" || name == "content-type" || name.starts_with("x-acs-")
}

/// The value of `x-acs-content-sha256`: lower-case hexadecimal SHA-256 of the body (signing.md section 2, "HashedPayload").
#[must_use]
pub fn content_sha256(body: &[u8]) -> String {
    sha256_hex(body)
}

/// Signs a request that already carries `host`, `x-acs-date`, `x-acs-signature-nonce`, `x-acs-content-sha256` and, with
/// temporary keys, `x-acs-security-token`. Signed are `host`, `content-type` and every `x-acs-*`.
#[must_use]
pub fn sign(request: &Request<'_>, access_key: &str, secret: &str) -> Signed {
    let signed_headers = choose_headers(request, has_to_be_signed);
    let stages = stages(request, &signed_headers, secret);
    let authorization = crate::authorization::format::<Acs3>(access_key, &signed_headers, &stages.signature);
    Signed { stages, authorization }
}

/// The steps of the signature over these headers: lower-case names in ascending order, each once.
///
/// The path is taken from the wire, where its segments are already encoded; an empty one is `/`. The payload hash is
/// that of the body, whatever `x-acs-content-sha256` says.
#[must_use]
pub fn stages(request: &Request<'_>, signed_headers: &[impl AsRef<str>], secret: &str) -> Stages {
    stages_with_hash(request, signed_headers, &sha256_hex(request.body), secret)
}

fn stages_with_hash(
    request: &Request<'_>,
    signed_headers: &[impl AsRef<str>],
    payload_hash: &str,
    secret: &str,
) -> Stages {
    let path = if request.path.is_empty() { "/" } else { request.path };
    from_canonical_request(canonical_request(request, path, signed_headers, payload_hash), secret)
}

/// The string to sign is the algorithm and the hash of the canonical request; the key is the secret itself, without any
/// derivation (signing.md section 2).
#[must_use]
pub fn from_canonical_request(canonical_request: String, secret: &str) -> Stages {
    let string_to_sign = format!("{}\n{}", Acs3::ALGORITHM, sha256_hex(canonical_request.as_bytes()));
    let signature = hmac_sha256_hex(secret, &string_to_sign);
    Stages { canonical_request, string_to_sign, signature }
}

/// Checks a request that was received, with the secret that belongs to the access key of its `Authorization` header.
/// Follows the `SignedHeaders` of the request, whatever they are: the Python SDK signs every header, others fewer.
///
/// Not checked, because they need a clock, a memory or a key store: the age of `x-acs-date`, whether the nonce was used
/// before, whether the key and its security token are known.
///
/// # Errors
/// In this order: `Authorization` missing, repeated or unreadable; a required header missing or repeated; a signed
/// header missing or repeated; a header unsigned that has to be signed; another content hash; another signature.
pub fn verify(request: &Request<'_>, secret: &str) -> Result<Stages, VerifyError> {
    let authorization = authorization::<Acs3>(request)?;
    for name in REQUIRED {
        required_header(request, name)?;
    }
    check_signed_headers(request, &authorization.signed_headers, has_to_be_signed)?;
    let computed = sha256_hex(request.body);
    if required_header(request, "x-acs-content-sha256")? != computed {
        return Err(VerifyError::ContentHash { computed });
    }
    compare(
        stages_with_hash(request, &authorization.signed_headers, &computed, secret),
        authorization.signature,
    )
}
