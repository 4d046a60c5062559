//! The three signature schemes of the two clouds, for both sides of the wire.
//!
//! | Module | Scheme | Sent as |
//! |---|---|---|
//! | [`acs3`] | `ACS3-HMAC-SHA256` (Alibaba V3) | `Authorization` header |
//! | [`rpc_v1`] | RPC V1, HMAC-SHA1 (Alibaba) | parameter `Signature` |
//! | [`sdk_hmac`] | `SDK-HMAC-SHA256` (Huawei) | `Authorization` header |
//!
//! A client calls `sign`; a server calls `verify` on what it read from the wire. Everything is pure: there is no clock,
//! no randomness and no input or output. Dates and nonces are headers or parameters that the caller has already put
//! into the request; whether a date is recent, a nonce new and a key known is the caller's to judge.
//!
//! None of the types here that can hold a security token (canonical requests do) prints it with `Debug`.
//!
//! Sources are named rule by rule: "signing.md section N" is the reference of the algorithms, vectors and captures
//! that the tests reproduce; it quotes the vendors' pages and SDKs.

pub mod acs3;
mod authorization;
mod canonical;
pub mod digest;
pub mod encode;
mod error;
pub mod rpc_v1;
pub mod sdk_hmac;

pub use authorization::{Authorization, Scheme};
pub use error::{AuthorizationError, Mismatch, VerifyError};

/// One HTTP request as it is signed or was received. Everything is borrowed.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The method in upper case, signed as it is.
    pub method: &'a str,
    /// The path as on the wire, percent-encoded, without the query; empty means `/`.
    pub path: &'a str,
    /// Names and values of the query, decoded, in wire order (see [`encode::decode_query`]).
    pub query: &'a [(&'a str, &'a str)],
    /// Header names (in any case) and values, as on the wire; `Host` included.
    pub headers: &'a [(&'a str, &'a str)],
    /// Exactly the bytes of the body.
    pub body: &'a [u8],
}

/// What a signature is made from, step by step, so that a person or a test can compare each step.
///
/// Holds the security token of temporary keys, if there is one, inside the canonical request: mask it before showing.
#[derive(Clone, PartialEq, Eq)]
pub struct Stages {
    /// The canonical request; for RPC V1 the canonicalized query string.
    pub canonical_request: String,
    /// The text that the keyed hash is taken of.
    pub string_to_sign: String,
    /// Lower-case hexadecimal, for RPC V1 Base64.
    pub signature: String,
}

impl core::fmt::Debug for Stages {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Stages").finish_non_exhaustive()
    }
}

/// A signed request: how the signature was made and the header to send.
#[derive(Clone)]
pub struct Signed {
    /// The steps of the signature.
    pub stages: Stages,
    /// The value of the `Authorization` header.
    pub authorization: String,
}
