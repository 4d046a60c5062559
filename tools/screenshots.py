"""Pictures of every page, in both themes and both languages, at 320 and 1280 pixels, of the console as it is built.

    tools/with-tools.sh tests-python tools/screenshots.py [FOLDER] [--only WORD]

The clouds are simulated and their clock stands where it stands, so two series differ only in times and ids.
"""

import argparse
import sys
import tempfile
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


def prepared(console):
    """Addresses of pages with something to see, by the name of the picture."""
    service = {"RegionId": "cn-hangzhou", "ServiceVersion": "2"}

    def run(scenario, operation, profile, parameters):
        console.scenario(scenario)
        made = console.confirm(console.plan(operation, profile, parameters))
        return f"/runs/{made['id']}"

    nest, kafka, shield = (JOURNEYS[index].operation for index in (0, 2, 4))
    pages = {
        "run-accepted": run("normal", nest, "demo-alibaba", {**service, "ServiceInstanceId": instances.SERVICE}),
        "run-refused": run(
            "normal",
            kafka,
            "demo-alibaba",
            {"RegionId": "cn-hangzhou", "InstanceId": instances.KAFKA_STOPPED, "TargetVersion": "2.2.0"},
        ),
        "run-unknown": run(
            "cut",
            shield,
            "demo-huawei",
            {"instance_id": instances.SHIELD_IP, "upgrade_data": {"port_num": 60}},
        ),
    }
    console.scenario("normal")
    plan = console.plan(
        JOURNEYS[3].operation, "demo-huawei", {"server_id": instances.BASTION, "upgrade_time": 4_000_000_000_000}
    )
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
            pages = prepared(console)
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
