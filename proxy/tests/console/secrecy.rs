//! No key leaves the program: the real program is driven through everything that it offers, and everything that it said
//! (answers, events, log at its most talkative) is searched for every secret in every spelling.

use crate::{
    cases::{self, AAD, BSS, CBH, KAFKA, NEST, good, with},
    fake_cloud::{Does, FakeCloud, answer, config_for, echo},
    iam,
    program::{Program, run},
    raw,
    support::{Http, IMPATIENT, ROOMY, Reply, confirmation, runs_of},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::sync::Arc;

const LOG: &str = "[log]\nformat = \"json\"\nlevel = \"debug\"\n";
const PASSWORD: &str = "Sw0rd\"fi sh\\+/密-canary";
const POINTER: &str = "/Parameters/InstancePassword";

/// Everything that was said, to be searched at the end.
#[derive(Default)]
struct Said(Vec<String>);

impl Said {
    fn hear(&mut self, reply: &Reply) -> Value {
        self.0.push(format!("{} {:?}\n{}", reply.status, reply.headers, reply.text));
        serde_json::from_str(&reply.text).unwrap_or_default()
    }

    /// No secret, as it is, percent-encoded, in JSON or in base64.
    fn says_nothing_of(&self, secrets: &[&str]) {
        for secret in secrets {
            let encoded = signing::encode::rfc3986(secret).to_string();
            let json = Value::String((*secret).to_owned()).to_string();
            // Base64 of a text within a longer one can begin at three places; the middle is the same.
            let within = |before: &str| {
                let whole = STANDARD.encode(format!("{before}{secret}"));
                let start = (before.len() * 8).div_ceil(6);
                let end = (before.len() + secret.len()) * 8 / 6;
                whole[start..end].to_owned()
            };
            let spellings = [
                (*secret).to_owned(),
                signing::encode::rfc3986(&encoded).to_string(),
                encoded,
                json.trim_matches('"').to_owned(),
                within(""),
                within("a"),
                within("aa"),
            ];
            for spelling in spellings {
                for text in &self.0 {
                    assert!(!text.contains(&spelling), "{secret} as {spelling} in\n{text}");
                }
            }
        }
    }
}

#[test]
#[should_panic(expected = "canary-5f3a")]
fn the_search_finds_a_secret_in_base64() {
    let said = Said(vec![STANDARD.encode("some canary-5f3a text")]);
    said.says_nothing_of(&["canary-5f3a"]);
}

/// Walks through everything that the HTTP API offers, errors included.
async fn drive(http: &Http, said: &mut Said) {
    for path in [
        "/",
        "/healthz",
        "/readyz",
        "/api/session",
        "/api/profiles",
        "/api/operations",
        "/api/openapi.json",
        "/api/simulator",
        "/api/records",
        "/api/records?format=jsonl",
        "/api/runs/run_none",
        "/api/plans/%ff",
        "/api/runs?limit=x",
        "/api/nothing",
    ] {
        said.hear(&http.get(path).await);
    }
    let mut runs = Vec::new();
    for (operation, parameters) in good() {
        said.hear(&http.get(&format!("/api/operations/{operation}")).await);
        let preview = json!({"profile": cases::profile_of(operation), "parameters": parameters});
        said.hear(&http.post(&format!("/api/operations/{operation}/preview"), &preview).await);
        let plan = said.hear(&http.try_plan(operation, &parameters).await);
        said.hear(
            &http.post(&format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap()), &json!({})).await,
        );
        said.hear(&http.post(&runs_of(&plan), &json!({"payload_hash": "sha256:0"})).await);
        runs.push(said.hear(&http.confirm(&plan, &json!({})).await));
        said.hear(&http.get(&format!("/api/plans/{}", plan["id"].as_str().unwrap())).await);
    }
    let mut parameters = cases::nest(2);
    parameters["Parameters"] = json!({"EcsInstanceType": "ecs.g7.large"});
    let plan = json!({"operation": NEST, "profile": "demo-alibaba", "parameters": parameters,
        "secrets": {POINTER: PASSWORD}, "secret_pointers": [POINTER]});
    // A secret in the wrong places, too.
    for change in [
        json!({"profile": "nobody"}),
        json!({"operation": BSS}),
        json!({"secret_pointers": ["/ServiceVersion"]}),
        json!({"secrets": {POINTER: [PASSWORD]}}),
        json!({"parameters": with(parameters.clone(), &json!({"RegionId": "x"}))}),
        json!({"parameters": {"Parameters": {"InstancePassword": {"nested": PASSWORD}}}}),
    ] {
        said.hear(&http.post("/api/plans", &with(plan.clone(), &change)).await);
    }
    let half = plan.to_string();
    said.hear(&http.post_bytes("/api/plans", &half[..half.len() - 2]).await);
    let plan = said.hear(&http.post("/api/plans", &plan).await.expect(201));
    let secrets = json!({POINTER: PASSWORD});
    let dry = format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap());
    said.hear(&http.post(&dry, &json!({"secrets": secrets})).await);
    said.hear(&http.post(&dry, &json!({"secrets": {POINTER: "another", "/Parameters/X": PASSWORD}})).await);
    said.hear(&http.post(&runs_of(&plan), &confirmation(&plan, &json!({"/x": PASSWORD}))).await);
    runs.push(said.hear(&http.confirm(&plan, &secrets).await));
    said.hear(&http.confirm(&plan, &secrets).await);
    for run in runs.iter().filter_map(|run| run["id"].as_str()) {
        let whole = said.hear(&http.get(&format!("/api/runs/{run}")).await);
        let told = whole["timeline"].as_array().unwrap().len();
        said.0.push(http.events(&format!("/api/runs/{run}/events"), told).await);
    }
    said.hear(&http.get("/api/runs").await);
    said.hear(&http.get("/api/records?format=jsonl").await);
    // Log injection: what comes from outside is one escaped value.
    let forged = http::Request::get(http.url("/api/runs?q=%0A%1B%5B31mforged"))
        .header("user-agent", "forged\u{9}{\"level\":\"ERROR\"}");
    said.hear(&http.send(forged, "").await);
}

