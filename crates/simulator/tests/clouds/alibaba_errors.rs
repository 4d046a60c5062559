//! What the Alibaba gateway refuses, and in which words.

use crate::common::{BSS, COMPUTE_NEST, Clouds, Http, KAFKA, Response};
use simulator::{ALIBABA, ALIBABA_STS, Account};

const KAFKA_CALL: [(&str, &str); 3] = [
    ("InstanceId", "alikafka_post-cn-v0h1fgs20001"),
    ("RegionId", "cn-hangzhou"),
    ("TargetVersion", "2.2.0"),
];

fn kafka(clouds: &Clouds, account: &Account) -> Http {
    clouds.acs3(account, KAFKA, "UpgradeInstanceVersion", &KAFKA_CALL)
}

async fn refused(clouds: &Clouds, request: Http, status: u16, code: &str) -> Response {
    let applied = |clouds: &Clouds| clouds.simulator.calls().iter().filter(|call| call.applied).count();
    let before = applied(clouds);
    let answer = clouds.send(&request).await;
    assert_eq!(answer.refusal(), (status, code.to_owned()), "{}", answer.body);
    assert_eq!(applied(clouds), before);
    answer
}

#[tokio::test]
async fn errors_have_the_shape_and_headers_of_the_cloud() {
    let clouds = Clouds::start().await;
    let stranger = Account { access_key: "nobody", ..ALIBABA };
    let request =
        kafka(&clouds, &stranger).with("host", "alikafka.cn-hangzhou.aliyuncs.com").sign_acs3(&stranger);
    let answer = refused(&clouds, request, 404, "InvalidAccessKeyId.NotFound").await;
    let body = answer.json();
    let request_id = body["RequestId"].as_str().unwrap();
    assert_eq!(body["Message"], "Specified access key is not found.");
    assert_eq!(body["HostId"], "alikafka.cn-hangzhou.aliyuncs.com");
    assert_eq!(
        body["Recommend"],
        format!(
            "https://api.aliyun.com/troubleshoot?q=InvalidAccessKeyId.NotFound&product=alikafka&requestId={request_id}"
        )
    );
    assert_eq!(body.as_object().unwrap().len(), 5);
    assert_eq!(request_id.len(), 36);
    assert_eq!(request_id, request_id.to_ascii_uppercase());
    assert_eq!(answer.header("x-acs-request-id"), Some(request_id));
    assert!(answer.header("x-acs-trace-id").is_some_and(|id| id.len() == 32));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("content-type"), Some("application/json;charset=utf-8"));
}

#[tokio::test]
async fn a_wrong_signature_is_answered_with_what_the_server_made_of_the_request() {
    let clouds = Clouds::start().await;
    let wrong = Account { secret_key: "another", ..ALIBABA };
    let answer =
        refused(&clouds, kafka(&clouds, &wrong).sign_acs3(&wrong), 400, "SignatureDoesNotMatch").await;
    let message = answer.json()["Message"].as_str().unwrap().to_owned();
    assert!(message.starts_with(
        "Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n"
    ));
    assert!(
        message.contains("server CanonicalRequest is [POST\n/\nInstanceId=alikafka_post-cn-v0h1fgs20001&")
    );

    let parameters = clouds.v1(&wrong, KAFKA, "UpgradeInstanceVersion", &KAFKA_CALL);
    let request = Http::v1_query(clouds.address, &wrong, parameters).with("accept", "application/json");
    let answer = refused(&clouds, request, 400, "SignatureDoesNotMatch").await;
    assert!(answer.json()["Message"].as_str().unwrap().starts_with(
        "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&AccessKeyId%3DfakeAliAccessKey0001%26Action"
    ));
}

#[tokio::test]
async fn a_security_token_is_never_repeated_in_an_error() {
    let clouds = Clouds::start().await;
    let wrong = Account { secret_key: "another", ..ALIBABA_STS };
    let answer =
        refused(&clouds, kafka(&clouds, &wrong).sign_acs3(&wrong), 400, "SignatureDoesNotMatch").await;
    assert!(answer.body.contains("x-acs-security-token:***") && !answer.body.contains("fakeStsToken"));
    let parameters = clouds.v1(&wrong, KAFKA, "UpgradeInstanceVersion", &KAFKA_CALL);
    let request = Http::v1_query(clouds.address, &wrong, parameters).with("accept", "application/json");
    let answer = refused(&clouds, request, 400, "SignatureDoesNotMatch").await;
    assert!(answer.body.contains("SecurityToken%3D***%26Signature") && !answer.body.contains("fakeStsToken"));
}

