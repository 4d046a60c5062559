//! Where keys come from, and the only types that hold them. They have no `Debug`, no `Serialize` and no `Display`;
//! memory is cleared when they are dropped (security.md R13).

use catalog::Cloud;
use secrecy::SecretString;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// `credentials = { ... }` of a profile: names of variables and files, never values.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Written")]
pub enum CredentialSource {
    /// Environment variables. Without names: the vendor's own.
    Env {
        /// Name of the variable with the access key id.
        access_key: Option<String>,
        /// Name of the variable with the secret key.
        secret_key: Option<String>,
        /// Name of the variable with the STS or security token.
        security_token: Option<String>,
    },
    /// A TOML file with `access_key`, `secret_key` and perhaps `security_token`, readable by its owner only.
    File {
        /// Where it is.
        path: PathBuf,
    },
    /// Huawei IAM: a token got with a user's password, renewed by the server.
    IamToken {
        /// Name of the variable with the user name.
        user: String,
        /// Name of the variable with the password.
        password: String,
        /// The account (domain) name.
        domain: String,
    },
}

/// The same as it is written. Flat, so that a key that is wrong is told by its own name and line.
#[derive(Deserialize)]
#[serde(
    deny_unknown_fields,
    expecting = "{ source = \"env\" }, { source = \"file\", path = \"…\" } or { source = \"iam_token\", user = \"…\", password = \"…\", domain = \"…\" }: names, never values"
)]
struct Written {
    source: Source,
    access_key: Option<String>,
    secret_key: Option<String>,
    security_token: Option<String>,
    path: Option<PathBuf>,
    user: Option<String>,
    password: Option<String>,
    domain: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    Env,
    File,
    IamToken,
}

impl TryFrom<Written> for CredentialSource {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let Written { source, access_key, secret_key, security_token, path, user, password, domain } =
            written;
        let keys = [
            ("access_key", Source::Env, access_key.is_some()),
            ("secret_key", Source::Env, secret_key.is_some()),
            ("security_token", Source::Env, security_token.is_some()),
            ("path", Source::File, path.is_some()),
            ("user", Source::IamToken, user.is_some()),
            ("password", Source::IamToken, password.is_some()),
            ("domain", Source::IamToken, domain.is_some()),
        ];
        let (name, takes) = match source {
            Source::Env => ("env", "`access_key`, `secret_key` and `security_token`, or none of them"),
            Source::File => ("file", "`path`"),
            Source::IamToken => ("iam_token", "`user`, `password` and `domain`"),
        };
        if let Some((key, ..)) = keys.iter().find(|(_, of, is_there)| *is_there && *of != source) {
            return Err(format!("`{key}` does not go with `source = \"{name}\"`, which takes {takes}"));
        }
        let missing = |key: &str| format!("missing key `{key}`: `source = \"{name}\"` takes {takes}");
        Ok(match source {
            Source::Env => Self::Env { access_key, secret_key, security_token },
            Source::File => Self::File { path: path.ok_or_else(|| missing("path"))? },
            Source::IamToken => Self::IamToken {
                user: user.ok_or_else(|| missing("user"))?,
                password: password.ok_or_else(|| missing("password"))?,
                domain: domain.ok_or_else(|| missing("domain"))?,
            },
        })
    }
}

/// An access key pair, temporary when it has a token.
#[derive(Clone)]
pub struct KeyPair {
    /// Access key id. Not a secret by itself, but never shown whole.
    pub access_key: SecretString,
    /// Secret key.
    pub secret_key: SecretString,
    /// STS or security token.
    pub security_token: Option<SecretString>,
}

/// A user and a password for IAM.
#[derive(Clone)]
pub struct IamUser {
    /// User name.
    pub user: String,
    /// Password.
    pub password: SecretString,
    /// Account name.
    pub domain: String,
}

/// What a profile signs or logs in with.
#[derive(Clone)]
pub enum Credentials {
    /// AK/SK.
    Keys(KeyPair),
    /// IAM token by password.
    Iam(IamUser),
}

/// Why credentials cannot be had: names, never values.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// A variable is not set.
    #[error("environment variable `{0}` is not set or empty")]
    MissingVariable(String),
    /// The file cannot be read.
    #[error("credentials file `{path}`: {reason}")]
    File {
        /// Its path.
        path: String,
        /// Why.
        reason: String,
    },
    /// The value cannot be a key: it would break the header it goes into.
    #[error("{0} holds characters that cannot stand in a header")]
    Malformed(String),
    /// IAM login is Huawei's.
    #[error("`iam_token` is for Huawei profiles only")]
    WrongCloud,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    access_key: SecretString,
    secret_key: SecretString,
    security_token: Option<SecretString>,
}

/// The vendors' own variable names: access key, secret key, token.
fn vendor_variables(cloud: Cloud) -> [&'static str; 3] {
    match cloud {
        Cloud::Alibaba => {
            ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"]
        }
        Cloud::Huawei => ["CLOUD_SDK_AK", "CLOUD_SDK_SK", "CLOUD_SDK_SECURITY_TOKEN"],
    }
}

