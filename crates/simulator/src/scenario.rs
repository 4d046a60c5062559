//! What a presenter can make the simulated clouds do to every changing call and its dry run: network faults, and the
//! documented errors that no instance provokes. Reads and IAM are never touched, but for one scenario in which the
//! lists to choose from fail.

mod documented;

use std::sync::LazyLock;

/// Words in the two languages of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Title {
    /// English.
    pub en: &'static str,
    /// Chinese.
    pub zh: &'static str,
}

/// A scenario that can be chosen by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Scenario {
    /// Name for [`Simulator::set_scenario`](crate::Simulator::set_scenario).
    pub name: &'static str,
    /// One line for people.
    pub title: Title,
    /// What it is listed under.
    pub group: Title,
}

/// No scenario has this name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownScenario {
    /// The name that was asked for.
    pub name: String,
}

impl std::fmt::Display for UnknownScenario {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "there is no scenario named {:?}", self.name)
    }
}

impl std::error::Error for UnknownScenario {}

/// The product that a call belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Product {
    ComputeNest,
    Bss,
    Kafka,
    Cbh,
    Aad,
    /// Orders of the Huawei account.
    HuaweiBss,
    Iam,
}

/// What a call does, as far as scenarios care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Changes something.
    Changing,
    /// Reads a list that a person chooses from: of instances or of products.
    Listing,
    /// Reads something else: one instance, orders, histories, prices, identities.
    Reading,
}

/// What happens to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Nothing special.
    Normal,
    /// It takes effect and is answered late.
    Late,
    /// It is read, has no effect, and is never answered.
    Hang,
    /// It takes effect, and the connection is closed instead of an answer.
    Cut,
    /// It takes effect, and the answer is not one of the cloud.
    Unreadable,
    /// It has no effect and is refused.
    Refuse(Fault),
}

/// A refusal, in the shape of the layer that makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Alibaba: `{RequestId, Message, Recommend, HostId, Code}`.
    Alibaba { status: u16, code: &'static str, message: &'static str },
    /// Huawei gateway: `{error_msg, error_code, request_id}`.
    Gateway { status: u16, code: &'static str, message: &'static str },
    /// Huawei service: `{error_code, error_description}`.
    Service { status: u16, code: &'static str, description: &'static str },
    /// Huawei service that says `error_msg` where its documents say `error_description`.
    ServiceMessage { status: u16, code: &'static str, message: &'static str },
}

const fn scenario(group: Title, name: &'static str, en: &'static str, zh: &'static str) -> Scenario {
    Scenario { name, title: Title { en, zh }, group }
}

/// Nothing disturbs.
pub(crate) const USUAL: Title = Title { en: "As usual", zh: "常规" };
const FAULTS: Title = Title { en: "Network and server faults", zh: "网络与服务故障" };
const RATES: Title = Title { en: "Too many calls", zh: "流控" };
const ORDERS: Title = Title { en: "Orders", zh: "订单" };
const ACCESS: Title = Title { en: "Keys and permissions", zh: "密钥与权限" };
const REQUESTS: Title = Title { en: "Requests that are refused", zh: "请求被拒绝" };

/// The default scenario, in which nothing is disturbed.
pub(crate) const NORMAL: &str = "normal";

static SCENARIOS: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    let documented = documented::DOCUMENTED.iter().map(|error| error.scenario);
    NAMED.iter().copied().chain(documented).collect()
});

