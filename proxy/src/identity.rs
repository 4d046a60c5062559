//! Who the person is. Either whoever reaches loopback, or whom the portal's login in front names in headers: believed
//! only from a trusted peer that also shows the shared secret (security.md R10).

mod network;

use crate::{
    config::{ConfigError, IdentityConfig, IdentityMode},
    error::{Problem, text},
};
use http::{HeaderMap, HeaderName, StatusCode, header};
use network::Network;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{net::IpAddr, path::PathBuf};
use subtle::ConstantTimeEq;

/// The one person of a console without a login in front.
const LOCAL: &str = "local";
/// A shorter secret could be guessed.
const SECRET_CHARACTERS: usize = 32;
/// No directory has longer names; a page has no room for them.
const NAME_BYTES: usize = 256;
const GROUPS_BYTES: usize = 4 * 1024;

/// Where the secret that the portal shows comes from; it is never in the configuration itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub enum SecretSource {
    /// An environment variable.
    Env {
        /// Its name.
        name: String,
    },
    /// A file that holds the secret and nothing else, readable by its owner only.
    File {
        /// Where it is.
        path: PathBuf,
    },
}

/// The same as it is written. Flat, so that a key that is wrong is told by its own name and line.
#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "{ source = \"env\", name = \"…\" } or { source = \"file\", path = \"…\" }: the secret itself never stands in this file"
)]
struct Written {
    source: Source,
    name: Option<String>,
    path: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    Env,
    File,
}

impl TryFrom<Written> for SecretSource {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match (written.source, written.name, written.path) {
            (Source::Env, Some(name), None) => Ok(Self::Env { name }),
            (Source::File, None, Some(path)) => Ok(Self::File { path }),
            (Source::Env, _, Some(_)) => {
                Err("`path` does not go with `source = \"env\"`, which takes `name`".to_owned())
            }
            (Source::File, Some(_), _) => {
                Err("`name` does not go with `source = \"file\"`, which takes `path`".to_owned())
            }
            (Source::Env, None, None) => Err("missing key `name`: the name of a variable".to_owned()),
            (Source::File, None, None) => Err("missing key `path`: the path of a file".to_owned()),
        }
    }
}

/// A person, as far as the console knows one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name under which plans, runs, records and limits go.
    pub user: String,
    /// How the portal calls the person; for the eye only.
    pub display_name: Option<String>,
    /// For the eye only.
    pub email: Option<String>,
    /// The groups that the portal names.
    pub groups: Vec<String>,
}

/// Who says who the person is.
pub enum Identity {
    /// Whoever reaches loopback.
    Local,
    /// The portal.
    Forwarded(Portal),
}

/// The portal's login in front.
pub struct Portal {
    peers: Vec<Network>,
    headers: Headers,
    secret: SecretString,
}

struct Headers {
    secret: HeaderName,
    user: HeaderName,
    email: HeaderName,
    display_name: HeaderName,
    groups: HeaderName,
}

impl Headers {
    fn all(&self) -> [&HeaderName; 5] {
        [&self.secret, &self.user, &self.email, &self.display_name, &self.groups]
    }
}

/// Why a request has no person.
#[derive(Debug)]
pub struct Refusal {
    /// For the log: whoever asks is told no more than the problem says.
    pub why: &'static str,
    /// The answer.
    pub problem: Problem,
}

/// Rules of `[identity]` that need no secret.
///
/// # Errors
/// The first that is broken, with its key.
pub fn check(config: &IdentityConfig) -> Result<(), ConfigError> {
    match config.mode {
        IdentityMode::Local => {
            // Someone who wrote these believes that people log in.
            for (key, is_set) in
                [("trusted_peers", !config.trusted_peers.is_empty()), ("secret", config.secret.is_some())]
            {
                if is_set {
                    return Err(ConfigError(format!(
                        "`identity.{key}` is for `identity.mode = \"forwarded\"`, and the mode is \"local\": everybody would be the one person `{LOCAL}`"
                    )));
                }
            }
            Ok(())
        }
        IdentityMode::Forwarded => {
            peers(config)?;
            headers(config)?;
            match config.secret {
                Some(_) => Ok(()),
                None => Err(ConfigError(
                    "`identity.secret` is missing: the portal shows a secret with each request, e.g. `secret = { source = \"env\", name = \"UPGRADE_CONSOLE_PORTAL_SECRET\" }`"
                        .to_owned(),
                )),
            }
        }
        IdentityMode::Oidc => Err(ConfigError(
            "`identity.mode`: \"oidc\" cannot be used in this version; put \"forwarded\" and a login in front, or \"local\""
                .to_owned(),
        )),
    }
}

