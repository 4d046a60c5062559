//! The schema, version by version. A version that was released is never edited: a change is a new one.

use sqlx::{
    SqlSafeStr, SqliteConnection,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};
use std::borrow::Cow;

const VERSIONS: [(i64, &str, &str); 2] = [
    (1, "plans, runs, record", include_str!("0001.sql")),
    (2, "mode, person and subject of runs", include_str!("0002.sql")),
];

/// Brings the schema up to date.
pub(super) async fn run(connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    let migrations = VERSIONS
        .iter()
        .map(|(version, description, sql)| {
            Migration::new(
                *version,
                Cow::Borrowed(*description),
                MigrationType::Simple,
                SqlSafeStr::into_sql_str(*sql),
                false,
            )
        })
        .collect();
    Migrator::with_migrations(migrations).run_direct(None, connection, false).await
}