#[tokio::test]
async fn dates_are_checked_against_real_time() {
    let clouds = Clouds::start().await;
    clouds.simulator.advance(30 * 86_400).unwrap();
    for (seconds, fits) in [(-901, false), (-900, true), (900, true), (901, false)] {
        let date = jiff::Timestamp::from_second(clouds.real().as_second() + seconds).unwrap().to_string();
        let request = kafka(&clouds, &ALIBABA).with("x-acs-date", &date).sign_acs3(&ALIBABA);
        let answer = clouds.send(&request).await;
        let expired = answer.json()["Code"] == "InvalidTimeStamp.Expired";
        assert_eq!(expired, !fits, "{seconds}: {}", answer.body);
    }
    for date in
        ["2024-01-02 03:04:05", "2024-01-02T03:04:05+00:00", "20240102T030405Z", "2024-01-02T03:04:05.5Z"]
    {
        let request = kafka(&clouds, &ALIBABA).with("x-acs-date", date).sign_acs3(&ALIBABA);
        refused(&clouds, request, 400, "InvalidTimeStamp.Format").await;
    }
}

#[tokio::test]
async fn a_nonce_works_once_even_with_a_new_signature() {
    let clouds = Clouds::start().await;
    let first = kafka(&clouds, &ALIBABA).with("x-acs-signature-nonce", "n1").sign_acs3(&ALIBABA);
    assert_eq!(clouds.send(&first).await.status, 200);
    refused(&clouds, first.clone(), 400, "SignatureNonceUsed").await;
    // Used from the future, it is remembered until its date has left the window.
    let future = jiff::Timestamp::from_second(clouds.real().as_second() + 800).unwrap().to_string();
    let ahead = kafka(&clouds, &ALIBABA)
        .with("x-acs-signature-nonce", "n2")
        .with("x-acs-date", &future)
        .sign_acs3(&ALIBABA);
    clouds.send(&ahead).await;
    clouds.pass(901);
    refused(&clouds, ahead.clone(), 400, "SignatureNonceUsed").await;
    clouds.simulator.reset();
    refused(&clouds, ahead, 400, "SignatureNonceUsed").await;
    refused(&clouds, first, 400, "InvalidTimeStamp.Expired").await;
    // The other key has nonces of its own, and a refused request does not use one up.
    let sts = kafka(&clouds, &ALIBABA_STS).with("x-acs-signature-nonce", "n2").sign_acs3(&ALIBABA_STS);
    let wrong = Account { secret_key: "another", ..ALIBABA_STS };
    let forged = kafka(&clouds, &wrong).with("x-acs-signature-nonce", "n2").sign_acs3(&wrong);
    refused(&clouds, forged, 400, "SignatureDoesNotMatch").await;
    assert_eq!(clouds.send(&sts).await.status, 200);
}

#[tokio::test]
async fn missing_and_unsigned_parts_are_refused() {
    let clouds = Clouds::start().await;
    for (header, code) in [
        ("x-acs-action", "MissingAction"),
        ("x-acs-version", "MissingVersion"),
        ("x-acs-date", "MissingTimestamp"),
        ("x-acs-signature-nonce", "MissingSignatureNonce"),
        ("x-acs-content-sha256", "IncompleteSignature"),
    ] {
        let request = kafka(&clouds, &ALIBABA).without(header).sign_acs3(&ALIBABA);
        refused(&clouds, request, 400, code).await;
        // Signed, then taken away: the same.
        let request = kafka(&clouds, &ALIBABA).sign_acs3(&ALIBABA).without(header);
        refused(&clouds, request, 400, code).await;
    }
    refused(&clouds, kafka(&clouds, &ALIBABA), 400, "MissingAccessKeyId").await;
    let request = kafka(&clouds, &ALIBABA).with("Authorization", "ACS3-HMAC-SHA256 Credential=x");
    refused(&clouds, request, 400, "IncompleteSignature").await;
    // Added after signing: a header that has to be signed and is not.
    for (name, value) in [("x-acs-extra", "1"), ("content-type", "application/json")] {
        let request = kafka(&clouds, &ALIBABA).sign_acs3(&ALIBABA).with(name, value);
        refused(&clouds, request, 400, "IncompleteSignature").await;
    }
    let mut request = kafka(&clouds, &ALIBABA).sign_acs3(&ALIBABA);
    request.body = b"more".to_vec();
    let answer = refused(&clouds, request, 400, "SignatureDoesNotMatch").await;
    assert!(answer.body.contains("server x-acs-content-sha256 is"));
}

