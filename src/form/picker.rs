//! A field that the cloud's own list helps to fill: what is typed is the value, and choosing a row of the list fills
//! this field and every other that the row knows. The server searches and pages; the page holds what was asked for.

use crate::browser;
use crate::client::{Choice, ChoicesRequest, Client, ClientError, use_client};
use crate::components::{ComboEvent, ComboParts, Combobox, ListItem, Note, NoteKind, combobox};
use crate::form::browser_zone::BrowserZone;
use crate::form::choice::known_values;
use crate::form::control::Control;
use crate::form::draft::{Draft, Entry};
use crate::form::path::{Path, Step};
use crate::form::state::FormState;
use crate::state::health::{Health, use_health};
use crate::words::use_words;
use catalog::model::{Kind, Operation};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;
use std::time::Duration;

/// The server is asked once nothing was typed for so long.
const PAUSE: Duration = Duration::from_millis(180);

/// What a picker is for: a field of the form, or the value of a member of a free object.
pub struct Picked {
    /// Where the value stands.
    pub path: Path,
    /// The id of the input.
    pub id: String,
    /// What it is called.
    pub title: Signal<String>,
    /// What stands in it.
    pub value: Signal<String>,
    /// The ids of what describes it.
    pub described_by: Signal<Option<String>>,
    /// For `aria-invalid`.
    pub invalid: Signal<Option<&'static str>>,
    /// For `aria-required`.
    pub required: Option<&'static str>,
    /// Which keys a touch screen offers.
    pub inputmode: Option<&'static str>,
    /// Values that the catalogue names, for when the cloud names none: value and meaning.
    pub known: Signal<Vec<(String, String)>>,
    /// The person has left it.
    pub left: Callback<()>,
}

/// Whether a place is filled with a picker: the cloud has a list, and the value can be typed as a text.
#[must_use]
pub fn is_picked(control: Control) -> bool {
    let types = match control.kind() {
        Kind::Integer { epoch_ms, .. } => !epoch_ms,
        Kind::Text { .. } | Kind::Number { .. } => true,
        _ => false,
    };
    types && control.form.offers_at(&control.path())
}

/// The control of a field.
#[must_use]
pub fn picker_control(control: Control) -> AnyView {
    let form = control.form;
    let inputmode = match control.kind() {
        Kind::Integer { .. } => Some("numeric"),
        Kind::Number { .. } => Some("decimal"),
        _ => None,
    };
    let in_row = in_row(&control.path());
    let hint = control.part_id("pick");
    let described = {
        let hint = (!in_row).then(|| hint.clone());
        move || {
            let ids: Vec<String> = control.described_by().into_iter().chain(hint.clone()).collect();
            (!ids.is_empty()).then(|| ids.join(" "))
        }
    };
    let known = StoredValue::new(known_values(control).0);
    let picked = Picked {
        path: control.path(),
        id: control.id(),
        title: Signal::derive(move || control.whole_title()),
        value: Signal::derive(move || control.shown()),
        described_by: Signal::derive(described),
        invalid: Signal::derive(move || control.invalid()),
        required: control.required(),
        inputmode,
        known: Signal::derive(move || {
            let language = form.language.get();
            known.with_value(|known| {
                known
                    .iter()
                    .map(|known| (known.value.clone(), known.title.get(language).to_owned()))
                    .collect()
            })
        }),
        left: Callback::new(move |()| control.touch()),
    };
    let hint =
        (!in_row).then(|| view! { <p class="hint" id=hint>{form.say(|words| words.choice_hint())}</p> });
    view! { {hint}{picker(form, picked)} }.into_any()
}

fn in_row(path: &Path) -> bool {
    path.steps().iter().any(|step| matches!(step, Step::Row(_)))
}

/// What was chosen, as long as it is what the form says.
#[derive(Clone, Debug, PartialEq)]
struct Chosen {
    value: String,
    choice: Choice,
    /// What other fields have to say for this to be true.
    filled: Vec<(Path, Value)>,
    /// Those of them that said something else before.
    changed: Vec<Path>,
}

#[derive(Clone, Copy)]
struct Picker {
    form: FormState,
    path: StoredValue<Path>,
    combo: Combobox,
    found: StoredValue<Vec<Choice>>,
    next: StoredValue<Option<String>>,
    query: StoredValue<String>,
    /// Counts questions: an answer to an earlier one comes too late.
    turn: StoredValue<u32>,
    failed: RwSignal<Option<ClientError>>,
    chosen: RwSignal<Option<Chosen>>,
    known: Signal<Vec<(String, String)>>,
    client: Client,
    health: Health,
}

