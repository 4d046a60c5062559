//! What a person has typed into the form of an operation, before it means anything: texts, rows, clocks. Pure.
//!
//! A draft becomes parameters in [`crate::form::output`] and comes from parameters in [`crate::form::input`].

use crate::form::path::{Path, Step};
use crate::form::secret::SecretText;
use catalog::model::{Field, Kind, Operation, Role};
use catalog::text::holds;
use serde_json::{Map, Value};

/// What was typed into the fields of an operation, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// One entry for each field of the operation.
    pub entries: Vec<Entry>,
    /// Members that no field knows, from edited JSON. They are refused, but not lost while the JSON is edited.
    pub extra: Map<String, Value>,
    /// Whether the person changed the idempotency token: then it stays when other values change.
    pub own_token: bool,
    /// The number of the last row. Rows keep theirs when they move, so that focus and state move with them.
    last_row: u64,
}

/// What was typed for one value.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Text, number, choice, or `true`/`false`. Empty: not given.
    Text(String),
    /// A value of another type than the field takes, from edited JSON: shown as JSON, refused in the same words as
    /// by the server.
    Other(Value),
    /// A time on a clock.
    Time(TimeText),
    /// A secret; never stored.
    Secret {
        /// What was typed.
        text: SecretText,
    },
    /// An object with known members.
    Object(ObjectText),
    /// An object with members of any name.
    Free(FreeText),
    /// A list.
    List(ListText),
}

/// The clock that a time is typed in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The zone of the browser.
    #[default]
    Browser,
    /// UTC.
    Utc,
    /// GMT+8.
    Beijing,
}

impl Clock {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Clock; 3] = [Clock::Browser, Clock::Utc, Clock::Beijing];

    /// As the value of an option.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Clock::Browser => "browser",
            Clock::Utc => "utc",
            Clock::Beijing => "beijing",
        }
    }

    /// From the value of an option.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Clock> {
        Clock::ALL.into_iter().find(|clock| clock.key() == key)
    }
}

/// A time as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimeText {
    /// `2026-11-22T19:00`, with seconds only when they matter. Empty: not given.
    pub wall: String,
    /// The clock that shows it.
    pub clock: Clock,
    /// When the clock shows it twice: the second time.
    pub second: bool,
    /// The browser says that parts of it are missing, and does not tell which were typed.
    pub partial: bool,
}

/// An object with known members, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectText {
    /// One entry for each field of the object.
    pub members: Vec<Entry>,
    /// Members that no field knows, from edited JSON.
    pub extra: Map<String, Value>,
}

/// An object with members of any name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FreeText {
    /// The members.
    pub rows: Vec<FreeRow>,
    /// The text of the JSON view when that is open. While it cannot be read, `rows` are what it said before.
    pub json: Option<String>,
}

/// A member of a free object.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FreeRow {
    /// Its number in this draft.
    pub id: u64,
    /// The member's name.
    pub name: String,
    /// The type that was chosen.
    pub kind: FreeKind,
    /// What was typed, unless it is a secret.
    pub text: String,
    /// What was typed, if it is a secret.
    pub secret: SecretText,
}

/// The type of a member of a free object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FreeKind {
    /// A string.
    #[default]
    Text,
    /// A number.
    Number,
    /// true or false.
    Boolean,
    /// Anything, as JSON.
    Json,
    /// A string that must not be shown or kept.
    Secret,
}

impl FreeKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [FreeKind; 5] =
        [FreeKind::Text, FreeKind::Number, FreeKind::Boolean, FreeKind::Json, FreeKind::Secret];

    /// As the value of an option.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            FreeKind::Text => "text",
            FreeKind::Number => "number",
            FreeKind::Boolean => "boolean",
            FreeKind::Json => "json",
            FreeKind::Secret => "secret",
        }
    }

    /// From the value of an option.
    #[must_use]
    pub fn from_key(key: &str) -> Option<FreeKind> {
        FreeKind::ALL.into_iter().find(|kind| kind.key() == key)
    }
}

