"""What outlives the server: a confirmation, a run, a plan; and what must not happen twice because of it."""

import pytest
from journeys import JOURNEYS, Walk

FIVE = pytest.mark.parametrize("journey", JOURNEYS, ids=str)


@FIVE
def test_a_server_killed_while_the_cloud_is_silent_knows_that_it_does_not_know(person, console, journey):
    walk = Walk(person, console, journey).open_form().fill().review().give_what_it_needs()
    console.clouds.scenario("hang")
    walk.confirm()
    person.wait(lambda: walk.run["state"] == "sent", "the request to be on its way")
    person.wait(lambda: len(walk.changes_at_the_cloud()) == 1, "the request at the cloud")
    path = person.path
    console.server.kill()
    console.clouds.scenario("normal")
    console.restart()

    person.open(path)
    person.wait(lambda: person.title.startswith("Unknown"), "the title of the unknown run")
    assert walk.run["state"] == "unknown"
    person.reads(walk.run["outcome"], walk.run["next_step"])
    assert not person.has("button", "Send it again")
    person.open("/runs")
    person.reads("Unknown", journey.instance)
    # The same plan is not sent again, whoever confirms it, and another one for the instance has to wait.
    plan = console.get(f"/api/plans/{walk_plan(console)}")
    assert console.confirm(plan)["state"] == "unknown"
    again = console.plan(journey.operation, journey.profile, plan["parameters"])
    status, problem = console.call(
        f"/api/plans/{again['id']}/runs",
        {"payload_hash": again["payload_hash"], "confirmation": everything(again)},
    )
    assert (status, problem["type"]) == (409, "urn:upgrade-console:instance_busy")
    assert len(walk.changes_at_the_cloud()) == 1


def walk_plan(console):
    """The plan of the only run."""
    [run] = console.get("/api/runs")["items"]
    return run["plan"]


def everything(plan):
    """A confirmation with all that a plan can ask for."""
    return {"instance_id": plan["review"]["instance"], "accept_unknown_cost": True, "reason": "a test"}


def test_a_plan_and_a_run_survive_a_restart(person, console):
    walk = Walk(person, console, JOURNEYS[2]).open_form().fill().review()
    console.server.kill()
    console.restart()
    person.reload()
    walk.give_what_it_needs().confirm()
    run = walk.answered()
    console.stop()
    console.restart()
    person.reload()
    person.reads(run["answer"]["request_id"], walk.journey.instance)
    assert len(walk.changes_at_the_cloud()) == 1
