//! Plans, runs and the record in one SQLite file. What is answered is on disk: writers share a commit, and each is
//! answered after it (WAL, `synchronous=FULL`). The queries and the tables keep to what PostgreSQL has, too; what fills
//! columns of a store that is brought up to date (`0002.sql`) is SQLite's, as no PostgreSQL store is as old as that.

mod fault;
mod inspection;
mod migrations;
mod opening;
mod writer;

pub use inspection::inspect;
pub use opening::OpenError;

use super::{Begin, Revision, RunFilter, Store, StoreError};
use crate::{
    config::Mode,
    plan::{DryRun, Needs, Plan, PlanKind},
    record::{Entry, Kind, Recorded},
    run::{Known, Run, State, Step},
};
use fault::Doubt;
use futures_util::{FutureExt, future::BoxFuture};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, SqlitePool};
use std::{fs::File, sync::Arc};
use writer::Writer;

/// See the module.
pub struct SqliteStore {
    reads: SqlitePool,
    writer: Writer,
    doubt: Arc<Doubt>,
    // Held as long as the store is open; the lock goes with it.
    _lock: File,
}

impl SqliteStore {
    fn failed(&self, error: &sqlx::Error) -> StoreError {
        self.doubt.read_failed(error);
        let cause = fault::cause(error);
        tracing::error!(%error, ?cause, "the store cannot be read");
        cause
    }

    async fn one<T: DeserializeOwned>(&self, sql: &'static str, key: &str) -> Result<Option<T>, StoreError> {
        let row = sqlx::query(sql)
            .bind(key)
            .fetch_optional(&self.reads)
            .await
            .map_err(|error| self.failed(&error))?;
        row.map(|row| from_json(&row.try_get::<String, _>(0).map_err(unlike)?)).transpose()
    }
}

/// A row that has been read is not what this program writes.
fn unlike(error: sqlx::Error) -> StoreError {
    tracing::error!(%error, "the store holds what this version cannot read");
    StoreError::Corrupt
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| {
        tracing::error!(%error, "the store holds what this version cannot read");
        StoreError::Corrupt
    })
}