fn keyed(more: &str) -> String {
    format!(
        "{ROOMY}{IMPATIENT}{LOG}\
         [[profiles]]\nname = \"demo-alibaba\"\ncloud = \"alibaba\"\nmode = \"simulated\"\nregion = \"cn-hangzhou\"\n\
         credentials = {{ source = \"env\" }}\n{more}\
         [[profiles]]\nname = \"demo-huawei\"\ncloud = \"huawei\"\nmode = \"simulated\"\nregion = \"cn-north-4\"\n\
         credentials = {{ source = \"env\" }}\n{more}"
    )
}

/// Full signatures and tokens, as they went over the wire.
fn proofs(requests: &[String]) -> Vec<String> {
    let lines = requests.iter().flat_map(|request| request.lines());
    lines
        .filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            match name.to_ascii_lowercase().as_str() {
                "authorization" => Some(value.split("Signature=").nth(1)?.to_owned()),
                "x-auth-token" | "x-security-token" | "x-acs-security-token" => Some(value.to_owned()),
                _ => None,
            }
        })
        .collect()
}

/// Stops the program; what it said in its log, and what it leaves on disk.
async fn ends_quietly(program: Program, said: &mut Said) -> String {
    let kept = program.kept();
    assert!(
        kept.iter().any(|(name, _)| name == "store.db"),
        "{:?}",
        kept.iter().map(|(name, _)| name).collect::<Vec<_>>()
    );
    assert!(kept.iter().any(|(_, text)| text.contains("run_")), "the store holds the runs");
    said.0.extend(kept.into_iter().map(|(name, text)| format!("{name}\n{text}")));
    program.terminate();
    let (status, log) = program.ended().await;
    assert!(status.success(), "{status} {log}");
    said.0.push(log.clone());
    log
}

