//! How a form is kept while it is typed into: in the storage without secrets, and the secrets in memory.

use super::opening::{Linked, Opened, secrets_key};
use super::refilling::Refilled;
use crate::client::{Client, ClientError, Profile, use_client};
use crate::components::{Announcer, Note, NoteKind, use_announcer};
use crate::form::FormState;
use crate::form::browser_zone::{BrowserZone, fresh_token};
use crate::form::draft::{Draft, Entry};
use crate::form::output::Output;
use crate::form::stored;
use crate::form::time::Civil;
use crate::state::drafts;
use crate::state::profiles::use_profiles;
use crate::state::secrets::{PlanSecrets, use_plan_secrets};
use crate::times;
use crate::words::{Words, say, use_words};
use catalog::model::{Operation, Role};
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;

/// The form of a page with everything around it: a key, so that handing it on costs nothing.
#[derive(Clone, Copy)]
pub(super) struct Filling(StoredValue<Rc<Parts>>);

/// What the page of a form consists of.
pub(super) struct Parts {
    pub(super) form: FormState,
    pub(super) operation: Arc<Operation>,
    /// Empty while there is no profile.
    pub(super) profile: String,
    /// What would stand in the form if nothing had been typed.
    fresh: RwSignal<Draft>,
    /// When it was saved; `None` while nothing is.
    saved: RwSignal<Option<f64>>,
    /// When the draft that the form began with was saved, until something is typed.
    restored: RwSignal<Option<f64>>,
    refused: RwSignal<bool>,
    /// The draft that can be put back.
    replaced: RwSignal<Option<Draft>>,
    pub(super) refilled: RwSignal<Option<Refilled>>,
    /// Whether the plan is being made.
    pub(super) busy: RwSignal<bool>,
    /// Why none was made.
    pub(super) failed: RwSignal<Option<ClientError>>,
    pub(super) secrets: PlanSecrets,
    pub(super) announcer: Announcer,
    pub(super) client: Client,
}

impl Filling {
    /// Keeps the draft of a form from now on.
    #[must_use]
    pub(super) fn new(form: FormState, profile: Option<&Profile>, opened: &Opened) -> Filling {
        let filling = Filling(StoredValue::new(Rc::new(Parts {
            form,
            operation: form.operation(),
            profile: profile.map(|profile| profile.name.clone()).unwrap_or_default(),
            fresh: RwSignal::new(opened.fresh.clone()),
            saved: RwSignal::new(None),
            restored: RwSignal::new(opened.restored),
            refused: RwSignal::new(false),
            replaced: RwSignal::new(opened.replaced.clone()),
            refilled: RwSignal::new(None),
            busy: RwSignal::new(false),
            failed: RwSignal::new(None),
            secrets: use_plan_secrets(),
            announcer: use_announcer(),
            client: use_client(),
        })));
        let is_linked = opened.link.is_some();
        Effect::new(move |before: Option<Draft>| {
            let draft = form.draft().get();
            if before.as_ref() != Some(&draft) {
                // The first time: a draft that was found is saved already, what a link says is not.
                if is_linked || before.is_some() {
                    let parts = filling.parts();
                    parts.restored.set(None);
                    parts.save(&draft);
                }
            }
            draft
        });
        filling
    }

    /// What it consists of.
    pub(super) fn parts(self) -> Rc<Parts> {
        self.0.get_value()
    }

    /// The same; `None` when the person has gone away.
    pub(super) fn parts_if_open(self) -> Option<Rc<Parts>> {
        self.0.try_get_value()
    }

    /// Forgets what was typed.
    pub(super) fn clear(self) {
        let parts = self.parts();
        let operation = &parts.operation;
        let mut draft = parts.fresh.get_untracked();
        draft.renew_token(operation, fresh_token());
        // Kept on the page until it is left, without its secrets.
        let typed = parts.form.draft().get_untracked();
        let kept = (!typed.is_fresh(&draft, operation)).then(|| {
            stored::restore(operation, &stored::store(operation, &typed, &BrowserZone), &BrowserZone)
        });
        parts.fresh.set(draft.clone());
        parts.form.replace(draft);
        parts.forget(operation);
        parts.restored.set(None);
        parts.refilled.set(kept.is_some().then_some(Refilled::Cleared));
        parts.replaced.set(kept.flatten());
        parts.announcer.say(untrack(|| parts.form.words().cleared()));
    }

    /// What is said beside the buttons.
    #[must_use]
    pub(super) fn said(self) -> String {
        let parts = self.parts();
        let words = parts.form.words();
        if parts.refused.get() {
            return words.draft_not_saved().to_owned();
        }
        if let Some(at) = parts.restored.get() {
            return words.draft_restored(&clock_time(at));
        }
        let has_secret = parts.form.has_secret();
        parts.saved.get().map_or_else(String::new, |at| {
            let at = clock_time(at);
            if has_secret { words.draft_saved_no_secrets(&at) } else { words.draft_saved(&at) }
        })
    }

