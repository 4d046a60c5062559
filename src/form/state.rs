//! The form while it is open: the draft, what was touched, what is wrong. One for each form; every control has its
//! key.

use crate::components::FieldProblem;
use crate::form::browser_zone::{BrowserZone, fresh_token};
use crate::form::draft::{Draft, Entry};
use crate::form::json_text::{self, JsonSlip};
use crate::form::offers::Offers;
use crate::form::output::Output;
use crate::form::path::Path;
use crate::form::problems::{FormProblem, Speaker, Verdict, What, gather};
use crate::form::secret::MASK;
use crate::words::form::FormWords;
use crate::words::use_words;
use catalog::model::{Language, Operation};
use catalog::text::holds;
use leptos::prelude::*;
use serde_json::{Map, Value};
use std::rc::Rc;
use std::sync::Arc;

/// The form while it is open: a key, so that handing it to a control costs nothing.
#[derive(Clone, Copy)]
pub struct FormState(StoredValue<Parts>);

/// What a form consists of.
struct Parts {
    operation: Arc<Operation>,
    offers: Offers,
    draft: RwSignal<Draft>,
    json: RwSignal<Option<String>>,
    /// Places that were left after something could have been typed.
    touched: RwSignal<Vec<Path>>,
    /// Places that were left because something is being pressed; `None` while nothing is.
    leaving: Option<Vec<Path>>,
    submitted: RwSignal<bool>,
    summary: RwSignal<Vec<Rc<FormProblem>>>,
    fresh: RwSignal<Vec<Path>>,
    verdicts: RwSignal<Vec<Verdict>>,
    now: RwSignal<i64>,
    problems: Memo<Problems>,
    wrong: Memo<usize>,
    masked: Memo<Map<String, Value>>,
}

/// Everything that is wrong. To compare it costs more than to look at it again, so each one found is another.
#[derive(Clone)]
struct Problems(Rc<Vec<Rc<FormProblem>>>);

impl PartialEq for Problems {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl FormState {
    /// A form that shows a draft.
    #[must_use]
    pub fn new(operation: Arc<Operation>, draft: Draft, now: i64) -> FormState {
        let draft = RwSignal::new(draft);
        let json = RwSignal::new(None::<String>);
        let verdicts = RwSignal::new(Vec::<Verdict>::new());
        let fresh = RwSignal::new(Vec::<Path>::new());
        let now = RwSignal::new(now);
        let of = Arc::clone(&operation);
        let problems = Memo::new(move |_| {
            let slip = slip(json);
            let found = draft.with(|draft| {
                let output = Output::of(&of, draft, &BrowserZone);
                verdicts.with(|verdicts| {
                    fresh.with(|fresh| gather(&of, draft, &output, slip.as_ref(), verdicts, fresh, now.get()))
                })
            });
            Problems(Rc::new(found.into_iter().map(Rc::new).collect()))
        });
        let of = Arc::clone(&operation);
        let masked = Memo::new(move |_| draft.with(|draft| Output::of(&of, draft, &BrowserZone).masked));
        FormState(StoredValue::new(Parts {
            operation,
            offers: Offers::default(),
            draft,
            json,
            touched: RwSignal::new(Vec::new()),
            leaving: None,
            submitted: RwSignal::new(false),
            summary: RwSignal::new(Vec::new()),
            fresh,
            verdicts,
            now,
            problems,
            wrong: Memo::new(move |_| problems.with(|problems| problems.0.len())),
            masked,
        }))
    }

    /// The operation.
    #[must_use]
    pub fn operation(self) -> Arc<Operation> {
        self.0.with_value(|form| Arc::clone(&form.operation))
    }

    /// What was typed.
    #[must_use]
    pub fn draft(self) -> RwSignal<Draft> {
        self.0.with_value(|form| form.draft)
    }

    /// The text of the JSON beside the form while it is edited.
    #[must_use]
    pub fn json(self) -> RwSignal<Option<String>> {
        self.0.with_value(|form| form.json)
    }

    /// Whether the person tried to go on: then everything that is wrong is shown.
    #[must_use]
    pub fn submitted(self) -> RwSignal<bool> {
        self.0.with_value(|form| form.submitted)
    }

    /// What stood in the way when the person last tried to go on.
    #[must_use]
    pub fn summary(self) -> RwSignal<Vec<Rc<FormProblem>>> {
        self.0.with_value(|form| form.summary)
    }

    /// Rows that a dry run asked for.
    #[must_use]
    pub fn fresh(self) -> RwSignal<Vec<Path>> {
        self.0.with_value(|form| form.fresh)
    }

