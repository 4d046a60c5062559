"""A signed request that was changed on its way is refused, whoever signed it: each byte that the signature covers counts."""

import contextlib

import pytest
from support import instances, sdks
from support.accounts import ALIBABA, ALIBABA_STS, HUAWEI, HUAWEI_STS
from support.relay import Recorded, Relay, send_raw


def sdk_calls():
    """Calls of every product under every signature, one of each account at least."""
    for signature in sdks.SIGNATURES:
        yield (
            f"computenest-{signature}",
            lambda address, s=signature: sdks.upgrade_service_instance(
                address,
                ALIBABA_STS,
                s,
                service_instance_id=instances.SERVICE,
                service_version="2",
                parameters={"a b": "c+d*~"},
            ),
        )
        yield (
            f"bss-{signature}",
            lambda address, s=signature: sdks.renew_change_instance(
                address,
                ALIBABA,
                s,
                instance_id=instances.FIREWALL,
                product_code="vipcloudfw",
                renew_period=1,
                parameter=[("Bandwidth", "100")],
            ),
        )
        yield (
            f"kafka-{signature}",
            lambda address, s=signature: sdks.upgrade_instance_version(
                address, ALIBABA, s, instance_id=instances.KAFKA_OLD, target_version="2.2.0"
            ),
        )
    yield (
        "cbh",
        lambda address: sdks.upgrade_bastion(
            address, HUAWEI, server_id=instances.BASTION, upgrade_time=4_000_000_000_000
        ),
    )
    yield (
        "aad",
        lambda address: sdks.upgrade_protection(address, HUAWEI_STS, instances.SHIELD_WEBSITE, service_bandwidth=200),
    )


def record(clouds, call):
    """The request that a client sends, kept from reaching the clouds."""
    relay = Relay(clouds.address, hold=lambda request: True)
    try:
        # The relay gives no answer, which each SDK reports in its own way.
        with contextlib.suppress(Exception):
            call(relay.address)
    finally:
        relay.close()
    assert relay.requests, "the client sent nothing"
    return Recorded(relay.requests[0])


def assert_no_tampered_copy_is_accepted(clouds, recorded):
    """Sends a copy for each signed byte with that byte changed; the clouds refuse all of them and do nothing."""
    positions = recorded.signed_positions()
    assert len(positions) > 100
    for position in positions:
        status, answer = send_raw(clouds.address, recorded.tampered(position))
        assert 400 <= status < 500, f"byte {position} of {recorded.raw!r} was changed, and the answer is {answer}"
    status, answer = send_raw(clouds.address, recorded.with_method(b"PATCH"))
    assert 400 <= status < 500, answer
    calls = clouds.calls()
    assert not [call for call in calls if call["applied"]]
    assert all(call["verdict"] != "accepted" for call in calls)


@pytest.mark.parametrize(("name", "call"), list(sdk_calls()), ids=lambda part: part if isinstance(part, str) else "")
def test_a_tampered_copy_of_an_sdk_request_is_refused(clouds, name, call):
    recorded = record(clouds, call)
    assert_no_tampered_copy_is_accepted(clouds, recorded)

    # The copy that nobody touched passes the signature: what was refused above was refused for the change alone.
    status, answer = send_raw(clouds.address, recorded.raw)
    assert status == 200, answer
    assert [call["applied"] for call in clouds.calls()][-1]
    if name not in ("cbh", "aad"):
        # Alibaba takes each nonce once; Huawei has none.
        status, answer = send_raw(clouds.address, recorded.raw)
        assert status == 400 and "SignatureNonceUsed" in answer
