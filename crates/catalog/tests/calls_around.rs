//! The calls around the upgrades: each makes the request that the official SDK makes of the same values. What is
//! expected here was read from a server that the SDKs were pointed at (Alibaba computenestsupplier20210521 7.3.2,
//! bssopenapi20171214 5.1.2, alikafka20190916 2.16.0; Huawei cbh, aad and bss 3.1.219), but for booleans, which the
//! Python SDK of Alibaba writes as `True`, and for AAD `ListInstanceV2`, which it does not have.
#![cfg(feature = "reader")]
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as loudly as tests")]

use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use upgrade_catalog::call::{Context, UnsignedCall, prepare};
use upgrade_catalog::model::Site;
use upgrade_catalog::reader::Catalogue;
use upgrade_catalog::validate::{Complaint, validate};

const PROJECT: &str = "0123456789abcdef0123456789abcdef";
const DOMAIN: &str = "fedcba9876543210fedcba9876543210";
const INSTANCE: &str = "si-5cbae874da0e47000001";
const SERVICE: &str = "service-6c1d7f0a4b2e4f3a9d58";
const SERVER: &str = "c7277d87-5a0d-4cfc-a418-97acb567cf29";
const PROTECTED: &str = "2b5ce2a4-0000-4000-8000-000000000001";
const ORDER: &str = "CS2401020304ABCDE";

fn catalogue() -> &'static Catalogue {
    static READ: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().expect("the documents read"));
    &READ
}

fn context(region: &str) -> Context {
    Context {
        region: Some(region.to_owned()),
        site: Site::China,
        project_id: Some(PROJECT.to_owned()),
        domain_id: Some(DOMAIN.to_owned()),
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("not an object: {other}"),
    }
}

fn problems(id: &str, parameters: Value) -> Vec<(String, &'static str)> {
    let catalogue = catalogue();
    let operation = catalogue.get(id).expect("the operation is in the catalogue");
    validate(operation, &object(parameters))
        .into_iter()
        .map(|problem| (problem.pointer, problem.complaint.code()))
        .collect()
}

fn call(id: &str, parameters: Value, context: &Context) -> UnsignedCall {
    assert_eq!(problems(id, parameters.clone()), [], "{id}");
    let catalogue = catalogue();
    let operation = catalogue.get(id).expect("the operation is in the catalogue");
    prepare(operation, &object(parameters), context).expect("a call")
}

