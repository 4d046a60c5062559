//! Who I am, and which accounts there are.

use catalog::model::{Cloud, Site};
use serde::{Deserialize, Serialize};

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one starts; `None` on the last.
    #[serde(default = "Option::default")]
    pub next: Option<String>,
}

/// Whether a profile acts on the simulated clouds or on real ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A rehearsal.
    Simulated,
    /// A real account.
    Live,
}

/// A named account to act as. Never a credential.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// Whose account.
    pub cloud: Cloud,
    /// Simulated or live.
    pub mode: Mode,
    /// The region that forms are prefilled with.
    #[serde(default)]
    pub region: Option<String>,
    /// The account site, Alibaba only.
    #[serde(default)]
    pub site: Option<Site>,
    /// The project, Huawei only.
    #[serde(default)]
    pub project_id: Option<String>,
    /// The domain, Huawei only.
    #[serde(default)]
    pub domain_id: Option<String>,
}

/// Who I am, and what this server can do.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Session {
    /// My name.
    pub user: String,
    /// What I may do.
    #[serde(default)]
    pub roles: Vec<String>,
    /// The server's version.
    #[serde(default)]
    pub version: String,
    /// What is switched on.
    #[serde(default)]
    pub features: Features,
    /// The clock of the simulated clouds, RFC 3339.
    #[serde(default)]
    pub now: Option<String>,
    /// How far that clock is ahead of real time, in seconds.
    #[serde(default)]
    pub clock_offset_seconds: i64,
}

/// What is switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Features {
    /// Live profiles are allowed.
    pub live: bool,
    /// Simulated clouds run in this server.
    pub simulator: bool,
    /// Plans need approvals.
    pub approvals: bool,
}
