//! Copying: a button that says what it copied, and an id with such a button.

use super::{Glyph, Icon, use_announcer};
use crate::browser;
use crate::words::{say, use_words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

/// Copies a text and announces it.
#[component]
pub fn CopyButton(
    /// What is copied.
    #[prop(into)]
    text: Signal<String>,
    /// What it is called: "the request id".
    #[prop(into)]
    what: Signal<String>,
    /// Only the icon; its name is still there for assistive technology.
    #[prop(optional)]
    compact: bool,
) -> impl IntoView {
    let words = use_words();
    let announcer = use_announcer();
    let copy = move |_| {
        let text = text.get_untracked();
        let shell = &words.get_untracked().shell;
        let done = shell.copied(&what.get_untracked());
        let refused = shell.copy_failed();
        spawn_local(async move {
            let copied = match browser::window() {
                // Absent where the page is not served from a trustworthy origin.
                Some(window) if has_clipboard(&window) => {
                    JsFuture::from(window.navigator().clipboard().write_text(&text)).await.is_ok()
                }
                _ => false,
            };
            announcer.say(if copied { done } else { refused.to_owned() });
        });
    };
    let label = move || words.get().shell.copy_named(&what.get());
    let visible = say(|w| w.shell.copy());
    view! {
        <button
            class=if compact { "btn btn-quiet btn-icon" } else { "btn btn-quiet btn-s" }
            type="button"
            aria-label=label
            on:click=copy
        >
            <Icon glyph=Glyph::Copy class="i-s"/>
            {(!compact).then_some(visible)}
        </button>
    }
}

/// An id: always mono, breaks anywhere, one press copies it whole.
#[component]
pub fn Ident(
    /// The id.
    #[prop(into)]
    value: Signal<String>,
    /// What it is called: "the request id".
    #[prop(into)]
    what: Signal<String>,
) -> impl IntoView {
    view! { <span class="id"><span>{value}</span><CopyButton text=value what=what compact=true/></span> }
}

fn has_clipboard(window: &web_sys::Window) -> bool {
    js_sys::Reflect::get(&window.navigator(), &"clipboard".into())
        .is_ok_and(|clipboard| clipboard.is_object())
}
