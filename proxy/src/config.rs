//! The configuration: TOML read into types that say what they mean. Unknown keys are refused with the line and the
//! nearest known key; every key is described in `upgrade-console.example.toml`.

mod slips;

use crate::{
    credentials::CredentialSource,
    identity::{self, SecretSource},
};
use catalog::{Cloud, model::Site, reader::Catalogue, strict_json};
use serde::Deserialize;
use slips::{explain, lines_of_profiles};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::PathBuf,
};

/// Where the console listens when nothing says otherwise.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

/// The file, as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Address and port of the console.
    pub listen: SocketAddr,
    /// Path under which a portal serves the console, e.g. `/upgrade`; empty for none.
    pub base_path: String,
    /// Hosts (`console.example.com`, or with scheme `https://console.example.com`) besides loopback.
    pub allowed_hosts: Vec<String>,
    /// Whether live profiles may exist at all.
    pub allow_live: bool,
    /// Where runs and records are kept.
    pub store: StoreConfig,
    /// More documents.
    pub catalogue: CatalogueConfig,
    /// Who the person is.
    pub identity: IdentityConfig,
    /// Limits that keep one person or one cloud from taking everything.
    pub limits: Limits,
    /// How the log is written.
    pub log: LogConfig,
    /// The accounts to act as.
    pub profiles: Vec<ProfileConfig>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            base_path: String::new(),
            allowed_hosts: Vec::new(),
            allow_live: false,
            store: StoreConfig::default(),
            catalogue: CatalogueConfig::default(),
            identity: IdentityConfig::default(),
            limits: Limits::default(),
            log: LogConfig::default(),
            profiles: Vec::new(),
        }
    }
}

/// `[store]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreConfig {
    /// e.g. `sqlite:///var/lib/upgrade-console/store.db`. Without one: a file in the user's state folder.
    pub url: Option<String>,
}

/// Where the store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreLocation {
    /// A file that stays.
    File(PathBuf),
    /// A file that goes when the server stops: for the demo and for tests.
    Temporary,
}

impl StoreConfig {
    /// Where the store is; `variable` is how the environment is asked.
    ///
    /// # Errors
    /// When the address is none that this version knows, or no state folder can be found.
    pub fn location(&self, variable: &dyn Fn(&str) -> Option<String>) -> Result<StoreLocation, ConfigError> {
        if let Some(url) = &self.url {
            return match url.strip_prefix("sqlite://") {
                Some(path) if path.starts_with('/') => Ok(StoreLocation::File(PathBuf::from(path))),
                _ => Err(ConfigError(
                    "`store.url` is `sqlite://` and the absolute path of a file, e.g. `sqlite:///var/lib/upgrade-console/store.db`"
                        .to_owned(),
                )),
            };
        }
        let folder = |name: &str| variable(name).filter(|path| path.starts_with('/')).map(PathBuf::from);
        folder("XDG_STATE_HOME")
            .or_else(|| folder("HOME").map(|home| home.join(".local/state")))
            .map(|state| StoreLocation::File(state.join("upgrade-console/store.db")))
            .ok_or_else(|| {
                ConfigError("no state folder: set `store.url`, or XDG_STATE_HOME, or HOME".to_owned())
            })
    }
}

/// `[catalogue]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CatalogueConfig {
    /// Folders with OpenAPI documents (`*.yaml`) beside the embedded ones.
    pub folders: Vec<PathBuf>,
}

/// `[identity]`. The headers' names are those of oauth2-proxy until something else is said.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IdentityConfig {
    /// Who says who the person is.
    pub mode: IdentityMode,
    /// Addresses and ranges from which the portal connects.
    pub trusted_peers: Vec<String>,
    /// The secret that the portal shows.
    pub secret: Option<SecretSource>,
    /// The header in which it shows it.
    pub secret_header: String,
    /// The header with the person's name: it goes onto plans, runs and records.
    pub user_header: String,
    /// The header with the email address.
    pub email_header: String,
    /// The header with the name that people call the person.
    pub preferred_username_header: String,
    /// The header with the groups, separated by commas.
    pub groups_header: String,
}