/// A list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListText {
    /// Its items.
    pub rows: Vec<ListRow>,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListRow {
    /// Its number in this draft.
    pub id: u64,
    /// What was typed.
    pub entry: Entry,
}

/// Which way a row moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the row above.
    Up,
    /// To the row below.
    Down,
}

impl Entry {
    /// Nothing typed yet, for a field.
    #[must_use]
    pub fn blank(field: &Field) -> Entry {
        if field.secret && matches!(field.kind, Kind::Text { .. }) {
            return Entry::Secret { text: SecretText::default() };
        }
        Entry::blank_of(&field.kind)
    }

    /// Nothing typed yet, for a kind.
    #[must_use]
    pub fn blank_of(kind: &Kind) -> Entry {
        match kind {
            Kind::Integer { epoch_ms: true, .. } => Entry::Time(TimeText::default()),
            Kind::Text { .. } | Kind::Integer { .. } | Kind::Number { .. } | Kind::Boolean => {
                Entry::Text(String::new())
            }
            Kind::Object { fields, .. } => Entry::Object(ObjectText {
                members: fields.iter().map(Entry::blank).collect(),
                extra: Map::new(),
            }),
            Kind::FreeObject => Entry::Free(FreeText::default()),
            Kind::List { .. } => Entry::List(ListText::default()),
        }
    }

    /// What stands in a plain input for it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Entry::Text(text) => text.clone(),
            Entry::Other(value) => value.to_string(),
            Entry::Time(time) => time.wall.clone(),
            Entry::Secret { .. } | Entry::Object(_) | Entry::Free(_) | Entry::List(_) => String::new(),
        }
    }

    fn rows_mut(&mut self) -> Option<Rows<'_>> {
        match self {
            Entry::List(list) => Some(Rows::List(&mut list.rows)),
            Entry::Free(free) => Some(Rows::Free(&mut free.rows)),
            _ => None,
        }
    }
}

/// The rows of a list or of a free object: they are added, removed and moved alike.
enum Rows<'a> {
    List(&'a mut Vec<ListRow>),
    Free(&'a mut Vec<FreeRow>),
}

impl Rows<'_> {
    fn ids(&self) -> Vec<u64> {
        match self {
            Rows::List(rows) => rows.iter().map(|row| row.id).collect(),
            Rows::Free(rows) => rows.iter().map(|row| row.id).collect(),
        }
    }

    fn remove(&mut self, index: usize) {
        match self {
            Rows::List(rows) => drop(rows.remove(index)),
            Rows::Free(rows) => drop(rows.remove(index)),
        }
    }

    fn swap(&mut self, one: usize, other: usize) {
        match self {
            Rows::List(rows) => rows.swap(one, other),
            Rows::Free(rows) => rows.swap(one, other),
        }
    }
}

impl Draft {
    /// Nothing typed yet.
    #[must_use]
    pub fn blank(operation: &Operation) -> Draft {
        Draft { entries: operation.fields.iter().map(Entry::blank).collect(), ..Draft::default() }
    }

    /// From what was kept of one.
    pub(crate) fn of_entries(entries: Vec<Entry>, own_token: bool, last_row: u64) -> Draft {
        Draft { entries, extra: Map::new(), own_token, last_row }
    }

    /// The number of the last row.
    pub(crate) fn last_row_number(&self) -> u64 {
        self.last_row
    }

    /// Takes the number of a new row.
    pub(crate) fn take_row_number(&mut self) -> u64 {
        self.last_row += 1;
        self.last_row
    }

    /// The entry at a path; `None` when a row is gone.
    #[must_use]
    pub fn entry(&self, path: &Path) -> Option<&Entry> {
        let mut steps = path.steps().iter();
        let Some(Step::Member(first)) = steps.next() else { return None };
        let mut entry = self.entries.get(*first)?;
        for step in steps {
            entry = match (step, entry) {
                (Step::Member(index), Entry::Object(object)) => object.members.get(*index)?,
                (Step::Row(id), Entry::List(list)) => &list.rows.iter().find(|row| row.id == *id)?.entry,
                _ => return None,
            };
        }
        Some(entry)
    }

