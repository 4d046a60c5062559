//! Plans and runs in memory: for the demo and for tests.

use super::{Begin, RunFilter, Store, StoreError};
use crate::{
    plan::{DryRun, Plan},
    run::{Run, Step},
};
use futures_util::{FutureExt, future::BoxFuture};
use jiff::Timestamp;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

/// At most so many plans and runs are remembered; the oldest finished go first.
const CAPACITY: usize = 10_000;

#[derive(Default)]
struct Tables {
    plans: BTreeMap<String, Plan>,
    // Ids sort by age, so the map is in the order of the list.
    runs: BTreeMap<String, Run>,
}

/// See the module.
#[derive(Default)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
}

impl MemoryStore {
    fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tables) -> T,
    ) -> BoxFuture<'_, Result<T, StoreError>> {
        // A panic while the lock was held left the tables as they were between two statements; they are still whole.
        let result = work(&mut self.tables.lock().unwrap_or_else(PoisonError::into_inner));
        std::future::ready(Ok(result)).boxed()
    }
}

impl Store for MemoryStore {
    fn insert_plan(&self, plan: Plan) -> BoxFuture<'_, Result<(), StoreError>> {
        self.with(|tables| {
            if tables.plans.len() >= CAPACITY {
                tables.plans.pop_first();
            }
            tables.plans.insert(plan.id.clone(), plan);
        })
    }

    fn plan<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Plan>, StoreError>> {
        self.with(|tables| tables.plans.get(id).cloned())
    }

    fn plan_with_token<'a>(
        &'a self,
        profile: &'a str,
        token: &'a str,
        payload_hash: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, StoreError>> {
        self.with(|tables| {
            tables
                .plans
                .values()
                .find(|plan| {
                    plan.profile == profile
                        && plan.text_parameter("ClientToken") == Some(token)
                        && plan.payload_hash != payload_hash
                })
                .map(|plan| plan.id.clone())
        })
    }

    fn set_dry_run<'a>(
        &'a self,
        plan: &'a str,
        dry_run: DryRun,
    ) -> BoxFuture<'a, Result<Option<Plan>, StoreError>> {
        self.with(|tables| {
            let plan = tables.plans.get_mut(plan)?;
            plan.needs.reason = plan.needs.reason && !dry_run.passed;
            plan.dry_run = Some(dry_run);
            Some(plan.clone())
        })
    }

    fn begin(&self, run: Run) -> BoxFuture<'_, Result<Begin, StoreError>> {
        self.with(|tables| {
            if let Some(existing) = tables.runs.values().find(|other| other.plan == run.plan) {
                return Begin::Existing(existing.clone());
            }
            let same_account = |other: &&Run| other.profile == run.profile;
            let busy = tables.runs.values().filter(same_account).find(|other| {
                other.operation == run.operation
                    && other.instance == run.instance
                    && other.state.blocks_instance()
            });
            if let Some(other) = busy {
                return Begin::InstanceBusy { run: other.id.clone() };
            }
            let used = run.client_token.as_ref().and_then(|token| {
                tables
                    .runs
                    .values()
                    .filter(same_account)
                    .find(|other| other.client_token.as_ref() == Some(token))
            });
            if let Some(other) = used {
                return Begin::TokenUsed { run: other.id.clone() };
            }
            if tables.runs.len() >= CAPACITY
                && let Some(oldest) =
                    tables.runs.values().find(|run| !run.state.blocks_instance()).map(|run| run.id.clone())
            {
                tables.runs.remove(&oldest);
            }
            tables.runs.insert(run.id.clone(), run.clone());
            Begin::Created(run)
        })
    }

    fn step<'a>(
        &'a self,
        run: &'a str,
        step: Step,
        at: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Run>, StoreError>> {
        self.with(|tables| {
            let run = tables.runs.get_mut(run)?;
            run.apply(step, at);
            Some(run.clone())
        })
    }

    fn run<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Run>, StoreError>> {
        self.with(|tables| tables.runs.get(id).cloned())
    }

    fn run_of_plan<'a>(&'a self, plan: &'a str) -> BoxFuture<'a, Result<Option<Run>, StoreError>> {
        self.with(|tables| tables.runs.values().find(|run| run.plan == plan).cloned())
    }

    fn runs<'a>(&'a self, filter: &'a RunFilter) -> BoxFuture<'a, Result<Vec<Run>, StoreError>> {
        self.with(|tables| {
            tables
                .runs
                .values()
                .rev()
                .filter(|run| filter.before.as_ref().is_none_or(|before| run.id < *before))
                .filter(|run| filter.operation.as_ref().is_none_or(|operation| run.operation == *operation))
                .filter(|run| filter.profile.as_ref().is_none_or(|profile| run.profile == *profile))
                .filter(|run| filter.state.is_none_or(|state| run.state == state))
                .filter(|run| filter.text.as_ref().is_none_or(|text| mentions(run, text)))
                .take(filter.limit)
                .cloned()
                .collect()
        })
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.with(|_| ())
    }
}

fn mentions(run: &Run, text: &str) -> bool {
    let text = text.to_lowercase();
    [&run.id, &run.operation, &run.title.en, &run.title.zh, &run.instance, &run.user]
        .into_iter()
        .chain(run.target.as_ref())
        .any(|value| value.to_lowercase().contains(&text))
}
