//! Attacks over raw sockets. Most of them carry a confirmation that would start a run if it were let through, so that
//! "refused" means that no run exists afterwards and the clouds have received nothing.

use crate::{
    cases::{self, AAD},
    raw::{self, HANG, Wire, exchange, message},
    support::{Console, ROOMY, confirmation, runs_of},
};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::timeout,
};

/// Limits under which closing is waited for by the second.
const SHORT: &str = "header_seconds = 1\nbody_seconds = 1\n";

struct Target {
    console: Console,
    host: String,
    path: String,
    body: String,
}

impl Target {
    /// A console with a plan whose confirmation only has to arrive.
    async fn new() -> Self {
        let console = Console::with(&format!("{ROOMY}{SHORT}"), |_| None).await;
        let plan = console.plan(AAD, &cases::aad(1)).await;
        Self {
            host: console.address.to_string(),
            path: runs_of(&plan),
            body: confirmation(&plan, &json!({})).to_string(),
            console,
        }
    }

    /// A confirmation with these lines in its head instead of the usual ones.
    fn confirmation(&self, lines: &[&str]) -> String {
        let length = format!("Content-Length: {}", self.body.len());
        let start = format!("POST {} HTTP/1.1", self.path);
        let mut head = vec![start.as_str()];
        head.extend(lines);
        head.extend([length.as_str(), "Connection: close"]);
        message(&head, &self.body).replace("{host}", &self.host)
    }

    async fn sends(&self, bytes: &str) -> Wire {
        exchange(self.console.address, bytes.replace("{host}", &self.host).as_bytes()).await
    }

    /// Nothing was started, and the server goes on.
    async fn is_unharmed(&self, what: &str) {
        assert_eq!(self.console.changing_calls(), 0, "{what}");
        let runs = self.console.get("/api/runs").await.expect(200).json();
        assert_eq!(runs["items"], json!([]), "{what}");
        self.console.get("/healthz").await.expect(200);
    }
}

const JSON: &str = "Content-Type: application/json";
const OURS: &str = "X-Upgrade-Console: 1";
const HOST: &str = "Host: {host}";

#[tokio::test]
async fn the_same_confirmation_without_an_attack_goes_through() {
    for lines in [
        vec![HOST, JSON, OURS],
        vec![HOST, "Content-Type: application/json; charset=utf-8", OURS],
        vec![HOST, JSON, OURS, "Sec-Fetch-Site: same-origin", "Origin: http://{host}"],
        vec!["HOST: {host}", "content-TYPE: Application/JSON", "x-upgrade-CONSOLE: 1"],
    ] {
        let target = Target::new().await;
        let answer = target.sends(&target.confirmation(&lines)).await;
        assert_eq!(answer.status(), 201, "{lines:?} {}", answer.0);
    }
    let target = Target::new().await;
    let port = target.console.address.port();
    let host = format!("Host: LOCALHOST:{port}");
    assert_eq!(target.sends(&target.confirmation(&[&host, JSON, OURS])).await.status(), 201);
}

