//! The simulated clouds through real HTTP: requests are bytes on a socket, signed by the signing crate or captured from
//! the official SDKs.

#![allow(missing_docs)]
// The helpers beside the tests fail the test that calls them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

// The name under which the rest of the workspace knows the crate.
extern crate upgrade_simulator as simulator;

mod aad;
mod aad_reads;
mod admin;
mod alibaba_errors;
mod alikafka;
mod alikafka_reads;
mod bss;
mod bss_orders;
mod bss_reads;
mod captures;
mod cbh;
mod cbh_reads;
mod common;
mod computenest;
mod computenest_reads;
mod computenest_undo;
mod crowd;
mod documented;
mod huawei_errors;
mod huawei_orders;
mod iam;
mod scenarios;
