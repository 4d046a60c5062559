//! One error type for the whole HTTP API: RFC 9457 problems with stable codes, in the reader's language.
//! Nothing that came from outside is echoed, except names of fields that the catalogue knows.

use crate::store::StoreError;
use axum::response::{IntoResponse, Response};
use catalog::{Text, model::Language};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// Something wrong with one value of a request body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// JSON pointer into the request body.
    pub pointer: String,
    /// Stable code.
    pub code: String,
    /// What is wrong and what would be right.
    pub detail: Text,
}

/// A refusal of ours. What a cloud refuses is a run in state `refused`, not one of these.
#[derive(Debug, Clone)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code, the last part of `type`.
    pub code: &'static str,
    /// The same for every occurrence.
    pub title: Text,
    /// About this occurrence.
    pub detail: Text,
    /// For bad input: which values.
    pub errors: Vec<FieldError>,
    /// Seconds to wait, for 429 and 503.
    pub retry_after: Option<u64>,
    /// Whether the operator is needed, who finds the cause in the log by the request's id.
    pub is_for_operator: bool,
}

/// English and Chinese side by side.
#[must_use]
pub fn text(en: impl Into<String>, zh: impl Into<String>) -> Text {
    Text { en: en.into(), zh: zh.into() }
}

impl Problem {
    /// A problem with a title and a detail.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, title: Text, detail: Text) -> Self {
        Self { status, code, title, detail, errors: Vec::new(), retry_after: None, is_for_operator: false }
    }

    /// 400 with the values that are wrong.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        let count = errors.len();
        let mut problem = Self::new(
            StatusCode::BAD_REQUEST,
            "invalid_parameters",
            text("The input is not valid", "输入无效"),
            text(
                if count == 1 {
                    "One value needs a change.".to_owned()
                } else {
                    format!("{count} values need a change.")
                },
                format!("有 {count} 处需要修改。"),
            ),
        );
        problem.errors = errors;
        problem
    }

    /// 400 for one value.
    #[must_use]
    pub fn invalid_one(pointer: impl Into<String>, code: &str, detail: Text) -> Self {
        Self::invalid(vec![FieldError { pointer: pointer.into(), code: code.to_owned(), detail }])
    }

    /// 400 for a body that is not the JSON that the endpoint takes.
    #[must_use]
    pub fn bad_json(detail: Text) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad_json",
            text("The body cannot be read", "无法读取请求体"),
            detail,
        )
    }

    /// 400 with a code of its own.
    #[must_use]
    pub fn bad_request(code: &'static str, detail: Text) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            code,
            text("The request cannot be accepted", "无法接受该请求"),
            detail,
        )
    }

    /// 404 for an operation that does not exist or cannot be planned.
    #[must_use]
    pub fn unknown_operation() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "unknown_operation",
            text("No such operation", "没有这个操作"),
            text("The list of operations is at /api/operations.", "操作列表见 /api/operations。"),
        )
    }

    /// 403, the same for a profile that does not exist and one that may not be used.
    #[must_use]
    pub fn profile_forbidden() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "profile_forbidden",
            text("This profile cannot be used", "无法使用该账号配置"),
            text(
                "It does not exist, or it is not yours to use. GET /api/profiles lists yours.",
                "它不存在，或您无权使用。可用的配置见 /api/profiles。",
            ),
        )
    }

    /// 404.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "not_found",
            text("Nothing is here", "这里没有内容"),
            text(
                "There is no plan or run with this id, and no other thing at this address. It may belong to another console.",
                "没有此 ID 的计划或运行记录，该地址也没有其他内容；它可能属于另一个控制台。",
            ),
        )
    }

    /// 409.
    #[must_use]
    pub fn conflict(code: &'static str, title: Text, detail: Text) -> Self {
        Self::new(StatusCode::CONFLICT, code, title, detail)
    }

    /// 409 for a plan that time or the cloud has overtaken.
    #[must_use]
    pub fn plan_outdated(detail: Text) -> Self {
        Self::conflict("plan_outdated", text("The plan is out of date", "计划已过时"), detail)
    }

    /// 410.
    #[must_use]
    pub fn plan_expired() -> Self {
        Self::new(
            StatusCode::GONE,
            "plan_expired",
            text("The plan has expired", "计划已过期"),
            text(
                "A plan can be confirmed for 24 hours. Fill the form again from it.",
                "计划在 24 小时内有效，请从该计划重新填写表单。",
            ),
        )
    }

    /// 429.
    #[must_use]
    pub fn too_many(retry_after: u64) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            text("Too many requests", "请求过多"),
            text(
                format!("Nothing was sent. Try again in {retry_after} s."),
                format!("没有发送任何请求，请在 {retry_after} 秒后重试。"),
            ),
        );
        problem.retry_after = Some(retry_after);
        problem
    }

    /// 503 while too much is going on.
    #[must_use]
    pub fn overloaded() -> Self {
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "overloaded",
            text("The console is busy", "控制台繁忙"),
            text("Nothing was sent. Try again in a moment.", "没有发送任何请求，请稍后重试。"),
        );
        problem.retry_after = Some(1);
        problem
    }

    /// 503 when the store or the record cannot be written or read: then nothing is sent.
    #[must_use]
    pub fn store_unavailable(cause: StoreError) -> Self {
        let detail = match cause {
            StoreError::Full => text(
                "Nothing was sent: there is no room for the console's store. Tell the operator of this console; it goes on by itself once there is room.",
                "没有发送任何请求：控制台的存储空间已满。请联系控制台管理员，腾出空间后会自动恢复。",
            ),
            StoreError::ReadOnly => text(
                "Nothing was sent: the console's store can be read but not written. Tell the operator of this console; it goes on by itself once the file can be written.",
                "没有发送任何请求：控制台的存储只能读取，不能写入。请联系控制台管理员，文件可写后会自动恢复。",
            ),
            StoreError::Locked => text(
                "Nothing was sent: another program holds the console's store. Try again in a moment; if it stays so, tell the operator of this console.",
                "没有发送任何请求：控制台的存储被其他程序占用。请稍后重试；若持续如此，请联系控制台管理员。",
            ),
            StoreError::Corrupt => text(
                "Nothing was sent: the console's store is damaged. Tell the operator of this console: it is to be restored from a backup.",
                "没有发送任何请求：控制台的存储已损坏。请联系控制台管理员从备份恢复。",
            ),
            StoreError::Moved => text(
                "Nothing was sent: the file of the console's store was moved, replaced or deleted. Tell the operator of this console to put it back, or to start the console anew.",
                "没有发送任何请求：控制台的存储文件被移动、替换或删除。请联系控制台管理员将其放回原处，或重新启动控制台。",
            ),
            StoreError::Other => text(
                "Nothing was sent: the console's store does not work. Tell the operator of this console; its log has the cause.",
                "没有发送任何请求：控制台的存储无法使用。请联系控制台管理员，原因见日志。",
            ),
        };
        let mut problem = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "store_unavailable",
            text("The record cannot be kept", "无法保存记录"),
            detail,
        );
        problem.retry_after = Some(5);
        problem.is_for_operator = true;
        problem
    }

    /// 502 when a cloud cannot be asked (reads only: what changes is a run).
    #[must_use]
    pub fn upstream(detail: Text) -> Self {
        Self::new(
            StatusCode::BAD_GATEWAY,
            "upstream_unavailable",
            text("The cloud cannot be asked", "无法访问云服务"),
            detail,
        )
    }

    /// 500; the cause is in the log.
    #[must_use]
    pub fn internal() -> Self {
        let mut problem = Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            text("Something went wrong here", "内部错误"),
            text(
                "Tell the operator of this console; its log has the cause.",
                "请联系控制台管理员，原因见控制台日志。",
            ),
        );
        problem.is_for_operator = true;
        problem
    }

    /// The answer in a language, to the request of this id.
    #[must_use]
    pub fn respond(&self, language: Language, id: Option<&str>) -> Response {
        #[derive(Serialize)]
        struct ErrorBody<'a> {
            pointer: &'a str,
            code: &'a str,
            detail: &'a str,
        }
        #[derive(Serialize)]
        struct Body<'a> {
            r#type: String,
            title: &'a str,
            status: u16,
            detail: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            instance: Option<String>,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            errors: Vec<ErrorBody<'a>>,
        }
        let mut detail = self.detail.get(language).to_owned();
        if let (true, Some(id)) = (self.is_for_operator, id) {
            // Whoever tells the operator tells the id, too, without looking for it.
            detail.push_str(text(format!(" Request {id}."), format!("请求编号 {id}。")).get(language));
        }
        let body = Body {
            r#type: format!("urn:upgrade-console:{}", self.code),
            title: self.title.get(language),
            status: self.status.as_u16(),
            detail: &detail,
            instance: id.map(|id| format!("urn:upgrade-console:request:{id}")),
            errors: self
                .errors
                .iter()
                .map(|error| ErrorBody {
                    pointer: &error.pointer,
                    code: &error.code,
                    detail: error.detail.get(language),
                })
                .collect(),
        };
        let mut response = (self.status, serde_json::to_vec(&body).unwrap_or_default()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(cause: StoreError) -> Self {
        Self::store_unavailable(cause)
    }
}

/// On its way out in English; [`crate::guard::guard`] puts it into the reader's language.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.respond(Language::En, None);
        response.extensions_mut().insert(self);
        response
    }
}
