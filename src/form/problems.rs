//! What is wrong with a draft, in the order of the form and in the same words wherever it is said. Pure.

use crate::form::draft::{Draft, FreeKind};
use crate::form::json_text::JsonSlip;
use crate::form::output::{Output, SlipKind, zone_of};
use crate::form::path::{Path, Step, TitlePart};
use crate::form::pointer;
use crate::form::rules::{self, TooEarly};
use crate::form::sections::shown_order;
use crate::form::time::{Civil, Zone, offset_name};
use crate::order::sort_short;
use crate::words::form::{FormWords, words};
use catalog::model::{Language, Operation};
use catalog::validate::{Complaint, validate};
use serde_json::Value;

/// Something that keeps a form from becoming a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct FormProblem {
    /// The place in the form; `None` for what only the JSON beside it can show.
    pub path: Option<Path>,
    /// The same place as a JSON pointer; empty for the JSON as a whole.
    pub pointer: String,
    /// What an error calls the place.
    pub titles: Vec<TitlePart>,
    /// What is wrong.
    pub what: What,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// The catalogue's validation says so, as the server would.
    Complaint(Complaint),
    /// It has no meaning as it was typed.
    Slip(SlipKind),
    /// It starts too early.
    TooEarly(TooEarly),
    /// The server said so, in its words.
    Server(String),
    /// A dry run asked for a member of this name, and it has no value.
    Asked(String),
    /// The JSON beside the form cannot be read.
    Json(JsonSlip),
}

/// What the server said about a value: it holds until the value changes.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// JSON pointer into the parameters.
    pub pointer: String,
    /// The server's words.
    pub detail: String,
    /// The value that it spoke of, masked.
    pub value: Option<Value>,
}

/// Everything that is wrong, in the order of the form. `asked_for` are the rows that a dry run asked for; `now` is the present of the clouds, in milliseconds since 1970.
#[must_use]
pub fn gather(
    operation: &Operation,
    draft: &Draft,
    output: &Output,
    json: Option<&JsonSlip>,
    verdicts: &[Verdict],
    asked_for: &[Path],
    now: i64,
) -> Vec<FormProblem> {
    let mut problems: Vec<FormProblem> = Vec::new();
    for slip in &output.slips {
        problems.push(FormProblem {
            path: Some(slip.path.clone()),
            pointer: slip.path.pointer(operation, draft).unwrap_or_default(),
            titles: slip.path.titles(operation, draft),
            what: What::Slip(slip.kind.clone()),
        });
    }
    for problem in validate(operation, &output.whole) {
        add(operation, draft, &mut problems, problem.pointer, What::Complaint(problem.complaint));
    }
    if let Some(early) = rules::too_early(operation, &output.whole, now) {
        let pointer = early.path.pointer(operation, draft).unwrap_or_default();
        add(operation, draft, &mut problems, pointer, What::TooEarly(early));
    }
    for path in asked_for {
        let row = draft.free_row(path).filter(|row| row.kind == FreeKind::Text && row.text.trim().is_empty());
        if let Some(row) = row {
            let pointer = path.pointer(operation, draft).unwrap_or_default();
            add(operation, draft, &mut problems, pointer, What::Asked(row.name.clone()));
        }
    }
    let stands = |verdict: &&Verdict| pointer::at(&output.masked, &verdict.pointer) == verdict.value.as_ref();
    for verdict in verdicts.iter().filter(stands) {
        add(operation, draft, &mut problems, verdict.pointer.clone(), What::Server(verdict.detail.clone()));
    }
    let order = shown_order(operation);
    sort_short(&mut problems, |problem| place(draft, &order, problem.path.as_ref()));
    if let Some(slip) = json {
        let what = What::Json(slip.clone());
        problems.push(FormProblem { path: None, pointer: String::new(), titles: Vec::new(), what });
    }
    problems
}

/// Adds a problem, unless one is known for the same place already: one thing at a time, the first in the list.
fn add(operation: &Operation, draft: &Draft, problems: &mut Vec<FormProblem>, pointer: String, what: What) {
    let path = Path::find(operation, draft, &pointer);
    let is_known = problems.iter().any(|known| match (&known.path, &path) {
        // A list that is too long can also have a bad item; a row that cannot be read has nothing else to say.
        (Some(known), Some(path)) => known == path || (known.row().is_some() && path.is_within(known)),
        _ => false,
    }) || problems.iter().any(|known| !pointer.is_empty() && known.pointer == pointer);
    if !is_known {
        let titles = path.as_ref().map(|path| path.titles(operation, draft)).unwrap_or_default();
        problems.push(FormProblem { path, pointer, titles, what });
    }
}

fn place(draft: &Draft, order: &[usize], path: Option<&Path>) -> Vec<usize> {
    let Some(path) = path else { return vec![usize::MAX] };
    let mut parent = Path::default();
    let mut key = Vec::new();
    for step in path.steps() {
        key.push(match step {
            Step::Member(index) if key.is_empty() => order.get(*index).copied().unwrap_or(usize::MAX),
            Step::Member(index) => *index,
            Step::Row(id) => draft.row_ids(&parent).iter().position(|row| row == id).unwrap_or(usize::MAX),
        });
        parent = parent.join(*step);
    }
    key
}

