//! Huawei IAM between the server and the cloud: a token that is not taken any more, and an IAM that cannot help.

use crate::{
    cases::{self, AAD},
    fake_cloud::{Does, FakeCloud, answer, answer_with},
    support::{Console, ROOMY},
};
use serde_json::json;
use std::sync::{Arc, Mutex};

/// Where IAM makes tokens.
pub(crate) const LOGIN: &str = "POST /v3/auth/tokens ";

/// A configuration with the one profile `demo-huawei`, which logs in at an endpoint.
pub(crate) fn config(endpoint: &str, more: &str) -> String {
    format!(
        "{ROOMY}{more}[[profiles]]\nname = \"demo-huawei\"\ncloud = \"huawei\"\nmode = \"simulated\"\nregion = \"cn-north-4\"\n\
         project_id = \"0123456789abcdef0123456789abcdef\"\ndomain_id = \"fedcba9876543210fedcba9876543210\"\n\
         endpoint = \"{endpoint}\"\n\
         credentials = {{ source = \"iam_token\", user = \"WHO\", password = \"WORD\", domain = \"demo-domain\" }}\n"
    )
}

/// IAM's answer to a login.
pub(crate) fn logged_in(token: &str) -> Vec<u8> {
    let body = json!({"token": {"expires_at": "2999-01-01T00:00:00.000000Z"}});
    answer_with(201, &[("content-type", "application/json"), ("x-subject-token", token)], &body.to_string())
}

async fn console_at(cloud: &FakeCloud) -> Console {
    cloud.takes_reads();
    let variable = |name: &str| matches!(name, "WHO" | "WORD").then(|| "canary".to_owned());
    Console::with(&config(&format!("http://{}", cloud.address), ""), variable).await
}

/// A cloud that takes the token of the last login, until the test takes that back.
#[derive(Default)]
struct Gate {
    logins: usize,
    taken_back: bool,
    refuses_changes: bool,
}

impl Gate {
    fn answer(&mut self, request: &str) -> Vec<u8> {
        if request.starts_with(LOGIN) {
            self.logins += 1;
            self.taken_back = false;
            return logged_in(&format!("MIItoken{}", self.logins));
        }
        let shown = format!("x-auth-token: MIItoken{}\r\n", self.logins);
        let changes = request.starts_with("PUT ");
        if self.taken_back || !request.contains(&shown) || (changes && self.refuses_changes) {
            let body = json!({"error_code": "APIGW.0301", "error_msg": "decrypt token fail"});
            return answer(401, "application/json", &body.to_string());
        }
        answer(200, "application/json", &json!({"items": [], "request_id": "R-1"}).to_string())
    }
}

#[tokio::test]
async fn a_token_that_is_not_taken_any_more_is_replaced_and_a_change_is_not_sent_twice() {
    let gate = Arc::new(Mutex::new(Gate::default()));
    let there = Arc::clone(&gate);
    let cloud =
        FakeCloud::start(Does::Decides(Arc::new(move |request| there.lock().unwrap().answer(request)))).await;
    let console = console_at(&cloud).await;
    let logins = || gate.lock().unwrap().logins;
    let choices = json!({"profile": "demo-huawei", "field": "instance_id"});
    let path = format!("/api/operations/{AAD}/choices");
    console.post(&path, &choices).await.expect(200);
    assert_eq!(logins(), 1);
    // The cloud was started anew, say, and knows none of its tokens.
    gate.lock().unwrap().taken_back = true;
    console.post(&path, &choices).await.expect(200);
    assert_eq!(logins(), 2);
    console.post(&path, &choices).await.expect(200);
    assert_eq!(logins(), 2, "what is taken is kept");

    let changes = || cloud.requests().iter().filter(|request| request.starts_with("PUT ")).count();
    gate.lock().unwrap().refuses_changes = true;
    let run = console.upgrade(AAD, &cases::aad(1)).await;
    assert_eq!((run["state"].as_str(), run["failure"].as_str()), (Some("refused"), Some("credentials")));
    assert_eq!((changes(), logins()), (1, 2));
    gate.lock().unwrap().refuses_changes = false;
    let run = console.upgrade(AAD, &cases::aad(2)).await;
    assert_eq!(run["state"], "accepted", "{run}");
    assert_eq!((changes(), logins()), (2, 3));
}

#[tokio::test]
async fn a_read_that_is_never_believed_ends_after_one_more_login() {
    let logins = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&logins);
    let refusal = json!({"error_code": "APIGW.0307", "error_msg": "The token must be updated."}).to_string();
    let cloud = FakeCloud::start(Does::Decides(Arc::new(move |request| {
        if request.starts_with(LOGIN) {
            *counted.lock().unwrap() += 1;
            return logged_in("MIItoken");
        }
        answer(401, "application/json", &refusal)
    })))
    .await;
    let console = console_at(&cloud).await;
    let choices = json!({"profile": "demo-huawei", "field": "instance_id"});
    let reply = console.post(&format!("/api/operations/{AAD}/choices"), &choices).await.expect(502);
    assert!(reply.text.contains("APIGW.0307"), "{}", reply.text);
    assert_eq!((*logins.lock().unwrap(), cloud.requests().len()), (2, 4));
}

#[tokio::test]
async fn an_iam_that_cannot_help_is_not_told_as_wrong_credentials() {
    let cloud = FakeCloud::start(Does::Hangs).await;
    let console = console_at(&cloud).await;
    let choices = json!({"profile": "demo-huawei", "field": "instance_id"});
    for (number, (status, said, failure)) in [
        (503, "IAM failed (HTTP 503)", "unreachable"),
        (500, "IAM failed (HTTP 500)", "unreachable"),
        (429, "IAM asks to slow down", "throttled"),
        (401, "IAM refused the credentials", "credentials"),
        (403, "IAM refused the credentials", "credentials"),
        (400, "IAM refused the credentials", "credentials"),
    ]
    .into_iter()
    .enumerate()
    {
        cloud.turns_to(Does::AnswersAndCloses(answer(status, "application/json", "{}")));
        let reply = console.post(&format!("/api/operations/{AAD}/choices"), &choices).await.expect(502);
        assert!(reply.json()["detail"].as_str().unwrap().contains(said), "{status}: {}", reply.text);
        let run = console.upgrade(AAD, &cases::aad(u32::try_from(number).unwrap() + 1)).await;
        assert_eq!(
            (run["state"].as_str(), run["failure"].as_str()),
            (Some("not_sent"), Some(failure)),
            "{status}: {run}"
        );
        assert!(run["timeline"].to_string().contains(said), "{status}: {run}");
    }
    let chinese = http::Request::post(console.url(&format!("/api/operations/{AAD}/choices")))
        .header("content-type", "application/json")
        .header("x-upgrade-console", "1")
        .header("accept-language", "zh-CN");
    let reply = console.send(chinese, choices.to_string()).await.expect(502);
    assert!(reply.text.contains("IAM 拒绝了该账号配置的凭证"), "{}", reply.text);
}
