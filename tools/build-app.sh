#!/usr/bin/env bash
# Builds the page into dist/, unless dist/ is newer than everything that it is made of.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ -f dist/index.html ] && [ -z "${FORCE:-}" ]; then
    newer=$(find .cargo/config.toml Cargo.toml Cargo.lock Trunk.toml index.html public src style tools/dist.mjs tools/compress.mjs \
        crates/catalog/src crates/catalog/Cargo.toml crates/json crates/view -type f -newer dist/index.html -print -quit)
    if [ -z "$newer" ]; then
        say "The page in dist/ is up to date."
        exit 0
    fi
    say "Building the page again: $newer has changed."
else
    say "Building the page into dist/. The first time takes some minutes, later ones seconds."
fi
# Trunk is told to stay offline, for it would download tools of its own, and tells cargo the same: so the crates come first.
cargo fetch --locked --target wasm32-unknown-unknown || fail "the crates could not be fetched" "see the message above; it needs the crates registry"
# Trunk reads NO_COLOR as true or false and refuses the customary "1".
env -u NO_COLOR trunk build --release --locked || fail "the page could not be built" "see the message above"
