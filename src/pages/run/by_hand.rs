//! What takes more than a press: sending the same call again, and saying what became of a run that nobody else can tell.

use super::Following;
use crate::client::{Mode, Run, RunState};
use crate::components::{Fold, Glyph, Icon};
use crate::pages::secret_fields::{are_typed, secret_fields};
use crate::words::Words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use std::rc::Rc;

/// How a person can settle a run.
const OUTCOMES: [RunState; 6] = [
    RunState::Succeeded,
    RunState::Failed,
    RunState::Refused,
    RunState::NotSent,
    RunState::Cancelled,
    RunState::RolledBack,
];

/// Sending it again: why that is safe, the secrets once more, and the button.
pub(super) fn resend(run: &Rc<Run>, following: Following, words: &'static Words) -> AnyView {
    let table = &words.run;
    let label = table.resend(&run.profile);
    let class = if run.mode == Mode::Live { "btn btn-danger" } else { "btn btn-primary" };
    let run = StoredValue::new(Rc::clone(run));
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let run = run.get_value();
        let complete = following.entered.with_untracked(|entered| are_typed(&run.secret_pointers, entered));
        following.incomplete.set(!complete);
        if complete {
            following.resend(&run);
        }
    };
    let inside = move || {
        let run = run.get_value();
        let fields = secret_fields(&run.secret_pointers, "resend", "resend-why", following.entered);
        let (label, asked) = (label.clone(), !run.secret_pointers.is_empty());
        let said = move || if following.busy.get() { table.asking().to_owned() } else { label.clone() };
        view! {
            <form class="stack-s" novalidate on:submit=send>
                <p>{table.resend_safe()}</p>
                {asked.then(|| view! { <p class="hint" id="resend-why">{words.review.secrets_why()}</p> })}
                {fields}
                {missing(following, words.review.why_secrets())}
                <p><button class=class type="submit">{move || said()}</button></p>
            </form>
        }
    };
    view! { <Fold label=table.resend_open().to_owned()>{inside()}</Fold> }.into_any()
}

/// Settling by hand: what became of it, and how the person knows.
pub(super) fn settle(run: &Run, following: Following, words: &'static Words) -> AnyView {
    let table = &words.run;
    let id = run.id.clone();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let complete = following.settled_as.with_untracked(|state| !state.is_empty())
            && following.evidence.with_untracked(|evidence| !evidence.trim().is_empty());
        following.incomplete.set(!complete);
        if complete {
            following.settle(&id);
        }
    };
    let inside = move || {
        let options = OUTCOMES
            .into_iter()
            .map(|state| {
                let selected = following.settled_as.with_untracked(|chosen| chosen == state.name());
                view! { <option value=state.name() selected=selected>{words.states.state(state)}</option> }
            })
            .collect_view();
        let said = move || if following.busy.get() { table.asking() } else { table.settle() };
        let send = send.clone();
        view! {
            <form class="stack-s" novalidate on:submit=send>
                <p>{table.settle_text()}</p>
                <div class="field">
                    <label for="settled-as"><b>{table.settle_state()}</b></label>
                    <span class="select-wrap">
                        <select
                            class="select"
                            id="settled-as"
                            on:change=move |event| following.settled_as.set(event_target_value(&event))
                        >
                            <option value="">{table.settle_choose()}</option>
                            {options}
                        </select>
                        <Icon glyph=Glyph::Down/>
                    </span>
                </div>
                <div class="field">
                    <label for="evidence"><b>{table.evidence()}</b></label>
                    <p class="hint" id="evidence-hint">{table.evidence_hint()}</p>
                    <textarea
                        class="textarea"
                        id="evidence"
                        rows="3"
                        maxlength="1000"
                        aria-describedby="evidence-hint"
                        prop:value=move || following.evidence.get()
                        on:input=move |event| following.evidence.set(event_target_value(&event))
                    ></textarea>
                </div>
                {missing(following, table.settle_missing())}
                <p><button class="btn btn-primary" type="submit">{move || said()}</button></p>
            </form>
        }
    };
    view! { <Fold label=table.settle_open().to_owned()>{inside()}</Fold> }.into_any()
}

/// What is still missing, after a press.
fn missing(following: Following, what: &'static str) -> AnyView {
    let said = move || {
        following.incomplete.get().then(|| {
            view! { <p class="field-error" role="alert"><Icon glyph=Glyph::Alert/><span>{what}</span></p> }
        })
    };
    (move || said()).into_any()
}
