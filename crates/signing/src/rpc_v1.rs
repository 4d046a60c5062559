//! Alibaba Cloud's RPC signature with `SignatureVersion=1.0` and HMAC-SHA1, which today's pages call V2.
//!
//! Path and headers are not signed and there is no `Authorization` header: the signature is a parameter.
//! Source: signing.md section 3; help.aliyun.com/zh/sdk/product-overview/rpc-mechanism.

use crate::canonical::compare;
use crate::digest::hmac_sha1_base64;
use crate::encode::{rfc3986, write_canonical_query};
use crate::{Stages, VerifyError};

const SIGNATURE: &str = "Signature";

/// Signs the parameters of query and form body together, in any order. Empty values are signed; a parameter `Signature`
/// is left out. The signature is Base64, to be sent (encoded) as the parameter `Signature`.
#[must_use]
pub fn sign(method: &str, parameters: &[(&str, &str)], secret: &str) -> Stages {
    let mut canonical_request = String::new();
    let signed = parameters.iter().copied().filter(|(name, _)| *name != SIGNATURE);
    write_canonical_query(&mut canonical_request, signed);
    // The canonical string is encoded a second time: `%3A` becomes `%253A`.
    let mut string_to_sign = String::with_capacity(method.len() + canonical_request.len() * 3 / 2);
    string_to_sign.push_str(method);
    string_to_sign.push_str("&%2F&");
    string_to_sign.extend(rfc3986(&canonical_request));
    let signature = hmac_sha1_base64([secret, "&"], &string_to_sign);
    Stages { canonical_request, string_to_sign, signature }
}

/// Checks the decoded parameters of query and form body of a request that was received, `Signature` among them.
///
/// `SignatureMethod`, `SignatureVersion`, the age of `Timestamp` and the use of `SignatureNonce` are the caller's to judge.
///
/// # Errors
/// `Signature` missing or repeated, or the signature of another request or secret.
pub fn verify(method: &str, parameters: &[(&str, &str)], secret: &str) -> Result<Stages, VerifyError> {
    let mut sent = parameters.iter().filter(|(name, _)| *name == SIGNATURE).map(|(_, value)| *value);
    let signature = sent.next().ok_or(VerifyError::ParameterMissing(SIGNATURE))?;
    if sent.next().is_some() {
        return Err(VerifyError::ParameterRepeated(SIGNATURE));
    }
    compare(sign(method, parameters, secret), signature)
}
