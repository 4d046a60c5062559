//! Small doors to the browser that more than one module needs. None of them fails: where the browser refuses
//! (storage switched off, an element gone), nothing happens and the answer is `None`.

use wasm_bindgen::JsCast;
use web_sys::{
    Document, Element, FocusOptions, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition, Storage,
    Window,
};

/// The id of the notice in `index.html` that says the page has stopped working.
pub const BROKEN_NOTICE: &str = "broken";

/// The window, absent only outside a browser.
#[must_use]
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
#[must_use]
pub fn document() -> Option<Document> {
    window().and_then(|window| window.document())
}

/// The path that everything of the page lies under, without a slash at the end: `""` at the root, `"/x"` behind a
/// prefix. It comes from `<base href>`, which the server writes.
#[must_use]
pub fn base_path() -> String {
    let address = document().and_then(|document| document.base_uri().ok().flatten()).unwrap_or_default();
    web_sys::Url::new(&address).map(|url| url.pathname().trim_end_matches('/').to_owned()).unwrap_or_default()
}

/// The storage of this origin, `None` when the person or the browser does not allow it.
#[must_use]
pub fn storage() -> Option<Storage> {
    window().and_then(|window| window.local_storage().ok().flatten())
}

/// Reads an entry of the storage.
#[must_use]
pub fn stored(key: &str) -> Option<String> {
    storage().and_then(|storage| storage.get_item(key).ok().flatten())
}

/// Writes an entry of the storage; false when it is off or full.
pub fn store(key: &str, value: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// Removes an entry of the storage.
pub fn forget(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// The element with this id.
#[must_use]
pub fn element(id: &str) -> Option<Element> {
    document().and_then(|document| document.get_element_by_id(id))
}

/// Moves the focus to the element with this id and scrolls it into view. False when there is none.
pub fn focus(id: &str) -> bool {
    let Some(target) = element(id).and_then(|found| found.dyn_into::<HtmlElement>().ok()) else {
        return false;
    };
    let _ = target.focus();
    true
}

/// Moves the focus without scrolling: for headings after a navigation, which the router has scrolled to.
pub fn focus_in_place(target: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = target.focus_with_options(&options);
}

/// Scrolls the element with this id into view, no further than needed.
pub fn reveal(id: &str) {
    if let Some(target) = element(id) {
        let options = ScrollIntoViewOptions::new();
        options.set_block(ScrollLogicalPosition::Nearest);
        target.scroll_into_view_with_scroll_into_view_options(&options);
    }
}

/// Whether the browser believes that it has a network.
#[must_use]
pub fn online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}

/// Shows the notice in `index.html` that the page has stopped working. Called from the panic hook, so it takes
/// nothing for granted and allocates little.
pub fn show_broken_notice() {
    if let Some(notice) = element(BROKEN_NOTICE) {
        let _ = notice.remove_attribute("hidden");
    }
}