/// The input with its list, what went wrong with the list, and what was chosen.
#[must_use]
pub fn picker(form: FormState, picked: Picked) -> AnyView {
    let Picked { path, id, title, value, described_by, invalid, required, inputmode, known, left } = picked;
    let in_row = in_row(&path);
    let picker = Picker {
        form,
        path: StoredValue::new(path),
        combo: Combobox::new(),
        found: StoredValue::new(Vec::new()),
        next: StoredValue::new(None),
        query: StoredValue::new(String::new()),
        turn: StoredValue::new(0),
        failed: RwSignal::new(None),
        chosen: RwSignal::new(None),
        known,
        client: use_client(),
        health: use_health(),
    };
    let act = Callback::new(move |event| match event {
        ComboEvent::Opened => picker.ask_anew(String::new()),
        ComboEvent::Typed(text) => {
            picker.type_in(text.clone());
            picker.ask_soon(text.trim().to_owned());
        }
        ComboEvent::More => picker.ask_more(),
        ComboEvent::Chosen(line) => {
            if let Some(name) = picker.choose(line) {
                picker.combo.note.set(untrack(|| form.words()).choice_chosen(&name));
            }
        }
        ComboEvent::Left => left.run(()),
    });
    let input_id = id.clone();
    let parts =
        ComboParts { id, title, value, described_by, invalid, required, inputmode, alt_opens: !in_row, act };
    let again = Callback::new(move |()| {
        browser::focus(&input_id);
        picker.combo.open.set(true);
        picker.ask_anew(String::new());
    });
    view! {
        {combobox(picker.combo, parts)}
        {move || picker.failed.get().map(|error| failure(form, error, title, again))}
        {move || picker.chosen_now(&value.get()).map(|chosen| summary(form, chosen, in_row))}
    }
    .into_any()
}

impl Picker {
    /// Types a value, as any input does.
    fn type_in(self, text: String) {
        self.put(&Value::String(text));
    }

    fn put(self, value: &Value) {
        let Some(path) = self.path.try_get_value() else { return };
        self.form.change(|operation, draft| put(operation, draft, &path, value));
    }

    /// Reads the list from its start.
    fn ask_anew(self, query: String) {
        self.query.set_value(query);
        self.show(Vec::new(), None);
        self.ask(None);
    }

    /// The same, once the person stops typing. The lines stay until the new ones are there.
    fn ask_soon(self, query: String) {
        self.query.set_value(query);
        self.combo.busy.set(true);
        let turn = self.next_turn();
        set_timeout(
            move || {
                // Another key was pressed, or the form is gone.
                if self.turn.try_get_value() != Some(turn) {
                    return;
                }
                if self.combo.open.get_untracked() {
                    self.ask(None);
                } else {
                    self.combo.busy.set(false);
                }
            },
            PAUSE,
        );
    }

    fn ask_more(self) {
        let next = self.next.get_value();
        if next.is_some() && !self.combo.busy.get_untracked() {
            self.ask(next);
        }
    }

    fn next_turn(self) -> u32 {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        turn
    }

    fn ask(self, cursor: Option<String>) {
        let (form, turn) = (self.form, self.next_turn());
        let operation = form.operation();
        let pointer =
            self.path.with_value(|path| form.draft.with_untracked(|draft| path.pointer(&operation, draft)));
        let Some(field) = pointer else { return };
        let request = ChoicesRequest {
            profile: form.offers().profile,
            field,
            parameters: form.masked.get_untracked(),
            query: self.query.get_value(),
            cursor,
        };
        self.combo.busy.set(true);
        spawn_local(async move {
            let answer = self.client.choices(&operation.id, &request).await;
            self.health.learn(&answer);
            // A later question was asked meanwhile, or the form is gone.
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.combo.busy.set(false);
            match answer {
                Ok(page) => {
                    self.failed.set(None);
                    let mut found = if request.cursor.is_some() {
                        self.found.get_value()
                    } else {
                        self.known_first(&page.items)
                    };
                    found.extend(page.items);
                    self.show(found, page.next);
                    self.recognise(&request.query);
                }
                Err(error) => {
                    self.failed.set(Some(error));
                    if request.cursor.is_none() {
                        let known = self.known_first(&[]);
                        if known.is_empty() {
                            self.combo.close();
                        }
                        self.show(known, None);
                    }
                }
            }
        });
    }

