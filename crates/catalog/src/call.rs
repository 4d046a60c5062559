//! From validated parameters to the unsigned call: host, path, query, headers, body. The only place where a URL is
//! made, so that what is validated, shown, signed and sent cannot differ.

use crate::model::{Cloud, Field, Kind, Operation, Place, Protocol, Role, Scope, Server, Site};
use crate::validate::nearest;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
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
    /// The id of the scope is not one.
    #[error("the profile's {0} must be exactly 32 hexadecimal digits")]
    BadScope(&'static str),
    /// No server serves the profile's site.
    #[error("no host for this account site")]
    NoServer,
    /// A part of the path has no value.
    #[error("no value for `{0}` in the path")]
    NoPathValue(String),
    /// A value that cannot be a part of the path: empty, `.`, `..`, or with `/` in it.
    #[error("the value of `{0}` cannot be a part of the path")]
    BadPathValue(String),
    /// A value that cannot be a header: not printable ASCII.
    #[error("the value of `{0}` cannot be a header")]
    BadHeaderValue(String),
}

/// Everything but RFC 3986 section 2.3 unreserved characters.
const PATH_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Makes the call. The parameters must have passed [`crate::validate::validate`]; values that are null or that no
/// field takes are left out.
///
/// # Errors
/// When the context lacks what the host or the scope needs.
pub fn prepare(
    operation: &Operation,
    parameters: &Map<String, Value>,
    context: &Context,
) -> Result<UnsignedCall, CallError> {
    let mut call = UnsignedCall {
        method: operation.call.method.as_str(),
        host: host(operation, parameters, context)?,
        path: "/".to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        body: Vec::new(),
    };
    match &operation.call.protocol {
        Protocol::Rpc { version, action, .. } => {
            // Without `accept` the answer would be XML (apis.md section 1).
            call.headers = vec![
                ("accept".to_owned(), "application/json".to_owned()),
                ("x-acs-action".to_owned(), action.clone()),
                ("x-acs-version".to_owned(), version.clone()),
            ];
            for (field, value) in given(operation, parameters) {
                if field.json {
                    call.query.push((field.name.clone(), plain(value)));
                } else {
                    flatten(&field.name, Some(&field.kind), value, &mut call.query);
                }
            }
        }
        Protocol::Rest { path } => rest(operation, path, parameters, context, &mut call)?,
    }
    Ok(call)
}

/// The fields that have a value, in the order of the fields.
fn given<'a>(
    operation: &'a Operation,
    parameters: &'a Map<String, Value>,
) -> impl Iterator<Item = (&'a Field, &'a Value)> {
    operation.fields.iter().filter_map(|field| {
        let value = parameters.get(&field.name).filter(|value| !value.is_null())?;
        Some((field, value))
    })
}

fn rest(
    operation: &Operation,
    template: &str,
    parameters: &Map<String, Value>,
    context: &Context,
    call: &mut UnsignedCall,
) -> Result<(), CallError> {
    let scope = scope(operation.call.scope, context)?;
    call.path = fill(template, |name| match scope {
        Some((_, bound, id)) if bound == name => Some(id.to_owned()),
        _ => given(operation, parameters)
            .find(|(field, _)| field.place == Place::Path && field.name == name)
            .map(|(_, value)| plain(value)),
    })?;
    for (field, value) in given(operation, parameters) {
        match field.place {
            Place::Query => match value {
                Value::Array(items) => {
                    call.query.extend(items.iter().map(|item| (field.name.clone(), plain(item))));
                }
                other => call.query.push((field.name.clone(), plain(other))),
            },
            Place::Header => {
                let text = plain(value);
                if !text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
                    return Err(CallError::BadHeaderValue(field.name.clone()));
                }
                call.headers.push((field.name.clone(), text));
            }
            Place::Path | Place::Body => {}
        }
    }
    if operation.fields.iter().any(|field| field.place == Place::Body) {
        let in_body = |name: &str| {
            operation.fields.iter().any(|field| field.place == Place::Body && field.name == name)
        };
        let body: Map<String, Value> = parameters
            .iter()
            .filter(|(name, value)| !value.is_null() && in_body(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        call.body = Value::Object(body).to_string().into_bytes();
    }
    // Huawei's SDK sends it with every call, and some of its services demand it of reads too (AAD `ListInstance`).
    if !call.body.is_empty() || operation.cloud == Cloud::Huawei {
        call.headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    }
    if let Some((header, _, id)) = scope {
        call.headers.push((header.to_owned(), id.to_owned()));
    }
    Ok(())
}

/// Header, path parameter and id of the scope (signing.md section 4).
fn scope(scope: Scope, context: &Context) -> Result<Option<(&'static str, &'static str, &str)>, CallError> {
    let (header, name, id) = match scope {
        Scope::None => return Ok(None),
        Scope::Project => ("X-Project-Id", "project_id", context.project_id.as_deref()),
        Scope::Domain => ("X-Domain-Id", "domain_id", context.domain_id.as_deref()),
    };
    let id = id.ok_or(CallError::NoScope(name))?;
    if id.len() != 32 || !id.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(CallError::BadScope(name));
    }
    Ok(Some((header, name, id)))
}

