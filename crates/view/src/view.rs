//! What can be drawn.

use crate::build::Part;
use crate::keyed::Keyed;
use crate::signals::{Memo, ReadSignal, RwSignal, Signal};
use std::borrow::Cow;
use std::sync::Arc;

/// A description of what is to be drawn. It becomes elements when it is mounted, and when it takes the place of
/// another with the same template, the elements stay and only the parts change.
#[derive(Default)]
pub enum View {
    /// Nothing.
    #[default]
    Empty,
    /// A text.
    Text(Cow<'static, str>),
    /// An element: its template, and what goes into it, in the order of the template.
    Element(&'static str, Vec<Part>),
    /// One after the other.
    List(Vec<View>),
    /// Drawn again whenever something that it has read changes.
    Live(Box<dyn FnMut() -> View>),
    /// Rows that keep their elements.
    Keyed(Keyed),
}

/// A view of any kind; here all are of one type.
pub type AnyView = View;

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
        View::Empty
    }
}

impl IntoView for &'static str {
    fn into_view(self) -> View {
        View::Text(Cow::Borrowed(self))
    }
}

impl IntoView for String {
    fn into_view(self) -> View {
        View::Text(Cow::Owned(self))
    }
}

impl IntoView for Cow<'static, str> {
    fn into_view(self) -> View {
        View::Text(self)
    }
}

impl IntoView for Arc<str> {
    fn into_view(self) -> View {
        View::Text(Cow::Owned(self.as_ref().to_owned()))
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl IntoView for $number {
            fn into_view(self) -> View {
                View::Text(Cow::Owned(self.to_string()))
            }
        }
    )*};
}

numbers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize f32 f64);

impl<T: IntoView> IntoView for Option<T> {
    fn into_view(self) -> View {
        self.map_or(View::Empty, T::into_view)
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
                View::List(vec![$($name.into_view()),*])
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
    fn into_view(mut self) -> View {
        View::Live(Box::new(move || self().into_view()))
    }
}

macro_rules! live {
    ($($kind:ident)*) => {$(
        impl<T: IntoView + Clone + 'static> IntoView for $kind<T> {
            fn into_view(self) -> View {
                View::Live(Box::new(move || self.get().into_view()))
            }
        }
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
        View::List(self.into_iter().map(IntoView::into_view).collect())
    }
}
