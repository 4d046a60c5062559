//! The only door to a cloud. HTTP/1.1, no redirects, no environment proxies, no retries, no decompression, bounded
//! in time and size (security.md R4–R6). A changing call gets a connection of its own, because a reused one can
//! fail in ways that look like "never sent" and are not.

mod counted;
mod dial;

pub use dial::Reach;

use crate::sealed::SealedRequest;
use bytes::Bytes;
use counted::Counted;
use dial::{Dialer, InTime, Refused};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use std::{
    future::Future,
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, Instant},
};
use tower::Service;

/// Greatest answer to a changing call.
pub const CHANGE_ANSWER_BYTES: usize = 1024 * 1024;
/// Greatest answer to a read.
pub const READ_ANSWER_BYTES: usize = 16 * 1024 * 1024;

/// Time limits of a call.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Until the connection stands, TLS included.
    pub connect: Duration,
    /// Until the answer is there in full, from the first byte sent.
    pub total: Duration,
}

/// An answer, read in full.
#[derive(Debug, Clone)]
pub struct RawAnswer {
    /// HTTP status.
    pub status: StatusCode,
    /// Headers. Only request ids, content type and pacing are ever read from them; none reaches the browser.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
    /// From the first byte sent to the last byte read.
    pub duration: Duration,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The name does not resolve, nobody listens, or TLS failed: nothing was sent.
    Unreachable(Unreachable),
    /// No byte of the request was written although the connection stood.
    ClosedBeforeSending,
    /// What had to be done before the first byte could not be done, so none was written.
    Withheld,
    /// The connection ended after bytes were sent.
    Cut,
    /// No full answer in time after bytes were sent.
    TimedOut,
    /// The answer was larger than the cap.
    TooLarge,
    /// The answer is not HTTP, or encoded although identity was asked for.
    Unreadable,
}

impl Trouble {
    /// Whether it is certain that the cloud received nothing.
    #[must_use]
    pub fn nothing_sent(self) -> bool {
        matches!(self, Trouble::Unreachable(_) | Trouble::ClosedBeforeSending | Trouble::Withheld)
    }
}

/// Why a connection could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreachable {
    /// The name does not resolve.
    Name,
    /// The address is one that this profile may not reach.
    ForbiddenAddress,
    /// Refused, reset, or no route.
    Connect,
    /// No connection in time.
    Timeout,
    /// The certificate or the handshake failed.
    Tls,
}

/// The door of one profile.
pub struct Upstream {
    connector: InTime,
    reads: Client<InTime, Full<Bytes>>,
    answer_limit: Duration,
    changes: AtomicU64,
}

impl Upstream {
    /// A door that opens only where `reach` says.
    #[must_use]
    pub fn new(reach: Reach, timeouts: Timeouts) -> Self {
        let connector = hyper_rustls::HttpsConnectorBuilder::new()
            .with_webpki_roots()
            .https_or_http()
            .enable_http1()
            .wrap_connector(Dialer::new(reach));
        let connector = InTime::new(connector, timeouts.connect);
        let reads = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(Duration::from_secs(20))
            .pool_max_idle_per_host(4)
            .pool_timer(hyper_util::rt::TokioTimer::new())
            .retry_canceled_requests(false)
            .build(connector.clone());
        Self { connector, reads, answer_limit: timeouts.total, changes: AtomicU64::new(0) }
    }

    /// How many changing calls went through this door.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// Sends a read, on a connection that may be reused.
    ///
    /// # Errors
    /// As [`Trouble`] says; a read may be tried again by the caller.
    pub async fn read(&self, request: &SealedRequest) -> Result<RawAnswer, Trouble> {
        let outgoing = assemble(request).ok_or(Trouble::Unreadable)?;
        let started = Instant::now();
        let exchange = async {
            let answer = self.reads.request(outgoing).await.map_err(|error| {
                if error.is_connect() { Trouble::Unreachable(unreachable(&error)) } else { Trouble::Cut }
            })?;
            collect(answer, READ_ANSWER_BYTES, started).await
        };
        tokio::time::timeout(self.answer_limit, exchange).await.unwrap_or(Err(Trouble::TimedOut))
    }