impl Default for IdentityConfig {
    fn default() -> Self {
        Self {
            mode: IdentityMode::default(),
            trusted_peers: Vec::new(),
            secret: None,
            secret_header: "X-Upgrade-Console-Secret".to_owned(),
            user_header: "X-Forwarded-User".to_owned(),
            email_header: "X-Forwarded-Email".to_owned(),
            preferred_username_header: "X-Forwarded-Preferred-Username".to_owned(),
            groups_header: "X-Forwarded-Groups".to_owned(),
        }
    }
}

/// Who says who the person is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentityMode {
    /// Whoever can reach loopback is the one person `local`.
    #[default]
    Local,
    /// The portal's login in front.
    Forwarded,
    /// OpenID Connect.
    Oidc,
}

/// `[limits]`: the defaults are those of security.md R12.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// API reads a person may make in a minute.
    pub reads_per_minute: u32,
    /// Changing calls a person may start in a minute.
    pub changes_per_minute: u32,
    /// Previews and choices a person may ask for in a minute; typing stays below it.
    pub previews_per_minute: u32,
    /// Open connections.
    pub connections: usize,
    /// Requests worked on at once.
    pub in_flight: usize,
    /// Bytes of a request body.
    pub body_bytes: usize,
    /// How deep lists and objects of a request body stand in one another.
    #[serde(deserialize_with = "depth")]
    pub json_depth: usize,
    /// Values in a request body.
    pub json_values: usize,
    /// Bytes of a request target.
    pub uri_bytes: usize,
    /// Bytes of a request head.
    pub header_bytes: usize,
    /// Header fields.
    pub header_fields: usize,
    /// Seconds until a request head must be there.
    pub header_seconds: u64,
    /// Seconds until a request body must be there, and until a client must have taken the next part of an answer.
    pub body_seconds: u64,
    /// Seconds until a connection to a cloud must stand.
    pub connect_seconds: u64,
    /// Seconds until a cloud must have answered in full.
    pub answer_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            reads_per_minute: 60,
            changes_per_minute: 6,
            previews_per_minute: 600,
            connections: 256,
            in_flight: 32,
            body_bytes: 64 * 1024,
            json_depth: strict_json::MAX_DEPTH,
            json_values: strict_json::MAX_VALUES,
            uri_bytes: 2 * 1024,
            header_bytes: 16 * 1024,
            header_fields: 64,
            header_seconds: 5,
            body_seconds: 10,
            connect_seconds: 3,
            answer_seconds: 30,
        }
    }
}

/// The reader goes as deep as it may: deeper than this it would run out of room.
fn depth<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    match usize::deserialize(deserializer)? {
        depth @ 1..=128 => Ok(depth),
        _ => Err(serde::de::Error::custom("a number from 1 to 128")),
    }
}

/// `[log]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// `text` for people, `json` for machines.
    pub format: LogFormat,
    /// Least severity.
    pub level: LogLevel,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: LogLevel::Info }
    }
}

/// Least severity of what is logged. There is nothing below `debug`: what libraries say there can hold headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// What the operator has to see to.
    Error,
    /// And what may become that.
    Warn,
    /// And what happens to runs.
    Info,
    /// And everything else that is written at all.
    Debug,
}

impl LogLevel {
    /// As it stands in the file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            LogLevel::Error => "error",
            LogLevel::Warn => "warn",
            LogLevel::Info => "info",
            LogLevel::Debug => "debug",
        }
    }
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Whether a profile reaches a real cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Never leaves loopback.
    Simulated,
    /// A real account.
    Live,
}

impl Mode {
    /// As it stands in the HTTP API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Simulated => "simulated",
            Mode::Live => "live",
        }
    }
}