    /// What the server said about values.
    #[must_use]
    pub fn verdicts(self) -> RwSignal<Vec<Verdict>> {
        self.0.with_value(|form| form.verdicts)
    }

    /// The present of the clouds that the profile speaks to, in milliseconds since 1970.
    #[must_use]
    pub fn now(self) -> RwSignal<i64> {
        self.0.with_value(|form| form.now)
    }

    fn problems(self) -> Memo<Problems> {
        self.0.with_value(|form| form.problems)
    }

    /// Everything that is wrong now.
    #[must_use]
    pub fn problems_now(self) -> Vec<Rc<FormProblem>> {
        self.problems().with_untracked(|problems| (*problems.0).clone())
    }

    /// How much is wrong now.
    #[must_use]
    pub fn wrong(self) -> usize {
        self.0.with_value(|form| form.wrong).get()
    }

    /// What would be sent, secrets masked.
    #[must_use]
    pub fn masked(self) -> Memo<Map<String, Value>> {
        self.0.with_value(|form| form.masked)
    }

    /// The language, followed.
    #[must_use]
    pub fn language(self) -> Language {
        use_words().get().language()
    }

    /// Says for which fields the cloud gives choices. Before the form is drawn.
    pub fn offer(self, offers: Offers) {
        self.0.update_value(|form| form.offers = offers);
    }

    /// Whose lists give the choices.
    #[must_use]
    pub fn offering_profile(self) -> String {
        self.0.with_value(|form| form.offers.profile.clone())
    }

    /// Whether the cloud gives choices for a place as it stands now.
    #[must_use]
    pub fn offers_at(self, path: &Path) -> bool {
        let pointer = self.pointer(path);
        pointer.is_some_and(|pointer| self.0.with_value(|form| form.offers.has(&pointer)))
    }

    /// The JSON pointer of a place as it stands now.
    #[must_use]
    pub fn pointer(self, path: &Path) -> Option<String> {
        let operation = self.operation();
        self.draft().with_untracked(|draft| path.pointer(&operation, draft))
    }

    /// Whether the person has gone away from it.
    #[must_use]
    pub fn is_gone(self) -> bool {
        self.0.try_with_value(|_| ()).is_none()
    }

    /// The words of the form, following the language.
    #[must_use]
    pub fn words(self) -> &'static FormWords {
        &use_words().get().form
    }

    /// One of the form's words as a child or an attribute.
    pub fn say(
        self,
        pick: fn(&'static FormWords) -> &'static str,
    ) -> impl Fn() -> &'static str + Copy + Send + Sync {
        move || pick(&use_words().get().form)
    }

    /// Changes what was typed, from a control. Nothing happens when the form is gone: a control that is taken away
    /// while it has the focus still reports that it lost it.
    pub fn change(self, change: impl FnOnce(&Operation, &mut Draft)) {
        let Some((operation, mut draft)) = self.to_change() else { return };
        change(&operation, &mut draft);
        self.changed(&operation, draft);
    }

    // What does not depend on the change is not compiled again for each.
    #[inline(never)]
    fn to_change(self) -> Option<(Arc<Operation>, Draft)> {
        (!self.is_gone()).then(|| (self.operation(), self.draft().get_untracked()))
    }

    #[inline(never)]
    fn changed(self, operation: &Operation, draft: Draft) {
        self.settle(operation, draft);
        self.follow_json();
    }

    /// Takes a changed draft; its token follows.
    fn settle(self, operation: &Operation, mut draft: Draft) {
        self.draft().update(|now| {
            draft.settle_token(operation, now, fresh_token);
            *now = draft;
        });
    }

    /// Puts a new token into the draft.
    pub fn renew_token(self) {
        let operation = self.operation();
        self.draft().update(|draft| draft.renew_token(&operation, fresh_token()));
        self.follow_json();
    }

    /// The text beside the form follows, unless it cannot be read: then it is the person's to mend.
    fn follow_json(self) {
        let json = self.json();
        let readable =
            json.with_untracked(|text| text.as_ref().is_some_and(|text| json_text::parse(text).is_ok()));
        if readable {
            json.set(Some(self.masked().with_untracked(json_text::print)));
        }
    }

    /// Takes the text that is being edited beside the form. The form follows as soon as it can be read.
    pub fn edit_json(self, text: String) {
        let operation = self.operation();
        if let Ok(parameters) = json_text::parse(&text) {
            let before = self.draft().get_untracked();
            let draft = Draft::from_parameters(&operation, &parameters, Some(&before), &BrowserZone);
            self.settle(&operation, draft);
        }
        self.json().set(Some(text));
    }

