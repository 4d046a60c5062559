//! `UpgradeServiceInstance` and `RollbackServiceInstance`.

use super::{Change, ComputeNest, HistoryRow, Release, ServiceInstance, Spelling, Status, no_such, region};
use crate::moment::later;
use crate::rpc::{Asked, Parameters, Refusal, Reply};
use serde_json::{Map, Value, json};

/// An upgrade takes three minutes of simulated time, a rollback two.
pub(super) const UPGRADE_SECONDS: i64 = 180;
const ROLLBACK_SECONDS: i64 = 120;

impl ComputeNest {
    /// `UpgradeServiceInstance`. A dry run checks and changes nothing. `RegionId` may be left out (apis.md section 2).
    pub(crate) fn upgrade(&mut self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let target = asked.parameters.filled("ServiceVersion").unwrap_or_default();
        let given = given_parameters(asked.parameters)?;
        let instance = self.deployed(asked)?;
        if !instance.offered().any(|version| version == target) {
            return Err(no_such("ServiceVersion", target));
        }
        let missing: Vec<&str> = instance
            .new_parameters
            .iter()
            .copied()
            .filter(|name| !given.contains_key(*name) && !instance.parameters.contains_key(*name))
            .collect();
        if asked.dry_run {
            return Ok(Reply::read(json!({
                "Status": instance.status,
                "ServiceInstanceId": instance.id,
                "UpgradeRequiredParameters": spell(&missing, instance.spelling),
            })));
        }
        if let Some(name) = missing.first() {
            return Err(Refusal::new(
                400,
                "MissingParameter",
                format!("The parameter \"{name}\" that is mandatory for the target version is not supplied."),
            ));
        }
        let to = Release { version: target.to_owned(), parameters: given };
        Ok(start(instance, Status::Upgrading, to, asked))
    }

    /// `RollbackServiceInstance`: back to the release before the last upgrade, once (companions.md section 1).
    pub(crate) fn roll_back(&mut self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let instance = self.deployed(asked)?;
        let Some(to) = instance.before.clone() else {
            return Err(no_such("UpgradeHistory", &instance.id));
        };
        Ok(start(instance, Status::UpgradeRollbacking, to, asked))
    }

    /// The instance that the call names, when it can be changed now.
    fn deployed(&mut self, asked: &Asked<'_>) -> Result<&mut ServiceInstance, Refusal> {
        let id = asked.parameters.filled("ServiceInstanceId").unwrap_or_default();
        let region = region(asked)?;
        let instance = self
            .instances
            .find_mut(id)
            .filter(|known| region.is_none_or(|region| region == known.region))
            .ok_or_else(|| no_such("ServiceInstance", id))?;
        if instance.status != Status::Deployed {
            return Err(Refusal::new(
                400,
                "OperationDenied.ServiceInstanceStatus",
                format!(
                    "The status {:?} of the service instance does not support this operation.",
                    instance.status
                ),
            ));
        }
        Ok(instance)
    }
}

fn start(instance: &mut ServiceInstance, status: Status, to: Release, asked: &Asked<'_>) -> Reply {
    let moment = asked.moment;
    let (kind, seconds) = match status {
        Status::UpgradeRollbacking => ("Rollback", ROLLBACK_SECONDS),
        _ => ("Upgrade", UPGRADE_SECONDS),
    };
    instance.status = status;
    instance.updated = moment.now;
    instance.history.push(HistoryRow {
        id: format!("suh-{}", moment.digits(16)),
        kind,
        status: "upgrading",
        from: instance.version.clone(),
        to: to.version.clone(),
        started: moment.now,
        ended: None,
        results: String::new(),
    });
    instance.upgrade = Some(Change {
        started: moment.now,
        until: later(moment.now, seconds),
        to: to.version,
        parameters: to.parameters,
    });
    Reply::applied(json!({"Status": instance.status, "ServiceInstanceId": instance.id}))
}

/// Whether `DryRun` asks for a dry run. It is text; a Python `True` arrives as `True` (signing.md section 5).
pub(crate) fn is_dry_run(parameters: &Parameters<'_>) -> Result<bool, Refusal> {
    parameters.flag("DryRun")
}

fn given_parameters(parameters: &Parameters<'_>) -> Result<Map<String, Value>, Refusal> {
    match parameters.filled("Parameters") {
        None => Ok(Map::new()),
        Some(text) => serde_json::from_str(text).map_err(|_| Refusal::invalid("Parameters")),
    }
}

fn spell(names: &[&str], spelling: Spelling) -> Value {
    match spelling {
        _ if names.is_empty() => json!([]),
        Spelling::Names => json!(names),
        Spelling::PythonList => json!([format!("['{}']", names.join("', '"))]),
    }
}