#[tokio::test]
async fn foreign_hosts_origins_and_types_start_nothing() {
    let target = Target::new().await;
    let port = target.console.address.port();
    let table: Vec<(Vec<String>, u16)> = [
        // A1 to A4: exactly one host, one of ours.
        (vec!["Host: evil.example"], 421),
        (vec![], 400),
        (vec!["Host: "], 421),
        (vec!["Host: {host}", "Host: evil.example"], 400),
        (vec!["Host: evil.example", "Host: {host}"], 400),
        (vec!["Host: {host}", "Host: {host}"], 400),
        (vec!["Host: {host}.evil.example"], 421),
        (vec!["Host: 127.0.0.1"], 421),
        (vec!["Host: 127.0.0.1:99999"], 421),
        (vec!["Host: localhost.:{port}"], 421),
        (vec!["Host: [::1]"], 421),
        (vec!["Host: good@{host}"], 421),
        (vec!["Host: {host}@evil.example"], 421),
        (vec!["Host: {host}, evil.example"], 421),
        (vec!["Host: {host}/"], 421),
        (vec!["Host: 0.0.0.0:{port}"], 421),
        (vec!["Host: 127.1:{port}"], 421),
        // A6, A7, A30: JSON, said once, not compressed.
        (vec![HOST, OURS], 415),
        (vec![HOST, OURS, "Content-Type: text/plain"], 415),
        (vec![HOST, OURS, "Content-Type: text/plain; x=application/json"], 415),
        (vec![HOST, OURS, "Content-Type: application/x-www-form-urlencoded"], 415),
        (vec![HOST, OURS, "Content-Type: application/json; charset=utf-7"], 415),
        (vec![HOST, OURS, "Content-Type: application/json, text/plain"], 415),
        (vec![HOST, OURS, JSON, JSON], 415),
        (vec![HOST, OURS, JSON, "Content-Encoding: gzip"], 415),
        (vec![HOST, OURS, JSON, "Content-Encoding: identity"], 415),
        // A8, A9: our own page or a program.
        (vec![HOST, JSON], 403),
        (vec![HOST, JSON, "X-Upgrade-Console: 0"], 403),
        (vec![HOST, JSON, OURS, OURS], 403),
        (vec![HOST, JSON, OURS, "Sec-Fetch-Site: cross-site"], 403),
        (vec![HOST, JSON, OURS, "Sec-Fetch-Site: same-site"], 403),
        (vec![HOST, JSON, OURS, "Sec-Fetch-Site: none"], 403),
        (vec![HOST, JSON, OURS, "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"], 403),
        (vec![HOST, JSON, OURS, "Origin: null"], 403),
        (vec![HOST, JSON, OURS, "Origin: https://evil.example"], 403),
        (vec![HOST, JSON, OURS, "Origin: https://{host}"], 403),
        (vec![HOST, JSON, OURS, "Origin: http://127.0.0.1"], 403),
        (vec![HOST, JSON, OURS, "Origin: http://localhost:{port}"], 403),
        (vec![HOST, JSON, OURS, "Origin: http://{host}", "Origin: http://evil.example"], 403),
        (vec![HOST, JSON, OURS, "Sec-Fetch-Site: same-origin", "Origin: http://evil.example"], 403),
        // A31: refused from the head alone, without asking for the body.
        (vec![HOST, OURS, "Content-Type: text/plain", "Expect: 100-continue"], 415),
    ]
    .into_iter()
    .map(|(lines, status)| {
        (lines.into_iter().map(|line| line.replace("{port}", &port.to_string())).collect(), status)
    })
    .collect();
    for (lines, status) in &table {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let answer = target.sends(&target.confirmation(&lines)).await;
        assert_eq!((answer.status(), answer.answers()), (*status, 1), "{lines:?}\n{}", answer.0);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{lines:?}");
    }
    target.is_unharmed("heads").await;
}

#[tokio::test]
async fn a_target_is_a_path() {
    let target = Target::new().await;
    let authority = &target.host;
    for (line, status) in [
        ("GET http://evil.example/api/session HTTP/1.1".to_owned(), 400),
        (format!("GET http://{authority}/api/session HTTP/1.1"), 400),
        ("CONNECT evil.example:443 HTTP/1.1".to_owned(), 400),
        (format!("CONNECT {authority} HTTP/1.1"), 400),
        ("OPTIONS * HTTP/1.1".to_owned(), 400),
        ("GET evil HTTP/1.1".to_owned(), 400),
        ("GET /api/session HTTP/3.0".to_owned(), 400),
        ("GET /api/session".to_owned(), 400),
    ] {
        let answer = target.sends(&message(&[&line, HOST, "Connection: close"], "")).await;
        assert_eq!(answer.status(), status, "{line} {}", answer.0);
    }
    target.is_unharmed("targets").await;
}

