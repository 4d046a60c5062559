//! A console in this process on a free port, and a client that speaks to it as a program would.

use crate::{cases::profile_of, raw};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, client::legacy::connect::HttpConnector, rt::TokioExecutor};
use serde_json::{Value, json};
use simulator::Call;
use std::{net::SocketAddr, ops::Deref, sync::Arc};
use tokio::net::TcpListener;
use upgrade_proxy::{
    api,
    clock::Sources,
    config::{Config, StoreLocation},
    server, start,
    state::App,
};

/// Limits that no test meets unless it is about them. More limits may follow it.
pub(crate) const ROOMY: &str =
    "[limits]\nreads_per_minute = 100000\nchanges_per_minute = 100000\npreviews_per_minute = 100000\n";

/// For clouds that do not answer: soon given up, and yet those that do are waited for on a busy machine.
pub(crate) const IMPATIENT: &str = "answer_seconds = 3\n";

/// A client of one console, wherever it runs.
pub(crate) struct Http {
    pub(crate) address: SocketAddr,
    client: Client<HttpConnector, Full<Bytes>>,
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.text))
    }

    /// The stable code of a problem.
    #[track_caller]
    pub(crate) fn code(&self) -> String {
        let kind = self.json()["type"].as_str().unwrap_or_default().to_owned();
        kind.strip_prefix("urn:upgrade-console:")
            .unwrap_or_else(|| panic!("no problem: {}", self.text))
            .to_owned()
    }

    /// The pointers of a problem's errors with their codes.
    #[track_caller]
    pub(crate) fn errors(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Http {
    pub(crate) fn new(address: SocketAddr) -> Self {
        // A connection for each request: one kept from before may be closed for idleness at the very moment of use.
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build_http();
        Self { address, client }
    }

    pub(crate) async fn send(&self, request: http::request::Builder, body: impl AsRef<[u8]>) -> Reply {
        self.try_send(request, body).await.expect("an answer")
    }

    /// The answer; none when the server is gone before it has given it.
    pub(crate) async fn try_send(
        &self,
        request: http::request::Builder,
        body: impl AsRef<[u8]>,
    ) -> Option<Reply> {
        let request = request.body(Full::new(Bytes::copy_from_slice(body.as_ref()))).unwrap();
        let answer = self.client.request(request).await.ok()?;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        Some(Reply {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&body).into_owned(),
        })
    }

    /// As `post`, for a server that may be gone.
    pub(crate) async fn try_post(&self, path: &str, body: &Value) -> Option<Reply> {
        let request = Request::post(self.url(path))
            .header("content-type", "application/json")
            .header("x-upgrade-console", "1");
        self.try_send(request, body.to_string()).await
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(self.url(path)), "").await
    }

    pub(crate) async fn get_with(&self, path: &str, header: (&str, &str)) -> Reply {
        self.send(Request::get(self.url(path)).header(header.0, header.1), "").await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_bytes(path, body.to_string()).await
    }

    pub(crate) async fn post_bytes(&self, path: &str, body: impl AsRef<[u8]>) -> Reply {
        let request = Request::post(self.url(path))
            .header("content-type", "application/json")
            .header("x-upgrade-console", "1");
        self.send(request, body).await
    }

    /// Asks for a plan, whatever comes of it.
    pub(crate) async fn try_plan(&self, operation: &str, parameters: &Value) -> Reply {
        let body =
            json!({"operation": operation, "profile": profile_of(operation), "parameters": parameters});
        self.post("/api/plans", &body).await
    }

    /// Makes a plan.
    pub(crate) async fn plan(&self, operation: &str, parameters: &Value) -> Value {
        self.try_plan(operation, parameters).await.expect(201).json()
    }

    pub(crate) async fn plan_with(&self, body: Value) -> Value {
        self.post("/api/plans", &body).await.expect(201).json()
    }

    /// Confirms a plan with everything that it needs.
    pub(crate) async fn confirm(&self, plan: &Value, secrets: &Value) -> Reply {
        self.post(&runs_of(plan), &confirmation(plan, secrets)).await
    }

    /// Follows a run until nothing more comes of it by itself: to its end, or to an unknown outcome.
    pub(crate) async fn settled(&self, run: &Value) -> Value {
        self.until(run, |run| run["final"] == true || run["state"] == "unknown").await
    }

    /// Follows a run until the cloud has answered the call, or will not.
    pub(crate) async fn answered(&self, run: &Value) -> Value {
        self.until(run, |run| !matches!(run["state"].as_str(), Some("confirmed" | "sent"))).await
    }

    /// Follows a run through its events until it is as wanted.
    pub(crate) async fn until(&self, run: &Value, wanted: impl Fn(&Value) -> bool) -> Value {
        let id = run["id"].as_str().unwrap();
        let request =
            Request::get(self.url(&format!("/api/runs/{id}/events"))).body(Full::new(Bytes::new())).unwrap();
        let mut events = self.client.request(request).await.unwrap().into_body();
        // A stream that goes on says so every now and then, so the wait has an end of its own.
        let deadline = tokio::time::Instant::now() + raw::HANG;
        loop {
            let run = self.get(&format!("/api/runs/{id}")).await.expect(200).json();
            if wanted(&run) {
                return run;
            }
            // Each event is a reason to look again; without any in time the run is not what was wanted.
            let frame = tokio::time::timeout_at(deadline, events.frame()).await;
            match frame {
                Ok(Some(Ok(_))) => {}
                _ => panic!("the run never became what was wanted: {run:#}"),
            }
        }
    }

    /// What the stream of a run's events says, up to so many events; it goes on as long as the run does.
    pub(crate) async fn events(&self, path: &str, count: usize) -> String {
        let request = Request::get(self.url(path)).body(Full::new(Bytes::new())).unwrap();
        let mut events = self.client.request(request).await.unwrap().into_body();
        let mut told = String::new();
        while told.matches("event: timeline").count() < count {
            let frame = tokio::time::timeout(raw::HANG, events.frame()).await;
            let Ok(Some(Ok(frame))) = frame else { panic!("no more events after {told}") };
            told.push_str(&String::from_utf8_lossy(frame.data_ref().unwrap()));
        }
        told
    }

    /// Moves the clock of the built-in clouds.
    pub(crate) async fn advance(&self, seconds: i64) {
        self.post("/api/simulator/clock", &json!({"advance_seconds": seconds})).await.expect(200);
    }

    /// Has the cloud looked at now.
    pub(crate) async fn check(&self, run: &Value) -> Value {
        let path = format!("/api/runs/{}/check", run["id"].as_str().unwrap());
        self.post(&path, &json!({})).await.expect(200).json()
    }

    /// From parameters to the answered run.
    pub(crate) async fn upgrade(&self, operation: &str, parameters: &Value) -> Value {
        let plan = self.plan(operation, parameters).await;
        let run = self.confirm(&plan, &json!({})).await.expect(201).json();
        self.answered(&run).await
    }

    pub(crate) async fn scenario(&self, name: &str) {
        self.post("/api/simulator/scenario", &json!({"name": name})).await.expect(200);
    }
}

