//! What every handler shares.

use crate::{
    clock::Sources,
    config::Config,
    identity::Identity,
    limits::Counter,
    plan::SecretHasher,
    profile::{BuiltIn, Profile},
    store::Store,
};
use catalog::reader::Catalogue;
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};
use tokio::sync::{Semaphore, watch};

/// The application.
pub struct App {
    /// As configured.
    pub config: Config,
    /// The operations.
    pub catalogue: Arc<Catalogue>,
    /// The profiles, in the order of the configuration.
    pub profiles: Vec<Profile>,
    /// Who says who the person is.
    pub identity: Identity,
    /// Plans and runs.
    pub store: Box<dyn Store>,
    /// The folder of a temporary store; goes with the application.
    pub(crate) _temporary: Option<tempfile::TempDir>,
    /// Time and randomness.
    pub sources: Sources,
    /// Hashes secrets.
    pub secret_hasher: SecretHasher,
    /// Counts requests.
    pub counter: Counter,
    /// Tells open pages that a run moved on.
    pub changes: Changes,
    /// Runs whose call is under way.
    pub under_way: UnderWay,
    /// Lets one confirmation of a plan be worked on at a time.
    pub confirming: Turns,
    /// Lets one look of a run be worked on at a time.
    pub looking: Turns,
    /// Which runs are followed.
    pub followers: Followers,
    /// Places for requests worked on at once.
    pub in_flight: Arc<Semaphore>,
    /// The simulated clouds of this process, if a profile uses them.
    pub built_in: Option<BuiltIn>,
    /// Set when the server stops: no new changing call.
    pub stopping: AtomicBool,
}

impl App {
    /// A profile by name.
    #[must_use]
    pub fn profile(&self, name: &str) -> Option<&Profile> {
        self.profiles.iter().find(|profile| profile.config.name == name)
    }

    /// Whether the server is stopping.
    #[must_use]
    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Acquire)
    }
}

/// Tells open pages that a run moved on. Carries no content: the store has it.
#[derive(Default)]
pub struct Changes {
    runs: Mutex<HashMap<String, watch::Sender<u64>>>,
}

impl Changes {
    /// Says that a run moved on.
    pub fn announce(&self, run: &str) {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = runs.get(run) {
            sender.send_modify(|count| *count += 1);
            if sender.receiver_count() == 0 {
                runs.remove(run);
            }
        }
    }

    /// Listens to a run. What happened before is in the store.
    pub fn listen(&self, run: &str) -> watch::Receiver<u64> {
        let mut runs = self.runs.lock().unwrap_or_else(PoisonError::into_inner);
        runs.retain(|_, sender| sender.receiver_count() > 0);
        runs.entry(run.to_owned()).or_insert_with(|| watch::Sender::new(0)).subscribe()
    }
}

/// Counts runs whose call is under way, so that a stop can wait for them.
pub struct UnderWay {
    count: watch::Sender<usize>,
}

impl Default for UnderWay {
    fn default() -> Self {
        Self { count: watch::Sender::new(0) }
    }
}

/// One run under way; ends when dropped.
pub struct OneUnderWay {
    count: watch::Sender<usize>,
}

impl Drop for OneUnderWay {
    fn drop(&mut self) {
        self.count.send_modify(|count| *count = count.saturating_sub(1));
    }
}

impl UnderWay {
    /// One more.
    #[must_use]
    pub fn begin(&self) -> OneUnderWay {
        self.count.send_modify(|count| *count += 1);
        OneUnderWay { count: self.count.clone() }
    }

    /// Waits until there is none.
    pub async fn none(&self) {
        let mut receiver = self.count.subscribe();
        // The sender lives as long as this; an error cannot come.
        let _ = receiver.wait_for(|count| *count == 0).await;
    }
}

/// Lets one at a time work on something that has a name, while others work on other things.
#[derive(Default)]
pub struct Turns {
    locks: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl Turns {
    /// Waits for the turn; it lasts until the guard is dropped.
    pub async fn turn(&self, name: &str) -> tokio::sync::OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
            // Nobody holds or waits for these.
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(locks.entry(name.to_owned()).or_default())
        };
        lock.lock_owned().await
    }
}

/// Which runs have a task that follows them.
#[derive(Default)]
pub struct Followers {
    runs: Mutex<HashSet<String>>,
}

impl Followers {
    /// Whether the caller is the one who follows from now on.
    pub fn claim(&self, run: &str) -> bool {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).insert(run.to_owned())
    }

    /// The caller follows no more.
    pub fn release(&self, run: &str) {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner).remove(run);
    }
}
