//! The shell, the parts and the review in a real browser, with a stand-in for the server.
#![cfg(target_arch = "wasm32")]

#[path = "shell/browser.rs"]
mod browser;
#[path = "shell/parts.rs"]
mod parts;
#[path = "shell/pure.rs"]
mod pure;
#[path = "shell/review.rs"]
mod review;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