/// What the words of a problem need to know beside it.
#[derive(Clone, Copy)]
pub struct Speaker<'a> {
    /// The language.
    pub language: Language,
    /// The browser's zone.
    pub zone: &'a dyn Zone,
}

impl FormProblem {
    /// The problem in words, the same beside the field and in the summary.
    #[must_use]
    pub fn words(&self, speaker: Speaker<'_>) -> String {
        let table = words(speaker.language);
        let title = title(table, &self.titles, speaker.language);
        match &self.what {
            What::Complaint(complaint) => {
                let words = complaint.words(&title, speaker.language);
                // The field's own words name the field, but not the row.
                match (complaint, self.row_title(table, speaker.language)) {
                    (Complaint::Missing { ask: Some(_), .. }, Some(row)) => {
                        titled(table, &row, &lower_first(&words, speaker.language))
                    }
                    _ => words,
                }
            }
            What::Slip(slip) => titled(table, &title, &slip_words(table, slip, speaker.zone)),
            What::TooEarly(early) => {
                let earliest = instant(table, early.earliest, speaker.zone);
                let chosen = instant(table, early.chosen, speaker.zone);
                let ahead = (early.chosen - early.now) / 60_000;
                let sentence = if early.chosen <= early.now {
                    table.too_early_past(&earliest, &chosen)
                } else {
                    table.too_early(&earliest, &chosen, &table.span(ahead))
                };
                titled(table, &title, &sentence)
            }
            What::Server(detail) => detail.clone(),
            What::Asked(name) => table.asked_for(name),
            What::Json(slip) => table.json_problem(&table.json_slip(slip)),
        }
    }

    /// What the row is called that the place lies in, if it lies in one.
    fn row_title(&self, table: &FormWords, language: Language) -> Option<String> {
        let last_row = self.titles.iter().rposition(|part| matches!(part, TitlePart::Row { .. }))?;
        self.titles.get(..=last_row).map(|parts| title(table, parts, language))
    }

    /// The part of the element's id that says where within the place: a member without a name is wrong in its name.
    #[must_use]
    pub fn part(&self) -> &'static str {
        match self.what {
            What::Slip(SlipKind::NoName | SlipKind::SameName(_)) => "-name",
            _ => "",
        }
    }
}

/// What an error calls a place: "Modules 2, Code".
#[must_use]
pub fn title(table: &FormWords, parts: &[TitlePart], language: Language) -> String {
    let mut title = String::new();
    for part in parts {
        title = match part {
            TitlePart::Field(text) if title.is_empty() => text.get(language).to_owned(),
            TitlePart::Field(text) => format!("{title}{}{}", table.title_join(), text.get(language)),
            TitlePart::Row { name: Some(name), .. } => table.named_row_of(&title, name),
            TitlePart::Row { number, name: None } => table.row_of(&title, *number),
        };
    }
    title
}

/// A sentence as it continues after a title.
fn lower_first(sentence: &str, language: Language) -> String {
    let mut sentence = sentence.to_owned();
    if let (Language::En, Some(first)) = (language, sentence.get_mut(..1)) {
        first.make_ascii_lowercase();
    }
    sentence
}

/// What is wrong with something that has no meaning as it was typed.
fn slip_words(table: &FormWords, slip: &SlipKind, zone: &dyn Zone) -> String {
    let plain = match slip {
        SlipKind::SkippedTime { clock, nearest } => {
            return table.skipped(&instant(table, *nearest, zone_of(*clock, zone)));
        }
        SlipKind::SameName(name) => return table.slip_same_name(name),
        SlipKind::BadNumber(text) if !text.is_empty() => return table.slip_bad_number(text),
        SlipKind::BadJson(error) => return table.unreadable(error),
        SlipKind::BadNumber(_) => table.slip_no_number(),
        SlipKind::PartialTime => table.slip_partial_time(),
        SlipKind::BadTime => table.slip_bad_time(),
        SlipKind::BlankRow => table.slip_blank_row(),
        SlipKind::NoName => table.slip_no_name(),
        SlipKind::NoBoolean => table.slip_no_boolean(),
        SlipKind::NoSecret => table.slip_no_secret(),
        SlipKind::NotAnObject => table.slip_not_an_object(),
    };
    plain.to_owned()
}

fn titled(table: &FormWords, title: &str, sentence: &str) -> String {
    format!("{}{sentence}", table.answer_title(title))
}

/// An instant on the clock of a zone, with the zone's offset.
#[must_use]
pub fn instant(table: &FormWords, epoch_ms: i64, zone: &dyn Zone) -> String {
    let offset = offset_name(zone.offset_seconds(epoch_ms));
    Civil::at(epoch_ms, zone).map(|civil| format!("{} {offset}", table.date_time(&civil))).unwrap_or_default()
}

/// The pointer into the parameters of a pointer into the body of a request for a plan.
#[must_use]
pub fn into_parameters(pointer: &str) -> Option<&str> {
    ["/parameters", "/secrets"].into_iter().find_map(|prefix| {
        pointer::is_within(pointer, prefix).then(|| pointer.strip_prefix(prefix).unwrap_or_default())
    })
}
