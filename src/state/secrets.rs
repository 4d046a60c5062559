//! Secret values between the form and the confirmation: in memory only, wiped when they are used or replaced.

use crate::client::SecretValues;
use crate::order::short_map;
use leptos::prelude::*;
use std::collections::BTreeMap;
use zeroize::{Zeroize, Zeroizing};

/// Secret values of plans that were made in this page, by plan id. No `Debug`: nothing may print them.
#[derive(Clone, Copy)]
pub struct PlanSecrets(StoredValue<BTreeMap<String, BTreeMap<String, Zeroizing<String>>>>);

impl PlanSecrets {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        PlanSecrets(StoredValue::new(BTreeMap::new()))
    }

    /// Keeps the secrets of a plan until it is confirmed or the page is closed.
    pub fn keep(self, plan: &str, secrets: &SecretValues) {
        let kept = short_map(
            secrets.iter().map(|(pointer, value)| (pointer.clone(), Zeroizing::new(value.clone()))),
        );
        self.0.update_value(|plans| {
            plans.insert(plan.to_owned(), kept);
        });
    }

    /// A copy to send. `None` when this page does not know them.
    #[must_use]
    pub fn of(self, plan: &str) -> Option<SecretValues> {
        self.0.with_value(|plans| {
            plans.get(plan).map(|kept| {
                short_map(kept.iter().map(|(pointer, value)| (pointer.clone(), value.as_str().to_owned())))
            })
        })
    }

    /// Wipes them.
    pub fn forget(self, plan: &str) {
        self.0.update_value(|plans| {
            plans.remove(plan);
        });
    }
}

impl Default for PlanSecrets {
    fn default() -> Self {
        PlanSecrets::new()
    }
}

/// Wipes a copy that was sent.
pub fn wipe(mut secrets: SecretValues) {
    for value in secrets.values_mut() {
        value.zeroize();
    }
}

/// The secrets that the app keeps.
#[must_use]
pub fn use_plan_secrets() -> PlanSecrets {
    use_context::<PlanSecrets>().unwrap_or_default()
}
