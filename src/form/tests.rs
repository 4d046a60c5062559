//! Tests of the pure part, on operations that have every kind of field.

mod model;
mod properties;

use super::draft::{Clock, Direction, Draft, Entry, FreeKind, TimeText};
use super::json_text::{self, JsonSlip};
use super::link;
use super::output::{Output, SlipKind, scalar};
use super::path::Path;
use super::problems::{FormProblem, Speaker, Verdict, What, gather};
use super::rules::{START_AHEAD_MS, START_NEAREST_MS, earliest_start, too_early};
use super::secret::{MASK, SecretText};
use super::sections::{Section, sections};
use super::stored;
use super::time::{Fixed, UTC};
use catalog::model::{Language, Operation};
use model::{every_kind, plain};
use serde_json::{Map, Value, json};

const NOW: i64 = 1_795_200_000_000;

fn field(operation: &Operation, name: &str) -> Path {
    Path::field(operation.fields.iter().position(|field| field.name == name).unwrap())
}

fn type_into(operation: &Operation, draft: &mut Draft, pointer: &str, text: &str) {
    let path = Path::find(operation, draft, pointer).unwrap();
    assert_eq!(path.pointer(operation, draft).as_deref(), Some(pointer));
    assert!(draft.set(operation, &path, Entry::Text(text.to_owned())));
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn problems(operation: &Operation, draft: &Draft) -> Vec<FormProblem> {
    gather(operation, draft, &Output::of(operation, draft, &UTC), None, &[], &[], NOW)
}

fn sentences(operation: &Operation, draft: &Draft, language: Language) -> Vec<String> {
    let speaker = Speaker { language, zone: &UTC };
    problems(operation, draft).iter().map(|problem| problem.words(speaker)).collect()
}

#[test]
fn what_is_typed_is_sent_in_its_type_and_in_the_order_of_the_fields() {
    let operation = every_kind();
    let mut draft = Draft::blank(&operation);
    type_into(&operation, &mut draft, "/Ratio", "0.25");
    type_into(&operation, &mut draft, "/InstanceId", "i-1");
    type_into(&operation, &mut draft, "/Period", " 9223372036854775807 ");
    type_into(&operation, &mut draft, "/Cancel", "true");
    type_into(&operation, &mut draft, "/Data/Size", "0");
    let row = draft.add_row(&operation, &field(&operation, "Modules")).unwrap();
    type_into(&operation, &mut draft, "/Modules/0/Code", "IpNumber");
    type_into(&operation, &mut draft, "/Modules/0/Value", "60");
    assert!(row > 0);
    let said = Output::of(&operation, &draft, &UTC).parameters;
    let expected = r#"{"InstanceId":"i-1","Period":9223372036854775807,"Ratio":0.25,"Cancel":true,"Modules":[{"Code":"IpNumber","Value":"60"}],"Data":{"Size":0}}"#;
    assert_eq!(serde_json::to_string(&said).unwrap(), expected);
}

#[test]
fn nothing_typed_sends_nothing_and_asks_in_the_order_shown() {
    let operation = every_kind();
    let draft = Draft::blank(&operation);
    assert_eq!(Output::of(&operation, &draft, &UTC).parameters, Map::new());
    let asked: Vec<String> =
        problems(&operation, &draft).into_iter().map(|problem| problem.pointer).collect();
    assert_eq!(asked, ["/InstanceId", "/Start"]);
}

#[test]
fn text_that_is_no_number_is_kept_and_named() {
    let operation = every_kind();
    let mut draft = Draft::blank(&operation);
    type_into(&operation, &mut draft, "/Period", "1 year");
    let said = Output::of(&operation, &draft, &UTC).parameters;
    assert_eq!(said.get("Period"), Some(&json!("1 year")));
    let again = Draft::from_parameters(&operation, &said, Some(&draft), &UTC);
    assert_eq!(again.entries, draft.entries);
    let words = sentences(&operation, &draft, Language::En);
    assert!(words.iter().any(|line| line.starts_with("Period") && line.contains("“1 year”")), "{words:?}");
    // A number in quotation marks is another type, not a number.
    let quoted = Draft::from_parameters(&operation, &object(json!({"Period": "12"})), None, &UTC);
    assert_eq!(Output::of(&operation, &quoted, &UTC).parameters, object(json!({"Period": "12"})));
}

#[test]
fn rows_keep_their_numbers_when_they_move_and_say_who_took_their_place() {
    let operation = every_kind();
    let modules = field(&operation, "Modules");
    let mut draft = Draft::blank(&operation);
    let ids: Vec<u64> = (0..3).map(|_| draft.add_row(&operation, &modules).unwrap()).collect();
    type_into(&operation, &mut draft, "/Modules/0/Code", "first");
    assert!(draft.move_row(&operation, &modules, ids[0], Direction::Down));
    assert_eq!(draft.row_ids(&modules), [ids[1], ids[0], ids[2]]);
    let moved = Path::find(&operation, &draft, "/Modules/1/Code").unwrap();
    assert_eq!(draft.entry(&moved), Some(&Entry::Text("first".into())));
    assert!(!draft.move_row(&operation, &modules, ids[1], Direction::Up));
    assert!(!draft.move_row(&operation, &modules, ids[2], Direction::Down));
    assert_eq!(draft.remove_row(&operation, &modules, ids[0]), Some(ids[2]));
    assert_eq!(draft.remove_row(&operation, &modules, ids[2]), Some(ids[1]));
    assert_eq!(draft.remove_row(&operation, &modules, ids[1]), None);
    let next = draft.add_row(&operation, &modules).unwrap();
    assert!(!ids.contains(&next), "a number is never used twice");
}

#[test]
fn a_blank_row_is_named_by_its_place() {
    let operation = every_kind();
    let mut draft = Draft::blank(&operation);
    draft.add_row(&operation, &field(&operation, "Modules")).unwrap();
    type_into(&operation, &mut draft, "/Modules/0/Code", "IpNumber");
    draft.add_row(&operation, &field(&operation, "Tags")).unwrap();
    let words = sentences(&operation, &draft, Language::En);
    assert!(words.contains(&"Modules 1, Value: enter a value".to_owned()), "{words:?}");
    assert!(words.contains(&"Tags 1: enter a value, or remove the row".to_owned()), "{words:?}");
}

#[test]
fn secrets_are_in_no_text_but_travel_apart() {
    let operation = every_kind();
    let mut draft = Draft::blank(&operation);
    let password = field(&operation, "Password");
    draft.set(&operation, &password, Entry::Secret { text: SecretText::new("hunter2".into()) });
    let free = field(&operation, "Parameters");
    let row = draft.add_row(&operation, &free).unwrap();
    let row = free.join(super::path::Step::Row(row));
    draft.free_row_mut(&operation, &row).unwrap().name = "Root/Password".into();
    draft.free_row_mut(&operation, &row).unwrap().text = "swordfish".into();
    draft.set_free_kind(&operation, &row, FreeKind::Secret);
    let output = Output::of(&operation, &draft, &UTC);
    let told: Vec<(String, String)> =
        output.secrets.iter().map(|(pointer, text)| (pointer.clone(), text.reveal().to_owned())).collect();
    assert_eq!(
        told,
        [
            ("/Parameters/Root~1Password".to_owned(), "swordfish".to_owned()),
            ("/Password".to_owned(), "hunter2".to_owned())
        ]
    );
    assert_eq!(output.secret_pointers, ["/Parameters/Root~1Password"]);
    assert_eq!(output.parameters, object(json!({"Parameters": {}})));
    assert_eq!(output.whole["Parameters"]["Root/Password"], "swordfish");
    for text in [
        serde_json::to_string(&output.parameters).unwrap(),
        serde_json::to_string(&output.masked).unwrap(),
        serde_json::to_string(&stored::store(&operation, &draft, &UTC)).unwrap(),
        draft.to_json().to_string(),
        format!("{draft:?}"),
    ] {
        assert!(!text.contains("hunter2") && !text.contains("swordfish"), "{text}");
    }
    // Editing the JSON around them keeps them; typing over the mask replaces them, still secret.
    let mut edited = output.masked.clone();
    edited["Parameters"]["New"] = json!(1);
    let kept = Draft::from_parameters(&operation, &edited, Some(&draft), &UTC);
    assert_eq!(Output::of(&operation, &kept, &UTC).secrets, output.secrets);
    edited["Parameters"]["Root/Password"] = json!("changed");
    let typed =
        Output::of(&operation, &Draft::from_parameters(&operation, &edited, Some(&draft), &UTC), &UTC);
    assert_eq!(typed.masked["Parameters"]["Root/Password"], MASK);
    assert_eq!(typed.secrets[0].1.reveal(), "changed");
    // Turning it back into text shows nothing of it.
    draft.set_free_kind(&operation, &row, FreeKind::Text);
    assert_eq!(draft.free_row(&row).unwrap().text, "");
}

#[test]
fn a_stored_draft_comes_back_without_secrets_and_after_the_catalogue_changed() {
    let operation = every_kind();
    let mut draft = Draft::blank(&operation);
    type_into(&operation, &mut draft, "/Period", "twelve");
    type_into(&operation, &mut draft, "/InstanceId", "i-9");
    let start = field(&operation, "Start");
    let time = TimeText { wall: "2026-11-22T19:00".into(), clock: Clock::Beijing, ..TimeText::default() };
    draft.set(&operation, &start, Entry::Time(time));
    let kept = stored::store(&operation, &draft, &UTC);
    assert_eq!(stored::restore(&operation, &kept, &UTC), Some(draft.clone()));
    let mut changed = operation.clone();
    changed.fields.swap(0, 1);
    let restored = stored::restore(&changed, &kept, &UTC).unwrap();
    let said = Output::of(&changed, &restored, &UTC).parameters;
    assert_eq!(said["Period"], "twelve");
    assert_eq!(said["InstanceId"], "i-9");
    assert_eq!(stored::restore(&operation, &json!({"shape": 1}), &UTC), None);
}

#[test]
fn times_are_sent_as_the_same_instant_from_any_clock() {
    let operation = every_kind();
    let start = field(&operation, "Start");
    let berlin = Fixed(3_600);
    for (wall, clock) in [
        ("2026-11-22T19:00", Clock::Browser),
        ("2026-11-22T18:00", Clock::Utc),
        ("2026-11-23T02:00", Clock::Beijing),
    ] {
        let mut draft = Draft::blank(&operation);
        let time = TimeText { wall: wall.into(), clock, ..TimeText::default() };
        draft.set(&operation, &start, Entry::Time(time));
        let said = Output::of(&operation, &draft, &berlin).parameters;
        assert_eq!(said["Start"], json!(1_795_370_400_000_i64), "{clock:?}");
        let again = Draft::from_parameters(&operation, &said, Some(&draft), &berlin);
        assert_eq!(again.entries, draft.entries, "the clock stays the one that was chosen");
    }
    let mut draft = Draft::blank(&operation);
    draft.set(&operation, &start, Entry::Time(TimeText { partial: true, ..TimeText::default() }));
    let found = problems(&operation, &draft);
    assert!(found.iter().any(|problem| problem.what == What::Slip(SlipKind::PartialTime)));
    assert_eq!(found.iter().filter(|problem| problem.pointer == "/Start").count(), 1, "one thing at a time");
}

#[test]
fn a_start_is_offered_5_minutes_above_24_hours_and_taken_from_3_unless_it_is_cancelled() {
    let operation = every_kind();
    let at = |start: i64, cancel: bool| {
        too_early(&operation, &object(json!({"Start": start, "Cancel": cancel})), NOW)
    };
    assert_eq!(at(NOW + START_NEAREST_MS, false), None);
    let early = at(NOW + START_NEAREST_MS - 1, false).unwrap();
    assert_eq!(early.earliest, earliest_start(NOW));
    assert_eq!(at(NOW, true), None);
    assert_eq!(earliest_start(1), START_AHEAD_MS + 60_000, "a whole minute, never an earlier one");
    assert_eq!(earliest_start(0), START_AHEAD_MS);

    let draft = Draft::from_parameters(&operation, &object(json!({"Start": NOW + 42_300_000})), None, &UTC);
    let words = sentences(&operation, &draft, Language::En);
    let expected = "Start: choose 21 Nov 2026 18:45 UTC or later. 21 Nov 2026 06:25 UTC is 11 h 45 min ahead, it needs 24 h 5 min";
    assert!(words.contains(&expected.to_owned()), "{words:?}");
    assert!(sentences(&operation, &draft, Language::Zh).iter().any(|line| line.contains("11 小时 45 分钟")));
}

#[test]
fn what_a_dry_run_asked_for_must_be_filled_in() {
    let operation = every_kind();
    let mut draft = Draft::blank(&operation);
    let asked_for = draft.add_members(&operation, &["EcsInstanceType".to_owned(), "Password".to_owned()]);
    let say = |draft: &Draft, language| {
        let output = Output::of(&operation, draft, &UTC);
        let found = gather(&operation, draft, &output, None, &[], &asked_for, NOW);
        let found =
            found.iter().filter(|problem| asked_for.iter().any(|path| problem.path.as_ref() == Some(path)));
        found.map(|problem| problem.words(Speaker { language, zone: &UTC })).collect::<Vec<_>>()
    };
    let english = say(&draft, Language::En);
    assert_eq!(
        english.first().map(String::as_str),
        Some("Fill in EcsInstanceType; the dry run asked for it.")
    );
    assert_eq!(english.len(), 2, "and the secret: {english:?}");
    assert_eq!(say(&draft, Language::Zh)[0], "请填写 EcsInstanceType，预检要求填写。");
    let fill = |draft: &mut Draft, text: &str| {
        draft.free_row_mut(&operation, &asked_for[0]).unwrap().text = text.to_owned();
    };
    fill(&mut draft, "  ");
    assert_eq!(say(&draft, Language::En).len(), 2, "blanks say nothing");
    fill(&mut draft, "ecs.g7.large");
    assert_eq!(say(&draft, Language::En).len(), 1);
}

#[test]
fn free_members_say_what_is_wrong_with_them() {
    let operation = every_kind();
    let free = field(&operation, "Parameters");
    let mut draft = Draft::blank(&operation);
    let rows = [
        ("a", FreeKind::Number, "1e400"),
        ("a", FreeKind::Text, "x"),
        ("", FreeKind::Text, "y"),
        ("b", FreeKind::Json, "{\"a\": [1,]}"),
        ("c", FreeKind::Boolean, ""),
        ("d", FreeKind::Secret, ""),
    ];
    for (name, kind, text) in rows {
        let id = draft.add_row(&operation, &free).unwrap();
        let row = draft.free_row_mut(&operation, &free.join(super::path::Step::Row(id))).unwrap();
        (row.name, row.kind, row.text) = (name.to_owned(), kind, text.to_owned());
    }
    let slips: Vec<SlipKind> =
        Output::of(&operation, &draft, &UTC).slips.into_iter().map(|slip| slip.kind).collect();
    assert!(matches!(
        slips.as_slice(),
        [
            SlipKind::BadNumber(_),
            SlipKind::SameName(_),
            SlipKind::NoName,
            SlipKind::BadJson(_),
            SlipKind::NoBoolean,
            SlipKind::NoSecret
        ]
    ));
    let words = sentences(&operation, &draft, Language::En);
    assert!(words.iter().any(|line| line.starts_with("Parameters, b: line 1, column 10")), "{words:?}");
}

#[test]
fn the_json_view_of_a_free_object_and_its_rows_say_the_same() {
    let operation = every_kind();
    let free = field(&operation, "Parameters");
    let mut draft = Draft::blank(&operation);
    let text = r#"{"n": 12345678901234567, "t": "x", "b": false, "j": [1, null]}"#;
    draft.set_free_json(&operation, &free, text.into(), &UTC);
    let Some(Entry::Free(said)) = draft.entry(&free) else { panic!() };
    let kinds: Vec<FreeKind> = said.rows.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [FreeKind::Number, FreeKind::Text, FreeKind::Boolean, FreeKind::Json]);
    let before = Output::of(&operation, &draft, &UTC).parameters;
    assert_eq!(before["Parameters"]["n"], json!(12_345_678_901_234_567_i64));
    draft.set_free_json(&operation, &free, "{\"n\": ".into(), &UTC);
    let broken = Output::of(&operation, &draft, &UTC);
    assert_eq!(broken.parameters, before, "the last text that could be read stands");
    assert!(matches!(broken.slips[0].kind, SlipKind::BadJson(_)));
}

