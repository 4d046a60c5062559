//! `ListServiceInstances` and `GetServiceInstance`.

use super::{ComputeNest, SERVICE_ID, ServiceInstance, Status, TEMPLATE_NAME, no_such, region, version_name};
use crate::accounts::ALIBABA_ACCOUNT_ID;
use crate::moment::{later, seconds_utc};
use crate::paging::TokenPage;
use crate::rpc::{Asked, Parameters, Refusal, Reply};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::borrow::Cow;

/// At most this many values in one filter (companions.md section 1).
const MOST_VALUES: usize = 10;
/// At most this many filters and tags.
const MOST_FILTERS: usize = 20;
/// The customer who runs the instances; the caller is the supplier.
const USER_ID: i64 = 1_827_364_554_637_281;
const RESOURCE_GROUP: &str = "rg-acfmxazb4ph6aiy";
const TAG: (&str, &str) = ("team", "shop");

/// Names of filters that only concern instances under managed operation; no simulated instance is.
const OPERATION_FILTERS: [&str; 6] = [
    "OperationStartTimeBefore",
    "OperationStartTimeAfter",
    "OperationEndTimeBefore",
    "OperationEndTimeAfter",
    "OperatedServiceInstanceId",
    "OperationServiceInstanceId",
];

impl ComputeNest {
    /// `ListServiceInstances`: a page of the instances that pass every filter. Deleted ones are shown on demand only.
    pub(crate) fn list(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let parameters = asked.parameters;
        let region = region(asked)?;
        let filters = filters(parameters)?;
        let deleted = parameters.flag("ShowDeleted")?;
        let group = parameters.filled("ResourceGroupId");
        let tags = tags(parameters)?;
        let page = TokenPage::read(parameters)?;
        let found = self.instances.iter().filter(|instance| {
            region.is_none_or(|region| region == instance.region)
                && (deleted || instance.status != Status::Deleted)
                && group.is_none_or(|group| group == RESOURCE_GROUP)
                && tags.iter().all(|tag| tag.0 == TAG.0 && tag.1.is_none_or(|value| value == TAG.1))
                && filters.iter().all(|filter| filter.lets_through(instance))
        });
        let (instances, total, next) = page.cut(found);
        let now = asked.moment.now;
        let rows: Vec<Value> = instances.iter().map(|instance| row(instance, now)).collect();
        let mut body = json!({"ServiceInstances": rows, "MaxResults": page.size, "TotalCount": total});
        if let Some(token) = next {
            body["NextToken"] = json!(token);
        }
        Ok(Reply::read(body))
    }

    /// `GetServiceInstance`: as a row of the list, with the current parameters and what can be upgraded to.
    pub(crate) fn get(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let instance = self.find(asked)?;
        let mut body = row(&instance, asked.moment.now);
        // An object, in text; passwords are in it as they were given (companions.md section 1).
        body["Parameters"] = json!(Value::Object(instance.parameters.clone()).to_string());
        body["Outputs"] =
            json!(json!({"Endpoint": format!("https://{}.example.com", instance.name)}).to_string());
        body["SupplierUid"] = json!(ALIBABA_ACCOUNT_ID.parse::<i64>().unwrap_or_default());
        let offered: Vec<&str> = instance.offered().collect();
        let infos: Vec<Value> = offered
            .iter()
            .map(|version| json!({"Version": version, "VersionName": version_name(version)}))
            .collect();
        body["Service"]["UpgradableServiceInfos"] = json!(infos);
        body["Service"]["UpgradableServiceVersions"] = json!(offered);
        Ok(Reply::read(body))
    }

    /// The instance that a reading call names.
    pub(super) fn find(&self, asked: &Asked<'_>) -> Result<Cow<'_, ServiceInstance>, Refusal> {
        let id = asked.parameters.filled("ServiceInstanceId").unwrap_or_default();
        let region = region(asked)?;
        self.instances
            .find(id)
            .filter(|known| {
                region.is_none_or(|region| region == known.region) && known.status != Status::Deleted
            })
            .ok_or_else(|| no_such("ServiceInstance", id))
    }
}

fn row(instance: &ServiceInstance, now: Timestamp) -> Value {
    json!({
        "ServiceInstanceId": instance.id,
        "Name": instance.name,
        "Status": instance.status,
        "StatusDetail": status_detail(instance),
        "Progress": progress(instance, now),
        "BizStatus": "Normal",
        "PayType": "PayAsYouGo",
        "CreateTime": seconds_utc(instance.created),
        "UpdateTime": seconds_utc(instance.updated),
        "EndTime": seconds_utc(later(instance.created, 10 * 365 * 86_400)),
        "UserId": USER_ID,
        "ServiceType": "private",
        "Source": "User",
        "TemplateName": TEMPLATE_NAME,
        "EnableInstanceOps": false,
        "IsOperated": false,
        "ResourceGroupId": RESOURCE_GROUP,
        "Tags": [{"Key": TAG.0, "Value": TAG.1}],
        "Service": {
            "ServiceId": SERVICE_ID,
            "Version": instance.version,
            "VersionName": version_name(&instance.version),
            "DeployType": "ros",
            "ServiceType": "private",
            "Status": "Online",
            "SupplierName": "Example Supplier",
            "SupplierUrl": "https://supplier.example.com",
            "PublishTime": seconds_utc(later(instance.created, -86_400)),
            "ServiceInfos": [
                {
                    "Locale": "en-US",
                    "Name": "Shop front",
                    "ShortDescription": "A shop on the web",
                    "Image": "https://supplier.example.com/shop.png",
                },
                {
                    "Locale": "zh-CN",
                    "Name": "商城前台",
                    "ShortDescription": "网上商城",
                    "Image": "https://supplier.example.com/shop.png",
                },
            ],
        },
    })
}

fn status_detail(instance: &ServiceInstance) -> &'static str {
    match instance.status {
        Status::Deployed => "deploy successfully",
        Status::DeployedFailed => "Resource ALIYUN::ECS::Instance could not be created: OutOfStock.",
        Status::Upgrading => "upgrading",
        Status::UpgradeRollbacking => "upgrade rollbacking",
        Status::Deleted => "deleted",
    }
}

