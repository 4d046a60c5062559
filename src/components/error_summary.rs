//! The error summary of a form, by the GOV.UK pattern: it takes the focus, and its links lead to the fields, in the
//! order of the fields and in the fields' own words.

use super::{Glyph, Icon};
use crate::browser;
use crate::words::say;
use leptos::prelude::*;

const ID: &str = "error-summary";

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The id of the control; empty when it belongs to no field.
    pub control: String,
    /// The words that also stand beside the field.
    pub text: String,
}

/// What is wrong with a form; nothing while nothing is wrong.
#[component]
pub fn ErrorSummary(
    /// In the order of the fields.
    #[prop(into)]
    problems: Signal<Vec<FieldProblem>>,
) -> impl IntoView {
    let heading = say(|w| w.shell.problem_heading());
    move || {
        let problems = problems.get();
        (!problems.is_empty()).then(|| {
            let items = problems
                .into_iter()
                .map(|FieldProblem { control, text }| {
                    if control.is_empty() {
                        return view! { <li>{text}</li> }.into_any();
                    }
                    let href = format!("#{control}");
                    // The router would take `#id` for an address below `<base href>`, so the link acts by itself.
                    let go = move |event: leptos::ev::MouseEvent| {
                        event.prevent_default();
                        browser::focus(&control);
                    };
                    view! { <li><a href=href on:click=go>{text}</a></li> }.into_any()
                })
                .collect_view();
            view! {
                <div class="error-summary" id=ID tabindex="-1" aria-labelledby="error-summary-h">
                    <div role="alert">
                        <h2 id="error-summary-h"><Icon glyph=Glyph::Alert/>{heading}</h2>
                        <ul>{items}</ul>
                    </div>
                </div>
            }
        })
    }
}

/// Moves the focus to the summary once it is drawn.
pub fn focus_error_summary() {
    request_animation_frame(|| {
        browser::focus(ID);
    });
}
