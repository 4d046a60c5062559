//! Who the person is: whom the portal names, and nobody whom anyone else names.

use crate::{
    cases::{AAD, aad},
    program::{Program, run},
    raw,
    support::{Console, Http, ROOMY, Reply, confirmation, runs_of},
};
use http::Request;
use serde_json::{Value, json};
use std::path::PathBuf;

const SECRET: &str = "canary-0f7b3a5c9e1d2468ace013579bdf2468";
const SECRET_HEADER: &str = "x-upgrade-console-secret";
const USER: &str = "x-forwarded-user";

/// The table of a console behind a portal that connects from these addresses. Limits go before it.
fn identity(peers: &str) -> String {
    format!(
        "[identity]\nmode = \"forwarded\"\ntrusted_peers = [{peers}]\n\
         secret = {{ source = \"env\", name = \"PORTAL_SECRET\" }}\n"
    )
}

fn variable(name: &str) -> Option<String> {
    (name == "PORTAL_SECRET").then(|| SECRET.to_owned())
}

async fn console_with(limits: &str, peers: &str) -> Console {
    Console::with(&format!("allowed_hosts = [\"portal.example\"]\n{limits}{}", identity(peers)), variable)
        .await
}

async fn console() -> Console {
    console_with(ROOMY, "\"127.0.0.1\"").await
}

/// A read with these headers.
async fn get(http: &Http, path: &str, headers: &[(&str, &str)]) -> Reply {
    let request = headers
        .iter()
        .fold(Request::get(http.url(path)), |request, (name, value)| request.header(*name, *value));
    http.send(request, "").await
}

async fn post(http: &Http, path: &str, user: &str, body: &Value) -> Reply {
    let request = Request::post(http.url(path))
        .header("content-type", "application/json")
        .header("x-upgrade-console", "1")
        .header(SECRET_HEADER, SECRET)
        .header(USER, user);
    http.send(request, body.to_string()).await
}

#[tokio::test]
async fn whom_the_portal_names_is_on_the_plan_the_run_and_the_record() {
    let console = console().await;
    let session = get(
        &console,
        "/api/session",
        &[
            (SECRET_HEADER, SECRET),
            (USER, "li.ming"),
            ("x-forwarded-email", "li.ming@example.com"),
            ("x-forwarded-preferred-username", "李明"),
            ("x-forwarded-groups", "operators, approvers"),
        ],
    )
    .await
    .expect(200)
    .json();
    assert_eq!((&session["user"], &session["identity"]), (&json!("li.ming"), &json!("forwarded")));
    assert_eq!(
        (&session["display_name"], &session["email"]),
        (&json!("李明"), &json!("li.ming@example.com"))
    );
    assert_eq!(session["groups"], json!(["operators", "approvers"]));

    let body = json!({"operation": AAD, "profile": "demo-huawei", "parameters": aad(1)});
    let plan = post(&console, "/api/plans", "li.ming", &body).await.expect(201).json();
    assert_eq!(plan["created_by"], "li.ming");
    // Whoever confirms is on the run, whoever planned.
    let run = post(&console, &runs_of(&plan), "wang.fang", &confirmation(&plan, &json!({})))
        .await
        .expect(201)
        .json();
    assert_eq!(run["user"], "wang.fang");
    let records = get(&console, "/api/records", &[(SECRET_HEADER, SECRET), (USER, "li.ming")]).await.json();
    assert_eq!(records["items"][0]["user"], "wang.fang");
}

#[tokio::test]
async fn a_name_from_an_address_that_is_not_trusted_is_nobodys() {
    let console = console_with(ROOMY, "\"10.1.0.0/16\", \"::1\"").await;
    for headers in [
        vec![(SECRET_HEADER, SECRET), (USER, "admin")],
        vec![
            (SECRET_HEADER, SECRET),
            (USER, "admin"),
            ("x-forwarded-for", "10.1.2.3"),
            ("x-real-ip", "10.1.2.3"),
        ],
        vec![(SECRET_HEADER, SECRET), (USER, "admin"), ("forwarded", "for=10.1.2.3")],
    ] {
        let reply = get(&console, "/api/session", &headers).await.expect(401);
        assert_eq!(reply.code(), "not_signed_in");
    }
}

#[tokio::test]
async fn without_the_portals_secret_nobody_is_believed() {
    let console = console().await;
    let longer = format!("{SECRET}0");
    let other = SECRET.replace('0', "1");
    for (what, headers) in [
        ("nothing", vec![]),
        ("no secret", vec![(USER, "admin")]),
        ("an empty one", vec![(SECRET_HEADER, ""), (USER, "admin")]),
        ("a shorter one", vec![(SECRET_HEADER, &SECRET[1..]), (USER, "admin")]),
        ("a longer one", vec![(SECRET_HEADER, &longer), (USER, "admin")]),
        ("another one", vec![(SECRET_HEADER, &other), (USER, "admin")]),
        ("two of them", vec![(SECRET_HEADER, SECRET), (SECRET_HEADER, SECRET), (USER, "admin")]),
        ("the secret and no name", vec![(SECRET_HEADER, SECRET)]),
    ] {
        let reply = get(&console, "/api/session", &headers).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (401, "not_signed_in"), "{what}");
        assert_eq!(reply.header("www-authenticate"), "Portal", "{what}");
        assert!(!reply.text.contains("admin") && !reply.text.contains("canary"), "{what}: {}", reply.text);
    }
    let chinese = get(&console, "/api/session", &[("accept-language", "zh-CN")]).await.expect(401).json();
    assert_eq!(chinese["title"], "您尚未登录");
}

