//! For which fields the cloud's own lists give choices.

/// What the server offers for the fields of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    /// Whose lists are asked.
    pub profile: String,
    /// Pointers into the parameters; `*` stands for any index or name.
    pub fields: Vec<String>,
}

impl Offers {
    /// Whether there are choices for the field at a pointer.
    #[must_use]
    pub fn has(&self, pointer: &str) -> bool {
        self.fields.iter().any(|field| {
            let (mut field, mut tokens) = (field.split('/'), pointer.split('/'));
            loop {
                match (field.next(), tokens.next()) {
                    (None, None) => return true,
                    (Some(part), Some(token)) if part == "*" || part == token => {}
                    _ => return false,
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_index_or_name_and_nothing_else_is() {
        let fields = ["/InstanceId", "/Parameter/*/Code", "/Parameters/*"].map(str::to_owned).to_vec();
        let offers = Offers { profile: "demo".to_owned(), fields };
        for pointer in
            ["/InstanceId", "/Parameter/0/Code", "/Parameter/12/Code", "/Parameters/ZoneId", "/Parameters/"]
        {
            assert!(offers.has(pointer), "{pointer}");
        }
        for pointer in
            ["", "/", "/Instance", "/InstanceId/0", "/Parameter/0", "/Parameter/0/Value", "/Parameters"]
        {
            assert!(!offers.has(pointer), "{pointer}");
        }
    }
}
