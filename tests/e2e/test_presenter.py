"""The presenter's panel: what the simulated clouds do, seen on every page; and from a rehearsal to a live account."""

import re

import pytest
from journeys import JOURNEYS, Walk
from support import instances
from support.console import Console

NEST = "computenestsupplier.UpgradeServiceInstance"
KAFKA = "alikafka.UpgradeInstanceVersion"
PARAMETERS = {"RegionId": "cn-hangzhou", "ServiceInstanceId": instances.SERVICE, "ServiceVersion": "2"}

# The real accounts stand behind an address that a live profile never reaches, so no call leaves this machine.
LIVE = """
allow_live = true

[[profiles]]
name = "stage"
cloud = "alibaba"
mode = "simulated"
region = "cn-hangzhou"

[[profiles]]
name = "prod"
cloud = "alibaba"
mode = "live"
region = "cn-hangzhou"
endpoint = "https://169.254.0.1"
credentials = { source = "env", access_key = "PROD_KEY", secret_key = "PROD_SECRET" }

[[profiles]]
name = "prod-huawei"
cloud = "huawei"
mode = "live"
region = "cn-north-4"
project_id = "0123456789abcdef0123456789abcdef"
domain_id = "0123456789abcdef0123456789abcdef"
endpoint = "https://169.254.0.1"
credentials = { source = "env", access_key = "PROD_KEY", secret_key = "PROD_SECRET" }
"""


@pytest.fixture
def presenter(meet, demo):
    """A presenter, with the panel open at the operations."""
    person = meet(demo)
    person.demo = demo
    person.open("/")
    opened(person)
    return person


def opened(person):
    """Opens the panel."""
    person.click("DisclosureTriangle", re.compile("^Presenter"))
    person.get("button", "Reset the clouds")


def band(person):
    """What the band says."""
    return person.text(person.get("region", "Mode and account"))


def stage(person):
    """What the clouds do, by their own account."""
    return person.demo.get("/api/simulator")


def test_a_scenario_is_chosen_and_seen_on_every_page(presenter):
    seen = stage(presenter)
    select = presenter.get("combobox", "Scenario")
    offered = presenter.driver.execute_script("return [...arguments[0].options].map((option) => option.value)", select)
    assert sorted(offered) == sorted(known["name"] for known in seen["scenarios"])
    groups = presenter.driver.execute_script(
        "return [...arguments[0].querySelectorAll('optgroup')].map((group) => group.label)", select
    )
    assert len(groups) > 3 and len(set(groups)) == len(groups)
    assert "Scenario" not in band(presenter), "nothing is on"

    cut = next(known["title"] for known in seen["scenarios"] if known["name"] == "cut")
    presenter.choose("Scenario", cut)
    presenter.wait(lambda: stage(presenter)["scenario"] == "cut", "the scenario")
    presenter.wait(lambda: f"Scenario: {cut}" in band(presenter), "the scenario in the band")

    # It is what the clouds do, and what every page says.
    run = presenter.demo.confirm(presenter.demo.plan(NEST, "demo-alibaba", PARAMETERS))
    presenter.wait(lambda: presenter.demo.get(f"/api/runs/{run['id']}")["state"] == "unknown", "a run that was cut")
    for path in ("/", f"/flows/{KAFKA}", f"/plans/{run['plan']}", f"/runs/{run['id']}", "/runs", "/no/such/page"):
        presenter.open(path)
        presenter.wait(lambda: cut in band(presenter), f"the scenario in the band of {path}")
    # Somebody else ends it; the next page knows.
    presenter.demo.scenario("normal")
    presenter.click("link", "Operations", within=presenter.get("navigation", "Main"))
    presenter.wait(lambda: "Scenario" not in band(presenter), "the end of the scenario")


def test_the_clock_is_moved_on_by_steps_and_by_a_number_of_ones_own(presenter):
    ahead = 0
    for step, seconds, shown in (
        ("+1 min", 60, "1 min"),
        ("+10 min", 600, "11 min"),
        ("+1 h", 3600, "1 h 11 min"),
        ("+1 day", 86_400, "1 d 1 h"),
    ):
        presenter.click("button", step)
        ahead += seconds
        # The page takes the next press when it has heard of the last.
        presenter.wait(lambda shown=shown: f"Clock: {shown} ahead of real time" in band(presenter), step)
        assert stage(presenter)["clock_offset_seconds"] == ahead
    presenter.type("spinbutton", "Advance by", "3")
    presenter.choose("Unit", "hours")
    presenter.click("button", "Advance")
    ahead += 3 * 3600
    presenter.wait(lambda: stage(presenter)["clock_offset_seconds"] == ahead, "the clock of the clouds")
    presenter.wait(lambda: "1 d 4 h ahead" in band(presenter), "the clock in the band")
    # What is no number, and what is too much, is said and changes nothing.
    for typed, words in (("0", "Type a whole number"), ("99999999", "at most ten years")):
        presenter.type("spinbutton", "Advance by", typed)
        presenter.click("button", "Advance")
        presenter.reads(words)
    assert stage(presenter)["clock_offset_seconds"] == ahead
    # The clouds' time is the time of the rules: the earliest start of a bastion host moves with it.
    presenter.open("/runs")
    presenter.wait(lambda: "1 d 4 h ahead" in band(presenter), "the clock in the band of another page")


