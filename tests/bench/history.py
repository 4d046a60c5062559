"""A page of the history at a thousand runs and at a million, in one run: what is compared is the one with the other.

The store is filled with copies of one real run, each with its own id, time, instance, person and state; then the server
is started on it and asked as the page asks.

    tools/with-tools.sh tests-python tests/bench/history.py [--many 1000000]
"""

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from limit import load, progress

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests")]

from support import processes  # noqa: E402
from support.console import Console  # noqa: E402

FEW = 1_000
REPEATS = 30
STATES = ("succeeded", "failed", "refused", "not_sent", "cancelled", "rolled_back")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
AAD = "aad.UpgradeInstanceSpec"
PARAMETERS = {"instance_id": "2b5ce2a4-0000-4000-8000-000000000001", "upgrade_data": {"service_bandwidth": 200}}


def base32(number):
    """Ten digits, which sort as the numbers do."""
    return "".join(ALPHABET[number >> shift & 31] for shift in range(45, -1, -5))


def store(folder):
    """The file of a console's store, and how its configuration names it."""
    path = folder / "store.db"
    return path, f'[store]\nurl = "sqlite://{path}"\n'


def fill(folder, count):
    """A store with so many runs: one made by the server, the others after its image."""
    path, configuration = store(folder)
    console = Console(folder, demo=False, tables=configuration)
    try:
        console.confirm(console.plan(AAD, "demo-huawei", PARAMETERS))
    finally:
        console.stop()
    connection = sqlite3.connect(path)
    # Nothing that is filled in need outlive a crash; the server sets both as it needs them when it opens the store.
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -200000")
    cursor = connection.execute("SELECT * FROM runs")
    columns = [column[0] for column in cursor.description]
    first = dict(zip(columns, cursor.fetchone(), strict=True))
    # A place for each value that differs, to be filled in as text: writing the whole as JSON takes most of the time.
    places = {name: f"({name})" for name in ("id", "plan", "state", "instance", "user")}
    body = json.dumps({**json.loads(first["body"]), **places}, separators=(",", ":"))
    started = 1_700_000_000_000

    def rows():
        for number in range(count - 1):
            identity = f"run_{base32(number)}{number:016}"
            at = started + number * 1_000
            state = STATES[number % 29 % len(STATES)]
            instance = f"2b5ce2a4-0000-4000-8000-{number % 50_000:012}"
            user = f"person-{number % 40}"
            changed = {"id": identity, "plan": f"pl_{number:010}", "state": state, "instance": instance, "user": user}
            text = body
            for name, place in places.items():
                text = text.replace(place, changed[name], 1)
            row = {
                **first,
                "id": identity,
                "plan": changed["plan"],
                "state": state,
                "instance": instance,
                "body": text,
                "blocks": 0,
                "client_token": None,
                "created_at": at,
                "updated_at": at,
                "user_name": user,
                "search": "\n".join([identity, AAD, instance, user]).lower(),
            }
            yield tuple(row[name] for name in columns)

    marks = ", ".join("?" * len(columns))
    # Made anew when the rows are there: sorting them once is quicker than finding a place for each.
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'runs' AND type = 'index' AND sql <> ''")
    indexes = found.fetchall()
    with connection:
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        connection.execute("UPDATE runs SET blocks = 0, state = 'succeeded'")
        connection.executemany(f"INSERT INTO runs ({', '.join(columns)}) VALUES ({marks})", rows())
        for _, sql in indexes:
            connection.execute(sql)
    connection.execute("ANALYZE")
    connection.close()
    return configuration


def questions(count):
    """What the page asks, by name."""
    middle = f"run_{base32(count // 2)}{count // 2:016}"
    return {
        "newest page": {},
        "page in the middle": {"before": middle},
        "one state": {"state": "failed"},
        "one person": {"user": "person-7"},
        "words that many have": {"q": "person-1"},
        "words that one has": {"q": f"run_{base32(3)}{3:016}"},
        "words that none has": {"q": "nothing of the kind"},
    }


def ask(console, query):
    """Milliseconds of one page, read to its end."""
    started = time.perf_counter()
    page = console.get(f"/api/runs?{urlencode({'limit': 50, **query})}")
    took = 1_000 * (time.perf_counter() - started)
    assert isinstance(page["items"], list)
    return took


def measure(folder, count):
    """Medians of each question on a store of so many runs."""
    folder.mkdir()
    progress(f"making {count:,} runs")
    began = time.monotonic()
    configuration = fill(folder, count)
    print(f"{count:>9,} runs made in {time.monotonic() - began:.0f} s, {store(folder)[0].stat().st_size / 1e6:,.0f} MB")
    console = Console(folder, demo=False, tables=configuration)
    try:
        medians = {}
        for name, query in questions(count).items():
            progress(f"{name}, of {count:,}")
            ask(console, query)
            medians[name] = statistics.median(ask(console, query) for _ in range(REPEATS))
        return medians
    finally:
        console.stop()


def main():
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=1_000_000)
    arguments = parser.parse_args()
    processes.SERVER = processes.TARGET / "release" / "upgrade-proxy"
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        few = measure(folder / "few", FEW)
        many = measure(folder / "many", arguments.many)
    print(f"\nload {load()}\n{'a page of the history, ms':28}{FEW:>12,}{arguments.many:>12,}{'ratio':>10}")
    for name, took in few.items():
        print(f"{name:28}{took:>12.2f}{many[name]:>12.2f}{many[name] / took:>10.1f}")


if __name__ == "__main__":
    main()
