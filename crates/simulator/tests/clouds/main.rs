//! The simulated clouds through real HTTP: requests are bytes on a socket, signed by the signing crate or captured from
//! the official SDKs.

#![allow(missing_docs)]
// The helpers beside the tests fail the test that calls them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

// The name under which the rest of the workspace knows the crate.
extern crate upgrade_simulator as simulator;

mod aad;
mod admin;
mod alibaba_errors;
mod alikafka;
mod bss;
mod captures;
mod cbh;
mod common;
mod computenest;
mod huawei_errors;
mod iam;
mod scenarios;
