//! Every kind of field in a real browser: what is typed, what is sent, how help and errors are tied, where the focus goes.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by stopping")]

extern crate upgrade_json as serde_json;

#[path = "fields/choices.rs"]
mod choices;
#[path = "fields/composite.rs"]
mod composite;
#[path = "fields/model.rs"]
mod model;
#[path = "fields/page.rs"]
mod page;
#[path = "fields/scalar.rs"]
mod scalar;
#[path = "fields/time.rs"]
mod time;
#[path = "fields/whole.rs"]
mod whole;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
