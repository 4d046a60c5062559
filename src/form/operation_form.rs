//! The form of an operation: its sections, what stands in the way, the bar that ends it, and the request beside it.

use crate::client::Mode;
use crate::components::{ErrorSummary, FieldProblem, ModeTag, focus_error_summary};
use crate::form::aside::RequestAside;
use crate::form::field::{field_view, section_field_view};
use crate::form::path::Path;
use crate::form::sections::{Section, sections};
use crate::form::state::FormState;
use leptos::prelude::*;

/// The form of an operation.
#[component]
pub fn OperationForm(
    /// The form.
    form: FormState,
    /// The name of the profile that it is filled in for.
    #[prop(into)]
    profile: Signal<Option<String>>,
    /// Whether it is a rehearsal; `None` without a profile.
    #[prop(into)]
    mode: Signal<Option<Mode>>,
    /// Goes on to the plan, with a form that is valid.
    on_submit: Callback<()>,
    /// Forgets everything that was typed.
    on_clear: Callback<()>,
    /// Whether the plan is being made.
    #[prop(into)]
    busy: Signal<bool>,
    /// What is said beside the buttons: when the draft was saved.
    #[prop(into)]
    said: Signal<String>,
    /// What stands between the summary and the form: a failure.
    #[prop(optional, into)]
    notice: Option<ViewFn>,
) -> impl IntoView {
    let operation = form.operation();
    let drawn = sections(&operation)
        .into_iter()
        .map(|(section, fields)| draw_section(form, section, &fields))
        .collect_view();
    let summary = Signal::derive(move || {
        form.open_problems()
            .into_iter()
            .map(|(control, text)| FieldProblem { control, text })
            .collect::<Vec<_>>()
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        try_to_go_on(form, on_submit);
    };
    let pressed = window_event_listener(leptos::ev::pointerdown, move |_| form.press_begins());
    // The click comes after the pointer is let go of.
    let let_go = move || set_timeout(move || form.press_ends(), std::time::Duration::ZERO);
    let released = window_event_listener(leptos::ev::pointerup, move |_| let_go());
    let cancelled = window_event_listener(leptos::ev::pointercancel, move |_| let_go());
    // A list that the browser opens can swallow the end of a press.
    let typed = window_event_listener(leptos::ev::keydown, move |_| form.press_ends());
    on_cleanup(move || {
        typed.remove();
        pressed.remove();
        released.remove();
        cancelled.remove();
    });
    let title = operation.title.clone();
    let saying = move || {
        let left = form.problems.with(Vec::len);
        if form.submitted.get() && left > 0 { form.words().problems_left(left) } else { said.get() }
    };
    view! {
        <div class="split">
            <div class="stack">
                <ErrorSummary problems=summary/>
                {notice.map(|notice| notice.run())}
                <form
                    class="card"
                    aria-label=move || title.get(form.language.get()).to_owned()
                    novalidate
                    autocomplete="off"
                    on:submit=submit
                >
                    {drawn}
                    <div class="actions">
                        {move || mode.get().map(|mode| view! { <ModeTag mode=mode/> })}
                        <button
                            class="btn btn-primary"
                            type="submit"
                            aria-disabled=move || busy.get().then_some("true")
                        >
                            {move || if busy.get() { form.words().making_plan() } else { form.words().review() }}
                        </button>
                        <button class="btn btn-quiet" type="button" on:click=move |_| on_clear.run(())>
                            {form.say(|words| words.clear())}
                        </button>
                        <p class="said" role="status">{saying}</p>
                    </div>
                </form>
            </div>
            <RequestAside form=form profile=profile/>
        </div>
    }
}

/// Shows everything that is wrong and goes to it, or goes on.
fn try_to_go_on(form: FormState, on_submit: Callback<()>) {
    form.submitted.set(true);
    // What the server said is asked again: only it knows whether it still holds.
    form.verdicts.set(Vec::new());
    let problems = form.problems.get_untracked();
    let is_valid = problems.is_empty();
    form.summary.set(problems);
    if is_valid {
        on_submit.run(());
    } else {
        focus_error_summary();
    }
}

fn draw_section(form: FormState, section: Section, fields: &[usize]) -> AnyView {
    let operation = form.operation();
    let legend: Box<dyn Fn() -> String + Send + Sync> = match section {
        Section::Instance => Box::new(move || form.words().section_instance().to_owned()),
        Section::Target => Box::new(move || form.words().section_target().to_owned()),
        Section::When => Box::new(move || form.words().section_when().to_owned()),
        Section::Safety => Box::new(move || form.words().section_safety().to_owned()),
        Section::Own(index) => {
            let title = operation.fields.get(index).map(|field| field.title.clone()).unwrap_or_default();
            Box::new(move || title.get(form.language.get()).to_owned())
        }
    };
    let own = matches!(section, Section::Own(_));
    let drawn = fields
        .iter()
        .map(|index| {
            let path = Path::field(*index);
            if own { section_field_view(form, path) } else { field_view(form, path) }
        })
        .collect_view();
    view! {
        <fieldset class="section">
            <legend>{legend}</legend>
            <div class="stack">{drawn}</div>
        </fieldset>
    }
    .into_any()
}