#[test]
fn json_that_cannot_be_read_says_where_in_characters() {
    let Err(JsonSlip::Unreadable(error)) = json_text::parse("{\n  \"中文\": tru }") else { panic!() };
    assert_eq!(error.line, 2);
    assert!((9..=12).contains(&error.column), "{error:?}");
    assert_eq!(json_text::parse("[1]"), Err(JsonSlip::NotAnObject));
}

#[test]
fn unknown_names_are_kept_and_refused() {
    let operation = every_kind();
    let given = object(json!({"InstanceID": "i-1", "Data": {"Sise": 1}}));
    let draft = Draft::from_parameters(&operation, &given, None, &UTC);
    assert_eq!(
        Output::of(&operation, &draft, &UTC).parameters,
        object(json!({"Data": {"Sise": 1}, "InstanceID": "i-1"}))
    );
    let found = problems(&operation, &draft);
    assert!(found.iter().any(|problem| problem.pointer == "/InstanceID" && problem.path.is_none()));
    assert!(found.iter().any(|problem| problem.pointer == "/Data/Sise" && problem.path.is_some()));
}

#[test]
fn the_words_of_the_server_hold_until_the_value_changes() {
    let operation = plain();
    let mut draft = Draft::from_parameters(&operation, &object(json!({"InstanceId": "i-1"})), None, &UTC);
    let verdict =
        Verdict { pointer: "/InstanceId".into(), detail: "Instance: gone".into(), value: Some(json!("i-1")) };
    let say = |draft: &Draft| {
        let output = Output::of(&operation, draft, &UTC);
        gather(&operation, draft, &output, None, std::slice::from_ref(&verdict), &[], NOW)
    };
    assert_eq!(
        say(&draft).first().map(|problem| problem.what.clone()),
        Some(What::Server("Instance: gone".into()))
    );
    type_into(&operation, &mut draft, "/InstanceId", "i-2");
    assert_eq!(say(&draft), []);
}

