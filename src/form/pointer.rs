//! JSON pointers (RFC 6901): how errors and secrets name a value.

pub use catalog::validate::child;

/// The tokens of a pointer, unescaped; `None` when it does not start with `/` (and is not empty).
#[must_use]
pub fn tokens(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() {
        return Some(Vec::new());
    }
    let rest = pointer.strip_prefix('/')?;
    Some(rest.split('/').map(|token| token.replace("~1", "/").replace("~0", "~")).collect())
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
