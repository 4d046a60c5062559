"""Each of the five upgrades in the browser, from the form to the cloud's answer, and every way in which it can go wrong."""

import re

import pytest
from journeys import JOURNEYS, Walk
from selenium.webdriver.common.keys import Keys
from support.words import EN

FIVE = pytest.mark.parametrize("journey", JOURNEYS, ids=str)


def test_from_the_form_to_the_clouds_answer(walk):
    person = walk.person
    walk.open_form().fill().review()
    assert person.title.startswith(walk.words["review_title"])
    person.reads(walk.journey.instance, walk.journey.profile, "What changes", "Cost", "Reversible", "Takes effect")
    assert walk.changes_at_the_cloud() == [], "nothing is sent before it is confirmed"
    plan = walk.plan
    review = plan["review"]

    # What the person reads is the plan that the server has.
    table = person.get("table", "Current and target values")
    cells = [person.text(cell) for cell in person.all("cell", within=table)]
    rows = zip(person.all("rowheader", within=table), cells[::2], cells[1::2], strict=True)
    assert review["changes"], "a plan that changes nothing"
    assert [(person.text(label), now, after) for label, now, after in rows] == [
        (change["label"], person.told(change["from"] or "not known"), person.told(change["to"]))
        for change in review["changes"]
    ]
    meaning = person.text(person.get("region", "What it means"))
    assert review["failure"] and review["failure"] in meaning.partition("If it fails")[2]
    beside = person.text(person.get("complementary", walk.words["confirm_head"]))
    for warning in review["warnings"]:
        assert warning in beside
    assert walk.journey.warning in beside

    walk.give_what_it_needs().confirm()
    run = walk.answered()
    assert run["answer"]["status"] == 200
    assert run["plan"] == plan["id"] and run["payload_hash"] == plan["payload_hash"]
    [call] = walk.changes_at_the_cloud()
    assert (call["operation"], call["verdict"], call["applied"]) == (walk.journey.operation, "accepted", True)
    assert run["answer"]["request_id"] == call["request_id"]

    # The answer as a person reads it.
    person.reads(
        run["outcome"], "HTTP 200" if person.has("term", "HTTP") else "200", call["request_id"], walk.journey.instance
    )
    assert person.heading()
    timeline = person.get("region", "Timeline")
    for state in ("Confirmed", "Sent"):
        assert person.has("heading", state, within=timeline)
    assert "Simulated" in person.text() or "SIMULATED" in person.text()
    if run["answer"]["order_id"]:
        person.reads(run["answer"]["order_id"])

    # The link of the run works from a cold start, and so does the list of runs.
    path = person.path
    person.open(path)
    person.reads(call["request_id"])
    person.open("/runs")
    person.reads(walk.title(), walk.journey.instance)


def test_an_empty_form_says_what_is_missing(walk):
    person = walk.person
    walk.open_form()
    person.click("button", walk.words["review_button"])
    focused = walk.problems()
    person.wait(lambda: person.title.startswith(walk.words["error_title"]), "the title's Error:")
    assert walk.console.clouds.calls() == []

    # Each link leads to its field, and the field says the same words.
    links = person.all("link", within=focused)
    assert links
    reached = set()
    for link in links:
        words = link.text.strip()
        person.press_on(link)
        field = person.focused()
        assert field.accessible_name, "a link leads to no field"
        reached.add(field.accessible_name)
        described = person.driver.execute_script(
            # What describes the field itself, or the group of radio buttons that it is one of.
            "const group = arguments[0].closest('[role=radiogroup]');"
            "return [arguments[0], group].filter(Boolean).flatMap((described) => (described.getAttribute('aria-describedby') || '').split(' '))"
            ".map((id) => document.getElementById(id)?.innerText || '').join(' ')",
            field,
        )
        message = words.split(": ", 1)[-1]
        assert message.lower() in described.lower(), f"{words!r} is not beside its field: {described!r}"
    if walk.journey.operation != "computenestsupplier.UpgradeServiceInstance":
        # There the vendor's document requires nothing; here it does.
        assert walk.label(walk.journey.instance_field) in reached


