//! What can be drawn.

use crate::build::{Hear, Listener};
use crate::ev::EventDescriptor;
use crate::html::ElementType;
use crate::keyed::Keyed;
use crate::node_ref::NodeRef;
use crate::signals::{Memo, ReadSignal, RwSignal, Signal};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use web_sys::Element;

/// A description of what is to be drawn. It becomes elements when it is mounted, and when it takes the place of
/// another with the same template, the elements stay and only the parts change.
///
/// It is one pointer, so that handing it on costs no code, and what stands behind it is made by functions that are
/// never inlined.
#[derive(Default)]
pub struct View(pub(crate) Option<Box<Kind>>);

/// What a view can be. An attribute's value is a text, a flag, nothing, or live.
pub(crate) enum Kind {
    Text(Cow<'static, str>),
    Flag(bool),
    /// A template, and what goes into it, in the order of the template.
    Element(&'static str, Vec<View>),
    List(Vec<View>),
    /// Drawn again whenever something that it has read changes.
    Live(Box<dyn Draw>),
    Keyed(Keyed),
    /// A part of an element that listens.
    Event(Listener),
    /// A part of an element that wants to know it.
    Reference(RwSignal<Option<Element>>),
}

impl fmt::Debug for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("View")
    }
}

/// What draws again and again. A trait of its own and not `FnMut`: the table of methods of a `dyn FnMut` holds the
/// closure's code a second time, for `FnOnce`.
pub(crate) trait Draw {
    fn draw(&mut self) -> View;
}

impl<F, T> Draw for F
where
    F: FnMut() -> T,
    T: IntoView,
{
    fn draw(&mut self) -> View {
        self().into_view()
    }
}

impl View {
    /// Nothing.
    #[must_use]
    pub const fn empty() -> View {
        View(None)
    }

    /// A text that the program holds.
    #[inline(never)]
    #[must_use]
    pub fn fixed(text: &'static str) -> View {
        View(Some(Box::new(Kind::Text(Cow::Borrowed(text)))))
    }

    /// A text.
    #[inline(never)]
    #[must_use]
    pub fn text(text: String) -> View {
        View(Some(Box::new(Kind::Text(Cow::Owned(text)))))
    }

    #[inline(never)]
    fn flag(flag: bool) -> View {
        View(Some(Box::new(Kind::Flag(flag))))
    }

    #[inline(never)]
    fn live(draw: Box<dyn Draw>) -> View {
        View(Some(Box::new(Kind::Live(draw))))
    }

    #[inline(never)]
    pub(crate) fn keyed(keyed: Keyed) -> View {
        View(Some(Box::new(Kind::Keyed(keyed))))
    }

    /// One after the other, to which more can be added with [`View::part`].
    #[inline(never)]
    #[must_use]
    pub fn list() -> View {
        View(Some(Box::new(Kind::List(Vec::new()))))
    }

    /// An element by its template; its parts are added in the order of the template.
    #[inline(never)]
    #[must_use]
    pub fn element(template: &'static str) -> View {
        View(Some(Box::new(Kind::Element(template, Vec::new()))))
    }

    /// With one more part.
    #[inline(never)]
    #[must_use]
    pub fn part(mut self, part: View) -> View {
        if let Some(Kind::Element(_, parts) | Kind::List(parts)) = self.0.as_deref_mut() {
            parts.push(part);
        }
        self
    }

    /// With the value of an attribute or of a property as the next part.
    #[must_use]
    pub fn attribute(self, value: impl IntoAttribute) -> View {
        self.part(value.into_view())
    }

    /// With a listener as the next part. The event's own type is known from its name.
    #[must_use]
    pub fn on<E: EventDescriptor>(self, _: E, call: impl FnMut(E::EventType) + 'static) -> View {
        self.listener(Listener::typed(call))
    }

    #[inline(never)]
    fn listener(self, call: Box<dyn Hear>) -> View {
        self.part(View(Some(Box::new(Kind::Event(Listener::new(call))))))
    }

