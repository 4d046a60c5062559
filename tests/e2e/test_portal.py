"""The console on a portal: behind nginx, under a path, with the login in front saying who the person is."""

import http.client
import re
import socket

import pytest
from journeys import JOURNEYS, Walk
from support.portal import EMAIL, PATH, PERSON, SECRET, SESSION, Portal
from support.processes import fetch

COOKIE = {"Cookie": f"portal={SESSION}"}
KAFKA = next(journey for journey in JOURNEYS if "alikafka" in journey.operation)


@pytest.fixture
def portal(tmp_path, clouds, console_at, request):
    """nginx with a login, in front of a console; `portal.console` speaks to the console through both. A parameter is a
    line that the operator has left out."""
    running = Portal(tmp_path)
    console = console_at(clouds.address, tmp_path, **running.console_config())
    running.point_at(console, leave_out=getattr(request, "param", None))
    console.clouds = clouds
    # The server itself, past the portal; and then what everybody else uses.
    running.behind = console.url
    console.url = running.url + PATH
    console.headers = dict(COOKIE)
    running.console = console
    yield running
    running.stop()
    console.stop()


@pytest.fixture
def signed_in(portal, chromium, meet):
    """A person whom the portal's login knows."""
    chromium.get(f"{portal.url}/oauth2/start?rd={PATH}/")
    yield meet(portal.console)
    # Cookies know no ports: other tests' consoles would be sent this one.
    chromium.delete_all_cookies()


def test_a_whole_upgrade_under_the_portals_path_in_the_persons_name(portal, signed_in):
    person, console = signed_in, portal.console
    walk = Walk(person, console, KAFKA).open_form().fill().review()
    assert walk.plan["created_by"] == PERSON
    walk.give_what_it_needs().confirm()
    run = walk.answered()
    assert run["user"] == PERSON
    # The page heard of the answer by itself, through nginx, and shows whose run it is.
    person.reads(run["answer"]["request_id"], PERSON)
    person.reload()
    person.reads(run["answer"]["request_id"])
    person.open("/runs")
    person.reads(KAFKA.instance, PERSON)
    assert len(walk.changes_at_the_cloud()) == 1
    records = console.get("/api/records")["items"]
    assert {record["user"] for record in records} == {PERSON}
    assert {record["run"] for record in records} == {run["id"]}


# nginx asks in HTTP/1.0 when it is not told otherwise, and then holds back all that it may.
@pytest.mark.parametrize("portal", [None, "proxy_http_version 1.1;"], indirect=True)
def test_events_come_through_as_they_happen(portal):
    console = portal.console
    console.clouds.scenario("hang")
    plan = console.plan(KAFKA.operation, KAFKA.profile, kafka_parameters())
    run = console.confirm(plan)
    connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=60)
    connection.request("GET", f"{PATH}/api/runs/{run['id']}/events", headers=COOKIE)
    answer = connection.getresponse()
    assert (answer.status, answer.headers["content-type"]) == (200, "text/event-stream")
    # The cloud says nothing and the stream stays open, and yet what has happened is here.
    seen = ""
    while '"state":"sent"' not in seen:
        line = answer.fp.readline().decode()
        assert line, f"the stream ended: {seen}"
        seen += line
    assert console.get(f"/api/runs/{run['id']}")["state"] == "sent"
    connection.close()
    # It would wait for the silent cloud before it stops.
    console.server.kill()


def test_past_the_portal_nobody_is_anybody(portal):
    for headers in (
        {},
        COOKIE,
        {"X-Forwarded-User": PERSON},
        {"X-Forwarded-User": PERSON, "X-Upgrade-Console-Secret": SECRET[:-1]},
        {"X-Forwarded-User": PERSON, "X-Forwarded-For": "127.0.0.1"},
    ):
        for path in ("/api/session", "/api/runs", "/"):
            status, _, answer = fetch(portal.behind + path, headers=headers)
            assert (status, answer["type"]) == (401, "urn:upgrade-console:not_signed_in"), (headers, path)
    status, _, answer = fetch(portal.behind + "/api/session", headers={"Accept-Language": "zh-CN"})
    assert (status, answer["title"]) == (401, "您尚未登录")
    for path in ("/healthz", "/readyz"):
        assert fetch(portal.behind + path)[0] == 200


def test_what_a_browser_says_about_itself_is_overwritten(portal):
    console = portal.console
    mine = console.get("/api/session")
    assert (mine["user"], mine["email"], mine["groups"], mine["identity"]) == (PERSON, EMAIL, [], "forwarded")
    for headers in (
        {"X-Forwarded-User": "admin"},
        {"x-forwarded-user": "admin", "X-Forwarded-Email": "admin@example.com", "X-Forwarded-Groups": "admins"},
        {"X-Forwarded-Preferred-Username": "admin"},
        {"X_Forwarded_User": "admin"},
        {"X-Upgrade-Console-Secret": "guessed"},
    ):
        status, answer = console.call("/api/session", headers=headers)
        assert status == 200, (headers, answer)
        assert {name: answer[name] for name in mine if name != "now"} == {
            name: mine[name] for name in mine if name != "now"
        }, headers


def test_nginx_and_the_console_end_a_line_at_the_same_byte(portal):
    def ask(*lines):
        with socket.create_connection(("127.0.0.1", portal.port), timeout=60) as connection:
            connection.sendall("\r\n".join((*lines, "Connection: close", "", "")).encode())
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode()

    get, host = f"GET {PATH}/api/session HTTP/1.1", f"Host: 127.0.0.1:{portal.port}"
    cookie = f"Cookie: {COOKIE['Cookie']}"
    # Behind a line feed stands a line, which nginx overwrites like any other.
    answer = ask(get, host, cookie, "X-A: b\nX-Forwarded-User: admin")
    assert (statuses(answer), PERSON in answer, "admin" in answer) == (["200"], True, False)
    # Behind two stands a request of its own, which the login is asked about like any other.
    answer = ask(get, host, cookie, f"X-A: b\n\n{get}", host, "X-Forwarded-User: admin")
    assert statuses(answer) == ["200", "302"]


def statuses(answers):
    """The status of each answer of a connection."""
    return re.findall(r"HTTP/1\.1 (\d{3}) ", answers)


def test_who_is_not_signed_in_is_sent_to_the_login_and_comes_back(portal):
    def ask(path, headers):
        connection = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=60)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status, answer.headers

    status, headers = ask(f"{PATH}/runs", {})
    assert (status, headers["location"]) == (302, f"{portal.url}/oauth2/start?rd={PATH}/runs")
    status, headers = ask(f"/oauth2/start?rd={PATH}/runs", {})
    assert status == 302
    assert headers["location"].endswith(f"{PATH}/runs")
    cookie = re.match(r"portal=[^;]+", headers["set-cookie"])[0]
    assert ask(f"{PATH}/runs", {"Cookie": cookie})[0] == 200
    assert ask(f"{PATH}/runs", {"Cookie": "portal=somebody-elses"})[0] == 302
    status, headers = ask(PATH, {"Cookie": cookie})
    assert (status, headers["location"]) == (301, f"{portal.url}{PATH}/")


def kafka_parameters():
    """What upgrades the instance of the journey."""
    return {"RegionId": "cn-hangzhou", "InstanceId": KAFKA.instance, "TargetVersion": "2.2.0"}
