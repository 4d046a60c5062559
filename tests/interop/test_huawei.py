"""The two Huawei upgrades as the official SDK makes them: success, refusals, and how the SDK reads both."""

import json
import time
from datetime import datetime, timedelta, timezone

import pytest
from huaweicloudsdkaad import v2 as aad
from huaweicloudsdkcbh import v2 as cbh
from huaweicloudsdkcore.auth.credentials import Credentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException, ServerResponseException

from support import sdks
from support.accounts import HUAWEI, HUAWEI_STS

ACCOUNTS = pytest.mark.parametrize("account", [HUAWEI, HUAWEI_STS], ids=["key", "sts"])
UNKNOWN_UUID = "00000000-0000-4000-8000-000000000000"


def in_hours(hours):
    """An instant so many hours ahead, in milliseconds."""
    return int((time.time() + hours * 3600) * 1000)


def bastions(clouds, account=HUAWEI):
    """The list of bastion hosts, read with the SDK."""
    return sdks.cbh_client(clouds.address, account).list_instances(cbh.ListInstancesRequest()).instance


def upgradable_bastion(clouds):
    """The server id of one that can be upgraded."""
    for row in bastions(clouds):
        info = row.status_info
        if row.update in ("NEW", "CROSS_OS") and info.status == "ACTIVE" and info.task_status == "NO_TASK" and not row.upgrade_time:
            return row.server_id
    raise AssertionError("no bastion host can be upgraded")


def protections(clouds):
    """The list of protection instances, read with the SDK."""
    return sdks.protections(clouds.address, HUAWEI)


def normal_protection(clouds):
    """The id of one that is neither frozen nor expired."""
    now = time.time() * 1000
    return next(row.instance_id for row in protections(clouds) if row.instance_status == 0 and int(row.expire_time) > now)


def applied(clouds):
    """Operations of the calls that took effect."""
    return [call["operation"] for call in clouds.calls() if call["applied"]]


@ACCOUNTS
def test_cbh_schedules_and_cancels(clouds, account):
    server = upgradable_bastion(clouds)
    start = in_hours(25)
    answer = sdks.upgrade_bastion(clouds.address, account, server_id=server, upgrade_time=start)
    assert answer.status_code == 200
    assert answer.raw_content in (b"", None, "")
    assert [int(row.upgrade_time or 0) for row in bastions(clouds) if row.server_id == server] == [start]
    sdks.upgrade_bastion(clouds.address, account, server_id=server, upgrade_time=start, cancel=True)
    assert [int(row.upgrade_time or 0) for row in bastions(clouds) if row.server_id == server] == [0]
    assert applied(clouds) == ["cbh.UpgradeInstance", "cbh.UpgradeInstance"]


@ACCOUNTS
def test_aad_orders(clouds, account):
    instance = normal_protection(clouds)
    answer = sdks.upgrade_protection(clouds.address, account, instance, service_bandwidth=400)
    assert answer.status_code == 200
    assert answer.order_id
    assert applied(clouds) == ["aad.UpgradeInstanceSpec"]


def test_the_project_is_found_through_iam(clouds, monkeypatch):
    # The SDK remembers projects for the life of the process.
    monkeypatch.setattr(Credentials, "_CACHE", {})
    client = sdks.cbh_client(clouds.address, HUAWEI, look_up_project=True)
    assert client.list_instances(cbh.ListInstancesRequest()).total > 0
    assert any(call["target"].startswith("/v3/projects?name=cn-north-4") for call in clouds.calls())


def test_the_account_is_found_through_iam(clouds, monkeypatch):
    monkeypatch.setattr(Credentials, "_CACHE", {})
    instance = normal_protection(clouds)
    client = sdks.aad_client(clouds.address, HUAWEI, look_up_domain=True)
    answer = client.show_instance_by_instance_id(aad.ShowInstanceByInstanceIdRequest(instance_id=instance))
    assert answer.instance_name
    assert any(call["target"].startswith("/v3/auth/domains") for call in clouds.calls())


@pytest.mark.parametrize(
    "call",
    [
        lambda clouds, account: sdks.upgrade_bastion(clouds.address, account, server_id=UNKNOWN_UUID, upgrade_time=in_hours(25)),
        lambda clouds, account: sdks.upgrade_protection(clouds.address, account, UNKNOWN_UUID, port_num=60),
    ],
    ids=["cbh", "aad"],
)
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
        call(clouds, {**HUAWEI, **change})
    assert (caught.value.status_code, caught.value.error_code) == (401, "APIGW.0301")
    assert words in caught.value.error_msg
    assert applied(clouds) == []