    /// As [`Draft::entry`], to change it. Where edited JSON has put a value of another type in the way, that gives way.
    pub fn entry_mut(&mut self, operation: &Operation, path: &Path) -> Option<&mut Entry> {
        let mut steps = path.steps().iter();
        let Some(Step::Member(first)) = steps.next() else { return None };
        let mut kind = &operation.fields.get(*first)?.kind;
        let mut entry = self.entries.get_mut(*first)?;
        for step in steps {
            if matches!(entry, Entry::Other(_)) {
                *entry = Entry::blank_of(kind);
            }
            (kind, entry) = match (step, kind, entry) {
                (Step::Member(index), Kind::Object { fields, .. }, Entry::Object(object)) => {
                    (&fields.get(*index)?.kind, object.members.get_mut(*index)?)
                }
                (Step::Row(id), Kind::List { item, .. }, Entry::List(list)) => {
                    (&**item, &mut list.rows.iter_mut().find(|row| row.id == *id)?.entry)
                }
                _ => return None,
            };
        }
        Some(entry)
    }

    /// Replaces what stands at a path. False when there is no such place.
    pub fn set(&mut self, operation: &Operation, path: &Path, entry: Entry) -> bool {
        match self.entry_mut(operation, path) {
            Some(place) => {
                *place = entry;
                true
            }
            None => false,
        }
    }

    /// The member of a free object at a path that ends with its row.
    #[must_use]
    pub fn free_row(&self, path: &Path) -> Option<&FreeRow> {
        let (parent, id) = path.row()?;
        match self.entry(&parent)? {
            Entry::Free(free) => free.rows.iter().find(|row| row.id == id),
            _ => None,
        }
    }

    /// As [`Draft::free_row`], to change it.
    pub fn free_row_mut(&mut self, operation: &Operation, path: &Path) -> Option<&mut FreeRow> {
        let (parent, id) = path.row()?;
        match self.entry_mut(operation, &parent)? {
            Entry::Free(free) => free.rows.iter_mut().find(|row| row.id == id),
            _ => None,
        }
    }

    /// Changes the type of a member of a free object. What was typed becomes the secret when that is the new type,
    /// and a secret is dropped rather than shown when it was the old one.
    pub fn set_free_kind(&mut self, operation: &Operation, path: &Path, kind: FreeKind) {
        let Some(row) = self.free_row_mut(operation, path) else { return };
        match (row.kind, kind) {
            (FreeKind::Secret, FreeKind::Secret) => {}
            (_, FreeKind::Secret) => row.secret = SecretText::new(std::mem::take(&mut row.text)),
            (FreeKind::Secret, _) => row.secret = SecretText::default(),
            _ => {}
        }
        row.kind = kind;
    }

    /// The numbers of the rows at a path, in order.
    #[must_use]
    pub fn row_ids(&self, path: &Path) -> Vec<u64> {
        match self.entry(path) {
            Some(Entry::List(list)) => list.rows.iter().map(|row| row.id).collect(),
            Some(Entry::Free(free)) => free.rows.iter().map(|row| row.id).collect(),
            _ => Vec::new(),
        }
    }

    /// Adds a row at the end of a list or of a free object and returns its number.
    pub fn add_row(&mut self, operation: &Operation, path: &Path) -> Option<u64> {
        let kind = path.place(operation)?.kind?;
        let id = self.take_row_number();
        let entry = self.entry_mut(operation, path)?;
        if matches!(entry, Entry::Other(_)) {
            *entry = Entry::blank_of(kind);
        }
        match (entry, kind) {
            (Entry::List(list), Kind::List { item, .. }) => {
                list.rows.push(ListRow { id, entry: Entry::blank_of(item) });
                Some(id)
            }
            (Entry::Free(free), Kind::FreeObject) => {
                free.rows.push(FreeRow { id, ..FreeRow::default() });
                Some(id)
            }
            _ => None,
        }
    }

