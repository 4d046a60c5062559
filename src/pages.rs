//! One file for each page.

pub mod flow;
pub mod home;
pub mod not_found;
pub(crate) mod onward;
pub mod review;
mod rows;
pub mod run;
pub mod runs;
mod secret_fields;
