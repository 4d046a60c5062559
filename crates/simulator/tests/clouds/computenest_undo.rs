//! Compute Nest: the history of upgrades, and rolling them back.

use crate::common::{COMPUTE_NEST, Clouds, Response};
use serde_json::{Value, json};

const FIRST: &str = "si-5cbae874da0e47000001";
const ROLLBACK_FAILS: &str = "si-5cbae874da0e47000009";

async fn upgrade(clouds: &Clouds, version: &str) -> Response {
    let parameters = r#"{"EcsInstanceType":"ecs.g7.large"}"#;
    let query = [("ServiceInstanceId", FIRST), ("ServiceVersion", version), ("Parameters", parameters)];
    clouds.rpc(COMPUTE_NEST, "UpgradeServiceInstance", &query).await
}

async fn roll_back(clouds: &Clouds, id: &str, more: &[(&str, &str)]) -> Response {
    let mut query = vec![("RegionId", "cn-hangzhou"), ("ServiceInstanceId", id)];
    query.extend_from_slice(more);
    clouds.rpc(COMPUTE_NEST, "RollbackServiceInstance", &query).await
}

async fn history(clouds: &Clouds, id: &str) -> Value {
    let query = [("RegionId", "cn-hangzhou"), ("ServiceInstanceId", id)];
    clouds.rpc(COMPUTE_NEST, "ListServiceInstanceUpgradeHistory", &query).await.json()
}

#[tokio::test]
async fn a_rollback_brings_version_and_parameters_back() {
    let clouds = Clouds::start().await;
    let nothing = roll_back(&clouds, FIRST, &[]).await;
    assert_eq!(nothing.refusal(), (400, "EntityNotExist.UpgradeHistory".to_owned()));
    upgrade(&clouds, "2").await;
    let busy = roll_back(&clouds, FIRST, &[]).await;
    assert_eq!(busy.refusal(), (400, "OperationDenied.ServiceInstanceStatus".to_owned()));
    clouds.simulator.advance(180).unwrap();

    let token = [("ClientToken", "rollback-1")];
    let answer = roll_back(&clouds, FIRST, &token).await.json();
    assert_eq!(
        (&answer["Status"], &answer["ServiceInstanceId"]),
        (&json!("UpgradeRollbacking"), &json!(FIRST))
    );
    // The same token is the same rollback.
    assert_eq!(roll_back(&clouds, FIRST, &token).await.json()["Status"], "UpgradeRollbacking");
    let row = history(&clouds, FIRST).await["UpgradeHistory"][0].clone();
    assert_eq!(
        (&row["Type"], &row["Status"], &row["EndTime"]),
        (&json!("Rollback"), &json!("upgrading"), &json!(""))
    );
    clouds.simulator.advance(120).unwrap();

    let after = clouds.instance("computenest", "instances", FIRST);
    assert_eq!((&after["status"], &after["version"]), (&json!("Deployed"), &json!("1")));
    assert_eq!(after["parameters"], json!({"EcsInstanceType": "ecs.g6.large"}));
    let rows = history(&clouds, FIRST).await;
    assert_eq!(rows["TotalCount"], 2);
    assert_eq!(
        rows["UpgradeHistory"][0]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>(),
        ["UpgradeHistoryId", "Type", "Status", "FromVersion", "ToVersion", "StartTime", "EndTime", "Results"]
    );
    let row = |index: usize, name: &str| rows["UpgradeHistory"][index][name].clone();
    assert_eq!((row(0, "Status"), row(0, "ToVersion")), (json!("UpgradeSuccessful"), json!("1")));
    assert_eq!((row(1, "Type"), row(1, "ToVersion")), (json!("Upgrade"), json!("2")));
    assert_eq!(row(0, "EndTime"), "2024-01-02T03:09:05Z");
    // There is one step back, and then another upgrade can be made.
    assert_eq!(roll_back(&clouds, FIRST, &[]).await.status, 400);
    assert_eq!(upgrade(&clouds, "2").await.status, 200);
    let applied: Vec<bool> =
        clouds.simulator.calls().iter().filter(|call| call.changing).map(|call| call.applied).collect();
    assert_eq!(applied, [false, true, false, true, false, false, true]);
}

#[tokio::test]
async fn a_rollback_can_end_badly() {
    let clouds = Clouds::start().await;
    assert_eq!(history(&clouds, ROLLBACK_FAILS).await["TotalCount"], 1);
    assert_eq!(roll_back(&clouds, ROLLBACK_FAILS, &[]).await.status, 200);
    clouds.simulator.advance(120).unwrap();
    let after = clouds.instance("computenest", "instances", ROLLBACK_FAILS);
    assert_eq!((&after["status"], &after["version"]), (&json!("Deployed"), &json!("2")));
    let row = history(&clouds, ROLLBACK_FAILS).await["UpgradeHistory"][0].clone();
    assert_eq!((&row["Type"], &row["Status"]), (&json!("Rollback"), &json!("UpgradeFailed")));
    assert!(row["Results"].as_str().unwrap().contains("QuotaExceeded"));
}

#[tokio::test]
async fn a_failed_upgrade_leaves_nothing_to_roll_back() {
    let clouds = Clouds::start().await;
    let failing = "si-5cbae874da0e47000007";
    let query = [("ServiceInstanceId", failing), ("ServiceVersion", "2")];
    clouds.rpc(COMPUTE_NEST, "UpgradeServiceInstance", &query).await;
    clouds.simulator.advance(180).unwrap();
    assert_eq!(history(&clouds, failing).await["UpgradeHistory"][0]["Status"], "UpgradeFailed");
    assert_eq!(roll_back(&clouds, failing, &[]).await.refusal().1, "EntityNotExist.UpgradeHistory");
}

#[tokio::test]
async fn a_rollback_is_a_changing_call() {
    let clouds = Clouds::start().await;
    clouds.simulator.set_scenario("throttled").unwrap();
    assert_eq!(roll_back(&clouds, ROLLBACK_FAILS, &[]).await.refusal().1, "Throttling.User");
    // Reading is not disturbed.
    assert_eq!(history(&clouds, ROLLBACK_FAILS).await["TotalCount"], 1);
    clouds.simulator.set_scenario("no_permission").unwrap();
    let denied = roll_back(&clouds, ROLLBACK_FAILS, &[]).await.json();
    assert_eq!(denied["AccessDeniedDetail"]["AuthAction"], "computenestsupplier:RollbackServiceInstance");
}
