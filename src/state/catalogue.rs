//! The list of operations, read once: home, the palette and the history speak of them.

use crate::client::{Client, ClientError, put};
use catalog::model::OperationSummary;
use leptos::prelude::*;

/// The operations as far as they are known. Owned by the app.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue {
    /// `None` until the server has answered.
    pub list: RwSignal<Option<Vec<OperationSummary>>>,
    /// Why the list could not be read.
    pub failed: RwSignal<Option<ClientError>>,
}

impl Catalogue {
    /// Nothing known yet.
    #[must_use]
    pub fn new() -> Self {
        Catalogue { list: RwSignal::new(None), failed: RwSignal::new(None) }
    }

    /// Asks the server.
    pub fn refresh(self, client: Client) {
        client.operations().then(move |answer| put(answer.map(|page| page.items), self.list, self.failed));
    }

    /// What the list says of the operation of this id.
    pub fn named<T>(self, id: &str, read: impl FnOnce(&OperationSummary) -> T) -> Option<T> {
        self.list.with(|list| list.as_ref()?.iter().find(|operation| operation.id == id).map(read))
    }
}

impl Default for Catalogue {
    fn default() -> Self {
        Catalogue::new()
    }
}

/// The catalogue that the app provides.
#[must_use]
pub fn use_catalogue() -> Catalogue {
    use_context::<Catalogue>().unwrap_or_default()
}
