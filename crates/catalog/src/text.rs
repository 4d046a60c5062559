//! Texts in texts, and texts of texts. The standard library is made for long ones: its search and its three kinds of
//! `join` cost the page seven kilobytes.

/// Where a text holds another first.
#[must_use]
pub fn find(text: &str, wanted: &str) -> Option<usize> {
    (0..=text.len())
        .find(|at| text.as_bytes().get(*at..).is_some_and(|rest| rest.starts_with(wanted.as_bytes())))
}

/// Whether a text holds another.
#[must_use]
pub fn holds(text: &str, wanted: &str) -> bool {
    find(text, wanted).is_some()
}

/// What can be joined to one text.
pub trait Joined {
    /// All of it, with this between one and the next.
    fn joined(&self, between: &str) -> String;
}

impl<S: AsRef<str>> Joined for [S] {
    fn joined(&self, between: &str) -> String {
        let mut whole = String::new();
        for (index, part) in self.iter().enumerate() {
            if index > 0 {
                whole.push_str(between);
            }
            whole.push_str(part.as_ref());
        }
        whole
    }
}

#[cfg(test)]
mod tests {
    use super::{Joined, find};

    #[test]
    fn texts_are_joined() {
        assert_eq!(["a", "", "b"].joined(", "), "a, , b");
        assert_eq!(Vec::<String>::new().joined(", "), "");
        assert_eq!(["a".to_owned()].joined(", "), "a");
    }

    #[test]
    fn texts_are_found_where_they_begin() {
        assert_eq!(find("one. Two. Three", ". "), Some(3));
        assert_eq!(find("第一。第二。", "。"), Some(6));
        assert_eq!(find("end.", ". "), None);
        assert_eq!(find("end.", "d."), Some(2));
        assert_eq!(find("", "x"), None);
        assert_eq!(find("any", ""), Some(0));
    }
}