#[tokio::test]
async fn headers_of_proxies_change_nothing() {
    let target = Target::new().await;
    let plain = target.sends(&message(&["GET /api/profiles HTTP/1.1", HOST, "Connection: close"], "")).await;
    let body = |wire: &Wire| wire.0.split("\r\n\r\n").nth(1).unwrap().to_owned();
    for header in [
        "X-Forwarded-Host: evil://ecs.aliyuncs.com",
        "X-Forwarded-Proto: https",
        "X-Forwarded-User: admin",
        "Forwarded: host=evil",
        "X-Original-URL: /admin",
        "X-Rewrite-URL: /api/runs",
        "X-HTTP-Method-Override: POST",
    ] {
        let answer = target
            .sends(&message(&["GET /api/profiles HTTP/1.1", HOST, header, "Connection: close"], ""))
            .await;
        assert_eq!((answer.status(), body(&answer)), (200, body(&plain)), "{header}");
    }
}

#[tokio::test]
async fn methods_that_a_path_does_not_have_are_named_and_do_nothing() {
    let target = Target::new().await;
    let runs = target.path.clone();
    for (method, path, allow) in [
        ("GET", "/api/plans?operation=aad.UpgradeInstanceSpec&profile=demo-huawei", "POST"),
        ("HEAD", "/api/plans", "POST"),
        ("PUT", "/api/plans", "POST"),
        ("PATCH", "/api/plans", "POST"),
        ("DELETE", "/api/session", "GET,HEAD"),
        ("TRACE", "/api/session", "GET,HEAD"),
        ("OPTIONS", "/api/session", "GET,HEAD"),
        ("OPTIONS", "/api/plans", "POST"),
        ("PROPFIND", "/api/runs", "GET,HEAD"),
        ("GET", &runs, "POST"),
        ("PUT", &runs, "POST"),
        ("TRACE", "/healthz", "GET,HEAD"),
        ("TRACE", "/", "GET,HEAD"),
    ] {
        for more in [vec![], vec![JSON, OURS], vec!["X-HTTP-Method-Override: POST"]] {
            let start = format!("{method} {path} HTTP/1.1");
            let mut head = vec![start.as_str(), HOST, "X-Canary: 5f3a", "Connection: close"];
            head.extend(&more);
            let answer = target.sends(&message(&head, "")).await;
            assert_eq!(answer.status(), 405, "{method} {path} {more:?}\n{}", answer.0);
            assert_eq!(answer.header("allow"), Some(allow), "{method} {path}");
            assert!(!answer.0.contains("5f3a"), "nothing is traced back: {}", answer.0);
        }
    }
    let head = target.sends(&message(&["HEAD /api/session HTTP/1.1", HOST, "Connection: close"], "")).await;
    assert_eq!((head.status(), head.0.split("\r\n\r\n").nth(1)), (200, Some("")));
    target.is_unharmed("methods").await;
}

#[tokio::test]
async fn no_answer_is_shared_with_another_origin_and_every_answer_is_guarded() {
    let target = Target::new().await;
    let preflight = [
        "Origin: https://evil.example",
        "Access-Control-Request-Method: POST",
        "Access-Control-Request-Headers: content-type,x-upgrade-console",
    ];
    let confirmed = target.confirmation(&[HOST, JSON, OURS]);
    let get = |path: &str, more: &[&str]| {
        let start = format!("GET {path} HTTP/1.1");
        let mut head = vec![start.as_str(), HOST, "Connection: close"];
        head.extend(more);
        message(&head, "")
    };
    let requests = [
        get("/", &["Accept: text/html"]),
        get("/runs", &preflight),
        get("/nothing", &[]),
        get("/nothing", &["Accept: text/html"]),
        get("/healthz", &preflight),
        get("/readyz", &[]),
        get("/api/session", &preflight),
        get("/api/operations", &preflight),
        get("/api/openapi.json", &[]),
        get("/api/runs/run_none/events", &[]),
        get("/api/runs?limit=x", &[]),
        get("/api/nothing", &[]),
        get("/api/runs/%ff", &[]),
        get("/api/session", &[]).replace("GET", "OPTIONS"),
        get("/api/session", &preflight).replace("GET", "OPTIONS"),
        get("/api/session", &[]).replace("{host}", "evil.example"),
        target.confirmation(&[HOST, JSON]),
        target.confirmation(&[HOST, OURS]),
        confirmed.clone(),
        confirmed,
    ];
    for request in requests {
        let answer = target.sends(&request).await;
        let lower = answer.0.to_ascii_lowercase();
        assert!(answer.status() >= 200, "{request}");
        assert!(!lower.contains("access-control-"), "{request}\n{}", answer.0);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), Some(value), "{request}\n{}", answer.0);
        }
        let policy = answer.header("content-security-policy").unwrap_or_default();
        for part in
            ["default-src 'none'", "frame-ancestors 'none'", "form-action 'none'", "connect-src 'self'"]
        {
            assert!(policy.contains(part), "{request}\n{}", answer.0);
        }
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert_eq!((answer.header("server"), answer.header("set-cookie")), (None, None), "{request}");
        if request.contains(" /api/") {
            assert_eq!(answer.header("cache-control"), Some("no-store"), "{request}\n{}", answer.0);
            let kind = answer.header("content-type").unwrap_or_default();
            assert!(
                ["application/json", "application/problem+json", "text/event-stream"].contains(&kind),
                "{request}\n{}",
                answer.0
            );
        }
    }
}

