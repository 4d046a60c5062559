//! The runs that wait for a person: their outcome is unknown, their order is unpaid, or their time has not come.

use crate::client::{Client, ClientError, Run, RunFilter, RunState};
use crate::times;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::rc::Rc;

/// How many of each state are asked for; a person with more has the history.
const AT_MOST: &str = "20";

/// How old the list may be, in milliseconds, when another page is opened.
const FRESH_MS: f64 = 20_000.0;

/// The runs that wait for someone. Owned by the app.
#[derive(Clone, Copy, Debug)]
pub struct Attention {
    /// Newest first; `None` until the server has answered.
    pub runs: RwSignal<Option<Vec<Rc<Run>>>>,
    /// Why they could not be read.
    pub failed: RwSignal<Option<ClientError>>,
    /// When it was last asked for, in milliseconds since 1970.
    asked_at: StoredValue<f64>,
}

impl Attention {
    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        Attention { runs: RwSignal::new(None), failed: RwSignal::new(None), asked_at: StoredValue::new(0.0) }
    }

    /// Asks the server, unless it was asked a moment ago.
    pub fn refresh_if_old(self, client: Client) {
        if times::now_ms() - self.asked_at.get_value() > FRESH_MS {
            self.refresh(client);
        }
    }

    /// Asks the server.
    pub fn refresh(self, client: Client) {
        self.asked_at.set_value(times::now_ms());
        spawn_local(async move {
            let mut found = Vec::new();
            for state in [RunState::Unknown, RunState::AwaitingPayment, RunState::Scheduled] {
                let filter = RunFilter::default().with("state", state.name()).with("limit", AT_MOST);
                match client.runs(&filter).await {
                    Ok(page) => found.extend(page.items),
                    Err(error) => return self.failed.set(Some(error)),
                }
            }
            self.failed.set(None);
            self.runs.set(Some(found));
        });
    }

    /// How many wait.
    #[must_use]
    pub fn count(self) -> usize {
        self.runs.with(|runs| runs.as_ref().map_or(0, Vec::len))
    }
}

impl Default for Attention {
    fn default() -> Self {
        Attention::new()
    }
}

/// The runs that the app provides.
#[must_use]
pub fn use_attention() -> Attention {
    use_context::<Attention>().unwrap_or_default()
}
