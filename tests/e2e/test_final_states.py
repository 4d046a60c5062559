"""Every final state that a flow can end in, reached as a person does: a link fills the form, then review, confirm, and
the page of the run until it says how it ended. test_journeys.py and test_runs.py have those that are refused, unknown,
settled by hand, called off before their time, and paid late."""

import re
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from journeys import JOURNEYS, Walk
from support import instances

NEST, BSS, KAFKA, CBH, AAD = JOURNEYS

# What else a link says, besides the instance.
SERVICE = {"ServiceVersion": "2"}
RENEWAL = {"ProductCode": "vipcloudfw", "ProductType": "vipcloudfw", "RenewPeriod": "1"}
VERSION = {"TargetVersion": "2.2.0"}
BANDWIDTH = {"upgrade_data/service_bandwidth": "200"}

GOING = "Accepted|In progress"
DAYS_AHEAD = 2
# Minutes from now until a bastion host's upgrade has begun.
BEGUN = DAYS_AHEAD * 24 * 60 + 2


@dataclass(frozen=True)
class Course:
    """One way that a run takes: the state at which the clouds' clock is moved on, by how many minutes, and the end."""

    name: str
    journey: object
    instance: str
    values: dict
    moves: tuple
    ends: str
    # What the page says of the end.
    reads: str

    def __str__(self):
        return self.name


COURSES = [
    Course(
        "nest-succeeds",
        NEST,
        instances.SERVICE,
        SERVICE,
        ((GOING, 10),),
        "Succeeded",
        "the upgrade to version 2 succeeded",
    ),
    Course(
        "nest-fails",
        NEST,
        instances.SERVICE_UPGRADE_FAILS,
        SERVICE,
        ((GOING, 10),),
        "Failed",
        "the upgrade to version 2 failed: Resource ALIYUN::ECS::Instance could not be updated: QuotaExceeded",
    ),
    Course(
        "bss-is-paid",
        BSS,
        instances.FIREWALL,
        RENEWAL,
        ((GOING, 1),),
        "Succeeded",
        "The subscription is paid until",
    ),
    Course(
        "bss-is-cancelled",
        BSS,
        instances.FIREWALL_CANCELLED,
        RENEWAL,
        ((GOING, 1),),
        "Failed",
        "was cancelled; nothing was renewed or changed",
    ),
    Course(
        "kafka-succeeds",
        KAFKA,
        instances.KAFKA_OLD,
        VERSION,
        (("Accepted", 5), ("In progress", 60)),
        "Succeeded",
        "The instance runs version 2.2.0",
    ),
    Course(
        "kafka-fails",
        KAFKA,
        instances.KAFKA_UPGRADE_FAILS,
        VERSION,
        (("Accepted", 5), ("In progress", 60)),
        "Failed",
        "“upgrade failed” (102), version 0.10.2",
    ),
    Course(
        "cbh-fails",
        CBH,
        instances.BASTION_UPGRADE_FAILS,
        {},
        (("Scheduled", BEGUN), ("In progress", 60)),
        "Failed",
        "The upgrade package could not be installed",
    ),
    Course(
        "aad-is-paid",
        AAD,
        instances.SHIELD_WEBSITE,
        BANDWIDTH,
        ((GOING, 5),),
        "Succeeded",
        "is completed, and the specification shows what was asked for",
    ),
    Course(
        "aad-costs-nothing",
        AAD,
        instances.SHIELD_FREE,
        BANDWIDTH,
        ((GOING, 5),),
        "Succeeded",
        "No fee changed, so there was no order",
    ),
    Course(
        "aad-is-cancelled",
        AAD,
        instances.SHIELD_ORDER_CANCELLED,
        BANDWIDTH,
        ((GOING, 5),),
        "Failed",
        "was cancelled while it was processed",
    ),
]
CROSS_VERSION = Course(
    "cbh-crosses-versions",
    CBH,
    instances.BASTION_CROSS_VERSION,
    {},
    (("Scheduled", BEGUN), ("In progress", 60)),
    "Succeeded",
    "The server id is now",
)
TAKEN_BACK = [COURSES[0], CROSS_VERSION]


def says(person, state):
    """Waits until title and timeline both say a state (an expression)."""
    person.wait(lambda: re.match(f"({state}):", person.title), f"a title that begins with {state}")
    timeline = person.get("region", "Timeline")
    person.wait(lambda: person.has("heading", re.compile(f"^({state})$"), within=timeline), f"{state} in the timeline")


def later(person, minutes):
    """Moves the clouds' clock on, as a presenter does."""
    if not person.has("button", "Advance"):
        person.click("DisclosureTriangle", re.compile("^Presenter"))
    ahead = person.demo.get("/api/simulator")["clock_offset_seconds"]
    person.type("spinbutton", "Advance by", str(minutes))
    person.choose("Unit", "minutes")
    band = person.get("region", "Mode and account")
    before = person.text(band)
    person.click("button", "Advance")
    person.wait(
        lambda: person.demo.get("/api/simulator")["clock_offset_seconds"] == ahead + minutes * 60, "the clouds' clock"
    )
    # The page takes the next press when it has heard of this one.
    person.wait(lambda: person.text(band) != before, "the clouds' clock in the band")


@pytest.fixture
def stage(meet, demo):
    """A person at the demo."""
    person = meet(demo)
    person.demo = demo
    return person