def test_a_bad_value_is_named_and_nothing_typed_is_lost(walk):
    person = walk.person
    name, value = walk.journey.bad
    walk.open_form().fill()
    if not person.all(walk.role(name), walk.label(name)) or walk.field(name).get_attribute("readonly"):
        person.click("button", f"Change {walk.label(name)}")
    walk.type(name, value)
    person.click("button", walk.words["review_button"])
    [link] = person.all("link", within=walk.problems())
    person.press_on(link)
    assert person.focused().accessible_name == walk.label(name)
    assert person.focused().get_attribute("value") == value
    assert person.focused().get_attribute("aria-invalid") == "true"
    assert person.path.startswith("/flows/")
    # What was right stays, and setting the one value right is enough.
    if name != walk.journey.instance_field:
        assert (
            walk.field(walk.journey.instance_field).get_attribute("value")
            == walk.journey.instance
        )
    right = {walk.journey.instance_field: walk.journey.instance, "ClientToken": "a-token-of-my-own"}.get(name) or next(
        given for _, parameter, given in walk.journey.steps if parameter == name
    )
    walk.type(name, right)
    walk.review()


def test_what_the_cloud_refuses_is_said_in_its_own_words(walk):
    person = walk.person
    walk.open_form().fill(walk.journey.refused_instance).review().give_what_it_needs().confirm()
    run = walk.answered()
    assert (run["state"], run["failure"]) == ("refused", "refused")
    assert run["answer"]["code"] == walk.journey.refusal
    [call] = walk.changes_at_the_cloud()
    assert call["verdict"] == walk.journey.refusal and not call["applied"]
    person.wait(lambda: person.title.startswith("Refused"), "the title of the refusal")
    # The code and the message verbatim, what happened, what to do now.
    person.reads(
        walk.journey.refusal, run["answer"]["message"], run["outcome"], run["next_step"], call["request_id"] or ""
    )

    # The answer's card has all that the vendor's support asks for, and what the documents say about the code.
    answer = run["answer"]
    card = person.get("region", "Answer")
    said = person.text(card)
    for label, value in (
        ("Status", str(answer["status"])),
        ("Took", f"{answer['duration_ms']} ms"),
        ("Code", walk.journey.refusal),
        ("Documented meaning", answer["meaning"]),
        ("Request id", call["request_id"]),
    ):
        assert value and re.search(rf"^{label}\s+{re.escape(value)}\s*$", said, re.M), f"{label} {value} in {said!r}"
    person.get("button", "Copy the request id", within=card)
    # Alibaba's answers lead to a diagnosis of the error; Huawei has no such pages.
    links = [link.get_attribute("href") for link in person.all("link", within=card)]
    assert links == ([answer["recommend"]] if answer["recommend"] else [])
    assert bool(links) == (walk.journey.profile == "demo-alibaba")


@FIVE
@pytest.mark.parametrize(
    ("scenario", "failure"),
    [
        ("throttled", "throttled"),
        ("ak_not_found", "credentials"),
        ("cut", "cut"),
        ("error_5xx", "server_error"),
        ("unreadable", "unreadable"),
    ],
)
def test_failures_are_told_apart(person, console, journey, scenario, failure):
    walk = Walk(person, console, journey)
    walk.open_form().fill().review().give_what_it_needs()
    console.clouds.scenario(scenario)
    walk.confirm()
    run = person.wait(lambda: (found := walk.run)["failure"] and found, "the failure")
    assert run["failure"] == failure
    assert run["outcome"] and run["next_step"]
    person.reads(run["outcome"], run["next_step"])
    assert "Failed to fetch" not in person.text()
    uncertain = failure in ("cut", "server_error", "unreadable")
    assert run["state"] == ("unknown" if uncertain else "refused")
    if uncertain:
        person.wait(lambda: person.title.startswith("Unknown"), "the title of the unknown run")
        assert not person.has("button", re.compile("send again|resend", re.I))
    assert len(walk.changes_at_the_cloud()) == 1, "a change is sent once, whatever comes back"


@pytest.fixture
def hasty(tmp_path, clouds, console_at):
    """A console that soon gives up a cloud that does not answer, but not one that takes a breath."""
    running = console_at(clouds.address, tmp_path, limits="answer_seconds = 4")
    running.clouds = clouds
    yield running
    running.stop()


