//! The record.

use crate::{
    config::Mode,
    run::{Failure, State},
};
use utoipa::ToSchema;

/// An entry of the record, for the description of the API: what goes out is the text that was written and hashed.
#[derive(ToSchema)]
pub struct RecordView {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// `confirmed`, `step`, `resent` or `settled`.
    pub kind: &'static str,
    /// Who did it; for a step, who confirmed the run.
    pub user: String,
    /// The run.
    pub run: String,
    /// Its plan.
    pub plan: String,
    /// Operation id.
    pub operation: String,
    /// Profile name.
    pub profile: String,
    /// Simulated or live.
    pub mode: Mode,
    /// Which instance.
    pub instance: String,
    /// What was confirmed.
    pub payload_hash: String,
    /// The written reason; for a settlement, the evidence.
    pub reason: Option<String>,
    /// Where the run stood then.
    pub state: State,
    /// Why it did not go as wanted.
    pub failure: Option<Failure>,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// The cloud's code.
    pub code: Option<String>,
    /// The cloud's request id.
    pub request_id: Option<String>,
    /// The order.
    pub order_id: Option<String>,
    /// Its place, from 1.
    pub seq: i64,
    /// Hash of the entry before; empty for the first.
    pub previous: String,
    /// Hash of this entry: SHA-256, in hexadecimal, of the one before, a line feed, and this object's text up to
    /// `,"seq":` with a closing brace.
    pub hash: String,
}
