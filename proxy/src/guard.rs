//! What every request passes before a handler sees it: host, origin, content type, size, rate; and what every answer
//! carries (security.md R8, R9, R12, R15). hyper itself checks none of these.

use crate::{
    correlation,
    error::{Problem, text},
    identity::Person,
    language,
    limits::Class,
    state::App,
};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use catalog::model::Language;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use std::{net::IpAddr, sync::Arc, time::Duration};

/// The policy of the page: nothing inline, nothing from elsewhere (security.md R15).
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'";

/// Who asks: the person's name.
#[derive(Clone)]
pub struct User(pub String);

/// The other end of the connection: the browser, or the portal's server in front. Nothing in a request says this.
#[derive(Clone, Copy)]
pub struct Peer(pub IpAddr);

/// One of the hosts under which the console may be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedHost {
    /// `host` or `host:port`, lower case.
    authority: String,
    /// `http` or `https`: what `Origin` must say.
    scheme: &'static str,
}

/// The hosts of a configuration: loopback with the port that is listened on, and those that are named. A named host
/// stands behind a portal, so its pages are https unless it says otherwise.
#[must_use]
pub fn allowed_hosts(port: u16, named: &[String]) -> Vec<AllowedHost> {
    let mut hosts: Vec<AllowedHost> = ["127.0.0.1", "localhost", "[::1]"]
        .iter()
        .map(|host| AllowedHost {
            authority: if port == 80 { (*host).to_owned() } else { format!("{host}:{port}") },
            scheme: "http",
        })
        .collect();
    for name in named {
        let lower = name.to_ascii_lowercase();
        let (scheme, authority) = match lower.split_once("://") {
            Some(("http", authority)) => ("http", authority),
            Some((_, authority)) => ("https", authority),
            None => ("https", lower.as_str()),
        };
        hosts.push(AllowedHost { authority: authority.trim_end_matches('/').to_owned(), scheme });
    }
    hosts
}

/// Shared by the middleware.
#[derive(Clone)]
pub struct Guard {
    /// The application.
    pub app: Arc<App>,
    /// Hosts that may be asked for.
    pub hosts: Arc<[AllowedHost]>,
}

/// Checks a request, lets it through to `next`, and completes the answer.
pub async fn guard(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    let language = language::of(request.headers());
    let is_api = path_of(&request, &guard.app.config.base_path).starts_with("/api");
    // A length beside chunks is two readings of one message. hyper goes by the chunks and takes the length out, so that
    // nothing here sees it: the connection ends after any request in chunks (A35, RFC 9112 section 6.1).
    let in_chunks = request.headers().contains_key(header::TRANSFER_ENCODING);
    let id = guard.app.sources.id("req_");
    let answering = async {
        match check(&guard, &request) {
            Err(problem) => problem.into_response(),
            Ok(person) => match Arc::clone(&guard.app.in_flight).try_acquire_owned() {
                Err(_) => Problem::overloaded().into_response(),
                Ok(place) => {
                    guard.app.identity.strip(request.headers_mut());
                    if let Some(person) = person {
                        request.extensions_mut().insert(User(person.user.clone()));
                        request.extensions_mut().insert(person);
                    }
                    let response = next.run(request).await;
                    drop(place);
                    if is_api { in_our_words(response) } else { response }
                }
            },
        }
    };
    let response = correlation::under(&id, answering).await;
    let mut response = complete(for_the_reader(response, language, &id), is_api);
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(correlation::HEADER, id);
    }
    if response.status() == StatusCode::UNAUTHORIZED {
        // A 401 names a way in (RFC 9110 section 15.5.2); browsers know none of this name and ask nobody for a password.
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Portal"));
    }
    if in_chunks {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn path_of<'a>(request: &'a Request, base_path: &str) -> &'a str {
    request.uri().path().strip_prefix(base_path).unwrap_or_default()
}