/// `[[profiles]]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProfileConfig {
    /// Its name.
    pub name: String,
    /// Whose account it is.
    #[serde(deserialize_with = "cloud")]
    pub cloud: Cloud,
    /// Simulated or live.
    pub mode: Mode,
    /// Region that forms start from and that selects hosts.
    pub region: Option<String>,
    /// Account site: it selects the hosts of Alibaba billing and of Huawei orders.
    #[serde(default)]
    pub site: Site,
    /// 32 hexadecimal digits; looked up through IAM when absent.
    pub project_id: Option<String>,
    /// 32 hexadecimal digits; looked up through IAM when absent.
    pub domain_id: Option<String>,
    /// Sends every call there instead of the catalogue's host.
    pub endpoint: Option<String>,
    /// Lets a live profile reach private addresses: VPC endpoints are in 100.64/10 (security.md R4).
    #[serde(default)]
    pub allow_private_addresses: bool,
    /// Where its credentials come from. Simulated profiles without any use the built-in accounts.
    pub credentials: Option<CredentialSource>,
    /// The line of each of its keys, as far as it comes from a file.
    #[serde(skip)]
    pub lines: BTreeMap<String, usize>,
}

fn cloud<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Cloud, D::Error> {
    Cloud::deserialize(deserializer)
}

impl ProfileConfig {
    fn demo(name: &str, cloud: Cloud, region: &str) -> Self {
        Self {
            name: name.to_owned(),
            cloud,
            mode: Mode::Simulated,
            region: Some(region.to_owned()),
            site: Site::China,
            project_id: None,
            domain_id: None,
            endpoint: None,
            allow_private_addresses: false,
            credentials: None,
            lines: BTreeMap::new(),
        }
    }
}

/// The two profiles of the demo (design.md section 5).
#[must_use]
pub fn demo_profiles() -> Vec<ProfileConfig> {
    vec![
        ProfileConfig::demo("demo-alibaba", Cloud::Alibaba, "cn-hangzhou"),
        ProfileConfig::demo("demo-huawei", Cloud::Huawei, "cn-north-4"),
    ]
}

/// Why a configuration is refused: in words, with the line where there is one.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

impl Config {
    /// Reads the text of a configuration file.
    ///
    /// # Errors
    /// Says line, key and the nearest known key; never a value.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let mut config: Self = toml::from_str(text).map_err(|error| explain(text, &error))?;
        for (profile, lines) in config.profiles.iter_mut().zip(lines_of_profiles(text)) {
            profile.lines = lines;
        }
        config.validate()?;
        Ok(config)
    }

    /// Rules between keys.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let fail = |message: String| Err(ConfigError(message));
        if !self.base_path.is_empty() && (!self.base_path.starts_with('/') || self.base_path.ends_with('/')) {
            return fail(
                "`base_path` starts with a slash and does not end with one, e.g. `/upgrade`".to_owned(),
            );
        }
        identity::check(&self.identity)?;
        match self.identity.mode {
            IdentityMode::Local if !self.listen.ip().is_loopback() => {
                return fail(format!(
                    "`listen` is {}: without `identity.mode = \"forwarded\"` the console listens on loopback only, e.g. `{DEFAULT_LISTEN}`",
                    self.listen
                ));
            }
            // Pages that come through the portal have its origin.
            IdentityMode::Forwarded if self.allowed_hosts.is_empty() => {
                return fail(
                    "`allowed_hosts` is empty: it names the host under which the portal shows the console, e.g. `[\"portal.example.com\"]`"
                        .to_owned(),
                );
            }
            _ => {}
        }
        let mut names: Vec<&str> = Vec::new();
        for profile in &self.profiles {
            let name = profile.name.as_str();
            let well_formed = (1..=64).contains(&name.len())
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
            if !well_formed {
                return fail(format!(
                    "profile `{name}`: a name has 1 to 64 letters, digits, `-`, `_` or `.`"
                ));
            }
            if names.contains(&name) {
                return fail(format!("profile `{name}` is there twice"));
            }
            names.push(name);
            profile.validate(self.allow_live)?;
        }
        Ok(())
    }
}

