//! What stands inside a component.

use crate::view::{IntoView, View};
use std::fmt;
use std::rc::Rc;

/// Drawn once, before the component.
pub type Children = View;

/// Drawn as often as the component likes.
pub type ChildrenFn = Rc<dyn Fn() -> View>;

/// From what stands between the tags to what the component takes.
pub trait ToChildren<F> {
    /// As children.
    fn to_children(draw: F) -> Self;
}

impl<F, T> ToChildren<F> for Children
where
    F: FnOnce() -> T,
    T: IntoView,
{
    fn to_children(draw: F) -> Self {
        draw().into_view()
    }
}

impl<F, T> ToChildren<F> for ChildrenFn
where
    F: Fn() -> T + 'static,
    T: IntoView,
{
    fn to_children(draw: F) -> Self {
        Rc::new(move || draw().into_view())
    }
}

/// A view as a property, drawn as often as the component likes.
#[derive(Clone)]
pub struct ViewFn(Rc<dyn DrawAgain>);

/// What draws; a trait of its own, for the table of methods of a `dyn Fn` holds the closure's code three times.
trait DrawAgain {
    fn draw(&self) -> View;
}

impl<F, T> DrawAgain for F
where
    F: Fn() -> T,
    T: IntoView,
{
    fn draw(&self) -> View {
        self().into_view()
    }
}

impl fmt::Debug for ViewFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ViewFn")
    }
}

impl ViewFn {
    /// Draws it.
    #[must_use]
    pub fn run(&self) -> View {
        self.0.draw()
    }
}

impl<F, T> From<F> for ViewFn
where
    F: Fn() -> T + 'static,
    T: IntoView,
{
    fn from(draw: F) -> Self {
        ViewFn(Rc::new(draw))
    }
}