#[test]
fn a_token_is_renewed_by_any_other_change_and_kept_when_it_is_the_persons_own() {
    let operation = every_kind();
    let token = field(&operation, "ClientToken");
    let mut draft = Draft::blank(&operation);
    draft.renew_token(&operation, "uc-1".into());
    let before = draft.clone();
    type_into(&operation, &mut draft, "/InstanceId", "i-1");
    draft.settle_token(&operation, &before, || "uc-2".into());
    assert_eq!(draft.entry(&token), Some(&Entry::Text("uc-2".into())));
    let before = draft.clone();
    draft.settle_token(&operation, &before, || "uc-3".into());
    assert_eq!(draft.entry(&token), Some(&Entry::Text("uc-2".into())), "nothing changed");
    draft.set(&operation, &token, Entry::Text("mine".into()));
    draft.settle_token(&operation, &before, || "uc-4".into());
    let before = draft.clone();
    type_into(&operation, &mut draft, "/InstanceId", "i-2");
    draft.settle_token(&operation, &before, || "uc-5".into());
    assert_eq!(draft.entry(&token), Some(&Entry::Text("mine".into())));
}

#[test]
fn a_link_fills_by_the_vendors_names_and_lists_what_it_does_not_know() {
    let operation = every_kind();
    let mut start = Draft::blank(&operation);
    start.renew_token(&operation, "uc-1".into());
    let pairs = [
        ("profile", "demo"),
        ("InstanceId", "i-0"),
        ("InstanceId", "i-1"),
        ("Period", "12"),
        ("Cancel", "true"),
        ("Data/Size", "0"),
        ("Modules/1/Code", "LogStorage"),
        ("/Parameters/Name", "x"),
        ("Tags", "[\"a\"]"),
        ("Nonsense", "1"),
        ("Password", "hunter2"),
        ("ClientToken", "stolen"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let filled = link::fill(&operation, &start, &pairs, &UTC);
    assert_eq!(filled.taken, 7);
    assert_eq!(filled.unknown, ["Nonsense"]);
    assert_eq!(filled.secret, ["Password"]);
    assert_eq!(filled.repeated, ["InstanceId"], "the last one counts, once");
    let said = Output::of(&operation, &filled.draft, &UTC).parameters;
    let expected = json!({
        "InstanceId": "i-1", "Period": 12, "Cancel": true, "Modules": [{}, {"Code": "LogStorage"}], "Tags": ["a"],
        "Parameters": {"Name": "x"}, "Data": {"Size": 0}, "ClientToken": "uc-1"
    });
    assert_eq!(Value::Object(said), expected);
}

#[test]
fn sections_follow_the_parts_that_fields_play() {
    let operation = every_kind();
    let found: Vec<Section> = sections(&operation).into_iter().map(|(section, _)| section).collect();
    let at = |name: &str| operation.fields.iter().position(|field| field.name == name).unwrap();
    assert_eq!(
        found,
        [
            Section::Instance,
            Section::Target,
            Section::When,
            Section::Own(at("Modules")),
            Section::Own(at("Tags")),
            Section::Own(at("Parameters")),
            Section::Own(at("Data")),
            Section::Safety
        ]
    );
    let all: usize = sections(&operation).into_iter().map(|(_, fields)| fields.len()).sum();
    assert_eq!(all, operation.fields.len(), "every field once");
}

#[test]
fn scalars_are_read_strictly() {
    let operation = every_kind();
    let period = &operation.fields[at(&operation, "Period")].kind;
    for (text, value) in [
        ("12", json!(12)),
        ("-5", json!(-5)),
        ("1.0", json!("1.0")),
        ("9223372036854775808", json!("9223372036854775808")),
    ] {
        assert_eq!(scalar(period, text), Some(value));
    }
    assert_eq!(scalar(period, ""), None);
}

fn at(operation: &Operation, name: &str) -> usize {
    operation.fields.iter().position(|field| field.name == name).unwrap()
}

#[test]
fn members_that_a_dry_run_asked_for_are_added_once_and_the_rest_stays() {
    let operation = every_kind();
    let given = object(json!({"Parameters": {"PayType": "PostPaid"}}));
    let mut draft = Draft::from_parameters(&operation, &given, None, &UTC);
    let names = ["EcsInstanceType", "PayType", "InstancePassword"].map(str::to_owned);
    let added = draft.add_members(&operation, &names);
    let kinds: Vec<(String, FreeKind)> = added
        .iter()
        .filter_map(|path| draft.free_row(path))
        .map(|row| (row.name.clone(), row.kind))
        .collect();
    assert_eq!(
        kinds,
        [("EcsInstanceType".to_owned(), FreeKind::Text), ("InstancePassword".to_owned(), FreeKind::Secret)]
    );
    assert_eq!(Output::of(&operation, &draft, &UTC).parameters["Parameters"]["PayType"], "PostPaid");
    assert_eq!(draft.add_members(&operation, &names), [], "nothing is added twice");
    assert_eq!(Draft::blank(&plain()).add_members(&plain(), &names), []);
}
