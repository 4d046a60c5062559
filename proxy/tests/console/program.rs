//! The real program, started as a person starts it.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    thread::JoinHandle,
};

/// A program that serves.
pub(crate) struct Program {
    pub(crate) address: SocketAddr,
    child: Child,
    // Reads standard error to its end, so that the program never waits for it to be taken.
    log: Option<JoinHandle<String>>,
    folder: PathBuf,
}

impl Program {
    /// `serve` with this configuration and these variables besides a bare environment.
    pub(crate) async fn serve(config: &str, variables: &[(&str, &str)]) -> Self {
        let folder = folder();
        let mut command = command(&folder, config, variables);
        command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(folder.join("config.toml"));
        Self::start(command, folder).await
    }

    /// `serve` with no configuration at all.
    pub(crate) async fn demo() -> Self {
        let folder = folder();
        let mut command = command(&folder, "", &[]);
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        Self::start(command, folder).await
    }

    async fn start(mut command: Command, folder: PathBuf) -> Self {
        let mut child = command.spawn().unwrap();
        let mut error = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut text = Vec::new();
            error.read_to_end(&mut text).unwrap();
            String::from_utf8_lossy(&text).into_owned()
        });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let first = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            out.read_line(&mut line).unwrap();
            // Kept open by a thread: a closed pipe would end a program that says more.
            std::thread::spawn(move || out.read_to_end(&mut Vec::new()));
            line
        })
        .await
        .unwrap();
        let address = first
            .trim()
            .strip_prefix("Upgrade Console: http://")
            .and_then(|rest| rest.trim_end_matches('/').parse().ok());
        let Some(address) = address else {
            let _ = child.wait();
            panic!("not serving: {first}{}", log.join().unwrap());
        };
        Self { address, child, log: Some(log), folder }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks the program to stop, as a service manager does.
    pub(crate) fn terminate(&self) {
        let asked = Command::new("kill").args(["-TERM", &self.id().to_string()]).status().unwrap();
        assert!(asked.success());
    }

    /// Ends the program as a power failure does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Everything that the program keeps on disk, by file name, as text.
    pub(crate) fn kept(&self) -> Vec<(String, String)> {
        let folder = self.folder.join("upgrade-console");
        let files = std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap);
        files
            .map(|file| {
                let bytes = std::fs::read(file.path()).unwrap();
                (
                    file.file_name().to_string_lossy().into_owned(),
                    String::from_utf8_lossy(&bytes).into_owned(),
                )
            })
            .collect()
    }

    /// Waits for the end; what the program said on standard error.
    pub(crate) async fn ended(mut self) -> (ExitStatus, String) {
        let mut child = std::mem::replace(&mut self.child, Command::new("true").spawn().unwrap());
        let log = self.log.take().unwrap();
        tokio::task::spawn_blocking(move || (child.wait().unwrap(), log.join().unwrap())).await.unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A store for one test, and its configuration in front of another.
pub(crate) struct Store {
    folder: PathBuf,
}

impl Store {
    pub(crate) fn new(name: &str) -> Self {
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("store-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    pub(crate) fn config(&self, rest: &str) -> String {
        format!("[store]\nurl = \"sqlite://{}\"\n{rest}", self.file().display())
    }

    /// The database.
    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join("store.db")
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs a command that ends by itself: whether it succeeded, and everything that it said.
pub(crate) fn run(command_name: &str, config: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let folder = folder();
    let output = command(&folder, config, variables)
        .args([command_name, "--config"])
        .arg(folder.join("config.toml"))
        .output()
        .unwrap();
    let _ = std::fs::remove_dir_all(&folder);
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn command(folder: &PathBuf, config: &str, variables: &[(&str, &str)]) -> Command {
    std::fs::write(folder.join("config.toml"), config).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_upgrade-proxy"));
    command
        .env_clear()
        .env("XDG_STATE_HOME", folder)
        .envs(variables.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A folder of its own for each program.
fn folder() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("console-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
