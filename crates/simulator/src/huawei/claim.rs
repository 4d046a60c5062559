//! Who calls: by signature, else by token (signing.md sections 4 and 8).

use super::answer::Refusal;
use crate::accounts::{self, Account, Cloud};
use crate::iam::{self, Scope};
use crate::moment::Moment;
use crate::wire::WireRequest;
use crate::world::World;
use jiff::{SignedDuration, Timestamp};

/// A date may be this far from real time (signing.md section 4).
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// Who calls, once that is believed.
pub(super) struct Caller {
    pub(super) name: &'static str,
    pub(super) access_key: &'static str,
    /// What a token is limited to; absent for a key.
    pub(super) scope: Option<Scope>,
}

/// The caller by signature, else by token.
pub(super) fn authenticate(
    world: &World,
    request: &WireRequest,
    moment: &Moment<'_>,
) -> Result<Caller, Refusal> {
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

pub(super) fn unauthorized(reason: &str) -> Refusal {
    Refusal::Gateway {
        status: 401,
        code: "APIGW.0301",
        message: format!("Incorrect IAM authentication information: {reason}"),
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
}