def test_each_failure_has_a_message_and_a_next_step_of_its_own(hasty, meet):
    """A refusal, wrong credentials, throttling, a time-out, no answer at all from the cloud or from the console."""
    console, person = hasty, meet(hasty)
    said = {}
    for number, (scenario, failure) in enumerate(
        (
            ("throttled", "throttled"),
            ("ak_not_found", "credentials"),
            ("no_permission", "refused"),
            ("hang", "timeout"),
            ("cut", "cut"),
            ("error_5xx", "server_error"),
        ),
        1,
    ):
        console.clouds.reset()
        # An instance of its own for each, since an unknown run keeps its instance; the cloud knows none of them.
        parameters = {"ServiceInstanceId": f"si-0000000000000000000{number}", "ServiceVersion": "2"}
        plan = console.plan(JOURNEYS[0].operation, JOURNEYS[0].profile, parameters)
        console.clouds.scenario(scenario)
        run = console.confirm(plan)
        run = person.wait(
            lambda run=run: (found := console.get(f"/api/runs/{run['id']}"))["failure"] and found, "the failure"
        )
        assert run["failure"] == failure
        said[scenario] = (run["outcome"], run["next_step"])
        person.open(f"/runs/{run['id']}")
        person.reads(*said[scenario])
        assert "Failed to fetch" not in person.text()

    console.clouds.scenario("normal")
    walk = Walk(person, console, JOURNEYS[2]).open_form().fill()
    console.server.kill()
    person.click("button", walk.words["review_button"])
    person.reads(walk.words["unreachable"], walk.words["unreachable_next"])
    assert "Failed to fetch" not in person.text()
    said["proxy"] = (walk.words["unreachable"], walk.words["unreachable_next"])
    assert all(outcome and step for outcome, step in said.values())
    assert len(set(said.values())) == len(said), said


def test_the_server_can_go_away_at_the_worst_moment(walk):
    """Stopped while the review is open: the page says so and what to do, keeps everything, and works again after."""
    person, console = walk.person, walk.console
    walk.open_form().fill().review().give_what_it_needs()
    console.server.kill()
    # The page may have noticed by itself by now, and then the button is shut: a press on it does nothing.
    walk.press_confirm()
    person.reads(re.compile("does not answer|cannot be reached"))
    person.reads(re.compile("What you typed is kept|No cloud was asked|asked again"))
    assert "Failed to fetch" not in person.text()
    assert person.path.startswith("/plans/")
    assert walk.changes_at_the_cloud() == []
    # Nothing typed is lost: the form still has the values.
    person.click("link", "Back to the form")
    person.wait(lambda: person.path.startswith("/flows/"), "the form")
    console.restart()

    def at_the_form():
        # Either the form was read before the server went away, or a person asks for it again.
        if person.has("button", walk.words["review_button"]):
            return True
        for button in person.all("button", "Try again"):
            person.press_on(button)
        return False

    person.wait(at_the_form, "the form")
    person.wait(
        lambda: walk.field(walk.journey.instance_field).get_attribute("value") == walk.journey.instance, "what was typed"
    )
    person.wait(
        lambda: not person.has("heading", "The console's server does not answer"),
        "the page to notice that the server is back",
    )


def test_many_clicks_make_one_call(walk):
    person = walk.person
    walk.open_form().fill().review().give_what_it_needs()
    plan = walk.plan
    button = walk.confirm_button()
    # Ten clicks in one frame: faster than any answer, and than any drawing.
    person.driver.execute_script("for (let i = 0; i < 10; i++) arguments[0].click();", button)
    walk.arrive_at_run()
    walk.answered()
    # And the same confirmation by another client gives the same run.
    assert walk.console.confirm(plan)["id"] == walk.run["id"]
    assert len(walk.changes_at_the_cloud()) == 1
    assert len(walk.console.get("/api/runs")["items"]) == 1


def test_confirm_opens_only_for_the_whole_id(walk):
    person = walk.person
    walk.open_form().fill().review()
    plan = walk.plan
    assert person.focused().aria_role != "button", "the focus starts on a button that acts"
    assert plan["needs"]["instance_id"]
    wanted = plan["review"]["instance"]
    field = person.type("textbox", walk.words["type_instance"], wanted[:-1])
    assert not walk.confirm_button().is_enabled()
    field.send_keys(Keys.ENTER)
    assert person.path.startswith("/plans/")
    field.send_keys("?")
    assert not walk.confirm_button().is_enabled()
    assert walk.changes_at_the_cloud() == []
    assert walk.console.get("/api/runs")["items"] == []


