//! Following a run: the stream of its timeline, opened again when it is lost, closed when the run has ended.

use super::Following;
use crate::client::{News, RunEvents};
use crate::times;
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;

/// How long to wait before a stream that the browser has given up is opened anew.
const OPEN_AGAIN: Duration = Duration::from_secs(4);

/// Keeps the run as new as its stream says, for as long as the page is shown.
pub(super) fn follow(following: Following) {
    // Which run to follow; a new attempt has a new number.
    let attempt = RwSignal::new(0_u32);
    let wanted = Memo::new(move |_| {
        let open = following.run.with(|run| run.as_ref().is_some_and(|run| !run.is_final));
        open.then(|| (following.id.get(), attempt.get()))
    });
    let stream = StoredValue::new_local(None::<RunEvents>);
    Effect::new(move || {
        let Some((id, _)) = wanted.get() else {
            stream.set_value(None);
            following.lost.set(false);
            return;
        };
        let known = following.run.with_untracked(|run| run.as_ref().map_or(0, |run| run.timeline.len()));
        let heard = Rc::new(move |news: News| match news {
            News::Open => {
                let _ = following.lost.try_set(false);
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
                let _ = following.lost.try_set(true);
                if gone {
                    set_timeout(
                        move || {
                            following.read_again();
                            let _ = attempt.try_update(|attempt| *attempt += 1);
                        },
                        OPEN_AGAIN,
                    );
                }
            }
        });
        stream.set_value(RunEvents::open(&id, known, heard));
    });
    if let Ok(ticking) = set_interval_with_handle(
        move || {
            let goes_on = following.run.try_with_untracked(|run| {
                run.as_ref().is_some_and(|run| !run.is_final || run.state.needs_someone())
            });
            if goes_on == Some(true) {
                following.now.set(times::now_ms());
            }
        },
        Duration::from_secs(1),
    ) {
        on_cleanup(move || ticking.clear());
    }
}