#[tokio::test]
async fn nothing_is_said_of_keys_that_the_clouds_know_and_of_temporary_ones() {
    let huawei = simulator::HUAWEI_STS;
    let alibaba = simulator::ALIBABA_STS;
    let program = Program::serve(
        &keyed(""),
        &[
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", alibaba.access_key),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", alibaba.secret_key),
            ("ALIBABA_CLOUD_SECURITY_TOKEN", alibaba.security_token.unwrap()),
            ("CLOUD_SDK_AK", huawei.access_key),
            ("CLOUD_SDK_SK", huawei.secret_key),
            ("CLOUD_SDK_SECURITY_TOKEN", huawei.security_token.unwrap()),
        ],
    )
    .await;
    let http = Http::new(program.address);
    let mut said = Said::default();
    drive(&http, &mut said).await;
    let runs = http.get("/api/runs").await.json();
    let bad = ["refused", "not_sent", "unknown", "failed"];
    assert!(
        runs["items"].as_array().unwrap().iter().all(|run| !bad.contains(&run["state"].as_str().unwrap())),
        "the keys are good: {runs}"
    );
    for scenario in ["cut", "hang", "signature_refused", "error_5xx", "ak_not_found", "credentials_expired"] {
        http.post("/api/simulator/reset", &json!({})).await.expect(200);
        http.scenario(scenario).await;
        for (operation, parameters) in [(BSS, cases::bss(10)), (CBH, cases::cbh(2))] {
            let plan = http.plan(operation, &parameters).await;
            // Busy after the first unknown one: that is an answer to be searched as well.
            let reply = http.confirm(&plan, &json!({})).await;
            let run = said.hear(&reply);
            if reply.status == 201 {
                said.0.push(http.settled(&run).await.to_string());
            }
        }
    }
    let log = ends_quietly(program, &mut said).await;
    assert!(log.lines().count() > 20 && log.contains("DEBUG"), "the log was at its most talkative: {log}");
    for line in log.lines() {
        let is_object = serde_json::from_str::<Value>(line).is_ok_and(|line| line.is_object());
        assert!(is_object, "one object a line: {line}");
    }
    said.says_nothing_of(&[
        alibaba.access_key,
        alibaba.secret_key,
        alibaba.security_token.unwrap(),
        huawei.access_key,
        huawei.secret_key,
        huawei.security_token.unwrap(),
        PASSWORD,
        "Sw0rd",
    ]);
}

#[tokio::test]
async fn nothing_is_said_of_keys_when_the_cloud_repeats_what_it_was_sent() {
    let secrets = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "canary-AK-alibaba-0001"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "canary/SK+alibaba=0001"),
        ("ALIBABA_CLOUD_SECURITY_TOKEN", "canary/token+alibaba==~c*d"),
        ("CLOUD_SDK_AK", "CANARYAKHUAWEI000001"),
        ("CLOUD_SDK_SK", "canary/SK+huawei=0001"),
        ("CLOUD_SDK_SECURITY_TOKEN", "canary/token+huawei==~c*d"),
    ];
    let cloud = FakeCloud::start(Does::Echoes).await;
    cloud.takes_reads();
    let scope = "project_id = \"0123456789abcdef0123456789abcdef\"\ndomain_id = \"fedcba9876543210fedcba9876543210\"\n";
    let program =
        Program::serve(&keyed(&format!("{scope}endpoint = \"http://{}\"\n", cloud.address)), &secrets).await;
    let mut said = Said::default();
    drive(&Http::new(program.address), &mut said).await;
    ends_quietly(program, &mut said).await;
    let requests = cloud.requests();
    let mut searched: Vec<String> = proofs(&requests);
    assert!(searched.len() >= 16, "signatures and tokens were sent: {}", searched.len());
    searched.extend(secrets.map(|(_, secret)| secret.to_owned()));
    searched.push(PASSWORD.to_owned());
    said.says_nothing_of(&searched.iter().map(String::as_str).collect::<Vec<_>>());
    // Signatures of previews are not sent, and not shown whole.
    for text in &said.0 {
        for part in text.split("Signature=").skip(1) {
            let shown: String = part.chars().take_while(|character| character.is_ascii_hexdigit()).collect();
            assert!(shown.len() <= 6, "{part}");
        }
    }
}

#[tokio::test]
async fn nothing_is_said_of_keys_that_the_clouds_do_not_know() {
    let secrets = [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "canary-AK-alibaba-0002"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "canary/SK+alibaba=0002"),
        ("CLOUD_SDK_AK", "CANARYAKHUAWEI000002"),
        ("CLOUD_SDK_SK", "canary/SK+huawei=0002"),
    ];
    let program = Program::serve(&keyed(""), &secrets).await;
    let http = Http::new(program.address);
    let mut said = Said::default();
    drive(&http, &mut said).await;
    ends_quietly(program, &mut said).await;
    said.says_nothing_of(&secrets.map(|(_, secret)| secret));
}