/// The query without its order, in which the signature does not see it either.
fn sorted(mut query: Vec<(String, String)>) -> Vec<(String, String)> {
    query.sort();
    query
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    sorted(list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

/// An RPC action of a region: always POST on `/`, everything in the query, nothing in the body.
fn assert_rpc(id: &str, host: &str, parameters: Value, query: &[(&str, &str)]) {
    let made = call(id, parameters, &context("cn-hangzhou"));
    assert_eq!((made.method, made.host.as_str(), made.path.as_str()), ("POST", host, "/"), "{id}");
    assert_eq!(sorted(made.query), pairs(query), "{id}");
    assert!(made.body.is_empty(), "{id}");
    let action = id.split_once('.').expect("product and action").1;
    let version = match id.split('.').next() {
        Some("computenestsupplier") => "2021-05-21",
        Some("bssopenapi") => "2017-12-14",
        _ => "2019-09-16",
    };
    let headers = [("accept", "application/json"), ("x-acs-action", action), ("x-acs-version", version)];
    assert_eq!(sorted(made.headers), pairs(&headers), "{id}");
}

#[test]
fn compute_nest_filters_are_lists_in_lists() {
    let host = "computenestsupplier.cn-hangzhou.aliyuncs.com";
    assert_rpc(
        "computenestsupplier.ListServiceInstances",
        host,
        json!({
            "RegionId": "cn-hangzhou", "MaxResults": 20, "ShowDeleted": false,
            "Filter": [
                {"Name": "ServiceInstanceId", "Value": [INSTANCE, "si-2"]},
                {"Value": ["Deployed"], "Name": "Status"}
            ],
            "Tag": [{"Key": "env", "Value": "production"}]
        }),
        &[
            ("Filter.1.Name", "ServiceInstanceId"),
            ("Filter.1.Value.1", INSTANCE),
            ("Filter.1.Value.2", "si-2"),
            ("Filter.2.Name", "Status"),
            ("Filter.2.Value.1", "Deployed"),
            ("MaxResults", "20"),
            ("RegionId", "cn-hangzhou"),
            ("ShowDeleted", "false"),
            ("Tag.1.Key", "env"),
            ("Tag.1.Value", "production"),
        ],
    );
    assert_rpc(
        "computenestsupplier.ListServiceInstanceLogs",
        host,
        json!({
            "RegionId": "cn-hangzhou", "ServiceInstanceId": INSTANCE, "LogSource": "computeNest",
            "SortOrder": "Descending", "Filter": [{"Name": "StartTime", "Value": ["2026-11-20T08:00:00Z"]}]
        }),
        &[
            ("Filter.1.Name", "StartTime"),
            ("Filter.1.Value.1", "2026-11-20T08:00:00Z"),
            ("LogSource", "computeNest"),
            ("RegionId", "cn-hangzhou"),
            ("ServiceInstanceId", INSTANCE),
            ("SortOrder", "Descending"),
        ],
    );
}

#[test]
fn compute_nest_shows_and_takes_back() {
    let host = "computenestsupplier.cn-hangzhou.aliyuncs.com";
    let both = [("RegionId", "cn-hangzhou"), ("ServiceInstanceId", INSTANCE)];
    assert_rpc(
        "computenestsupplier.GetServiceInstance",
        host,
        json!({"RegionId": "cn-hangzhou", "ServiceInstanceId": INSTANCE}),
        &both,
    );
    assert_rpc(
        "computenestsupplier.ListServiceInstanceUpgradeHistory",
        host,
        json!({"RegionId": "cn-hangzhou", "ServiceInstanceId": INSTANCE, "MaxResults": 1}),
        &[both[0], both[1], ("MaxResults", "1")],
    );
    assert_rpc(
        "computenestsupplier.RollbackServiceInstance",
        host,
        json!({"RegionId": "cn-hangzhou", "ServiceInstanceId": INSTANCE, "ClientToken": "t1"}),
        &[both[0], both[1], ("ClientToken", "t1")],
    );
}

#[test]
fn compute_nest_asks_for_values_and_costs() {
    let host = "computenestsupplier.cn-hangzhou.aliyuncs.com";
    assert_rpc(
        "computenestsupplier.GetServiceTemplateParameterConstraints",
        host,
        json!({
            "RegionId": "cn-hangzhou", "DeployRegionId": "cn-beijing", "ServiceId": SERVICE,
            "TemplateName": "Template 1", "ServiceVersion": "2", "EnablePrivateVpcConnection": true,
            "Parameters": [{"ParameterKey": "ZoneId", "ParameterValue": "cn-beijing-j"}]
        }),
        &[
            ("DeployRegionId", "cn-beijing"),
            ("EnablePrivateVpcConnection", "true"),
            ("Parameters.1.ParameterKey", "ZoneId"),
            ("Parameters.1.ParameterValue", "cn-beijing-j"),
            ("RegionId", "cn-hangzhou"),
            ("ServiceId", SERVICE),
            ("ServiceVersion", "2"),
            ("TemplateName", "Template 1"),
        ],
    );
    // Both objects are one text of JSON, the one with known members too.
    assert_rpc(
        "computenestsupplier.GetServiceEstimateCost",
        host,
        json!({
            "RegionId": "cn-hangzhou", "ServiceId": SERVICE,
            "Parameters": {"EcsInstanceType": "ecs.g7.xlarge", "Count": 2},
            "Commodity": {"PayPeriod": 1, "PayPeriodUnit": "Month"}
        }),
        &[
            ("Commodity", r#"{"PayPeriod":1,"PayPeriodUnit":"Month"}"#),
            ("Parameters", r#"{"EcsInstanceType":"ecs.g7.xlarge","Count":2}"#),
            ("RegionId", "cn-hangzhou"),
            ("ServiceId", SERVICE),
        ],
    );
    // Known members are checked as everywhere.
    assert_eq!(
        problems(
            "computenestsupplier.GetServiceEstimateCost",
            json!({"ServiceId": SERVICE, "Commodity": {"PayPeriod": "1", "PayPeriodUnit": "Week", "Pay": 1}})
        ),
        [
            ("/Commodity/PayPeriod".to_owned(), "wrong_type"),
            ("/Commodity/PayPeriodUnit".to_owned(), "not_a_choice"),
            ("/Commodity/Pay".to_owned(), "unknown_field"),
        ]
    );
}

#[test]
fn billing_lists_products_and_instances() {
    let host = "business.aliyuncs.com";
    assert_rpc(
        "bssopenapi.QueryProductList",
        host,
        json!({"PageNum": 1, "PageSize": 300, "QueryTotalCount": true}),
        &[("PageNum", "1"), ("PageSize", "300"), ("QueryTotalCount", "true")],
    );
    assert_rpc(
        "bssopenapi.QueryAvailableInstances",
        host,
        json!({
            "Region": "cn-hangzhou", "ProductCode": "rds", "SubscriptionType": "Subscription",
            "InstanceIDs": "rm-1,rm-2", "PageNum": 1, "PageSize": 100, "EndTimeStart": "2026-11-01T00:00:00Z"
        }),
        &[
            ("EndTimeStart", "2026-11-01T00:00:00Z"),
            ("InstanceIDs", "rm-1,rm-2"),
            ("PageNum", "1"),
            ("PageSize", "100"),
            ("ProductCode", "rds"),
            ("Region", "cn-hangzhou"),
            ("SubscriptionType", "Subscription"),
        ],
    );
    assert_rpc("bssopenapi.QueryAccountBalance", host, json!({}), &[]);
}

#[test]
fn billing_prices_module_by_module() {
    let host = "business.aliyuncs.com";
    assert_rpc(
        "bssopenapi.DescribePricingModule",
        host,
        json!({"ProductCode": "rds", "ProductType": "rds", "SubscriptionType": "Subscription"}),
        &[("ProductCode", "rds"), ("ProductType", "rds"), ("SubscriptionType", "Subscription")],
    );
    assert_rpc(
        "bssopenapi.GetSubscriptionPrice",
        host,
        json!({
            "ProductCode": "rds", "OrderType": "Upgrade", "SubscriptionType": "Subscription",
            "InstanceId": "rm-1", "Quantity": 1,
            "ModuleList": [
                {
                    "ModuleCode": "DBInstanceClass", "ModuleStatus": 2,
                    "Config": "DBInstanceClass:rds.mysql.s2.large,Region:cn-hangzhou"
                },
                {"ModuleCode": "DBInstanceStorage", "Config": "DBInstanceStorage:200", "Tag": "d-1"}
            ]
        }),
        &[
            ("InstanceId", "rm-1"),
            ("ModuleList.1.Config", "DBInstanceClass:rds.mysql.s2.large,Region:cn-hangzhou"),
            ("ModuleList.1.ModuleCode", "DBInstanceClass"),
            ("ModuleList.1.ModuleStatus", "2"),
            ("ModuleList.2.Config", "DBInstanceStorage:200"),
            ("ModuleList.2.ModuleCode", "DBInstanceStorage"),
            ("ModuleList.2.Tag", "d-1"),
            ("OrderType", "Upgrade"),
            ("ProductCode", "rds"),
            ("Quantity", "1"),
            ("SubscriptionType", "Subscription"),
        ],
    );
}

#[test]
fn billing_finds_and_cancels_orders_on_the_site_of_the_account() {
    let host = "business.aliyuncs.com";
    assert_rpc(
        "bssopenapi.GetOrderDetail",
        host,
        json!({"OrderId": "202407022550621"}),
        &[("OrderId", "202407022550621")],
    );
    assert_rpc(
        "bssopenapi.QueryOrders",
        host,
        json!({"CreateTimeStart": "2026-11-20T00:00:00Z", "PaymentStatus": "Unpaid", "PageNum": 1, "PageSize": 20}),
        &[
            ("CreateTimeStart", "2026-11-20T00:00:00Z"),
            ("PageNum", "1"),
            ("PageSize", "20"),
            ("PaymentStatus", "Unpaid"),
        ],
    );
    assert_rpc(
        "bssopenapi.CancelOrder",
        host,
        json!({"OrderId": "202611200812345"}),
        &[("OrderId", "202611200812345")],
    );
    let abroad = Context { site: Site::International, ..context("cn-hangzhou") };
    let made = call("bssopenapi.CancelOrder", json!({"OrderId": "202611200812345"}), &abroad);
    assert_eq!(made.host, "business.ap-southeast-1.aliyuncs.com");
}

#[test]
fn kafka_lists_instances_without_pages() {
    assert_rpc(
        "alikafka.GetInstanceList",
        "alikafka.eu-central-1.aliyuncs.com",
        json!({
            "RegionId": "eu-central-1", "InstanceId": ["alikafka_a", "alikafka_b"], "Series": "v2",
            "Tag": [{"Key": "env", "Value": "production"}, {"Key": "team"}]
        }),
        &[
            ("InstanceId.1", "alikafka_a"),
            ("InstanceId.2", "alikafka_b"),
            ("RegionId", "eu-central-1"),
            ("Series", "v2"),
            ("Tag.1.Key", "env"),
            ("Tag.1.Value", "production"),
            ("Tag.2.Key", "team"),
        ],
    );
    let catalogue = catalogue();
    let list = catalogue.get("alikafka.GetInstanceList").expect("known");
    let names: Vec<&str> = list.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["RegionId", "InstanceId", "OrderId", "ResourceGroupId", "Series", "Tag"]);
    assert_eq!(list.calls_per_second, Some(2));
    // The region is reserved there, but it still selects the host; without one the profile's does.
    let host = "alikafka.cn-hangzhou.aliyuncs.com";
    assert_rpc("alikafka.GetAllInstanceIdList", host, json!({}), &[]);
    let cn_beijing = json!({"RegionId": "cn-beijing"});
    let host = "alikafka.cn-beijing.aliyuncs.com";
    assert_rpc("alikafka.GetAllInstanceIdList", host, cn_beijing, &[("RegionId", "cn-beijing")]);
}

/// A call of Huawei: method, host, path, query, body, and the headers that the SDK sends with it.
fn assert_rest(id: &str, parameters: Value, line: (&str, &str, &str), query: &[(&str, &str)], body: &str) {
    let made = call(id, parameters, &context("cn-north-4"));
    assert_eq!((made.method, made.host.as_str(), made.path.as_str()), line, "{id}");
    assert_eq!(sorted(made.query), pairs(query), "{id}");
    assert_eq!(String::from_utf8(made.body).expect("text"), body, "{id}");
    let scope = if id.starts_with("cbh.") { ("X-Project-Id", PROJECT) } else { ("X-Domain-Id", DOMAIN) };
    let mut headers = made.headers;
    headers.retain(|(name, _)| name != "X-Language");
    assert_eq!(sorted(headers), pairs(&[("Content-Type", "application/json"), scope]), "{id}");
}

#[test]
fn bastion_hosts_are_listed_shown_and_rolled_back() {
    let host = "cbh.cn-north-4.myhuaweicloud.com";
    assert_rest(
        "cbh.ListInstances",
        json!({"instance_id": 5473, "limit": "1000", "offset": "0"}),
        ("GET", host, "/v2/0123456789abcdef0123456789abcdef/cbs/instance/list"),
        &[("instance_id", "5473"), ("limit", "1000"), ("offset", "0")],
        "",
    );
    assert_rest(
        "cbh.ShowInstanceStatus",
        json!({"server_id": SERVER}),
        (
            "GET",
            host,
            "/v2/0123456789abcdef0123456789abcdef/cbs/instance/c7277d87-5a0d-4cfc-a418-97acb567cf29/status",
        ),
        &[],
        "",
    );
    assert_rest(
        "cbh.RollbackInstance",
        json!({"server_id": SERVER}),
        ("POST", host, "/v2/0123456789abcdef0123456789abcdef/cbs/instance/rollback"),
        &[],
        r#"{"server_id":"c7277d87-5a0d-4cfc-a418-97acb567cf29"}"#,
    );
    // The page is counted in text.
    assert_eq!(
        problems("cbh.ListInstances", json!({"limit": 1000, "offset": "-1"})),
        [("/limit".to_owned(), "wrong_type"), ("/offset".to_owned(), "pattern")]
    );
    for limit in ["0", "1001", "01", ""] {
        assert_eq!(problems("cbh.ListInstances", json!({"limit": limit})).len(), 1, "{limit}");
    }
}

#[test]
fn protection_is_listed_by_two_versions() {
    let host = "aad.myhuaweicloud.com";
    assert_rest("aad.ListInstance", json!({}), ("GET", host, "/v1/aad/instances"), &[], "");
    assert_rest(
        "aad.ListInstanceV2",
        json!({"instance_access_type": "1"}),
        ("GET", host, "/v2/aad/instances"),
        &[("instance_access_type", "1")],
        "",
    );
    assert_rest(
        "aad.ShowInstanceByInstanceId",
        json!({"instance_id": PROTECTED}),
        ("GET", host, "/v2/aad/instances/2b5ce2a4-0000-4000-8000-000000000001"),
        &[],
        "",
    );
    assert_rest(
        "aad.ListInstanceDomains",
        json!({"instance_id": PROTECTED, "limit": 100, "offset": 0}),
        ("GET", host, "/v2/aad/instances/2b5ce2a4-0000-4000-8000-000000000001/domains"),
        &[("limit", "100"), ("offset", "0")],
        "",
    );
}

#[test]
fn orders_of_huawei_follow_the_site_of_the_account() {
    let host = "bss.myhuaweicloud.com";
    let details = json!({"order_id": ORDER, "X-Language": "en_US", "limit": 10, "offset": 0});
    assert_rest(
        "huaweibss.ShowCustomerOrderDetails",
        details.clone(),
        ("GET", host, "/v2/orders/customer-orders/details/CS2401020304ABCDE"),
        &[("limit", "10"), ("offset", "0")],
        "",
    );
    let language = ("X-Language".to_owned(), "en_US".to_owned());
    let made = call("huaweibss.ShowCustomerOrderDetails", details, &context("cn-north-4"));
    assert!(made.headers.contains(&language));
    assert_rest(
        "huaweibss.ListCustomerOrders",
        json!({
            "service_type_code": "hws.service.type.aad", "status": 6, "order_type": "3",
            "create_time_begin": "2026-11-01T00:00:00Z", "limit": 100, "offset": 0, "order_by": "-createTime"
        }),
        ("GET", host, "/v2/orders/customer-orders"),
        &[
            ("create_time_begin", "2026-11-01T00:00:00Z"),
            ("limit", "100"),
            ("offset", "0"),
            ("order_by", "-createTime"),
            ("order_type", "3"),
            ("service_type_code", "hws.service.type.aad"),
            ("status", "6"),
        ],
        "",
    );
    assert_rest(
        "huaweibss.CancelCustomerOrder",
        json!({"order_id": ORDER}),
        ("PUT", host, "/v2/orders/customer-orders/cancel"),
        &[],
        r#"{"order_id":"CS2401020304ABCDE"}"#,
    );
    let abroad = Context { site: Site::International, ..context("ap-southeast-1") };
    let made = call("huaweibss.CancelCustomerOrder", json!({"order_id": ORDER}), &abroad);
    assert_eq!(made.host, "bss-intl.myhuaweicloud.com");
}

#[test]
fn a_region_of_billing_needs_a_product() {
    let id = "bssopenapi.QueryAvailableInstances";
    assert_eq!(problems(id, json!({"Region": "cn-hangzhou"})), [("/ProductCode".to_owned(), "missing")]);
    assert_eq!(problems(id, json!({"ProductCode": "rds"})), []);
    assert_eq!(problems(id, json!({"Region": "cn-hangzhou", "ProductCode": "rds"})), []);
    assert_eq!(
        problems(id, json!({"Region": "cn-hangzhou", "ProductCode": null})),
        [("/ProductCode".to_owned(), "wrong_type")]
    );
    let catalogue = catalogue();
    let operation = catalogue.get(id).expect("known");
    let told = validate(operation, &object(json!({"Region": "cn-hangzhou"})));
    assert!(matches!(&told[0].complaint, Complaint::Missing { ask: Some(ask), .. } if !ask.zh.is_empty()));
}
