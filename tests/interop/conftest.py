"""The simulated clouds for the official SDKs."""

import pytest
from support.clouds import Clouds


@pytest.fixture
def clouds(tmp_path):
    """Clouds of its own for each test: rates and nonces are kept on real time, which no reset moves."""
    running = Clouds(tmp_path)
    yield running
    running.stop()
