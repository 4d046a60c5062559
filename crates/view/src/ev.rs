//! The events that the page listens to, each with the type that the browser hands over.

use wasm_bindgen::JsCast;

pub use web_sys::{Event, FocusEvent, KeyboardEvent, MouseEvent, PointerEvent, SubmitEvent};

/// An event by its name.
pub trait EventDescriptor {
    /// What the browser hands over.
    type EventType: JsCast + 'static;

    /// Its name.
    const NAME: &'static str;
}

macro_rules! events {
    ($($name:ident $kind:ident)*) => {$(
        #[doc = concat!("The event `", stringify!($name), "`.")]
        #[expect(non_camel_case_types, reason = "it is called as the event")]
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl EventDescriptor for $name {
            type EventType = $kind;

            const NAME: &'static str = stringify!($name);
        }
    )*};
}

events! {
    blur FocusEvent
    change Event
    click MouseEvent
    close Event
    input Event
    keydown KeyboardEvent
    mousedown MouseEvent
    pointercancel PointerEvent
    pointerdown PointerEvent
    pointerup PointerEvent
    submit SubmitEvent
    toggle Event
}
