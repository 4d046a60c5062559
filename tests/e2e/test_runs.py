"""The page of a run: followed to its end without a reload, called off, settled, found again after everything stopped."""

import re
import time

import pytest
from support import instances
from support.browser import start_chromium
from support.words import EN

CBH = "cbh.UpgradeInstance"
AAD = "aad.UpgradeInstanceSpec"
NEST = "computenestsupplier.UpgradeServiceInstance"
KAFKA = "alikafka.UpgradeInstanceVersion"
HOUR = 3600


def state_of(console, run):
    """Where the server says that a run is."""
    return console.get(f"/api/runs/{run['id']}")["state"]


def reaches(person, console, run, state):
    """Waits until a run is in a state, on the server and on the page."""
    person.wait(lambda: state_of(console, run) == state, f"the run to be {state}")


def says(person, words):
    """Waits until the title of the window begins with a state."""
    person.wait(lambda: person.title.startswith(words), f"a title that begins with {words}")


@pytest.fixture
def stage(meet, demo):
    """A person at the demo, whose clock the test moves."""
    person = meet(demo)
    person.demo = demo
    return person


def scheduled(person, server=instances.BASTION):
    """A bastion host whose upgrade starts in 48 hours; the person is on the run's page."""
    ahead = int((time.time() + 48 * HOUR) * 1000)
    run = person.demo.confirm(person.demo.plan(CBH, "demo-huawei", {"server_id": server, "upgrade_time": ahead}))
    reaches(person, person.demo, run, "scheduled")
    person.open(f"/runs/{run['id']}")
    return run


def listen(person):
    """Notes every text that polite regions say from now on."""
    person.driver.execute_script(
        """
        window.__heard = [];
        const note = () => {
          for (const region of document.querySelectorAll('[role=status]')) {
            const text = region.textContent.trim();
            if (region.dataset.heard !== text) { region.dataset.heard = text; if (text) window.__heard.push(text); }
          }
        };
        note(); window.__heard = [];
        new MutationObserver(note).observe(document.body, {subtree: true, childList: true, characterData: true});
        """
    )


def heard(person):
    """What they have said."""
    return person.driver.execute_script("return window.__heard")


def test_a_schedule_counts_down_and_runs_to_its_end_without_a_reload(stage):
    run = scheduled(stage)
    says(stage, "Scheduled")
    stage.wait(lambda: stage.get("timer").text.startswith("Starts in 1 d 23 h"), "the countdown")
    now = stage.get("timer").text
    stage.wait(lambda: stage.get("timer").text != now, "the next second")
    # The clock of the clouds is the clock that counts.
    stage.demo.advance(47 * HOUR)
    stage.open(stage.path)
    stage.wait(lambda: stage.get("timer").text.startswith("Starts in 5"), "the rest of the last hour")
    listen(stage)
    stage.get("button", "Plan the cancellation")
    stage.demo.advance(HOUR + 60)
    says(stage, "In progress")
    stage.gone("timer")
    stage.wait(lambda: not stage.has("button", "Plan the cancellation"), "the end of cancelling")
    reason = next(a["reason"] for a in stage.demo.get(f"/api/runs/{run['id']}")["actions"] if a["name"] == "cancel")
    stage.reads(stage.told(reason))
    stage.demo.advance(HOUR)
    says(stage, "Succeeded")
    for state in ("In progress", "Succeeded"):
        said = stage.wait(
            lambda state=state: [text for text in heard(stage) if text.startswith(state + ".")], f"a word of {state}"
        )
        assert len(said) == 1, f"{state} in {heard(stage)}"
    timeline = stage.get("region", "Timeline")
    for state in ("Confirmed", "Sent", "Scheduled", "In progress", "Succeeded"):
        assert stage.has("heading", state, within=timeline)
    # Each answer of the cloud can be quoted.
    kept = stage.demo.get(f"/api/runs/{run['id']}")["timeline"]
    ids = [line["answer"]["request_id"] for line in kept if line["answer"] and line["answer"]["request_id"]]
    assert ids
    for request_id in ids:
        assert request_id in stage.text(timeline)
    assert stage.has("button", "Copy the request id", within=timeline)


