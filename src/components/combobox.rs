//! An input that can be typed into, with a list that it can be filled from: the editable combobox with a list popup of
//! the ARIA Authoring Practices. The focus stays in the input; the keys move through the list beside it. Whatever is
//! typed is the value: the list only helps.

use super::{Glyph, Icon};
use crate::browser;
use crate::words::form::FormWords;
use crate::words::use_words;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// So far a page key goes.
const PAGE_KEY: usize = 10;

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListItem {
    /// What it is called.
    pub name: String,
    /// Its id; empty when the name says it already.
    pub id: String,
    /// What else helps to choose: name and value.
    pub details: Vec<(String, String)>,
    /// Why it cannot be chosen.
    pub unavailable: Option<String>,
}

/// What a person does with a combobox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComboEvent {
    /// Opens the list, to see all of it.
    Opened,
    /// Types: the list is to follow.
    Typed(String),
    /// Wants more of the list.
    More,
    /// Chooses a line that is available.
    Chosen(usize),
    /// Leaves the input.
    Left,
}

/// The list while the page is open.
#[derive(Clone, Copy, Debug)]
pub struct Combobox {
    /// Whether the list is shown.
    pub open: RwSignal<bool>,
    /// Its lines: those that were asked for so far, never more.
    pub items: RwSignal<Vec<ListItem>>,
    /// Whether there are more lines to ask for.
    pub more: RwSignal<bool>,
    /// Whether lines are being read.
    pub busy: RwSignal<bool>,
    /// The line that the keys have moved to. It may wait for lines that are being read.
    pub active: RwSignal<Option<usize>>,
    /// What came of the last choice, for those who do not see it.
    pub note: RwSignal<String>,
}

/// What the owner of a combobox gives it.
pub struct ComboParts {
    /// The id of the input.
    pub id: String,
    /// What the field is called.
    pub title: Signal<String>,
    /// What stands in the input.
    pub value: Signal<String>,
    /// The ids of what describes it.
    pub described_by: Signal<Option<String>>,
    /// For `aria-invalid`.
    pub invalid: Signal<Option<&'static str>>,
    /// For `aria-required`.
    pub required: Option<&'static str>,
    /// Which keys a touch screen offers.
    pub inputmode: Option<&'static str>,
    /// Whether Alt and an arrow open and close the list; inside a row they move the row.
    pub alt_opens: bool,
    /// Told what the person does.
    pub act: Callback<ComboEvent>,
}

impl Combobox {
    /// Closed, with nothing in the list.
    #[must_use]
    pub fn new() -> Self {
        Combobox {
            open: RwSignal::new(false),
            items: RwSignal::new(Vec::new()),
            more: RwSignal::new(false),
            busy: RwSignal::new(false),
            active: RwSignal::new(None),
            note: RwSignal::new(String::new()),
        }
    }

    /// Hides the list.
    pub fn close(self) {
        self.open.set(false);
        self.active.set(None);
    }

    /// Lets the keys begin at the first line that can be chosen, if they have not gone further.
    pub fn begin(self) {
        let first =
            self.items.with_untracked(|items| items.iter().position(|item| item.unavailable.is_none()));
        if let (Some(0), Some(first)) = (self.active.get_untracked(), first) {
            self.active.set(Some(first));
        }
    }

    /// Where the keys are, once that line is there.
    fn active_line(self) -> Option<usize> {
        self.active.get().filter(|line| *line < self.items.with(Vec::len))
    }
}

impl Default for Combobox {
    fn default() -> Self {
        Combobox::new()
    }
}

/// The keys of one combobox.
#[derive(Clone, Copy)]
struct Keys {
    combo: Combobox,
    id: StoredValue<String>,
    alt_opens: bool,
    act: Callback<ComboEvent>,
    words: crate::words::WordsNow,
}

impl Keys {
    fn show(self) {
        self.combo.open.set(true);
        self.combo.active.set(None);
        self.combo.note.set(String::new());
        self.act.run(ComboEvent::Opened);
    }

    fn go(self, line: usize) {
        self.combo.note.set(String::new());
        self.combo.active.set(Some(line));
        let id = option_id(&self.id.get_value(), line);
        request_animation_frame(move || browser::reveal(&id));
    }

    fn choose(self, line: usize) {
        let Some(item) = self.combo.items.with_untracked(|items| items.get(line).cloned()) else { return };
        if let Some(why) = item.unavailable {
            self.combo.note.set(untrack(|| self.words.get()).form.choice_refused(&item.name, &why));
            return;
        }
        self.combo.close();
        self.act.run(ComboEvent::Chosen(line));
    }

