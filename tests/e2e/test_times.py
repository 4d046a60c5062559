"""When a bastion is upgraded: one instant on three clocks, in whatever zone the browser is; never earlier than allowed."""

import json
import re

import pytest
from journeys import JOURNEYS, Walk
from selenium.webdriver.common.keys import Keys

BASTION = JOURNEYS[3]
DAY_SECONDS = 24 * 3600
ZONES = pytest.mark.parametrize("zone", ("Asia/Shanghai", "Europe/Berlin", "America/New_York"))
CHANGING_ZONES = pytest.mark.parametrize("zone", ("Europe/Berlin", "America/New_York"))

# What a clock on the wall shows of an instant, so many minutes away from UTC; the browser's own clock without minutes.
WALL = """
const [instant, minutes] = arguments;
const shift = minutes ?? -new Date(instant).getTimezoneOffset();
return new Date(instant + shift * 60000).toISOString().slice(0, 16);
"""

# The middle of the next hour that the browser's zone leaves out (+1) or shows twice (-1), as a wall shows it, and the
# minutes that the zone is ahead of UTC before and after the change.
NEXT_CHANGE = """
const way = arguments[0];
const ahead = (instant) => -new Date(instant).getTimezoneOffset();
const hour = 3600000;
for (let at = Math.ceil(Date.now() / hour + 48) * hour; ; at += hour) {
  const [before, after] = [ahead(at - 1), ahead(at)];
  if (Math.sign(after - before) !== way) continue;
  const wall = new Date(at + before * 60000 + way * hour / 2).toISOString().slice(0, 16);
  return {wall, before, after, at};
}
"""


def bastion(person, console):
    """The person at the form, which holds all that is needed."""
    return Walk(person, console, BASTION).open_form().fill()


def wall(person, instant, minutes=None):
    """What a clock on the wall shows."""
    return person.driver.execute_script(WALL, instant, minutes)


def time_field(walk):
    """Where the time is typed."""
    return walk.person.get("DateTime", walk.label("upgrade_time"))


def type_time(walk, text):
    """Types `2027-03-28T02:30` as the browser's field for times wants it: part by part."""
    year, month, day, hour, minute = (int(part) for part in re.findall(r"\d+", text))
    field = time_field(walk)
    half = "AM" if hour < 12 else "PM"
    parts = (f"{month:02}", f"{day:02}", str(year), f"{hour % 12 or 12:02}", f"{minute:02}", half)
    # The field goes on by itself after a part that can have no more digits, so each is found from the first.
    for place, part in enumerate(parts):
        field.send_keys(Keys.ARROW_LEFT * len(parts) + Keys.ARROW_RIGHT * place + part)
    assert field.get_attribute("value") == text


@ZONES
def test_a_time_is_the_same_instant_on_three_clocks_and_at_the_cloud(person, console, zone):
    person.prefer(zone=zone)
    walk = bastion(person, console)
    instant = person.driver.execute_script(
        "return new Date(arguments[0]).getTime()", time_field(walk).get_attribute("value")
    )
    assert instant > person.driver.execute_script("return Date.now()") + DAY_SECONDS * 1000
    # Each clock can be typed in, and shows the same instant.
    for option, minutes in ((re.compile("^UTC$"), 0), (re.compile("Beijing"), 480), (re.compile(zone), None)):
        person.choose("Clock you type in", option)
        person.wait(
            lambda minutes=minutes: time_field(walk).get_attribute("value") == wall(person, instant, minutes),
            f"the instant on the clock {option.pattern}",
        )
    # And all three stand beside each other.
    shown = person.text(person.get("main", None))
    for minutes in (None, 0, 480):
        assert wall(person, instant, minutes)[11:] in shown
    # A time that is typed in Beijing means Beijing's.
    person.choose("Clock you type in", re.compile("Beijing"))
    later = wall(person, instant + 3600_000, 480)
    type_time(walk, later)
    walk.review()
    assert walk.plan["parameters"]["upgrade_time"] == instant + 3600_000
    # And that instant is what the cloud was sent.
    walk.give_what_it_needs().confirm().answered()
    (call,) = walk.changes_at_the_cloud()
    assert call["operation"] == BASTION.operation
    assert json.loads(call["body"])["upgrade_time"] == instant + 3600_000


