//! Reads a JSON body: bounded in size and time, without duplicates or unknown members, into a typed value.

use crate::{
    config::Limits,
    error::{FieldError, Problem, text},
    state::App,
};
use axum::extract::{FromRequest, Request};
use catalog::{Text, strict_json};
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
        parse(&body, limits).map(Self)
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

fn parse<T: Members>(body: &[u8], limits: &Limits) -> Result<T, Problem> {
    let parsed = strict_json::parse_within(body, limits.json_depth, limits.json_values);
    let value = parsed.map_err(|error| {
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
            ("unknown_field", unknown_member(&message))
        } else {
            ("wrong_type", wrong_type(&message))
        };
        Problem::invalid_one(at, code, detail)
    })
}

/// What comes last in a message of serde: what would have been right. It is in words of this program; what comes
/// before may hold what was sent.
fn expected(message: &str) -> &str {
    message.rsplit_once(", expected ").map_or("", |(_, expected)| expected)
}

/// The names in a message of serde: `a`, `b`.
fn names(expected: &str) -> Vec<&str> {
    expected.split('`').skip(1).step_by(2).collect()
}

fn unknown_member(message: &str) -> Text {
    let known = names(expected(message));
    text(
        format!("No such member here. Known: {}.", known.join(", ")),
        format!("此处没有这个成员。可用：{}。", known.join("、")),
    )
}

/// What a value should have been, in JSON's words.
fn wrong_type(message: &str) -> Text {
    let expected = expected(message);
    let (en, zh) = match expected {
        "a string" => ("text in quotes", "带引号的文本"),
        "a boolean" => ("`true` or `false`", "`true` 或 `false`"),
        "a sequence" => ("a list, `[…]`", "列表 `[…]`"),
        "u8" | "u16" | "u32" | "u64" | "usize" => {
            ("a whole number, 0 or more, without quotes", "不带引号的非负整数")
        }
        "i8" | "i16" | "i32" | "i64" | "isize" => ("a whole number without quotes", "不带引号的整数"),
        one if one == "a map" || one.starts_with("struct ") => ("an object, `{…}`", "对象 `{…}`"),
        one if one.starts_with('`') || one.starts_with("one of `") => {
            let known = names(one);
            return text(
                format!("This is one of: {}.", known.join(", ")),
                format!("可用的值：{}。", known.join("、")),
            );
        }
        _ => ("what /api/openapi.json says", "/api/openapi.json 所述的类型"),
    };
    text(format!("Wrong type: this is {en}."), format!("类型不符，应为{zh}。"))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::dto::{ClockBody, PlanBody, RunBody, SettleBody};

    fn said<T: Members>(body: &str) -> (String, String, String) {
        let problem = parse::<T>(body.as_bytes(), &Limits::default()).err().unwrap();
        let error = problem.errors.into_iter().next().unwrap();
        (error.pointer, error.code, error.detail.en)
    }

    #[test]
    fn a_wrong_type_says_the_right_one_and_not_what_was_sent() {
        let plan = |member: &str| format!(r#"{{"operation":"a","profile":"b","parameters":{{}},{member}}}"#);
        for ((pointer, code, detail), wanted, right) in [
            (
                said::<PlanBody>(r#"{"operation":7,"profile":"b","parameters":{}}"#),
                "/operation",
                "text in quotes",
            ),
            (
                said::<PlanBody>(
                    r#"{"operation":"a","profile":"b","parameters":"canary, expected a boolean"}"#,
                ),
                "/parameters",
                "an object",
            ),
            (said::<PlanBody>(&plan(r#""secret_pointers":{"canary":1}"#)), "/secret_pointers", "a list"),
            (said::<PlanBody>(&plan(r#""secrets":["canary"]"#)), "/secrets", "an object"),
            (said::<PlanBody>(&plan(r#""secrets":{"/p":5}"#)), "/secrets/~1p", "text in quotes"),
            (
                said::<RunBody>(r#"{"payload_hash":"x","confirmation":{"accept_unknown_cost":"canary"}}"#),
                "/confirmation/accept_unknown_cost",
                "`true` or `false`",
            ),
            (
                said::<RunBody>(r#"{"payload_hash":"x","confirmation":"canary"}"#),
                "/confirmation",
                "an object",
            ),
            (said::<ClockBody>(r#"{"advance_seconds":"canary"}"#), "/advance_seconds", "a whole number"),
            (said::<SettleBody>(r#"{"state":"canary","evidence":"x"}"#), "/state", "succeeded, "),
        ] {
            assert_eq!((pointer.as_str(), code.as_str()), (wanted, "wrong_type"), "{detail}");
            assert!(detail.contains(right) && !detail.contains("canary"), "{wanted}: {detail}");
        }
        let (_, code, detail) =
            said::<RunBody>(r#"{"payload_hash":"x","confirmation":{"reasons":"canary"}}"#);
        assert_eq!(code, "unknown_field");
        assert!(detail.contains("instance_id, accept_unknown_cost, reason"), "{detail}");
    }
}
