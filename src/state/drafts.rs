//! Forms that were begun and not sent, in the storage of this browser, by operation and profile. What is handed in
//! must hold no secret: the form leaves them out before it saves.

use crate::browser;
use catalog::read_json::ReadJson;
use catalog::{read_members, strict_json};
use serde_json::{Value, json};

const KIND: &str = "draft:";

/// A form that was begun.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The operation's id.
    pub operation: String,
    /// The profile's name.
    pub profile: String,
    /// What it is about, e.g. the instance; may be empty.
    pub about: String,
    /// When it was saved, in milliseconds since 1970 in UTC.
    pub saved_at: u64,
    /// What was typed, in the form's own shape.
    pub form: Value,
}

read_members!(Draft { operation, profile, saved_at, form } or_default { about });

fn read(text: &str) -> Option<Draft> {
    Draft::read_json(&strict_json::parse_answer(text)?)
}

/// The draft of an operation and a profile. A draft that an older page wrote and this one cannot read is none.
#[must_use]
pub fn load(operation: &str, profile: &str) -> Option<Draft> {
    browser::stored(&key(operation, profile)).and_then(|text| read(&text))
}

/// Keeps a draft; false when the storage is off or full.
pub fn save(draft: &Draft) -> bool {
    let kept = json!({
        "operation": draft.operation, "profile": draft.profile, "about": draft.about,
        "saved_at": draft.saved_at, "form": draft.form,
    });
    serde_json::to_string(&kept)
        .is_ok_and(|text| browser::store(&key(&draft.operation, &draft.profile), &text))
}

/// Forgets a draft.
pub fn remove(operation: &str, profile: &str) {
    browser::forget(&key(operation, profile));
}

/// All drafts, the newest first.
#[must_use]
pub fn list() -> Vec<Draft> {
    let Some(storage) = browser::storage() else { return Vec::new() };
    let prefix = format!("{}{KIND}", super::storage_prefix());
    let mut drafts: Vec<Draft> = (0..storage.length().unwrap_or(0))
        .filter_map(|index| storage.key(index).ok().flatten())
        .filter(|key| key.starts_with(&prefix))
        .filter_map(|key| storage.get_item(&key).ok().flatten())
        .filter_map(|text| read(&text))
        .collect();
    crate::order::sort_short(&mut drafts, |draft| std::cmp::Reverse(draft.saved_at));
    drafts
}

fn key(operation: &str, profile: &str) -> String {
    // A slash is in no operation id and in no profile name, so two pairs never share a key.
    format!("{}{KIND}{operation}/{profile}", super::storage_prefix())
}
