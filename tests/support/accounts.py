"""The invented accounts that the simulated clouds know, read from the captures that the signing tests replay."""

import json

from support.processes import ROOT

CAPTURES = ROOT / "crates" / "signing" / "tests" / "data" / "signing-captures.json"
CREDENTIALS = json.loads(CAPTURES.read_text())["credentials"]

ALIBABA = CREDENTIALS["ali"]
ALIBABA_STS = CREDENTIALS["ali-sts"]
HUAWEI = CREDENTIALS["hw"]
HUAWEI_STS = CREDENTIALS["hw-sts"]


def secrets():
    """Every value that must never reach a browser, a log or a store: secret keys and security tokens."""
    return [
        account[name] for account in CREDENTIALS.values() for name in ("secret", "security_token") if name in account
    ]


def access_keys():
    """The ids of the access keys: shown masked, never whole."""
    return [account["access_key"] for account in CREDENTIALS.values()]
