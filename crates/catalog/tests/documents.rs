//! The documents that are part of the program: they read, their examples pass, and make the expected calls.
#![cfg(feature = "reader")]
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as loudly as tests")]

use serde_json::{Map, Value, json};
use upgrade_catalog::call::{CallError, Context, UnsignedCall, prepare};
use upgrade_catalog::model::{Kind, Place, Scope, Site, Text};
use upgrade_catalog::read_json::ReadJson;
use upgrade_catalog::reader::Catalogue;
use upgrade_catalog::strict_json::parse_answer;
use upgrade_catalog::validate::{field_at, validate};
use upgrade_catalog::{Field, Operation, Role, Trait};

const PROJECT: &str = "0123456789abcdef0123456789abcdef";
const DOMAIN: &str = "fedcba9876543210fedcba9876543210";

fn catalogue() -> Catalogue {
    Catalogue::embedded().unwrap_or_else(|problems| {
        panic!("{}", problems.iter().map(|problem| format!("{problem}\n")).collect::<String>())
    })
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

fn call(id: &str, parameters: Value, context: &Context) -> Result<UnsignedCall, CallError> {
    let catalogue = catalogue();
    let operation = catalogue.get(id).expect("the operation is in the catalogue");
    let parameters = object(parameters);
    assert_eq!(validate(operation, &parameters), vec![], "{id}");
    prepare(operation, &parameters, context)
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_five_upgrades_are_public_and_nothing_else_is() {
    let catalogue = catalogue();
    let ids = |internal| -> Vec<String> {
        let operations = catalogue.operations.iter().filter(|operation| operation.internal == internal);
        operations.map(|operation| operation.id.clone()).collect()
    };
    assert_eq!(
        ids(false),
        [
            "computenestsupplier.UpgradeServiceInstance",
            "bssopenapi.RenewChangeInstance",
            "alikafka.UpgradeInstanceVersion",
            "cbh.UpgradeInstance",
            "aad.UpgradeInstanceSpec",
        ]
    );
    assert_eq!(
        ids(true),
        [
            "computenestsupplier.ListServiceInstances",
            "computenestsupplier.GetServiceInstance",
            "computenestsupplier.ListServiceInstanceUpgradeHistory",
            "computenestsupplier.RollbackServiceInstance",
            "computenestsupplier.ListServiceInstanceLogs",
            "computenestsupplier.GetServiceTemplateParameterConstraints",
            "computenestsupplier.GetServiceEstimateCost",
            "bssopenapi.QueryProductList",
            "bssopenapi.QueryAvailableInstances",
            "bssopenapi.DescribePricingModule",
            "bssopenapi.GetSubscriptionPrice",
            "bssopenapi.GetOrderDetail",
            "bssopenapi.QueryOrders",
            "bssopenapi.CancelOrder",
            "bssopenapi.QueryAccountBalance",
            "alikafka.GetInstanceList",
            "alikafka.GetAllInstanceIdList",
            "cbh.ListInstances",
            "cbh.ShowInstanceStatus",
            "cbh.RollbackInstance",
            "aad.ListInstance",
            "aad.ListInstanceV2",
            "aad.ShowInstanceByInstanceId",
            "aad.ListInstanceDomains",
            "huaweibss.ShowCustomerOrderDetails",
            "huaweibss.ListCustomerOrders",
            "huaweibss.CancelCustomerOrder",
            "iam.KeystoneCreateUserTokenByPassword",
            "iam.KeystoneListProjects",
            "iam.KeystoneListAuthDomains",
        ]
    );
    assert!(catalogue.public("iam.KeystoneListProjects").is_none());
    assert!(catalogue.public("cbh.UpgradeInstance").is_some());
}

#[test]
fn every_operation_says_what_it_risks() {
    let catalogue = catalogue();
    let traits = |id: &str| catalogue.get(id).map(|operation| operation.traits.clone()).unwrap_or_default();
    assert_eq!(
        traits("computenestsupplier.UpgradeServiceInstance"),
        [Trait::MayPay, Trait::MayDelete, Trait::DryRun, Trait::Rollback]
    );
    assert_eq!(traits("bssopenapi.RenewChangeInstance"), [Trait::Pays, Trait::Irreversible]);
    assert_eq!(traits("alikafka.UpgradeInstanceVersion"), [Trait::Irreversible]);
    assert_eq!(traits("cbh.UpgradeInstance"), [Trait::Schedules, Trait::Cancellable, Trait::Rollback]);
    assert_eq!(traits("aad.UpgradeInstanceSpec"), [Trait::Pays, Trait::Irreversible, Trait::MayStayUnpaid]);
}

#[test]
fn fields_are_those_of_the_vendors_documents() {
    let catalogue = catalogue();
    let names = |fields: &[Field]| -> Vec<String> {
        fields
            .iter()
            .map(|field| format!("{}{}", field.name, if field.required { "*" } else { "" }))
            .collect()
    };
    let of = |id: &str| names(&catalogue.get(id).expect("known").fields);
    assert_eq!(
        of("computenestsupplier.UpgradeServiceInstance"),
        ["RegionId", "ServiceInstanceId*", "ServiceVersion*", "Parameters", "DryRun", "ClientToken"]
    );
    assert_eq!(
        of("bssopenapi.RenewChangeInstance"),
        ["ProductCode*", "ProductType", "InstanceId*", "RenewPeriod*", "Parameter", "ClientToken"]
    );
    assert_eq!(of("alikafka.UpgradeInstanceVersion"), ["RegionId*", "InstanceId*", "TargetVersion*"]);
    assert_eq!(of("cbh.UpgradeInstance"), ["server_id*", "upgrade_time*", "cancel"]);
    assert_eq!(of("aad.UpgradeInstanceSpec"), ["instance_id*", "upgrade_data*"]);
    let aad = catalogue.get("aad.UpgradeInstanceSpec").expect("known");
    let Kind::Object { fields, min_members } = &field_at(aad, "/upgrade_data").expect("known").kind else {
        panic!("upgrade_data is an object")
    };
    assert_eq!(*min_members, Some(1));
    assert_eq!(
        names(fields),
        [
            "basic_bandwidth",
            "elastic_bandwidth",
            "service_bandwidth",
            "port_num",
            "bind_domain_num",
            "elastic_service_bandwidth_type",
            "elastic_service_bandwidth",
            "basic_qps"
        ]
    );
    assert!(fields.iter().all(|field| field.place == Place::Body));
    assert_eq!(aad.call.scope, Scope::Domain);
    assert_eq!(
        catalogue.get("cbh.UpgradeInstance").map(|operation| operation.call.scope),
        Some(Scope::Project)
    );
    for operation in catalogue.operations.iter().filter(|operation| !operation.internal) {
        assert!(operation.field_with(Role::Instance).is_some(), "{} has no instance", operation.id);
        assert!(operation.call.changes, "{} changes something", operation.id);
    }
}

#[test]
fn value_lists_that_the_pages_lost_are_there() {
    let catalogue = catalogue();
    let choices = |id: &str, pointer: &str| -> Vec<Value> {
        match &field_at(catalogue.get(id).expect("known"), pointer).expect("known").kind {
            Kind::Text { choices, .. } | Kind::Integer { choices, .. } => {
                choices.iter().map(|choice| choice.value.clone()).collect()
            }
            _ => Vec::new(),
        }
    };
    assert_eq!(
        choices("bssopenapi.RenewChangeInstance", "/RenewPeriod"),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36].map(Value::from)
    );
    assert_eq!(
        choices("computenestsupplier.UpgradeServiceInstance", "/DryRun"),
        ["true", "false"].map(Value::from)
    );
    assert_eq!(
        choices("alikafka.UpgradeInstanceVersion", "/TargetVersion"),
        ["0.10.2", "2.2.0", "2.6.2"].map(Value::from)
    );
    assert_eq!(
        choices("aad.UpgradeInstanceSpec", "/upgrade_data/elastic_service_bandwidth_type"),
        [0, 3].map(Value::from)
    );
    assert_eq!(choices("alikafka.UpgradeInstanceVersion", "/RegionId").len(), 34);
    let cbh = catalogue.get("cbh.UpgradeInstance").expect("known");
    assert_eq!(cbh.call.servers.iter().map(|server| server.regions.len()).sum::<usize>(), 27);
    let status = catalogue
        .get("computenestsupplier.UpgradeServiceInstance")
        .and_then(|operation| operation.answer.iter().find(|member| member.path == "Status"))
        .map(|member| member.choices.len());
    assert_eq!(status, Some(9));
}

#[test]
fn the_region_field_offers_the_regions_by_name() {
    let catalogue = catalogue();
    let kafka = catalogue.get("alikafka.UpgradeInstanceVersion").expect("known");
    let Some(Field { kind: Kind::Text { choices, open: false, .. }, .. }) = kafka.field_with(Role::Region)
    else {
        panic!("a closed list of regions")
    };
    let hangzhou = choices.iter().find(|choice| choice.value == "cn-hangzhou").map(|choice| &choice.title);
    assert_eq!(hangzhou, Some(&Text { en: "China (Hangzhou)".to_owned(), zh: "华东1（杭州）".to_owned() }));
}

/// apis.md sections 3 and 6.
#[test]
fn lengths_of_error_bodies_are_each_products_own() {
    let text = |wanted: &str| Catalogue::documents().find(|(name, _)| *name == wanted).unwrap().1;
    for (document, code, description) in [
        ("cbh.yaml", "at most 36 characters", "at most 512 characters"),
        ("aad.yaml", "8 to 36 characters", "2 to 512 characters"),
    ] {
        let failure = text(document).split("\n    Failure:\n").nth(1).unwrap();
        let of = |member: &str| {
            let words = failure.split(&format!("\n        {member}:\n")).nth(1).unwrap();
            words.lines().find(|line| line.trim().starts_with("description:")).unwrap()
        };
        assert!(of("error_code").contains(code), "{document}");
        assert!(of("error_description").contains(description), "{document}");
    }
}

/// The vendor's table of its gateway's codes, api-sign-errorcode.
#[test]
fn the_gateways_codes_mean_what_its_table_says() {
    let catalogue = catalogue();
    for id in ["cbh.UpgradeInstance", "aad.UpgradeInstanceSpec"] {
        let of =
            |code: &str| catalogue.get(id).unwrap().errors.iter().find(|error| error.code == code).unwrap();
        for (code, status, message, meaning) in [
            ("APIGW.0103", 404, "The backend does not exist.", "no service behind this API"),
            ("APIGW.0401", 403, "Unknown client IP address.", "from which address"),
            ("APIGW.0404", 403, "Access to the backend IP address has been denied.", "service behind it"),
            ("APIGW.0501", 405, "The app quota has been used up.", "quota"),
        ] {
            let error = of(code);
            assert_eq!((error.status, error.message.as_str()), (status, message), "{id}");
            assert!(error.meaning.en.contains(meaning), "{id} {code}: {}", error.meaning.en);
        }
    }
}

#[test]
fn every_word_is_there_in_both_languages() {
    fn both(place: &str, text: &Text) {
        assert!(!text.en.is_empty() && !text.zh.is_empty(), "{place}: {text:?}");
        assert!(
            !text.en.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter)),
            "{place}: {text:?}"
        );
    }
    fn fields(place: &str, list: &[Field]) {
        for field in list {
            let place = format!("{place}/{}", field.name);
            both(&place, &field.title);
            both(&place, &field.description);
            match &field.kind {
                Kind::Object { fields: members, .. } => fields(&place, members),
                Kind::List { item, .. } => {
                    if let Kind::Object { fields: members, .. } = item.as_ref() {
                        fields(&place, members);
                    }
                }
                _ => {}
            }
        }
    }
    for operation in &catalogue().operations {
        for text in [&operation.title, &operation.summary, &operation.description, &operation.product.title] {
            both(&operation.id, text);
        }
        fields(&operation.id, &operation.fields);
        for member in &operation.answer {
            both(&format!("{} {}", operation.id, member.path), &member.description);
        }
        for error in &operation.errors {
            both(&format!("{} {}", operation.id, error.code), &error.meaning);
        }
    }
}

