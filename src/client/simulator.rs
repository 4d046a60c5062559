//! The simulated clouds of the server, as a presenter sees them.

use catalog::read_members;

/// What the simulated clouds do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulator {
    /// The name of the scenario that is on.
    pub scenario: String,
    /// Those that can be chosen, in the order in which they are offered.
    pub scenarios: Vec<Scenario>,
    /// How far their clock is ahead of real time, in seconds.
    pub clock_offset_seconds: i64,
}

/// A way in which the clouds can misbehave, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Its name.
    pub name: String,
    /// What it does, in words.
    pub title: String,
    /// What it is listed under.
    pub group: String,
}

read_members!(Simulator { scenario, scenarios } or_default { clock_offset_seconds });
read_members!(Scenario { name, title } or_default { group });
