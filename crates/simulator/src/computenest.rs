//! Compute Nest Supplier 2021-05-21: service instances, their versions, upgrades and rollbacks (apis.md section 2,
//! companions.md section 1).

mod history;
mod list;
mod template;
mod upgrade;

pub(crate) use upgrade::is_dry_run;

use crate::crowd::{Member, Stock, number_after};
use crate::moment::later;
use crate::rpc::{Asked, Refusal};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// Regions with an endpoint (apis.md section 2).
const REGIONS: [&str; 2] = ["cn-hangzhou", "ap-southeast-1"];
/// The instance that is already being upgraded stays so for six hours after a reset.
const LONG_UPGRADE_SECONDS: i64 = 6 * 3600;
/// The one service that every instance is of.
const SERVICE_ID: &str = "service-3a1b2c4d5e6f40000001";
/// Its versions and their names; the name is the supplier's.
const VERSIONS: [(&str, &str); 4] =
    [("1", "1.0 Long-term"), ("2", "2.0"), ("3", "3.0"), ("4", "4.0 Preview")];
/// The template that every version is deployed from.
const TEMPLATE_NAME: &str = "Template 1";
/// Ids of the crowd.
const CROWD_PREFIX: &str = "si-7d2f00c4b9e1aa";

/// Statuses of a service instance that the simulator uses; the vendor has more (apis.md section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Status {
    Deployed,
    DeployedFailed,
    Upgrading,
    UpgradeRollbacking,
    Deleted,
}

/// How the cloud spells the names of the parameters that a target version needs; both occur (apis.md section 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
enum Spelling {
    /// One element that holds a Python-style list.
    PythonList,
    /// One element per name.
    Names,
}

/// A version and the parameters that belong to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Release {
    version: String,
    parameters: Map<String, Value>,
}

/// An upgrade or a rollback on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Change {
    started: Timestamp,
    until: Timestamp,
    to: String,
    /// An upgrade: those that the call gave. A rollback: all of them.
    parameters: Map<String, Value>,
}

/// A row of `UpgradeHistory` (companions.md section 1). The newest is the last.
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
    name: String,
    region: &'static str,
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
    /// Rollbacks are accepted and end badly.
    rollbacks_fail: bool,
    created: Timestamp,
    updated: Timestamp,
    /// Also a rollback.
    upgrade: Option<Change>,
    /// What a rollback would bring back: the release before the last upgrade.
    before: Option<Release>,
    history: Vec<HistoryRow>,
}

impl ServiceInstance {
    fn new(id: String, name: String, reset_at: Timestamp) -> Self {
        Self {
            id,
            name,
            region: "cn-hangzhou",
            status: Status::Deployed,
            version: "1".to_owned(),
            upgradable: vec!["2", "3", "4"],
            new_parameters: Vec::new(),
            spelling: Spelling::Names,
            parameters: Map::from_iter([("EcsInstanceType".to_owned(), json!("ecs.g6.large"))]),
            upgrades_fail: false,
            rollbacks_fail: false,
            created: later(reset_at, -90 * 86_400),
            updated: later(reset_at, -90 * 86_400),
            upgrade: None,
            before: None,
            history: Vec::new(),
        }
    }

    /// The instance as if an upgrade to this version had succeeded this many days ago.
    fn upgraded(mut self, to: &str, days_ago: i64, reset_at: Timestamp) -> Self {
        let ended = later(reset_at, -days_ago * 86_400);
        self.history.push(HistoryRow {
            id: format!("suh-{days_ago:016}"),
            kind: "Upgrade",
            status: "UpgradeSuccessful",
            from: self.version.clone(),
            to: to.to_owned(),
            started: later(ended, -upgrade::UPGRADE_SECONDS),
            ended: Some(ended),
            results: String::new(),
        });
        self.before = Some(self.release());
        self.version = to.to_owned();
        self.updated = ended;
        self
    }

    fn release(&self) -> Release {
        Release { version: self.version.clone(), parameters: self.parameters.clone() }
    }

    fn offered(&self) -> impl Iterator<Item = &'static str> {
        let number = |text: &str| text.parse::<u32>().unwrap_or(0);
        let current = number(&self.version);
        self.upgradable.iter().copied().filter(move |version| number(version) > current)
    }
}

