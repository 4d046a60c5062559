//! A profile at work: an account to act as, with its credentials, its door to the cloud and what IAM told of it.

use crate::{
    answer::{Answer, Refusal, Verdict},
    asking::Pacer,
    clock::Sources,
    config::{Mode, ProfileConfig},
    credentials::{CredentialError, Credentials, KeyPair},
    error::{Problem, text},
    iam::{self, IamError, IamToken, TokenScope},
    plan::hex,
    recent::Recent,
    redact::Redactor,
    sealed::{Origin, Proof, SealedRequest, seal},
    upstream::{Reach, Timeouts, Upstream},
};
use catalog::{
    Cloud, Operation, Text,
    call::{CallError, Context, prepare},
    model::Scope,
    reader::Catalogue,
};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use simulator::Simulator;
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::{Mutex, OnceCell, Semaphore, watch};

/// Calls of one profile that may be under way at once, so that a hung cloud does not take the others' places
/// (security.md F6).
const CALLS_AT_ONCE: usize = 8;

/// A profile.
pub struct Profile {
    /// As it was configured.
    pub config: ProfileConfig,
    /// Its door.
    pub upstream: Upstream,
    /// Places for calls under way.
    pub places: Semaphore,
    pub(crate) pacer: Arc<Pacer>,
    account: String,
    pub(crate) recent: Recent,
    credentials: Credentials,
    origin: Option<Origin>,
    // Built-in clouds are asked over plain http, because they are local.
    scheme: &'static str,
    clouds: Option<Simulator>,
    sources: Sources,
    catalogue: Arc<Catalogue>,
    project_id: OnceCell<String>,
    domain_id: OnceCell<String>,
    // One of each scope: a project's services take no token of the account.
    domain_token: Mutex<Option<IamToken>>,
    project_token: Mutex<Option<IamToken>>,
}

