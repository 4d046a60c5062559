//! From a valid form to a plan. Nothing that changes anything is sent from here.

use super::keeping::{Filling, Parts};
use crate::client::{ClientError, PlanRequest};
use crate::components::{ErrorNote, focus_error_summary};
use crate::form::pointer;
use crate::form::problems::{FormProblem, Verdict, What, into_parameters};
use crate::route::Route;
use crate::router::use_router;
use crate::state::health::use_health;
use crate::words::use_words;
use leptos::prelude::*;
use std::rc::Rc;

impl Filling {
    /// Sends the form to be validated, frozen and reviewed.
    pub(super) fn send(self) {
        let parts = self.parts();
        if parts.busy.get_untracked() || parts.profile.is_empty() {
            return;
        }
        parts.failed.set(None);
        parts.busy.set(true);
        let output = parts.form.output();
        let request = PlanRequest {
            operation: parts.operation.id.clone(),
            profile: parts.profile.clone(),
            secrets: output.secrets,
            parameters: output.parameters,
            secret_pointers: output.secret_pointers,
        };
        let router = use_router();
        let secrets = parts.secrets;
        parts.client.make_plan(&request).then(move |answer| {
            if let Ok(plan) = &answer {
                // Kept in memory for the dry run and the confirmation, which send them again.
                secrets.keep(&plan.id, &request.secrets);
            }
            // The person may have gone away meanwhile.
            let Some(parts) = self.parts_if_open() else { return };
            parts.busy.set(false);
            match answer {
                Ok(plan) => {
                    parts.plan_made();
                    router.go(&Route::plan(plan.id.clone()).href());
                }
                Err(error) => parts.refused(error),
            }
        });
    }

    /// Why no plan was made, with a next step.
    #[must_use]
    pub(super) fn failure(self) -> AnyView {
        let words = use_words();
        let retry = Callback::new(move |()| self.send());
        let failed = self.parts().failed;
        // What was not reached then can be reached now: the button is where it was.
        use_health().forget_silence(failed);
        let note = move || {
            failed.with(|failed| {
                failed.as_ref().map(|error| {
                    let words = words.get();
                    let mut explained = error.explain(words);
                    if !explained.detail.is_empty() {
                        explained.detail.push(' ');
                    }
                    explained.detail.push_str(words.form.not_made());
                    view! { <ErrorNote explained=explained retry=retry/> }
                })
            })
        };
        note.into_any()
    }
}

impl Parts {
    /// Puts what the server said beside the fields that it spoke of; anything else stands above the form.
    fn refused(&self, error: ClientError) {
        let masked = self.form.masked().get_untracked();
        let (mut verdicts, mut problems) = (Vec::new(), Vec::new());
        for input in error.input_errors() {
            let detail = input.detail.clone();
            match into_parameters(&input.pointer) {
                Some(pointer) => verdicts.push(Verdict {
                    pointer: pointer.to_owned(),
                    detail,
                    value: pointer::at(&masked, pointer).cloned(),
                }),
                None => problems.push(Rc::new(FormProblem {
                    path: None,
                    pointer: String::new(),
                    titles: Vec::new(),
                    what: What::Server(detail),
                })),
            }
        }
        if verdicts.is_empty() {
            self.failed.set(Some(error));
            return;
        }
        self.form.verdicts().set(verdicts);
        let mut summary = self.form.problems_now();
        summary.extend(problems);
        self.form.summary().set(summary);
        focus_error_summary();
    }
}
