//! A form that starts from an earlier plan.

use super::keeping::{Filling, Parts};
use super::opening::put_secrets_back;
use crate::client::{ClientError, Outcome, Plan};
use crate::form::browser_zone::{BrowserZone, fresh_token};
use crate::form::draft::Draft;
use crate::form::pointer;
use crate::form::row_tools::focus_soon;
use crate::form::state::control_id;
use crate::route::Route;
use crate::router::use_router;
use catalog::model::Role;
use catalog::text::Joined;
use leptos::prelude::*;
use std::rc::Rc;

/// What came of filling the form from an earlier plan.
pub(super) enum Refilled {
    /// The form says what the plan said.
    Done {
        /// Whether secrets have to be typed again.
        secrets: bool,
        /// The members that a dry run asked for.
        added: String,
    },
    /// The form was cleared; what was typed can be put back.
    Cleared,
    /// The plan is of another operation.
    OtherOperation,
    /// The plan could not be read.
    Failed(ClientError),
}

/// Takes the values out of the address, for what is typed from now on is the truth and a reload must not undo it, and
/// fills the form from the plan that the address names.
pub(super) fn refill(filling: Filling, plan: Option<String>) {
    let parts = filling.parts();
    let mut address = Route::flow(parts.operation.id.clone()).href();
    if !parts.profile.is_empty() {
        address.push_str("?profile=");
        address.push_str(&String::from(js_sys::encode_uri_component(&parts.profile)));
    }
    use_router().replace(&address);
    let Some(plan) = plan else { return };
    parts.client.plan(&plan).then(move |answer| {
        // The person may have gone away meanwhile.
        if let Some(parts) = filling.parts_if_open() {
            let outcome = parts.start_from(answer);
            parts.refilled.set(Some(outcome));
        }
    });
}

impl Parts {
    fn start_from(&self, answer: Outcome<Rc<Plan>>) -> Refilled {
        let (form, operation) = (self.form, &*self.operation);
        let plan = match answer {
            Err(error) => return Refilled::Failed(error),
            Ok(plan) if plan.operation != operation.id => return Refilled::OtherOperation,
            Ok(plan) => plan,
        };
        let mut parameters = plan.parameters.clone();
        pointer::mask(&mut parameters, &plan.secret_pointers);
        // What a plan had checked is not checked once more: what comes next is the upgrade.
        let dry_run = operation.fields.iter().find(|field| field.role == Some(Role::DryRun));
        if let Some(field) = dry_run.filter(|_| plan.run.is_some()) {
            parameters.remove(&field.name);
        }
        let mut draft = Draft::from_parameters(operation, &parameters, None, &BrowserZone);
        let known = put_secrets_back(operation, &mut draft, &plan.id, self.secrets);
        let added = match &plan.dry_run {
            Some(record) => draft.add_members(operation, &record.required_parameters),
            None => Vec::new(),
        };
        let rows = added.iter().filter_map(|path| draft.free_row(path));
        let names = rows.map(|row| row.name.as_str()).collect::<Vec<_>>().joined(", ");
        draft.renew_token(operation, fresh_token());
        form.replace(draft);
        // The first new one is where the person goes on.
        if let Some(path) = added.first() {
            focus_soon(control_id(path));
        }
        form.fresh().set(added);
        self.announcer.say(untrack(|| form.words().refilled()));
        Refilled::Done { secrets: !known && !plan.secret_pointers.is_empty(), added: names }
    }
}
