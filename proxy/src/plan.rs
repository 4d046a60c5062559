//! A plan: an operation, a profile and parameters, validated and frozen.

use crate::{
    answer::Answer,
    config::Mode,
    flows::{Current, Review},
    run::Undoes,
};
use catalog::Text;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// How long a plan can be confirmed (design.md section 6).
pub const LIFETIME: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// Values of secret fields by JSON pointer into the parameters. Never stored.
pub type Secrets = BTreeMap<String, SecretString>;

/// Whether a plan upgrades, or takes an upgrade back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlanKind {
    /// It changes an instance.
    #[default]
    Upgrade,
    /// It takes back what has not begun: a schedule, an unpaid order.
    Cancel,
    /// It returns to what was before.
    Rollback,
}

/// A plan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    /// `pl_…`.
    pub id: String,
    /// The operation's id.
    pub operation: String,
    /// What the operation is called.
    pub title: Text,
    /// The profile's name.
    pub profile: String,
    /// Simulated or live.
    pub mode: Mode,
    /// Whether it upgrades, or takes an upgrade back.
    #[serde(default)]
    pub kind: PlanKind,
    /// The run that it takes back.
    #[serde(default)]
    pub undoes: Option<Undoes>,
    /// What the cloud told of the instance when the plan was made.
    #[serde(default)]
    pub current: Current,
    /// Without secrets; with the ClientToken.
    pub parameters: Map<String, Value>,
    /// The idempotency token, where the API has one.
    pub client_token: Option<String>,
    /// A keyed hash of each secret, to compare what is sent again with what was planned.
    pub secret_hashes: BTreeMap<String, String>,
    /// A hash of what will be sent: operation, profile, mode, parameters, secrets.
    #[serde(default)]
    pub intent_hash: String,
    /// What the person confirms: what will be sent, what that would change, and what the cloud said that it costs.
    pub payload_hash: String,
    /// What the person sees.
    pub review: Review,
    /// What confirming asks for.
    pub needs: Needs,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Until when it can be confirmed.
    pub expires_at: Timestamp,
    /// The last dry run.
    pub dry_run: Option<DryRun>,
}

/// What confirming a plan asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Needs {
    /// The instance id, typed.
    pub instance_id: bool,
    /// A tick that the cost is not known.
    pub accept_unknown_cost: bool,
    /// A written reason.
    pub reason: bool,
    /// How many other people must approve.
    pub approvals: u32,
}

/// The outcome of a dry run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DryRun {
    /// When.
    pub at: Timestamp,
    /// Whether the cloud found nothing against it and asks for nothing more.
    pub passed: bool,
    /// What the cloud said; `None` when it could not be asked.
    pub answer: Option<Answer>,
    /// Parameters that the target version asks for and the plan does not have.
    pub required_parameters: Vec<String>,
}

impl Plan {
    /// Value of a top-level text parameter.
    #[must_use]
    pub fn text_parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).and_then(Value::as_str)
    }

    /// What a confirmation is bound to: another price or another effect than was seen is another hash, also when the
    /// plan was asked about again in another window.
    #[must_use]
    pub fn hash_of_what_is_seen(&self) -> String {
        let seen = serde_json::json!([self.intent_hash, self.review.effect(), self.review.firm_amounts()]);
        format!("sha256:{}", hex(&Sha256::digest(seen.to_string().as_bytes())))
    }
}

/// Everything that will be sent.
#[must_use]
pub fn intent_hash(
    operation: &str,
    profile: &str,
    mode: Mode,
    parameters: &Map<String, Value>,
    secret_hashes: &BTreeMap<String, String>,
) -> String {
    // serde_json writes members in the order they came, and the order is part of what is signed.
    let payload = serde_json::json!([operation, profile, mode, parameters, secret_hashes]);
    let digest = Sha256::digest(payload.to_string().as_bytes());
    format!("sha256:{}", hex(&digest))
}

/// The key under which secrets are hashed. It stands beside the store and not in it, so that a copy of the store alone
/// does not let anyone try secrets out.
pub struct SecretHasher {
    key: zeroize::Zeroizing<[u8; 32]>,
}

