//! The admin door: clock, scenario, reset, payment and the list of calls, for peers on this machine only.

use crate::server::{accept, response};
use crate::wire::Answer;
use crate::{MOST_CROWD, Simulator};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde_json::{Value, json};
use std::convert::Infallible;
use std::net::IpAddr;
use tokio::net::TcpListener;

/// No request to the admin door needs more.
const MOST_BODY_BYTES: usize = 64 * 1024;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choose {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pay {
    order_id: String,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reset {
    crowd: Option<u32>,
}

impl Simulator {
    /// Serves the admin door on this listener until the future is dropped. Peers that are not on a loopback address
    /// are refused, also when the listener is reachable from elsewhere, and so are requests whose `Host` is not a
    /// loopback name, which a web page could otherwise send by rebinding its own name.
    ///
    /// # Errors
    /// Never for a single connection.
    pub async fn serve_admin(self, listener: TcpListener) -> std::io::Result<()> {
        loop {
            let stream = accept(&listener).await;
            let local = stream.peer_addr().is_ok_and(|peer| is_loopback(peer.ip()));
            let simulator = self.clone();
            tokio::spawn(async move {
                let service = service_fn(|request| {
                    let simulator = simulator.clone();
                    async move { Ok::<_, Infallible>(simulator.administer(request, local).await) }
                });
                let served = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
                if let Err(error) = served {
                    tracing::debug!(%error, "a connection to the admin door ended early");
                }
            });
        }
    }

    async fn administer(&self, request: http::Request<Incoming>, local: bool) -> http::Response<Full<Bytes>> {
        if !local || !host_is_local(request.headers()) {
            return answer(403, &json!({"error": "the admin door is open to this machine only"}));
        }
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, MOST_BODY_BYTES).collect().await else {
            return answer(400, &json!({"error": "the body could not be read"}));
        };
        let body = body.to_bytes();
        match (parts.method.as_str(), parts.uri.path()) {
            ("GET", "/") => answer(200, &self.status()),
            ("GET", "/calls") => answer(200, &json!({"items": self.calls(), "next": null})),
            ("GET", "/state") => answer(200, &self.state()),
            ("POST", "/clock") => match serde_json::from_slice::<Advance>(&body) {
                Ok(asked) => match self.advance(asked.advance_seconds) {
                    Ok(_) => answer(200, &self.status()),
                    Err(error) => answer(400, &json!({"error": error.to_string()})),
                },
                Err(error) => answer(400, &json!({"error": error.to_string()})),
            },
            ("POST", "/scenario") => match serde_json::from_slice::<Choose>(&body) {
                Ok(asked) => match self.set_scenario(&asked.name) {
                    Ok(_) => answer(200, &self.status()),
                    Err(error) => answer(400, &json!({"error": error.to_string()})),
                },
                Err(error) => answer(400, &json!({"error": error.to_string()})),
            },
            ("POST", "/orders/pay") => match serde_json::from_slice::<Pay>(&body) {
                Ok(asked) => match self.pay_order(&asked.order_id) {
                    Ok(()) => answer(200, &self.status()),
                    Err(error) => answer(404, &json!({"error": error.to_string()})),
                },
                Err(error) => answer(400, &json!({"error": error.to_string()})),
            },
            ("POST", "/reset") => {
                let asked =
                    if body.is_empty() { Ok(Reset::default()) } else { serde_json::from_slice(&body) };
                match asked {
                    Ok(Reset { crowd: Some(crowd) }) if crowd > MOST_CROWD => {
                        answer(400, &json!({"error": format!("the crowd is at most {MOST_CROWD}")}))
                    }
                    Ok(Reset { crowd }) => {
                        match crowd {
                            Some(crowd) => self.reset_with_crowd(crowd),
                            None => self.reset(),
                        }
                        answer(200, &self.status())
                    }
                    Err(error) => answer(400, &json!({"error": error.to_string()})),
                }
            }
            (_, "/" | "/calls" | "/state" | "/clock" | "/scenario" | "/reset" | "/orders/pay") => {
                answer(405, &json!({"error": "this method is not served here"}))
            }
            _ => answer(404, &json!({"error": "there is nothing here"})),
        }
    }

    fn status(&self) -> Value {
        json!({
            "scenario": self.scenario(),
            "scenarios": self.scenarios(),
            "now": self.now().to_string(),
            "clock_offset_seconds": self.clock_offset_seconds(),
        })
    }
}

fn is_loopback(peer: IpAddr) -> bool {
    match peer {
        IpAddr::V4(peer) => peer.is_loopback(),
        IpAddr::V6(peer) => {
            peer.is_loopback() || peer.to_ipv4_mapped().is_some_and(|peer| peer.is_loopback())
        }
    }
}

fn host_is_local(headers: &http::HeaderMap) -> bool {
    let Some(host) = headers.get(http::header::HOST).and_then(|host| host.to_str().ok()) else {
        return false;
    };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|digit| digit.is_ascii_digit()) => name,
        _ => host,
    };
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(is_loopback)
}

fn answer(status: u16, body: &Value) -> http::Response<Full<Bytes>> {
    response(Answer {
        status,
        headers: vec![("content-type", "application/json".to_owned())],
        body: body.to_string().into_bytes(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(value: &'static str) -> bool {
        let mut headers = http::HeaderMap::new();
        headers.insert(http::header::HOST, http::HeaderValue::from_static(value));
        host_is_local(&headers)
    }

    #[test]
    fn only_loopback_is_local() {
        assert!(is_loopback("127.0.0.9".parse().unwrap()));
        assert!(is_loopback("::1".parse().unwrap()));
        assert!(is_loopback("::ffff:127.0.0.1".parse().unwrap()));
        assert!(!is_loopback("10.0.0.1".parse().unwrap()));
        assert!(!is_loopback("::ffff:10.0.0.1".parse().unwrap()));
        assert!(host("localhost:9") && host("127.0.0.1") && host("[::1]:80") && host("[::1]"));
        assert!(!host("example.com") && !host("127.0.0.1.example.com:80"));
    }
}
