//! IAM v3 of the simulated Huawei Cloud: tokens by password, projects, domains (companions.md sections 2 and 5).
//! Tokens belong to real time, like signatures.

use crate::accounts::{HUAWEI_DOMAIN_ID, HUAWEI_DOMAIN_NAME, HUAWEI_PROJECTS, IAM_USER};
use crate::huawei::{Refusal, Success};
use crate::moment::{Moment, later};
use crate::wire::WireRequest;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::HashMap;

/// A token is valid for 24 hours.
const TOKEN_SECONDS: i64 = 24 * 3600;

/// What a token is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// One project.
    Project { name: &'static str, id: &'static str },
    /// The whole account.
    Domain,
}

/// A token that was handed out.
pub(crate) struct Token {
    pub(crate) expires: Timestamp,
    pub(crate) scope: Scope,
}

/// The tokens that were handed out.
#[derive(Default)]
pub(crate) struct Iam {
    tokens: HashMap<String, Token>,
}

impl Iam {
    pub(crate) fn find(&self, token: &str) -> Option<&Token> {
        self.tokens.get(token)
    }
}

/// `POST /v3/auth/tokens`: 201 with the token in the header `X-Subject-Token`.
pub(crate) fn login(iam: &mut Iam, body: &[u8], moment: &Moment<'_>) -> Result<Success, Refusal> {
    let body: Value = serde_json::from_slice(body).map_err(|_| bad_request("The request body is invalid"))?;
    let identity =
        body.pointer("/auth/identity").ok_or_else(|| bad_request("The request body is invalid"))?;
    if identity.get("methods") != Some(&json!(["password"])) {
        return Err(bad_request("The authentication method is not supported"));
    }
    let text = |pointer: &str| identity.pointer(pointer).and_then(Value::as_str);
    let (Some(name), Some(password), Some(domain)) =
        (text("/password/user/name"), text("/password/user/password"), text("/password/user/domain/name"))
    else {
        return Err(bad_request("The request body is invalid"));
    };
    if (name, password, domain) != (IAM_USER.name, IAM_USER.password, IAM_USER.domain_name) {
        return Err(Refusal::Iam {
            status: 401,
            title: "Unauthorized",
            message: "The username or password is wrong.",
        });
    }
    let scope = scope(body.pointer("/auth/scope"))?;
    let (issued, expires) = (moment.real, later(moment.real, TOKEN_SECONDS));
    let token = format!("MII{}{}{}", moment.hex(), moment.hex(), moment.hex());
    iam.tokens.retain(|_, known| later(known.expires, TOKEN_SECONDS) > moment.real);
    iam.tokens.insert(token.clone(), Token { expires, scope });
    let domain = json!({"id": HUAWEI_DOMAIN_ID, "name": HUAWEI_DOMAIN_NAME});
    let mut content = json!({
        "methods": ["password"],
        "issued_at": microseconds(issued),
        "expires_at": microseconds(expires),
        "user": {"id": IAM_USER.user_id, "name": IAM_USER.name, "domain": domain, "password_expires_at": ""},
        "roles": [{"id": "0", "name": "te_admin"}],
        "catalog": [],
    });
    match scope {
        Scope::Project { name, id } => {
            content["project"] = json!({"id": id, "name": name, "domain": domain});
        }
        Scope::Domain => content["domain"] = domain,
    }
    Ok(Success {
        status: 201,
        body: Some(json!({"token": content})),
        subject_token: Some(token),
        applied: false,
    })
}

/// Absent: the whole account. A project is named or given by id.
fn scope(wanted: Option<&Value>) -> Result<Scope, Refusal> {
    let Some(wanted) = wanted else { return Ok(Scope::Domain) };
    if let Some(project) = wanted.get("project") {
        let part = |name: &str| project.get(name).and_then(Value::as_str);
        return HUAWEI_PROJECTS
            .iter()
            .find(|(name, id)| part("id").map_or_else(|| part("name") == Some(name), |wanted| wanted == *id))
            .map(|(name, id)| Scope::Project { name, id })
            .ok_or(Refusal::Iam {
                status: 400,
                title: "Bad Request",
                message: "The project does not exist.",
            });
    }
    let domain = wanted.get("domain").ok_or_else(|| bad_request("The scope is invalid"))?;
    let is = |name: &str, value: &str| domain.get(name).and_then(Value::as_str) == Some(value);
    if is("name", HUAWEI_DOMAIN_NAME) || is("id", HUAWEI_DOMAIN_ID) {
        Ok(Scope::Domain)
    } else {
        Err(bad_request("The domain does not exist."))
    }
}

fn bad_request(message: &'static str) -> Refusal {
    Refusal::Iam { status: 400, title: "Bad Request", message }
}

/// `GET /v3/projects?name=`: the projects of the account, by exact name when one is given.
pub(crate) fn projects(request: &WireRequest) -> Result<Success, Refusal> {
    let query =
        signing::encode::decode_query(&request.query).map_err(|_| bad_request("The query is invalid"))?;
    let name = query.iter().find(|(name, _)| name == "name").map(|(_, value)| value.as_str());
    Ok(project_list(name))
}

/// `GET /v3/auth/projects`.
pub(crate) fn all_projects() -> Success {
    project_list(None)
}

fn project_list(wanted: Option<&str>) -> Success {
    let projects: Vec<Value> = HUAWEI_PROJECTS
        .iter()
        .filter(|(name, _)| wanted.is_none_or(|wanted| wanted == *name))
        .map(|(name, id)| {
            json!({
                "id": id,
                "name": name,
                "domain_id": HUAWEI_DOMAIN_ID,
                "parent_id": HUAWEI_DOMAIN_ID,
                "is_domain": false,
                "enabled": true,
                "description": "",
            })
        })
        .collect();
    Success::read(json!({"links": {"next": null, "previous": null}, "projects": projects}))
}

/// `GET /v3/auth/domains`.
pub(crate) fn domains() -> Success {
    Success::read(json!({
        "links": {"next": null, "previous": null},
        "domains": [{"id": HUAWEI_DOMAIN_ID, "name": HUAWEI_DOMAIN_NAME, "enabled": true, "description": ""}],
    }))
}

/// RFC 3339 in UTC with six digits after the second, as IAM writes times.
pub(crate) fn microseconds(at: Timestamp) -> String {
    format!("{at:.6}")
}
