//! The elements that the page refers to, each with the type that the browser hands over.

use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement, HtmlInputElement};

/// A kind of element.
pub trait ElementType {
    /// What the browser hands over.
    type Output: JsCast;
}

macro_rules! elements {
    ($($name:ident $kind:ident)*) => {$(
        #[doc = concat!("The element that is a `", stringify!($kind), "`.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl ElementType for $name {
            type Output = $kind;
        }
    )*};
}

elements! {
    Dialog HtmlDialogElement
    H1 HtmlElement
    Input HtmlInputElement
}
