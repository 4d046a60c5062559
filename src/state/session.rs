//! Who I am and what this server can do, read once at start and again when asked for.

use crate::client::{Client, Session};
use leptos::prelude::*;

/// The session as far as it is known. Owned by the app.
#[derive(Clone, Copy, Debug)]
pub struct SessionState {
    /// `None` until the server has answered.
    pub session: RwSignal<Option<Session>>,
    /// Whether it could not be read when it was last asked for; what was known stays.
    pub failed: RwSignal<bool>,
}

impl SessionState {
    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        SessionState { session: RwSignal::new(None), failed: RwSignal::new(false) }
    }

    /// Asks the server. Also the question by which a lost server is found again.
    pub fn refresh(self, client: Client) {
        client.session().then(move |answer| {
            self.failed.set(answer.is_err());
            if let Ok(session) = answer {
                self.session.set(Some(session));
            }
        });
    }

    /// The clock of the simulated clouds, in milliseconds ahead of real time.
    #[must_use]
    pub fn clock_offset_ms(self) -> f64 {
        // An offset of years still fits a double exactly.
        #[expect(clippy::cast_precision_loss, reason = "seconds of a demonstration, far below 2^53")]
        self.session.with(|session| {
            session.as_ref().map_or(0.0, |session| session.clock_offset_seconds as f64 * 1000.0)
        })
    }
}

impl Default for SessionState {
    fn default() -> Self {
        SessionState::new()
    }
}

/// The session that the app provides.
#[must_use]
pub fn use_session() -> SessionState {
    use_context::<SessionState>().unwrap_or_default()
}
