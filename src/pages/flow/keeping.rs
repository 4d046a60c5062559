//! How a form is kept while it is typed into: in the storage without secrets, and the secrets in memory.

use super::opening::{Opened, secrets_key};
use super::refilling::Refilled;
use crate::client::{Profile, SecretValues};
use crate::components::{Announcer, Note, NoteKind, use_announcer};
use crate::form::FormState;
use crate::form::browser_zone::{BrowserZone, fresh_token};
use crate::form::draft::{Draft, Entry};
use crate::form::output::Output;
use crate::form::secret::MASK;
use crate::form::stored;
use crate::form::time::Civil;
use crate::order::short_map;
use crate::state::drafts;
use crate::state::secrets::{PlanSecrets, use_plan_secrets, wipe};
use crate::times;
use crate::words::use_words;
use catalog::model::{Operation, Role};
use leptos::prelude::*;
use std::sync::Arc;

/// Keeps the draft, and says so.
#[derive(Clone, Copy)]
pub(super) struct Keeper {
    form: FormState,
    operation: StoredValue<Arc<Operation>>,
    pub(super) profile: StoredValue<String>,
    fresh: StoredValue<Draft>,
    opened: StoredValue<Opened>,
    pub(super) secrets: PlanSecrets,
    announcer: Announcer,
    /// When it was saved; `None` while nothing is.
    saved: RwSignal<Option<f64>>,
    /// When the draft that the form began with was saved, until something is typed.
    restored: RwSignal<Option<f64>>,
    refused: RwSignal<bool>,
    /// The draft that can be put back.
    replaced: RwSignal<Option<Draft>>,
    pub(super) refilled: RwSignal<Option<Refilled>>,
}

impl Keeper {
    /// Keeps the draft of a form from now on.
    #[must_use]
    pub(super) fn new(
        form: FormState,
        operation: &Arc<Operation>,
        profile: Option<&Profile>,
        opened: &Opened,
    ) -> Keeper {
        let keeper = Keeper {
            form,
            operation: StoredValue::new(Arc::clone(operation)),
            profile: StoredValue::new(profile.map(|profile| profile.name.clone()).unwrap_or_default()),
            fresh: StoredValue::new(opened.fresh.clone()),
            opened: StoredValue::new(opened.clone()),
            secrets: use_plan_secrets(),
            announcer: use_announcer(),
            saved: RwSignal::new(None),
            restored: RwSignal::new(opened.restored),
            refused: RwSignal::new(false),
            replaced: RwSignal::new(opened.replaced.clone()),
            refilled: RwSignal::new(None),
        };
        Effect::new(move |before: Option<Draft>| {
            let draft = form.draft.get();
            if before.as_ref().is_none_or(|before| *before != draft) {
                // The first time: a draft that was found is saved already, what a link says is not.
                let is_first = before.is_none();
                if !is_first || keeper.opened.with_value(|opened| opened.link.is_some()) {
                    keeper.restored.set(None);
                    keeper.save(&draft);
                }
            }
            draft
        });
        keeper
    }

    fn save(self, draft: &Draft) {
        let operation = self.operation.get_value();
        let profile = self.profile.get_value();
        self.keep_secrets(&operation, draft, &profile);
        if self.fresh.with_value(|fresh| draft.is_fresh(fresh, &operation)) {
            drafts::remove(&operation.id, &profile);
            self.saved.set(None);
            return;
        }
        let form = stored::store(&operation, draft, &BrowserZone);
        let about = Draft::role(&operation, Role::Instance)
            .and_then(|path| draft.entry(&path).map(Entry::shown))
            .unwrap_or_default();
        let saved_at = times::now_ms();
        let kept = drafts::save(&drafts::Draft {
            operation: operation.id.clone(),
            profile: profile.clone(),
            about,
            saved_at,
            form,
        });
        if !profile.is_empty() {
            drafts::remove(&operation.id, "");
        }
        self.refused.set(!kept);
        self.saved.set(kept.then_some(saved_at));
    }

    fn keep_secrets(self, operation: &Operation, draft: &Draft, profile: &str) {
        let output = Output::of(operation, draft, &BrowserZone);
        let key = secrets_key(operation, profile);
        if output.secrets.is_empty() {
            self.secrets.forget(&key);
        } else {
            let secrets: SecretValues = short_map(
                output.secrets.iter().map(|(pointer, text)| (pointer.clone(), text.reveal().to_owned())),
            );
            self.secrets.keep(&key, &secrets);
            wipe(secrets);
        }
    }