    /// What the link or the earlier plan came to, and the way back to the draft that it took the place of.
    #[must_use]
    pub(super) fn notices(self, missing: Option<String>, link: Option<Linked>) -> AnyView {
        let words = use_words();
        let missing = missing.map(|name| {
            let is_known = use_profiles().named(&name).is_some();
            let text = move || {
                let words = &words.get().form;
                if is_known { words.profile_of_other_cloud(&name) } else { words.no_such_profile(&name) }
            };
            view! { <Note kind=NoteKind::Warn><p>{text}</p></Note> }
        });
        let link = link.map(|Linked { taken, unknown, secret, repeated }| {
            let odd = [&unknown, &secret, &repeated].iter().any(|names| !names.is_empty());
            let kind = if odd { NoteKind::Warn } else { NoteKind::Info };
            let lines = move || {
                let words = &words.get().form;
                let unknown = (!unknown.is_empty()).then(|| words.link_unknown(&unknown));
                let secret = (!secret.is_empty()).then(|| words.link_secret(&secret));
                let repeated = (!repeated.is_empty()).then(|| words.link_repeated(&repeated));
                lines([Some(words.link_filled(taken)), unknown, secret, repeated])
            };
            view! { <Note kind=kind>{lines}{move || self.back(|w| w.form.draft_replaced())}</Note> }
        });
        view! { {missing}{link}{move || self.refilled()} }
    }

    /// What came of starting from an earlier plan.
    fn refilled(self) -> AnyView {
        let words = self.parts().form.words();
        self.parts().refilled.with(|refilled| match refilled {
            None => ().into_any(),
            Some(Refilled::Done { secrets, added }) => {
                let lines = lines([
                    Some(words.refilled().to_owned()),
                    (!added.is_empty()).then(|| words.refill_added(added)),
                    secrets.then(|| words.refill_secrets().to_owned()),
                ]);
                view! { <Note kind=NoteKind::Info>{lines}{move || self.back(|w| w.form.draft_replaced())}</Note> }
            }
            Some(Refilled::Cleared) => {
                view! { <Note kind=NoteKind::Info>{move || self.back(|w| w.form.cleared())}</Note> }
            }
            Some(Refilled::OtherOperation) => {
                view! { <Note kind=NoteKind::Warn><p>{words.refill_other()}</p></Note> }
            }
            Some(Refilled::Failed(error)) => {
                let explained = error.explain(use_words().get());
                let title = words.refill_failed();
                view! {
                    <Note kind=NoteKind::Warn role="alert">
                        <p><b>{title}</b></p>
                        <p>{explained.title}</p>
                        <p>{explained.next}</p>
                    </Note>
                }
            }
        })
    }

    /// The way back to the draft that something else took the place of.
    fn back(self, why: fn(&'static Words) -> &'static str) -> Option<AnyView> {
        let put_back = move |_| {
            let parts = self.parts();
            let draft = parts.replaced.get_untracked();
            parts.replaced.set(None);
            parts.refilled.set(None);
            parts.form.replace(draft.unwrap_or_default());
        };
        self.parts().replaced.with(Option::is_some).then(|| {
            view! {
                <p class="row">
                    <span>{say(why)}</span>
                    <button class="btn btn-s" type="button" on:click=put_back>{say(|w| w.form.draft_back())}</button>
                </p>
            }
        })
    }
}

/// Lines of a note, each its own paragraph.
fn lines<const N: usize>(lines: [Option<String>; N]) -> AnyView {
    lines.into_iter().flatten().map(|line| view! { <p>{line}</p> }).collect_view()
}

impl Parts {
    fn save(&self, draft: &Draft) {
        let Parts { operation, profile, .. } = self;
        let output = Output::of(operation, draft, &BrowserZone);
        let key = secrets_key(operation, profile);
        if output.secrets.is_empty() {
            self.secrets.forget(&key);
        } else {
            self.secrets.keep(&key, &output.secrets);
        }
        if self.fresh.with_untracked(|fresh| draft.is_fresh(fresh, operation)) {
            drafts::remove(&operation.id, profile);
            self.saved.set(None);
            return;
        }
        let about =
            Draft::role(operation, Role::Instance).and_then(|path| draft.entry(&path).map(Entry::shown));
        let saved_at = times::now_ms();
        let kept = drafts::save(&drafts::Draft {
            operation: operation.id.clone(),
            profile: profile.clone(),
            about: about.unwrap_or_default(),
            saved_at: saved_at as u64,
            form: stored::store(operation, draft, &BrowserZone),
        });
        if !profile.is_empty() {
            drafts::remove(&operation.id, "");
        }
        self.refused.set(!kept);
        self.saved.set(kept.then_some(saved_at));
    }

    fn forget(&self, operation: &Operation) {
        drafts::remove(&operation.id, &self.profile);
        self.secrets.forget(&secrets_key(operation, &self.profile));
        self.saved.set(None);
    }

    /// A plan was made of the form: its token belongs to that plan now. What was typed stays for whoever comes back.
    pub(super) fn plan_made(&self) {
        let mut draft = self.form.draft().get_untracked();
        if !draft.own_token {
            draft.renew_token(&self.operation, fresh_token());
        }
        self.save(&draft);
    }
}

/// The time of day on this browser's clock.
fn clock_time(at: f64) -> String {
    // Milliseconds since 1970 are whole and far below 2^53.
    #[expect(clippy::cast_possible_truncation, reason = "instants of the calendar fit 64 bits")]
    let civil = Civil::at(at as i64, &BrowserZone);
    civil.map(|civil| Civil { second: 0, ..civil }.time_of_day()).unwrap_or_default()
}
