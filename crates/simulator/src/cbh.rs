//! Cloud Bastion Host v2: instances, upgrades scheduled at least 24 hours ahead, and rollbacks (apis.md section 3,
//! companions.md section 2).

mod list;
mod rollback;
mod upgrade;

use crate::accounts::HUAWEI_PROJECT_ID;
use crate::crowd::{Member, Stock, number_after};
use crate::huawei::ServiceError;
use crate::moment::later;
use jiff::Timestamp;
use serde::Serialize;

/// A cross-version upgrade can be rolled back for seven days.
const ROLLBACK_SECONDS: i64 = 7 * 86_400;
/// The version after the last cross-version upgrade.
const LATEST: &str = "3.3.62.0";
/// Server ids of the crowd.
const CROWD_PREFIX: &str = "c0de7d87-5a0d-4cfc-a418-";

/// `update` of the list call: what an upgrade would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Update {
    Old,
    New,
    CrossOs,
    Rollback,
}

/// What changes with a cross-version upgrade, and back with its rollback.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Identity {
    server_id: String,
    instance_id: String,
    bastion_version: &'static str,
    created: Timestamp,
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
    name: String,
    #[serde(flatten)]
    identity: Identity,
    /// Stays the same for life.
    resource_id: String,
    next_version: &'static str,
    update: Update,
    status: &'static str,
    task_status: &'static str,
    agent_started: bool,
    upgrades_fail: bool,
    rollbacks_fail: bool,
    rollback_until: Option<Timestamp>,
    /// What a rollback would bring back.
    before: Option<Identity>,
    /// When the rollback that is on its way ends.
    rolling_back_until: Option<Timestamp>,
    fail_reason: &'static str,
    schedule: Option<Schedule>,
    /// The list shows `update` as a boolean, as the example of the documents does (apis.md section 8).
    update_is_boolean: bool,
}

impl Instance {
    fn active(
        server_id: String,
        instance_id: u32,
        name: String,
        update: Update,
        reset_at: Timestamp,
    ) -> Self {
        let cross = update != Update::New;
        Self {
            name,
            resource_id: format!("5a0d4cfc-0000-4000-8000-{instance_id:012}"),
            identity: Identity {
                server_id,
                instance_id: instance_id.to_string(),
                bastion_version: if cross { "3.3.50.3" } else { "3.3.37.0" },
                created: later(reset_at, -400 * 86_400),
            },
            next_version: if cross { LATEST } else { "3.3.37.6" },
            update,
            status: "ACTIVE",
            task_status: "NO_TASK",
            agent_started: true,
            upgrades_fail: false,
            rollbacks_fail: false,
            rollback_until: None,
            before: None,
            rolling_back_until: None,
            fail_reason: "",
            schedule: None,
            update_is_boolean: false,
        }
    }

    /// The instance as if it had just had its cross-version upgrade.
    fn upgraded(mut self, before_server_id: &str, before_instance_id: &str, reset_at: Timestamp) -> Self {
        self.before = Some(Identity {
            server_id: before_server_id.to_owned(),
            instance_id: before_instance_id.to_owned(),
            ..self.identity.clone()
        });
        self.identity.bastion_version = LATEST;
        self.identity.created = reset_at;
        self.rollback_until = Some(later(reset_at, ROLLBACK_SECONDS));
        self
    }

    fn settle_rollback(&mut self, now: Timestamp) {
        if self.rollback_until.take_if(|until| *until <= now).is_some() {
            self.update = Update::Old;
            self.before = None;
        }
        if self.rolling_back_until.take_if(|until| *until <= now).is_none() {
            return;
        }
        self.task_status = "NO_TASK";
        if self.rollbacks_fail {
            self.status = "ERROR";
            self.fail_reason = "The rollback could not be completed.";
        } else if let Some(before) = self.before.take() {
            self.status = "ACTIVE";
            self.identity = before;
            self.update = Update::CrossOs;
        }
    }
}

impl Member for Instance {
    fn member(number: u32, reset_at: Timestamp) -> Self {
        let update = [Update::New, Update::CrossOs, Update::Old][number as usize % 3];
        let server_id = format!("{CROWD_PREFIX}{number:012}");
        Self::active(server_id, 100_000 + number, format!("bastion-{number:06}"), update, reset_at)
    }

