//! One place of the form as its control sees it: ids, words, what is typed, what is wrong.

use crate::form::draft::{Draft, Entry};
use crate::form::path::Path;
use crate::form::problems::title;
use crate::form::state::{FormState, control_id};
use catalog::model::{Field, Kind, Operation};
use catalog::text::Joined;
use leptos::prelude::*;
use std::rc::Rc;

/// One place of the form: a key, so that handing it to each part of the control costs nothing.
#[derive(Clone, Copy)]
pub struct Control(StoredValue<Parts>);

/// What a control consists of.
struct Parts {
    form: FormState,
    path: Path,
    field: Rc<Field>,
    kind: Rc<Kind>,
    id: String,
    entry: Memo<Option<Entry>>,
    problem: Memo<Option<String>>,
    /// The id of a hint that stands beside it and describes it.
    hint: Option<String>,
}

impl Control {
    /// The control of a place; `None` when the operation has no such place.
    #[must_use]
    pub fn new(form: FormState, path: Path) -> Option<Control> {
        let operation = form.operation();
        let place = path.place(&operation)?;
        let field = Rc::new(place.field.clone());
        let kind = Rc::new(place.kind?.clone());
        let id = control_id(&path);
        let has_hint = !field.description.en.is_empty() && path.row().is_none();
        let hint = has_hint.then(|| format!("{id}-hint"));
        let at = path.clone();
        let entry = Memo::new(move |_| form.entry(&at));
        let at = path.clone();
        let problem = Memo::new(move |_| form.problem_at(&at, ""));
        Some(Control(StoredValue::new(Parts { form, path, field, kind, id, entry, problem, hint })))
    }

    /// The form.
    #[must_use]
    pub fn form(self) -> FormState {
        self.0.with_value(|control| control.form)
    }

    /// Where it stands.
    #[must_use]
    pub fn path(self) -> Path {
        self.0.with_value(|control| control.path.clone())
    }

    /// Its field; for an item of a list the list's.
    #[must_use]
    pub fn field(self) -> Rc<Field> {
        self.0.with_value(|control| Rc::clone(&control.field))
    }

    /// What its value is.
    #[must_use]
    pub fn kind(self) -> Rc<Kind> {
        self.0.with_value(|control| Rc::clone(&control.kind))
    }

    /// What is typed.
    #[must_use]
    pub fn entry(self) -> Memo<Option<Entry>> {
        self.0.with_value(|control| control.entry)
    }

    /// What is wrong, in words, when it is to be shown.
    #[must_use]
    pub fn problem(self) -> Memo<Option<String>> {
        self.0.with_value(|control| control.problem)
    }

    /// The id of the element that takes the focus.
    #[must_use]
    pub fn id(self) -> String {
        self.0.with_value(|control| control.id.clone())
    }

    /// The id of a part beside it.
    #[must_use]
    pub fn part_id(self, part: &str) -> String {
        [&*self.id(), part].joined("-")
    }

    /// Says that another element describes it, where it has no hint of its own.
    pub fn described_at(self, id: String) {
        self.0.update_value(|control| control.hint = Some(id));
    }

    /// The ids of what describes it now: its hint, its error, then what else does.
    #[must_use]
    pub fn described_with(self, more: Option<String>) -> Option<String> {
        let hint = self.0.with_value(|control| control.hint.clone());
        let error = self.problem().with(Option::is_some).then(|| self.part_id("error"));
        ids([hint, error, more])
    }

    /// The ids of what describes it, as an attribute.
    pub fn described_by(self) -> impl Fn() -> Option<String> + Copy {
        move || self.described_with(None)
    }

    /// For `aria-invalid`.
    pub fn invalid(self) -> impl Fn() -> Option<&'static str> + Copy {
        move || self.problem().with(Option::is_some).then_some("true")
    }

    /// For `aria-required`.
    #[must_use]
    pub fn required(self) -> Option<&'static str> {
        self.field().required.then_some("true")
    }

    /// Its title, following the language.
    #[must_use]
    pub fn title(self) -> String {
        self.field().title.get(self.form().language()).to_owned()
    }

    /// Its title as a child or an attribute.
    pub fn titled(self) -> impl Fn() -> String + Copy {
        move || self.title()
    }

    /// What an error calls it: with the row that it stands in.
    #[must_use]
    pub fn whole_title(self) -> String {
        let form = self.form();
        let operation = form.operation();
        let path = self.path();
        let parts = form.draft().with(|draft| path.titles(&operation, draft));
        title(form.words(), &parts, form.language())
    }

    /// What stands in a plain input.
    #[must_use]
    pub fn shown(self) -> String {
        self.entry().with(|entry| entry.as_ref().map(Entry::shown).unwrap_or_default())
    }

    /// What stands in a plain input, as its property.
    pub fn value(self) -> impl Fn() -> String + Copy {
        move || self.shown()
    }

    /// Types a text.
    pub fn set_text(self, text: String) {
        self.set(Entry::Text(text));
    }

    /// Types an entry.
    pub fn set(self, entry: Entry) {
        self.change(|operation, draft, path| {
            draft.set(operation, path, entry);
        });
    }

    /// Changes the draft at this place, unless the form is gone.
    pub fn change(self, change: impl FnOnce(&Operation, &mut Draft, &Path)) {
        if let Some((form, path)) = self.0.try_with_value(|control| (control.form, control.path.clone())) {
            form.change(|operation, draft| change(operation, draft, &path));
        }
    }

    /// Remembers that the person has left it.
    pub fn touch(self) {
        if let Some((form, path)) = self.0.try_with_value(|control| (control.form, control.path.clone())) {
            form.touch(&path);
        }
    }
}

/// Several ids as one attribute; nothing when there is none.
#[must_use]
pub fn ids<const N: usize>(ids: [Option<String>; N]) -> Option<String> {
    let ids: Vec<String> = ids.into_iter().flatten().collect();
    (!ids.is_empty()).then(|| ids.joined(" "))
}
