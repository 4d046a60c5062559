//! One task writes. What waits together is committed together, so that a busy moment costs one fsync and not one for
//! each; everybody is answered after the commit and never before.

use super::StoreError;
use futures_util::future::BoxFuture;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use tokio::sync::{mpsc, oneshot};

/// At most so many writes share a commit.
const BATCH: usize = 64;
/// At most so many wait; beyond that a write is refused, because nobody would wait for it.
const QUEUE: usize = 1_024;

type Answer = Box<dyn FnOnce() + Send>;
type Work =
    Box<dyn for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<Answer, sqlx::Error>> + Send>;

/// Hands writes to the task.
pub(super) struct Writer {
    queue: mpsc::Sender<Work>,
}

impl Writer {
    pub(super) fn start(connection: SqliteConnection, options: SqliteConnectOptions) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(connection, options, waiting));
        Self { queue }
    }

    /// Does the work in a transaction and gives its result once that is on disk.
    pub(super) fn write<T, F>(&self, work: F) -> BoxFuture<'_, Result<T, StoreError>>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, Result<T, sqlx::Error>> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
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
            self.queue.send(work).await.map_err(|_| StoreError)?;
            // Dropped without an answer: the work or the commit failed.
            receiver.await.map_err(|_| StoreError)
        })
    }
}

async fn write_all(
    mut connection: SqliteConnection,
    options: SqliteConnectOptions,
    mut waiting: mpsc::Receiver<Work>,
) {
    while let Some(first) = waiting.recv().await {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = waiting.try_recv()
        {
            batch.push(next);
        }
        match commit(&mut connection, batch).await {
            Ok(answers) => answers.into_iter().for_each(|answer| answer()),
            Err(error) => {
                tracing::error!(%error, "the store cannot be written; nothing was sent on the strength of it");
                // A full disk or a lost file can come back: the next write starts on a fresh connection.
                if let Ok(fresh) = SqliteConnection::connect_with(&options).await {
                    connection = fresh;
                }
            }
        }
    }
}

async fn commit(connection: &mut SqliteConnection, batch: Vec<Work>) -> Result<Vec<Answer>, sqlx::Error> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut answers = Vec::with_capacity(batch.len());
    for work in batch {
        // One that fails takes back its own writes only.
        let mut savepoint = transaction.begin().await?;
        match work(&mut savepoint).await {
            Ok(answer) => {
                savepoint.commit().await?;
                answers.push(answer);
            }
            Err(error) => {
                tracing::error!(%error, "a write failed");
                savepoint.rollback().await?;
            }
        }
    }
    transaction.commit().await?;
    Ok(answers)
}
