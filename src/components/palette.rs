//! The command palette: a combobox with a list (APG) in a native dialog. Typing filters, arrow keys choose, Enter
//! goes, Escape closes and the browser gives the focus back to where it was.

use super::{Dialog, Glyph, Icon};
use crate::browser;
use crate::search::holds_all;
use crate::words::{say, use_words};
use catalog::text::Joined;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

const LIST: &str = "palette-list";

/// Something to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaletteEntry {
    /// What it is called.
    pub label: String,
    /// What kind of thing it is, or its id.
    pub hint: String,
    /// Found by these words too.
    pub keywords: String,
    /// What the owner of the palette gets back.
    pub target: String,
}

impl PaletteEntry {
    /// Whether every word of a query occurs in it.
    #[must_use]
    pub fn matches(&self, query: &str) -> bool {
        holds_all(&[&*self.label, &self.hint, &self.keywords].joined(" "), query)
    }
}

/// The palette.
#[component]
pub fn Palette(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Everything that there is to go to.
    #[prop(into)]
    entries: Signal<Vec<PaletteEntry>>,
    /// Called with the target of the chosen entry, after the palette has closed.
    #[prop(into)]
    chosen: Callback<String>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let active = RwSignal::new(0_usize);
    let found = Memo::new(move |_| {
        let query = query.get();
        entries
            .with(|entries| entries.iter().filter(|entry| entry.matches(&query)).cloned().collect::<Vec<_>>())
    });
    Effect::new(move || {
        if open.get() {
            query.set(String::new());
            active.set(0);
        }
    });
    let go = Callback::new(move |index: usize| {
        if let Some(entry) = found.with_untracked(|found| found.get(index).cloned()) {
            open.set(false);
            chosen.run(entry.target);
        }
    });
    view! {
        <Dialog open=open labelled_by="palette-h" class="palette">
            <PaletteInside query=query active=active found=found go=go/>
        </Dialog>
    }
}

#[component]
fn PaletteInside(
    query: RwSignal<String>,
    active: RwSignal<usize>,
    found: Memo<Vec<PaletteEntry>>,
    go: Callback<usize>,
) -> impl IntoView {
    let words = use_words();
    let pressed = move |event: KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        let now = active.get_untracked();
        let next = match event.key().as_str() {
            // Enter while an input method composes belongs to the input method.
            "Enter" if !event.is_composing() => {
                event.prevent_default();
                go.run(now);
                return;
            }
            "ArrowDown" => {
                if now >= last {
                    0
                } else {
                    now + 1
                }
            }
            "ArrowUp" => {
                if now == 0 {
                    last
                } else {
                    now - 1
                }
            }
            _ => return,
        };
        event.prevent_default();
        active.set(next);
        request_animation_frame(move || browser::reveal(&option_id(next)));
    };
    let options = move || {
        found
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, entry)| {
                let on = move || active.get() == index;
                view! {
                    <div
                        class=move || if on() { "choice active" } else { "choice" }
                        role="option"
                        id=option_id(index)
                        aria-selected=move || if on() { "true" } else { "false" }
                        on:click=move |_| go.run(index)
                    >
                        <span class="choice-name">{entry.label}</span>
                        <span class="choice-side">{entry.hint}</span>
                    </div>
                }
            })
            .collect_view()
    };
    let count = move || {
        let shell = &words.get().shell;
        match found.with(Vec::len) {
            0 => shell.go_to_none(&query.get()),
            count => shell.go_to_found(count),
        }
    };
    view! {
        <div class="palette-in">
            <h2 class="vh" id="palette-h">{say(|w| w.shell.go_to())}</h2>
            <span class="input-with">
                <Icon glyph=Glyph::Search/>
                <input
                    class="input"
                    id="palette-input"
                    role="combobox"
                    aria-expanded="true"
                    aria-controls=LIST
                    aria-autocomplete="list"
                    aria-label=say(|w| w.shell.go_to_label())
                    aria-activedescendant=move || found.with(|found| !found.is_empty()).then(|| option_id(active.get()))
                    placeholder=say(|w| w.shell.go_to_hint())
                    autocomplete="off"
                    spellcheck="false"
                    autofocus=true
                    prop:value=query
                    on:input=move |event| {
                        query.set(event_target_value(&event));
                        active.set(0);
                    }
                    on:keydown=pressed
                />
            </span>
            <p class="combo-meta"><span role="status">{move || count()}</span></p>
            <div class="palette-list" role="listbox" id=LIST aria-label=say(|w| w.shell.go_to())>{move || options()}</div>
        </div>
    }
}

fn option_id(index: usize) -> String {
    format!("palette-option-{index}")
}
