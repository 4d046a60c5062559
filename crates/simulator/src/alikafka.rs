//! ApsaraMQ for Kafka 2019-09-16: instances and their version upgrades (apis.md section 5, companions.md section 4).

mod list;
mod upgrade;

use crate::crowd::{Member, Stock, number_after};
use crate::moment::later;
use jiff::Timestamp;
use serde::Serialize;

/// Open source versions that can be a target, ascending (apis.md section 5).
const VERSIONS: [&str; 3] = ["0.10.2", "2.2.0", "2.6.2"];
/// For this long after the call the status still says running (apis.md section 5, "Polling").
const STATUS_DELAY_SECONDS: i64 = 60;
/// The instance that is already being upgraded stays so for six hours after a reset.
const LONG_UPGRADE_SECONDS: i64 = 6 * 3600;
/// Ids of the crowd.
const CROWD_PREFIX: &str = "alikafka_post-cn-w7k2c";

/// Conditions of an instance; the two numbers of each are `ViewInstanceStatusCode` and `ServiceStatus`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Condition {
    Running,
    Stopped,
    Deploying,
    Upgrading,
    UpgradeFailed,
}

impl Condition {
    /// `ViewInstanceStatusCode` (companions.md section 4).
    fn view_code(self) -> u32 {
        match self {
            Self::Deploying => 1,
            Self::Running => 2,
            Self::Stopped => 3,
            Self::Upgrading => 7,
            Self::UpgradeFailed => 102,
        }
    }

    /// `ServiceStatus`, the older enumeration (companions.md section 4).
    fn service_status(self) -> u32 {
        match self {
            Self::Deploying => 1,
            Self::Running => 5,
            Self::Stopped => 10,
            Self::Upgrading => 8,
            Self::UpgradeFailed => 102,
        }
    }
}

/// Why the cloud refuses to upgrade an instance that is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Bar {
    /// Belongs to another account.
    OtherOwner,
    /// May not be changed.
    ChangeNotAllowed,
    /// The upgrade service fails.
    ServiceFails,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Upgrade {
    started: Timestamp,
    until: Timestamp,
    to: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Instance {
    id: String,
    name: String,
    region: &'static str,
    version: String,
    latest_minor: bool,
    condition: Condition,
    bar: Option<Bar>,
    upgrades_fail: bool,
    created: Timestamp,
    expires: Timestamp,
    upgrade: Option<Upgrade>,
    /// What the list call shows at the moment of the last settling.
    view_instance_status_code: u32,
    service_status: u32,
}

impl Instance {
    fn running(id: String, name: String, version: &str, latest_minor: bool, reset_at: Timestamp) -> Self {
        Self {
            id,
            name,
            region: "cn-hangzhou",
            version: version.to_owned(),
            latest_minor,
            condition: Condition::Running,
            bar: None,
            upgrades_fail: false,
            created: later(reset_at, -200 * 86_400),
            expires: later(reset_at, 165 * 86_400),
            upgrade: None,
            view_instance_status_code: Condition::Running.view_code(),
            service_status: Condition::Running.service_status(),
        }
    }
}

impl Member for Instance {
    fn member(number: u32, reset_at: Timestamp) -> Self {
        let version = VERSIONS[number as usize % VERSIONS.len()];
        let id = format!("{CROWD_PREFIX}{number:06}");
        Self::running(id, format!("stream-{number:06}"), version, number.is_multiple_of(2), reset_at)
    }

    fn number(id: &str) -> Option<u32> {
        number_after(id, CROWD_PREFIX)
    }

    fn has_id(&self, id: &str) -> bool {
        self.id == id
    }

    fn settle(&mut self, now: Timestamp) {
        if let Some(upgrade) = self.upgrade.take_if(|upgrade| upgrade.until <= now) {
            if self.upgrades_fail {
                self.condition = Condition::UpgradeFailed;
            } else {
                self.condition = Condition::Running;
                self.version = upgrade.to;
                self.latest_minor = true;
            }
        }
        let shown = match &self.upgrade {
            Some(upgrade) if now < later(upgrade.started, STATUS_DELAY_SECONDS) => Condition::Running,
            _ => self.condition,
        };
        self.view_instance_status_code = shown.view_code();
        self.service_status = shown.service_status();
    }
}

/// All Kafka instances.
#[derive(Serialize)]
pub(crate) struct Kafka {
    instances: Stock<Instance>,
}

impl Kafka {
    pub(crate) fn new(now: Timestamp, crowd: u32) -> Self {
        let running = |number: u32, name: &str, version: &str, latest_minor: bool| {
            let id = format!("alikafka_post-cn-v0h1fgs2{number:04}");
            Instance::running(id, name.to_owned(), version, latest_minor, now)
        };
        let own = vec![
            running(1, "orders-0102", "0.10.2", false),
            running(2, "orders-220-old-minor", "2.2.0", false),
            running(3, "orders-220-latest-minor", "2.2.0", true),
            running(4, "orders-262", "2.6.2", true),
            Instance { condition: Condition::Stopped, ..running(5, "orders-stopped", "2.2.0", false) },
            Instance { upgrades_fail: true, ..running(6, "orders-upgrade-will-fail", "0.10.2", false) },
            Instance {
                condition: Condition::Upgrading,
                upgrade: Some(Upgrade {
                    started: later(now, -600),
                    until: later(now, LONG_UPGRADE_SECONDS),
                    to: "2.2.0".to_owned(),
                }),
                ..running(7, "orders-upgrading", "0.10.2", false)
            },
            Instance { bar: Some(Bar::OtherOwner), ..running(8, "not-ours", "2.2.0", false) },
            Instance { bar: Some(Bar::ChangeNotAllowed), ..running(9, "orders-locked", "2.2.0", false) },
            Instance { bar: Some(Bar::ServiceFails), ..running(10, "orders-service-fails", "2.2.0", false) },
            Instance { condition: Condition::Deploying, ..running(11, "orders-deploying", "2.2.0", false) },
            Instance { region: "cn-shanghai", ..running(12, "orders-shanghai", "0.10.2", true) },
        ];
        Self { instances: Stock::new(own, crowd, now) }
    }

    /// Brings every instance up to this moment.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.instances.settle(now);
    }
}