fn peers(config: &IdentityConfig) -> Result<Vec<Network>, ConfigError> {
    if config.trusted_peers.is_empty() {
        return Err(ConfigError(
            "`identity.trusted_peers` is empty: it names the addresses from which the portal connects, e.g. `[\"127.0.0.1\"]`"
                .to_owned(),
        ));
    }
    let read = |peer: &String| {
        Network::read(peer).map_err(|why| ConfigError(format!("`identity.trusted_peers`: `{peer}`: {why}")))
    };
    config.trusted_peers.iter().map(read).collect()
}

fn headers(config: &IdentityConfig) -> Result<Headers, ConfigError> {
    let read = |key: &str, name: &str| match HeaderName::try_from(name) {
        // Underscores: many servers take `X_User` and `X-User` for one.
        Ok(header) if !name.contains('_') && !SPOKEN_FOR.contains(&header) => Ok(header),
        _ => Err(ConfigError(format!(
            "`identity.{key}` is the name of a header of its own: letters, digits and `-`, e.g. `X-Forwarded-User`"
        ))),
    };
    let headers = Headers {
        secret: read("secret_header", &config.secret_header)?,
        user: read("user_header", &config.user_header)?,
        email: read("email_header", &config.email_header)?,
        display_name: read("preferred_username_header", &config.preferred_username_header)?,
        groups: read("groups_header", &config.groups_header)?,
    };
    // The user's header may serve as another's too: a portal may have an email address and nothing else.
    if headers.all()[1..].contains(&&headers.secret) {
        return Err(ConfigError(
            "`identity.secret_header` is also the header of something else; the secret has one of its own"
                .to_owned(),
        ));
    }
    Ok(headers)
}

/// Headers that mean something to HTTP or to the console itself.
const SPOKEN_FOR: [HeaderName; 9] = [
    header::HOST,
    header::ORIGIN,
    header::CONNECTION,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
    header::ACCEPT_LANGUAGE,
    HeaderName::from_static("x-upgrade-console"),
    HeaderName::from_static("sec-fetch-site"),
];

/// Reads the secret. Says what is wrong with it, never what it is, nor the name of the variable: a secret may have been
/// written in its place.
fn secret(
    source: &SecretSource,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<SecretString, ConfigError> {
    let fail = |why: String| ConfigError(format!("`identity.secret`: {why}"));
    let secret = match source {
        SecretSource::Env { name } => {
            variable(name).filter(|value| !value.is_empty()).map(SecretString::from).ok_or_else(|| {
                fail("the environment variable that its `name` says is not set or empty".to_owned())
            })?
        }
        SecretSource::File { path } => {
            let text = crate::credentials::read_private(path)
                .map_err(|why| fail(format!("file `{}`: {why}", path.display())))?;
            SecretString::from(text.trim_end_matches(['\r', '\n']))
        }
    };
    let exposed = secret.expose_secret();
    if exposed.len() < SECRET_CHARACTERS || !exposed.bytes().all(|byte| (0x21..=0x7e).contains(&byte)) {
        return Err(fail(format!(
            "it has at least {SECRET_CHARACTERS} letters, digits or signs and no spaces, e.g. what `openssl rand -hex 32` prints"
        )));
    }
    Ok(secret)
}

impl Identity {
    /// What the configuration says, with the secret.
    ///
    /// # Errors
    /// What is wrong, with its key; never a value.
    pub fn open(
        config: &IdentityConfig,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        check(config)?;
        let Some(source) = &config.secret else { return Ok(Self::Local) };
        Ok(Self::Forwarded(Portal {
            peers: peers(config)?,
            headers: headers(config)?,
            secret: secret(source, variable)?,
        }))
    }

    /// Its name in the HTTP API.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Forwarded(_) => "forwarded",
        }
    }

    /// The person of a request that came over a connection from `peer`.
    ///
    /// # Errors
    /// 401 when nobody who may says who it is; 400 when what is said can be read in two ways.
    pub fn of(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Result<Person, Refusal> {
        match self {
            Self::Local => {
                Ok(Person { user: LOCAL.to_owned(), display_name: None, email: None, groups: Vec::new() })
            }
            Self::Forwarded(portal) => {
                portal.believe(peer, headers).map_err(not_signed_in)?;
                portal.person(headers).map_err(malformed)?.ok_or_else(|| {
                    not_signed_in(
                        "the portal named nobody; it sends the user's header for those who are signed in",
                    )
                })
            }
        }
    }

    /// Takes out what only this module may read: a handler sees neither the secret nor a name in its raw form.
    pub fn strip(&self, headers: &mut HeaderMap) {
        if let Self::Forwarded(portal) = self {
            for name in portal.headers.all() {
                while headers.remove(name).is_some() {}
            }
        }
    }
}

