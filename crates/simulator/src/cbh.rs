//! Cloud Bastion Host v2: instances, and upgrades scheduled at least 24 hours ahead (apis.md section 3,
//! companions.md section 2).

use crate::huawei::ServiceError;
use crate::moment::{Moment, later};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// An upgrade must be scheduled this far ahead, by the simulated clock.
const LEAD_SECONDS: i64 = 24 * 3600;
/// An upgrade takes 30 minutes.
const UPGRADE_SECONDS: i64 = 30 * 60;
/// A cross-version upgrade can be rolled back for seven days.
const ROLLBACK_SECONDS: i64 = 7 * 86_400;
/// Bounds of `upgrade_time` in the metadata, in milliseconds.
const MOST_UPGRADE_TIME: i64 = 99_999_999_999_999;

/// `update` of the list call: what an upgrade would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Update {
    Old,
    New,
    CrossOs,
    Rollback,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Schedule {
    upgrade_time: i64,
    at: Timestamp,
    until: Timestamp,
    /// The ids that a cross-version upgrade will give the instance.
    next_server_id: String,
    next_instance_id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Instance {
    name: &'static str,
    server_id: String,
    instance_id: String,
    bastion_version: &'static str,
    next_version: &'static str,
    update: Update,
    status: &'static str,
    task_status: &'static str,
    agent_started: bool,
    upgrades_fail: bool,
    created: Timestamp,
    rollback_until: Option<Timestamp>,
    fail_reason: &'static str,
    schedule: Option<Schedule>,
}

impl Instance {
    fn settle(&mut self, now: Timestamp) {
        if self.rollback_until.take_if(|until| *until <= now).is_some() {
            self.update = Update::Old;
        }
        if self.schedule.as_ref().is_some_and(|schedule| schedule.at <= now) {
            self.status = "UPGRADING";
            self.task_status = "updating";
        }
        let Some(done) = self.schedule.take_if(|schedule| schedule.until <= now) else { return };
        self.task_status = "NO_TASK";
        if self.upgrades_fail {
            self.status = "ERROR";
            self.fail_reason = "The upgrade package could not be installed.";
            return;
        }
        self.status = "ACTIVE";
        self.bastion_version = self.next_version;
        if self.update == Update::CrossOs {
            self.server_id = done.next_server_id;
            self.instance_id = done.next_instance_id;
            self.created = done.until;
            let until = later(done.until, ROLLBACK_SECONDS);
            self.update = if until <= now { Update::Old } else { Update::Rollback };
            self.rollback_until = (until > now).then_some(until);
        } else {
            // After the last minor version the next step is a cross-version upgrade.
            self.update = Update::CrossOs;
            self.next_version = "3.3.62.0";
        }
    }
}

/// All bastion hosts of the project.
#[derive(Serialize)]
pub(crate) struct Cbh {
    instances: Vec<Instance>,
}

impl Cbh {
    pub(crate) fn new(now: Timestamp) -> Self {
        let active = |number: u32, name: &'static str, update: Update| {
            let cross = update != Update::New;
            Instance {
                name,
                server_id: format!("c7277d87-5a0d-4cfc-a418-97acb567cf{number:02}"),
                instance_id: (5400 + number).to_string(),
                bastion_version: if cross { "3.3.50.3" } else { "3.3.37.0" },
                next_version: if cross { "3.3.62.0" } else { "3.3.37.6" },
                update,
                status: "ACTIVE",
                task_status: "NO_TASK",
                agent_started: true,
                upgrades_fail: false,
                created: later(now, -400 * 86_400),
                rollback_until: None,
                fail_reason: "",
                schedule: None,
            }
        };
        let scheduled_for = later(now, 48 * 3600);
        Self {
            instances: vec![
                active(29, "bastion-minor", Update::New),
                active(2, "bastion-cross-version", Update::CrossOs),
                Instance { bastion_version: "3.3.62.0", ..active(3, "bastion-latest", Update::Old) },
                Instance { agent_started: false, ..active(4, "bastion-agent-down", Update::New) },
                Instance {
                    status: "FROZEN",
                    task_status: "frozen",
                    ..active(5, "bastion-frozen", Update::New)
                },
                Instance { status: "SHUTOFF", ..active(6, "bastion-shut-off", Update::New) },
                Instance {
                    schedule: Some(Schedule {
                        upgrade_time: scheduled_for.as_millisecond(),
                        at: scheduled_for,
                        until: later(scheduled_for, UPGRADE_SECONDS),
                        next_server_id: "c7277d87-5a0d-4cfc-a418-97acb567cf77".to_owned(),
                        next_instance_id: "5477".to_owned(),
                    }),
                    ..active(7, "bastion-scheduled", Update::CrossOs)
                },
                Instance { upgrades_fail: true, ..active(8, "bastion-upgrade-will-fail", Update::New) },
                Instance {
                    bastion_version: "3.3.62.0",
                    rollback_until: Some(later(now, ROLLBACK_SECONDS)),
                    ..active(9, "bastion-can-roll-back", Update::Rollback)
                },
                Instance { task_status: "rebooting", ..active(10, "bastion-rebooting", Update::New) },
            ],
        }
    }

    /// Brings every instance up to this moment.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.instances.iter_mut().for_each(|instance| instance.settle(now));
    }

    /// `UpgradeInstance`: schedules an upgrade, or cancels a scheduled one. The answer has no body, so that the list is
    /// the only receipt.
    pub(crate) fn upgrade(&mut self, body: &[u8], moment: &Moment<'_>) -> Result<(), ServiceError> {
        let body: Value = serde_json::from_slice(body)
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| ServiceError::new(400, "CBH.10020009", "The message format is incorrect."))?;
        let server_id = body
            .get("server_id")
            .and_then(Value::as_str)
            .filter(|id| is_uuid(id))
            .ok_or_else(|| ServiceError::new(400, "CBH.10020011", "serverId error"))?;
        let upgrade_time = body
            .get("upgrade_time")
            .and_then(Value::as_i64)
            .filter(|time| (0..=MOST_UPGRADE_TIME).contains(time))
            .ok_or_else(|| parameter_error("upgrade_time is missing or is not a time in milliseconds."))?;
        let cancel = match body.get("cancel") {
            None => false,
            Some(value) => value.as_bool().ok_or_else(|| parameter_error("cancel is not a boolean."))?,
        };
        let instance = self
            .instances
            .iter_mut()
            .find(|known| known.server_id == server_id)
            .ok_or_else(|| ServiceError::new(404, "CBH.10027007", "Not CBH instances found."))?;
        if cancel {
            // A started task is UPGRADING and cannot be cancelled.
            if instance.status == "UPGRADING" || instance.schedule.take().is_none() {
                return Err(status_error("There is no scheduled upgrade that could be canceled."));
            }
            return Ok(());
        }
        if matches!(instance.update, Update::Old | Update::Rollback) {
            return Err(ServiceError::new(
                403,
                "CBH.10027011",
                "The current version is the latest. There is no need to upgrade.",
            ));
        }
        if !instance.agent_started {
            return Err(ServiceError::new(403, "CBH.10027011", "The agent is not started."));
        }
        if instance.status != "ACTIVE" || instance.task_status != "NO_TASK" || instance.schedule.is_some() {
            return Err(status_error("This operation is not allowed in the current instance status."));
        }
        let at = Timestamp::from_millisecond(upgrade_time)
            .map_err(|_| parameter_error("upgrade_time is out of range."))?;
        if at < later(moment.now, LEAD_SECONDS) {
            return Err(parameter_error(
                "upgrade_time must be at least 24 hours later than the current time.",
            ));
        }
        instance.schedule = Some(Schedule {
            upgrade_time,
            at,
            until: later(at, UPGRADE_SECONDS),
            next_server_id: moment.uuid(),
            next_instance_id: moment.digits(6),
        });
        Ok(())
    }
}

fn parameter_error(description: &str) -> ServiceError {
    ServiceError::new(400, "CBH.10020010", description)
}

fn status_error(description: &str) -> ServiceError {
    ServiceError::new(400, "CBH.10027011", description)
}

/// Eight, four, four, four and twelve hexadecimal digits.
pub(crate) fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let parts: Vec<&str> = text.split('-').collect();
    parts.len() == lengths.len()
        && parts
            .iter()
            .zip(lengths)
            .all(|(part, length)| part.len() == length && part.bytes().all(|digit| digit.is_ascii_hexdigit()))
}
