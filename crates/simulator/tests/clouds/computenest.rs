//! Compute Nest: dry run, required parameters, upgrades that take time, and every business error.

use crate::common::{COMPUTE_NEST, Clouds, Response};
use serde_json::{Value, json};
use simulator::ALIBABA;

fn id(number: u32) -> String {
    format!("si-5cbae874da0e47{number:06}")
}

async fn upgrade(clouds: &Clouds, number: u32, version: &str, more: &[(&str, &str)]) -> Response {
    let id = id(number);
    let mut query = vec![("ServiceInstanceId", id.as_str()), ("ServiceVersion", version)];
    query.extend_from_slice(more);
    clouds.rpc(COMPUTE_NEST, "UpgradeServiceInstance", &query).await
}

fn instance(clouds: &Clouds, number: u32) -> Value {
    clouds.instance("computenest", "instances", &id(number))
}

#[tokio::test]
async fn an_upgrade_runs_and_leaves_a_history() {
    let clouds = Clouds::start().await;
    let answer = upgrade(&clouds, 1, "2", &[("RegionId", "cn-hangzhou"), ("DryRun", "false")]).await;
    let body = answer.json();
    assert_eq!((answer.status, &body["Status"]), (200, &json!("Upgrading")));
    assert_eq!(body["ServiceInstanceId"], id(1));
    assert!(body.get("UpgradeRequiredParameters").is_none());
    assert_eq!(instance(&clouds, 1)["history"][0]["status"], "upgrading");
    assert_eq!(
        upgrade(&clouds, 1, "3", &[]).await.refusal(),
        (400, "OperationDenied.ServiceInstanceStatus".to_owned())
    );
    clouds.simulator.advance(180).unwrap();
    let after = instance(&clouds, 1);
    assert_eq!((&after["status"], &after["version"]), (&json!("Deployed"), &json!("2")));
    assert_eq!(after["history"][0]["status"], "UpgradeSuccessful");
    assert_eq!(
        upgrade(&clouds, 1, "2", &[]).await.refusal(),
        (400, "EntityNotExist.ServiceVersion".to_owned())
    );
    assert_eq!(upgrade(&clouds, 1, "4", &[]).await.status, 200);
}

#[tokio::test]
async fn a_dry_run_names_parameters_in_both_spellings_and_changes_nothing() {
    let clouds = Clouds::start().await;
    let before = clouds.simulator.state();
    for (number, names) in [
        (1, json!([])),
        (2, json!(["['EcsInstanceType', 'InstancePassword']"])),
        (3, json!(["ZoneId", "DiskSize"])),
    ] {
        for dry_run in ["true", "True"] {
            let body = upgrade(&clouds, number, "2", &[("DryRun", dry_run)]).await.json();
            assert_eq!(body["UpgradeRequiredParameters"], names);
            assert_eq!(body["Status"], "Deployed");
        }
    }
    assert_eq!(clouds.simulator.state(), before);
    assert!(clouds.simulator.calls().iter().all(|call| !call.changing && !call.applied));
    assert_eq!(
        upgrade(&clouds, 1, "2", &[("DryRun", "yes")]).await.refusal(),
        (400, "InvalidDryRun".to_owned())
    );
}

