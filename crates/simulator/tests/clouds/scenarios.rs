//! Scenarios: network faults and the errors that no instance provokes, on changing calls and their dry runs only.

use crate::common::{BSS, COMPUTE_NEST, Clouds, KAFKA, Response, SLOW_DELAY};
use serde_json::json;
use simulator::{ALIBABA, HUAWEI, HUAWEI_PROJECT_ID};
use std::time::Duration;

async fn compute_nest(clouds: &Clouds, more: &[(&str, &str)]) -> Response {
    let mut query = vec![("ServiceInstanceId", "si-5cbae874da0e47000001"), ("ServiceVersion", "2")];
    query.extend_from_slice(more);
    clouds.rpc(COMPUTE_NEST, "UpgradeServiceInstance", &query).await
}

async fn kafka(clouds: &Clouds) -> Response {
    clouds.pass(1);
    let query = [
        ("InstanceId", "alikafka_post-cn-v0h1fgs20001"),
        ("RegionId", "cn-hangzhou"),
        ("TargetVersion", "2.2.0"),
    ];
    clouds.rpc(KAFKA, "UpgradeInstanceVersion", &query).await
}

async fn bss(clouds: &Clouds) -> Response {
    let query =
        [("ProductCode", "vipcloudfw"), ("InstanceId", "vipcloudfw-cn-7mz2k0t9001"), ("RenewPeriod", "1")];
    clouds.rpc(BSS, "RenewChangeInstance", &query).await
}

async fn cbh(clouds: &Clouds) -> Response {
    let time = clouds.simulator.now().as_millisecond() + 25 * 3_600_000;
    let body = json!({"server_id": "c7277d87-5a0d-4cfc-a418-97acb567cf29", "upgrade_time": time});
    clouds.rest("POST", &format!("/v2/{HUAWEI_PROJECT_ID}/cbs/instance/upgrade"), &body).await
}

async fn aad(clouds: &Clouds) -> Response {
    let body = json!({"instance_id": "2b5ce2a4-0000-4000-8000-000000000001", "upgrade_data": {"service_bandwidth": 200}});
    clouds.rest("PUT", "/v2/aad/instance", &body).await
}

