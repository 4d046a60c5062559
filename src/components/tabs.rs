//! Tabs by the APG pattern: arrow keys move between them, Home and End jump, and the panel follows at once.

use crate::browser;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// One tab.
#[derive(Clone, Debug)]
pub struct Tab {
    /// A short name that is unique among the tabs, for ids.
    pub key: &'static str,
    /// What it is called.
    pub label: Signal<String>,
}

/// The row of tabs. The panels are [`TabPanel`]s with the same `group`.
#[component]
pub fn Tabs(
    /// A name that is unique on the page, for ids.
    group: &'static str,
    /// What the tabs are about.
    #[prop(into)]
    label: Signal<String>,
    /// The tabs.
    tabs: Vec<Tab>,
    /// The key of the chosen one.
    chosen: RwSignal<&'static str>,
) -> impl IntoView {
    let keys: StoredValue<Vec<&'static str>> = StoredValue::new(tabs.iter().map(|tab| tab.key).collect());
    let moved = move |event: KeyboardEvent| {
        let keys = keys.get_value();
        let Some(now) = keys.iter().position(|key| *key == chosen.get_untracked()) else { return };
        let last = keys.len().saturating_sub(1);
        let next = match event.key().as_str() {
            "ArrowRight" => {
                if now == last {
                    0
                } else {
                    now + 1
                }
            }
            "ArrowLeft" => {
                if now == 0 {
                    last
                } else {
                    now - 1
                }
            }
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        if let Some(key) = keys.get(next) {
            chosen.set(key);
            browser::focus(&tab_id(group, key));
        }
    };
    let buttons = tabs
        .into_iter()
        .map(|Tab { key, label }| {
            let on = move || chosen.get() == key;
            view! {
                <button
                    class="tab"
                    role="tab"
                    type="button"
                    id=tab_id(group, key)
                    aria-selected=move || if on() { "true" } else { "false" }
                    aria-controls=move || on().then(|| panel_id(group, key))
                    tabindex=move || if on() { "0" } else { "-1" }
                    on:click=move |_| chosen.set(key)
                >
                    {label}
                </button>
            }
        })
        .collect_view();
    view! { <div class="tabs" role="tablist" aria-label=label on:keydown=moved>{buttons}</div> }
}

/// What belongs to a tab.
#[component]
pub fn TabPanel(
    /// The group of its tab.
    group: &'static str,
    /// The key of its tab.
    key: &'static str,
    /// What is inside.
    children: Children,
) -> impl IntoView {
    view! { <div role="tabpanel" id=panel_id(group, key) aria-labelledby=tab_id(group, key)>{children}</div> }
}

fn tab_id(group: &str, key: &str) -> String {
    format!("{group}-tab-{key}")
}

fn panel_id(group: &str, key: &str) -> String {
    format!("{group}-panel-{key}")
}
