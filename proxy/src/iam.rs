//! What Huawei IAM is asked for: a token by password, the project of a region, the domain of an account
//! (companions.md section 2, apis.md sections 3 and 6).

use crate::{
    credentials::{Credentials, IamUser},
    error::text,
    profile::Profile,
    sealed::Proof,
    upstream::{RawAnswer, Trouble},
};
use catalog::{
    Operation, Text,
    call::{CallError, prepare},
};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

/// A token is renewed so long before it ends.
const MARGIN: SignedDuration = SignedDuration::from_mins(10);
/// Assumed where IAM does not say; its own default is 24 hours.
const ASSUMED_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// What a token is good for. A token of the account is refused by the services of a project, and the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenScope<'a> {
    /// The whole account.
    Domain,
    /// One project, by id.
    Project(&'a str),
}

/// A token and its end.
pub struct IamToken {
    /// The token.
    pub value: SecretString,
    expires_at: Timestamp,
}

impl IamToken {
    /// Whether it lasts long enough to be used.
    #[must_use]
    pub fn lasts(&self, now: Timestamp) -> bool {
        now + MARGIN < self.expires_at
    }
}

/// Why IAM did not help.
#[derive(Debug, thiserror::Error)]
pub enum IamError {
    /// No answer.
    #[error("IAM cannot be reached")]
    Unreachable(Trouble),
    /// It refused the caller.
    #[error("IAM refused the credentials of the profile (HTTP {0})")]
    Refused(u16),
    /// It asks for less.
    #[error("IAM asks to slow down (HTTP 429); try again in a minute")]
    Throttled,
    /// It could not help now: the credentials may be good.
    #[error("IAM failed (HTTP {0}); the credentials may be good, try again later")]
    Failed(u16),
    /// It knows no project for the region, or several.
    #[error("IAM names {found} projects for the region `{region}`; set `project_id` in the profile")]
    Project {
        /// How many.
        found: usize,
        /// The region asked for.
        region: String,
    },
    /// It named no domain.
    #[error("IAM names no domain for this account; set `domain_id` in the profile")]
    Domain,
    /// Its answer is not what the documents say.
    #[error("the answer of IAM cannot be read")]
    Unreadable,
    /// The profile lacks what the host needs.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The catalogue has no such call; impossible with the embedded documents.
    #[error("the catalogue lacks an IAM call")]
    NoOperation,
}

impl IamError {
    /// What a status that is no success says.
    fn of(status: u16, is_login: bool) -> Self {
        match status {
            401 | 403 => Self::Refused(status),
            // A login that IAM does not understand has a name or a domain that it does not know.
            400 if is_login => Self::Refused(status),
            429 => Self::Throttled,
            _ => Self::Failed(status),
        }
    }

    /// Why, for people; a sentence without its end.
    #[must_use]
    pub fn words(&self) -> Text {
        let zh = match self {
            Self::Unreachable(_) => "无法访问 IAM".to_owned(),
            Self::Refused(status) => format!("IAM 拒绝了该账号配置的凭证（HTTP {status}）"),
            Self::Throttled => "IAM 限流（HTTP 429），请一分钟后重试".to_owned(),
            Self::Failed(status) => format!("IAM 出错（HTTP {status}），凭证未必有误，请稍后重试"),
            Self::Project { found, region } => {
                format!("IAM 为地域 `{region}` 返回了 {found} 个项目，请在账号配置中设置 `project_id`")
            }
            Self::Domain => "IAM 没有返回该账号的域，请在账号配置中设置 `domain_id`".to_owned(),
            Self::Unreadable => "无法读取 IAM 的响应".to_owned(),
            Self::Call(error) => return crate::profile::call_words(error),
            Self::NoOperation => "目录中缺少 IAM 接口".to_owned(),
        };
        text(self.to_string(), zh)
    }
}

const TOKEN: &str = "iam.KeystoneCreateUserTokenByPassword";
const PROJECTS: &str = "iam.KeystoneListProjects";
const DOMAINS: &str = "iam.KeystoneListAuthDomains";