fn to_json<T: Serialize>(value: &T) -> Result<String, sqlx::Error> {
    serde_json::to_string(value).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

impl Store for SqliteStore {
    fn insert_plan(&self, plan: Plan) -> BoxFuture<'_, Result<(), StoreError>> {
        self.writer.write(move |connection| {
            async move {
                sqlx::query(
                    "INSERT INTO plans (id, operation, profile, client_token, payload_hash, created_at, body) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7)",
                )
                .bind(&plan.id)
                .bind(&plan.operation)
                .bind(&plan.profile)
                .bind(plan.client_token.as_deref())
                .bind(&plan.intent_hash)
                .bind(plan.created_at.as_millisecond())
                .bind(to_json(&plan)?)
                .execute(connection)
                .await?;
                Ok(())
            }
            .boxed()
        })
    }

    fn plan<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Plan>, StoreError>> {
        self.one(PLAN, id).boxed()
    }

    fn plan_with_token<'a>(
        &'a self,
        profile: &'a str,
        token: &'a str,
        payload_hash: &'a str,
    ) -> BoxFuture<'a, Result<Option<String>, StoreError>> {
        async move {
            let row = sqlx::query("SELECT id FROM plans WHERE profile = $1 AND client_token = $2 AND payload_hash <> $3 LIMIT 1")
                .bind(profile)
                .bind(token)
                .bind(payload_hash)
                .fetch_optional(&self.reads)
                .await.map_err(|error| self.failed(&error))?;
            row.map(|row| row.try_get(0).map_err(unlike)).transpose()
        }
        .boxed()
    }

    fn revise_plan<'a>(
        &'a self,
        plan: &'a str,
        revision: Revision,
    ) -> BoxFuture<'a, Result<Option<Plan>, StoreError>> {
        let id = plan.to_owned();
        self.writer.write(move |connection| {
            async move {
                let Some(mut plan) = load::<Plan>(connection, PLAN, &id).await? else { return Ok(None) };
                // What was confirmed stays as it was seen, and following needs what was known before the call.
                if load::<Run>(connection, "SELECT body FROM runs WHERE plan = $1", &id).await?.is_some() {
                    return Ok(Some(plan));
                }
                // A dry run may have passed meanwhile; asking again does not take that back.
                let passed = plan.dry_run.as_ref().is_some_and(|dry_run| dry_run.passed);
                plan.current = revision.current;
                plan.review = revision.review;
                plan.payload_hash = plan.hash_of_what_is_seen();
                plan.needs = Needs { reason: revision.needs.reason && !passed, ..revision.needs };
                save_plan(connection, &plan).await?;
                Ok(Some(plan))
            }
            .boxed()
        })
    }

    fn set_dry_run<'a>(
        &'a self,
        plan: &'a str,
        dry_run: DryRun,
        needs_reason: bool,
    ) -> BoxFuture<'a, Result<Option<Plan>, StoreError>> {
        let id = plan.to_owned();
        self.writer.write(move |connection| {
            async move {
                let Some(mut plan) = load::<Plan>(connection, PLAN, &id).await? else { return Ok(None) };
                plan.needs.reason = needs_reason;
                plan.dry_run = Some(dry_run);
                save_plan(connection, &plan).await?;
                Ok(Some(plan))
            }
            .boxed()
        })
    }

    fn begin(&self, run: Run) -> BoxFuture<'_, Result<Begin, StoreError>> {
        self.writer.write(move |connection| begin(connection, run).boxed())
    }

    fn step<'a>(
        &'a self,
        run: &'a str,
        from: Option<State>,
        step: Step,
        at: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Run>, StoreError>> {
        let id = run.to_owned();
        self.writer.write(move |connection| {
            async move {
                let Some(mut run) = load::<Run>(connection, RUN, &id).await? else { return Ok(None) };
                if from.is_some_and(|from| from != run.state) {
                    return Ok(None);
                }
                let by = step.by.clone();
                run.apply(step, at);
                save(connection, &run).await?;
                let entry = Entry::of(&run, Kind::Step, at);
                let entry = match &by {
                    Some(by) => entry.by(by),
                    None => entry,
                };
                append(connection, &entry).await?;
                if let Some(undoes) = &run.undoes
                    && let Some(mut first) = load::<Run>(connection, RUN, &undoes.run).await?
                {
                    let state = first.state;
                    if first.undone(&run, at) {
                        save(connection, &first).await?;
                        // It goes on as before; who should have taken it back has let go of the instance.
                        hold(connection, &first, first.blocks_instance()).await?;
                        if first.state != state {
                            append(connection, &Entry::of(&first, Kind::Step, at)).await?;
                        }
                    }
                }
                Ok(Some(run))
            }
            .boxed()
        })
    }

    fn learn<'a>(
        &'a self,
        run: &'a str,
        known: Known,
        at: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Run>, StoreError>> {
        let id = run.to_owned();
        self.writer.write(move |connection| {
            async move {
                let Some(mut run) = load::<Run>(connection, RUN, &id).await? else { return Ok(None) };
                run.learn(known, at);
                save(connection, &run).await?;
                Ok(Some(run))
            }
            .boxed()
        })
    }

    fn run<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Run>, StoreError>> {
        self.one(RUN, id).boxed()
    }

    fn run_of_plan<'a>(&'a self, plan: &'a str) -> BoxFuture<'a, Result<Option<Run>, StoreError>> {
        self.one("SELECT body FROM runs WHERE plan = $1", plan).boxed()
    }

    fn runs<'a>(&'a self, filter: &'a RunFilter) -> BoxFuture<'a, Result<Vec<Run>, StoreError>> {
        async move {
            // Found by columns that one index holds, so that only the bodies of the page itself are read: looking for
            // words goes through all runs.
            let mut query = QueryBuilder::<Sqlite>::new(
                "SELECT body FROM runs WHERE id IN (SELECT id FROM runs WHERE 1 = 1",
            );
            for (column, value) in [
                (" AND id < ", filter.before.as_deref()),
                (" AND operation = ", filter.operation.as_deref()),
                (" AND profile = ", filter.profile.as_deref()),
                (" AND state = ", filter.state.map(State::as_str)),
                (" AND mode = ", filter.mode.map(Mode::as_str)),
                (" AND user_name = ", filter.user.as_deref()),
                (" AND instance = ", filter.instance.as_deref()),
            ] {
                if let Some(value) = value {
                    query.push(column).push_bind(value.to_owned());
                }
            }
            if let Some(words) = &filter.text {
                let escaped =
                    words.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
                query.push(" AND search LIKE ").push_bind(format!("%{escaped}%")).push(" ESCAPE '\\'");
            }
            query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::try_from(filter.limit).unwrap_or(i64::MAX));
            query.push(") ORDER BY id DESC");
            let rows = query.build().fetch_all(&self.reads).await.map_err(|error| self.failed(&error))?;
            rows.iter().map(|row| from_json(&row.try_get::<String, _>(0).map_err(unlike)?)).collect()
        }
        .boxed()
    }

    fn records(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, StoreError>> {
        async move {
            let rows = sqlx::query(
                "SELECT body, seq, previous, hash FROM records WHERE seq > $1 ORDER BY seq LIMIT $2",
            )
            .bind(after)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.reads)
            .await
            .map_err(|error| self.failed(&error))?;
            rows.iter()
                .map(|row| {
                    let entry = Recorded {
                        written: row.try_get(0).map_err(unlike)?,
                        seq: row.try_get(1).map_err(unlike)?,
                        previous: row.try_get(2).map_err(unlike)?,
                        hash: row.try_get(3).map_err(unlike)?,
                    };
                    Ok(entry)
                })
                .collect()
        }
        .boxed()
    }

    fn ready(&self) -> BoxFuture<'_, Result<(), StoreError>> {
        self.writer.write(|connection| {
            async move {
                // A write that changes nothing that anyone reads: a read would not notice a full or read-only disk.
                sqlx::query("UPDATE health SET checks = checks + 1").execute(&mut *connection).await?;
                // And a look at what every run needs, which would otherwise be met in the middle of one.
                for newest in [
                    "SELECT max(id) FROM plans",
                    "SELECT max(id) FROM runs",
                    "SELECT hash FROM records ORDER BY seq DESC LIMIT 1",
                ] {
                    sqlx::query(newest).fetch_optional(&mut *connection).await?;
                }
                Ok(())
            }
            .boxed()
        })
    }
}

