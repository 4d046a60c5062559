//! Reading typed things out of a JSON value that has been parsed once.
//!
//! serde's derive would make a parser for each type; the page, which is downloaded, has one parser and these few
//! readers. They are as strict as the derive was: a member that is missing or of another type makes the whole unread.
//!
//! A reader does not stop at what does not fit. It notes that, takes something else of the type in its place and reads
//! on; what stands in for something is never seen. Stopping would have to drop, at every member, all that was read
//! before it, and that was most of the code.

use serde_json::{Map, Number, Value};
use std::rc::Rc;

/// What can be read from a JSON value.
pub trait ReadJson: Sized {
    /// The value as this type. When there is none, or something else, `fits` becomes false.
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self;

    /// The value as this type; `None` when it, or anything in it, is something else.
    fn read_json(value: &Value) -> Option<Self> {
        let mut fits = true;
        let read = Self::collect(Some(value), &mut fits);
        fits.then_some(read)
    }
}

/// What was read, or what stands in for it.
fn noted<T: Default>(read: Option<T>, fits: &mut bool) -> T {
    *fits &= read.is_some();
    read.unwrap_or_default()
}

/// The members of an object while they are read.
#[derive(Debug)]
pub struct Members<'a> {
    members: Option<&'a Map<String, Value>>,
    fits: &'a mut bool,
}

impl<'a> Members<'a> {
    /// The members of a value, which has to be an object.
    #[must_use]
    pub fn of(value: Option<&'a Value>, fits: &'a mut bool) -> Self {
        let members = value.and_then(Value::as_object);
        *fits &= members.is_some();
        Members { members, fits }
    }

    /// A member as it stands, if it is there.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.members?.get(name)
    }

    /// A member that must be there.
    #[inline(never)]
    pub fn needed<T: ReadJson>(&mut self, name: &str) -> T {
        T::collect(self.get(name), self.fits)
    }

    /// A member that may be missing and then is the default.
    #[inline(never)]
    pub fn or_default<T: ReadJson + Default>(&mut self, name: &str) -> T {
        self.get(name).map_or_else(T::default, |value| T::collect(Some(value), self.fits))
    }

    /// A text that must be one of those that are known.
    pub fn known<T: Default>(&mut self, name: &str, known: impl Fn(&str) -> Option<T>) -> T {
        noted(self.get(name).and_then(Value::as_str).and_then(known), self.fits)
    }

    /// Notes that something does not fit.
    pub fn refuse(&mut self) {
        *self.fits = false;
    }
}

/// The variant of this name; the first stands in when there is none.
#[doc(hidden)]
#[inline(never)]
pub fn named<T: Copy>(value: Option<&Value>, first: T, names: &[(&str, T)], fits: &mut bool) -> T {
    let name = value.and_then(Value::as_str).unwrap_or_default();
    let found = names.iter().find(|(known, _)| *known == name);
    *fits &= found.is_some();
    found.map_or(first, |(_, variant)| *variant)
}

impl ReadJson for Value {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        noted(value.cloned(), fits)
    }
}

impl ReadJson for Map<String, Value> {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        noted(value.and_then(Value::as_object).cloned(), fits)
    }
}

impl ReadJson for String {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        noted(value.and_then(Value::as_str).map(str::to_owned), fits)
    }
}

impl ReadJson for bool {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        noted(value.and_then(Value::as_bool), fits)
    }
}

impl ReadJson for Number {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        let number = match value {
            Some(Value::Number(number)) => Some(number.clone()),
            _ => None,
        };
        *fits &= number.is_some();
        number.unwrap_or_else(|| Number::from(0_u64))
    }
}

impl ReadJson for i64 {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        noted(value.and_then(Value::as_i64), fits)
    }
}

impl ReadJson for u64 {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        noted(value.and_then(Value::as_u64), fits)
    }
}

macro_rules! small_numbers {
    ($($number:ty)*) => {$(
        impl ReadJson for $number {
            fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
                noted(value.and_then(Value::as_u64).and_then(|number| number.try_into().ok()), fits)
            }
        }
    )*};
}

small_numbers!(u32 u16 u8);

impl<T: ReadJson> ReadJson for Box<T> {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        Box::new(T::collect(value, fits))
    }
}

impl<T: ReadJson> ReadJson for Rc<T> {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        Rc::new(T::collect(value, fits))
    }
}

impl<T: ReadJson> ReadJson for Option<T> {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        *fits &= value.is_some();
        value.filter(|value| !value.is_null()).map(|value| T::collect(Some(value), fits))
    }
}