    /// With a reference as the next part.
    #[must_use]
    pub fn reference<E: ElementType>(self, reference: NodeRef<E>) -> View {
        self.part(View(Some(Box::new(Kind::Reference(reference.element)))))
    }
}

/// A view of any kind; here all are of one type.
pub type AnyView = View;

/// What can be the value of an attribute or a property: texts, numbers, yes and no, nothing, and closures and signals
/// that return them. `false` and nothing leave an attribute out.
pub trait IntoAttribute: IntoView {}

/// What can be drawn: texts, numbers, views, closures and signals that return them, and several of them.
pub trait IntoView: Sized {
    /// As a view.
    fn into_view(self) -> View;

    /// As a view; Leptos' name for the same.
    fn into_any(self) -> View {
        self.into_view()
    }
}

impl IntoView for View {
    fn into_view(self) -> View {
        self
    }
}

impl IntoView for () {
    fn into_view(self) -> View {
        View::empty()
    }
}

impl IntoView for &'static str {
    fn into_view(self) -> View {
        View::fixed(self)
    }
}

impl IntoView for String {
    fn into_view(self) -> View {
        View::text(self)
    }
}

impl IntoView for Cow<'static, str> {
    fn into_view(self) -> View {
        match self {
            Cow::Borrowed(text) => View::fixed(text),
            Cow::Owned(text) => View::text(text),
        }
    }
}

impl IntoView for bool {
    fn into_view(self) -> View {
        View::flag(self)
    }
}

impl IntoAttribute for &'static str {}
impl IntoAttribute for String {}
impl IntoAttribute for Cow<'static, str> {}
impl IntoAttribute for Arc<str> {}
impl IntoAttribute for bool {}
impl<T: IntoAttribute> IntoAttribute for Option<T> {}
impl<F, T> IntoAttribute for F
where
    F: FnMut() -> T + 'static,
    T: IntoAttribute,
{
}

impl IntoView for Arc<str> {
    fn into_view(self) -> View {
        View::text(self.as_ref().to_owned())
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl IntoView for $number {
            fn into_view(self) -> View {
                View::text(self.to_string())
            }
        }

        impl IntoAttribute for $number {}
    )*};
}

numbers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize f32 f64);

impl<T: IntoView> IntoView for Option<T> {
    fn into_view(self) -> View {
        self.map_or(View::empty(), T::into_view)
    }
}

impl<T: IntoView> IntoView for Vec<T> {
    fn into_view(self) -> View {
        self.into_iter().collect_view()
    }
}

impl<T: IntoView, const N: usize> IntoView for [T; N] {
    fn into_view(self) -> View {
        self.into_iter().collect_view()
    }
}

macro_rules! tuples {
    ($(($($name:ident)*))*) => {$(
        impl<$($name: IntoView),*> IntoView for ($($name,)*) {
            fn into_view(self) -> View {
                #[expect(non_snake_case, reason = "the variables are called as their types")]
                let ($($name,)*) = self;
                View::list()$(.part($name.into_view()))*
            }
        }
    )*};
}

tuples!((A B) (A B C) (A B C D) (A B C D E));

impl<F, T> IntoView for F
where
    F: FnMut() -> T + 'static,
    T: IntoView,
{
    fn into_view(self) -> View {
        View::live(Box::new(self))
    }
}

macro_rules! live {
    ($($kind:ident)*) => {$(
        impl<T: IntoView + Clone + 'static> IntoView for $kind<T> {
            fn into_view(self) -> View {
                View::live(Box::new(move || self.get()))
            }
        }

        impl<T: IntoAttribute + Clone + 'static> IntoAttribute for $kind<T> {}
    )*};
}

live!(RwSignal ReadSignal Signal Memo);

/// Several views from whatever yields them.
pub trait CollectView {
    /// One after the other.
    fn collect_view(self) -> View;
}

impl<I> CollectView for I
where
    I: IntoIterator,
    I::Item: IntoView,
{
    fn collect_view(self) -> View {
        self.into_iter().fold(View::list(), |list, item| list.part(item.into_view()))
    }
}
