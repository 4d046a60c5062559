//! The presenter's panel: what the simulated clouds do, how far their clock is, and an order paid by hand. It stands
//! under the band of a simulated account and never on a live one.

use crate::client::{Client, RunState, use_client};
use crate::components::{Announcer, Dialog, Glyph, Icon, use_announcer};
use crate::router::use_router;
use crate::state::attention::{Attention, use_attention};
use crate::state::session::{SessionState, use_session};
use crate::state::simulator::{Stage, use_stage};
use crate::times::{self, Style};
use crate::words::{Words, WordsNow, say, use_words};
use catalog::text::Joined;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use serde_json::{Value, json};
use std::time::Duration;

/// Seconds of the four steps that the clock can be moved by, in the order of their words.
const STEPS: [i64; 4] = [60, 600, 3600, 86_400];
/// Seconds of the units of a step of one's own.
const UNITS: [i64; 3] = [60, 3600, 86_400];
/// How often the clock is drawn anew.
const TICK: Duration = Duration::from_secs(10);

/// The panel; `shown` says whether this page is about simulated clouds.
pub(super) fn presenter(shown: Signal<bool>) -> AnyView {
    let (client, session, stage) = (use_client(), use_session(), use_stage());
    let router = use_router();
    let has_clouds = Memo::new(move |_| {
        session.session.with(|session| session.as_ref().is_some_and(|s| s.features.simulator))
    });
    // Others may have changed it meanwhile, and its words are in the language of the call.
    Effect::new(move || {
        client.follow_language();
        let _ = router.path();
        if has_clouds.get() {
            stage.refresh(client, session);
        }
    });
    let open = Memo::new(move |_| shown.get() && has_clouds.get() && stage.seen.with(Option::is_some));
    (move || open.get().then(|| drawer(stage))).into_any()
}

/// What the parts of the panel share.
#[derive(Clone, Copy)]
struct Directing {
    stage: Stage,
    client: Client,
    session: SessionState,
    attention: Attention,
    announcer: Announcer,
    words: WordsNow,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<String>>,
}

impl Directing {
    /// Directs the clouds; says what came of it.
    fn direct(self, what: &'static str, body: Value, done: Box<dyn FnOnce(&Words) -> String>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        self.client.direct(what, body).then(move |answer| {
            let _ = self.busy.try_set(false);
            let words = self.words.get_untracked();
            match answer {
                Ok(seen) => {
                    self.stage.learn(seen, self.session);
                    self.announcer.say(done(words));
                    self.attention.refresh(self.client);
                }
                Err(error) => {
                    let details = error.input_errors().iter().map(|input| input.detail.as_str());
                    let details = details.collect::<Vec<_>>().joined(" ");
                    let explained = error.explain(words);
                    let said = if details.is_empty() { explained.detail } else { details };
                    let _ = self.problem.try_set(Some(format!("{}. {said}", explained.title)));
                }
            }
        });
    }

    /// Moves the clock on.
    fn advance(self, seconds: i64) {
        let stage = self.stage;
        let done = Box::new(move |words: &Words| words.presenter.advanced(&clock_text(stage, words)));
        self.direct("clock", json!({"advance_seconds": seconds}), done);
    }
}

/// The clock of the clouds in words, in UTC: it is nobody's own.
fn clock_text(stage: Stage, words: &Words) -> String {
    times::in_zone(stage.now_ms(), "UTC", Style::Minute, words.language())
}