/// Reads credentials. `variable` is how the environment is asked, so that tests need not change it.
///
/// # Errors
/// What is missing or malformed, by name.
pub fn load(
    source: &CredentialSource,
    cloud: Cloud,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Credentials, CredentialError> {
    let required = |name: &str| {
        variable(name)
            .filter(|value| !value.is_empty())
            .map(SecretString::from)
            .ok_or_else(|| CredentialError::MissingVariable(name.to_owned()))
    };
    match source {
        CredentialSource::Env { access_key, secret_key, security_token } => {
            let [vendor_access, vendor_secret, vendor_token] = vendor_variables(cloud);
            let token = match security_token {
                Some(name) => Some(required(name)?),
                // Named keys without a named token are permanent keys: the vendor's token variable is not theirs.
                None if access_key.is_some() || secret_key.is_some() => None,
                None => required(vendor_token).ok(),
            };
            let keys = KeyPair {
                access_key: required(access_key.as_deref().unwrap_or(vendor_access))?,
                secret_key: required(secret_key.as_deref().unwrap_or(vendor_secret))?,
                security_token: token,
            };
            check_header_text(&keys)?;
            Ok(Credentials::Keys(keys))
        }
        CredentialSource::File { path } => {
            let keys = read_file(path)?;
            check_header_text(&keys)?;
            Ok(Credentials::Keys(keys))
        }
        CredentialSource::IamToken { user, password, domain } => {
            if cloud != Cloud::Huawei {
                return Err(CredentialError::WrongCloud);
            }
            let user_name = variable(user)
                .filter(|value| !value.is_empty())
                .ok_or_else(|| CredentialError::MissingVariable(user.clone()))?;
            Ok(Credentials::Iam(IamUser {
                user: user_name,
                password: required(password)?,
                domain: domain.clone(),
            }))
        }
    }
}

/// The text of a file that only its owner can read; else why it cannot be had.
pub(crate) fn read_private(path: &Path) -> Result<zeroize::Zeroizing<String>, String> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let mode = std::fs::metadata(path).map_err(|error| error.kind().to_string())?.mode();
        if mode & 0o077 != 0 {
            return Err(format!("others can read it (mode {:o}); make it 0600", mode & 0o777));
        }
    }
    std::fs::read_to_string(path).map(zeroize::Zeroizing::new).map_err(|error| error.kind().to_string())
}

fn read_file(path: &Path) -> Result<KeyPair, CredentialError> {
    let fail = |reason: String| CredentialError::File { path: path.display().to_string(), reason };
    let text = read_private(path).map_err(fail)?;
    // TOML's own message would quote the file.
    let file: KeyFile = toml::from_str(&text).map_err(|_| {
        fail("it is TOML with `access_key`, `secret_key` and perhaps `security_token`, all text".to_owned())
    })?;
    Ok(KeyPair {
        access_key: file.access_key,
        secret_key: file.secret_key,
        security_token: file.security_token,
    })
}

fn check_header_text(keys: &KeyPair) -> Result<(), CredentialError> {
    use secrecy::ExposeSecret;
    let visible =
        |secret: &SecretString| secret.expose_secret().bytes().all(|byte| (0x21..=0x7e).contains(&byte));
    if !visible(&keys.access_key) {
        return Err(CredentialError::Malformed("the access key".to_owned()));
    }
    if !keys.security_token.as_ref().is_none_or(visible) {
        return Err(CredentialError::Malformed("the security token".to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn source(text: &str) -> CredentialSource {
        #[derive(Deserialize)]
        struct Holder {
            credentials: CredentialSource,
        }
        toml::from_str::<Holder>(text).unwrap().credentials
    }

    #[test]
    fn the_vendors_own_variables_work() {
        let environment = |name: &str| match name {
            "CLOUD_SDK_AK" => Some("ak".to_owned()),
            "CLOUD_SDK_SK" => Some("sk".to_owned()),
            _ => None,
        };
        let Ok(Credentials::Keys(keys)) =
            load(&source("credentials = { source = \"env\" }"), Cloud::Huawei, &environment)
        else {
            panic!("keys expected")
        };
        assert_eq!(keys.secret_key.expose_secret(), "sk");
        assert!(keys.security_token.is_none());
    }

    #[test]
    fn a_missing_variable_is_named() {
        let named =
            source("credentials = { source = \"env\", access_key = \"MY_AK\", secret_key = \"MY_SK\" }");
        let error = load(&named, Cloud::Alibaba, &|name| (name == "MY_AK").then(|| "x".to_owned())).err();
        assert_eq!(error, Some(CredentialError::MissingVariable("MY_SK".to_owned())));
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_and_never_quoted() {
        use std::os::unix::fs::PermissionsExt;
        let path = std::env::temp_dir().join(format!("upgrade-console-keys-{}", std::process::id()));
        std::fs::write(&path, "access_key = \"ak\"\nsecret_key = \"canary-5f3a\"\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let file = CredentialSource::File { path: path.clone() };
        let said = load(&file, Cloud::Alibaba, &|_| None).err().unwrap().to_string();
        assert!(said.contains("0600"), "{said}");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert!(load(&file, Cloud::Alibaba, &|_| None).is_ok());
        std::fs::write(&path, "access_key = \"ak\"\nsecret_key = canary-5f3a\n").unwrap();
        let said = load(&file, Cloud::Alibaba, &|_| None).err().unwrap().to_string();
        assert!(!said.contains("canary"), "{said}");
        std::fs::remove_file(&path).unwrap();
    }
}
