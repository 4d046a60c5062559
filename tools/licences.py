"""Checks that every dependency, of the server and of the page, has a licence that deny.toml allows.

cargo-deny does the same and more, but takes minutes to build; this needs nothing but cargo.
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


def main():
    """Prints what is not allowed and exits non-zero when there is anything."""
    with open(ROOT / "deny.toml", "rb") as file:
        rules = tomllib.load(file)["licenses"]
    allowed = set(rules["allow"])
    exceptions = {rule["crate"]: set(rule["allow"]) for rule in rules.get("exceptions", [])}
    answer = subprocess.run(
        ["cargo", "metadata", "--locked", "--format-version", "1"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        sys.exit(answer.stderr)
    packages = json.loads(answer.stdout)["packages"]
    bad = []
    for package in packages:
        expression = package["license"]
        if not expression:
            bad.append(f"{package['name']} {package['version']}: names no licence")
        elif not satisfied(expression, allowed | exceptions.get(package["name"], set())):
            bad.append(f"{package['name']} {package['version']}: {expression}")
    for line in bad:
        print(line)
    print(f"{len(packages)} packages, {len(bad)} with a licence that deny.toml does not allow")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
