//! Objects: members in the order in which they were added.

use crate::Value;
use std::ops::{Index, IndexMut};

/// An object. The page holds objects of tens of members, so a name is looked for one by one.
#[derive(Clone, Debug)]
pub struct Map<K = String, V = Value>(Vec<(K, V)>);

impl Map<String, Value> {
    /// Without members.
    #[must_use]
    pub fn new() -> Self {
        Map(Vec::new())
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a member.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// The value of a member, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Whether there is a member of this name.
    #[must_use]
    pub fn contains_key(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Adds a member at the end, or gives the one of this name another value and returns the one it had.
    pub fn insert(&mut self, name: String, value: Value) -> Option<Value> {
        match self.get_mut(&name) {
            Some(known) => Some(std::mem::replace(known, value)),
            None => {
                self.0.push((name, value));
                None
            }
        }
    }

    /// For `json!`: without the value that there was, each member is one call.
    #[doc(hidden)]
    pub fn put(&mut self, name: &(impl AsRef<str> + ?Sized), value: Value) {
        self.insert(name.as_ref().to_owned(), value);
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// Leaves out the members that are not wanted.
    pub fn retain(&mut self, mut is_wanted: impl FnMut(&String, &mut Value) -> bool) {
        self.0.retain_mut(|(name, value)| is_wanted(name, value));
    }

    /// The members.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter(self.0.iter())
    }

    /// The names.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    /// The values.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.0.iter().map(|(_, value)| value)
    }

    /// The values, to change them.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.0.iter_mut().map(|(_, value)| value)
    }
}

impl Default for Map<String, Value> {
    fn default() -> Self {
        Map::new()
    }
}

/// The order of members means nothing in JSON.
impl PartialEq for Map<String, Value> {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl Extend<(String, Value)> for Map<String, Value> {
    fn extend<I: IntoIterator<Item = (String, Value)>>(&mut self, members: I) {
        for (name, value) in members {
            self.insert(name, value);
        }
    }
}

impl FromIterator<(String, Value)> for Map<String, Value> {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(members: I) -> Self {
        let mut map = Map::new();
        map.extend(members);
        map
    }
}

impl IntoIterator for Map<String, Value> {
    type Item = (String, Value);
    type IntoIter = std::vec::IntoIter<(String, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Map<String, Value> {
    type Item = (&'a String, &'a Value);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// A member, or null.
impl<S: AsRef<str> + ?Sized> Index<&S> for Map<String, Value> {
    type Output = Value;

    fn index(&self, name: &S) -> &Value {
        self.get(name.as_ref()).unwrap_or(&Value::Null)
    }
}

/// A member, made when it is not there.
impl<S: AsRef<str> + ?Sized> IndexMut<&S> for Map<String, Value> {
    fn index_mut(&mut self, name: &S) -> &mut Value {
        let name = name.as_ref();
        let at = self.0.iter().position(|(known, _)| known == name).unwrap_or(self.0.len());
        if at == self.0.len() {
            self.0.push((name.to_owned(), Value::Null));
        }
        &mut self.0[at].1
    }
}

/// The members of a [`Map`].
#[derive(Clone, Debug)]
pub struct Iter<'a>(std::slice::Iter<'a, (String, Value)>);

impl<'a> Iterator for Iter<'a> {
    type Item = (&'a String, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(name, value)| (name, value))
    }
}