fn drawer(stage: Stage) -> AnyView {
    let words = use_words();
    let directing = Directing {
        stage,
        client: use_client(),
        session: use_session(),
        attention: use_attention(),
        announcer: use_announcer(),
        words,
        busy: RwSignal::new(false),
        problem: RwSignal::new(None),
    };
    let scenario = move || words.get().presenter.scenario_is(&stage.scenario());
    let clock = move || {
        let words = words.get();
        let clock = stage.clock(words).unwrap_or_else(|| words.presenter.clock_real().to_owned());
        words.presenter.clock_is(&clock)
    };
    let problem = move || {
        directing.problem.get().map(|said| {
            view! { <p class="field-error" role="alert"><Icon glyph=Glyph::Alert/><span>{said}</span></p> }
        })
    };
    view! {
        <section aria-label=say(|w| w.presenter.title())>
            <details class="presenter">
                <summary>
                    <Icon glyph=Glyph::Chevron class="i-chev i-s"/>
                    <b>{say(|w| w.presenter.title())}</b>
                    <span>{move || scenario()}</span>
                    <span>{move || clock()}</span>
                </summary>
                <div class="presenter-in">
                    {scenarios(directing)}
                    {clock_field(directing)}
                    {order_field(directing)}
                    {reset(directing)}
                    {move || problem()}
                </div>
            </details>
        </section>
    }
    .into_any()
}

/// The scenarios, in their groups. A native select is searched by typing.
fn scenarios(directing: Directing) -> AnyView {
    let stage = directing.stage;
    let options = move || {
        let mut groups = Vec::<(String, Vec<AnyView>)>::new();
        stage.seen.with(|seen| {
            let Some(seen) = seen else { return };
            for known in seen.scenarios.clone() {
                let selected = known.name == seen.scenario;
                let option =
                    view! { <option value=known.name selected=selected>{known.title}</option> }.into_any();
                match groups.iter_mut().find(|(group, _)| *group == known.group) {
                    Some((_, options)) => options.push(option),
                    None => groups.push((known.group, vec![option])),
                }
            }
        });
        groups
            .into_iter()
            .map(|(group, options)| view! { <optgroup label=group>{options}</optgroup> })
            .collect_view()
    };
    let choose = move |event| {
        let name = event_target_value(&event);
        let stage = directing.stage;
        let done = Box::new(move |words: &Words| words.presenter.scenario_is(&stage.scenario()));
        directing.direct("scenario", json!({ "name": name }), done);
    };
    view! {
        <div class="field">
            <label for="scenario"><b>{say(|w| w.presenter.scenario())}</b></label>
            <span class="select-wrap">
                <select class="select" id="scenario" aria-describedby="scenario-hint" on:change=choose>
                    {move || options()}
                </select>
                <Icon glyph=Glyph::Down/>
            </span>
            <p class="hint" id="scenario-hint">{say(|w| w.presenter.scenario_hint())}</p>
        </div>
    }
    .into_any()
}

/// The clock, and how to move it on.
fn clock_field(directing: Directing) -> AnyView {
    let words = use_words();
    let stage = directing.stage;
    let tick = RwSignal::new(0_u32);
    if let Ok(timer) =
        set_interval_with_handle(move || tick.update(|tick| *tick = tick.wrapping_add(1)), TICK)
    {
        on_cleanup(move || timer.clear());
    }
    let shown = move || {
        tick.track();
        clock_text(stage, words.get())
    };
    let steps = STEPS
        .into_iter()
        .enumerate()
        .map(|(index, seconds)| {
            view! {
                <button class="btn btn-s" type="button" on:click=move |_| directing.advance(seconds)>
                    {move || words.get().presenter.steps().get(index).copied()}
                </button>
            }
        })
        .collect_view();
    let units = (0..UNITS.len())
        .map(|index| {
            view! {
                <option value=index.to_string()>{move || words.get().presenter.units().get(index).copied()}</option>
            }
        })
        .collect_view();
    let (amount, unit) = (RwSignal::new("1".to_owned()), RwSignal::new("0".to_owned()));
    let own = move |event: SubmitEvent| {
        event.prevent_default();
        let unit = unit
            .with_untracked(|unit| unit.parse::<usize>().ok().and_then(|index| UNITS.get(index)).copied());
        let amount =
            amount.with_untracked(|amount| amount.trim().parse::<i64>().ok().filter(|amount| *amount > 0));
        match amount.zip(unit).and_then(|(amount, unit)| amount.checked_mul(unit)) {
            Some(seconds) => directing.advance(seconds),
            None => directing.problem.set(Some(words.get_untracked().presenter.advance_bad().to_owned())),
        }
    };
    view! {
        <div class="field">
            <span class="label" id="clock-h"><b>{say(|w| w.presenter.clock())}</b></span>
            <p class="clock">{move || shown()}</p>
            <div class="row" role="group" aria-label=say(|w| w.presenter.advance_by())>{steps}</div>
            <form class="row" novalidate on:submit=own>
                <input
                    class="input input-s presenter-amount"
                    type="number"
                    min="1"
                    step="1"
                    aria-label=say(|w| w.presenter.amount())
                    prop:value=move || amount.get()
                    on:input=move |event| amount.set(event_target_value(&event))
                />
                <span class="select-wrap">
                    <select
                        class="select input-s"
                        aria-label=say(|w| w.presenter.unit())
                        on:change=move |event| unit.set(event_target_value(&event))
                    >
                        {units}
                    </select>
                    <Icon glyph=Glyph::Down/>
                </span>
                <button class="btn btn-s" type="submit">{say(|w| w.presenter.advance())}</button>
            </form>
        </div>
    }
    .into_any()
}