impl<T: ReadJson> ReadJson for Vec<T> {
    fn collect(value: Option<&Value>, fits: &mut bool) -> Self {
        let items = value.and_then(Value::as_array);
        *fits &= items.is_some();
        items.map_or(&[][..], Vec::as_slice).iter().map(|item| T::collect(Some(item), fits)).collect()
    }
}

/// Reads a struct from the members of the same names: `read_members!(Type { needed, .. } or_default { .. })`. A member
/// that is called otherwise is written `field = "name"`; what a function makes of the whole, `and { field = function }`.
#[macro_export]
macro_rules! read_members {
    (@name $field:ident) => { stringify!($field) };
    (@name $field:ident $name:literal) => { $name };
    ($type:ty { $($needed:ident $(= $need:literal)?),* }
        $(or_default { $($optional:ident $(= $option:literal)?),* })?
        $(and { $($made:ident = $make:ident),* })?) => {
        impl $crate::read_json::ReadJson for $type {
            // Inlined, each member would be read beside the struct and moved into it.
            #[inline(never)]
            fn collect(value: Option<&serde_json::Value>, fits: &mut bool) -> Self {
                let mut members = $crate::read_json::Members::of(value, fits);
                Self {
                    $($needed: members.needed($crate::read_members!(@name $needed $($need)?)),)*
                    $($($optional: members.or_default($crate::read_members!(@name $optional $($option)?)),)*)?
                    $($($made: value.map($make).unwrap_or_default(),)*)?
                }
            }
        }
    };
}

/// Reads an enum without data from its names: `read_names!(Type { "name" => Variant, .. })`.
#[macro_export]
macro_rules! read_names {
    ($type:ident { $first:literal => $variant:ident $(, $name:literal => $other:ident)* }) => {
        impl $crate::read_json::ReadJson for $type {
            fn collect(value: Option<&serde_json::Value>, fits: &mut bool) -> Self {
                const NAMES: &[(&str, $type)] = &[($first, $type::$variant) $(, ($name, $type::$other))*];
                $crate::read_json::named(value, $type::$variant, NAMES, fits)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::ReadJson;
    use serde_json::json;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Colour {
        Red,
        Green,
    }

    #[derive(Debug, PartialEq)]
    struct Thing {
        id: String,
        colour: Colour,
        size: Option<u8>,
        parts: Vec<Thing>,
        is_final: bool,
    }

    read_names!(Colour { "red" => Red, "green" => Green });
    read_members!(Thing { id, colour, size } or_default { parts, is_final = "final" });

    #[test]
    fn whatever_does_not_fit_makes_the_whole_unread() {
        let part = json!({"id": "a", "colour": "red", "size": null});
        let whole =
            json!({"id": "b", "colour": "green", "size": 255, "parts": [part], "final": true, "new": 1});
        let read = Thing::read_json(&whole);
        let part =
            Thing { id: "a".to_owned(), colour: Colour::Red, size: None, parts: vec![], is_final: false };
        let id = "b".to_owned();
        let wanted = Thing { id, colour: Colour::Green, size: Some(255), parts: vec![part], is_final: true };
        assert_eq!(read, Some(wanted));
        for (pointer, other) in [
            ("/id", json!(7)),
            ("/id", json!(null)),
            ("/colour", json!("blue")),
            ("/colour", json!(0)),
            ("/size", json!(256)),
            ("/size", json!(-1)),
            ("/size", json!("1")),
            ("/parts", json!({})),
            ("/parts", json!(null)),
            ("/parts/0", json!("a")),
            ("/parts/0/id", json!([])),
            ("/final", json!("true")),
            ("", json!([])),
        ] {
            let mut changed = whole.clone();
            let mut place = &mut changed;
            for part in pointer.split('/').skip(1) {
                place = match part.parse::<usize>() {
                    Ok(index) => &mut place.as_array_mut().unwrap()[index],
                    Err(_) => &mut place[part],
                };
            }
            *place = other;
            assert_ne!(changed, whole);
            assert_eq!(Thing::read_json(&changed), None, "{changed}");
        }
        for needed in ["id", "colour", "size"] {
            let mut lacking = whole.clone();
            lacking.as_object_mut().map(|members| members.remove(needed));
            assert_eq!(Thing::read_json(&lacking), None, "{lacking}");
        }
        let lean = json!({"id": "c", "colour": "red", "size": 1});
        assert!(Thing::read_json(&lean).is_some_and(|thing| thing.parts.is_empty() && !thing.is_final));
    }
}
