//! The record: who did what, when, with which answer. Only ever added to; each entry carries the hash of the one
//! before, so that an entry that was changed or taken out shows.

use crate::{
    config::Mode,
    run::{ByPerson, Failure, Run, State},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person confirmed a plan.
    Confirmed,
    /// A run moved on.
    Step,
    /// A person had a call of unknown outcome sent again.
    Resent,
    /// A person said what became of a run that nothing else could tell.
    Settled,
}

impl Kind {
    /// As it stands in the HTTP API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Confirmed => "confirmed",
            Kind::Step => "step",
            Kind::Resent => "resent",
            Kind::Settled => "settled",
        }
    }
}

/// An entry. Holds no secret: plans and runs hold none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What it is about.
    pub kind: Kind,
    /// Who did it; for a step, who confirmed the run.
    pub user: String,
    /// The run.
    pub run: String,
    /// Its plan.
    pub plan: String,
    /// The operation.
    pub operation: String,
    /// The profile.
    pub profile: String,
    /// Simulated or live.
    pub mode: Mode,
    /// The instance.
    pub instance: String,
    /// What was confirmed.
    pub payload_hash: String,
    /// The written reason; for a settlement, the evidence.
    pub reason: Option<String>,
    /// Where the run stands now.
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
}

impl Entry {
    /// What a run looks like at this moment.
    #[must_use]
    pub fn of(run: &Run, kind: Kind, at: Timestamp) -> Self {
        let answer = run.answer.as_ref();
        let order_id = run.order_id.clone();
        Self {
            at,
            kind,
            user: run.user.clone(),
            run: run.id.clone(),
            plan: run.plan.clone(),
            operation: run.operation.clone(),
            profile: run.profile.clone(),
            mode: run.mode,
            instance: run.instance.clone(),
            payload_hash: run.payload_hash.clone(),
            reason: run.reason.clone(),
            state: run.state,
            failure: run.failure,
            status: answer.map(|answer| answer.status),
            code: answer.and_then(|answer| answer.code.clone()),
            request_id: answer.and_then(|answer| answer.request_id.clone()),
            order_id,
        }
    }

    /// The same entry in the name of the person who did it.
    #[must_use]
    pub fn by(mut self, by: &ByPerson) -> Self {
        self.kind = by.kind;
        self.user.clone_from(&by.user);
        self.reason.clone_from(&by.reason);
        self
    }
}

/// An entry as it stands in the record: the very text that was written, and what chains it to the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the record, from 1.
    pub seq: i64,
    /// The entry's JSON as it was hashed.
    pub written: String,
    /// Hash of the entry before; empty for the first.
    pub previous: String,
    /// Hash of this entry.
    pub hash: String,
}

impl Recorded {
    /// The entry with what chains it, as one JSON object. The text of the entry stays as it was hashed, so that whoever
    /// reads this can do it again: everything before `,"seq":` and a closing brace.
    #[must_use]
    pub fn json(&self) -> String {
        let open = self.written.strip_suffix('}').unwrap_or(&self.written);
        let Self { seq, previous, hash, .. } = self;
        format!("{open},\"seq\":{seq},\"previous\":\"{previous}\",\"hash\":\"{hash}\"}}")
    }

    /// Whether it follows the entry with the hash `before`, unchanged.
    #[must_use]
    pub fn follows(&self, before: &str) -> bool {
        self.previous == before && self.hash == chain(&self.previous, &self.written)
    }
}

/// The hash of an entry whose JSON is `body`: SHA-256 of the hash before, a line feed, and the JSON, in hexadecimal.
#[must_use]
pub fn chain(previous: &str, body: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(previous.as_bytes());
    digest.update([b'\n']);
    digest.update(body.as_bytes());
    digest.finalize().iter().fold(String::with_capacity(64), |mut text, byte| {
        use std::fmt::Write;
        let _ = write!(text, "{byte:02x}");
        text
    })
}