    /// Removes a row. Returns the number of the row that took its place: the next, else the last, else none.
    pub fn remove_row(&mut self, operation: &Operation, path: &Path, id: u64) -> Option<u64> {
        let mut rows = self.entry_mut(operation, path)?.rows_mut()?;
        let ids = rows.ids();
        let index = ids.iter().position(|row| *row == id)?;
        rows.remove(index);
        ids.get(index + 1).or_else(|| index.checked_sub(1).and_then(|before| ids.get(before))).copied()
    }

    /// Moves a row by one place. False when it stands at that end already.
    pub fn move_row(&mut self, operation: &Operation, path: &Path, id: u64, direction: Direction) -> bool {
        let Some(mut rows) = self.entry_mut(operation, path).and_then(Entry::rows_mut) else { return false };
        let ids = rows.ids();
        let Some(index) = ids.iter().position(|row| *row == id) else { return false };
        let other = match direction {
            Direction::Up => index.checked_sub(1),
            Direction::Down => Some(index + 1).filter(|next| *next < ids.len()),
        };
        let Some(other) = other else { return false };
        rows.swap(index, other);
        true
    }

    /// Adds members that a free object lacks, and says where they are. Names that sound like a secret are made one: that
    /// can be changed, a password that was shown cannot be taken back. Nothing is added when there is no free object,
    /// or more than one to choose from.
    pub fn add_members(&mut self, operation: &Operation, names: &[String]) -> Vec<Path> {
        let mut free =
            operation.fields.iter().enumerate().filter(|(_, field)| field.kind == Kind::FreeObject);
        let (Some((index, _)), None) = (free.next(), free.next()) else { return Vec::new() };
        let object = Path::field(index);
        let mut added = Vec::new();
        for name in names {
            let is_there = match self.entry(&object) {
                Some(Entry::Free(free)) => free.rows.iter().any(|row| row.name == *name),
                _ => false,
            };
            if is_there {
                continue;
            }
            let Some(id) = self.add_row(operation, &object) else { continue };
            let path = object.join(Step::Row(id));
            if let Some(row) = self.free_row_mut(operation, &path) {
                row.name.clone_from(name);
                let lower = name.to_ascii_lowercase();
                if ["password", "passwd", "secret", "credential"].iter().any(|part| holds(&lower, part)) {
                    row.kind = FreeKind::Secret;
                }
            }
            added.push(path);
        }
        added
    }

    /// The place of the field that plays a part.
    #[must_use]
    pub fn role(operation: &Operation, role: Role) -> Option<Path> {
        operation.fields.iter().position(|field| field.role == Some(role)).map(Path::field)
    }

    /// Puts a new token into the draft, unless the operation has none.
    pub fn renew_token(&mut self, operation: &Operation, fresh: String) {
        if let Some(path) = Draft::role(operation, Role::ClientToken) {
            self.own_token = false;
            self.set(operation, &path, Entry::Text(fresh));
        }
    }

    /// Keeps the token true after a change: another token than `before` is the person's own, and other values
    /// than `before` need a new one, because a cloud that knows the token would take them for the old ones.
    pub fn settle_token(&mut self, operation: &Operation, before: &Draft, fresh: impl FnOnce() -> String) {
        let Some(path) = Draft::role(operation, Role::ClientToken) else { return };
        if self.entry(&path) != before.entry(&path) {
            self.own_token = true;
        } else if !self.own_token && (self.entries != before.entries || self.extra != before.extra) {
            self.renew_token(operation, fresh());
        }
    }

    /// Whether anything stands in it beyond what a fresh form holds: the region of the profile and a token.
    #[must_use]
    pub fn is_fresh(&self, fresh: &Draft, operation: &Operation) -> bool {
        let token = Draft::role(operation, Role::ClientToken);
        let same = self.entries.iter().zip(&fresh.entries).enumerate().all(|(index, (mine, theirs))| {
            mine == theirs || (!self.own_token && token == Some(Path::field(index)))
        });
        same && self.extra.is_empty()
    }
}
