//! The instances of one product: a few that each stand for a condition, and, for tests of paging and searching, a crowd
//! of ordinary ones.
//!
//! A member of the crowd is made from its number when it is asked for and kept only once a call has looked for it to
//! change it, so that ten thousand of them cost no memory.

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The largest crowd of one product. Ids have room for as many.
pub const MOST_CROWD: u32 = 100_000;

/// An instance that can be a member of a crowd.
pub(crate) trait Member: Clone {
    /// The member with this number, from 1, in the condition of a reset at this moment.
    fn member(number: u32, reset_at: Timestamp) -> Self;
    /// The number of the member that had this id at the reset.
    fn number(id: &str) -> Option<u32>;
    /// Whether the instance has this id now.
    fn has_id(&self, id: &str) -> bool;
    /// Brings the instance up to this moment.
    fn settle(&mut self, now: Timestamp);
}

/// All instances of a product.
pub(crate) struct Stock<T> {
    own: Vec<T>,
    crowd: u32,
    touched: BTreeMap<u32, T>,
    reset_at: Timestamp,
    now: Timestamp,
}

impl<T: Member> Stock<T> {
    pub(crate) fn new(own: Vec<T>, crowd: u32, reset_at: Timestamp) -> Self {
        let mut stock =
            Self { own, crowd: crowd.min(MOST_CROWD), touched: BTreeMap::new(), reset_at, now: reset_at };
        stock.settle(reset_at);
        stock
    }

    /// Brings every instance up to this moment.
    pub(crate) fn settle(&mut self, now: Timestamp) {
        self.now = now;
        self.own.iter_mut().chain(self.touched.values_mut()).for_each(|instance| instance.settle(now));
    }

    /// Every instance: those that stand for a condition, then the crowd by number.
    pub(crate) fn iter(&self) -> impl Iterator<Item = Cow<'_, T>> {
        let crowd = (1..=self.crowd).map(|number| match self.touched.get(&number) {
            Some(known) => Cow::Borrowed(known),
            None => Cow::Owned(self.untouched(number)),
        });
        self.own.iter().map(Cow::Borrowed).chain(crowd)
    }

    /// The instance that has this id now.
    pub(crate) fn find(&self, id: &str) -> Option<Cow<'_, T>> {
        let known = self.own.iter().chain(self.touched.values()).find(|known| known.has_id(id));
        known
            .map(Cow::Borrowed)
            .or_else(|| self.number_untouched(id).map(|number| Cow::Owned(self.untouched(number))))
    }

    /// As [`find`](Self::find), to be changed.
    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut T> {
        if let Some(number) = self.number_untouched(id) {
            let member = self.untouched(number);
            self.touched.insert(number, member);
        }
        self.own.iter_mut().chain(self.touched.values_mut()).find(|known| known.has_id(id))
    }

    fn untouched(&self, number: u32) -> T {
        let mut member = T::member(number, self.reset_at);
        member.settle(self.now);
        member
    }

    fn number_untouched(&self, id: &str) -> Option<u32> {
        T::number(id).filter(|number| {
            (1..=self.crowd).contains(number)
                && !self.touched.contains_key(number)
                && T::member(*number, self.reset_at).has_id(id)
        })
    }
}

/// Lists the instances that stand for a condition and those of the crowd that a call looked for to change them.
impl<T: Serialize> Serialize for Stock<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.own.iter().chain(self.touched.values()))
    }
}

/// The number at the end of an id that begins so.
pub(crate) fn number_after(id: &str, prefix: &str) -> Option<u32> {
    id.strip_prefix(prefix)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Thing {
        id: String,
        changed: bool,
    }

    impl Member for Thing {
        fn member(number: u32, _: Timestamp) -> Self {
            Self { id: format!("thing-{number:06}"), changed: false }
        }

        fn number(id: &str) -> Option<u32> {
            number_after(id, "thing-")
        }

        fn has_id(&self, id: &str) -> bool {
            self.id == id
        }

        fn settle(&mut self, _: Timestamp) {}
    }

    fn stock(crowd: u32) -> Stock<Thing> {
        let own = vec![Thing { id: "own".to_owned(), changed: false }];
        Stock::new(own, crowd, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn only_members_that_are_looked_for_to_change_are_kept() {
        let mut stock = stock(10_000);
        assert_eq!(stock.iter().count(), 10_001);
        assert!(stock.find("thing-000042").is_some());
        assert!(stock.touched.is_empty());
        stock.find_mut("thing-000042").unwrap().changed = true;
        assert_eq!(stock.touched.len(), 1);
        assert_eq!(stock.iter().count(), 10_001);
        assert!(stock.iter().nth(42).unwrap().changed);
        assert!(stock.find("thing-000042").unwrap().changed);
        for unknown in ["thing-42", "thing-000000", "thing-010001", "another"] {
            assert!(stock.find(unknown).is_none() && stock.find_mut(unknown).is_none(), "{unknown}");
        }
    }

    #[test]
    fn a_member_that_changed_its_id_is_not_found_under_the_old_one() {
        let mut stock = stock(5);
        stock.find_mut("thing-000003").unwrap().id = "renamed".to_owned();
        assert!(stock.find("thing-000003").is_none() && stock.find_mut("thing-000003").is_none());
        assert_eq!(stock.find("renamed").unwrap().id, "renamed");
        assert_eq!(stock.iter().count(), 6);
    }

    #[test]
    fn a_crowd_has_a_limit() {
        assert_eq!(stock(u32::MAX).iter().count(), MOST_CROWD as usize + 1);
    }
}
