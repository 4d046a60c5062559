//! What the page says of a value while it is typed is what the server says when it is sent, although each reads it with
//! another JSON: the same table of odd documents, numbers and values goes through both.
#![allow(clippy::expect_used, clippy::panic, reason = "helpers of tests fail as loudly as tests")]

use server::reader::Catalogue;
use upgrade_catalog_in_page as page;

/// What is typed for one value, or sent by somebody who is not the page.
fn values() -> Vec<String> {
    let mut values: Vec<String> = [
        // Numbers that programs read differently, and those beside them.
        "0",
        "1",
        "2",
        "-1",
        "-0",
        "0.0",
        "-0.0",
        "1.0",
        "2.00",
        "1.5",
        "1e0",
        "1e2",
        "1E2",
        "1e+2",
        "12e-1",
        "1e-2",
        "100e-2",
        "0.1",
        "0.30000000000000004",
        "3000000000",
        "2147483647",
        "2147483648",
        "-2147483648",
        "-2147483649",
        "9007199254740991",
        "9007199254740992",
        "9007199254740993",
        "9007199254740993.0",
        "9007199254740992e0",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775808",
        "-9223372036854775809",
        "18446744073709551615",
        "18446744073709551616",
        "340282366920938463463374607431768211456",
        "1e16",
        "1e17",
        "1e18",
        "1e19",
        "1e308",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "1e309",
        "1E400",
        "-1E400",
        "5e-324",
        "0e999",
        "0E-999",
        "1e99999999999999999999",
        "0.00000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
        // What is no number.
        "01",
        "-01",
        "00",
        "+1",
        ".5",
        "1.",
        "1.e2",
        "1e",
        "1e+",
        "--1",
        "0x10",
        "1_000",
        "1,5",
        "NaN",
        "Infinity",
        "-Infinity",
        "-",
        // Texts that look like something else, and characters that are not all the same to all programs.
        r#""""#,
        r#"" ""#,
        r#""1""#,
        r#""true""#,
        r#""false""#,
        r#""null""#,
        r#""True""#,
        r#""2.2.0""#,
        r#""cn-hangzhou""#,
        r#""a\u0000b""#,
        "\"a\u{0}b\"",
        "\"a\tb\"",
        r#""a\nb""#,
        "\"a\nb\"",
        r#""\u007f""#,
        r#""\u0085""#,
        r#""\u2028""#,
        r#""\ufeff""#,
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud83d\ude00""#,
        r#""\ude00\ud83d""#,
        r#""\ud83d""#,
        r#""\ud83dx""#,
        r#""\u00e9""#,
        r#""e\u0301""#,
        "\"é\"",
        "\"😀\"",
        r#""\x41""#,
        r#""\u12""#,
        r#""\/""#,
        r#""\a""#,
        "\"open",
        "'single'",
        "bare",
        // Values of other types.
        "null",
        "true",
        "false",
        "True",
        "[]",
        "{}",
        "[null]",
        "[1,]",
        "[,1]",
        "{,}",
        r#"{"a":1,}"#,
        "[1 2]",
        r#"{"a" 1}"#,
        "[1][2]",
        r#"{"a":1,"a":2}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"{"":1}"#,
        r#"{"a":{"a":{"a":null}}}"#,
        r#"[{"Code":"a","Value":"b"}]"#,
        r#"[{"Code":"a","Code":"b"}]"#,
        r#"[{"Code":1,"Value":2.0}]"#,
        r#"[{"Code":"a"},{"Value":"b"},{}]"#,
        r#"{"service_bandwidth":1e2}"#,
        r#"{"service_bandwidth":100.0,"port_num":-0}"#,
        r#"{"basic_qps":9007199254740993}"#,
        "/* */ 1",
        "1 // one",
        "\u{feff}1",
        "1\u{a0}",
        "\u{b}1",
        "",
    ]
    .map(str::to_owned)
    .to_vec();
    values.push(format!("\"{}\"", "x".repeat(65)));
    values.push(format!("\"{}\"", "é".repeat(10_000)));
    values.push("9".repeat(400));
    for depth in [13, 14, 15, 16, 17, 200] {
        values.push(format!("{}{}", "[".repeat(depth), "]".repeat(depth)));
        values.push(format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth)));
    }
    for count in [996, 1_000, 1_001] {
        values.push(format!("[{}]", vec!["1"; count].join(",")));
    }
    values
}

