//! The server of Upgrade Console: holds the keys, signs, sends and records. The browser names an operation, a profile
//! and parameters, and nothing else.
//!
//! A request passes [`guard`] and reaches a handler of [`api`]. [`planning`] makes a plan of it, with the rules of a
//! product from [`flows`]; [`runner`] executes a confirmed plan through [`profile`], [`sealed`] and [`upstream`];
//! [`answer`] reads what the cloud said; [`store`] keeps both.

pub mod answer;
pub mod api;
pub mod asking;
pub mod body;
pub mod choices;
pub mod cli;
pub mod clock;
pub mod config;
pub mod correlation;
pub mod credentials;
pub mod error;
pub mod flows;
pub mod following;
pub mod guard;
pub mod iam;
pub mod identity;
pub mod language;
pub mod limits;
pub mod log;
pub mod plan;
pub mod planning;
pub mod profile;
pub mod recent;
pub mod record;
pub mod redact;
pub mod run;
pub mod runner;
pub mod sealed;
pub mod server;
pub mod start;
pub mod state;
pub mod static_files;
pub mod store;
pub mod upstream;