#[test]
fn every_example_passes_and_makes_a_call() {
    let catalogue = catalogue();
    let mut count = 0;
    for operation in &catalogue.operations {
        assert!(!operation.examples.is_empty(), "{} has no example", operation.id);
        for example in &operation.examples {
            assert_eq!(
                validate(operation, &example.parameters),
                vec![],
                "{}: {}",
                operation.id,
                example.title.en
            );
            let region = if operation.id.starts_with("iam") { "cn-north-4" } else { "ap-southeast-1" };
            let call = prepare(operation, &example.parameters, &context(region)).expect("a call");
            assert!(!call.path.contains(['{', ' ']), "{}", call.path);
            count += 1;
        }
    }
    assert!(count >= 45, "{count} examples");
}

#[test]
fn the_model_survives_the_way_to_the_page() {
    for mut operation in catalogue().operations {
        let text = serde_json::to_string(&operation).expect("serializes");
        // The page does not read what it does not show.
        operation.answer.clear();
        operation.errors.clear();
        operation.permissions.clear();
        operation.examples.clear();
        let back = parse_answer(&text).as_ref().and_then(Operation::read_json);
        assert_eq!(back.as_ref(), Some(&operation));
    }
}

#[test]
fn compute_nest_sends_everything_in_the_query() {
    let deep = json!({
        "InstanceType": "ecs.g5.large", "名称": "升级 实例 🚀", "Count": 3, "Ratio": 1.5, "Enabled": true,
        "Nothing": null, "List": ["a b", "*", "~", "+", "/"], "Deep": {"K": [{"X": "<&>\"'"}]}
    });
    let call = call(
        "computenestsupplier.UpgradeServiceInstance",
        json!({
            "ClientToken": "10CM943JP0EN9D51H", "DryRun": "true", "Parameters": deep,
            "RegionId": "cn-hangzhou", "ServiceInstanceId": "si-5cbae874da0e47000001", "ServiceVersion": "2"
        }),
        &context("ap-southeast-1"),
    )
    .expect("a call");
    assert_eq!(call.method, "POST");
    // The field wins over the profile.
    assert_eq!(call.host, "computenestsupplier.cn-hangzhou.aliyuncs.com");
    assert_eq!(call.path, "/");
    assert_eq!(
        call.query,
        pairs(&[
            ("RegionId", "cn-hangzhou"),
            ("ServiceInstanceId", "si-5cbae874da0e47000001"),
            ("ServiceVersion", "2"),
            (
                "Parameters",
                r#"{"InstanceType":"ecs.g5.large","名称":"升级 实例 🚀","Count":3,"Ratio":1.5,"Enabled":true,"Nothing":null,"List":["a b","*","~","+","/"],"Deep":{"K":[{"X":"<&>\"'"}]}}"#
            ),
            ("DryRun", "true"),
            ("ClientToken", "10CM943JP0EN9D51H"),
        ])
    );
    assert_eq!(
        call.headers,
        pairs(&[
            ("accept", "application/json"),
            ("x-acs-action", "UpgradeServiceInstance"),
            ("x-acs-version", "2021-05-21")
        ])
    );
    assert!(call.body.is_empty());
}