/// Numbers with more digits than a double holds, or smaller than its smallest. The server reads the nearest double, the
/// page what was typed: the verdict is the same, and only the number that is proposed instead may be another.
fn finer_than_a_double() -> Vec<String> {
    let long = format!("0.{}1", "0".repeat(400));
    [
        "1e-400",
        "-1e-400",
        &long,
        "1.00000000000000000001",
        "0.99999999999999999999",
        "9007199254740993.0",
        "1.7976931348623158e308",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What one side says. The page quotes a number as it was typed, the server as it prints it, so that in what they say
/// the value itself is left out, also where it is cut after 40 characters.
macro_rules! told_by {
    ($side:ident, $json:ident, $operation:expr, $document:expr) => {
        match $side::strict_json::parse_text($document) {
            Err(error) => Err((error.to_string(), error.code)),
            Ok(read) => {
                let parameters = read.as_object().expect("an object");
                let told = $side::validate::validate($operation, parameters).into_iter().map(|problem| {
                    fn inside<'a>(value: Option<&'a $json::Value>, part: &str) -> Option<&'a $json::Value> {
                        match value? {
                            $json::Value::Object(members) => members.get(part),
                            $json::Value::Array(items) => items.get(part.parse::<usize>().ok()?),
                            _ => None,
                        }
                    }
                    let typed = problem.pointer.split('/').skip(1).fold(Some(&read), inside);
                    let typed = typed.map_or_else(|| "nothing".to_owned(), ToString::to_string);
                    let cut = typed.chars().take(40).collect::<String>() + "…";
                    let words = |language| {
                        problem.complaint.words("T", language).replace(&typed, "#").replace(&cut, "#")
                    };
                    let (en, zh) = (words($side::model::Language::En), words($side::model::Language::Zh));
                    (problem.pointer, problem.complaint.code(), en, zh)
                });
                Ok(told.collect::<Vec<_>>())
            }
        }
    };
}

/// The operation as the page gets it: through the JSON of the HTTP API.
fn in_page(operation: &server::Operation) -> page::Operation {
    use page::read_json::ReadJson;
    let sent = server_json::to_string(operation).expect("it is written");
    let value = page::strict_json::parse_answer(&sent).expect("it is JSON");
    page::Operation::read_json(&value).expect("it is read")
}

#[test]
fn odd_documents_are_refused_alike() {
    let values = [values(), finer_than_a_double()].concat();
    let documents = values
        .iter()
        .flat_map(|value| [value.clone(), format!("[{value}]"), format!(" {{\"a\":\n{value}}} ")]);
    for document in documents {
        let server = server::strict_json::parse(document.as_bytes());
        let page = page::strict_json::parse(document.as_bytes());
        let shown: String = document.chars().take(80).collect();
        match (server, page) {
            // A number with a point or an exponent stays as it was typed in the page; read again, it is the server's.
            (Ok(server), Ok(page)) => {
                let again = server_json::from_str::<server_json::Value>(&page.to_string());
                assert_eq!(again.expect("it is JSON"), server, "{shown}");
            }
            (Err(server), Err(page)) => assert_eq!(
                (server.line, server.column, server.message, server.code),
                (page.line, page.column, page.message, page.code),
                "{shown}"
            ),
            (server, page) => panic!("{shown}: {server:?} on the server, {page:?} in the page"),
        }
    }
}

#[test]
fn odd_values_are_judged_alike_in_every_field_of_every_operation() {
    let catalogue = Catalogue::embedded().expect("the documents read");
    let values = values();
    let (mut fitting, mut refused, mut unread) = (0, 0, 0);
    for operation in &catalogue.operations {
        let twin = in_page(operation);
        let names = operation.fields.iter().map(|field| field.name.as_str());
        for name in names.chain(["NoSuchField", "RegionId "]) {
            for value in finer_than_a_double() {
                let document = format!("{{\"{name}\":{value}}}");
                let verdict = |(pointer, code, ..): (String, &'static str, String, String)| (pointer, code);
                let server = told_by!(server, server_json, operation, &document)
                    .map(|told| told.into_iter().map(verdict).collect::<Vec<_>>());
                let page = told_by!(page, serde_json, &twin, &document)
                    .map(|told| told.into_iter().map(verdict).collect::<Vec<_>>());
                assert_eq!(server, page, "{}: {document}", operation.id);
            }
            for value in &values {
                let document = format!("{{\"{name}\":{value}}}");
                let server = told_by!(server, server_json, operation, &document);
                let shown: String = document.chars().take(80).collect();
                match &server {
                    Ok(problems) if problems.iter().any(|(pointer, ..)| pointer[1..].starts_with(name)) => {
                        refused += 1
                    }
                    Ok(_) => fitting += 1,
                    Err(_) => unread += 1,
                }
                assert_eq!(server, told_by!(page, serde_json, &twin, &document), "{}: {shown}", operation.id);
            }
        }
    }
    // Each verdict was met often.
    assert!(fitting > 500 && refused > 1_000 && unread > 1_000, "{fitting} {refused} {unread}");
}
