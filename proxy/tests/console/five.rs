//! The five operations on the built-in clouds: from parameters to the answer, in every way a run can end.

use crate::{
    cases::{self, AAD, BSS, CBH, KAFKA, NEST, good, with},
    fake_cloud::{Does, FakeCloud, answer},
    raw,
    support::{Console, IMPATIENT, ROOMY},
};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt, net::TcpStream};

fn states(run: &Value) -> Vec<&str> {
    run["timeline"].as_array().unwrap().iter().map(|event| event["state"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn each_of_the_five_is_accepted() {
    for (operation, parameters) in good() {
        let console = Console::demo().await;
        let plan = console.plan(operation, &parameters).await;
        let run = console.confirm(&plan, &json!({})).await.expect(201).json();
        assert_eq!((&run["plan"], &run["payload_hash"]), (&plan["id"], &plan["payload_hash"]));
        let run = console.answered(&run).await;
        // What comes then is the product's: its own tests follow it.
        assert_eq!(states(&run)[..3], ["confirmed", "sent", "accepted"], "{operation}: {run}");
        assert_eq!(run["failure"], Value::Null, "{operation}");
        assert_eq!(
            (run["mode"].as_str(), run["user"].as_str()),
            (Some("simulated"), Some("local")),
            "{operation}"
        );

        let answer = &run["answer"];
        assert_eq!(answer["status"], 200, "{operation}");
        assert!(answer["request_id"].as_str().is_some_and(|id| id.len() >= 32), "{operation}: {answer}");
        let ordered = operation == BSS || operation == AAD;
        assert_eq!(answer["order_id"].as_str().is_some_and(|id| !id.is_empty()), ordered, "{operation}");
        if operation == CBH {
            assert_eq!(answer["body"], "");
        } else {
            assert!(
                serde_json::from_str::<Value>(answer["body"].as_str().unwrap()).is_ok(),
                "{operation}: {answer}"
            );
        }

        let calls: Vec<_> = console.calls().into_iter().filter(|call| call.changing).collect();
        assert_eq!(calls.len(), 1, "{operation}");
        assert_eq!((calls[0].operation.as_deref(), calls[0].applied), (Some(operation), true));
        assert_eq!(calls[0].request_id.as_deref(), answer["request_id"].as_str(), "{operation}");
        let id = plan["id"].as_str().unwrap();
        assert_eq!(console.get(&format!("/api/plans/{id}")).await.json()["run"], run["id"]);
    }
}

#[tokio::test]
async fn a_dry_run_plan_of_compute_nest_succeeds_and_changes_nothing() {
    let console = Console::demo().await;
    let plan = console.plan(NEST, &with(cases::nest(1), &json!({"DryRun": "true"}))).await;
    assert_eq!(
        plan["needs"],
        json!({"instance_id": false, "accept_unknown_cost": false, "reason": false, "approvals": 0})
    );
    // Nothing has to be confirmed but the hash.
    let run = console
        .post(&crate::support::runs_of(&plan), &json!({"payload_hash": plan["payload_hash"]}))
        .await
        .expect(201)
        .json();
    let run = console.settled(&run).await;
    assert_eq!(run["state"], "succeeded", "{run}");
    assert!(
        run["timeline"][2]["detail"].as_str().unwrap().contains("Nothing was changed"),
        "{}",
        run["timeline"]
    );
    assert_eq!(console.changing_calls(), 0);
}

/// Operation, parameters, HTTP status, code, a word of the meaning that the catalogue gives.
type Refused = (&'static str, Value, u16, &'static str, &'static str);

#[tokio::test]
async fn what_a_cloud_refuses_is_a_refused_run_with_the_clouds_reason() {
    let target = |version: &str| json!({"TargetVersion": version});
    let specification = |data: Value| json!({"upgrade_data": data});
    let refused: Vec<Refused> = vec![
        (NEST, cases::nest(2), 400, "MissingParameter", "missing"),
        (NEST, cases::nest(8), 400, "EntityNotExist.ServiceInstance", "no such service instance"),
        (BSS, cases::bss(2), 400, "ResourceNotExists", "no such instance"),
        (BSS, cases::bss(77), 400, "ResourceNotExists", "no such instance"),
        (BSS, cases::bss(4), 400, "ORDER.ACCOUNT_STATUS_ILLEGAL", "profile of the account"),
        (BSS, cases::bss(6), 200, "InvalidConfigCode", "no property"),
        (
            BSS,
            with(cases::bss(9), &json!({"Parameter": [{"Code": "X", "Value": "1"}]})),
            400,
            "InvalidModuleCode",
            "no module",
        ),
        (
            BSS,
            with(
                cases::bss(3),
                &json!({"InstanceId": "vipcloudfw-intl-7mz2k0t9003", "ProductType": "cfw_pre_intl"}),
            ),
            400,
            "NotApplicable",
            "other site",
        ),
        (KAFKA, cases::kafka(3), 400, "ONS_INIT_ENV_ERROR", "No need to update"),
        (KAFKA, cases::kafka(4), 400, "INVALID_PARAMETER", "not valid"),
        (KAFKA, with(cases::kafka(1), &target("1.1.1")), 400, "INVALID_PARAMETER", "not valid"),
        (KAFKA, cases::kafka(5), 400, "Instance.StatusNotRunning", "not running"),
        (KAFKA, cases::kafka(7), 400, "BIZ_INSTANCE_STATUS_ERROR", "state"),
        (KAFKA, cases::kafka(8), 400, "AUTH_RESOURCE_OWNER_ERROR", "another account"),
        (KAFKA, cases::kafka(9), 400, "Instance.Change.NotAllowed", "does not allow changes"),
        (KAFKA, cases::kafka(10), 400, "Instance.UpgradeService.version", "could not be started"),
        (KAFKA, cases::kafka(11), 400, "BIZ.INSTANCE.STATUS.ERROR", "state"),
        (KAFKA, cases::kafka(12), 400, "BIZ.INSTANCE.NOT.FOUND", "no such instance"),
        (CBH, cases::cbh(3), 403, "CBH.10027011", ""),
        (CBH, cases::cbh(4), 403, "CBH.10027011", ""),
        (CBH, cases::cbh(5), 400, "CBH.10027011", "state"),
        (CBH, cases::cbh(6), 400, "CBH.10027011", "state"),
        (CBH, cases::cbh(7), 400, "CBH.10027011", "state"),
        (CBH, cases::cbh(10), 400, "CBH.10027011", "state"),
        (CBH, cases::cbh(99), 404, "CBH.10027007", "no such bastion host"),
        (CBH, with(cases::cbh(29), &json!({"cancel": true})), 400, "CBH.10027011", "state"),
        (AAD, cases::aad(4), 400, "Anti-DDoS.10000010", "frozen"),
        (AAD, cases::aad(8), 400, "Anti-DDoS.10000009", "restricted"),
        (AAD, cases::aad(9), 400, "Anti-DDoS.10000030", "real-name"),
        (AAD, cases::aad(10), 400, "Anti-DDoS.10000001", "not possible"),
        (AAD, cases::aad(99), 400, "Anti-DDoS.10000001", "not possible"),
        (
            AAD,
            with(cases::aad(1), &specification(json!({"service_bandwidth": 1}))),
            400,
            "Anti-DDoS.10000001",
            "",
        ),
        (AAD, with(cases::aad(1), &specification(json!({"port_num": 60}))), 400, "Anti-DDoS.10000001", ""),
        (AAD, with(cases::aad(7), &specification(json!({"basic_qps": 4000}))), 400, "Anti-DDoS.10000001", ""),
        (
            AAD,
            with(cases::aad(3), &specification(json!({"basic_bandwidth": "20"}))),
            400,
            "Anti-DDoS.10000001",
            "",
        ),
    ];
    let shared = Console::demo().await;
    let mut runs = Vec::new();
    for case in refused {
        // Kafka takes two calls a second, so each of its cases has a console of its own.
        let own = if case.0 == KAFKA { Some(Console::demo().await) } else { None };
        let console = own.as_ref().unwrap_or(&shared);
        // What a list shows to be impossible is not planned: the cloud refuses it only when no list was had.
        console.scenario("lists_fail").await;
        let before = console.changing_calls();
        let run = console.upgrade(case.0, &case.1).await;
        assert_eq!(console.changing_calls(), before + 1);
        runs.push((case, run));
    }
    for ((operation, parameters, status, code, meaning), run) in runs {
        let answer = &run["answer"];
        let what = format!("{operation} {parameters}: {run}");
        assert_eq!(
            (run["state"].as_str(), run["failure"].as_str()),
            (Some("refused"), Some("refused")),
            "{what}"
        );
        assert_eq!(
            (answer["status"].as_u64(), answer["code"].as_str()),
            (Some(status.into()), Some(code)),
            "{what}"
        );
        assert!(answer["message"].as_str().is_some_and(|message| !message.is_empty()), "{what}");
        assert!(
            answer["meaning"].as_str().is_none_or(|words| words.contains(meaning))
                && (meaning.is_empty() || answer["meaning"].is_string()),
            "{what}"
        );
        // The vendor links to its diagnosis with every refusal of its gateway, but not in a 200.
        let linked = operation != CBH && operation != AAD && status != 200;
        let link = answer["recommend"].as_str();
        assert_eq!(
            link.is_some_and(|link| link.starts_with("https://api.aliyun.com/troubleshoot?q=")),
            linked,
            "{what}"
        );
        assert_eq!(states(&run), ["confirmed", "sent", "refused"], "{what}");
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_measured_and_the_call_is_not_made_again() {
    let console = Console::demo().await;
    // On the clouds' own clock all is well, however far it was moved.
    console.advance(3 * 24 * 3600).await;
    console.scenario("signature_refused").await;
    let run = console.upgrade(KAFKA, &cases::kafka(1)).await;
    assert!(!run["answer"]["meaning"].as_str().unwrap().contains("clock"), "{run}");
    console.scenario("clock_skew").await;
    for (operation, parameters) in [(KAFKA, cases::kafka(1)), (AAD, cases::aad(1))] {
        let run = console.upgrade(operation, &parameters).await;
        let meaning = run["answer"]["meaning"].as_str().unwrap();
        let minutes = ["19", "20"].map(|minutes| format!("clock is {minutes} minutes behind the cloud's"));
        assert!(minutes.iter().any(|words| meaning.contains(words)), "{meaning}");
        assert_eq!(run["failure"], "credentials");
    }
    assert_eq!(console.changing_calls(), 3);
}

#[tokio::test]
async fn scenarios_end_in_the_state_that_is_true() {
    // Scenario, state, failure, whether an answer is kept.
    let table = [
        ("cut", "unknown", "cut", false),
        ("hang", "unknown", "timeout", false),
        ("error_5xx", "unknown", "server_error", true),
        ("internal_error", "unknown", "server_error", true),
        ("unreadable", "unknown", "unreadable", true),
        ("throttled", "refused", "throttled", true),
        ("signature_refused", "refused", "credentials", true),
        ("clock_skew", "refused", "credentials", true),
        ("ak_not_found", "refused", "credentials", true),
        ("credentials_expired", "refused", "credentials", true),
        ("service_token", "refused", "credentials", true),
        ("no_permission", "refused", "refused", true),
        ("ram_forbidden", "refused", "refused", true),
    ];
    for (scenario, state, failure, answered) in table {
        let limits = if scenario == "hang" { IMPATIENT } else { "" };
        let console = Console::with(&format!("{ROOMY}{limits}"), |_| None).await;
        console.scenario(scenario).await;
        futures_util::future::join_all(good().map(|(operation, parameters)| {
            let console = &console;
            async move {
                if scenario == "service_token" && operation != CBH && operation != AAD {
                    return;
                }
                let run = console.upgrade(operation, &parameters).await;
                let what = format!("{scenario} {operation}: {run}");
                let how = (run["state"].as_str(), run["failure"].as_str());
                assert_eq!(how, (Some(state), Some(failure)), "{what}");
                assert_eq!(run["answer"].is_object(), answered, "{what}");
                assert_eq!(states(&run), ["confirmed", "sent", state], "{what}");
            }
        }))
        .await;
        assert_eq!(console.changing_calls(), if scenario == "service_token" { 2 } else { 5 });
    }
}

/// Profiles with keys from variables of the test.
fn keyed(more: &str) -> String {
    format!(
        "{ROOMY}\
         [[profiles]]\nname = \"demo-alibaba\"\ncloud = \"alibaba\"\nmode = \"simulated\"\nregion = \"cn-hangzhou\"\n\
         credentials = {{ source = \"env\" }}\n\
         [[profiles]]\nname = \"demo-huawei\"\ncloud = \"huawei\"\nmode = \"simulated\"\nregion = \"cn-north-4\"\n\
         credentials = {{ source = \"env\" }}\n{more}"
    )
}

const SCOPE: &str =
    "project_id = \"0123456789abcdef0123456789abcdef\"\ndomain_id = \"fedcba9876543210fedcba9876543210\"\n";

#[tokio::test]
async fn a_wrong_secret_is_refused_as_credentials() {
    let wrong = |name: &str| {
        let value = match name {
            "ALIBABA_CLOUD_ACCESS_KEY_ID" => simulator::ALIBABA.access_key,
            "CLOUD_SDK_AK" => simulator::HUAWEI.access_key,
            "ALIBABA_CLOUD_ACCESS_KEY_SECRET" | "CLOUD_SDK_SK" => "not-the-secret",
            _ => return None,
        };
        Some(value.to_owned())
    };
    let console = Console::with(&keyed(SCOPE), wrong).await;
    for (operation, parameters) in good() {
        let run = console.upgrade(operation, &parameters).await;
        assert_eq!(
            (run["state"].as_str(), run["failure"].as_str()),
            (Some("refused"), Some("credentials")),
            "{run}"
        );
        let code = if operation == CBH || operation == AAD { "APIGW.0301" } else { "SignatureDoesNotMatch" };
        assert_eq!(run["answer"]["code"], code);
        assert!(!run.to_string().contains("not-the-secret"));
    }
    // Where a project or domain has to be looked up first, IAM refuses and the call itself is never sent.
    let console = Console::with(&keyed(""), wrong).await;
    for (operation, parameters) in good().into_iter().skip(3) {
        let run = console.upgrade(operation, &parameters).await;
        assert_eq!(
            (run["state"].as_str(), run["failure"].as_str()),
            (Some("not_sent"), Some("credentials")),
            "{run}"
        );
    }
    assert_eq!(console.changing_calls(), 0);
}

#[tokio::test]
async fn temporary_keys_with_their_token_work_and_without_it_do_not() {
    let sts = |with_token: bool| {
        move |name: &str| {
            let value = match name {
                "ALIBABA_CLOUD_ACCESS_KEY_ID" => simulator::ALIBABA_STS.access_key,
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET" => simulator::ALIBABA_STS.secret_key,
                "ALIBABA_CLOUD_SECURITY_TOKEN" if with_token => simulator::ALIBABA_STS.security_token?,
                "CLOUD_SDK_AK" => simulator::HUAWEI_STS.access_key,
                "CLOUD_SDK_SK" => simulator::HUAWEI_STS.secret_key,
                "CLOUD_SDK_SECURITY_TOKEN" if with_token => simulator::HUAWEI_STS.security_token?,
                _ => return None,
            };
            Some(value.to_owned())
        }
    };
    let console = Console::with(&keyed(""), sts(true)).await;
    for (operation, parameters) in good() {
        let run = console.upgrade(operation, &parameters).await;
        assert!(matches!(run["state"].as_str(), Some("accepted" | "scheduled")), "{run}");
    }
    let callers: Vec<_> = console.calls().into_iter().filter_map(|call| call.caller).collect();
    assert!(callers.iter().all(|caller| caller.ends_with("-sts")), "{callers:?}");

    let console = Console::with(&keyed(SCOPE), sts(false)).await;
    for (operation, parameters) in good() {
        let run = console.upgrade(operation, &parameters).await;
        assert_eq!(run["failure"], "credentials", "{run}");
    }
}

#[tokio::test]
async fn project_and_domain_are_looked_up_once_and_kept() {
    let console = Console::demo().await;
    let known = async || {
        let profiles = console.get("/api/profiles").await.json();
        let huawei = &profiles["items"][1];
        (huawei["project_id"].clone(), huawei["domain_id"].clone())
    };
    assert_eq!(known().await, (Value::Null, Value::Null));
    console.upgrade(CBH, &cases::cbh(29)).await;
    console.upgrade(CBH, &cases::cbh(2)).await;
    console.upgrade(AAD, &cases::aad(1)).await;
    console.upgrade(AAD, &cases::aad(2)).await;
    assert_eq!(known().await, (json!(simulator::HUAWEI_PROJECT_ID), json!(simulator::HUAWEI_DOMAIN_ID)));
    let lookups: Vec<_> = console
        .calls()
        .into_iter()
        .filter_map(|call| call.operation)
        .filter(|id| id.starts_with("iam."))
        .collect();
    assert_eq!(lookups, ["iam.KeystoneListProjects", "iam.KeystoneListAuthDomains"]);
}

#[tokio::test]
async fn an_iam_user_logs_in_once_for_each_scope() {
    let config = format!(
        "{ROOMY}[[profiles]]\nname = \"demo-huawei\"\ncloud = \"huawei\"\nmode = \"simulated\"\nregion = \"cn-north-4\"\n\
         credentials = {{ source = \"iam_token\", user = \"WHO\", password = \"WORD\", domain = \"demo-domain\" }}\n"
    );
    let variables = |password: &'static str| {
        move |name: &str| match name {
            "WHO" => Some(simulator::IAM_USER.name.to_owned()),
            "WORD" => Some(password.to_owned()),
            _ => None,
        }
    };
    let console = Console::with(&config, variables(simulator::IAM_USER.password)).await;
    for (operation, parameters) in
        [(CBH, cases::cbh(29)), (AAD, cases::aad(1)), (CBH, cases::cbh(2)), (AAD, cases::aad(2))]
    {
        let run = console.upgrade(operation, &parameters).await;
        assert!(matches!(run["state"].as_str(), Some("accepted" | "scheduled")), "{run}");
    }
    let calls = console.calls();
    let logins = calls
        .iter()
        .filter(|call| call.operation.as_deref() == Some("iam.KeystoneCreateUserTokenByPassword"))
        .count();
    assert_eq!(logins, 2, "one for the account, one for the project");
    assert!(
        calls.iter().filter(|call| call.changing).all(|call| call.caller.as_deref() == Some("demo-user"))
    );

    let console = Console::with(&config, variables("wrong")).await;
    let run = console.upgrade(CBH, &cases::cbh(29)).await;
    assert_eq!((run["state"].as_str(), run["failure"].as_str()), (Some("not_sent"), Some("credentials")));
    assert_eq!(console.changing_calls(), 0);
}

#[tokio::test]
async fn a_closed_port_is_not_sent() {
    let closed = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap();
    let config = crate::fake_cloud::config_for(&format!("http://{closed}"), "");
    let console = Console::with(&config, |_| None).await;
    for (operation, parameters) in good() {
        let run = console.upgrade(operation, &parameters).await;
        assert_eq!(
            (run["state"].as_str(), run["failure"].as_str()),
            (Some("not_sent"), Some("unreachable")),
            "{run}"
        );
        assert_eq!(states(&run), ["confirmed", "not_sent"]);
        assert_eq!(run["answer"], Value::Null);
    }
}

#[tokio::test]
async fn what_people_read_is_chinese_when_they_ask_for_it() {
    let console = Console::demo().await;
    let plan = console.plan(KAFKA, &cases::kafka(3)).await;
    let run = console.confirm(&plan, &json!({})).await.json();
    let run = console.settled(&run).await;
    let chinese = |text: &str| text.chars().any(|character| ('\u{4e00}'..='\u{9fff}').contains(&character));
    let plan_path = format!("/api/plans/{}", plan["id"].as_str().unwrap());
    let run_path = format!("/api/runs/{}", run["id"].as_str().unwrap());
    let plan_words =
        ["/title", "/review/cost", "/review/reversible", "/review/effective", "/review/warnings/0"];
    let run_words =
        ["/title", "/outcome", "/next_step", "/timeline/0/detail", "/timeline/2/detail", "/answer/meaning"];
    let problem_words = ["/title", "/detail"];
    let pages: [(&str, &[&str]); 3] =
        [(&plan_path, &plan_words), (&run_path, &run_words), ("/api/plans/pl_none", &problem_words)];
    for (path, words) in pages {
        for (language, expected) in
            [("zh-CN,zh;q=0.9,en;q=0.8", true), ("zh", true), ("en", false), ("de", false), ("zh;q=0", false)]
        {
            let body = console.get_with(path, ("accept-language", language)).await.json();
            for pointer in words {
                let text =
                    body.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer}"));
                assert_eq!(chinese(text), expected, "{path} {language} {pointer}: {text}");
            }
        }
    }
    let mut reply = console.get_with("/api/plans/pl_none", ("accept-language", "zh")).await;
    assert!(reply.header("vary").contains("accept-language"));
    reply = console
        .send(
            http::Request::post(console.url("/api/plans"))
                .header("content-type", "application/json")
                .header("x-upgrade-console", "1")
                .header("accept-language", "zh"),
            json!({"operation": KAFKA, "profile": "demo-alibaba", "parameters": {}}).to_string(),
        )
        .await;
    assert!(chinese(reply.json()["errors"][0]["detail"].as_str().unwrap()));
}

/// Id and data of every event of a stream.
fn events(text: &str) -> Vec<(String, Value)> {
    text.split("\n\n")
        .filter(|block| block.contains("event: timeline"))
        .map(|block| {
            let line = |name: &str| {
                block.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{block}"))
            };
            (line("id: ").to_owned(), serde_json::from_str(line("data: ")).unwrap())
        })
        .collect()
}

#[tokio::test]
async fn events_come_in_order_resume_where_a_listener_left_off_and_end() {
    let console = Console::demo().await;
    // A refused run has ended, and so have its events.
    let run = console.upgrade(KAFKA, &cases::kafka(3)).await;
    let path = format!("/api/runs/{}/events", run["id"].as_str().unwrap());
    let whole = console.get(&path).await.expect(200);
    assert_eq!(whole.header("content-type"), "text/event-stream");
    let all = events(&whole.text);
    assert_eq!(all.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["1", "2", "3"]);
    let data: Vec<Value> = all.into_iter().map(|(_, data)| data).collect();
    assert_eq!(json!(data), run["timeline"]);

    let ids = |text: &str| events(text).into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    assert_eq!(ids(&console.get(&format!("{path}?after=1")).await.text), ["2", "3"]);
    assert_eq!(ids(&console.get_with(&path, ("last-event-id", "2")).await.text), ["3"]);
    // What the browser remembers is newer than what the address says.
    assert_eq!(ids(&console.get_with(&format!("{path}?after=0"), ("last-event-id", "2")).await.text), ["3"]);
    assert_eq!(ids(&console.get(&format!("{path}?after=3")).await.text), [] as [&str; 0]);
    assert_eq!(ids(&console.get(&format!("{path}?after=18446744073709551615")).await.text), [] as [&str; 0]);
    assert_eq!(ids(&console.get_with(&path, ("last-event-id", "nonsense")).await.text), ["1", "2", "3"]);
    assert_eq!(console.get("/api/runs/run_none/events").await.expect(404).code(), "not_found");
    assert_eq!(console.get(&format!("{path}?after=x")).await.expect(400).code(), "bad_query");
    let chinese = console.get_with(&path, ("accept-language", "zh")).await;
    assert!(events(&chinese.text)[0].1["detail"].as_str().unwrap().contains("确认人"));
}

#[tokio::test]
async fn events_are_told_as_they_happen() {
    let body = r#"{"RequestId":"R-1","Status":"Upgrading"}"#;
    let cloud = FakeCloud::start(Does::AnswersWhenReleased(answer(200, "application/json", body))).await;
    let console = Console::with(&cloud.config(""), |_| None).await;
    let plan = console.plan(NEST, &cases::nest(1)).await;
    let run = console.confirm(&plan, &json!({})).await.expect(201).json();
    cloud.request_arrived().await;
    let mut listener = TcpStream::connect(console.address).await.unwrap();
    let head = format!(
        "GET /api/runs/{}/events HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
        run["id"].as_str().unwrap(),
        console.address
    );
    listener.write_all(head.as_bytes()).await.unwrap();
    let before = raw::read_until(&mut listener, "\"state\":\"sent\"").await;
    assert!(!before.contains("accepted"), "{before}");
    cloud.release();
    raw::read_until(&mut listener, "\"state\":\"accepted\"").await;
}
