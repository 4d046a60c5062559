//! Timers, events of the window and clean-up, by Leptos' names.

use crate::dom;
use crate::ev::EventDescriptor;
use send_wrapper::SendWrapper;
use std::fmt;
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, HtmlInputElement};

/// The value of the field that an event happened to.
#[must_use]
pub fn event_target_value(event: &Event) -> String {
    field(event).map(|field| field.value()).unwrap_or_default()
}

/// Whether the field that an event happened to is checked.
#[must_use]
pub fn event_target_checked(event: &Event) -> bool {
    field(event).is_some_and(|field| field.checked())
}

/// What an event happened to, taken as a field: select and text area have a value, too.
fn field(event: &Event) -> Option<HtmlInputElement> {
    event.target().map(JsCast::unchecked_into)
}

/// Runs when the owner ends.
pub fn on_cleanup(run: impl FnOnce() + 'static) {
    cleanup(Box::new(run));
}

fn cleanup(run: Box<dyn FnOnce()>) {
    let run = SendWrapper::new(run);
    reactive_graph::owner::on_cleanup(move || (run.take())());
}

/// Runs before the browser draws.
pub fn request_animation_frame(run: impl FnOnce() + 'static) {
    frame(Box::new(run));
}

fn frame(run: Box<dyn FnOnce()>) {
    if let Some(window) = web_sys::window() {
        let _ = window.request_animation_frame(dom::once(run).unchecked_ref());
    }
}

/// A timer that runs once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeoutHandle(i32);

impl TimeoutHandle {
    /// Stops it.
    pub fn clear(&self) {
        if let Some(window) = web_sys::window() {
            window.clear_timeout_with_handle(self.0);
        }
    }
}

/// Runs after a while.
pub fn set_timeout(run: impl FnOnce() + 'static, after: Duration) {
    let _ = timeout(Box::new(run), after);
}

/// Runs after a while, unless it is cleared before.
///
/// # Errors
/// When the browser refuses the timer.
pub fn set_timeout_with_handle(
    run: impl FnOnce() + 'static,
    after: Duration,
) -> Result<TimeoutHandle, JsValue> {
    timeout(Box::new(run), after)
}

fn timeout(run: Box<dyn FnOnce()>, after: Duration) -> Result<TimeoutHandle, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let run = dom::once(run);
    window
        .set_timeout_with_callback_and_timeout_and_arguments_0(run.unchecked_ref(), milliseconds(after))
        .map(TimeoutHandle)
}

/// A timer that runs again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct IntervalHandle(i32);

impl IntervalHandle {
    /// Stops it.
    pub fn clear(&self) {
        if let Some(window) = web_sys::window() {
            window.clear_interval_with_handle(self.0);
        }
    }
}

/// Runs again and again until it is cleared.
///
/// # Errors
/// When the browser refuses the timer.
pub fn set_interval_with_handle(
    run: impl Fn() + 'static,
    every: Duration,
) -> Result<IntervalHandle, JsValue> {
    interval(Box::new(move |_| run()), every)
}

fn interval(run: Box<dyn FnMut(Event)>, every: Duration) -> Result<IntervalHandle, JsValue> {
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let run = Closure::wrap(run).into_js_value();
    window
        .set_interval_with_callback_and_timeout_and_arguments_0(run.unchecked_ref(), milliseconds(every))
        .map(IntervalHandle)
}

/// As browsers count; they know no longer while.
fn milliseconds(while_: Duration) -> i32 {
    i32::try_from(while_.as_millis()).unwrap_or(i32::MAX)
}

/// Listens to an event of the window.
pub fn window_event_listener<E: EventDescriptor>(
    _: E,
    call: impl Fn(E::EventType) + 'static,
) -> WindowListenerHandle {
    window_event_listener_untyped(E::NAME, move |event| call(event.unchecked_into()))
}

/// Listens to an event of the window by its name.
pub fn window_event_listener_untyped(
    event: &'static str,
    call: impl Fn(Event) + 'static,
) -> WindowListenerHandle {
    listen(event, Box::new(call))
}

fn listen(event: &'static str, call: Box<dyn FnMut(Event)>) -> WindowListenerHandle {
    let listener = Closure::wrap(call).into_js_value();
    if let Some(window) = web_sys::window() {
        let _ = window.add_event_listener_with_callback(event, listener.unchecked_ref());
    }
    WindowListenerHandle { event, listener }
}

/// A listener of the window, which stays until it is removed.
pub struct WindowListenerHandle {
    event: &'static str,
    listener: JsValue,
}

impl fmt::Debug for WindowListenerHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WindowListenerHandle")
    }
}

impl WindowListenerHandle {
    /// Stops listening.
    pub fn remove(self) {
        if let Some(window) = web_sys::window() {
            let _ = window.remove_event_listener_with_callback(self.event, self.listener.unchecked_ref());
        }
    }
}
