//! Attacks with what a request says: hosts, origins, types, targets, methods, paths (security.md A1 to A17).

use crate::{
    raw::{Wire, message},
    support::{Console, ROOMY},
    target::{HOST, JSON, OURS, Target},
};

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
