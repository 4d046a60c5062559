//! The few calls to the browser's document. Failures of these calls are mistakes in a template, which the browser
//! tests would show; there is nobody to hand them to while the page is drawn.

use crate::task::spawn_local;
use js_sys::{Function, Reflect};
use std::cell::OnceCell;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, Event, Node};

const SVG: &str = "http://www.w3.org/2000/svg";

thread_local! {
    static DOCUMENT: OnceCell<Option<Document>> = const { OnceCell::new() };
}

fn document() -> Option<Document> {
    DOCUMENT
        .with(|known| known.get_or_init(|| web_sys::window().and_then(|window| window.document())).clone())
}

/// A text.
pub(crate) fn text(text: &str) -> Node {
    match document() {
        Some(document) => document.create_text_node(text).unchecked_into(),
        None => JsValue::NULL.unchecked_into(),
    }
}

/// Says another text.
pub(crate) fn change_text(node: &Node, text: &str) {
    node.set_node_value(Some(text));
}

/// An element.
pub(crate) fn element(name: &str, is_svg: bool) -> Element {
    let made = document().and_then(|document| {
        let made =
            if is_svg { document.create_element_ns(Some(SVG), name) } else { document.create_element(name) };
        made.ok()
    });
    made.unwrap_or_else(|| JsValue::NULL.unchecked_into())
}

/// Puts a node in front of another, or last.
pub(crate) fn insert(parent: &Node, node: &Node, before: Option<&Node>) {
    let _ = parent.insert_before(node, before);
}

/// Takes a node out of the page.
pub(crate) fn remove(node: &Node) {
    if let Some(parent) = node.parent_node() {
        let _ = parent.remove_child(node);
    }
}

/// Sets an attribute or takes it away.
pub(crate) fn set_attribute(element: &Element, name: &str, value: Option<&str>) {
    let _ = match value {
        Some(value) => element.set_attribute(name, value),
        None => element.remove_attribute(name),
    };
}

/// Sets a property. A `value` waits until the elements inside are there: a select takes only values that it offers.
pub(crate) fn set_property(element: &Element, name: &'static str, value: JsValue) {
    let element = element.clone();
    let set = move || {
        let _ = Reflect::set(&element, &JsValue::from_str(name), &value);
    };
    if name == "value" {
        spawn_local(async move { set() });
    } else {
        set();
    }
}

/// Listens to an event for as long as the element lives.
pub(crate) fn listen(element: &Element, event: &str, listener: Box<dyn FnMut(Event)>) {
    let listener = Closure::wrap(listener).into_js_value();
    let _ = element.add_event_listener_with_callback(event, listener.unchecked_ref());
}

/// A function that is called once, for the browser.
pub(crate) fn once(run: Box<dyn FnOnce()>) -> JsValue {
    Closure::once_into_js(run)
}

/// Has a function called after the present step.
pub(crate) fn queue_microtask(run: &JsValue) {
    let queue =
        web_sys::window().and_then(|window| Reflect::get(&window, &JsValue::from_str("queueMicrotask")).ok());
    if let Some(queue) = queue {
        let _ = queue.unchecked_into::<Function>().call1(&JsValue::UNDEFINED, run);
    }
}