impl SecretHasher {
    /// With a random key.
    #[must_use]
    pub fn new(random: fn(&mut [u8])) -> Self {
        let mut key = zeroize::Zeroizing::new([0; 32]);
        random(&mut *key);
        Self { key }
    }

    /// With the key in a file, which is made when it is not there, readable by its owner only.
    ///
    /// # Errors
    /// When the file cannot be read or made, or does not hold a key.
    pub fn beside(path: &std::path::Path, random: fn(&mut [u8])) -> std::io::Result<Self> {
        use std::io::{Read, Write};
        let mut key = zeroize::Zeroizing::new([0; 32]);
        match std::fs::File::open(path) {
            Ok(mut file) => file.read_exact(&mut *key)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                random(&mut *key);
                let mut options = std::fs::File::options();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(path)?;
                file.write_all(&*key)?;
                file.sync_all()?;
            }
            Err(error) => return Err(error),
        }
        Ok(Self { key })
    }

    /// The hash of one secret, bound to its place.
    #[must_use]
    pub fn hash(&self, pointer: &str, secret: &SecretString) -> String {
        match Hmac::<Sha256>::new_from_slice(&*self.key) {
            Ok(mut mac) => {
                mac.update(pointer.as_bytes());
                mac.update(&[0]);
                mac.update(secret.expose_secret().as_bytes());
                hex(&mac.finalize().into_bytes())
            }
            // HMAC takes keys of any length.
            Err(_) => String::new(),
        }
    }
}

