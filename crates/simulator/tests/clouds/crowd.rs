//! A crowd of instances of each product: paged through, searched on the server, changed like any other. And the
//! scenario in which lists fail.

use crate::common::{BSS, COMPUTE_NEST, Clouds, KAFKA};
use serde_json::{Value, json};
use simulator::{HUAWEI_PROJECT_ID, MOST_CROWD};
use std::collections::HashSet;

/// Enough for many pages, and few enough for a quick test without optimisation.
const CROWD: u32 = 1_500;

#[tokio::test]
async fn compute_nest_is_paged_to_the_end_and_searched() {
    let clouds = Clouds::start_with_crowd(CROWD).await;
    let list = async |more: &[(&str, &str)]| {
        let mut query = vec![("RegionId", "cn-hangzhou"), ("MaxResults", "100")];
        query.extend_from_slice(more);
        clouds.rpc(COMPUTE_NEST, "ListServiceInstances", &query).await.json()
    };
    let mut seen = HashSet::new();
    let mut token = None::<String>;
    loop {
        let more: Vec<(&str, &str)> = token.iter().map(|token| ("NextToken", token.as_str())).collect();
        let page = list(&more).await;
        assert_eq!(page["TotalCount"], CROWD + 8);
        for row in page["ServiceInstances"].as_array().unwrap() {
            assert!(seen.insert(row["ServiceInstanceId"].as_str().unwrap().to_owned()));
        }
        match page["NextToken"].as_str() {
            Some(next) => token = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(seen.len(), CROWD as usize + 8);
}

#[tokio::test]
async fn ten_thousand_are_searched_on_the_server_and_only_what_is_touched_is_kept() {
    let clouds = Clouds::start_with_crowd(10_000).await;
    let list = async |filter: [&str; 2]| {
        let query = [("Filter.1.Name", filter[0]), ("Filter.1.Value.1", filter[1])];
        clouds.rpc(COMPUTE_NEST, "ListServiceInstances", &query).await.json()
    };
    let found = list(["Name", "*-00421*"]).await;
    assert_eq!(found["TotalCount"], 10);
    let id = found["ServiceInstances"][0]["ServiceInstanceId"].as_str().unwrap();
    let upgrade = [("ServiceInstanceId", id), ("ServiceVersion", "4")];
    assert_eq!(clouds.rpc(COMPUTE_NEST, "UpgradeServiceInstance", &upgrade).await.status, 200);
    let upgrading = list(["Status", "Upgrading"]).await;
    assert_eq!(upgrading["TotalCount"], 2);
    let kept = clouds.simulator.state()["computenest"]["instances"].as_array().unwrap().len();
    assert_eq!(kept, 11);
}

#[tokio::test]
async fn the_other_products_have_their_crowd_too() {
    let clouds = Clouds::start_with_crowd(CROWD).await;
    let page =
        clouds.rpc(BSS, "QueryAvailableInstances", &[("PageSize", "300"), ("PageNum", "6")]).await.json();
    assert_eq!(page["Data"]["TotalCount"], CROWD + 9);
    assert_eq!(page["Data"]["InstanceList"].as_array().unwrap().len(), (CROWD as usize + 9) % 300);
    let one = [("InstanceIDs", "vipcloudfw-cn-9q3m0001499")];
    assert_eq!(clouds.rpc(BSS, "QueryAvailableInstances", &one).await.json()["Data"]["TotalCount"], 1);
    let renew =
        [("ProductCode", "vipcloudfw"), ("InstanceId", "vipcloudfw-cn-9q3m0001499"), ("RenewPeriod", "1")];
    assert_eq!(clouds.rpc(BSS, "RenewChangeInstance", &renew).await.status, 200);

    let all = clouds.rpc(KAFKA, "GetInstanceList", &[("RegionId", "cn-hangzhou")]).await.json();
    assert_eq!(all["InstanceList"]["InstanceVO"].as_array().unwrap().len(), CROWD as usize + 10);
    let upgrade = [
        ("InstanceId", "alikafka_post-cn-w7k2c000300"),
        ("RegionId", "cn-hangzhou"),
        ("TargetVersion", "2.6.2"),
    ];
    assert_eq!(clouds.rpc(KAFKA, "UpgradeInstanceVersion", &upgrade).await.status, 200);

    let path = |what: &str| format!("/v2/{HUAWEI_PROJECT_ID}/cbs/instance/{what}");
    let page = clouds.get(&path("list?limit=1000&offset=1500")).await.json();
    assert_eq!((&page["total"], page["instance"].as_array().unwrap().len()), (&json!(CROWD + 11), 11));
    let last = page["instance"][10].clone();
    assert_eq!(last["server_id"], "c0de7d87-5a0d-4cfc-a418-000000001500");
    let cross = "c0de7d87-5a0d-4cfc-a418-000000000001";
    let time = clouds.simulator.now().as_millisecond() + 25 * 3_600_000;
    let body = json!({"server_id": cross, "upgrade_time": time});
    assert_eq!(clouds.rest("POST", &path("upgrade"), &body).await.status, 200);
    clouds.simulator.advance(26 * 3600).unwrap();
    assert_eq!(clouds.get(&path(&format!("{cross}/status"))).await.status, 404);
    assert_eq!(clouds.get(&path("list")).await.json()["total"], CROWD + 11);

    assert_eq!(clouds.get("/v1/aad/instances").await.json()["count"], CROWD + 12);
    let shown = clouds.get("/v2/aad/instances/2b5ce2a4-0000-4000-9000-000000000042").await.json();
    assert_eq!(shown["instance_name"], "shield-000042");
}

#[tokio::test]
async fn a_reset_can_change_the_crowd() {
    let clouds = Clouds::start_with_crowd(3).await;
    let count = async || {
        clouds.pass(1);
        clouds.rpc(COMPUTE_NEST, "ListServiceInstances", &[]).await.json()["TotalCount"].clone()
    };
    assert_eq!(count().await, 12);
    assert_eq!(clouds.admin("POST", "/reset", r#"{"crowd": 500}"#).await.status, 200);
    assert_eq!(count().await, 509);
    assert_eq!(clouds.admin("POST", "/reset", "{}").await.status, 200);
    assert_eq!(count().await, 12);
    for body in [format!(r#"{{"crowd": {}}}"#, MOST_CROWD + 1), r#"{"crowd": -1}"#.to_owned(), "[".to_owned()]
    {
        assert_eq!(clouds.admin("POST", "/reset", &body).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn lists_can_fail_alone() {
    let clouds = Clouds::start().await;
    clouds.simulator.set_scenario("lists_fail").unwrap();
    let region = [("RegionId", "cn-hangzhou")];
    for (version, action, query) in [
        (COMPUTE_NEST, "ListServiceInstances", &region[..]),
        (KAFKA, "GetInstanceList", &region),
        (KAFKA, "GetAllInstanceIdList", &[]),
        (BSS, "QueryAvailableInstances", &[]),
        (BSS, "QueryProductList", &[("PageNum", "1")]),
    ] {
        assert_eq!(
            clouds.rpc(version, action, query).await.refusal(),
            (500, "InternalError".to_owned()),
            "{action}"
        );
    }
    let bastions = format!("/v2/{HUAWEI_PROJECT_ID}/cbs/instance/list");
    for (path, code) in [
        (bastions.as_str(), "CBH.11000000"),
        ("/v1/aad/instances", "Anti-DDoS.11000000"),
        ("/v2/aad/instances", "Anti-DDoS.11000000"),
    ] {
        assert_eq!(clouds.get(path).await.refusal(), (500, code.to_owned()), "{path}");
    }
    // What follows one run goes on, and so do the upgrades.
    let one: [(&str, &str); 2] =
        [("RegionId", "cn-hangzhou"), ("ServiceInstanceId", "si-5cbae874da0e47000001")];
    assert_eq!(clouds.rpc(COMPUTE_NEST, "GetServiceInstance", &one).await.status, 200);
    assert_eq!(clouds.rpc(BSS, "QueryOrders", &[]).await.status, 200);
    assert_eq!(clouds.get("/v2/orders/customer-orders").await.status, 200);
    let upgrade = [("ServiceInstanceId", "si-5cbae874da0e47000001"), ("ServiceVersion", "2")];
    assert_eq!(clouds.rpc(COMPUTE_NEST, "UpgradeServiceInstance", &upgrade).await.status, 200);
    let refused: Vec<Option<&str>> =
        clouds.simulator.calls().iter().take(8).map(|call| call.scenario).collect();
    assert_eq!(refused, [Some("lists_fail"); 8]);
    let _: Value = clouds.simulator.state();
}