#[tokio::test]
async fn documented_errors_by_scenario() {
    let clouds = Clouds::start().await;
    // Compute Nest, Kafka, BSS, CBH, AAD: status and code, or nothing where the scenario does not concern the product.
    type Expected = Option<(u16, &'static str)>;
    let table: [(&str, [Expected; 5]); 27] = [
        (
            "error_5xx",
            [
                Some((503, "ServiceUnavailable")),
                Some((503, "ServiceUnavailable")),
                Some((503, "ServiceUnavailable")),
                Some((503, "APIGW.0613")),
                Some((503, "APIGW.0613")),
            ],
        ),
        (
            "internal_error",
            [
                Some((500, "InternalError")),
                Some((500, "InternalError")),
                Some((500, "InternalError")),
                Some((500, "CBH.11000000")),
                Some((500, "Anti-DDoS.11000000")),
            ],
        ),
        ("unknown_error", [None, None, None, Some((500, "CBH.10020000")), None]),
        ("bad_gateway", [None, None, None, Some((502, "APIGW.0610")), Some((502, "APIGW.0610"))]),
        ("gateway_timeout", [None, None, None, Some((504, "APIGW.0201")), Some((504, "APIGW.0201"))]),
        (
            "throttled",
            [
                Some((400, "Throttling.User")),
                Some((400, "Throttling.User")),
                Some((400, "Throttling.User")),
                Some((429, "APIGW.0308")),
                Some((429, "APIGW.0308")),
            ],
        ),
        ("kafka_flow_control", [None, Some((400, "FlowControl")), None, None, None]),
        ("kafka_system_flow_control", [None, Some((400, "ONS_SYSTEM_FLOW_CONTROL")), None, None, None]),
        (
            "nothing_to_upgrade",
            [None, Some((400, "ONS_INIT_ENV_ERROR")), None, Some((403, "CBH.10027011")), None],
        ),
        ("kafka_missing_parameter", [None, Some((400, "MISSING_PARAMETER")), None, None, None]),
        (
            "no_permission",
            [
                Some((403, "NoPermission")),
                Some((403, "NoPermission")),
                Some((403, "NoPermission")),
                Some((403, "CBH.10020002")),
                Some((400, "Anti-DDoS.10001009")),
            ],
        ),
        (
            "ram_forbidden",
            [
                Some((403, "Forbidden.RAM")),
                Some((403, "Forbidden.RAM")),
                Some((403, "Forbidden.RAM")),
                Some((403, "APIGW.0302")),
                Some((403, "APIGW.0302")),
            ],
        ),
        ("not_authorized", [None, None, Some((400, "NotAuthorized")), None, None]),
        ("invalid_owner", [None, None, Some((400, "InvalidOwner")), None, None]),
        (
            "ak_not_found",
            [
                Some((404, "InvalidAccessKeyId.NotFound")),
                Some((404, "InvalidAccessKeyId.NotFound")),
                Some((404, "InvalidAccessKeyId.NotFound")),
                Some((401, "APIGW.0301")),
                Some((401, "APIGW.0301")),
            ],
        ),
        (
            "ak_disabled",
            [
                Some((400, "InvalidAccessKeyId.Inactive")),
                Some((400, "InvalidAccessKeyId.Inactive")),
                Some((400, "InvalidAccessKeyId.Inactive")),
                Some((401, "APIGW.0301")),
                Some((401, "APIGW.0301")),
            ],
        ),
        (
            "signature_refused",
            [
                Some((400, "SignatureDoesNotMatch")),
                Some((400, "SignatureDoesNotMatch")),
                Some((400, "SignatureDoesNotMatch")),
                Some((401, "APIGW.0301")),
                Some((401, "APIGW.0301")),
            ],
        ),
        (
            "clock_skew",
            [
                Some((400, "InvalidTimeStamp.Expired")),
                Some((400, "InvalidTimeStamp.Expired")),
                Some((400, "InvalidTimeStamp.Expired")),
                Some((401, "APIGW.0301")),
                Some((401, "APIGW.0301")),
            ],
        ),
        (
            "nonce_used",
            [
                Some((400, "SignatureNonceUsed")),
                Some((400, "SignatureNonceUsed")),
                Some((400, "SignatureNonceUsed")),
                None,
                None,
            ],
        ),
        (
            "sts_required",
            [
                Some((400, "MissingSecurityToken")),
                Some((400, "MissingSecurityToken")),
                Some((400, "MissingSecurityToken")),
                None,
                None,
            ],
        ),
        (
            "credentials_expired",
            [
                Some((400, "InvalidParameter")),
                Some((400, "InvalidParameter")),
                Some((400, "InvalidParameter")),
                Some((401, "APIGW.0301")),
                Some((401, "APIGW.0301")),
            ],
        ),
        ("token_update", [None, None, None, Some((401, "APIGW.0307")), Some((401, "APIGW.0307"))]),
        (
            "need_ssl",
            [
                Some((404, "InvalidProtocol.NeedSsl")),
                Some((404, "InvalidProtocol.NeedSsl")),
                Some((404, "InvalidProtocol.NeedSsl")),
                None,
                None,
            ],
        ),
        (
            "api_not_found",
            [
                Some((404, "InvalidApi.NotFound")),
                Some((404, "InvalidApi.NotFound")),
                Some((404, "InvalidApi.NotFound")),
                Some((404, "APIGW.0101")),
                Some((404, "APIGW.0101")),
            ],
        ),
        ("cbh_project", [None, None, None, Some((400, "CBH.10020001")), None]),
        ("cbh_message", [None, None, None, Some((400, "CBH.10020009")), None]),
        ("service_token", [None, None, None, Some((401, "CBH.10020100")), Some((403, "Anti-DDoS.10000002"))]),
    ];
    for (name, expected) in table {
        clouds.simulator.reset();
        clouds.simulator.set_scenario(name).unwrap();
        let answers = [
            compute_nest(&clouds, &[]).await,
            kafka(&clouds).await,
            bss(&clouds).await,
            cbh(&clouds).await,
            aad(&clouds).await,
        ];
        for ((answer, expected), call) in answers.iter().zip(expected).zip(clouds.simulator.calls()) {
            assert_eq!(call.applied, expected.is_none(), "{name} {:?}", call.operation);
            match expected {
                None => assert_eq!(answer.status, 200, "{name} {:?}: {}", call.operation, answer.body),
                Some((status, code)) => {
                    assert_eq!(answer.refusal(), (status, code.to_owned()), "{name} {:?}", call.operation);
                    assert_eq!(call.scenario, Some(name));
                }
            }
        }
        // A dry run fails as the call itself would, so that this can be rehearsed, too.
        clouds.simulator.reset();
        clouds.simulator.set_scenario(name).unwrap();
        let dry = compute_nest(&clouds, &[("DryRun", "true")]).await;
        match expected[0] {
            None => assert_eq!(dry.status, 200, "{name}: {}", dry.body),
            Some((status, code)) => assert_eq!(dry.refusal(), (status, code.to_owned()), "{name}"),
        }
        let calls = clouds.simulator.calls();
        assert!(calls.iter().all(|call| !call.changing && !call.applied), "{name}");
    }
}

#[tokio::test]
async fn details_of_some_errors() {
    let clouds = Clouds::start().await;
    clouds.simulator.set_scenario("throttled").unwrap();
    assert_eq!(compute_nest(&clouds, &[]).await.header("x-acs-retry-after"), Some("2000"));
    clouds.simulator.set_scenario("no_permission").unwrap();
    let denied = kafka(&clouds).await.json();
    assert_eq!(denied["AccessDeniedDetail"]["AuthAction"], "alikafka:UpdateInstance");
    clouds.simulator.set_scenario("unknown_error").unwrap();
    // Its documents say error_description; it says error_msg.
    assert_eq!(
        cbh(&clouds).await.json(),
        json!({"error_code": "CBH.10020000", "error_msg": "Unknown error!"})
    );
    clouds.simulator.set_scenario("ak_disabled").unwrap();
    let message = "Incorrect IAM authentication information: ak FAKEHUAWEIAK00000001 not exist";
    assert_eq!(aad(&clouds).await.json()["error_msg"], message);
}

#[tokio::test]
async fn cut_takes_effect_and_answers_nothing() {
    let clouds = Clouds::start().await;
    clouds.simulator.set_scenario("cut").unwrap();
    let query = [
        ("ProductCode", "vipcloudfw"),
        ("InstanceId", "vipcloudfw-cn-7mz2k0t9001"),
        ("RenewPeriod", "1"),
        ("ClientToken", "token-1"),
    ];
    let request = || clouds.acs3(&ALIBABA, BSS, "RenewChangeInstance", &query).sign_acs3(&ALIBABA);
    assert!(clouds.send_bytes(&request().bytes()).await.is_none());
    let call = clouds.simulator.calls()[0].clone();
    assert!(call.applied && call.status.is_none() && call.request_id.is_none());
    let orders = clouds.simulator.state()["bss"]["orders"].clone();
    assert_eq!(orders.as_array().unwrap().len(), 1);
    // With the same ClientToken the first answer can still be had, and nothing happens twice.
    clouds.simulator.set_scenario("normal").unwrap();
    let answer = clouds.send(&request()).await.json();
    assert_eq!(answer["Data"]["OrderId"], orders[0]["order_id"]);
    assert_eq!(clouds.simulator.state()["bss"]["orders"].as_array().unwrap().len(), 1);

    clouds.simulator.set_scenario("cut").unwrap();
    let body = json!({"instance_id": "2b5ce2a4-0000-4000-8000-000000000001", "upgrade_data": {"service_bandwidth": 200}});
    let request = clouds.sdk(&HUAWEI, "PUT", "/v2/aad/instance", &body.to_string()).sign_sdk(&HUAWEI);
    assert!(clouds.send_bytes(&request.bytes()).await.is_none());
    assert_eq!(clouds.simulator.state()["aad"]["orders"].as_array().unwrap().len(), 1);
    // Reads and IAM are not touched, and neither is a request that is not believed.
    let projects = clouds.sdk(&HUAWEI, "GET", "/v3/projects", "").sign_sdk(&HUAWEI);
    assert_eq!(clouds.send(&projects).await.status, 200);
    let unsigned = clouds.sdk(&HUAWEI, "PUT", "/v2/aad/instance", "{}");
    assert_eq!(clouds.send(&unsigned).await.status, 401);
}

/// Waits until the simulator has read this many requests.
async fn received(clouds: &Clouds, count: usize) {
    while clouds.simulator.calls().len() < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn hang_reads_the_request_and_never_answers() {
    let clouds = Clouds::start().await;
    clouds.simulator.set_scenario("hang").unwrap();
    {
        let pending = kafka(&clouds);
        tokio::pin!(pending);
        tokio::select! {
            _ = &mut pending => panic!("an answer to a request that should hang"),
            () = received(&clouds, 1) => {}
        }
        assert!(tokio::time::timeout(Duration::from_millis(200), pending).await.is_err());
    }
    let call = clouds.simulator.calls()[0].clone();
    assert!(!call.applied && call.changing && call.status.is_none());
    assert_eq!(
        (call.operation.as_deref(), call.scenario),
        (Some("alikafka.UpgradeInstanceVersion"), Some("hang"))
    );
    clouds.simulator.set_scenario("normal").unwrap();
    assert_eq!(kafka(&clouds).await.status, 200);
}

#[tokio::test]
async fn slow_answers_late_and_unreadable_answers_with_something_else() {
    let clouds = Clouds::start().await;
    clouds.simulator.set_scenario("slow").unwrap();
    let begun = std::time::Instant::now();
    assert_eq!(kafka(&clouds).await.status, 200);
    assert!(begun.elapsed() >= SLOW_DELAY);
    clouds.simulator.set_scenario("unreadable").unwrap();
    let answer = aad(&clouds).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html")));
    assert!(clouds.simulator.calls().iter().all(|call| call.applied));
}
