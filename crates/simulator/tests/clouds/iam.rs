//! IAM: tokens, projects, domains, and calls with a token.

use crate::common::{Clouds, Http, Response};
use serde_json::{Value, json};
use simulator::{HUAWEI, HUAWEI_DOMAIN_ID, HUAWEI_PROJECT_ID, IAM_USER};

fn credentials(password: &str, scope: &Value) -> Value {
    json!({"auth": {
        "identity": {"methods": ["password"], "password": {"user": {
            "name": IAM_USER.name, "password": password, "domain": {"name": IAM_USER.domain_name}}}},
        "scope": scope,
    }})
}

async fn login(clouds: &Clouds, body: &Value) -> Response {
    let mut request = Http::new("POST", "/v3/auth/tokens")
        .with("Host", &clouds.address.to_string())
        .with("Content-Type", "application/json;charset=utf8");
    request.body = body.to_string().into_bytes();
    clouds.send(&request).await
}

async fn with_token(clouds: &Clouds, token: &str, method: &str, target: &str, body: &Value) -> Response {
    let mut request = Http::new(method, target)
        .with("Host", &clouds.address.to_string())
        .with("Content-Type", "application/json")
        .with("X-Auth-Token", token);
    if !body.is_null() {
        request.body = body.to_string().into_bytes();
    }
    clouds.send(&request).await
}

#[tokio::test]
async fn a_project_token_opens_its_project() {
    let clouds = Clouds::start().await;
    let answer =
        login(&clouds, &credentials(IAM_USER.password, &json!({"project": {"name": "cn-north-4"}}))).await;
    assert_eq!(answer.status, 201);
    let token = answer.header("x-subject-token").unwrap().to_owned();
    let body = answer.json();
    assert_eq!(body["token"]["project"]["id"], HUAWEI_PROJECT_ID);
    assert_eq!(body["token"]["user"]["domain"]["id"], HUAWEI_DOMAIN_ID);
    assert_eq!(body["token"]["expires_at"], "2024-01-03T03:04:05.000000Z");
    assert!(!answer.body.contains(&token));

    let time = clouds.simulator.now().as_millisecond() + 25 * 3_600_000;
    let upgrade = json!({"server_id": "c7277d87-5a0d-4cfc-a418-97acb567cf29", "upgrade_time": time});
    let path = format!("/v2/{HUAWEI_PROJECT_ID}/cbs/instance/upgrade");
    let answer = with_token(&clouds, &token, "POST", &path, &upgrade).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, ""));
    assert_eq!(clouds.simulator.calls().last().unwrap().caller.as_deref(), Some("demo-user"));
    let data =
        json!({"instance_id": "2b5ce2a4-0000-4000-8000-000000000001", "upgrade_data": {"basic_qps": 4000}});
    assert_eq!(with_token(&clouds, &token, "PUT", "/v2/aad/instance", &data).await.status, 200);

    // Another project, or the whole account: not this bastion host.
    for scope in [json!({"project": {"name": "ap-southeast-1"}}), json!({"domain": {"id": HUAWEI_DOMAIN_ID}})]
    {
        let answer = login(&clouds, &credentials(IAM_USER.password, &scope)).await;
        let token = answer.header("x-subject-token").unwrap();
        let answer = with_token(&clouds, token, "POST", &path, &upgrade).await;
        assert_eq!(answer.refusal(), (401, "CBH.10020100".to_owned()));
    }
}

#[tokio::test]
async fn tokens_expire_on_real_time() {
    let clouds = Clouds::start().await;
    let answer =
        login(&clouds, &credentials(IAM_USER.password, &json!({"domain": {"name": "demo-domain"}}))).await;
    let token = answer.header("x-subject-token").unwrap().to_owned();
    clouds.simulator.advance(10 * 86_400).unwrap();
    clouds.simulator.reset();
    assert_eq!(with_token(&clouds, &token, "GET", "/v3/projects", &Value::Null).await.status, 200);
    clouds.pass(24 * 3600);
    let answer = with_token(&clouds, &token, "GET", "/v3/projects", &Value::Null).await;
    assert_eq!(answer.refusal(), (401, "APIGW.0301".to_owned()));
    assert_eq!(
        answer.json()["error_msg"],
        "Incorrect IAM authentication information: token expires, expires_at:2024-01-03T03:04:05.000000Z"
    );
}

#[tokio::test]
async fn wrong_logins_are_refused() {
    let clouds = Clouds::start().await;
    let scope = json!({"project": {"name": "cn-north-4"}});
    let answer = login(&clouds, &credentials("wrong", &scope)).await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.json(),
        json!({"error": {"code": 401, "message": "The username or password is wrong.", "title": "Unauthorized"}})
    );
    assert_eq!(answer.header("x-subject-token"), None);
    for body in [json!({}), json!({"auth": {"identity": {"methods": ["token"]}}}), json!([])] {
        assert_eq!(login(&clouds, &body).await.status, 400);
    }
    let answer = login(&clouds, &credentials(IAM_USER.password, &json!({"project": {"name": "mars"}}))).await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn projects_and_domains_are_listed_to_signed_calls() {
    let clouds = Clouds::start().await;
    let get = async |target: &str| {
        let request = clouds.sdk(&HUAWEI, "GET", target, "").sign_sdk(&HUAWEI);
        clouds.send(&request).await.json()
    };
    let projects = get("/v3/projects?name=cn-north-4").await;
    assert_eq!(projects["projects"].as_array().unwrap().len(), 1);
    assert_eq!(projects["projects"][0]["id"], HUAWEI_PROJECT_ID);
    assert_eq!(projects["projects"][0]["domain_id"], HUAWEI_DOMAIN_ID);
    assert_eq!(get("/v3/projects?name=mars").await["projects"], json!([]));
    assert_eq!(get("/v3/projects").await["projects"].as_array().unwrap().len(), 2);
    assert_eq!(get("/v3/auth/projects").await["projects"].as_array().unwrap().len(), 2);
    assert_eq!(get("/v3/auth/domains").await["domains"][0]["id"], HUAWEI_DOMAIN_ID);
    assert!(clouds.simulator.calls().iter().all(|call| !call.changing));
}
