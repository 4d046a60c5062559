//! From an unsigned call to the exact bytes of a signed request. Small on purpose: this is where keys are used.

use crate::credentials::KeyPair;
use catalog::{Cloud, call::UnsignedCall};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use zeroize::{Zeroize, Zeroizing};

/// Where requests of a profile go instead of the catalogue's host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// `http` or `https`.
    pub scheme: &'static str,
    /// Host and, when not the default, port.
    pub authority: String,
}

/// What proves who calls.
pub enum Proof<'a> {
    /// A signature by AK/SK.
    Keys(&'a KeyPair),
    /// A Huawei IAM token.
    Token(&'a SecretString),
    /// Nothing: IAM login itself.
    Nothing,
}

/// A request as it goes over the wire. Its headers hold a signature or a token: it has no `Debug`, and its memory
/// is cleared.
pub struct SealedRequest {
    /// HTTP method.
    pub method: &'static str,
    /// Scheme and authority.
    pub origin: Origin,
    /// Path and query as sent.
    pub target: String,
    /// Headers in the order sent, `host` first.
    pub headers: Vec<(String, Zeroizing<String>)>,
    /// Body; empty when there is none.
    pub body: Zeroizing<Vec<u8>>,
    /// What was signed; empty for a token.
    pub canonical_request: String,
    /// The string to sign; empty for a token.
    pub string_to_sign: String,
    /// The signature; empty for a token.
    pub signature: String,
    /// The IAM token that goes along instead of a signature.
    pub token: Option<SecretString>,
}

impl Drop for SealedRequest {
    fn drop(&mut self) {
        self.signature.zeroize();
        self.target.zeroize();
        self.canonical_request.zeroize();
    }
}

impl SealedRequest {
    /// What proves who calls, and must not be repeated.
    pub(crate) fn proofs(&self) -> impl Iterator<Item = &str> {
        [self.signature.as_str()].into_iter().chain(self.token.as_ref().map(ExposeSecret::expose_secret))
    }

    /// The whole URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}://{}{}", self.origin.scheme, self.origin.authority, self.target)
    }
}

/// Signs a call, over exactly what will be sent (signing.md sections 2 and 4).
#[must_use]
pub fn seal(
    cloud: Cloud,
    call: &UnsignedCall,
    origin: Origin,
    proof: &Proof<'_>,
    now: Timestamp,
    nonce: &str,
) -> SealedRequest {
    let pairs: Vec<(&str, &str)> =
        call.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let query = signing::encode::canonical_query(&pairs);
    let mut headers: Vec<(String, Zeroizing<String>)> =
        vec![("host".to_owned(), Zeroizing::new(origin.authority.clone()))];
    headers.extend(call.headers.iter().map(|(name, value)| (name.clone(), Zeroizing::new(value.clone()))));
    let mut add = |name: &str, value: &str| headers.push((name.to_owned(), Zeroizing::new(value.to_owned())));

    if let Proof::Keys(keys) = proof {
        match cloud {
            Cloud::Alibaba => {
                add("x-acs-date", &now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
                add("x-acs-signature-nonce", nonce);
                add("x-acs-content-sha256", &signing::acs3::content_sha256(&call.body));
                if let Some(token) = &keys.security_token {
                    add("x-acs-security-token", token.expose_secret());
                }
            }
            Cloud::Huawei => {
                add("X-Sdk-Date", &now.strftime("%Y%m%dT%H%M%SZ").to_string());
                if let Some(token) = &keys.security_token {
                    add("X-Security-Token", token.expose_secret());
                }
            }
        }
    }

    let signed = {
        let borrowed: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let request = signing::Request {
            method: call.method,
            path: &call.path,
            query: &pairs,
            headers: &borrowed,
            body: &call.body,
        };
        match proof {
            Proof::Keys(keys) => {
                let (access, secret) = (keys.access_key.expose_secret(), keys.secret_key.expose_secret());
                Some(match cloud {
                    Cloud::Alibaba => signing::acs3::sign(&request, access, secret),
                    Cloud::Huawei => signing::sdk_hmac::sign(&request, access, secret),
                })
            }
            Proof::Token(_) | Proof::Nothing => None,
        }
    };
    let (stages, authorization) = match signed {
        Some(signed) => (Some(signed.stages), Some(signed.authorization)),
        None => (None, None),
    };
    if let Some(value) = authorization {
        headers.push(("Authorization".to_owned(), Zeroizing::new(value)));
    }
    if let Proof::Token(token) = proof {
        headers.push(("X-Auth-Token".to_owned(), Zeroizing::new(token.expose_secret().to_owned())));
    }
    headers.push(("accept-encoding".to_owned(), Zeroizing::new("identity".to_owned())));
    headers.push((
        "user-agent".to_owned(),
        Zeroizing::new(concat!("upgrade-console/", env!("CARGO_PKG_VERSION")).to_owned()),
    ));

    let (canonical_request, string_to_sign, signature) = match stages {
        Some(stages) => (stages.canonical_request, stages.string_to_sign, stages.signature),
        None => Default::default(),
    };
    SealedRequest {
        method: call.method,
        target: if query.is_empty() { call.path.clone() } else { format!("{}?{query}", call.path) },
        origin,
        headers,
        body: Zeroizing::new(call.body.clone()),
        canonical_request,
        string_to_sign,
        signature,
        token: match proof {
            Proof::Token(token) => Some((*token).clone()),
            Proof::Keys(_) | Proof::Nothing => None,
        },
    }
}