/// The person who asks; none where nobody need be known.
fn check(guard: &Guard, request: &Request) -> Result<Option<Person>, Problem> {
    let limits = &guard.app.config.limits;
    let host = check_host(request, &guard.hosts)?;
    if request.uri().path_and_query().is_some_and(|target| target.as_str().len() > limits.uri_bytes) {
        return Err(Problem::new(
            StatusCode::URI_TOO_LONG,
            "uri_too_long",
            text("The address is too long", "地址过长"),
            text(format!("At most {} bytes.", limits.uri_bytes), format!("最多 {} 字节。", limits.uri_bytes)),
        ));
    }
    let header_bytes: usize =
        request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if header_bytes > limits.header_bytes || request.headers().len() > limits.header_fields {
        return Err(Problem::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "headers_too_large",
            text("The request head is too large", "请求头过大"),
            text(
                format!("At most {} bytes in {} fields.", limits.header_bytes, limits.header_fields),
                format!("最多 {} 字节、{} 个字段。", limits.header_bytes, limits.header_fields),
            ),
        ));
    }
    let path = path_of(request, &guard.app.config.base_path);
    let person = if is_open(request.method(), path) { None } else { Some(person(&guard.app, request)?) };
    // No route takes another changing method: the router names the ones that a path has.
    if *request.method() == Method::POST {
        check_changing(request.headers(), host)?;
    }
    if let (Some(class), Some(person)) = (class_of(request.method(), path), &person) {
        count(&guard.app, class, &person.user)?;
    }
    Ok(person)
}

/// What whoever watches the service asks, without a login.
fn is_open(method: &Method, path: &str) -> bool {
    *method == Method::GET && matches!(path, "/healthz" | "/readyz")
}

fn person(app: &App, request: &Request) -> Result<Person, Problem> {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    app.identity.of(peer, request.headers()).map_err(|refusal| {
        // Now and then is enough: whoever knocks must not fill the log.
        if app.counter.take(refusal.why, 1, Duration::from_secs(10), (app.sources.instant)()).is_ok() {
            tracing::warn!(?peer, why = refusal.why, "a request without a person was refused");
        }
        refusal.problem
    })
}

/// Counts a request of a person.
///
/// # Errors
/// 429 with the seconds to wait.
pub fn count(app: &App, class: Class, user: &str) -> Result<(), Problem> {
    let limits = &app.config.limits;
    let limit = match class {
        Class::Read => limits.reads_per_minute,
        Class::Change => limits.changes_per_minute,
        Class::Preview => limits.previews_per_minute,
    };
    // Names differ by case in no directory that people log in with.
    let key = format!("{class:?} {}", user.to_lowercase());
    app.counter.take(&key, limit, Duration::from_secs(60), (app.sources.instant)()).map_err(Problem::too_many)
}

fn class_of(method: &Method, path: &str) -> Option<Class> {
    let rest = path.strip_prefix("/api/")?;
    let ends = |suffix: &str| rest.ends_with(suffix);
    if *method == Method::POST && (ends("/preview") || ends("/choices")) {
        Some(Class::Preview)
    } else if *method == Method::POST && rest.starts_with("plans/") && (ends("/runs") || ends("/resend")) {
        // The handler knows whether it starts a call or repeats one.
        None
    } else {
        Some(Class::Read)
    }
}

/// Exactly one `Host`, one of ours, in origin form (A1–A4).
fn check_host<'a>(request: &Request, hosts: &'a [AllowedHost]) -> Result<&'a AllowedHost, Problem> {
    let malformed = || {
        Problem::bad_request(
            "bad_host",
            text(
                "A request names exactly one host, and its target is a path.",
                "请求须带一个 Host，且目标为路径。",
            ),
        )
    };
    if request.uri().scheme().is_some()
        || request.uri().authority().is_some()
        || !request.uri().path().starts_with('/')
    {
        return Err(malformed());
    }
    let mut named = request.headers().get_all(header::HOST).iter();
    let (Some(host), None) = (named.next(), named.next()) else { return Err(malformed()) };
    let wanted = host.to_str().unwrap_or_default().to_ascii_lowercase();
    hosts.iter().find(|allowed| allowed.authority == wanted).ok_or_else(|| {
        Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "foreign_host",
            text("This host is not served here", "此处不提供该主机"),
            text(
                "`allowed_hosts` of the configuration names the hosts.",
                "允许的主机见配置项 `allowed_hosts`。",
            ),
        )
    })
}

