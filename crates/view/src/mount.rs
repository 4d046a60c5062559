//! Putting a view into the page.

use crate::build::{Built, build};
use crate::task;
use crate::view::{IntoView, View};
use reactive_graph::owner::Owner;
use std::fmt;
use web_sys::HtmlElement;

/// Keeps what was mounted; takes it away when it is dropped.
pub struct UnmountHandle {
    built: Built,
    owner: Option<Owner>,
}

impl fmt::Debug for UnmountHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UnmountHandle")
    }
}

impl Drop for UnmountHandle {
    fn drop(&mut self) {
        self.built.unmount();
        drop(self.owner.take());
    }
}

impl UnmountHandle {
    /// Leaves it there for as long as the page lives.
    pub fn forget(self) {
        std::mem::forget(self);
    }
}

/// Draws into an element.
pub fn mount_to<T: IntoView>(parent: HtmlElement, draw: impl FnOnce() -> T + 'static) -> UnmountHandle {
    mount(&parent, Box::new(move || draw().into_view()))
}

fn mount(parent: &HtmlElement, draw: Box<dyn FnOnce() -> View>) -> UnmountHandle {
    task::init();
    let owner = Owner::new();
    let built = owner.with(|| {
        let built = build(draw());
        built.mount(parent, None);
        built
    });
    UnmountHandle { built, owner: Some(owner) }
}

/// Draws into the body of the page, for as long as the page lives.
pub fn mount_to_body<T: IntoView>(draw: impl FnOnce() -> T + 'static) {
    let body = web_sys::window().and_then(|window| window.document()).and_then(|document| document.body());
    if let Some(body) = body {
        mount_to(body, draw).forget();
    }
}
