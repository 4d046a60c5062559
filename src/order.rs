//! Short lists in order. The sorts of the standard library are made for millions of items and cost the page four
//! kilobytes for each type of item; so does each type of `BTreeMap`: a list of pairs is enough for tens of them.

/// Sorts a short list by a key; items with equal keys keep their order.
pub fn sort_short<T, K: Ord>(items: &mut Vec<T>, mut key: impl FnMut(&T) -> K) {
    let mut sorted: Vec<(K, T)> = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        let key = key(&item);
        let before = sorted.iter().rposition(|(other, _)| *other <= key);
        sorted.insert(before.map_or(0, |before| before + 1), (key, item));
    }
    items.extend(sorted.into_iter().map(|(_, item)| item));
}

#[cfg(test)]
mod tests {
    use super::sort_short;

    #[test]
    fn items_are_in_order_and_equal_ones_keep_theirs() {
        let mut items = vec![(2, 'a'), (1, 'b'), (3, 'c'), (2, 'd'), (1, 'e'), (0, 'f')];
        sort_short(&mut items, |(number, _)| *number);
        assert_eq!(items, [(0, 'f'), (1, 'b'), (1, 'e'), (2, 'a'), (2, 'd'), (3, 'c')]);
        let mut none: Vec<u8> = Vec::new();
        sort_short(&mut none, |item| *item);
        assert!(none.is_empty());
    }
}
