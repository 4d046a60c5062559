//! The schemes against what the official SDKs computed and sent, and against everything that must be refused.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail like tests")]

mod captures;
mod data;
mod encoding;
mod refusals;
mod vectors;