impl ProfileConfig {
    /// Where the instances that it reaches are, as far as an instance may be worked on once at a time. The clouds' ids
    /// are unique over all accounts, and two profiles of one account need share neither key nor region nor endpoint, so
    /// all live profiles are one realm. Each simulator has the same instances, and is one of its own.
    #[must_use]
    pub fn realm(&self) -> String {
        let mode = self.mode.as_str();
        let endpoint = self.endpoint.as_ref().filter(|_| self.mode == Mode::Simulated);
        match endpoint.and_then(|endpoint| endpoint.parse::<http::Uri>().ok()) {
            // Without what may stand before the host: a password, which is nothing to keep.
            Some(uri) => {
                let host = uri.host().unwrap_or_default().to_ascii_lowercase();
                let port = uri.port_u16().map(|port| format!(":{port}")).unwrap_or_default();
                format!("{mode} {host}{port}")
            }
            None => mode.to_owned(),
        }
    }

    fn validate(&self, allow_live: bool) -> Result<(), ConfigError> {
        let fail = |key: &str, message: &str| Err(self.wrong(key, message));
        for (key, id) in [("project_id", &self.project_id), ("domain_id", &self.domain_id)] {
            if let Some(id) = id
                && !(id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()))
            {
                return fail(key, &format!("`{key}` is 32 hexadecimal digits in lower case"));
            }
        }
        let endpoint = match &self.endpoint {
            None => None,
            Some(text) => match text.parse::<http::Uri>() {
                Ok(uri) if is_origin(&uri, text) => Some(uri),
                _ => {
                    return fail(
                        "endpoint",
                        "`endpoint` is a scheme, a host and a port and nothing more, e.g. `http://127.0.0.1:9000`",
                    );
                }
            },
        };
        let loopback = endpoint.as_ref().map(|uri| is_loopback_host(uri.host().unwrap_or_default()));
        match self.mode {
            Mode::Simulated if loopback == Some(false) => fail(
                "endpoint",
                "a simulated profile never leaves loopback: its `endpoint` is 127.0.0.1, [::1] or localhost",
            ),
            Mode::Live if !allow_live => {
                fail("mode", "a live profile needs `allow_live = true` at the top of the file")
            }
            Mode::Live if loopback == Some(true) => {
                fail("endpoint", "a live profile cannot have a loopback `endpoint`")
            }
            Mode::Live if endpoint.as_ref().is_some_and(|uri| uri.scheme_str() != Some("https")) => {
                fail("endpoint", "the `endpoint` of a live profile is https")
            }
            Mode::Live if self.credentials.is_none() => fail("mode", "a live profile needs `credentials`"),
            Mode::Live | Mode::Simulated => Ok(()),
        }
    }
}

impl ProfileConfig {
    /// What is wrong with one of its keys, with the line where there is one.
    pub(crate) fn wrong(&self, key: &str, message: &str) -> ConfigError {
        let line = self.lines.get(key).map(|line| format!("line {line}: ")).unwrap_or_default();
        ConfigError(format!("{line}profile `{}`: {message}", self.name))
    }

    /// Its region is one in which the cloud has something that the catalogue knows.
    ///
    /// # Errors
    /// Names the nearest region, or all of them.
    pub fn check_region(&self, catalogue: &Catalogue) -> Result<(), ConfigError> {
        let Some(region) = &self.region else { return Ok(()) };
        let served = catalogue.operations.iter().filter(|operation| operation.cloud == self.cloud);
        let known: BTreeSet<&str> = served
            .flat_map(|operation| &operation.call.servers)
            .flat_map(|server| &server.regions)
            .map(|known| known.id.as_str())
            .collect();
        if known.is_empty() || known.contains(region.as_str()) {
            return Ok(());
        }
        let right = match catalog::validate::nearest(region, known.iter().copied()) {
            Some(nearest) => format!("the nearest known is `{nearest}`"),
            None => format!("known: {}", known.into_iter().collect::<Vec<_>>().join(", ")),
        };
        Err(self.wrong("region", &format!("`region`: no product has the region `{region}`; {right}")))
    }
}