    fn number(id: &str) -> Option<u32> {
        number_after(id, CROWD_PREFIX)
    }

    fn has_id(&self, id: &str) -> bool {
        self.identity.server_id == id
    }

    fn settle(&mut self, now: Timestamp) {
        self.settle_rollback(now);
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
        if self.update == Update::CrossOs {
            let identity = Identity {
                server_id: done.next_server_id,
                instance_id: done.next_instance_id,
                bastion_version: self.next_version,
                created: done.until,
            };
            self.before = Some(std::mem::replace(&mut self.identity, identity));
            self.update = Update::Rollback;
            self.rollback_until = Some(later(done.until, ROLLBACK_SECONDS));
            self.settle_rollback(now);
        } else {
            // After the last minor version the next step is a cross-version upgrade.
            self.identity.bastion_version = self.next_version;
            self.update = Update::CrossOs;
            self.next_version = LATEST;
        }
    }
}

/// The bastion hosts of one project.
#[derive(Serialize)]
pub(crate) struct Hosts {
    instances: Stock<Instance>,
}

/// All bastion hosts: every one lives in the same project, and the other has none.
#[derive(Serialize)]
pub(crate) struct Cbh {
    #[serde(flatten)]
    hosts: Hosts,
    #[serde(skip)]
    none: Hosts,
}

impl Cbh {
    pub(crate) fn new(now: Timestamp, crowd: u32) -> Self {
        let active = |number: u32, name: &str, update: Update| {
            let server_id = format!("c7277d87-5a0d-4cfc-a418-97acb567cf{number:02}");
            Instance::active(server_id, 5400 + number, name.to_owned(), update, now)
        };
        let mut latest = active(3, "bastion-latest", Update::Old);
        latest.identity.bastion_version = LATEST;
        latest.update_is_boolean = true;
        let scheduled_for = later(now, 48 * 3600);
        let own = vec![
            active(29, "bastion-minor", Update::New),
            active(2, "bastion-cross-version", Update::CrossOs),
            latest,
            Instance { agent_started: false, ..active(4, "bastion-agent-down", Update::New) },
            Instance { status: "FROZEN", task_status: "frozen", ..active(5, "bastion-frozen", Update::New) },
            Instance { status: "SHUTOFF", ..active(6, "bastion-shut-off", Update::New) },
            Instance {
                schedule: Some(Schedule {
                    upgrade_time: scheduled_for.as_millisecond(),
                    at: scheduled_for,
                    until: later(scheduled_for, upgrade::UPGRADE_SECONDS),
                    next_server_id: "c7277d87-5a0d-4cfc-a418-97acb567cf77".to_owned(),
                    next_instance_id: "5477".to_owned(),
                }),
                ..active(7, "bastion-scheduled", Update::CrossOs)
            },
            Instance { upgrades_fail: true, ..active(8, "bastion-upgrade-will-fail", Update::New) },
            active(9, "bastion-can-roll-back", Update::Rollback).upgraded(
                "c7277d87-5a0d-4cfc-a418-97acb567cf79",
                "5379",
                now,
            ),
            Instance { task_status: "rebooting", ..active(10, "bastion-rebooting", Update::New) },
            Instance { rollbacks_fail: true, ..active(11, "bastion-rollback-will-fail", Update::Rollback) }
                .upgraded("c7277d87-5a0d-4cfc-a418-97acb567cf81", "5381", now),
        ];
        Self {
            hosts: Hosts { instances: Stock::new(own, crowd, now) },
            none: Hosts { instances: Stock::new(Vec::new(), 0, now) },
        }
    }

    /// The bastion hosts of a project of the account.
    pub(crate) fn of_project(&mut self, project: &str) -> &mut Hosts {
        if project == HUAWEI_PROJECT_ID { &mut self.hosts } else { &mut self.none }
    }

    /// Brings every instance up to this moment.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.hosts.instances.settle(now);
    }
}

fn parameter_error(description: &str) -> ServiceError {
    ServiceError::new(400, "CBH.10020010", description)
}

fn status_error(description: &str) -> ServiceError {
    ServiceError::new(400, "CBH.10027011", description)
}

fn not_found() -> ServiceError {
    ServiceError::new(404, "CBH.10027007", "Not CBH instances found.")
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