#[tokio::test]
async fn only_health_is_open_around_health_and_only_our_files_are_served() {
    let target = Target::new().await;
    let get = |path: &str| message(&[&format!("GET {path} HTTP/1.1"), HOST, "Connection: close"], "");
    for path in ["/healthz", "/healthz?x=1", "/healthz#x", "/readyz"] {
        assert_eq!(target.sends(&get(path)).await.status(), 200, "{path}");
    }
    let with_body =
        message(&["GET /healthz HTTP/1.1", HOST, "Content-Length: 5", "Connection: close"], "hello");
    let answer = target.sends(&with_body).await;
    assert_eq!((answer.status(), answer.answers()), (200, 1));
    for path in [
        "/healthz/../api/session",
        "/healthz%2f..%2fapi/session",
        "/healthz/",
        "/HEALTHZ",
        "/api/../healthz",
        "/../Cargo.toml",
        "/%2e%2e/Cargo.toml",
        "/..%2fCargo.toml",
        "/....//Cargo.toml",
        "//etc/passwd",
        "//api/session",
        "/etc/passwd",
        "/.git/config",
        "/assets/",
        "/assets/..%5c",
        "/assets/..\\..\\Cargo.toml",
        "/index.html",
        "/index.html.br",
        "/src/main.rs",
        "/proxy/src/main.rs",
        "/api",
        "/api/",
        "/api/session/",
        "/api/plans/../session",
        "/metrics/..",
        "/\u{0}",
        "/%00",
    ] {
        let answer = target.sends(&get(path)).await;
        assert!(matches!(answer.status(), 404 | 400), "{path} {}", answer.0);
        assert!(!answer.0.contains("[package]") && !answer.0.contains("root:"), "{path}");
    }
    target.is_unharmed("paths").await;
}

