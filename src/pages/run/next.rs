//! What the person should know first: what went wrong, or what they wait for, with the next step.

use super::Following;
use super::countdown::countdown;
use crate::client::{Mode, PlanKind, Run, RunState};
use crate::components::{Glyph, Icon, Note, NoteKind, marks::state_look};
use crate::pages::onward;
use crate::pages::rows::{filled, ident};
use crate::words::Words;
use leptos::prelude::*;

/// The next step, where there is one. Whoever loses the focus with a button that is gone finds it here.
pub(super) fn next(run: &Run, following: Following, words: &'static Words) -> AnyView {
    view! { <div id="next" tabindex="-1">{note(run, following, words)}</div> }.into_any()
}

fn note(run: &Run, following: Following, words: &'static Words) -> AnyView {
    let table = &words.run;
    let (outcome, step) = (run.outcome.clone(), run.next_step.clone());
    match run.state {
        RunState::Unknown => {
            // Looks that change nothing else leave the rest of the page alone.
            let seen = move || {
                let seen = following.run.with(|run| filled(run.as_ref()?.last_seen.as_ref()));
                seen.map(|seen| view! { <p>{seen}</p> })
            };
            view! {
                <section class="note note-unknown" aria-labelledby="u-h">
                    <Icon glyph=Glyph::Unknown class="i-l"/>
                    <div>
                        <h2 id="u-h">{table.unknown_heading()}</h2>
                        <p>{outcome}</p>
                        {move || seen()}
                        <p><b>{step}</b></p>
                        <p>{table.unknown_text()}</p>
                    </div>
                </section>
            }
            .into_any()
        }
        RunState::Failed => {
            told(NoteKind::Bad, state_look(run.state).0, outcome, step, form_again(run, words))
        }
        RunState::Refused | RunState::NotSent => {
            let again = form_again(run, words);
            let answer = run.answer.as_ref();
            let code = filled(answer.and_then(|answer| answer.code.as_ref()));
            let code = code.map(|code| view! { <code>{code}</code>" " });
            let message = filled(answer.and_then(|answer| answer.message.as_ref()));
            let verbatim = (code.is_some() || message.is_some()).then(|| view! { <p>{code}{message}</p> });
            view! {
                <Note kind=NoteKind::Bad glyph=state_look(run.state).0>
                    <p><b>{outcome}</b></p>
                    {verbatim}
                    <p>{step}</p>
                    {again}
                </Note>
            }
            .into_any()
        }
        RunState::AwaitingPayment => {
            let order = filled(run.order_id.as_ref()).map(|order| {
                let order = ident(order, table.the_order_id());
                view! { <p class="row">{table.order_id()}{order}</p> }
            });
            let link = order_link(run, words);
            view! {
                <Note kind=NoteKind::Warn glyph=Glyph::Pay>
                    <p><b>{table.not_paid()}</b>" "{outcome}</p>
                    {order}
                    {link}
                    <p>{step}</p>
                </Note>
            }
            .into_any()
        }
        RunState::Scheduled => {
            let left = countdown(run, following, words);
            view! {
                <Note kind=NoteKind::Info glyph=Glyph::Clock>
                    <p><b>{outcome}</b></p>
                    {left}
                    <p>{step}</p>
                </Note>
            }
            .into_any()
        }
        RunState::Succeeded => {
            // What was only checked is done next, from the same values.
            let again = run.dry_run.then(|| form_again(run, words)).flatten();
            told(NoteKind::Ok, Glyph::Ok, outcome, step, again)
        }
        RunState::Cancelled => told(NoteKind::Info, Glyph::Stop, outcome, step, None),
        RunState::RolledBack => told(NoteKind::Info, Glyph::RolledBack, outcome, step, None),
        RunState::Confirmed | RunState::Sent | RunState::Accepted | RunState::InProgress => {
            told(NoteKind::Info, state_look(run.state).0, outcome, step, None)
        }
    }
}

/// Where the vendor shows the order; only an address of the web is followed.
pub(super) fn order_link(run: &Run, words: &'static Words) -> AnyView {
    let table = &words.run;
    let Some(address) = run.order_url.clone().filter(|address| address.starts_with("https://")) else {
        return ().into_any();
    };
    let rehearsed = (run.mode == Mode::Simulated).then_some(table.order_simulated());
    view! {
        <p>
            <a href=address target="_blank" rel="external noopener noreferrer">{table.order_link()}</a>
            " "
            <span class="mute">{rehearsed}</span>
        </p>
    }
    .into_any()
}

fn told(kind: NoteKind, glyph: Glyph, outcome: String, step: String, again: Option<AnyView>) -> AnyView {
    let step = (!step.is_empty()).then(|| view! { <p>{step}</p> });
    view! { <Note kind=kind glyph=glyph><p><b>{outcome}</b></p>{step}{again}</Note> }.into_any()
}

/// The way on from a run that did not change anything: the form, filled as it was. What takes a run back begins at
/// that run, not at a form.
fn form_again(run: &Run, words: &'static Words) -> Option<AnyView> {
    (run.kind == PlanKind::Upgrade).then(|| {
        let href = onward::form_href(&run.operation, &run.profile, &run.plan);
        let checked = run.dry_run && run.state == RunState::Succeeded;
        let label = if checked { words.run.upgrade_itself() } else { words.run.form_again() };
        view! { <p class="row"><a class="btn btn-s" href=href>{label}</a></p> }.into_any()
    })
}
