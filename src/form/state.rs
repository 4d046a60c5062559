//! The form while it is open: the draft, what was touched, what is wrong. One for each form; it is copied into every
//! control.

use crate::form::browser_zone::{BrowserZone, fresh_token};
use crate::form::draft::{Draft, Entry};
use crate::form::json_text::{self, JsonSlip};
use crate::form::offers::Offers;
use crate::form::output::Output;
use crate::form::path::Path;
use crate::form::problems::{FormProblem, Speaker, Verdict, What, gather};
use crate::words::form::FormWords;
use crate::words::use_words;
use catalog::model::{Language, Operation};
use leptos::prelude::*;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The form while it is open.
#[derive(Clone, Copy)]
pub struct FormState {
    operation: StoredValue<Arc<Operation>>,
    offers: StoredValue<Offers>,
    /// What was typed.
    pub draft: RwSignal<Draft>,
    /// The text of the JSON beside the form while it is edited.
    pub json: RwSignal<Option<String>>,
    /// Places that were left after something could have been typed.
    touched: RwSignal<BTreeSet<Path>>,
    /// Places that were left because something is being pressed; `None` while nothing is.
    leaving: StoredValue<Option<Vec<Path>>>,
    /// Whether the person tried to go on: then everything that is wrong is shown.
    pub submitted: RwSignal<bool>,
    /// What stood in the way when the person last tried to go on.
    pub summary: RwSignal<Vec<FormProblem>>,
    /// Rows that a dry run asked for.
    pub fresh: RwSignal<Vec<Path>>,
    /// What the server said about values.
    pub verdicts: RwSignal<Vec<Verdict>>,
    /// The present of the clouds that the profile speaks to, in milliseconds since 1970.
    pub now: RwSignal<i64>,
    /// Everything that is wrong now.
    pub problems: Memo<Vec<FormProblem>>,
    /// What would be sent, secrets masked.
    pub masked: Memo<Map<String, Value>>,
    /// The language.
    pub language: Signal<Language>,
    words: Signal<&'static crate::words::Words>,
}

impl FormState {
    /// A form that shows a draft.
    #[must_use]
    pub fn new(operation: Arc<Operation>, draft: Draft, now: i64) -> FormState {
        let operation = StoredValue::new(operation);
        let draft = RwSignal::new(draft);
        let json = RwSignal::new(None::<String>);
        let verdicts = RwSignal::new(Vec::<Verdict>::new());
        let now = RwSignal::new(now);
        let problems = Memo::new(move |_| {
            let operation = operation.get_value();
            let slip = json.with(|text| text.as_ref().and_then(|text| json_text::parse(text).err()));
            draft.with(|draft| {
                let output = Output::of(&operation, draft, &BrowserZone);
                verdicts
                    .with(|verdicts| gather(&operation, draft, &output, slip.as_ref(), verdicts, now.get()))
            })
        });
        let masked = Memo::new(move |_| {
            draft.with(|draft| Output::of(&operation.get_value(), draft, &BrowserZone).masked)
        });
        FormState {
            operation,
            offers: StoredValue::new(Offers::default()),
            draft,
            json,
            touched: RwSignal::new(BTreeSet::new()),
            leaving: StoredValue::new(None),
            submitted: RwSignal::new(false),
            summary: RwSignal::new(Vec::new()),
            fresh: RwSignal::new(Vec::new()),
            verdicts,
            now,
            problems,
            masked,
            language: crate::state::preferences::use_language(),
            words: use_words(),
        }
    }

    /// The operation.
    #[must_use]
    pub fn operation(self) -> Arc<Operation> {
        self.operation.get_value()
    }

    /// Says for which fields the cloud gives choices. Before the form is drawn.
    pub fn offer(self, offers: Offers) {
        self.offers.set_value(offers);
    }

    /// For which fields the cloud gives choices.
    #[must_use]
    pub fn offers(self) -> Offers {
        self.offers.try_get_value().unwrap_or_default()
    }

    /// Whether the cloud gives choices for a place as it stands now.
    #[must_use]
    pub fn offers_at(self, path: &Path) -> bool {
        let operation = self.operation();
        let pointer = self.draft.with_untracked(|draft| path.pointer(&operation, draft));
        pointer.is_some_and(|pointer| self.offers.with_value(|offers| offers.has(&pointer)))
    }