/// Whether an address is a scheme, a host and perhaps a port, and what was typed holds nothing else.
fn is_origin(uri: &http::Uri, text: &str) -> bool {
    let (Some(scheme @ ("http" | "https")), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return false;
    };
    !authority.as_str().contains('@')
        && text.strip_suffix('/').unwrap_or(text).eq_ignore_ascii_case(&format!("{scheme}://{authority}"))
}

/// Whether a host name or address literal is this machine.
pub(crate) fn is_loopback_host(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        Config::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn an_unknown_key_names_line_and_nearest_key() {
        let said = refusal("allow_live = false\nlisten_adress = \"127.0.0.1:1\"\n");
        assert!(
            said.starts_with("line 2: unknown key `listen_adress`; the nearest known key is `listen`"),
            "{said}"
        );
    }

    #[test]
    fn a_wrong_value_is_not_repeated() {
        let said = refusal(
            "[[profiles]]\nname = \"a\"\ncloud = \"alibaba\"\nmode = \"simulated\"\ncredentials = { source = \"env\", secret_kee = \"s3cr3t\" }\n",
        );
        assert!(!said.contains("s3cr3t"), "{said}");
    }

    #[test]
    fn live_needs_leave_credentials_and_no_loopback() {
        let profile = "[[profiles]]\nname = \"p\"\ncloud = \"alibaba\"\nmode = \"live\"\ncredentials = { source = \"env\" }\n";
        assert!(refusal(profile).contains("allow_live = true"));
        assert!(Config::parse(&format!("allow_live = true\n{profile}")).is_ok());
        assert!(
            refusal("allow_live = true\n[[profiles]]\nname = \"p\"\ncloud = \"alibaba\"\nmode = \"live\"\n")
                .contains("`credentials`")
        );
        assert!(
            refusal(&format!("allow_live = true\n{profile}endpoint = \"https://127.0.0.1\"\n"))
                .contains("loopback")
        );
        assert!(
            refusal(&format!("allow_live = true\n{profile}endpoint = \"http://private.example\"\n"))
                .contains("https")
        );
    }

    #[test]
    fn a_slip_in_a_table_of_credentials_is_told_by_its_own_name_and_line() {
        let profile = "[[profiles]]\nname = \"p\"\ncloud = \"huawei\"\nmode = \"simulated\"\n";
        for (credentials, said) in [
            (
                "source = \"env\"\naccess_key = \"A\"\nsecret_kee = \"s3cr3t\"\n",
                "line 8: unknown key `secret_kee`; the nearest known key is `secret_key`",
            ),
            ("sorce = \"env\"\n", "line 6: unknown key `sorce`; the nearest known key is `source`"),
            (
                "source = \"env\"\n\npath = \"s3cr3t\"\n",
                "line 8: `path` does not go with `source = \"env\"`, which takes `access_key`",
            ),
            ("source = \"iam_token\"\nuser = \"s3cr3t\"\n", "line 5: missing key `password`"),
            ("source = \"enf\"\n", "line 6: `source`: expected one of `env`, `file`, `iam_token`"),
        ] {
            let refused = refusal(&format!("{profile}[profiles.credentials]\n{credentials}"));
            assert!(refused.starts_with(said) && !refused.contains("s3cr3t"), "{credentials}: {refused}");
        }
        let identity = "allowed_hosts = [\"portal.example\"]\n[identity]\nmode = \"forwarded\"\n";
        let refused = refusal(&format!("{identity}[identity.secret]\nsource = \"env\"\nnme = \"s3cr3t\"\n"));
        assert!(
            refused.starts_with("line 6: unknown key `nme`; the nearest known key is `name`"),
            "{refused}"
        );
    }

    #[test]
    fn what_a_profile_or_the_log_cannot_have_is_refused_on_its_line() {
        let profile = |line: &str| {
            format!("[[profiles]]\nname = \"p\"\ncloud = \"huawei\"\nmode = \"simulated\"\n{line}\n")
        };
        for endpoint in [
            "http://127.0.0.1:9000/?a=b",
            "http://127.0.0.1:9000?a=b",
            "http://127.0.0.1:9000/#a",
            "http://127.0.0.1:9000/v1",
            "http://me:word@127.0.0.1:9000",
            "ftp://127.0.0.1",
        ] {
            let said = refusal(&profile(&format!("endpoint = \"{endpoint}\"")));
            assert!(said.starts_with("line 5: profile `p`: `endpoint` is a scheme"), "{endpoint}: {said}");
        }
        assert!(Config::parse(&profile("endpoint = \"http://127.0.0.1:9000/\"")).is_ok());
        let said = refusal("[log]\nlevel = \"inof\"\n");
        assert_eq!(said, "line 2: `level`: expected one of `error`, `warn`, `info`, `debug`");
        let catalogue = Catalogue::embedded().unwrap();
        let config = Config::parse(&profile("region = \"cn-nort-4\"")).unwrap();
        let said = config.profiles[0].check_region(&catalogue).unwrap_err().to_string();
        assert_eq!(
            said,
            "line 5: profile `p`: `region`: no product has the region `cn-nort-4`; the nearest known is `cn-north-4`"
        );
        for region in ["cn-north-4", "cn-hangzhou"] {
            let config = Config::parse(&profile(&format!("region = \"{region}\""))).unwrap();
            let is_known = config.profiles[0].check_region(&catalogue).is_ok();
            assert_eq!(is_known, region == "cn-north-4", "{region} of another cloud");
        }
        assert!(demo_profiles().iter().all(|profile| profile.check_region(&catalogue).is_ok()));
    }

    #[test]
    fn the_example_file_says_the_defaults() {
        let example = Config::parse(include_str!("../../upgrade-console.example.toml")).unwrap();
        assert_eq!(format!("{:?}", example.limits), format!("{:?}", Limits::default()));
        let file = include_str!("../../upgrade-console.example.toml");
        for limit in ["json_depth = 16 ", "json_values = 1000 "] {
            assert!(file.contains(limit), "{limit}");
        }
        for depth in ["0", "129", "-1", "\"deep\""] {
            let said = refusal(&format!("[limits]\njson_depth = {depth}\n"));
            assert!(said.starts_with("line 2: `json_depth`"), "{said}");
        }
    }

    #[test]
    fn the_store_is_a_file_in_the_state_folder() {
        let location = |url: Option<&str>, state: Option<&str>| {
            StoreConfig { url: url.map(ToOwned::to_owned) }.location(&|name| match name {
                "XDG_STATE_HOME" => state.map(ToOwned::to_owned),
                _ => None,
            })
        };
        let file = |path: &str| StoreLocation::File(PathBuf::from(path));
        assert_eq!(location(Some("sqlite:///a/b.db"), None).unwrap(), file("/a/b.db"));
        assert_eq!(location(None, Some("/state")).unwrap(), file("/state/upgrade-console/store.db"));
        assert!(location(Some("postgres://x"), None).is_err());
        assert!(location(None, None).is_err());
    }

    #[test]
    fn a_simulated_profile_stays_on_loopback() {
        let profile = |endpoint: &str| {
            format!(
                "[[profiles]]\nname = \"p\"\ncloud = \"huawei\"\nmode = \"simulated\"\nendpoint = \"{endpoint}\"\n"
            )
        };
        assert!(refusal(&profile("http://10.0.0.1:80")).contains("never leaves loopback"));
        assert!(Config::parse(&profile("http://127.0.0.1:9000")).is_ok());
        assert!(refusal(&profile("127.0.0.1:9000")).contains("scheme"));
    }

    #[test]
    fn profiles_that_may_reach_the_same_instances_are_in_one_realm() {
        let live = |endpoint: Option<&str>, region: &str| {
            ProfileConfig {
                mode: Mode::Live,
                region: Some(region.to_owned()),
                endpoint: endpoint.map(ToOwned::to_owned),
                ..demo_profiles().remove(0)
            }
            .realm()
        };
        assert_eq!(live(None, "cn-hangzhou"), live(Some("https://vpc.example"), "cn-shanghai"));
        let simulated = |endpoint: Option<&str>| {
            ProfileConfig { endpoint: endpoint.map(ToOwned::to_owned), ..demo_profiles().remove(0) }.realm()
        };
        assert_ne!(simulated(None), live(None, "cn-hangzhou"));
        assert_eq!(
            simulated(Some("http://localhost:9000")),
            simulated(Some("http://user:s3cr3t@LOCALHOST:9000/"))
        );
        assert_ne!(simulated(Some("http://localhost:9000")), simulated(Some("http://localhost:9001")));
        assert_ne!(simulated(Some("http://localhost:9000")), simulated(None));
        assert!(!simulated(Some("http://user:s3cr3t@localhost:9000")).contains("s3cr3t"));
    }

    #[test]
    fn only_loopback_is_listened_on_without_identity() {
        let everywhere = "listen = \"0.0.0.0:8080\"\nallowed_hosts = [\"portal.example\"]\n";
        assert!(refusal(everywhere).contains("loopback only"));
        let identity = "[identity]\nmode = \"forwarded\"\ntrusted_peers = [\"10.0.0.1\"]\nsecret = { source = \"env\", name = \"X\" }\n";
        assert!(Config::parse(&format!("{everywhere}{identity}")).is_ok());
        assert!(refusal(identity).contains("`allowed_hosts`"));
    }

    #[test]
    fn what_is_wrong_with_an_identity_is_named_and_a_secret_is_not_repeated() {
        let identity = |rest: &str| {
            format!("allowed_hosts = [\"portal.example\"]\n[identity]\nmode = \"forwarded\"\n{rest}")
        };
        let secret = "secret = { source = \"env\", name = \"X\" }\n";
        let peers = "trusted_peers = [\"10.0.0.0/8\"]\n";
        for (rest, key) in [
            (secret.to_owned(), "`identity.trusted_peers`"),
            (format!("trusted_peers = [\"portal\"]\n{secret}"), "`identity.trusted_peers`"),
            (format!("trusted_peers = [\"0.0.0.0/0\"]\n{secret}"), "every address"),
            (peers.to_owned(), "`identity.secret`"),
            (format!("{peers}{secret}user_header = \"X User\"\n"), "`identity.user_header`"),
            (format!("{peers}{secret}user_header = \"X_User\"\n"), "`identity.user_header`"),
            (format!("{peers}{secret}groups_header = \"Host\"\n"), "`identity.groups_header`"),
            (format!("{peers}{secret}secret_header = \"X-Forwarded-User\"\n"), "`identity.secret_header`"),
            (format!("{peers}secret = \"s3cr3t\"\n"), "`secret`"),
            (format!("{peers}secret = {{ source = \"value\", name = \"s3cr3t\" }}\n"), "`secret`"),
        ] {
            let said = refusal(&identity(&rest));
            assert!(said.contains(key) && !said.contains("s3cr3t"), "{rest}: {said}");
        }
        assert!(refusal(&format!("[identity]\n{peers}")).contains("the mode is \"local\""));
        assert!(refusal(&format!("[identity]\n{secret}")).contains("the mode is \"local\""));
        assert!(refusal("[identity]\nmode = \"oidc\"\n").contains("`identity.mode`"));
    }

    #[test]
    fn the_demo_has_two_simulated_profiles() {
        let names: Vec<_> = demo_profiles().into_iter().map(|p| (p.name, p.mode)).collect();
        assert_eq!(
            names,
            [("demo-alibaba".into(), Mode::Simulated), ("demo-huawei".into(), Mode::Simulated)]
        );
    }
}
