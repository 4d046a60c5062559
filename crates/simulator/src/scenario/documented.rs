//! Documented errors that neither an instance nor a request of the console provokes: one scenario for each.
//! Codes and words: signing.md sections 7 and 8, and the vendor's table of the codes of its gateway (`api-sign-errorcode`).

use super::{ACCESS, FAULTS, Fault, Product, RATES, REQUESTS, Scenario, Title, scenario};

/// Who answers with an error.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The gateway in front of the three RPC products.
    Alibaba,
    /// Billing alone.
    Bss,
    /// The gateway in front of the Huawei services.
    Huawei,
}

/// A scenario that refuses with one error, whatever is asked.
pub(super) struct Documented {
    pub(super) scenario: Scenario,
    source: Source,
    status: u16,
    code: &'static str,
    message: &'static str,
}

const fn error(
    (source, status, code): (Source, u16, &'static str),
    group: Title,
    name: &'static str,
    (en, zh): (&'static str, &'static str),
    message: &'static str,
) -> Documented {
    Documented { scenario: scenario(group, name, en, zh), source, status, code, message }
}

use Source::{Alibaba, Bss, Huawei};

pub(super) static DOCUMENTED: [Documented; 20] = [
    error(
        (Alibaba, 400, "Throttling"),
        RATES,
        "throttling",
        ("Alibaba: too many calls (Throttling)", "阿里云：调用过于频繁（Throttling）"),
        "Request was denied due to request throttling.",
    ),
    error(
        (Alibaba, 400, "Throttling.Api"),
        RATES,
        "throttling_api",
        (
            "Alibaba: too many calls of this API (Throttling.Api)",
            "阿里云：该接口调用过于频繁（Throttling.Api）",
        ),
        "Request was denied due to api flow control.",
    ),
    error(
        (Bss, 500, "UndefinedError"),
        FAULTS,
        "undefined_error",
        ("Billing: unknown error (UndefinedError)", "费用中心：未知错误（UndefinedError）"),
        "The request processing has failed due to some unknown error.",
    ),
    error(
        (Huawei, 500, "APIGW.0601"),
        FAULTS,
        "gateway_error",
        ("Huawei gateway: internal error (APIGW.0601)", "华为云网关：内部错误（APIGW.0601）"),
        "Internal server error.",
    ),
    error(
        (Alibaba, 400, "IncompleteSignature"),
        ACCESS,
        "signature_incomplete",
        (
            "Alibaba: the signature is incomplete (IncompleteSignature)",
            "阿里云：签名不完整（IncompleteSignature）",
        ),
        "The request signature does not conform to Aliyun standards.",
    ),
    error(
        (Alibaba, 400, "InvalidSignatureMethod"),
        ACCESS,
        "signature_method",
        (
            "Alibaba: the signature method is not known (InvalidSignatureMethod)",
            "阿里云：签名算法无效（InvalidSignatureMethod）",
        ),
        "The specified parameter \"SignatureMethod\" is not valid.",
    ),
    error(
        (Alibaba, 400, "InvalidTimeStamp.Format"),
        ACCESS,
        "time_format",
        (
            "Alibaba: the date cannot be read (InvalidTimeStamp.Format)",
            "阿里云：时间格式错误（InvalidTimeStamp.Format）",
        ),
        "Specified time stamp or date value is not well formatted.",
    ),
    error(
        (Alibaba, 400, "MissingAccessKeyId"),
        ACCESS,
        "ak_missing",
        ("Alibaba: no access key (MissingAccessKeyId)", "阿里云：缺少 AccessKey（MissingAccessKeyId）"),
        "AccessKeyId is mandatory for this action.",
    ),
    error(
        (Huawei, 403, "APIGW.0304"),
        ACCESS,
        "app_not_allowed",
        ("Huawei gateway: the app is not authorized (APIGW.0304)", "华为云网关：应用未获授权（APIGW.0304）"),
        "The app is not authorized to access the API.",
    ),
    error(
        (Huawei, 403, "APIGW.0306"),
        ACCESS,
        "access_denied",
        ("Huawei gateway: access denied (APIGW.0306)", "华为云网关：拒绝访问（APIGW.0306）"),
        "API access denied.",
    ),
    error(
        (Huawei, 403, "APIGW.0310"),
        ACCESS,
        "project_unavailable",
        ("Huawei gateway: the project is unavailable (APIGW.0310)", "华为云网关：项目不可用（APIGW.0310）"),
        "The project is unavailable.",
    ),
    error(
        (Huawei, 403, "APIGW.0401"),
        ACCESS,
        "address_unknown",
        (
            "Huawei gateway: unknown address of the caller (APIGW.0401)",
            "华为云网关：无法识别调用方地址（APIGW.0401）",
        ),
        "Unknown client IP address.",
    ),
    error(
        (Huawei, 403, "APIGW.0402"),
        ACCESS,
        "address_not_allowed",
        (
            "Huawei gateway: the caller's address may not call (APIGW.0402)",
            "华为云网关：调用方地址未获授权（APIGW.0402）",
        ),
        "The IP address is not authorized to access the API.",
    ),
    error(
        (Huawei, 403, "APIGW.0404"),
        ACCESS,
        "backend_denied",
        (
            "Huawei gateway: the back end may not be reached (APIGW.0404)",
            "华为云网关：禁止访问后端地址（APIGW.0404）",
        ),
        "Access to the backend IP address has been denied.",
    ),
    error(
        (Huawei, 405, "APIGW.0501"),
        RATES,
        "quota_used_up",
        ("Huawei gateway: the quota is used up (APIGW.0501)", "华为云网关：配额已用完（APIGW.0501）"),
        "The app quota has been used up.",
    ),
    error(
        (Huawei, 404, "APIGW.0103"),
        REQUESTS,
        "backend_not_found",
        ("Huawei gateway: no such back end (APIGW.0103)", "华为云网关：后端不存在（APIGW.0103）"),
        "The backend does not exist.",
    ),
    error(
        (Huawei, 400, "APIGW.0106"),
        REQUESTS,
        "orchestration",
        ("Huawei gateway: orchestration error (APIGW.0106)", "华为云网关：编排错误（APIGW.0106）"),
        "Orchestration error.",
    ),
    error(
        (Alibaba, 400, "MissingParameter"),
        REQUESTS,
        "missing_parameter",
        ("Alibaba: a parameter is missing (MissingParameter)", "阿里云：缺少参数（MissingParameter）"),
        "The input parameter that is mandatory for processing this request is not supplied.",
    ),
    error(
        (Alibaba, 404, "InvalidAction.NotFound"),
        REQUESTS,
        "action_not_found",
        (
            "Alibaba: the action is not found (InvalidAction.NotFound)",
            "阿里云：找不到该接口（InvalidAction.NotFound）",
        ),
        "Specified api is not found, please check your url and method.",
    ),
    error(
        (Alibaba, 403, "UnsupportedHTTPMethod"),
        REQUESTS,
        "method_not_supported",
        (
            "Alibaba: the HTTP method is not supported (UnsupportedHTTPMethod)",
            "阿里云：不支持该 HTTP 方法（UnsupportedHTTPMethod）",
        ),
        "This http method is not supported.",
    ),
];

/// What the scenario refuses a call of this product with, if it is one of these and concerns the product.
pub(super) fn fault(name: &str, product: Product) -> Option<Fault> {
    let known = DOCUMENTED.iter().find(|known| known.scenario.name == name)?;
    let (status, code, message) = (known.status, known.code, known.message);
    match (known.source, product) {
        (Alibaba, Product::ComputeNest | Product::Bss | Product::Kafka) | (Bss, Product::Bss) => {
            Some(Fault::Alibaba { status, code, message })
        }
        (Huawei, Product::Cbh | Product::Aad | Product::HuaweiBss) => {
            Some(Fault::Gateway { status, code, message })
        }
        _ => None,
    }
}
