//! `UpgradeInstanceSpec`: what may be asked for, and what costs money.

use super::orders::Order;
use super::{Aad, Access, Conduct, Instance, Place, Specification, bad, refused};
use crate::cbh::is_uuid;
use crate::huawei::ServiceError;
use crate::moment::Moment;
use serde_json::{Map, Value};

impl Aad {
    /// `UpgradeInstanceSpec`. Returns the order id, or nothing when no fee changes. Every successful call with a fee
    /// places an order of its own: the call is not idempotent.
    pub(crate) fn upgrade(
        &mut self,
        body: &[u8],
        moment: &Moment<'_>,
    ) -> Result<Option<String>, ServiceError> {
        let body: Value = serde_json::from_slice(body)
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| bad("The request body is not a JSON object."))?;
        let id = body
            .get("instance_id")
            .and_then(Value::as_str)
            .filter(|id| is_uuid(id))
            .ok_or_else(|| bad("instance_id is missing or is not a UUID."))?;
        let data = body
            .get("upgrade_data")
            .and_then(Value::as_object)
            .filter(|data| !data.is_empty())
            .ok_or_else(|| bad("upgrade_data is missing or empty."))?;
        let instance = self.instances.find_mut(id).ok_or_else(|| bad("The instance does not exist."))?;
        if instance.expires <= moment.now {
            return Err(bad("The instance has expired and cannot be upgraded."));
        }
        match instance.conduct {
            Conduct::Frozen => {
                return Err(refused("Anti-DDoS.10000010", "The account or instance is frozen."));
            }
            Conduct::Restricted => {
                return Err(refused("Anti-DDoS.10000009", "The account or instance is restricted."));
            }
            Conduct::NotVerified => {
                return Err(refused(
                    "Anti-DDoS.10000030",
                    "Real-name authentication has not been completed.",
                ));
            }
            Conduct::Completed | Conduct::Unpaid | Conduct::Free | Conduct::Cancelled => {}
        }
        let wanted = wanted(instance, data)?;
        if !costs_more(&instance.specification, &wanted) || instance.conduct == Conduct::Free {
            instance.specification = wanted;
            return Ok(None);
        }
        let stays_unpaid = instance.conduct == Conduct::Unpaid || moment.scenario.name == "unpaid";
        let order = Order::new(instance, wanted, !stays_unpaid, moment);
        let order_id = order.order_id.clone();
        self.orders.push(order);
        Ok(Some(order_id))
    }
}

/// The specification that the call asks for.
fn wanted(instance: &Instance, data: &Map<String, Value>) -> Result<Specification, ServiceError> {
    let current = &instance.specification;
    let mut wanted = current.clone();
    let mainland = instance.place == Place::Mainland;
    let website = instance.access == Access::Website;
    if let Some(bandwidth) = text_number(data, "basic_bandwidth")? {
        allowed(mainland, "basic_bandwidth applies to instances in the Chinese mainland only.")?;
        wanted.basic_bandwidth = not_less("basic_bandwidth", bandwidth, current.basic_bandwidth)?;
    }
    if let Some(bandwidth) = text_number(data, "elastic_bandwidth")? {
        allowed(mainland, "elastic_bandwidth applies to instances in the Chinese mainland only.")?;
        wanted.elastic_bandwidth = bandwidth;
    }
    // The elastic bandwidth is a ceiling: it follows the basic one up, and may not be set below it.
    if !data.contains_key("elastic_bandwidth") {
        wanted.elastic_bandwidth = wanted.elastic_bandwidth.max(wanted.basic_bandwidth);
    }
    allowed(
        wanted.elastic_bandwidth >= wanted.basic_bandwidth,
        "elastic_bandwidth must not be less than basic_bandwidth.",
    )?;
    if let Some(bandwidth) = number(data, "service_bandwidth")? {
        wanted.service_bandwidth = not_less("service_bandwidth", bandwidth, current.service_bandwidth)?;
    }
    if let Some(ports) = number(data, "port_num")? {
        allowed(!website, "port_num applies to IP access instances only.")?;
        between("port_num", ports, if mainland { 50..=500 } else { 5..=200 })?;
        wanted.port_num = not_less("port_num", ports, current.port_num)?;
    }
    if let Some(domains) = number(data, "bind_domain_num")? {
        allowed(website, "bind_domain_num applies to website instances only.")?;
        between("bind_domain_num", domains, if mainland { 50..=500 } else { 10..=200 })?;
        allowed(domains % 5 == 0, "bind_domain_num must be a multiple of 5.")?;
        wanted.bind_domain_num = not_less("bind_domain_num", domains, current.bind_domain_num)?;
    }
    if let Some(kind) = number(data, "elastic_service_bandwidth_type")? {
        allowed(matches!(kind, 0 | 3), "elastic_service_bandwidth_type must be 0 or 3.")?;
        wanted.elastic_service_bandwidth_type = kind;
    }
    if let Some(bandwidth) = number(data, "elastic_service_bandwidth")? {
        wanted.elastic_service_bandwidth = bandwidth;
    }
    if let Some(queries) = number(data, "basic_qps")? {
        allowed(website, "basic_qps applies to website instances only.")?;
        allowed(
            current.basic_qps > 0,
            "QPS has not been purchased for the instance. Enable it on the console first.",
        )?;
        between("basic_qps", queries, if mainland { 3000..=100_000 } else { 1000..=100_000 })?;
        wanted.basic_qps = not_less("basic_qps", queries, current.basic_qps)?;
    }
    Ok(wanted)
}

/// Elastic bandwidths are billed afterwards, so that changing them alone makes no order.
fn costs_more(current: &Specification, wanted: &Specification) -> bool {
    wanted.basic_bandwidth > current.basic_bandwidth
        || wanted.service_bandwidth > current.service_bandwidth
        || wanted.port_num > current.port_num
        || wanted.bind_domain_num > current.bind_domain_num
        || wanted.basic_qps > current.basic_qps
}

/// A bandwidth: text that holds a number (apis.md section 6). A JSON number is refused.
fn text_number(data: &Map<String, Value>, name: &str) -> Result<Option<i64>, ServiceError> {
    let Some(value) = data.get(name) else { return Ok(None) };
    let number = value.as_str().and_then(|text| text.parse::<u32>().ok());
    number
        .map(|number| Some(i64::from(number)))
        .ok_or_else(|| bad(&format!("{name} must be a string that holds a number.")))
}

/// A 32-bit number that is not negative. Text is refused.
fn number(data: &Map<String, Value>, name: &str) -> Result<Option<i64>, ServiceError> {
    let Some(value) = data.get(name) else { return Ok(None) };
    let number = value.as_i64().filter(|number| (0..=i64::from(i32::MAX)).contains(number));
    number.map(Some).ok_or_else(|| bad(&format!("{name} must be an integer that is not negative.")))
}

fn between(name: &str, value: i64, range: std::ops::RangeInclusive<i64>) -> Result<(), ServiceError> {
    allowed(range.contains(&value), &format!("{name} must be between {} and {}.", range.start(), range.end()))
}

fn not_less(name: &str, value: i64, current: i64) -> Result<i64, ServiceError> {
    allowed(value >= current, &format!("{name} must not be less than the current {current}."))?;
    Ok(value)
}

fn allowed(condition: bool, description: &str) -> Result<(), ServiceError> {
    if condition { Ok(()) } else { Err(bad(description)) }
}