#[tokio::test]
async fn what_is_too_large_is_refused_early() {
    let target = Target::new().await;
    let many = (0..65).map(|number| format!("X-{number}: x")).collect::<Vec<_>>();
    let wide = format!("X-Wide: {}", "w".repeat(17 * 1024));
    let wider = format!("X-Wider: {}", "w".repeat(200 * 1024));
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (lines, what) in
        [(many, "65 fields"), (vec![wide.as_str()], "17 KiB"), (vec![wider.as_str()], "200 KiB")]
    {
        let mut head = vec![HOST, JSON, OURS];
        head.extend(lines);
        let answer = target.sends(&target.confirmation(&head)).await;
        assert_eq!(answer.status(), 431, "{what} {}", answer.0);
    }
    for length in [2 * 1024, 3 * 1024, 12 * 1024] {
        let path = format!("GET /api/runs?q={} HTTP/1.1", "q".repeat(length));
        let answer = target.sends(&message(&[&path, HOST, "Connection: close"], "")).await;
        assert_eq!(answer.status(), 414, "{length} {}", answer.0);
    }
    let at_limit = 64 * 1024;
    for (length, status) in [(at_limit, 400), (at_limit + 1, 413)] {
        let declared = format!("Content-Length: {length}");
        let start = format!("POST {} HTTP/1.1", target.path);
        let head = [start.as_str(), HOST, JSON, OURS, &declared, "Connection: close"];
        let answer = target.sends(&message(&head, &" ".repeat(length))).await;
        assert_eq!(answer.status(), status, "{length} {}", answer.0);
        // In chunks nothing is declared, and the reading stops at the limit all the same.
        let head = [start.as_str(), HOST, JSON, OURS, "Transfer-Encoding: chunked", "Connection: close"];
        let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
        let rest = length % 0x1000;
        let body = chunk.repeat(length / 0x1000) + &format!("{rest:x}\r\n{}\r\n", " ".repeat(rest));
        let body = if rest == 0 { chunk.repeat(length / 0x1000) } else { body };
        let answer = target.sends(&message(&head, &format!("{body}0\r\n\r\n"))).await;
        assert_eq!(answer.status(), status, "{length} in chunks {}", answer.0);
    }
    // Ten gigabytes are announced and nothing comes: the answer does not wait for them.
    let start = format!("POST {} HTTP/1.1", target.path);
    for more in [vec![], vec!["Expect: 100-continue"]] {
        let mut head = vec![start.as_str(), HOST, JSON, OURS, "Content-Length: 10000000000"];
        head.extend(more);
        let answer = target.sends(&message(&head, "")).await;
        assert_eq!((answer.status(), answer.answers()), (413, 1), "{}", answer.0);
    }
    target.is_unharmed("sizes").await;
}

#[tokio::test]
async fn two_readings_of_one_message_are_none() {
    let target = Target::new().await;
    let inner = target.confirmation(&[HOST, JSON, OURS]);
    let start = format!("POST {} HTTP/1.1", target.path);
    let length = format!("Content-Length: {}", target.body.len());
    let longer = format!("Content-Length: {}", target.body.len() + 1);
    let chunked = "Transfer-Encoding: chunked";
    let whole = format!("{:x}\r\n{}\r\n0\r\n\r\n", target.body.len(), target.body);
    let chunk_of = |size: &str| format!("{size}\r\n{}\r\n0\r\n\r\n", target.body);
    let size = target.body.len();
    let table: Vec<(&str, Vec<&str>, String)> = vec![
        ("two lengths", vec![&length, &longer], target.body.clone()),
        ("a list of lengths", vec!["Content-Length: 5, 6"], target.body.clone()),
        ("a signed length", vec!["Content-Length: +5"], target.body.clone()),
        ("another coding", vec!["Transfer-Encoding: xchunked"], whole.clone()),
        ("chunked twice", vec!["Transfer-Encoding: chunked, identity"], whole.clone()),
        ("a space before the colon", vec!["Transfer-Encoding : chunked"], whole.clone()),
        ("a folded line", vec!["X-A: b\r\n c", &length], target.body.clone()),
        ("a NUL in a value", vec!["X-A: b\0c", &length], target.body.clone()),
        ("a CR in a value", vec!["X-A: b\rc", &length], target.body.clone()),
        ("a name with a space", vec!["X A: b", &length], target.body.clone()),
        ("a hexadecimal prefix", vec![chunked], chunk_of(&format!("0x{size:x}"))),
        ("a signed chunk size", vec![chunked], chunk_of(&format!("+{size:x}"))),
        ("a chunk size with a space", vec![chunked], chunk_of(&format!(" {size:x}"))),
        ("a chunk size of 17 digits", vec![chunked], chunk_of("fffffffffffffffff")),
        ("a chunk without its end", vec![chunked], format!("{size:x}\r\n{}XX0\r\n\r\n", target.body)),
    ];
    for (what, lines, body) in table {
        let mut head = vec![start.as_str(), HOST, JSON, OURS];
        head.extend(&lines);
        // A second request stands behind it, in case the first one ends elsewhere than it says.
        let second = inner.replace("X-Upgrade-Console: 1", "X-Upgrade-Console: no");
        let answer = target.sends(&(message(&head, &body) + &second)).await;
        assert!(answer.answers() <= 1, "{what}\n{}", answer.0);
        assert!(matches!(answer.status(), 0 | 400), "{what}\n{}", answer.0);
        target.is_unharmed(what).await;
    }
}

