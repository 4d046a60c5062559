//! JSON pointers (RFC 6901): how errors and secrets name a value.

use crate::form::secret::MASK;
pub use catalog::validate::child;
use catalog::validate::unescape;
use serde_json::{Map, Value};

/// The tokens of a pointer, unescaped; `None` when it does not start with `/` (and is not empty).
#[must_use]
pub fn tokens(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let rest = pointer.strip_prefix('/')?;
    Some(rest.split('/').map(unescape).collect())
}

/// What a pointer names in parameters.
#[must_use]
pub fn at<'a>(parameters: &'a Map<String, Value>, pointer: &str) -> Option<&'a Value> {
    let tokens = tokens(pointer)?;
    let (first, rest) = tokens.split_first()?;
    let mut value = parameters.get(first)?;
    for token in rest {
        value = match value {
            Value::Object(members) => members.get(token)?,
            Value::Array(items) => items.get(token.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(value)
}

/// Puts a value where the tokens of a pointer say, making the objects and lists on the way to it.
pub fn place(parameters: &mut Map<String, Value>, tokens: &[String], value: Value) {
    let Some((first, rest)) = tokens.split_first() else { return };
    if !parameters.contains_key(first) {
        parameters.insert(first.clone(), Value::Null);
    }
    if let Some(here) = parameters.get_mut(first) {
        place_below(here, rest, value);
    }
}

fn place_below(here: &mut Value, tokens: &[String], value: Value) {
    let Some((first, rest)) = tokens.split_first() else {
        *here = value;
        return;
    };
    match (first.parse::<usize>(), here) {
        (Ok(index), Value::Array(items)) => {
            while items.len() <= index {
                items.push(Value::Null);
            }
            if let Some(item) = items.get_mut(index) {
                place_below(item, rest, value);
            }
        }
        (_, Value::Object(members)) => place(members, tokens, value),
        (Ok(index), here) => {
            *here = Value::Array(Vec::new());
            place_below(here, &[&[index.to_string()], rest].concat(), value);
        }
        (Err(_), here) => {
            *here = Value::Object(Map::new());
            place_below(here, tokens, value);
        }
    }
}

/// Puts the mask where a plan had secrets.
pub fn mask(parameters: &mut Map<String, Value>, pointers: &[String]) {
    for pointer in pointers {
        place(parameters, &tokens(pointer).unwrap_or_default(), Value::from(MASK));
    }
}

/// Whether `pointer` is `ancestor` or lies below it.
#[must_use]
pub fn is_within(pointer: &str, ancestor: &str) -> bool {
    pointer.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_slashes_and_tildes_come_back() {
        let pointer = child(&child("", "Parameters"), "a/b~c");
        assert_eq!(pointer, "/Parameters/a~1b~0c");
        assert_eq!(tokens(&pointer).unwrap(), ["Parameters", "a/b~c"]);
        assert_eq!(tokens("~1"), None);
    }

    #[test]
    fn a_longer_name_is_not_within_a_shorter_one() {
        assert!(is_within("/Parameter/0", "/Parameter"));
        assert!(!is_within("/Parameters", "/Parameter"));
    }
}
