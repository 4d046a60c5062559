"""To the clouds, the console's server and the official SDKs are alike: the same call gets the same verdict from both."""

import time

import pytest
from support import instances, sdks
from support.accounts import ALIBABA, ALIBABA_STS, HUAWEI, HUAWEI_STS
from support.console import Console
from support.processes import START_SECONDS
from support.relay import Recorded, Relay, send_raw

START_TIME = 4_000_000_000_000
PROTECTION = {"basic_bandwidth": "20", "service_bandwidth": 200}

# Operation, the parameters as the console takes them, and the same call with the SDK.
CALLS = [
    (
        "computenestsupplier.UpgradeServiceInstance",
        "alibaba",
        {
            "RegionId": "cn-hangzhou",
            "ServiceInstanceId": instances.SERVICE,
            "ServiceVersion": "2",
            "Parameters": {"a b": "c+d*~", "n": 1, "名": "值"},
            "ClientToken": "10CM943JP0EN9D51H",
            "DryRun": "false",
        },
        lambda address, account: sdks.upgrade_service_instance(
            address,
            account,
            "acs3",
            service_instance_id=instances.SERVICE,
            service_version="2",
            parameters={"a b": "c+d*~", "n": 1, "名": "值"},
            client_token="10CM943JP0EN9D51H",
            dry_run="false",
        ),
    ),
    (
        "bssopenapi.RenewChangeInstance",
        "alibaba",
        {
            "ProductCode": "vipcloudfw",
            "ProductType": "vipcloudfw",
            "InstanceId": instances.FIREWALL,
            "RenewPeriod": 2,
            "ClientToken": "JASIOFKVNVIXXXXXX",
            "Parameter": [{"Code": f"Code{number}", "Value": f"{number} GB"} for number in range(1, 12)],
        },
        lambda address, account: sdks.renew_change_instance(
            address,
            account,
            "acs3",
            product_code="vipcloudfw",
            product_type="vipcloudfw",
            instance_id=instances.FIREWALL,
            renew_period=2,
            client_token="JASIOFKVNVIXXXXXX",
            parameter=[(f"Code{number}", f"{number} GB") for number in range(1, 12)],
        ),
    ),
    (
        "alikafka.UpgradeInstanceVersion",
        "alibaba",
        {"RegionId": "cn-hangzhou", "InstanceId": instances.KAFKA_OLD, "TargetVersion": "2.2.0"},
        lambda address, account: sdks.upgrade_instance_version(
            address, account, "acs3", instance_id=instances.KAFKA_OLD, target_version="2.2.0"
        ),
    ),
    (
        "cbh.UpgradeInstance",
        "huawei",
        {"server_id": instances.BASTION, "upgrade_time": START_TIME},
        lambda address, account: sdks.upgrade_bastion(
            address, account, server_id=instances.BASTION, upgrade_time=START_TIME
        ),
    ),
    (
        "aad.UpgradeInstanceSpec",
        "huawei",
        {"instance_id": instances.SHIELD_WEBSITE, "upgrade_data": PROTECTION},
        lambda address, account: sdks.upgrade_protection(address, account, instances.SHIELD_WEBSITE, **PROTECTION),
    ),
]
OPERATIONS = pytest.mark.parametrize(
    ("operation", "cloud", "parameters", "with_sdk"), CALLS, ids=[call[0] for call in CALLS]
)
TEMPORARY = pytest.mark.parametrize("temporary", [False, True], ids=["key", "sts"])


def account_of(cloud, temporary):
    """The invented account that both sides use."""
    return {
        ("alibaba", False): ALIBABA,
        ("alibaba", True): ALIBABA_STS,
        ("huawei", False): HUAWEI,
        ("huawei", True): HUAWEI_STS,
    }[cloud, temporary]


