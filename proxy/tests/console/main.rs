//! The server through HTTP, with the simulated clouds or a misbehaving cloud behind it.

mod five;
mod plans;
mod support;