/// A changing request comes from our own page or from a machine, never from another page (A6–A9).
fn check_changing(headers: &HeaderMap, host: &AllowedHost) -> Result<(), Problem> {
    let only = |name: &HeaderName| {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok(),
            _ => None,
        }
    };
    let content_type = only(&header::CONTENT_TYPE).unwrap_or_default().to_ascii_lowercase();
    let is_json = matches!(
        content_type.as_str(),
        "application/json" | "application/json; charset=utf-8" | "application/json;charset=utf-8"
    );
    if !is_json || headers.contains_key(header::CONTENT_ENCODING) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            text("Only JSON is taken", "只接受 JSON"),
            text(
                "Send `Content-Type: application/json`, not compressed.",
                "请使用 `Content-Type: application/json`，且不压缩。",
            ),
        ));
    }
    let foreign = || {
        Problem::new(
            StatusCode::FORBIDDEN,
            "foreign_origin",
            text("This request does not come from the console", "该请求并非来自本控制台"),
            text(
                "Changing requests carry `X-Upgrade-Console: 1` and come from the console's own pages or from a program.",
                "变更请求须带 `X-Upgrade-Console: 1`，并来自控制台页面或程序。",
            ),
        )
    };
    if only(&HeaderName::from_static("x-upgrade-console")) != Some("1") {
        return Err(foreign());
    }
    let site = HeaderName::from_static("sec-fetch-site");
    if headers.contains_key(&site) && only(&site) != Some("same-origin") {
        return Err(foreign());
    }
    let ours = format!("{}://{}", host.scheme, host.authority);
    if headers.contains_key(header::ORIGIN) && only(&header::ORIGIN) != Some(ours.as_str()) {
        return Err(foreign());
    }
    Ok(())
}

/// The framework's own refusals (a path or a query that it cannot read) are text in its wording, which may repeat the
/// input: a problem stands in their place.
fn in_our_words(response: Response) -> Response {
    let is_text = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/plain"));
    if !(is_text && response.status().is_client_error()) {
        return response;
    }
    Problem::bad_request(
        "bad_query",
        text("The path or the query of this request cannot be read.", "无法读取请求的路径或查询参数。"),
    )
    .into_response()
}

/// A problem in the reader's language, with the id of its request.
fn for_the_reader(mut response: Response, language: Language, id: &str) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let mut told = problem.respond(language, Some(id));
    if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
        told.headers_mut().insert(header::ALLOW, allow);
    }
    told
}

fn complete(mut response: Response<Body>, is_api: bool) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ] {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    let is_stream = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"));
    if is_stream {
        // nginx would keep what happens back until there is enough of it.
        headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.append(header::VARY, HeaderValue::from_static("accept-language"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts() -> Vec<AllowedHost> {
        allowed_hosts(8080, &["Portal.example".to_owned(), "http://plain.example:81".to_owned()])
    }

    fn host_status(host: &[&str], uri: &str) -> Option<u16> {
        let mut request = Request::builder().uri(uri);
        for value in host {
            request = request.header("host", *value);
        }
        check_host(&request.body(Body::empty()).unwrap(), &hosts())
            .err()
            .map(|problem| problem.status.as_u16())
    }

    #[test]
    fn only_our_hosts_in_origin_form() {
        for good in
            ["127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080", "portal.example", "plain.example:81"]
        {
            assert_eq!(host_status(&[good], "/"), None, "{good}");
        }
        for foreign in [
            "evil.example",
            "localhost",
            "localhost:80",
            "portal.example.evil.com",
            "portal.example:99999",
            "portal.example.",
            "[::1]",
            "portal.example@evil",
        ] {
            assert_eq!(host_status(&[foreign], "/"), Some(421), "{foreign}");
        }
        assert_eq!(host_status(&[], "/"), Some(400));
        assert_eq!(host_status(&["localhost:8080", "evil"], "/"), Some(400));
        assert_eq!(host_status(&["localhost:8080"], "http://evil.example/api/session"), Some(400));
    }

    #[test]
    fn a_changing_request_is_our_pages_or_a_programs() {
        let status = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(*name, HeaderValue::from_static(value));
            }
            check_changing(&headers, &hosts()[0]).err().map(|problem| problem.status.as_u16())
        };
        let json = ("content-type", "application/json");
        let ours = ("x-upgrade-console", "1");
        assert_eq!(status(&[json, ours]), None);
        assert_eq!(
            status(&[json, ours, ("sec-fetch-site", "same-origin"), ("origin", "http://127.0.0.1:8080")]),
            None
        );
        assert_eq!(status(&[ours]), Some(415));
        for bad in ["text/plain", "application/json; charset=utf-7", "application/json, text/plain"] {
            assert_eq!(status(&[("content-type", bad), ours]), Some(415), "{bad}");
        }
        assert_eq!(status(&[json, json, ours]), Some(415));
        assert_eq!(status(&[json, ours, ("content-encoding", "gzip")]), Some(415));
        assert_eq!(status(&[json]), Some(403));
        for bad in ["cross-site", "same-site", "none"] {
            assert_eq!(status(&[json, ours, ("sec-fetch-site", bad)]), Some(403), "{bad}");
        }
        for bad in ["null", "https://evil", "https://127.0.0.1:8080", "http://127.0.0.1"] {
            assert_eq!(status(&[json, ours, ("origin", bad)]), Some(403), "{bad}");
        }
    }
}
