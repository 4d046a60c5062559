//! `upgrade-proxy`: see [`upgrade_proxy::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    upgrade_proxy::cli::run()
}
