//! `ListInstances` and `ShowInstanceStatus`.

use super::{Hosts, Instance, is_uuid, not_found, parameter_error};
use crate::huawei::{Query, ServiceError};
use crate::moment::later;
use crate::paging::window;
use serde_json::{Value, json};

/// Instances on a page unless the caller says otherwise, and at most (companions.md section 2).
const MOST_ON_A_PAGE: usize = 1000;
const ORDER_ID: &str = "CS2308171141G8C14";

impl Hosts {
    /// `ListInstances`. `limit` and `offset` are text that holds numbers; `instance_id` is the numeric id.
    pub(crate) fn list(&self, query: &Query) -> Result<Value, ServiceError> {
        let number = |name: &str| {
            query
                .filled(name)
                .map(|text| {
                    text.parse::<usize>().map_err(|_| parameter_error(&format!("{name} is not a number.")))
                })
                .transpose()
        };
        let limit = number("limit")?.unwrap_or(MOST_ON_A_PAGE);
        if !(1..=MOST_ON_A_PAGE).contains(&limit) {
            return Err(parameter_error("limit must be between 1 and 1000."));
        }
        let offset = number("offset")?.unwrap_or_default();
        let wanted = number("instance_id")?.map(|id| id.to_string());
        let found = self
            .instances
            .iter()
            .filter(|known| wanted.as_ref().is_none_or(|id| *id == known.identity.instance_id));
        let (page, total) = window(found, offset, limit);
        let rows: Vec<Value> = page.iter().map(|instance| row(instance)).collect();
        Ok(json!({"total": total, "instance": rows}))
    }

    /// `ShowInstanceStatus`: a status in an enumeration of its own. The server id that an instance had before a
    /// cross-version upgrade is not found any more.
    pub(crate) fn status(&self, server_id: &str) -> Result<Value, ServiceError> {
        if !is_uuid(server_id) {
            return Err(ServiceError::new(400, "CBH.10020011", "serverId error"));
        }
        let instance = self.instances.find(server_id).ok_or_else(not_found)?;
        let status = match (instance.status, instance.task_status) {
            ("ACTIVE", "rebooting") => "REBOOTING",
            // The enumeration has no word for a host that is switched off.
            ("SHUTOFF", _) => "POWERING_OFF",
            // Nor for one that failed: this word is the list's.
            (status, _) => status,
        };
        Ok(json!({"name": instance.name, "server_id": server_id, "status": status}))
    }
}

fn row(instance: &Instance) -> Value {
    let identity = &instance.identity;
    let paid_until = later(identity.created, 3 * 365 * 86_400);
    let mut row = json!({
        "name": instance.name,
        "server_id": identity.server_id,
        "instance_id": identity.instance_id,
        "alter_permit": instance.status == "ACTIVE" && instance.task_status == "NO_TASK",
        "enterprise_project_id": "0",
        "period_num": "1,2",
        // The definitions say text, their example says numbers (apis.md section 8).
        "start_time": identity.created.as_millisecond(),
        "end_time": paid_until.as_millisecond(),
        "created_time": identity.created.strftime("%Y-%m-%d %H:%M:%S.0").to_string(),
        "bastion_version": identity.bastion_version,
        "update": if instance.update_is_boolean { json!(false) } else { json!(instance.update) },
        "az_info": {
            "region": "cn-north-4",
            "zone": "cn-north-4a",
            "availability_zone_display": "可用区1",
            "slave_zone": "",
            "slave_zone_display": "",
        },
        "status_info": {
            "status": instance.status,
            "task_status": instance.task_status,
            "create_instance_status": "NO_TASK",
            "instance_status": instance_status(instance.status),
            "instance_description": "",
            "fail_reason": if instance.fail_reason.is_empty() { "No FailReason Now" } else { instance.fail_reason },
        },
        "resource_info": {
            "specification": "cbh.basic.50",
            "order_id": ORDER_ID,
            "resource_id": instance.resource_id,
            "data_disk_size": 0.2,
            "disk_resource_id": [],
        },
        "network": {
            "vip": "",
            "web_port": "443",
            "public_ip": "",
            "public_id": "",
            "private_ip": "192.168.0.190",
            "vpc_id": "03211ecf-697e-4306-a7a0-6e939bf948de",
            "subnet_id": "dd08a6a9-ced7-484b-ace6-1b821854a772",
            "security_group_id": "02dcf62d-b84d-4a14-aad3-c310f2ceea55",
        },
        "ha_info": {"ha_id": "", "instance_type": "master"},
    });
    // Absent when nothing is scheduled.
    if let Some(schedule) = &instance.schedule {
        row["upgrade_time"] = json!(schedule.upgrade_time);
    }
    row
}

/// The third of the list's enumerations (companions.md section 2).
fn instance_status(status: &str) -> &'static str {
    match status {
        "UPGRADING" => "upgrading",
        "ERROR" => "error",
        "FROZEN" => "abnormal",
        _ => "ok",
    }
}
