//! Our verdict equals that of a full JSON Schema validator, on the documents as they stand and on generated kinds.
//! One exception on purpose: `1.0` for an integer, which we refuse.
#![cfg(feature = "reader")]
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as loudly as tests")]

use proptest::prelude::*;
use serde_json::{Map, Number, Value, json};
use upgrade_catalog::model::{Choice, Field, Kind, Operation, Place, Text};
use upgrade_catalog::reader::Catalogue;
use upgrade_catalog::validate::{validate, validate_kind};

/// The JSON Schema of an operation's parameters, put together from the raw document.
fn schema_of(document: &Value, operation_id: &str) -> Value {
    let methods = document["paths"].as_object().into_iter().flatten().flat_map(|(_, item)| item.as_object());
    let operation = methods
        .flatten()
        .map(|(_, operation)| operation)
        .find(|operation| operation["operationId"] == operation_id)
        .expect("the operation is in the document");
    let mut properties = Map::new();
    let mut required = Vec::new();
    let mut dependent = Map::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        if parameter.get("x-bind").is_some() {
            continue;
        }
        let schema =
            parameter.get("schema").unwrap_or_else(|| &parameter["content"]["application/json"]["schema"]);
        let name = parameter["name"].as_str().expect("a name");
        properties.insert(name.to_owned(), schema.clone());
        if parameter["required"] == true {
            required.push(json!(name));
        }
        if let Some(needs) = parameter.get("x-needs") {
            dependent.insert(name.to_owned(), needs.clone());
        }
    }
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    properties.extend(body["properties"].as_object().cloned().unwrap_or_default());
    required.extend(body["required"].as_array().cloned().unwrap_or_default());
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": required,
        "dependentRequired": dependent,
        "additionalProperties": false,
        "components": document["components"],
    })
}

/// The JSON Schema of a kind.
fn schema(kind: &Kind) -> Value {
    let mut schema = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            schema.insert(name.to_owned(), value);
        }
    };
    match kind {
        Kind::Text { min_length, max_length, pattern, choices, open, .. } => {
            let mut limits = Map::new();
            for (name, value) in [
                ("minLength", min_length.map(Value::from)),
                ("maxLength", max_length.map(Value::from)),
                ("pattern", pattern.clone().map(Value::from)),
            ] {
                if let Some(value) = value {
                    limits.insert(name.to_owned(), value);
                }
            }
            let values: Vec<Value> = choices.iter().map(|choice| choice.value.clone()).collect();
            put("type", Some(json!("string")));
            if values.is_empty() {
                limits.into_iter().for_each(|(name, value)| put(&name, Some(value)));
            } else if *open {
                put("anyOf", Some(json!([{"enum": values}, limits])));
            } else {
                put("enum", Some(json!(values)));
                limits.into_iter().for_each(|(name, value)| put(&name, Some(value)));
            }
        }
        Kind::Integer { minimum, maximum, bits, choices, .. } => {
            put("type", Some(json!("integer")));
            let (least, greatest) =
                if *bits == 32 { (i64::from(i32::MIN), i64::from(i32::MAX)) } else { (i64::MIN, i64::MAX) };
            if choices.is_empty() {
                put("minimum", Some(json!(minimum.unwrap_or(least).max(least))));
                put("maximum", Some(json!(maximum.unwrap_or(greatest).min(greatest))));
            } else {
                let values: Vec<&Value> = choices.iter().map(|choice| &choice.value).collect();
                put("enum", Some(json!(values)));
            }
        }
        Kind::Number { minimum, maximum } => {
            put("type", Some(json!("number")));
            put("minimum", minimum.clone().map(Value::Number));
            put("maximum", maximum.clone().map(Value::Number));
        }
        Kind::Boolean => put("type", Some(json!("boolean"))),
        Kind::FreeObject => put("type", Some(json!("object"))),
        Kind::Object { fields, min_members } => {
            let members = fields.iter().map(|field| (field.name.clone(), self::schema(&field.kind)));
            let required = fields.iter().filter(|field| field.required).map(|field| json!(field.name));
            put("type", Some(json!("object")));
            put("properties", Some(Value::Object(members.collect())));
            put("required", Some(Value::Array(required.collect())));
            put("additionalProperties", Some(json!(false)));
            put("minProperties", min_members.map(Value::from));
        }
        Kind::List { item, min_items, max_items } => {
            put("type", Some(json!("array")));
            put("items", Some(self::schema(item)));
            put("minItems", min_items.map(Value::from));
            put("maxItems", max_items.map(Value::from));
        }
    }
    Value::Object(schema)
}

