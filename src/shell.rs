//! What stands on every page: the band with mode and account, the presenter's panel, the top bar, notices, the palette, the footer.

pub mod band;
pub mod go_to;
pub mod notices;
mod presenter;
pub mod topbar;

pub use band::BandBar;
pub use go_to::GoTo;
pub use notices::{Footer, SilenceNotice, SkipLink};
pub use topbar::TopBar;
