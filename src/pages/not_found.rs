//! An address that leads nowhere.

use crate::components::PageHead;
use crate::route::Route;
use crate::router::use_router;
use crate::state::band::{BandScope, set_band};
use crate::words::{said, say, use_words};
use leptos::prelude::*;

/// The page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    set_band(Signal::stored(BandScope::Any));
    let words = use_words();
    let router = use_router();
    view! {
        <PageHead heading=said(|w| w.shell.not_found_title())>
            <p class="lede">{move || words.get().shell.not_found_text(&router.path())}</p>
        </PageHead>
        <p class="row">
            <a class="btn btn-primary" href=Route::Home.href()>{say(|w| w.shell.operations())}</a>
            <a class="btn" href=Route::Runs.href()>{say(|w| w.shell.runs())}</a>
        </p>
    }
}
