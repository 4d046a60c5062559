//! Why SQLite cannot do its work, told apart as far as the person who has to act needs it.

use crate::store::StoreError;
use sqlx::SqliteConnection;
use std::{
    fs::{self, File, Metadata},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// One page of SQLite, and what goes with it in the write-ahead log.
const A_WRITE: usize = 8 * 1024;

/// What SQLite's own code says. Codes: <https://www.sqlite.org/rescode.html>.
pub(super) fn cause(error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Io(error) => of_file(error),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => StoreError::Corrupt,
        _ => match code(error).map(|code| (code, code & 0xff)) {
            // Busy, and locked by a connection of this process.
            Some((_, 5 | 6)) => StoreError::Locked,
            Some((1032, _)) => StoreError::Moved,
            Some((_, 8)) => StoreError::ReadOnly,
            Some((_, 13)) => StoreError::Full,
            // Malformed, and not a database at all.
            Some((_, 11 | 26)) => StoreError::Corrupt,
            _ => StoreError::Other,
        },
    }
}

/// For whoever starts the server.
pub(super) fn what_to_do(cause: StoreError) -> &'static str {
    match cause {
        StoreError::Full => "there is no room for it; make room, then start again",
        StoreError::ReadOnly => "it can be read but not written; let this user write the file and its folder",
        StoreError::Locked => "another program holds it; end that program's use of it, then start again",
        StoreError::Corrupt => {
            "it is damaged; restore it from a backup, or move it away to begin with an empty history"
        }
        StoreError::Moved => "it is not there any more; put it back",
        StoreError::Other => "it cannot be used",
    }
}

fn code(error: &sqlx::Error) -> Option<u32> {
    error.as_database_error()?.code()?.parse().ok()
}

fn of_file(error: &io::Error) -> StoreError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => StoreError::Full,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => StoreError::ReadOnly,
        ErrorKind::NotFound => StoreError::Moved,
        _ => StoreError::Other,
    }
}

/// What was found wrong, for those who come after: neither a connection that has read a damaged page nor a file that has
/// one is used as if nothing had been.
#[derive(Default)]
pub(super) struct Doubt {
    damaged: AtomicBool,
    read_failed: Mutex<Option<Instant>>,
}

impl Doubt {
    /// Takes note of what a read has met.
    pub(super) fn read_failed(&self, error: &sqlx::Error) {
        *self.read_failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.note(error);
    }

    /// Takes note of a damaged file.
    pub(super) fn note(&self, error: &sqlx::Error) {
        if code(error).is_some() && cause(error) == StoreError::Corrupt {
            self.damaged.store(true, Ordering::Release);
        }
    }

    /// Whether a connection of this age may have read what was wrong.
    pub(super) fn is_about(&self, age: Duration) -> bool {
        let failed = *self.read_failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_some_and(|at| age >= at.elapsed())
    }

    pub(super) fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Acquire)
    }

    /// A file that was damaged is written again only after SQLite has looked through all of it.
    pub(super) async fn check(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        if !self.is_damaged() {
            return Ok(());
        }
        let found: Result<String, _> =
            sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(connection).await;
        if !found.is_ok_and(|found| found == "ok") {
            return Err(StoreError::Corrupt);
        }
        tracing::info!("the store is whole again");
        self.damaged.store(false, Ordering::Release);
        Ok(())
    }
}

/// The file of a store, as it was when it was opened.
pub(super) struct Place {
    path: PathBuf,
    opened: Metadata,
}

impl Place {
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), opened: fs::metadata(path)? })
    }

    /// Whether the file is still where it was: what is written to one that was moved or deleted is lost with it.
    pub(super) fn is_there(&self) -> Result<(), StoreError> {
        let now = fs::metadata(&self.path).map_err(|error| of_file(&error))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            if (now.dev(), now.ino()) != (self.opened.dev(), self.opened.ino()) {
                return Err(StoreError::Moved);
            }
        }
        Ok(())
    }

    /// As [`cause`]; where SQLite only knows that a write failed, the file system is asked why.
    pub(super) fn cause(&self, error: &sqlx::Error) -> StoreError {
        match code(error).map(|code| code & 0xff) {
            // Input or output failed; cannot be opened.
            Some(10 | 14) => self.probe().map_or_else(|error| of_file(&error), |()| StoreError::Other),
            _ => cause(error),
        }
    }

    /// Does what SQLite does when it writes.
    fn probe(&self) -> io::Result<()> {
        File::options().append(true).open(&self.path)?;
        let log = self.beside("-wal");
        let longest = [&self.path, &log].map(|path| fs::metadata(path).map_or(0, |file| file.len()));
        #[cfg(unix)]
        if let Ok((most, _)) = rlimit::getrlimit(rlimit::Resource::FSIZE)
            && longest.iter().any(|length| length.saturating_add(A_WRITE as u64) > most)
        {
            return Err(ErrorKind::FileTooLarge.into());
        }
        let probe = self.beside("-probe");
        let written = File::create(&probe).and_then(|mut file| {
            file.write_all(&[0; A_WRITE])?;
            file.sync_all()
        });
        let _ = fs::remove_file(&probe);
        written
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = self.path.as_os_str().to_owned();
        name.push(suffix);
        name.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sqlx::{Connection, Executor};

    /// What SQLite says to a row when `setting` is on.
    async fn refusal(setting: &'static str) -> sqlx::Error {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        connection.execute("CREATE TABLE t (x TEXT)").await.unwrap();
        connection.execute(setting).await.unwrap();
        connection.execute("INSERT INTO t VALUES (hex(zeroblob(100000)))").await.unwrap_err()
    }

    #[tokio::test]
    async fn sqlites_own_words_are_understood() {
        assert_eq!(cause(&refusal("PRAGMA max_page_count = 2").await), StoreError::Full);
        assert_eq!(cause(&refusal("PRAGMA query_only = 1").await), StoreError::ReadOnly);
    }

    #[test]
    fn what_the_file_system_says_is_understood() {
        for (kind, expected) in [
            (ErrorKind::StorageFull, StoreError::Full),
            (ErrorKind::QuotaExceeded, StoreError::Full),
            (ErrorKind::FileTooLarge, StoreError::Full),
            (ErrorKind::ReadOnlyFilesystem, StoreError::ReadOnly),
            (ErrorKind::PermissionDenied, StoreError::ReadOnly),
            (ErrorKind::NotFound, StoreError::Moved),
            (ErrorKind::TimedOut, StoreError::Other),
        ] {
            assert_eq!(of_file(&kind.into()), expected, "{kind}");
        }
    }
}
