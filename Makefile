# Upgrade Console: what can be done with a checkout. `make help` lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
LISTEN ?= 127.0.0.1:8080

.PHONY: help run app setup setup-test test test-native test-page test-browser test-size test-interop test-e2e check bench screenshots

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install what building needs, if it is missing
	@tools/setup.sh build

setup-test: ## install what the tests need too, if it is missing
	@tools/setup.sh test

app: setup ## build the page into dist/
	@tools/build-app.sh

run: app ## build, then serve the console at http://127.0.0.1:8080 on simulated clouds
	@tools/with-tools.sh cargo build --locked -p upgrade-proxy
	@tools/with-tools.sh cargo run --locked --quiet -p upgrade-proxy -- serve --listen $(LISTEN)

test: setup-test ## every test: native, in-browser, interop, end-to-end, and the size budget
	@tools/with-tools.sh tests-python tools/steps.py test

test-native test-page test-browser test-size test-interop test-e2e: setup-test
	@tools/with-tools.sh tests-python tools/steps.py test --only $(@:test-%=%)

check: ## format, lints, catalogue lint, dependencies; DENY=1 installs cargo-deny for advisories too
	@tools/setup.sh lint
	@$(if $(DENY),tools/setup.sh deny)
	@tools/with-tools.sh "$${PYTHON:-python3}" tools/steps.py check

bench: app ## the measurements: sizes, signing, the server beside nginx, the history at a million runs, the page beside Swagger UI
	@tools/setup.sh bench
	@tools/with-tools.sh node tools/size.mjs
	@tools/with-tools.sh cargo run --locked --quiet --release -p upgrade-signing --example signing_speed
	@tools/with-tools.sh cargo build --locked --quiet --release -p upgrade-proxy
	@tools/with-tools.sh tests-python -u tests/bench/server.py
	@tools/with-tools.sh tests-python -u tests/bench/history.py
	@tools/with-tools.sh tests-python -u tests/bench/page.py

screenshots: setup-test app ## every page in both themes and languages, two widths, into shots-new/
	@tools/with-tools.sh cargo build --locked -p upgrade-proxy
	@tools/with-tools.sh tests-python tools/screenshots.py $(or $(SHOTS),shots-new)