impl Member for ServiceInstance {
    fn member(number: u32, reset_at: Timestamp) -> Self {
        let name = format!("{}-{number:06}", ["web", "api", "batch", "search"][number as usize % 4]);
        let mut member = Self::new(format!("{CROWD_PREFIX}{number:06}"), name, reset_at);
        member.created = later(reset_at, -i64::from(number % 700 + 1) * 86_400);
        member.updated = member.created;
        member.version = VERSIONS[number as usize % 3].0.to_owned();
        if number.is_multiple_of(50) {
            member.status = Status::DeployedFailed;
        }
        member
    }

    fn number(id: &str) -> Option<u32> {
        number_after(id, CROWD_PREFIX)
    }

    fn has_id(&self, id: &str) -> bool {
        self.id == id
    }

    fn settle(&mut self, now: Timestamp) {
        let Some(change) = self.upgrade.take_if(|change| change.until <= now) else { return };
        let rollback = self.status == Status::UpgradeRollbacking;
        let failed = if rollback { self.rollbacks_fail } else { self.upgrades_fail };
        self.status = Status::Deployed;
        self.updated = change.until;
        if let Some(row) = self.history.last_mut() {
            row.ended = Some(change.until);
            row.status = if failed { "UpgradeFailed" } else { "UpgradeSuccessful" };
            if failed {
                row.results =
                    "Resource ALIYUN::ECS::Instance could not be updated: QuotaExceeded.".to_owned();
            }
        }
        if failed {
            return;
        }
        let before = self.release();
        self.version = change.to;
        if rollback {
            self.parameters = change.parameters;
            self.before = None;
        } else {
            self.parameters.extend(change.parameters);
            self.before = Some(before);
        }
    }
}

/// All service instances.
#[derive(Serialize)]
pub(crate) struct ComputeNest {
    instances: Stock<ServiceInstance>,
}

impl ComputeNest {
    pub(crate) fn new(now: Timestamp, crowd: u32) -> Self {
        let deployed = |number: u32, name: &str| {
            ServiceInstance::new(format!("si-5cbae874da0e47{number:06}"), name.to_owned(), now)
        };
        let mut upgrading = deployed(4, "shop-upgrading");
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
        upgrading.upgrade = Some(Change {
            started: later(now, -60),
            until: later(now, LONG_UPGRADE_SECONDS),
            to: "2".to_owned(),
            parameters: Map::new(),
        });
        let own = vec![
            deployed(1, "shop-production"),
            ServiceInstance {
                new_parameters: vec!["EcsInstanceType", "InstancePassword"],
                spelling: Spelling::PythonList,
                parameters: Map::new(),
                ..deployed(2, "shop-needs-parameters")
            },
            ServiceInstance { new_parameters: vec!["ZoneId", "DiskSize"], ..deployed(3, "shop-needs-zone") },
            upgrading,
            ServiceInstance { status: Status::DeployedFailed, ..deployed(5, "shop-deploy-failed") },
            ServiceInstance { version: "2".to_owned(), ..deployed(6, "shop-latest") }
                .upgraded("3", 60, now)
                .upgraded("4", 30, now),
            ServiceInstance { upgrades_fail: true, ..deployed(7, "shop-upgrade-will-fail") },
            ServiceInstance { region: "ap-southeast-1", ..deployed(8, "shop-singapore") },
            ServiceInstance { rollbacks_fail: true, ..deployed(9, "shop-rollback-will-fail") }
                .upgraded("2", 3, now),
            ServiceInstance { status: Status::Deleted, ..deployed(10, "shop-deleted") },
        ];
        Self { instances: Stock::new(own, crowd, now) }
    }

    /// Brings every instance up to this moment.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.instances.settle(now);
    }
}

/// The region that a call is about: `RegionId`, else the region of the endpoint, else any. `RegionId` must have an
/// endpoint, and must be the endpoint's when the host names one (apis.md section 2).
fn region<'a>(asked: &Asked<'a>) -> Result<Option<&'a str>, Refusal> {
    let region = asked.parameters.filled("RegionId").or(asked.endpoint_region);
    let known = region.is_none_or(|region| REGIONS.contains(&region));
    if known && asked.endpoint_region.is_none_or(|endpoint| region == Some(endpoint)) {
        Ok(region)
    } else {
        Err(Refusal::invalid("RegionId"))
    }
}

fn no_such(entity: &str, id: &str) -> Refusal {
    Refusal::new(
        400,
        format!("EntityNotExist.{entity}"),
        format!("The {entity} entity \"{id}\" does not exist."),
    )
}

fn version_name(version: &str) -> &'static str {
    VERSIONS.iter().find(|(known, _)| *known == version).map_or("", |(_, name)| name)
}