def test_what_was_given_for_one_plan_does_not_carry_over_to_another(walk):
    person = walk.person
    walk.open_form().fill().review()
    before = walk.plan
    walk.give_what_it_needs()
    person.click("link", "Back to the form")
    person.wait(lambda: person.path.startswith("/flows/"), "the form")
    person.wait(
        lambda: walk.field(walk.journey.instance_field).get_attribute("value") == walk.journey.instance, "the values"
    )
    walk.change_one_value().review()
    after = walk.plan
    assert after["id"] != before["id"] and after["payload_hash"] != before["payload_hash"]
    needs = after["needs"]
    for needed, label in (("instance_id", "type_instance"), ("reason", "reason")):
        if needs[needed]:
            assert person.get("textbox", walk.words[label]).get_attribute("value") == ""
    if needs["accept_unknown_cost"]:
        assert not person.get("checkbox", walk.words["accept_cost"]).is_selected()
    # Only a bastion host's upgrade, free and with a way back, asks for nothing.
    assert any(needs.values()) == ("server_id" not in after["parameters"])
    if any(needs.values()):
        assert not walk.confirm_button().is_enabled()

    # The new plan cannot be started with what was reviewed before, whatever else is given.
    given = {
        "instance_id": after["review"]["instance"] if needs["instance_id"] else None,
        "accept_unknown_cost": needs["accept_unknown_cost"] or None,
        "reason": "tried in a test" if needs["reason"] else None,
    }
    body = {
        "payload_hash": before["payload_hash"],
        "confirmation": {name: value for name, value in given.items() if value is not None},
    }
    status, answer = walk.console.call(f"/api/plans/{after['id']}/runs", body)
    assert (status, answer["type"]) == (409, "urn:upgrade-console:payload_mismatch"), answer
    assert walk.changes_at_the_cloud() == []
    # The hash is all that was wrong.
    body["payload_hash"] = after["payload_hash"]
    status, answer = walk.console.call(f"/api/plans/{after['id']}/runs", body)
    assert status in (200, 201), answer


def test_back_from_the_review_keeps_the_form(walk):
    person = walk.person
    walk.open_form().fill().review()
    person.driver.back()
    person.wait(lambda: person.path.startswith("/flows/"), "the form")
    assert (
        walk.field(walk.journey.instance_field).get_attribute("value") == walk.journey.instance
    )


def test_a_reload_keeps_the_draft_and_clear_removes_it(walk):
    person = walk.person
    walk.open_form().fill()
    person.reads("Draft saved")
    person.reload()
    person.wait(
        lambda: walk.field(walk.journey.instance_field).get_attribute("value") == walk.journey.instance, "what was typed"
    )
    person.click("button", EN["clear"])
    person.wait(
        lambda: walk.field(walk.journey.instance_field).get_attribute("value") == "",
        "an empty form",
    )
    # A slip is taken back.
    person.click("button", "Put my draft back")
    person.wait(
        lambda: walk.field(walk.journey.instance_field).get_attribute("value") == walk.journey.instance,
        "what was typed",
    )
    person.click("button", EN["clear"])
    # Said before, too: the field is what tells.
    person.wait(lambda: walk.field(walk.journey.instance_field).get_attribute("value") == "", "an empty form again")
    person.reads("Form cleared")
    person.reload()
    person.get("button", walk.words["review_button"])
    assert walk.field(walk.journey.instance_field).get_attribute("value") == ""


def test_a_link_fills_the_form_and_sends_nothing(walk):
    person = walk.person
    walk.open_form(f"?{walk.journey.instance_field}={walk.journey.instance}&no_such_field=1")
    assert (
        walk.field(walk.journey.instance_field).get_attribute("value") == walk.journey.instance
    )
    person.reads("no_such_field")
    assert walk.console.clouds.calls() == []