    /// The words of the form, following the language.
    #[must_use]
    pub fn words(self) -> &'static FormWords {
        &self.words.get().form
    }

    /// One of the form's words as a child or an attribute.
    pub fn say(
        self,
        pick: fn(&'static FormWords) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync {
        move || pick(self.words())
    }

    /// Changes what was typed, from a control. Nothing happens when the form is gone: a control that is taken away
    /// while it has the focus still reports that it lost it.
    pub fn change(self, change: impl FnOnce(&Operation, &mut Draft)) {
        let Some(operation) = self.operation.try_get_value() else { return };
        self.draft.try_update(|draft| {
            let before = draft.clone();
            change(&operation, draft);
            draft.settle_token(&operation, &before, fresh_token);
        });
        self.follow_json();
    }

    /// Puts a new token into the draft.
    pub fn renew_token(self) {
        let operation = self.operation();
        self.draft.update(|draft| draft.renew_token(&operation, fresh_token()));
        self.follow_json();
    }

    /// The text beside the form follows, unless it cannot be read: then it is the person's to mend.
    fn follow_json(self) {
        let readable = self
            .json
            .try_with_untracked(|text| text.as_ref().is_some_and(|text| json_text::parse(text).is_ok()));
        if readable == Some(true) {
            let masked = self.masked.get_untracked();
            self.json.set(Some(json_text::print(&masked)));
        }
    }

    /// Takes the text that is being edited beside the form. The form follows as soon as it can be read.
    pub fn edit_json(self, text: String) {
        let operation = self.operation();
        if let Ok(parameters) = json_text::parse(&text) {
            self.draft.update(|draft| {
                let before = draft.clone();
                *draft = Draft::from_parameters(&operation, &parameters, Some(&before), &BrowserZone);
                draft.settle_token(&operation, &before, fresh_token);
            });
        }
        self.json.set(Some(text));
    }

    /// Why the text beside the form cannot be read.
    #[must_use]
    pub fn json_slip(self) -> Option<JsonSlip> {
        self.problems.with(|problems| {
            problems.iter().find_map(|problem| match &problem.what {
                What::Json(slip) => Some(slip.clone()),
                _ => None,
            })
        })
    }

    /// Puts another draft in the place of this one, as if the form had just been opened.
    pub fn replace(self, draft: Draft) {
        self.draft.set(draft);
        self.json.set(None);
        self.touched.set(BTreeSet::new());
        self.submitted.set(false);
        self.summary.set(Vec::new());
        self.fresh.set(Vec::new());
        self.verdicts.set(Vec::new());
    }

    /// Something is being pressed. An error that appeared now would move the page under the pointer, and the press
    /// would miss what it was meant for.
    pub fn press_begins(self) {
        self.leaving.try_update_value(|leaving| {
            leaving.get_or_insert_default();
        });
    }

    /// What was pressed has been let go of.
    pub fn press_ends(self) {
        let left = self.leaving.try_update_value(Option::take).flatten().unwrap_or_default();
        for path in left {
            self.touch(&path);
        }
    }

    /// Remembers that a place was left.
    pub fn touch(self, path: &Path) {
        let waits = self.leaving.try_update_value(|leaving| match leaving {
            Some(leaving) => {
                leaving.push(path.clone());
                true
            }
            None => false,
        });
        if waits == Some(true) {
            return;
        }
        if self.touched.try_with_untracked(|touched| touched.contains(path)) == Some(false) {
            self.touched.update(|touched| {
                touched.insert(path.clone());
            });
        }
    }

    /// The problem that is shown at a place now.
    #[must_use]
    pub fn problem_at(self, path: &Path, part: &str) -> Option<FormProblem> {
        let shown = self.submitted.get() || self.touched.with(|touched| touched.contains(path));
        let of_server = |problem: &FormProblem| matches!(problem.what, What::Server(_));
        self.problems.with(|problems| {
            let mut here = problems
                .iter()
                .filter(|problem| problem.path.as_ref() == Some(path) && problem.part() == part);
            here.find(|problem| shown || of_server(problem)).cloned()
        })
    }

    /// Whether something at or below a place is shown to be wrong.
    #[must_use]
    pub fn is_bad_within(self, path: &Path) -> bool {
        let submitted = self.submitted.get();
        self.problems.with(|problems| {
            problems.iter().any(|problem| {
                problem.path.as_ref().is_some_and(|at| {
                    at.is_within(path) && (submitted || self.touched.with(|touched| touched.contains(at)))
                })
            })
        })
    }

    /// A problem in words.
    #[must_use]
    pub fn say_problem(self, problem: &FormProblem) -> String {
        problem.words(Speaker { language: self.language.get(), zone: &BrowserZone })
    }

    /// What stood in the way and still does, in words, with the id of the control to mend it at.
    #[must_use]
    pub fn open_problems(self) -> Vec<(String, String)> {
        let left = self.problems.get();
        self.summary.with(|summary| {
            summary
                .iter()
                .filter(|problem| {
                    left.iter().any(|now| now.pointer == problem.pointer && now.path == problem.path)
                })
                .map(|problem| (control_of(problem), self.say_problem(problem)))
                .collect()
        })
    }

    /// What is sent now. It holds the secrets: for the call that sends them.
    #[must_use]
    pub fn output(self) -> Output {
        let operation = self.operation();
        self.draft.with_untracked(|draft| Output::of(&operation, draft, &BrowserZone))
    }

    /// The entry at a place, following it.
    #[must_use]
    pub fn entry(self, path: &Path) -> Option<Entry> {
        self.draft.with(|draft| draft.entry(path).cloned())
    }
}

/// The id of the control of a place.
#[must_use]
pub fn control_id(path: &Path) -> String {
    format!("field-{}", path.key())
}

/// The id of the text beside the form.
pub const JSON_ID: &str = "request-json";

/// The id of the control where a problem can be mended; empty when there is none.
#[must_use]
pub fn control_of(problem: &FormProblem) -> String {
    match (&problem.path, &problem.what) {
        (Some(path), _) => format!("{}{}", control_id(path), problem.part()),
        (None, What::Server(_)) => String::new(),
        (None, _) => JSON_ID.to_owned(),
    }
}
