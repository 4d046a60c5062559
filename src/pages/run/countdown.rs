//! How long it is until a scheduled run starts, on the clock of its cloud. It is drawn anew each second and read out
//! only when somebody asks for it.

use super::Following;
use crate::client::{Mode, Run};
use crate::state::session::use_session;
use crate::times;
use crate::words::Words;
use leptos::prelude::*;

/// The countdown, with the instant in the reader's zone and in UTC.
pub(super) fn countdown(run: &Run, following: Following, words: &'static Words) -> AnyView {
    let Some((text, at)) = run.scheduled_for.as_ref().and_then(|text| Some((text, times::parse(text)?)))
    else {
        return ().into_any();
    };
    let session = use_session();
    let simulated = run.mode == Mode::Simulated;
    let left = move || {
        let ahead = if simulated { session.clock_offset_ms() } else { 0.0 };
        let left = at - following.now.get() - ahead;
        if left > 0.0 {
            words.run.starts_in(&times::countdown(left, words.language()))
        } else {
            words.run.starts_now().to_owned()
        }
    };
    let when = times::on_two_clocks(at, words.language());
    let on_clock = simulated.then_some(words.run.simulated_clock());
    view! {
        <p class="clock" role="timer">{move || left()}</p>
        <p class="row"><time datetime=text.clone()>{when}</time><span class="mute">{on_clock}</span></p>
    }
    .into_any()
}