#[tokio::test]
async fn a_request_in_chunks_is_the_last_of_its_connection() {
    let chunked = "Transfer-Encoding: chunked";
    for more in [[chunked, "X-A: b"], [chunked, "Content-Length: 5"], ["Content-Length: 5", chunked]] {
        let target = Target::new().await;
        let start = format!("POST {} HTTP/1.1", target.path);
        let body = format!("{:x}\r\n{}\r\n0\r\n\r\n", target.body.len(), target.body);
        let head = [start.as_str(), HOST, JSON, OURS, more[0], more[1]];
        let second = message(&["GET /api/session HTTP/1.1", HOST], "");
        let answer = target.sends(&(message(&head, &body) + &second)).await;
        assert_eq!(
            (answer.answers(), answer.header("connection")),
            (1, Some("close")),
            "{more:?}\n{}",
            answer.0
        );
    }
}

#[tokio::test]
async fn a_request_in_the_body_of_a_refused_one_is_not_a_request() {
    let target = Target::new().await;
    let inner = target.confirmation(&[HOST, JSON, OURS]);
    let length = format!("Content-Length: {}", inner.len());
    let start = format!("POST {} HTTP/1.1", target.path);
    for lines in [vec![HOST, JSON], vec![HOST, OURS], vec!["Host: evil.example", JSON, OURS]] {
        let mut head = vec![start.as_str()];
        head.extend(&lines);
        head.push(&length);
        let answer = target.sends(&message(&head, &inner)).await;
        assert_eq!(answer.answers(), 1, "{}", answer.0);
        target.is_unharmed("inner").await;
    }
    // And one that follows is checked by itself.
    let refused = target.confirmation(&[HOST, JSON]).replace("Connection: close\r\n", "");
    let answer =
        target.sends(&(refused.clone() + &target.confirmation(&[HOST, JSON, "Origin: null", OURS]))).await;
    assert!(!answer.0.contains(" 201 "), "{}", answer.0);
    target.is_unharmed("pipelined").await;
}

#[tokio::test]
async fn other_protocols_are_not_spoken() {
    let target = Target::new().await;
    let answer = target.sends("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").await;
    assert!(matches!(answer.status(), 0 | 400), "{}", answer.0);
    for upgrade in ["h2c", "websocket"] {
        let lines = [
            "GET /api/session HTTP/1.1",
            HOST,
            &format!("Upgrade: {upgrade}"),
            "Connection: Upgrade, HTTP2-Settings, close",
            "HTTP2-Settings: AAMAAABkAAQAAP__",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Version: 13",
        ];
        let answer = target.sends(&message(&lines, "")).await;
        assert_eq!((answer.status(), answer.header("upgrade")), (200, None), "{}", answer.0);
    }
    let answer = target.sends("\x16\x03\x01\x02\x00\x01\x00\x01\u{fc}\x03\x03 not http\r\n\r\n").await;
    assert!(matches!(answer.status(), 0 | 400), "{}", answer.0);
    target.is_unharmed("protocols").await;
}

#[tokio::test]
async fn slow_heads_are_closed_while_others_are_served() {
    let target = Target::new().await;
    let mut slow = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(target.console.address).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHo").await.unwrap();
        slow.push(stream);
    }
    target.console.get("/healthz").await.expect(200);
    for mut stream in slow {
        // A byte now and then does not buy more time.
        let _ = stream.write_all(b"s").await;
        let answer = raw::read_to_end(&mut stream).await;
        assert!(matches!(answer.status(), 0 | 408), "{}", answer.0);
    }
    target.console.get("/healthz").await.expect(200);
}

