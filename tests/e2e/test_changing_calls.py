"""No changing call leaves the browser from any route but the review, whatever a person does on the others. The one
exception is a call of unknown outcome that is sent again, with the token that was reviewed: from the page of its run."""

import re

from journeys import JOURNEYS, Walk
from selenium.webdriver.common.keys import Keys

NEST, BASTION = JOURNEYS[0], JOURNEYS[3]


def posts(person):
    """Every POST so far: where it went and the page that it left from, below the console's address."""
    person.requests()
    return [
        (address.removeprefix(person.url), page.removeprefix(person.url).split("?")[0])
        for method, address, page in person.sent_from
        if method == "POST"
    ]


def changing(person):
    """Those that can make a cloud change something."""
    return [(address, page) for address, page in posts(person) if address.endswith(("/runs", "/resend"))]


def confirmed(walk):
    """Confirms the plan on the screen; the call that says so, as it must have left."""
    plan = walk.person.path
    walk.give_what_it_needs().confirm()
    return (f"/api{plan}/runs", plan)


def test_changing_calls_leave_only_from_the_review_and_a_resend_from_its_run(person, console):
    walk = Walk(person, console, BASTION)
    # The operations, the palette and what it opens, a link with values, an address that leads nowhere.
    person.open("/")
    person.type("searchbox", "Filter operations", "bastion").send_keys(Keys.ENTER)
    person.press_with(Keys.CONTROL, "k")
    person.wait(lambda: person.focused().aria_role == "combobox", "the palette")
    person.press("bastion")
    person.wait(lambda: person.has("option", re.compile("(?i)bastion")), "the operation in the palette")
    person.press(Keys.ENTER)
    person.wait(lambda: person.path.startswith(f"/flows/{BASTION.operation}"), "the form")
    person.open("/no/such/page")
    walk.open_form(f"?{BASTION.instance_field}={BASTION.instance}")
    person.press(Keys.ENTER)
    # The form, with and without what it needs; the review, which is left again, and the history.
    person.click("button", walk.words["review_button"])
    person.get("heading", walk.words["problem"])
    walk.fill().review()
    person.driver.back()
    person.wait(lambda: person.path.startswith("/flows/"), "the form")
    person.open("/runs")
    assert changing(person) == []
    assert walk.changes_at_the_cloud() == []

    # A change from its review; its run, looked at again, called off by a plan of its own.
    walk.open_form().review()
    left = [confirmed(walk)]
    first = walk.answered()
    person.wait(lambda: person.title.startswith("Scheduled"), "the schedule")
    person.click("button", "Check the status")
    person.click("button", "Plan the cancellation")
    person.wait(lambda: person.path.startswith("/plans/"), "the review of the cancellation")
    person.get("heading", walk.words["confirm_head"])
    assert changing(person) == left
    left.append(confirmed(walk))
    person.wait(lambda: person.title.startswith("Succeeded"), "the end of the cancellation")
    # The history, and from the run that was called off back to its form.
    person.open("/runs")
    person.open(f"/runs/{first['id']}")
    person.click("link", "Fill the form again")
    person.wait(lambda: person.path.startswith("/flows/"), "the form, filled again")
    assert changing(person) == left

    # A call of which nobody knows what became, and the same call again.
    walk = Walk(person, console, NEST).open_form().fill().review()
    console.clouds.scenario("error_5xx")
    left.append(confirmed(walk))
    person.wait(lambda: person.title.startswith("Unknown"), "the unknown outcome")
    console.clouds.scenario("normal")
    person.click("button", "Check the status")
    person.click("DisclosureTriangle", re.compile("Send the same call again"))
    assert changing(person) == left
    lost = person.path
    person.click("button", "Send again on demo-alibaba")
    person.wait(lambda: walk.run["state"] in ("accepted", "in_progress"), "the upgrade")
    left.append((f"/api{lost}/resend", lost))

    assert changing(person) == left
    # Nothing else that the browser sent has changed anything.
    assert len(walk.changes_at_the_cloud()) == len(left)
    # And it was everywhere.
    pages = {page.removeprefix(person.url).split("?")[0].split("/")[1] for _, _, page in person.sent_from if person.url in page}
    assert {"", "flows", "plans", "runs", "no"} <= pages
