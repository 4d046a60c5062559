//! The frame of a page: its title in the window, its heading, the way back, and where in the flow it stands.

use crate::browser;
use crate::words::{say, use_words};
use leptos::html;
use leptos::prelude::*;

/// Keeps the title of the window for as long as the page is shown.
pub fn use_document_title(title: Signal<String>) {
    let words = use_words();
    Effect::new(move || {
        let whole = words.get().shell.document_title(&title.get());
        if let Some(document) = browser::document() {
            document.set_title(&whole);
        }
    });
}

/// The heading of a page. It takes the focus when the page is shown, so that a screen reader reads where it is.
#[component]
pub fn PageHead(
    /// The heading.
    #[prop(into)]
    heading: Signal<String>,
    /// The title of the window, when it says more than the heading.
    #[prop(optional, into)]
    title: Option<Signal<String>>,
    /// What the page is about, where it stays when that changes: the heading takes the focus again.
    #[prop(optional, into)]
    about: Option<Memo<String>>,
    /// What stands at the other end: steps, a state.
    #[prop(optional, into)]
    side: Option<ViewFn>,
    /// What stands below the heading.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    use_document_title(title.unwrap_or(heading));
    let place = NodeRef::<html::H1>::new();
    Effect::new(move || {
        if let Some(about) = about {
            about.track();
        }
        if let Some(heading) = place.get() {
            browser::focus_in_place(&heading);
        }
    });
    view! {
        <div class="head">
            <div><h1 tabindex="-1" node_ref=place>{heading}</h1>{children}</div>
            {side.map(|side| move || side.run())}
        </div>
    }
}

/// One part of the way back.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// What it is called.
    pub label: Signal<String>,
    /// Where it leads; the last one leads nowhere.
    pub href: Option<String>,
}

/// The way back.
#[component]
pub fn Crumbs(
    /// From the start to here.
    #[prop(into)]
    crumbs: Signal<Vec<Crumb>>,
) -> impl IntoView {
    let items = move || {
        crumbs
            .get()
            .into_iter()
            .map(|Crumb { label, href }| match href {
                Some(href) => view! { <li><a href=href>{label}</a></li> }.into_any(),
                None => view! { <li>{label}</li> }.into_any(),
            })
            .collect_view()
    };
    view! { <nav aria-label=say(|w| w.shell.you_are_here())><ol class="crumbs">{move || items()}</ol></nav> }
}

/// Where in a flow a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The form.
    Fill,
    /// The plan.
    Review,
    /// The run.
    Follow,
}

/// The steps of a flow.
#[component]
pub fn Steps(
    /// The one that this page is.
    current: Step,
) -> impl IntoView {
    let done_word = say(|w| w.shell.step_done());
    let steps = [
        (Step::Fill, 1, say(|w| w.shell.step_fill())),
        (Step::Review, 2, say(|w| w.shell.step_review())),
        (Step::Follow, 3, say(|w| w.shell.step_follow())),
    ]
    .map(|(step, number, label)| {
        view! {
            <li class=if step < current { "done" } else { "" } aria-current=(step == current).then_some("step")>
                <b>{number}</b>
                {(step < current).then(|| view! { <span class="vh">{done_word}</span> })}
                {label}
            </li>
        }
    })
    .collect_view();
    view! { <ol class="steps" aria-label=say(|w| w.shell.steps())>{steps}</ol> }
}