/// A percentage; 100 only when nothing is on its way.
fn progress(instance: &ServiceInstance, now: Timestamp) -> i64 {
    match &instance.upgrade {
        Some(change) => {
            let whole = (change.until.as_second() - change.started.as_second()).max(1);
            ((now.as_second() - change.started.as_second()) * 100 / whole).clamp(0, 99)
        }
        None if instance.status == Status::DeployedFailed => 60,
        None => 100,
    }
}

/// One `Filter.N`: a name and the values of which one must match.
struct Filter<'a> {
    name: &'a str,
    values: Vec<&'a str>,
}

impl Filter<'_> {
    fn lets_through(&self, instance: &ServiceInstance) -> bool {
        let status = format!("{:?}", instance.status);
        let user = USER_ID.to_string();
        let actual = match self.name {
            "Name" => return self.values.iter().any(|value| is_like(&instance.name, value)),
            "ServiceInstanceId" => &instance.id,
            "ServiceId" => SERVICE_ID,
            "UserId" => &user,
            "Version" => &instance.version,
            "Status" => &status,
            "DeployType" => "ros",
            "ServiceType" => "private",
            "EnableInstanceOps" => "false",
            _ => return false,
        };
        self.values.contains(&actual)
    }
}

/// `*xxx*` finds what contains it, `*` on one side leaves that side open, without stars it must be the same.
fn is_like(text: &str, pattern: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => text.contains(pattern.trim_matches('*')),
        (Some(end), None) => text.ends_with(end),
        (None, Some(start)) => text.starts_with(start),
        (None, None) => text == pattern,
    }
}

fn filters<'a>(parameters: &Parameters<'a>) -> Result<Vec<Filter<'a>>, Refusal> {
    let known = |name: &str| {
        matches!(
            name,
            "Name"
                | "ServiceInstanceId"
                | "ServiceId"
                | "UserId"
                | "Version"
                | "Status"
                | "DeployType"
                | "ServiceType"
                | "EnableInstanceOps"
        ) || OPERATION_FILTERS.contains(&name)
    };
    read_filters(parameters, known)
        .map(|filters| filters.into_iter().map(|(name, values)| Filter { name, values }).collect())
}

/// `Filter.N.Name` and `Filter.N.Value.M` of the calls that have them.
pub(super) fn read_filters<'a>(
    parameters: &Parameters<'a>,
    known: impl Fn(&str) -> bool,
) -> Result<Vec<(&'a str, Vec<&'a str>)>, Refusal> {
    let numbers = parameters.numbers("Filter", MOST_FILTERS)?;
    let read = |number: usize| {
        let name = format!("Filter.{number}.Name");
        let value = format!("Filter.{number}.Value");
        let filter = parameters.filled(&name).ok_or_else(|| Refusal::missing(&name))?;
        if !known(filter) {
            return Err(Refusal::invalid(&name));
        }
        let values = parameters.list(&value, MOST_VALUES)?;
        if values.is_empty() {
            return Err(Refusal::missing(&value));
        }
        Ok((filter, values))
    };
    numbers.into_iter().map(read).collect()
}

/// `Tag.N.Key` and `Tag.N.Value`, of which the value may be left out.
fn tags<'a>(parameters: &Parameters<'a>) -> Result<Vec<(&'a str, Option<&'a str>)>, Refusal> {
    let numbers = parameters.numbers("Tag", MOST_FILTERS)?;
    let read = |number: usize| {
        let key = format!("Tag.{number}.Key");
        let tag = parameters.filled(&key).ok_or_else(|| Refusal::missing(&key))?;
        Ok((tag, parameters.filled(&format!("Tag.{number}.Value"))))
    };
    numbers.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_leave_a_side_open() {
        for (pattern, found) in [
            ("shop-production", true),
            ("*prod*", true),
            ("shop*", true),
            ("*production", true),
            ("*", true),
            ("prod", false),
            ("*shop", false),
            ("production*", false),
            ("*SHOP*", false),
        ] {
            assert_eq!(is_like("shop-production", pattern), found, "{pattern}");
        }
    }
}
