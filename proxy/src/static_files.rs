//! The page: only files that are part of the program, compressed beforehand, with addresses that are for ever where
//! they hold a hash.

use crate::{error::Problem, state::App};
use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::{Embed, EmbeddedFile};
use std::{fmt::Write, sync::Arc};

#[derive(Embed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Files;

/// The one page that all addresses of the console are.
const INDEX: &str = "index.html";

/// What stands for the page before it was built.
const NOT_BUILT: &str =
    "The page is not part of this program: build it with `trunk build --release`, or use `make run`.";

/// The pages of the console: they all are index.html.
fn is_page(path: &str) -> bool {
    let mut parts = path.trim_matches('/').split('/');
    match (parts.next(), parts.next(), parts.next()) {
        (Some("" | "runs"), None, None) => true,
        (Some("flows" | "plans" | "runs"), Some(id), None) => !id.is_empty(),
        _ => false,
    }
}

/// Serves a file, a page, or 404.
pub(crate) async fn serve(State(app): State<Arc<App>>, request: Request) -> Response {
    let whole = request.uri().path();
    // Nested under the base path it is gone already; the page of the base path itself still has it.
    let path = match app.config.base_path.as_str() {
        "" => whole,
        base => whole.strip_prefix(base).filter(|rest| rest.starts_with('/')).unwrap_or(whole),
    };
    // Nothing is decoded: no file of ours has a name that would need it.
    let name = path.trim_start_matches('/');
    if is_page(path) || (name.is_empty() && !app.config.base_path.is_empty()) {
        return index(&app, request.headers(), StatusCode::OK);
    }
    let servable = !name.ends_with(".br") && !name.ends_with(".gz") && name != INDEX && !name.contains("..");
    if servable && let Some(file) = Files::get(name) {
        return send(name, &file, request.headers());
    }
    let wants_page = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    if wants_page {
        index(&app, request.headers(), StatusCode::NOT_FOUND)
    } else {
        Problem::not_found().into_response()
    }
}

fn index(app: &App, headers: &HeaderMap, status: StatusCode) -> Response {
    let Some(file) = Files::get(INDEX) else {
        return (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::CONTENT_TYPE, "text/plain; charset=utf-8")],
            NOT_BUILT,
        )
            .into_response();
    };
    let base = &app.config.base_path;
    let mut response =
        if base.is_empty() { send(INDEX, &file, headers) } else { rebased(&file, base, headers) };
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// Trunk writes addresses from the root; under a portal's path they start there. What is written anew is not compressed.
fn rebased(file: &EmbeddedFile, base: &str, headers: &HeaderMap) -> Response {
    let html = String::from_utf8_lossy(&file.data)
        .replace("<base href=\"/\"", &format!("<base href=\"{base}/\""))
        .replace("href=\"/", &format!("href=\"{base}/"))
        .replace("src=\"/", &format!("src=\"{base}/"))
        .replace(&format!("<base href=\"{base}{base}/\""), &format!("<base href=\"{base}/\""));
    let tag = etag(file, base);
    if is_unchanged(headers, &tag) {
        return not_modified(&tag, "no-cache");
    }
    let mut response = Response::new(Body::from(html));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(INDEX)));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    set(out, header::ETAG, &tag);
    response
}

fn send(name: &str, file: &EmbeddedFile, headers: &HeaderMap) -> Response {
    let cache = if is_hashed(name) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let (encoding, data, tag) = match best(name, headers) {
        Some((encoding, packed)) => {
            let tag = etag(&packed, encoding);
            (Some(encoding), packed.data, tag)
        }
        None => (None, file.data.clone(), etag(file, "")),
    };
    if is_unchanged(headers, &tag) {
        return not_modified(&tag, cache);
    }
    let mut response = Response::new(Body::from(data.into_owned()));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    set(out, header::ETAG, &tag);
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The smallest form that the browser takes and the build wrote.
fn best(name: &str, headers: &HeaderMap) -> Option<(&'static str, EmbeddedFile)> {
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |wanted: &str| {
        accepted.split(',').any(|entry| {
            let mut parts = entry.split(';').map(str::trim);
            let refused = |parameter: &str| {
                matches!(parameter.strip_prefix("q=").map(str::parse::<f32>), Some(Ok(0.0)))
            };
            parts.next() == Some(wanted) && !parts.any(refused)
        })
    };
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| takes(encoding))
        .find_map(|(encoding, suffix)| Some((encoding, Files::get(&format!("{name}.{suffix}"))?)))
}

/// Trunk puts 16 hexadecimal digits of a hash into names: `…-0123456789abcdef.js`, `…-0123456789abcdef.wasm`.
fn is_hashed(name: &str) -> bool {
    name.split(['-', '.', '_'])
        .any(|part| part.len() >= 15 && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json" | "webmanifest") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn etag(file: &EmbeddedFile, salt: &str) -> String {
    let mut tag = String::from("\"");
    for byte in file.metadata.sha256_hash().iter().take(12) {
        let _ = write!(tag, "{byte:02x}");
    }
    if !salt.is_empty() {
        let _ = write!(tag, "-{}", salt.trim_matches('/').replace('/', "-"));
    }
    tag.push('"');
    tag
}

fn is_unchanged(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == tag)
}

fn not_modified(tag: &str, cache: &'static str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    set(response.headers_mut(), header::ETAG, tag);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}

fn set(headers: &mut HeaderMap, name: http::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_the_consoles_own_paths() {
        for page in ["/", "/runs", "/runs/run_1", "/plans/pl_1", "/flows/cbh.UpgradeInstance"] {
            assert!(is_page(page), "{page}");
        }
        for other in [
            "/profiles",
            "/reference/x",
            "/Cargo.toml",
            "/.git/config",
            "/flows",
            "/flows/a/b",
            "//etc/passwd",
            "/assets/x.js",
        ] {
            assert!(!is_page(other), "{other}");
        }
    }

    #[test]
    fn hashed_names_are_kept_for_ever_others_are_not() {
        assert!(is_hashed("upgrade-console-8c1f2a3b4d5e6f70.js"));
        assert!(is_hashed("upgrade-console-8c1f2a3b4d5e6f70.wasm"));
        assert!(!is_hashed("favicon.svg"));
    }
}
