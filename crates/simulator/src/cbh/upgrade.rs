//! `UpgradeInstance`: schedules, and cancels.

use super::{Hosts, Schedule, Update, is_uuid, not_found, parameter_error, status_error};
use crate::huawei::ServiceError;
use crate::moment::{Moment, later};
use jiff::Timestamp;
use serde_json::Value;

/// An upgrade must be scheduled this far ahead, by the simulated clock.
const LEAD_SECONDS: i64 = 24 * 3600;
/// An upgrade takes 30 minutes.
pub(super) const UPGRADE_SECONDS: i64 = 30 * 60;
/// Bounds of `upgrade_time` in the metadata, in milliseconds.
const MOST_UPGRADE_TIME: i64 = 99_999_999_999_999;

impl Hosts {
    /// `UpgradeInstance`: schedules an upgrade, or cancels a scheduled one. The answer has no body, so that the list is
    /// the only receipt.
    pub(crate) fn upgrade(&mut self, body: &[u8], moment: &Moment<'_>) -> Result<(), ServiceError> {
        let body = object(body)?;
        let server_id = server_id(&body)?;
        let upgrade_time = body
            .get("upgrade_time")
            .and_then(Value::as_i64)
            .filter(|time| (0..=MOST_UPGRADE_TIME).contains(time))
            .ok_or_else(|| parameter_error("upgrade_time is missing or is not a time in milliseconds."))?;
        let cancel = match body.get("cancel") {
            None => false,
            Some(value) => value.as_bool().ok_or_else(|| parameter_error("cancel is not a boolean."))?,
        };
        let instance = self.instances.find_mut(server_id).ok_or_else(not_found)?;
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

/// The body, which must be an object.
pub(super) fn object(body: &[u8]) -> Result<Value, ServiceError> {
    serde_json::from_slice(body)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| ServiceError::new(400, "CBH.10020009", "The message format is incorrect."))
}

/// `server_id`, which must be a UUID.
pub(super) fn server_id(body: &Value) -> Result<&str, ServiceError> {
    body.get("server_id")
        .and_then(Value::as_str)
        .filter(|id| is_uuid(id))
        .ok_or_else(|| ServiceError::new(400, "CBH.10020011", "serverId error"))
}