#[tokio::test]
async fn nothing_is_said_of_an_iam_password_and_its_tokens() {
    let token = "MIItoken-canary+0123456789/abcdef0123456789abcdef==";
    let variables = [("WHO", "canary-user"), ("WORD", "canary-password-0001")];
    // A cloud that lets the profile in and repeats everything else, one that repeats the login, too, and one that takes
    // what it is sent.
    let lets_in = |request: &str| request.starts_with(iam::LOGIN).then(|| iam::logged_in(token));
    let taken = answer(200, "application/json", r#"{"items":[],"request_id":"R-1"}"#);
    for (does, is_let_in) in [
        (Does::Decides(Arc::new(move |request| lets_in(request).unwrap_or_else(|| echo(request)))), true),
        (Does::Echoes, false),
        (Does::Decides(Arc::new(move |request| lets_in(request).unwrap_or_else(|| taken.clone()))), true),
    ] {
        let cloud = FakeCloud::start(does).await;
        cloud.takes_reads();
        let program =
            Program::serve(&iam::config(&format!("http://{}", cloud.address), LOG), &variables).await;
        let http = Http::new(program.address);
        let mut said = Said::default();
        for (operation, field, parameters) in
            [(CBH, "server_id", cases::cbh(29)), (AAD, "instance_id", cases::aad(1))]
        {
            let preview = json!({"profile": "demo-huawei", "parameters": parameters});
            said.hear(&http.post(&format!("/api/operations/{operation}/preview"), &preview).await);
            let choices = json!({"profile": "demo-huawei", "field": field});
            said.hear(&http.post(&format!("/api/operations/{operation}/choices"), &choices).await);
            let run = http.upgrade(operation, &parameters).await;
            said.hear(&http.get(&format!("/api/runs/{}", run["id"].as_str().unwrap())).await);
        }
        let sent = cloud.requests();
        assert!(!sent.is_empty());
        assert_eq!(proofs(&sent).iter().any(|proof| proof == token), is_let_in, "the token was sent");
        ends_quietly(program, &mut said).await;
        said.says_nothing_of(&["canary-password-0001", token]);
    }
}

#[tokio::test]
async fn core_files_are_off_and_no_key_is_an_argument() {
    let program = Program::serve(
        &keyed(""),
        &[
            ("ALIBABA_CLOUD_ACCESS_KEY_ID", "canary-AK"),
            ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "canary-SK"),
            ("CLOUD_SDK_AK", "canary-AK"),
            ("CLOUD_SDK_SK", "canary-SK"),
        ],
    )
    .await;
    let process = |name: &str| std::fs::read_to_string(format!("/proc/{}/{name}", program.id())).unwrap();
    let core =
        process("limits").lines().find(|line| line.starts_with("Max core file size")).unwrap().to_owned();
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
    assert!(!process("cmdline").contains("canary"));
}

#[test]
fn a_bad_configuration_names_the_key_and_never_the_value() {
    let profile = |lines: &str| {
        format!(
            "[[profiles]]\nname = \"p\"\ncloud = \"alibaba\"\nmode = \"simulated\"\nregion = \"cn-hangzhou\"\n{lines}\n"
        )
    };
    let table = [
        ("allow_live = \"canary-5f3a\"\n".to_owned(), "allow_live"),
        ("listen = \"canary-5f3a\"\n".to_owned(), "listen"),
        ("listen_adress = \"canary-5f3a\"\n".to_owned(), "listen_adress"),
        ("allowed_hosts = \"canary-5f3a\"\n".to_owned(), "allowed_hosts"),
        ("[limits]\nconnections = \"canary-5f3a\"\n".to_owned(), "connections"),
        ("[store]\nurl = \"postgres://user:canary-5f3a@host/db\"\n".to_owned(), "store.url"),
        ("[log]\nformat = \"canary-5f3a\"\n".to_owned(), "format"),
        (profile("mode2 = \"canary-5f3a\""), "mode2"),
        (profile("site = \"canary-5f3a\""), "site"),
        (profile("project_id = \"canary-5f3a\""), "project_id"),
        (profile("endpoint = \"http://user:canary-5f3a@evil.example\""), "endpoint"),
        (profile("credentials = \"canary-5f3a\""), "credentials"),
        (profile("credentials = { source = \"canary-5f3a\" }"), "credentials"),
        (profile("credentials = { secret_key = \"canary-5f3a\" }"), "credentials"),
        (profile("credentials = { source = \"env\", secret_kee = \"canary-5f3a\" }"), "secret_kee"),
        (
            profile("credentials = { source = \"env\", access_key = 5, secret_key = \"canary-5f3a\" }"),
            "credentials",
        ),
        (
            profile("credentials = { source = \"file\", path = 7, secret_key = \"canary-5f3a\" }"),
            "credentials",
        ),
        (profile("credentials = canary-5f3a"), "credentials"),
        (profile("credentials = { source = \"env\", secret_key = 'canary-5f3a"), "credentials"),
        (profile("credentials = { source = \"env\" }"), "ALIBABA_CLOUD_ACCESS_KEY_ID"),
        (
            profile("credentials = { source = \"env\", access_key = \"MY_AK\", secret_key = \"MY_SK\" }"),
            "MY_SK",
        ),
        (
            profile("credentials = { source = \"env\", access_key = \"ODD\", secret_key = \"MY_AK\" }"),
            "access key",
        ),
    ];
    for (config, key) in table {
        for command in ["check", "serve"] {
            let (succeeded, said) =
                run(command, &config, &[("MY_AK", "canary-5f3a"), ("ODD", "canary-5f3a\n")]);
            assert!(!succeeded, "{command} takes\n{config}\n{said}");
            assert!(said.contains(key), "{command} does not name `{key}`:\n{said}\n{config}");
            assert!(!said.contains("canary-5f3a"), "{command}:\n{said}\n{config}");
        }
    }
}

