//! The line from now on, with the part of it that is too early and the time that was chosen.

use crate::components::{Glyph, Icon, Note, NoteKind};
use crate::form::browser_zone::BrowserZone;
use crate::form::rules::earliest_start;
use crate::form::state::FormState;
use crate::form::time::Civil;
use crate::times;
use leptos::prelude::*;

/// The width of the drawing, in its own units.
const WIDTH: i64 = 600;
/// How long the line is when nothing lies beyond it.
const SPAN_MS: i64 = 60 * 3_600_000;
/// From one stroke of the hatching to the next.
const HATCH: usize = 14;

/// The line, its key, and what to know about it. `ahead` is how far ahead the chosen instant must lie, in milliseconds;
/// `id` is the id of the key, which describes the control.
#[must_use]
pub fn ruler(form: FormState, chosen: Memo<Option<i64>>, ahead: i64, id: String) -> AnyView {
    let place = move |instant: i64| {
        let span = chosen.get().map_or(SPAN_MS, |chosen| SPAN_MS.max((chosen - form.now().get()) / 10 * 11));
        // Floats: for all that can be drawn they are exact, and they cannot overflow.
        let along = instant.saturating_sub(form.now().get()) as f64 * WIDTH as f64;
        (along / span as f64).clamp(0.0, WIDTH as f64) as i64
    };
    let closed = Memo::new(move |_| place(form.now().get().saturating_add(ahead)).max(2));
    let strokes = move || {
        let end = usize::try_from(closed.get()).unwrap_or(0);
        (6..end.saturating_sub(10))
            .step_by(HATCH)
            .map(|x| view! { <path class="too-early-hatch" d=format!("M{x} 26 l10 -16") vector-effect="non-scaling-stroke"></path> })
            .collect_view()
    };
    let pick = move || {
        chosen.get().map(|chosen| {
            let x = (place(chosen) - 2).clamp(0, WIDTH - 4);
            view! { <rect class="pick" x=x y="0" width="4" height="36"></rect> }
        })
    };
    let minutes = move || chosen.get().map(|chosen| (chosen - form.now().get()) / 60_000);
    let sentence = move || {
        let words = form.words();
        match (chosen.get(), minutes()) {
            (Some(chosen), Some(minutes)) if chosen - form.now().get() >= ahead => {
                words.ruler_open(&words.span(minutes))
            }
            (Some(_), Some(minutes)) => words.ruler_closed(&words.span(minutes.max(0))),
            _ => words.ruler_none().to_owned(),
        }
    };
    let day_time = move |instant| {
        let minute = Civil::at(instant, &BrowserZone).map(|civil| Civil { second: 0, ..civil });
        minute.map(|civil| form.words().day_time(&civil)).unwrap_or_default()
    };
    let distance = move || {
        let words = form.words();
        minutes().map(|minutes| {
            let span = words.span(minutes.abs());
            if minutes < 0 { words.past(&span) } else { words.ahead(&span) }
        })
    };
    let now = move || {
        // Only simulated clouds have a clock of their own; the browser's is within seconds of every other.
        let apart = (form.now().get() - times::now_ms() as i64).abs() > 60_000;
        if apart { form.words().now_simulated() } else { form.words().now() }
    };
    view! {
        <svg class="ruler" viewBox="0 0 600 36" preserveAspectRatio="none" role="img" aria-label=sentence>
            <rect
                class="too-early"
                x="1"
                y="10"
                width=move || closed.get() - 1
                height="16"
                vector-effect="non-scaling-stroke"
            ></rect>
            {strokes}
            <rect
                class="free"
                x=closed
                y="10"
                width=move || (WIDTH - 1 - closed.get()).max(0)
                height="16"
                vector-effect="non-scaling-stroke"
            ></rect>
            {pick}
        </svg>
        <dl class="ruler-key" id=id>
            <div>
                <dt>{now}</dt>
                <dd>{move || day_time(form.now().get())}</dd>
            </div>
            <div>
                <dt><Icon glyph=Glyph::Lock class="i-s"/>{form.say(|words| words.earliest())}</dt>
                <dd>
                    {move || day_time(earliest_start(form.now().get()))}
                    <small>{form.say(|words| words.start_hint())}</small>
                </dd>
            </div>
            {move || {
                distance().map(|distance| view! {
                    <div>
                        <dt><Icon glyph=Glyph::Clock class="i-s"/>{form.say(|words| words.chosen())}</dt>
                        <dd>{distance}</dd>
                    </div>
                    <div>
                        <dt>{form.say(|words| words.sent_as())}</dt>
                        <dd class="mono">{chosen.get().map(|chosen| chosen.to_string())}</dd>
                    </div>
                })
            }}
        </dl>
        <Note kind=NoteKind::Info><p>{form.say(|words| words.checked_again())}</p></Note>
    }
}
