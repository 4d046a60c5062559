//! What a cloud said, read from every envelope that the two vendors use (apis.md section 7, signing.md sections
//! 6 to 8): JSON with codes as text or number, nested or not, XML, and nothing at all.

mod gateway;
mod skew;

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
    let envelope = Envelope::read(&text);
    let status = raw.status.as_u16();
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
    let answer = Answer {
        status,
        code: code.map(|code| redactor.clean(&code)),
        message: envelope.message.as_deref().map(|message| redactor.clean(message)),
        request_id: envelope.request_id.or_else(|| request_id(&raw.headers)).map(|id| redactor.clean(&id)),
        order_id: envelope.order_id.map(|id| redactor.clean(&id)),
        body: redactor.clean(&text),
        duration_ms: u64::try_from(raw.duration.as_millis()).unwrap_or(u64::MAX),
        meaning,
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
}

impl Envelope {
    fn read(body: &str) -> Self {
        let trimmed = body.trim_start_matches('\u{feff}').trim();
        if trimmed.starts_with('<') {
            return xml(trimmed).unwrap_or_default();
        }
        match serde_json::from_str::<Value>(trimmed) {
            Ok(value @ Value::Object(_)) => Self::from_json(&value),
            _ => Self::default(),
        }
    }

    fn from_json(value: &Value) -> Self {
        // IAM and some gateways put the error one level down.
        let nested = value.as_object().filter(|members| members.len() == 1).and_then(|members| {
            members.iter().next().filter(|(name, inner)| name.as_str() == "error" && inner.is_object())
        });
        let top = nested.map_or(value, |(_, inner)| inner);
        let pick = |names: &[&str]| names.iter().find_map(|name| scalar(top.get(*name)?));
        let data = top.get("Data").unwrap_or(&Value::Null);
        Self {
            readable: true,
            success: match top.get("Success").or_else(|| top.get("success")) {
                Some(Value::Bool(flag)) => Some(*flag),
                Some(Value::String(word)) if word.eq_ignore_ascii_case("true") => Some(true),
                Some(Value::String(word)) if word.eq_ignore_ascii_case("false") => Some(false),
                _ => None,
            },
            code: pick(&["Code", "error_code", "errorCode", "code"]),
            message: pick(&[
                "Message",
                "error_msg",
                "error_description",
                "errorMsg",
                "message",
                "description",
                "title",
            ]),
            request_id: pick(&["RequestId", "request_id", "requestId"]),
            order_id: pick(&["order_id", "OrderId"])
                .or_else(|| data.get("OrderId").and_then(scalar))
                .filter(|id| !id.is_empty()),
            recommend: pick(&["Recommend"]),
        }
    }
}

/// Text and numbers are told apart nowhere in these answers (apis.md section 1: `Code`).
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// RPC answers in XML when nobody asked for JSON, and gateways do for their own errors.
fn xml(body: &str) -> Option<Envelope> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(body);
    let mut envelope = Envelope::default();
    let mut path: Vec<String> = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                if path.is_empty() && name.eq_ignore_ascii_case("html") {
                    return None;
                }
                path.push(name);
            }
            Event::End(_) => {
                path.pop();
            }
            Event::Text(text) => {
                let text = text.as_ref().trim().to_owned();
                if text.is_empty() {
                    continue;
                }
                let slot = match path.last().map(String::as_str) {
                    Some("Code") => &mut envelope.code,
                    Some("Message") => &mut envelope.message,
                    Some("RequestId") => &mut envelope.request_id,
                    Some("OrderId") => &mut envelope.order_id,
                    Some("Recommend") => &mut envelope.recommend,
                    Some("Success") => {
                        envelope.success = Some(text.eq_ignore_ascii_case("true"));
                        continue;
                    }
                    _ => continue,
                };
                // Entities arrive as events of their own and cut the text into pieces.
                slot.get_or_insert_default().push_str(&text);
            }
            Event::GeneralRef(entity) => {
                let resolved = entity.resolve_char_ref().ok().flatten().or(match entity.as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => None,
                });
                if let Some(character) = resolved {
                    let slot = match path.last().map(String::as_str) {
                        Some("Message") => &mut envelope.message,
                        Some("Recommend") => &mut envelope.recommend,
                        _ => continue,
                    };
                    slot.get_or_insert_default().push(character);
                }
            }
            // A document type could define entities: no answer of these clouds has one.
            Event::DocType(_) => return None,
            Event::Eof => break,
            _ => {}
        }
    }
    envelope.readable =
        envelope.code.is_some() || envelope.request_id.is_some() || envelope.success.is_some();
    envelope.readable.then_some(envelope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(status: u16, body: &str) -> (Envelope, Verdict) {
        let envelope = Envelope::read(body);
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
        for body in [
            r#"{"error_code":"CBH.10020011","error_description":"m"}"#,
            r#"{"error_code":"CBH.10020011","error_msg":"m","request_id":"r"}"#,
            r#"{"errorCode":"CBH.10020011","errorMsg":"m"}"#,
            r#"{"code":"CBH.10020011","message":"m"}"#,
            r#"{"error":{"code":"CBH.10020011","message":"m"}}"#,
        ] {
            let (envelope, verdict) = verdict(400, body);
            assert_eq!(verdict, Verdict::Refused(Refusal::Business), "{body}");
            assert_eq!(
                (envelope.code.as_deref(), envelope.message.as_deref()),
                (Some("CBH.10020011"), Some("m")),
                "{body}"
            );
        }
    }

    #[test]
    fn xml_errors_are_read_with_their_entities() {
        let (envelope, verdict) = verdict(
            404,
            "<?xml version='1.0'?><Error><RequestId>R-1</RequestId><HostId>h</HostId><Code>InvalidAccessKeyId.NotFound</Code><Message>a &amp; b</Message></Error>",
        );
        assert_eq!(verdict, Verdict::Refused(Refusal::Credentials));
        assert_eq!(envelope.message.as_deref().map(|m| m.replace(' ', "")), Some("a&b".to_owned()));
        assert_eq!(envelope.request_id.as_deref(), Some("R-1"));
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
