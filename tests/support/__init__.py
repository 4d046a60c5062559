"""What the tests outside Rust share: starting the servers, the invented accounts, a relay between client and server."""
