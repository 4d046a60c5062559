"""Pictures of every page, in both themes and both languages, at 320 and 1280 pixels, of the console as it is built.

    tools/with-tools.sh tests-python tools/screenshots.py [FOLDER] [--only WORD]

The clouds are simulated and their clock stands where it stands, so two series differ only in times and ids.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "e2e")]

from journeys import JOURNEYS, Walk
from selenium.webdriver.common.keys import Keys
from support import instances
from support.browser import Person, start_chromium
from support.console import Console

LANGUAGES = {"en": "en", "zh": "zh-CN"}
WIDTHS = {1280: 900, 320: 640}


HOUR = 3600
# Where a run is once the cloud has taken the call.
TAKEN = ("accepted", "in_progress")
NEST, KAFKA, BASTION, SHIELD = (JOURNEYS[index].operation for index in (0, 2, 3, 4))


def prepared(console, person):
    """Addresses of pages with something to see, by the name of the picture: a run in each state among them."""
    service = {"RegionId": "cn-hangzhou", "ServiceVersion": "2"}
    kafka = {"RegionId": "cn-hangzhou", "TargetVersion": "2.2.0"}

    def reaches(identity, *states):
        person.wait(lambda: console.get(f"/api/runs/{identity}")["state"] in states, f"a run that is {states}")

    def run(operation, profile, parameters, state, scenario="normal"):
        plan = console.plan(operation, profile, parameters)
        # Of the call alone: the scenario is over when the cloud has answered.
        console.scenario(scenario)
        identity = console.confirm(plan)["id"]
        reaches(identity, *state)
        console.scenario("normal")
        return identity

    def undone(identity, how):
        status, plan = console.call(f"/api/runs/{identity}/{how}", {})
        assert status == 201, plan
        given = {"instance_id": plan["review"]["instance"]} if plan["needs"]["instance_id"] else {}
        return console.confirm(plan, **given)

    # The clouds' clock is moved by a few hours below.
    ahead = int((time.time() + 72 * HOUR) * 1000)

    def scheduled(server):
        return run(BASTION, "demo-huawei", {"server_id": server, "upgrade_time": ahead}, ["scheduled"])

    # What needs time to pass comes first: the clouds' clock moves for all of them.
    runs = {
        "succeeded": run(KAFKA, "demo-alibaba", {**kafka, "InstanceId": instances.KAFKA_OLD}, TAKEN),
        "failed": run(NEST, "demo-alibaba", {**service, "ServiceInstanceId": instances.SERVICE_UPGRADE_FAILS}, TAKEN),
        "rolled_back": run(NEST, "demo-alibaba", {**service, "ServiceInstanceId": instances.SERVICE}, TAKEN),
    }
    console.advance(HOUR)
    for state, identity in runs.items():
        reaches(identity, "failed" if state == "failed" else "succeeded")
    reaches(undone(runs["rolled_back"], "rollback")["id"], *TAKEN)
    console.advance(HOUR)
    reaches(runs["rolled_back"], "rolled_back")

    runs["scheduled"] = scheduled(instances.BASTION_CROSS_VERSION)
    runs["cancelled"] = scheduled(instances.BASTION_UPGRADE_FAILS)
    undone(runs["cancelled"], "cancel")
    unpaid = {"instance_id": instances.SHIELD_UNPAID, "upgrade_data": {"service_bandwidth": 200}}
    runs["awaiting_payment"] = run(SHIELD, "demo-huawei", unpaid, ["awaiting_payment"])
    runs["accepted"] = run(NEST, "demo-alibaba", {**service, "ServiceInstanceId": instances.SERVICE}, TAKEN)
    runs["refused"] = run(KAFKA, "demo-alibaba", {**kafka, "InstanceId": instances.KAFKA_LATEST_MINOR}, ["refused"])
    more_ports = {"instance_id": instances.SHIELD_IP, "upgrade_data": {"port_num": 60}}
    runs["unknown"] = run(SHIELD, "demo-huawei", more_ports, ["unknown"], "cut")
    reaches(runs["cancelled"], "cancelled")
    plan = console.plan(BASTION, "demo-huawei", {"server_id": instances.BASTION, "upgrade_time": ahead})
    pages = {f"run-{state.replace('_', '-')}": f"/runs/{identity}" for state, identity in runs.items()}
    return {"home": "/", **pages, "review": f"/plans/{plan['id']}", "runs": "/runs", "not-found": "/no/such/page"}


def shoot(person, path):
    """The whole page, however long it is."""
    height = person.driver.execute_script("return document.documentElement.scrollHeight")
    width = person.driver.execute_script("return innerWidth")
    person.prefer(width=width, height=max(height, 400))
    person.driver.save_screenshot(str(path))


def main():
    """Takes the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", default="shots-new", type=Path)
    parser.add_argument("--only", default="", help="pictures whose name has this word")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)

    with tempfile.TemporaryDirectory() as temporary:
        console = Console(Path(temporary))
        driver = start_chromium(Path(temporary, "profile"))
        person = Person(driver, console.url)
        taken = 0
        try:
            pages = prepared(console, person)
            for short, language in LANGUAGES.items():
                for theme in ("light", "dark"):
                    for width, height in WIDTHS.items():

                        def wanted(name, short=short, theme=theme, width=width):
                            name = f"{name}-{short}-{theme}-{width}.png"
                            return folder / name if arguments.only in name else None

                        person.prefer(theme=theme, language=language, width=width, height=height, zone="Asia/Shanghai")
                        for name, address in pages.items():
                            if picture := wanted(name):
                                person.open(address)
                                person.settle()
                                shoot(person, picture)
                                taken += 1
                                person.prefer(width=width, height=height)
                        for journey in JOURNEYS:
                            name = f"form-{journey.operation.split('.')[0]}"
                            if picture := wanted(name):
                                walk = Walk(person, console, journey, short).open_form()
                                person.driver.execute_script("localStorage.clear()")
                                walk.open_form().fill()
                                person.settle()
                                shoot(person, picture)
                                taken += 1
                                person.prefer(width=width, height=height)
                        if picture := wanted("list-open"):
                            walk = Walk(person, console, JOURNEYS[2], short).open_form()
                            person.driver.execute_script("localStorage.clear()")
                            field = walk.open_form().field(walk.journey.instance_field)
                            field.send_keys(Keys.ARROW_DOWN)
                            person.wait(lambda: person.all("option"), "an open list")
                            shoot(person, picture)
                            taken += 1
                            person.prefer(width=width, height=height)
                        if picture := wanted("form-errors"):
                            walk = Walk(person, console, JOURNEYS[1], short).open_form()
                            person.driver.execute_script("localStorage.clear()")
                            walk.open_form()
                            person.click("button", walk.words["review_button"])
                            person.get("heading", walk.words["problem"])
                            shoot(person, picture)
                            taken += 1
                            person.prefer(width=width, height=height)
        finally:
            driver.quit()
            console.stop()
    print(f"{taken} pictures in {folder}")


if __name__ == "__main__":
    main()
