//! Where signals stand. A signal is handed on all the time, to closures, components and functions; here its name is one
//! number of four bytes, where the graph's own arena takes two. Each ends with the owner that it was made under: the
//! graph's arena keeps, under that owner, what takes it out of this one.

use crate::signals::Source;
use reactive_graph::owner::{ArenaItem, LocalStorage};
use std::cell::RefCell;
use std::num::NonZeroU32;

/// The name of a place: its row, and above that the turn, which counts who stood there. A name is never given out twice:
/// when its turns are used up, a row stays empty.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Name(NonZeroU32);

/// Rows at most, a million, which leaves each 4095 turns.
const ROW_BITS: u32 = 20;
const LAST_TURN: u32 = (1 << (32 - ROW_BITS)) - 1;

struct Row {
    turn: u32,
    source: Option<Source>,
}

/// The rows, and which of them are free.
struct Table {
    rows: Vec<Row>,
    free: Vec<usize>,
}

thread_local! {
    static TABLE: RefCell<Table> = const { RefCell::new(Table { rows: Vec::new(), free: Vec::new() }) };
}

impl Table {
    fn keep(&mut self, source: Source) -> Option<Name> {
        let index = self.free.pop().unwrap_or(self.rows.len());
        if index == self.rows.len() {
            self.rows.push(Row { turn: 0, source: None });
        }
        let row = self.rows.get_mut(index)?;
        row.turn += 1;
        row.source = Some(source);
        let index = u32::try_from(index).ok().filter(|index| index >> ROW_BITS == 0)?;
        NonZeroU32::new(row.turn << ROW_BITS | index).map(Name)
    }

    fn row(&mut self, name: Name) -> Option<(usize, &mut Row)> {
        let index = (name.0.get() & ((1 << ROW_BITS) - 1)) as usize;
        let row = self.rows.get_mut(index)?;
        (row.turn == name.0.get() >> ROW_BITS).then_some((index, row))
    }

    fn take(&mut self, name: Name) -> Option<Source> {
        let (index, row) = self.row(name)?;
        let source = row.source.take();
        if row.turn < LAST_TURN {
            self.free.push(index);
        }
        source
    }
}

impl Name {
    /// Keeps a source until the present owner ends.
    #[expect(
        clippy::expect_used,
        reason = "a million signals at once, or four thousand million in all, are a mistake"
    )]
    pub(crate) fn new(source: Source) -> Name {
        let name = TABLE.with_borrow_mut(|table| table.keep(source)).expect("too many signals");
        let _ = ArenaItem::<_, LocalStorage>::new_local(Ends(name));
        name
    }

    /// What stands there; `None` when its owner has ended.
    pub(crate) fn get(self) -> Option<Source> {
        TABLE.with_borrow_mut(|table| table.row(self)?.1.source.clone())
    }
}

/// Takes a source out when it is dropped.
struct Ends(Name);

impl Drop for Ends {
    fn drop(&mut self) {
        // Dropped when the table is no longer borrowed: what a source holds may end others.
        let _source = TABLE.with_borrow_mut(|table| table.take(self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::{LAST_TURN, Name, Source, Table};
    use std::rc::Rc;

    fn source() -> Source {
        Source::Stored(Rc::default())
    }

    #[test]
    fn a_name_is_never_given_out_twice() {
        let mut table = Table { rows: Vec::new(), free: Vec::new() };
        let stays = table.keep(source()).unwrap();
        let mut gone: Vec<Name> = Vec::new();
        for _ in 0..2 * LAST_TURN + 3 {
            let name = table.keep(source()).unwrap();
            assert!(name != stays);
            assert!(gone.last().is_none_or(
                |last| *last != name && table.row(*last).is_none_or(|(_, row)| row.source.is_none())
            ));
            assert!(table.take(name).is_some());
            gone.push(name);
        }
        // Each row but the first stood for as many as it has turns.
        assert_eq!(table.rows.len(), 4);
        gone.sort_by_key(|name| name.0);
        gone.dedup();
        assert_eq!(gone.len(), 2 * LAST_TURN as usize + 3);
        assert!(gone.iter().all(|name| table.row(*name).is_none_or(|(_, row)| row.source.is_none())));
        assert!(table.row(stays).is_some_and(|(_, row)| row.source.is_some()));
    }
}