#[test]
fn an_empty_object_is_sent_and_the_region_may_come_from_the_profile() {
    let call = call(
        "computenestsupplier.UpgradeServiceInstance",
        json!({"ServiceInstanceId": "si-1", "ServiceVersion": "2", "Parameters": {}}),
        &context("ap-southeast-1"),
    )
    .expect("a call");
    assert_eq!(call.host, "computenestsupplier.ap-southeast-1.aliyuncs.com");
    assert_eq!(
        call.query,
        pairs(&[("ServiceInstanceId", "si-1"), ("ServiceVersion", "2"), ("Parameters", "{}")])
    );
}

#[test]
fn billing_numbers_the_modules_and_follows_the_site() {
    let parameters = json!({
        "InstanceId": "rm-1", "ProductCode": "rds", "ProductType": "rds", "RenewPeriod": 1,
        "Parameter": [{"Code": "Storage", "Value": "100 GB"}, {"Value": "rds.mysql.s1", "Code": "Class"}]
    });
    let id = "bssopenapi.RenewChangeInstance";
    let china = call(id, parameters.clone(), &context("cn-hangzhou")).expect("a call");
    assert_eq!(china.host, "business.aliyuncs.com");
    assert_eq!(
        china.query,
        pairs(&[
            ("ProductCode", "rds"),
            ("ProductType", "rds"),
            ("InstanceId", "rm-1"),
            ("RenewPeriod", "1"),
            ("Parameter.1.Code", "Storage"),
            ("Parameter.1.Value", "100 GB"),
            ("Parameter.2.Code", "Class"),
            ("Parameter.2.Value", "rds.mysql.s1"),
        ])
    );
    let international = Context { site: Site::International, ..context("cn-hangzhou") };
    let abroad = call(id, parameters, &international).expect("a call");
    assert_eq!(abroad.host, "business.ap-southeast-1.aliyuncs.com");
}

