//! One task writes. What waits together is committed together, so that a busy moment costs one fsync and not one for
//! each; everybody is answered after the commit and never before.

use super::{
    StoreError,
    fault::{Doubt, Place},
};
use futures_util::future::BoxFuture;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

/// At most so many writes share a commit.
const BATCH: usize = 64;
/// At most so many wait; beyond that a write is refused, because nobody would wait for it.
const QUEUE: usize = 1_024;

type Answer = Box<dyn FnOnce() + Send>;
type Work =
    Box<dyn for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<Answer, sqlx::Error>> + Send>;

/// What somebody wants written, and how to say that it cannot be.
struct Job {
    work: Work,
    refuse: oneshot::Sender<StoreError>,
}

/// Hands writes to the task.
pub(super) struct Writer {
    queue: mpsc::Sender<Job>,
}

impl Writer {
    pub(super) fn start(
        connection: SqliteConnection,
        options: SqliteConnectOptions,
        place: Place,
        doubt: Arc<Doubt>,
    ) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(connection, options, place, doubt, waiting));
        Self { queue }
    }

    /// Does the work in a transaction and gives its result once that is on disk.
    pub(super) fn write<T, F>(&self, work: F) -> BoxFuture<'_, Result<T, StoreError>>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let (refuse, refused) = oneshot::channel();
        let work: Work = Box::new(move |connection| {
            Box::pin(async move {
                let value = work(connection).await?;
                Ok(Box::new(move || {
                    // Nobody waiting any more is no fault.
                    let _ = sender.send(value);
                }) as Answer)
            })
        });
        Box::pin(async move {
            self.queue.send(Job { work, refuse }).await.map_err(|_| StoreError::Other)?;
            match receiver.await {
                Ok(value) => Ok(value),
                // Dropped without an answer: the work or the commit failed, and why comes the other way.
                Err(_) => Err(refused.await.unwrap_or(StoreError::Other)),
            }
        })
    }
}

async fn write_all(
    mut connection: SqliteConnection,
    options: SqliteConnectOptions,
    place: Place,
    doubt: Arc<Doubt>,
    mut waiting: mpsc::Receiver<Job>,
) {
    let mut in_doubt = false;
    while let Some(first) = waiting.recv().await {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = waiting.try_recv()
        {
            batch.push(next);
        }
        let (works, refusals): (Vec<_>, Vec<_>) = batch.into_iter().map(|job| (job.work, job.refuse)).unzip();
        let told = |error: sqlx::Error| {
            doubt.note(&error);
            let cause = place.cause(&error);
            tracing::error!(%error, ?cause, "the store cannot be written; nothing was sent on the strength of it");
            cause
        };
        let outcomes = async {
            place.is_there()?;
            if in_doubt || doubt.is_damaged() {
                // A fault can pass: a fresh connection believes nothing that was read before.
                connection = SqliteConnection::connect_with(&options).await.map_err(told)?;
            }
            doubt.check(&mut connection).await?;
            commit(&mut connection, works, told).await.map_err(told)
        }
        .await;
        in_doubt = outcomes.as_ref().map_or(true, |outcomes| outcomes.iter().any(Result::is_err));
        match outcomes {
            Ok(outcomes) => {
                for (outcome, refuse) in outcomes.into_iter().zip(refusals) {
                    match outcome {
                        Ok(answer) => answer(),
                        Err(cause) => {
                            let _ = refuse.send(cause);
                        }
                    }
                }
            }
            Err(cause) => {
                for refuse in refusals {
                    let _ = refuse.send(cause);
                }
            }
        }
    }
}

async fn commit(
    connection: &mut SqliteConnection,
    works: Vec<Work>,
    told: impl Fn(sqlx::Error) -> StoreError,
) -> Result<Vec<Result<Answer, StoreError>>, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut outcomes = Vec::with_capacity(works.len());
    for work in works {
        // One that fails takes back its own writes only.
        let mut savepoint = transaction.begin().await?;
        match work(&mut savepoint).await {
            Ok(answer) => {
                savepoint.commit().await?;
                outcomes.push(Ok(answer));
            }
            Err(error) => {
                // SQLite may have taken back everything already; then its own reason is worth more than that.
                if savepoint.rollback().await.is_err() {
                    return Err(error);
                }
                outcomes.push(Err(told(error)));
            }
        }
    }
    transaction.commit().await?;
    Ok(outcomes)
}

#[cfg(test)]
mod tests {
    use super::Writer;
    use crate::store::{
        StoreError,
        sqlite::fault::{Doubt, Place},
    };
    use futures_util::{FutureExt, future::join_all};
    use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
    use tempfile::TempDir;
    use tokio::sync::oneshot;

    /// A writer on a file with one table, and how often it has committed.
    async fn counted() -> (Writer, Arc<AtomicUsize>, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        for sql in ["CREATE TABLE health (checks BIGINT)", "CREATE TABLE numbers (n BIGINT)"] {
            sqlx::query(sql).execute(&mut connection).await.unwrap();
        }
        let commits = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&commits);
        connection.lock_handle().await.unwrap().set_commit_hook(move || {
            counter.fetch_add(1, Ordering::Relaxed);
            true
        });
        let writer =
            Writer::start(connection, options, Place::new(&path).unwrap(), Arc::new(Doubt::default()));
        (writer, commits, folder)
    }

    async fn insert(writer: &Writer, n: i64) -> Result<(), StoreError> {
        let write = writer.write(move |connection| {
            async move {
                sqlx::query("INSERT INTO numbers VALUES ($1)").bind(n).execute(&mut *connection).await?;
                if n < 0 {
                    sqlx::query("INSERT INTO nowhere VALUES (1)").execute(connection).await?;
                }
                Ok(())
            }
            .boxed()
        });
        write.await
    }

    async fn sum(writer: &Writer) -> i64 {
        let read = writer.write(|connection| {
            sqlx::query_scalar("SELECT sum(n) FROM numbers").fetch_one(connection).boxed()
        });
        read.await.unwrap()
    }

    #[tokio::test]
    async fn writes_that_wait_together_share_a_commit() {
        let (writer, commits, _folder) = counted().await;
        let (open, gate) = oneshot::channel::<()>();
        let (entered, inside) = oneshot::channel();
        // One holds the task until the others wait.
        let first = writer.write(move |_| {
            async move {
                let _ = entered.send(());
                let _ = gate.await;
                Ok(())
            }
            .boxed()
        });
        let others = async {
            inside.await.unwrap();
            let mut others: Vec<_> = (1..=50).map(|n| insert(&writer, n).boxed()).collect();
            // Each is asked once, so that all of them are in the queue before the gate opens.
            for other in &mut others {
                assert!(other.now_or_never().is_none(), "nobody is answered before the commit");
            }
            open.send(()).unwrap();
            join_all(others).await
        };
        let (first, others) = futures_util::future::join(first, others).await;
        first.unwrap();
        assert!(others.into_iter().all(|answer| answer.is_ok()));
        // One for who held the task, one for the fifty.
        assert_eq!(commits.load(Ordering::Relaxed), 2);
        assert_eq!(sum(&writer).await, (1..=50).sum::<i64>());
    }

    #[tokio::test]
    async fn one_that_fails_takes_back_its_own_writes_only() {
        let (writer, _, _folder) = counted().await;
        let answers = join_all([1, -100, 2].map(|n| insert(&writer, n))).await;
        let fine: Vec<_> = answers.iter().map(Result::is_ok).collect();
        assert_eq!((fine, sum(&writer).await), (vec![true, false, true], 3));
    }
}