fn operation<'a>(profile: &'a Profile, id: &str) -> Result<&'a Operation, IamError> {
    profile.catalogue().get(id).ok_or(IamError::NoOperation)
}

/// Logs in.
pub(crate) async fn login(
    profile: &Profile,
    scope: TokenScope<'_>,
    now: Timestamp,
) -> Result<IamToken, IamError> {
    let Credentials::Iam(IamUser { user, password, domain }) = profile.credentials() else {
        return Err(IamError::NoOperation);
    };
    let scope = match scope {
        TokenScope::Domain => json!({"domain": {"name": domain}}),
        TokenScope::Project(id) => json!({"project": {"id": id}}),
    };
    let body = json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {
            "name": user, "password": password.expose_secret(), "domain": {"name": domain}}}},
        "scope": scope,
    }});
    let parameters = body.as_object().cloned().unwrap_or_default();
    let call = prepare(operation(profile, TOKEN)?, &parameters, &profile.bare_context())?;
    let request = profile.seal(&call, &Proof::Nothing);
    let answer = profile.upstream.read(&request).await.map_err(IamError::Unreachable)?;
    if !answer.status.is_success() {
        return Err(IamError::of(answer.status.as_u16(), true));
    }
    let value = answer
        .headers
        .get("x-subject-token")
        .and_then(|value| value.to_str().ok())
        .map(SecretString::from)
        .ok_or(IamError::Unreadable)?;
    let expires_at = serde_json::from_slice::<Value>(&answer.body)
        .ok()
        .and_then(|body| body.pointer("/token/expires_at")?.as_str()?.parse().ok())
        .unwrap_or(now + ASSUMED_LIFETIME);
    Ok(IamToken { value, expires_at })
}

/// The project of the profile's region.
pub(crate) async fn project_id(profile: &Profile) -> Result<String, IamError> {
    let region = profile.config.region.clone().ok_or(CallError::NoRegion)?;
    let mut parameters = Map::new();
    parameters.insert("name".to_owned(), Value::String(region.clone()));
    let body = ask(profile, PROJECTS, &parameters).await?;
    let projects = body.get("projects").and_then(Value::as_array).ok_or(IamError::Unreadable)?;
    match projects.as_slice() {
        [project] => id_of(project),
        several => Err(IamError::Project { found: several.len(), region }),
    }
}

/// The domain of the account.
pub(crate) async fn domain_id(profile: &Profile) -> Result<String, IamError> {
    let body = ask(profile, DOMAINS, &Map::new()).await?;
    body.get("domains")
        .and_then(Value::as_array)
        .and_then(|domains| domains.first())
        .map_or(Err(IamError::Domain), id_of)
}

fn id_of(entry: &Value) -> Result<String, IamError> {
    // It becomes a part of a path and a header: nothing but what an id can be passes.
    entry
        .get("id")
        .and_then(Value::as_str)
        .filter(|id| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .map(ToOwned::to_owned)
        .ok_or(IamError::Unreadable)
}

async fn ask(profile: &Profile, id: &str, parameters: &Map<String, Value>) -> Result<Value, IamError> {
    let call = prepare(operation(profile, id)?, parameters, &profile.bare_context())?;
    let mut renewed = false;
    loop {
        let request = match profile.credentials() {
            Credentials::Keys(keys) => profile.seal(&call, &Proof::Keys(keys)),
            // Boxed: a token is got by IAM itself, and the type would contain itself.
            Credentials::Iam(_) => {
                profile.seal(&call, &Proof::Token(&Box::pin(profile.token(TokenScope::Domain)).await?))
            }
        };
        let answer: RawAnswer = profile.upstream.read(&request).await.map_err(IamError::Unreachable)?;
        if answer.status.is_success() {
            return serde_json::from_slice(&answer.body).map_err(|_| IamError::Unreadable);
        }
        if renewed || answer.status != 401 || !profile.forget_token(&request).await {
            return Err(IamError::of(answer.status.as_u16(), false));
        }
        renewed = true;
    }
}
