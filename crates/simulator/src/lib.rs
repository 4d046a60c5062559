//! The simulated clouds: two clouds on one port, with state, that verify every signature from the wire bytes,
//! answer with the clouds' own status codes, bodies and headers, and live on a clock that can be advanced.
//!
//! [`Simulator`] is embedded by the proxy for the simulated profiles, and served alone for the official SDKs.
//! One file per product, which holds its state and its seeds: `computenest`, `bss`, `alikafka`, `cbh`, `aad`, `iam`; the
//! calls are in the folder beside it. The two gateways (`alibaba`, `huawei`) check who calls and whether the request
//! may be believed, before any product sees it. `crowd` makes ten thousand instances without keeping them.
//!
//! The table of seeded instances, condition by condition, is in the README of this crate.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod aad;
pub mod accounts;
mod admin;
mod alibaba;
mod alikafka;
mod bss;
mod calls;
mod cbh;
mod computenest;
mod crowd;
mod huawei;
mod iam;
mod moment;
mod paging;
mod rpc;
mod scenario;
mod server;
mod wire;
mod world;
mod xml;

pub use accounts::{
    ALIBABA, ALIBABA_ACCOUNT_ID, ALIBABA_STS, Account, Cloud, EXPIRED_STS_TOKEN, HUAWEI, HUAWEI_DOMAIN_ID,
    HUAWEI_DOMAIN_NAME, HUAWEI_PROJECT_ID, HUAWEI_PROJECTS, HUAWEI_STS, IAM_USER, IamUser, accounts,
};
pub use calls::Call;
pub use crowd::MOST_CROWD;
pub use scenario::{Scenario, Title, UnknownScenario, scenarios};

use jiff::Timestamp;
use moment::Moment;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use wire::{Fate, WireRequest};
use world::World;

/// How far the simulated clock may run ahead of the real one: ten years, in seconds.
pub const MOST_SECONDS_AHEAD: i64 = 10 * 366 * 86_400;

/// Where the simulator takes real time and unpredictable ids from. Nothing in this crate reads a clock or a random
/// source by itself.
#[derive(Clone)]
pub struct Sources {
    real_now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    new_id: Arc<dyn Fn() -> [u8; 16] + Send + Sync>,
    slow_delay: Duration,
    crowd: u32,
}

impl Sources {
    /// `real_now` gives the real time; `new_id` gives 16 bytes that differ on every call. Tokens are made of
    /// `new_id`, so outside tests it should be unpredictable.
    pub fn new(
        real_now: impl Fn() -> Timestamp + Send + Sync + 'static,
        new_id: impl Fn() -> [u8; 16] + Send + Sync + 'static,
    ) -> Self {
        Self {
            real_now: Arc::new(real_now),
            new_id: Arc::new(new_id),
            slow_delay: Duration::from_secs(3),
            crowd: 0,
        }
    }

    /// Changes how long the scenario `slow` waits before it answers; three seconds unless told otherwise.
    #[must_use]
    pub fn with_slow_delay(mut self, delay: Duration) -> Self {
        self.slow_delay = delay;
        self
    }

    /// Gives every product so many ordinary instances more, at most [`MOST_CROWD`], so that paging and searching can be
    /// tried. One costs memory only once a call has looked for it to change it.
    #[must_use]
    pub fn with_crowd(mut self, instances: u32) -> Self {
        self.crowd = instances;
        self
    }
}

/// There is no order with this id that waits for payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NothingToPay {
    /// The order that was to be paid.
    pub order_id: String,
}

impl std::fmt::Display for NothingToPay {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "no order {:?} waits for payment", self.order_id)
    }
}

impl std::error::Error for NothingToPay {}

/// The simulated clock cannot be moved as asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockRefused;

impl std::fmt::Display for ClockRefused {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "the simulated clock only moves forward, and at most {MOST_SECONDS_AHEAD} seconds ahead of real time"
        )
    }
}

impl std::error::Error for ClockRefused {}

/// The simulated clouds. Clones share one state.
#[derive(Clone)]
pub struct Simulator {
    shared: Arc<Shared>,
}

struct Shared {
    sources: Sources,
    world: Mutex<World>,
    moves: watch::Sender<u64>,
}

impl Simulator {
    /// New clouds in their seeded condition, in the scenario `normal`, with the clock on real time.
    pub fn new(sources: Sources) -> Self {
        let world = World::new((sources.real_now)(), sources.crowd);
        let moves = watch::Sender::new(0);
        Self { shared: Arc::new(Shared { sources, world: Mutex::new(world), moves }) }
    }

