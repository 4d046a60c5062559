//! From what was typed to what would be sent. Pure.
//!
//! What cannot be turned into a value of its type is handed on as it was typed, as a string, so that nothing is lost
//! on the way through JSON and the one validation of the catalogue says what is wrong with it.

use crate::form::draft::{Clock, Draft, Entry, FreeKind, FreeRow, TimeText};
use crate::form::path::{Path, Step};
use crate::form::pointer::child;
use crate::form::secret::{MASK, SecretText};
use crate::form::time::{BEIJING, Civil, Meaning, UTC, Zone, meaning};
use catalog::model::{Field, Kind, Operation};
use catalog::strict_json::{self, JsonError};
use serde_json::{Map, Value};

/// What a draft says. It has no `Debug`: `whole` and `secrets` hold what must not be shown.
pub struct Output {
    /// What is sent: no secret in it.
    pub parameters: Map<String, Value>,
    /// What is shown: a mask in the place of each secret.
    pub masked: Map<String, Value>,
    /// With the secrets: to be validated, never sent or shown.
    pub whole: Map<String, Value>,
    /// The secrets, by JSON pointer into the parameters.
    pub secrets: Vec<(String, SecretText)>,
    /// The pointers of the secrets that the person marked, not the catalogue.
    pub secret_pointers: Vec<String>,
    /// What cannot be read, in the order of the fields.
    pub slips: Vec<Slip>,
}

/// Something typed that has no meaning yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Slip {
    /// Where.
    pub path: Path,
    /// What is wrong.
    pub kind: SlipKind,
}

/// What is wrong with something typed, beyond what the catalogue's validation can see.
#[derive(Clone, Debug, PartialEq)]
pub enum SlipKind {
    /// A date or a time of day is missing.
    PartialTime,
    /// The text is no date and time.
    BadTime,
    /// Clocks go forward over it.
    SkippedTime {
        /// The clock it was typed in.
        clock: Clock,
        /// What people mean, in milliseconds since 1970.
        nearest: i64,
    },
    /// A row of a list without a value.
    BlankRow,
    /// A member without a name.
    NoName,
    /// Another member has the name already.
    SameName(String),
    /// Not a number, or one that would not arrive as it was typed.
    BadNumber(String),
    /// Neither true nor false was chosen.
    NoBoolean,
    /// No secret was typed.
    NoSecret,
    /// JSON that cannot be read.
    BadJson(JsonError),
    /// JSON of another type where an object is asked for.
    NotAnObject,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Secrets {
    Omit,
    Mask,
    Keep,
}

struct Writer<'a> {
    zone: &'a dyn Zone,
    secrets: Secrets,
}

impl Output {
    /// Reads a draft. `zone` is the browser's.
    #[must_use]
    pub fn of(operation: &Operation, draft: &Draft, zone: &dyn Zone) -> Output {
        let write = |secrets| {
            let mut map = Writer { zone, secrets }.members(&operation.fields, &draft.entries);
            map.extend(draft.extra.clone());
            map
        };
        let mut gathered = Gathered::default();
        for (index, (field, entry)) in operation.fields.iter().zip(&draft.entries).enumerate() {
            let pointer = child("", &field.name);
            gathered.entry(zone, field.secret, &field.kind, entry, &Path::field(index), &pointer);
        }
        Output {
            parameters: write(Secrets::Omit),
            masked: write(Secrets::Mask),
            whole: write(Secrets::Keep),
            secrets: gathered.secrets,
            secret_pointers: gathered.pointers,
            slips: gathered.slips,
        }
    }
}

