//! What can be done with a run now, and why the rest cannot. The server decides both.

use super::Following;
use super::acting::Press;
use super::by_hand;
use crate::client::{Run, RunAction};
use crate::components::{ErrorNote, ModeTag};
use crate::words::Words;
use leptos::prelude::*;
use std::rc::Rc;

/// The card; nothing when nothing can ever be done with this run.
pub(super) fn actions(run: &Rc<Run>, following: Following, words: &'static Words) -> AnyView {
    let items: Vec<AnyView> =
        run.actions.iter().filter_map(|action| item(run, action, following, words)).collect();
    if items.is_empty() {
        return ().into_any();
    }
    let problem = move || {
        following.problem.get().map(|error| {
            view! { <div class="card-body"><ErrorNote explained=error.explain(words)/></div> }
        })
    };
    view! {
        <section class="card" aria-labelledby="act-h">
            <div class="card-head"><h2 id="act-h">{words.run.can_do()}</h2><ModeTag mode=run.mode/></div>
            <dl class="facts facts-tight">{items}</dl>
            {move || problem()}
        </section>
    }
    .into_any()
}

fn item(run: &Rc<Run>, action: &RunAction, following: Following, words: &'static Words) -> Option<AnyView> {
    let table = &words.run;
    let pressed = |action, label, class, hint| {
        let press = Press { run: run.id.clone(), action };
        pressed(press, label, class, hint, following, words)
    };
    let term = match action.name.as_str() {
        "check" => table.check_term(),
        "resend" => table.resend_term(),
        "settle" => table.settle_term(),
        "cancel" => table.cancel_term(),
        "rollback" => table.rollback_term(),
        // A newer server may know more than this page.
        _ => return None,
    };
    let inside = match action.name.as_str() {
        _ if !action.available => {
            let reason = action.reason.clone().unwrap_or_default();
            view! { <p><b>{table.not_now()}</b>" "{reason}</p> }.into_any()
        }
        "check" => pressed("check", table.check(), "btn btn-primary", table.check_hint()),
        "resend" => by_hand::resend(run, following, words),
        "settle" => by_hand::settle(run, &action.outcomes, following, words),
        "cancel" => pressed("cancel", table.cancel(), "btn", table.undo_hint()),
        _ => pressed("rollback", table.rollback(), "btn", table.undo_hint()),
    };
    Some(view! { <div><dt>{term}</dt><dd>{inside}</dd></div> }.into_any())
}

/// A button that says what it does while it is doing it. It stays open, so that the focus stays on it; a second press
/// does nothing.
fn pressed(
    press: Press,
    label: &'static str,
    class: &'static str,
    hint: &'static str,
    following: Following,
    words: &'static Words,
) -> AnyView {
    let said = move || if following.busy.get() { words.run.asking() } else { label };
    view! {
        <p class="row">
            <button class=class type="button" on:click=move |_| following.press(&press)>{move || said()}</button>
            <span class="hint">{hint}</span>
        </p>
    }
    .into_any()
}