/// A float that is no whole number: those are the exception.
fn fraction() -> BoxedStrategy<Value> {
    (-1e6..1e6_f64)
        .prop_filter_map("whole", |number| {
            Number::from_f64(number).filter(|_| number.fract() != 0.0).map(Value::Number)
        })
        .boxed()
}

fn anything() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-3..40_i64).prop_map(Value::from),
        fraction(),
        ".{0,5}".prop_map(Value::from),
        "[0-9]{1,4}".prop_map(Value::from),
        prop::sample::select(vec!["", " ", "true", "false", "2.2.0", "0.10.2", "cn-hangzhou", "1e3"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec(("[a-c]|Code|Value", inner), 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
    .boxed()
}

/// Values near the border between fitting and not fitting.
fn near(kind: &Kind) -> BoxedStrategy<Value> {
    let good: BoxedStrategy<Value> = match kind {
        Kind::Text { choices, pattern, min_length, max_length, .. } => {
            let known: Vec<Value> = choices.iter().map(|choice| choice.value.clone()).collect();
            let least = min_length.unwrap_or(0).saturating_sub(1);
            let most = max_length.unwrap_or(6) + 1;
            let some = usize::try_from(least).expect("small")..=usize::try_from(most).expect("small");
            let length =
                prop::collection::vec(prop::sample::select(vec!['a', '0', '-', '.', '好', '🚀']), some)
                    .prop_map(|letters| Value::from(letters.into_iter().collect::<String>()));
            let shaped = match pattern {
                Some(pattern) => {
                    proptest::string::string_regex(pattern.trim_start_matches('^').trim_end_matches('$'))
                        .expect("a pattern that can be generated")
                        .prop_map(Value::from)
                        .boxed()
                }
                None => ".{0,4}".prop_map(Value::from).boxed(),
            };
            // A shaped text with one more letter seldom fits.
            let spoilt =
                shaped.clone().prop_map(|text| json!(format!("{} ", text.as_str().unwrap_or_default())));
            if known.is_empty() {
                prop_oneof![16 => shaped, 1 => spoilt, 1 => length].boxed()
            } else {
                prop_oneof![12 => prop::sample::select(known), 1 => shaped, 1 => spoilt, 1 => length].boxed()
            }
        }
        Kind::Integer { minimum, maximum, choices, .. } => {
            let mut border: Vec<i64> =
                vec![0, 1, -1, i64::MIN, i64::MAX, 1 << 31, (1 << 31) - 1, -(1 << 31) - 1];
            for bound in minimum.iter().chain(maximum) {
                border.extend([bound.saturating_sub(1), *bound, bound.saturating_add(1)]);
            }
            let known: Vec<i64> = choices.iter().filter_map(|choice| choice.value.as_i64()).collect();
            let (low, high) = (minimum.unwrap_or(-100), maximum.unwrap_or(100));
            let inside = if known.is_empty() {
                (low.min(high)..=high.max(low)).boxed()
            } else {
                prop::sample::select(known).boxed()
            };
            prop_oneof![1 => prop::sample::select(border), 6 => inside].prop_map(Value::from).boxed()
        }
        Kind::Number { minimum, maximum } => {
            let mut border = vec![json!(0), json!(0.5), json!(-1.5)];
            for bound in minimum.iter().chain(maximum) {
                let near = bound.as_f64().expect("a number");
                border.extend([json!(bound), json!(near), json!(near - 0.25), json!(near + 0.25)]);
            }
            prop_oneof![prop::sample::select(border), fraction()].boxed()
        }
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::FreeObject => prop::collection::vec((".{0,3}", anything()), 0..3)
            .prop_map(|members| Value::Object(members.into_iter().collect()))
            .boxed(),
        Kind::Object { fields, .. } => members(fields),
        Kind::List { item, min_items, max_items } => {
            let least = usize::try_from(min_items.unwrap_or(0)).expect("small").saturating_sub(1);
            let most = usize::try_from(max_items.unwrap_or(3).min(4)).expect("small") + 1;
            prop::collection::vec(near(item), least..=most.max(least)).prop_map(Value::from).boxed()
        }
    };
    prop_oneof![30 => good, 1 => anything()].boxed()
}

/// Every member is mostly there, sometimes not; now and then one that nobody knows.
fn members(fields: &[Field]) -> BoxedStrategy<Value> {
    let mut all: BoxedStrategy<Map<String, Value>> = Just(Map::new()).boxed();
    for field in fields {
        let name = field.name.clone();
        let given = if field.required { 0.95 } else { 0.6 };
        all = (all, prop::option::weighted(given, near(&field.kind)))
            .prop_map(move |(mut members, value)| {
                if let Some(value) = value {
                    members.insert(name.clone(), value);
                }
                members
            })
            .boxed();
    }
    (all, prop::option::weighted(0.03, anything()))
        .prop_map(|(mut members, extra)| {
            if let Some(extra) = extra {
                members.insert("unknown".to_owned(), extra);
            }
            Value::Object(members)
        })
        .boxed()
}

fn texts() -> BoxedStrategy<Kind> {
    let pattern = prop::option::of(prop::sample::select(vec!["^[a0]+$", "[.-]", "^(a|0)", "^[!-~]+$"]));
    (prop::option::of(0..4_u64), prop::option::of(2..6_u64), pattern, any::<bool>(), any::<bool>())
        .prop_map(|(min_length, max_length, pattern, closed, known)| {
            let choice = |value: &str| Choice { value: json!(value), title: Text::default() };
            let choices = if known { vec![choice("a"), choice("0.1"), choice("好")] } else { vec![] };
            let open = !closed || choices.is_empty();
            let pattern = pattern.map(str::to_owned);
            Kind::Text { min_length, max_length, pattern, pattern_words: None, choices, open }
        })
        .boxed()
}

fn kinds() -> BoxedStrategy<Kind> {
    let integers =
        (prop::option::of(-50..50_i64), prop::option::of(any::<i64>()), any::<bool>(), any::<bool>())
            .prop_map(|(minimum, maximum, wide, known)| {
                let choice = |value: i64| Choice { value: json!(value), title: Text::default() };
                let choices = if known { vec![choice(0), choice(3), choice(-7)] } else { vec![] };
                let bounds = if known { (None, None) } else { (minimum, maximum) };
                let bits = if wide { 64 } else { 32 };
                Kind::Integer { minimum: bounds.0, maximum: bounds.1, bits, choices, epoch_ms: false }
            });
    let numbers =
        (prop::option::of(-20..20_i32), prop::option::of(-20..200_i32)).prop_map(|(minimum, maximum)| {
            // Whole numbers and quarters, each as a document would write it.
            let bound = |quarters: i32| match quarters % 4 {
                0 => Number::from(quarters / 4),
                _ => Number::from_f64(f64::from(quarters) / 4.0).expect("finite"),
            };
            Kind::Number { minimum: minimum.map(bound), maximum: maximum.map(bound) }
        });
    let leaf = prop_oneof![texts(), integers, numbers, Just(Kind::Boolean), Just(Kind::FreeObject)];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let lists = (inner.clone(), prop::option::of(0..2_u64), prop::option::of(1..4_u64)).prop_map(
            |(item, min_items, max_items)| Kind::List { item: Box::new(item), min_items, max_items },
        );
        let objects = (prop::collection::vec((inner, any::<bool>()), 1..4), prop::option::of(0..3_u64))
            .prop_map(|(list, min_members)| {
                let field = |(index, (kind, required)): (usize, (Kind, bool))| Field {
                    name: format!("member/{index}~"),
                    place: Place::Body,
                    title: Text::default(),
                    description: Text::default(),
                    kind,
                    required,
                    needs: vec![],
                    json: false,
                    secret: index == 2,
                    role: None,
                    example: None,
                    unit: None,
                    ask: None,
                };
                Kind::Object { fields: list.into_iter().enumerate().map(field).collect(), min_members }
            });
        prop_oneof![lists, objects]
    })
    .boxed()
}

