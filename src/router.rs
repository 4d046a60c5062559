//! Which address the page shows. Links inside the page and the browser's own buttons change it without loading
//! anything; the addresses themselves are in [`crate::route`].

use crate::browser;
use crate::route::Route;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlAnchorElement, MouseEvent};

/// Where the page is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Address {
    /// The path, with the base.
    path: String,
    /// The query, with its question mark, or empty.
    query: String,
}

impl Address {
    /// What the browser shows.
    fn now() -> Address {
        let Some(location) = browser::window().map(|window| window.location()) else {
            return Address::default();
        };
        Address {
            path: location.pathname().unwrap_or_default(),
            query: location.search().unwrap_or_default(),
        }
    }

    fn route(&self) -> Route {
        Route::parse(self.path.strip_prefix(browser::base_path().as_str()).unwrap_or(&self.path))
    }
}

/// The address of the page. Owned by the app.
#[derive(Clone, Copy, Debug)]
pub struct Router {
    address: RwSignal<Address>,
}

impl Router {
    /// Takes the address from the browser.
    #[must_use]
    pub fn new() -> Self {
        Router { address: RwSignal::new(Address::now()) }
    }

    /// Follows links and the browser's buttons for as long as the owner lives.
    pub fn listen(self) {
        let clicks = window_event_listener(leptos::ev::click, move |event| {
            if let Some(href) = link_of(&event) {
                event.prevent_default();
                self.go(&href);
            }
        });
        let back = window_event_listener_untyped("popstate", move |_| self.settle());
        on_cleanup(move || {
            clicks.remove();
            back.remove();
        });
    }

    /// Goes to an address of the page and to the top of it.
    pub fn go(self, href: &str) {
        let Some(window) = browser::window() else { return };
        if window
            .history()
            .and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(href)))
            .is_ok()
        {
            self.settle();
            window.scroll_to_with_x_and_y(0.0, 0.0);
        }
    }

    /// Gives the page another address, which takes the place of this one in the history.
    pub fn replace(self, href: &str) {
        let Some(history) = browser::window().and_then(|window| window.history().ok()) else { return };
        if history.replace_state_with_url(&JsValue::NULL, "", Some(href)).is_ok() {
            self.settle();
        }
    }

    /// The page that is shown.
    #[must_use]
    pub fn route(self) -> Route {
        self.address.with(Address::route)
    }

    /// The path that is shown, with the base.
    #[must_use]
    pub fn path(self) -> String {
        self.address.with(|address| address.path.clone())
    }

    /// A part of the address that a page is about. It keeps its last value while the page gives way to another.
    #[must_use]
    pub fn part(self, of: fn(Route) -> Option<String>) -> Memo<String> {
        Memo::new(move |before: Option<&String>| {
            of(self.route()).or_else(|| before.cloned()).unwrap_or_default()
        })
    }

    /// The names and values of the query, in its order.
    #[must_use]
    pub fn query(self) -> Vec<(String, String)> {
        let query = self.address.with(|address| address.query.clone());
        let part = |text: &str| {
            let text = text.replace('+', " ");
            js_sys::decode_uri_component(&text).map_or(text, String::from)
        };
        query
            .trim_start_matches('?')
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (part(name), part(value)))
            .collect()
    }

    fn settle(self) {
        let now = Address::now();
        if self.address.with_untracked(|before| *before != now) {
            self.address.set(now);
        }
    }
}

impl Default for Router {
    fn default() -> Self {
        Router::new()
    }
}

/// The router that the app provides.
#[must_use]
pub fn use_router() -> Router {
    use_context::<Router>().unwrap_or_default()
}

/// The address that a click asks this page for; `None` when the click is the browser's own affair: another button or
/// key, a download, another window, another site, or a place on the same page.
fn link_of(event: &MouseEvent) -> Option<String> {
    let plain = event.button() == 0
        && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
    if !plain || event.default_prevented() {
        return None;
    }
    let target = event.target()?.dyn_into::<Element>().ok()?;
    let link = target.closest("a[href]").ok()??.dyn_into::<HtmlAnchorElement>().ok()?;
    let elsewhere = !matches!(link.target().as_str(), "" | "_self")
        || link.has_attribute("download")
        || link.rel().split(' ').any(|word| word == "external");
    if elsewhere || link.origin() != browser::window()?.location().origin().ok()? {
        return None;
    }
    let path = link.pathname();
    let below = path.strip_prefix(browser::base_path().as_str())?;
    let is_below = below.is_empty() || below.starts_with('/');
    let same_page = !link.hash().is_empty() && Address::now() == Address { path, query: link.search() };
    (is_below && !same_page).then(|| link.href())
}
