//! A part that opens: a native `details`.

use super::{Glyph, Icon};
use leptos::prelude::*;

/// A part that opens. What is inside is made when it is first opened.
#[component]
pub fn Fold(
    /// Its name.
    #[prop(into)]
    label: Signal<String>,
    /// What can be said of it while it is closed.
    #[prop(optional, into)]
    said: Option<Signal<String>>,
    /// Open from the start.
    #[prop(optional)]
    open: bool,
    /// What is inside.
    children: ChildrenFn,
) -> impl IntoView {
    let opened = RwSignal::new(open);
    let toggled = move |event: leptos::ev::Event| {
        use wasm_bindgen::JsCast;
        let details = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if details.is_some_and(|details| details.has_attribute("open")) {
            opened.set(true);
        }
    };
    view! {
        <details class="fold" open=open on:toggle=toggled>
            <summary>
                <Icon glyph=Glyph::Chevron class="i-s"/>
                <b>{label}</b>
                {said.map(|said| view! { <span class="said">{said}</span> })}
            </summary>
            <div class="fold-in">{move || opened.get().then(|| children())}</div>
        </details>
    }
}
