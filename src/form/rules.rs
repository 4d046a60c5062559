//! Rules that need a clock and so cannot stand in a JSON Schema. Pure: the time comes in.

use crate::form::draft::Draft;
use crate::form::path::Path;
use catalog::model::{Kind, Operation, Role};
use serde_json::{Map, Value};

const MINUTE_MS: i64 = 60_000;
/// How far ahead the start lies that is offered: 24 hours (apis.md section 3) and 5 minutes for clocks that differ, for
/// filling the rest of the form and for reading the review.
pub const START_AHEAD_MS: i64 = (24 * 60 + 5) * MINUTE_MS;
/// How much of that must be left when the form is sent; the server asks for the same when it makes the plan.
pub const START_NEAREST_MS: i64 = (24 * 60 + 3) * MINUTE_MS;

/// A start that lies too early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TooEarly {
    /// The field.
    pub path: Path,
    /// What was chosen, in milliseconds since 1970.
    pub chosen: i64,
    /// The earliest whole minute that is allowed.
    pub earliest: i64,
    /// The present.
    pub now: i64,
}

/// The earliest whole minute that a start can be put to.
#[must_use]
pub fn earliest_start(now: i64) -> i64 {
    let earliest = now.saturating_add(START_AHEAD_MS);
    earliest.saturating_add((MINUTE_MS - earliest.rem_euclid(MINUTE_MS)) % MINUTE_MS)
}

/// The field of the start, when the rule applies to it: a scheduled change that is taken back has no start any more.
#[must_use]
pub fn start_field(operation: &Operation, parameters: &Map<String, Value>) -> Option<Path> {
    let path = Draft::role(operation, Role::StartTime)?;
    let is_instant = matches!(path.place(operation)?.kind, Some(Kind::Integer { epoch_ms: true, .. }));
    let cancelled = operation
        .field_with(Role::Cancel)
        .is_some_and(|field| matches!(parameters.get(&field.name), Some(Value::Bool(true))));
    (is_instant && !cancelled).then_some(path)
}

/// Whether the chosen start lies too early at `now`.
#[must_use]
pub fn too_early(operation: &Operation, parameters: &Map<String, Value>, now: i64) -> Option<TooEarly> {
    let path = start_field(operation, parameters)?;
    let name = &operation.field_with(Role::StartTime)?.name;
    let chosen = parameters.get(name)?.as_i64()?;
    (chosen < now.saturating_add(START_NEAREST_MS)).then(|| TooEarly {
        path,
        chosen,
        earliest: earliest_start(now),
        now,
    })
}
