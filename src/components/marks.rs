//! The small marks that look alike wherever they stand: mode, state, traits, and the leap from now to then.

use super::{Glyph, Icon};
use crate::client::{Mode, RunState};
use crate::words::{say, use_words};
use catalog::model::Trait;
use leptos::prelude::*;

/// Simulated or live, in words and shape, and only then in colour.
#[component]
pub fn ModeTag(
    /// Which.
    #[prop(into)]
    mode: Signal<Mode>,
) -> impl IntoView {
    let simulated = say(|w| w.shell.simulated());
    let live = say(|w| w.shell.live());
    move || match mode.get() {
        Mode::Simulated => view! {
            <span class="mode mode-sim"><Icon glyph=Glyph::Mask class="i-s"/>{simulated}</span>
        }
        .into_any(),
        Mode::Live => view! {
            <span class="mode mode-live"><Icon glyph=Glyph::Bolt class="i-s"/>{live}</span>
        }
        .into_any(),
    }
}

/// How a state is drawn: its glyph and its class.
#[must_use]
pub fn state_look(state: RunState) -> (Glyph, &'static str) {
    match state {
        RunState::Confirmed => (Glyph::Confirmed, "state-still"),
        RunState::Sent => (Glyph::Sent, "state-moving"),
        RunState::Accepted => (Glyph::Accepted, "state-moving"),
        RunState::InProgress => (Glyph::Moving, "state-moving"),
        RunState::Scheduled => (Glyph::Clock, "state-wait"),
        RunState::AwaitingPayment => (Glyph::Pay, "state-wait"),
        RunState::Succeeded => (Glyph::Ok, "state-ok"),
        RunState::Failed => (Glyph::Failed, "state-bad"),
        RunState::Refused => (Glyph::Refused, "state-bad"),
        RunState::NotSent => (Glyph::Unsent, "state-unsent"),
        RunState::Cancelled => (Glyph::Stop, "state-still"),
        RunState::RolledBack => (Glyph::RolledBack, "state-still"),
        RunState::Unknown => (Glyph::Unknown, "state-unknown"),
    }
}

/// Where a run is: shape, word, colour, in that order of trust.
#[component]
pub fn StateBadge(
    /// Which.
    #[prop(into)]
    state: Signal<RunState>,
    /// Larger, for the head of a page.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let words = use_words();
    move || {
        let state = state.get();
        let (glyph, class) = state_look(state);
        let spin = if glyph == Glyph::Moving { "spin" } else { "" };
        view! {
            <span class=format!("state {class}{}", if large { " state-l" } else { "" })>
                <Icon glyph=glyph class=spin/>
                {words.get().states.state(state)}
            </span>
        }
    }
}

/// How a trait is drawn.
fn trait_look(named: Trait) -> (Glyph, &'static str) {
    match named {
        Trait::Pays => (Glyph::Coin, "trait trait-pays"),
        Trait::MayPay => (Glyph::Coin, "trait"),
        Trait::Irreversible => (Glyph::OneWay, "trait trait-once"),
        Trait::MayDelete => (Glyph::Trash, "trait trait-once"),
        Trait::MayStayUnpaid => (Glyph::Pay, "trait trait-pays"),
        Trait::DryRun => (Glyph::DryRun, "trait"),
        Trait::Schedules => (Glyph::Clock, "trait"),
        Trait::Cancellable => (Glyph::Stop, "trait"),
        Trait::Rollback => (Glyph::RolledBack, "trait"),
    }
}

/// What must be known before choosing an operation.
#[component]
pub fn TraitBadges(
    /// Which.
    traits: Vec<Trait>,
) -> impl IntoView {
    let words = use_words();
    let badges = traits
        .into_iter()
        .map(|named| {
            let (glyph, class) = trait_look(named);
            view! { <li class=class><Icon glyph=glyph class="i-s"/>{move || words.get().states.of_trait(named)}</li> }
        })
        .collect_view();
    view! { <ul class="traits">{badges}</ul> }
}

/// From now to then: the console's signature. Without a known start the arrow still points at the target.
#[component]
pub fn Leap(
    /// Now; nothing when nobody can know.
    #[prop(into, default = Signal::stored(None))]
    from: Signal<Option<String>>,
    /// Then.
    #[prop(into)]
    to: Signal<String>,
    /// As large as a headline.
    #[prop(optional)]
    large: bool,
) -> impl IntoView {
    let from_word = say(|w| w.shell.from());
    let to_word = say(|w| w.shell.to());
    let start = move || {
        from.get().map(|from| {
            view! { <span class="vh">{from_word}</span><span class="from">{from}</span> }
        })
    };
    view! {
        <span class=if large { "leap leap-l" } else { "leap" }>
            {move || start()}
            <Icon glyph=Glyph::Arrow/>
            <span class="vh">{to_word}</span>
            <span class="to">{to}</span>
        </span>
    }
}
