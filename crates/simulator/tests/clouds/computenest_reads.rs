//! Compute Nest: lists, one instance, logs, what parameters can be and what they cost.

use crate::common::{COMPUTE_NEST, Clouds, Response};
use serde_json::{Value, json};
use simulator::ALIBABA;

const SERVICE: &str = "service-3a1b2c4d5e6f40000001";

fn id(number: u32) -> String {
    format!("si-5cbae874da0e47{number:06}")
}

async fn list(clouds: &Clouds, query: &[(&str, &str)]) -> Response {
    clouds.rpc(COMPUTE_NEST, "ListServiceInstances", query).await
}

async fn get(clouds: &Clouds, number: u32) -> Value {
    let id = id(number);
    let query = [("RegionId", "cn-hangzhou"), ("ServiceInstanceId", id.as_str())];
    clouds.rpc(COMPUTE_NEST, "GetServiceInstance", &query).await.json()
}

fn names(answer: &Value) -> Vec<&str> {
    answer["ServiceInstances"].as_array().unwrap().iter().map(|row| row["Name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_list_shows_the_instances_of_a_region() {
    let clouds = Clouds::start().await;
    let answer = list(&clouds, &[("RegionId", "cn-hangzhou")]).await.json();
    assert_eq!((&answer["TotalCount"], &answer["MaxResults"]), (&json!(8), &json!(20)));
    assert!(answer.get("NextToken").is_none());
    let first = &answer["ServiceInstances"][0];
    assert_eq!(first["ServiceInstanceId"], id(1));
    assert_eq!((&first["Status"], &first["Progress"]), (&json!("Deployed"), &json!(100)));
    assert_eq!(first["CreateTime"], "2023-10-04T03:04:05Z");
    assert_eq!(first["Service"]["Version"], "1");
    // Only the call for one instance says what can be upgraded to and what the parameters are.
    assert!(first["Service"].get("UpgradableServiceInfos").is_none() && first.get("Parameters").is_none());
    assert_eq!(names(&list(&clouds, &[("RegionId", "ap-southeast-1")]).await.json()), ["shop-singapore"]);
    assert_eq!(list(&clouds, &[]).await.json()["TotalCount"], 9);
    let deleted = [("RegionId", "cn-hangzhou"), ("ShowDeleted", "true")];
    assert_eq!(list(&clouds, &deleted).await.json()["TotalCount"], 9);
    let request = clouds.acs3(&ALIBABA, COMPUTE_NEST, "ListServiceInstances", &[]);
    let host = "computenestsupplier.ap-southeast-1.aliyuncs.com";
    let answer = clouds.send(&request.with("host", host).sign_acs3(&ALIBABA)).await.json();
    assert_eq!(names(&answer), ["shop-singapore"]);
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let clouds = Clouds::start().await;
    let by = async |name: &str, values: &[&str]| {
        let keys: Vec<String> = (1..=values.len()).map(|number| format!("Filter.1.Value.{number}")).collect();
        let mut query = vec![("Filter.1.Name", name)];
        query.extend(keys.iter().map(String::as_str).zip(values.iter().copied()));
        list(&clouds, &query).await.json()
    };
    assert_eq!(
        names(&by("Name", &["*will-fail*"]).await),
        ["shop-upgrade-will-fail", "shop-rollback-will-fail"]
    );
    assert_eq!(names(&by("Name", &["shop-latest"]).await), ["shop-latest"]);
    assert_eq!(names(&by("Name", &["latest"]).await), Vec::<&str>::new());
    assert_eq!(
        names(&by("Status", &["Upgrading", "DeployedFailed"]).await),
        ["shop-upgrading", "shop-deploy-failed"]
    );
    assert_eq!(names(&by("Version", &["4"]).await), ["shop-latest"]);
    assert_eq!(names(&by("ServiceInstanceId", &[&id(3)]).await), ["shop-needs-zone"]);
    assert_eq!(by("ServiceId", &["another"]).await["TotalCount"], 0);
    assert_eq!(by("OperatedServiceInstanceId", &["x"]).await["TotalCount"], 0);
    // Every filter must let an instance through.
    let both = [
        ("Filter.1.Name", "Name"),
        ("Filter.1.Value.1", "*fail*"),
        ("Filter.2.Name", "Status"),
        ("Filter.2.Value.1", "Deployed"),
        ("Tag.1.Key", "team"),
        ("Tag.1.Value", "shop"),
    ];
    assert_eq!(list(&clouds, &both).await.json()["TotalCount"], 2);
    assert_eq!(list(&clouds, &[("Tag.1.Key", "color")]).await.json()["TotalCount"], 0);
    assert_eq!(list(&clouds, &[("ResourceGroupId", "rg-other")]).await.json()["TotalCount"], 0);
    for (query, code) in [
        (&[("Filter.1.Name", "Colour"), ("Filter.1.Value.1", "x")][..], "InvalidFilter.1.Name"),
        (&[("Filter.1.Name", "Name")], "MissingFilter.1.Value"),
        (&[("Filter.1.Value.1", "x")], "MissingFilter.1.Name"),
        (&[("Filter.1.Name", "Name"), ("Filter.1.Value.11", "x")], "InvalidFilter.1.Value.11"),
        (&[("MaxResults", "101")], "InvalidMaxResults"),
        (&[("MaxResults", "0")], "InvalidMaxResults"),
        (&[("NextToken", "2")], "InvalidNextToken"),
        (&[("ShowDeleted", "maybe")], "InvalidShowDeleted"),
        (&[("RegionId", "cn-beijing")], "InvalidRegionId"),
    ] {
        assert_eq!(list(&clouds, query).await.refusal(), (400, code.to_owned()), "{query:?}");
    }
}

#[tokio::test]
async fn one_instance_says_what_it_can_become() {
    let clouds = Clouds::start().await;
    let answer = get(&clouds, 1).await;
    let service = &answer["Service"];
    assert_eq!(service["UpgradableServiceVersions"], json!(["2", "3", "4"]));
    assert_eq!(service["UpgradableServiceInfos"][0], json!({"Version": "2", "VersionName": "2.0"}));
    // An object, in text.
    let parameters: Value = serde_json::from_str(answer["Parameters"].as_str().unwrap()).unwrap();
    assert_eq!(parameters, json!({"EcsInstanceType": "ecs.g6.large"}));
    let latest = get(&clouds, 6).await;
    assert_eq!(latest["Service"]["UpgradableServiceInfos"], json!([]));
    assert_eq!(latest["Service"]["VersionName"], "4.0 Preview");
    assert_eq!(get(&clouds, 4).await["Status"], "Upgrading");
    for number in [8, 10, 99] {
        // In another region, deleted, unknown.
        assert_eq!(get(&clouds, number).await["Code"], "EntityNotExist.ServiceInstance", "{number}");
    }
    let missing = clouds.rpc(COMPUTE_NEST, "GetServiceInstance", &[("ServiceInstanceId", &id(1))]).await;
    assert_eq!(missing.refusal(), (400, "MissingRegionId".to_owned()));
    assert!(clouds.simulator.calls().iter().all(|call| !call.changing && !call.applied));
}

#[tokio::test]
async fn an_upgrade_is_seen_on_its_way() {
    let clouds = Clouds::start().await;
    let upgrade = [("ServiceInstanceId", "si-5cbae874da0e47000001"), ("ServiceVersion", "2")];
    assert_eq!(clouds.rpc(COMPUTE_NEST, "UpgradeServiceInstance", &upgrade).await.status, 200);
    clouds.simulator.advance(90).unwrap();
    let half = get(&clouds, 1).await;
    assert_eq!((&half["Status"], &half["Progress"]), (&json!("Upgrading"), &json!(50)));
    assert_eq!(half["Service"]["Version"], "1");
    clouds.simulator.advance(90).unwrap();
    let done = get(&clouds, 1).await;
    assert_eq!((&done["Status"], &done["Progress"]), (&json!("Deployed"), &json!(100)));
    assert_eq!(done["Service"]["Version"], "2");
    assert_eq!(done["UpdateTime"], "2024-01-02T03:07:05Z");
}

#[tokio::test]
async fn logs_tell_what_went_wrong() {
    let clouds = Clouds::start().await;
    let upgrade = [("ServiceInstanceId", "si-5cbae874da0e47000007"), ("ServiceVersion", "2")];
    clouds.rpc(COMPUTE_NEST, "UpgradeServiceInstance", &upgrade).await;
    clouds.simulator.advance(200).unwrap();
    let logs = async |more: &[(&str, &str)]| {
        let mut query = vec![("RegionId", "cn-hangzhou"), ("ServiceInstanceId", "si-5cbae874da0e47000007")];
        query.extend_from_slice(more);
        clouds.rpc(COMPUTE_NEST, "ListServiceInstanceLogs", &query).await
    };
    let all = logs(&[]).await.json();
    let rows = all["ServiceInstancesLogs"].as_array().unwrap();
    assert_eq!(rows.len(), 6);
    assert_eq!(
        (&rows[0]["Status"], &rows[0]["Timestamp"]),
        (&json!("Deployed"), &json!("2024-01-02T03:07:05Z"))
    );
    let ros = logs(&[("LogSource", "ros")]).await.json();
    let failure = &ros["ServiceInstancesLogs"][0];
    assert!(failure["Content"].as_str().unwrap().contains("QuotaExceeded"));
    assert_eq!(
        (&failure["LogType"], &failure["ResourceType"]),
        (&json!("resource"), &json!("ALIYUN::ECS::Instance"))
    );
    let first = logs(&[("SortOrder", "Ascending"), ("MaxResults", "2")]).await.json();
    assert_eq!(first["ServiceInstancesLogs"][0]["Status"], "Created");
    let token = first["NextToken"].as_str().unwrap();
    let next = logs(&[("SortOrder", "Ascending"), ("MaxResults", "2"), ("NextToken", token)]).await.json();
    assert_eq!(next["ServiceInstancesLogs"][1]["Status"], "Upgrading");
    let since = [("Filter.1.Name", "StartTime"), ("Filter.1.Value.1", "2024-01-02T00:00:00Z")];
    assert_eq!(logs(&since).await.json()["ServiceInstancesLogs"].as_array().unwrap().len(), 3);
    let event = [("Filter.1.Name", "EventName"), ("Filter.1.Value.1", "Created")];
    assert_eq!(logs(&event).await.json()["ServiceInstancesLogs"].as_array().unwrap().len(), 1);
    let wrong = [("Filter.1.Name", "StartTime"), ("Filter.1.Value.1", "yesterday")];
    assert_eq!(logs(&wrong).await.refusal().0, 400);
    assert_eq!(logs(&[("LogSource", "other")]).await.refusal(), (400, "InvalidLogSource".to_owned()));
}

#[tokio::test]
async fn parameters_have_choices_that_depend_on_each_other() {
    let clouds = Clouds::start().await;
    let ask = async |more: &[(&str, &str)]| {
        let mut query = vec![
            ("RegionId", "cn-hangzhou"),
            ("DeployRegionId", "cn-hangzhou"),
            ("ServiceId", SERVICE),
            ("TemplateName", "Template 1"),
        ];
        query.extend_from_slice(more);
        clouds.rpc(COMPUTE_NEST, "GetServiceTemplateParameterConstraints", &query).await
    };
    let of = |answer: &Value, key: &str| {
        let all = answer["ParameterConstraints"].as_array().unwrap();
        all.iter().find(|row| row["ParameterKey"] == key).unwrap().clone()
    };
    let all = ask(&[]).await.json();
    assert_eq!(
        of(&all, "ZoneId")["AllowedValues"],
        json!(["cn-hangzhou-h", "cn-hangzhou-j", "cn-hangzhou-k"])
    );
    assert_eq!(of(&all, "EcsInstanceType")["AllowedValues"].as_array().unwrap().len(), 4);
    assert_eq!(of(&all, "EcsInstanceType")["AssociationParameterNames"], json!(["ZoneId"]));
    assert_eq!(of(&all, "InstancePassword")["Behavior"], "NotSupport");
    assert!(of(&all, "InstancePassword").get("AllowedValues").is_none());
    let zone = [
        ("Parameters.1.ParameterKey", "ZoneId"),
        ("Parameters.1.ParameterValue", "cn-hangzhou-h"),
        ("ServiceVersion", "2"),
    ];
    assert_eq!(of(&ask(&zone).await.json(), "EcsInstanceType")["AllowedValues"], json!(["ecs.g6.large"]));
    let target = clouds.simulator.calls().last().unwrap().target.clone();
    assert!(target.contains("Parameters.1.ParameterValue=***") && !target.contains("hangzhou-h"), "{target}");
    for (more, code) in [
        ([("ServiceVersion", "9")], "EntityNotExist.ServiceVersion"),
        ([("ServiceInstanceId", "si-00000000000000000000")], "EntityNotExist.ServiceInstance"),
        ([("Parameters.1.ParameterKey", "ZoneId")], "MissingParameters.1.ParameterValue"),
    ] {
        assert_eq!(ask(&more).await.refusal(), (400, code.to_owned()));
    }
}

#[tokio::test]
async fn a_deployment_has_a_price() {
    let clouds = Clouds::start().await;
    let ask = async |query: &[(&str, &str)]| clouds.rpc(COMPUTE_NEST, "GetServiceEstimateCost", query).await;
    let hour = ask(&[("ServiceId", SERVICE)]).await.json();
    let order = &hour["Resources"]["Server"]["Result"]["Order"];
    assert_eq!((&order["Currency"], &order["TradeAmount"]), (&json!("CNY"), &json!(0.65)));
    assert_eq!(hour["Commodity"], json!({}));
    let larger = [
        ("ServiceId", SERVICE),
        ("ServiceInstanceId", "si-5cbae874da0e47000001"),
        ("Parameters", r#"{"EcsInstanceType":"ecs.g7.xlarge","DiskSize":200}"#),
        ("Commodity", r#"{"PayPeriod":1,"PayPeriodUnit":"Month"}"#),
    ];
    let month = ask(&larger).await.json();
    let order = &month["Resources"]["Server"]["Result"]["Order"];
    assert_eq!((&order["OriginalAmount"], &order["TradeAmount"]), (&json!(979.2), &json!(587.52)));
    for (more, code) in [
        (("ServiceId", "service-x"), "EntityNotExist.Service"),
        (("Parameters", r#"{"EcsInstanceType":"ecs.unknown"}"#), "InvalidEcsInstanceType"),
        (("Parameters", "["), "InvalidParameters"),
        (("Commodity", r#"{"PayPeriod":0}"#), "InvalidCommodity.PayPeriod"),
    ] {
        let mut query = vec![more];
        if more.0 != "ServiceId" {
            query.push(("ServiceId", SERVICE));
        }
        assert_eq!(ask(&query).await.refusal(), (400, code.to_owned()), "{more:?}");
    }
}
