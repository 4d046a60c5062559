//! Takes keys, tokens, signatures and secret values out of texts that a cloud sent back (security.md A52).

use crate::{
    credentials::{Credentials, KeyPair},
    sealed::SealedRequest,
};
use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

/// What stands in place of something secret.
pub const MASK: &str = "••••••••";

/// Knows what must not be repeated.
#[derive(Default)]
pub struct Redactor {
    needles: Vec<Zeroizing<String>>,
}

impl Redactor {
    /// Everything that the credentials of a profile contain, and what proved who sent this request: its signature or
    /// its token. There is no way to have the one without the other.
    #[must_use]
    pub fn new(credentials: &Credentials, request: &SealedRequest) -> Self {
        let mut redactor = Self::default();
        match credentials {
            Credentials::Keys(KeyPair { access_key, secret_key, security_token }) => {
                redactor.hide(access_key.expose_secret());
                redactor.hide(secret_key.expose_secret());
                if let Some(token) = security_token {
                    redactor.hide(token.expose_secret());
                }
            }
            Credentials::Iam(user) => redactor.hide(user.password.expose_secret()),
        }
        for proof in request.proofs() {
            redactor.hide(proof);
        }
        redactor
    }

    /// Hides a secret in every spelling in which a cloud may repeat it.
    pub fn hide(&mut self, secret: &str) {
        // One or two characters stand in every text by chance.
        if secret.chars().count() < 3 {
            return;
        }
        for spelling in spellings(secret) {
            if !self.needles.iter().any(|needle| **needle == spelling) {
                self.needles.push(Zeroizing::new(spelling));
            }
        }
        // Longer spellings first, so that no half of one is left.
        self.needles.sort_by_key(|needle| std::cmp::Reverse(needle.len()));
    }

    /// Hides the secrets of a run.
    pub fn hide_all<'a>(&mut self, secrets: impl IntoIterator<Item = &'a SecretString>) {
        for secret in secrets {
            self.hide(secret.expose_secret());
        }
    }

    /// The text without them.
    #[must_use]
    pub fn clean(&self, text: &str) -> String {
        let mut clean = text.to_owned();
        for needle in &self.needles {
            if clean.contains(needle.as_str()) {
                clean = clean.replace(needle.as_str(), MASK);
            }
        }
        hide_signatures(clean)
    }
}

/// How a cloud may repeat a text: in JSON, in JSON within JSON (template parameters are one query parameter), in JSON
/// that is safe in HTML, in XML, and each of these in a query or in a query within a query, as in a canonical request.
fn spellings(secret: &str) -> Vec<String> {
    let json = in_json(secret);
    let ascii = in_ascii(&json);
    let mut found = Vec::new();
    for text in [
        secret.to_owned(),
        in_xml(secret),
        in_xml(&json),
        in_json(&json),
        in_json(&ascii),
        in_json(&in_json(&json)),
        json.replace('/', "\\/"),
        in_html_json(&json),
        json,
        ascii,
    ] {
        let once = signing::encode::rfc3986(&text).to_string();
        let twice = signing::encode::rfc3986(&once).to_string();
        found.extend([once.replace("%20", "+"), with_lower_digits(&once), twice, once, text]);
    }
    found
}

/// The inside of a JSON string.
fn in_json(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
}

