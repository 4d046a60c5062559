//! The gateway of the simulated Alibaba Cloud: believes a request, or refuses it in the cloud's own words
//! (signing.md sections 2, 3 and 7).
//!
//! The order of the real gateway's checks is not published. Here: API, method, key, time, token, signature, nonce,
//! rate, parameters.

use crate::accounts::{self, Account, Cloud};
use crate::bss::Site;
use crate::computenest::is_dry_run;
use crate::moment::{Moment, later, seconds_utc};
use crate::rpc::{self, Parameters, Refusal, Reply, RpcOperation};
use crate::scenario::{self, Effect, Fault, Product};
use crate::wire::{Answer, WireRequest};
use crate::world::{Handled, Products, World};
use crate::xml;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, VecDeque};

/// A date may be this far from real time, and a nonce is remembered this long after its date (signing.md section 2).
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Kafka: calls per user within one second, across all its operations (apis.md section 5).
const KAFKA_CALLS_PER_SECOND: usize = 2;
/// What `x-acs-retry-after` says when the scenario `throttled` refuses, in milliseconds.
const THROTTLED_RETRY_MS: i64 = 2000;

/// What the gateway remembers on real time.
#[derive(Default)]
pub(crate) struct Gate {
    /// Access key and nonce, until when the nonce cannot be used again.
    nonces: HashMap<(&'static str, String), Timestamp>,
    /// Access key, when it called Kafka within the last second.
    kafka_calls: HashMap<&'static str, VecDeque<Timestamp>>,
}

impl Gate {
    fn use_nonce(&mut self, access_key: &'static str, nonce: &str, date: Timestamp, real: Timestamp) -> bool {
        self.nonces.retain(|_, until| *until > real);
        let until = real.max(date).checked_add(WINDOW).unwrap_or(real);
        self.nonces.insert((access_key, nonce.to_owned()), until).is_none()
    }

