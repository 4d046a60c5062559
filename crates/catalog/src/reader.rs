//! Reads OpenAPI 3.1 documents in YAML into the model, and refuses what does not make sense: an extension or
//! keyword that is not known, a field without a place, a pattern that cannot be read, words without their Chinese.
//! What is written in `apis/README.md` is exactly what is read here.

mod answer;
mod document;
mod field;
mod kind;
mod node;
mod operation;

use crate::model::Operation;
use node::Report;

/// Why a document was refused: which file, where in it, what is wrong and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {place}: {message}")]
pub struct ReadError {
    /// The file's name.
    pub file: String,
    /// Where in it, e.g. `paths./#Action=X.post.parameters[2]`; `line 3, column 5` for what is not YAML.
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

/// The documents that are part of the program, in the order of the home page.
const EMBEDDED: [(&str, &str); 7] = [
    ("computenestsupplier.yaml", include_str!("../../../apis/computenestsupplier.yaml")),
    ("bssopenapi.yaml", include_str!("../../../apis/bssopenapi.yaml")),
    ("alikafka.yaml", include_str!("../../../apis/alikafka.yaml")),
    ("cbh.yaml", include_str!("../../../apis/cbh.yaml")),
    ("aad.yaml", include_str!("../../../apis/aad.yaml")),
    ("huaweibss.yaml", include_str!("../../../apis/huaweibss.yaml")),
    ("iam.yaml", include_str!("../../../apis/iam.yaml")),
];

impl Catalogue {
    /// Reads documents (name, text).
    ///
    /// # Errors
    /// Every problem found, not only the first.
    pub fn read<'a>(documents: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<ReadError>> {
        let mut catalogue = Self::default();
        let mut problems = Vec::new();
        for (file, text) in documents {
            let report = Report::new(file);
            if let Some(root) = report.parse(text) {
                for (place, operation) in document::read(&report.root(&root)) {
                    if catalogue.get(&operation.id).is_some() {
                        let message = format!("there is already an operation `{}`", operation.id);
                        report.say(&place, message);
                    } else {
                        catalogue.operations.push(operation);
                    }
                }
            }
            problems.extend(report.into_problems());
        }
        if problems.is_empty() { Ok(catalogue) } else { Err(problems) }
    }

    /// The documents that are part of the program.
    ///
    /// # Errors
    /// Never in a build that passed its tests.
    pub fn embedded() -> Result<Self, Vec<ReadError>> {
        Self::read(Self::documents())
    }

    /// Name and text of the documents that are part of the program, to be read together with others.
    pub fn documents() -> impl Iterator<Item = (&'static str, &'static str)> {
        EMBEDDED.into_iter()
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
