//! What goes over the HTTP API, in the reader's language. Made from the inner types; never the other way round.

mod common;
mod operations;
mod plans;
mod records;
mod runs;
mod session;
mod simulator;

pub use common::*;
pub use operations::*;
pub use plans::*;
pub use records::*;
pub use runs::*;
pub use session::*;
pub use simulator::*;
