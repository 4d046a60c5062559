//! Asking the server to do something with the run on the page, and showing what came of it.

use super::Following;
use crate::browser;
use crate::client::{Asked, Outcome, Run, SecretValues};
use crate::route::Route;
use leptos::prelude::*;
use serde_json::{Value, json};
use std::rc::Rc;
use std::time::Duration;

/// What a button asks for that needs nothing more.
pub(super) struct Press {
    /// The run's id.
    pub(super) run: String,
    /// `check`, `cancel` or `rollback`.
    pub(super) action: &'static str,
}

impl Following {
    /// Looks at the cloud now, or plans to take the run back and opens the review of that plan.
    pub(super) fn press(self, Press { run, action }: &Press) {
        if !self.start() {
            return;
        }
        if *action == "check" {
            self.await_run(self.client.act(run, action, json!({})));
            return;
        }
        self.client.undo(run, action).then(move |answer| {
            if let Some(plan) = self.end(answer) {
                self.router.go(&Route::plan(&*plan.id).href());
            }
        });
    }

    /// Sends the call again.
    pub(super) fn resend(self, run: &Run) {
        if self.start() {
            let secrets = self.entered.get_untracked();
            let asked = self.client.resend(run, &secrets);
            asked.then(move |answer| {
                if answer.is_ok() {
                    self.forget_secrets();
                }
                self.show(answer);
            });
        }
    }

    /// Says what became of the run.
    pub(super) fn settle(self, id: &str) {
        if self.start() {
            let body: Value = json!({
                "state": self.settled_as.get_untracked(), "evidence": self.evidence.get_untracked().trim(),
            });
            self.await_run(self.client.act(id, "settle", body));
        }
    }

    fn await_run(self, asked: Asked<Rc<Run>>) {
        asked.then(move |answer| self.show(answer));
    }

    /// Wipes what was typed for a call.
    pub(super) fn forget_secrets(self) {
        self.entered.try_set(SecretValues::new());
    }

    /// One thing at a time: false while another is under way.
    fn start(self) -> bool {
        let free = !self.busy.get_untracked();
        if free {
            self.busy.set(true);
            self.problem.set(None);
        }
        free
    }

    /// The run as it is now, and the words for whoever does not see it.
    fn show(self, answer: Outcome<Rc<Run>>) {
        let Some(run) = self.end(answer) else { return };
        let before = self.run.with_untracked(|run| run.as_ref().map(|run| run.state));
        // A new state is announced by the page; that nothing is new is worth saying too.
        if before == Some(run.state) {
            let table = &self.words.get_untracked().run;
            self.announcer.say(run.last_seen.clone().unwrap_or_else(|| table.nothing_new().to_owned()));
        }
        self.run.set(Some(run));
        // Where the pressed button is gone, the focus goes to what took its place.
        set_timeout(
            || {
                let lost = browser::document()
                    .and_then(|document| document.active_element())
                    .is_none_or(|focused| focused.tag_name() == "BODY");
                if lost {
                    browser::focus("next");
                }
            },
            Duration::ZERO,
        );
    }

    /// What came of it; `None` when it failed, or when the page shows something else by now.
    fn end<T>(self, answer: Outcome<T>) -> Option<T> {
        // The person may have left the page meanwhile.
        self.busy.try_set(false).is_none().then_some(())?;
        match answer {
            Ok(done) => Some(done),
            Err(error) => {
                let _ = self.problem.try_set(Some(error));
                // It may have been refused because the run has moved on.
                self.read_again();
                None
            }
        }
    }
}
