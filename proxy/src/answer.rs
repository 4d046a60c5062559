//! What a cloud said, read from every envelope that the two vendors use (apis.md section 7, signing.md sections
//! 6 to 8): JSON with codes as text or number, nested or not, XML, and nothing at all.

mod gateway;
mod skew;
mod xml;

use crate::{redact::Redactor, upstream::RawAnswer};
use catalog::{Operation, Text};
use http::HeaderMap;
use jiff::Timestamp;
use serde_json::Value;

/// An answer, read and cleaned of everything that is nobody's business.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The cloud's code, as text; numbers too.
    pub code: Option<String>,
    /// The cloud's message.
    pub message: Option<String>,
    /// The id to quote to the vendor's support.
    pub request_id: Option<String>,
    /// The order that was made.
    pub order_id: Option<String>,
    /// The body as text, redacted.
    pub body: String,
    /// Milliseconds from the first byte sent to the last byte read.
    pub duration_ms: u64,
    /// What the documents say that the code means.
    pub meaning: Option<Text>,
    /// When the cloud said that the caller may not make this call: the actions to be allowed, as the cloud named them, else
    /// as the documents do; there can be none.
    #[serde(default)]
    pub permissions: Option<Vec<String>>,
    /// The vendor's diagnosis page; `https` and the vendor's own hosts only.
    pub recommend: Option<String>,
    /// Content type without parameters; information only, the body is never interpreted by the browser.
    pub content_type: Option<String>,
}

/// What an answer amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The cloud did what was asked, or took the order for it.
    Accepted,
    /// The cloud said no; nothing changed.
    Refused(Refusal),
    /// 5xx: the cloud may or may not have acted.
    ServerError,
    /// Not an answer that this API gives: something between, or a broken body.
    Unreadable,
}

/// Why the cloud said no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A rule of the product.
    Business,
    /// The key, the signature, the token or the clock.
    Credentials,
    /// Too many calls.
    Throttled,
}

/// What an empty 2xx body means for an operation: CBH answers so, others never do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmptyBody {
    /// Success.
    Success,
    /// Something is wrong.
    Unreadable,
}

