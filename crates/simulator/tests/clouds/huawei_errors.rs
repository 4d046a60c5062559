//! What the Huawei gateway refuses, and in which words.

use crate::common::{Clouds, Http, Response};
use simulator::{Account, HUAWEI, HUAWEI_STS};

const BODY: &str =
    r#"{"instance_id":"2b5ce2a4-0000-4000-8000-000000000001","upgrade_data":{"service_bandwidth":200}}"#;

fn request(clouds: &Clouds, account: &Account) -> Http {
    clouds.sdk(account, "PUT", "/v2/aad/instance", BODY)
}

async fn unauthorized(clouds: &Clouds, request: Http, words: &str) -> Response {
    let answer = clouds.send(&request).await;
    assert_eq!(answer.refusal(), (401, "APIGW.0301".to_owned()), "{}", answer.body);
    let message = answer.json()["error_msg"].as_str().unwrap().to_owned();
    assert!(message.starts_with(&format!("Incorrect IAM authentication information: {words}")), "{message}");
    assert!(!clouds.simulator.calls().last().unwrap().applied);
    answer
}

#[tokio::test]
async fn errors_have_the_shape_and_headers_of_the_cloud() {
    let clouds = Clouds::start().await;
    let stranger = Account { access_key: "NOBODY", ..HUAWEI };
    let answer =
        unauthorized(&clouds, request(&clouds, &stranger).sign_sdk(&stranger), "ak NOBODY not exist").await;
    let body = answer.json();
    assert_eq!(body["error_msg"], "Incorrect IAM authentication information: ak NOBODY not exist");
    assert_eq!(body.as_object().unwrap().len(), 3);
    assert_eq!(answer.header("x-request-id"), body["request_id"].as_str());
    assert_eq!(answer.header("server"), Some("api-gateway"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn a_wrong_signature_is_answered_with_the_canonical_request() {
    let clouds = Clouds::start().await;
    let wrong = Account { secret_key: "another", ..HUAWEI_STS };
    let answer = unauthorized(
        &clouds,
        request(&clouds, &wrong).sign_sdk(&wrong),
        "verify aksk signature fail, canonicalRequest:PUT|/v2/aad/instance/||content-type:application/json|host:",
    )
    .await;
    assert!(answer.body.contains("x-security-token:***") && !answer.body.contains("fakeSecurityToken"));
    let mut changed = request(&clouds, &HUAWEI).sign_sdk(&HUAWEI);
    changed.body = BODY.replace("200", "900").into_bytes();
    unauthorized(&clouds, changed, "verify aksk signature fail").await;
    let added = request(&clouds, &HUAWEI).sign_sdk(&HUAWEI).with("X-Domain-Id", "1");
    unauthorized(&clouds, added, "verify aksk signature fail").await;
    let unsigned =
        request(&clouds, &HUAWEI).with("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD").sign_sdk(&HUAWEI);
    unauthorized(&clouds, unsigned, "the body must be signed").await;
}

#[tokio::test]
async fn dates_are_checked_against_real_time() {
    let clouds = Clouds::start().await;
    clouds.simulator.advance(86_400).unwrap();
    for (seconds, fits) in [(-901, false), (-900, true), (900, true), (901, false)] {
        clouds.pass(seconds);
        let date = clouds.sdk_date();
        clouds.pass(-seconds);
        let signed = request(&clouds, &HUAWEI).with("X-Sdk-Date", &date).sign_sdk(&HUAWEI);
        if fits {
            assert_eq!(clouds.send(&signed).await.status, 200);
        } else {
            let words = format!(
                "calc aksk signature fail:signature expired, signature time:{date},server time:20240102T030405Z"
            );
            unauthorized(&clouds, signed, &words).await;
        }
    }
    let signed = request(&clouds, &HUAWEI).with("X-Sdk-Date", "2024-01-02T03:04:05Z").sign_sdk(&HUAWEI);
    unauthorized(&clouds, signed, "calc aksk signature fail:signature time format error").await;
    let signed = request(&clouds, &HUAWEI).without("X-Sdk-Date").sign_sdk(&HUAWEI);
    unauthorized(&clouds, signed, "x-sdk-date not found").await;
}

#[tokio::test]
async fn credentials_are_needed_and_must_fit() {
    let clouds = Clouds::start().await;
    unauthorized(&clouds, request(&clouds, &HUAWEI), "x-auth-token not found").await;
    unauthorized(&clouds, request(&clouds, &HUAWEI).with("X-Auth-Token", "made-up"), "decrypt token fail")
        .await;
    unauthorized(
        &clouds,
        request(&clouds, &HUAWEI).with("Authorization", "Basic x"),
        "authorization is invalid",
    )
    .await;
    let without = request(&clouds, &HUAWEI_STS).without("X-Security-Token").sign_sdk(&HUAWEI_STS);
    unauthorized(&clouds, without, "x-security-token not found").await;
    let wrong = request(&clouds, &HUAWEI_STS).with("X-Security-Token", "x").sign_sdk(&HUAWEI_STS);
    unauthorized(&clouds, wrong, "decrypt token fail").await;
    let needless = request(&clouds, &HUAWEI).with("X-Security-Token", "x").sign_sdk(&HUAWEI);
    unauthorized(&clouds, needless, "decrypt token fail").await;
    // A token does not save a bad signature.
    let both =
        request(&clouds, &HUAWEI).sign_sdk(&Account { secret_key: "x", ..HUAWEI }).with("X-Auth-Token", "t");
    unauthorized(&clouds, both, "verify aksk signature fail").await;
}

#[tokio::test]
async fn unknown_paths_and_methods_are_not_apis() {
    let clouds = Clouds::start().await;
    for (method, path) in [
        ("POST", "/v2/aad/instance"),
        ("PUT", "/v2/aad/instance/"),
        ("PUT", "/v2/aad"),
        ("GET", "/v2/x/cbs/instance/upgrade"),
        ("GET", "/"),
    ] {
        let request = clouds.sdk(&HUAWEI, method, path, "").sign_sdk(&HUAWEI);
        let answer = clouds.send(&request).await;
        assert_eq!(answer.refusal(), (404, "APIGW.0101".to_owned()), "{method} {path}");
    }
}

#[tokio::test]
async fn a_body_beyond_12_megabytes_is_refused() {
    let clouds = Clouds::start().await;
    let mut big = request(&clouds, &HUAWEI);
    big.set("content-length", &(12 * 1024 * 1024 + 1).to_string());
    big.body = vec![b' '; 12 * 1024 * 1024 + 1];
    let answer = clouds.send_bytes(&big.bytes()).await;
    assert!(answer.is_none_or(|answer| answer.status == 413));
    assert!(clouds.simulator.calls().is_empty());
}
