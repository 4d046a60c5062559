//! The shell, the parts and the review in a real browser, with a stand-in for the server.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by stopping")]

extern crate upgrade_json as serde_json;

#[path = "shell/browser.rs"]
mod browser;
#[path = "shell/parts.rs"]
mod parts;
#[path = "shell/pure.rs"]
mod pure;
#[path = "shell/review.rs"]
mod review;
#[path = "shell/run.rs"]
mod run;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
