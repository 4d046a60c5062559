//! Which elements belong to SVG. `a`, `title`, `style` and `script` are in HTML too and are taken as HTML.

/// In the order of the alphabet, for the search.
const NAMES: [&str; 21] = [
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "filter",
    "g",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "svg",
    "symbol",
    "use",
];

/// Whether an element of this name is drawn in the namespace of SVG.
pub(crate) fn is_svg(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{NAMES, is_svg};

    #[test]
    fn the_names_are_in_order_so_that_each_is_found() {
        for name in NAMES {
            assert!(is_svg(name), "{name}");
        }
        assert!(!is_svg("div"));
        assert!(!is_svg("a"));
    }
}
