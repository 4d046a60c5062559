//! The parts of every page. They draw what they are given, call back, and ask no server.

pub mod announcer;
pub mod combobox;
pub mod copy;
pub mod dialog;
pub mod error_summary;
pub mod fold;
pub mod icon;
pub mod json_lines;
pub mod json_view;
pub mod marks;
pub mod note;
pub mod page;
pub mod palette;
pub mod rail;
pub mod tabs;

pub use announcer::{Announcer, Toast, use_announcer};
pub use combobox::{ComboEvent, ComboParts, Combobox, ListItem, combobox};
pub use copy::{CopyButton, Ident};
pub use dialog::Dialog;
pub use error_summary::{ErrorSummary, FieldProblem, focus_error_summary};
pub use fold::Fold;
pub use icon::{Glyph, Icon};
pub use json_view::JsonView;
pub use marks::{Leap, ModeTag, StateBadge, TraitBadges};
pub use note::{Empty, ErrorNote, Loading, Note, NoteKind};
pub use page::{Crumb, Crumbs, PageHead, Step, Steps, use_document_title};
pub use palette::{Palette, PaletteEntry};
pub use rail::{Rail, RailItem};
pub use tabs::{Tab, TabPanel, Tabs};
