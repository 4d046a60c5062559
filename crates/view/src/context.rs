//! Contexts: what an owner provides to everything below it. Leptos keeps one; it holds all of them, so that the search
//! is compiled once and not for each type.

use send_wrapper::SendWrapper;
use std::any::{Any, TypeId};
use std::rc::Rc;

/// What was provided last, and what was known before.
struct Known {
    value: Rc<dyn Any>,
    before: Option<Rc<Known>>,
}

/// Provides a value to the present owner and everything below it that asks from now on. An owner keeps what it was
/// given, so this is for what runs once.
pub fn provide_context<T: Clone + 'static>(value: T) {
    provide(Rc::new(value));
}

/// A copy of the value of this type that was provided nearest.
#[must_use]
pub fn use_context<T: Clone + 'static>() -> Option<T> {
    find(TypeId::of::<T>())?.downcast_ref::<T>().cloned()
}

#[inline(never)]
fn provide(value: Rc<dyn Any>) {
    reactive_graph::owner::provide_context(SendWrapper::new(Rc::new(Known { value, before: known() })));
}

fn known() -> Option<Rc<Known>> {
    reactive_graph::owner::use_context::<SendWrapper<Rc<Known>>>().map(SendWrapper::take)
}

#[inline(never)]
fn find(kind: TypeId) -> Option<Rc<dyn Any>> {
    let mut known = known();
    while let Some(one) = known {
        if (*one.value).type_id() == kind {
            return Some(Rc::clone(&one.value));
        }
        known = one.before.clone();
    }
    None
}