/// Puts secret values back into parameters; parents that are not there are made.
#[must_use]
pub fn with_secrets(parameters: &Map<String, Value>, secrets: &Secrets) -> Map<String, Value> {
    let mut whole = Value::Object(parameters.clone());
    for (pointer, secret) in secrets {
        set(&mut whole, pointer, Value::String(secret.expose_secret().to_owned()));
    }
    match whole {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The same with a mask in place of every secret.
#[must_use]
pub fn with_masks<'a>(
    parameters: &Map<String, Value>,
    pointers: impl IntoIterator<Item = &'a String>,
) -> Map<String, Value> {
    let mut whole = Value::Object(parameters.clone());
    for pointer in pointers {
        set(&mut whole, pointer, Value::String(crate::redact::MASK.to_owned()));
    }
    match whole {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The first of these pointers that names no place in the parameters, in the order of their names: what stands on the
/// way to it is neither an object nor a list that has the item, or is itself the place of another.
#[must_use]
pub fn without_place<'a>(
    parameters: &Map<String, Value>,
    pointers: impl IntoIterator<Item = &'a String>,
) -> Option<&'a String> {
    let mut whole = Value::Object(parameters.clone());
    let mut pointers = pointers.into_iter();
    pointers.find(|pointer| !set(&mut whole, pointer, Value::from(crate::redact::MASK)))
}

/// Puts a value where a pointer says; objects that are not there are made. Says whether there was a place for it.
fn set(whole: &mut Value, pointer: &str, value: Value) -> bool {
    let mut place = whole;
    for part in pointer.split('/').skip(1) {
        let name = catalog::validate::unescape(part);
        if place.is_null() {
            *place = Value::Object(Map::new());
        }
        place = match place {
            Value::Object(members) => members.entry(name).or_insert(Value::Null),
            Value::Array(_) => match place.pointer_mut(&format!("/{part}")) {
                Some(item) => item,
                None => return false,
            },
            _ => return false,
        };
    }
    *place = value;
    true
}

/// Takes the value at a pointer out of the parameters. In a list its place stays, so that the others keep theirs.
#[must_use]
pub fn take(parameters: &mut Map<String, Value>, pointer: &str) -> Option<Value> {
    let (parent, name) = pointer.rsplit_once('/')?;
    let name = catalog::validate::unescape(name);
    if parent.is_empty() {
        return parameters.shift_remove(&name);
    }
    let mut whole = Value::Object(std::mem::take(parameters));
    let taken = match whole.pointer_mut(parent) {
        Some(Value::Object(members)) => members.shift_remove(&name),
        Some(Value::Array(_)) => whole.pointer_mut(pointer).map(Value::take).filter(|value| !value.is_null()),
        _ => None,
    };
    if let Value::Object(map) = whole {
        *parameters = map;
    }
    taken
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        use std::fmt::Write;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn secrets_go_out_and_come_back() {
        let mut parameters = map(json!({"A": 1, "Parameters": {"InstancePassword": "pw", "Type": "t"}}));
        let pointer = "/Parameters/InstancePassword".to_owned();
        let secret =
            take(&mut parameters, &pointer).and_then(|value| value.as_str().map(SecretString::from)).unwrap();
        assert_eq!(Value::Object(parameters.clone()), json!({"A": 1, "Parameters": {"Type": "t"}}));
        let whole = with_secrets(&parameters, &Secrets::from([(pointer.clone(), secret)]));
        assert_eq!(whole["Parameters"]["InstancePassword"], "pw");
        assert_eq!(
            with_masks(&parameters, [&pointer])["Parameters"]["InstancePassword"],
            crate::redact::MASK
        );
    }

    #[test]
    fn secrets_go_out_of_the_depth_and_come_back() {
        let original =
            json!({"P": {"Db": {"Pw": "a", "Name": "n"}, "Keys": ["b", {"Key": "c"}], "A/b": {"~": "d"}}});
        let mut parameters = map(original.clone());
        let pointers = ["/P/Db/Pw", "/P/Keys/0", "/P/Keys/1/Key", "/P/A~1b/~0"];
        let secrets: Secrets = pointers
            .map(|pointer| {
                let value = take(&mut parameters, pointer).unwrap();
                (pointer.to_owned(), SecretString::from(value.as_str().unwrap()))
            })
            .into();
        let left = json!({"P": {"Db": {"Name": "n"}, "Keys": [null, {}], "A/b": {}}});
        assert_eq!(Value::Object(parameters.clone()), left);
        assert_eq!(take(&mut parameters, "/P/Keys/0"), None, "its place is no value");
        assert_eq!(Value::Object(with_secrets(&parameters, &secrets)), original);
        assert_eq!(without_place(&parameters, secrets.keys()), None);
        let masked = Value::Object(with_masks(&parameters, secrets.keys()));
        for pointer in pointers {
            assert_eq!(masked.pointer(pointer).unwrap(), crate::redact::MASK);
        }
    }

    #[test]
    fn nothing_that_was_given_makes_room_for_a_secret() {
        let parameters = map(json!({"P": {"Db": "text", "Keys": ["b"]}}));
        for pointer in ["/P/Db/Pw", "/P/Keys/1", "/P/Keys/+0", "/P/Keys/Pw", "/P/Keys/0/Pw"] {
            let pointer = pointer.to_owned();
            assert_eq!(without_place(&parameters, [&pointer]), Some(&pointer));
            let secrets = Secrets::from([(pointer, SecretString::from("x"))]);
            assert_eq!(with_secrets(&parameters, &secrets), parameters);
        }
        let (outer, inner) = ("/P/New".to_owned(), "/P/New/Pw".to_owned());
        assert_eq!(without_place(&parameters, [&outer, &inner]), Some(&inner));
    }

    #[test]
    fn a_secret_makes_its_parent() {
        let secrets = Secrets::from([("/Parameters/Pw".to_owned(), SecretString::from("x"))]);
        assert_eq!(
            Value::Object(with_secrets(&map(json!({"A": 1})), &secrets)),
            json!({"A": 1, "Parameters": {"Pw": "x"}})
        );
    }

    #[test]
    fn any_change_changes_the_hash() {
        let hasher = SecretHasher::new(|key| key.fill(7));
        let hash = |operation: &str, parameters: Value, secret: &str| {
            let secrets = BTreeMap::from([("/P".to_owned(), hasher.hash("/P", &SecretString::from(secret)))]);
            intent_hash(operation, "p", Mode::Simulated, &map(parameters), &secrets)
        };
        let original = hash("o", json!({"a": 1}), "s");
        assert_eq!(original, hash("o", json!({"a": 1}), "s"));
        for other in [
            hash("o2", json!({"a": 1}), "s"),
            hash("o", json!({"a": "1"}), "s"),
            hash("o", json!({"a": 1}), "t"),
        ] {
            assert_ne!(original, other);
        }
    }
}
