//! The built-in clouds.

use crate::body::Members;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Moves the simulated clock.
#[derive(Deserialize, ToSchema)]
pub struct ClockBody {
    /// Seconds ahead.
    pub advance_seconds: i64,
}

impl Members for ClockBody {
    const NAMES: &'static [&'static str] = &["advance_seconds"];
}

/// Puts the simulated clouds back.
#[derive(Deserialize, ToSchema)]
pub struct ResetBody {
    /// So many ordinary instances of each product more, to see how long lists do.
    pub crowd: Option<u32>,
}

impl Members for ResetBody {
    const NAMES: &'static [&'static str] = &["crowd"];
}

/// Chooses a scenario.
#[derive(Deserialize, ToSchema)]
pub struct ScenarioBody {
    /// Its name.
    pub name: String,
}

impl Members for ScenarioBody {
    const NAMES: &'static [&'static str] = &["name"];
}

/// Pays an order in the simulated clouds.
#[derive(Deserialize, ToSchema)]
pub struct PayBody {
    /// The order.
    pub order_id: String,
}

impl Members for PayBody {
    const NAMES: &'static [&'static str] = &["order_id"];
}

/// The simulated clouds.
#[derive(Serialize, ToSchema)]
pub struct SimulatorView {
    /// The scenario that is on.
    pub scenario: String,
    /// What may be chosen.
    pub scenarios: Vec<ScenarioView>,
    /// The simulated time, RFC 3339 in UTC.
    pub now: String,
    /// How far it is ahead of real time.
    pub clock_offset_seconds: i64,
    /// How many changing calls the clouds have received since the last reset.
    pub changing_calls: usize,
}

/// A scenario.
#[derive(Serialize, ToSchema)]
pub struct ScenarioView {
    /// Its name.
    pub name: String,
    /// What it does.
    pub title: String,
    /// What it is listed under.
    pub group: String,
}