/// An order that a person pays, with those that wait offered.
fn order_field(directing: Directing) -> AnyView {
    let words = use_words();
    let attention = use_attention();
    let order = RwSignal::new(String::new());
    let waiting = move || {
        attention.runs.with(|runs| {
            let unpaid = runs.iter().flatten().filter(|run| run.state == RunState::AwaitingPayment);
            let orders = unpaid.filter_map(|run| run.order_id.clone());
            orders.map(|order| view! { <option value=order></option> }).collect_view()
        })
    };
    let pay = move |event: SubmitEvent| {
        event.prevent_default();
        let id = order.with_untracked(|order| order.trim().to_owned());
        if id.is_empty() {
            directing.problem.set(Some(words.get_untracked().presenter.order_missing().to_owned()));
            return;
        }
        let done = Box::new(move |words: &Words| {
            words.presenter.paid(&order.try_get_untracked().unwrap_or_default())
        });
        directing.direct("pay", json!({ "order_id": id }), done);
    };
    view! {
        <form class="field" novalidate on:submit=pay>
            <label for="presenter-order"><b>{say(|w| w.presenter.order())}</b></label>
            <span class="row">
                <input
                    class="input input-s input-mono"
                    id="presenter-order"
                    list="presenter-orders"
                    autocomplete="off"
                    spellcheck="false"
                    aria-describedby="presenter-order-hint"
                    prop:value=move || order.get()
                    on:input=move |event| order.set(event_target_value(&event))
                />
                <button class="btn btn-s" type="submit">{say(|w| w.presenter.pay())}</button>
            </span>
            <datalist id="presenter-orders">{move || waiting()}</datalist>
            <p class="hint" id="presenter-order-hint">{say(|w| w.presenter.order_hint())}</p>
        </form>
    }
    .into_any()
}

/// Back to the start, after a question: others may be in the middle of something.
fn reset(directing: Directing) -> AnyView {
    let asked = RwSignal::new(false);
    let really = move |_| {
        asked.set(false);
        directing.direct("reset", json!({}), Box::new(|words| words.presenter.reset_done().to_owned()));
    };
    view! {
        <div class="row">
            <button class="btn btn-s" type="button" on:click=move |_| asked.set(true)>
                {say(|w| w.presenter.reset())}
            </button>
        </div>
        <Dialog open=asked labelled_by="reset-h">
            <div class="dialog-head"><h2 id="reset-h">{say(|w| w.presenter.reset_title())}</h2></div>
            <div class="dialog-body stack-s">
                <p>{say(|w| w.presenter.reset_text())}</p>
                <p class="row">
                    <button class="btn" type="button" autofocus=true on:click=move |_| asked.set(false)>
                        {say(|w| w.presenter.reset_keep())}
                    </button>
                    <button class="btn btn-danger" type="button" on:click=really>{say(|w| w.presenter.reset_do())}</button>
                </p>
            </div>
        </Dialog>
    }
    .into_any()
}