# So far ahead that it is never too early; in Shanghai it is the next day.
START = 4_131_288_240_000
SEEN = {
    ("Europe/Berlin", "en"): "30 Nov 2100, 21:04 GMT+1 (20:04 UTC)",
    ("Europe/Berlin", "zh-CN"): "2100 年 11 月 30 日 21:04 GMT+1 (20:04 UTC)",
    ("Asia/Shanghai", "en"): "1 Dec 2100, 04:04 GMT+8 (30 Nov 2100, 20:04 UTC)",
    ("UTC", "en"): "30 Nov 2100, 20:04 UTC",
}


@pytest.mark.parametrize(("zone", "language"), SEEN, ids=str)
def test_a_start_stands_everywhere_on_the_persons_own_clock(meet, demo, zone, language):
    plan = demo.plan(BASTION.operation, BASTION.profile, {"server_id": BASTION.instance, "upgrade_time": START})
    person = meet(demo, zone=zone, language=language)
    seen = SEEN[zone, language]
    person.open(f"/plans/{plan['id']}")
    # What changes, what it leaps to beside the button, and when it takes effect.
    person.wait(lambda: person.text().count(seen) == 3, f"{seen} three times")
    run = demo.confirm(plan)
    person.wait(lambda: demo.get(f"/api/runs/{run['id']}")["state"] == "scheduled", "the schedule")
    for path in (f"/runs/{run['id']}", "/runs", "/"):
        person.open(path)
        person.reads(seen)
        assert "2100-11-30" not in person.text()
    # What is refused speaks of it, too.
    status, problem = demo.call(
        "/api/plans",
        {
            "operation": BASTION.operation,
            "profile": BASTION.profile,
            "parameters": {"server_id": BASTION.instance, "upgrade_time": START + 60_000},
        },
    )
    assert status == 400 and "scheduled for 2100-11-30T20:04:00Z" in problem["errors"][0]["detail"]


@CHANGING_ZONES
def test_an_hour_that_the_clocks_leave_out_is_refused_with_the_next_one(person, console, zone):
    person.prefer(zone=zone)
    walk = bastion(person, console)
    change = person.driver.execute_script(NEXT_CHANGE, 1)
    type_time(walk, change["wall"])
    person.click("button", walk.words["review_button"])
    person.reads(re.compile("that night the clocks go forward over this time, choose .* instead"))
    assert person.path.startswith("/flows/"), "a time that no clock shows went on to the review"
    assert time_field(walk).get_attribute("value") == change["wall"], "what was typed is lost"


@CHANGING_ZONES
def test_an_hour_that_comes_twice_is_asked_about(person, console, zone):
    person.prefer(zone=zone)
    walk = bastion(person, console)
    change = person.driver.execute_script(NEXT_CHANGE, -1)
    type_time(walk, change["wall"])
    person.reads("The clock shows this time twice that night. Which one?")
    first = change["at"] - 30 * 60_000
    for choice, instant in (("The first time", first), ("The second time", first + 3600_000)):
        person.click("radio", re.compile(choice))
        walk.review()
        assert walk.plan["parameters"]["upgrade_time"] == instant, choice
        person.click("link", "Back to the form")
        person.wait(lambda: person.path.startswith("/flows/"), "the form")


def test_a_time_that_became_too_early_on_the_review_is_refused_with_the_earliest(meet, demo):
    person = meet(demo)
    walk = bastion(person, demo).review().give_what_it_needs()
    demo.advance(2 * 3600)
    person.press_on(walk.confirm_button())
    person.reads(re.compile("24 hours"))
    assert person.path.startswith("/plans/")
    assert demo.get("/api/runs")["items"] == []
    # Back at the form, the same is said at the field, with a time that is allowed.
    person.click("link", "Back to the form")
    person.wait(lambda: person.path.startswith("/flows/"), "the form")
    walk.person.click("button", walk.words["use_time"])
    walk.review().give_what_it_needs().confirm()
    assert walk.run["state"] in ("accepted", "scheduled", "confirmed", "sent")