#[tokio::test]
async fn rpc_v1_parts_are_needed_one_by_one() {
    let clouds = Clouds::start().await;
    let send = async |drop: &str, edit: Option<(&str, &str)>| {
        let mut all = clouds.v1(&ALIBABA, KAFKA, "UpgradeInstanceVersion", &KAFKA_CALL);
        all.retain(|(name, _)| name != drop);
        all.extend(edit.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let request = Http::v1_query(clouds.address, &ALIBABA, all).with("accept", "application/json");
        clouds.send(&request).await.refusal()
    };
    for name in [
        "Action",
        "Version",
        "AccessKeyId",
        "Timestamp",
        "SignatureNonce",
        "SignatureMethod",
        "SignatureVersion",
    ] {
        assert_eq!(send(name, None).await, (400, format!("Missing{name}")));
    }
    assert_eq!(
        send("SignatureMethod", Some(("SignatureMethod", "HMAC-MD5"))).await,
        (400, "InvalidSignatureMethod".to_owned())
    );
    assert_eq!(send("", Some(("RegionId", "cn-beijing"))).await, (400, "InvalidRegionId".to_owned()));
    let all = clouds.v1(&ALIBABA, KAFKA, "UpgradeInstanceVersion", &KAFKA_CALL);
    let mut request = Http::v1_query(clouds.address, &ALIBABA, all).with("accept", "application/json");
    request.target = request.target.split("&Signature=").next().unwrap().to_owned();
    assert_eq!(clouds.send(&request).await.refusal(), (400, "MissingSignature".to_owned()));
}

#[tokio::test]
async fn temporary_keys_need_their_token() {
    let clouds = Clouds::start().await;
    let header = "x-acs-security-token";
    let request = kafka(&clouds, &ALIBABA_STS).without(header).sign_acs3(&ALIBABA_STS);
    refused(&clouds, request, 400, "MissingSecurityToken").await;
    let request = kafka(&clouds, &ALIBABA_STS).with(header, "other").sign_acs3(&ALIBABA_STS);
    refused(&clouds, request, 400, "InvalidSecurityToken.MismatchWithAccessKey").await;
    let request =
        kafka(&clouds, &ALIBABA_STS).with(header, simulator::EXPIRED_STS_TOKEN).sign_acs3(&ALIBABA_STS);
    let answer = refused(&clouds, request, 400, "InvalidParameter").await;
    assert_eq!(answer.json()["Message"], "The specified parameter \"SecurityToken.Expired\" is not valid.");
    let request = kafka(&clouds, &ALIBABA).with(header, "other").sign_acs3(&ALIBABA);
    refused(&clouds, request, 400, "InvalidSecurityToken.MismatchWithAccessKey").await;
    let request = kafka(&clouds, &ALIBABA_STS).sign_acs3(&ALIBABA_STS);
    assert_eq!(clouds.send(&request).await.status, 200);
}

#[tokio::test]
async fn wrong_methods_apis_and_paths_are_refused() {
    let clouds = Clouds::start().await;
    let mut request = kafka(&clouds, &ALIBABA);
    request.method = "GET".to_owned();
    refused(&clouds, request.sign_acs3(&ALIBABA), 403, "UnsupportedHTTPMethod").await;
    for (version, action) in [
        (KAFKA, "upgradeInstanceVersion"),
        ("2019-09-17", "UpgradeInstanceVersion"),
        (BSS, "UpgradeInstanceVersion"),
    ] {
        let request = clouds.acs3(&ALIBABA, version, action, &KAFKA_CALL).sign_acs3(&ALIBABA);
        let answer = refused(&clouds, request, 404, "InvalidApi.NotFound").await;
        assert_eq!(answer.json()["Message"], "Specified api is not found, please check your url and method.");
    }
    let mut request = kafka(&clouds, &ALIBABA);
    request.target = format!("/v1{}", request.target);
    refused(&clouds, request.sign_acs3(&ALIBABA), 404, "InvalidApi.NotFound").await;
    // Compute Nest allows GET.
    let query = [("ServiceInstanceId", "si-5cbae874da0e47000001"), ("ServiceVersion", "2")];
    let mut request = clouds.acs3(&ALIBABA, COMPUTE_NEST, "UpgradeServiceInstance", &query);
    request.method = "GET".to_owned();
    assert_eq!(clouds.send(&request.sign_acs3(&ALIBABA)).await.status, 200);
}

#[tokio::test]
async fn required_parameters_are_named() {
    let clouds = Clouds::start().await;
    for (version, action, names) in [
        (KAFKA, "UpgradeInstanceVersion", &["InstanceId", "RegionId", "TargetVersion"][..]),
        (BSS, "RenewChangeInstance", &["ProductCode", "InstanceId", "RenewPeriod"][..]),
        (COMPUTE_NEST, "UpgradeServiceInstance", &["ServiceInstanceId", "ServiceVersion"][..]),
    ] {
        for missing in names {
            clouds.pass(1);
            let query: Vec<(&str, &str)> =
                names.iter().filter(|name| *name != missing).map(|name| (*name, "x")).collect();
            let answer = clouds.rpc(version, action, &query).await;
            assert_eq!(answer.refusal(), (400, format!("Missing{missing}")));
            assert_eq!(answer.json()["Message"], format!("{missing} is mandatory for this action."));
        }
    }
}

#[tokio::test]
async fn answers_come_in_the_format_that_was_asked_for() {
    let clouds = Clouds::start().await;
    let unknown = [("InstanceId", "none<&>"), ("RegionId", "cn-hangzhou"), ("TargetVersion", "2.2.0")];
    let send = async |format: Option<&str>, accept: Option<&str>| {
        clouds.pass(1);
        let mut all = clouds.v1(&ALIBABA, KAFKA, "UpgradeInstanceVersion", &unknown);
        all.extend(format.map(|format| ("Format".to_owned(), format.to_owned())));
        let mut request = Http::v1_query(clouds.address, &ALIBABA, all);
        if let Some(accept) = accept {
            request.set("accept", accept);
        }
        clouds.send(&request).await
    };
    for (format, accept, json) in [
        (None, None, false),
        (None, Some("*/*"), false),
        (None, Some("text/html, application/json;q=0.9"), true),
        (Some("json"), None, true),
        (Some("JSON"), None, true),
        (Some("XML"), Some("application/json"), false),
    ] {
        let answer = send(format, accept).await;
        assert_eq!(answer.status, 400);
        if json {
            assert_eq!(answer.json()["Code"], "BIZ.INSTANCE.NOT.FOUND");
        } else {
            assert_eq!(answer.header("content-type"), Some("text/xml;charset=utf-8"));
            assert!(answer.body.starts_with("<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>"));
            assert!(
                answer.body.contains("<Code>BIZ.INSTANCE.NOT.FOUND</Code>")
                    && answer.body.contains("none&lt;&amp;&gt;")
            );
        }
    }
}

#[tokio::test]
async fn signed_values_of_every_kind_survive_the_way() {
    let clouds = Clouds::start().await;
    for value in ["a b", "a+b", "100%", "~*'()", "x=1&y=2", "升级🚀", "\u{202e}\u{feff}", "%2F/\\\"", ""]
    {
        let query = [("ServiceInstanceId", "si-none"), ("ServiceVersion", "2"), ("Note", value)];
        let answer = clouds.rpc(COMPUTE_NEST, "UpgradeServiceInstance", &query).await;
        assert_eq!(answer.refusal(), (400, "EntityNotExist.ServiceInstance".to_owned()), "{value:?}");
        for form in [false, true] {
            let mut all = clouds.v1(&ALIBABA, COMPUTE_NEST, "UpgradeServiceInstance", &query);
            all.push(("Format".to_owned(), "JSON".to_owned()));
            let request = if form {
                Http::v1_form(clouds.address, &ALIBABA, all)
            } else {
                Http::v1_query(clouds.address, &ALIBABA, all)
            };
            let answer = clouds.send(&request).await;
            assert_eq!(answer.refusal(), (400, "EntityNotExist.ServiceInstance".to_owned()), "{value:?}");
        }
    }
    // A broken escape is refused, whatever was signed.
    let mut request = kafka(&clouds, &ALIBABA);
    request.target.push_str("&x=1");
    let request =
        Http { target: request.target.clone().replace("x=1", "x=%zz"), ..request.sign_acs3(&ALIBABA) };
    refused(&clouds, request, 400, "InvalidParameter").await;
}