def confirmed(person, console, course):
    """From the link of a form to the page of the run."""
    walk = Walk(person, console, course.journey)
    given = {course.journey.instance_field: course.instance, **course.values}
    if course.journey is CBH:
        # Whole minutes, which the form's field shows.
        given["upgrade_time"] = (int(time.time()) // 60 + DAYS_AHEAD * 24 * 60) * 60_000
    walk.open_form(f"?{urlencode({'profile': course.journey.profile, **given})}")
    walk.review().give_what_it_needs().confirm()
    return walk


def followed(person, course):
    """Moves the clock as the run goes on, until the page says how it ended."""
    for place, (_, minutes) in enumerate(course.moves):
        # On a slow machine real time alone may have brought it further.
        says(person, "|".join([*(state for state, _ in course.moves[place:]), course.ends]))
        later(person, minutes)
    says(person, course.ends)
    person.reads(course.reads)


@pytest.mark.parametrize("course", COURSES, ids=str)
def test_a_flow_is_followed_to_its_end(stage, course):
    walk = confirmed(stage, stage.demo, course)
    followed(stage, course)
    run = walk.run
    assert run["state"] == course.ends.lower()
    assert not stage.has("button", "Check the status"), "there is nothing left to follow"
    # Only what took effect can be taken back, where the cloud can.
    assert stage.has("button", "Plan the rollback") == (course in TAKEN_BACK)


def test_a_dry_run_leaves_the_instance_as_it_was(stage):
    values = {**SERVICE, "DryRun": "true"}
    course = Course("dry-run", NEST, instances.SERVICE, values, (), "Succeeded", "The dry run passed.")
    confirmed(stage, stage.demo, course)
    followed(stage, course)
    stage.reads("The cloud only checked. Nothing was changed.")
    # A plan made now still starts from the version before.
    plan = stage.demo.plan(NEST.operation, NEST.profile, {"ServiceInstanceId": course.instance, **SERVICE})
    [change] = [change for change in plan["review"]["changes"] if change["pointer"] == "/ServiceVersion"]
    assert (change["from"], change["to"]) == ("1", "2")
    # The way on is the same form without the dry run.
    stage.click("link", "Plan the upgrade itself")
    stage.wait(lambda: stage.path.startswith(f"/flows/{NEST.operation}"), "the form")
    stage.reads("Filled in from an earlier plan.")
    assert not stage.get("radio", "true").is_selected()


@pytest.mark.parametrize("course", TAKEN_BACK, ids=str)
def test_what_succeeded_is_rolled_back_by_a_plan_of_its_own(stage, course):
    walk = confirmed(stage, stage.demo, course)
    followed(stage, course)
    first = walk.run
    stage.click("button", "Plan the rollback")
    stage.wait(lambda: stage.path.startswith("/plans/"), "the review of the rollback")
    stage.get("heading", "Confirm")
    assert (walk.plan["kind"], walk.plan["undoes"]) == ("rollback", first["id"])
    walk.give_what_it_needs().confirm()
    says(stage, f"{GOING}|Succeeded")
    later(stage, 60)
    says(stage, "Succeeded")
    # Each leads to the other.
    second = walk.run["id"]
    stage.click("link", first["id"], within="main")
    stage.wait(lambda: stage.path == f"/runs/{first['id']}", "the run that was rolled back")
    says(stage, "Rolled back")
    stage.reads(f"Rolled back by {second}")
    assert stage.has("link", second)
    assert not stage.has("button", "Plan the rollback"), "it is taken back once"
    assert walk.run["state"] == "rolled_back"


def test_an_order_that_nobody_pays_is_cancelled(stage):
    unpaid = Course("unpaid", AAD, instances.SHIELD_UNPAID, BANDWIDTH, ((GOING, 5),), "Awaiting payment", "Not paid")
    walk = confirmed(stage, stage.demo, unpaid)
    followed(stage, unpaid)
    first = walk.run
    stage.click("button", "Plan the cancellation")
    stage.wait(lambda: stage.path.startswith("/plans/"), "the review of the cancellation")
    stage.get("heading", "Confirm")
    assert (walk.plan["kind"], walk.plan["undoes"]) == ("cancel", first["id"])
    walk.give_what_it_needs().confirm()
    says(stage, "Succeeded")
    second = walk.run["id"]
    stage.click("link", first["id"], within="main")
    stage.wait(lambda: stage.path == f"/runs/{first['id']}", "the run whose order it was")
    says(stage, "Cancelled")
    stage.reads(first["order_id"], f"Cancelled by {second}")
    assert "Not paid" not in stage.text()
    assert walk.run["state"] == "cancelled"


@pytest.mark.parametrize("journey", JOURNEYS, ids=str)
def test_what_never_left_is_not_sent(meet, tmp_path, console_at, journey):
    values = dict(zip(map(str, JOURNEYS), (SERVICE, RENEWAL, VERSION, {}, BANDWIDTH), strict=True))[str(journey)]
    # A port that is taken and that nobody listens at.
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        console = console_at(f"127.0.0.1:{closed.getsockname()[1]}", tmp_path)
        try:
            person = meet(console)
            course = Course("not-sent", journey, journey.instance, values, (), "Not sent", "")
            walk = confirmed(person, console, course)
            says(person, "Not sent")
            run = walk.run
            assert (run["state"], run["answer"]) == ("not_sent", None)
            person.reads(run["outcome"], run["next_step"])
            # Nothing happened, so there is nothing to look up or to take back.
            for button in ("Check the status", "Plan the rollback", "Plan the cancellation"):
                assert not person.has("button", button)
            assert not person.has("DisclosureTriangle", "Record the outcome by hand")
        finally:
            console.stop()