#[test]
fn kafka_goes_to_the_region_of_the_instance() {
    let id = "alikafka.UpgradeInstanceVersion";
    let parameters = |region: &str| json!({"InstanceId": "alikafka_post-cn-v0h1fgs20001", "RegionId": region, "TargetVersion": "2.2.0"});
    let call = call(id, parameters("eu-central-1"), &context("cn-hangzhou")).expect("a call");
    assert_eq!(call.host, "alikafka.eu-central-1.aliyuncs.com");
    assert_eq!(
        call.query,
        pairs(&[
            ("RegionId", "eu-central-1"),
            ("InstanceId", "alikafka_post-cn-v0h1fgs20001"),
            ("TargetVersion", "2.2.0")
        ])
    );
    let catalogue = catalogue();
    let operation = catalogue.get(id).expect("known");
    let unknown = prepare(operation, &object(parameters("cn-hangzou")), &context("cn-hangzhou"));
    assert_eq!(
        unknown,
        Err(CallError::UnknownRegion { region: "cn-hangzou".to_owned(), nearest: "cn-hangzhou".to_owned() })
    );
    let none = Context::default();
    let mut without = object(parameters("x"));
    without.remove("RegionId");
    assert_eq!(prepare(operation, &without, &none), Err(CallError::NoRegion));
}

