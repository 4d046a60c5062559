//! An object with members of any name: rows of name, type and value, or JSON.

use crate::form::binding::{self, Binding};
use crate::form::browser_zone::BrowserZone;
use crate::form::control::Control;
use crate::form::draft::{Entry, FreeKind, FreeRow, FreeText};
use crate::form::frame::{error_beside, not_shown_as_rows};
use crate::form::json_text;
use crate::form::path::{Path, Step};
use crate::form::picker::{Picked, picker};
use crate::form::row_tools::{RowTools, focus_soon};
use crate::form::secret::SecretText;
use crate::form::state::FormState;
use catalog::text::Joined;
use leptos::prelude::*;
use serde_json::{Map, Value};

/// The control.
#[must_use]
pub fn free_control(control: Control) -> AnyView {
    let form = control.form();
    let tools = RowTools::new(control);
    let as_json = Memo::new(move |_| {
        control.entry().with(|entry| matches!(entry, Some(Entry::Free(FreeText { json: Some(_), .. }))))
    });
    let toggle_id = control.part_id("as");
    let id = toggle_id.clone();
    let toggle = move |_| {
        let field = control.field();
        let masked = form.masked().get_untracked();
        control.change(|operation, draft, path| {
            if let Some(Entry::Free(free)) = draft.entry_mut(operation, path) {
                free.json = match free.json {
                    Some(_) => None,
                    None => Some(json_text::print(&members(&masked, &field.name))),
                };
            }
        });
        focus_soon(id.clone());
    };
    let inside = move || {
        if as_json.get() {
            return json_area(control);
        }
        view! {
            <div
                class="rows"
                role="group"
                aria-label=control.titled()
                aria-describedby=control.described_by()
            >
                <ul class=tools.list_class()>{tools.rows(Callback::new(move |row| free_row(control, tools, row)))}</ul>
                {tools.foot(None)}
            </div>
        }
    };
    view! {
        {not_shown_as_rows(control)}
        <div id=move || (!as_json.get()).then(|| control.id()) tabindex="-1">{inside}</div>
        <p class="row">
            <button class="btn btn-s" type="button" id=toggle_id on:click=toggle>
                {move || if as_json.get() { form.words().edit_as_rows() } else { form.words().edit_as_json() }}
            </button>
        </p>
    }
}

fn members(masked: &Map<String, Value>, name: &str) -> Map<String, Value> {
    masked.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
}

fn json_area(control: Control) -> AnyView {
    let text = move || match control.entry().get() {
        Some(Entry::Free(FreeText { json: Some(text), .. })) => text,
        _ => String::new(),
    };
    let typed = move |text| {
        control.change(|operation, draft, path| draft.set_free_json(operation, path, text, &BrowserZone));
    };
    let label = Signal::derive(move || control.form().words().json_of(&control.title()));
    let binding = Binding {
        label: Some(label),
        value: Signal::derive(text),
        typed: Callback::new(typed),
        ..Binding::of(control)
    };
    binding::area(binding, "8")
}

/// A member, as its row knows it.
#[derive(Clone, Copy)]
struct Member {
    form: FormState,
    path: StoredValue<Path>,
    row: Memo<Option<FreeRow>>,
}

impl Member {
    fn name(self) -> String {
        self.row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default())
    }

    fn text(self, is_secret: bool) -> String {
        self.row.with(|row| {
            let row = row.as_ref();
            row.map(|row| if is_secret { row.secret.reveal() } else { &row.text }.to_owned())
                .unwrap_or_default()
        })
    }

    /// Changes the member, unless it is gone.
    fn edit(self, change: fn(&mut FreeRow, String), text: String) {
        let Some(path) = self.path.try_get_value() else { return };
        self.form.change(|operation, draft| {
            if let Some(row) = draft.free_row_mut(operation, &path) {
                change(row, text);
            }
        });
    }

    fn retype(self, key: &str) {
        let (Some(kind), Some(path)) = (FreeKind::from_key(key), self.path.try_get_value()) else { return };
        self.form.change(|operation, draft| draft.set_free_kind(operation, &path, kind));
    }

    fn touch(self) {
        if let Some(path) = self.path.try_get_value() {
            self.form.touch(&path);
        }
    }

    /// A new row is not wrong while the person goes from its empty name to its type.
    fn touch_if_begun(self) {
        let is_begun =
            self.row.try_with_untracked(|row| row.as_ref().is_some_and(|row| !row.name.is_empty()));
        if is_begun == Some(true) {
            self.touch();
        }
    }

    /// What is shown to be wrong with it, in its name or in its value.
    fn problem(self, part: &'static str) -> Memo<Option<String>> {
        let Member { form, path, .. } = self;
        Memo::new(move |_| path.try_get_value().and_then(|path| form.problem_at(&path, part)))
    }
}

