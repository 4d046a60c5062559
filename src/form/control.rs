//! One place of the form as its control sees it: ids, words, what is typed, what is wrong.

use crate::form::draft::{Draft, Entry};
use crate::form::path::Path;
use crate::form::problems::title;
use crate::form::state::{FormState, control_id};
use catalog::model::{Field, Kind, Operation};
use leptos::prelude::*;

/// One place of the form.
#[derive(Clone, Copy)]
pub struct Control {
    /// The form.
    pub form: FormState,
    path: StoredValue<Path>,
    field: StoredValue<Field>,
    kind: StoredValue<Kind>,
    id: StoredValue<String>,
    /// What is typed.
    pub entry: Memo<Option<Entry>>,
    /// What is wrong, in words, when it is to be shown.
    pub problem: Memo<Option<String>>,
    /// Whether a hint stands beside it that describes it.
    hint: StoredValue<Option<String>>,
}

impl Control {
    /// The control of a place; `None` when the operation has no such place.
    #[must_use]
    pub fn new(form: FormState, path: Path) -> Option<Control> {
        let operation = form.operation();
        let place = path.place(&operation)?;
        let field = place.field.clone();
        let kind = place.kind?.clone();
        let id = control_id(&path);
        let has_hint = !field.description.en.is_empty() && path.row().is_none();
        let hint = has_hint.then(|| format!("{id}-hint"));
        let entry = {
            let path = path.clone();
            Memo::new(move |_| form.entry(&path))
        };
        let problem = {
            let path = path.clone();
            Memo::new(move |_| form.problem_at(&path, "").map(|problem| form.say_problem(&problem)))
        };
        Some(Control {
            form,
            path: StoredValue::new(path),
            field: StoredValue::new(field),
            kind: StoredValue::new(kind),
            id: StoredValue::new(id),
            entry,
            problem,
            hint: StoredValue::new(hint),
        })
    }

    /// Where it stands.
    #[must_use]
    pub fn path(self) -> Path {
        self.path.get_value()
    }

    /// Its field; for an item of a list the list's.
    #[must_use]
    pub fn field(self) -> Field {
        self.field.get_value()
    }

    /// What its value is.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.kind.get_value()
    }

    /// The id of the element that takes the focus.
    #[must_use]
    pub fn id(self) -> String {
        self.id.get_value()
    }

    /// The id of a part beside it.
    #[must_use]
    pub fn part_id(self, part: &str) -> String {
        format!("{}-{part}", self.id.get_value())
    }

    /// Says that another element describes it, where it has no hint of its own.
    pub fn described_at(self, id: String) {
        self.hint.set_value(Some(id));
    }

    /// The ids of what describes it now: its hint, then its error.
    #[must_use]
    pub fn described_by(self) -> Option<String> {
        let error = self.problem.with(Option::is_some).then(|| self.part_id("error"));
        let ids: Vec<String> = self.hint.get_value().into_iter().chain(error).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// For `aria-invalid`.
    #[must_use]
    pub fn invalid(self) -> Option<&'static str> {
        self.problem.with(Option::is_some).then_some("true")
    }

    /// For `aria-required`.
    #[must_use]
    pub fn required(self) -> Option<&'static str> {
        self.field.with_value(|field| field.required).then_some("true")
    }

    /// Its title, following the language.
    #[must_use]
    pub fn title(self) -> String {
        self.field.with_value(|field| field.title.get(self.form.language.get()).to_owned())
    }

    /// What an error calls it: with the row that it stands in.
    #[must_use]
    pub fn whole_title(self) -> String {
        let operation = self.form.operation();
        let parts = self.form.draft.with(|draft| self.path.with_value(|path| path.titles(&operation, draft)));
        title(self.form.words(), &parts, self.form.language.get())
    }

    /// What stands in a plain input.
    #[must_use]
    pub fn shown(self) -> String {
        self.entry.with(|entry| entry.as_ref().map(Entry::shown).unwrap_or_default())
    }

    /// Types a text.
    pub fn set_text(self, text: String) {
        self.set(Entry::Text(text));
    }

    /// Types an entry.
    pub fn set(self, entry: Entry) {
        if let Some(path) = self.path.try_get_value() {
            self.form.change(|operation, draft| {
                draft.set(operation, &path, entry);
            });
        }
    }

    /// Changes the draft at this place.
    pub fn change(self, change: impl FnOnce(&Operation, &mut Draft, &Path)) {
        if let Some(path) = self.path.try_get_value() {
            self.form.change(|operation, draft| change(operation, draft, &path));
        }
    }

    /// Remembers that the person has left it.
    pub fn touch(self) {
        if let Some(path) = self.path.try_get_value() {
            self.form.touch(&path);
        }
    }
}
