//! Who a request says it is from, and whether to believe it (signing.md sections 2, 3 and 7).

use super::gate::{Gate, WINDOW};
use crate::accounts::{self, Account, Cloud};
use crate::moment::{Moment, seconds_utc};
use crate::rpc::{Parameters, Refusal};
use crate::wire::WireRequest;
use jiff::Timestamp;

/// Who a request says it is from, and what it says it wants, before any of it is believed.
pub(super) struct Claim<'a> {
    scheme: Scheme,
    pub(super) action: &'a str,
    pub(super) version: &'a str,
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
    /// Reads the claim from the headers of the newer scheme or the parameters of the older one.
    pub(super) fn read(request: &'a WireRequest, parameters: &Parameters<'a>) -> Result<Self, Refusal> {
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
    pub(super) fn verify(
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
                let headers = request
                    .text_headers()
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
