//! Puts the application together: catalogue, simulated clouds, profiles, store.

use crate::{
    asking::Pacer,
    clock::Sources,
    config::{Config, ConfigError, Mode, StoreLocation, demo_profiles},
    credentials::CredentialError,
    following,
    identity::Identity,
    limits::Counter,
    plan::SecretHasher,
    profile::{BuiltIn, Profile},
    state::{App, Changes, Followers, Turns, UnderWay},
    store::{OpenError, SqliteStore},
    upstream::Timeouts,
};
use catalog::reader::{Catalogue, ReadError};
use simulator::Simulator;
use std::{
    path::Path,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};
use tokio::{net::TcpListener, sync::Semaphore};

/// Why the application cannot start: everything that is wrong, in words.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The catalogue does not make sense.
    #[error("the catalogue does not make sense:\n{}", list(.0))]
    Catalogue(Vec<ReadError>),
    /// A folder of documents cannot be read.
    #[error("catalogue folder `{path}`: {reason}")]
    Folder {
        /// The folder.
        path: String,
        /// Why.
        reason: String,
    },
    /// A profile's credentials cannot be had.
    #[error("profile `{profile}`: {error}")]
    Credentials {
        /// The profile.
        profile: String,
        /// Why.
        error: CredentialError,
    },
    /// A key of the configuration does not fit the catalogue, or who the person is cannot be learnt.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// The store cannot be opened.
    #[error("the store `{path}` cannot be opened: {error}")]
    Store {
        /// Its file.
        path: String,
        /// Why.
        error: OpenError,
    },
    /// No place for the simulated clouds.
    #[error("the simulated clouds cannot listen: {0}")]
    Clouds(std::io::Error),
}

fn list(errors: &[ReadError]) -> String {
    errors.iter().map(|error| format!("  {error}")).collect::<Vec<_>>().join("\n")
}

/// The embedded documents, and those of the configured folders.
///
/// # Errors
/// Every document that does not make sense.
pub fn catalogue(config: &Config) -> Result<Catalogue, StartError> {
    let mut documents: Vec<(String, String)> = Vec::new();
    for folder in &config.catalogue.folders {
        documents.extend(documents_in(folder)?);
    }
    let mut all: Vec<(&str, &str)> = Catalogue::documents().collect();
    all.extend(documents.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    Catalogue::read(all).map_err(StartError::Catalogue)
}

fn documents_in(folder: &Path) -> Result<Vec<(String, String)>, StartError> {
    let fail = |error: std::io::Error| StartError::Folder {
        path: folder.display().to_string(),
        reason: error.to_string(),
    };
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .map_err(fail)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(fail)?;
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml"));
    paths.sort();
    paths
        .into_iter()
        .map(|path| Ok((path.display().to_string(), std::fs::read_to_string(&path).map_err(fail)?)))
        .collect()
}

/// Simulated clouds in this process, listening on loopback.
///
/// # Errors
/// When no port can be had.
pub async fn clouds(sources: Sources) -> std::io::Result<BuiltIn> {
    let clouds = Simulator::new(simulator::Sources::new(sources.now, simulator_bytes(sources)));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let address = listener.local_addr()?;
    let serving = clouds.clone();
    tokio::spawn(async move {
        if let Err(error) = serving.serve(listener).await {
            tracing::error!(kind = ?error.kind(), "the simulated clouds stopped");
        }
    });
    Ok(BuiltIn { clouds, address })
}

/// Random bytes in the shape in which the simulated clouds take them.
pub fn simulator_bytes(sources: Sources) -> impl Fn() -> [u8; 16] + Send + Sync + 'static {
    move || {
        let mut bytes = [0; 16];
        (sources.random)(&mut bytes);
        bytes
    }
}

/// The application, ready to serve. Without profiles it is the demo.
///
/// # Errors
/// What is wrong, in words.
pub async fn application(
    mut config: Config,
    location: StoreLocation,
    sources: Sources,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Arc<App>, StartError> {
    let catalogue = Arc::new(catalogue(&config)?);
    for profile in &config.profiles {
        profile.check_region(&catalogue)?;
    }
    if config.profiles.is_empty() {
        config.profiles = demo_profiles();
    }
    let needs_clouds =
        config.profiles.iter().any(|profile| profile.mode == Mode::Simulated && profile.endpoint.is_none());
    let built_in = if needs_clouds { Some(clouds(sources).await.map_err(StartError::Clouds)?) } else { None };
    let timeouts = Timeouts {
        connect: Duration::from_secs(config.limits.connect_seconds),
        total: Duration::from_secs(config.limits.answer_seconds),
    };
    let pacer = Arc::new(Pacer::default());
    let profiles = config
        .profiles
        .iter()
        .map(|profile| {
            Profile::open(
                profile.clone(),
                built_in.as_ref(),
                Arc::clone(&catalogue),
                sources,
                timeouts,
                Arc::clone(&pacer),
                variable,
            )
            .map_err(|error| StartError::Credentials { profile: profile.name.clone(), error })
        })
        .collect::<Result<_, _>>()?;
    let identity = Identity::open(&config.identity, variable)?;
    let (store, secret_hasher, temporary) = open_store(location, sources).await?;
    let app = Arc::new(App {
        in_flight: Arc::new(Semaphore::new(config.limits.in_flight)),
        config,
        catalogue,
        profiles,
        identity,
        store: Box::new(store),
        _temporary: temporary,
        sources,
        secret_hasher,
        counter: Counter::default(),
        changes: Changes::default(),
        under_way: UnderWay::default(),
        confirming: Turns::default(),
        looking: Turns::default(),
        followers: Followers::default(),
        built_in,
        stopping: AtomicBool::new(false),
    });
    following::resume(&app).await;
    Ok(app)
}

async fn open_store(
    location: StoreLocation,
    sources: Sources,
) -> Result<(SqliteStore, SecretHasher, Option<tempfile::TempDir>), StartError> {
    let failed =
        |path: &Path, error: OpenError| StartError::Store { path: path.display().to_string(), error };
    let (path, temporary) = match location {
        StoreLocation::File(path) => (path, None),
        StoreLocation::Temporary => {
            let folder =
                tempfile::tempdir().map_err(|error| failed(&std::env::temp_dir(), OpenError::File(error)))?;
            (folder.path().join("store.db"), Some(folder))
        }
    };
    let store = SqliteStore::open(&path, (sources.now)()).await.map_err(|error| failed(&path, error))?;
    let key = path.with_extension("key");
    let hasher =
        SecretHasher::beside(&key, sources.random).map_err(|error| failed(&key, OpenError::File(error)))?;
    Ok((store, hasher, temporary))
}
