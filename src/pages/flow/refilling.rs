//! A form that starts from an earlier plan.

use super::keeping::Keeper;
use super::opening::{Opened, put_secrets_back};
use crate::client::{ClientError, use_client};
use crate::components::use_announcer;
use crate::form::FormState;
use crate::form::browser_zone::{BrowserZone, fresh_token};
use crate::form::draft::Draft;
use crate::form::row_tools::focus_soon;
use crate::form::secret::MASK;
use crate::form::state::control_id;
use crate::form::{link, pointer};
use crate::route::Route;
use crate::router::use_router;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Map, Value};

/// What came of filling the form from an earlier plan.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Refilled {
    /// The form says what the plan said.
    Done {
        /// Whether secrets have to be typed again.
        secrets: bool,
        /// The members that a dry run asked for.
        added: String,
    },
    /// The plan is of another operation.
    OtherOperation,
    /// The plan could not be read.
    Failed(ClientError),
}

/// Fills the form from the plan that the address names, and takes the values out of the address: what is typed from
/// now on is the truth, and a reload must not undo it.
pub(super) fn refill(form: FormState, keeper: Keeper, opened: &Opened) {
    if opened.link.is_none() && opened.from.is_none() {
        return;
    }
    let router = use_router();
    let operation = form.operation();
    let profile = keeper.profile.get_value();
    let mut address = Route::flow(operation.id.clone()).href();
    if !profile.is_empty() {
        address.push_str("?profile=");
        address.push_str(&String::from(js_sys::encode_uri_component(&profile)));
    }
    router.replace(&address);
    let Some(plan) = opened.from.clone() else { return };
    let client = use_client();
    let announcer = use_announcer();
    spawn_local(async move {
        let answer = client.plan(&plan).await;
        let outcome = match answer {
            Err(error) => Refilled::Failed(error),
            Ok(plan) if plan.operation != operation.id => Refilled::OtherOperation,
            Ok(plan) => {
                let mut parameters = plan.parameters.clone();
                mask(&mut parameters, &plan.secret_pointers);
                let mut draft = Draft::from_parameters(&operation, &parameters, None, &BrowserZone);
                let known = put_secrets_back(&operation, &mut draft, &plan.id, keeper.secrets);
                let asked_for = plan
                    .dry_run
                    .as_ref()
                    .map(|record| record.required_parameters.clone())
                    .unwrap_or_default();
                let added = draft.add_members(&operation, &asked_for);
                let names: Vec<String> = added
                    .iter()
                    .filter_map(|path| draft.free_row(path))
                    .map(|row| row.name.clone())
                    .collect();
                draft.renew_token(&operation, fresh_token());
                if form.draft.try_get_untracked().is_none() {
                    return;
                }
                form.replace(draft);
                // The first new one is where the person goes on.
                if let Some(path) = added.first() {
                    focus_soon(control_id(path));
                }
                form.fresh.set(added);
                announcer.say(untrack(|| form.words().refilled()));
                Refilled::Done {
                    secrets: !known && !plan.secret_pointers.is_empty(),
                    added: names.join(", "),
                }
            }
        };
        keeper.refilled.try_set(Some(outcome));
    });
}

/// Puts the mask where a plan had a secret, so that the form knows that one is wanted there.
fn mask(parameters: &mut Map<String, Value>, pointers: &[String]) {
    for pointer in pointers {
        let tokens = pointer::tokens(pointer).unwrap_or_default();
        if let Some((first, rest)) = tokens.split_first() {
            link::place(parameters.entry(first.clone()).or_insert(Value::Null), rest, Value::from(MASK));
        }
    }
}
