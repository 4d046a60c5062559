//! The timeline of a run, in words and times.

use super::{Following, goes_on};
use crate::client::{Run, RunState};
use crate::components::{Rail, RailItem, marks::state_look};
use crate::times::{self, Style};
use crate::words::Words;
use leptos::prelude::*;

/// The card.
pub(super) fn timeline(run: &Run, following: Following, words: &'static Words) -> AnyView {
    let language = words.language();
    let zone = times::local_zone();
    let last = run.timeline.len().saturating_sub(1);
    let mut before = None;
    let items: Vec<RailItem> = run
        .timeline
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
            RailItem {
                glyph,
                class,
                at: entry.at.clone(),
                time: times::in_zone(at, &zone, Style::Clock, language),
                after,
                title: words.states.state(entry.state).to_owned(),
                detail: entry.detail.clone().unwrap_or_default(),
            }
        })
        .collect();
    let offset = times::offset_name(times::now_ms(), language);
    let follows = (!run.is_final).then(|| {
        view! {
            <p class="card-foot">
                {move || if following.lost.get() { words.run.reconnecting } else { words.run.live_updates }}
            </p>
        }
    });
    view! {
        <section class="card" aria-labelledby="t-h">
            <div class="card-head">
                <h2 id="t-h">{words.run.timeline}</h2>
                <span class="mute">{(words.run.times_in)(&offset)}</span>
            </div>
            <div class="card-body"><Rail items=items/></div>
            {follows}
        </section>
    }
    .into_any()
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
        let seconds = (milliseconds.max(0.0) / 100.0).round() / 10.0;
        return if words.is_chinese() { format!("+ {seconds:.1} 秒") } else { format!("+ {seconds:.1} s") };
    }
    format!("+ {}", times::span(milliseconds, words.language()))
}