#[test]
fn the_bastion_host_is_named_in_path_and_header() {
    let id = "cbh.UpgradeInstance";
    let parameters = json!({
        "server_id": "c7277d87-5a0d-4cfc-a418-97acb567cf29", "upgrade_time": 0, "cancel": false
    });
    let call = call(id, parameters.clone(), &context("cn-north-4")).expect("a call");
    assert_eq!(call.method, "POST");
    assert_eq!(call.host, "cbh.cn-north-4.myhuaweicloud.com");
    assert_eq!(call.path, "/v2/0123456789abcdef0123456789abcdef/cbs/instance/upgrade");
    assert_eq!(call.query, []);
    assert_eq!(call.headers, pairs(&[("Content-Type", "application/json"), ("X-Project-Id", PROJECT)]));
    assert_eq!(
        String::from_utf8(call.body).expect("text"),
        r#"{"server_id":"c7277d87-5a0d-4cfc-a418-97acb567cf29","upgrade_time":0,"cancel":false}"#
    );

    let catalogue = catalogue();
    let operation = catalogue.get(id).expect("known");
    let with = |project_id: Option<&str>| {
        let context = Context { project_id: project_id.map(str::to_owned), ..context("cn-north-4") };
        prepare(operation, &object(parameters.clone()), &context)
    };
    assert_eq!(with(None), Err(CallError::NoScope("project_id")));
    let long = format!("{PROJECT}0");
    for bad in ["", "..", "0123456789abcdef/123456789abcdef", "g123456789abcdef0123456789abcdef", &long] {
        assert_eq!(with(Some(bad)), Err(CallError::BadScope("project_id")), "{bad}");
    }
}