def test_a_wrong_security_token(clouds):
    with pytest.raises(ClientRequestException) as caught:
        sdks.upgrade_protection(clouds.address, {**HUAWEI_STS, "security_token": "another"}, UNKNOWN_UUID, port_num=60)
    assert caught.value.status_code == 401


@pytest.mark.parametrize("minutes", [-16, 16])
def test_skewed_clock(clouds, minutes, monkeypatch):
    instance = normal_protection(clouds)

    class Skewed(datetime):
        @classmethod
        def utcnow(cls):
            return (datetime.now(timezone.utc) + timedelta(minutes=minutes)).replace(tzinfo=None)

    monkeypatch.setattr("huaweicloudsdkcore.signer.signer.datetime", Skewed)
    with pytest.raises(ClientRequestException) as caught:
        sdks.upgrade_protection(clouds.address, HUAWEI, instance, port_num=60)
    assert (caught.value.status_code, caught.value.error_code) == (401, "APIGW.0301")
    assert "signature expired" in caught.value.error_msg
    assert applied(clouds) == []


def test_throttling_is_http_429(clouds):
    server = upgradable_bastion(clouds)
    clouds.scenario("throttled")
    with pytest.raises(ClientRequestException) as caught:
        sdks.upgrade_bastion(clouds.address, HUAWEI, server_id=server, upgrade_time=in_hours(25))
    assert (caught.value.status_code, caught.value.error_code) == (429, "APIGW.0308")
    assert applied(clouds) == []


def service_error(caught):
    """Code and words of a service's refusal. The SDK does not know `error_description` and hands on the raw body."""
    assert caught.value.error_code == str(caught.value.status_code)
    body = json.loads(caught.value.error_msg)
    assert set(body) == {"error_code", "error_description"}
    return body["error_code"], body["error_description"]


def test_cbh_refuses_what_it_cannot_do(clouds):
    with pytest.raises(ClientRequestException) as caught:
        sdks.upgrade_bastion(clouds.address, HUAWEI, server_id=UNKNOWN_UUID, upgrade_time=in_hours(25))
    assert service_error(caught)[0] in ("CBH.10020011", "CBH.10027007")
    server = upgradable_bastion(clouds)
    with pytest.raises(ClientRequestException) as caught:
        sdks.upgrade_bastion(clouds.address, HUAWEI, server_id=server, upgrade_time=in_hours(23))
    assert service_error(caught)[0].startswith("CBH.")
    with pytest.raises(ClientRequestException) as caught:
        sdks.upgrade_bastion(clouds.address, HUAWEI, server_id=server)
    assert caught.value.status_code == 400
    latest = next(row.server_id for row in bastions(clouds) if row.update == "OLD")
    with pytest.raises(ClientRequestException) as caught:
        sdks.upgrade_bastion(clouds.address, HUAWEI, server_id=latest, upgrade_time=in_hours(25))
    assert caught.value.status_code == 403
    assert applied(clouds) == []


def test_aad_refuses_what_it_cannot_do(clouds):
    with pytest.raises(ClientRequestException) as caught:
        sdks.upgrade_protection(clouds.address, HUAWEI, UNKNOWN_UUID, port_num=60)
    assert caught.value.status_code == 400
    service_error(caught)
    frozen = next(row.instance_id for row in protections(clouds) if row.instance_status == 2)
    with pytest.raises(ClientRequestException) as caught:
        sdks.upgrade_protection(clouds.address, HUAWEI, frozen, port_num=60)
    assert caught.value.status_code == 400
    with pytest.raises(ClientRequestException) as caught:
        sdks.upgrade_protection(clouds.address, HUAWEI, normal_protection(clouds))
    assert caught.value.status_code == 400
    assert applied(clouds) == []


def test_a_failing_service_reaches_the_sdk_as_a_server_error(clouds):
    server = upgradable_bastion(clouds)
    clouds.scenario("unknown_error")
    with pytest.raises(ServerResponseException) as caught:
        sdks.upgrade_bastion(clouds.address, HUAWEI, server_id=server, upgrade_time=in_hours(25))
    assert (caught.value.status_code, caught.value.error_code) == (500, "CBH.10020000")
    assert applied(clouds) == []

