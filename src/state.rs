//! What outlives a page. Storage holds drafts without secrets, the language and the theme, and nothing else; the rest
//! lives in memory until the page is closed.

pub mod attention;
pub mod band;
pub mod catalogue;
pub mod drafts;
pub mod health;
pub mod preferences;
pub mod profiles;
pub mod secrets;
pub mod session;
pub mod simulator;

/// The start of every key in the storage. The base path is part of it: two consoles behind one origin keep apart.
#[must_use]
pub fn storage_prefix() -> String {
    format!("upgrade-console:{}:", crate::browser::base_path())
}
