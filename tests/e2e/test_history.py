"""The history: who did what to which instance, found again by an address, filled in again, taken home as a file."""

import csv
import io
import json
import re

import pytest
from support import instances
from support.processes import fetch

AAD = "aad.UpgradeInstanceSpec"
NEST = "computenestsupplier.UpgradeServiceInstance"


def shield(console, instance):
    """A run of a protection instance."""
    plan = console.plan(AAD, "demo-huawei", {"instance_id": instance, "upgrade_data": {"service_bandwidth": 200}})
    return console.confirm(plan)


def service(console, instance):
    """A run of a service instance."""
    parameters = {"RegionId": "cn-hangzhou", "ServiceInstanceId": instance, "ServiceVersion": "2"}
    return console.confirm(console.plan(NEST, "demo-alibaba", parameters))


def answered(person, console, run):
    """The run with the cloud's answer."""
    path = f"/api/runs/{run['id']}"
    return person.wait(lambda: (found := console.get(path))["answer"] and found, "the cloud's answer")


@pytest.fixture
def runs(person, console):
    """Two accepted and one refused."""
    first = answered(person, console, service(console, instances.SERVICE))
    console.clouds.scenario("no_permission")
    second = answered(person, console, shield(console, instances.SHIELD_IP))
    console.clouds.scenario("normal")
    return [first, second, answered(person, console, shield(console, instances.SHIELD_WEBSITE))]


def listed(person):
    """The instances of the rows, from the top."""
    return [row.text.split()[-1] for row in person.all("rowheader")]


def lists(person, *wanted):
    """Waits until the history shows these instances and no other."""
    person.wait(lambda: listed(person) == list(wanted), f"the rows {wanted}")


def test_each_row_says_who_when_what_where_and_how_it_ended(person, console, runs):
    person.open("/runs")
    lists(person, instances.SHIELD_WEBSITE, instances.SHIELD_IP, instances.SERVICE)
    for run in runs:
        row = next(row for row in person.all("row") if run["instance"] in row.text)
        state = {"refused": "Refused"}.get(run["state"], "")
        for piece in (run["title"], run["profile"], run["user"], run["target"] or "", state):
            assert piece in row.text, f"{piece!r} is not in {row.text!r}"
        assert "simulated" in row.text.lower()
        assert person.all("time", within=row)
    refused = next(row for row in person.all("row") if instances.SHIELD_IP in row.text)
    assert runs[1]["answer"]["code"] in refused.text, "the cloud's own word for the refusal"
    # It survives a reload, and the server.
    console.server.kill()
    console.restart()
    person.reload()
    lists(person, instances.SHIELD_WEBSITE, instances.SHIELD_IP, instances.SERVICE)


def test_filters_stand_in_the_address(person, console, runs):
    person.open("/runs")
    lists(person, instances.SHIELD_WEBSITE, instances.SHIELD_IP, instances.SERVICE)
    search = person.get("search", "Filter runs")

    person.choose("State", "Refused")
    assert len(listed(person)) == 3, "a filter takes effect when it is sent"
    person.click("button", "Filter", within=search)
    lists(person, instances.SHIELD_IP)
    assert person.path == "/runs?state=refused"
    person.reads("1 run")

    person.choose("State", "Any state")
    person.type("searchbox", "Search", instances.SERVICE[-8:])
    person.press("\n")
    lists(person, instances.SERVICE)
    assert person.path == f"/runs?q={instances.SERVICE[-8:]}"

    # Back and forward, in the list and in the form.
    person.driver.back()
    lists(person, instances.SHIELD_IP)
    state = person.get("combobox", "State")
    person.wait(lambda: state.get_attribute("value") == "refused", "the filter in the form")
    assert person.get("searchbox", "Search").get_attribute("value") == ""
    person.driver.forward()
    lists(person, instances.SERVICE)
    person.wait(
        lambda: person.get("searchbox", "Search").get_attribute("value") == instances.SERVICE[-8:], "the text in the form"
    )

    # Every filter from a cold link.
    for query, wanted in (
        (f"operation={AAD}", [instances.SHIELD_WEBSITE, instances.SHIELD_IP]),
        ("profile=demo-alibaba", [instances.SERVICE]),
        (f"mode=simulated&user={runs[0]['user']}&state=refused", [instances.SHIELD_IP]),
    ):
        person.open(f"/runs?{query}")
        lists(person, *wanted)
    for query in ("mode=live", "user=nobody", "profile=gone", "q=no%20such"):
        person.open(f"/runs?{query}")
        person.get("heading", "No run matches")
    person.click("link", "Clear the filters", within=person.get("search", "Filter runs"))
    lists(person, instances.SHIELD_WEBSITE, instances.SHIELD_IP, instances.SERVICE)
    assert person.path == "/runs"
    person.wait(lambda: person.name_of(person.focused()) == "Search", "the focus where one searches")


