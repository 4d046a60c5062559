//! Sentences with places, so that a sentence in a language is a text and not a function.
//!
//! A place is `{}`, filled in order, or `{1}`, counted from 0, where a language has another order.

/// The text with its places filled. A place that nothing is given for stays empty.
#[must_use]
pub fn fill(text: &str, places: &[&str]) -> String {
    let mut parts = text.split('{');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for (next, part) in parts.enumerate() {
        let (number, rest) = part.split_once('}').unwrap_or_default();
        let place = number.bytes().next().map_or(next, |digit| usize::from(digit.wrapping_sub(b'0')));
        filled.push_str(places.get(place).copied().unwrap_or_default());
        filled.push_str(rest);
    }
    filled
}

/// Whether a text has just these places: each of the first `count`, and no other. At most ten.
#[must_use]
pub const fn has_places(text: &str, count: usize) -> bool {
    let bytes = text.as_bytes();
    let mut found = 0_u16;
    let mut next = 0;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'{' {
            let place = if bytes[at + 1] == b'}' { next } else { bytes[at + 1] - b'0' };
            found |= 1 << place;
            next += 1;
        }
        at += 1;
    }
    found == (1 << count) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_in_order_or_by_number() {
        assert_eq!(fill("{} of {}", &["3", "14"]), "3 of 14");
        assert_eq!(fill("在 {1} 上{0}", &["变更", "生产"]), "在 生产 上变更");
        assert_eq!(fill("nothing here", &[]), "nothing here");
    }

    #[test]
    fn what_fills_a_place_is_never_read_as_a_place() {
        assert_eq!(fill("{}: {}", &["{1}", "{}"]), "{1}: {}");
    }

    #[test]
    fn texts_with_other_places_are_found() {
        assert!(has_places("{} of {}", 2));
        assert!(has_places("{1} of {0}, {1}", 2));
        assert!(has_places("none", 0));
        assert!(!has_places("{} of {}", 1));
        assert!(!has_places("{1}", 2));
        assert!(!has_places("{}", 2));
    }
}
