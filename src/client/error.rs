//! Every way in which a call to the console's own server can fail, with words and a next step for each.

use crate::words::{Words, errors::Explained};
use catalog::read_json::ReadJson;
use catalog::read_members;
use serde_json::Value;
use std::rc::Rc;
use wasm_bindgen::JsValue;

/// Why a call failed.
#[derive(Clone, Debug, PartialEq)]
pub enum ClientError {
    /// The server said why, in the form of RFC 9457.
    Problem(Rc<Problem>),
    /// No answer: the server is down, or the network between is. A gateway may be the one that says so.
    Unreachable,
    /// The browser itself says that it has no network.
    Offline,
    /// No answer in time.
    TooSlow,
    /// An answer that the console did not give: a portal's sign-in page, a gateway's error.
    NotJson {
        /// Its HTTP status.
        status: u16,
    },
}

/// What the server says about a call that it refused.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problem {
    /// `urn:upgrade-console:<code>`.
    pub kind: String,
    /// What happened, in a few words.
    pub title: String,
    /// More about it.
    pub detail: String,
    /// HTTP status.
    pub status: u16,
    /// What is wrong with the input.
    pub errors: Vec<InputError>,
}

/// One thing that is wrong with the input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputError {
    /// Where, as a JSON pointer into the body that was sent: `/parameters/TargetVersion`.
    pub pointer: String,
    /// A stable code.
    pub code: String,
    /// What is wrong and what would be right, in words.
    pub detail: String,
}

read_members!(InputError {} or_default { pointer, code, detail });
read_members!(Problem {} or_default { kind = "type", title, detail, status, errors });

impl Problem {
    /// The stable code at the end of the type, e.g. `plan_outdated`.
    #[must_use]
    pub fn code(&self) -> &str {
        self.kind.rsplit_once(':').map_or(&*self.kind, |(_, code)| code)
    }
}

impl ClientError {
    /// The code of a problem, empty for the other kinds.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            ClientError::Problem(problem) => problem.code(),
            _ => "",
        }
    }

    /// The HTTP status, where there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            ClientError::Problem(problem) => Some(problem.status),
            ClientError::NotJson { status } => Some(*status),
            _ => None,
        }
    }

    /// What is wrong with the input, when that is the reason.
    #[must_use]
    pub fn input_errors(&self) -> &[InputError] {
        match self {
            ClientError::Problem(problem) => &problem.errors,
            _ => &[],
        }
    }

    /// Whether no answer of the server came, so that nothing is known to have happened.
    #[must_use]
    pub fn is_silence(&self) -> bool {
        matches!(self, ClientError::Unreachable | ClientError::Offline | ClientError::TooSlow)
    }

    /// What the browser's refusal to fetch means.
    pub(super) fn from_fetch(failure: &JsValue) -> Self {
        let name = js_sys::Reflect::get(failure, &"name".into()).ok().and_then(|name| name.as_string());
        let timed_out = matches!(name.as_deref(), Some("TimeoutError" | "AbortError"));
        match (timed_out, crate::browser::online()) {
            (true, _) => ClientError::TooSlow,
            (false, false) => ClientError::Offline,
            (false, true) => ClientError::Unreachable,
        }
    }

    pub(super) fn from_answer(status: u16, answer: Option<&Value>) -> Self {
        match answer.and_then(Problem::read_json) {
            Some(mut problem) if !problem.kind.is_empty() || !problem.title.is_empty() => {
                problem.status = status;
                ClientError::Problem(Rc::new(problem))
            }
            // Whatever stands in front of the server got no answer from it either.
            _ if matches!(status, 502..=504) => ClientError::Unreachable,
            _ => ClientError::NotJson { status },
        }
    }

    /// What to say about it.
    #[must_use]
    pub fn explain(&self, words: &Words) -> Explained {
        let table = &words.errors;
        let made;
        let (title, detail, next) = match self {
            ClientError::Unreachable => {
                (table.unreachable(), table.unreachable_detail(), table.unreachable_next())
            }
            ClientError::Offline => (table.offline(), table.offline_detail(), table.offline_next()),
            ClientError::TooSlow => (table.too_slow(), table.too_slow_detail(), table.too_slow_next()),
            ClientError::NotJson { status } => {
                // A portal asks for its login with these, or with a page of its own.
                let login = matches!(status, 0..=399 | 401 | 403);
                let next = if login { table.not_json_next() } else { table.not_json_other() };
                made = table.not_json_detail(*status);
                (table.not_json(), made.as_str(), next)
            }
            ClientError::Problem(problem) => {
                let next = match (problem.status, problem.code()) {
                    (_, "confirmation_required") => table.next_confirmation(),
                    (_, "instance_busy") => table.next_busy(),
                    (_, "plan_outdated") => table.next_outdated(),
                    (_, "payload_mismatch") => table.next_changed(),
                    (_, code) if code.starts_with("not_") && problem.status == 409 => table.next_run(),
                    (400 | 422, _) => table.next_bad_input(),
                    (401, _) => table.next_not_signed_in(),
                    (403, _) => table.next_forbidden(),
                    (404, _) => table.next_not_found(),
                    (409, _) => table.next_changed(),
                    (410, _) => table.next_expired(),
                    (421, _) => table.next_host(),
                    (413, _) => table.next_large(),
                    (429, _) => table.next_many(),
                    (503, _) => table.next_store(),
                    _ => table.next_server(),
                };
                let title = if problem.title.is_empty() {
                    made = table.no_words(problem.status);
                    &made
                } else {
                    &problem.title
                };
                (title.as_str(), problem.detail.as_str(), next)
            }
        };
        Explained { title: title.to_owned(), detail: detail.to_owned(), next: next.to_owned() }
    }
}
