"""No key, token or signature leaves the server: not to the browser, not into its storage, not into a log or a file."""

import json
import re

import pytest
from journeys import JOURNEYS, Walk
from support.accounts import access_keys, secrets
from support.relay import Relay
from support.tap import Tap

CANARY = "canary-3f9Kq-Template-Passw0rd"


@pytest.fixture
def tapped(meet, clouds, console_at, tmp_path):
    """A person at a console with a tap on the wire between them: person, console, tap."""
    tap = Tap()
    console = console_at(clouds.address, tmp_path, top=f'allowed_hosts = ["http://{tap.address}"]')
    console.clouds = clouds
    tap.target = console.address
    person = meet(console, url=f"http://{tap.address}")
    yield person, console, tap
    tap.close()
    console.stop()


# Whole signatures. ACS3 and SDK-HMAC: 64 hexadecimal digits; V1: base64 of 20 bytes.
SIGNATURES = [re.compile(r"Signature=[0-9a-f]{64}"), re.compile(r"Signature=[A-Za-z0-9+/%]{26,}(=|%3D)")]


def assert_clean(what, text):
    """None of the secrets of the accounts, no whole access key, no whole signature is in a text."""
    for secret in secrets():
        assert secret not in text, f"{what} holds a secret"
        assert json.dumps(secret)[1:-1] not in text, f"{what} holds a secret"
    for key in access_keys():
        assert key not in text, f"{what} holds an access key"
    for shape in SIGNATURES:
        assert not shape.search(text), f"{what} holds a signature: {shape.search(text)[0]}"


def test_nothing_secret_reaches_the_browser_or_a_log(tapped):
    person, console, tap = tapped
    for journey in JOURNEYS:
        walk = Walk(person, console, journey).open_form().fill()
        if person.has("tab", "Request"):
            person.click("tab", "Request")
            person.reads(re.compile("Signature|authorization", re.I))
        walk.review()
        for fold in (re.compile("^Exact request"), re.compile("^Canonical request"), re.compile("^All parameters")):
            person.click("DisclosureTriangle", fold)
        assert_clean("the review", person.driver.page_source)
        walk.give_what_it_needs().confirm()
        walk.answered()
        if person.has("DisclosureTriangle", re.compile("^Show the body")):
            person.click("DisclosureTriangle", re.compile("^Show the body"))
        assert_clean("the run", person.driver.page_source)
        assert_clean("the browser's storage", person.storage())
    for refused in JOURNEYS:
        walk = Walk(person, console, refused).open_form().fill(refused.refused_instance).review()
        console.clouds.scenario("signature_refused")
        walk.give_what_it_needs().confirm()
        run = walk.answered()
        assert run["state"] == "refused"
        console.clouds.scenario("normal")
        assert_clean("the run with a refused signature", person.driver.page_source)
    received = tap.received
    assert "Signature" in received and "canonical_request" in received, "the tap has seen the previews"
    assert len(received) > 100_000
    assert_clean("what the browser received", received)
    assert_clean("the browser's log", json.dumps(person.browser_log()))
    assert_clean("the server's output", console.server.output)
    for path in console.folder.rglob("*"):
        if path.is_file():
            assert_clean(path.name, path.read_text("utf-8", "replace"))


def test_a_secret_parameter_is_sent_and_leaves_no_trace(tapped):
    person, console, tap = tapped
    walk = Walk(person, console, JOURNEYS[0]).open_form().fill()
    title = walk.label("Parameters")
    person.click("button", f"Add a row to {title}")
    name = person.get("textbox", re.compile(rf"^Name of {re.escape(title)} 1$"))
    name.send_keys("InstancePassword")
    person.choose(re.compile(rf"^Type of {re.escape(title)} 1$"), "secret")
    value = person.wait(
        lambda: next(
            iter(person.driver.execute_script("return [...document.querySelectorAll('input[type=password]')]")), None
        ),
        "a password field",
    )
    assert value.accessible_name
    value.send_keys(CANARY)
    person.reads("without secrets")
    assert CANARY not in person.storage()
    walk.review()
    plan = walk.plan
    assert CANARY not in json.dumps(plan)
    assert plan["secret_pointers"]
    for fold in (re.compile("^Exact request"), re.compile("^Canonical request"), re.compile("^All parameters")):
        person.click("DisclosureTriangle", fold)
    assert CANARY not in person.driver.page_source
    walk.give_what_it_needs().confirm()
    run = walk.answered()
    assert run["answer"]["status"] == 200, run
    for what, text in (
        ("the run", person.driver.page_source),
        ("the storage", person.storage()),
        ("the address", person.driver.current_url),
        ("what the browser received", tap.received),
        ("the server's output", console.server.output),
        ("the browser's log", json.dumps(person.browser_log())),
        (
            "the API",
            json.dumps(
                [
                    console.get("/api/runs"),
                    console.get(f"/api/runs/{run['id']}"),
                    console.get(f"/api/plans/{plan['id']}"),
                ]
            ),
        ),
    ):
        assert CANARY not in text, f"{what} holds the secret"


def test_the_secret_did_reach_the_cloud(clouds, console_at, tmp_path):
    """The other half of the test above: what leaves no trace here was sent all the same."""
    relay = Relay(clouds.address, hold=lambda request: b"InstancePassword" in request)
    console = console_at(relay.address, tmp_path)
    secret = {"/Parameters/InstancePassword": CANARY}
    try:
        plan = console.plan(
            JOURNEYS[0].operation,
            "demo-alibaba",
            {
                "RegionId": "cn-hangzhou",
                "ServiceInstanceId": JOURNEYS[0].instance,
                "ServiceVersion": "2",
                "Parameters": {},
            },
            secrets=secret,
            secret_pointers=list(secret),
        )
        console.confirm(plan, secrets=secret)
        relay.wait_for_one()
    finally:
        console.stop()
        relay.close()
    assert CANARY.encode() in b"".join(relay.requests)