    /// Forgets what was typed.
    pub(super) fn clear(self) {
        let operation = self.operation.get_value();
        let mut draft = self.fresh.get_value();
        draft.renew_token(&operation, fresh_token());
        self.fresh.set_value(draft.clone());
        self.form.replace(draft);
        drafts::remove(&operation.id, &self.profile.get_value());
        self.secrets.forget(&secrets_key(&operation, &self.profile.get_value()));
        self.saved.set(None);
        self.restored.set(None);
        self.replaced.set(None);
        self.refilled.set(None);
        self.opened.update_value(|opened| opened.link = None);
        self.announcer.say(self.form.words().cleared());
    }

    /// A plan was made of the form: its token belongs to that plan now. What was typed stays for whoever comes back.
    pub(super) fn plan_made(self) {
        let operation = self.operation.get_value();
        let mut draft = self.form.draft.get_untracked();
        if !draft.own_token {
            draft.renew_token(&operation, fresh_token());
        }
        self.save(&draft);
    }

    /// What is said beside the buttons.
    #[must_use]
    pub(super) fn said(self) -> Signal<String> {
        Signal::derive(move || {
            let words = self.form.words();
            if self.refused.get() {
                return words.draft_not_saved().to_owned();
            }
            if let Some(at) = self.restored.get() {
                return words.draft_restored(&clock_time(at));
            }
            let has_secret = self
                .form
                .masked
                .with(|masked| serde_json::to_string(masked).is_ok_and(|text| text.contains(MASK)));
            match self.saved.get() {
                Some(at) if has_secret => words.draft_saved_no_secrets(&clock_time(at)),
                Some(at) => words.draft_saved(&clock_time(at)),
                None => String::new(),
            }
        })
    }

    /// What the link or the earlier plan came to, and the way back to the draft that it took the place of.
    #[must_use]
    pub(super) fn notices(self) -> AnyView {
        let words = use_words();
        let back = move || {
            self.replaced.get().map(|draft| {
                let put_back = move |_| {
                    self.replaced.set(None);
                    self.refilled.set(None);
                    self.form.replace(draft.clone());
                };
                view! {
                    <p class="row">
                        <span>{move || words.get().form.draft_replaced()}</span>
                        <button class="btn btn-s" type="button" on:click=put_back>
                            {move || words.get().form.draft_back()}
                        </button>
                    </p>
                }
            })
        };
        let opened = self.opened.get_value();
        let missing = opened.missing_profile.map(|name| {
            view! { <Note kind=NoteKind::Warn><p>{move || words.get().form.no_such_profile(&name)}</p></Note> }
        });
        let link = opened.link.map(|link| {
            let listed = |names: &[String]| names.join(", ");
            let (taken, unknown, secret) = (link.taken, listed(&link.unknown), listed(&link.secret));
            let kind = if unknown.is_empty() && secret.is_empty() { NoteKind::Info } else { NoteKind::Warn };
            view! {
                <Note kind=kind>
                    <p>{move || words.get().form.link_filled(taken)}</p>
                    {(!unknown.is_empty()).then(|| view! { <p>{move || words.get().form.link_unknown(&unknown)}</p> })}
                    {(!secret.is_empty()).then(|| view! { <p>{move || words.get().form.link_secret(&secret)}</p> })}
                    {back}
                </Note>
            }
        });
        let refilled = move || {
            self.refilled.get().map(|refilled| match refilled {
                Refilled::Done { secrets, added } => view! {
                    <Note kind=NoteKind::Info>
                        <p>{move || words.get().form.refilled()}</p>
                        {(!added.is_empty())
                            .then(|| view! { <p>{move || words.get().form.refill_added(&added)}</p> })}
                        {secrets.then(|| view! { <p>{move || words.get().form.refill_secrets()}</p> })}
                        {back}
                    </Note>
                }
                .into_any(),
                Refilled::OtherOperation => view! {
                    <Note kind=NoteKind::Warn><p>{move || words.get().form.refill_other()}</p></Note>
                }
                .into_any(),
                Refilled::Failed(error) => {
                    let explained = error.explain(words.get());
                    view! {
                        <Note kind=NoteKind::Warn role="alert">
                            <p><b>{move || words.get().form.refill_failed()}</b></p>
                            <p>{explained.title}</p>
                            <p>{explained.next}</p>
                        </Note>
                    }
                    .into_any()
                }
            })
        };
        view! { {missing}{link}{refilled} }.into_any()
    }
}

/// The time of day on this browser's clock.
fn clock_time(at: f64) -> String {
    // Milliseconds since 1970 are whole and far below 2^53.
    #[expect(clippy::cast_possible_truncation, reason = "instants of the calendar fit 64 bits")]
    let civil = Civil::at(at as i64, &BrowserZone);
    civil.map(|civil| Civil { second: 0, ..civil }.time_of_day()).unwrap_or_default()
}