static NAMED: [Scenario; 35] = [
    scenario(USUAL, NORMAL, "Everything answers normally", "一切正常响应"),
    scenario(FAULTS, "slow", "Answers come after three seconds", "三秒后才响应"),
    scenario(
        FAULTS,
        "hang",
        "The request is read and never answered; it has no effect",
        "请求被读取但永不响应，且未生效",
    ),
    scenario(
        FAULTS,
        "cut",
        "The request takes effect, then the connection is cut before the answer",
        "请求已生效，但响应前连接被切断",
    ),
    scenario(
        FAULTS,
        "unreadable",
        "The request takes effect, but the answer cannot be read",
        "请求已生效，但响应无法解析",
    ),
    scenario(
        FAULTS,
        "error_5xx",
        "The cloud is temporarily unavailable (HTTP 503)",
        "云服务暂时不可用（HTTP 503）",
    ),
    scenario(FAULTS, "internal_error", "The cloud fails inside (HTTP 500)", "云服务内部错误（HTTP 500）"),
    scenario(
        FAULTS,
        "unknown_error",
        "Bastion host: unknown error (CBH.10020000)",
        "堡垒机：未知错误（CBH.10020000）",
    ),
    scenario(
        FAULTS,
        "bad_gateway",
        "Huawei gateway: back end unreachable (HTTP 502)",
        "华为云网关：后端不可达（HTTP 502）",
    ),
    scenario(
        FAULTS,
        "gateway_timeout",
        "Huawei gateway: back end timed out (HTTP 504)",
        "华为云网关：后端超时（HTTP 504）",
    ),
    scenario(
        FAULTS,
        "lists_fail",
        "Lists of instances and products cannot be read (HTTP 500)",
        "实例与产品列表查询失败（HTTP 500）",
    ),
    scenario(RATES, "throttled", "Too many requests", "请求过于频繁"),
    scenario(RATES, "kafka_flow_control", "Kafka: FlowControl", "Kafka：FlowControl 流控"),
    scenario(
        RATES,
        "kafka_system_flow_control",
        "Kafka: ONS_SYSTEM_FLOW_CONTROL",
        "Kafka：ONS_SYSTEM_FLOW_CONTROL 系统流控",
    ),
    scenario(
        REQUESTS,
        "nothing_to_upgrade",
        "Kafka, bastion host: already the latest, nothing to upgrade",
        "Kafka、堡垒机：已是最新版本，无需升级",
    ),
    scenario(
        REQUESTS,
        "kafka_missing_parameter",
        "Kafka: MISSING_PARAMETER",
        "Kafka：MISSING_PARAMETER 缺少参数",
    ),
    scenario(
        ORDERS,
        "unpaid",
        "Anti-DDoS orders are created but stay unpaid",
        "DDoS 高防订单已创建但一直未支付",
    ),
    scenario(ACCESS, "no_permission", "The user may not do this", "当前用户没有权限"),
    scenario(ACCESS, "ram_forbidden", "Access policies forbid the call", "访问策略禁止此调用"),
    scenario(ACCESS, "not_authorized", "Billing: NotAuthorized", "费用中心：NotAuthorized 未授权"),
    scenario(ACCESS, "invalid_owner", "Billing: InvalidOwner", "费用中心：InvalidOwner 所有者不符"),
    scenario(ACCESS, "ak_not_found", "The access key does not exist", "AccessKey 不存在"),
    scenario(ACCESS, "ak_disabled", "The access key is disabled", "AccessKey 已被禁用"),
    scenario(ACCESS, "signature_refused", "The signature is refused", "签名校验失败"),
    scenario(ACCESS, "clock_skew", "The clock of the console is wrong", "控制台时钟有偏差"),
    scenario(ACCESS, "nonce_used", "Alibaba: the nonce was used already", "阿里云：随机数已被使用"),
    scenario(ACCESS, "sts_required", "Alibaba: a security token is required", "阿里云：必须携带安全令牌"),
    scenario(ACCESS, "credentials_expired", "The temporary credentials have expired", "临时凭证已过期"),
    scenario(ACCESS, "token_update", "Huawei: the token must be renewed", "华为云：令牌需要更新"),
    scenario(REQUESTS, "need_ssl", "Alibaba: HTTPS is required", "阿里云：必须使用 HTTPS"),
    scenario(REQUESTS, "api_not_found", "The API is not found", "API 不存在"),
    scenario(
        REQUESTS,
        "cbh_project",
        "Bastion host: wrong project id (CBH.10020001)",
        "堡垒机：项目 ID 错误（CBH.10020001）",
    ),
    scenario(
        REQUESTS,
        "cbh_message",
        "Bastion host: malformed request (CBH.10020009)",
        "堡垒机：消息格式错误（CBH.10020009）",
    ),
    scenario(
        REQUESTS,
        "cbh_server_id",
        "Bastion host: wrong server id (CBH.10020011)",
        "堡垒机：serverId 错误（CBH.10020011）",
    ),
    scenario(
        ACCESS,
        "service_token",
        "Huawei service: the token is not valid",
        "华为云服务：令牌无效（CBH.10020100、Anti-DDoS.10000002）",
    ),
];