def test_in_chinese(person, console, request):
    person.prefer(language="zh-CN")
    for journey in JOURNEYS:
        walk = Walk(person, console, journey, "zh")
        walk.open_form()
        assert person.driver.execute_script("return document.documentElement.lang") == "zh-CN"
        person.reads(walk.title())
        walk.fill().review()
        assert person.title.startswith(walk.words["review_title"])
        walk.give_what_it_needs().confirm()
        run = walk.answered()
        assert run["answer"]["status"] == 200
        person.reads(run["answer"]["request_id"], walk.journey.instance)
    assert len([call for call in console.clouds.calls() if call["applied"]]) == 5


@FIVE
def test_in_the_dark(person, console, journey):
    person.prefer(theme="dark")
    walk = Walk(person, console, journey).open_form()

    def judge():
        person.settle()
        red, green, blue = person.driver.execute_script(
            "return getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"
        )
        assert max(red, green, blue) < 80, "the page is not dark"
        person.assert_accessible()

    walk.fill()
    judge()
    walk.review()
    judge()
    walk.give_what_it_needs().confirm()
    run = walk.answered()
    assert run["answer"]["status"] == 200
    person.reads(run["answer"]["request_id"])
    judge()


@FIVE
def test_by_keyboard_alone(person, console, journey):
    # From the top of the page; every stop on the way can be seen.
    walk = Walk(person, console, journey).open_form().fill_by_keys()
    person.tab_to("button", walk.words["review_button"])
    person.press(Keys.ENTER)
    person.wait(lambda: person.path.startswith("/plans/"), "the review")
    person.get("heading", walk.words["confirm_head"])
    plan = walk.plan
    if plan["needs"]["instance_id"]:
        person.tab_to("textbox", walk.words["type_instance"])
        person.press(plan["review"]["instance"])
    if plan["needs"]["accept_unknown_cost"]:
        person.tab_to("checkbox", walk.words["accept_cost"])
        person.press(Keys.SPACE)
    if plan["needs"]["reason"]:
        person.tab_to("textbox", walk.words["reason"])
        person.press("tried in a test")
    person.wait(lambda: walk.confirm_button().is_enabled(), "the button to open")
    person.tab_to("button", re.compile(re.escape(journey.profile)))
    person.press(Keys.ENTER)
    walk.arrive_at_run()
    assert walk.answered()["answer"]["status"] == 200


def test_the_demo_needs_no_configuration(demo, meet):
    person = meet(demo)
    person.open("/")
    for journey in JOURNEYS:
        title = demo.get(f"/api/operations/{journey.operation}")["title"]["en"]
        assert person.get("link", title)
    walk = Walk(person, demo, JOURNEYS[2])
    walk.open_form().fill().review().give_what_it_needs().confirm()
    assert walk.answered()["answer"]["status"] == 200


def test_the_token_belongs_to_the_plan(person, console):
    """The same after a reload, another for another plan, also when only one value changed; ASCII, at most 64 long."""
    for journey in (journey for journey in JOURNEYS if journey.bad[0] == "ClientToken"):
        walk = Walk(person, console, journey).open_form().fill().review()
        plan = walk.plan
        token = plan["client_token"]
        assert token.isascii() and 1 <= len(token) <= 64
        person.reload()
        walk.give_what_it_needs()
        assert (walk.plan["id"], walk.plan["client_token"]) == (plan["id"], token)
        person.click("link", "Back to the form")
        person.wait(lambda: person.path.startswith("/flows/"), "the form")
        person.reload()
        walk.change_one_value().review()
        assert walk.plan["id"] != plan["id"]
        assert walk.plan["client_token"] != token, "a token stands for one change"


def test_a_form_can_be_left_with_the_focus_in_a_field(walk):
    """By Enter in a text field, and by the browser's back: the field says that it lost the focus while it goes."""
    person = walk.person
    person.open("/")
    person.click("link", walk.title())
    person.get("button", walk.words["review_button"])
    walk.fill()
    walk.field(walk.journey.instance_field).send_keys(Keys.ESCAPE, Keys.ESCAPE, Keys.ENTER)
    person.wait(lambda: person.path.startswith("/plans/"), "the review")
    person.driver.back()
    person.get("button", walk.words["review_button"])
    walk.field(walk.journey.instance_field).send_keys(Keys.ESCAPE)
    person.driver.back()
    person.get("link", walk.title())
    assert person.path == "/"
    person.click("link", walk.title())
    person.wait(
        lambda: walk.field(walk.journey.instance_field).get_attribute("value") == walk.journey.instance, "what was typed"
    )
