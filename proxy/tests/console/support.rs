//! A console in this process on a free port, and a client that speaks to it as a program would.

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::{Value, json};
use std::{net::SocketAddr, sync::Arc};
use tokio::net::TcpListener;
use upgrade_proxy::{api, clock::Sources, config::Config, server, start, state::App};

/// Limits that no test meets unless it is about them.
pub const ROOMY: &str =
    "[limits]\nreads_per_minute = 100000\nchanges_per_minute = 100000\npreviews_per_minute = 100000\n";

pub struct Console {
    pub address: SocketAddr,
    pub app: Arc<App>,
    client: Client<hyper_util::client::legacy::connect::HttpConnector, Full<Bytes>>,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {} {}", self.status, self.text))
    }

    /// The stable code of a problem.
    pub fn code(&self) -> String {
        let kind = self.json()["type"].as_str().unwrap_or_default().to_owned();
        kind.strip_prefix("urn:upgrade-console:")
            .unwrap_or_else(|| panic!("no problem: {}", self.text))
            .to_owned()
    }

    /// The pointers of a problem's errors with their codes.
    pub fn errors(&self) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let body = self.json();
        let errors = body["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
}

impl Console {
    /// The demo, with roomy limits.
    pub async fn demo() -> Self {
        Self::with(ROOMY, |_| None).await
    }

    pub async fn with(config: &str, variable: impl Fn(&str) -> Option<String>) -> Self {
        Self::from_config(Config::parse(config).unwrap(), Sources::system(), &variable).await
    }

    pub async fn from_config(
        config: Config,
        sources: Sources,
        variable: &dyn Fn(&str) -> Option<String>,
    ) -> Self {
        let app = start::application(config, sources, variable).await.unwrap();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = api::router(Arc::clone(&app), address.port());
        let limits = app.config.limits.clone();
        tokio::spawn(async move { server::serve(listener, router, &limits, std::future::pending()).await });
        Self { address, app, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    pub async fn send(&self, request: http::request::Builder, body: &str) -> Reply {
        let request = request.body(Full::new(Bytes::copy_from_slice(body.as_bytes()))).unwrap();
        let answer = self.client.request(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Request::get(self.url(path)), "").await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_text(path, &body.to_string()).await
    }

    pub async fn post_text(&self, path: &str, body: &str) -> Reply {
        let request = Request::post(self.url(path))
            .header("content-type", "application/json")
            .header("x-upgrade-console", "1");
        self.send(request, body).await
    }

    /// Makes a plan.
    #[track_caller]
    pub fn plan(&self, operation: &str, parameters: &Value) -> impl Future<Output = Value> {
        let profile = if operation.starts_with("cbh") || operation.starts_with("aad") {
            "demo-huawei"
        } else {
            "demo-alibaba"
        };
        self.plan_with(json!({"operation": operation, "profile": profile, "parameters": parameters}))
    }

    pub async fn plan_with(&self, body: Value) -> Value {
        self.post("/api/plans", &body).await.expect(201).json()
    }

    /// Confirms a plan with everything that it needs.
    pub async fn confirm(&self, plan: &Value, secrets: &Value) -> Reply {
        self.post(&format!("/api/plans/{}/runs", plan["id"].as_str().unwrap()), &confirmation(plan, secrets))
            .await
    }

    /// Follows a run to the state in which this program leaves it, through its events.
    pub async fn settled(&self, run: &Value) -> Value {
        let id = run["id"].as_str().unwrap();
        // The stream ends when the run is settled.
        self.get(&format!("/api/runs/{id}/events")).await.expect(200);
        self.get(&format!("/api/runs/{id}")).await.expect(200).json()
    }

    /// From parameters to the settled run.
    pub async fn upgrade(&self, operation: &str, parameters: &Value) -> Value {
        let plan = self.plan(operation, parameters).await;
        let run = self.confirm(&plan, &json!({})).await.expect(201).json();
        self.settled(&run).await
    }

    /// How many changing calls the built-in clouds have received.
    pub fn changing_calls(&self) -> usize {
        self.app.built_in.as_ref().unwrap().clouds.calls().iter().filter(|call| call.changing).count()
    }
}

pub fn confirmation(plan: &Value, secrets: &Value) -> Value {
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