#[tokio::test]
async fn slow_bodies_are_closed() {
    let target = Target::new().await;
    for declared in
        [format!("Content-Length: {}", target.body.len()), "Transfer-Encoding: chunked".to_owned()]
    {
        let mut stream = TcpStream::connect(target.console.address).await.unwrap();
        let start = format!("POST {} HTTP/1.1", target.path);
        let head = message(&[&start, HOST, JSON, OURS, &declared], "1\r\n{").replace("{host}", &target.host);
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = raw::read_to_end(&mut stream).await;
        assert_eq!(answer.status(), 408, "{}", answer.0);
    }
    // A body that ends early is not waited for.
    let half = target.confirmation(&[HOST, JSON, OURS]);
    let mut stream = TcpStream::connect(target.console.address).await.unwrap();
    stream.write_all(&half.as_bytes()[..half.len() - 10]).await.unwrap();
    stream.shutdown().await.unwrap();
    let answer = raw::read_to_end(&mut stream).await;
    assert!(matches!(answer.status(), 0 | 400), "{}", answer.0);
    target.is_unharmed("slow bodies").await;
}

#[tokio::test]
async fn a_client_that_takes_no_answer_loses_its_connection() {
    let target = Target::new().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4 * 1024).unwrap();
    let mut stream = socket.connect(target.console.address).await.unwrap();
    let request = format!("GET /api/openapi.json HTTP/1.1\r\nHost: {}\r\n\r\n", target.host);
    let requests = request.repeat(64);
    // Ask and ask, and never read: the server's answers fill every buffer, then it stops reading, then it gives up.
    let ended = timeout(HANG, async {
        loop {
            if let Err(error) = stream.write_all(requests.as_bytes()).await {
                return error.kind();
            }
        }
    })
    .await
    .expect("the server keeps a connection whose client never reads");
    assert!(
        matches!(ended, std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe),
        "{ended:?}"
    );
    target.is_unharmed("no reader").await;
}

#[tokio::test]
async fn connections_that_do_nothing_give_their_place_back() {
    // Long enough for five to come before the first of them is closed.
    let console = Console::with(&format!("{ROOMY}header_seconds = 5\nconnections = 4\n"), |_| None).await;
    let mut idle = Vec::new();
    for _ in 0..4 {
        idle.push(TcpStream::connect(console.address).await.unwrap());
    }
    // All four are taken before the fifth comes: it is turned away at once, not left waiting.
    let mut fifth = TcpStream::connect(console.address).await.unwrap();
    let _ = fifth.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(raw::read_to_end(&mut fifth).await.status(), 0);
    for mut stream in idle {
        let mut some = [0; 64];
        assert_eq!(timeout(HANG, stream.read(&mut some)).await.unwrap().unwrap_or_default(), 0);
    }
    console.get("/healthz").await.expect(200);
}

#[tokio::test]
async fn more_requests_than_places_are_told_to_come_again() {
    let console = Console::with(&format!("{ROOMY}in_flight = 1\n"), |_| None).await;
    // A body that is on its way holds the one place.
    let mut first = TcpStream::connect(console.address).await.unwrap();
    let head = format!(
        "POST /api/plans HTTP/1.1\r\nHost: {}\r\n{JSON}\r\n{OURS}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n",
        console.address
    );
    first.write_all(head.as_bytes()).await.unwrap();
    // The handler waits for the body when it has asked for it.
    raw::read_until(&mut first, "100 Continue").await;
    let reply = console.get("/api/session").await;
    assert_eq!((reply.status.as_u16(), reply.code().as_str()), (503, "overloaded"));
    assert_eq!(reply.header("retry-after"), "1");
    first.write_all(b"{}").await.unwrap();
    raw::read_until(&mut first, "HTTP/1.1 400").await;
    console.get("/api/session").await.expect(200);
}

#[tokio::test]
async fn a_base_path_moves_everything_and_leaves_nothing_behind() {
    let console = Console::with(&format!("base_path = \"/upgrade\"\n{ROOMY}"), |_| None).await;
    for path in ["/upgrade/healthz", "/upgrade/api/session", "/upgrade/api/openapi.json"] {
        console.get(path).await.expect(200);
    }
    for path in ["/api/session", "/healthz", "/upgradeapi/session", "/upgrade2/api/session"] {
        console.get(path).await.expect(404);
    }
    let reply = console.post_bytes("/upgrade/api/plans", "{}").await.expect(400);
    assert_eq!(reply.header("cache-control"), "no-store");
    let request = http::Request::post(console.url("/upgrade/api/plans")).header("content-type", "text/plain");
    console.send(request, "{}").await.expect(415);
}
