//! Whether the console's server can be reached. Pages keep what was typed and switch Confirm off while it cannot.

use crate::client::ClientError;
use leptos::prelude::*;

/// Why nothing can be asked now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// The browser has no network.
    Offline,
    /// The server does not answer.
    Unreachable,
}

/// Whether the server can be reached. Owned by the app.
#[derive(Clone, Copy, Debug)]
pub struct Health {
    /// `None`: as far as is known, it can.
    pub silence: RwSignal<Option<Silence>>,
}

impl Health {
    /// All is well until a call shows otherwise.
    #[must_use]
    pub fn new() -> Self {
        Health { silence: RwSignal::new(None) }
    }

    /// Learns from what a call came to: silence, or an answer of any kind.
    pub fn learn<T>(self, outcome: &Result<T, ClientError>) {
        let silence = match outcome {
            Err(ClientError::Offline) => Some(Silence::Offline),
            Err(ClientError::Unreachable) => Some(Silence::Unreachable),
            // One slow answer is no proof of anything.
            Err(ClientError::TooSlow) => return,
            _ => None,
        };
        // `try_`: the answer may come after the page is gone.
        if self.silence.try_get_untracked().is_some_and(|before| before != silence) {
            self.silence.set(silence);
        }
    }

    /// Does something whenever the server is back after a silence.
    pub fn on_return(self, act: impl Fn() + 'static) {
        Effect::new(move |before: Option<bool>| {
            let is_well = self.is_well();
            if is_well && before == Some(false) {
                act();
            }
            is_well
        });
    }

    /// Takes away that the server could not be reached when it can be.
    pub fn forget_silence(self, failed: RwSignal<Option<ClientError>>) {
        self.on_return(move || {
            if failed.with_untracked(|failed| failed.as_ref().is_some_and(ClientError::is_silence)) {
                failed.set(None);
            }
        });
    }

    /// Whether calls can be made, as far as is known.
    #[must_use]
    pub fn is_well(self) -> bool {
        self.silence.get().is_none()
    }
}

impl Default for Health {
    fn default() -> Self {
        Health::new()
    }
}

/// The health that the app provides.
#[must_use]
pub fn use_health() -> Health {
    use_context::<Health>().unwrap_or_default()
}
