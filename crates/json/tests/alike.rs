//! What stands under serde_json's name does what serde_json does.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail as loudly as tests")]

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json as theirs;
use upgrade_json::{self as ours, Map, Number, Value, json};

/// The same value in both.
fn twins() -> BoxedStrategy<(Value, theirs::Value)> {
    let leaf = prop_oneof![
        Just((Value::Null, theirs::Value::Null)),
        any::<bool>().prop_map(|value| (Value::from(value), theirs::Value::from(value))),
        any::<i64>().prop_map(|value| (Value::from(value), theirs::Value::from(value))),
        any::<u64>().prop_map(|value| (Value::from(value), theirs::Value::from(value))),
        any::<String>().prop_map(|value| (Value::from(value.clone()), theirs::Value::from(value))),
        "[\\x00-\\x7f]{0,6}".prop_map(|value| (Value::from(value.clone()), theirs::Value::from(value))),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| {
                let (ours, theirs): (Vec<Value>, Vec<theirs::Value>) = items.into_iter().unzip();
                (Value::from(ours), theirs::Value::from(theirs))
            }),
            prop::collection::vec(("[a-c]|\\PC", inner), 0..4).prop_map(|members| {
                let (mut ours, mut theirs) = (Map::new(), theirs::Map::new());
                for (name, (one, other)) in members {
                    ours.insert(name.clone(), one);
                    theirs.insert(name, other);
                }
                (Value::Object(ours), theirs::Value::Object(theirs))
            }),
        ]
    })
    .boxed()
}

proptest! {
    // A fixed seed: the same cases in every run, so that a failure can be looked at.
    #![proptest_config(ProptestConfig {
        cases: 2_000, failure_persistence: None, rng_seed: RngSeed::Fixed(0), ..ProptestConfig::default()
    })]

    #[test]
    fn values_are_printed_alike((ours, theirs) in twins()) {
        prop_assert_eq!(ours.to_string(), theirs.to_string());
        prop_assert_eq!(ours::to_string(&ours).unwrap(), theirs::to_string(&theirs).unwrap());
        prop_assert_eq!(ours::to_string_pretty(&ours).unwrap(), theirs::to_string_pretty(&theirs).unwrap());
        prop_assert_eq!(theirs::to_value(&ours).unwrap(), theirs);
    }

    #[test]
    fn values_are_equal_alike((one, one_twin) in twins(), (other, other_twin) in twins()) {
        prop_assert_eq!(one == other, one_twin == other_twin);
        prop_assert_eq!(&one, &one.clone());
    }

    #[test]
    fn texts_are_numbers_alike(text in "-?[0-9]{0,3}(\\.[0-9]{0,2})?([eE][+-]?[0-9]?)?.?") {
        let (ours, theirs) = (text.parse::<Number>(), text.parse::<theirs::Number>());
        prop_assert_eq!(ours.is_ok(), theirs.is_ok(), "{}", text);
        if let (Ok(ours), Ok(theirs)) = (ours, theirs) {
            prop_assert_eq!(ours.as_i64(), theirs.as_i64(), "{}", text);
            prop_assert_eq!(ours.as_u64(), theirs.as_u64(), "{}", text);
            prop_assert_eq!(ours.is_f64(), theirs.is_f64(), "{}", text);
            prop_assert_eq!(ours.to_string(), text);
        }
    }
}

#[test]
fn numbers_of_64_bits_are_whole() {
    for text in ["9223372036854775807", "-9223372036854775808", "18446744073709551615", "9223372036854775808"]
    {
        let (ours, theirs): (Number, theirs::Number) = (text.parse().unwrap(), text.parse().unwrap());
        assert_eq!((ours.as_i64(), ours.as_u64()), (theirs.as_i64(), theirs.as_u64()), "{text}");
        assert!(!ours.is_f64(), "{text}");
    }
}

#[test]
fn members_keep_their_order_and_equal_those_in_another() {
    let (one, other) = (json!({"b": 1, "a": 2}), json!({"a": 2, "b": 1}));
    assert_eq!(one, other);
    assert_eq!((one.to_string(), other.to_string()), (r#"{"b":1,"a":2}"#.into(), r#"{"a":2,"b":1}"#.into()));
    assert_ne!(one, json!({"b": 1}));
}

#[test]
fn a_value_is_written_as_json() {
    let (name, list, none): (&str, Vec<String>, Option<bool>) = ("n", vec!["x".to_owned()], None);
    macro_rules! written {
        ($json:ident) => {
            $json!({
                "null": null, "list": [null, [], {}, [1, -2], name], (name): list, "none": none,
                "sum": 1 + 2, "object": {"deep": {"true": true}}, "last": list.len(),
            })
        };
    }
    let theirs = {
        use theirs::json;
        written!(json)
    };
    assert_eq!(written!(json).to_string(), theirs.to_string());
}

#[test]
fn members_are_changed_by_name() {
    let mut value = Value::Null;
    value["a"]["b"] = json!(1);
    value["a"]["b"] = json!("two");
    assert_eq!(value.to_string(), r#"{"a":{"b":"two"}}"#);
    assert_eq!(value["a"]["b"], "two");
    assert_eq!(value["c"]["d"], Value::Null);
    let mut members = value.as_object().unwrap().clone();
    members.insert("z".to_owned(), json!([1]));
    members.insert("y".to_owned(), json!(2));
    assert_eq!((members.remove("y"), members.remove("y")), (Some(json!(2)), None));
    members.retain(|name, _| name == "z");
    assert_eq!(members.iter().count(), 1);
    assert_eq!(members["z"][0].as_u64(), Some(1));
}
