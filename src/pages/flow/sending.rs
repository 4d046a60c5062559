//! From a valid form to a plan. Nothing that changes anything is sent from here.

use super::keeping::Keeper;
use crate::client::{Client, ClientError, PlanRequest, Profile, SecretValues, use_client};
use crate::components::{ErrorNote, focus_error_summary};
use crate::form::FormState;
use crate::form::problems::{FormProblem, Verdict, What, into_parameters};
use crate::order::short_map;
use crate::route::Route;
use crate::router::use_router;
use crate::state::health::{Health, use_health};
use crate::state::secrets::{PlanSecrets, use_plan_secrets, wipe};
use crate::words::use_words;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

/// Makes the plan.
#[derive(Clone, Copy)]
pub(super) struct Sender {
    form: FormState,
    keeper: Keeper,
    profile: StoredValue<Option<Profile>>,
    client: Client,
    health: Health,
    secrets: PlanSecrets,
    go: Callback<String>,
    /// Whether the plan is being made.
    pub(super) busy: RwSignal<bool>,
    failed: RwSignal<Option<ClientError>>,
}

impl Sender {
    /// Nothing sent yet.
    #[must_use]
    pub(super) fn new(form: FormState, keeper: Keeper, profile: Option<Profile>) -> Sender {
        let router = use_router();
        let go = Callback::new(move |plan: String| {
            router.go(&Route::plan(plan).href());
        });
        Sender {
            form,
            keeper,
            profile: StoredValue::new(profile),
            client: use_client(),
            health: use_health(),
            secrets: use_plan_secrets(),
            go,
            busy: RwSignal::new(false),
            failed: RwSignal::new(None),
        }
    }

    /// Sends the form to be validated, frozen and reviewed.
    pub(super) fn send(self) {
        if self.busy.get_untracked() {
            return;
        }
        let Some(profile) = self.profile.get_value() else { return };
        self.failed.set(None);
        self.busy.set(true);
        let output = self.form.output();
        let secrets: SecretValues = short_map(
            output.secrets.iter().map(|(pointer, text)| (pointer.clone(), text.reveal().to_owned())),
        );
        let request = PlanRequest {
            operation: self.form.operation().id.clone(),
            profile: profile.name,
            parameters: output.parameters,
            secrets,
            secret_pointers: output.secret_pointers,
        };
        spawn_local(async move {
            let answer = self.client.make_plan(&request).await;
            self.health.learn(&answer);
            if let Ok(plan) = &answer {
                // Kept in memory for the dry run and the confirmation, which send them again.
                self.secrets.keep(&plan.id, &request.secrets);
            }
            wipe(request.secrets);
            // The person may have gone away meanwhile.
            if self.busy.try_get_untracked().is_none() {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(plan) => {
                    self.keeper.plan_made();
                    self.go.run(plan.id.clone());
                }
                Err(error) => self.refused(error),
            }
        });
    }

    /// Puts what the server said beside the fields that it spoke of; anything else stands above the form.
    fn refused(self, error: ClientError) {
        let masked = Value::Object(self.form.masked.get_untracked());
        let (mut verdicts, mut others) = (Vec::new(), Vec::new());
        for input in error.input_errors() {
            match into_parameters(&input.pointer) {
                Some(pointer) => verdicts.push(Verdict {
                    pointer: pointer.to_owned(),
                    detail: input.detail.clone(),
                    value: masked.pointer(pointer).cloned(),
                }),
                None => others.push(input.detail.clone()),
            }
        }
        if verdicts.is_empty() {
            self.failed.set(Some(error));
            return;
        }
        self.form.verdicts.set(verdicts);
        let mut problems = self.form.problems.get_untracked();
        problems.extend(others.into_iter().map(|detail| FormProblem {
            path: None,
            pointer: String::new(),
            titles: Vec::new(),
            what: What::Server(detail),
        }));
        self.form.summary.set(problems);
        focus_error_summary();
    }

    /// Why no plan was made, with a next step.
    #[must_use]
    pub(super) fn failure(self) -> AnyView {
        let words = use_words();
        (move || {
            self.failed.get().map(|error| {
                let mut explained = error.explain(words.get());
                explained.detail = [explained.detail, words.get().form.not_made().to_owned()]
                    .into_iter()
                    .filter(|text| !text.is_empty())
                    .collect::<Vec<_>>()
                    .join(" ");
                view! { <ErrorNote explained=explained retry=Callback::new(move |()| self.send())/> }
            })
        })
        .into_any()
    }
}
