//! What every resource has: lists, empty bodies, problems.

use crate::body::Members;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A list.
#[derive(Serialize, ToSchema)]
pub struct List<T: ToSchema> {
    /// The items.
    pub items: Vec<T>,
    /// What to ask for to get more; null at the end.
    pub next: Option<String>,
}

/// Nothing.
#[derive(Deserialize, ToSchema)]
pub struct EmptyBody {}

impl Members for EmptyBody {
    const NAMES: &'static [&'static str] = &[];
}

/// A problem, as RFC 9457 describes it.
#[derive(Serialize, ToSchema)]
pub struct ProblemView {
    /// `urn:upgrade-console:<code>`; stable.
    pub r#type: String,
    /// The same for every occurrence.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// About this occurrence.
    pub detail: String,
    /// `urn:upgrade-console:request:<id>`: this occurrence. The id also stands in the header `x-request-id` and on the
    /// lines of the console's log.
    pub instance: String,
    /// For bad input: which values.
    #[schema(required = false)]
    pub errors: Vec<ProblemErrorView>,
}

/// One wrong value.
#[derive(Serialize, ToSchema)]
pub struct ProblemErrorView {
    /// JSON pointer into the request body.
    pub pointer: String,
    /// Stable code.
    pub code: String,
    /// What is wrong and what would be right.
    pub detail: String,
}
