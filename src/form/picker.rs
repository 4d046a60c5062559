//! A field that the cloud's own list helps to fill: what is typed is the value, and choosing a row of the list fills
//! this field and every other that the row knows. The server searches and pages; the page holds what was asked for.

use crate::browser;
use crate::client::{Choice, ChoicesRequest, Client, ClientError, Outcome, Page, use_client};
use crate::components::{ComboEvent, ComboParts, Combobox, ListItem, Note, NoteKind, combobox};
use crate::form::binding::Binding;
use crate::form::browser_zone::BrowserZone;
use crate::form::choice::{Known, known_values};
use crate::form::control::Control;
use crate::form::draft::{Draft, Entry};
use crate::form::json_text::plain;
use crate::form::path::{Path, Step};
use crate::form::state::FormState;
use crate::search::holds;
use crate::state::health::use_health;
use crate::words::{say, use_words};
use catalog::model::{Kind, Operation};
use catalog::text::Joined;
use leptos::prelude::*;
use serde_json::Value;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// The server is asked once nothing was typed for so long.
const PAUSE: Duration = Duration::from_millis(180);

/// What a picker is for: a field of the form, or the value of a member of a free object.
pub struct Picked {
    /// Where the value stands.
    pub path: Path,
    /// What it is called.
    pub title: Signal<String>,
    /// Values that the catalogue names, for when the cloud names none.
    pub known: Vec<Known>,
    /// What the input is bound to.
    pub binding: Binding,
}

/// Whether a place is filled with a picker: the cloud has a list, and the value can be typed as a text.
#[must_use]
pub fn is_picked(control: Control) -> bool {
    let types = match *control.kind() {
        Kind::Integer { epoch_ms, .. } => !epoch_ms,
        Kind::Text { .. } | Kind::Number { .. } => true,
        _ => false,
    };
    types && control.form().offers_at(&control.path())
}

/// The control of a field.
#[must_use]
pub fn picker_control(control: Control) -> AnyView {
    let form = control.form();
    let inputmode = match *control.kind() {
        Kind::Integer { .. } => Some("numeric"),
        Kind::Number { .. } => Some("decimal"),
        _ => None,
    };
    let path = control.path();
    let hint = (!in_row(&path)).then(|| control.part_id("pick"));
    let described = hint.clone();
    let picked = Picked {
        path,
        title: Signal::derive(move || control.whole_title()),
        known: known_values(control).0,
        binding: Binding {
            inputmode,
            described_by: Signal::derive(move || control.described_with(described.clone())),
            ..Binding::of(control)
        },
    };
    let hint = hint.map(|id| view! { <p class="hint" id=id>{form.say(|words| words.choice_hint())}</p> });
    view! { {hint}{picker(form, picked)} }
}

fn in_row(path: &Path) -> bool {
    path.steps().iter().any(|step| matches!(step, Step::Row(_)))
}

/// What was chosen, as long as it is what the form says.
struct Chosen {
    value: String,
    choice: Choice,
    /// What other fields have to say for this to be true.
    filled: Vec<(Path, Value)>,
    /// Those of them that said something else before.
    changed: Vec<Path>,
}

/// What a picker consists of; none of it is followed but what the view shows.
struct Parts {
    form: FormState,
    path: Path,
    combo: Combobox,
    known: Vec<Known>,
    client: Client,
    failed: RwSignal<Option<ClientError>>,
    chosen: RwSignal<Option<Rc<Chosen>>>,
    now: RefCell<Now>,
}

/// What was asked for and found so far.
#[derive(Default)]
struct Now {
    found: Vec<Choice>,
    next: Option<String>,
    query: String,
    /// Counts questions: an answer to an earlier one comes too late.
    turn: u32,
}

/// A picker: a key, as a control is.
#[derive(Clone, Copy)]
struct Picker(StoredValue<Rc<Parts>>);

/// The input with its list, what went wrong with the list, and what was chosen.
#[must_use]
pub fn picker(form: FormState, picked: Picked) -> AnyView {
    let Picked { path, title, known, binding } = picked;
    let Binding { id, value, described_by, invalid, required, inputmode, left, .. } = binding;
    let in_row = in_row(&path);
    let combo = Combobox::new();
    let (failed, chosen) = (RwSignal::new(None), RwSignal::new(None));
    use_health().forget_silence(failed);
    let picker = Picker(StoredValue::new(Rc::new(Parts {
        form,
        path,
        combo,
        known,
        client: use_client(),
        failed,
        chosen,
        now: RefCell::default(),
    })));
    let act = Callback::new(move |event| match event {
        ComboEvent::Opened => picker.ask_anew(),
        ComboEvent::Typed(text) => picker.type_in(text),
        ComboEvent::More => picker.ask_more(),
        ComboEvent::Chosen(line) => picker.choose(line),
        ComboEvent::Left => left.try_run(()),
    });
    let input_id = id.clone();
    let parts =
        ComboParts { id, title, value, described_by, invalid, required, inputmode, alt_opens: !in_row, act };
    let again = Callback::new(move |()| {
        browser::focus(&input_id);
        combo.open.set(true);
        picker.ask_anew();
    });
    view! {
        {combobox(combo, parts)}
        {move || failed.get().map(|error| failure(form, error, title, again))}
        {move || picker.chosen_now(&value.get()).map(|chosen| summary(form, chosen, in_row))}
    }
}