/// The demo's profile of Alibaba and another one of the same account, with roomy limits.
pub(crate) fn two_profiles() -> String {
    let profile = |name: &str, region: &str| {
        format!(
            "[[profiles]]\nname = \"{name}\"\ncloud = \"alibaba\"\nmode = \"simulated\"\nregion = \"{region}\"\n"
        )
    };
    format!("{ROOMY}{}{}", profile("demo-alibaba", "cn-hangzhou"), profile("ops-alibaba", "cn-beijing"))
}

/// A console in this process.
pub(crate) struct Console {
    pub(crate) app: Arc<App>,
    http: Http,
}

impl Deref for Console {
    type Target = Http;

    fn deref(&self) -> &Http {
        &self.http
    }
}

impl Console {
    /// The demo, with roomy limits.
    pub(crate) async fn demo() -> Self {
        Self::with(ROOMY, |_| None).await
    }

    pub(crate) async fn with(config: &str, variable: impl Fn(&str) -> Option<String>) -> Self {
        Self::start(config, Sources::system(), &variable).await
    }

    /// The demo on a clock of the test.
    pub(crate) async fn at(now: fn() -> jiff::Timestamp) -> Self {
        Self::start(ROOMY, Sources { now, ..Sources::system() }, &|_| None).await
    }

    /// With clock and randomness of the test.
    pub(crate) async fn on(config: &str, sources: Sources) -> Self {
        Self::start(config, sources, &|_| None).await
    }

    async fn start(config: &str, sources: Sources, variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let config = Config::parse(config).unwrap();
        let app = start::application(config, StoreLocation::Temporary, sources, variable).await.unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = api::router(Arc::clone(&app), address.port());
        let limits = app.config.limits.clone();
        tokio::spawn(async move { server::serve(listener, router, &limits, std::future::pending()).await });
        Self { app, http: Http::new(address) }
    }

    /// Somebody who works on the same clouds with another console.
    pub(crate) async fn somebody_else(&self) -> Self {
        let clouds = self.app.built_in.as_ref().unwrap().address;
        let profile = |cloud: &str, region: &str| {
            format!(
                "[[profiles]]\nname = \"demo-{cloud}\"\ncloud = \"{cloud}\"\nmode = \"simulated\"\nregion = \"{region}\"\nendpoint = \"http://{clouds}\"\n"
            )
        };
        let profiles = [profile("alibaba", "cn-hangzhou"), profile("huawei", "cn-north-4")].concat();
        Self::with(&format!("{ROOMY}{profiles}"), |_| None).await
    }

    /// The calls that the built-in clouds have received.
    pub(crate) fn calls(&self) -> Vec<Call> {
        self.app.built_in.as_ref().unwrap().clouds.calls()
    }

    /// How many of them would have changed something.
    pub(crate) fn changing_calls(&self) -> usize {
        self.calls().iter().filter(|call| call.changing).count()
    }
}

/// Where a plan is confirmed.
pub(crate) fn runs_of(plan: &Value) -> String {
    format!("/api/plans/{}/runs", plan["id"].as_str().unwrap())
}

pub(crate) fn confirmation(plan: &Value, secrets: &Value) -> Value {
    json!({
        "payload_hash": plan["payload_hash"],
        "confirmation": {
            "instance_id": plan["review"]["instance"],
            "accept_unknown_cost": true,
            "reason": "a test",
        },
        "secrets": secrets,
    })
}