    /// `None` when the call is within the rate, else the milliseconds to wait.
    fn kafka_wait(&mut self, access_key: &'static str, real: Timestamp) -> Option<i64> {
        let calls = self.kafka_calls.entry(access_key).or_default();
        while calls.front().is_some_and(|first| later(*first, 1) <= real) {
            calls.pop_front();
        }
        if calls.len() < KAFKA_CALLS_PER_SECOND {
            calls.push_back(real);
            return None;
        }
        let free_at = calls.front().map_or(real, |first| later(*first, 1));
        Some((free_at.as_millisecond() - real.as_millisecond()).max(1))
    }
}

/// Answers by operation and ClientToken, with the parameters that they answered.
#[derive(Default)]
pub(crate) struct Remembered {
    answers: HashMap<(&'static str, String), (Vec<(String, String)>, Value)>,
}

/// Whether the request is meant for this cloud: `x-acs-*` headers, an ACS3 signature, or the RPC parameters in query
/// or form.
pub(crate) fn is_meant(request: &WireRequest) -> bool {
    let form = if is_form(request) { std::str::from_utf8(&request.body).unwrap_or_default() } else { "" };
    request.headers.iter().any(|(name, _)| name.starts_with("x-acs-"))
        || request.header("authorization").is_some_and(|value| value.starts_with("ACS3-"))
        || request.host_name().ends_with(".aliyuncs.com")
        || request.query.split('&').chain(form.split('&')).any(|pair| {
            matches!(
                pair.split_once('='),
                Some(("Action" | "Signature" | "AccessKeyId" | "SignatureNonce", _))
            )
        })
}

fn is_form(request: &WireRequest) -> bool {
    request.header("content-type").is_some_and(|kind| {
        kind.split(';')
            .next()
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
    })
}

/// What became known of a call before it was answered or refused.
#[derive(Default)]
struct Known {
    operation: Option<&'static RpcOperation>,
    account: Option<&'static Account>,
    changing: bool,
    effect: Option<Effect>,
}

/// Handles a request from the check of its signature to the answer.
pub(crate) fn handle(world: &mut World, request: &WireRequest, moment: &Moment<'_>) -> Handled {
    let decoded = decode(request);
    let pairs = decoded.as_deref().unwrap_or_default();
    let parameters = Parameters::new(pairs);
    let mut known = Known::default();
    let outcome = match &decoded {
        Ok(_) => call(world, request, &parameters, moment, &mut known),
        Err(refusal) => Err(refusal.clone()),
    };
    let request_id = moment.upper_uuid();
    let json_wanted = wants_json(request, &parameters);
    let (status, body, root, retry_after_ms) = match &outcome {
        Ok(reply) => {
            let action = known.operation.map_or("", |operation| operation.action);
            (200, with_request_id(&reply.body, &request_id), format!("{action}Response"), None)
        }
        Err(refusal) => {
            let body = refusal_body(refusal, &known, request, &request_id);
            (refusal.status, body, "Error".to_owned(), refusal.retry_after_ms)
        }
    };
    let (content_type, body) = if json_wanted {
        ("application/json;charset=utf-8", body.to_string())
    } else {
        ("text/xml;charset=utf-8", xml::document(&root, &body))
    };
    let mut headers = vec![
        ("content-type", content_type.to_owned()),
        ("access-control-allow-origin", "*".to_owned()),
        ("access-control-expose-headers", "*".to_owned()),
        ("x-acs-request-id", request_id.clone()),
        ("x-acs-trace-id", moment.hex()),
    ];
    if let Some(milliseconds) = retry_after_ms {
        headers.push(("x-acs-retry-after", milliseconds.to_string()));
    }
    Handled {
        cloud: Cloud::Alibaba,
        answer: Answer { status, headers, body: body.into_bytes() },
        effect: known.effect.unwrap_or(Effect::Normal),
        operation: known.operation.map(|operation| operation.id),
        caller: known.account.map(|account| account.name.to_owned()),
        verdict: match &outcome {
            Ok(_) => "accepted".to_owned(),
            Err(refusal) => refusal.code.clone(),
        },
        changing: known.changing,
        applied: outcome.is_ok_and(|reply| reply.applied),
        request_id,
    }
}

fn call(
    world: &mut World,
    request: &WireRequest,
    parameters: &Parameters<'_>,
    moment: &Moment<'_>,
    known: &mut Known,
) -> Result<Reply, Refusal> {
    let claim = Claim::read(request, parameters)?;
    let operation =
        rpc::find(claim.version, claim.action).filter(|_| request.path == "/").ok_or_else(|| {
            Refusal::new(
                404,
                "InvalidApi.NotFound",
                "Specified api is not found, please check your url and method.",
            )
        })?;
    known.operation = Some(operation);
    if !operation.methods.contains(&request.method.as_str()) {
        return Err(Refusal::new(403, "UnsupportedHTTPMethod", "This http method is not supported."));
    }
    if let Some(name) = parameters.repeated() {
        return Err(Refusal::invalid(name));
    }
    known.account = Some(claim.verify(request, parameters, &mut world.gate, moment)?);
    if operation.product == Product::Kafka {
        let access_key = known.account.map_or("", |account| account.access_key);
        if let Some(wait) = world.gate.kafka_wait(access_key, moment.real) {
            return Err(Refusal {
                retry_after_ms: Some(wait),
                ..Refusal::new(400, "Throttling.User", "Request was denied due to user flow control.")
            });
        }
    }
    if let Some(name) = operation.required.iter().find(|name| parameters.filled(name).is_none()) {
        return Err(Refusal::missing(name));
    }
    let dry_run = operation.product == Product::ComputeNest && is_dry_run(parameters)?;
    known.changing = !dry_run;
    if dry_run {
        return world.products.rpc(operation, parameters, true, request, moment);
    }
    let effect = scenario::effect(moment.scenario.name, operation.product);
    known.effect = Some(effect);
    match effect {
        Effect::Refuse(fault) => Err(refusal_of(fault)),
        // Never seen by the caller: the request has no effect and no answer.
        Effect::Hang => Ok(Reply { body: json!({}), applied: false }),
        _ => once(&mut world.products, operation, parameters, request, moment),
    }
}

/// Runs a changing call; with a ClientToken at most once.
fn once(
    products: &mut Products,
    operation: &'static RpcOperation,
    parameters: &Parameters<'_>,
    request: &WireRequest,
    moment: &Moment<'_>,
) -> Result<Reply, Refusal> {
    let token = match (operation.product, parameters.filled("ClientToken")) {
        // Kafka has no ClientToken (apis.md section 5).
        (Product::Kafka, _) | (_, None) => {
            return products.rpc(operation, parameters, false, request, moment);
        }
        (_, Some(token)) => token,
    };
    if !token.is_ascii() || token.len() > 64 {
        return Err(Refusal::invalid("ClientToken"));
    }
    let key = (operation.id, token.to_owned());
    let fingerprint = parameters.fingerprint();
    if let Some((first, body)) = products.remembered.answers.get(&key) {
        return if *first == fingerprint {
            Ok(Reply { body: body.clone(), applied: false })
        } else {
            Err(Refusal::new(
                400,
                "IdempotentParameterMismatch",
                "The request uses the same client token as a previous, but non-identical request. Do not reuse a \
                 client token with different requests, unless the requests are identical.",
            ))
        };
    }
    let reply = products.rpc(operation, parameters, false, request, moment)?;
    if reply.applied {
        products.remembered.answers.insert(key, (fingerprint, reply.body.clone()));
    }
    Ok(reply)
}

impl Products {
    fn rpc(
        &mut self,
        operation: &RpcOperation,
        parameters: &Parameters<'_>,
        dry_run: bool,
        request: &WireRequest,
        moment: &Moment<'_>,
    ) -> Result<Reply, Refusal> {
        match operation.product {
            Product::ComputeNest => self.computenest.upgrade(parameters, dry_run, moment),
            Product::Bss => self.bss.renew_change(parameters, Site::of_host(&request.host_name()), moment),
            _ => self.kafka.upgrade(parameters, moment),
        }
    }
}

/// Who a request says it is from, and what it says it wants, before any of it is believed.
struct Claim<'a> {
    scheme: Scheme,
    action: &'a str,
    version: &'a str,
    access_key: &'a str,
    date: &'a str,
    nonce: &'a str,
    security_token: Option<&'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Acs3,
    RpcV1,
}

impl<'a> Claim<'a> {
    fn read(request: &'a WireRequest, parameters: &Parameters<'a>) -> Result<Self, Refusal> {
        let scheme = if parameters.get("Signature").is_some() || parameters.get("AccessKeyId").is_some() {
            Scheme::RpcV1
        } else {
            Scheme::Acs3
        };
        // One way to read each part: the header of the newer scheme, the parameter of the older one. Refusals name the
        // parameter, as the cloud's do.
        let part = |parameter: &str, header: &str| {
            match scheme {
                Scheme::RpcV1 => parameters.filled(parameter),
                Scheme::Acs3 => request.header(header).filter(|value| !value.is_empty()),
            }
            .ok_or_else(|| Refusal::missing(parameter))
        };
        let action = part("Action", "x-acs-action")?;
        let version = part("Version", "x-acs-version")?;
        let access_key = match scheme {
            Scheme::RpcV1 => part("AccessKeyId", "")?,
            Scheme::Acs3 => acs3_access_key(request)?,
        };
        let date = part("Timestamp", "x-acs-date")?;
        let nonce = part("SignatureNonce", "x-acs-signature-nonce")?;
        if scheme == Scheme::RpcV1 {
            expect(parameters, "SignatureMethod", "HMAC-SHA1")?;
            expect(parameters, "SignatureVersion", "1.0")?;
            part("Signature", "")?;
        }
        let security_token = match scheme {
            Scheme::RpcV1 => parameters.filled("SecurityToken"),
            Scheme::Acs3 => request.header("x-acs-security-token").filter(|value| !value.is_empty()),
        };
        Ok(Self { scheme, action, version, access_key, date, nonce, security_token })
    }

