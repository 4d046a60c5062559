"""Checks every dependency, of the server and of the page, against deny.toml: its licence, whether it is banned, where it
comes from, and that no version is left open.

cargo-deny does the same, and advisories, but takes minutes to build; this needs nothing but cargo.
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def satisfied(expression, allowed):
    """Whether an SPDX expression can be met with allowed licences alone; AND binds closer than OR."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))
    position = 0

    def peek():
        return tokens[position] if position < len(tokens) else None

    def take():
        nonlocal position
        position += 1
        return tokens[position - 1]

    def either():
        result = both()
        while peek() == "OR":
            take()
            # Both sides are parsed whatever the first says.
            result = both() or result
        return result

    def both():
        result = one()
        while peek() == "AND":
            take()
            result = one() and result
        return result

    def one():
        if peek() == "(":
            take()
            result = either()
            take()
            return result
        name = take()
        if peek() == "WITH":
            take()
            name += " WITH " + take()
        return name in allowed

    return either()


# crates.io, under the names that cargo gives it.
CRATES_IO = ("registry+https://github.com/rust-lang/crates.io-index", "sparse+https://index.crates.io/")


def packages():
    """What cargo knows of each dependency, whatever it is compiled for."""
    answer = subprocess.run(
        ["cargo", "metadata", "--locked", "--format-version", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        sys.exit(answer.stderr)
    return json.loads(answer.stdout)["packages"]


def faults(package, rules):
    """What deny.toml has against a package."""
    allowed = set(rules["licenses"]["allow"])
    exceptions = {rule["crate"]: set(rule["allow"]) for rule in rules["licenses"].get("exceptions", [])}
    banned = {rule["crate"]: rule["reason"] for rule in rules["bans"]["deny"]}
    name, expression, source = package["name"], package["license"], package["source"]
    if not expression:
        yield "names no licence"
    elif not satisfied(expression, allowed | exceptions.get(name, set())):
        yield f"its licence is {expression}"
    if name in banned:
        yield f"is banned: {banned[name]}"
    if source is None:
        if not Path(package["manifest_path"]).is_relative_to(ROOT):
            yield f"comes from {package['manifest_path']}"
        for dependency in package["dependencies"]:
            if dependency["req"] == "*" and dependency.get("path") is None:
                yield f"takes any version of {dependency['name']}"
    elif source not in CRATES_IO:
        yield f"comes from {source}"


def main():
    """Prints what is not allowed and exits non-zero when there is anything."""
    with open(ROOT / "deny.toml", "rb") as file:
        rules = tomllib.load(file)
    found = packages()
    bad = [f"{package['name']} {package['version']}: {fault}" for package in found for fault in faults(package, rules)]
    for line in bad:
        print(line)
    print(f"{len(found)} packages, {len(bad)} faults by deny.toml")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