#[test]
fn protection_keeps_zero_and_leaves_out_what_is_not_set() {
    let id = "aad.UpgradeInstanceSpec";
    let instance = "2b5ce2a4-0000-4000-8000-000000000001";
    let body = |upgrade_data: Value| {
        let call =
            call(id, json!({"instance_id": instance, "upgrade_data": upgrade_data}), &context("cn-north-4"));
        let call = call.expect("a call");
        assert_eq!(
            (call.method, call.host.as_str(), call.path.as_str()),
            ("PUT", "aad.myhuaweicloud.com", "/v2/aad/instance")
        );
        assert_eq!(call.headers, pairs(&[("Content-Type", "application/json"), ("X-Domain-Id", DOMAIN)]));
        String::from_utf8(call.body).expect("text")
    };
    assert_eq!(
        body(json!({"elastic_service_bandwidth_type": 0})),
        r#"{"instance_id":"2b5ce2a4-0000-4000-8000-000000000001","upgrade_data":{"elastic_service_bandwidth_type":0}}"#
    );
    assert_eq!(
        body(json!({
            "basic_bandwidth": "10", "elastic_bandwidth": "20", "service_bandwidth": 100, "port_num": 50,
            "bind_domain_num": 60, "elastic_service_bandwidth_type": 3, "elastic_service_bandwidth": 200,
            "basic_qps": 3000
        })),
        r#"{"instance_id":"2b5ce2a4-0000-4000-8000-000000000001","upgrade_data":{"basic_bandwidth":"10","elastic_bandwidth":"20","service_bandwidth":100,"port_num":50,"bind_domain_num":60,"elastic_service_bandwidth_type":3,"elastic_service_bandwidth":200,"basic_qps":3000}}"#
    );
}

#[test]
fn identity_calls_go_to_the_region_or_to_the_global_host() {
    let regional = call("iam.KeystoneListProjects", json!({"name": "cn-north-4"}), &context("cn-north-4"));
    let regional = regional.expect("a call");
    assert_eq!((regional.method, regional.path.as_str()), ("GET", "/v3/projects"));
    assert_eq!(regional.host, "iam.cn-north-4.myhuaweicloud.com");
    assert_eq!(regional.query, pairs(&[("name", "cn-north-4")]));
    assert_eq!(regional.headers, pairs(&[("Content-Type", "application/json")]));
    assert!(regional.body.is_empty());
    let global = call("iam.KeystoneListAuthDomains", json!({}), &Context::default()).expect("a call");
    assert_eq!((global.host.as_str(), global.path.as_str()), ("iam.myhuaweicloud.com", "/v3/auth/domains"));
    let catalogue = catalogue();
    let token = catalogue.get("iam.KeystoneCreateUserTokenByPassword").expect("known");
    assert!(field_at(token, "/auth/identity/password/user/password").expect("known").secret);
    assert!(!token.call.changes);
}
