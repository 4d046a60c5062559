//! The ways in which the products hand out long lists.

use crate::rpc::{Parameters, Refusal};

/// Entries on a page of Compute Nest unless the caller says otherwise, and at most (companions.md section 1).
const TOKEN_PAGE: usize = 20;
const MOST_TOKEN_PAGE: usize = 100;
/// Entries on a page of BSS unless the caller says otherwise, and at most (companions.md section 3).
const NUMBERED_PAGE: usize = 20;
const MOST_NUMBERED_PAGE: usize = 300;
/// A token says nothing to people, so that nobody builds on what is in it.
const TOKEN_PREFIX: &str = "AAAAA";
const TOKEN_MASK: u64 = 0x5bd1_e995_7f4a_7c15;

/// A page that is asked for with `MaxResults` and `NextToken`.
pub(crate) struct TokenPage {
    /// How many entries came before.
    offset: usize,
    /// How many fit.
    pub(crate) size: usize,
}

impl TokenPage {
    /// Reads `MaxResults`, 1 to 100 and 20 when absent, and `NextToken`.
    pub(crate) fn read(parameters: &Parameters<'_>) -> Result<Self, Refusal> {
        let size = in_range(parameters, "MaxResults", TOKEN_PAGE, MOST_TOKEN_PAGE)?;
        let offset = match parameters.filled("NextToken") {
            None => 0,
            Some(token) => offset_of(token).ok_or_else(|| Refusal::invalid("NextToken"))?,
        };
        Ok(Self { offset, size })
    }

    /// The entries of this page, how many entries there are, and the token of the page after it.
    pub(crate) fn cut<T>(&self, all: impl Iterator<Item = T>) -> (Vec<T>, usize, Option<String>) {
        let mut total = 0;
        let mut page = Vec::new();
        for entry in all {
            if total >= self.offset && page.len() < self.size {
                page.push(entry);
            }
            total += 1;
        }
        let next = self.offset.saturating_add(self.size);
        (page, total, (next < total).then(|| token_of(next)))
    }
}

fn token_of(offset: usize) -> String {
    format!("{TOKEN_PREFIX}{:016x}", offset as u64 ^ TOKEN_MASK)
}

fn offset_of(token: &str) -> Option<usize> {
    let digits = token.strip_prefix(TOKEN_PREFIX).filter(|digits| digits.len() == 16)?;
    let offset = u64::from_str_radix(digits, 16).ok()? ^ TOKEN_MASK;
    u32::try_from(offset).ok().map(|offset| offset as usize)
}

/// A page that is asked for with `PageNum` and `PageSize`.
pub(crate) struct NumberedPage {
    /// From 1.
    pub(crate) number: usize,
    /// How many entries fit.
    pub(crate) size: usize,
}

impl NumberedPage {
    /// Reads `PageNum`, 1 when absent, and `PageSize`, 1 to 300 and 20 when absent.
    pub(crate) fn read(parameters: &Parameters<'_>) -> Result<Self, Refusal> {
        Ok(Self {
            number: in_range(parameters, "PageNum", 1, usize::from(u16::MAX))?,
            size: in_range(parameters, "PageSize", NUMBERED_PAGE, MOST_NUMBERED_PAGE)?,
        })
    }

    /// The entries of this page and how many entries there are.
    pub(crate) fn cut<T>(&self, all: impl Iterator<Item = T>) -> (Vec<T>, usize) {
        window(all, (self.number - 1).saturating_mul(self.size), self.size)
    }
}

/// At most `size` entries after the first `offset`, and how many entries there are.
pub(crate) fn window<T>(all: impl Iterator<Item = T>, offset: usize, size: usize) -> (Vec<T>, usize) {
    let (page, total, _) = TokenPage { offset, size }.cut(all);
    (page, total)
}

fn in_range(
    parameters: &Parameters<'_>,
    name: &'static str,
    default: usize,
    most: usize,
) -> Result<usize, Refusal> {
    match parameters.filled(name) {
        None => Ok(default),
        Some(text) => text
            .parse()
            .ok()
            .filter(|number| (1..=most).contains(number))
            .ok_or_else(|| Refusal::invalid(name)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_lead_through_the_whole_list_once() {
        let mut seen = Vec::new();
        let mut offset = 0;
        loop {
            let (page, total, next) = TokenPage { offset, size: 7 }.cut(0..40);
            assert_eq!(total, 40);
            seen.extend(page);
            let Some(token) = next else { break };
            offset = offset_of(&token).unwrap();
        }
        assert_eq!(seen, (0..40).collect::<Vec<_>>());
    }

    #[test]
    fn a_token_that_nobody_handed_out_is_refused() {
        for token in ["", "20", "AAAAA", "AAAAA0000000000000014", "AAAAAzzzzzzzzzzzzzzzz"] {
            assert_eq!(offset_of(token), None, "{token}");
        }
    }

    #[test]
    fn a_page_beyond_the_end_is_empty() {
        let page = NumberedPage { number: 9, size: 300 };
        assert_eq!(page.cut(0..10), (Vec::new(), 10));
    }
}
