//! Where plans, runs and the record are kept: one interface, SQLite behind it.

mod sqlite;

pub use sqlite::{OpenError, SqliteStore, inspect};

use crate::{
    config::Mode,
    flows::{Current, Review},
    plan::{DryRun, Needs, Plan},
    record::Recorded,
    run::{Known, Run, State, Step},
};
use futures_util::future::BoxFuture;
use jiff::Timestamp;

/// Why the store cannot be written or read. More is in the log; nothing was sent on the strength of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No room.
    #[error("there is no room for the store")]
    Full,
    /// It may not be written.
    #[error("the store can be read but not written")]
    ReadOnly,
    /// Another program holds it.
    #[error("another program holds the store")]
    Locked,
    /// It does not hold what was written into it.
    #[error("the store is damaged")]
    Corrupt,
    /// Its file is not where it was.
    #[error("the store's file was moved, replaced or deleted")]
    Moved,
    /// Something else.
    #[error("the store is not available")]
    Other,
}

/// What came of the wish to begin a run. Decided in one step, so that the same plan posted a hundred times at once
/// is one run (promise 3).
#[derive(Debug, Clone)]
pub enum Begin {
    /// It is recorded; it may be sent.
    Created(Run),
    /// The plan has a run already.
    Existing(Run),
    /// Another run of the same instance is open or unknown.
    InstanceBusy {
        /// That run's id.
        run: String,
    },
    /// The run that it would take back has moved on, or is being taken back by another.
    NotUndoable,
    /// The ClientToken was sent before, by another plan.
    TokenUsed {
        /// That run's id.
        run: String,
    },
}

/// What the cloud told of a plan when it was asked again.
#[derive(Debug, Clone)]
pub struct Revision {
    /// The instance as it is now.
    pub current: Current,
    /// What the person sees.
    pub review: Review,
    /// What confirming asks for.
    pub needs: Needs,
}

/// Which runs to list.
#[derive(Debug, Clone, Default)]
pub struct RunFilter {
    /// Operation id.
    pub operation: Option<String>,
    /// Profile name.
    pub profile: Option<String>,
    /// State.
    pub state: Option<State>,
    /// Free text in instance, target, user, operation, and in the ids of run, order and request.
    pub text: Option<String>,
    /// Mode.
    pub mode: Option<Mode>,
    /// Who confirmed.
    pub user: Option<String>,
    /// The instance.
    pub instance: Option<String>,
    /// Only runs older than the one with this id.
    pub before: Option<String>,
    /// At most so many.
    pub limit: usize,
}

/// Keeps plans and runs.
pub trait Store: Send + Sync {
    /// Keeps a new plan.
    fn insert_plan(&self, plan: Plan) -> BoxFuture<'_, Result<(), StoreError>>;

    /// A plan.
    fn plan<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Plan>, StoreError>>;

    /// A plan that carries this ClientToken for this profile, with other parameters than `payload_hash` says.
    fn plan_with_token<'a>(
        &'a self,
        profile: &'a str,
        token: &'a str,
        payload_hash: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, StoreError>>;

    /// Keeps what the cloud told of a plan when it was asked again.
    fn revise_plan<'a>(
        &'a self,
        plan: &'a str,
        revision: Revision,
    ) -> BoxFuture<'a, Result<Option<Plan>, StoreError>>;

    /// Keeps the outcome of a dry run with its plan, and whether confirming asks for a reason after it; returns the plan.
    fn set_dry_run<'a>(
        &'a self,
        plan: &'a str,
        dry_run: DryRun,
        needs_reason: bool,
    ) -> BoxFuture<'a, Result<Option<Plan>, StoreError>>;

    /// Begins a run, or says why not. What a run takes back is marked as being taken back in the same step.
    fn begin(&self, run: Run) -> BoxFuture<'_, Result<Begin, StoreError>>;

    /// Moves a run on, with what it takes back; returns it as it then stands. `None` when there is no such run, or when
    /// it is not in the state `from` any more: of several who would move it at once, one does.
    fn step<'a>(
        &'a self,
        run: &'a str,
        from: Option<State>,
        step: Step,
        at: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Run>, StoreError>>;

    /// Keeps what a look found out that is no step; returns the run.
    fn learn<'a>(
        &'a self,
        run: &'a str,
        known: Known,
        at: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Run>, StoreError>>;

    /// A run.
    fn run<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Run>, StoreError>>;

    /// The run of a plan.
    fn run_of_plan<'a>(&'a self, plan: &'a str) -> BoxFuture<'a, Result<Option<Run>, StoreError>>;

    /// Runs, newest first.
    fn runs<'a>(&'a self, filter: &'a RunFilter) -> BoxFuture<'a, Result<Vec<Run>, StoreError>>;

    /// The record after an entry, oldest first.
    fn records(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, StoreError>>;

    /// Whether it can be written now.
    fn ready(&self) -> BoxFuture<'_, Result<(), StoreError>>;
}
