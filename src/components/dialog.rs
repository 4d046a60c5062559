//! A native modal dialog: the browser keeps the focus inside, closes it with Escape, and gives the focus back.

use leptos::html;
use leptos::prelude::*;

/// A modal dialog that follows a signal.
#[component]
pub fn Dialog(
    /// Whether it is open. Escape and the browser set it back.
    open: RwSignal<bool>,
    /// The id of its heading.
    labelled_by: &'static str,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
    /// What is inside; made anew each time it opens. The first element with `autofocus` takes the focus.
    children: ChildrenFn,
) -> impl IntoView {
    let place = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let wanted = open.get();
        let Some(dialog) = place.get() else { return };
        if wanted && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    // A press on the backdrop lands on the dialog itself.
    let backdrop = move |event: leptos::ev::MouseEvent| {
        if place.get_untracked().is_some_and(|dialog| event.target().as_ref() == Some(dialog.as_ref())) {
            open.set(false);
        }
    };
    view! {
        <dialog
            class=format!("dialog {class}")
            aria-labelledby=labelled_by
            node_ref=place
            on:close=move |_| open.set(false)
            on:click=backdrop
        >
            {move || open.get().then(|| children())}
        </dialog>
    }
}