#[test]
fn a_file_of_keys_is_read_when_it_is_ours_alone() {
    use std::os::unix::fs::PermissionsExt;
    let path = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("keys-{}.toml", std::process::id()));
    let config = format!(
        "[[profiles]]\nname = \"p\"\ncloud = \"huawei\"\nmode = \"simulated\"\nregion = \"cn-north-4\"\n\
         credentials = {{ source = \"file\", path = \"{}\" }}\n",
        path.display()
    );
    let good = "access_key = \"ak\"\nsecret_key = \"canary-5f3a\"\n";
    for (text, mode, succeeds) in [
        (good, 0o600, true),
        (good, 0o640, false),
        (good, 0o644, false),
        ("access_key = \"ak\"\nsecret_key = canary-5f3a\n", 0o600, false),
        ("access_key = \"ak\"\nsecret = \"canary-5f3a\"\n", 0o600, false),
    ] {
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let (succeeded, said) = run("check", &config, &[]);
        assert_eq!(succeeded, succeeds, "{mode:o} {said}");
        assert!(!said.contains("canary-5f3a"), "{said}");
        assert!(succeeds || said.contains("credentials file"), "{said}");
    }
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn a_stop_takes_no_new_work_and_records_the_call_under_way() {
    let body = r#"{"RequestId":"R-1","Code":200,"Success":true}"#;
    let cloud = FakeCloud::start(Does::AnswersWhenReleased(answer(200, "application/json", body))).await;
    let config = config_for(&format!("http://{}", cloud.address), LOG);
    let program = Program::serve(&config, &[]).await;
    let http = Http::new(program.address);
    let plan = http.plan(KAFKA, &cases::kafka(1)).await;
    let run = http.confirm(&plan, &json!({})).await.expect(201).json();
    cloud.request_arrived().await;
    // A page that follows the run keeps its connection while the program stops.
    let mut follower = tokio::net::TcpStream::connect(program.address).await.unwrap();
    let head = format!(
        "GET /api/runs/{}/events HTTP/1.1\r\nHost: {}\r\n\r\n",
        run["id"].as_str().unwrap(),
        program.address
    );
    tokio::io::AsyncWriteExt::write_all(&mut follower, head.as_bytes()).await.unwrap();
    raw::read_until(&mut follower, "\"state\":\"sent\"").await;

    program.terminate();
    // It goes on answering until the call under way is over, says that it stops, and takes no new one.
    let stopping = loop {
        let ready = http.get("/readyz").await;
        if ready.status == 503 {
            break ready;
        }
    };
    assert_eq!(stopping.code(), "stopping");
    let other = http.plan(KAFKA, &cases::kafka(2)).await;
    http.confirm(&other, &json!({})).await.expect(503);
    cloud.release();
    assert!(raw::read_to_end(&mut follower).await.0.contains("\"state\":\"accepted\""));
    let (status, log) = program.ended().await;
    assert!(status.success(), "{status}\n{log}");
    let recorded = log
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .any(|line| line["run"] == run["id"] && line["state"] == "accepted");
    assert!(recorded, "{log}");
    assert_eq!(cloud.requests().len(), 1);
}
