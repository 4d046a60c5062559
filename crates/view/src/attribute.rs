//! What can be the value of an attribute or a property.

use crate::signals::{Memo, ReadSignal, RwSignal, Signal};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use wasm_bindgen::JsValue;

/// The value of an attribute or a property.
pub enum Attribute {
    /// The attribute is left out; a property is not touched until it has had a value.
    None,
    /// The attribute stands there without a value, or not.
    Flag(bool),
    /// The attribute has this value.
    Text(Cow<'static, str>),
    /// Set again whenever something that it has read changes.
    Live(Box<dyn FnMut() -> Attribute>),
}

impl fmt::Debug for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Attribute")
    }
}

impl Attribute {
    /// The text of the attribute; `None` when it is left out.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Attribute::Text(text) => Some(text),
            Attribute::Flag(true) => Some(""),
            _ => None,
        }
    }

    /// The value of the property.
    #[must_use]
    pub fn value(&self) -> JsValue {
        match self {
            Attribute::Text(text) => JsValue::from_str(text),
            Attribute::Flag(flag) => JsValue::from_bool(*flag),
            _ => JsValue::UNDEFINED,
        }
    }

    /// The value itself, not how it is found.
    pub(crate) fn found(self) -> Attribute {
        let mut found = self;
        while let Attribute::Live(mut find) = found {
            found = find();
        }
        found
    }
}

/// What can be the value of an attribute: texts, numbers, yes and no, and closures and signals that return them.
pub trait IntoAttribute {
    /// As a value.
    fn into_attribute(self) -> Attribute;
}

impl IntoAttribute for Attribute {
    fn into_attribute(self) -> Attribute {
        self
    }
}

impl IntoAttribute for bool {
    fn into_attribute(self) -> Attribute {
        Attribute::Flag(self)
    }
}

impl IntoAttribute for &'static str {
    fn into_attribute(self) -> Attribute {
        Attribute::Text(Cow::Borrowed(self))
    }
}

impl IntoAttribute for String {
    fn into_attribute(self) -> Attribute {
        Attribute::Text(Cow::Owned(self))
    }
}

impl IntoAttribute for Cow<'static, str> {
    fn into_attribute(self) -> Attribute {
        Attribute::Text(self)
    }
}

impl IntoAttribute for Arc<str> {
    fn into_attribute(self) -> Attribute {
        Attribute::Text(Cow::Owned(self.as_ref().to_owned()))
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl IntoAttribute for $number {
            fn into_attribute(self) -> Attribute {
                Attribute::Text(Cow::Owned(self.to_string()))
            }
        }
    )*};
}

numbers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize f32 f64);

impl<T: IntoAttribute> IntoAttribute for Option<T> {
    fn into_attribute(self) -> Attribute {
        self.map_or(Attribute::None, T::into_attribute)
    }
}

impl<F, T> IntoAttribute for F
where
    F: FnMut() -> T + 'static,
    T: IntoAttribute,
{
    fn into_attribute(mut self) -> Attribute {
        Attribute::Live(Box::new(move || self().into_attribute()))
    }
}

macro_rules! live {
    ($($kind:ident)*) => {$(
        impl<T: IntoAttribute + Clone + 'static> IntoAttribute for $kind<T> {
            fn into_attribute(self) -> Attribute {
                Attribute::Live(Box::new(move || self.get().into_attribute()))
            }
        }
    )*};
}

live!(RwSignal ReadSignal Signal Memo);
