#!/usr/bin/env bash
# Runs a command from the top of the checkout with the installed tools in PATH.
# `tests-python` as the command is the Python that has the packages of the tests.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

if [ "$1" = tests-python ]; then
    shift
    set -- "$(tests_python)/bin/python" "$@"
fi
export CHROMEDRIVER=${CHROMEDRIVER:-$(command -v chromedriver || true)}
export UPGRADE_CONSOLE_TOOLS=$TOOLS
exec "$@"
