//! The gateway of the simulated Huawei Cloud: finds the API, believes the caller by signature or by token, and answers
//! in the cloud's shapes (signing.md sections 4 and 8).

mod answer;
mod claim;
mod route;

pub(crate) use answer::{Refusal, ServiceError, Success};

use crate::aad::orders::Language;
use crate::accounts::{self, Cloud};
use crate::iam::{self, Scope};
use crate::moment::Moment;
use crate::scenario::{self, Effect, Kind, Product};
use crate::wire::{Answer, WireRequest};
use crate::world::{Handled, Products, World};
use answer::{refusal_body, refusal_of};
use claim::{Caller, authenticate, unauthorized};
use route::Route;
use serde_json::json;

#[derive(Default)]
struct Known<'a> {
    route: Option<Route<'a>>,
    caller: Option<Caller>,
    effect: Option<Effect>,
}

/// The decoded query of a request.
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    fn read(request: &WireRequest) -> Result<Self, Refusal> {
        let pairs = signing::encode::decode_query(&request.query).map_err(|error| Refusal::Gateway {
            status: 400,
            code: "APIGW.0106",
            message: format!("Invalid query: {error}"),
        })?;
        Ok(Self { pairs })
    }

    /// The value of a parameter, with empty counting as absent.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        let (_, value) = self.pairs.iter().find(|(known, _)| known == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}

/// Handles a request from the search for its API to the answer.
pub(crate) fn handle(world: &mut World, request: &WireRequest, moment: &Moment<'_>) -> Handled {
    let mut known = Known::default();
    let outcome = call(world, request, moment, &mut known);
    let request_id = moment.hex();
    let mut headers = vec![("server", "api-gateway".to_owned()), ("x-request-id", request_id.clone())];
    let (status, body, verdict, applied) = match outcome {
        Ok(success) => {
            if let Some(token) = success.subject_token {
                headers.push(("x-subject-token", token));
            }
            (success.status, success.body, "accepted".to_owned(), success.applied)
        }
        Err(refusal) => {
            let (status, body, code) = refusal_body(refusal, &request_id);
            (status, Some(body), code, false)
        }
    };
    let body = body.map(|body| {
        headers.push(("content-type", "application/json".to_owned()));
        body.to_string().into_bytes()
    });
    Handled {
        cloud: Cloud::Huawei,
        answer: Answer { status, headers, body: body.unwrap_or_default() },
        effect: known.effect.unwrap_or(Effect::Normal),
        operation: known.route.map(Route::id),
        caller: known.caller.map(|caller| caller.name.to_owned()),
        verdict,
        changing: known.route.is_some_and(|route| route.kind() == Kind::Changing),
        applied,
        request_id,
    }
}

fn call<'a>(
    world: &mut World,
    request: &'a WireRequest,
    moment: &Moment<'_>,
    known: &mut Known<'a>,
) -> Result<Success, Refusal> {
    let route = Route::find(request).ok_or_else(|| Refusal::Gateway {
        status: 404,
        code: "APIGW.0101",
        message: format!(
            "The API does not exist or has not been published in the environment: {} {}",
            request.method, request.path
        ),
    })?;
    known.route = Some(route);
    if route == Route::IamTokens {
        return iam::login(&mut world.iam, &request.body, moment);
    }
    let caller = authenticate(world, request, moment)?;
    let scope = caller.scope;
    let access_key = caller.access_key;
    known.caller = Some(caller);
    let effect = scenario::effect(moment.scenario.name, route.product(), route.kind());
    known.effect = Some(effect);
    match effect {
        Effect::Refuse(fault) => return Err(refusal_of(fault, access_key, moment)),
        // Never seen by the caller: the request has no effect and no answer.
        Effect::Hang => {
            return Ok(Success { status: 200, body: None, subject_token: None, applied: false });
        }
        _ => {}
    }
    match route.product() {
        Product::Cbh => cbh(&mut world.products, route, request, scope, moment),
        Product::Aad => aad(&mut world.products, route, request, moment),
        Product::HuaweiBss => orders(&mut world.products, route, request),
        _ => match route {
            Route::IamProjects => iam::projects(request),
            Route::IamAuthDomains => Ok(iam::domains()),
            _ => Ok(iam::all_projects()),
        },
    }
}

