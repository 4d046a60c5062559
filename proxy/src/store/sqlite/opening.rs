//! Opens the file of a store: for its owner only, for one server at a time, in the schema of this version, with what a
//! crash left open settled.

use super::{
    SqliteStore,
    fault::{self, Doubt, Place},
    migrations,
    writer::Writer,
};
use crate::{
    error::text,
    run::{Failure, State, Step},
    store::{RunFilter, Store, StoreError},
};
use futures_util::FutureExt;
use jiff::Timestamp;
use sqlx::{
    Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{fs::File, path::Path, sync::Arc, time::Duration};

/// Why a store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or the lock file cannot be made.
    #[error("{0}")]
    File(std::io::Error),
    /// Another server holds it.
    #[error("another upgrade-proxy is using this store; one store has one server")]
    Locked,
    /// SQLite cannot open it.
    #[error("{} ({error})", fault::what_to_do(fault::cause(error)))]
    Database {
        /// In SQLite's words.
        #[from]
        error: sqlx::Error,
    },
    /// SQLite cannot bring its schema up to date, or it is of another version.
    #[error("{0}")]
    Migration(sqlx::migrate::MigrateError),
    /// What a crash left open cannot be settled.
    #[error("{}", fault::what_to_do(*.0))]
    Unsettled(StoreError),
}

impl From<sqlx::migrate::MigrateError> for OpenError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        use sqlx::migrate::MigrateError;
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            other => Self::Migration(other),
        }
    }
}

impl SqliteStore {
    /// Opens or makes the store, brings its schema up to date, and settles what a crash left open.
    ///
    /// # Errors
    /// When it is in use, unreadable, read-only or of another version.
    pub async fn open(path: &Path, now: Timestamp) -> Result<Self, OpenError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            make_folder(folder).map_err(OpenError::File)?;
        }
        let lock = lock(path)?;
        make_file(path).map_err(OpenError::File)?;
        let place = Place::new(path).map_err(OpenError::File)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(2));
        let mut connection = SqliteConnection::connect_with(&options).await?;
        migrations::run(&mut connection).await?;
        let doubt = Arc::new(Doubt::default());
        let reads = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(5))
            // There is no line to the file that could have broken; asking would take as long as reading.
            .test_before_acquire(false)
            .before_acquire({
                let doubt = Arc::clone(&doubt);
                move |_, connection| {
                    let keep = !doubt.is_about(connection.age);
                    async move { Ok(keep) }.boxed()
                }
            })
            .connect_with(options.clone().create_if_missing(false))
            .await?;
        let writer = Writer::start(connection, options, place, Arc::clone(&doubt));
        let store = Self { reads, writer, doubt, _lock: lock };
        store.settle_after_crash(now).await.map_err(OpenError::Unsettled)?;
        Ok(store)
    }

    /// A run that was being sent when the server died may have reached the cloud; one that was only confirmed did
    /// not, because `sent` is on disk before the first byte leaves (promise 4).
    async fn settle_after_crash(&self, now: Timestamp) -> Result<(), StoreError> {
        for state in [State::Confirmed, State::Sent] {
            let filter = RunFilter { state: Some(state), limit: usize::MAX >> 1, ..RunFilter::default() };
            for run in self.runs(&filter).await? {
                let step = match state {
                    // A run that was set back for a resend had been sent before.
                    State::Confirmed if run.sent_at.is_none() => Step::to(
                        State::NotSent,
                        text("Nothing was sent: the console stopped first.", "没有发送：控制台先停止了。"),
                    ),
                    _ => Step {
                        failure: Some(Failure::Cut),
                        ..Step::to(
                            State::Unknown,
                            text(
                                "The console stopped while the call was under way. Whether the cloud acted is not known.",
                                "控制台在调用过程中停止，云端是否已执行尚不可知。",
                            ),
                        )
                    },
                };
                self.step(&run.id, Some(state), step, now).await?;
            }
        }
        Ok(())
    }
}

/// Histories of upgrades are nobody else's business: what is made here is for its owner only.
fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn make_file(path: &Path) -> std::io::Result<()> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}

fn lock(path: &Path) -> Result<File, OpenError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file =
        File::options().create(true).truncate(false).write(true).open(name).map_err(OpenError::File)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(OpenError::Locked),
        Err(std::fs::TryLockError::Error(error)) => Err(OpenError::File(error)),
    }
}
