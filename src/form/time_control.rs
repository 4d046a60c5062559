//! An instant: typed on one of three clocks, shown on all of them.

use crate::form::binding::{self, Binding};
use crate::form::browser_zone::BrowserZone;
use crate::form::control::Control;
use crate::form::draft::{Clock, Entry, TimeText};
use crate::form::output::{instant, time_text, zone_of};
use crate::form::row_tools::focus_soon;
use crate::form::rules::{START_NEAREST_MS, earliest_start, start_field};
use crate::form::time::{Civil, Meaning, Zone, meaning, offset_name};
use crate::form::timeline::ruler;
use crate::times;
use crate::words::form::FormWords;
use catalog::text::Joined;
use leptos::ev::{Event, FocusEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// The control.
#[must_use]
pub fn time_control(control: Control) -> AnyView {
    let form = control.form();
    let time = Memo::new(move |_| match control.entry().get() {
        Some(Entry::Time(time)) => Some(time),
        _ => None,
    });
    let chosen = Memo::new(move |_| time.with(|time| instant(time.as_ref()?, &BrowserZone).ok().flatten()));
    let is_start = Memo::new(move |_| {
        let operation = form.operation();
        form.masked().with(|masked| start_field(&operation, masked)) == Some(control.path())
    });
    let rule_id = control.part_id("rule");
    let rule = rule_id.clone();
    let described = move || control.described_with(is_start.get().then(|| rule.clone()));
    let ruler = move || is_start.get().then(|| ruler(form, chosen, START_NEAREST_MS, rule_id.clone()));
    view! {
        <div class="stack-s">
        <div class="two">{wall_input(control, time, Signal::derive(described))}{clock_choice(control, time, chosen)}</div>
        {move || is_start.get().then(|| earliest_button(control, chosen))}
        {move || repeated(control, time.get())}
        {move || time.with(Option::is_none).then(|| not_an_instant(control))}
        {move || chosen.get().map(|chosen| clocks(control, chosen))}
        {ruler}
        </div>
    }
}

/// What edited JSON says when it is no instant that a clock can show.
fn not_an_instant(control: Control) -> Option<AnyView> {
    let shown = control.shown();
    (!shown.is_empty()).then(|| view! { <p class="hint"><code>{shown}</code></p> })
}

fn wall_input(control: Control, time: Memo<Option<TimeText>>, described: Signal<Option<String>>) -> AnyView {
    let read = move |event: &Event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let (Some(input), Some(before)) = (input, time.try_get_untracked()) else { return };
        let before = before.unwrap_or_default();
        let wall = input.value();
        // The browser says nothing of a date that lacks a part; writing to the input would take the other parts away.
        let partial = wall.is_empty() && input.validity().bad_input();
        let wall = if partial { before.wall.clone() } else { wall };
        let next = TimeText { wall, partial, ..before.clone() };
        if next != before {
            control.set(Entry::Time(next));
        }
    };
    let left = move |event: FocusEvent| {
        read(&event);
        control.touch();
    };
    view! {
        <input
            class="input"
            type="datetime-local"
            id=control.id()
            step="60"
            aria-describedby=described
            aria-invalid=control.invalid()
            aria-required=control.required()
            prop:value=move || time.with(|time| time.as_ref().map(|time| time.wall.clone()).unwrap_or_default())
            on:input=move |event| read(&event)
            on:blur=left
        />
    }
}

fn clock_choice(control: Control, time: Memo<Option<TimeText>>, chosen: Memo<Option<i64>>) -> AnyView {
    let form = control.form();
    let id = control.part_id("clock");
    let selected = move || time.with(|time| time.as_ref().map(|time| time.clock).unwrap_or_default());
    let options = move || {
        let words = form.words();
        let at = chosen.get().unwrap_or_else(|| form.now().get());
        let label = |clock| match clock {
            Clock::Browser if times::local_zone() == "UTC" => words.clock_here_short("UTC"),
            Clock::Browser => {
                words.clock_here(&times::local_zone(), &offset_name(BrowserZone.offset_seconds(at)))
            }
            Clock::Utc => words.clock_utc().to_owned(),
            Clock::Beijing => words.clock_beijing_option().to_owned(),
        };
        Clock::ALL.map(|clock| (clock.key().to_owned(), label(clock))).to_vec()
    };
    // Another clock shows the same instant.
    let change = move |key: String| {
        let Some(clock) = Clock::from_key(&key) else { return };
        let before = time.get_untracked().unwrap_or_default();
        let moved = chosen.get_untracked().and_then(|instant| time_text(instant, clock, &BrowserZone));
        control.set(Entry::Time(moved.unwrap_or(TimeText { clock, ..before })));
    };
    let select = binding::select(
        Binding::new(
            id.clone(),
            Signal::derive(move || selected().key().to_owned()),
            Callback::new(change),
            Callback::new(|()| ()),
        ),
        Signal::derive(options),
    );
    view! { <div><label class="vh" for=id>{form.say(|words| words.clock_choice())}</label>{select}</div> }
}

