//! Structured logs on standard error: text for people, or one JSON object a line. Values from outside are fields,
//! never parts of a message, and are escaped by the formatter (security.md A58).

use crate::config::{LogConfig, LogFormat};
use tracing_subscriber::EnvFilter;

/// Starts logging; a second call does nothing.
pub fn start(config: &LogConfig) {
    let filter = EnvFilter::new(config.level.as_str());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = match config.format {
        LogFormat::Text => builder
            .with_target(false)
            .with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()))
            .try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    // What a panic says can be a piece of what it stumbled over, a secret too: the log gets the place alone.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a part of this program failed");
    }));
}
