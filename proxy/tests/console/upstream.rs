//! A cloud that misbehaves: the run says what is true, exactly one call goes out, and nothing of a hostile answer reaches
//! the browser but inert text.

use crate::{
    cases::{self, AAD, BSS, CBH, KAFKA, NEST},
    fake_cloud::{Does, FakeCloud, answer, answer_with, config_for},
    program::Program,
    support::{Console, Http},
};
use serde_json::{Value, json};

/// For clouds that never come to an end: they are waited for.
const SHORT: &str = "answer_seconds = 1\n";

const ACCEPTED: &str = r#"{"RequestId":"R-1","Code":200,"Message":"operation success.","Success":true}"#;
const LIMIT: usize = 1024 * 1024;

async fn console_at(cloud: &FakeCloud) -> Console {
    Console::with(&cloud.config(""), |_| None).await
}

/// A console and its cloud, for many runs: starting them costs more than a run.
struct Pair {
    console: Console,
    cloud: FakeCloud,
    runs: std::cell::Cell<u32>,
}

impl Pair {
    async fn new(limits: &str) -> Self {
        let cloud = FakeCloud::start(Does::Hangs).await;
        let console = Console::with(&cloud.config(limits), |_| None).await;
        Self { console, cloud, runs: std::cell::Cell::new(1_000) }
    }

    /// One run of an operation against a cloud that does this. Each is about another instance, because one whose
    /// outcome is unknown keeps its instance.
    async fn run(&self, does: Does, operation: &str) -> Value {
        let number = self.runs.replace(self.runs.get() + 1);
        let mut parameters = cases::good().into_iter().find(|(id, _)| *id == operation).unwrap().1;
        for (name, prefix, digits) in [
            ("ServiceInstanceId", "si-", 4),
            ("InstanceId", "alikafka_", 4),
            ("server_id", "c7277d87-5a0d-4cfc-a418-97acb567", 4),
            ("instance_id", "2b5ce2a4-0000-4000-8000-", 12),
        ] {
            if parameters.get(name).is_some() {
                parameters[name] = json!(format!("{prefix}{number:0digits$}"));
            }
        }
        self.cloud.turns_to(does);
        self.console.upgrade(operation, &parameters).await
    }
}

#[track_caller]
fn check(run: &Value, state: &str, failure: Option<&str>, what: &str) {
    assert_eq!((run["state"].as_str(), run["failure"].as_str()), (Some(state), failure), "{what}: {run}");
    match state {
        "refused" | "not_sent" => assert_eq!(run["final"], true, "{what}"),
        "unknown" => assert_eq!(run["final"], false, "{what}"),
        // Whether more comes of what was taken depends on the product.
        _ => {}
    }
}

/// An answer with these head lines, whatever they claim, and this body.
fn malformed(head: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\n{head}\r\n{body}").into_bytes()
}

