//! `ListInstance`, `ListInstanceV2`, `ShowInstanceByInstanceId` and `ListInstanceDomains`. None hands out pages of
//! instances (companions.md section 5).

use super::{Aad, Access, Conduct, Instance, Place, bad};
use crate::huawei::{Query, ServiceError};
use crate::moment::Moment;
use serde_json::{Value, json};

/// The freeze type that a frozen instance shows; the documents do not list them.
const FROZEN: i64 = 1;
/// Domains on a page, unless the caller says otherwise, and at most.
const MOST_DOMAINS: usize = 1000;

impl Aad {
    /// `ListInstance` (v1): every instance, with its addresses and without its kind of access.
    pub(crate) fn list(&self) -> Value {
        let rows: Vec<Value> = self
            .instances
            .iter()
            .map(|instance| {
                json!({
                    "instance_id": instance.instance_id,
                    "instance_name": instance.name,
                    "enterprise_project_id": "0",
                    "instance_status": if instance.conduct == Conduct::Frozen { 2 } else { 0 },
                    "expire_time": instance.expires.as_millisecond(),
                    "service_bandwidth": instance.specification.service_bandwidth,
                    "overseas_type": overseas_type(&instance),
                    "ips": [{
                        "ip_id": ip_id(&instance),
                        "ip": instance.address,
                        "basic_bandwidth": instance.specification.basic_bandwidth,
                        "elastic_bandwidth": instance.specification.elastic_bandwidth,
                        "ip_status": 0,
                    }],
                })
            })
            .collect();
        json!({"count": rows.len(), "items": rows})
    }

    /// `ListInstanceV2`: with the kind of access, by which can be asked.
    pub(crate) fn list_by_access(&self, query: &Query) -> Result<Value, ServiceError> {
        let wanted = match query.filled("instance_access_type") {
            None => None,
            Some("0") => Some(Access::Website),
            Some("1") => Some(Access::Ip),
            Some(_) => return Err(bad("instance_access_type must be 0 or 1.")),
        };
        let rows: Vec<Value> = self
            .instances
            .iter()
            .filter(|instance| wanted.is_none_or(|wanted| wanted == instance.access))
            .map(|instance| {
                json!({
                    "instance_id": instance.instance_id,
                    "instance_name": instance.name,
                    "enterprise_project_id": "0",
                    "instance_access_type": if instance.access == Access::Website { "0" } else { "1" },
                    "overseas_type": overseas_type(&instance),
                    "pp_support": 0,
                    "pp_enable": 0,
                    "vips": [{"ip": instance.address, "isp": "BGP"}],
                })
            })
            .collect();
        Ok(json!({"items": rows}))
    }

    /// `ShowInstanceByInstanceId`: numbers where the writing call takes text, and no `basic_qps`.
    pub(crate) fn show(&self, id: &str, moment: &Moment<'_>) -> Result<Value, ServiceError> {
        let instance = self.instances.find(id).ok_or_else(|| bad("The instance does not exist."))?;
        let specification = &instance.specification;
        let frozen = instance.conduct == Conduct::Frozen;
        Ok(json!({
            "instance_name": instance.name,
            "enterprise_project_id": "0",
            "version": "2.0",
            "create_time": instance.created.as_millisecond(),
            "expire_time": instance.expires.as_millisecond(),
            "current_time": moment.now.as_millisecond(),
            "product_spec_data": {
                "basic_bandwidth": specification.basic_bandwidth,
                "elastic_bandwidth": specification.elastic_bandwidth,
                "service_bandwidth": specification.service_bandwidth,
                "port_num": specification.port_num,
                "bind_domain_num": specification.bind_domain_num,
                "elastic_service_bandwidth": specification.elastic_service_bandwidth,
                "elastic_service_bandwidth_type": specification.elastic_service_bandwidth_type,
                "isp_spec": "BGP",
                "data_center": if instance.place == Place::Mainland { "ER" } else { "HK" },
                "spec_type": if instance.access == Access::Website { 0 } else { 1 },
                "main_resource_type": "hws.resource.type.aad",
                "main_resource_spec_code": "aad.instance.basic",
            },
            "instance_config": {"tags": [], "freeze_type": if frozen { json!([FROZEN]) } else { json!([]) }},
            "elastic_service_bw_update_enable": true,
        }))
    }

    /// `ListInstanceDomains`: the domains that the instance protects now.
    pub(crate) fn domains(&self, id: &str, query: &Query) -> Result<Value, ServiceError> {
        let number = |name: &str, default: usize| match query.filled(name) {
            None => Ok(default),
            Some(text) => text.parse::<usize>().map_err(|_| bad(&format!("{name} is not a number."))),
        };
        let limit = number("limit", MOST_DOMAINS)?;
        let offset = number("offset", 0)?;
        if limit > MOST_DOMAINS {
            return Err(bad("limit must not be more than 1000."));
        }
        let instance = self.instances.find(id).ok_or_else(|| bad("The instance does not exist."))?;
        let domains: Vec<Value> = (1..=instance.domains)
            .skip(offset)
            .take(limit)
            .map(|number| {
                json!({
                    "domain_id": format!("{:0>8}-{number:04}", instance.instance_id.get(24..).unwrap_or_default()),
                    "domain_name": format!("www{number}.{}.example.com", instance.name),
                    "cname": format!("{}-{number}.aad.example.com", instance.name),
                    "domain_status": "0",
                    "cc_status": 1,
                    "https_cert_status": 1,
                    "cert_name": format!("{}-certificate", instance.name),
                    "protocol_type": ["HTTPS"],
                    "real_server_type": 0,
                    "real_servers": "192.0.2.10",
                    "waf_status": 1,
                })
            })
            .collect();
        Ok(json!({"instance_id": instance.instance_id, "instance_name": instance.name, "domains": domains}))
    }
}

fn overseas_type(instance: &Instance) -> i64 {
    if instance.place == Place::Overseas { 1 } else { 0 }
}

fn ip_id(instance: &Instance) -> String {
    instance.instance_id.replacen("2b5ce2a4", "4f1c7a90", 1)
}
