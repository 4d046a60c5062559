#!/usr/bin/env bash
# Installs what a machine lacks, and only that.
#
#   tools/setup.sh build    what the app and the server are built with
#   tools/setup.sh test     also what the tests need: Python packages, axe-core, Chromium, fonts, nginx
#   tools/setup.sh bench    also what is measured beside the console: Swagger UI
#   tools/setup.sh deny     also cargo-deny, for licences and advisories (several minutes)
#
# Everything goes into one cache folder, ${UPGRADE_CONSOLE_TOOLS:-~/.cache/upgrade-console/tools}, except the
# Rust target (rustup's own folder) and system packages (apt, only as root; otherwise the line to type is printed).
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Each tool is installed under a lock, so that two checkouts may set up at once.
mkdir -p "$TOOLS/bin"
if have flock; then
    exec 9>"$TOOLS/.lock"
    flock -n 9 || { say "Another set-up is running; waiting for it."; flock 9; }
fi

# The compiler that cargo links with, and what builds SQLite and the crypto of TLS: Debian's make does not bring it.
need_cc() {
    have cc || system_packages "a C compiler, which cargo links with" gcc libc6-dev
}

need_rust() {
    have rustup || have cargo || fail "rustup is not installed" \
        "install it from https://rustup.rs (curl --proto '=https' -sSf https://sh.rustup.rs | sh), then call this again"
    have cargo || fail "cargo is not in PATH" "rustup default stable, then call this again"
    local wanted found
    wanted=$(awk -F'"' '/^rust-version/ { print $2; exit }' Cargo.toml)
    found=$(rustc --version | awk '{ print $2 }')
    if [ "$(printf '%s\n%s\n' "$wanted" "${found%%-*}" | sort -V | head -n1)" != "$wanted" ]; then
        fail "Rust $found is older than $wanted, which this project needs" "rustup update stable (or rustup default stable)"
    fi
    for part in rustfmt clippy; do
        cargo "${part/rustfmt/fmt}" --version >/dev/null 2>&1 || {
            say "Adding $part, which make check uses."
            rustup component add "$part" || fail "$part could not be added" "rustup component add $part"
        }
    done
    local library
    library=$(rustc --print target-libdir --target wasm32-unknown-unknown 2>/dev/null || true)
    if ! compgen -G "$library/libstd-*.rlib" >/dev/null; then
        say "Adding the target wasm32-unknown-unknown: the page is compiled to WebAssembly."
        rustup target add wasm32-unknown-unknown ||
            fail "the WebAssembly target could not be added" "rustup target add wasm32-unknown-unknown (it needs static.rust-lang.org)"
    fi
}

need_node() {
    have node && have npm || fail "Node.js and npm are not installed" \
        "install Node.js 18 or newer (Debian: apt-get install -y nodejs npm), then call this again"
    node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' ||
        fail "Node.js $(node --version) is older than 18" "install a newer one, and put it first in PATH"
}

need_python() {
    local python=${PYTHON:-python3}
    have "$python" || fail "Python is not installed" "install Python 3.11 or newer (Debian: apt-get install -y python3 python3-venv)"
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "$("$python" --version) is older than 3.11" "install a newer one and name it: PYTHON=/path/to/python3 make ..."
}

# cargo_tool CRATE VERSION WHY [FEATURE FLAGS]: a prebuilt binary where cargo binstall is there, else a build without
# costly optimisation: the tools work on small inputs, and the build is what takes the time.
cargo_tool() {
    local crate=$1 version=$2 why=$3
    shift 3
    if have cargo-binstall; then
        say "Trying a prebuilt $crate $version with cargo binstall."
        cargo binstall --no-confirm --disable-strategies compile --root "$TOOLS" "$crate@$version" >&2 && return 0
        say "No prebuilt $crate could be had; building it."
    fi
    say "Building $crate $version into $TOOLS: $why. This is done once and takes some minutes."
    local lock
    for lock in --locked --force; do
        # A registry mirror can lag behind a tool's own lockfile, so the second try resolves afresh.
        # The build must not land in the project's target folder or take its flags.
        if env -u CARGO_TARGET_DIR -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET \
            CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
            cargo install "$lock" --quiet --root "$TOOLS" "$crate@$version" "$@" >&2; then
            return 0
        fi
    done
    return 1
}

need_trunk() {
    if [ "$(trunk --version 2>/dev/null)" = "trunk $TRUNK_VERSION" ]; then return; fi
    cargo_tool trunk "$TRUNK_VERSION" "it builds the page" --no-default-features --features rustls ||
        fail "trunk $TRUNK_VERSION could not be installed" \
            "see the message above; by hand: cargo install --locked trunk@$TRUNK_VERSION --root $TOOLS"
}