fn free_row(control: Control, tools: RowTools, row: u64) -> AnyView {
    let form = control.form();
    let path = StoredValue::new(control.path().join(Step::Row(row)));
    let id = tools.row_id(row);
    let read = move || {
        form.draft().with(|draft| path.try_get_value().and_then(|path| draft.free_row(&path).cloned()))
    };
    let member = Member { form, path, row: Memo::new(move |_| read()) };
    let kind =
        Memo::new(move |_| member.row.with(|row| row.as_ref().map(|row| row.kind).unwrap_or_default()));
    // What the row is called: by its name as soon as it has one.
    let called = Signal::derive(move || match &*member.name() {
        "" => tools.name(row),
        name => form.words().named_row_of(&control.title(), name),
    });
    let (name_problem, value_problem) = (member.problem("-name"), member.problem(""));
    let kinds = move || {
        let labels = FreeKind::ALL.into_iter().zip(form.words().free_kinds());
        labels.map(|(kind, label)| (kind.key().to_owned(), label.to_owned())).collect()
    };
    let part = |part: &str| [&*id, part].joined("-");
    let (name_id, kind_id, name_error) = (part("name"), part("kind"), part("name-error"));
    let (value_error, secret_hint) = (part("error"), part("kept"));
    let is_fresh = Memo::new(move |_| {
        form.fresh().with(|fresh| path.try_with_value(|path| fresh.contains(path))) == Some(true)
    });
    let class = move || {
        let bad = name_problem.with(Option::is_some) || value_problem.with(Option::is_some);
        match (bad, is_fresh.get()) {
            (true, _) => "rows-item rows-typed bad",
            (false, true) => "rows-item rows-typed fresh",
            (false, false) => "rows-item rows-typed",
        }
    };
    let name = Binding::new(
        name_id.clone(),
        Signal::derive(move || member.name()),
        Callback::new(move |text| member.edit(|row, text| row.name = text, text)),
        Callback::new(move |()| member.touch_if_begun()),
    );
    let name = binding::line(name.described(name_problem, name_error.clone(), None));
    let kind_choice = binding::select(
        Binding::new(
            kind_id.clone(),
            Signal::derive(move || kind.get().key().to_owned()),
            Callback::new(move |key: String| member.retype(&key)),
            Callback::new(|()| ()),
        ),
        Signal::derive(kinds),
    );
    let (error, hint, value_id) = (value_error.clone(), secret_hint.clone(), id.clone());
    let value = move || {
        let kind = kind.get();
        let is_secret = kind == FreeKind::Secret;
        let binding = Binding::new(
            value_id.clone(),
            Signal::derive(move || member.text(is_secret)),
            Callback::new(move |text| member.edit(if is_secret { set_secret } else { set_text }, text)),
            Callback::new(move |()| member.touch()),
        );
        let hint = is_secret.then(|| hint.clone());
        free_value(member, kind, called, binding.described(value_problem, error.clone(), hint))
    };
    let secret = move || {
        let hint = secret_hint.clone();
        (kind.get() == FreeKind::Secret)
            .then(|| view! { <p class="hint" id=hint>{form.say(|words| words.secret_hint())}</p> })
    };
    let tail = move || form.words().cell_of(&control.title(), tools.number(row));
    let label = move |id: String, pick| {
        view! { <label for=id>{form.say(pick)}<span class="vh">{tail}</span></label> }
    };
    view! {
        <li class=class id=part("row") on:keydown=move |event| tools.key(row, &event)>
            <div class="rows-cell">{label(name_id, |words| words.free_name())}{name}</div>
            <div class="rows-cell">{label(kind_id, |words| words.free_kind())}{kind_choice}</div>
            <div class="rows-cell">{label(id.clone(), |words| words.free_value())}{value}</div>
            {tools.buttons(row)}
            {error_beside(form, name_error, name_problem)}
            {error_beside(form, value_error, value_problem)}
            {move || is_fresh.get().then(|| view! { <p class="hint">{form.say(|words| words.fresh_row())}</p> })}
            {secret}
        </li>
    }
}

fn set_text(row: &mut FreeRow, text: String) {
    row.text = text;
}

fn set_secret(row: &mut FreeRow, text: String) {
    row.secret = SecretText::new(text);
}

/// The input for the value of a member, by its type.
fn free_value(member: Member, kind: FreeKind, called: Signal<String>, binding: Binding) -> AnyView {
    let Member { form, path, .. } = member;
    match kind {
        FreeKind::Secret => binding::secret(binding, called),
        FreeKind::Boolean => {
            let options = move || {
                ["", "true", "false"]
                    .map(|value| {
                        let label = if value.is_empty() { form.words().choose() } else { value };
                        (value.to_owned(), label.to_owned())
                    })
                    .to_vec()
            };
            binding::select(binding, Signal::derive(options))
        }
        FreeKind::Json => binding::area(binding, "2"),
        FreeKind::Text if path.try_with_value(|path| form.offers_at(path)) == Some(true) => {
            picker(form, Picked { path: path.get_value(), title: called, known: Vec::new(), binding })
        }
        FreeKind::Text => binding::line(binding),
        FreeKind::Number => binding::line(Binding { inputmode: Some("decimal"), ..binding }),
    }
}
