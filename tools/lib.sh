# Shared by the scripts beside it; sourced, never run.
# Leaves the working folder at the top of the checkout and the tools' folders first in PATH.

set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$PWD
TOOLS=${UPGRADE_CONSOLE_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/upgrade-console/tools}
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
# shellcheck source=tools/versions.env
. tools/versions.env

export PATH="$TOOLS/bin:$TOOLS/npm/node_modules/.bin:$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
# Trunk must take wasm-bindgen and wasm-opt from PATH and never download its own.
export TRUNK_OFFLINE=true TRUNK_SKIP_VERSION_CHECK=true

say() { printf '%s\n' "$*" >&2; }

# fail WHAT WHAT-TO-DO: names both and ends.
fail() {
    say ""
    say "Stopped: $1"
    say "What to do: $2"
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# The version of a package in Cargo.lock.
locked_version() {
    awk -v name="\"$1\"" '$1 == "name" { found = ($3 == name) } $1 == "version" && found { gsub(/"/, "", $3); print $3; exit }' Cargo.lock
}

# The Python of the tests: an environment of its own for each set of requirements.
tests_python() {
    local digest
    digest=$(cksum < tests/requirements.txt | cut -d' ' -f1)
    printf '%s/python-%s' "$TOOLS" "$digest"
}