#[tokio::test]
async fn a_broken_exchange_is_unknown_and_is_never_repeated() {
    let half = malformed("content-type: application/json\r\ncontent-length: 500\r\n", "{\"RequestId\":");
    let chunks = malformed("transfer-encoding: chunked\r\n", "5\r\n{\"a\":\r\nnonsense\r\n");
    let many = (0..1_000).map(|number| format!("x-{number}: y\r\n")).collect::<String>();
    let json = "content-type: application/json\r\n";
    let table: Vec<(&str, Does, &str)> = vec![
        ("never an answer", Does::Hangs, "timeout"),
        ("reset in the middle", Does::ResetsInTheMiddle, "cut"),
        ("reset afterwards", Does::ResetsAfterwards, "cut"),
        ("closed without an answer", Does::Closes, "cut"),
        ("half a body", Does::AnswersAndCloses(half), "cut"),
        ("half a head", Does::AnswersAndCloses(b"HTTP/1.1 200 OK\r\ncontent-le".to_vec()), "cut"),
        ("broken chunks", Does::AnswersAndCloses(chunks), "cut"),
        ("1,000 headers", Does::Answers(malformed(&many, "")), "unreadable"),
        (
            "a 1 MB header",
            Does::Answers(malformed(&format!("content-length: 0\r\nx: {}\r\n", "y".repeat(1_000_000)), "")),
            "unreadable",
        ),
        (
            "two lengths",
            Does::Answers(malformed("content-length: 2\r\ncontent-length: 3\r\n", "{}")),
            "unreadable",
        ),
        ("not HTTP", Does::AnswersAndCloses(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec()), "unreadable"),
        ("HTTP/2", Does::AnswersAndCloses(b"HTTP/2 200\r\n\r\n".to_vec()), "unreadable"),
        (
            "a length too short",
            Does::Answers(malformed(&format!("{json}content-length: 10\r\n"), ACCEPTED)),
            "unreadable",
        ),
        (
            "gzip",
            Does::Answers(answer_with(200, &[("content-encoding", "gzip")], "\u{1f}\u{8b}xx")),
            "unreadable",
        ),
        (
            "br over good JSON",
            Does::Answers(answer_with(200, &[("content-encoding", "br")], ACCEPTED)),
            "unreadable",
        ),
        (
            "HTML",
            Does::Answers(answer(200, "text/html", "<html><script>alert(1)</script></html>")),
            "unreadable",
        ),
        ("HTML that refuses", Does::Answers(answer(403, "text/html", "<html>blocked</html>")), "unreadable"),
        ("invalid JSON", Does::Answers(answer(200, "application/json", "{\"Success\":tru")), "unreadable"),
        ("a JSON list", Does::Answers(answer(200, "application/json", "[]")), "unreadable"),
        ("nothing", Does::Answers(answer(200, "application/json", "")), "unreadable"),
        ("204", Does::Answers(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()), "unreadable"),
        ("an empty refusal", Does::Answers(answer(400, "application/json", "")), "unreadable"),
        (
            "500",
            Does::Answers(answer(500, "application/json", r#"{"Code":"InternalError"}"#)),
            "server_error",
        ),
        (
            "502 of a box between",
            Does::Answers(answer(502, "text/html", "<html>bad gateway</html>")),
            "server_error",
        ),
        (
            "503 that says when",
            Does::Answers(answer_with(503, &[("retry-after", "0")], "{}")),
            "server_error",
        ),
    ];
    let pair = Pair::new("").await;
    let impatient = Pair::new(SHORT).await;
    for (what, does, failure) in table {
        for operation in [BSS, AAD] {
            let pair = if matches!(does, Does::Hangs) { &impatient } else { &pair };
            let run = pair.run(does.clone(), operation).await;
            check(&run, "unknown", Some(failure), what);
            assert_eq!(pair.cloud.connections(), 1, "{what}");
            assert!(pair.cloud.requests().len() <= 1, "{what}");
        }
    }
}

#[tokio::test]
async fn a_reset_before_anything_was_sent_is_never_called_more_than_it_is() {
    // Whether bytes left before the reset arrived is a race that the network decides; each of the two is said truly.
    let pair = Pair::new("").await;
    // Looks keep the connection that they have from before, so that the resets are for the calls alone.
    pair.console.plan(AAD, &cases::aad(1)).await;
    for _ in 0..20 {
        let run = pair.run(Does::ResetsAtOnce, AAD).await;
        let how = (run["state"].as_str().unwrap(), run["failure"].as_str().unwrap());
        assert!(matches!(how, ("not_sent", "unreachable") | ("unknown", "cut")), "{run}");
        assert_eq!((pair.cloud.connections(), pair.cloud.requests().len()), (1, 0));
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut() {
    let body = vec![b' '; 64 * 1024];
    let chunk = [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n"].concat();
    let table = [
        ("10 GB", malformed("content-length: 10000000000\r\n", ""), body.clone()),
        ("chunks without end", malformed("transfer-encoding: chunked\r\n", ""), chunk),
        ("no length", malformed("connection: close\r\n", ""), body),
        ("a head without end", b"HTTP/1.1 200 OK\r\n".to_vec(), b"x: y\r\n".repeat(1_000)),
        ("informational answers without end", Vec::new(), b"HTTP/1.1 100 Continue\r\n\r\n".repeat(1_000)),
    ];
    let pair = Pair::new(SHORT).await;
    for (what, first, then) in table {
        let run = pair.run(Does::Floods(first, then), AAD).await;
        let cloud = &pair.cloud;
        assert_eq!(run["state"], "unknown", "{what}: {run}");
        assert!(matches!(run["failure"].as_str(), Some("unreadable" | "timeout")), "{what}: {run}");
        assert_eq!(run["answer"], Value::Null, "{what}");
        assert_eq!((cloud.connections(), cloud.requests().len()), (1, 1), "{what}");
        // What the network's buffers take may have been sent beyond what was read.
        if !what.starts_with("informational") {
            assert!(cloud.sent() < LIMIT + 32 * 1024 * 1024, "{what}: {}", cloud.sent());
        }
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = FakeCloud::start(Does::Answers(answer(200, "application/json", ACCEPTED))).await;
    let pair = Pair::new("").await;
    for status in [301, 302, 303, 307, 308] {
        for location in [
            format!("http://{}/stolen", elsewhere.address),
            "http://169.254.169.254/".to_owned(),
            "file:///etc/passwd".to_owned(),
        ] {
            let bytes = answer_with(status, &[("location", &location)], "");
            let run = pair.run(Does::Answers(bytes), AAD).await;
            check(&run, "unknown", Some("unreadable"), &format!("{status} {location}"));
            assert_eq!(pair.cloud.requests().len(), 1);
            assert!(!run.to_string().contains("stolen"), "{run}");
        }
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn what_an_answer_means_depends_on_the_document() {
    let json = |status: u16, body: &str| Does::Answers(answer(status, "application/json", body));
    let pair = Pair::new("").await;
    // Empty is success for CBH alone, with or without a status that says so.
    for empty in [answer(200, "text/plain", ""), b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()] {
        check(&pair.run(Does::Answers(empty), CBH).await, "accepted", None, "CBH");
    }
    for operation in [NEST, BSS, KAFKA, AAD] {
        check(&pair.run(json(200, ""), operation).await, "unknown", Some("unreadable"), operation);
    }
    for (body, failure) in [
        (r#"{"RequestId":"R","Code":"ORDER.X","Message":"no","Success":false}"#, "refused"),
        (r#"{"RequestId":"R","Code":"ORDER.X","Message":"no"}"#, "refused"),
        (r#"{"RequestId":"R","Success":"false"}"#, "refused"),
        (r#"{"RequestId":"R","Code":"Throttling.User","Message":"no","Success":false}"#, "throttled"),
        (r#"{"RequestId":"R","Code":"SignatureDoesNotMatch","Message":"no","Success":false}"#, "credentials"),
    ] {
        let run = pair.run(json(200, body), BSS).await;
        check(&run, "refused", Some(failure), body);
        assert_eq!(run["answer"]["status"], 200);
    }
    let xml = "<?xml version='1.0'?><Error><RequestId>R-9</RequestId><Code>ResourceNotExists</Code><Message>a &amp; b</Message></Error>";
    let run = pair.run(Does::Answers(answer(400, "text/xml", xml)), BSS).await;
    check(&run, "refused", Some("refused"), "XML");
    assert_eq!(
        (run["answer"]["request_id"].as_str(), run["answer"]["body"].as_str()),
        (Some("R-9"), Some(xml))
    );
    let run = pair.run(json(429, r#"{"error_code":"X","error_msg":"m"}"#), AAD).await;
    check(&run, "refused", Some("throttled"), "429");
}

#[tokio::test]
async fn headers_and_markup_of_a_hostile_answer_stay_inert() {
    let body = r#"{"RequestId":"<script>alert(1)</script>","Code":"<img src=x onerror=alert(1)>","Message":"</script><script>alert(2)</script>","Recommend":"javascript:alert(3)","Success":false}"#;
    let headers = [
        ("content-type", "text/html"),
        ("set-cookie", "session=stolen"),
        ("location", "http://evil.example/"),
        ("access-control-allow-origin", "*"),
        ("content-security-policy", "default-src *"),
        ("clear-site-data", "\"*\""),
        ("x-canary", "5f3a"),
        ("refresh", "0; url=http://evil.example/"),
    ];
    let cloud = FakeCloud::start(Does::Answers(answer_with(400, &headers, body))).await;
    let console = console_at(&cloud).await;
    let run = console.upgrade(NEST, &cases::nest(1)).await;
    check(&run, "refused", Some("refused"), "hostile");
    assert_eq!(run["answer"]["recommend"], Value::Null, "only the vendor's own pages are linked");
    assert_eq!(run["answer"]["body"], body, "the body is shown as it came, as text");
    let plan = console.plan(NEST, &cases::nest(1)).await;
    let id = run["id"].as_str().unwrap();
    let replies = [
        console.get(&format!("/api/runs/{id}")).await,
        console.get(&format!("/api/runs/{id}/events")).await,
        console.get("/api/runs").await,
        console.post(&format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap()), &json!({})).await,
    ];
    for reply in replies {
        assert_eq!(reply.status, 200, "{}", reply.text);
        assert!(["application/json", "text/event-stream"].contains(&reply.header("content-type")));
        assert!(reply.header("content-security-policy").starts_with("default-src 'none'"));
        for name in [
            "set-cookie",
            "location",
            "access-control-allow-origin",
            "clear-site-data",
            "x-canary",
            "refresh",
        ] {
            assert!(!reply.headers.contains_key(name), "{name}");
        }
    }
}

#[tokio::test]
async fn a_refusal_that_repeats_the_request_is_cleaned() {
    let password = "Sw0rd\"fi sh\\+/密";
    let pointer = "/Parameters/InstancePassword";
    let cloud = FakeCloud::start(Does::Echoes).await;
    let console = console_at(&cloud).await;
    let mut parameters = cases::nest(2);
    parameters["Parameters"] = json!({"EcsInstanceType": "ecs.g7.large"});
    let plan = console
        .plan_with(json!({"operation": NEST, "profile": "demo-alibaba", "parameters": parameters,
            "secrets": {pointer: password}, "secret_pointers": [pointer]}))
        .await;
    let dry = console
        .post(
            &format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap()),
            &json!({"secrets": {pointer: password}}),
        )
        .await
        .expect(200);
    let run = console.confirm(&plan, &json!({pointer: password})).await.expect(201).json();
    let run = console.settled(&run).await;
    check(&run, "refused", Some("credentials"), "echo");
    let huawei = console.upgrade(AAD, &cases::aad(1)).await;
    let sent = cloud.requests();
    assert_eq!(sent.len(), 3);
    for (said, request) in [(dry.text, &sent[0]), (run.to_string(), &sent[1]), (huawei.to_string(), &sent[2])]
    {
        assert!(said.contains("CanonicalRequest"), "the rest of the message is kept: {said}");
        let signature = request.split("Signature=").nth(1).unwrap().split("\r\n").next().unwrap();
        assert!(signature.len() == 64, "{signature}");
        for (what, secret) in [
            ("signature", signature),
            ("access key", simulator::ALIBABA.access_key),
            ("access key", simulator::HUAWEI.access_key),
            ("secret", "Sw0rd"),
        ] {
            assert!(!said.contains(secret), "{what}: {said}");
        }
    }
}

#[tokio::test]
async fn each_changing_call_has_a_connection_of_its_own_and_reads_share_one() {
    let cloud =
        FakeCloud::start(Does::Answers(answer(200, "application/json", r#"{"RequestId":"R-1"}"#))).await;
    let console = console_at(&cloud).await;
    for number in 1..=3 {
        let run = console.upgrade(AAD, &cases::aad(number)).await;
        check(&run, "accepted", None, "AAD");
    }
    assert_eq!((cloud.connections(), cloud.requests().len()), (3, 3));
    for number in 1..=3 {
        let plan = console.plan(NEST, &cases::nest(number)).await;
        console
            .post(&format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap()), &json!({}))
            .await
            .expect(200);
    }
    assert_eq!((cloud.connections(), cloud.requests().len()), (4, 6), "three reads on one connection");
    console.upgrade(AAD, &cases::aad(5)).await;
    assert_eq!(
        (cloud.connections(), cloud.requests().len()),
        (5, 7),
        "a change does not ride on a read's connection"
    );
    for request in cloud.requests() {
        let head = request.to_ascii_lowercase();
        assert!(head.contains("\r\naccept-encoding: identity\r\n"), "{request}");
        assert!(
            !head.contains("cookie") && !head.contains("x-forwarded") && !head.contains("expect:"),
            "{request}"
        );
        assert_eq!(head.matches("\r\nhost:").count(), 1, "{request}");
    }
}

#[tokio::test]
async fn a_cloud_that_does_not_speak_tls_gets_nothing() {
    let cloud = FakeCloud::start(Does::AnswersAndCloses(answer(200, "application/json", ACCEPTED))).await;
    let config = config_for(&format!("https://{}", cloud.address), "");
    let console = Console::with(&config, |_| None).await;
    let run = console.upgrade(KAFKA, &cases::kafka(1)).await;
    assert_eq!(
        (run["state"].as_str(), run["failure"].as_str()),
        (Some("not_sent"), Some("unreachable")),
        "{run}"
    );
    assert_eq!(cloud.requests().len(), 0);
}

#[tokio::test]
async fn reads_of_a_port_that_never_speaks_tls_end_with_the_limit_of_connecting() {
    // The system takes connections for it; nobody ever reads what comes.
    let silent = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let endpoint = format!("https://{}", silent.local_addr().unwrap());
    let config = config_for(&endpoint, "connect_seconds = 1\nanswer_seconds = 3600\n");
    let console = Console::with(&config, |_| None).await;
    let asked = async {
        let choices = json!({"profile": "demo-alibaba", "field": "InstanceId"});
        let reply = console.post(&format!("/api/operations/{KAFKA}/choices"), &choices).await.expect(502);
        assert!(reply.text.contains("cannot be reached"), "{}", reply.text);
        let plan = console.plan(NEST, &cases::nest(1)).await;
        let dry_run = format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap());
        let reply = console.post(&dry_run, &json!({})).await.expect(502);
        assert!(reply.text.contains("cannot be reached"), "{}", reply.text);
    };
    tokio::time::timeout(std::time::Duration::from_secs(120), asked).await.expect("the limit of connecting");
}

#[tokio::test]
async fn a_hung_cloud_takes_no_other_profiles_places() {
    let cloud = FakeCloud::start(Does::Hangs).await;
    let huawei = "[[profiles]]\nname = \"demo-huawei\"\ncloud = \"huawei\"\nmode = \"simulated\"\nregion = \"cn-north-4\"\n";
    let config = format!(
        "{}[[profiles]]\nname = \"demo-alibaba\"\ncloud = \"alibaba\"\nmode = \"simulated\"\nregion = \"cn-hangzhou\"\nendpoint = \"http://{}\"\n{huawei}",
        crate::support::ROOMY,
        cloud.address
    );
    let console = Console::with(&config, |_| None).await;
    let mut plans = Vec::new();
    for number in 1..=12 {
        plans.push(console.plan(BSS, &cases::bss(number)).await);
    }
    // More than one profile may have under way; the others wait, and so do the looks before them.
    let none = json!({});
    let confirming = futures_util::future::join_all(plans.iter().map(|plan| console.confirm(plan, &none)));
    let others = async {
        for _ in 0..8 {
            cloud.request_arrived().await;
        }
        let run = console.upgrade(AAD, &cases::aad(1)).await;
        check(&run, "accepted", None, "the other cloud");
        assert_eq!(cloud.requests().len(), 8);
        console.get("/healthz").await.expect(200);
    };
    tokio::select! {
        () = others => {}
        () = async { confirming.await; std::future::pending().await } => {}
    }
}

#[tokio::test]
async fn proxies_of_the_environment_are_not_used() {
    let cloud = FakeCloud::start(Does::Answers(answer(200, "application/json", ACCEPTED))).await;
    let between = FakeCloud::start(Does::Answers(answer(200, "application/json", ACCEPTED))).await;
    let proxy = format!("http://{}", between.address);
    let variables: Vec<(&str, &str)> =
        ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
            .into_iter()
            .map(|name| (name, proxy.as_str()))
            .collect();
    let program = Program::serve(&cloud.config(""), &variables).await;
    let http = Http::new(program.address);
    let run = http.upgrade(KAFKA, &cases::kafka(1)).await;
    check(&run, "accepted", None, "with proxies in the environment");
    let plan = http.plan(NEST, &cases::nest(1)).await;
    http.post(&format!("/api/plans/{}/dry-run", plan["id"].as_str().unwrap()), &json!({})).await.expect(200);
    assert_eq!((cloud.requests().len(), between.connections()), (2, 0));
}
