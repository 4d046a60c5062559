//! What the person should know first: what went wrong, or what they wait for, with the next step.

use crate::client::{Run, RunState};
use crate::components::{Glyph, Icon, Note, NoteKind, marks::state_look};
use crate::words::Words;
use leptos::prelude::*;

/// The next step, where there is one.
pub(super) fn next(run: &Run, words: &'static Words) -> AnyView {
    let table = &words.run;
    let (outcome, step) = (run.outcome.clone(), run.next_step.clone());
    match run.state {
        RunState::Unknown => view! {
            <section class="note note-unknown" aria-labelledby="u-h">
                <Icon glyph=Glyph::Unknown class="i-l"/>
                <div>
                    <h2 id="u-h">{table.unknown_heading}</h2>
                    <p>{outcome}</p>
                    <p><b>{step}</b></p>
                    <p>{table.unknown_text}</p>
                </div>
            </section>
        }
        .into_any(),
        RunState::Refused | RunState::NotSent | RunState::Failed => {
            let answer = run.answer.clone().unwrap_or_default();
            let code =
                answer.code.filter(|code| !code.is_empty()).map(|code| view! { <code>{code}</code>" " });
            let message = answer.message.filter(|message| !message.is_empty());
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
        RunState::AwaitingPayment => told(NoteKind::Warn, Glyph::Pay, outcome, step),
        RunState::Scheduled => told(NoteKind::Info, Glyph::Clock, outcome, step),
        RunState::Succeeded => told(NoteKind::Ok, Glyph::Ok, outcome, step),
        RunState::Cancelled => told(NoteKind::Info, Glyph::Stop, outcome, step),
        RunState::RolledBack => told(NoteKind::Info, Glyph::RolledBack, outcome, step),
        RunState::Confirmed | RunState::Sent | RunState::Accepted | RunState::InProgress => {
            told(NoteKind::Info, state_look(run.state).0, outcome, step)
        }
    }
}

fn told(kind: NoteKind, glyph: Glyph, outcome: String, step: String) -> AnyView {
    let step = (!step.is_empty()).then(|| view! { <p>{step}</p> });
    view! { <Note kind=kind glyph=glyph><p><b>{outcome}</b></p>{step}</Note> }.into_any()
}