impl Writer<'_> {
    fn members(&self, fields: &[Field], entries: &[Entry]) -> Map<String, Value> {
        let written = fields.iter().zip(entries).filter_map(|(field, entry)| {
            let value = self.value(&field.kind, entry)?;
            // A secret that is no plain text has no input of its own; it is treated as a whole.
            let value = if field.secret && !matches!(entry, Entry::Secret { .. }) {
                match self.secrets {
                    Secrets::Omit => return None,
                    Secrets::Mask => Value::from(MASK),
                    Secrets::Keep => value,
                }
            } else {
                value
            };
            Some((field.name.clone(), value))
        });
        written.collect()
    }

    fn value(&self, kind: &Kind, entry: &Entry) -> Option<Value> {
        match entry {
            Entry::Text(text) => scalar(kind, text),
            Entry::Other(value) => Some(value.clone()),
            Entry::Time(time) => match instant(time, self.zone) {
                Ok(instant) => instant.map(Value::from),
                Err(_) => (!time.wall.is_empty()).then(|| Value::from(time.wall.clone())),
            },
            Entry::Secret { text } => self.secret(text),
            Entry::Object(object) => {
                let Kind::Object { fields, .. } = kind else { return None };
                let mut members = self.members(fields, &object.members);
                members.extend(object.extra.clone());
                // Nothing given: the object itself is not given.
                (!members.is_empty()).then_some(Value::Object(members))
            }
            Entry::Free(free) => {
                let members: Map<String, Value> = free
                    .rows
                    .iter()
                    .filter_map(|row| Some((row.name.clone(), self.free_value(row)?)))
                    .collect();
                (!free.rows.is_empty()).then_some(Value::Object(members))
            }
            Entry::List(list) => {
                let Kind::List { item, .. } = kind else { return None };
                let items = list.rows.iter().map(|row| match self.value(item, &row.entry) {
                    Some(value) => value,
                    None if matches!(**item, Kind::Object { .. }) => Value::Object(Map::new()),
                    None => Value::Null,
                });
                (!list.rows.is_empty()).then(|| items.collect())
            }
        }
    }

    fn secret(&self, text: &SecretText) -> Option<Value> {
        match self.secrets {
            _ if text.is_empty() => None,
            Secrets::Omit => None,
            Secrets::Mask => Some(Value::from(MASK)),
            Secrets::Keep => Some(Value::from(text.reveal())),
        }
    }

    fn free_value(&self, row: &FreeRow) -> Option<Value> {
        if row.name.is_empty() {
            return None;
        }
        match row.kind {
            // The row of a secret that is not typed yet must survive a look at the JSON.
            FreeKind::Secret if self.secrets == Secrets::Mask => Some(Value::from(MASK)),
            FreeKind::Secret => self.secret(&row.secret),
            _ => Some(free_value(row).unwrap_or_else(|_| Value::from(row.text.clone()))),
        }
    }
}

/// The value of a member that is no secret.
fn free_value(row: &FreeRow) -> Result<Value, SlipKind> {
    match row.kind {
        FreeKind::Text | FreeKind::Secret => Ok(Value::from(row.text.clone())),
        FreeKind::Number => match strict_json::parse_text(row.text.trim()) {
            Ok(Value::Number(number)) => Ok(Value::Number(number)),
            _ => Err(SlipKind::BadNumber(row.text.clone())),
        },
        FreeKind::Boolean => match row.text.as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            _ => Err(SlipKind::NoBoolean),
        },
        FreeKind::Json => strict_json::parse_text(&row.text).map_err(SlipKind::BadJson),
    }
}

/// The value of a plain text by the kind of its field; the text itself when it is none of that kind.
#[must_use]
pub fn scalar(kind: &Kind, text: &str) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    let trimmed = text.trim();
    let value = match kind {
        Kind::Integer { .. } => trimmed.parse::<i64>().ok().map(Value::from),
        Kind::Number { .. } => strict_json::parse_text(trimmed).ok().filter(Value::is_number),
        Kind::Boolean => trimmed.parse::<bool>().ok().map(Value::Bool),
        _ => None,
    };
    Some(value.unwrap_or_else(|| Value::from(text)))
}

/// The zone of a clock.
#[must_use]
pub fn zone_of(clock: Clock, browser: &dyn Zone) -> &dyn Zone {
    match clock {
        Clock::Browser => browser,
        Clock::Utc => &UTC,
        Clock::Beijing => &BEIJING,
    }
}

/// The instant that was typed, in milliseconds since 1970; `Ok(None)` when nothing was.
///
/// # Errors
/// When it is incomplete, or clocks never show it.
pub fn instant(time: &TimeText, browser: &dyn Zone) -> Result<Option<i64>, SlipKind> {
    if time.partial {
        return Err(SlipKind::PartialTime);
    }
    if time.wall.is_empty() {
        return Ok(None);
    }
    let civil = Civil::parse(&time.wall).ok_or(SlipKind::BadTime)?;
    match meaning(&civil, zone_of(time.clock, browser)) {
        Meaning::Once(instant) => Ok(Some(instant)),
        Meaning::Twice { first, second } => Ok(Some(if time.second { second } else { first })),
        Meaning::Never { nearest } => Err(SlipKind::SkippedTime { clock: time.clock, nearest }),
    }
}

