//! Secret values between the form and the confirmation: in memory only, overwritten when the last copy is dropped.

use crate::client::SecretValues;
use leptos::prelude::*;

/// Secret values of plans that were made in this page, by plan id.
#[derive(Clone, Copy)]
pub struct PlanSecrets(StoredValue<Vec<(String, SecretValues)>>);

impl PlanSecrets {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        PlanSecrets(StoredValue::new(Vec::new()))
    }

    /// Keeps the secrets of a plan until it is confirmed or the page is closed.
    pub fn keep(self, plan: &str, secrets: &SecretValues) {
        self.forget(plan);
        self.0.update_value(|plans| plans.push((plan.to_owned(), secrets.clone())));
    }

    /// A copy to send. `None` when this page does not know them.
    #[must_use]
    pub fn of(self, plan: &str) -> Option<SecretValues> {
        self.0.with_value(|plans| plans.iter().find(|(id, _)| id == plan).map(|(_, secrets)| secrets.clone()))
    }

    /// Wipes them.
    pub fn forget(self, plan: &str) {
        self.0.update_value(|plans| plans.retain(|(id, _)| id != plan));
    }
}

impl Default for PlanSecrets {
    fn default() -> Self {
        PlanSecrets::new()
    }
}

/// The secrets that the app keeps.
#[must_use]
pub fn use_plan_secrets() -> PlanSecrets {
    use_context::<PlanSecrets>().unwrap_or_default()
}
