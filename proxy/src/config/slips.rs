//! Where a slip in the configuration stands, and what would be right: the line, the key and the nearest known key; never a
//! value.

use super::ConfigError;
use serde::Deserialize;
use std::collections::BTreeMap;

/// TOML's own message, without the excerpt of the file (it could hold a value), with the nearest known key.
pub(super) fn explain(text: &str, error: &toml::de::Error) -> ConfigError {
    let message = error.message();
    let line = error.span().map(|span| own_line(text, line_at(text, span.start), message));
    let message = if let Some(rest) = message.strip_prefix("unknown field `")
        && let Some((unknown, rest)) = rest.split_once('`')
    {
        let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
        let nearest = known
            .iter()
            .max_by(|a, b| strsim::jaro_winkler(unknown, a).total_cmp(&strsim::jaro_winkler(unknown, b)));
        match nearest {
            Some(nearest) => {
                format!(
                    "unknown key `{unknown}`; the nearest known key is `{nearest}` (known: {})",
                    known.join(", ")
                )
            }
            None => format!("unknown key `{unknown}`"),
        }
    } else {
        // "invalid type: string "…", expected a boolean": the value may be a secret in the wrong place.
        let quotes_the_value = ["invalid type", "invalid value", "unknown variant"]
            .iter()
            .any(|start| message.starts_with(start));
        let said = match message.rsplit_once(", expected ") {
            Some((_, expected)) if quotes_the_value => format!("expected {expected}"),
            _ if quotes_the_value => "this value cannot stand here".to_owned(),
            _ => message.to_owned(),
        };
        match line.and_then(|line| key_in(text, line)) {
            Some(key) if !said.starts_with(&format!("`{key}` ")) => format!("`{key}`: {said}"),
            _ => said,
        }
    };
    ConfigError(match line {
        Some(line) => format!("line {line}: {message}"),
        None => message,
    })
}

/// The line of the key that a message begins with, where that is a key of the table that begins on this line.
fn own_line(text: &str, table: usize, message: &str) -> usize {
    let Some((key, _)) = message.strip_prefix('`').and_then(|rest| rest.split_once('`')) else {
        return table;
    };
    text.lines()
        .enumerate()
        .skip(table)
        .take_while(|(_, line)| !line.trim_start().starts_with('['))
        .map(|(index, _)| index + 1)
        .find(|line| key_in(text, *line) == Some(key))
        .unwrap_or(table)
}

/// The key that a line sets, by the line's number from 1.
fn key_in(text: &str, line: usize) -> Option<&str> {
    let (key, _) = text.lines().nth(line.checked_sub(1)?)?.split_once('=')?;
    let key = key.trim();
    key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte)).then_some(key)
}

/// The lines of the keys of each profile.
pub(super) fn lines_of_profiles(text: &str) -> Vec<BTreeMap<String, usize>> {
    #[derive(Deserialize)]
    struct Keys {
        #[serde(default)]
        profiles: Vec<BTreeMap<toml::Spanned<String>, serde::de::IgnoredAny>>,
    }
    let keys = toml::from_str::<Keys>(text).map(|keys| keys.profiles).unwrap_or_default();
    let lines = |profile: BTreeMap<toml::Spanned<String>, _>| {
        profile.into_keys().map(|key| (key.get_ref().clone(), line_at(text, key.span().start))).collect()
    };
    keys.into_iter().map(lines).collect()
}

fn line_at(text: &str, byte: usize) -> usize {
    text.bytes().take(byte).filter(|byte| *byte == b'\n').count() + 1
}
