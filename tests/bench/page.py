"""The page against Swagger UI, in one run, on the same operations: bytes, time until they are seen, until a form can be used.

Both are served compressed (brotli, 11) from loopback to a browser with an empty profile each time. Only the ratios of
one run mean anything; the times depend on the machine and on what else it does.

On a busy machine a form of Swagger UI among hundreds of operations takes a minute to come. So it is said which round is
being measured, no round waits for ever, and when the time is over what was measured until then is printed.

    tools/with-tools.sh tests-python tests/bench/page.py [--rounds 5] [--many 500] [--minutes 10]
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml
from limit import at_most, load, progress
from selenium.common.exceptions import TimeoutException

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from support import processes  # noqa: E402
from support.browser import start_chromium  # noqa: E402
from support.console import Console  # noqa: E402

SWAGGER = Path(os.environ["UPGRADE_CONSOLE_TOOLS"], "npm", "node_modules", "swagger-ui-dist")
SWAGGER_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Swagger UI</title>
<link rel="stylesheet" href="swagger-ui.css"></head><body><div id="ui"></div>
<script src="swagger-ui-bundle.js"></script><script src="start.js"></script></body></html>"""
SWAGGER_START = "SwaggerUIBundle({ url: '../documents/openapi.json', dom_id: '#ui' });"

