//! Values.

use crate::{Map, Number, print};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt;
use std::ops::{Index, IndexMut};

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// null.
    #[default]
    Null,
    /// true or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// An object.
    Object(Map<String, Value>),
}

impl Value {
    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether it is a number.
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Value::Number(_))
    }

    /// Whether it is a string.
    #[must_use]
    pub fn is_string(&self) -> bool {
        matches!(self, Value::String(_))
    }

    /// True or false, if it is that.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self { Some(*value) } else { None }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = self { Some(text) } else { None }
    }

    /// The items of a list.
    #[must_use]
    pub fn as_array(&self) -> Option<&Vec<Value>> {
        if let Value::Array(items) = self { Some(items) } else { None }
    }

    /// The items of a list, to change them.
    pub fn as_array_mut(&mut self) -> Option<&mut Vec<Value>> {
        if let Value::Array(items) = self { Some(items) } else { None }
    }

    /// The members of an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Map<String, Value>> {
        if let Value::Object(members) = self { Some(members) } else { None }
    }

    /// The members of an object, to change them.
    pub fn as_object_mut(&mut self) -> Option<&mut Map<String, Value>> {
        if let Value::Object(members) = self { Some(members) } else { None }
    }

    /// A whole number of 64 bits.
    #[must_use]
    pub fn as_i64(&self) -> Option<i64> {
        if let Value::Number(number) = self { number.as_i64() } else { None }
    }

    /// A whole number of 64 bits that is not negative.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        if let Value::Number(number) = self { number.as_u64() } else { None }
    }

    /// A member of an object.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_object()?.get(name)
    }

    /// A member of an object, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.as_object_mut()?.get_mut(name)
    }
}

/// Compact, and with `{:#}` laid out.
impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&print::print(self, formatter.alternate()))
    }
}

/// A member, or null.
impl<S: AsRef<str> + ?Sized> Index<&S> for Value {
    type Output = Value;

    fn index(&self, name: &S) -> &Value {
        self.get(name.as_ref()).unwrap_or(&Value::Null)
    }
}

/// A member, made when it is not there; so is the object.
impl<S: AsRef<str> + ?Sized> IndexMut<&S> for Value {
    fn index_mut(&mut self, name: &S) -> &mut Value {
        if !matches!(self, Value::Object(_)) {
            *self = Value::Object(Map::new());
        }
        match self {
            Value::Object(members) => &mut members[name],
            other => other,
        }
    }
}

/// An item, or null.
impl Index<usize> for Value {
    type Output = Value;

    fn index(&self, index: usize) -> &Value {
        self.as_array().and_then(|items| items.get(index)).unwrap_or(&Value::Null)
    }
}

impl PartialEq<&str> for Value {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == Some(*other)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_unit(),
            Value::Bool(value) => serializer.serialize_bool(*value),
            Value::Number(number) => number.serialize(serializer),
            Value::String(text) => serializer.serialize_str(text),
            Value::Array(items) => items.serialize(serializer),
            Value::Object(members) => members.serialize(serializer),
        }
    }
}

impl Serialize for Map<String, Value> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (name, value) in self {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// What stands in [`json!`](crate::json) becomes a value.
pub trait ToJson {
    /// The value.
    fn to_json(&self) -> Value;
}

macro_rules! becomes_value {
    ($($type:ty: $from:ident => $value:expr),* $(,)?) => {
        $(
            impl From<$type> for Value {
                fn from($from: $type) -> Value {
                    $value
                }
            }

            impl ToJson for $type {
                fn to_json(&self) -> Value {
                    Value::from(self.clone())
                }
            }
        )*
    };
}

becomes_value! {
    bool: from => Value::Bool(from),
    i32: from => Value::from(i64::from(from)),
    i64: from => Value::Number(Number::from(from)),
    u8: from => Value::from(u64::from(from)),
    u16: from => Value::from(u64::from(from)),
    u32: from => Value::from(u64::from(from)),
    u64: from => Value::Number(Number::from(from)),
    usize: from => Value::from(from as u64),
    String: from => Value::String(from),
    &str: from => Value::String(from.to_owned()),
    Map<String, Value>: from => Value::Object(from),
}

impl ToJson for Value {
    fn to_json(&self) -> Value {
        self.clone()
    }
}

impl<T: ToJson> ToJson for &T {
    fn to_json(&self) -> Value {
        T::to_json(self)
    }
}

impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_json)
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Value {
        Value::Array(self.iter().map(T::to_json).collect())
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Value {
        items.into_iter().collect()
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Value {
        Value::Array(items.into_iter().map(Into::into).collect())
    }
}