    /// Simulated time: real time plus what the clock was advanced by.
    pub fn now(&self) -> Timestamp {
        let real = (self.shared.sources.real_now)();
        self.world().simulated(real)
    }

    /// Changes whenever a person moves the clouds from outside: the clock, a scenario, a payment, a reset. Who waits for
    /// something on the simulated clock looks again then.
    pub fn moves(&self) -> watch::Receiver<u64> {
        self.shared.moves.subscribe()
    }

    fn moved(&self) {
        self.shared.moves.send_modify(|count| *count += 1);
    }

    /// How many seconds the simulated clock is ahead of the real one.
    pub fn clock_offset_seconds(&self) -> i64 {
        self.world().offset_seconds
    }

    /// Moves the simulated clock forward and returns the new simulated time.
    ///
    /// # Errors
    /// [`ClockRefused`] for a negative number, or when the clock would be more than [`MOST_SECONDS_AHEAD`] ahead.
    pub fn advance(&self, seconds: i64) -> Result<Timestamp, ClockRefused> {
        let real = (self.shared.sources.real_now)();
        let mut world = self.world();
        let offset = world.offset_seconds.checked_add(seconds).ok_or(ClockRefused)?;
        if seconds < 0 || offset > MOST_SECONDS_AHEAD {
            return Err(ClockRefused);
        }
        world.offset_seconds = offset;
        let now = world.simulated(real);
        drop(world);
        self.moved();
        Ok(now)
    }

    /// The scenario in force.
    pub fn scenario(&self) -> &'static Scenario {
        self.world().scenario
    }

    /// Chooses a scenario.
    ///
    /// # Errors
    /// [`UnknownScenario`] when no scenario has this name.
    pub fn set_scenario(&self, name: &str) -> Result<&'static Scenario, UnknownScenario> {
        let chosen = scenario::find(name)?;
        self.world().scenario = chosen;
        self.moved();
        Ok(chosen)
    }

    /// All scenarios, in the order in which they should be offered.
    pub fn scenarios(&self) -> &'static [Scenario] {
        scenarios()
    }

    /// Back to the seeded condition: instances, orders, scenario, clock and the list of calls. Used nonces, rates and
    /// IAM tokens stay, because they belong to real time.
    pub fn reset(&self) {
        self.reset_with_crowd(self.shared.sources.crowd);
    }

    /// As [`reset`](Self::reset), with a crowd of another size ([`Sources::with_crowd`]) until the next reset.
    pub fn reset_with_crowd(&self, instances: u32) {
        let real = (self.shared.sources.real_now)();
        self.world().reset(real, instances);
        self.moved();
    }

    /// Pays an order of either cloud, as a person would in the cloud's own console.
    ///
    /// # Errors
    /// [`NothingToPay`] when no order with this id waits for payment at this moment.
    pub fn pay_order(&self, order_id: &str) -> Result<(), NothingToPay> {
        let real = (self.shared.sources.real_now)();
        let mut world = self.world();
        let now = world.simulated(real);
        let paid = world.pay_order(order_id, now);
        drop(world);
        self.moved();
        if paid { Ok(()) } else { Err(NothingToPay { order_id: order_id.to_owned() }) }
    }

    /// The calls received since the last reset, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.world().calls.all()
    }

    /// Every instance and order as it is at this moment of the simulated clock, by product. The members are those of
    /// the simulator, not of a cloud: for people and tests who want to see what a call did.
    pub fn state(&self) -> serde_json::Value {
        let real = (self.shared.sources.real_now)();
        let mut world = self.world();
        let now = world.simulated(real);
        world.settle(now);
        world.products.describe()
    }

    /// All access keys that the simulated clouds know.
    pub fn accounts(&self) -> &'static [Account] {
        accounts()
    }

    /// The IAM user who can log in with a password.
    pub fn iam_user(&self) -> IamUser {
        IAM_USER
    }

    /// Decides the fate of one request.
    pub(crate) fn receive(&self, request: &WireRequest) -> Fate {
        let sources = &self.shared.sources;
        let real = (sources.real_now)();
        let mut world = self.world();
        let moment =
            Moment { real, now: world.simulated(real), new_id: &*sources.new_id, scenario: world.scenario };
        world.receive(request, &moment)
    }

    pub(crate) fn slow_delay(&self) -> Duration {
        self.shared.sources.slow_delay
    }

    /// A panic while the lock was held cannot leave the world half changed in a way that matters to a simulator.
    fn world(&self) -> MutexGuard<'_, World> {
        self.shared.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
