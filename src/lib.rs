//! The page: draws a form for every operation of the catalogue, shows the plan that comes of it, and follows the run.
//!
//! It never holds a credential, a token or a signature; it names an operation, a profile and parameters, and the
//! server does the rest. It knows no product by name: what it shows comes from the catalogue and from the answers of
//! the server.
//!
//! | Module | Knows |
//! | --- | --- |
//! | [`app`] | the contexts, the table of routes |
//! | [`shell`] | what stands on every page: band, top bar, notices, palette |
//! | [`route`] | every address of the page |
//! | [`client`] | HTTP; the only module that speaks it |
//! | [`words`] | every visible word, in two languages |
//! | [`times`] | instants, in a zone that is always named |
//! | [`search`] | texts that hold what was typed |
//! | [`order`] | short lists in order, at a small price |
//! | [`state`] | what outlives a page: preferences, profiles, drafts; secrets only in memory |
//! | [`components`] | the parts: they know neither the catalogue nor the client |
//! | [`form`] | a catalogue entry as a form |
//! | [`pages`] | one file for each route |

// What the page downloads for JSON: something small under the same name.
#[cfg(target_arch = "wasm32")]
extern crate upgrade_json as serde_json;

pub mod app;
pub mod browser;
pub mod client;
pub mod components;
pub mod form;
pub mod order;
pub mod pages;
pub mod route;
pub mod router;
pub mod search;
pub mod shell;
pub mod state;
pub mod times;
pub mod words;

pub use app::App;

/// Installs the notice for a panic and draws the page into `<body>`.
pub fn start() {
    std::panic::set_hook(Box::new(|information| {
        console_error_panic_hook::hook(information);
        browser::show_broken_notice();
    }));
    leptos::mount::mount_to_body(App);
}
