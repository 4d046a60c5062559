//! The commands (design.md section 5). No key is ever an argument: arguments are seen by everyone on the machine.

use crate::{
    api,
    clock::Sources,
    config::{Config, LogConfig, Mode, StoreLocation, demo_profiles},
    identity::Identity,
    log, server, start,
    state::App,
    store,
};
use clap::{Parser, Subcommand};
use simulator::Simulator;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::net::TcpListener;

/// How long a stop waits for calls under way: an answer's time limit and a little.
const STOP_WAITS: Duration = Duration::from_secs(35);

#[derive(Parser)]
#[command(
    name = "upgrade-proxy",
    version,
    about = "Upgrade Console: signs, sends and follows upgrades of cloud instances"
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the console; with no configuration it is the demo on simulated clouds
    Serve {
        /// Configuration file (TOML)
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
        /// Address and port to listen on
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
        /// Path under which a portal serves the console, e.g. /upgrade
        #[arg(long, value_name = "PATH")]
        base_path: Option<String>,
        /// Use the two demo profiles, whatever the configuration says
        #[arg(long)]
        demo: bool,
    },
    /// Serve the simulated clouds alone, for SDKs and tests
    Simulate {
        /// Address and port of the clouds
        #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:9090")]
        listen: SocketAddr,
        /// Address and port of the admin door; loopback only
        #[arg(long, value_name = "ADDR")]
        admin: Option<SocketAddr>,
    },
    /// Read configuration, catalogue and credentials and say what is wrong and where
    Check {
        /// Configuration file (TOML)
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

/// Runs the program with the process's arguments.
#[must_use]
pub fn run() -> ExitCode {
    // A core file would hold the keys (security.md R13). Where it cannot be forbidden, the program still runs.
    let _ = rlimit::setrlimit(rlimit::Resource::CORE, 0, 0);
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("no threads to run on: {error}")),
    };
    let result = match arguments.command {
        Command::Serve { config, listen, base_path, demo } => {
            runtime.block_on(serve(config.as_deref(), listen, base_path, demo))
        }
        Command::Simulate { listen, admin } => runtime.block_on(simulate(listen, admin)),
        Command::Check { config } => runtime.block_on(check(config.as_deref())),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => fail(&message),
    }
}

#[expect(clippy::print_stderr, reason = "the answer of a command to the person who typed it")]
fn fail(message: &str) -> ExitCode {
    eprintln!("upgrade-proxy: {message}");
    ExitCode::FAILURE
}

#[expect(clippy::print_stdout, reason = "the answer of a command to the person who typed it")]
fn say(line: &str) {
    println!("{line}");
}

fn read_config(path: Option<&Path>) -> Result<Config, String> {
    let Some(path) = path else { return Ok(Config::default()) };
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Config::parse(&text).map_err(|error| format!("{}: {error}", path.display()))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

async fn serve(
    path: Option<&Path>,
    listen: Option<SocketAddr>,
    base_path: Option<String>,
    demo: bool,
) -> Result<(), String> {
    let mut config = read_config(path)?;
    // With no configuration it is the demo too (design.md section 5).
    let demo = demo || path.is_none();
    if demo {
        config.profiles = demo_profiles();
    }
    if let Some(listen) = listen {
        config.listen = listen;
    }
    if let Some(base_path) = base_path {
        config.base_path = base_path;
    }
    config.validate().map_err(|error| error.to_string())?;
    log::start(&config.log);
    outlive_file_limits();
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        format!("cannot listen on {}: {error}; choose another with --listen", config.listen)
    })?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    // The demo forgets: its clouds begin anew with each start, and so does its history.
    let location = if demo {
        StoreLocation::Temporary
    } else {
        config.store.location(&variable).map_err(|error| error.to_string())?
    };
    let app = start::application(config, location, Sources::system(), &variable)
        .await
        .map_err(|error| error.to_string())?;
    say(&format!("Upgrade Console: http://{address}{}/", app.config.base_path));
    if app.profiles.iter().all(|profile| profile.config.mode == Mode::Simulated) {
        say("All profiles are simulated: nothing reaches a real cloud. Ctrl-C stops.");
    }
    let router = api::router(Arc::clone(&app), address.port());
    let limits = app.config.limits.clone();
    server::serve(listener, router, &limits, stop(Arc::clone(&app)))
        .await
        .map_err(|error| error.to_string())?;
    Ok(())
}

