//! ApsaraMQ for Kafka 2019-09-16: instances and their version upgrades (apis.md section 5, companions.md section 4).

use crate::moment::{Moment, later};
use crate::rpc::{Parameters, Refusal, Reply};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

/// Open source versions that can be a target, ascending (apis.md section 5).
const VERSIONS: [&str; 3] = ["0.10.2", "2.2.0", "2.6.2"];
/// A major upgrade takes 25 minutes, a minor one 15 (apis.md section 5).
const MAJOR_SECONDS: i64 = 25 * 60;
const MINOR_SECONDS: i64 = 15 * 60;
/// For this long after the call the status still says running (apis.md section 5, "Polling").
const STATUS_DELAY_SECONDS: i64 = 60;
/// The instance that is already being upgraded stays so for six hours after a reset.
const LONG_UPGRADE_SECONDS: i64 = 6 * 3600;

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
    name: &'static str,
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
    instances: Vec<Instance>,
}

impl Kafka {
    pub(crate) fn new(now: Timestamp) -> Self {
        let running = |number: u32, name: &'static str, version: &str, latest_minor: bool| Instance {
            id: format!("alikafka_post-cn-v0h1fgs2{number:04}"),
            name,
            region: "cn-hangzhou",
            version: version.to_owned(),
            latest_minor,
            condition: Condition::Running,
            bar: None,
            upgrades_fail: false,
            created: later(now, -200 * 86_400),
            expires: later(now, 165 * 86_400),
            upgrade: None,
            view_instance_status_code: Condition::Running.view_code(),
            service_status: Condition::Running.service_status(),
        };
        let mut instances = vec![
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
        instances.iter_mut().for_each(|instance| instance.settle(now));
        Self { instances }
    }

    /// Brings every instance up to this moment.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.instances.iter_mut().for_each(|instance| instance.settle(now));
    }

    /// `UpgradeInstanceVersion`. There is no ClientToken: a repeat is judged by the state of the instance. An
    /// endpoint serves its own region only.
    pub(crate) fn upgrade(
        &mut self,
        parameters: &Parameters<'_>,
        endpoint_region: Option<&str>,
        moment: &Moment<'_>,
    ) -> Result<Reply, Refusal> {
        let id = parameters.filled("InstanceId").unwrap_or_default();
        let region = parameters.filled("RegionId").unwrap_or_default();
        let target = parameters.filled("TargetVersion").unwrap_or_default();
        let Some(wanted) = VERSIONS.iter().position(|known| *known == target) else {
            return Err(invalid_target(target));
        };
        let instance = self
            .instances
            .iter_mut()
            .find(|known| {
                known.id == id
                    && known.region == region
                    && endpoint_region.is_none_or(|endpoint| endpoint == known.region)
            })
            .ok_or_else(|| {
                Refusal::new(400, "BIZ.INSTANCE.NOT.FOUND", format!("The instance {id} is not found."))
            })?;
        match instance.bar {
            Some(Bar::OtherOwner) => {
                return Err(Refusal::new(
                    400,
                    "AUTH_RESOURCE_OWNER_ERROR",
                    "The resource does not belong to the current account.",
                ));
            }
            Some(Bar::ChangeNotAllowed) => {
                return Err(Refusal::new(
                    400,
                    "Instance.Change.NotAllowed",
                    "The instance is not allowed to be changed.",
                ));
            }
            Some(Bar::ServiceFails) => {
                return Err(Refusal::new(
                    400,
                    "Instance.UpgradeService.version",
                    "Upgrade version failed, please try again later.",
                ));
            }
            None => {}
        }
        let status_error = |code: &str, state: &str| {
            Refusal::new(400, code, format!("The instance is {state}. Please check and try again later."))
        };
        match instance.condition {
            Condition::Running => {}
            Condition::Stopped => {
                return Err(Refusal::new(
                    400,
                    "Instance.StatusNotRunning",
                    "The instance is not running and cannot operate this function. Please try again later.",
                ));
            }
            Condition::Deploying => return Err(status_error("BIZ.INSTANCE.STATUS.ERROR", "deploying")),
            Condition::Upgrading => return Err(status_error("BIZ_INSTANCE_STATUS_ERROR", "upgrading")),
            Condition::UpgradeFailed => {
                return Err(status_error("BIZ_INSTANCE_STATUS_ERROR", "in the state upgrade failed"));
            }
        }
        let current = VERSIONS.iter().position(|known| *known == instance.version).unwrap_or_default();
        if wanted < current {
            return Err(invalid_target(target));
        }
        if wanted == current && instance.latest_minor {
            return Err(Refusal::new(
                400,
                "ONS_INIT_ENV_ERROR",
                "The instance is up to date, no need to update.",
            ));
        }
        let seconds = if wanted == current { MINOR_SECONDS } else { MAJOR_SECONDS };
        instance.condition = Condition::Upgrading;
        instance.upgrade =
            Some(Upgrade { started: moment.now, until: later(moment.now, seconds), to: target.to_owned() });
        // `Code` is a number here and text in a refusal (apis.md section 1).
        Ok(Reply {
            body: json!({"Code": 200, "Message": "operation success.", "Success": true}),
            applied: true,
        })
    }
}

fn invalid_target(target: &str) -> Refusal {
    Refusal::new(400, "INVALID_PARAMETER", format!("The parameter TargetVersion {target} is invalid."))
}
