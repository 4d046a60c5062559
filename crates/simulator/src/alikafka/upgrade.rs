//! `UpgradeInstanceVersion`.

use super::{Bar, Condition, Kafka, Upgrade, VERSIONS};
use crate::moment::later;
use crate::rpc::{Asked, Refusal, Reply};
use serde_json::json;

/// A major upgrade takes 25 minutes, a minor one 15 (apis.md section 5).
const MAJOR_SECONDS: i64 = 25 * 60;
const MINOR_SECONDS: i64 = 15 * 60;

impl Kafka {
    /// `UpgradeInstanceVersion`. There is no ClientToken: a repeat is judged by the state of the instance. An
    /// endpoint serves its own region only.
    pub(crate) fn upgrade(&mut self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let Asked { parameters, endpoint_region, moment, .. } = asked;
        let id = parameters.filled("InstanceId").unwrap_or_default();
        let region = parameters.filled("RegionId").unwrap_or_default();
        let target = parameters.filled("TargetVersion").unwrap_or_default();
        let Some(wanted) = VERSIONS.iter().position(|known| *known == target) else {
            return Err(invalid_target(target));
        };
        let instance = self
            .instances
            .find_mut(id)
            .filter(|known| {
                known.region == region && endpoint_region.is_none_or(|endpoint| endpoint == known.region)
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
        Ok(Reply::applied(json!({"Code": 200, "Message": "operation success.", "Success": true})))
    }
}

fn invalid_target(target: &str) -> Refusal {
    Refusal::new(400, "INVALID_PARAMETER", format!("The parameter TargetVersion {target} is invalid."))
}
