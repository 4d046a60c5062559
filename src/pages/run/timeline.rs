//! The timeline of a run, in words and times.

use super::{Following, goes_on};
use crate::client::{Run, RunState, Source, TimelineEntry};
use crate::components::{Rail, RailItem, marks::state_look};
use crate::pages::rows::filled;
use crate::times::{self, Style};
use crate::words::Words;
use catalog::text::Joined;
use leptos::prelude::*;

/// The card.
pub(super) fn timeline(following: Following, words: &'static Words) -> AnyView {
    // Readings that brought no news leave the stops alone, and with them the focus on one.
    let items = Memo::new(move |_| {
        following.run.with(|run| run.as_ref().map(|run| stops(run, words)).unwrap_or_default())
    });
    let offset = times::offset_name(times::now_ms(), &times::local_zone());
    let foot = move || {
        following.run.with(|run| {
            let run = run.as_ref()?;
            // What was seen before a run ended may be long past.
            let looked_at = run.looked_at.as_deref().filter(|_| !run.is_final);
            let look = looked_at.and_then(times::parse).map(|at| {
                let ago = times::ago(at, following.now.get().max(at), words.language());
                let seen = run.last_seen.clone().unwrap_or_default();
                view! { <span>{words.run.looked(&ago, &seen)}</span> }
            });
            let follows = match (run.is_final, following.lost.get().is_some(), run.following) {
                (true, ..) => None,
                (false, true, _) => Some(words.run.reconnecting()),
                (false, false, true) => Some(words.run.live_updates()),
                (false, false, false) => Some(match run.state {
                    RunState::Confirmed | RunState::Sent => words.run.waits_for_answer(),
                    _ if run.actions.iter().any(|action| action.name == "check" && action.available) => {
                        words.run.not_followed()
                    }
                    _ => words.run.not_tracked(),
                }),
            };
            follows.map(|follows| view! { <p class="card-foot"><span>{follows}</span>{look}</p> })
        })
    };
    view! {
        <section class="card" aria-labelledby="t-h">
            <div class="card-head">
                <h2 id="t-h">{words.run.timeline()}</h2>
                <span class="mute">{words.run.times_in(&offset)}</span>
            </div>
            <div class="card-body"><Rail items=items/></div>
            {move || foot()}
        </section>
    }
    .into_any()
}

fn stops(run: &Run, words: &'static Words) -> Vec<RailItem> {
    let language = words.language();
    let zone = times::local_zone();
    let last = run.timeline.len().saturating_sub(1);
    let mut before = None;
    run.timeline
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let at = times::parse(&entry.at).unwrap_or(f64::NAN);
            let after = before.map(|before: f64| since(at - before, words)).unwrap_or_default();
            before = Some(at);
            let is_last = index == last;
            let class = match entry.state {
                RunState::Unknown => "rail-unknown",
                RunState::Succeeded => "rail-ok",
                RunState::Failed | RunState::Refused => "rail-bad",
                state if is_last && !run.is_final && goes_on(state) => "rail-now",
                _ => "",
            };
            let (glyph, _) = state_look(entry.state);
            // Only what goes on now turns.
            let glyph = if is_last { glyph } else { still(glyph) };
            let (from, message) = from(entry, words);
            let request = entry.answer.as_ref().and_then(|answer| answer.request_id.clone());
            RailItem {
                glyph,
                class,
                at: entry.at.clone(),
                time: times::in_zone(at, &zone, Style::Clock, language),
                after,
                title: words.states.state(entry.state).to_owned(),
                detail: entry.detail.clone().unwrap_or_default(),
                from,
                message,
                id: (request.unwrap_or_default(), words.run.the_request_id().to_owned()),
            }
        })
        .collect()
}

/// Whose word a line is, with what the cloud answered then, and the cloud's own message.
fn from(entry: &TimelineEntry, words: &'static Words) -> (String, String) {
    let table = &words.run;
    let source = match entry.source {
        Source::Console => table.source_console(),
        Source::Cloud => table.source_cloud(),
        Source::Person => table.source_person(),
    };
    let mut parts = vec![source.to_owned()];
    let mut message = None;
    if let Some(answer) = &entry.answer {
        let status = answer.status.map(|status| status.to_string());
        // Some clouds give the status as the code of what went well, with a message that says no more.
        let code = filled(answer.code.as_ref()).filter(|code| Some(code) != status.as_ref());
        message = answer.message.clone().filter(|_| code.is_some());
        parts.extend(status.map(|status| format!("HTTP {status}")));
        parts.extend(code);
        parts.extend(answer.duration_ms.map(|count| table.milliseconds(count)));
    }
    (parts.joined(" · "), message.unwrap_or_default())
}

fn still(glyph: crate::components::Glyph) -> crate::components::Glyph {
    use crate::components::Glyph;
    if glyph == Glyph::Moving { Glyph::Ring } else { glyph }
}

/// How long after the stop before: tenths of a second while they matter.
fn since(milliseconds: f64, words: &'static Words) -> String {
    if milliseconds.is_nan() {
        return String::new();
    }
    if milliseconds < 10_000.0 {
        let tenths = (milliseconds.max(0.0) / 100.0).round() as u32;
        let unit = if words.is_chinese() { "秒" } else { "s" };
        return format!("+ {}.{} {unit}", tenths / 10, tenths % 10);
    }
    format!("+ {}", times::span(milliseconds, words.language()))
}
