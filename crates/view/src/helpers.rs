//! Timers, events of the window and clean-up: Leptos' helpers, each compiled once.

use leptos::ev::EventDescriptor;
use leptos::leptos_dom::helpers;
use send_wrapper::SendWrapper;
use std::time::Duration;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Event;

#[doc(no_inline)]
pub use helpers::{
    IntervalHandle, TimeoutHandle, WindowListenerHandle, event_target_checked, event_target_value,
};

/// Runs when the owner ends.
pub fn on_cleanup(run: impl FnOnce() + 'static) {
    cleanup(Box::new(run));
}

fn cleanup(run: Box<dyn FnOnce()>) {
    let run = SendWrapper::new(run);
    leptos::reactive::owner::on_cleanup(move || (run.take())());
}

/// Runs before the browser draws.
pub fn request_animation_frame(run: impl FnOnce() + 'static) {
    let run: Box<dyn FnOnce()> = Box::new(run);
    helpers::request_animation_frame(run);
}

/// Runs after a while.
pub fn set_timeout(run: impl FnOnce() + 'static, after: Duration) {
    let _ = set_timeout_with_handle(run, after);
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
    helpers::set_timeout_with_handle(run, after)
}

/// Runs again and again until it is cleared.
///
/// # Errors
/// When the browser refuses the timer.
pub fn set_interval_with_handle(
    run: impl Fn() + 'static,
    every: Duration,
) -> Result<IntervalHandle, JsValue> {
    interval(Box::new(run), every)
}

fn interval(run: Box<dyn Fn()>, every: Duration) -> Result<IntervalHandle, JsValue> {
    helpers::set_interval_with_handle(run, every)
}

/// Listens to an event of the window.
pub fn window_event_listener<E>(event: E, call: impl Fn(E::EventType) + 'static) -> WindowListenerHandle
where
    E: EventDescriptor,
    E::EventType: JsCast,
{
    window_event_listener_untyped(&event.name(), move |event| call(event.unchecked_into()))
}

/// Listens to an event of the window by its name.
pub fn window_event_listener_untyped(event: &str, call: impl Fn(Event) + 'static) -> WindowListenerHandle {
    listen(event, Box::new(call))
}

fn listen(event: &str, call: Box<dyn Fn(Event)>) -> WindowListenerHandle {
    helpers::window_event_listener_untyped(event, call)
}
