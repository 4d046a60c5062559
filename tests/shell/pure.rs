//! What needs no page: routes, words, times, errors, the layout of JSON.

use catalog::model::Language;
use std::rc::Rc;
use upgrade_console::client::{ClientError, InputError, Problem, RunFilter, RunState};
use upgrade_console::components::Glyph;
use upgrade_console::components::json_lines::{Kind, find_all, lay_out};
use upgrade_console::route::Route;
use upgrade_console::times::{self, Style};
use upgrade_console::words::{EN, ZH};
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn every_route_comes_back_from_its_own_path() {
    let odd = "a/b c%2F?#中";
    for route in [
        Route::Home,
        Route::Runs,
        Route::flow("alikafka.UpgradeInstanceVersion"),
        Route::flow(odd),
        Route::plan("pl_01JD5K4A"),
        Route::run(odd),
    ] {
        assert_eq!(Route::parse(&route.path()), route, "{}", route.path());
    }
    for stray in ["/nothing", "/runs/a/b", "/plans", "/flows/"] {
        assert_eq!(Route::parse(stray), Route::NotFound, "{stray}");
    }
}

#[wasm_bindgen_test]
fn every_failure_has_words_of_its_own_and_a_next_step() {
    let problem = |status, kind: &str| {
        ClientError::Problem(Rc::new(Problem {
            kind: format!("urn:upgrade-console:{kind}"),
            title: format!("Title of {kind}"),
            detail: "What happened.".to_owned(),
            status,
            errors: vec![InputError::default()],
        }))
    };
    let failures = [
        ClientError::Unreachable,
        ClientError::Offline,
        ClientError::TooSlow,
        ClientError::NotJson { status: 502 },
        problem(400, "invalid_input"),
        problem(403, "profile_forbidden"),
        problem(409, "plan_outdated"),
        problem(410, "plan_expired"),
        problem(429, "too_many"),
        problem(503, "store_unavailable"),
        problem(500, "internal"),
    ];
    for words in [&EN, &ZH] {
        let said: Vec<_> = failures.iter().map(|failure| failure.explain(words)).collect();
        for explained in &said {
            assert!(!explained.title.is_empty() && !explained.next.is_empty(), "{explained:?}");
            let whole = format!("{explained:?}");
            assert!(!whole.contains("Failed to fetch") && !whole.contains("urn:"), "{whole}");
        }
        let mut titles: Vec<_> = said.iter().map(|explained| &explained.title).collect();
        titles.sort();
        titles.dedup();
        assert_eq!(titles.len(), failures.len(), "two failures have one title");
    }
    assert_eq!(problem(409, "plan_outdated").code(), "plan_outdated");
}

#[wasm_bindgen_test]
fn a_problem_without_words_still_says_something() {
    let bare = ClientError::Problem(Rc::new(Problem { status: 418, kind: "x".into(), ..Problem::default() }));
    assert!(bare.explain(&EN).title.contains("418"));
}

#[wasm_bindgen_test]
fn every_glyph_is_in_the_sprite() {
    let page = include_str!("../../index.html");
    for glyph in Glyph::ALL {
        let id = glyph.href().trim_start_matches('#');
        assert!(page.contains(&format!("<symbol id=\"{id}\"")), "index.html has no symbol {id}");
    }
}

#[wasm_bindgen_test]
fn a_run_filter_becomes_a_query() {
    assert_eq!(RunFilter::default().query(), "");
    let filter = RunFilter::default()
        .with("state", RunState::AwaitingPayment.name())
        .with("q", "a&b=c 中")
        .with("user", "")
        .with("limit", "20");
    assert_eq!((filter.get("q"), filter.get("user")), ("a&b=c 中", ""));
    assert_eq!(filter.query(), "?state=awaiting_payment&q=a%26b%3Dc%20%E4%B8%AD&limit=20");
}

#[wasm_bindgen_test]
fn one_instant_on_three_clocks() {
    let instant = times::parse("2026-11-20T20:14:05Z").unwrap();
    assert_eq!(times::in_zone(instant, "UTC", Style::Full, Language::En), "20 Nov 2026, 20:14:05 UTC");
    assert_eq!(
        times::in_zone(instant, "Asia/Shanghai", Style::Minute, Language::En),
        "21 Nov 2026, 04:14 GMT+8"
    );
    assert_eq!(times::in_zone(instant, "America/New_York", Style::Clock, Language::En), "15:14:05");
    assert_eq!(times::in_zone(instant, "No/Such_Zone", Style::Full, Language::En), "");
    assert_eq!(times::in_zone(f64::NAN, "UTC", Style::Full, Language::En), "");
    // Chinese has a blank beside figures wherever it stands, and the zone comes last.
    assert_eq!(
        times::in_zone(instant, "Asia/Shanghai", Style::Full, Language::Zh),
        "2026 年 11 月 21 日 04:14:05 GMT+8"
    );
    assert_eq!(times::in_zone(instant, "UTC", Style::Day, Language::Zh), "2026 年 11 月 20 日");
    assert_eq!(times::offset_name(instant, "Asia/Kolkata"), "GMT+5:30");
    assert_eq!(times::offset_name(instant, "UTC"), "UTC");
    assert_eq!(times::to_rfc3339(instant), "2026-11-20T20:14:05.000Z");
    assert_eq!(times::to_rfc3339(f64::NAN), "");
    assert_eq!(times::parse("never"), None);
}

