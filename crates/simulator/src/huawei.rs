//! The gateway of the simulated Huawei Cloud: finds the API, believes the caller by signature or by token, and answers
//! in the cloud's shapes (signing.md sections 4 and 8).

use crate::accounts::{self, Account, Cloud};
use crate::iam::{self, Scope};
use crate::moment::{Moment, later};
use crate::scenario::{self, Effect, Fault, Product};
use crate::wire::{Answer, WireRequest};
use crate::world::{Handled, World};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// A date may be this far from real time (signing.md section 4).
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// A refusal of a Huawei service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceError {
    status: u16,
    code: &'static str,
    description: String,
}

impl ServiceError {
    pub(crate) fn new(status: u16, code: &'static str, description: &str) -> Self {
        Self { status, code, description: description.to_owned() }
    }
}

/// Why a request is not served, in the shape of the layer that refuses it.
pub(crate) enum Refusal {
    /// The gateway: `error_msg`, `error_code`, `request_id`.
    Gateway { status: u16, code: &'static str, message: String },
    /// A service: `error_code`, `error_description`.
    Service(ServiceError),
    /// A service that says `error_msg` instead.
    ServiceMessage { status: u16, code: &'static str, message: &'static str },
    /// IAM: `{"error": {...}}`.
    Iam { status: u16, title: &'static str, message: &'static str },
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

/// What is sent with success.
pub(crate) struct Success {
    pub(crate) status: u16,
    /// Absent: no body at all.
    pub(crate) body: Option<Value>,
    /// `X-Subject-Token`.
    pub(crate) subject_token: Option<String>,
    pub(crate) applied: bool,
}

impl Success {
    pub(crate) fn read(body: Value) -> Self {
        Self { status: 200, body: Some(body), subject_token: None, applied: false }
    }
}

/// The APIs that are served.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route<'a> {
    CbhUpgrade { project: &'a str },
    AadUpgrade,
    IamTokens,
    IamProjects,
    IamAuthProjects,
    IamAuthDomains,
}

impl<'a> Route<'a> {
    fn find(method: &str, path: &'a str) -> Option<Self> {
        let mut segments = path.split('/');
        // A path begins with a slash, so that there is nothing before the first one.
        segments.next().filter(|before| before.is_empty())?;
        let segments: Vec<&str> = segments.collect();
        Some(match (method, segments.as_slice()) {
            ("POST", ["v2", project, "cbs", "instance", "upgrade"]) => Self::CbhUpgrade { project },
            ("PUT", ["v2", "aad", "instance"]) => Self::AadUpgrade,
            ("POST", ["v3", "auth", "tokens"]) => Self::IamTokens,
            ("GET", ["v3", "projects"]) => Self::IamProjects,
            ("GET", ["v3", "auth", "projects"]) => Self::IamAuthProjects,
            ("GET", ["v3", "auth", "domains"]) => Self::IamAuthDomains,
            _ => return None,
        })
    }

    fn product(self) -> Product {
        match self {
            Self::CbhUpgrade { .. } => Product::Cbh,
            Self::AadUpgrade => Product::Aad,
            _ => Product::Iam,
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::CbhUpgrade { .. } => "cbh.UpgradeInstance",
            Self::AadUpgrade => "aad.UpgradeInstanceSpec",
            Self::IamTokens => "iam.KeystoneCreateUserTokenByPassword",
            Self::IamProjects => "iam.KeystoneListProjects",
            Self::IamAuthProjects => "iam.KeystoneListAuthProjects",
            Self::IamAuthDomains => "iam.KeystoneListAuthDomains",
        }
    }

    fn changing(self) -> bool {
        matches!(self, Self::CbhUpgrade { .. } | Self::AadUpgrade)
    }
}

/// Who calls, once that is believed.
pub(crate) struct Caller {
    name: &'static str,
    access_key: &'static str,
    /// What a token is limited to; absent for a key.
    scope: Option<Scope>,
}

#[derive(Default)]
struct Known<'a> {
    route: Option<Route<'a>>,
    caller: Option<Caller>,
    effect: Option<Effect>,
}

/// Handles a request from the search for its API to the answer.
pub(crate) fn handle(world: &mut World, request: &WireRequest, moment: &Moment<'_>) -> Handled {
    let mut known = Known::default();
    let outcome = call(world, request, moment, &mut known);
    let request_id = moment.hex();
    let mut headers = vec![("server", "api-gateway".to_owned()), ("x-request-id", request_id.clone())];
    let (status, body, verdict, applied) = match outcome {
        Ok(success) => {
            if let Some(token) = success.subject_token {
                headers.push(("x-subject-token", token));
            }
            (success.status, success.body, "accepted".to_owned(), success.applied)
        }
        Err(refusal) => {
            let (status, body, code) = refusal_body(refusal, &request_id);
            (status, Some(body), code, false)
        }
    };
    let body = body.map(|body| {
        headers.push(("content-type", "application/json".to_owned()));
        body.to_string().into_bytes()
    });
    Handled {
        cloud: Cloud::Huawei,
        answer: Answer { status, headers, body: body.unwrap_or_default() },
        effect: known.effect.unwrap_or(Effect::Normal),
        operation: known.route.map(Route::id),
        caller: known.caller.map(|caller| caller.name.to_owned()),
        verdict,
        changing: known.route.is_some_and(Route::changing),
        applied,
        request_id,
    }
}

fn call<'a>(
    world: &mut World,
    request: &'a WireRequest,
    moment: &Moment<'_>,
    known: &mut Known<'a>,
) -> Result<Success, Refusal> {
    let route = Route::find(&request.method, &request.path).ok_or(Refusal::Gateway {
        status: 404,
        code: "APIGW.0101",
        message: format!(
            "The API does not exist or has not been published in the environment: {} {}",
            request.method, request.path
        ),
    })?;
    known.route = Some(route);
    if route == Route::IamTokens {
        return iam::login(&mut world.iam, &request.body, moment);
    }
    let caller = authenticate(world, request, moment)?;
    let scope = caller.scope;
    let access_key = caller.access_key;
    known.caller = Some(caller);
    if route.changing() {
        let effect = scenario::effect(moment.scenario.name, route.product());
        known.effect = Some(effect);
        match effect {
            Effect::Refuse(fault) => return Err(refusal_of(fault, access_key, moment)),
            // Never seen by the caller: the request has no effect and no answer.
            Effect::Hang => {
                return Ok(Success { status: 200, body: None, subject_token: None, applied: false });
            }
            _ => {}
        }
    }
    match route {
        Route::CbhUpgrade { project } => {
            check_project(project, request, scope)?;
            world.products.cbh.upgrade(&request.body, moment)?;
            // Success has no body (apis.md section 3).
            Ok(Success { status: 200, body: None, subject_token: None, applied: true })
        }
        Route::AadUpgrade => {
            check_domain(request)?;
            let order = world.products.aad.upgrade(&request.body, moment)?;
            // No `order_id` when no fee changes (apis.md section 6).
            let body = order.map_or_else(|| json!({}), |order| json!({"order_id": order}));
            Ok(Success { status: 200, body: Some(body), subject_token: None, applied: true })
        }
        Route::IamTokens => iam::login(&mut world.iam, &request.body, moment),
        Route::IamProjects => iam::projects(request),
        Route::IamAuthProjects => Ok(iam::all_projects()),
        Route::IamAuthDomains => Ok(iam::domains()),
    }
}

