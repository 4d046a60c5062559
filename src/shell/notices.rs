//! The skip link, the notice of a silent server, and the footer.

use crate::browser;
use crate::components::{Glyph, Note, NoteKind, use_announcer};
use crate::state::health::{Silence, use_health};
use crate::state::session::use_session;
use crate::words::{say, use_words};
use leptos::prelude::*;

/// Skips what repeats on every page. `#main` would lead to `<base href>`, so the link acts by itself.
#[component]
pub fn SkipLink() -> impl IntoView {
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        browser::focus("main");
    };
    view! { <a class="skip" href="#main" on:click=skip>{say(|w| w.shell.skip())}</a> }
}

/// Says that nothing can be asked now, and that it can be asked again.
#[component]
pub fn SilenceNotice() -> impl IntoView {
    let health = use_health();
    let words = use_words();
    let announcer = use_announcer();
    health.on_return(move || announcer.say(words.get_untracked().shell.back_online()));
    move || {
        health.silence.get().map(|silence| {
            let shell = &words.get().shell;
            let (title, text) = match silence {
                Silence::Offline => (shell.offline_title(), shell.offline_text()),
                Silence::Unreachable => (shell.unreachable_title(), shell.unreachable_text()),
            };
            view! {
                <div class="silence">
                    <Note kind=NoteKind::Warn glyph=Glyph::Alert role="alert">
                        <p><b>{title}</b></p>
                        <p>{text}</p>
                    </Note>
                </div>
            }
        })
    }
}

/// The footer.
#[component]
pub fn Footer() -> impl IntoView {
    let session = use_session();
    let words = use_words();
    let version = move || {
        let version = session.session.with(|session| session.as_ref().map(|session| session.version.clone()));
        format!("{} {}", words.get().shell.brand(), version.unwrap_or_default())
    };
    view! { <footer class="foot"><span>{move || version()}</span><span>{say(|w| w.shell.keys_stay())}</span></footer> }
}