    /// Sends a changing call once, on a connection of its own. `before_first_byte` runs when the connection stands
    /// and nothing has been written; when it fails, nothing is sent.
    ///
    /// # Errors
    /// As [`Trouble`] says; [`Trouble::nothing_sent`] tells whether the cloud can have received anything.
    pub async fn change<F>(&self, request: &SealedRequest, before_first_byte: F) -> Result<RawAnswer, Trouble>
    where
        F: Future<Output = bool>,
    {
        let outgoing = assemble(request).ok_or(Trouble::ClosedBeforeSending)?;
        self.changes.fetch_add(1, Ordering::AcqRel);
        let uri = outgoing.uri().clone();
        let mut connector = self.connector.clone();
        let stream =
            connector.call(uri).await.map_err(|error| Trouble::Unreachable(unreachable(error.as_ref())))?;

        let (stream, written) = Counted::new(stream);
        let (mut sender, connection) = hyper::client::conn::http1::Builder::new()
            .max_headers(100)
            .max_buf_size(64 * 1024)
            .handshake::<_, Full<Bytes>>(stream)
            .await
            .map_err(|_| Trouble::ClosedBeforeSending)?;
        let driver = tokio::spawn(async move {
            // Its end shows as the end of the exchange below.
            let _ = connection.await;
        });
        let ready = if sender.ready().await.is_err() {
            Err(Trouble::ClosedBeforeSending)
        } else if before_first_byte.await {
            Ok(())
        } else {
            Err(Trouble::Withheld)
        };
        if let Err(trouble) = ready {
            driver.abort();
            return Err(trouble);
        }

        let started = Instant::now();
        // hyper takes the path alone on a connection that is already made.
        let exchange = async {
            let answer = sender.send_request(origin_form(outgoing)).await.map_err(|error| {
                if written.load(Ordering::Acquire) == 0 {
                    Trouble::ClosedBeforeSending
                } else if error.is_parse() || error.is_parse_too_large() {
                    Trouble::Unreadable
                } else {
                    Trouble::Cut
                }
            })?;
            collect(answer, CHANGE_ANSWER_BYTES, started).await
        };
        let result =
            tokio::time::timeout(self.answer_limit, exchange).await.unwrap_or(Err(Trouble::TimedOut));
        driver.abort();
        result
    }
}

fn assemble(request: &SealedRequest) -> Option<Request<Full<Bytes>>> {
    let mut builder = Request::builder().method(request.method).uri(request.url());
    for (name, value) in &request.headers {
        let mut value = http::HeaderValue::from_bytes(value.as_bytes()).ok()?;
        value.set_sensitive(true);
        builder = builder.header(name.as_str(), value);
    }
    let length = request.body.len();
    if length > 0 || request.method != "GET" {
        builder = builder.header(http::header::CONTENT_LENGTH, length);
    }
    builder.body(Full::new(Bytes::copy_from_slice(&request.body))).ok()
}

fn origin_form(mut request: Request<Full<Bytes>>) -> Request<Full<Bytes>> {
    if let Some(path) = request.uri().path_and_query() {
        *request.uri_mut() = path.clone().into();
    }
    request
}

async fn collect(
    answer: http::Response<hyper::body::Incoming>,
    cap: usize,
    started: Instant,
) -> Result<RawAnswer, Trouble> {
    let (parts, body) = answer.into_parts();
    let encoded = parts
        .headers
        .get(http::header::CONTENT_ENCODING)
        .is_some_and(|value| !value.as_bytes().eq_ignore_ascii_case(b"identity"));
    if encoded {
        return Err(Trouble::Unreadable);
    }
    let body = Limited::new(body, cap).collect().await.map_err(|error| {
        if error.downcast_ref::<LengthLimitError>().is_some() { Trouble::TooLarge } else { Trouble::Cut }
    })?;
    Ok(RawAnswer {
        status: parts.status,
        headers: parts.headers,
        body: body.to_bytes(),
        duration: started.elapsed(),
    })
}

/// The cause, looked for along the chain of errors: our own dialer's word, or TLS.
fn unreachable(error: &(dyn std::error::Error + 'static)) -> Unreachable {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref::<Refused>() {
            return refused.0;
        }
        if let Some(io) = error.downcast_ref::<std::io::Error>()
            && let Some(inner) = io.get_ref()
        {
            if let Some(refused) = inner.downcast_ref::<Refused>() {
                return refused.0;
            }
            if inner.downcast_ref::<rustls::Error>().is_some() {
                return Unreachable::Tls;
            }
        }
        if error.downcast_ref::<rustls::Error>().is_some() {
            return Unreachable::Tls;
        }
        cause = error.source();
    }
    Unreachable::Connect
}