fn cbh(
    products: &mut Products,
    route: Route<'_>,
    request: &WireRequest,
    scope: Option<Scope>,
    moment: &Moment<'_>,
) -> Result<Success, Refusal> {
    let project = route.project();
    check_project(project, request, scope)?;
    let cbh = products.cbh.of_project(project);
    match route {
        // Success has no body (apis.md section 3).
        Route::CbhUpgrade { .. } => {
            cbh.upgrade(&request.body, moment)?;
            Ok(Success::silent(200))
        }
        Route::CbhRollback { .. } => {
            cbh.roll_back(&request.body, moment)?;
            Ok(Success::silent(200))
        }
        Route::CbhStatus { server, .. } => Ok(Success::read(cbh.status(server)?)),
        _ => Ok(Success::read(cbh.list(&Query::read(request)?)?)),
    }
}

fn aad(
    products: &mut Products,
    route: Route<'_>,
    request: &WireRequest,
    moment: &Moment<'_>,
) -> Result<Success, Refusal> {
    check_domain(request)?;
    let aad = &mut products.aad;
    match route {
        Route::AadUpgrade => {
            let order = aad.upgrade(&request.body, moment)?;
            // No `order_id` when no fee changes (apis.md section 6).
            let body = order.map_or_else(|| json!({}), |order| json!({"order_id": order}));
            Ok(Success { applied: true, ..Success::read(body) })
        }
        Route::AadListByAccess => Ok(Success::read(aad.list_by_access(&Query::read(request)?)?)),
        Route::AadShow { instance } => Ok(Success::read(aad.show(instance, moment)?)),
        Route::AadDomains { instance } => Ok(Success::read(aad.domains(instance, &Query::read(request)?)?)),
        _ => Ok(Success::read(aad.list())),
    }
}

fn orders(products: &mut Products, route: Route<'_>, request: &WireRequest) -> Result<Success, Refusal> {
    check_domain(request)?;
    // The account belongs to the Chinese site; a host that names no site is taken to be its own.
    if request.host_name().starts_with("bss-intl.") || request.host_name().ends_with(".myhuaweicloud.eu") {
        return Err(Refusal::ServiceMessage {
            status: 403,
            code: "CBC.0156",
            message: "Access denied. The customer does not belong to the website you are now at.",
        });
    }
    let language = Language::read(request.header("x-language"))?;
    let query = Query::read(request)?;
    match route {
        Route::OrderCancel => {
            products.aad.cancel_order(&request.body)?;
            Ok(Success::silent(204))
        }
        Route::OrderDetails { order } => Ok(Success::read(products.aad.order(order, &query, language)?)),
        _ => Ok(Success::read(products.aad.order_list(&query, language)?)),
    }
}

/// The project of the path must be one of the account, the one of `X-Project-Id` and the one of the token.
fn check_project(project: &str, request: &WireRequest, scope: Option<Scope>) -> Result<(), Refusal> {
    let known = accounts::HUAWEI_PROJECTS.iter().any(|(_, id)| *id == project);
    let same = request.header("x-project-id").is_none_or(|header| header == project);
    if !known || !same {
        return Err(ServiceError::new(400, "CBH.10020001", "The project ID is incorrect.").into());
    }
    match scope {
        None => Ok(()),
        Some(Scope::Project { id, .. }) if id == project => Ok(()),
        Some(_) => Err(ServiceError::new(401, "CBH.10020100", "Failed to verify the token.").into()),
    }
}

fn check_domain(request: &WireRequest) -> Result<(), Refusal> {
    if request.header("x-domain-id").is_none_or(|header| header == accounts::HUAWEI_DOMAIN_ID) {
        Ok(())
    } else {
        Err(unauthorized("x-domain-id does not match the access key"))
    }
}
