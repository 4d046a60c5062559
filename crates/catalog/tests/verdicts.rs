//! What is said about wrong values: codes, pointers, words in both languages.
#![cfg(feature = "reader")]
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as loudly as tests")]

use serde_json::{Map, Value, json};
use upgrade_catalog::model::{Choice, Field, Kind, Language, Operation, Place, Text};
use upgrade_catalog::reader::Catalogue;
use upgrade_catalog::validate::{Complaint, Problem, field_at, validate, validate_field, validate_kind};

fn operation(id: &str) -> Operation {
    Catalogue::embedded().expect("the documents read").get(id).expect("known").clone()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        other => panic!("not an object: {other}"),
    }
}

/// Pointer and code of every problem.
fn codes(operation: &Operation, parameters: Value) -> Vec<(String, &'static str)> {
    let problems = validate(operation, &object(parameters));
    problems.into_iter().map(|problem| (problem.pointer, problem.complaint.code())).collect()
}

fn one(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

fn english(problem: &Problem, operation: &Operation) -> String {
    let title =
        field_at(operation, &problem.pointer).map(|field| field.title.en.as_str()).unwrap_or_default();
    problem.complaint.words(title, Language::En)
}

fn renew(change: impl FnOnce(&mut Map<String, Value>)) -> Value {
    let mut parameters = object(json!({"ProductCode": "rds", "InstanceId": "rm-1", "RenewPeriod": 2}));
    change(&mut parameters);
    Value::Object(parameters)
}

#[test]
fn an_empty_form_names_every_required_field_in_order() {
    let operation = operation("bssopenapi.RenewChangeInstance");
    let problems = validate(&operation, &Map::new());
    let said: Vec<String> = problems.iter().map(|problem| english(problem, &operation)).collect();
    assert_eq!(
        said,
        ["Choose or enter a product", "Choose or enter an instance", "Choose how many months to renew for"]
    );
    let zh: Vec<String> = problems.iter().map(|problem| problem.complaint.words("", Language::Zh)).collect();
    assert_eq!(zh, ["请选择或输入产品", "请选择或输入实例", "请选择续费时长"]);
}

#[test]
fn null_is_missing_where_required_and_wrong_elsewhere() {
    let operation = operation("bssopenapi.RenewChangeInstance");
    let with = |name: &str, value: Value| {
        let name = name.to_owned();
        codes(&operation, renew(|parameters| drop(parameters.insert(name, value))))
    };
    assert_eq!(with("RenewPeriod", Value::Null), one("/RenewPeriod", "missing"));
    assert_eq!(with("ProductType", Value::Null), one("/ProductType", "wrong_type"));
    assert_eq!(with("ProductType", json!("")), one("/ProductType", "too_short"));
    assert_eq!(with("InstanceId", json!("")), one("/InstanceId", "too_short"));
    assert_eq!(with("InstanceId", json!("  ")), one("/InstanceId", "pattern"));
    assert_eq!(with("InstanceId", json!(["rm-1"])), one("/InstanceId", "wrong_type"));
    assert_eq!(with("ProductType", json!("rds")), vec![]);
}

#[test]
fn a_whole_number_is_written_as_one() {
    let operation = operation("bssopenapi.RenewChangeInstance");
    let period = |value: Value| {
        let problems =
            validate(&operation, &object(renew(|map| drop(map.insert("RenewPeriod".to_owned(), value)))));
        assert_eq!(problems.len(), 1, "{problems:?}");
        (problems[0].complaint.code(), english(&problems[0], &operation))
    };
    let says = |code: &'static str, words: &str| (code, words.to_owned());
    assert_eq!(
        period(json!("2")),
        says("wrong_type", "Renew for: write it without quotation marks: 2, not \"2\"")
    );
    assert_eq!(
        period(json!(1.0)),
        says("not_whole", "Renew for: write a whole number without point or exponent: 1, not 1.0")
    );
    assert_eq!(period(json!(-0.0)).0, "not_whole");
    assert_eq!(period(serde_json::from_str("1e0").expect("a number")).0, "not_whole");
    assert_eq!(period(json!(1.5)), says("not_whole", "Renew for: enter a whole number, you typed “1.5”"));
    assert_eq!(
        period(json!(10)),
        says(
            "not_a_choice",
            "Renew for: choose one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 24, 36, you typed “10”"
        )
    );
    assert_eq!(period(json!(u64::MAX)).0, "too_large");
    assert_eq!(period(json!(true)).0, "wrong_type");
    assert_eq!(period(json!("two")).0, "not_a_choice");
}

#[test]
fn a_dry_run_is_asked_for_in_text() {
    let operation = operation("computenestsupplier.UpgradeServiceInstance");
    let with = |value: Value| {
        let parameters = json!({"ServiceInstanceId": "si-1", "ServiceVersion": "2", "DryRun": value});
        validate(&operation, &object(parameters))
    };
    assert_eq!(with(json!("true")), vec![]);
    let problems = with(json!(true));
    assert_eq!(problems[0].complaint.code(), "wrong_type");
    assert_eq!(
        english(&problems[0], &operation),
        "Dry run: write it as a text, in quotation marks: \"true\", not true"
    );
    assert_eq!(
        problems[0].complaint.words("预检", Language::Zh),
        "预检：请写成带引号的文本 \"true\"，而不是 true"
    );
    let problems = with(json!("True"));
    assert_eq!(
        english(&problems[0], &operation),
        "Dry run: choose one of true, false, you typed “True”; did you mean “true”?"
    );
}

#[test]
fn module_rows_are_checked_one_by_one() {
    let operation = operation("bssopenapi.RenewChangeInstance");
    let with = |rows: Value| codes(&operation, renew(|map| drop(map.insert("Parameter".to_owned(), rows))));
    let row = json!({"Code": "a", "Value": "b"});
    assert_eq!(with(json!([row])), vec![]);
    assert_eq!(with(json!([])), one("/Parameter", "too_few_items"));
    assert_eq!(with(json!([row, {"Code": "a"}])), one("/Parameter/1/Value", "missing"));
    assert_eq!(with(json!([{"Code": "", "Value": "1"}])), one("/Parameter/0/Code", "too_short"));
    assert_eq!(with(json!([{"Code": "a", "Value": 5}])), one("/Parameter/0/Value", "wrong_type"));
    assert_eq!(
        with(json!([{"Code": "a", "Value": "b", "code": "c"}])),
        one("/Parameter/0/code", "unknown_field")
    );
    assert_eq!(with(json!(row)), one("/Parameter", "wrong_type"));
    assert_eq!(with(Value::Array(vec![row.clone(); 100])), vec![]);
    assert_eq!(with(Value::Array(vec![row.clone(); 101])), one("/Parameter", "too_many_items"));
}

#[test]
fn unknown_names_are_refused_with_the_nearest() {
    let operation = operation("bssopenapi.RenewChangeInstance");
    let parameters = renew(|map| {
        map.insert("RenewPeriods".to_owned(), json!(2));
        map.insert("a/b~c".to_owned(), json!(2));
    });
    let problems = validate(&operation, &object(parameters));
    assert_eq!(problems[0].pointer, "/RenewPeriods");
    assert_eq!(
        problems[0].complaint.words("", Language::En),
        "“RenewPeriods” is not a known name here, did you mean “RenewPeriod”?"
    );
    assert_eq!(
        problems[0].complaint.words("", Language::Zh),
        "没有名为“RenewPeriods”的参数，是否想写“RenewPeriod”？"
    );
    assert_eq!(problems[1].pointer, "/a~1b~0c");
    assert!(problems[1].complaint.words("", Language::En).contains("known are ProductCode, ProductType"));
}

#[test]
fn the_project_is_never_a_parameter() {
    let operation = operation("cbh.UpgradeInstance");
    let parameters = json!({
        "server_id": "c7277d87-5a0d-4cfc-a418-97acb567cf29", "upgrade_time": 1, "project_id": "x"
    });
    let problems = validate(&operation, &object(parameters));
    assert_eq!((problems[0].pointer.as_str(), problems[0].complaint.code()), ("/project_id", "from_profile"));
    assert_eq!(problems[0].complaint.words("", Language::Zh), "请去掉“project_id”：它取自账号配置");
}

#[test]
fn times_are_exact_to_the_last_millisecond() {
    let operation = operation("cbh.UpgradeInstance");
    let server = "c7277d87-5a0d-4cfc-a418-97acb567cf29";
    let at = |value: Value| codes(&operation, json!({"server_id": server, "upgrade_time": value}));
    for fits in [0_i64, 1_702_974_655_000, 99_999_999_999_999] {
        assert_eq!(at(json!(fits)), vec![]);
    }
    assert_eq!(at(json!(-1)), one("/upgrade_time", "too_small"));
    assert_eq!(at(json!(100_000_000_000_000_i64)), one("/upgrade_time", "too_large"));
    assert_eq!(at(json!(9_007_199_254_740_993_i64)), one("/upgrade_time", "too_large"));
    assert_eq!(at(json!("tomorrow")), one("/upgrade_time", "bad_number"));
    let numeric = codes(&operation, json!({"server_id": "5473", "upgrade_time": 1}));
    assert_eq!(numeric, one("/server_id", "pattern"));
    let long = format!("{server}0");
    assert_eq!(
        codes(&operation, json!({"server_id": long, "upgrade_time": 1})),
        one("/server_id", "too_long")
    );
}

#[test]
fn sixty_four_bits_are_kept() {
    let kind = Kind::Integer { minimum: None, maximum: None, bits: 64, choices: vec![], epoch_ms: false };
    for number in ["9007199254740993", "-9223372036854775808", "9223372036854775807"] {
        let value = upgrade_catalog::strict_json::parse(number.as_bytes()).expect("parses");
        assert_eq!(validate_kind(&kind, &value, ""), vec![]);
        assert_eq!(value.to_string(), number);
    }
    let narrow = Kind::Integer { minimum: None, maximum: None, bits: 32, choices: vec![], epoch_ms: false };
    assert_eq!(validate_kind(&narrow, &json!(2_147_483_648_i64), "")[0].complaint.code(), "too_large");
    assert_eq!(validate_kind(&narrow, &json!(-2_147_483_649_i64), "")[0].complaint.code(), "too_small");
    assert_eq!(validate_kind(&narrow, &json!(2_147_483_647_i64), ""), vec![]);
}

#[test]
fn protection_values_have_the_types_of_the_document() {
    let operation = operation("aad.UpgradeInstanceSpec");
    let with = |data: Value| {
        let instance = "2b5ce2a4-0000-4000-8000-000000000001";
        codes(&operation, json!({"instance_id": instance, "upgrade_data": data}))
    };
    assert_eq!(with(json!({})), one("/upgrade_data", "too_few_members"));
    for text in ["basic_bandwidth", "elastic_bandwidth"] {
        let pointer = format!("/upgrade_data/{text}");
        assert_eq!(with(json!({text: "5"})), vec![]);
        assert_eq!(with(json!({text: 5})), one(&pointer, "wrong_type"));
        assert_eq!(with(json!({text: "5G"})), one(&pointer, "pattern"));
        assert_eq!(with(json!({text: ""})), one(&pointer, "too_short"));
    }
    for whole in
        ["service_bandwidth", "port_num", "bind_domain_num", "elastic_service_bandwidth", "basic_qps"]
    {
        let pointer = format!("/upgrade_data/{whole}");
        assert_eq!(with(json!({whole: 0})), vec![]);
        assert_eq!(with(json!({whole: 2_147_483_647})), vec![]);
        assert_eq!(with(json!({whole: 2_147_483_648_i64})), one(&pointer, "too_large"));
        assert_eq!(with(json!({whole: "5"})), one(&pointer, "wrong_type"));
        assert_eq!(with(json!({whole: null})), one(&pointer, "wrong_type"));
    }
    let kind = "elastic_service_bandwidth_type";
    for (value, fits) in [(0, true), (3, true), (1, false), (2, false), (-3, false)] {
        assert_eq!(with(json!({kind: value})).is_empty(), fits, "{value}");
    }
}

#[test]
fn kafka_takes_known_versions_and_others_that_look_like_one() {
    let operation = operation("alikafka.UpgradeInstanceVersion");
    let to = |version: &str| {
        let parameters =
            json!({"RegionId": "cn-hangzhou", "InstanceId": "alikafka_post-cn-1", "TargetVersion": version});
        validate(&operation, &object(parameters))
    };
    for version in ["0.10.2", "2.2.0", "2.6.2", "3.3.1", "7.4.0"] {
        assert_eq!(to(version), vec![], "{version}");
    }
    for version in ["2", "2.2.0 ", "latest", "2.2.0;3", "", "2..0", "٢.٢"] {
        assert_eq!(to(version).len(), 1, "{version}");
    }
    assert_eq!(
        english(&to("latest")[0], &operation),
        "Target version: enter a version of two to four numbers with dots (known: 0.10.2, 2.2.0, 2.6.2), you typed “latest”"
    );
}

#[test]
fn lengths_count_code_points_and_tokens_are_ascii() {
    let kind = |pattern: Option<&str>| Kind::Text {
        min_length: Some(1),
        max_length: Some(3),
        pattern: pattern.map(str::to_owned),
        pattern_words: None,
        choices: vec![],
        open: true,
    };
    assert_eq!(validate_kind(&kind(None), &json!("🚀🚀🚀"), ""), vec![]);
    assert_eq!(validate_kind(&kind(None), &json!("🚀🚀🚀🚀"), "")[0].complaint.code(), "too_long");
    // Unanchored, as in JSON Schema.
    assert_eq!(validate_kind(&kind(Some("b")), &json!("abc"), ""), vec![]);
    let operation = operation("bssopenapi.RenewChangeInstance");
    let token = |token: String| {
        codes(&operation, renew(|map| drop(map.insert("ClientToken".to_owned(), json!(token)))))
    };
    assert_eq!(token("a".repeat(64)), vec![]);
    assert_eq!(token("a".repeat(65)), one("/ClientToken", "too_long"));
    assert_eq!(token(String::new()), one("/ClientToken", "too_short"));
    assert_eq!(token("令牌".to_owned()), one("/ClientToken", "pattern"));
    assert_eq!(token("a\nb".to_owned()), one("/ClientToken", "pattern"));
}

#[test]
fn free_members_take_anything() {
    let operation = operation("computenestsupplier.UpgradeServiceInstance");
    let with = |value: Value| {
        codes(&operation, json!({"ServiceInstanceId": "si-1", "ServiceVersion": "2", "Parameters": value}))
    };
    assert_eq!(with(json!({"a": null, "b": [1, {"c": true}], "": ""})), vec![]);
    assert_eq!(with(json!("{}")), one("/Parameters", "wrong_type"));
    assert_eq!(with(json!([])), one("/Parameters", "wrong_type"));
    let found = field_at(&operation, "/Parameters/EcsInstanceType").map(|field| field.name.as_str());
    assert_eq!(found, Some("Parameters"));
}

#[test]
fn pointers_lead_to_fields() {
    let bss = operation("bssopenapi.RenewChangeInstance");
    let name = |pointer: &str| field_at(&bss, pointer).map(|field| field.name.as_str());
    assert_eq!(name("/Parameter"), Some("Parameter"));
    assert_eq!(name("/Parameter/7"), Some("Parameter"));
    assert_eq!(name("/Parameter/7/Code"), Some("Code"));
    for nowhere in
        ["", "/", "Parameter", "/Nothing", "/Parameter/x", "/Parameter/0/Nothing", "/RenewPeriod/0"]
    {
        assert_eq!(name(nowhere), None, "{nowhere}");
    }
}

#[test]
fn secret_values_stand_in_no_sentence() {
    let secret = "hunter2-hunter2";
    let mut field = Field {
        name: "Password".to_owned(),
        place: Place::Query,
        title: Text { en: "Password".to_owned(), zh: "密码".to_owned() },
        description: Text::default(),
        kind: Kind::Boolean,
        required: true,
        needs: vec![],
        json: false,
        secret: true,
        role: None,
        example: None,
        unit: None,
        ask: None,
    };
    let choice = Choice { value: json!("hunter3-hunter3"), title: Text::default() };
    let text = |pattern: Option<&str>, choices: Vec<Choice>, open| Kind::Text {
        min_length: None,
        max_length: None,
        pattern: pattern.map(str::to_owned),
        pattern_words: None,
        choices,
        open,
    };
    let kinds = [
        text(Some("^[0-9]+$"), vec![], true),
        text(None, vec![choice], false),
        Kind::Boolean,
        Kind::Integer { minimum: Some(1), maximum: None, bits: 64, choices: vec![], epoch_ms: false },
        Kind::Number { minimum: None, maximum: None },
        Kind::FreeObject,
    ];
    for kind in kinds {
        field.kind = kind;
        let problems = validate_field(&field, Some(&json!(secret)), "/Password");
        assert_eq!(problems.len(), 1);
        let told = serde_json::to_string(&problems).expect("serializes");
        assert!(!told.contains(secret), "{told}");
        for language in [Language::En, Language::Zh] {
            let words = problems[0].complaint.words("Password", language);
            assert!(!words.contains(secret) && words.starts_with("Password"), "{words}");
        }
    }
}

#[test]
fn given_values_are_cut() {
    let kind = Kind::Integer { minimum: None, maximum: None, bits: 64, choices: vec![], epoch_ms: false };
    let problems = validate_kind(&kind, &json!("好".repeat(10_000)), "");
    let words = problems[0].complaint.words("", Language::En);
    assert_eq!(words, format!("Enter a whole number, you typed “{}…”", "好".repeat(40)));
}

#[test]
fn ranges_are_said() {
    let kind = Kind::Integer {
        minimum: Some(10),
        maximum: Some(15_000),
        bits: 32,
        choices: vec![],
        epoch_ms: false,
    };
    let said = |value: Value, language| {
        let problems = validate_kind(&kind, &value, "/x");
        problems[0].complaint.words("", language)
    };
    assert_eq!(
        said(json!("1 Gbit"), Language::En),
        "Enter a whole number from 10 to 15000, you typed “1 Gbit”"
    );
    assert_eq!(said(json!("1 Gbit"), Language::Zh), "请输入 10 到 15000 之间的整数，输入的是“1 Gbit”");
    assert_eq!(said(json!(9), Language::En), "Enter 10 or more, you typed “9”");
    assert_eq!(said(json!(15_001), Language::Zh), "请输入不大于 15000 的值，输入的是“15001”");
}

#[test]
fn the_code_in_json_is_the_code_in_words() {
    let text = Text::default;
    let all = [
        Complaint::Missing { choose: true, ask: None },
        Complaint::UnknownField { name: String::new(), nearest: None, known: vec![] },
        Complaint::FromProfile { name: String::new() },
        Complaint::WrongType {
            expected: upgrade_catalog::validate::JsonType::Text,
            got: upgrade_catalog::validate::JsonType::List,
            given: String::new(),
            write: None,
        },
        Complaint::TooShort { minimum: 1, length: 0 },
        Complaint::TooLong { maximum: 1, length: 2 },
        Complaint::Pattern {
            given: String::new(),
            pattern: String::new(),
            words: Some(text()),
            known: vec![],
        },
        Complaint::NotAChoice { given: String::new(), choices: vec![], nearest: None },
        Complaint::TooSmall { minimum: String::new(), given: String::new() },
        Complaint::TooLarge { maximum: String::new(), given: String::new() },
        Complaint::TooFewItems { minimum: 1, count: 0 },
        Complaint::TooManyItems { maximum: 1, count: 2 },
        Complaint::TooFewMembers { minimum: 1, count: 0, names: vec![] },
        Complaint::NotWhole { given: String::new(), write: None },
        Complaint::BadNumber {
            given: String::new(),
            minimum: None,
            maximum: None,
            shape: upgrade_catalog::validate::Shape::Any,
        },
    ];
    for complaint in all {
        let json = serde_json::to_value(&complaint).expect("serializes");
        assert_eq!(json["code"], complaint.code());
        let back: Complaint = serde_json::from_value(json).expect("deserializes");
        assert_eq!(back, complaint);
    }
}
