//! Attacks on the JSON parser (security.md A25, A26, A28).
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as loudly as tests")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use upgrade_catalog::strict_json::{MAX_DEPTH, MAX_VALUES, parse};

fn code(bytes: &[u8]) -> &'static str {
    match parse(bytes) {
        Ok(value) => panic!("accepted as {value}"),
        Err(error) => {
            assert!(error.line >= 1 && error.column >= 1, "{error}");
            assert!(!error.message.is_empty() && !error.message.contains(" at line "), "{error}");
            error.code
        }
    }
}

#[test]
fn keys_that_stand_twice_are_refused_at_any_depth() {
    for document in [
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"parameters":{"x":1,"x":2}}"#,
        r#"{"Parameter":[{"Code":"a","Code":"b"}]}"#,
        r#"{"é":1,"\u00e9":2}"#,
    ] {
        assert_eq!(code(document.as_bytes()), "duplicate_key", "{document}");
    }
    // Equal names in different objects are none, and another normal form is another name.
    for document in [r#"{"a":{"a":1},"b":{"a":1}}"#, "{\"\u{e9}\":1,\"e\u{301}\":2}"] {
        assert!(parse(document.as_bytes()).is_ok(), "{document}");
    }
}

#[test]
fn the_place_of_a_problem_is_said() {
    let error = parse(b"{\n  \"a\": 1,\n  \"a\": 2\n}").expect_err("refused");
    assert_eq!(
        (error.line, error.code, error.message.as_str()),
        (3, "duplicate_key", "`a` stands here twice")
    );
    let error = parse(b"{\n  \"a\": oops}").expect_err("refused");
    assert_eq!((error.line, error.column, error.code), (2, 8, "syntax"));
    assert_eq!(error.to_string(), "line 2, column 8: expected value");
}

fn nested(depth: usize) -> Vec<u8> {
    let mut text = vec![b'['; depth];
    text.extend(vec![b']'; depth]);
    text
}

