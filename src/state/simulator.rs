//! What the simulated clouds of this server do now: the scenario that is on, and how far their clock is ahead. Whoever
//! else uses this server may change both, so it is read again with every page.

use super::session::SessionState;
use crate::client::{Client, Scenario, Simulator};
use crate::words::Words;
use leptos::prelude::*;

/// The scenario in which nothing is disturbed.
const NORMAL: &str = "normal";

/// The simulated clouds as far as they are known. Owned by the app.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// `None` until the server has answered, and for ever when it has no simulated clouds.
    pub seen: RwSignal<Option<Simulator>>,
    /// Whether the server did not say it when it was last asked.
    pub failed: RwSignal<bool>,
}

impl Stage {
    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        Stage { seen: RwSignal::new(None), failed: RwSignal::new(false) }
    }

    /// Asks the server. What was known stays when it does not say.
    pub fn refresh(self, client: Client, session: SessionState) {
        client.simulator().then(move |answer| {
            self.failed.set(answer.is_err());
            if let Ok(seen) = answer {
                self.learn(seen, session);
            }
        });
    }

    /// Takes what the server said; the clock of the session is the same clock.
    pub fn learn(self, seen: Simulator, session: SessionState) {
        let offset = seen.clock_offset_seconds;
        let moved = session.session.with_untracked(|session| {
            session.as_ref().is_some_and(|session| session.clock_offset_seconds != offset)
        });
        if moved {
            session.session.update(|session| {
                if let Some(session) = session {
                    session.clock_offset_seconds = offset;
                }
            });
        }
        if self.seen.with_untracked(|before| before.as_ref() != Some(&seen)) {
            self.seen.set(Some(seen));
        }
    }

    /// The clock of the clouds, in milliseconds since 1970.
    #[must_use]
    pub fn now_ms(self) -> f64 {
        crate::times::now_ms() + self.ahead_ms()
    }

    /// How far that clock is ahead.
    fn ahead_ms(self) -> f64 {
        let offset = self.seen.with(|seen| seen.as_ref().map_or(0, |seen| seen.clock_offset_seconds));
        // Ten years of seconds fit a double exactly.
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let ahead = offset as f64 * 1000.0;
        ahead
    }

    /// The words of the scenario that is on.
    #[must_use]
    pub fn scenario(self) -> String {
        self.seen.with(|seen| seen.as_ref().and_then(on).map(|on| on.title.clone())).unwrap_or_default()
    }

    /// How the clock stands to real time, in words; nothing when it is real time.
    #[must_use]
    pub fn clock(self, words: &Words) -> Option<String> {
        let ahead = self.ahead_ms();
        (ahead > 0.0).then(|| words.presenter.clock_ahead(&crate::times::span(ahead, words.language())))
    }

    /// What is out of the ordinary, in words; empty when nothing is.
    #[must_use]
    pub fn disturbed(self, words: &Words) -> Vec<String> {
        let scenario = self.seen.with(|seen| {
            let seen = seen.as_ref().filter(|seen| seen.scenario != NORMAL)?;
            on(seen).map(|on| words.presenter.scenario_is(&on.title))
        });
        let clock = self.clock(words).map(|clock| words.presenter.clock_is(&clock));
        [scenario, clock].into_iter().flatten().collect()
    }
}

impl Default for Stage {
    fn default() -> Self {
        Stage::new()
    }
}

/// The scenario that is on.
fn on(seen: &Simulator) -> Option<&Scenario> {
    seen.scenarios.iter().find(|known| known.name == seen.scenario)
}

/// The stage that the app provides.
#[must_use]
pub fn use_stage() -> Stage {
    use_context::<Stage>().unwrap_or_default()
}
