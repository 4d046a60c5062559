//! Who I am, and which accounts there are.

use catalog::model::{Cloud, Site};
use catalog::read_json::{Members, ReadJson};
use catalog::{read_members, read_names};
use serde_json::Value;

/// One page of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one starts; `None` on the last.
    pub next: Option<String>,
}

impl<T: ReadJson> ReadJson for Page<T> {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        let mut members = Members::of(value, fits);
        Page { items: members.needed("items"), next: members.or_default("next") }
    }
}

/// Whether a profile acts on the simulated clouds or on real ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A rehearsal.
    Simulated,
    /// A real account.
    Live,
}

/// A named account to act as. Never a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Whose account.
    pub cloud: Cloud,
    /// Simulated or live.
    pub mode: Mode,
    /// The region that forms are prefilled with.
    pub region: Option<String>,
    /// The account site, Alibaba only.
    pub site: Option<Site>,
}

/// Who I am, and what this server can do.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// My name.
    pub user: String,
    /// The server's version.
    pub version: String,
    /// What is switched on.
    pub features: Features,
    /// How far the clock of the simulated clouds is ahead of real time, in seconds.
    pub clock_offset_seconds: i64,
}

/// What is switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// Simulated clouds run in this server.
    pub simulator: bool,
}

read_names!(Mode { "simulated" => Simulated, "live" => Live });
read_members!(Profile { name, cloud, mode } or_default { region, site });
read_members!(Session { user } or_default { version, features, clock_offset_seconds });
read_members!(Features {} or_default { simulator });