def test_a_reset_is_asked_back_and_puts_everything_as_it_was(presenter):
    presenter.demo.scenario("slow")
    presenter.demo.advance(7200)
    presenter.open("/")
    opened(presenter)
    presenter.click("button", "Reset the clouds")
    presenter.get("heading", "Reset the simulated clouds?")
    presenter.wait(lambda: presenter.focused().accessible_name == "Keep them", "the focus on the safe button")
    presenter.press("\n")
    presenter.gone("heading", "Reset the simulated clouds?")
    assert stage(presenter)["scenario"] == "slow"
    presenter.wait(lambda: presenter.focused().accessible_name == "Reset the clouds", "the focus where it was")
    presenter.click("button", "Reset the clouds")
    presenter.click("button", "Reset the clouds", within=presenter.get("dialog", "Reset the simulated clouds?"))
    presenter.wait(lambda: stage(presenter)["scenario"] == "normal", "the reset")
    assert stage(presenter)["clock_offset_seconds"] == 0
    presenter.wait(lambda: "ahead" not in band(presenter) and "Scenario" not in band(presenter), "a quiet band")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_panel_is_for_everyone_at_any_width(meet, demo, language, width):
    demo.scenario("kafka_system_flow_control")
    demo.advance(90_000)
    person = meet(demo)
    person.prefer(width=width, language=language)
    person.open("/runs")
    person.click("DisclosureTriangle", re.compile("^(Presenter|演示控制)"))
    person.settle()
    person.assert_nothing_scrolls_sideways()
    person.assert_accessible()


@pytest.fixture
def mixed(tmp_path):
    """A console with simulated and live accounts."""
    running = Console(tmp_path, LIVE, demo=False, environment={"PROD_KEY": "none", "PROD_SECRET": "none"})
    yield running
    running.stop()


def test_a_rehearsed_plan_opens_for_a_live_account_in_one_step(meet, mixed):
    person = meet(mixed)
    plan = mixed.plan(NEST, "stage", PARAMETERS)
    run = mixed.confirm(plan)
    for path in (f"/plans/{plan['id']}", f"/runs/{run['id']}"):
        person.open(path)
        person.get("link", "Open for the live profile prod")
        person.wait(lambda: "simulated" in band(person).lower(), "the mode in the band")
        assert not person.has("link", re.compile("prod-huawei")), "an account of another cloud"
        person.click("link", "Open for the live profile prod")
        person.wait(lambda: person.path.startswith(f"/flows/{NEST}"), "the form")
        person.wait(lambda: "live" in band(person).lower(), "the mode in the band")
        assert "simulated" not in band(person).lower()
        person.wait(lambda: "prod" in band(person), "the account in the band")
        person.reads("Real account")
        fields = "return [...document.querySelectorAll('main input')].map((field) => field.value)"
        person.wait(lambda: instances.SERVICE in person.driver.execute_script(fields), "the same values")
        assert plan["parameters"]["ClientToken"] not in person.driver.execute_script(fields)
    # Opening has planned nothing and sent nothing.
    assert [known["id"] for known in mixed.get("/api/runs")["items"]] == [run["id"]]
    # What comes of it is a plan of its own, with a review of its own.
    walk = Walk(person, mixed, JOURNEYS[0])
    walk.review()
    live = walk.plan
    assert (live["profile"], live["mode"]) == ("prod", "live")
    for name in ("ServiceInstanceId", "ServiceVersion"):
        assert live["parameters"][name] == plan["parameters"][name]
    for name in ("id", "payload_hash", "client_token"):
        assert live[name] != plan[name], name
    assert (live.get("run"), live.get("dry_run")) == (None, None), "nothing of the rehearsal counts here"
    # The mode stands in words wherever the change is named.
    person.wait(lambda: "live" in band(person).lower(), "the mode in the band")
    assert "simulated" not in band(person).lower()
    card = person.text(person.get("complementary", walk.words["confirm_head"]))
    assert "live" in card.lower()
    assert "simulated" not in card.lower()
    assert live["id"] in card
    button = person.get("button", f"{walk.title()} on prod")
    # The real account is asked for everything, and what was given for the rehearsal is not here.
    assert not button.is_enabled()
    person.reads(walk.words["type_instance"], walk.words["reason"])
    given = "return [...document.querySelectorAll('aside input, aside textarea')].map((one) => one.checked || one.value)"
    assert set(person.driver.execute_script(given)) <= {"", "on"}
    assert [known["id"] for known in mixed.get("/api/runs")["items"]] == [run["id"]]


def test_a_live_account_has_no_presenter(meet, mixed):
    person = meet(mixed)
    mixed.scenario("cut")
    person.open(f"/flows/{NEST}?profile=prod")
    person.wait(lambda: "live" in band(person).lower(), "the live account")
    assert not person.has("DisclosureTriangle", re.compile("^Presenter"))
    assert "Scenario" not in band(person), "a scenario means nothing to a real account"
    person.open(f"/flows/{NEST}?profile=stage")
    person.wait(lambda: "Scenario" in band(person), "the scenario")
    person.get("DisclosureTriangle", re.compile("^Presenter"))
