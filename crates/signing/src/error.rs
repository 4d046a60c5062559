//! Why a signature is refused, precisely enough to answer with a cloud's own words.

use thiserror::Error;

/// Why an `Authorization` header cannot be read. Never quotes the header.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AuthorizationError {
    /// The header does not begin with the name of the scheme.
    #[error("the Authorization header is not of the scheme {0}")]
    Scheme(&'static str),
    /// A part that should be there is missing or empty.
    #[error("the Authorization header has no {0}")]
    Missing(&'static str),
    /// A part stands there twice.
    #[error("the Authorization header has {0} twice")]
    Repeated(&'static str),
    /// A part that the scheme does not have.
    #[error("the Authorization header has a part that its scheme does not have")]
    Unknown,
    /// `SignedHeaders` is not a list of lower-case names in ascending order, each once.
    #[error("SignedHeaders must be lower-case names in ascending order, each once")]
    SignedHeaders,
}

/// What the server made of a request whose signature is another.
///
/// It does not hold the right signature. The canonical request can hold a security token, so `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The server's canonical request; for RPC V1 the canonicalized query string.
    pub canonical_request: String,
    /// The server's string to sign.
    pub string_to_sign: String,
}

impl core::fmt::Debug for Mismatch {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.debug_struct("Mismatch").finish_non_exhaustive()
    }
}

/// Why a request is refused. Header names are lower-case.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// There is no `Authorization` header.
    #[error("there is no Authorization header")]
    AuthorizationMissing,
    /// The `Authorization` header cannot be read.
    #[error(transparent)]
    Authorization(#[from] AuthorizationError),
    /// A header that the scheme requires is missing.
    #[error("the required header {0} is missing")]
    RequiredHeaderMissing(&'static str),
    /// `SignedHeaders` names a header that the request does not have.
    #[error("the signed header {0} is missing")]
    SignedHeaderMissing(String),
    /// A header that has to be signed is not among `SignedHeaders`.
    #[error("the header {0} has to be signed")]
    HeaderNotSigned(String),
    /// A signed header, or `Authorization`, is there more than once, so that which one counts would be a guess.
    #[error("the header {0} is there more than once")]
    HeaderRepeated(String),
    /// The hash that was sent is not the hash of the body.
    #[error("the content hash is {computed}, another was sent")]
    ContentHash {
        /// The hash of the body that arrived.
        computed: String,
    },
    /// RPC V1: the parameter `Signature` is missing.
    #[error("the parameter {0} is missing")]
    ParameterMissing(&'static str),
    /// RPC V1: the parameter `Signature` is there more than once.
    #[error("the parameter {0} is there more than once")]
    ParameterRepeated(&'static str),
    /// The signature is not that of this request with this secret.
    #[error("the signature does not match")]
    Mismatch(Box<Mismatch>),
}