fn run(cases: u32, test: impl FnOnce(&mut proptest::test_runner::TestRunner)) {
    // A fixed seed: the same cases in every run, so that a failure can be looked at.
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let rng = proptest::test_runner::TestRng::deterministic_rng(config.rng_algorithm);
    test(&mut proptest::test_runner::TestRunner::new_with_rng(config, rng));
}

#[test]
fn on_the_documents() {
    let catalogue = Catalogue::embedded().expect("the documents read");
    let documents: Vec<(&str, Value)> = Catalogue::documents()
        .map(|(name, text)| (name.trim_end_matches(".yaml"), serde_saphyr::from_str(text).expect("YAML")))
        .collect();
    for operation in &catalogue.operations {
        let (product, name) = operation.id.split_once('.').expect("product and name");
        let document = &documents.iter().find(|(file, _)| *file == product).expect("its document").1;
        let schema = schema_of(document, name);
        let theirs = jsonschema::validator_for(&schema).expect("a valid schema");
        let (mut fits, mut total) = (0_u32, 0_u32);
        run(400, |runner| {
            let values = members(&operation.fields);
            let seen = std::cell::RefCell::new((0_u32, 0_u32));
            runner
                .run(&values, |value| {
                    let ours = verdict(operation, &value);
                    seen.borrow_mut().0 += u32::from(ours);
                    seen.borrow_mut().1 += 1;
                    prop_assert_eq!(ours, theirs.is_valid(&value), "{}: {}", operation.id, value);
                    Ok(())
                })
                .expect("the same verdict");
            (fits, total) = seen.into_inner();
        });
        // Both verdicts must have been met, or the comparison says nothing.
        if !operation.fields.is_empty() {
            assert!(fits >= total / 50, "{}: {fits} of {total} fit", operation.id);
            assert!(fits <= total - total / 20, "{}: {fits} of {total} fit", operation.id);
        }
    }
}

