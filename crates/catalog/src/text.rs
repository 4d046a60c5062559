//! Texts in texts. The standard library searches for long texts in long texts, and cost the page four kilobytes.

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

#[cfg(test)]
mod tests {
    use super::find;

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