/// A file that may not grow any more is a fault of the store, which is told in words, and not the end of the program:
/// a signal that somebody listens to does not end it.
fn outlive_file_limits() {
    #[cfg(unix)]
    {
        // SIGXFSZ has this number on every system that Rust serves best, and only matters where limits are set.
        let _ = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::from_raw(25));
    }
}

/// Waits for Ctrl-C or SIGTERM, lets no new changing call begin, and gives those under way the time to be answered.
/// Meanwhile the server goes on answering: `/readyz` says that it is stopping.
async fn stop(app: Arc<App>) {
    signal().await;
    app.stopping.store(true, Ordering::Release);
    tracing::info!("stopping");
    if tokio::time::timeout(STOP_WAITS, app.under_way.none()).await.is_err() {
        tracing::warn!("stopped while calls were under way; their outcome is unknown");
    }
}

async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (Ok(mut terminate), Ok(mut interrupt)) =
            (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
        else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
    #[cfg(not(unix))]
    {
        let _ = tokio::signal::ctrl_c().await;
    }
}

async fn simulate(listen: SocketAddr, admin: Option<SocketAddr>) -> Result<(), String> {
    log::start(&LogConfig::default());
    let sources = Sources::system();
    let clouds = Simulator::new(simulator::Sources::new(sources.now, start::simulator_bytes(sources)));
    let bind = |address: SocketAddr| async move {
        TcpListener::bind(address).await.map_err(|error| format!("cannot listen on {address}: {error}"))
    };
    if !listen.ip().is_loopback() || admin.is_some_and(|admin| !admin.ip().is_loopback()) {
        return Err("the simulated clouds listen on loopback only, e.g. 127.0.0.1:9090".to_owned());
    }
    let listener = bind(listen).await?;
    say(&format!("simulated clouds: http://{}", listener.local_addr().map_err(|error| error.to_string())?));
    let admin_clouds = clouds.clone();
    let admin = async move {
        match admin {
            Some(address) => {
                let listener = bind(address).await?;
                say(&format!("admin: http://{}", listener.local_addr().map_err(|error| error.to_string())?));
                admin_clouds.serve_admin(listener).await.map_err(|error| error.to_string())
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        served = clouds.serve(listener) => served.map_err(|error| error.to_string()),
        administered = admin => administered,
        () = signal() => Ok(()),
    }
}

async fn check(path: Option<&Path>) -> Result<(), String> {
    let config = read_config(path)?;
    let mut wrong: Vec<String> = Vec::new();
    match start::catalogue(&config) {
        Ok(catalogue) => {
            let public = catalogue.operations.iter().filter(|operation| !operation.internal).count();
            say(&format!(
                "catalogue: {public} operations, {} internal calls",
                catalogue.operations.len() - public
            ));
            let regions = config.profiles.iter().filter_map(|profile| profile.check_region(&catalogue).err());
            wrong.extend(regions.map(|error| error.to_string()));
        }
        Err(error) => wrong.push(error.to_string()),
    }
    let profiles = if config.profiles.is_empty() { demo_profiles() } else { config.profiles };
    for profile in &profiles {
        match &profile.credentials {
            None => say(&format!("profile `{}`: simulated, built-in account", profile.name)),
            Some(source) => match crate::credentials::load(source, profile.cloud, &variable) {
                Ok(_) => say(&format!("profile `{}`: credentials are there", profile.name)),
                Err(error) => wrong.push(format!("profile `{}`: {error}", profile.name)),
            },
        }
    }
    match Identity::open(&config.identity, &variable) {
        Ok(Identity::Local) => say("identity: local, the one person who can reach loopback"),
        Ok(Identity::Forwarded(_)) => say(&format!(
            "identity: forwarded, by {} with a secret, which is there",
            config.identity.trusted_peers.join(", ")
        )),
        Err(error) => wrong.push(error.to_string()),
    }
    match config.store.location(&variable) {
        Ok(StoreLocation::File(path)) => match store::inspect(&path).await {
            Ok(None) => say(&format!("store: {}, made at the first start", path.display())),
            Ok(Some(inventory)) => say(&format!("store: {}, {inventory}", path.display())),
            Err(why) => wrong.push(format!("the store `{}`: {why}", path.display())),
        },
        Ok(StoreLocation::Temporary) => say("store: temporary"),
        Err(error) => wrong.push(error.to_string()),
    }
    if wrong.is_empty() {
        say("all is well");
        Ok(())
    } else {
        Err(wrong.join("\n"))
    }
}