impl Picker {
    /// What it consists of; `None` when the form is gone.
    fn parts(self) -> Option<Rc<Parts>> {
        self.0.try_get_value()
    }

    /// Types a value, as any input does. The server is asked once the person stops typing; until then the lines stay.
    fn type_in(self, text: String) {
        let Some(parts) = self.parts() else { return };
        let query = text.trim().to_owned();
        let value = Value::String(text);
        parts.form.change(|operation, draft| put(operation, draft, &parts.path, &value));
        parts.now.borrow_mut().query = query;
        parts.combo.busy.set(true);
        let turn = parts.next_turn();
        set_timeout(
            move || {
                // Another key was pressed, or the form is gone.
                let Some(parts) = self.parts().filter(|parts| parts.is_turn(turn)) else { return };
                if parts.combo.open.get_untracked() {
                    self.ask(None);
                } else {
                    parts.combo.busy.set(false);
                }
            },
            PAUSE,
        );
    }

    /// Reads the whole list from its start.
    fn ask_anew(self) {
        let Some(parts) = self.parts() else { return };
        parts.now.borrow_mut().query.clear();
        parts.show(Vec::new(), None);
        self.ask(None);
    }

    fn ask_more(self) {
        let Some(parts) = self.parts() else { return };
        let next = parts.now.borrow().next.clone();
        if next.is_some() && !parts.combo.busy.get_untracked() {
            self.ask(next);
        }
    }

    fn ask(self, cursor: Option<String>) {
        let Some(parts) = self.parts() else { return };
        let (form, turn) = (parts.form, parts.next_turn());
        let Some(field) = form.pointer(&parts.path) else { return };
        let request = ChoicesRequest {
            profile: form.offering_profile(),
            field,
            parameters: form.masked().get_untracked(),
            query: parts.now.borrow().query.clone(),
            cursor,
        };
        parts.combo.busy.set(true);
        parts.client.choices(&form.operation().id, &request).then(move |answer| {
            // A later question was asked meanwhile, or the form is gone.
            if let Some(parts) = self.parts().filter(|parts| parts.is_turn(turn)) {
                parts.combo.busy.set(false);
                parts.answered(answer, request);
            }
        });
    }

    /// Fills this field, and the others that the row knows.
    fn choose(self, line: usize) {
        let Some(parts) = self.parts() else { return };
        let choice = parts.now.borrow().found.get(line).cloned();
        if let Some(choice) = choice {
            parts.take(choice, false);
        }
    }

    /// What was chosen, while this field and those that it filled still say so.
    fn chosen_now(self, value: &str) -> Option<Rc<Chosen>> {
        let parts = self.parts()?;
        let chosen = parts.chosen.get().filter(|chosen| chosen.value == value)?;
        let holds = chosen
            .filled
            .iter()
            .all(|(path, value)| parts.form.entry(path).is_some_and(|entry| entry.shown() == plain(value)));
        holds.then_some(chosen)
    }
}

impl Parts {
    fn next_turn(&self) -> u32 {
        let mut now = self.now.borrow_mut();
        now.turn = now.turn.wrapping_add(1);
        now.turn
    }

    fn is_turn(&self, turn: u32) -> bool {
        self.now.borrow().turn == turn
    }

    fn answered(&self, answer: Outcome<Page<Choice>>, request: ChoicesRequest) {
        let is_first = request.cursor.is_none();
        match answer {
            Ok(page) => {
                self.failed.set(None);
                let mut found = match is_first {
                    true if page.items.is_empty() => self.known_choices(&request.query),
                    true => Vec::new(),
                    false => self.now.borrow().found.clone(),
                };
                found.extend(page.items);
                self.show(found, page.next);
                if is_first {
                    self.combo.begin();
                }
                self.recognise(&request.query);
            }
            Err(error) => {
                self.failed.set(Some(error));
                if is_first {
                    let known = self.known_choices(&request.query);
                    if known.is_empty() {
                        self.combo.close();
                    }
                    self.show(known, None);
                }
            }
        }
    }

    /// Where the cloud names nothing, what the catalogue knows is better than nothing.
    fn known_choices(&self, query: &str) -> Vec<Choice> {
        let language = untrack(|| self.form.language());
        let mut choices = Vec::new();
        for Known { value, title } in &self.known {
            let title = title.get(language);
            if holds(&[&**value, title].joined(" "), query) {
                choices.push(Choice {
                    value: Value::from(value.as_str()),
                    label: if title.is_empty() { value } else { title }.to_owned(),
                    details: Vec::new(),
                    unavailable: None,
                    fills: serde_json::Map::new(),
                });
            }
        }
        choices
    }

