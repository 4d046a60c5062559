//! Reading typed things out of a JSON value that has been parsed once.
//!
//! serde's derive would make a parser for each type; the page, which is downloaded, has one parser and these few
//! readers. They are as strict as the derive was: a member that is missing or of another type makes the whole unread.

use serde_json::{Map, Value};

/// What can be read from a JSON value.
pub trait ReadJson: Sized {
    /// The value as this type; `None` when it is something else.
    fn read_json(value: &Value) -> Option<Self>;
}

/// A member that must be there.
#[must_use]
pub fn member<T: ReadJson>(members: &Map<String, Value>, name: &str) -> Option<T> {
    T::read_json(members.get(name)?)
}

/// A member that may be missing and then is the default; `None` when it is there and something else.
#[must_use]
pub fn member_or_default<T: ReadJson + Default>(members: &Map<String, Value>, name: &str) -> Option<T> {
    members.get(name).map_or_else(|| Some(T::default()), T::read_json)
}

impl ReadJson for Value {
    fn read_json(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl ReadJson for Map<String, Value> {
    fn read_json(value: &Value) -> Option<Self> {
        value.as_object().cloned()
    }
}

impl ReadJson for String {
    fn read_json(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }
}

impl ReadJson for bool {
    fn read_json(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl ReadJson for f64 {
    fn read_json(value: &Value) -> Option<Self> {
        value.as_f64()
    }
}

impl ReadJson for i64 {
    fn read_json(value: &Value) -> Option<Self> {
        value.as_i64()
    }
}

impl ReadJson for u64 {
    fn read_json(value: &Value) -> Option<Self> {
        value.as_u64()
    }
}

impl ReadJson for u32 {
    fn read_json(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}

impl ReadJson for u16 {
    fn read_json(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}

impl ReadJson for u8 {
    fn read_json(value: &Value) -> Option<Self> {
        value.as_u64()?.try_into().ok()
    }
}

impl<T: ReadJson> ReadJson for Box<T> {
    fn read_json(value: &Value) -> Option<Self> {
        T::read_json(value).map(Box::new)
    }
}

impl<T: ReadJson> ReadJson for Option<T> {
    fn read_json(value: &Value) -> Option<Self> {
        if value.is_null() { Some(None) } else { T::read_json(value).map(Some) }
    }
}

impl<T: ReadJson> ReadJson for Vec<T> {
    fn read_json(value: &Value) -> Option<Self> {
        let items = value.as_array()?;
        let mut read = Vec::with_capacity(items.len());
        for item in items {
            read.push(T::read_json(item)?);
        }
        Some(read)
    }
}

/// Reads a struct from the members of the same names: `read_members!(Type { needed, .. } or_default { .. })`.
#[macro_export]
macro_rules! read_members {
    ($type:ty { $($needed:ident),* } $(or_default { $($optional:ident),* })?) => {
        impl $crate::read_json::ReadJson for $type {
            fn read_json(value: &serde_json::Value) -> Option<Self> {
                let members = value.as_object()?;
                Some(Self {
                    $($needed: $crate::read_json::member(members, stringify!($needed))?,)*
                    $($($optional: $crate::read_json::member_or_default(members, stringify!($optional))?,)*)?
                })
            }
        }
    };
}

/// Reads an enum without data from its names: `read_names!(Type { "name" => Variant, .. })`.
#[macro_export]
macro_rules! read_names {
    ($type:ident { $($name:literal => $variant:ident),* }) => {
        impl $crate::read_json::ReadJson for $type {
            fn read_json(value: &serde_json::Value) -> Option<Self> {
                match value.as_str()? {
                    $($name => Some($type::$variant),)*
                    _ => None,
                }
            }
        }
    };
}