/// JSON in which everything outside ASCII is an escape, as some of the clouds write it.
fn in_ascii(json: &str) -> String {
    let mut units = [0_u16; 2];
    json.chars().fold(String::with_capacity(json.len()), |mut out, character| {
        use std::fmt::Write;
        if character.is_ascii() {
            out.push(character);
        } else {
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
        out
    })
}

/// JSON in which everything that means something in HTML is an escape, as Gson writes it.
fn in_html_json(json: &str) -> String {
    ['<', '>', '&', '=', '\''].into_iter().fold(json.to_owned(), |text, character| {
        text.replace(character, &format!("\\u{:04x}", u32::from(character)))
    })
}

fn in_xml(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&apos;")
}

/// `%2F` as `%2f`.
fn with_lower_digits(encoded: &str) -> String {
    let mut digits = 0;
    encoded
        .chars()
        .map(|character| {
            if character == '%' {
                digits = 2;
                character
            } else if digits > 0 {
                digits -= 1;
                character.to_ascii_lowercase()
            } else {
                character
            }
        })
        .collect()
}

/// `Signature=…` in any text: a signed Huawei request could be replayed for 15 minutes (security.md section 1).
fn hide_signatures(text: String) -> String {
    const MARK: &str = "Signature=";
    if !text.contains(MARK) {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(MARK) {
        let (before, after) = rest.split_at(at + MARK.len());
        clean.push_str(before);
        let end = after
            .find(|character: char| !(character.is_ascii_alphanumeric() || "%+/=".contains(character)))
            .unwrap_or(after.len());
        clean.push_str(if end > 0 { MASK } else { "" });
        rest = &after[end..];
    }
    clean.push_str(rest);
    clean
}

/// The first characters of an access key id, as previews show it.
#[must_use]
pub fn mask_access_key(access_key: &str) -> String {
    let shown: String = access_key.chars().take(4).collect();
    format!("{shown}{MASK}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_in_every_spelling() {
        let mut redactor = Redactor::default();
        redactor.hide("s3c/ret+\"x");
        for text in ["s3c/ret+\"x", "s3c%2Fret%2B%22x", "s3c%252Fret%252B%2522x", "s3c/ret+\\\"x"] {
            let clean = redactor.clean(&format!("before {text} after"));
            assert_eq!(clean, format!("before {MASK} after"));
        }
    }

    #[test]
    fn a_token_is_hidden_however_the_slash_and_the_end_of_its_base64_are_escaped() {
        let mut redactor = Redactor::default();
        redactor.hide("MII+a/b==");
        for text in ["MII+a\\/b==", "MII+a/b\\u003d\\u003d", "MII%2Ba%2Fb%3D%3D"] {
            assert_eq!(redactor.clean(&format!("<{text}>")), format!("<{MASK}>"));
        }
    }

    #[test]
    fn a_secret_within_template_parameters_is_hidden_too() {
        let secret = "Sw0rd\"fi sh\\密";
        let mut redactor = Redactor::default();
        redactor.hide(secret);
        let parameters = serde_json::json!({"Password": secret}).to_string();
        let query = signing::encode::rfc3986(&parameters).to_string();
        let escaped = "Sw0rd\\\"fi sh\\\\\\u5bc6";
        for said in [
            parameters.clone(),
            query.clone(),
            query.to_ascii_lowercase().replace("sw0rd", "Sw0rd"),
            query.replace("%20", "+"),
            signing::encode::rfc3986(&query).to_string(),
            serde_json::json!({"Message": parameters}).to_string(),
            serde_json::json!({"Message": serde_json::json!({"Said": parameters}).to_string()}).to_string(),
            format!("{{\"Password\":\"{escaped}\"}}"),
            "<Message>{\"Password\":\"Sw0rd\\&quot;fi sh\\\\密\"}</Message>".to_owned(),
            "<Password>Sw0rd&quot;fi sh\\密</Password>".to_owned(),
        ] {
            let clean = redactor.clean(&said);
            assert!(clean.contains(MASK) && !clean.contains("Sw0rd"), "{said} -> {clean}");
        }
        let mut redactor = Redactor::default();
        redactor.hide("ends with\"");
        assert_eq!(redactor.clean(r#"{"a":"ends with\""}"#), format!(r#"{{"a":"{MASK}"}}"#));
    }

    #[test]
    fn signatures_are_hidden_without_being_known() {
        let clean = Redactor::default().clean("Credential=x,Signature=abc123, and Signature=\"q\"");
        assert_eq!(clean, format!("Credential=x,Signature={MASK}, and Signature=\"q\""));
    }
}