/// The text that a clock shows for an instant; `None` when no input can hold it.
#[must_use]
pub fn time_text(instant: i64, clock: Clock, browser: &dyn Zone) -> Option<TimeText> {
    let zone = zone_of(clock, browser);
    let civil = Civil::at(instant, zone)?;
    let second = match meaning(&civil, zone) {
        Meaning::Once(found) if found == instant => false,
        Meaning::Twice { first, .. } if first == instant => false,
        Meaning::Twice { second, .. } if second == instant => true,
        _ => return None,
    };
    Some(TimeText { wall: civil.input_value(), clock, second, partial: false })
}

#[derive(Default)]
struct Gathered {
    secrets: Vec<(String, SecretText)>,
    pointers: Vec<String>,
    slips: Vec<Slip>,
}

impl Gathered {
    fn slip(&mut self, path: &Path, kind: SlipKind) {
        self.slips.push(Slip { path: path.clone(), kind });
    }

    fn entry(
        &mut self,
        zone: &dyn Zone,
        secret: bool,
        kind: &Kind,
        entry: &Entry,
        path: &Path,
        pointer: &str,
    ) {
        let writer = Writer { zone, secrets: Secrets::Keep };
        if secret
            && !matches!(entry, Entry::Secret { .. })
            && let Some(value) = writer.value(kind, entry)
        {
            // A secret travels as text; one of another type as its JSON.
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            self.secrets.push((pointer.to_owned(), SecretText::new(text)));
        }
        match entry {
            Entry::Text(_) | Entry::Other(_) => {}
            Entry::Time(time) => {
                if let Err(kind) = instant(time, zone) {
                    self.slip(path, kind);
                }
            }
            Entry::Secret { text } => {
                if !text.is_empty() {
                    self.secrets.push((pointer.to_owned(), text.clone()));
                }
            }
            Entry::Object(object) => {
                let Kind::Object { fields, .. } = kind else { return };
                for (index, (field, entry)) in fields.iter().zip(&object.members).enumerate() {
                    let pointer = child(pointer, &field.name);
                    self.entry(zone, field.secret, &field.kind, entry, &path.member(index), &pointer);
                }
            }
            Entry::List(list) => {
                let Kind::List { item, .. } = kind else { return };
                for (index, row) in list.rows.iter().enumerate() {
                    let row_path = path.join(Step::Row(row.id));
                    if !matches!(**item, Kind::Object { .. }) && writer.value(item, &row.entry).is_none() {
                        self.slip(&row_path, SlipKind::BlankRow);
                    }
                    let pointer = child(pointer, &index.to_string());
                    // The items of a secret list went with the list.
                    self.entry(zone, false, item, &row.entry, &row_path, &pointer);
                }
            }
            Entry::Free(free) => {
                match free.json.as_ref().map(|text| strict_json::parse_text(text)) {
                    None | Some(Ok(Value::Object(_))) => {}
                    Some(Ok(_)) => self.slip(path, SlipKind::NotAnObject),
                    Some(Err(error)) => self.slip(path, SlipKind::BadJson(error)),
                }
                self.free_rows(&free.rows, path, pointer);
            }
        }
    }

    fn free_rows(&mut self, rows: &[FreeRow], path: &Path, pointer: &str) {
        for (index, row) in rows.iter().enumerate() {
            let row_path = path.join(Step::Row(row.id));
            let same = rows.iter().take(index).any(|other| other.name == row.name);
            if row.name.is_empty() {
                self.slip(&row_path, SlipKind::NoName);
                continue;
            }
            if same {
                self.slip(&row_path, SlipKind::SameName(row.name.clone()));
                continue;
            }
            if row.kind == FreeKind::Secret {
                if row.secret.is_empty() {
                    self.slip(&row_path, SlipKind::NoSecret);
                } else {
                    let pointer = child(pointer, &row.name);
                    self.secrets.push((pointer.clone(), row.secret.clone()));
                    self.pointers.push(pointer);
                }
            } else if let Err(kind) = free_value(row) {
                self.slip(&row_path, kind);
            }
        }
    }
}
