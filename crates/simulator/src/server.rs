//! The clouds as an HTTP/1.1 server.

use crate::Simulator;
use crate::wire::{Answer, Fate, WireRequest};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use jiff::{SignedDuration, fmt::rfc2822};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// Both clouds accept bodies of at most 12 MB (signing.md section 4).
const MOST_BODY_BYTES: usize = 12 * 1024 * 1024;
/// How far the clouds' clock is from the console's in the scenario of a wrong clock; 15 minutes are allowed.
const SKEW: SignedDuration = SignedDuration::from_mins(20);
/// A client that has not finished its headers by then is dropped.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// The connection is to be closed without an answer.
#[derive(Debug)]
struct Closed;

impl std::fmt::Display for Closed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("closed without an answer")
    }
}

impl std::error::Error for Closed {}

impl Simulator {
    /// Serves the clouds on this listener until it fails or the future is dropped.
    ///
    /// # Errors
    /// Never for a single connection; what a client does wrong ends only its own connection.
    pub async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        loop {
            let stream = accept(&listener).await;
            let simulator = self.clone();
            tokio::spawn(async move { simulator.connection(stream).await });
        }
    }

    async fn connection(self, stream: TcpStream) {
        let service = service_fn(|request| {
            let simulator = self.clone();
            async move { simulator.exchange(request).await }
        });
        let served = hyper::server::conn::http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEADER_TIMEOUT)
            .serve_connection(TokioIo::new(stream), service)
            .await;
        if let Err(error) = served {
            tracing::debug!(%error, "a connection to the simulated clouds ended early");
        }
    }

    async fn exchange(
        &self,
        request: http::Request<Incoming>,
    ) -> Result<http::Response<Full<Bytes>>, Closed> {
        let (parts, body) = request.into_parts();
        let body = match Limited::new(body, MOST_BODY_BYTES).collect().await {
            Ok(collected) => collected.to_bytes(),
            Err(error) if error.is::<LengthLimitError>() => return Ok(response(too_large())),
            Err(_) => return Err(Closed),
        };
        let target = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let wire = WireRequest {
            method: parts.method.as_str().to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            headers: parts
                .headers
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
                .collect(),
            body: body.to_vec(),
        };
        match self.receive(&wire) {
            Fate::Answer(answer) => Ok(self.dated(answer)),
            Fate::Late(answer) => {
                tokio::time::sleep(self.slow_delay()).await;
                Ok(self.dated(answer))
            }
            // Ends when the client gives up: hyper then drops this future with the connection.
            Fate::Hang => std::future::pending().await,
            Fate::Cut => Err(Closed),
        }
    }
}

impl Simulator {
    /// An answer with the clouds' own time, from which a client can tell that its clock is wrong.
    fn dated(&self, answer: Answer) -> http::Response<Full<Bytes>> {
        let ahead = if self.scenario().name == "clock_skew" { SKEW } else { SignedDuration::ZERO };
        let mut response = response(answer);
        let date = self.now().checked_add(ahead).ok();
        let date =
            date.and_then(|date| rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&date).ok());
        if let Some(date) = date.and_then(|date| http::HeaderValue::from_str(&date).ok()) {
            response.headers_mut().insert(http::header::DATE, date);
        }
        response
    }
}

/// The next connection. A failure to accept one (too many open files) is not a reason to stop serving.
pub(crate) async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) => {
                tracing::warn!(%error, "the simulated clouds could not accept a connection");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

fn too_large() -> Answer {
    Answer {
        status: 413,
        headers: vec![("content-type", "application/json".to_owned())],
        body: br#"{"error_msg":"The request body is too large","error_code":"APIGW.0201"}"#.to_vec(),
    }
}

pub(crate) fn response(answer: Answer) -> http::Response<Full<Bytes>> {
    let mut response = http::Response::new(Full::new(Bytes::from(answer.body)));
    *response.status_mut() =
        http::StatusCode::from_u16(answer.status).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        if let Ok(value) = http::HeaderValue::from_str(&value) {
            response.headers_mut().append(name, value);
        }
    }
    response
}
