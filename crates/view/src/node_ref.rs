//! References to elements.

use crate::html::ElementType;
use crate::signals::RwSignal;
use std::fmt;
use std::marker::PhantomData;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// An element of a view, once it is drawn.
pub struct NodeRef<E> {
    pub(crate) element: RwSignal<Option<Element>>,
    kind: PhantomData<fn() -> E>,
}

impl<E> Copy for NodeRef<E> {}

impl<E> Clone for NodeRef<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> fmt::Debug for NodeRef<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NodeRef")
    }
}

impl<E> Default for NodeRef<E> {
    fn default() -> Self {
        NodeRef { element: RwSignal::new(None), kind: PhantomData }
    }
}

impl<E> NodeRef<E>
where
    E: ElementType,
{
    /// A reference to nothing yet.
    #[must_use]
    pub fn new() -> Self {
        NodeRef::default()
    }

    /// The element; followed.
    #[must_use]
    pub fn get(&self) -> Option<E::Output> {
        self.element.get().map(JsCast::unchecked_into)
    }

    /// The element.
    #[must_use]
    pub fn get_untracked(&self) -> Option<E::Output> {
        self.element.get_untracked().map(JsCast::unchecked_into)
    }

    /// The element, if the reference's owner lives.
    #[must_use]
    pub fn try_get_untracked(&self) -> Option<Option<E::Output>> {
        self.element.try_get_untracked().map(|element| element.map(JsCast::unchecked_into))
    }
}