async fn load<T: DeserializeOwned>(
    connection: &mut SqliteConnection,
    sql: &'static str,
    key: &str,
) -> Result<Option<T>, sqlx::Error> {
    let row = sqlx::query(sql).bind(key).fetch_optional(connection).await?;
    row.map(|row| serde_json::from_str(row.try_get(0)?).map_err(|error| sqlx::Error::Decode(Box::new(error))))
        .transpose()
}

const PLAN: &str = "SELECT body FROM plans WHERE id = $1";
const RUN: &str = "SELECT body FROM runs WHERE id = $1";

async fn save_plan(connection: &mut SqliteConnection, plan: &Plan) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE plans SET body = $2 WHERE id = $1")
        .bind(&plan.id)
        .bind(to_json(plan)?)
        .execute(connection)
        .await?;
    Ok(())
}

/// A run lets go of its instance here and never takes it: it may have handed it over.
async fn save(connection: &mut SqliteConnection, run: &Run) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE runs SET state = $2, blocks = blocks * $3, updated_at = $4, search = $5, body = $6 WHERE id = $1",
    )
    .bind(&run.id)
    .bind(run.state.as_str())
    .bind(i64::from(run.blocks_instance()))
    .bind(run.updated_at.as_millisecond())
    .bind(words_of(run))
    .bind(to_json(run)?)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether nobody else may work on the instance of a run.
async fn hold(connection: &mut SqliteConnection, run: &Run, holds: bool) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE runs SET blocks = $2 WHERE id = $1")
        .bind(&run.id)
        .bind(i64::from(holds))
        .execute(connection)
        .await?;
    Ok(())
}