/// Fills a path template. A value is always one segment: signers disagree on `%2F`, so `/` is refused (signing.md
/// section 4).
fn fill(template: &str, value_of: impl Fn(&str) -> Option<String>) -> Result<String, CallError> {
    let mut path = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        let value = value_of(name).ok_or_else(|| CallError::NoPathValue(name.to_owned()))?;
        if value.is_empty() || value == "." || value == ".." || value.contains(['/', '\\']) {
            return Err(CallError::BadPathValue(name.to_owned()));
        }
        path.push_str(before);
        path.extend(utf8_percent_encode(&value, PATH_SEGMENT));
        rest = after;
    }
    path.push_str(rest);
    Ok(path)
}

/// A value as text: strings as they are, everything else as compact JSON, which for whole numbers and booleans is
/// their text.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// RPC: lists are numbered from 1 and members follow a dot, however deep; a free object is one value (apis.md
/// section 1). Known members go in the order of the fields. What is not of its kind is taken by its own shape, as the
/// official SDKs do, which know no kinds; null is never sent, but counts in a list.
fn flatten(name: &str, kind: Option<&Kind>, value: &Value, query: &mut Vec<(String, String)>) {
    match (kind, value) {
        (_, Value::Null) => {}
        (Some(Kind::FreeObject), Value::Object(_)) => query.push((name.to_owned(), plain(value))),
        (Some(Kind::Object { fields, .. }), Value::Object(members)) => {
            for field in fields {
                if let Some(value) = members.get(&field.name) {
                    flatten(&format!("{name}.{}", field.name), Some(&field.kind), value, query);
                }
            }
        }
        (_, Value::Array(items)) => {
            let item = match kind {
                Some(Kind::List { item, .. }) => Some(item.as_ref()),
                _ => None,
            };
            for (index, value) in items.iter().enumerate() {
                flatten(&format!("{name}.{}", index + 1), item, value, query);
            }
        }
        (_, Value::Object(members)) => {
            for (member, value) in members {
                flatten(&format!("{name}.{member}"), None, value, query);
            }
        }
        _ => query.push((name.to_owned(), plain(value))),
    }
}

/// The part of a host that stands for the region.
const REGION: &str = "{region}";

fn host(
    operation: &Operation,
    parameters: &Map<String, Value>,
    context: &Context,
) -> Result<String, CallError> {
    let fits = |server: &&Server| server.site.is_none_or(|site| site == context.site);
    let (regional, global): (Vec<&Server>, Vec<&Server>) =
        operation.call.servers.iter().filter(fits).partition(|server| server.host.contains(REGION));
    let region = operation
        .field_with(Role::Region)
        .and_then(|field| parameters.get(&field.name))
        .and_then(Value::as_str)
        .or(context.region.as_deref());
    match (region, regional.is_empty(), global.first()) {
        // A host without a region serves all of them, or a caller that has none.
        (_, true, Some(global)) | (None, _, Some(global)) => Ok(global.host.clone()),
        (_, true, None) => Err(CallError::NoServer),
        (None, false, None) => Err(CallError::NoRegion),
        (Some(region), false, _) => {
            let serves = |server: &&&Server| server.regions.iter().any(|known| known.id == region);
            if let Some(server) = regional.iter().find(serves) {
                return Ok(server.host.replace(REGION, region));
            }
            let known = || regional.iter().flat_map(|server| &server.regions).map(|known| known.id.as_str());
            let nearest = nearest(region, known()).or_else(|| known().next()).unwrap_or_default();
            Err(CallError::UnknownRegion { region: region.to_owned(), nearest: nearest.to_owned() })
        }
    }
}