fn verdict(operation: &Operation, value: &Value) -> bool {
    match value {
        Value::Object(parameters) => validate(operation, parameters).is_empty(),
        _ => false,
    }
}

#[test]
fn on_generated_kinds() {
    let seen = std::cell::RefCell::new((0_u32, 0_u32));
    run(3_000, |runner| {
        let cases = kinds().prop_flat_map(|kind| (Just(kind.clone()), near(&kind)));
        runner
            .run(&cases, |(kind, value)| {
                let schema = schema(&kind);
                let theirs = jsonschema::validator_for(&schema).expect("a valid schema");
                let problems = validate_kind(&kind, &value, "");
                seen.borrow_mut().0 += u32::from(problems.is_empty());
                seen.borrow_mut().1 += 1;
                prop_assert_eq!(
                    problems.is_empty(),
                    theirs.is_valid(&value),
                    "{}: {} {:?}",
                    schema,
                    value,
                    problems
                );
                for problem in &problems {
                    for language in
                        [upgrade_catalog::model::Language::En, upgrade_catalog::model::Language::Zh]
                    {
                        prop_assert!(!problem.complaint.words("", language).is_empty());
                    }
                }
                Ok(())
            })
            .expect("the same verdict");
    });
    let (fits, total) = seen.into_inner();
    assert!(fits > total / 5 && fits < total - total / 5, "{fits} of {total} fit");
}

#[test]
fn the_one_exception_is_a_whole_number_written_as_a_float() {
    let kind = Kind::Integer { minimum: None, maximum: None, bits: 64, choices: vec![], epoch_ms: false };
    let theirs = jsonschema::validator_for(&schema(&kind)).expect("a valid schema");
    for value in [json!(1.0), json!(-0.0), json!(1e3)] {
        assert!(theirs.is_valid(&value), "{value}");
        assert_eq!(validate_kind(&kind, &value, "").len(), 1, "{value}");
    }
}
