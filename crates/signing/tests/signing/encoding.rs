//! The edges of encoding and of reading queries.

use upgrade_signing::encode::{DecodeError, canonical_query, decode_query, rfc3986};

fn decoded(raw: &str) -> Vec<(String, String)> {
    decode_query(raw).unwrap_or_else(|error| panic!("{raw}: {error}"))
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn only_unreserved_characters_stay() {
    for byte in 0_u8..=127 {
        let text = char::from(byte).to_string();
        let expected = if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.clone()
        } else {
            format!("%{byte:02X}")
        };
        assert_eq!(rfc3986(&text).to_string(), expected, "byte {byte}");
    }
    assert_eq!(rfc3986("升 🚀").to_string(), "%E5%8D%87%20%F0%9F%9A%80");
    assert_eq!(rfc3986("%2F").to_string(), "%252F");
    assert_eq!(rfc3986("").to_string(), "");
}

#[test]
fn queries_are_sorted_bytewise_by_name_and_then_by_value() {
    let query = [
        ("Parameter.2.Code", "b"),
        ("Parameter.10.Code", "j"),
        ("Parameter.1.Code", "a"),
        ("a", ""),
        ("Z", "2"),
        ("Z", "10"),
        ("Z", ""),
        ("é", "1"),
    ];
    assert_eq!(
        canonical_query(&query),
        "Parameter.1.Code=a&Parameter.10.Code=j&Parameter.2.Code=b&Z=&Z=10&Z=2&a=&%C3%A9=1"
    );
    assert_eq!(canonical_query(&[]), "");
    // Sorted before encoding: `~` (0x7E) stands before `é` decoded, and after `%C3` encoded.
    assert_eq!(canonical_query(&[("é", ""), ("~", "")]), "~=&%C3%A9=");
}

#[test]
fn queries_are_read_in_form_style() {
    assert_eq!(decoded(""), pairs(&[]));
    assert_eq!(
        decoded("a=1+2&b=%2B&c=%2f&d=%2F&e=*~"),
        pairs(&[("a", "1 2"), ("b", "+"), ("c", "/"), ("d", "/"), ("e", "*~")])
    );
    assert_eq!(decoded("k=&k&=v&k=a=b"), pairs(&[("k", ""), ("k", ""), ("", "v"), ("k", "a=b")]));
    assert_eq!(decoded("&a=1&&b=2&"), pairs(&[("a", "1"), ("b", "2")]));
    assert_eq!(decoded("b=2&a=1&b=1"), pairs(&[("b", "2"), ("a", "1"), ("b", "1")]));
    assert_eq!(decoded("%E5%90%8D=%F0%9F%9A%80&名=值"), pairs(&[("名", "🚀"), ("名", "值")]));
    assert_eq!(decoded("a%26b=%25%3D"), pairs(&[("a&b", "%=")]));
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_place() {
    for (raw, position) in
        [("a=%", 2), ("a=%2", 2), ("a=1&b=x%zz", 7), ("%GG=1", 0), ("a=%+1", 2), ("a=%é", 2)]
    {
        assert_eq!(decode_query(raw), Err(DecodeError::Escape { position }), "{raw}");
    }
    for (raw, position) in [("a=%FF", 2), ("a=1&%C3=2", 4), ("a=%F0%9F%9A", 2), ("a=%ED%A0%80", 2)] {
        assert_eq!(decode_query(raw), Err(DecodeError::Utf8 { position }), "{raw}");
    }
}

/// What is canonical reads back to what it was made of: a client may send the canonical query itself.
#[test]
fn canonical_queries_read_back() {
    let mut query = vec![
        ("space", " "),
        ("plus", "+"),
        ("slash", "/%2F"),
        ("star", "*~"),
        ("emoji", "🚀"),
        ("empty", ""),
        ("twice", "1"),
        ("twice", "1"),
        ("", "no name"),
        ("new\nline", "\0\r\t"),
    ];
    let canonical = canonical_query(&query);
    query.sort_unstable();
    assert_eq!(decoded(&canonical), pairs(&query));
}