/// One press to the earliest time that is allowed, while none is chosen or the chosen one is too early.
fn earliest_button(control: Control, chosen: Memo<Option<i64>>) -> AnyView {
    let form = control.form();
    let earliest = move || {
        let now = form.now().get();
        let fits = chosen.get().is_some_and(|chosen| chosen >= now.saturating_add(START_NEAREST_MS));
        (!fits).then(|| earliest_start(now))
    };
    let use_it = move |_| {
        let Some(instant) = untrack(earliest) else { return };
        let clock = match control.entry().get_untracked() {
            Some(Entry::Time(time)) => time.clock,
            _ => Clock::default(),
        };
        if let Some(time) = time_text(instant, clock, &BrowserZone) {
            control.set(Entry::Time(time));
            // The button is gone with the press.
            focus_soon(control.id());
        }
    };
    let button = move || {
        earliest().map(|instant| {
            let words = form.words();
            let shown =
                Civil::at(instant, &BrowserZone).map(|civil| words.day_time(&civil)).unwrap_or_default();
            let label = words.use_earliest(&shown);
            view! {
                <p class="row"><button class="btn btn-s" type="button" on:click=use_it>{label}</button></p>
            }
        })
    };
    button.into_any()
}

/// The question that a clock leaves open when it shows a time twice.
fn repeated(control: Control, time: Option<TimeText>) -> Option<AnyView> {
    let form = control.form();
    let time = time?;
    let zone = zone_of(time.clock, &BrowserZone);
    let Meaning::Twice { first, second } = meaning(&Civil::parse(&time.wall)?, zone) else { return None };
    let label_id = control.part_id("twice");
    let options = [(false, first), (true, second)]
        .map(|(is_second, instant)| {
            let id = control.part_id(if is_second { "second" } else { "first" });
            let offset = offset_name(zone.offset_seconds(instant));
            let label = move || {
                let words = form.words();
                if is_second { words.twice_second(&offset) } else { words.twice_first(&offset) }
            };
            let next = TimeText { second: is_second, ..time.clone() };
            let on = time.second == is_second;
            view! {
                <div class=if on { "option on" } else { "option" }>
                    <input
                        type="radio"
                        name=control.part_id("twice-name")
                        id=id.clone()
                        prop:checked=on
                        on:change=move |_| control.set(Entry::Time(next.clone()))
                    />
                    <label for=id>{label}</label>
                </div>
            }
        })
        .collect_view();
    Some(view! {
        <p class="hint" id=label_id.clone()>{form.say(|words| words.twice())}</p>
        <div class="options" role="radiogroup" aria-labelledby=label_id>{options}</div>
    })
}

/// The instant on the three clocks.
fn clocks(control: Control, chosen: i64) -> AnyView {
    let form = control.form();
    let here = Civil::at(chosen, &BrowserZone);
    let faces = Clock::ALL
        .map(|clock| {
            let zone = zone_of(clock, &BrowserZone);
            let civil = Civil::at(chosen, zone);
            let name = move || {
                let words = form.words();
                match clock {
                    Clock::Browser => words.clock_here_short(&times::local_zone()),
                    Clock::Utc => words.clock_utc().to_owned(),
                    Clock::Beijing => words.clock_beijing().to_owned(),
                }
            };
            let time_of_day = civil.map(|civil| civil.time_of_day()).unwrap_or_default();
            let offset = zone.offset_seconds(chosen);
            let day = move || day_words(form.words(), civil, here, clock, offset);
            // Instants of the calendar are far below 2^53.
            #[expect(clippy::cast_precision_loss, reason = "instants of the calendar fit a double exactly")]
            let machine = times::to_rfc3339(chosen as f64);
            view! {
                <div class=if clock == Clock::Browser { "you" } else { "" }>
                    <dt>{name}</dt>
                    <dd>
                        <time class="clock" datetime=machine>{time_of_day}</time>
                        <span class="clock-day">{day}</span>
                    </dd>
                </div>
            }
        })
        .collect_view();
    view! { <dl class="clocks" id=control.part_id("clocks")>{faces}</dl> }
}

fn day_words(
    words: &FormWords,
    civil: Option<Civil>,
    here: Option<Civil>,
    clock: Clock,
    offset: i32,
) -> String {
    let (Some(civil), Some(here)) = (civil, here) else { return String::new() };
    let mut parts = vec![words.day(&civil)];
    match civil.day_number() - here.day_number() {
        1 => parts.push(words.next_day().to_owned()),
        -1 => parts.push(words.day_before().to_owned()),
        _ => {}
    }
    if clock != Clock::Utc {
        parts.push(offset_name(offset));
    }
    parts.joined(words.comma())
}