def test_a_schedule_is_called_off_by_a_plan_of_its_own(stage):
    run = scheduled(stage)
    stage.click("button", "Plan the cancellation")
    stage.wait(lambda: stage.path.startswith("/plans/"), "the review of the cancellation")
    stage.get("heading", "Confirm")
    assert len([known for known in stage.demo.get("/api/runs")["items"]]) == 1, "nothing is sent before it is confirmed"
    assert stage.has("link", run["id"]), "the review names the run"
    assert "Cancel “Upgrade bastion host”" in stage.heading(), "it must not read like another upgrade"
    assert stage.get("link", "Back to the run").get_attribute("href").endswith(f"/runs/{run['id']}")
    plan = stage.demo.get("/api" + stage.path)
    assert (plan["kind"], plan["undoes"]) == ("cancel", run["id"])
    if plan["needs"]["instance_id"]:
        stage.type("textbox", "Type the instance id", plan["review"]["instance"])
    stage.press_on(stage.get("button", re.compile("^Cancel .* on demo-huawei$"), within="main"))
    stage.wait(lambda: stage.path.startswith("/runs/"), "the run of the cancellation")
    says(stage, "Succeeded")
    # Each leads to the other.
    stage.click("link", run["id"], within="main")
    stage.wait(lambda: stage.path == f"/runs/{run['id']}", "the run that was called off")
    says(stage, "Cancelled")
    assert stage.has("link", stage.demo.get(f"/api/runs/{run['id']}")["undone_by"])
    assert not stage.has("button", "Plan the cancellation")
    assert not stage.has("timer")
    # In the history, what it came to stands beside what had been asked for.
    stage.open("/runs")
    stage.settle()
    assert "no start" in stage.text(stage.get("table")) and "not known" not in stage.text(stage.get("table"))


def test_an_order_that_is_not_paid_says_so_until_it_is(stage):
    body = {"instance_id": instances.SHIELD_UNPAID, "upgrade_data": {"service_bandwidth": 200}}
    run = stage.demo.confirm(stage.demo.plan(AAD, "demo-huawei", body))
    reaches(stage, stage.demo, run, "awaiting_payment")
    stage.open(f"/runs/{run['id']}")
    says(stage, "Awaiting payment")
    order = stage.demo.get(f"/api/runs/{run['id']}")["order_id"]
    stage.reads("Not paid", order)
    link = stage.get("link", "Open the order at the vendor", within=stage.get("region", "Result so far"))
    assert link.get_attribute("href").startswith("https://")
    # The presenter pays it; the page sees it by itself.
    stage.click("DisclosureTriangle", re.compile("^Presenter"))
    stage.type("combobox", "Order id", order)
    stage.click("button", "Pay")
    stage.wait(lambda: f"The simulated order {order} is paid" in stage.text(), "the payment")
    stage.demo.advance(HOUR)
    says(stage, "Succeeded")
    assert "Not paid" not in stage.text()


def unknown(person, console):
    """A Kafka run whose answer never came; the person is on its page."""
    parameters = {"RegionId": "cn-hangzhou", "InstanceId": instances.KAFKA_OLD, "TargetVersion": "2.2.0"}
    plan = console.plan(KAFKA, "demo-alibaba", parameters)
    (console.clouds if hasattr(console, "clouds") else console).scenario("cut")
    run = console.confirm(plan)
    reaches(person, console, run, "unknown")
    (console.clouds if hasattr(console, "clouds") else console).scenario("normal")
    person.open(f"/runs/{run['id']}")
    return run


def test_an_unknown_run_is_never_offered_again_and_is_settled_with_evidence(stage):
    run = unknown(stage, stage.demo)
    says(stage, "Unknown")
    stage.reads("We do not know whether the upgrade started")
    assert not stage.has("button", re.compile("send again|resend", re.I))
    stage.click("DisclosureTriangle", re.compile("Record the outcome by hand"))
    stage.click("button", "Settle the run")
    stage.reads("Choose a state.")
    stage.reads("Write how you know.")
    assert state_of(stage.demo, run) == "unknown"
    stage.choose("What became of it", "Succeeded")
    stage.type("textbox", "Evidence", "Version 2.2.0 in the vendor's console")
    stage.click("button", "Settle the run")
    says(stage, "Succeeded")
    for words in ("Version 2.2.0 in the vendor's console", "A person"):
        stage.wait(
            lambda words=words: words in stage.text(stage.get("region", "Timeline")), f"{words} in the timeline"
        )
    assert not stage.has("button", "Settle the run"), "it is settled once"
    # It is on the record, with the name.
    records = stage.demo.get("/api/records")["items"]
    assert any(entry["kind"] == "settled" and entry["user"] == run["user"] for entry in records)


