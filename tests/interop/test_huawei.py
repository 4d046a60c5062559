"""The two Huawei upgrades as the official SDK makes them: success, refusals, and how the SDK reads both."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from huaweicloudsdkcore.auth.credentials import Credentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException, ServerResponseException
from support import instances, sdks
from support.accounts import HUAWEI, HUAWEI_STS

ACCOUNTS = pytest.mark.parametrize("account", [HUAWEI, HUAWEI_STS], ids=["key", "sts"])


def in_hours(hours):
    """An instant so many hours ahead, in milliseconds."""
    return int((time.time() + hours * 3600) * 1000)


def schedule(clouds, server=instances.BASTION, hours=25, account=HUAWEI, **given):
    """Schedules an upgrade of a bastion host."""
    return sdks.upgrade_bastion(
        clouds.address, account, **{"server_id": server, "upgrade_time": in_hours(hours), **given}
    )


def protect(clouds, instance=instances.SHIELD_IP, account=HUAWEI, **data):
    """Raises the ports of a protection instance, or what else is given."""
    return sdks.upgrade_protection(clouds.address, account, instance, **(data or {"port_num": 60}))


CALLS = pytest.mark.parametrize("call", [schedule, protect], ids=["cbh", "aad"])


def applied(clouds):
    """Operations of the calls that took effect."""
    return [call["operation"] for call in clouds.calls() if call["applied"]]


@ACCOUNTS
def test_cbh_schedules_and_cancels(clouds, account):
    start = in_hours(25)
    answer = schedule(clouds, account=account, upgrade_time=start)
    assert answer.status_code == 200
    assert not answer.raw_content
    cancelled = schedule(clouds, account=account, upgrade_time=start, cancel=True)
    assert cancelled.status_code == 200
    assert applied(clouds) == ["cbh.UpgradeInstance", "cbh.UpgradeInstance"]
    # What is cancelled is gone: there is nothing to cancel, and it can be scheduled again.
    with pytest.raises(ClientRequestException) as caught:
        schedule(clouds, account=account, upgrade_time=start, cancel=True)
    assert service_error(caught)[0] == "CBH.10027011"
    assert schedule(clouds, account=account, cancel=False).status_code == 200


@ACCOUNTS
def test_aad_orders(clouds, account):
    answer = protect(
        clouds,
        instances.SHIELD_WEBSITE,
        account,
        basic_bandwidth="20",
        elastic_bandwidth="30",
        service_bandwidth=200,
        bind_domain_num=60,
        elastic_service_bandwidth_type=3,
        elastic_service_bandwidth=200,
        basic_qps=4000,
    )
    assert answer.status_code == 200
    assert answer.order_id.startswith("CS")
    assert applied(clouds) == ["aad.UpgradeInstanceSpec"]


def test_aad_answers_without_an_order_when_no_fee_changes(clouds):
    answer = protect(clouds, instances.SHIELD_FREE)
    assert (answer.status_code, answer.order_id) == (200, None)


def test_the_project_is_found_through_iam(clouds, monkeypatch):
    # The SDK remembers projects for the life of the process.
    monkeypatch.setattr(Credentials, "_CACHE", {})
    without = {name: value for name, value in HUAWEI.items() if name != "project_id"}
    assert schedule(clouds, account=without).status_code == 200
    targets = [call["target"] for call in clouds.calls()]
    assert targets == ["/v3/projects?name=cn-north-4", f"/v2/{HUAWEI['project_id']}/cbs/instance/upgrade"]


def test_the_account_is_found_through_iam(clouds, monkeypatch):
    monkeypatch.setattr(Credentials, "_CACHE", {})
    without = {name: value for name, value in HUAWEI.items() if name != "domain_id"}
    assert protect(clouds, account=without).status_code == 200
    assert [call["target"] for call in clouds.calls()] == ["/v3/auth/domains", "/v2/aad/instance"]


@CALLS
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"access_key": "NOBODY"}, "ak NOBODY not exist"),
        ({"secret": "not the secret"}, "verify aksk signature fail"),
    ],
    ids=["unknown key", "wrong secret"],
)
def test_wrong_credentials(clouds, call, change, words):
    with pytest.raises(ClientRequestException) as caught:
        call(clouds, account={**HUAWEI, **change})
    assert (caught.value.status_code, caught.value.error_code) == (401, "APIGW.0301")
    assert words in caught.value.error_msg
    assert applied(clouds) == []


@CALLS
def test_a_wrong_security_token(clouds, call):
    with pytest.raises(ClientRequestException) as caught:
        call(clouds, account={**HUAWEI_STS, "security_token": "another"})
    assert caught.value.status_code == 401
    assert applied(clouds) == []


@CALLS
@pytest.mark.parametrize("minutes", [-16, 16])
def test_skewed_clock(clouds, call, minutes, monkeypatch):
    class Skewed(datetime):
        @classmethod
        def utcnow(cls):
            return (datetime.now(UTC) + timedelta(minutes=minutes)).replace(tzinfo=None)

    monkeypatch.setattr("huaweicloudsdkcore.signer.signer.datetime", Skewed)
    with pytest.raises(ClientRequestException) as caught:
        call(clouds)
    assert (caught.value.status_code, caught.value.error_code) == (401, "APIGW.0301")
    assert "signature expired" in caught.value.error_msg
    assert applied(clouds) == []


# The SDK's HTTP client sends a PUT again on 429, and gives up without the body of the last answer.
@pytest.mark.parametrize(("call", "code"), [(schedule, "APIGW.0308"), (protect, "429")], ids=["cbh", "aad"])
def test_throttling_is_http_429(clouds, call, code):
    clouds.scenario("throttled")
    with pytest.raises(ClientRequestException) as caught:
        call(clouds)
    assert (caught.value.status_code, caught.value.error_code) == (429, code)
    assert clouds.calls()[-1]["verdict"] == "APIGW.0308"
    assert applied(clouds) == []


def service_error(caught):
    """Code and words of a service's refusal. The SDK does not know `error_description` and hands on the raw body."""
    assert caught.value.error_code == str(caught.value.status_code)
    body = json.loads(caught.value.error_msg)
    assert set(body) == {"error_code", "error_description"}
    return body["error_code"], body["error_description"]


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"server": instances.BASTION_UNKNOWN}, 404, "CBH.10027007"),
        ({"server": "6771"}, 400, "CBH.10020011"),
        ({"hours": 23.9}, 400, "CBH.10020010"),
        ({"upgrade_time": None}, 400, "CBH.10020010"),
        ({"server": instances.BASTION_LATEST}, 403, "CBH.10027011"),
        ({"server": instances.BASTION_AGENT_DOWN}, 403, "CBH.10027011"),
        ({"server": instances.BASTION_FROZEN}, 400, "CBH.10027011"),
        ({"server": instances.BASTION_SHUT_OFF}, 400, "CBH.10027011"),
        ({"server": instances.BASTION_SCHEDULED}, 400, "CBH.10027011"),
        ({"server": instances.BASTION_REBOOTING}, 400, "CBH.10027011"),
    ],
)
def test_cbh_refuses_what_it_cannot_do(clouds, given, status, code):
    with pytest.raises(ClientRequestException) as caught:
        schedule(clouds, **given)
    assert (caught.value.status_code, service_error(caught)[0]) == (status, code)
    assert applied(clouds) == []


