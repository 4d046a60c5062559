//! Compute Nest Supplier 2021-05-21: service instances, their versions and upgrades (apis.md section 2,
//! companions.md section 1).

use crate::moment::{Moment, later};
use crate::rpc::{Parameters, Refusal, Reply};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Regions with an endpoint (apis.md section 2).
const REGIONS: [&str; 2] = ["cn-hangzhou", "ap-southeast-1"];
/// An upgrade takes three minutes of simulated time.
const UPGRADE_SECONDS: i64 = 180;
/// The instance that is already being upgraded stays so for six hours after a reset.
const LONG_UPGRADE_SECONDS: i64 = 6 * 3600;

/// Statuses of a service instance that the simulator uses; the vendor has more (apis.md section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Status {
    Deployed,
    DeployedFailed,
    Upgrading,
}

/// How the cloud spells the names of the parameters that a target version needs; both occur (apis.md section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Spelling {
    /// One element that holds a Python-style list.
    PythonList,
    /// One element per name.
    Names,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Upgrade {
    history: usize,
    until: Timestamp,
    to: String,
    parameters: Map<String, Value>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct HistoryRow {
    id: String,
    kind: &'static str,
    status: &'static str,
    from: String,
    to: String,
    started: Timestamp,
    ended: Option<Timestamp>,
    results: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct ServiceInstance {
    id: String,
    name: &'static str,
    region: &'static str,
    service_id: &'static str,
    service_name: &'static str,
    status: Status,
    version: String,
    /// Versions of the service that can be upgraded to, ascending; those above the current one are on offer.
    upgradable: Vec<&'static str>,
    /// Parameters that every newer version needs and that the instance does not have.
    new_parameters: Vec<&'static str>,
    spelling: Spelling,
    parameters: Map<String, Value>,
    /// Upgrades are accepted and end badly.
    upgrades_fail: bool,
    created: Timestamp,
    upgrade: Option<Upgrade>,
    history: Vec<HistoryRow>,
}

impl ServiceInstance {
    fn offers(&self, version: &str) -> bool {
        let number = |text: &str| text.parse::<u32>().unwrap_or(0);
        self.upgradable.contains(&version) && number(version) > number(&self.version)
    }

    /// Brings the instance up to this moment.
    fn settle(&mut self, now: Timestamp) {
        let Some(upgrade) = self.upgrade.take_if(|upgrade| upgrade.until <= now) else { return };
        self.status = Status::Deployed;
        if let Some(row) = self.history.get_mut(upgrade.history) {
            row.ended = Some(upgrade.until);
            row.status = if self.upgrades_fail { "UpgradeFailed" } else { "UpgradeSuccessful" };
            if self.upgrades_fail {
                row.results =
                    "Resource ALIYUN::ECS::Instance could not be updated: QuotaExceeded.".to_owned();
            }
        }
        if !self.upgrades_fail {
            self.version = upgrade.to;
            self.parameters.extend(upgrade.parameters);
        }
    }
}

/// All service instances.
#[derive(Serialize)]
pub(crate) struct ComputeNest {
    instances: Vec<ServiceInstance>,
}

impl ComputeNest {
    pub(crate) fn new(now: Timestamp) -> Self {
        let deployed = |number: u32, name: &'static str| ServiceInstance {
            id: format!("si-5cbae874da0e47{number:06}"),
            name,
            region: "cn-hangzhou",
            service_id: "service-3a1b2c4d5e6f40000001",
            service_name: "Shop front",
            status: Status::Deployed,
            version: "1".to_owned(),
            upgradable: vec!["2", "3", "4"],
            new_parameters: Vec::new(),
            spelling: Spelling::Names,
            parameters: Map::from_iter([("EcsInstanceType".to_owned(), json!("ecs.g6.large"))]),
            upgrades_fail: false,
            created: later(now, -90 * 86_400),
            upgrade: None,
            history: Vec::new(),
        };
        let mut instances = vec![
            deployed(1, "shop-production"),
            ServiceInstance {
                new_parameters: vec!["EcsInstanceType", "InstancePassword"],
                spelling: Spelling::PythonList,
                parameters: Map::new(),
                ..deployed(2, "shop-needs-parameters")
            },
            ServiceInstance { new_parameters: vec!["ZoneId", "DiskSize"], ..deployed(3, "shop-needs-zone") },
            deployed(4, "shop-upgrading"),
            ServiceInstance { status: Status::DeployedFailed, ..deployed(5, "shop-deploy-failed") },
            ServiceInstance { version: "4".to_owned(), ..deployed(6, "shop-latest") },
            ServiceInstance { upgrades_fail: true, ..deployed(7, "shop-upgrade-will-fail") },
            ServiceInstance { region: "ap-southeast-1", ..deployed(8, "shop-singapore") },
        ];
        if let Some(upgrading) = instances.get_mut(3) {
            upgrading.status = Status::Upgrading;
            upgrading.history.push(HistoryRow {
                id: "suh-0000000000000004".to_owned(),
                kind: "Upgrade",
                status: "upgrading",
                from: "1".to_owned(),
                to: "2".to_owned(),
                started: later(now, -60),
                ended: None,
                results: String::new(),
            });
            upgrading.upgrade = Some(Upgrade {
                history: 0,
                until: later(now, LONG_UPGRADE_SECONDS),
                to: "2".to_owned(),
                parameters: Map::new(),
            });
        }
        Self { instances }
    }

    /// Brings every instance up to this moment.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.instances.iter_mut().for_each(|instance| instance.settle(now));
    }

    /// `UpgradeServiceInstance`. A dry run checks and changes nothing. `RegionId` may be left out, and must be the region
    /// of the endpoint when the host names one (apis.md section 2).
    pub(crate) fn upgrade(
        &mut self,
        parameters: &Parameters<'_>,
        endpoint_region: Option<&str>,
        dry_run: bool,
        moment: &Moment<'_>,
    ) -> Result<Reply, Refusal> {
        let id = parameters.filled("ServiceInstanceId").unwrap_or_default();
        let target = parameters.filled("ServiceVersion").unwrap_or_default();
        let given = given_parameters(parameters)?;
        let region = parameters.filled("RegionId").or(endpoint_region);
        if region.is_some_and(|region| !REGIONS.contains(&region))
            || endpoint_region.is_some_and(|endpoint| region != Some(endpoint))
        {
            return Err(Refusal::invalid("RegionId"));
        }
        let instance = self
            .instances
            .iter_mut()
            .find(|known| known.id == id && region.is_none_or(|region| region == known.region))
            .ok_or_else(|| {
                Refusal::new(
                    400,
                    "EntityNotExist.ServiceInstance",
                    format!("The ServiceInstance entity \"{id}\" does not exist."),
                )
            })?;
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
        if !instance.offers(target) {
            return Err(Refusal::new(
                400,
                "EntityNotExist.ServiceVersion",
                format!("The ServiceVersion entity \"{target}\" does not exist."),
            ));
        }
        let missing: Vec<&str> = instance
            .new_parameters
            .iter()
            .copied()
            .filter(|name| !given.contains_key(*name) && !instance.parameters.contains_key(*name))
            .collect();
        if dry_run {
            return Ok(Reply {
                body: json!({
                    "Status": instance.status,
                    "ServiceInstanceId": instance.id,
                    "UpgradeRequiredParameters": spell(&missing, instance.spelling),
                }),
                applied: false,
            });
        }
        if let Some(name) = missing.first() {
            return Err(Refusal::new(
                400,
                "MissingParameter",
                format!("The parameter \"{name}\" that is mandatory for the target version is not supplied."),
            ));
        }
        instance.status = Status::Upgrading;
        instance.upgrade = Some(Upgrade {
            history: instance.history.len(),
            until: later(moment.now, UPGRADE_SECONDS),
            to: target.to_owned(),
            parameters: given,
        });
        instance.history.push(HistoryRow {
            id: format!("suh-{}", moment.digits(16)),
            kind: "Upgrade",
            status: "upgrading",
            from: instance.version.clone(),
            to: target.to_owned(),
            started: moment.now,
            ended: None,
            results: String::new(),
        });
        Ok(Reply {
            body: json!({"Status": instance.status, "ServiceInstanceId": instance.id}),
            applied: true,
        })
    }
}

/// Whether `DryRun` asks for a dry run. It is text; a Python `True` arrives as `True` (signing.md section 5).
pub(crate) fn is_dry_run(parameters: &Parameters<'_>) -> Result<bool, Refusal> {
    match parameters.filled("DryRun") {
        None => Ok(false),
        Some(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        Some(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Some(_) => Err(Refusal::invalid("DryRun")),
    }
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
