//! Ctrl/Cmd-K: everything that there is to go to.

use crate::components::{Palette, PaletteEntry};
use crate::route::Route;
use crate::router::use_router;
use crate::state::attention::use_attention;
use crate::state::catalogue::use_catalogue;
use crate::state::profiles::use_profiles;
use crate::words::use_words;
use catalog::text::Joined;
use leptos::ev::keydown;
use leptos::prelude::*;

/// Marks a target that is a profile and not an address.
const PROFILE: &str = "profile:";

/// The palette of the console.
#[component]
pub fn GoTo(
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let words = use_words();
    let catalogue = use_catalogue();
    let profiles = use_profiles();
    let attention = use_attention();
    let shortcut = window_event_listener(keydown, move |event| {
        if event.key().eq_ignore_ascii_case("k") && (event.ctrl_key() || event.meta_key()) && !event.alt_key()
        {
            event.prevent_default();
            open.set(true);
        }
    });
    on_cleanup(move || shortcut.remove());

    let entries = Signal::derive(move || {
        let words = words.get();
        let mut entries = Vec::new();
        catalogue.list.with(|list| {
            for operation in list.iter().flatten() {
                let (title, product) = (&operation.title, &operation.product.title);
                entries.push(PaletteEntry {
                    label: title.get(words.language()).to_owned(),
                    hint: operation.id.clone(),
                    // Both languages find it: people type what they know.
                    keywords: [&*operation.id, &title.en, &title.zh, &product.en, &product.zh].joined(" "),
                    target: Route::flow(&*operation.id).href(),
                });
            }
        });
        entries.push(page(words.shell.operations(), "operations home 升级操作", &Route::Home));
        entries.push(page(words.shell.runs(), "runs history 运行记录", &Route::Runs));
        for run in attention.runs.get().unwrap_or_default() {
            entries.push(PaletteEntry {
                label: format!("{}: {}", run.title, run.instance),
                hint: words.states.state(run.state).to_owned(),
                keywords: run.id.clone(),
                target: Route::run(&*run.id).href(),
            });
        }
        for profile in profiles.list.get().unwrap_or_default() {
            entries.push(PaletteEntry {
                hint: format!("{}: {}", words.shell.switch_profile(), words.shell.cloud(profile.cloud)),
                keywords: String::new(),
                target: format!("{PROFILE}{}", profile.name),
                label: profile.name,
            });
        }
        entries
    });
    let router = use_router();
    let chosen = Callback::new(move |target: String| match target.strip_prefix(PROFILE) {
        Some(name) => profiles.choose(name),
        None => router.go(&target),
    });
    view! { <Palette open=open entries=entries chosen=chosen/> }
}

fn page(label: &str, keywords: &str, route: &Route) -> PaletteEntry {
    PaletteEntry {
        label: label.to_owned(),
        hint: String::new(),
        keywords: keywords.to_owned(),
        target: route.href(),
    }
}