def test_nothing_yet_is_said_with_a_way_out(person):
    person.open("/runs")
    person.get("heading", "No run yet")
    person.click("link", "Choose an operation")
    person.wait(lambda: person.path == "/", "the operations")


def test_older_runs_are_on_pages_of_their_own(person, console):
    # Refused ones leave the instance free for the next.
    console.clouds.scenario("no_permission")
    made = [answered(person, console, shield(console, instances.SHIELD_IP))["id"] for _ in range(53)]
    person.open(f"/runs?operation={AAD}")
    person.wait(lambda: len(person.all("rowheader")) == 50, "a full page")
    person.reads("50 runs on this page")
    person.click("link", "Older")
    person.wait(lambda: len(person.all("rowheader")) == 3, "the rest")
    assert f"operation={AAD}" in person.path and "before=" in person.path
    oldest = person.all("link", within=person.all("rowheader")[-1])[0]
    assert oldest.get_attribute("href").endswith(made[0])
    person.driver.back()
    person.wait(lambda: len(person.all("rowheader")) == 50, "the first page again")
    person.driver.forward()
    person.click("link", "Newest")
    person.wait(lambda: len(person.all("rowheader")) == 50, "the newest")
    assert person.path == f"/runs?operation={AAD}"


def test_one_press_fills_the_form_from_a_run(person, console, runs):
    person.open("/runs")
    lists(person, instances.SHIELD_WEBSITE, instances.SHIELD_IP, instances.SERVICE)
    person.click("link", re.compile("^Fill the form again: .*" + instances.SERVICE))
    person.wait(lambda: person.path.startswith(f"/flows/{NEST}"), "the form")
    person.wait(lambda: instances.SERVICE in values(person), "the values of the run")
    # A new plan has a token of its own: only sending again repeats one.
    before = console.get(f"/api/plans/{runs[0]['plan']}")["parameters"]["ClientToken"]
    assert before not in values(person)
    assert len(console.get("/api/runs")["items"]) == 3, "filling sends nothing"


def values(person):
    """What stands in the fields of the page."""
    return person.driver.execute_script(
        "return [...document.querySelectorAll('main input, main select, main textarea')].map((field) => field.value)"
    )


def test_the_files_hold_the_same_rows(person, console):
    # Runs that have ended: one that goes on would change between the files.
    console.clouds.scenario("no_permission")
    service_run = answered(person, console, service(console, instances.SERVICE))
    runs = [answered(person, console, shield(console, instances.SHIELD_IP)) for _ in range(2)]
    person.open("/runs?profile=demo-huawei")
    lists(person, instances.SHIELD_IP, instances.SHIELD_IP)
    found = {}
    for name in ("Export JSON Lines", "Export CSV"):
        link = person.get("link", name)
        assert link.get_attribute("download")
        status, headers, body = fetch(link.get_attribute("href"))
        assert status == 200 and "attachment" in headers["content-disposition"]
        found[name] = body
    lines = [json.loads(line) for line in found["Export JSON Lines"].splitlines()]
    rows = list(csv.DictReader(io.StringIO(found["Export CSV"], newline="")))
    assert [line["id"] for line in lines] == [run["id"] for run in reversed(runs)]
    assert service_run["id"] not in found["Export CSV"]

    def cell(value):
        # Not a table of words: to Python 1 is True, and a call can take one millisecond.
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

    assert [{name: cell(value) for name, value in line.items()} for line in lines] == rows
    assert {row["mode"] for row in rows} == {"simulated"}


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_history_is_for_everyone_at_any_width(person, runs, language):
    for width in (320, 1280):
        person.prefer(width=width, language=language)
        for path in ("/runs", "/runs?q=nothing-is-called-so"):
            person.open(path)
            person.settle()
            person.assert_nothing_scrolls_sideways()
            person.assert_accessible()
