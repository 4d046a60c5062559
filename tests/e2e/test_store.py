"""A store that fails, as the person at the page meets it: why, in words; nothing sent, nothing typed in vain."""

import resource

import pytest
from journeys import JOURNEYS, Walk

KAFKA = next(journey for journey in JOURNEYS if "alikafka" in journey.operation)


@pytest.fixture
def disk(console):
    """Takes the server's room away, and gives it back; whoever runs the tests."""

    def has_room(room):
        process = console.server.process.pid
        _, most = resource.prlimit(process, resource.RLIMIT_FSIZE)
        # No file may be longer than a byte: as on a full disk.
        resource.prlimit(process, resource.RLIMIT_FSIZE, (most if room else 1, most))

    return has_room


@pytest.mark.parametrize(
    ("language", "why"), [("en", "there is no room for the console's store"), ("zh", "控制台的存储空间已满")]
)
def test_a_full_disk_stops_a_plan_and_a_confirmation_and_both_go_on_when_there_is_room(
    meet, console, disk, language, why
):
    person = meet(console, language="zh-CN" if language == "zh" else "en")
    walk = Walk(person, console, KAFKA, language).open_form().fill()
    disk(False)
    person.click("button", walk.words["review_button"])
    person.reads(why)
    assert person.path.startswith("/flows/")
    disk(True)
    # What was typed is still there.
    walk.review().give_what_it_needs()
    disk(False)
    person.press_on(walk.confirm_button())
    person.reads(why)
    assert person.path.startswith("/plans/")
    assert walk.changes_at_the_cloud() == []
    disk(True)
    walk.confirm()
    walk.answered()
    assert len(walk.changes_at_the_cloud()) == 1