impl Portal {
    /// Whether the portal speaks; if not, why, for the log.
    fn believe(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Result<(), &'static str> {
        if !peer.is_some_and(|peer| self.peers.iter().any(|network| network.holds(peer))) {
            return Err("the request came from an address that is not in `identity.trusted_peers`");
        }
        let mut shown = headers.get_all(&self.headers.secret).iter();
        let (Some(secret), None) = (shown.next(), shown.next()) else {
            return Err("the request does not carry the portal's secret exactly once");
        };
        // Of the hashes, so that not even the length can be measured.
        let [shown, ours] = [secret.as_bytes(), self.secret.expose_secret().as_bytes()].map(Sha256::digest);
        if bool::from(shown.as_slice().ct_eq(ours.as_slice())) {
            Ok(())
        } else {
            Err("the secret is not the one that `identity.secret` has")
        }
    }

    fn person(&self, headers: &HeaderMap) -> Result<Option<Person>, &'static str> {
        // `X_Forwarded_User` is another header than `X-Forwarded-User` here and the same one elsewhere.
        if headers.keys().any(|name| name.as_str().contains('_')) {
            return Err("a header's name has an underscore");
        }
        // What `Connection` names is for the next hop only, and some hop may have dropped or kept it.
        let hop = headers
            .get_all(header::CONNECTION)
            .iter()
            .flat_map(|value| value.as_bytes().split(|b| *b == b','));
        let ours = self.headers.all();
        if hop
            .map(<[u8]>::trim_ascii)
            .any(|token| ours.iter().any(|name| token.eq_ignore_ascii_case(name.as_str().as_bytes())))
        {
            return Err("`Connection` names a header of the identity");
        }
        let Some(user) = name_in(headers, &self.headers.user)? else { return Ok(None) };
        Ok(Some(Person {
            user,
            display_name: words_in(headers, &self.headers.display_name, NAME_BYTES)?,
            email: name_in(headers, &self.headers.email)?,
            groups: words_in(headers, &self.headers.groups, GROUPS_BYTES)?
                .map(|list| {
                    list.split(',')
                        .map(str::trim)
                        .filter(|group| !group.is_empty())
                        .map(ToOwned::to_owned)
                        .collect()
                })
                .unwrap_or_default(),
        }))
    }
}

/// A value that identifies: one, not empty, plain ASCII that can be told apart by eye, and no list.
fn name_in(headers: &HeaderMap, name: &HeaderName) -> Result<Option<String>, &'static str> {
    let value = words_in(headers, name, NAME_BYTES)?;
    match &value {
        Some(text) if !text.bytes().all(|byte| (0x20..=0x7e).contains(&byte) && byte != b',') => {
            Err("a name has characters other than letters, digits and signs, or a comma")
        }
        _ => Ok(value),
    }
}

/// A value for the eye: one, not empty, UTF-8 without control characters.
fn words_in(headers: &HeaderMap, name: &HeaderName, most: usize) -> Result<Option<String>, &'static str> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err("a header of the identity is there twice");
    }
    let Ok(text) = std::str::from_utf8(value.as_bytes()) else {
        return Err("a header of the identity is not UTF-8");
    };
    if text.trim().is_empty() || text.len() > most || text.chars().any(char::is_control) {
        return Err("a header of the identity is empty, too long, or has control characters");
    }
    Ok(Some(text.to_owned()))
}

fn not_signed_in(why: &'static str) -> Refusal {
    let problem = Problem::new(
        StatusCode::UNAUTHORIZED,
        "not_signed_in",
        text("You are not signed in", "您尚未登录"),
        text(
            "This console is opened through the portal's login. Sign in there and open it again.",
            "本控制台须经门户登录后打开，请在门户登录后重新打开。",
        ),
    );
    Refusal { why, problem }
}

fn malformed(why: &'static str) -> Refusal {
    let problem = Problem::bad_request(
        "bad_identity",
        text(
            "What the portal says about who you are can be read in more than one way. Tell the operator of the portal.",
            "门户传来的身份信息有歧义，请联系门户管理员。",
        ),
    );
    Refusal { why, problem }
}