#[tokio::test]
async fn everything_but_the_health_of_the_service_needs_a_person() {
    let console = console().await;
    for open in ["/healthz", "/readyz"] {
        console.get(open).await.expect(200);
    }
    for closed in [
        "/",
        "/runs",
        "/api/session",
        "/api/openapi.json",
        "/api/runs",
        "/api/records?format=jsonl",
        "/api/nothing",
        "/healthz/",
        "/healthz/..%2fapi/runs",
        "/healthz%2f..%2fapi/runs",
        "//healthz",
        "/readyz/x",
    ] {
        console.get(closed).await.expect(401);
    }
    // From a client that does not tidy its paths.
    for target in ["/healthz/../api/runs", "/healthz;/api/runs", "/api/runs/healthz"] {
        let host = console.address;
        let request = format!("GET {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
        assert_eq!(raw::exchange(host, request.as_bytes()).await.status(), 401, "{target}");
    }
    console.post("/healthz", &json!({})).await.expect(401);
    console.post("/api/plans", &json!({})).await.expect(401);
    assert_eq!(console.calls().len(), 0);
}

#[tokio::test]
async fn a_name_that_can_be_read_in_two_ways_is_refused() {
    let console = console().await;
    let long = "a".repeat(257);
    for (what, more) in [
        ("two names", vec![(USER, "li.ming"), (USER, "admin")]),
        ("twice the same name", vec![(USER, "li.ming"), (USER, "li.ming")]),
        ("a list", vec![(USER, "li.ming,admin")]),
        ("an empty name", vec![(USER, "")]),
        ("nothing but spaces", vec![(USER, "   ")]),
        ("a tab", vec![(USER, "li\tming")]),
        ("a letter that looks like another", vec![(USER, "аdmin")]),
        ("a long name", vec![(USER, long.as_str())]),
        ("an underscore", vec![(USER, "li.ming"), ("x_forwarded_user", "admin")]),
        (
            "two email addresses",
            vec![(USER, "li.ming"), ("x-forwarded-email", "a@b"), ("x-forwarded-email", "c@d")],
        ),
        ("two groups", vec![(USER, "li.ming"), ("x-forwarded-groups", "a"), ("x-forwarded-groups", "b")]),
        ("a control character", vec![(USER, "li.ming"), ("x-forwarded-preferred-username", "a\u{85}b")]),
        ("a header for the next hop", vec![(USER, "li.ming"), ("connection", "close, X-Forwarded-User")]),
    ] {
        let mut headers = vec![(SECRET_HEADER, SECRET)];
        headers.extend(more);
        let reply = get(&console, "/api/session", &headers).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (400, "bad_identity"), "{what}");
        assert!(!reply.text.contains("admin"), "{what}: {}", reply.text);
    }
    // What is wrong with a name is not told to those who may not name anybody.
    get(&console, "/api/session", &[(USER, "a"), (USER, "b")]).await.expect(401);
}

#[tokio::test]
async fn the_portals_other_headers_say_nothing() {
    let console = console().await;
    let plain =
        get(&console, "/api/session", &[(SECRET_HEADER, SECRET), (USER, "li.ming")]).await.expect(200);
    let dressed = get(
        &console,
        "/api/session",
        &[
            (SECRET_HEADER, SECRET),
            (USER, "li.ming"),
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-host", "evil.example"),
            ("x-forwarded-proto", "https"),
            ("x-original-url", "/admin"),
            ("x-auth-request-user", "admin"),
        ],
    )
    .await
    .expect(200);
    let without_time = |reply: &Reply| {
        let mut body = reply.json();
        body.as_object_mut().unwrap().shift_remove("now");
        body
    };
    assert_eq!(without_time(&dressed), without_time(&plain));
}

#[tokio::test]
async fn limits_count_for_each_person() {
    let console = console_with("[limits]\nreads_per_minute = 2\n", "\"127.0.0.0/8\"").await;
    let ask = async |user: &str| {
        get(&console, "/api/runs", &[(SECRET_HEADER, SECRET), (USER, user)]).await.status.as_u16()
    };
    assert_eq!([ask("li.ming").await, ask("Li.Ming").await, ask("LI.MING").await], [200, 200, 429]);
    assert_eq!(ask("wang.fang").await, 200);
    // Knocking without a name costs nobody anything.
    for _ in 0..5 {
        console.get("/api/runs").await.expect(401);
    }
    assert_eq!(ask("wang.fang").await, 200);
}