    /// Why the text beside the form cannot be read.
    #[must_use]
    pub fn json_slip(self) -> Option<JsonSlip> {
        slip(self.json())
    }

    /// Puts another draft in the place of this one, as if the form had just been opened.
    pub fn replace(self, draft: Draft) {
        self.draft().set(draft);
        self.json().set(None);
        self.touched().set(Vec::new());
        self.submitted().set(false);
        self.summary().set(Vec::new());
        self.fresh().set(Vec::new());
        self.verdicts().set(Vec::new());
    }

    /// Something is being pressed. An error that appeared now would move the page under the pointer, and the press
    /// would miss what it was meant for.
    pub fn press_begins(self) {
        self.0.update_value(|form| {
            form.leaving.get_or_insert_default();
        });
    }

    /// What was pressed has been let go of.
    pub fn press_ends(self) {
        let left = self.0.try_update_value(|form| form.leaving.take()).flatten().unwrap_or_default();
        for path in left {
            self.touch(&path);
        }
    }

    fn touched(self) -> RwSignal<Vec<Path>> {
        self.0.with_value(|form| form.touched)
    }

    /// Remembers that a place was left.
    pub fn touch(self, path: &Path) {
        let waits = self.0.try_update_value(|form| match &mut form.leaving {
            Some(leaving) => {
                leaving.push(path.clone());
                true
            }
            None => false,
        });
        // Nor when the form is gone.
        if waits != Some(false) {
            return;
        }
        let touched = self.touched();
        if !touched.with_untracked(|touched| touched.contains(path)) {
            touched.update(|touched| touched.push(path.clone()));
        }
    }

    /// What is shown to be wrong at a place now, in words.
    #[must_use]
    pub fn problem_at(self, path: &Path, part: &str) -> Option<String> {
        let shown = self.submitted().get() || self.touched().with(|touched| touched.contains(path));
        self.problems().with(|problems| {
            let here = problems.0.iter().find(|problem| {
                problem.path.as_ref() == Some(path)
                    && problem.part() == part
                    && (shown || matches!(problem.what, What::Server(_)))
            });
            here.map(|problem| self.say_problem(problem))
        })
    }

    /// Whether something at or below a place is shown to be wrong.
    #[must_use]
    pub fn is_bad_within(self, path: &Path) -> bool {
        let submitted = self.submitted().get();
        let touched = self.touched().get();
        self.problems().with(|problems| {
            problems.0.iter().any(|problem| {
                problem
                    .path
                    .as_ref()
                    .is_some_and(|at| at.is_within(path) && (submitted || touched.contains(at)))
            })
        })
    }

    /// A problem in words.
    #[must_use]
    pub fn say_problem(self, problem: &FormProblem) -> String {
        problem.words(Speaker { language: self.language(), zone: &BrowserZone })
    }

    /// What stood in the way and still does, as it stands now: time goes on, and values change.
    fn still_wrong(self) -> Vec<Rc<FormProblem>> {
        let summary = self.summary().get();
        let mut left = (*self.problems().get().0).clone();
        left.retain(|now| {
            summary.iter().any(|problem| now.pointer == problem.pointer && now.path == problem.path)
        });
        left
    }

    /// Whether something stood in the way and still does.
    #[must_use]
    pub fn has_open_problems(self) -> bool {
        !self.still_wrong().is_empty()
    }

    /// What stood in the way and still does, in words, with the id of the control to mend it at.
    #[must_use]
    pub fn open_problems(self) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        for problem in self.still_wrong() {
            problems.push(FieldProblem { control: control_of(&problem), text: self.say_problem(&problem) });
        }
        problems
    }

    /// Whether a secret is masked in what is shown.
    #[must_use]
    pub fn has_secret(self) -> bool {
        self.masked().with(|masked| holds(&json_text::print(masked), MASK))
    }

    /// What is sent now. It holds the secrets: for the call that sends them.
    #[must_use]
    pub fn output(self) -> Output {
        let operation = self.operation();
        self.draft().with_untracked(|draft| Output::of(&operation, draft, &BrowserZone))
    }

    /// The entry at a place, following it.
    #[must_use]
    pub fn entry(self, path: &Path) -> Option<Entry> {
        self.draft().with(|draft| draft.entry(path).cloned())
    }
}

/// Why the text beside the form cannot be read, if it cannot.
fn slip(json: RwSignal<Option<String>>) -> Option<JsonSlip> {
    json.with(|text| text.as_ref().and_then(|text| json_text::parse(text).err()))
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
