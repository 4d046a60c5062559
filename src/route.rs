//! Every address of the page. Paths are spelled here and nowhere else; [`crate::app`] says which page stands at each.

/// The first segment of a form's address.
pub const FLOWS: &str = "flows";
/// The first segment of a plan's address.
pub const PLANS: &str = "plans";
/// The first segment of a run's address, and the address of the list.
pub const RUNS: &str = "runs";

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The operations.
    Home,
    /// The form of an operation.
    Flow {
        /// The operation's id.
        operation: String,
    },
    /// The review of a plan.
    Plan {
        /// The plan's id.
        id: String,
    },
    /// One run.
    Run {
        /// The run's id.
        id: String,
    },
    /// The history.
    Runs,
    /// Anything else.
    NotFound,
}

impl Route {
    /// The form of an operation.
    #[must_use]
    pub fn flow(operation: impl Into<String>) -> Self {
        Route::Flow { operation: operation.into() }
    }

    /// The review of a plan.
    #[must_use]
    pub fn plan(id: impl Into<String>) -> Self {
        Route::Plan { id: id.into() }
    }

    /// A run.
    #[must_use]
    pub fn run(id: impl Into<String>) -> Self {
        Route::Run { id: id.into() }
    }

    /// The path below the page's base, starting with a slash. Ids are percent-encoded.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Route::Home | Route::NotFound => "/".to_owned(),
            Route::Flow { operation } => format!("/{FLOWS}/{}", encode(operation)),
            Route::Plan { id } => format!("/{PLANS}/{}", encode(id)),
            Route::Run { id } => format!("/{RUNS}/{}", encode(id)),
            Route::Runs => format!("/{RUNS}"),
        }
    }

    /// The whole path, for an `href` or a navigation.
    #[must_use]
    pub fn href(&self) -> String {
        format!("{}{}", crate::browser::base_path(), self.path())
    }

    /// The page at a path below the base.
    #[must_use]
    pub fn parse(path: &str) -> Self {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        match segments.as_slice() {
            [] => Route::Home,
            [first] if *first == RUNS => Route::Runs,
            [first, operation] if *first == FLOWS => Route::flow(decode(operation)),
            [first, id] if *first == PLANS => Route::plan(decode(id)),
            [first, id] if *first == RUNS => Route::run(decode(id)),
            _ => Route::NotFound,
        }
    }
}

fn encode(part: &str) -> String {
    js_sys::encode_uri_component(part).into()
}

/// Undoes [`encode`]; a broken escape stays as it is, so that the not-found page can show it.
fn decode(part: &str) -> String {
    js_sys::decode_uri_component(part).map_or_else(|_| part.to_owned(), Into::into)
}
