//! `GetInstanceList` and `GetAllInstanceIdList`. Neither hands out pages (companions.md section 4).

use super::{Bar, Instance, Kafka};
use crate::rpc::{Asked, Refusal, Reply};
use serde_json::{Map, Value, json};

/// At most this many `InstanceId.N`.
const MOST_IDS: usize = 1000;
/// At most this many `Tag.N`.
const MOST_TAGS: usize = 20;
/// What every instance has in common.
const SERIES: &str = "v2";
const RESOURCE_GROUP: &str = "rg-acfmxazb4ph6aiy";
const TAG: (&str, &str) = ("team", "orders");

impl Kafka {
    /// `GetInstanceList`: every instance of the region that passes the filters. An endpoint knows its own region only.
    pub(crate) fn list(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let parameters = asked.parameters;
        let region = parameters.filled("RegionId").unwrap_or_default();
        let ids = parameters.list("InstanceId", MOST_IDS)?;
        let series = parameters.one_of("Series", &["v2", "v3", "confluent"])?;
        let group = parameters.filled("ResourceGroupId");
        let order = parameters.filled("OrderId");
        let mut tagged = true;
        for number in parameters.numbers("Tag", MOST_TAGS)? {
            let key = format!("Tag.{number}.Key");
            let value = parameters.filled(&format!("Tag.{number}.Value"));
            tagged &= parameters.filled(&key).ok_or_else(|| Refusal::missing(&key))? == TAG.0;
            tagged &= value.is_none_or(|value| value == TAG.1);
        }
        let here = tagged
            && asked.endpoint_region.is_none_or(|endpoint| endpoint == region)
            && series.is_none_or(|series| series == SERIES)
            && group.is_none_or(|group| group == RESOURCE_GROUP);
        let rows: Vec<Value> = self
            .instances
            .iter()
            .filter(|instance| {
                here && instance.region == region
                    && instance.bar != Some(Bar::OtherOwner)
                    && (ids.is_empty() || ids.contains(&instance.id.as_str()))
                    && order.is_none_or(|order| order == order_id(instance))
            })
            .map(|instance| row(&instance))
            .collect();
        Ok(reply("InstanceList", json!({"InstanceVO": rows})))
    }

    /// `GetAllInstanceIdList`: the ids of all regions, or of the endpoint's.
    pub(crate) fn all_ids(&self, asked: &Asked<'_>) -> Result<Reply, Refusal> {
        let mut regions: Map<String, Value> = Map::new();
        for instance in self.instances.iter() {
            let here = asked.endpoint_region.is_none_or(|endpoint| endpoint == instance.region);
            if !here || instance.bar == Some(Bar::OtherOwner) {
                continue;
            }
            let ids = regions.entry(instance.region).or_insert_with(|| json!([]));
            if let Value::Array(ids) = ids {
                ids.push(json!(instance.id));
            }
        }
        Ok(reply("InstanceIds", Value::Object(regions)))
    }
}

fn reply(name: &str, content: Value) -> Reply {
    // `Code` is a number here and text in a refusal (apis.md section 1).
    let mut body = json!({"Code": 200, "Message": "operation success.", "Success": true});
    body[name] = content;
    Reply::read(body)
}

/// The order with which the instance was bought.
fn order_id(instance: &Instance) -> String {
    let digits: String = instance.id.chars().filter(char::is_ascii_digit).collect();
    format!("20{digits:0>13}")
}

fn row(instance: &Instance) -> Value {
    let id = &instance.id;
    let region = instance.region;
    let brokers = |port: u16| {
        let broker = |number: u32| format!("{id}-{number}-vpc.alikafka.aliyuncs.com:{port}");
        [broker(1), broker(2), broker(3)].join(",")
    };
    json!({
        "InstanceId": id,
        "Name": instance.name,
        "RegionId": region,
        "ZoneId": format!("{region}-h"),
        "VpcId": "vpc-bp1ojac7bv448nifj0x2a",
        "VSwitchId": "vsw-bp1fvuw0ljd7vzmo37c5e",
        "SecurityGroup": "sg-bp13wfx7kz9pkowc6m1d",
        "Series": SERIES,
        "SpecType": "professional",
        "PaidType": 1,
        "DeployType": 5,
        "DiskSize": 500,
        "DiskType": 1,
        "IoMax": 60,
        "IoMaxSpec": "alikafka.hw.3xlarge",
        "EipMax": 0,
        "MsgRetain": 72,
        "TopicNumLimit": 1000,
        "UsedTopicCount": 12,
        "UsedGroupCount": 7,
        "UsedPartitionCount": 96,
        "ResourceGroupId": RESOURCE_GROUP,
        "CreateTime": instance.created.as_millisecond(),
        "ExpiredTime": instance.expires.as_millisecond(),
        "ScheduledRetirement": false,
        // The two enumerations collide: 5 is running in the second and expired in the first.
        "ViewInstanceStatusCode": instance.view_instance_status_code,
        "ServiceStatus": instance.service_status,
        "UpgradeServiceDetailInfo": {"Current2OpenSourceVersion": instance.version},
        "EndPoint": brokers(9092),
        "SslEndPoint": "",
        "SaslDomainEndpoint": brokers(9094),
        "AllConfig": json!({"enable.acl": "false", "kafka.log.retention.hours": "72"}).to_string(),
        "Tags": {"TagVO": [{"Key": TAG.0, "Value": TAG.1}]},
    })
}