@pytest.fixture
def consoles(tmp_path):
    """Makes consoles whose one profile sends to an address; ends them all."""
    started = []

    def start(cloud, address, account):
        folder = tmp_path / f"console-{len(started)}"
        folder.mkdir()
        region = "cn-hangzhou" if cloud == "alibaba" else "cn-north-4"
        ids = "".join(f'{name} = "{account[name]}"\n' for name in ("project_id", "domain_id") if name in account)
        token = ', security_token = "TEST_TOKEN"' if "security_token" in account else ""
        console = Console(
            folder,
            demo=False,
            profiles=(
                f'[[profiles]]\nname = "tested"\ncloud = "{cloud}"\nmode = "simulated"\nregion = "{region}"\n{ids}'
                f'endpoint = "http://{address}"\n'
                f'credentials = {{ source = "env", access_key = "TEST_KEY", secret_key = "TEST_SECRET"{token} }}\n'
            ),
            environment={
                "TEST_KEY": account["access_key"],
                "TEST_SECRET": account["secret"],
                "TEST_TOKEN": account.get("security_token", ""),
            },
        )
        started.append(console)
        return console

    yield start
    for console in started:
        console.stop()


def wait_until_answered(console, run):
    """The run once it has been answered, or the sending has ended otherwise."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        run = console.get(f"/api/runs/{run['id']}")
        if run["answer"] is not None or run["final"] or run["state"] == "unknown":
            return run
    raise AssertionError(f"no answer: {run}")


def verdicts(clouds, operation):
    """What the clouds thought of each call of an operation."""
    names = ("operation", "method", "caller", "verdict", "status", "changing", "applied")
    return [{name: call[name] for name in names} for call in clouds.calls() if call["operation"] == operation]


@TEMPORARY
@OPERATIONS
def test_the_console_is_judged_like_the_sdk(clouds, consoles, operation, cloud, parameters, with_sdk, temporary):
    account = account_of(cloud, temporary)
    with_sdk(clouds.address, account)
    [from_sdk] = verdicts(clouds, operation)
    assert from_sdk["verdict"] == "accepted" and from_sdk["applied"]

    clouds.reset()
    console = consoles(cloud, clouds.address, account)
    run = wait_until_answered(console, console.confirm(console.plan(operation, "tested", parameters)))
    assert run["answer"]["status"] == 200, run
    assert verdicts(clouds, operation) == [from_sdk]


@OPERATIONS
def test_a_wrong_secret_is_refused_from_both(clouds, consoles, operation, cloud, parameters, with_sdk):
    account = {**account_of(cloud, False), "secret": "not the secret"}
    with pytest.raises(Exception):
        with_sdk(clouds.address, account)
    from_sdk = verdicts(clouds, operation)
    assert from_sdk and not any(call["applied"] for call in from_sdk)

    clouds.reset()
    console = consoles(cloud, clouds.address, account)
    run = wait_until_answered(console, console.confirm(console.plan(operation, "tested", parameters)))
    assert run["state"] == "refused"
    assert run["failure"] == "credentials"
    assert verdicts(clouds, operation)[:1] == from_sdk[:1]
    assert not any(call["applied"] for call in clouds.calls())


@OPERATIONS
def test_a_tampered_copy_of_the_consoles_request_is_refused(clouds, consoles, operation, cloud, parameters, with_sdk):
    account = account_of(cloud, True)
    # The lists and states that are read around the call pass.
    action = operation.split(".")[1].encode()
    relay = Relay(
        clouds.address,
        hold=lambda request: not request.startswith(b"GET ") and (cloud == "huawei" or action in request),
    )
    console = consoles(cloud, relay.address, account)
    run = wait_until_answered(console, console.confirm(console.plan(operation, "tested", parameters)))
    relay.close()
    assert run["state"] == "unknown", "the request was read and never answered"
    # Once: a connection that breaks is no reason to send a change again.
    [raw] = relay.requests
    assert not [call for call in clouds.calls() if call["changing"]]

    recorded = Recorded(raw)
    positions = recorded.signed_positions()
    assert len(positions) > 100
    for position in positions:
        status, answer = send_raw(clouds.address, recorded.tampered(position))
        assert 400 <= status < 500, f"byte {position} of {raw!r} was changed, and the answer is {answer}"
    assert not [call for call in clouds.calls() if call["applied"]]
    status, answer = send_raw(clouds.address, raw)
    assert status == 200, answer