#[wasm_bindgen_test]
fn spans_name_their_two_biggest_units() {
    let cases = [
        (0.0, "0 s", "0 秒"),
        (134_000.0, "2 min 14 s", "2 分 14 秒"),
        (3_600_000.0, "1 h", "1 小时"),
        (90_061_000.0, "1 d 1 h", "1 天 1 小时"),
        (-5.0, "0 s", "0 秒"),
    ];
    for (milliseconds, english, chinese) in cases {
        assert_eq!(times::span(milliseconds, Language::En), english);
        assert_eq!(times::span(milliseconds, Language::Zh), chinese);
    }
    assert_eq!(times::ago(0.0, 1_320_000.0, Language::En), "22 minutes ago");
    assert_eq!(times::ago(0.0, 1_320_000.0, Language::Zh), "22 分钟前");
}

#[wasm_bindgen_test]
fn a_sentence_tells_its_instants_on_the_persons_clock() {
    for language in [Language::En, Language::Zh] {
        let here = |text: &str| times::here(text, Style::Minute, language);
        let told = times::told(
            "At 2026-11-22T20:04:00Z, not 2026-11-23T20:04:00Z：中 2026-11-24T20:04:00Z",
            language,
        );
        let first = told.strip_prefix("At ").unwrap();
        assert!(first.starts_with(&here("2026-11-22T20:04:00Z")), "{told}");
        assert!(told.contains(&format!(", not {}", here("2026-11-23T20:04:00Z"))), "{told}");
        assert!(told.contains(&format!("：中 {}", here("2026-11-24T20:04:00Z"))), "{told}");
        assert!(told.contains("20:04 UTC") && !told.contains('Z'), "{told}");
    }
    for text in
        ["", "20 Nov", "2026-11-22", "2026-99-22T20:04:00Z", "中中中中中中中中中中Z", "x2026-11-22T20:04Z"]
    {
        assert_eq!(times::told(text, Language::En), text);
    }
}

/// The lines of a layout as text.
fn shown(source: &str) -> Option<String> {
    let lines = lay_out(source)?;
    let line = |line: &upgrade_console::components::json_lines::Line| {
        let spans = line.spans.iter().map(|span| &source[span.bytes.clone()]);
        "  ".repeat(line.depth) + &spans.collect::<String>()
    };
    Some(lines.iter().map(line).collect::<Vec<_>>().join("\n"))
}

#[wasm_bindgen_test]
fn json_is_laid_out_as_it_was_sent() {
    let source = r#" {"b":1.50e+3,"a":[], "a":[true,{"é\"":null}] } "#;
    let expected =
        "{\n  \"b\":1.50e+3,\n  \"a\":[],\n  \"a\":[\n    true,\n    {\n      \"é\\\"\":null\n    }\n  ]\n}";
    assert_eq!(shown(source).as_deref(), Some(expected));
    let lines = lay_out(source).unwrap();
    assert_eq!(lines[0].closes, Some(lines.len() - 1));
    assert_eq!(lines[0].members, 3);
    assert_eq!(lines[1].spans[0].kind, Kind::Key);
    for scalar in ["1", "\"a\"", "null", "-0.0"] {
        assert_eq!(shown(scalar).as_deref(), Some(scalar));
    }
}

#[wasm_bindgen_test]
fn what_is_not_json_is_not_laid_out() {
    let broken = [
        "",
        "{",
        "[1,]",
        "{\"a\"}",
        "{a:1}",
        "1 2",
        "tru",
        "\"a",
        "[1}",
        "{\"a\":1,}",
        "<html>",
        "\"\u{1}\"",
        "--1",
    ];
    for source in broken {
        assert_eq!(lay_out(source), None, "{source}");
    }
}

#[wasm_bindgen_test]
fn deep_json_does_not_exhaust_the_stack() {
    let depth = 50_000;
    let source = "[".repeat(depth) + "1" + &"]".repeat(depth);
    assert_eq!(lay_out(&source).map(|lines| lines.len()), Some(2 * depth + 1));
}

#[wasm_bindgen_test]
fn places_are_found_without_regard_to_case() {
    assert_eq!(find_all("aAa bAA", "aa"), [0, 5]);
    assert_eq!(find_all("中文中文", "文"), [3, 9]);
    assert_eq!(find_all("abc", ""), Vec::<usize>::new());
}
