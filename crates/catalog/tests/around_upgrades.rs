//! What the flows rely on in the operations around the upgrades: what they risk, which parts their fields play, which
//! members of their answers are described.
#![cfg(feature = "reader")]
#![allow(clippy::expect_used, reason = "helpers of tests fail as loudly as tests")]

use std::sync::LazyLock;
use upgrade_catalog::model::{Place, Scope};
use upgrade_catalog::reader::Catalogue;
use upgrade_catalog::{Operation, Role, Trait};

/// What the flows change with these calls; everything else only reads.
const WRITES: [&str; 4] = [
    "computenestsupplier.RollbackServiceInstance",
    "bssopenapi.CancelOrder",
    "cbh.RollbackInstance",
    "huaweibss.CancelCustomerOrder",
];

fn catalogue() -> &'static Catalogue {
    static READ: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().expect("the documents read"));
    &READ
}

#[test]
fn reads_change_nothing_and_writes_say_what_they_risk() {
    for operation in catalogue().operations.iter().filter(|operation| operation.internal) {
        let id = operation.id.as_str();
        assert_eq!(operation.call.changes, WRITES.contains(&id), "{id}");
        assert_eq!(operation.traits.is_empty(), !WRITES.contains(&id), "{id}");
        assert!(!operation.has(Trait::Pays), "{id}: none of them places an order");
    }
}

#[test]
fn what_takes_back_can_be_planned() {
    let catalogue = catalogue();
    let get = |id: &str| -> &Operation { catalogue.get(id).expect("known") };
    let instance = |id: &str| get(id).field_with(Role::Instance).map(|field| field.name.as_str());
    let wanted = ["ServiceInstanceId", "OrderId", "server_id", "order_id"];
    for (id, name) in WRITES.into_iter().zip(wanted) {
        assert_eq!(instance(id), Some(name), "{id}");
        assert!(get(id).field_with(Role::Instance).is_some_and(|field| field.required), "{id}");
    }
    let rollback = get("computenestsupplier.RollbackServiceInstance");
    assert_eq!(rollback.field_with(Role::ClientToken).map(|field| field.name.as_str()), Some("ClientToken"));
    assert_eq!(rollback.field_with(Role::Region).map(|field| field.name.as_str()), Some("RegionId"));
    // A bastion host's upgrade is cancelled by the call that schedules it.
    assert!(get("cbh.UpgradeInstance").field_with(Role::Cancel).is_some());
    assert_eq!(get("cbh.RollbackInstance").call.scope, Scope::Project);
    for id in ["huaweibss.CancelCustomerOrder", "huaweibss.ListCustomerOrders", "aad.ListInstanceV2"] {
        assert_eq!(get(id).call.scope, Scope::Domain, "{id}");
    }
}

#[test]
fn the_members_that_flows_read_are_described() {
    let catalogue = catalogue();
    for (id, paths) in [
        (
            "computenestsupplier.GetServiceInstance",
            &[
                "Status",
                "Parameters",
                "Service.Version",
                "Service.UpgradableServiceInfos[].Version",
                "Service.UpgradableServiceVersions[]",
            ] as &[&str],
        ),
        (
            "computenestsupplier.ListServiceInstanceUpgradeHistory",
            &["UpgradeHistory[].Status", "UpgradeHistory[].Type", "UpgradeHistory[].ToVersion"],
        ),
        (
            "bssopenapi.QueryAvailableInstances",
            &["Data.InstanceList[].InstanceID", "Data.InstanceList[].EndTime"],
        ),
        (
            "bssopenapi.GetOrderDetail",
            &["Data.OrderList.Order[].PaymentStatus", "Data.OrderList.Order[].InstanceIDs"],
        ),
        ("bssopenapi.GetSubscriptionPrice", &["Data.TradePrice", "Data.Currency"]),
        (
            "alikafka.GetInstanceList",
            &[
                "InstanceList.InstanceVO[].ViewInstanceStatusCode",
                "InstanceList.InstanceVO[].ServiceStatus",
                "InstanceList.InstanceVO[].UpgradeServiceDetailInfo.Current2OpenSourceVersion",
            ],
        ),
        (
            "cbh.ListInstances",
            &["instance[].update", "instance[].upgrade_time", "instance[].status_info.task_status"],
        ),
        (
            "aad.ShowInstanceByInstanceId",
            &["product_spec_data.basic_bandwidth", "instance_config.freeze_type[]"],
        ),
        (
            "huaweibss.ShowCustomerOrderDetails",
            &[
                "order_info.status",
                "order_info.pending_payment_end_time",
                "order_line_items[].service_type_name",
            ],
        ),
    ] {
        let operation = catalogue.get(id).expect("known");
        for path in paths {
            assert!(operation.answer.iter().any(|member| member.path == *path), "{id}: {path}");
        }
    }
    let status = |id: &str, path: &str| -> Vec<i64> {
        let answer = &catalogue.get(id).expect("known").answer;
        let member = answer.iter().find(|member| member.path == path).expect("described");
        member.choices.iter().filter_map(|choice| choice.value.as_i64()).collect()
    };
    // The two numberings of Kafka collide: 5 is expired in one and running in the other.
    let view = status("alikafka.GetInstanceList", "InstanceList.InstanceVO[].ViewInstanceStatusCode");
    assert_eq!(view, [0, 1, 2, 3, 4, 5, 6, 7, 8, 21, 22, 23, 30, 101, 102, 103]);
    let service = status("alikafka.GetInstanceList", "InstanceList.InstanceVO[].ServiceStatus");
    assert_eq!(service, [0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 15, 30, 101, 102]);
    let order = status("huaweibss.ShowCustomerOrderDetails", "order_info.status");
    assert_eq!(order, [1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13]);
}

#[test]
fn values_stay_in_their_place() {
    let catalogue = catalogue();
    for operation in &catalogue.operations {
        for field in &operation.fields {
            assert!(!field.json || field.place == Place::Query, "{}: {}", operation.id, field.name);
        }
    }
    let json: Vec<String> = catalogue
        .operations
        .iter()
        .flat_map(|operation| operation.fields.iter().map(move |field| (operation, field)))
        .filter(|(_, field)| field.json)
        .map(|(operation, field)| format!("{} {}", operation.id, field.name))
        .collect();
    assert_eq!(
        json,
        [
            "computenestsupplier.UpgradeServiceInstance Parameters",
            "computenestsupplier.GetServiceEstimateCost Parameters",
            "computenestsupplier.GetServiceEstimateCost Commodity",
        ]
    );
}
