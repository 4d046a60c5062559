//! The form of an operation: its sections, what stands in the way, the bar that ends it, and the request beside it.

use crate::client::Mode;
use crate::components::{ErrorSummary, ModeTag, focus_error_summary};
use crate::form::aside::request_aside;
use crate::form::field::field_view;
use crate::form::path::Path;
use crate::form::sections::{Section, sections};
use crate::form::state::FormState;
use leptos::prelude::*;

/// What surrounds a form.
pub struct FormParts {
    /// The name of the profile that it is filled in for.
    pub profile: Option<String>,
    /// Whether it is a rehearsal; `None` without a profile.
    pub mode: Option<Mode>,
    /// Goes on to the plan, with a form that is valid.
    pub on_submit: Callback<()>,
    /// Forgets everything that was typed.
    pub on_clear: Callback<()>,
    /// Whether the plan is being made.
    pub busy: Signal<bool>,
    /// What is said beside the buttons: when the draft was saved.
    pub said: Signal<String>,
    /// What stands between the summary and the form: a failure.
    pub notice: AnyView,
}

/// The form of an operation.
#[must_use]
pub fn operation_form(form: FormState, parts: FormParts) -> AnyView {
    let FormParts { profile, mode, on_submit, on_clear, busy, said, notice } = parts;
    let operation = form.operation();
    let drawn = sections(&operation)
        .into_iter()
        .map(|(section, fields)| draw_section(form, section, &fields))
        .collect_view();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !busy.get_untracked() {
            try_to_go_on(form, on_submit);
        }
    };
    follow_presses(form);
    let saying = move || {
        let left = form.wrong();
        if form.submitted().get() && left > 0 { form.words().problems_left(left) } else { said.get() }
    };
    view! {
        <div class="split">
            <div class="stack">
                <ErrorSummary problems=Signal::derive(move || form.open_problems())/>
                {notice}
                <form
                    class="card"
                    aria-label=move || operation.title.get(form.language()).to_owned()
                    novalidate
                    autocomplete="off"
                    on:submit=submit
                >
                    {drawn}
                    <div class="actions">
                        {mode.map(|mode| view! { <ModeTag mode=mode/> })}
                        <button
                            class="btn btn-primary"
                            type="submit"
                            aria-disabled=move || busy.get().then_some("true")
                        >
                            {move || if busy.get() { form.words().making_plan() } else { form.words().review() }}
                        </button>
                        <button class="btn" type="button" on:click=move |_| on_clear.run(())>
                            {form.say(|words| words.clear())}
                        </button>
                        <p class="said" role="status">{saying}</p>
                    </div>
                </form>
            </div>
            {request_aside(form, Signal::stored(profile))}
        </div>
    }
}

/// Tells the form while something is being pressed.
fn follow_presses(form: FormState) {
    let let_go = move |_| {
        // The click comes after the pointer is let go of.
        set_timeout(move || form.press_ends(), std::time::Duration::ZERO);
    };
    let listeners = [
        window_event_listener_untyped("pointerdown", move |_| form.press_begins()),
        window_event_listener_untyped("pointerup", let_go),
        window_event_listener_untyped("pointercancel", let_go),
        // A list that the browser opens can swallow the end of a press.
        window_event_listener_untyped("keydown", move |_| form.press_ends()),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
}

/// Shows everything that is wrong and goes to it, or goes on.
fn try_to_go_on(form: FormState, on_submit: Callback<()>) {
    form.submitted().set(true);
    // What the server said is asked again: only it knows whether it still holds.
    form.verdicts().set(Vec::new());
    let problems = form.problems_now();
    let is_valid = problems.is_empty();
    form.summary().set(problems);
    if is_valid {
        on_submit.run(());
    } else {
        focus_error_summary();
    }
}

fn draw_section(form: FormState, section: Section, fields: &[usize]) -> AnyView {
    let legend = move || {
        let words = form.words();
        match section {
            Section::Instance => words.section_instance().to_owned(),
            Section::Target => words.section_target().to_owned(),
            Section::When => words.section_when().to_owned(),
            Section::Safety => words.section_safety().to_owned(),
            Section::Own(index) => {
                let operation = form.operation();
                let title = operation.fields.get(index).map(|field| field.title.get(form.language()));
                title.unwrap_or_default().to_owned()
            }
        }
    };
    let own = matches!(section, Section::Own(_));
    let drawn = fields.iter().map(|index| field_view(form, Path::field(*index), own)).collect_view();
    view! {
        <fieldset class="section">
            <legend>{legend}</legend>
            <div class="stack">{drawn}</div>
        </fieldset>
    }
}