    fn down(self) {
        let count = self.combo.items.with_untracked(Vec::len);
        let next = match self.combo.active.get_untracked() {
            None => 0,
            Some(line) if line + 1 < count => line + 1,
            // The line after the last is being read.
            Some(line) if line >= count && self.combo.busy.get_untracked() => return,
            Some(_) if self.combo.more.get_untracked() => {
                self.act.run(ComboEvent::More);
                count
            }
            Some(_) => 0,
        };
        self.go(next);
    }

    fn up(self) {
        let count = self.combo.items.with_untracked(Vec::len);
        match self.combo.active.get_untracked() {
            Some(line) if line > 0 => self.go((line - 1).min(count.saturating_sub(1))),
            _ if count > 0 => self.go(count - 1),
            _ => {}
        }
    }

    /// Takes a key; true when it is used up.
    fn take(self, event: &KeyboardEvent) -> bool {
        // Enter and arrows while an input method composes belong to the input method.
        if event.is_composing() || event.ctrl_key() || event.meta_key() {
            return false;
        }
        let is_open = self.combo.open.get_untracked();
        let key = event.key();
        if event.alt_key() {
            match key.as_str() {
                "ArrowDown" if self.alt_opens => {
                    if !is_open {
                        self.show();
                    }
                }
                "ArrowUp" if self.alt_opens => self.combo.close(),
                _ => return false,
            }
            return true;
        }
        let line = self.combo.active.get_untracked();
        let last = self.combo.items.with_untracked(Vec::len).saturating_sub(1);
        match (key.as_str(), is_open) {
            ("ArrowDown" | "ArrowUp", false) => {
                self.show();
                self.combo.active.set(Some(0));
            }
            ("ArrowDown", true) => self.down(),
            ("ArrowUp", true) => self.up(),
            ("PageDown", true) => self.go(line.map_or(0, |line| (line + PAGE_KEY).min(last))),
            ("PageUp", true) => self.go(line.unwrap_or_default().saturating_sub(PAGE_KEY)),
            ("Home", true) if line.is_some() => self.go(0),
            ("End", true) if line.is_some() => self.go(last),
            // Not the form's Enter: the list was meant.
            ("Enter", true) => match line {
                Some(line) => self.choose(line),
                None => self.combo.close(),
            },
            ("Escape", true) => self.combo.close(),
            ("ArrowLeft" | "ArrowRight", true) => {
                self.combo.active.set(None);
                return false;
            }
            _ => return false,
        }
        true
    }
}

