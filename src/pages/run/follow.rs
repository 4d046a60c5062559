//! Following a run: the stream of its timeline, opened again when it is lost, closed when the run has ended.

use super::Following;
use crate::browser;
use crate::client::{News, RunEvents};
use crate::times;
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;

/// How long to wait before a stream that the browser has given up is opened anew; twice as long each time.
const FIRST_WAIT_MS: u64 = 1_000;
/// And never longer.
const LONGEST_WAIT_MS: u64 = 30_000;
/// A second that took this long was a sleep: of the machine, or of a tab that was put away.
const SLEPT_MS: f64 = 20_000.0;

/// Keeps the run as new as its stream says, for as long as the page is shown.
pub(super) fn follow(following: Following) {
    // Which run to follow; a new attempt has a new number.
    let attempt = RwSignal::new(0_u32);
    let failures = StoredValue::new(0_u32);
    let wanted = Memo::new(move |_| {
        let open = following.run.with(|run| run.as_ref().is_some_and(|run| !run.is_final));
        open.then(|| (following.id.get(), attempt.get()))
    });
    let open_again = move || {
        following.read_again();
        let _ = attempt.try_update(|attempt| *attempt = attempt.wrapping_add(1));
    };
    let stream = StoredValue::new_local(None::<RunEvents>);
    Effect::new(move || {
        let Some((id, mine)) = wanted.get() else {
            stream.set_value(None);
            following.lost.set(None);
            return;
        };
        let known = following.run.with_untracked(|run| run.as_ref().map_or(0, |run| run.timeline.len()));
        let heard = Rc::new(move |news: News| match news {
            News::Open => {
                failures.try_set_value(0);
                // What happened while nobody listened comes as entries; what the server only read, with the run.
                if following.lost.try_get_untracked().flatten().is_some() {
                    let _ = following.lost.try_set(None);
                    following.read_again();
                }
            }
            News::Entry(entry) => {
                // The stream speaks the browser's language, the run the page's: only time and state tell them apart.
                let known = following.run.try_with_untracked(|run| {
                    let mut lines = run.iter().flat_map(|run| &run.timeline);
                    lines.any(|line| line.at == entry.at && line.state == entry.state)
                });
                if known == Some(false) {
                    following.read_again();
                }
            }
            News::Lost { gone } => {
                // A stream does not tell why it ended; a call does, and the whole page learns from it.
                let Some(since) = following.lost.try_get_untracked() else { return };
                following.lost.set(since.or_else(|| Some(times::now_ms())));
                if failures.try_get_value() == Some(0) {
                    following.client.session().then(|_| ());
                }
                if gone {
                    let tried = failures.try_update_value(|failures| {
                        *failures += 1;
                        *failures
                    });
                    let wait = FIRST_WAIT_MS << tried.unwrap_or(1).saturating_sub(1).min(5);
                    set_timeout(
                        move || {
                            // Something else may have opened it by now.
                            if attempt.try_get_untracked() == Some(mine) {
                                open_again();
                            }
                        },
                        Duration::from_millis(wait.min(LONGEST_WAIT_MS)),
                    );
                }
            }
        });
        stream.set_value(RunEvents::open(&id, known, heard));
    });
    // A connection that died in its sleep tells nobody, so whoever wakes up opens another.
    let beat = StoredValue::new(times::now_ms());
    let tick = move || {
        let (Some(before), now) = (beat.try_get_value(), times::now_ms()) else { return };
        beat.try_set_value(now);
        let goes_on = following.run.try_with_untracked(|run| {
            run.as_ref().is_some_and(|run| !run.is_final || run.state.needs_someone())
        });
        if goes_on == Some(true) {
            let _ = following.now.try_set(now);
            let seen = browser::document().is_some_and(|document| !document.hidden());
            if seen && now - before > SLEPT_MS {
                open_again();
            }
        }
    };
    if let Ok(ticking) = set_interval_with_handle(tick, Duration::from_secs(1)) {
        on_cleanup(move || ticking.clear());
    }
    // A run that has ended has no stream any more, but another page may have taken it back.
    let look = move || {
        if wanted.try_get_untracked() == Some(None) {
            following.read_again();
        }
    };
    let listeners = [
        window_event_listener_untyped("visibilitychange", move |_| tick()),
        window_event_listener_untyped("online", move |_| open_again()),
        window_event_listener_untyped("focus", move |_| look()),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
}