/// All scenarios, in the order in which they should be offered.
pub fn scenarios() -> &'static [Scenario] {
    &SCENARIOS
}

pub(crate) fn find(name: &str) -> Result<&'static Scenario, UnknownScenario> {
    SCENARIOS.iter().find(|known| known.name == name).ok_or_else(|| UnknownScenario { name: name.to_owned() })
}

/// What the scenario does to a call of this product. Codes and words: signing.md sections 7 and 8, apis.md sections 3
/// to 6.
pub(crate) fn effect(name: &str, product: Product, kind: Kind) -> Effect {
    match (kind, name) {
        (Kind::Changing, _) => changing(name, product),
        // As when the service fails inside.
        (Kind::Listing, "lists_fail") => {
            fault("internal_error", product).map_or(Effect::Normal, Effect::Refuse)
        }
        (Kind::Listing | Kind::Reading, _) => Effect::Normal,
    }
}

fn changing(name: &str, product: Product) -> Effect {
    match name {
        "slow" => Effect::Late,
        "hang" => Effect::Hang,
        "cut" => Effect::Cut,
        "unreadable" => Effect::Unreadable,
        _ => fault(name, product).map_or(Effect::Normal, Effect::Refuse),
    }
}

fn fault(name: &str, product: Product) -> Option<Fault> {
    if let Some(fault) = documented::fault(name, product) {
        return Some(fault);
    }
    match product {
        Product::Iam => None,
        Product::Cbh => cbh_fault(name).or_else(|| huawei_fault(name)),
        Product::Aad => aad_fault(name).or_else(|| huawei_fault(name)),
        Product::HuaweiBss => order_fault(name).or_else(|| huawei_fault(name)),
        Product::Kafka => kafka_fault(name).or_else(|| alibaba_fault(name)),
        Product::Bss => bss_fault(name).or_else(|| alibaba_fault(name)),
        Product::ComputeNest => alibaba_fault(name),
    }
}