/// Reads an answer that came at `now`, on the clock that requests to this cloud are signed by.
#[must_use]
pub fn read(
    raw: &RawAnswer,
    operation: &Operation,
    empty: EmptyBody,
    redactor: &Redactor,
    now: Timestamp,
) -> (Answer, Verdict) {
    let text = String::from_utf8_lossy(&raw.body).into_owned();
    let status = raw.status.as_u16();
    let envelope = Envelope::read(status, &text);
    let content_type = raw
        .headers
        .get(http::header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .map(|value| value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let code = envelope.code.clone();
    let verdict = judge(status, text.trim().is_empty(), &envelope, empty);
    let meaning = matches!(verdict, Verdict::Refused(_) | Verdict::ServerError)
        .then(|| meaning(operation, status, code.as_deref()))
        .flatten();
    let skew =
        (verdict == Verdict::Refused(Refusal::Credentials)).then(|| skew::words(&raw.headers, now)).flatten();
    let meaning = match (meaning, skew) {
        (Some(said), Some(skew)) => {
            Some(Text { en: format!("{} {}", said.en, skew.en), zh: said.zh + &skew.zh })
        }
        (said, skew) => said.or(skew),
    };
    let permissions = (verdict == Verdict::Refused(Refusal::Business)
        && code.as_deref().is_some_and(gateway::is_about_permission))
    .then(|| match &envelope.denied_action {
        Some(action) => vec![redactor.clean(action)],
        None => operation.permissions.iter().map(|permission| permission.action.clone()).collect(),
    });
    let answer = Answer {
        status,
        code: code.map(|code| redactor.clean(&code)),
        message: envelope.message.as_deref().map(|message| redactor.clean(message)),
        request_id: envelope.request_id.or_else(|| request_id(&raw.headers)).map(|id| redactor.clean(&id)),
        order_id: envelope.order_id.map(|id| redactor.clean(&id)),
        body: redactor.clean(&text),
        duration_ms: u64::try_from(raw.duration.as_millis()).unwrap_or(u64::MAX),
        meaning,
        permissions,
        recommend: envelope.recommend.filter(|link| is_vendor_link(link)).map(|link| redactor.clean(&link)),
        content_type,
    };
    (answer, verdict)
}

fn judge(status: u16, is_empty: bool, envelope: &Envelope, empty: EmptyBody) -> Verdict {
    let code = envelope.code.as_deref().unwrap_or_default();
    let message = envelope.message.as_deref().unwrap_or_default();
    match status {
        200..=299 if is_empty => match empty {
            EmptyBody::Success => Verdict::Accepted,
            EmptyBody::Unreadable => Verdict::Unreadable,
        },
        200..=299 if !envelope.readable => Verdict::Unreadable,
        // 200 with `Success: false`, or with an error's code, is a refusal (apis.md section 4).
        200..=299 if envelope.success == Some(false) || is_error_code(code) => {
            Verdict::Refused(gateway::refusal(status, code, message))
        }
        200..=299 => Verdict::Accepted,
        400..=499 if envelope.readable && (!code.is_empty() || envelope.message.is_some()) => {
            Verdict::Refused(gateway::refusal(status, code, message))
        }
        500..=599 => Verdict::ServerError,
        _ => Verdict::Unreadable,
    }
}

/// On success `Code` is absent, 200, or a word for success.
fn is_error_code(code: &str) -> bool {
    !(code.is_empty()
        || code == "200"
        || code.eq_ignore_ascii_case("success")
        || code.eq_ignore_ascii_case("ok"))
}

fn meaning(operation: &Operation, status: u16, code: Option<&str>) -> Option<Text> {
    let documented = |exact_status: bool| {
        operation.errors.iter().find(|error| {
            (!exact_status || error.status == status)
                && !error.code.is_empty()
                && Some(error.code.as_str()) == code
        })
    };
    documented(true)
        .or_else(|| documented(false))
        .map(|error| error.meaning.clone())
        .or_else(|| code.and_then(gateway::meaning))
        .or_else(|| {
            operation
                .errors
                .iter()
                .find(|error| error.status == status && error.code.is_empty())
                .map(|error| error.meaning.clone())
        })
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    ["x-acs-request-id", "x-request-id"]
        .iter()
        .find_map(|name| headers.get(*name))
        .and_then(|value| value.to_str().ok())
        .filter(|value| !value.is_empty() && value.len() <= 128)
        .map(ToOwned::to_owned)
}

fn is_vendor_link(link: &str) -> bool {
    link.parse::<http::Uri>().is_ok_and(|uri| {
        uri.scheme_str() == Some("https")
            && uri.authority().is_some_and(|authority| !authority.as_str().contains('@'))
            && uri.host().is_some_and(|host| {
                [".aliyun.com", ".alibabacloud.com", ".huaweicloud.com"]
                    .iter()
                    .any(|suffix| host.ends_with(suffix))
            })
    })
}

/// The members that every envelope shares, whatever they are called.
#[derive(Debug, Default, PartialEq, Eq)]
struct Envelope {
    readable: bool,
    success: Option<bool>,
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    order_id: Option<String>,
    recommend: Option<String>,
    denied_action: Option<String>,
}

const CODES: [&str; 4] = ["Code", "error_code", "errorCode", "code"];
const MESSAGES: [&str; 7] =
    ["Message", "error_msg", "error_description", "errorMsg", "message", "description", "title"];
const REQUEST_IDS: [&str; 3] = ["RequestId", "request_id", "requestId"];

impl Envelope {
    fn read(status: u16, body: &str) -> Self {
        let trimmed = body.trim_start_matches('\u{feff}').trim();
        if trimmed.starts_with('<') {
            // Any page can be XML; only one with these members is an answer.
            return xml::value(trimmed)
                .map(|value| Self::from_value(status, &value))
                .filter(|answer| {
                    answer.code.is_some() || answer.request_id.is_some() || answer.success.is_some()
                })
                .unwrap_or_default();
        }
        match serde_json::from_str::<Value>(trimmed) {
            Ok(value @ Value::Object(_)) => Self::from_value(status, &value),
            _ => Self::default(),
        }
    }

    fn from_value(status: u16, whole: &Value) -> Self {
        let error = error_in(status, whole);
        let said = |names: &[&str]| pick(error, names).or_else(|| pick(whole, names));
        let data = whole.get("Data").unwrap_or(&Value::Null);
        Self {
            readable: true,
            success: match whole.get("Success").or_else(|| whole.get("success")) {
                Some(Value::Bool(flag)) => Some(*flag),
                Some(Value::String(word)) if word.eq_ignore_ascii_case("true") => Some(true),
                Some(Value::String(word)) if word.eq_ignore_ascii_case("false") => Some(false),
                _ => None,
            },
            code: said(&CODES),
            message: said(&MESSAGES),
            request_id: said(&REQUEST_IDS),
            order_id: said(&["order_id", "OrderId"])
                .or_else(|| pick(data, &["OrderId"]))
                .filter(|id| !id.is_empty()),
            recommend: said(&["Recommend"]),
            denied_action: error
                .pointer("/AccessDeniedDetail/AuthAction")
                .and_then(scalar)
                .filter(|action| !action.is_empty() && action.len() <= 128),
        }
    }
}

/// The part of an answer that tells its code and message: the whole, or a member where the whole does not tell them.
/// The vendors' SDKs look into every object one level down (apis.md section 7). In a success such a member is what was
/// asked for, and never an error, unless `error` is all that there is.
fn error_in(status: u16, whole: &Value) -> &Value {
    let tells = |value: &Value| pick(value, &CODES).is_some() && pick(value, &MESSAGES).is_some();
    let Some(members) = whole.as_object().filter(|_| !tells(whole)) else { return whole };
    let is_error = |name: &str| name.eq_ignore_ascii_case("error");
    let is_success = (200..300).contains(&status);
    if is_success && !members.keys().all(|name| is_error(name) || REQUEST_IDS.contains(&name.as_str())) {
        return whole;
    }
    members
        .iter()
        .find(|(name, inner)| inner.is_object() && (is_error(name) || tells(inner)))
        .map_or(whole, |(_, inner)| inner)
}

/// The first of these members that is there.
fn pick(value: &Value, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| scalar(value.get(*name)?))
}

/// Text and numbers are told apart nowhere in these answers (apis.md section 1: `Code`).
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(status: u16, body: &str) -> (Envelope, Verdict) {
        let envelope = Envelope::read(status, body);
        let verdict = judge(status, body.trim().is_empty(), &envelope, EmptyBody::Unreadable);
        (envelope, verdict)
    }

    #[test]
    fn a_200_that_says_no_is_a_refusal() {
        for body in [
            r#"{"RequestId":"R","Code":"ORDER.ACCOUNT_STATUS_ILLEGAL","Message":"m","Success":false}"#,
            r#"{"RequestId":"R","Code":"ORDER.ACCOUNT_STATUS_ILLEGAL","Message":"m"}"#,
            r#"{"Success":"false"}"#,
        ] {
            assert_eq!(verdict(200, body).1, Verdict::Refused(Refusal::Business), "{body}");
        }
    }

    #[test]
    fn success_in_every_shape() {
        for body in [
            r#"{"Code":200,"Message":"operation success.","RequestId":"R","Success":true}"#,
            r#"{"Code":"Success","Success":true,"Data":{"OrderId":"202407022550621"}}"#,
            r#"{"RequestId":"R","ServiceInstanceId":"si-1","Status":"Upgrading"}"#,
            r#"{"order_id":"CS1"}"#,
            "<R><RequestId>R</RequestId><Code>200</Code><Success>true</Success></R>",
        ] {
            assert_eq!(verdict(200, body).1, Verdict::Accepted, "{body}");
        }
        assert_eq!(verdict(200, r#"{"Data":{"OrderId":"7"}}"#).0.order_id.as_deref(), Some("7"));
        assert_eq!(verdict(200, r#"{"order_id":""}"#).0.order_id, None);
    }

    #[test]
    fn an_empty_body_is_success_only_where_the_documents_say_so() {
        let envelope = Envelope::default();
        assert_eq!(judge(200, true, &envelope, EmptyBody::Success), Verdict::Accepted);
        assert_eq!(judge(200, true, &envelope, EmptyBody::Unreadable), Verdict::Unreadable);
    }

    #[test]
    fn what_cannot_be_read_is_never_called_refused() {
        for (status, body) in [
            (200, "<html><body>login</body></html>"),
            (200, "{broken"),
            (403, "<html>blocked</html>"),
            (302, ""),
            (400, ""),
            (200, "<!DOCTYPE x [<!ENTITY a 'b'>]><Error><Code>1</Code></Error>"),
        ] {
            assert_eq!(verdict(status, body).1, Verdict::Unreadable, "{status} {body}");
        }
        assert_eq!(verdict(500, r#"{"Code":"InternalError"}"#).1, Verdict::ServerError);
        assert_eq!(verdict(503, "").1, Verdict::ServerError);
    }

    #[test]
    fn huawei_errors_in_all_their_spellings() {
        for members in [
            r#"{"error_code":"CBH.10020011","error_description":"m"}"#,
            r#"{"error_code":"CBH.10020011","error_msg":"m"}"#,
            r#"{"errorCode":"CBH.10020011","errorMsg":"m"}"#,
            r#"{"code":"CBH.10020011","message":"m"}"#,
        ] {
            let inside = members.trim_matches(['{', '}']);
            for body in [
                members.to_owned(),
                format!(r#"{{{inside},"request_id":"r"}}"#),
                format!(r#"{{"error":{members}}}"#),
                format!(r#"{{"request_id":"r","error":{members}}}"#),
                format!(r#"{{"error":{members},"request_id":"r"}}"#),
                format!(r#"{{"status":400,"detail":{{}},"result":{members},"request_id":"r"}}"#),
                format!(r#"{{"error":{{{inside},"request_id":"r"}}}}"#),
                format!(r#"{{"message":"outer","error":{members}}}"#),
            ] {
                let (envelope, verdict) = verdict(400, &body);
                assert_eq!(verdict, Verdict::Refused(Refusal::Business), "{body}");
                assert_eq!(
                    (envelope.code.as_deref(), envelope.message.as_deref()),
                    (Some("CBH.10020011"), Some("m")),
                    "{body}"
                );
                let wanted = body.contains("request_id").then_some("r");
                assert_eq!(envelope.request_id.as_deref(), wanted, "{body}");
            }
        }
        // IAM's own: a number as the code, and a word beside it.
        let iam = r#"{"error":{"code":401,"message":"m","title":"Unauthorized"}}"#;
        assert_eq!(verdict(401, iam).0.code.as_deref(), Some("401"));
    }

    #[test]
    fn alibaba_errors_in_all_their_shapes() {
        for body in [
            r#"{"RequestId":"R","Code":"ResourceNotExists","Message":"m","HostId":"h"}"#,
            r#"{"RequestId":"R","Code":"ResourceNotExists","Message":"m","AccessDeniedDetail":{"Code":"x","Message":"y"}}"#,
            r#"{"RequestId":"R","Error":{"Code":"ResourceNotExists","Message":"m"}}"#,
            r#"{"requestId":"R","data":{"code":"ResourceNotExists","message":"m"},"status":400}"#,
            "<Error><RequestId>R</RequestId><Code>ResourceNotExists</Code><Message>m</Message></Error>",
            "<Error><AccessDeniedDetail><Code>x</Code><Message>y</Message></AccessDeniedDetail>\
             <RequestId>R</RequestId><Code>ResourceNotExists</Code><Message>m</Message></Error>",
            "<Response><Error><Code>ResourceNotExists</Code><Message>m</Message></Error><RequestId>R</RequestId></Response>",
        ] {
            let (envelope, verdict) = verdict(400, body);
            assert_eq!(verdict, Verdict::Refused(Refusal::Business), "{body}");
            assert_eq!(envelope.code.as_deref(), Some("ResourceNotExists"), "{body}");
            assert_eq!(envelope.message.as_deref(), Some("m"), "{body}");
            assert_eq!(envelope.request_id.as_deref(), Some("R"), "{body}");
        }
    }

    #[test]
    fn what_a_success_carries_is_no_error() {
        for body in [
            r#"{"order_id":"CS1","result":{"code":"7","message":"m"}}"#,
            r#"{"order_id":"CS1","error":{"code":"7","message":"m"}}"#,
            r#"{"RequestId":"R","Data":{"OrderId":"7","Code":"c","Message":"m"}}"#,
        ] {
            let (envelope, verdict) = verdict(200, body);
            assert_eq!((verdict, envelope.code), (Verdict::Accepted, None), "{body}");
        }
        let nothing_else = r#"{"error":{"code":"CBH.10020011","message":"m"},"request_id":"r"}"#;
        assert_eq!(verdict(200, nothing_else).1, Verdict::Refused(Refusal::Business));
    }

    #[test]
    fn xml_errors_are_read_as_they_are_meant() {
        let (envelope, verdict) = verdict(
            404,
            "<?xml version='1.0'?><Error><RequestId>R-1</RequestId><HostId>h</HostId>\
             <Code><![CDATA[InvalidAccessKeyId.NotFound]]></Code><Message>\n a &lt; b &amp; <![CDATA[<c>]]> </Message>\
             <Recommend><![CDATA[https://api.aliyun.com/troubleshoot?q=X&product=Y]]></Recommend></Error>",
        );
        assert_eq!(verdict, Verdict::Refused(Refusal::Credentials));
        assert_eq!(envelope.message.as_deref(), Some("a < b & <c>"));
        assert_eq!(envelope.request_id.as_deref(), Some("R-1"));
        assert_eq!(envelope.recommend.as_deref(), Some("https://api.aliyun.com/troubleshoot?q=X&product=Y"));
    }

    #[test]
    fn the_action_that_the_cloud_says_is_missing_is_read() {
        let json = r#"{"Code":"NoPermission","AccessDeniedDetail":{"AuthAction":"ram:PassRole"}}"#;
        let xml = "<Error><Code>NoPermission</Code><AccessDeniedDetail><AuthAction>ram:PassRole</AuthAction></AccessDeniedDetail></Error>";
        for body in [json, xml] {
            assert_eq!(verdict(403, body).0.denied_action.as_deref(), Some("ram:PassRole"), "{body}");
        }
        assert_eq!(verdict(403, r#"{"Code":"NoPermission"}"#).0.denied_action, None);
    }

    #[test]
    fn only_the_vendors_own_pages_are_linked() {
        assert!(is_vendor_link("https://api.aliyun.com/troubleshoot?q=X"));
        for bad in [
            "http://api.aliyun.com/x",
            "javascript:alert(1)",
            "https://evil.example/.aliyun.com",
            "https://a@evil.example",
            "https://x@api.aliyun.com/",
        ] {
            assert!(!is_vendor_link(bad), "{bad}");
        }
    }
}
