//! A console that is attacked over raw sockets. Most attacks carry a confirmation that would start a run if it were let
//! through, so that "refused" means that no run exists afterwards and the clouds have received nothing.

use crate::{
    cases::{self, AAD},
    raw::{Wire, exchange, message},
    support::{Console, ROOMY, confirmation, runs_of},
};
use serde_json::json;

/// Limits under which closing is waited for by the second.
pub(crate) const SHORT: &str = "header_seconds = 1\nbody_seconds = 1\n";

pub(crate) struct Target {
    pub(crate) console: Console,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) body: String,
}

impl Target {
    /// A console with a plan whose confirmation only has to arrive.
    pub(crate) async fn new() -> Self {
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
    pub(crate) fn confirmation(&self, lines: &[&str]) -> String {
        let length = format!("Content-Length: {}", self.body.len());
        let start = format!("POST {} HTTP/1.1", self.path);
        let mut head = vec![start.as_str()];
        head.extend(lines);
        head.extend([length.as_str(), "Connection: close"]);
        message(&head, &self.body).replace("{host}", &self.host)
    }

    pub(crate) async fn sends(&self, bytes: &str) -> Wire {
        exchange(self.console.address, bytes.replace("{host}", &self.host).as_bytes()).await
    }

    /// Nothing was started, and the server goes on.
    pub(crate) async fn is_unharmed(&self, what: &str) {
        assert_eq!(self.console.changing_calls(), 0, "{what}");
        let runs = self.console.get("/api/runs").await.expect(200).json();
        assert_eq!(runs["items"], json!([]), "{what}");
        self.console.get("/healthz").await.expect(200);
    }
}

pub(crate) const JSON: &str = "Content-Type: application/json";
pub(crate) const OURS: &str = "X-Upgrade-Console: 1";
pub(crate) const HOST: &str = "Host: {host}";
