//! Who is asking, what this server can do, and the profiles.

use crate::config::Mode;
use catalog::Cloud;
use catalog::model::Site;
use serde::Serialize;
use utoipa::ToSchema;

/// Who the person is and what the server can do.
#[derive(Serialize, ToSchema)]
pub struct Session {
    /// The person's name.
    pub user: String,
    /// How the portal calls the person.
    pub display_name: Option<String>,
    /// The person's email address, from the portal.
    pub email: Option<String>,
    /// The person's groups, from the portal.
    pub groups: Vec<String>,
    /// Who says who the person is: `local` or `forwarded`.
    pub identity: &'static str,
    /// What the person may do.
    pub roles: Vec<&'static str>,
    /// The server's version.
    pub version: &'static str,
    /// What is on.
    pub features: Features,
    /// Limits that a page should know.
    pub limits: SessionLimits,
    /// The clock of the simulated profiles, RFC 3339 in UTC; real time without them.
    pub now: String,
    /// How far that clock is ahead of real time.
    pub clock_offset_seconds: i64,
}

/// What is on.
#[derive(Serialize, ToSchema)]
pub struct Features {
    /// Whether live profiles may exist.
    pub live: bool,
    /// Whether this process has simulated clouds.
    pub simulator: bool,
    /// Whether plans need the approval of other people.
    pub approvals: bool,
}

/// Limits that a page should know.
#[derive(Serialize, ToSchema)]
pub struct SessionLimits {
    /// Bytes of a request body.
    pub body_bytes: usize,
    /// API reads in a minute.
    pub reads_per_minute: u32,
    /// Changing calls in a minute.
    pub changes_per_minute: u32,
    /// Previews in a minute.
    pub previews_per_minute: u32,
}

/// A profile; never a credential.
#[derive(Serialize, ToSchema)]
pub struct ProfileView {
    /// Its name.
    pub name: String,
    /// `alibaba` or `huawei`.
    #[schema(value_type = String)]
    pub cloud: Cloud,
    /// Simulated or live.
    pub mode: Mode,
    /// Region that forms start from.
    pub region: Option<String>,
    /// Account site.
    #[schema(value_type = String)]
    pub site: Site,
    /// Known project id.
    pub project_id: Option<String>,
    /// Known domain id.
    pub domain_id: Option<String>,
}
