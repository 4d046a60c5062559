//! `GetServiceTemplateParameterConstraints` and `GetServiceEstimateCost`: what the parameters of the template can be,
//! and what they cost.

use super::{ComputeNest, SERVICE_ID, TEMPLATE_NAME, VERSIONS, no_such, region};
use crate::rpc::{Asked, Refusal, Reply};
use serde_json::{Map, Value, json};

/// Types of server, the price of an hour in hundredths of a yuan, and the last letters of the zones that have them.
const SERVERS: [(&str, i64, &[&str]); 4] = [
    ("ecs.g6.large", 65, &["h", "j"]),
    ("ecs.g7.large", 68, &["j", "k"]),
    ("ecs.g7.xlarge", 136, &["j", "k"]),
    ("ecs.c7.2xlarge", 232, &["k"]),
];
const ZONES: [&str; 3] = ["h", "j", "k"];
const DISK_SIZES: [&str; 4] = ["40", "100", "200", "500"];
/// Ten gigabytes of disk cost a hundredth of a yuan an hour.
const GIGABYTES_PER_CENT: i64 = 10;
/// Paid in advance, an hour costs 60 per cent.
const ADVANCE_PER_CENT: i64 = 60;
/// At most this many `Parameters.N`.
const MOST_PARAMETERS: usize = 100;

impl ComputeNest {
    /// `GetServiceTemplateParameterConstraints`: the values that each parameter can take, given those of the others.
    pub(crate) fn parameter_constraints(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let parameters = asked.parameters;
        self.check(asked)?;
        let deploy_region = parameters.filled("DeployRegionId").unwrap_or_default();
        let chosen = parameters.pairs("Parameters", ("ParameterKey", "ParameterValue"), MOST_PARAMETERS)?;
        let chosen = |key: &str| chosen.iter().find(|(known, _)| *known == key).map(|(_, value)| *value);
        let zone = chosen("ZoneId");
        let server = chosen("EcsInstanceType");
        let zones: Vec<String> = ZONES
            .iter()
            .filter(|zone| server.is_none_or(|server| sold_in(server, zone)))
            .map(|zone| format!("{deploy_region}-{zone}"))
            .collect();
        let servers: Vec<&str> = SERVERS
            .iter()
            .map(|(server, ..)| *server)
            .filter(|server| {
                zone.is_none_or(|zone| zone.rsplit_once('-').is_some_and(|(_, zone)| sold_in(server, zone)))
            })
            .collect();
        let choice = |key: &str, kind: &str, values: Value, depends_on: &[&str]| {
            json!({
                "ParameterKey": key,
                "Type": kind,
                "AllowedValues": values,
                "AssociationParameterNames": depends_on,
                "OriginalConstraints": [],
            })
        };
        Ok(Reply::read(json!({
            "ParameterConstraints": [
                choice("ZoneId", "String", json!(zones), &["EcsInstanceType"]),
                choice("EcsInstanceType", "String", json!(servers), &["ZoneId"]),
                choice("DiskSize", "Number", json!(DISK_SIZES), &[]),
                {
                    "ParameterKey": "InstancePassword",
                    "Type": "String",
                    "AssociationParameterNames": [],
                    "OriginalConstraints": [],
                    "Behavior": "NotSupport",
                    "BehaviorReason": "No resource property is associated with the parameter.",
                },
            ],
            "FamilyConstraints": [],
        })))
    }