#[test]
fn nesting_ends_at_the_limit_and_costs_nothing() {
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    for depth in [MAX_DEPTH + 1, 128, 100_000] {
        assert_eq!(code(&nested(depth)), "too_deep", "{depth}");
    }
    // Never closed, and objects instead of lists.
    assert_eq!(code(&vec![b'['; 100_000]), "too_deep");
    assert_eq!(code(r#"{"a":"#.repeat(100_000).as_bytes()), "too_deep");
}

#[test]
fn values_are_counted() {
    let list = |count: usize| format!("[{}]", vec!["1"; count].join(","));
    // The list itself is one of them.
    assert!(parse(list(MAX_VALUES - 1).as_bytes()).is_ok());
    assert_eq!(code(list(MAX_VALUES).as_bytes()), "too_many_values");
    assert_eq!(code(list(MAX_VALUES + 1).as_bytes()), "too_many_values");
    let spread = format!("{{\"a\":{},\"b\":{}}}", list(500), list(500));
    assert_eq!(code(spread.as_bytes()), "too_many_values");
}

#[test]
fn numbers_are_exact_or_refused() {
    for document in [
        "1e999",
        "-1e999",
        "123456789012345678901234567890",
        "-123456789012345678901234567890",
        "18446744073709551616",
        "-9223372036854775809",
        r#"{"a":[123456789012345678901234567890]}"#,
    ] {
        assert!(["number", "syntax"].contains(&code(document.as_bytes())), "{document}");
    }
    for document in ["NaN", "Infinity", "-", "+1", "01", "1.", ".5", "0x10", "1_000"] {
        assert_eq!(code(document.as_bytes()), "syntax", "{document}");
    }
    for (document, value) in [
        ("9007199254740993", json!(9_007_199_254_740_993_i64)),
        ("9223372036854775807", json!(i64::MAX)),
        ("-9223372036854775808", json!(i64::MIN)),
        ("18446744073709551615", json!(u64::MAX)),
        ("1.5", json!(1.5)),
        ("1e3", json!(1000.0)),
    ] {
        assert_eq!(parse(document.as_bytes()), Ok(value), "{document}");
    }
    // Digits inside a text are a text.
    let long = "\"\\\"123456789012345678901234567890\"";
    assert_eq!(parse(long.as_bytes()), Ok(Value::from("\"123456789012345678901234567890")));
}

#[test]
fn one_document_in_utf8_and_nothing_else() {
    for (bytes, expected) in [
        (&b"{} x"[..], "syntax"),
        (b"{}{}", "syntax"),
        (b"{} // no", "syntax"),
        (b"/* no */ {}", "syntax"),
        (b"{\"a\":1,}", "syntax"),
        (b"{'a':1}", "syntax"),
        (b"", "syntax"),
        (b"   ", "syntax"),
        (b"\"\\ud800\"", "syntax"),
        (b"\"a\nb\"", "syntax"),
        (b"\"open", "syntax"),
        (b"\"open\\", "syntax"),
        (b"\xEF\xBB\xBF{}", "encoding"),
        (b"\xFF\xFE{\0}\0", "encoding"),
        (b"\xFE\xFF\0{\0}", "encoding"),
        (b"{\0}\0", "syntax"),
        (b"{\"a\":\"\xC3\x28\"}", "encoding"),
        (b"\"\xC0\x80\"", "encoding"),
        (b"\"\xED\xA0\x80\"", "encoding"),
    ] {
        assert_eq!(code(bytes), expected, "{bytes:?}");
    }
    assert_eq!(parse(b" {} \n"), Ok(json!({})));
}

#[test]
fn order_is_kept() {
    let document = r#"{"z":1,"a":{"y":2,"b":3}}"#;
    assert_eq!(parse(document.as_bytes()).map(|value| value.to_string()), Ok(document.to_owned()));
}

/// Almost JSON: what a person types, and what goes wrong in it.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop::sample::select(vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"a\"",
        "\"b\":",
        "\\",
        "\\u00e9",
        "\\ud83d",
        "\\ude80",
        "\\n",
        "\\x",
        "null",
        "true",
        "fals",
        "-",
        "0",
        "01",
        "12",
        ".",
        ".5",
        "e",
        "E+3",
        "-0",
        " ",
        "\n",
        "\u{1}",
        "好",
        "1.5e3",
        "9007199254740993",
        "x",
    ]);
    prop::collection::vec(scrap, 0..12).prop_map(|scraps| scraps.concat())
}

/// JSON with one thing changed.
fn nearly() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        ".{0,4}".prop_map(Value::from),
    ];
    let whole = leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-c]", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    });
    (whole, any::<bool>(), any::<prop::sample::Index>(), scraps()).prop_map(|(value, pretty, at, scrap)| {
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        let mut letters: Vec<char> = text.chars().collect();
        let at = at.index(letters.len());
        letters.splice(at..=at, scrap.chars().take(2));
        letters.into_iter().collect()
    })
}

proptest! {
    // A fixed seed: the same cases in every run, so that a failure can be looked at.
    #![proptest_config(ProptestConfig {
        cases: 20_000, failure_persistence: None, rng_seed: RngSeed::Fixed(0), ..ProptestConfig::default()
    })]

    #[test]
    fn the_same_is_read_and_said_as_by_serde_json(text in prop_oneof![scraps(), nearly()]) {
        let theirs = serde_json::from_str::<Value>(&text);
        match parse(text.as_bytes()) {
            Ok(value) => prop_assert_eq!(value, theirs.expect("they read it, too")),
            Err(error) if error.code == "syntax" => {
                let theirs = theirs.expect_err("they refuse it, too");
                let place = (theirs.line().max(1), theirs.column().max(1));
                prop_assert_eq!((error.line, error.column), place, "{}", text);
                let said = theirs.to_string();
                prop_assert!(said.starts_with(&error.message), "{}: {} is not {}", text, error.message, said);
            }
            Err(error) => prop_assert!(["duplicate_key", "number"].contains(&error.code), "{}: {}", text, error),
        }
    }
}
