"""Runs the steps of `make test` or `make check` one after the other, all of them even when one fails.

Each step's output passes through unchanged while the counts of its tests are read from it. At the end a table says
what passed and failed; the totals also go to target/steps/<group>.json, for `.ci/run` to add up.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))

WASM = ["--target", "wasm32-unknown-unknown"]
PAGE = ["-p", "upgrade-console"]
SERVER = ["--workspace", "--exclude", "upgrade-console"]
PYTEST = [sys.executable, "-m", "pytest", "-c", "tests/pytest.ini", "-p", "no:cacheprovider"]

# A step is a name, what it is for, and its commands; a later command runs only when the one before passed.
STEPS = {
    "test": [
        ("native", "the server and its crates", [["cargo", "test", "--locked", "--no-fail-fast", *SERVER]]),
        ("page", "the page's own logic, without a browser", [["cargo", "test", "--locked", *PAGE, "--lib"]]),
        ("browser", "the page, inside Chromium", [["cargo", "test", "--locked", "--no-fail-fast", *PAGE, *WASM]]),
        ("size", "the page against its budget", [["tools/build-app.sh"], ["node", "tools/size.mjs", "--check"]]),
        (
            "interop",
            "the official SDKs against the simulated clouds",
            [["cargo", "build", "--locked", "-p", "upgrade-proxy"], [*PYTEST, "tests/interop"]],
        ),
        (
            "e2e",
            "the console in Chromium",
            [["tools/build-app.sh"], ["cargo", "build", "--locked", "-p", "upgrade-proxy"], [*PYTEST, "--maxfail=20", "tests/e2e"]],
        ),
    ],
    "check": [
        ("format", "rustfmt", [["cargo", "fmt", "--all", "--", "--check"]]),
        (
            "lint-server",
            "clippy, native",
            [["cargo", "clippy", "--locked", *SERVER, "--all-targets", "--", "-D", "warnings"]],
        ),
        (
            "lint-page",
            "clippy, WebAssembly",
            [["cargo", "clippy", "--locked", *PAGE, *WASM, "--all-targets", "--", "-D", "warnings"]],
        ),
        (
            "catalogue",
            "the catalogue's own rules",
            [["cargo", "run", "--locked", "--quiet", "-p", "upgrade-proxy", "--", "check"]],
        ),
        (
            "dependencies",
            "licences, bans and sources of all crates, against deny.toml",
            [[sys.executable, "tools/dependencies.py"]],
        ),
    ],
}

# cargo test and wasm-bindgen-test end each binary with this line.
CARGO_RESULT = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed;")
# pytest ends with "=== 1 failed, 20 passed, 1 skipped, 2 errors in 3.21s ===".
PYTEST_RESULT = re.compile(r"^=+ (.*) in [\d.]+s.* =+$")
PYTEST_COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class Counts:
    """Passed, failed and skipped tests."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def read(self, line):
        """Adds what a line of output says, if it is a summary."""
        line = COLOUR.sub("", line).strip()
        if found := CARGO_RESULT.match(line):
            self.passed += int(found[1])
            self.failed += int(found[2])
        elif found := PYTEST_RESULT.match(line):
            for number, word in PYTEST_COUNT.findall(found[1]):
                if word == "passed":
                    self.passed += int(number)
                elif word in ("failed", "error", "errors", "xpassed"):
                    self.failed += int(number)
                else:
                    self.skipped += int(number)


def run(command, counts):
    """Runs one command, passes its output on, and returns its exit code."""
    print("$ " + " ".join("python3" if part == sys.executable else part for part in command), flush=True)
    try:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
    except OSError as error:
        print(f"{command[0]} could not be started: {error.strerror}", flush=True)
        return 127
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        counts.read(line)
    return process.wait()


def deny_steps():
    """cargo-deny when it is installed; says plainly when it is not."""
    if shutil.which("cargo-deny") is None:
        print(
            "cargo-deny is not installed: advisories are not checked (make check DENY=1 installs it, in several minutes)."
        )
        return []
    steps = [
        ("deny", "banned crates, sources and licences", [["cargo", "deny", "check", "licenses", "bans", "sources"]])
    ]
    # The advisory database is a Git repository; a machine that cannot reach it has nothing to check against.
    fetched = subprocess.run(["cargo", "deny", "fetch", "db"], cwd=ROOT, capture_output=True, check=False)
    if fetched.returncode == 0:
        steps.append(("advisories", "known faults of dependencies", [["cargo", "deny", "check", "advisories"]]))
    else:
        print("The advisory database cannot be fetched here: advisories are not checked.")
    return steps


def main():
    """Runs the steps and exits non-zero when anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("group", choices=sorted(STEPS))
    parser.add_argument("--only", help="one step by its name")
    arguments = parser.parse_args()

    steps = list(STEPS[arguments.group])
    if arguments.group == "check" and not arguments.only:
        steps += deny_steps()
    if arguments.only:
        steps = [step for step in steps if step[0] == arguments.only]
        if not steps:
            parser.error(f"no step {arguments.only}")

    rows = []
    passed = failed = skipped = 0
    for name, purpose, commands in steps:
        print(f"\n== {name}: {purpose}", flush=True)
        counts, started, code = Counts(), time.monotonic(), 0
        for command in commands:
            code = run(command, counts)
            if code != 0:
                break
        if code != 0 and counts.failed == 0:
            # It broke before or outside its tests: that is one failure more than it counted.
            counts.failed = 1
        elif code == 0 and counts.failed == 0 and arguments.group == "check":
            counts.passed = 1
        elif code == 0 and counts.passed == 0 and name == "size":
            counts.passed = 1
        passed, failed, skipped = passed + counts.passed, failed + counts.failed, skipped + counts.skipped
        rows.append((name, counts, time.monotonic() - started))

    print()
    for name, counts, seconds in rows:
        words = f"{counts.passed} passed, {counts.failed} failed"
        if counts.skipped:
            words += f", {counts.skipped} skipped"
        print(f"{name:<14}{words:<36}{seconds:6.0f} s")
    folder = TARGET / "steps"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{arguments.group}.json").write_text(
        json.dumps({"passed": passed, "failed": failed, "skipped": skipped})
    )
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
