//! Looks through a store without changing it, for `upgrade-proxy check`; a server may be using it meanwhile.

use super::fault;
use crate::record::Recorded;
use sqlx::{Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{fmt, path::Path};

/// So many entries of the record are read at a time.
const PAGE: i64 = 1_000;

/// What a store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inventory {
    /// Runs.
    pub runs: i64,
    /// Entries of the record.
    pub entries: i64,
}

impl fmt::Display for Inventory {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} runs, {} entries in the record, each as it was written", self.runs, self.entries)
    }
}

/// Looks through the store at a path: every page of the file, every entry of the record. `None` when there is none yet.
///
/// # Errors
/// What is wrong, in words.
pub async fn inspect(path: &Path) -> Result<Option<Inventory>, String> {
    if !path.try_exists().map_err(|error| error.to_string())? {
        return Ok(None);
    }
    let words = |error: sqlx::Error| format!("{} ({error})", fault::what_to_do(fault::cause(&error)));
    let options = SqliteConnectOptions::new().filename(path).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(words)?;
    let found: String =
        sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut connection).await.map_err(words)?;
    if found != "ok" {
        return Err(format!("{} ({found})", fault::what_to_do(crate::store::StoreError::Corrupt)));
    }
    let runs =
        sqlx::query_scalar("SELECT count(*) FROM runs").fetch_one(&mut connection).await.map_err(words)?;
    let mut before =
        Recorded { seq: 0, written: String::new(), previous: String::new(), hash: String::new() };
    loop {
        let rows =
            sqlx::query("SELECT seq, body, previous, hash FROM records WHERE seq > $1 ORDER BY seq LIMIT $2")
                .bind(before.seq)
                .bind(PAGE)
                .fetch_all(&mut connection)
                .await
                .map_err(words)?;
        if rows.is_empty() {
            return Ok(Some(Inventory { runs, entries: before.seq }));
        }
        for row in rows {
            let get = |column| row.try_get::<String, _>(column).map_err(words);
            let entry = Recorded {
                seq: row.try_get(0).map_err(words)?,
                written: get(1)?,
                previous: get(2)?,
                hash: get(3)?,
            };
            if entry.seq != before.seq + 1 || !entry.follows(&before.hash) {
                return Err(format!(
                    "entry {} of its record is not what was written, or one before it was taken out",
                    entry.seq
                ));
            }
            before = entry;
        }
    }
}
