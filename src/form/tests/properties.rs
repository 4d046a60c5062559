//! Form → JSON → form is the identity, over many drafts made from a fixed seed.

use super::super::draft::{Clock, Draft, Entry, FreeKind, TimeText};
use super::super::output::Output;
use super::super::path::{Path, Step};
use super::super::secret::SecretText;
use super::super::stored;
use super::super::time::Zone;
use super::model::every_kind;
use super::{Map, Value, json_text, object};
use catalog::model::{Kind, Operation};
use catalog::strict_json::parse_text;
use serde_json::json;

/// A zone that changes its clock every 40 days by one hour, so that gaps and overlaps are common.
struct Restless;
impl Zone for Restless {
    fn offset_seconds(&self, at: i64) -> i32 {
        if at.div_euclid(40 * 86_400_000) % 2 == 0 { 3_600 } else { 7_200 }
    }
}

/// xorshift: the same numbers in every run.
struct Dice(u64);
impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (sides as u64)).unwrap()
    }

    fn text(&mut self) -> String {
        const TEXTS: [&str; 22] = [
            "",
            "a",
            "12",
            "-7",
            "1.5",
            "1 Gbit",
            " 3",
            "true",
            "false",
            "null",
            "{}",
            "[1]",
            "\"x\"",
            "a\"b\\c",
            "值",
            "1e3",
            "99999999999999999999",
            "•",
            "0",
            "-0",
            "a/b~c",
            "line\nbreak",
        ];
        TEXTS[self.roll(TEXTS.len())].to_owned()
    }
}

fn type_everywhere(dice: &mut Dice, operation: &Operation, draft: &mut Draft, kind: &Kind, path: &Path) {
    match kind {
        Kind::Object { fields, .. } => {
            for (index, field) in fields.iter().enumerate() {
                type_everywhere(dice, operation, draft, &field.kind, &path.member(index));
            }
        }
        Kind::List { item, .. } => {
            for _ in 0..dice.roll(4) {
                let id = draft.add_row(operation, path).unwrap();
                type_everywhere(dice, operation, draft, item, &path.join(Step::Row(id)));
            }
        }
        Kind::FreeObject => {
            for number in 0..dice.roll(5) {
                let id = draft.add_row(operation, path).unwrap();
                let kind = FreeKind::ALL[dice.roll(5)];
                let row = draft.free_row_mut(operation, &path.join(Step::Row(id))).unwrap();
                row.name = format!("{}{number}", dice.text());
                row.kind = kind;
                if kind == FreeKind::Secret {
                    row.secret = SecretText::new(dice.text());
                } else {
                    row.text = dice.text();
                }
            }
        }
        Kind::Integer { epoch_ms: true, .. } => {
            let days = dice.roll(400);
            let day = format!("2026-{:02}-{:02}", days % 12 + 1, days % 28 + 1);
            let wall = if days.is_multiple_of(7) {
                String::new()
            } else {
                format!("{day}T{:02}:{:02}", days % 24, days % 60)
            };
            let time = TimeText {
                wall,
                clock: Clock::ALL[days % 3],
                second: days.is_multiple_of(2),
                partial: false,
            };
            draft.set(operation, path, Entry::Time(time));
        }
        _ => {
            let text = dice.text();
            let is_secret = matches!(draft.entry(path), Some(Entry::Secret { .. }));
            let entry =
                if is_secret { Entry::Secret { text: SecretText::new(text) } } else { Entry::Text(text) };
            draft.set(operation, path, entry);
        }
    }
}

/// Parameters, the same with masks, secrets by pointer, and slips.
type Said = (Map<String, Value>, Map<String, Value>, Vec<(String, String)>, Vec<String>);

fn says(operation: &Operation, draft: &Draft) -> Said {
    let output = Output::of(operation, draft, &Restless);
    let secrets =
        output.secrets.iter().map(|(pointer, text)| (pointer.clone(), text.reveal().to_owned())).collect();
    let mut slips: Vec<String> = output.slips.iter().map(|slip| format!("{:?}", slip.kind)).collect();
    slips.sort();
    (output.parameters, output.masked, secrets, slips)
}

#[test]
fn a_draft_survives_the_way_through_json() {
    let operation = every_kind();
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for round in 0..3_000 {
        let mut draft = Draft::blank(&operation);
        for (index, field) in operation.fields.iter().enumerate() {
            if dice.roll(4) > 0 {
                type_everywhere(&mut dice, &operation, &mut draft, &field.kind, &Path::field(index));
            }
        }
        let before = says(&operation, &draft);
        // Through the very text that a person edits.
        let text = json_text::print(&before.1);
        let parameters =
            json_text::parse(&text).unwrap_or_else(|slip| panic!("round {round}: {slip:?} in {text}"));
        let again = Draft::from_parameters(&operation, &parameters, Some(&draft), &Restless);
        assert_eq!(says(&operation, &again), before, "round {round}: {draft:?}");
        // And through the storage, where only the secrets stay behind.
        let kept = stored::store(&operation, &draft, &Restless);
        let restored = stored::restore(&operation, &kept, &Restless).unwrap();
        assert_eq!(says(&operation, &restored).0, before.0, "round {round}");
    }
}

#[test]
fn parameters_of_any_shape_survive_the_way_through_the_form() {
    let operation = every_kind();
    let shapes = [
        json!(1),
        json!(-1),
        json!(9_223_372_036_854_775_807_i64),
        json!(18_446_744_073_709_551_615_u64),
        parse_text("0.1").unwrap(),
        parse_text("1.0").unwrap(),
        json!("x"),
        json!("12"),
        json!("true"),
        json!(true),
        json!(null),
        json!([1, "a", null]),
        json!([{"Code": "a"}, {}]),
        json!({"a": {"b": [true]}}),
        json!({"Band": 1, "Size": "x"}),
        json!(1_795_370_400_123_i64),
        json!("2026-11-22T19:00"),
        json!({"Band": "x", "More": null}),
        json!([[]]),
    ];
    for field in operation.fields.iter().filter(|field| !field.secret) {
        for shape in &shapes {
            let given = object(json!({ (field.name.clone()): shape }));
            let draft = Draft::from_parameters(&operation, &given, None, &Restless);
            let said = Output::of(&operation, &draft, &Restless).parameters;
            assert_eq!(said, given, "{} given {shape}", field.name);
            assert_eq!(input_again(&operation, &said, &draft), said);
        }
    }
}

fn input_again(operation: &Operation, said: &Map<String, Value>, before: &Draft) -> Map<String, Value> {
    Output::of(operation, &Draft::from_parameters(operation, said, Some(before), &Restless), &Restless)
        .parameters
}
