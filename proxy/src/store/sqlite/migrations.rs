//! The schema, version by version. A version that was released is never edited: a change is a new one.

use sqlx::{
    SqlSafeStr, SqliteConnection,
    migrate::{MigrateError, Migration, MigrationType, Migrator},
};
use std::borrow::Cow;

const VERSIONS: [(i64, &str, &str); 3] = [
    (1, "plans, runs, record", include_str!("0001.sql")),
    (2, "mode, person and subject of runs", include_str!("0002.sql")),
    (3, "realm of runs", include_str!("0003.sql")),
];

/// Brings the schema up to date.
pub(super) async fn run(connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    up_to(VERSIONS.len(), connection).await
}

async fn up_to(count: usize, connection: &mut SqliteConnection) -> Result<(), MigrateError> {
    let migrations = VERSIONS
        .iter()
        .take(count)
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

#[cfg(test)]
mod tests {
    use super::up_to;
    use crate::{
        config::Mode,
        run::{Run, State, Step},
        store::{Begin, RunFilter, Store, sqlite::SqliteStore},
    };
    use jiff::Timestamp;
    use serde_json::{Value, json};
    use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

    /// A run as the first version wrote it.
    fn old_run(id: &str, operation: &str, mode: &str, state: &str, user: &str) -> Value {
        json!({"id": id, "plan": format!("pl_{id}"), "operation": operation,
            "title": {"en": "Upgrade", "zh": "升级"}, "profile": "demo", "mode": mode, "instance": "i-1",
            "target": {"en": "2", "zh": "2"}, "client_token": null, "payload_hash": "sha256:0", "user": user,
            "reason": null, "state": state, "failure": null, "answer": null,
            "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:06Z",
            "timeline": [{"at": "2026-01-02T03:04:05Z", "state": "confirmed",
                "detail": {"en": "Confirmed.", "zh": "已确认。"}}]})
    }

    async fn insert(connection: &mut SqliteConnection, run: &Value, blocks: i64) {
        let text = |name: &str| run[name].as_str().unwrap().to_owned();
        sqlx::query("INSERT INTO plans VALUES ($1, $2, 'demo', NULL, 'sha256:0', 0, '{}')")
            .bind(text("plan"))
            .bind(text("operation"))
            .execute(&mut *connection)
            .await
            .unwrap();
        sqlx::query("INSERT INTO runs VALUES ($1, $2, $3, 'demo', 'i-1', NULL, $4, $5, 0, 0, 'upgrade', $6)")
            .bind(text("id"))
            .bind(text("plan"))
            .bind(text("operation"))
            .bind(text("state"))
            .bind(blocks)
            .bind(run.to_string())
            .execute(connection)
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn runs_of_the_first_version_are_read_found_and_still_guard_their_instance() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        up_to(1, &mut connection).await.unwrap();
        insert(&mut connection, &old_run("run_1", "kafka", "live", "succeeded", "ann"), 0).await;
        insert(&mut connection, &old_run("run_2", "kafka", "simulated", "unknown", "bob"), 1).await;
        connection.close().await.unwrap();

        let store = SqliteStore::open(&path, Timestamp::UNIX_EPOCH).await.unwrap();
        let found = async |filter: RunFilter| -> Vec<String> {
            let filter = RunFilter { limit: 10, ..filter };
            store.runs(&filter).await.unwrap().into_iter().map(|run| run.id).collect()
        };
        assert_eq!(found(RunFilter::default()).await, ["run_2", "run_1"]);
        assert_eq!(found(RunFilter { mode: Some(Mode::Live), ..RunFilter::default() }).await, ["run_1"]);
        assert_eq!(
            found(RunFilter { user: Some("bob".to_owned()), ..RunFilter::default() }).await,
            ["run_2"]
        );
        let open = store.run("run_2").await.unwrap().unwrap();
        assert_eq!((open.state, open.subject(), open.followed), (State::Unknown, "kafka", false));
        // The instance is still taken, and the database itself says so.
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let subject = "UPDATE runs SET blocks = 1 WHERE id = 'run_1'";
        let refused = sqlx::query(subject).execute(&mut connection).await.unwrap_err();
        assert!(refused.to_string().contains("UNIQUE"), "{refused}");
    }

    /// A run of kafka on `i-1` that is to begin now.
    fn new_run(id: &str, profile: &str, mode: Mode, realm: &str) -> Run {
        Run {
            id: id.to_owned(),
            plan: format!("pl_{id}"),
            operation: "kafka".to_owned(),
            profile: profile.to_owned(),
            mode,
            realm: Some(realm.to_owned()),
            state: State::Confirmed,
            ..crate::run::testing::run()
        }
    }

    #[tokio::test]
    async fn open_runs_from_before_guard_their_instance_against_every_profile() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("runs.db");
        let options = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        up_to(1, &mut connection).await.unwrap();
        // Two profiles of one account could both have a run open.
        insert(&mut connection, &old_run("run_1", "kafka", "live", "unknown", "ann"), 1).await;
        insert(&mut connection, &old_run("run_2", "kafka", "simulated", "unknown", "ann"), 0).await;
        insert(&mut connection, &old_run("run_3", "kafka", "live", "unknown", "bob"), 0).await;
        for other in [
            "UPDATE runs SET profile = 'demo-2', blocks = 1 WHERE id = 'run_2'",
            "UPDATE runs SET profile = 'ops-2', blocks = 1 WHERE id = 'run_3'",
        ] {
            sqlx::query(other).execute(&mut connection).await.unwrap();
        }
        up_to(super::VERSIONS.len(), &mut connection).await.unwrap();
        for id in ["pl_run_4", "pl_run_5", "pl_run_6"] {
            sqlx::query("INSERT INTO plans VALUES ($1, 'kafka', 'x', NULL, 'sha256:0', 0, '{}')")
                .bind(id)
                .execute(&mut connection)
                .await
                .unwrap();
        }
        connection.close().await.unwrap();

        let store = SqliteStore::open(&path, Timestamp::UNIX_EPOCH).await.unwrap();
        let in_the_way = async |run: Run| match store.begin(run).await.unwrap() {
            Begin::InstanceBusy { run } => Some(run),
            Begin::Created(_) => None,
            other => panic!("{other:?}"),
        };
        let live = || new_run("run_4", "ops-4", Mode::Live, "live");
        assert_eq!(in_the_way(live()).await.as_deref(), Some("run_1"));
        let ended = || Step::to(State::Failed, crate::error::text("", ""));
        store.step("run_1", None, ended(), Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(in_the_way(live()).await.as_deref(), Some("run_3"));
        store.step("run_3", None, ended(), Timestamp::UNIX_EPOCH).await.unwrap();
        assert_eq!(in_the_way(live()).await, None);
        let simulated = |realm: &str| new_run("run_5", "demo-5", Mode::Simulated, realm);
        assert_eq!(in_the_way(simulated("simulated")).await.as_deref(), Some("run_2"));
        store.step("run_2", None, ended(), Timestamp::UNIX_EPOCH).await.unwrap();
        // The live run of another account, or of this one, is nothing to a simulator.
        assert_eq!(in_the_way(simulated("simulated")).await, None);
        // And now the rule itself: other profile, same realm; the database would not take it either.
        assert_eq!(in_the_way(new_run("run_6", "ops-6", Mode::Live, "live")).await.as_deref(), Some("run_4"));
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let refused = sqlx::query("UPDATE runs SET blocks = 1, realm = 'live' WHERE id = 'run_3'")
            .execute(&mut connection)
            .await
            .unwrap_err();
        assert!(refused.to_string().contains("UNIQUE"), "{refused}");
    }
}
