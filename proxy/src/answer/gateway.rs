//! Codes of the two gateways, which any call can get (signing.md sections 7 and 8).

use super::Refusal;
use crate::error::text;
use catalog::Text;

/// What kind of refusal a code is.
pub(super) fn refusal(status: u16, code: &str, message: &str) -> Refusal {
    let throttled = status == 429
        || code.starts_with("Throttling")
        || code.contains("FlowControl")
        || code.contains("FLOW_CONTROL")
        || code.starts_with("Rejected.Throttling")
        || matches!(code, "APIGW.0308" | "APIG.0308");
    let credentials = [
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "IncompleteSignature",
        "InvalidTimeStamp",
        "SignatureNonceUsed",
        "MissingSecurityToken",
        "InvalidSecurityToken",
        "MissingAccessKeyId",
        "InvalidSignatureMethod",
        "APIGW.0301",
        "APIGW.0307",
        "APIG.0301",
        "CBH.10020100",
        "Anti-DDoS.10000002",
    ]
    .iter()
    .any(|prefix| code.starts_with(prefix))
        // Temporary credentials that ran out come under the code of every bad parameter (signing.md section 7).
        || (code == "InvalidParameter" && message.contains("SecurityToken"));
    if throttled {
        Refusal::Throttled
    } else if credentials || (status == 401 && code.is_empty()) {
        Refusal::Credentials
    } else {
        Refusal::Business
    }
}

/// Whether a code says that the caller is known and may not make the call.
pub(super) fn is_about_permission(code: &str) -> bool {
    matches!(
        code,
        "NoPermission" | "Forbidden.RAM" | "APIGW.0302" | "CBH.10020002" | "Anti-DDoS.10001009" | "CBC.0151"
    )
}

/// What a gateway's code means, and what to do.
pub(super) fn meaning(code: &str) -> Option<Text> {
    let (en, zh) = match code {
        "InvalidAccessKeyId.NotFound" => (
            "The cloud does not know this access key. It may be deleted, or belong to the other account site.",
            "云端没有这个访问密钥：可能已被删除，或属于另一个站点。",
        ),
        "InvalidAccessKeyId.Inactive" => (
            "The access key is disabled. Enable it in the vendor's console.",
            "访问密钥已被禁用，请在云控制台启用。",
        ),
        "SignatureDoesNotMatch" | "IncompleteSignature" => (
            "The signature does not fit: the secret key of the profile is wrong.",
            "签名不匹配：账号配置中的 Secret Key 不正确。",
        ),
        "InvalidTimeStamp.Expired" | "InvalidTimeStamp.Format" => (
            "The cloud refuses a request whose time is more than 15 minutes off.",
            "请求中的时间与云端相差超过 15 分钟，云端拒绝了请求。",
        ),
        "SignatureNonceUsed" => (
            "The cloud has seen this very request before and did not act on it again.",
            "云端已收到过同一请求，没有重复执行。",
        ),
        "MissingSecurityToken" => (
            "The access key is temporary and needs its security token.",
            "该访问密钥是临时密钥，需要同时提供安全令牌。",
        ),
        code if code.starts_with("InvalidSecurityToken") => (
            "The security token has expired or does not fit the key. Get a new one.",
            "安全令牌已过期或与密钥不匹配，请重新获取。",
        ),
        code if code.starts_with("Throttling") => (
            "Too many calls in a short time. Wait a moment, then try again.",
            "短时间内调用过多，请稍后重试。",
        ),
        "Forbidden.RAM" | "NoPermission" => (
            "The key works but may not make this call. Ask for the permission that the reference names.",
            "密钥有效，但没有调用该接口的权限，请按参考文档申请授权。",
        ),
        "InvalidApi.NotFound" | "InvalidAction.NotFound" => {
            ("The cloud does not offer this call at this address.", "该地址不提供这个接口。")
        }
        "InvalidProtocol.NeedSsl" => {
            ("The cloud takes this call over https only.", "该接口只接受 https 请求。")
        }
        "ServiceUnavailable" => ("The cloud's service was not available.", "云服务暂时不可用。"),
        "IdempotentParameterMismatch" => (
            "The same idempotency token was used before with other values.",
            "同一幂等令牌此前已用于其他参数。",
        ),
        "APIGW.0301" | "APIG.0301" => (
            "Huawei Cloud could not confirm who calls: the key, the signature, the token or the clock is wrong.",
            "华为云无法确认调用者：密钥、签名、令牌或时钟有误。",
        ),
        "APIGW.0307" => {
            ("The token has to be renewed, or belongs to another region.", "令牌需要更新，或属于其他区域。")
        }
        "APIGW.0308" | "APIG.0308" => (
            "Too many calls in a short time. Wait a moment, then try again.",
            "短时间内调用过多，请稍后重试。",
        ),
        "APIGW.0101" => ("The cloud does not offer this call at this address.", "该地址不提供这个接口。"),
        "APIGW.0302" | "APIGW.0304" | "APIGW.0306" => {
            ("This caller may not use the API.", "该调用者无权使用此接口。")
        }
        _ => return None,
    };
    Some(text(en, zh))
}