#[tokio::test]
async fn headers_go_by_the_names_that_the_configuration_gives_them() {
    let config = format!(
        "allowed_hosts = [\"portal.example\"]\n{ROOMY}{}secret_header = \"X-Portal-Proof\"\n\
         user_header = \"X-Auth-Request-Email\"\nemail_header = \"X-Auth-Request-Email\"\n",
        identity("\"127.0.0.1\"")
    );
    let console = Console::with(&config, variable).await;
    let headers =
        [("x-portal-proof", SECRET), ("x-auth-request-email", "li.ming@example.com"), (USER, "admin")];
    let session = get(&console, "/api/session", &headers).await.expect(200).json();
    assert_eq!(session["user"], "li.ming@example.com");
    get(&console, "/api/session", &[(SECRET_HEADER, SECRET), (USER, "admin")]).await.expect(401);
}

/// A file with the portal's secret for one test.
struct SecretFile(PathBuf);

impl SecretFile {
    fn new(content: &str, mode: u32) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let name = format!("portal-secret-{}-{mode:o}-{}", std::process::id(), content.len());
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        Self(path)
    }

    fn config(&self) -> String {
        format!(
            "listen = \"127.0.0.1:0\"\nallowed_hosts = [\"portal.example\"]\n[log]\nlevel = \"debug\"\n[identity]\nmode = \"forwarded\"\n\
             trusted_peers = [\"127.0.0.1\"]\nsecret = {{ source = \"file\", path = \"{}\" }}\n",
            self.0.display()
        )
    }
}

impl Drop for SecretFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn the_secret_is_in_no_answer_no_log_and_no_file() {
    let file = SecretFile::new(&format!("{SECRET}\n"), 0o600);
    let program = Program::serve(&file.config(), &[]).await;
    let http = Http::new(program.address);
    let mut received = String::new();
    let body = json!({"operation": AAD, "profile": "demo-huawei", "parameters": aad(1)});
    let plan = post(&http, "/api/plans", "li.ming", &body).await.expect(201);
    let run = post(&http, &runs_of(&plan.json()), "li.ming", &confirmation(&plan.json(), &json!({})))
        .await
        .expect(201);
    let preview = json!({"profile": "demo-huawei", "parameters": aad(1)});
    for reply in [
        post(&http, &format!("/api/operations/{AAD}/preview"), "li.ming", &preview).await,
        get(
            &http,
            &format!("/api/runs/{}/events", run.json()["id"].as_str().unwrap()),
            &[(SECRET_HEADER, SECRET), (USER, "li.ming")],
        )
        .await,
        get(&http, "/api/session", &[(SECRET_HEADER, SECRET), (USER, "a,b")]).await,
        get(&http, "/api/session", &[(SECRET_HEADER, &format!("{SECRET}x")), (USER, "a")]).await,
        get(&http, "/", &[(SECRET_HEADER, SECRET), (USER, "li.ming")]).await,
        plan,
        run,
    ] {
        received.push_str(&reply.text);
        received.push_str(&format!("{:?}", reply.headers));
    }
    assert!(!received.contains("canary"), "{received}");
    for (name, content) in program.kept() {
        assert!(!content.contains("canary"), "{name}");
    }
    program.terminate();
    let (_, log) = program.ended().await;
    assert!(log.contains("a request without a person was refused"), "{log}");
    assert!(!log.contains("canary"), "{log}");
}

#[test]
fn check_says_what_is_wrong_with_the_identity_and_never_the_secret() {
    let check = |config: &str, variables: &[(&str, &str)]| run("check", config, variables);
    let good = SecretFile::new(SECRET, 0o600);
    let (well, said) = check(&good.config(), &[]);
    assert!(
        well && said.contains("identity: forwarded, by 127.0.0.1 with a secret, which is there"),
        "{said}"
    );

    let readable = SecretFile::new(SECRET, 0o644);
    let short = SecretFile::new("canary", 0o600);
    let config = format!(
        "listen = \"127.0.0.1:0\"\nallowed_hosts = [\"portal.example\"]\n{}",
        identity("\"127.0.0.1\"")
    );
    let written_down =
        config.replace("{ source = \"env\", name = \"PORTAL_SECRET\" }", &format!("\"{SECRET}\""));
    let as_a_name = config.replace("PORTAL_SECRET", SECRET);
    for (config, variables, why) in [
        (readable.config(), vec![], "make it 0600"),
        (short.config(), vec![], "at least 32"),
        (config.clone(), vec![], "is not set or empty"),
        (
            config.clone(),
            vec![("PORTAL_SECRET", "canary with spaces, which no header would carry")],
            "no spaces",
        ),
        (written_down, vec![], "never stands in this file"),
        (as_a_name, vec![], "is not set or empty"),
    ] {
        let (well, said) = check(&config, &variables);
        assert!(!well && said.contains(why) && said.contains("secret`"), "{why}: {said}");
        assert!(!said.contains("canary"), "{why}: {said}");
        // What check finds, the start finds too.
        let (served, said) = run("serve", &config, &variables);
        assert!(!served && said.contains(why) && !said.contains("canary"), "{why}: {said}");
    }
}
