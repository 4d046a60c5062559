//! What the person should know first: what went wrong, or what they wait for, with the next step.

use super::Following;
use super::countdown::countdown;
use crate::client::{Mode, Run, RunState};
use crate::components::{Glyph, Icon, Note, NoteKind, marks::state_look};
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
        RunState::Unknown => view! {
            <section class="note note-unknown" aria-labelledby="u-h">
                <Icon glyph=Glyph::Unknown class="i-l"/>
                <div>
                    <h2 id="u-h">{table.unknown_heading()}</h2>
                    <p>{outcome}</p>
                    <p><b>{step}</b></p>
                    <p>{table.unknown_text()}</p>
                </div>
            </section>
        }
        .into_any(),
        RunState::Failed => told(NoteKind::Bad, state_look(run.state).0, outcome, step),
        RunState::Refused | RunState::NotSent => {
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
        RunState::Succeeded => told(NoteKind::Ok, Glyph::Ok, outcome, step),
        RunState::Cancelled => told(NoteKind::Info, Glyph::Stop, outcome, step),
        RunState::RolledBack => told(NoteKind::Info, Glyph::RolledBack, outcome, step),
        RunState::Confirmed | RunState::Sent | RunState::Accepted | RunState::InProgress => {
            told(NoteKind::Info, state_look(run.state).0, outcome, step)
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

fn told(kind: NoteKind, glyph: Glyph, outcome: String, step: String) -> AnyView {
    let step = (!step.is_empty()).then(|| view! { <p>{step}</p> });
    view! { <Note kind=kind glyph=glyph><p><b>{outcome}</b></p>{step}</Note> }.into_any()
}