@pytest.mark.parametrize(
    ("instance", "data", "code"),
    [
        (instances.SHIELD_UNKNOWN, {}, "Anti-DDoS.10000001"),
        (instances.SHIELD_FROZEN, {}, "Anti-DDoS.10000010"),
        (instances.SHIELD_RESTRICTED, {}, "Anti-DDoS.10000009"),
        (instances.SHIELD_NOT_VERIFIED, {}, "Anti-DDoS.10000030"),
        (instances.SHIELD_EXPIRED, {}, "Anti-DDoS.10000001"),
        (instances.SHIELD_WEBSITE, {"port_num": 60}, "Anti-DDoS.10000001"),
        (instances.SHIELD_WEBSITE, {"bind_domain_num": 61}, "Anti-DDoS.10000001"),
        (instances.SHIELD_WEBSITE, {"elastic_service_bandwidth_type": 2}, "Anti-DDoS.10000001"),
        (instances.SHIELD_WEBSITE, {"service_bandwidth": 50}, "Anti-DDoS.10000001"),
        (instances.SHIELD_NO_QPS, {"basic_qps": 5000}, "Anti-DDoS.10000001"),
        (instances.SHIELD_OVERSEAS, {"basic_bandwidth": "20"}, "Anti-DDoS.10000001"),
        # An integer where the cloud reads text; the SDK does not mind.
        (instances.SHIELD_WEBSITE, {"basic_bandwidth": 20}, "Anti-DDoS.10000001"),
    ],
)
def test_aad_refuses_what_it_cannot_do(clouds, instance, data, code):
    with pytest.raises(ClientRequestException) as caught:
        protect(clouds, instance, **data)
    assert (caught.value.status_code, service_error(caught)[0]) == (400, code)
    assert applied(clouds) == []


def test_a_failing_service_reaches_the_sdk_as_a_server_error(clouds):
    clouds.scenario("unknown_error")
    with pytest.raises(ServerResponseException) as caught:
        schedule(clouds)
    assert (caught.value.status_code, caught.value.error_code) == (500, "CBH.10020000")
    assert applied(clouds) == []
