//! The top bar: the name of the console, the main pages, and the tools.

use crate::client::use_client;
use crate::components::{Glyph, Icon};
use crate::route::Route;
use crate::router::use_router;
use crate::state::attention::use_attention;
use crate::state::preferences::{Theme, use_preferences};
use crate::state::session::use_session;
use crate::words::{Words, say, use_words};
use catalog::model::Language;
use catalog::text::holds;
use leptos::prelude::*;

/// The top bar.
#[component]
pub fn TopBar(
    /// Opens the palette.
    palette_open: RwSignal<bool>,
) -> impl IntoView {
    let words = use_words();
    let preferences = use_preferences();
    let session = use_session();
    let attention = use_attention();
    let client = use_client();
    let router = use_router();
    let here = Memo::new(move |_| router.route());
    // What waits for someone changes with every run, so it is read again with another page.
    Effect::new(move || {
        here.with(|_| ());
        attention.refresh_if_old(client);
    });
    let on_operations =
        move || here.with(|here| matches!(here, Route::Home | Route::Flow { .. } | Route::Plan { .. }));
    let on_runs = move || here.with(|here| matches!(here, Route::Runs | Route::Run { .. }));
    let count = move || {
        let count = attention.count();
        (count > 0).then(|| {
            view! { " " <span class="count">{count}<span class="vh">{say(|w| w.shell.need_you())}</span></span> }
        })
    };
    let other = move |_| {
        preferences.choose_language(match preferences.language.get_untracked() {
            Language::En => Language::Zh,
            Language::Zh => Language::En,
        });
    };
    let theme_label = move || {
        let (words, theme) = (words.get(), preferences.theme.get());
        words.shell.theme_next(theme_word(words, theme), theme_word(words, theme.next()))
    };
    let theme_text = move || {
        let words = words.get();
        words.shell.theme_now(theme_word(words, preferences.theme.get()))
    };
    view! {
        <header class="topbar">
            <div class="topbar-in">
                <a class="brand" href=Route::Home.href()><Brand/>{say(|w| w.shell.brand())}</a>
                <nav class="nav" aria-label=say(|w| w.shell.main_navigation())>
                    <a href=Route::Home.href() aria-current=move || current(on_operations(), &here.get(), &Route::Home)>
                        {say(|w| w.shell.operations())}
                    </a>
                    <a href=Route::Runs.href() aria-current=move || current(on_runs(), &here.get(), &Route::Runs)>
                        {say(|w| w.shell.runs())}
                        {move || count()}
                    </a>
                </nav>
                <div class="tools">
                    <button
                        class="btn btn-quiet btn-s"
                        type="button"
                        id="go-to"
                        aria-keyshortcuts="Control+K Meta+K"
                        on:click=move |_| palette_open.set(true)
                    >
                        <Icon glyph=Glyph::Search/>
                        <span class="wide">{say(|w| w.shell.go_to())}</span>
                        " "
                        <kbd aria-hidden="true">{shortcut()}</kbd>
                    </button>
                    <button
                        class="btn btn-quiet btn-s"
                        type="button"
                        id="language"
                        lang=say(|w| w.shell.other_language_tag())
                        on:click=other
                    >
                        {say(|w| w.shell.other_language())}
                    </button>
                    <button
                        class="btn btn-quiet btn-s"
                        type="button"
                        id="theme"
                        aria-label=theme_label
                        on:click=move |_| preferences.choose_theme(preferences.theme.get_untracked().next())
                    >
                        <Icon glyph=Glyph::Theme/>
                        <span class="wide">{move || theme_text()}</span>
                    </button>
                    <span class="mute wide">
                        {move || session.session.with(|session| session.as_ref().map(|session| session.user.clone()))}
                    </span>
                </div>
            </div>
        </header>
    }
}

/// `page` on the page itself, `true` on one below it.
fn current(inside: bool, here: &Route, link: &Route) -> Option<&'static str> {
    match (inside, here == link) {
        (_, true) => Some("page"),
        (true, false) => Some("true"),
        (false, false) => None,
    }
}

fn theme_word(words: &'static Words, theme: Theme) -> &'static str {
    match theme {
        Theme::System => words.shell.theme_system(),
        Theme::Light => words.shell.theme_light(),
        Theme::Dark => words.shell.theme_dark(),
    }
}

/// The keys as they are printed on this person's keyboard.
fn shortcut() -> &'static str {
    let agent =
        crate::browser::window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default();
    if holds(&agent, "Mac OS") { "⌘ K" } else { "Ctrl K" }
}

/// Steps that lead up; the last ones are still dashed.
#[component]
fn Brand() -> impl IntoView {
    view! {
        <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false"><use href={"#i-brand"}></use></svg>
    }
}