need_wasm_bindgen() {
    local version
    version=$(locked_version wasm-bindgen)
    [ -n "$version" ] || fail "Cargo.lock names no wasm-bindgen" "cargo generate-lockfile"
    if [ "$(wasm-bindgen --version 2>/dev/null)" = "wasm-bindgen $version" ] && have wasm-bindgen-test-runner; then return; fi
    cargo_tool wasm-bindgen-cli "$version" "it joins the page's program with the browser" ||
        fail "wasm-bindgen-cli $version could not be installed" \
            "see the message above; by hand: cargo install wasm-bindgen-cli@$version --root $TOOLS"
}

# npm_package NAME VERSION WHY
npm_package() {
    local manifest="$TOOLS/npm/node_modules/$1/package.json"
    if [ -f "$manifest" ] && [ "$(node -p 'require(process.argv[1]).version' "$manifest")" = "$2" ]; then return; fi
    say "Installing $1 $2 from npm: $3."
    mkdir -p "$TOOLS/npm"
    [ -f "$TOOLS/npm/package.json" ] || printf '{ "private": true }\n' > "$TOOLS/npm/package.json"
    npm install --prefix "$TOOLS/npm" --no-audit --no-fund --loglevel=error --save-exact "$1@$2" >&2 ||
        fail "$1 could not be installed" "see npm's message above; it needs the npm registry"
}

need_python_packages() {
    local environment
    environment=$(tests_python)
    if [ -f "$environment/ready" ]; then return; fi
    say "Making a Python environment for the tests in $environment: pytest, selenium and the clouds' official SDKs."
    # Debian keeps what a new environment needs in a package of its own.
    if [ -z "${PYTHON:-}" ] && ! python3 -c 'import ensurepip' 2>/dev/null && have apt-get; then
        system_packages "Python environments" python3-venv
    fi
    "${PYTHON:-python3}" -m venv "$environment" ||
        fail "the Python environment could not be made" "Debian: apt-get install -y python3-venv, then call this again"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt >&2 ||
        fail "the Python packages could not be installed" "see pip's message above; it needs PyPI"
    touch "$environment/ready"
}

# system_packages WHY PACKAGE...: installs them where that is allowed, and else says the line to type.
system_packages() {
    local why=$1
    shift
    local line="apt-get install -y --no-install-recommends $*"
    if [ "$(id -u)" = 0 ] && have apt-get; then
        say "Installing $* with apt: $why."
        { apt-get update -qq && DEBIAN_FRONTEND=noninteractive $line; } >&2 ||
            fail "apt could not install $*" "apt-get update && $line"
    else
        fail "$* is missing: $why. Only root can install packages" "sudo apt-get update && sudo $line"
    fi
}

# The system packages named, and those of the tests.
need_system_packages() {
    local missing=("$@")
    have chromium || have chromium-browser || have google-chrome || missing+=(chromium)
    have chromedriver || missing+=(chromium-driver)
    if ! have fc-list || [ -z "$(fc-list :lang=zh 2>/dev/null | head -n1)" ]; then missing+=(fontconfig fonts-noto-cjk); fi
    have nginx || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
    [ ${#missing[@]} -gt 0 ] || return 0
    system_packages "the tests' browser, a font with Chinese, a web server as their portal and to measure beside" "${missing[@]}"
    # Debian starts a web server on installation; the tests start their own on a free port.
    case " ${missing[*]} " in *" nginx-light "*) service nginx stop >/dev/null 2>&1 || true ;; esac
}

build() {
    need_cc
    need_rust
    need_node
    need_trunk
    need_wasm_bindgen
    npm_package binaryen "$BINARYEN_VERSION" "wasm-opt makes the page smaller (distributions ship one too old for it)"
}

tests() {
    build
    need_python
    need_python_packages
    npm_package axe-core "$AXE_CORE_VERSION" "it looks for accessibility faults on every page"
    need_system_packages
}

case ${1:-build} in
build) build ;;
test) tests ;;
lint)
    need_cc
    need_rust
    need_python
    ;;
bench)
    tests
    npm_package swagger-ui-dist "$SWAGGER_UI_VERSION" "the page is measured beside it"
    # It puts the load on the server and on what it is measured beside.
    have wrk || need_system_packages wrk
    ;;
deny)
    need_rust
    have cargo-deny || cargo_tool cargo-deny "$CARGO_DENY_VERSION" "it checks crates against advisories and deny.toml" ||
        fail "cargo-deny $CARGO_DENY_VERSION could not be installed" "make check without DENY=1 skips it"
    ;;
*) fail "unknown part: $1" "tools/setup.sh build | test | bench | lint | deny" ;;
esac