def test_a_call_is_sent_again_with_its_token_only_after_a_check(person, console):
    parameters = {"RegionId": "cn-hangzhou", "ServiceInstanceId": instances.SERVICE, "ServiceVersion": "2"}
    plan = console.plan(NEST, "demo-alibaba", parameters)
    # The cloud says nothing useful and has done nothing.
    console.clouds.scenario("error_5xx")
    run = console.confirm(plan)
    reaches(person, console, run, "unknown")
    console.clouds.scenario("normal")
    person.open(f"/runs/{run['id']}")
    says(person, "Unknown")
    assert not person.has("DisclosureTriangle", re.compile("Send the same call again"))
    person.reads("Check the status first")
    person.click("button", "Check the status")
    person.click("DisclosureTriangle", re.compile("Send the same call again"))
    person.reads("at most once")
    person.click("button", "Send again on demo-alibaba")
    person.wait(lambda: state_of(console, run) in ("accepted", "in_progress"), "the upgrade")
    sent = [call for call in console.clouds.calls() if call["changing"]]
    assert len(sent) == 2 and [call["applied"] for call in sent] == [False, True]
    assert console.get(f"/api/plans/{run['plan']}")["client_token"] == plan["client_token"]
    console.clouds.advance(HOUR)
    says(person, "Succeeded")
    assert person.has("button", "Plan the rollback"), "only after it has succeeded"


def test_the_page_goes_on_when_the_server_comes_back(person, console):
    run = unknown(person, console)
    says(person, "Unknown")
    console.server.kill()
    person.reads("The connection was lost; trying again.", "The console's server does not answer")
    # Nobody knows how long it goes on now, only what was so when the server was last heard.
    as_of = person.wait(lambda: re.search(r"As of \d\d:\d\d:\d\d", person.text()), "since when nothing is known")[0]
    person.wait(lambda: person.text().count(as_of) == 1 and not re.search(r"^for \d", person.text(), re.M), "the same time")
    console.restart()
    person.wait(lambda: "The connection was lost" not in person.text(), "the connection")
    # What happens now reaches the page, which was never loaded again.
    person.driver.execute_script("window.__same = true")
    status, answer = console.call(f"/api/runs/{run['id']}/settle", {"state": "failed", "evidence": "seen elsewhere"})
    assert status == 200, answer
    says(person, "Failed")
    person.reads("seen elsewhere")
    assert person.driver.execute_script("return window.__same")


def test_a_run_opens_for_whoever_has_its_link(person, console, tmp_path):
    run = unknown(person, console)
    # Another browser, in which nothing was ever typed.
    stranger = start_chromium(tmp_path / "another")
    try:
        other = type(person)(stranger, console.url)
        # Before the page is there: what it has written once, it does not write again for another zone.
        other.prefer(width=1280, language="en", zone="Europe/Berlin")
        other.open(f"/runs/{run['id']}")
        other.wait(lambda: other.title.startswith("Unknown"), "the run")
        other.wait(
            lambda: other.text(other.get("region", "Timeline")) == person.text(person.get("region", "Timeline")),
            "the timeline that the first browser shows",
        )
        assert other.has("DisclosureTriangle", re.compile("Record the outcome by hand")), "what can be done now"
        assert not other.has("button", re.compile("send again", re.I))
        kept = str(other.storage())
        assert "draft" not in kept and run["id"] not in kept and run["instance"] not in kept
    finally:
        stranger.quit()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_page_of_a_run_is_for_everyone_at_any_width(stage, language):
    run = unknown(stage, stage.demo)
    for width in (320, 1280):
        stage.prefer(width=width, language=language)
        stage.open(f"/runs/{run['id']}")
        stage.settle()
        for fold in stage.all("DisclosureTriangle", within="main"):
            stage.press_on(fold)
        stage.assert_nothing_scrolls_sideways()
        stage.assert_accessible()


def test_a_price_is_shown_with_its_time_and_asked_again(stage):
    parameters = {"ProductCode": "vipcloudfw", "ProductType": "vipcloudfw", "RenewPeriod": 1}
    plan = stage.demo.plan(
        "bssopenapi.RenewChangeInstance", "demo-alibaba", {**parameters, "InstanceId": instances.FIREWALL}
    )
    price = plan["review"]["price"]
    stage.open(f"/plans/{plan['id']}")
    table = stage.get("table", "Quoted prices")
    for quote in price["quotes"]:
        assert f"{quote['currency']} {quote['amount_shown']}" in stage.text(table) and quote["label"] in stage.text(table)
    stage.reads("Asked ")
    stage.type("textbox", EN["type_instance"], "vipcloud")
    field = stage.focused()
    stage.click("button", "Ask again")
    stage.reads("The price was asked again.")
    assert field.get_attribute("value") == "vipcloud", "what is typed stays"
