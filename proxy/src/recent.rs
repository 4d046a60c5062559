//! Lists that were read a moment ago. Some clouds give a list only as a whole, ten thousand rows at a time, and allow few
//! reads in a second: whoever types into a search, or asks for the next page, goes on in the list that was just read.

use crate::{
    asking::AskError,
    choices::{All, Pages, rows},
    profile::Profile,
};
use serde_json::{Map, Value};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How long a list is good for searching in it. Opening it reads it anew.
const GOOD_FOR: Duration = Duration::from_secs(30);
/// So many lists are kept for a profile; they can be large.
const MOST: usize = 4;

/// The lists that a profile has read.
#[derive(Default)]
pub struct Recent {
    kept: Mutex<Vec<Kept>>,
}

struct Kept {
    id: String,
    parameters: Map<String, Value>,
    moment: Moment,
    read_at: Instant,
    body: Arc<Value>,
}

impl Kept {
    fn is_good(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.read_at) < GOOD_FOR
    }
}

/// What must not have changed since a list was read: how often somebody moved the simulated clouds, and how often this
/// profile changed something.
type Moment = (u64, u64);

impl Recent {
    fn find(
        &self,
        id: &str,
        parameters: &Map<String, Value>,
        moment: Moment,
        now: Instant,
    ) -> Option<Arc<Value>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |kept: &Kept| {
            kept.id == id && kept.parameters == *parameters && kept.moment == moment && kept.is_good(now)
        };
        // What is used goes last, so that a list that was only glanced at is dropped before one that is searched.
        let found = kept.iter().position(is_it)?;
        let found = kept.remove(found);
        let body = Arc::clone(&found.body);
        kept.push(found);
        Some(body)
    }

    fn keep(&self, new: Kept) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|old| {
            old.moment == new.moment
                && old.is_good(new.read_at)
                && (old.id != new.id || old.parameters != new.parameters)
        });
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push(new);
    }
}

impl Profile {
    /// Reads a list for a person to choose from. `goes_on` says that the person goes on in a list that was shown: then
    /// the one that was just read is good enough.
    ///
    /// # Errors
    /// As [`AskError`] says.
    pub async fn ask_for_list(
        &self,
        id: &str,
        parameters: Map<String, Value>,
        goes_on: bool,
    ) -> Result<Arc<Value>, AskError> {
        let moment = self.moment();
        if goes_on && let Some(body) = self.recent.find(id, &parameters, moment, self.instant()) {
            return Ok(body);
        }
        let body = Arc::new(self.ask(id, &parameters).await?);
        self.keep(id.to_owned(), parameters, moment, &body);
        Ok(body)
    }

    /// Reads a list page by page, and keeps it as one; `parameters` ask for its first page.
    ///
    /// # Errors
    /// As [`AskError`] says.
    pub async fn ask_for_whole_list(
        &self,
        id: &str,
        parameters: Map<String, Value>,
        pages: Pages,
        goes_on: bool,
    ) -> Result<Arc<Value>, AskError> {
        let moment = self.moment();
        // The first page alone may be kept, too.
        let name = format!("{id} whole");
        if goes_on && let Some(body) = self.recent.find(&name, &parameters, moment, self.instant()) {
            return Ok(body);
        }
        let (mut found, mut asked, mut cut) = (Vec::new(), parameters.clone(), false);
        for page in 1..=pages.most {
            let mut body = self.ask(id, &asked).await?;
            let is_empty = rows(&body, pages.rows).is_empty();
            if let Some(Value::Array(rows)) = body.pointer_mut(pages.rows) {
                found.append(rows);
            }
            if is_empty || !(pages.turn)(&mut asked, &body, found.len()) {
                break;
            }
            cut = page == pages.most;
        }
        let body = Arc::new(All::keep(found, cut));
        self.keep(name, parameters, moment, &body);
        Ok(body)
    }

    fn keep(&self, id: String, parameters: Map<String, Value>, moment: Moment, body: &Arc<Value>) {
        let read_at = self.instant();
        self.recent.keep(Kept { id, parameters, moment, read_at, body: Arc::clone(body) });
    }

    fn moment(&self) -> Moment {
        (self.moves().map_or(0, |moves| *moves.borrow()), self.upstream.changes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::sync::LazyLock;

    fn kept(id: &str, region: &str, moment: Moment) -> Kept {
        let parameters = Map::from_iter([("RegionId".to_owned(), json!(region))]);
        Kept { id: id.to_owned(), parameters, moment, read_at: start(), body: Arc::new(json!(region)) }
    }

    /// One instant for all tests.
    fn start() -> Instant {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        *START
    }

    fn find(recent: &Recent, region: &str, moment: Moment) -> Option<String> {
        find_at(recent, region, moment, start())
    }

    fn find_at(recent: &Recent, region: &str, moment: Moment, now: Instant) -> Option<String> {
        let parameters = Map::from_iter([("RegionId".to_owned(), json!(region))]);
        recent.find("list", &parameters, moment, now).map(|body| body.to_string())
    }

    #[test]
    fn a_list_is_good_until_something_moves_and_few_are_kept() {
        let recent = Recent::default();
        recent.keep(kept("list", "a", (0, 0)));
        assert_eq!(find(&recent, "a", (0, 0)).as_deref(), Some("\"a\""));
        assert_eq!(find(&recent, "b", (0, 0)), None);
        assert_eq!(find(&recent, "a", (1, 0)), None, "the clock or the scenario moved");
        assert_eq!(find(&recent, "a", (0, 1)), None, "something was changed");
        for region in ["b", "c", "d"] {
            recent.keep(kept("list", region, (0, 0)));
        }
        assert!(find(&recent, "a", (0, 0)).is_some(), "it is in use");
        recent.keep(kept("list", "e", (0, 0)));
        assert_eq!(find(&recent, "b", (0, 0)), None, "it was not used for longest");
        assert!(find(&recent, "a", (0, 0)).is_some() && find(&recent, "c", (0, 0)).is_some());
        recent.keep(kept("list", "e", (0, 1)));
        assert_eq!(recent.kept.lock().unwrap().len(), 1, "what is out of date is not kept");
    }

    #[test]
    fn an_old_list_is_read_anew() {
        let recent = Recent::default();
        recent.keep(kept("list", "a", (0, 0)));
        let just = start() + GOOD_FOR - Duration::from_millis(1);
        assert!(find_at(&recent, "a", (0, 0), just).is_some());
        assert_eq!(find_at(&recent, "a", (0, 0), start() + GOOD_FOR), None);
    }
}
