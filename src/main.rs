//! Starts the page in a browser; everything else is in the library, so that tests can reach it.

fn main() {
    upgrade_console::start();
}
