//! The server through HTTP, with the simulated clouds or a misbehaving cloud behind it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod actions;
mod cases;
mod choices;
mod confirming;
mod dry_runs;
mod fake_cloud;
mod five;
mod following_alibaba;
mod following_huawei;
mod framing;
mod guard;
mod history;
mod holding;
mod iam;
mod identity;
mod kill;
mod limits;
mod one_account;
mod openapi;
mod permissions;
mod plan_secrets;
mod prices;
mod program;
mod raw;
mod record;
mod relay;
mod request_ids;
mod restart;
mod secrecy;
mod settling;
mod store_faults;
mod support;
mod target;
mod upstream;
mod values;