/// What the free text of the history is looked for in: also what only the answer tells, for that is what a vendor's
/// support and a bill quote.
fn words_of(run: &Run) -> String {
    let answer = run.answer.as_ref();
    [&run.id, &run.operation, &run.title.en, &run.title.zh, &run.instance, &run.user]
        .into_iter()
        .chain(run.target.iter().flat_map(|target| [&target.en, &target.zh]))
        .chain(run.order_id.iter().chain(answer.and_then(|answer| answer.order_id.as_ref())))
        .chain(answer.and_then(|answer| answer.request_id.as_ref()))
        .map(|part| part.to_lowercase())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Decides in one transaction; the unique indexes hold even if this function were wrong.
async fn begin(connection: &mut SqliteConnection, run: Run) -> Result<Begin, sqlx::Error> {
    if let Some(existing) =
        load::<Run>(connection, "SELECT body FROM runs WHERE plan = $1", &run.plan).await?
    {
        return Ok(Begin::Existing(existing));
    }
    let mut taken_back = match &run.undoes {
        None => None,
        Some(undoes) => match load::<Run>(connection, RUN, &undoes.run).await? {
            Some(first) if first.undone_by.is_none() && can_be_undone(&first, run.kind) => Some(first),
            _ => return Ok(Begin::NotUndoable),
        },
    };
    // What is taken back while it is open hands its instance over, however the call that does so names it.
    let open = taken_back.as_ref().filter(|first| first.blocks_instance());
    let instance = open.map_or(&run.instance, |first| &first.instance).clone();
    let busy: Option<String> = sqlx::query_scalar(
        "SELECT id FROM runs WHERE subject = $1 AND instance = $2 AND blocks = 1 AND id <> $3 \
         AND (profile = $4 OR (mode = $5 AND (realm = $6 OR realm IS NULL))) ORDER BY id LIMIT 1",
    )
    .bind(run.subject())
    .bind(&instance)
    .bind(open.map_or("", |first| &first.id))
    .bind(&run.profile)
    .bind(run.mode.as_str())
    .bind(run.realm.as_deref())
    .fetch_optional(&mut *connection)
    .await?;
    if let Some(holder) = busy.filter(|_| run.blocks_instance()) {
        return Ok(Begin::InstanceBusy { run: holder });
    }
    if let Some(token) = &run.client_token {
        let used = sqlx::query("SELECT id FROM runs WHERE profile = $1 AND client_token = $2")
            .bind(&run.profile)
            .bind(token)
            .fetch_optional(&mut *connection)
            .await?;
        if let Some(row) = used {
            return Ok(Begin::TokenUsed { run: row.try_get(0)? });
        }
    }
    if let Some(first) = &mut taken_back {
        first.undone_by = Some(run.id.clone());
        save(connection, first).await?;
        hold(connection, first, false).await?;
    }
    sqlx::query(
        "INSERT INTO runs (id, plan, operation, profile, instance, client_token, state, blocks, created_at, updated_at, search, body, \
         mode, user_name, subject, realm) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(&run.id)
    .bind(&run.plan)
    .bind(&run.operation)
    .bind(&run.profile)
    .bind(&instance)
    .bind(run.client_token.as_deref())
    .bind(run.state.as_str())
    .bind(i64::from(run.blocks_instance()))
    .bind(run.created_at.as_millisecond())
    .bind(run.updated_at.as_millisecond())
    .bind(words_of(&run))
    .bind(to_json(&run)?)
    .bind(run.mode.as_str())
    .bind(&run.user)
    .bind(run.subject())
    .bind(run.realm.as_deref())
    .execute(&mut *connection)
    .await?;
    append(connection, &Entry::of(&run, Kind::Confirmed, run.created_at)).await?;
    Ok(Begin::Created(run))
}

/// A schedule and an unpaid order can be cancelled, and what was done can be rolled back.
fn can_be_undone(first: &Run, kind: PlanKind) -> bool {
    match kind {
        PlanKind::Upgrade => false,
        PlanKind::Cancel => first.state.is_going(),
        PlanKind::Rollback => first.state == State::Succeeded,
    }
}

/// Adds to the record; each entry holds the hash of the one before, so that none can be changed or taken out.
async fn append(connection: &mut SqliteConnection, entry: &Entry) -> Result<(), sqlx::Error> {
    let last: Option<(i64, String)> =
        sqlx::query_as("SELECT seq, hash FROM records ORDER BY seq DESC LIMIT 1")
            .fetch_optional(&mut *connection)
            .await?;
    let (seq, previous) = last.unwrap_or_default();
    let body = to_json(entry)?;
    sqlx::query("INSERT INTO records (seq, at, run, previous, hash, body) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(seq + 1)
        .bind(entry.at.as_millisecond())
        .bind(&entry.run)
        .bind(&previous)
        .bind(crate::record::chain(&previous, &body))
        .bind(body)
        .execute(connection)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{SqliteStore, append};
    use crate::{
        record::{Entry, Kind},
        run::testing::run,
        store::Store,
    };
    use futures_util::FutureExt;
    use jiff::Timestamp;

    #[tokio::test]
    async fn a_commit_is_on_disk_when_it_returns() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("runs.db"), Timestamp::UNIX_EPOCH).await.unwrap();
        let kept = store.writer.write(|connection| {
            async move {
                let mode: String =
                    sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
                let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(connection).await?;
                Ok((mode, synchronous))
            }
            .boxed()
        });
        // 2 is FULL: each commit waits for the disk (https://sqlite.org/pragma.html#pragma_synchronous).
        assert_eq!(kept.await.unwrap(), ("wal".to_owned(), 2));
    }

    #[tokio::test]
    async fn entries_of_the_record_are_numbered_by_the_program_and_not_by_sqlite() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("runs.db"), Timestamp::UNIX_EPOCH).await.unwrap();
        let numbered = store.writer.write(|connection| {
            async move {
                // As in PostgreSQL, where a number that is not given is missing.
                for sql in [
                    "DROP TABLE records",
                    "CREATE TABLE records (seq BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, run TEXT NOT NULL, \
                     previous TEXT NOT NULL, hash TEXT NOT NULL UNIQUE, body TEXT NOT NULL)",
                ] {
                    sqlx::query(sql).execute(&mut *connection).await?;
                }
                for kind in [Kind::Confirmed, Kind::Step, Kind::Step] {
                    append(connection, &Entry::of(&run(), kind, Timestamp::UNIX_EPOCH)).await?;
                }
                Ok(())
            }
            .boxed()
        });
        numbered.await.unwrap();
        let record = store.records(0, 10).await.unwrap();
        assert_eq!(record.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(record[2].previous, record[1].hash);
    }
}
