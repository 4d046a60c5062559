//! The answers of the gateway and of the services behind it, each in its own shape (signing.md section 8).

use crate::iam;
use crate::moment::{Moment, later};
use crate::scenario::Fault;
use serde_json::{Value, json};

/// A refusal of a Huawei service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServiceError {
    status: u16,
    code: &'static str,
    description: String,
}

impl ServiceError {
    pub(crate) fn new(status: u16, code: &'static str, description: &str) -> Self {
        Self { status, code, description: description.to_owned() }
    }
}

/// Why a request is not served, in the shape of the layer that refuses it.
pub(crate) enum Refusal {
    /// The gateway: `error_msg`, `error_code`, `request_id`.
    Gateway { status: u16, code: &'static str, message: String },
    /// A service: `error_code`, `error_description`.
    Service(ServiceError),
    /// A service that says `error_msg` instead.
    ServiceMessage { status: u16, code: &'static str, message: &'static str },
    /// IAM: `{"error": {...}}`.
    Iam { status: u16, title: &'static str, message: &'static str },
}

impl From<ServiceError> for Refusal {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

/// What is sent with success.
pub(crate) struct Success {
    pub(crate) status: u16,
    /// Absent: no body at all.
    pub(crate) body: Option<Value>,
    /// `X-Subject-Token`.
    pub(crate) subject_token: Option<String>,
    pub(crate) applied: bool,
}

impl Success {
    pub(crate) fn read(body: Value) -> Self {
        Self { status: 200, body: Some(body), subject_token: None, applied: false }
    }

    /// A call that took effect and has nothing to say.
    pub(super) fn silent(status: u16) -> Self {
        Self { status, body: None, subject_token: None, applied: true }
    }
}

pub(super) fn refusal_of(fault: Fault, access_key: &str, moment: &Moment<'_>) -> Refusal {
    match fault {
        Fault::Gateway { status, code, message } => {
            let expired = iam::microseconds(later(moment.real, -1));
            Refusal::Gateway {
                status,
                code,
                message: message.replace("{ak}", access_key).replace("{now}", &expired),
            }
        }
        Fault::Service { status, code, description } => ServiceError::new(status, code, description).into(),
        Fault::ServiceMessage { status, code, message } => Refusal::ServiceMessage { status, code, message },
        // The faults of the other cloud are never chosen for a product of this one.
        Fault::Alibaba { status, code, message } => {
            Refusal::Gateway { status, code, message: message.to_owned() }
        }
    }
}

pub(super) fn refusal_body(refusal: Refusal, request_id: &str) -> (u16, Value, String) {
    match refusal {
        Refusal::Gateway { status, code, message } => {
            let body = json!({"error_msg": message, "error_code": code, "request_id": request_id});
            (status, body, code.to_owned())
        }
        Refusal::Service(ServiceError { status, code, description }) => {
            (status, json!({"error_code": code, "error_description": description}), code.to_owned())
        }
        Refusal::ServiceMessage { status, code, message } => {
            (status, json!({"error_code": code, "error_msg": message}), code.to_owned())
        }
        Refusal::Iam { status, title, message } => {
            let body = json!({"error": {"code": status, "message": message, "title": title}});
            (status, body, status.to_string())
        }
    }
}
