//! The bodies of the gateway: JSON or XML, success or refusal.

use super::Known;
use crate::accounts;
use crate::rpc::{Parameters, Refusal, RpcOperation};
use crate::scenario::Fault;
use crate::wire::WireRequest;
use serde_json::{Map, Value, json};

/// What `x-acs-retry-after` says when the scenario `throttled` refuses, in milliseconds.
const THROTTLED_RETRY_MS: i64 = 2000;

/// `Format` decides when it is there, else `Accept`; without either it is XML (apis.md section 1).
pub(super) fn wants_json(request: &WireRequest, parameters: &Parameters<'_>) -> bool {
    match parameters.filled("Format") {
        Some(format) => format.eq_ignore_ascii_case("json"),
        None => request
            .header("accept")
            .is_some_and(|accept| accept.to_ascii_lowercase().contains("application/json")),
    }
}

pub(super) fn with_request_id(body: &Value, request_id: &str) -> Value {
    let mut members = Map::from_iter([("RequestId".to_owned(), json!(request_id))]);
    if let Value::Object(own) = body {
        members.extend(own.clone());
    }
    Value::Object(members)
}

pub(super) fn refusal_body(
    refusal: &Refusal,
    known: &Known,
    request: &WireRequest,
    request_id: &str,
) -> Value {
    let product = known.operation.map_or("", RpcOperation::product_code);
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

pub(super) fn refusal_of(fault: Fault) -> Refusal {
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