#[tokio::test]
async fn new_parameters_are_needed_and_kept() {
    let clouds = Clouds::start().await;
    let refused = upgrade(&clouds, 2, "2", &[]).await;
    assert_eq!(refused.refusal(), (400, "MissingParameter".to_owned()));
    assert!(refused.json()["Message"].as_str().unwrap().contains("EcsInstanceType"));
    let parameters =
        [("Parameters", r#"{"EcsInstanceType":"ecs.g7.large","InstancePassword":"升级 Secret"}"#)];
    assert_eq!(upgrade(&clouds, 2, "2", &parameters).await.status, 200);
    clouds.simulator.advance(200).unwrap();
    assert_eq!(instance(&clouds, 2)["parameters"]["InstancePassword"], "升级 Secret");
    assert!(clouds.simulator.calls().iter().all(|call| !call.target.contains("Secret")));
    for wrong in ["[]", "text", "{\"a\":", "1"] {
        let answer = upgrade(&clouds, 1, "2", &[("Parameters", wrong)]).await;
        assert_eq!(answer.refusal(), (400, "InvalidParameters".to_owned()), "{wrong}");
    }
}

#[tokio::test]
async fn an_upgrade_can_end_badly() {
    let clouds = Clouds::start().await;
    assert_eq!(upgrade(&clouds, 7, "2", &[]).await.status, 200);
    clouds.simulator.advance(180).unwrap();
    let after = instance(&clouds, 7);
    assert_eq!((&after["status"], &after["version"]), (&json!("Deployed"), &json!("1")));
    assert_eq!(after["history"][0]["status"], "UpgradeFailed");
}

#[tokio::test]
async fn business_errors() {
    let clouds = Clouds::start().await;
    for (number, version, more, code) in [
        (99, "2", &[][..], "EntityNotExist.ServiceInstance"),
        (4, "2", &[], "OperationDenied.ServiceInstanceStatus"),
        (5, "2", &[], "OperationDenied.ServiceInstanceStatus"),
        (6, "5", &[], "EntityNotExist.ServiceVersion"),
        (1, "1", &[], "EntityNotExist.ServiceVersion"),
        (1, "9", &[], "EntityNotExist.ServiceVersion"),
        (8, "2", &[("RegionId", "cn-hangzhou")], "EntityNotExist.ServiceInstance"),
        (1, "2", &[("RegionId", "cn-shanghai")], "InvalidRegionId"),
    ] {
        let answer = upgrade(&clouds, number, version, more).await;
        assert_eq!(answer.refusal(), (400, code.to_owned()), "{number} {version}");
    }
    let answer = upgrade(&clouds, 99, "2", &[]).await;
    assert_eq!(
        answer.json()["Message"],
        format!("The ServiceInstance entity \"{}\" does not exist.", id(99))
    );
    assert_eq!(upgrade(&clouds, 8, "2", &[("RegionId", "ap-southeast-1")]).await.status, 200);
}

#[tokio::test]
async fn a_dry_run_does_not_use_a_client_token_up() {
    let clouds = Clouds::start().await;
    let token = ("ClientToken", "10CM943JP0EN9D51H");
    assert_eq!(upgrade(&clouds, 1, "2", &[token, ("DryRun", "true")]).await.status, 200);
    let first = upgrade(&clouds, 1, "2", &[token]).await.json();
    clouds.simulator.advance(600).unwrap();
    let second = upgrade(&clouds, 1, "2", &[token]).await.json();
    assert_eq!(
        (&second["Status"], &second["ServiceInstanceId"]),
        (&first["Status"], &first["ServiceInstanceId"])
    );
    assert_eq!(instance(&clouds, 1)["history"].as_array().unwrap().len(), 1);
    let mismatch = upgrade(&clouds, 1, "3", &[token]).await;
    assert_eq!(mismatch.refusal(), (400, "IdempotentParameterMismatch".to_owned()));
}

#[tokio::test]
async fn an_endpoint_serves_its_own_region() {
    let clouds = Clouds::start().await;
    let id = id(8);
    let host = "computenestsupplier.ap-southeast-1.aliyuncs.com";
    for (region, host, status) in [
        (None, "computenestsupplier.cn-hangzhou.aliyuncs.com", 400),
        (Some("cn-hangzhou"), host, 400),
        (Some("ap-southeast-1"), host, 200),
    ] {
        let mut query = vec![("ServiceInstanceId", id.as_str()), ("ServiceVersion", "2")];
        query.extend(region.map(|region| ("RegionId", region)));
        let request = clouds.acs3(&ALIBABA, COMPUTE_NEST, "UpgradeServiceInstance", &query);
        let answer = clouds.send(&request.with("host", host).sign_acs3(&ALIBABA)).await;
        assert_eq!(answer.status, status, "{region:?} {host}: {}", answer.body);
    }
}
