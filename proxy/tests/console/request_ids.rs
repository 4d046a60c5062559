//! Each request has an id by which the log tells of it, and a handler that fails is answered.

use crate::support::{Console, Http};
use axum::{Router, middleware::from_fn_with_state, routing::get};
use serde_json::json;
use std::{
    collections::BTreeSet,
    io,
    sync::{Arc, Mutex},
};
use tokio::net::TcpListener;
use tracing_subscriber::fmt::MakeWriter;
use upgrade_proxy::{
    guard::{Guard, allowed_hosts, guard},
    server,
};

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

async fn fails() -> &'static str {
    panic!("canary-5f3a")
}

// On one thread, so that the log of the test is the log of the server.
#[tokio::test]
async fn a_handler_that_panics_is_answered_with_an_id_that_the_log_has() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_writer(log.clone())
        .with_max_level(tracing::Level::ERROR)
        .with_ansi(false)
        .finish();
    // As long as there is one subscriber, whoever comes to a line of the log first decides for all threads that nobody
    // reads it; with another one beside it, all are asked.
    let _other = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let _here = tracing::subscriber::set_default(subscriber);
    let console = Console::demo().await;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Arc::clone(&console.app);
    let limits = app.config.limits.clone();
    let places = app.in_flight.available_permits();
    let guarded = Guard { app, hosts: allowed_hosts(address.port(), &[]).into() };
    let router = Router::new()
        .route("/api/fails", get(fails))
        .route("/api/works", get(async || "works"))
        .layer(from_fn_with_state(guarded, guard));
    tokio::spawn(async move { server::serve(listener, router, &limits, std::future::pending()).await });
    let http = Http::new(address);
    let reply = http.get("/api/fails").await.expect(500);
    assert_eq!(reply.code(), "internal");
    assert_eq!(reply.header("content-type"), "application/problem+json");
    assert!(reply.header("content-security-policy").starts_with("default-src 'none'"));
    let id = reply.header("x-request-id").to_owned();
    assert_eq!(reply.json()["instance"], format!("urn:upgrade-console:request:{id}"));
    assert!(reply.json()["detail"].as_str().unwrap().contains(&id), "{}", reply.text);
    assert!(!reply.text.contains("canary"), "{}", reply.text);
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains(&id) && logged.contains("a handler failed"), "{logged}");
    // It goes on, with every place.
    assert_eq!(http.get("/api/works").await.expect(200).text, "works");
    assert_eq!(console.app.in_flight.available_permits(), places);
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own_and_a_problem_tells_it() {
    let console = Console::demo().await;
    let mut ids = BTreeSet::new();
    for path in ["/", "/healthz", "/api/session", "/api/session", "/api/none", "/api/runs?limit=x"] {
        let reply = console.get_with(path, ("x-request-id", "forged")).await;
        let id = reply.header("x-request-id").to_owned();
        assert!(id.starts_with("req_") && id.len() == 30, "{path}: {id}");
        if reply.status.is_client_error() {
            assert_eq!(reply.json()["instance"], format!("urn:upgrade-console:request:{id}"), "{path}");
        }
        ids.insert(id);
    }
    assert_eq!(ids.len(), 6, "{ids:?}");
    let chinese = console.get_with("/api/none", ("accept-language", "zh-CN")).await;
    let id = chinese.header("x-request-id");
    assert_eq!(chinese.json()["instance"], format!("urn:upgrade-console:request:{id}"));
    // Refused before any handler, too.
    let foreign = http::Request::post(console.url("/api/plans"));
    let reply = console.send(foreign, json!({}).to_string()).await.expect(415);
    assert!(reply.json()["instance"].as_str().unwrap().ends_with(reply.header("x-request-id")));
}