    /// Believes the claim, or says why not.
    fn verify(
        &self,
        request: &WireRequest,
        parameters: &Parameters<'_>,
        gate: &mut Gate,
        moment: &Moment<'_>,
    ) -> Result<&'static Account, Refusal> {
        let date = parse_date(self.date).ok_or_else(|| {
            Refusal::new(
                400,
                "InvalidTimeStamp.Format",
                "Specified time stamp or date value is not well formatted.",
            )
        })?;
        if date.duration_since(moment.real).abs() > WINDOW {
            return Err(Refusal::new(
                400,
                "InvalidTimeStamp.Expired",
                "Specified time stamp or date value is expired.",
            ));
        }
        let account = accounts::find(Cloud::Alibaba, self.access_key).ok_or_else(|| {
            Refusal::new(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
        })?;
        check_token(account, self.security_token)?;
        self.check_signature(request, parameters, account)?;
        // After the signature, so that only the holder of the key can use a nonce up.
        if !gate.use_nonce(account.access_key, self.nonce, date, moment.real) {
            return Err(Refusal::new(
                400,
                "SignatureNonceUsed",
                "Specified signature nonce was used already.",
            ));
        }
        Ok(account)
    }

    fn check_signature(
        &self,
        request: &WireRequest,
        parameters: &Parameters<'_>,
        account: &Account,
    ) -> Result<(), Refusal> {
        let verified = match self.scheme {
            Scheme::RpcV1 => {
                let pairs: Vec<(&str, &str)> = parameters.iter().collect();
                signing::rpc_v1::verify(&request.method, &pairs, account.secret_key)
            }
            Scheme::Acs3 => {
                let query = signing::encode::decode_query(&request.query).map_err(|error| {
                    Refusal::new(400, "InvalidParameter", format!("The query is not valid: {error}."))
                })?;
                let query: Vec<(&str, &str)> =
                    query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                let headers = text_headers(request)
                    .ok_or_else(|| Refusal::new(400, "InvalidParameter", "A header is not valid UTF-8."))?;
                let signed = signing::Request {
                    method: &request.method,
                    path: &request.path,
                    query: &query,
                    headers: &headers,
                    body: &request.body,
                };
                signing::acs3::verify(&signed, account.secret_key)
            }
        };
        match verified {
            Ok(_) => Ok(()),
            Err(error) => Err(signature_refusal(self.scheme, error)),
        }
    }
}

fn signature_refusal(scheme: Scheme, error: signing::VerifyError) -> Refusal {
    use signing::VerifyError as E;
    match error {
        E::Mismatch(mismatch) => {
            let message = match scheme {
                Scheme::RpcV1 => format!(
                    "Specified signature is not matched with our calculation. server string to sign is:{}",
                    mismatch.string_to_sign
                ),
                Scheme::Acs3 => format!(
                    "Specified signature does not match our calculation. server StringToSign is [{}] server \
                     CanonicalRequest is [{}]",
                    mismatch.string_to_sign,
                    mask_token(&mismatch.canonical_request)
                ),
            };
            let message = if scheme == Scheme::RpcV1 { mask_v1_token(&message) } else { message };
            Refusal::new(400, "SignatureDoesNotMatch", message)
        }
        E::ParameterMissing(name) => Refusal::missing(name),
        E::RequiredHeaderMissing(name) => {
            Refusal::new(400, "IncompleteSignature", format!("The required header {name} is missing."))
        }
        E::ContentHash { computed } => Refusal::new(
            400,
            "SignatureDoesNotMatch",
            format!(
                "Specified signature does not match our calculation. server x-acs-content-sha256 is [{computed}]"
            ),
        ),
        other => Refusal::new(
            400,
            "IncompleteSignature",
            format!("The request signature does not conform to Aliyun standards: {other}."),
        ),
    }
}

/// A security token is a secret even in an error message, where the real gateway repeats it.
fn mask_token(canonical_request: &str) -> String {
    canonical_request
        .lines()
        .map(|line| if line.starts_with("x-acs-security-token:") { "x-acs-security-token:***" } else { line })
        .collect::<Vec<_>>()
        .join("\n")
}

fn mask_v1_token(message: &str) -> String {
    const NAME: &str = "SecurityToken%3D";
    let Some((before, after)) = message.split_once(NAME) else { return message.to_owned() };
    let rest = after.find("%26").and_then(|end| after.get(end..)).unwrap_or_default();
    format!("{before}{NAME}***{rest}")
}

fn check_token(account: &Account, sent: Option<&str>) -> Result<(), Refusal> {
    match (account.security_token, sent) {
        (None, None) => Ok(()),
        (Some(right), Some(sent)) if right == sent => Ok(()),
        (Some(_), None) => {
            Err(Refusal::new(400, "MissingSecurityToken", "SecurityToken is mandatory for this action."))
        }
        (Some(_), Some(accounts::EXPIRED_STS_TOKEN)) => Err(Refusal::new(
            400,
            "InvalidParameter",
            "The specified parameter \"SecurityToken.Expired\" is not valid.",
        )),
        (_, Some(_)) => Err(Refusal::new(
            400,
            "InvalidSecurityToken.MismatchWithAccessKey",
            "Specified SecurityToken mismatch with the AccessKey.",
        )),
    }
}

fn acs3_access_key(request: &WireRequest) -> Result<&str, Refusal> {
    let header = request.header("authorization").ok_or_else(|| Refusal::missing("AccessKeyId"))?;
    signing::acs3::Authorization::parse(header).map(|authorization| authorization.access_key).map_err(
        |error| {
            Refusal::new(
                400,
                "IncompleteSignature",
                format!("The request signature does not conform to Aliyun standards: {error}."),
            )
        },
    )
}

fn expect(parameters: &Parameters<'_>, name: &str, value: &str) -> Result<(), Refusal> {
    match parameters.filled(name) {
        None => Err(Refusal::missing(name)),
        Some(sent) if sent == value => Ok(()),
        Some(_) => Err(Refusal::invalid(name)),
    }
}

/// `yyyy-MM-ddTHH:mm:ssZ` and nothing else.
fn parse_date(text: &str) -> Option<Timestamp> {
    let date: Timestamp = text.parse().ok()?;
    (seconds_utc(date) == text).then_some(date)
}

/// The parameters of query and form body, decoded, in wire order.
fn decode(request: &WireRequest) -> Result<Vec<(String, String)>, Refusal> {
    let unreadable =
        |error: signing::encode::DecodeError| Refusal::new(400, "InvalidParameter", format!("{error}."));
    let mut pairs = signing::encode::decode_query(&request.query).map_err(unreadable)?;
    if is_form(request) {
        let form = std::str::from_utf8(&request.body)
            .map_err(|_| Refusal::new(400, "InvalidParameter", "The body is not valid UTF-8."))?;
        pairs.extend(signing::encode::decode_query(form).map_err(unreadable)?);
    }
    Ok(pairs)
}

/// The headers as text; `None` when one is not UTF-8 and so cannot have been signed.
pub(crate) fn text_headers(request: &WireRequest) -> Option<Vec<(&str, &str)>> {
    request
        .headers
        .iter()
        .map(|(name, value)| std::str::from_utf8(value).ok().map(|value| (name.as_str(), value)))
        .collect()
}

/// `Format` decides when it is there, else `Accept`; without either it is XML (apis.md section 1).
fn wants_json(request: &WireRequest, parameters: &Parameters<'_>) -> bool {
    match parameters.filled("Format") {
        Some(format) => format.eq_ignore_ascii_case("json"),
        None => request
            .header("accept")
            .is_some_and(|accept| accept.to_ascii_lowercase().contains("application/json")),
    }
}

fn with_request_id(body: &Value, request_id: &str) -> Value {
    let mut members = Map::from_iter([("RequestId".to_owned(), json!(request_id))]);
    if let Value::Object(own) = body {
        members.extend(own.clone());
    }
    Value::Object(members)
}

fn refusal_body(refusal: &Refusal, known: &Known, request: &WireRequest, request_id: &str) -> Value {
    let product = known.operation.map_or("", |operation| operation.product_code);
    let mut body = json!({
        "RequestId": request_id,
        "Message": refusal.message,
        "Recommend": format!(
            "https://api.aliyun.com/troubleshoot?q={}&product={product}&requestId={request_id}",
            refusal.code
        ),
        "HostId": request.host_name(),
        "Code": refusal.code,
    });
    if let ("NoPermission", Some(operation), Value::Object(members)) =
        (refusal.code.as_str(), known.operation, &mut body)
    {
        members.insert(
            "AccessDeniedDetail".to_owned(),
            json!({
                "AuthAction": operation.ram_action,
                "AuthPrincipalOwnerId": accounts::ALIBABA_ACCOUNT_ID,
                "AuthPrincipalType": "SubUser",
                "NoPermissionType": "ImplicitDeny",
                "PolicyType": "AccountLevelIdentityBasedPolicy",
            }),
        );
    }
    body
}

fn refusal_of(fault: Fault) -> Refusal {
    match fault {
        Fault::Alibaba { status, code, message } => Refusal {
            retry_after_ms: code.starts_with("Throttling").then_some(THROTTLED_RETRY_MS),
            ..Refusal::new(status, code, message)
        },
        // The faults of the other cloud are never chosen for a product of this one.
        Fault::Gateway { status, code, message } | Fault::ServiceMessage { status, code, message } => {
            Refusal::new(status, code, message)
        }
        Fault::Service { status, code, description } => Refusal::new(status, code, description),
    }
}