/// The input and its list.
#[must_use]
pub fn combobox(combo: Combobox, parts: ComboParts) -> AnyView {
    let words = use_words();
    let ComboParts { id, title, value, described_by, invalid, required, inputmode, alt_opens, act } = parts;
    let keys = Keys { combo, id: StoredValue::new(id.clone()), alt_opens, act, words };
    let list_id = format!("{id}-list");
    let shows_lines = move || combo.open.get() && !combo.items.with(Vec::is_empty);
    let expanded = move || if shows_lines() { "true" } else { "false" };
    let controls = {
        let list_id = list_id.clone();
        move || shows_lines().then(|| list_id.clone())
    };
    let descendant = {
        let id = id.clone();
        move || combo.active_line().filter(|_| combo.open.get()).map(|line| option_id(&id, line))
    };
    let pressed = move |event: KeyboardEvent| {
        if keys.take(&event) {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let typed = move |event| {
        combo.open.set(true);
        combo.active.set(None);
        combo.note.set(String::new());
        act.run(ComboEvent::Typed(event_target_value(&event)));
    };
    let left = move |_| {
        combo.close();
        act.try_run(ComboEvent::Left);
    };
    let toggle = {
        let id = id.clone();
        move |_| {
            browser::focus(&id);
            if combo.open.get_untracked() {
                combo.close();
            } else {
                keys.show();
            }
        }
    };
    let clicked = move |_| {
        if !combo.open.get_untracked() {
            keys.show();
        }
    };
    let said = move || {
        let note = combo.note.get();
        if combo.open.get() && note.is_empty() { said(combo, &words.get().form, &value.get()) } else { note }
    };
    let shown = move || combo.open.get().then(|| popup(keys, list_id.clone(), title, value));
    view! {
        <div class="combo">
            <span class="input-with">
                <Icon glyph=Glyph::Search/>
                <input
                    class="input input-mono"
                    type="text"
                    role="combobox"
                    id=id.clone()
                    inputmode=inputmode
                    aria-autocomplete="list"
                    aria-expanded=expanded
                    aria-controls=controls
                    aria-activedescendant=descendant
                    aria-describedby=described_by
                    aria-invalid=invalid
                    aria-required=required
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    prop:value=value
                    on:input=typed
                    on:keydown=pressed
                    on:click=clicked
                    on:blur=left
                />
                <button
                    class="combo-toggle"
                    type="button"
                    tabindex="-1"
                    aria-label=move || words.get().form.choices_show(&title.get())
                    aria-expanded=expanded
                    on:mousedown=move |event| event.prevent_default()
                    on:click=toggle
                >
                    <Icon glyph=Glyph::Down/>
                </button>
            </span>
            <p class="vh" role="status">{said}</p>
            {shown}
        </div>
    }
    .into_any()
}

/// How the list stands, in a line.
fn said(combo: Combobox, words: &FormWords, typed: &str) -> String {
    let (all, can) = combo
        .items
        .with(|items| (items.len(), items.iter().filter(|item| item.unavailable.is_none()).count()));
    match (all, combo.busy.get()) {
        (0, true) => words.choices_reading().to_owned(),
        (0, false) if typed.trim().is_empty() => words.choices_none().to_owned(),
        (0, false) => words.choices_no_match(typed),
        _ => words.choices_found(all, can, combo.more.get()),
    }
}

fn popup(keys: Keys, list_id: String, title: Signal<String>, value: Signal<String>) -> AnyView {
    let Keys { combo, words, act, .. } = keys;
    // Without lines it only says something, and what is pressed through it is what lies behind.
    let class = move || if combo.items.with(Vec::is_empty) { "combo-list combo-bare" } else { "combo-list" };
    let popup_id = format!("{list_id}-popup");
    let reveal = StoredValue::new(popup_id.clone());
    let options = move || {
        let id = keys.id.get_value();
        // A list at the end of the window would open out of sight.
        request_animation_frame(move || {
            reveal.try_with_value(|popup| browser::reveal(popup));
            if let Some(Some(line)) = combo.active.try_get_untracked() {
                keys.id.try_with_value(|id| browser::reveal(&option_id(id, line)));
            }
        });
        let words = &words.get().form;
        let items = combo.items.get();
        let lines = items.into_iter().enumerate().map(|(line, item)| option(keys, words, &id, line, item));
        lines.collect_view()
    };
    // The focus stays in the input whatever is pressed here.
    view! {
        <div class=class id=popup_id on:mousedown=move |event| event.prevent_default()>
            <p class="combo-meta" aria-hidden="true">{move || said(combo, &words.get().form, &value.get())}</p>
            <div
                role="listbox"
                id=list_id
                aria-label=move || words.get().form.choices_of(&title.get())
                aria-busy=move || combo.busy.get().then_some("true")
                hidden=move || combo.items.with(Vec::is_empty)
            >
                {options}
            </div>
            {move || {
                combo.more.get().then(|| {
                    view! {
                        <button
                            class="combo-more"
                            type="button"
                            tabindex="-1"
                            aria-disabled=move || combo.busy.get().then_some("true")
                            on:click=move |_| act.run(ComboEvent::More)
                        >
                            {move || words.get().form.choices_more()}
                        </button>
                    }
                })
            }}
        </div>
    }
    .into_any()
}

fn option(keys: Keys, words: &'static FormWords, id: &str, line: usize, item: ListItem) -> AnyView {
    let combo = keys.combo;
    let ListItem { name, id: own_id, details, unavailable } = item;
    let is_active = move || combo.active.get() == Some(line);
    let details = details
        .into_iter()
        .map(|(label, value)| {
            view! { <span><span class="choice-key">{label}</span>" "<span class="choice-value">{value}</span>" "</span> }
        })
        .collect_view();
    let disabled = unavailable.is_some().then_some("true");
    view! {
        <div
            class=move || if is_active() { "choice active" } else { "choice" }
            role="option"
            id=option_id(id, line)
            aria-selected=move || if is_active() { "true" } else { "false" }
            aria-disabled=disabled
            on:click=move |_| keys.choose(line)
        >
            <span class="choice-name">{name}" "</span>
            {(!own_id.is_empty()).then(|| view! { <code class="choice-id">{own_id}" "</code> })}
            <span class="choice-side">{details}</span>
            {unavailable
                .map(|why| {
                    view! {
                        <span class="choice-why">
                            <Icon glyph=Glyph::Refused class="i-s"/>
                            <span>{words.choice_unavailable()}" "{why}</span>
                        </span>
                    }
                })}
        </div>
    }
    .into_any()
}

fn option_id(id: &str, line: usize) -> String {
    format!("{id}-option-{line}")
}