    /// `GetServiceEstimateCost`: what a deployment with these parameters costs. Parameters that are not given are those
    /// of the instance, when one is named.
    pub(crate) fn estimate_cost(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let parameters = asked.parameters;
        self.check(asked)?;
        let mut values = match parameters.filled("ServiceInstanceId") {
            Some(_) => self.find(asked)?.parameters.clone(),
            None => Map::new(),
        };
        values.extend(object(asked, "Parameters")?);
        let hours = advance_hours(&object(asked, "Commodity")?)?;
        let text = |key: &str| match values.get(key) {
            Some(Value::String(text)) => Some(text.clone()),
            Some(value @ Value::Number(_)) => Some(value.to_string()),
            _ => None,
        };
        let server = text("EcsInstanceType").unwrap_or_else(|| SERVERS[0].0.to_owned());
        let Some((_, hour, _)) = SERVERS.iter().find(|(known, ..)| *known == server) else {
            return Err(Refusal::invalid("EcsInstanceType"));
        };
        let disk: i64 = text("DiskSize")
            .unwrap_or_else(|| DISK_SIZES[0].to_owned())
            .parse()
            .ok()
            .filter(|size| (20..=32_768).contains(size))
            .ok_or_else(|| Refusal::invalid("DiskSize"))?;
        Ok(Reply::read(json!({
            "Resources": {
                "Server": resource("ALIYUN::ECS::InstanceGroup", *hour, hours),
                "Disk": resource("ALIYUN::ECS::Disk", disk / GIGABYTES_PER_CENT, hours),
            },
            // The service itself is not sold in the marketplace.
            "Commodity": {},
        })))
    }

    /// Service, version, template and instance, as far as they are named, must exist.
    fn check(&self, asked: &Asked<'_>) -> Result<(), Refusal> {
        let parameters = asked.parameters;
        region(asked)?;
        match (parameters.filled("ServiceId"), parameters.filled("ServiceVersion")) {
            (Some(SERVICE_ID), None) => {}
            (Some(SERVICE_ID), Some(version)) if VERSIONS.iter().any(|(known, _)| *known == version) => {}
            (Some(SERVICE_ID), Some(version)) => return Err(no_such("ServiceVersion", version)),
            (id, _) => return Err(no_such("Service", id.unwrap_or_default())),
        }
        match parameters.filled("TemplateName") {
            None | Some(TEMPLATE_NAME) => {}
            Some(name) => return Err(no_such("Template", name)),
        }
        if parameters.filled("ServiceInstanceId").is_some() {
            self.find(asked)?;
        }
        Ok(())
    }
}

fn sold_in(server: &str, zone: &str) -> bool {
    SERVERS.iter().any(|(known, _, zones)| *known == server && zones.contains(&zone))
}

fn object(asked: &Asked<'_>, name: &str) -> Result<Map<String, Value>, Refusal> {
    match asked.parameters.filled(name) {
        None => Ok(Map::new()),
        Some(text) => serde_json::from_str(text).map_err(|_| Refusal::invalid(name)),
    }
}

/// How many hours are paid in advance; none when the service is paid as it is used.
fn advance_hours(commodity: &Map<String, Value>) -> Result<Option<i64>, Refusal> {
    let Some(period) = commodity.get("PayPeriod") else { return Ok(None) };
    let period = period
        .as_i64()
        .filter(|period| (1..=1000).contains(period))
        .ok_or_else(|| Refusal::invalid("Commodity.PayPeriod"))?;
    let days = match commodity.get("PayPeriodUnit").and_then(Value::as_str) {
        Some("Day") => 1,
        None | Some("Month") => 30,
        Some("Year") => 360,
        Some(_) => return Err(Refusal::invalid("Commodity.PayPeriodUnit")),
    };
    Ok(Some(period * days * 24))
}

fn resource(kind: &str, cents_an_hour: i64, advance: Option<i64>) -> Value {
    let (original, trade, unit, charge) = match advance {
        None => (cents_an_hour, cents_an_hour, "Hour", "PostPaid"),
        Some(hours) => {
            let original = cents_an_hour * hours;
            (original, original * ADVANCE_PER_CENT / 100, "Period", "PrePaid")
        }
    };
    json!({
        "Type": kind,
        "Success": true,
        "Result": {
            "Order": {
                "Currency": "CNY",
                "OriginalAmount": original as f64 / 100.0,
                "DiscountAmount": (original - trade) as f64 / 100.0,
                "TradeAmount": trade as f64 / 100.0,
                "RuleIds": [],
            },
            "OrderSupplement": {"PriceUnit": unit, "ChargeType": charge, "Quantity": 1},
        },
    })
}