    /// Where the cloud names nothing, what the catalogue knows is better than nothing.
    fn known_first(self, found: &[Choice]) -> Vec<Choice> {
        if !found.is_empty() {
            return Vec::new();
        }
        let query = self.query.get_value().to_lowercase();
        let known = self.known.get_untracked().into_iter();
        known
            .filter(|(value, title)| format!("{value} {title}").to_lowercase().contains(&query))
            .map(|(value, label)| Choice {
                label: if label.is_empty() { value.clone() } else { label },
                value: Value::String(value),
                details: Vec::new(),
                unavailable: None,
                fills: serde_json::Map::new(),
            })
            .collect()
    }

    fn show(self, found: Vec<Choice>, next: Option<String>) {
        self.combo.items.set(found.iter().map(item).collect());
        self.combo.more.set(next.is_some());
        self.found.set_value(found);
        self.next.set_value(next);
    }

    /// Fills this field, and the others that the row knows. Gives the name of what was chosen.
    fn choose(self, line: usize) -> Option<String> {
        let choice = self.found.with_value(|found| found.get(line).cloned())?;
        let name = choice.label.clone();
        self.take(choice, false);
        Some(name)
    }

    /// Whoever typed the whole of the one value that there is has chosen it: the list gets out of the way, and what the
    /// row knows fills what is still empty.
    fn recognise(self, typed: &str) {
        let only = self.found.with_value(|found| match found.as_slice() {
            [only] if only.unavailable.is_none() && plain(&only.value) == typed => Some(only.clone()),
            _ => None,
        });
        let is_it = self.combo.open.get_untracked() && self.next.with_value(Option::is_none);
        if let Some(choice) = only.filter(|_| is_it) {
            self.combo.close();
            self.combo.note.set(untrack(|| self.form.words()).choice_chosen(&choice.label));
            self.take(choice, true);
        }
    }

    fn take(self, choice: Choice, only_empty: bool) {
        let Some(path) = self.path.try_get_value() else { return };
        let (mut filled, mut changed) = (Vec::new(), Vec::new());
        self.form.change(|operation, draft| {
            put(operation, draft, &path, &choice.value);
            for (pointer, value) in &choice.fills {
                let place = Path::find(operation, draft, pointer);
                // The deepest place that there is may lie above the one that is meant.
                let place = place.filter(|place| place.pointer(operation, draft).as_ref() == Some(pointer));
                if let Some(place) = place.filter(|place| *place != path) {
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
            }
        });
        self.chosen.set(Some(Chosen { value: plain(&choice.value), choice, filled, changed }));
    }

    /// What was chosen, while this field and those that it filled still say so.
    fn chosen_now(self, value: &str) -> Option<Chosen> {
        let chosen = self.chosen.get().filter(|chosen| chosen.value == value)?;
        let holds = chosen
            .filled
            .iter()
            .all(|(path, value)| self.form.entry(path).is_some_and(|entry| entry.shown() == plain(value)));
        holds.then_some(chosen)
    }
}

/// A value as it would be typed.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
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
                    {move || words.get().shell.try_again()}
                </button>
            </p>
        </Note>
    }
    .into_any()
}

/// What was chosen: its name, what else is known about it, what else it filled.
fn summary(form: FormState, chosen: Chosen, in_row: bool) -> AnyView {
    let Chosen { choice, changed, .. } = chosen;
    let operation = form.operation();
    let changed = StoredValue::new(changed);
    let also = move || {
        let (language, words) = (form.language.get(), form.words());
        let names = changed.with_value(|changed| {
            let titles = changed.iter().filter_map(|path| path.place(&operation));
            titles.map(|place| place.field.title.get(language).to_owned()).collect::<Vec<_>>()
        });
        (!names.is_empty()).then(|| words.choice_filled(&names.join(words.comma())))
    };
    let named = (choice.label != plain(&choice.value)).then(|| choice.label.clone());
    if in_row {
        return named.map(|name| view! { <p class="hint">{name}</p> }).into_any();
    }
    if named.is_none() && choice.details.is_empty() {
        return ().into_any();
    }
    let details = choice
        .details
        .into_iter()
        .map(|detail| view! { <div><dt>{detail.label}</dt><dd>{detail.value}</dd></div> })
        .collect_view();
    view! {
        <div class="chosen chosen-below">
            {named.map(|name| view! { <p class="chosen-name">{name}</p> })}
            <dl class="kv">{details}</dl>
            {move || also().map(|text| view! { <p class="hint">{text}</p> })}
        </div>
    }
    .into_any()
}