    fn show(&self, found: Vec<Choice>, next: Option<String>) {
        self.combo.items.set(found.iter().map(item).collect());
        self.combo.more.set(next.is_some());
        let mut now = self.now.borrow_mut();
        now.found = found;
        now.next = next;
    }

    /// Whoever typed the whole of the one value that there is has chosen it: the list gets out of the way, and what the
    /// row knows fills what is still empty.
    fn recognise(&self, typed: &str) {
        let only = match self.now.borrow().found.as_slice() {
            [only] if only.unavailable.is_none() && plain(&only.value) == typed => Some(only.clone()),
            _ => None,
        };
        let is_it = self.combo.open.get_untracked() && self.now.borrow().next.is_none();
        if let Some(choice) = only.filter(|_| is_it) {
            self.combo.close();
            self.take(choice, true);
        }
    }

    fn take(&self, choice: Choice, only_empty: bool) {
        self.combo.note.set(untrack(|| self.form.words()).choice_chosen(&choice.label));
        let path = &self.path;
        let (mut filled, mut changed) = (Vec::new(), Vec::new());
        self.form.change(|operation, draft| {
            put(operation, draft, path, &choice.value);
            for (pointer, value) in &choice.fills {
                // The deepest place that there is may lie above the one that is meant.
                let Some(place) = Path::find(operation, draft, pointer).filter(|place| {
                    place != path && place.pointer(operation, draft).as_ref() == Some(pointer)
                }) else {
                    continue;
                };
                let said = draft.entry(&place).map(Entry::shown).unwrap_or_default();
                let is_said = said == plain(value);
                if !is_said && only_empty && !said.is_empty() {
                    continue;
                }
                if !is_said {
                    put(operation, draft, &place, value);
                    changed.push(place.clone());
                }
                filled.push((place, value.clone()));
            }
        });
        self.chosen.set(Some(Rc::new(Chosen { value: plain(&choice.value), choice, filled, changed })));
    }
}

fn put(operation: &Operation, draft: &mut Draft, path: &Path, value: &Value) {
    if let Some(row) = draft.free_row_mut(operation, path) {
        row.text = plain(value);
        return;
    }
    let kind = path.place(operation).and_then(|place| place.kind);
    match kind {
        Some(Kind::Text { .. } | Kind::Integer { epoch_ms: false, .. } | Kind::Number { .. }) => {
            draft.set(operation, path, Entry::Text(plain(value)));
        }
        _ => draft.set_value(operation, path, value, &BrowserZone),
    }
}

fn item(choice: &Choice) -> ListItem {
    let value = plain(&choice.value);
    let name = if choice.label.is_empty() { value.clone() } else { choice.label.clone() };
    let details = choice.details.iter().map(|detail| (detail.label.clone(), detail.value.clone()));
    ListItem {
        id: if name == value { String::new() } else { value },
        name,
        details: details.collect(),
        unavailable: choice.unavailable.clone(),
    }
}

/// Why there is no list, and the way to ask again. Typing goes on beside it.
fn failure(form: FormState, error: ClientError, title: Signal<String>, again: Callback<()>) -> AnyView {
    let words = use_words();
    let said = move || {
        let explained = error.explain(words.get());
        if explained.detail.is_empty() {
            format!("{} {}", explained.title, explained.next)
        } else {
            explained.detail
        }
    };
    view! {
        <Note kind=NoteKind::Warn role="alert">
            <p><b>{form.say(|words| words.choices_failed())}</b>" "{said}</p>
            <p class="row">
                <button
                    class="btn btn-s"
                    type="button"
                    aria-label=move || form.words().choices_again_of(&title.get())
                    on:click=move |_| again.run(())
                >
                    {say(|w| w.shell.try_again())}
                </button>
            </p>
        </Note>
    }
}

/// What was chosen: its name, what else is known about it, what else it filled.
fn summary(form: FormState, chosen: Rc<Chosen>, in_row: bool) -> AnyView {
    let choice = &chosen.choice;
    let named = (choice.label != chosen.value).then(|| choice.label.clone());
    if in_row {
        return named.map(|name| view! { <p class="hint">{name}</p> }).into_any();
    }
    if named.is_none() && choice.details.is_empty() {
        return ().into_any();
    }
    let details = choice.details.iter().map(|detail| {
        let (label, value) = (detail.label.clone(), detail.value.clone());
        view! { <div><dt>{label}</dt><dd>{value}</dd></div> }
    });
    let details = details.collect_view();
    let operation = form.operation();
    let also = move || {
        let (language, words) = (form.language(), form.words());
        let titles = chosen.changed.iter().filter_map(|path| path.place(&operation));
        let names: Vec<&str> = titles.map(|place| place.field.title.get(language)).collect();
        (!names.is_empty()).then(|| {
            let text = words.choice_filled(&names.joined(words.comma()));
            view! { <p class="hint">{text}</p> }
        })
    };
    view! {
        <div class="chosen chosen-below">
            {named.map(|name| view! { <p class="chosen-name">{name}</p> })}
            <dl class="kv">{details}</dl>
            {also}
        </div>
    }
}