# Each step is a condition to wait for and what to press then; the time of each is taken inside the page, between two
# drawings, so that neither the driver nor the network between it and the browser counts.
PROBE = """
(() => {
  const steps = %s;
  const times = [];
  window.__times = times;
  const look = () => {
    const step = steps[times.length];
    if (!step) return;
    const found = document.querySelectorAll(step.until);
    if (found.length >= step.count) {
      times.push(performance.now());
      if (step.press) found[0].click();
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""

# A page that has not shown a form by then never will; and so long may all around it take: a browser's start and end.
STEPS_SECONDS = 240
ROUND_SECONDS = STEPS_SECONDS + 120
# So long a page may be too busy to say anything; the driver itself is given up after two minutes of silence.
SILENT_SECONDS = 110

# Waits in the page for the times of all steps, and gives what there is after a while.
WAIT = """
const [count, done] = arguments;
const until = performance.now() + 10000;
const look = () => {
  if (window.__times.length >= count || performance.now() > until) return done(window.__times);
  setTimeout(look, 50);
};
look();
"""

# What is told of each page: bytes, then times until something is painted, the operations are there, a form can be used.
MEASURED = ("kB", "first paint", "seen", "form", "click to form")

CONSOLE_STEPS = [
    {"until": "main a[href*='flows/']", "count": 5, "press": True},
    {"until": "main form button[type=submit]", "count": 1},
]
SWAGGER_STEPS = [
    {"until": ".opblock-summary-control", "count": 5, "press": True},
    {"until": ".try-out__btn", "count": 1, "press": True},
    {"until": ".opblock-body input:not([disabled]), .opblock-body textarea:not([disabled])", "count": 1},
]


def documents():
    """The documents of the five operations, the calls around them left out."""
    for path in sorted((ROOT / "apis").glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        kept = {
            address: item
            for address, item in document["paths"].items()
            if any(isinstance(operation, dict) and not operation.get("x-internal") for operation in item.values())
        }
        if kept:
            yield path.stem, {**document, "paths": kept}


def merged(many):
    """One document of all operations, for a tool that shows one; and copies of one of them, up to a count."""
    whole = {
        "openapi": "3.1.0",
        "info": {"title": "Upgrades", "version": "1"},
        "paths": {},
        "components": {"schemas": {}},
    }
    for stem, document in documents():
        # Names that two documents share are told apart.
        text = json.dumps(document).replace("#/components/schemas/", f"#/components/schemas/{stem}_")
        renamed = json.loads(text)
        whole["paths"].update(renamed["paths"])
        for name, schema in renamed.get("components", {}).get("schemas", {}).items():
            whole["components"]["schemas"][f"{stem}_{name}"] = schema
    whole["paths"].update({path: item for path, item in copies(many, whole["paths"])})
    return whole


def copies(many, paths):
    """More operations like the Kafka one, each under a name of its own."""
    item = paths["/#Action=UpgradeInstanceVersion"]
    for number in range(max(0, many - 5)):
        text = json.dumps(item).replace('"UpgradeInstanceVersion"', f'"UpgradeInstanceVersion{number:03}"')
        yield f"/#Action=UpgradeInstanceVersion{number:03}", json.loads(text)


def wait_for_all(driver, url, steps):
    """The times of all steps; says which one never came."""
    over = time.monotonic() + STEPS_SECONDS
    while True:
        try:
            times = driver.execute_async_script(WAIT, len(steps))
        except TimeoutException as error:
            raise TimeoutError(f"{url} was too busy to answer for {SILENT_SECONDS} s (load: {load()})") from error
        if len(times) == len(steps):
            return times
        if time.monotonic() > over:
            missing, text = steps[len(times)], driver.execute_script("return document.body.innerText")
            raise TimeoutError(
                f"{url} never had {missing['count']} of {missing['until']} (load: {load()}). It says:\n{text[:2000]}"
            )


def measure(url, steps, folder):
    """Times of the steps in milliseconds, and bytes moved, with a browser that has never been there."""
    driver = start_chromium(tempfile.mkdtemp(dir=folder))
    try:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": PROBE % json.dumps(steps)})
        # What the browser loaded for itself while it started does not count.
        driver.get("about:blank")
        driver.get_log("performance")
        driver.set_page_load_timeout(SILENT_SECONDS)
        driver.set_script_timeout(SILENT_SECONDS)
        driver.get(url)
        times = wait_for_all(driver, url, steps)
        painted = driver.execute_script("return performance.getEntriesByName('first-contentful-paint')[0]?.startTime")
        moved = 0
        for entry in driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.loadingFinished":
                moved += message["params"]["encodedDataLength"]
        return {
            "kB": moved / 1000,
            "first paint": painted,
            "seen": times[0],
            "form": times[-1],
            "click to form": times[-1] - times[0],
        }
    finally:
        driver.quit()


def main():
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--many", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=10, help="no further round is begun after that, for each count")
    arguments = parser.parse_args()
    processes.SERVER = processes.TARGET / "release" / "upgrade-proxy"
    for count in (5, arguments.many):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
            folder = Path(temporary)
            whole = merged(count)
            peer = folder / "swagger"
            peer.mkdir()
            for name in ("swagger-ui.css", "swagger-ui-bundle.js"):
                (peer / name).symlink_to(SWAGGER / name)
            (peer / "index.html").write_text(SWAGGER_PAGE)
            (peer / "start.js").write_text(SWAGGER_START)
            (folder / "documents").mkdir()
            (folder / "documents" / "openapi.json").write_text(json.dumps(whole))
            top = ""
            if count > 5:
                kafka = next(document for stem, document in documents() if stem == "alikafka")
                more = {**kafka, "paths": dict(copies(count, kafka["paths"]))}
                (folder / "more").mkdir()
                (folder / "more" / "more.yaml").write_text(yaml.safe_dump(more, allow_unicode=True, sort_keys=False))
                top = f'[catalogue]\nfolders = ["{folder / "more"}"]\n'
            static = subprocess.Popen(
                ["node", ROOT / "tests/bench/static.mjs", f"swagger={peer}", f"documents={folder / 'documents'}"],
                stdout=subprocess.PIPE,
                text=True,
            )
            with at_most(60, "the start of the web server for Swagger UI"):
                port = int(static.stdout.readline())
            console = Console(folder, top=top)
            over = time.monotonic() + 60 * arguments.minutes
            try:
                targets = [
                    ("Upgrade Console", f"{console.url}/", CONSOLE_STEPS),
                    ("Swagger UI", f"http://127.0.0.1:{port}/swagger/index.html", SWAGGER_STEPS),
                ]
                found = {name: [] for name, _, _ in targets}
                # The first round only fills the servers' own caches.
                for round_ in range(arguments.rounds + 1):
                    if round_ > 1 and time.monotonic() > over:
                        progress(f"{count} operations: {arguments.minutes:g} minutes are over; load {load()}")
                        break
                    for name, url, steps in targets:
                        progress(f"{count} operations, round {round_} of {arguments.rounds}: {name}")
                        with at_most(ROUND_SECONDS, f"{name} with {count} operations"):
                            result = measure(url, steps, folder)
                        if round_:
                            found[name].append(result)
            finally:
                console.stop()
                static.terminate()
                static.wait()
        rounds = len(found["Swagger UI"])
        print(f"\n{count} operations, medians of {rounds} [range]; load {load()}")
        medians = {}
        for name, results in found.items():
            line = f"{name:18}"
            for what in MEASURED:
                values = [result[what] for result in results]
                medians[name, what] = statistics.median(values)
                unit = "" if what == "kB" else " ms"
                line += f"  {what} {medians[name, what]:,.0f}{unit} [{min(values):,.0f}-{max(values):,.0f}]"
            print(line)
        ratios = ", ".join(
            f"{what} {medians['Upgrade Console', what] / medians['Swagger UI', what]:.2f}"
            for what in MEASURED
        )
        print(f"console / Swagger UI: {ratios}")


if __name__ == "__main__":
    main()