fn alibaba_fault(name: &str) -> Option<Fault> {
    let (status, code, message) = match name {
        "error_5xx" => {
            (503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.")
        }
        "internal_error" => {
            (500, "InternalError", "The request processing has failed due to some unknown error.")
        }
        "throttled" => (400, "Throttling.User", "Request was denied due to user flow control."),
        "no_permission" => (403, "NoPermission", "You are not authorized to do this action."),
        "ram_forbidden" => (
            403,
            "Forbidden.RAM",
            "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
        ),
        "ak_not_found" => (404, "InvalidAccessKeyId.NotFound", "Specified access key is not found."),
        "ak_disabled" => (400, "InvalidAccessKeyId.Inactive", "Specified access key is disabled."),
        "signature_refused" => {
            (400, "SignatureDoesNotMatch", "Specified signature does not match our calculation.")
        }
        "clock_skew" => (400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired."),
        "nonce_used" => (400, "SignatureNonceUsed", "Specified signature nonce was used already."),
        "sts_required" => (400, "MissingSecurityToken", "SecurityToken is mandatory for this action."),
        "credentials_expired" => {
            (400, "InvalidParameter", "The specified parameter \"SecurityToken.Expired\" is not valid.")
        }
        "need_ssl" => (404, "InvalidProtocol.NeedSsl", "Your request is denied as lack of ssl protect."),
        "api_not_found" => {
            (404, "InvalidApi.NotFound", "Specified api is not found, please check your url and method.")
        }
        _ => return None,
    };
    Some(Fault::Alibaba { status, code, message })
}

fn kafka_fault(name: &str) -> Option<Fault> {
    let (code, message) = match name {
        "kafka_flow_control" => ("FlowControl", "Request was denied due to flow control."),
        "kafka_system_flow_control" => {
            ("ONS_SYSTEM_FLOW_CONTROL", "The request was denied due to system flow control.")
        }
        "kafka_missing_parameter" => ("MISSING_PARAMETER", "Missing parameter% s."),
        "nothing_to_upgrade" => ("ONS_INIT_ENV_ERROR", "The instance is up to date, no need to update."),
        _ => return None,
    };
    Some(Fault::Alibaba { status: 400, code, message })
}

fn bss_fault(name: &str) -> Option<Fault> {
    let (code, message) = match name {
        "not_authorized" => ("NotAuthorized", "This API is not authorized for caller."),
        "invalid_owner" => ("InvalidOwner", "The specified owner doesn't belong to caller."),
        _ => return None,
    };
    Some(Fault::Alibaba { status: 400, code, message })
}

fn huawei_fault(name: &str) -> Option<Fault> {
    let (status, code, message) = match name {
        "error_5xx" => (503, "APIGW.0613", "The backend service is temporarily unavailable."),
        "bad_gateway" => (502, "APIGW.0610", "The backend service cannot be reached."),
        "gateway_timeout" => (504, "APIGW.0201", "Backend timeout."),
        "throttled" => (
            429,
            "APIGW.0308",
            "The throttling threshold has been reached: policy user over ratelimit,limit:5,time:1 minute",
        ),
        "ram_forbidden" => (403, "APIGW.0302", "The IAM user is not allowed to access the API."),
        "ak_not_found" | "ak_disabled" => {
            (401, "APIGW.0301", "Incorrect IAM authentication information: ak {ak} not exist")
        }
        "signature_refused" => {
            (401, "APIGW.0301", "Incorrect IAM authentication information: verify aksk signature fail")
        }
        "clock_skew" => (
            401,
            "APIGW.0301",
            "Incorrect IAM authentication information: calc aksk signature fail:signature expired",
        ),
        "credentials_expired" => {
            (401, "APIGW.0301", "Incorrect IAM authentication information: token expires, expires_at:{now}")
        }
        "token_update" => (401, "APIGW.0307", "The token must be updated."),
        "api_not_found" => {
            (404, "APIGW.0101", "The API does not exist or has not been published in the environment")
        }
        _ => return None,
    };
    Some(Fault::Gateway { status, code, message })
}

fn cbh_fault(name: &str) -> Option<Fault> {
    let (status, code, description) = match name {
        "internal_error" => (500, "CBH.11000000", "Internal error."),
        "unknown_error" => {
            return Some(Fault::ServiceMessage {
                status: 500,
                code: "CBH.10020000",
                message: "Unknown error!",
            });
        }
        "no_permission" => (403, "CBH.10020002", "The tenant has no authority."),
        "nothing_to_upgrade" => {
            (403, "CBH.10027011", "The current version is the latest. There is no need to upgrade.")
        }
        "service_token" => (401, "CBH.10020100", "Failed to verify the token."),
        "cbh_project" => (400, "CBH.10020001", "The project ID is incorrect."),
        "cbh_message" => (400, "CBH.10020009", "The message format is incorrect."),
        "cbh_server_id" => (400, "CBH.10020011", "serverId error"),
        _ => return None,
    };
    Some(Fault::Service { status, code, description })
}

fn aad_fault(name: &str) -> Option<Fault> {
    let (status, code, description) = match name {
        "internal_error" => (500, "Anti-DDoS.11000000", "Internal system error."),
        "no_permission" => (400, "Anti-DDoS.10001009", "No permission to perform this operation."),
        "service_token" => (403, "Anti-DDoS.10000002", "The token is incorrect."),
        _ => return None,
    };
    Some(Fault::Service { status, code, description })
}

/// Support.huaweicloud.com, "CancelCustomerOrder", status codes. These bodies say `error_msg`.
fn order_fault(name: &str) -> Option<Fault> {
    let (status, code, message) = match name {
        "internal_error" => (500, "CBC.0999", "Other errors."),
        "no_permission" => (403, "CBC.0151", "Access denied."),
        _ => return None,
    };
    Some(Fault::ServiceMessage { status, code, message })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_but_normal_and_unpaid_does_something_to_some_product() {
        let products = [Product::ComputeNest, Product::Bss, Product::Kafka, Product::Cbh, Product::Aad];
        let disturbs = |name, kind| products.map(|product| effect(name, product, kind) != Effect::Normal);
        for Scenario { name, .. } in scenarios() {
            let acts = disturbs(name, Kind::Changing).contains(&true);
            assert_eq!(acts, !matches!(*name, "normal" | "unpaid" | "lists_fail"), "{name}");
            assert_eq!(disturbs(name, Kind::Listing), [*name == "lists_fail"; 5], "{name}");
            assert_eq!(disturbs(name, Kind::Reading), [false; 5], "{name}");
        }
    }

    #[test]
    fn names_are_unique() {
        let mut names: Vec<&str> = scenarios().iter().map(|known| known.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
