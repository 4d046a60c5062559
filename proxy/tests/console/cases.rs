//! Operations and parameters that the tests share. Instances are those that the simulated clouds are seeded with.

use serde_json::{Value, json};

pub(crate) const NEST: &str = "computenestsupplier.UpgradeServiceInstance";
pub(crate) const BSS: &str = "bssopenapi.RenewChangeInstance";
pub(crate) const KAFKA: &str = "alikafka.UpgradeInstanceVersion";
pub(crate) const CBH: &str = "cbh.UpgradeInstance";
pub(crate) const AAD: &str = "aad.UpgradeInstanceSpec";

const HOUR_MS: i64 = 3_600_000;

/// The demo profile of the operation's cloud.
pub(crate) fn profile_of(operation: &str) -> &'static str {
    if operation == CBH || operation == AAD { "demo-huawei" } else { "demo-alibaba" }
}

pub(crate) fn nest(number: u32) -> Value {
    json!({"RegionId": "cn-hangzhou", "ServiceInstanceId": format!("si-5cbae874da0e47{number:06}"), "ServiceVersion": "2"})
}

pub(crate) fn bss(number: u32) -> Value {
    json!({"ProductCode": "vipcloudfw", "ProductType": "vipcloudfw", "RenewPeriod": 1,
        "InstanceId": format!("vipcloudfw-cn-7mz2k0t9{number:03}")})
}

pub(crate) fn kafka(number: u32) -> Value {
    json!({"RegionId": "cn-hangzhou", "InstanceId": format!("alikafka_post-cn-v0h1fgs2{number:04}"), "TargetVersion": "2.2.0"})
}

/// Starts in 48 hours.
pub(crate) fn cbh(number: u32) -> Value {
    json!({"server_id": format!("c7277d87-5a0d-4cfc-a418-97acb567cf{number:02}"), "upgrade_time": ahead(48)})
}

pub(crate) fn aad(number: u32) -> Value {
    json!({"instance_id": format!("2b5ce2a4-0000-4000-8000-{number:012}"), "upgrade_data": {"service_bandwidth": 200}})
}

/// One instance of each product that takes the upgrade.
pub(crate) fn good() -> [(&'static str, Value); 5] {
    [(NEST, nest(1)), (BSS, bss(1)), (KAFKA, kafka(1)), (CBH, cbh(29)), (AAD, aad(1))]
}

/// Milliseconds since 1970, hours from now.
pub(crate) fn ahead(hours: i64) -> i64 {
    jiff::Timestamp::now().as_millisecond() + hours * HOUR_MS
}

/// Parameters with some members replaced, added, or (null) taken out.
pub(crate) fn with(mut parameters: Value, changes: &Value) -> Value {
    let members = parameters.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            members.shift_remove(name);
        } else {
            members.insert(name.clone(), value.clone());
        }
    }
    parameters
}
