//! What takes more than a press: sending the same call again, and saying what became of a run that nobody else can tell.

use super::Following;
use crate::client::{Mode, Run, RunState};
use crate::components::{Fold, Glyph, Icon};
use crate::pages::secret_fields::{are_typed, secret_fields};
use crate::words::Words;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use std::rc::Rc;

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
        following.unsent.set(!complete);
        if complete {
            following.resend(&run);
        }
    };
    let inside = move || {
        let run = run.get_value();
        let fields =
            secret_fields(&run.secret_pointers, "resend", "resend-why resend-error", following.entered);
        let (label, asked) = (label.clone(), !run.secret_pointers.is_empty());
        let said = move || if following.busy.get() { table.asking().to_owned() } else { label.clone() };
        view! {
            <form class="stack-s" novalidate on:submit=send>
                <p>{table.resend_safe()}</p>
                {asked.then(|| view! { <p class="hint" id="resend-why">{words.review.secrets_why()}</p> })}
                {fields}
                {missing(following.unsent.into(), "resend-error", table.resend_missing())}
                <p><button class=class type="submit">{move || said()}</button></p>
            </form>
        }
    };
    view! { <Fold label=table.resend_open().to_owned()>{inside()}</Fold> }.into_any()
}

/// Settling by hand: what became of it, of what can become of it, and how the person knows.
pub(super) fn settle(
    run: &Run,
    outcomes: &[RunState],
    following: Following,
    words: &'static Words,
) -> AnyView {
    let table = &words.run;
    let outcomes = outcomes.to_vec();
    let id = run.id.clone();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let missing = untrack(|| without_state(following).then_some("settled-as"))
            .or_else(|| untrack(|| without_evidence(following).then_some("evidence")));
        following.unsettled.set(missing.is_some());
        match missing {
            Some(field) => {
                crate::browser::focus(field);
            }
            None => following.settle(&id),
        }
    };
    let no_state = Signal::derive(move || following.unsettled.get() && without_state(following));
    let no_evidence = Signal::derive(move || following.unsettled.get() && without_evidence(following));
    let invalid = |missing: Signal<bool>| move || missing.get().then_some("true");
    let inside = move || {
        let options = outcomes
            .iter()
            .map(|&state| {
                let selected = following.settled_as.with_untracked(|chosen| chosen == state.name());
                // It was sent, or nobody would have to say what became of it.
                let name = if state == RunState::NotSent {
                    table.settle_nothing()
                } else {
                    words.states.state(state)
                };
                view! { <option value=state.name() selected=selected>{name}</option> }
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
                            aria-invalid=invalid(no_state)
                            aria-describedby="settled-as-error"
                            on:change=move |event| following.settled_as.set(event_target_value(&event))
                        >
                            <option value="">{table.settle_choose()}</option>
                            {options}
                        </select>
                        <Icon glyph=Glyph::Down/>
                    </span>
                    {missing(no_state, "settled-as-error", table.settle_missing())}
                </div>
                <div class="field">
                    <label for="evidence"><b>{table.evidence()}</b></label>
                    <p class="hint" id="evidence-hint">{table.evidence_hint()}</p>
                    <textarea
                        class="textarea"
                        id="evidence"
                        rows="3"
                        maxlength="1000"
                        aria-invalid=invalid(no_evidence)
                        aria-describedby="evidence-hint evidence-error"
                        prop:value=move || following.evidence.get()
                        on:input=move |event| following.evidence.set(event_target_value(&event))
                    ></textarea>
                    {missing(no_evidence, "evidence-error", table.evidence_missing())}
                </div>
                <p><button class="btn btn-primary" type="submit">{move || said()}</button></p>
            </form>
        }
    };
    view! { <Fold label=table.settle_open().to_owned()>{inside()}</Fold> }.into_any()
}

fn without_state(following: Following) -> bool {
    following.settled_as.with(String::is_empty)
}

fn without_evidence(following: Following) -> bool {
    following.evidence.with(|evidence| evidence.trim().is_empty())
}

/// What is still missing, after a press.
fn missing(is_missing: Signal<bool>, id: &'static str, what: &'static str) -> AnyView {
    let said = move || {
        is_missing.get().then(|| {
            view! { <p class="field-error" role="alert" id=id><Icon glyph=Glyph::Alert/><span>{what}</span></p> }
        })
    };
    (move || said()).into_any()
}
