//! The gateway of the simulated Alibaba Cloud: believes a request, or refuses it in the cloud's own words
//! (signing.md sections 2, 3 and 7).
//!
//! The order of the real gateway's checks is not published. Here: API, method, key, time, token, signature, nonce,
//! rate, parameters.

mod answer;
mod claim;
mod gate;

pub(crate) use gate::Gate;

use crate::accounts::{Account, Cloud};
use crate::bss::Site;
use crate::computenest::is_dry_run;
use crate::moment::Moment;
use crate::rpc::{self, Asked, Parameters, Refusal, Reply, RpcOperation};
use crate::scenario::{self, Effect, Kind, Product};
use crate::wire::{Answer, WireRequest};
use crate::world::{Handled, Products, World};
use crate::xml;
use answer::{refusal_body, refusal_of, wants_json, with_request_id};
use claim::Claim;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Answers by operation and ClientToken, with the parameters that they answered.
#[derive(Default)]
pub(crate) struct Remembered {
    answers: HashMap<(&'static str, String), FirstAnswer>,
}

/// What the first call with a ClientToken asked and was answered.
struct FirstAnswer {
    fingerprint: Vec<(String, String)>,
    body: Value,
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
            let action = known.operation.map_or("", RpcOperation::action);
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
        if let Some(wait) = world.gate.kafka_wait(access_key, operation.id, moment.real) {
            return Err(Refusal {
                retry_after_ms: Some(wait),
                ..Refusal::new(400, "Throttling.User", "Request was denied due to user flow control.")
            });
        }
    }
    if let Some(name) = operation.required.iter().find(|name| parameters.filled(name).is_none()) {
        return Err(Refusal::missing(name));
    }
    let dry_run = operation.has_dry_run() && is_dry_run(parameters)?;
    known.changing = operation.kind == Kind::Changing && !dry_run;
    let effect = scenario::effect(moment.scenario.name, operation.product, operation.kind);
    known.effect = Some(effect);
    let region = request.endpoint_region(&operation.product_code().to_ascii_lowercase());
    let asked = Asked {
        parameters,
        endpoint_region: region.as_deref(),
        site: Site::of_host(&request.host_name()),
        dry_run,
        moment,
    };
    match effect {
        Effect::Refuse(fault) => Err(refusal_of(fault)),
        // Never seen by the caller: the request has no effect and no answer.
        Effect::Hang => Ok(Reply::read(json!({}))),
        _ if known.changing => once(&mut world.products, operation, &asked),
        _ => (operation.serve)(&mut world.products, &asked),
    }
}

/// Runs a changing call; with a ClientToken at most once.
fn once(
    products: &mut Products,
    operation: &'static RpcOperation,
    asked: &Asked<'_>,
) -> Result<Reply, Refusal> {
    let token = match (operation.product, asked.parameters.filled("ClientToken")) {
        // Kafka has no ClientToken (apis.md section 5).
        (Product::Kafka, _) | (_, None) => return (operation.serve)(products, asked),
        (_, Some(token)) => token,
    };
    if !token.is_ascii() || token.len() > 64 {
        return Err(Refusal::invalid("ClientToken"));
    }
    let key = (operation.id, token.to_owned());
    let fingerprint = asked.parameters.fingerprint();
    if let Some(first) = products.remembered.answers.get(&key) {
        return if first.fingerprint == fingerprint {
            Ok(Reply::read(first.body.clone()))
        } else {
            Err(Refusal::new(
                400,
                "IdempotentParameterMismatch",
                "The request uses the same client token as a previous, but non-identical request. Do not reuse a \
                 client token with different requests, unless the requests are identical.",
            ))
        };
    }
    let reply = (operation.serve)(products, asked)?;
    if reply.applied {
        products.remembered.answers.insert(key, FirstAnswer { fingerprint, body: reply.body.clone() });
    }
    Ok(reply)
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