/// Why no request can be made for a profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The call cannot be made from what is known.
    #[error(transparent)]
    Call(#[from] CallError),
    /// IAM could not be asked, or did not know.
    #[error(transparent)]
    Iam(#[from] IamError),
}

impl ProfileError {
    /// Why, for people; a sentence without its end.
    #[must_use]
    pub fn words(&self) -> Text {
        match self {
            Self::Call(error) => call_words(error),
            Self::Iam(error) => error.words(),
        }
    }
}

impl From<&ProfileError> for Problem {
    fn from(error: &ProfileError) -> Self {
        let Text { en, zh } = error.words();
        Problem::upstream(text(format!("{en}."), format!("{zh}。")))
    }
}

pub(crate) fn call_words(error: &CallError) -> Text {
    let zh = match error {
        CallError::UnknownRegion { region, nearest } => {
            format!("该接口没有地域 `{region}`，最接近的是 `{nearest}`")
        }
        CallError::NoRegion => "参数和账号配置都没有指定地域".to_owned(),
        CallError::NoScope(what) => format!("账号配置没有 {what}"),
        CallError::BadScope(what) => format!("账号配置的 {what} 应为 32 位十六进制数字"),
        CallError::NoServer => "该账号站点没有可用的域名".to_owned(),
        CallError::NoPathValue(name) => format!("路径中的 `{name}` 没有值"),
        CallError::BadPathValue(name) => format!("`{name}` 的值不能用在路径中"),
        CallError::BadHeaderValue(name) => format!("`{name}` 的值不能用在请求头中"),
    };
    text(error.to_string(), zh)
}

/// The simulated clouds of this process.
#[derive(Clone)]
pub struct BuiltIn {
    /// Their state.
    pub clouds: Simulator,
    /// Where they listen.
    pub address: SocketAddr,
}

impl Profile {
    /// Whether it speaks to the simulated clouds of this process.
    #[must_use]
    pub fn is_at_built_in_clouds(&self) -> bool {
        self.clouds.is_some()
    }

    /// Opens a profile.
    ///
    /// # Errors
    /// When its credentials cannot be had.
    pub fn open(
        config: ProfileConfig,
        built_in: Option<&BuiltIn>,
        catalogue: Arc<Catalogue>,
        sources: Sources,
        timeouts: Timeouts,
        pacer: Arc<Pacer>,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, CredentialError> {
        let credentials = match &config.credentials {
            Some(source) => crate::credentials::load(source, config.cloud, variable)?,
            None => demo_credentials(config.cloud),
        };
        let account = account(&config, &credentials);
        let origin = config.endpoint.as_deref().and_then(|endpoint| {
            let uri: http::Uri = endpoint.parse().ok()?;
            let scheme = if uri.scheme_str() == Some("http") { "http" } else { "https" };
            Some(Origin { scheme, authority: uri.authority()?.as_str().to_owned() })
        });
        let (reach, clouds) = match (config.mode, &origin, built_in) {
            (Mode::Live, _, _) => (Reach::Internet { private: config.allow_private_addresses }, None),
            (Mode::Simulated, None, Some(built_in)) => {
                (Reach::BuiltIn(built_in.address), Some(built_in.clouds.clone()))
            }
            (Mode::Simulated, _, _) => (Reach::Loopback, None),
        };
        let known =
            |id: &Option<String>| id.clone().map_or_else(OnceCell::new, |id| OnceCell::new_with(Some(id)));
        Ok(Self {
            upstream: Upstream::new(reach, timeouts),
            places: Semaphore::new(CALLS_AT_ONCE),
            pacer,
            account,
            recent: Recent::default(),
            credentials,
            origin,
            scheme: if clouds.is_some() { "http" } else { "https" },
            clouds,
            sources,
            catalogue,
            project_id: known(&config.project_id),
            domain_id: known(&config.domain_id),
            domain_token: Mutex::new(None),
            project_token: Mutex::new(None),
            config,
        })
    }

    /// The clock that the profile's cloud goes by for everything but signatures.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clouds.as_ref().map_or_else(self.sources.now, Simulator::now)
    }

    /// The clock that no adjustment moves.
    #[must_use]
    pub fn instant(&self) -> Instant {
        (self.sources.instant)()
    }

    /// Tells when somebody moved the clouds of this process; `None` for real clouds, which nobody moves.
    #[must_use]
    pub fn moves(&self) -> Option<watch::Receiver<u64>> {
        self.clouds.as_ref().map(Simulator::moves)
    }

    /// Waits until the cloud's clock shows `until`, or somebody moved it.
    pub async fn wait(&self, moves: &mut Option<watch::Receiver<u64>>, until: Timestamp) {
        let left = Duration::try_from(until.duration_since(self.now())).unwrap_or_default();
        match moves {
            // The sender lives as long as the profile; an error cannot come.
            Some(moves) => drop(tokio::time::timeout(left, moves.changed()).await),
            None => tokio::time::sleep(left).await,
        }
    }

    /// Who its calls are counted for, as far as it is known: profiles with the same words share an API's rate.
    #[must_use]
    pub fn account(&self) -> &str {
        &self.account
    }

    /// What must not be repeated of the answer to a request.
    #[must_use]
    pub fn redactor(&self, request: &SealedRequest) -> Redactor {
        Redactor::new(&self.credentials, request)
    }

    /// The project id, if it is known by now.
    #[must_use]
    pub fn known_project_id(&self) -> Option<&str> {
        self.project_id.get().map(String::as_str)
    }

    /// The domain id, if it is known by now.
    #[must_use]
    pub fn known_domain_id(&self) -> Option<&str> {
        self.domain_id.get().map(String::as_str)
    }

    /// The access key as previews show it.
    #[must_use]
    pub fn masked_access_key(&self) -> Option<(SecretString, String)> {
        match &self.credentials {
            Credentials::Keys(keys) => Some((
                keys.access_key.clone(),
                crate::redact::mask_access_key(keys.access_key.expose_secret()),
            )),
            Credentials::Iam(_) => None,
        }
    }

    /// Whether requests carry an IAM token instead of a signature.
    #[must_use]
    pub fn uses_token(&self) -> bool {
        matches!(self.credentials, Credentials::Iam(_))
    }

    /// The signed request for parameters, secrets included.
    ///
    /// # Errors
    /// When the host, the scope or a token cannot be had; nothing of the call was sent.
    pub async fn request(
        &self,
        operation: &Operation,
        parameters: &Map<String, Value>,
    ) -> Result<SealedRequest, ProfileError> {
        let context = self.context(operation).await?;
        let call = prepare(operation, parameters, &context)?;
        match &self.credentials {
            Credentials::Keys(keys) => Ok(self.seal(&call, &Proof::Keys(keys))),
            Credentials::Iam(_) => {
                let scope = context.project_id.as_deref().map_or(TokenScope::Domain, TokenScope::Project);
                let token = self.token(scope).await?;
                Ok(self.seal(&call, &Proof::Token(&token)))
            }
        }
    }

    /// The request as a preview shows it: the key pair is real, the security token is a mask, because it is signed
    /// and would be shown. A token profile has nothing to sign.
    ///
    /// # Errors
    /// As [`Profile::request`].
    pub async fn preview(
        &self,
        operation: &Operation,
        parameters: &Map<String, Value>,
    ) -> Result<SealedRequest, ProfileError> {
        let context = self.context(operation).await?;
        let call = prepare(operation, parameters, &context)?;
        let mask = SecretString::from("********");
        match &self.credentials {
            Credentials::Keys(keys) => {
                let shown =
                    KeyPair { security_token: keys.security_token.as_ref().map(|_| mask), ..keys.clone() };
                Ok(self.seal(&call, &Proof::Keys(&shown)))
            }
            Credentials::Iam(_) => Ok(self.seal(&call, &Proof::Token(&mask))),
        }
    }

    pub(crate) fn seal(&self, call: &catalog::call::UnsignedCall, proof: &Proof<'_>) -> SealedRequest {
        let origin = self
            .origin
            .clone()
            .unwrap_or_else(|| Origin { scheme: self.scheme, authority: call.host.clone() });
        seal(self.config.cloud, call, origin, proof, (self.sources.now)(), &self.sources.nonce())
    }

    async fn context(&self, operation: &Operation) -> Result<Context, ProfileError> {
        let mut context = self.bare_context();
        match operation.call.scope {
            Scope::None => {}
            Scope::Project => {
                let id = self.project_id.get_or_try_init(|| iam::project_id(self)).await?;
                context.project_id = Some(id.clone());
            }
            Scope::Domain => {
                let id = self.domain_id.get_or_try_init(|| iam::domain_id(self)).await?;
                context.domain_id = Some(id.clone());
            }
        }
        Ok(context)
    }

    pub(crate) fn bare_context(&self) -> Context {
        Context {
            region: self.config.region.clone(),
            site: self.config.site,
            project_id: None,
            domain_id: None,
        }
    }

    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// A token that lasts a while yet, renewed by one caller while the others wait.
    pub(crate) async fn token(&self, scope: TokenScope<'_>) -> Result<SecretString, IamError> {
        let mut held = match scope {
            TokenScope::Domain => self.domain_token.lock().await,
            // A profile has one project.
            TokenScope::Project(_) => self.project_token.lock().await,
        };
        let now = (self.sources.now)();
        if let Some(token) = held.as_ref().filter(|token| token.lasts(now)) {
            return Ok(token.value.clone());
        }
        let fresh = iam::login(self, scope, now).await?;
        let value = fresh.value.clone();
        *held = Some(fresh);
        Ok(value)
    }

    /// Hears what came of a request. A token that the cloud does not take is forgotten, whatever its end is said to be:
    /// it can be taken back, or the cloud that made it be another one by now. Says whether a new login may help.
    pub(crate) async fn hears(&self, request: &SealedRequest, answer: &Answer, verdict: Verdict) -> bool {
        let disbelieved = answer.status == 401 || verdict == Verdict::Refused(Refusal::Credentials);
        disbelieved && self.forget_token(request).await
    }

    /// Forgets the token that a request went with. Says whether it went with one.
    pub(crate) async fn forget_token(&self, request: &SealedRequest) -> bool {
        let Some(used) = &request.token else { return false };
        for held in [&self.domain_token, &self.project_token] {
            let mut held = held.lock().await;
            // Somebody may have logged in meanwhile.
            if held.as_ref().is_some_and(|held| held.value.expose_secret() == used.expose_secret()) {
                *held = None;
            }
        }
        true
    }
}

/// The account at the cloud, as far as it is known. A simulator has one for all its keys. Two keys of one live account
/// cannot be told from keys of two, so that each key stands for itself; it is not kept here, only what tells it apart.
fn account(config: &ProfileConfig, credentials: &Credentials) -> String {
    let place = format!("{} {:?}", config.realm(), config.cloud);
    let name = match (config.mode, credentials) {
        (Mode::Simulated, _) => return place,
        (Mode::Live, Credentials::Keys(keys)) => keys.access_key.expose_secret(),
        (Mode::Live, Credentials::Iam(user)) => user.domain.as_str(),
    };
    format!("{place} {}", hex(&Sha256::digest(name)))
}

/// The accounts of the built-in clouds; all invented.
fn demo_credentials(cloud: Cloud) -> Credentials {
    let account = match cloud {
        Cloud::Alibaba => &simulator::accounts::ALIBABA,
        Cloud::Huawei => &simulator::accounts::HUAWEI,
    };
    Credentials::Keys(KeyPair {
        access_key: SecretString::from(account.access_key),
        secret_key: SecretString::from(account.secret_key),
        security_token: account.security_token.map(SecretString::from),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::demo_profiles;

    fn keys(access_key: &str) -> Credentials {
        Credentials::Keys(KeyPair {
            access_key: SecretString::from(access_key),
            secret_key: SecretString::from("fakeSecret0001"),
            security_token: None,
        })
    }

    #[test]
    fn profiles_of_one_account_share_its_rate_and_others_do_not() {
        let profile = |mode: Mode, name: &str, region: &str| ProfileConfig {
            mode,
            name: name.to_owned(),
            region: Some(region.to_owned()),
            ..demo_profiles().remove(0)
        };
        let live = |region: &str, key: &str| account(&profile(Mode::Live, region, region), &keys(key));
        assert_eq!(live("cn-hangzhou", "fakeKey0001"), live("cn-shanghai", "fakeKey0001"));
        assert_ne!(live("cn-hangzhou", "fakeKey0001"), live("cn-hangzhou", "fakeKey0002"));
        assert!(!live("cn-hangzhou", "fakeKey0001").contains("fakeKey"));
        let simulated = |key: &str| account(&profile(Mode::Simulated, key, "cn-hangzhou"), &keys(key));
        assert_eq!(simulated("fakeKey0001"), simulated("fakeKey0002"), "it has one account");
        assert_ne!(simulated("fakeKey0001"), live("cn-hangzhou", "fakeKey0001"));
    }
}