/// The caller by signature, else by token.
fn authenticate(world: &World, request: &WireRequest, moment: &Moment<'_>) -> Result<Caller, Refusal> {
    if request.header("authorization").is_some() {
        let account = verify_signature(request, moment)?;
        return Ok(Caller { name: account.name, access_key: account.access_key, scope: None });
    }
    let token = request
        .header("x-auth-token")
        .filter(|token| !token.is_empty())
        .ok_or_else(|| unauthorized("x-auth-token not found"))?;
    match world.iam.find(token) {
        None => Err(unauthorized("decrypt token fail")),
        Some(known) if known.expires <= moment.real => {
            Err(unauthorized(&format!("token expires, expires_at:{}", iam::microseconds(known.expires))))
        }
        Some(known) => Ok(Caller { name: accounts::IAM_USER.name, access_key: "", scope: Some(known.scope) }),
    }
}

fn verify_signature(request: &WireRequest, moment: &Moment<'_>) -> Result<&'static Account, Refusal> {
    let header = request.header("authorization").unwrap_or_default();
    let authorization = signing::sdk_hmac::Authorization::parse(header)
        .map_err(|error| unauthorized(&format!("authorization is invalid, {error}")))?;
    let account = accounts::find(Cloud::Huawei, authorization.access_key)
        .ok_or_else(|| unauthorized(&format!("ak {} not exist", authorization.access_key)))?;
    let sent = request.header("x-sdk-date").ok_or_else(|| unauthorized("x-sdk-date not found"))?;
    let date = parse_date(sent).ok_or_else(|| {
        unauthorized(&format!("calc aksk signature fail:signature time format error, signature time:{sent}"))
    })?;
    if date.duration_since(moment.real).abs() > WINDOW {
        return Err(unauthorized(&format!(
            "calc aksk signature fail:signature expired, signature time:{sent},server time:{}",
            sdk_date(moment.real)
        )));
    }
    match (account.security_token, request.header("x-security-token")) {
        (None, None) => {}
        (Some(right), Some(sent)) if right == sent => {}
        (Some(_), None) => return Err(unauthorized("x-security-token not found")),
        (_, Some(_)) => return Err(unauthorized("decrypt token fail")),
    }
    // The scheme allows to leave the body out of the signature, but none of these APIs needs it.
    if !request.body.is_empty()
        && request.header("x-sdk-content-sha256") == Some(signing::sdk_hmac::UNSIGNED_PAYLOAD)
    {
        return Err(unauthorized("the body must be signed"));
    }
    let query = signing::encode::decode_query(&request.query)
        .map_err(|error| unauthorized(&format!("calc aksk signature fail:{error}")))?;
    let query: Vec<(&str, &str)> =
        query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let headers = request.text_headers().ok_or_else(|| unauthorized("a header is not valid UTF-8"))?;
    let signed = signing::Request {
        method: &request.method,
        path: &request.path,
        query: &query,
        headers: &headers,
        body: &request.body,
    };
    match signing::sdk_hmac::verify(&signed, account.secret_key) {
        Ok(_) => Ok(account),
        Err(signing::VerifyError::Mismatch(mismatch)) => Err(unauthorized(&format!(
            "verify aksk signature fail, canonicalRequest:{}",
            mask_token(&mismatch.canonical_request).replace('\n', "|")
        ))),
        Err(error) => Err(unauthorized(&format!("verify aksk signature fail, {error}"))),
    }
}

/// A security token is a secret even in an error message, where the real gateway repeats it.
fn mask_token(canonical_request: &str) -> String {
    canonical_request
        .lines()
        .map(|line| if line.starts_with("x-security-token:") { "x-security-token:***" } else { line })
        .collect::<Vec<_>>()
        .join("\n")
}

fn unauthorized(reason: &str) -> Refusal {
    Refusal::Gateway {
        status: 401,
        code: "APIGW.0301",
        message: format!("Incorrect IAM authentication information: {reason}"),
    }
}

/// The project of the path must be one of the account, the one of `X-Project-Id` and the one of the token.
fn check_project(project: &str, request: &WireRequest, scope: Option<Scope>) -> Result<(), Refusal> {
    let known = accounts::HUAWEI_PROJECTS.iter().any(|(_, id)| *id == project);
    let same = request.header("x-project-id").is_none_or(|header| header == project);
    if !known || !same {
        return Err(ServiceError::new(400, "CBH.10020001", "The project ID is incorrect.").into());
    }
    match scope {
        None => Ok(()),
        Some(Scope::Project { id, .. }) if id == project => Ok(()),
        Some(_) => Err(ServiceError::new(401, "CBH.10020100", "Failed to verify the token.").into()),
    }
}

fn check_domain(request: &WireRequest) -> Result<(), Refusal> {
    if request.header("x-domain-id").is_none_or(|header| header == accounts::HUAWEI_DOMAIN_ID) {
        Ok(())
    } else {
        Err(unauthorized("x-domain-id does not match the access key"))
    }
}

/// `yyyyMMddTHHmmssZ`.
fn sdk_date(at: Timestamp) -> String {
    crate::moment::seconds_utc(at).chars().filter(|character| !matches!(character, '-' | ':')).collect()
}

fn parse_date(text: &str) -> Option<Timestamp> {
    let digits = text.as_bytes();
    if digits.len() != 16 || !text.is_ascii() {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let spelled = format!(
        "{}-{}-{}T{}:{}:{}Z",
        part(0, 4),
        part(4, 6),
        part(6, 8),
        part(9, 11),
        part(11, 13),
        part(13, 15)
    );
    let date: Timestamp = spelled.parse().ok()?;
    (sdk_date(date) == text).then_some(date)
}

fn refusal_of(fault: Fault, access_key: &str, moment: &Moment<'_>) -> Refusal {
    match fault {
        Fault::Gateway { status, code, message } => {
            let expired = iam::microseconds(later(moment.real, -1));
            Refusal::Gateway {
                status,
                code,
                message: message.replace("{ak}", access_key).replace("{now}", &expired),
            }
        }
        Fault::Service { status, code, description } => ServiceError::new(status, code, description).into(),
        Fault::ServiceMessage { status, code, message } => Refusal::ServiceMessage { status, code, message },
        // The faults of the other cloud are never chosen for a product of this one.
        Fault::Alibaba { status, code, message } => {
            Refusal::Gateway { status, code, message: message.to_owned() }
        }
    }
}

fn refusal_body(refusal: Refusal, request_id: &str) -> (u16, Value, String) {
    match refusal {
        Refusal::Gateway { status, code, message } => {
            let body = json!({"error_msg": message, "error_code": code, "request_id": request_id});
            (status, body, code.to_owned())
        }
        Refusal::Service(ServiceError { status, code, description }) => {
            (status, json!({"error_code": code, "error_description": description}), code.to_owned())
        }
        Refusal::ServiceMessage { status, code, message } => {
            (status, json!({"error_code": code, "error_msg": message}), code.to_owned())
        }
        Refusal::Iam { status, title, message } => {
            let body = json!({"error": {"code": status, "message": message, "title": title}});
            (status, body, status.to_string())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_exact() {
        assert_eq!(parse_date("20240102T030405Z"), Some("2024-01-02T03:04:05Z".parse().unwrap()));
        for wrong in [
            "2024-01-02T03:04:05Z",
            "20240102T030405",
            "20240102 030405Z",
            "20241302T030405Z",
            "20240102T030405z",
        ] {
            assert_eq!(parse_date(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn paths_are_exact() {
        assert!(Route::find("POST", "/v2/p/cbs/instance/upgrade").is_some());
        for (method, path) in [
            ("PUT", "/v2/p/cbs/instance/upgrade"),
            ("POST", "/v2/p/cbs/instance/upgrade/"),
            ("POST", "v2/p/cbs/instance/upgrade"),
            ("PUT", "//v2/aad/instance"),
        ] {
            assert!(Route::find(method, path).is_none(), "{method} {path}");
        }
    }
}
