//! Every error that the catalogue documents for the five upgrades can be had, so that a presenter can rehearse it.

use crate::common::{BSS, COMPUTE_NEST, Clouds, KAFKA, Response};
use serde_json::json;
use simulator::HUAWEI_PROJECT_ID;
use std::collections::BTreeSet;

const FIVE: [&str; 5] = [
    "computenestsupplier.UpgradeServiceInstance",
    "bssopenapi.RenewChangeInstance",
    "alikafka.UpgradeInstanceVersion",
    "cbh.UpgradeInstance",
    "aad.UpgradeInstanceSpec",
];

/// Scenarios that answer with no error of the cloud, or not at all.
const NO_ERRORS: [&str; 7] = ["normal", "slow", "hang", "cut", "unreadable", "unpaid", "lists_fail"];

/// Status and code of an answer, by operation.
#[derive(Default)]
struct Had(BTreeSet<(&'static str, u16, String)>);

impl Had {
    fn add(&mut self, operation: &'static str, answer: &Response) {
        if answer.status != 200 || answer.body.contains("\"Success\":false") {
            let (status, code) = answer.refusal();
            self.0.insert((operation, status, code));
        }
    }

    fn has(&self, operation: &str, status: u16, code: &str) -> bool {
        self.0.iter().any(|(of, had, with)| {
            // Of an error without a code only the status is documented.
            *of == operation && if code.is_empty() { *had == status } else { with == code }
        })
    }
}

/// The upgrade of the instance with this number.
async fn upgrade(clouds: &Clouds, operation: &str, number: u32) -> Response {
    // Two calls of Kafka a second, by real time.
    clouds.pass(1);
    match operation {
        "computenestsupplier.UpgradeServiceInstance" => {
            let id = format!("si-5cbae874da0e47{number:06}");
            let query = [("ServiceInstanceId", id.as_str()), ("ServiceVersion", "2")];
            clouds.rpc(COMPUTE_NEST, "UpgradeServiceInstance", &query).await
        }
        "bssopenapi.RenewChangeInstance" => {
            let site = if number == 3 { "intl" } else { "cn" };
            let id = format!("vipcloudfw-{site}-7mz2k0t9{number:03}");
            let query = [
                ("ProductCode", "vipcloudfw"),
                ("InstanceId", id.as_str()),
                ("RenewPeriod", "1"),
                ("Parameter.1.Code", "Bandwidth"),
                ("Parameter.1.Value", "100"),
            ];
            clouds.rpc(BSS, "RenewChangeInstance", &query).await
        }
        "alikafka.UpgradeInstanceVersion" => {
            let id = format!("alikafka_post-cn-v0h1fgs2{number:04}");
            let query =
                [("InstanceId", id.as_str()), ("RegionId", "cn-hangzhou"), ("TargetVersion", "2.2.0")];
            clouds.rpc(KAFKA, "UpgradeInstanceVersion", &query).await
        }
        "cbh.UpgradeInstance" => {
            // The first is the one of the vendor's own example, and is asked to start too early.
            let (ending, hours) = if number == 1 { (29, 23) } else { (number, 25) };
            let time = clouds.simulator.now().as_millisecond() + hours * 3_600_000;
            let id = format!("c7277d87-5a0d-4cfc-a418-97acb567cf{ending:02}");
            let body = json!({"server_id": id, "upgrade_time": time});
            clouds.rest("POST", &format!("/v2/{HUAWEI_PROJECT_ID}/cbs/instance/upgrade"), &body).await
        }
        _ => {
            let id = format!("2b5ce2a4-0000-4000-8000-{number:012}");
            let body = json!({"instance_id": id, "upgrade_data": {"basic_qps": 4000}});
            clouds.rest("PUT", "/v2/aad/instance", &body).await
        }
    }
}

#[tokio::test]
async fn every_documented_error_can_be_had() {
    let clouds = Clouds::start().await;
    let mut had = Had::default();
    for operation in FIVE {
        // As many as a product has, and one that is not there.
        for number in (1..=12).chain([99]) {
            had.add(operation, &upgrade(&clouds, operation, number).await);
        }
    }
    for scenario in clouds.simulator.scenarios() {
        if NO_ERRORS.contains(&scenario.name) {
            continue;
        }
        clouds.simulator.reset();
        clouds.simulator.set_scenario(scenario.name).unwrap();
        let before = had.0.len();
        for operation in FIVE {
            had.add(operation, &upgrade(&clouds, operation, 2).await);
        }
        // One more way to an error that can be had already is no reason for a scenario.
        let spare =
            ["ak_disabled", "signature_refused", "clock_skew", "credentials_expired", "nothing_to_upgrade"];
        assert!(had.0.len() > before || spare.contains(&scenario.name), "{}: nothing new", scenario.name);
    }
    let catalogue = catalog::reader::Catalogue::embedded().unwrap();
    let mut missing = Vec::new();
    for operation in FIVE {
        let documented = &catalogue.public(operation).unwrap().errors;
        assert!(documented.len() > 10, "{operation}");
        missing.extend(
            documented
                .iter()
                .filter(|error| !had.has(operation, error.status, &error.code))
                .map(|error| (operation, error.status, error.code.clone())),
        );
    }
    assert_eq!(missing, [], "documented, and nothing provokes it");
}
