//! Reads a JSON body: bounded in size and time, without duplicates or unknown members, into a typed value.

use crate::{
    error::{FieldError, Problem, text},
    state::App,
};
use axum::extract::{FromRequest, Request};
use catalog::strict_json;
use http::StatusCode;
use http_body_util::{BodyExt, Limited};
use serde::de::DeserializeOwned;
use std::{sync::Arc, time::Duration};

/// What an endpoint takes: the names of its members, so that a wrong one can be told by name.
pub trait Members: DeserializeOwned {
    /// Names of the members.
    const NAMES: &'static [&'static str];
}

/// A body, read strictly.
pub struct Strict<T>(pub T);

impl<T: Members> FromRequest<Arc<App>> for Strict<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let limits = &app.config.limits;
        let declared = request
            .headers()
            .get(http::header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<u64>().ok());
        if declared.is_some_and(|bytes| bytes > limits.body_bytes as u64) {
            return Err(too_large(limits.body_bytes));
        }
        let reading = Limited::new(request.into_body(), limits.body_bytes).collect();
        let body = tokio::time::timeout(Duration::from_secs(limits.body_seconds), reading)
            .await
            .map_err(|_| {
                Problem::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "body_timeout",
                    text("The body did not arrive in time", "请求体未及时到达"),
                    text(
                        format!("Within {} s.", limits.body_seconds),
                        format!("须在 {} 秒内。", limits.body_seconds),
                    ),
                )
            })?
            .map_err(|error| {
                if error.downcast_ref::<http_body_util::LengthLimitError>().is_some() {
                    too_large(limits.body_bytes)
                } else {
                    Problem::bad_json(text("The body ended early.", "请求体不完整。"))
                }
            })?
            .to_bytes();
        parse(&body).map(Self)
    }
}

fn too_large(limit: usize) -> Problem {
    Problem::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "too_large",
        text("The body is too large", "请求体过大"),
        text(format!("At most {limit} bytes."), format!("最多 {limit} 字节。")),
    )
}

fn parse<T: Members>(body: &[u8]) -> Result<T, Problem> {
    let value = strict_json::parse(body).map_err(|error| {
        let mut problem = Problem::bad_json(text(
            format!("Line {}, column {}: {}", error.line, error.column, error.message),
            format!("第 {} 行第 {} 列：JSON 无效（{}）", error.line, error.column, error.message),
        ));
        problem.code = "bad_json";
        problem
    })?;
    let Some(members) = value.as_object() else {
        return Err(Problem::bad_json(text("The body is a JSON object.", "请求体应为 JSON 对象。")));
    };
    let unknown: Vec<FieldError> = members
        .keys()
        .filter(|name| !T::NAMES.contains(&name.as_str()))
        .map(|name| FieldError {
            pointer: child("", name),
            code: "unknown_field".to_owned(),
            detail: text(
                format!("No such member. Known: {}.", T::NAMES.join(", ")),
                format!("没有这个成员。可用：{}。", T::NAMES.join("、")),
            ),
        })
        .collect();
    if !unknown.is_empty() {
        return Err(Problem::invalid(unknown));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut at = pointer(error.path());
        let message = error.inner().to_string();
        let named = || message.split('`').nth(1).unwrap_or_default().to_owned();
        let (code, detail) = if message.starts_with("missing field") {
            let name = named();
            at = child(&at, &name);
            ("missing", text(format!("`{name}` is missing."), format!("缺少 `{name}`。")))
        } else if message.starts_with("unknown field") {
            ("unknown_field", text("No such member here.", "此处没有这个成员。"))
        } else {
            ("wrong_type", text("This has another type than the endpoint takes.", "类型不符合接口要求。"))
        };
        Problem::invalid_one(at, code, detail)
    })
}

/// A path of serde as a JSON pointer.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter().fold(String::new(), |at, segment| match segment {
        Segment::Map { key } => child(&at, key),
        Segment::Seq { index } => child(&at, &index.to_string()),
        Segment::Enum { .. } | Segment::Unknown => at,
    })
}

/// The pointer of a member. Names from outside are told back only here, cut to a sane length.
fn child(pointer: &str, name: &str) -> String {
    let name: String = name.chars().take(64).collect();
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}
