//! One polite live region for the whole page, and the toast that shows the same words for a moment.

use super::{Glyph, Icon};
use crate::words::use_words;
use leptos::prelude::*;
use std::time::Duration;

/// How long a toast stays.
const SHOWN_FOR: Duration = Duration::from_secs(4);

/// Says something once, to eyes and to screen readers. Owned by the app.
#[derive(Clone, Copy, Debug)]
pub struct Announcer {
    text: RwSignal<String>,
    /// Counts announcements, so that an older one does not take a newer one down.
    number: RwSignal<u32>,
}

impl Announcer {
    /// Silent.
    #[must_use]
    pub fn new() -> Self {
        Announcer { text: RwSignal::new(String::new()), number: RwSignal::new(0) }
    }

    /// Says it.
    pub fn say(self, text: impl Into<String>) {
        let number = self.number.get_untracked().wrapping_add(1);
        self.number.set(number);
        self.text.set(text.into());
        set_timeout(
            move || {
                if self.number.try_get_untracked() == Some(number) {
                    self.text.set(String::new());
                }
            },
            SHOWN_FOR,
        );
    }
}

impl Default for Announcer {
    fn default() -> Self {
        Announcer::new()
    }
}

/// The announcer that the app provides.
#[must_use]
pub fn use_announcer() -> Announcer {
    use_context::<Announcer>().unwrap_or_default()
}

/// Where announcements appear. Stands once, in the shell.
#[component]
pub fn Toast() -> impl IntoView {
    let announcer = use_announcer();
    let words = use_words();
    // Nothing stays in a language that is no longer the page's.
    Effect::new(move || {
        let _ = words.get();
        announcer.text.set(String::new());
    });
    view! {
        <div class="toasts" role="status" aria-live="polite">
            {move || {
                let text = announcer.text.get();
                (!text.is_empty()).then(|| view! { <p class="toast"><Icon glyph=Glyph::Accepted/>{text}</p> })
            }}
        </div>
    }
}
