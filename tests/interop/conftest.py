"""The simulated clouds for the official SDKs: one server for all tests, as at the start for each."""

import pytest

from support.clouds import Clouds


@pytest.fixture(scope="session")
def cloud_server(tmp_path_factory):
    """The server, once."""
    clouds = Clouds(tmp_path_factory.mktemp("clouds"))
    yield clouds
    clouds.stop()


@pytest.fixture
def clouds(cloud_server):
    """The clouds as at the start: instances, orders, scenario, clock, list of calls."""
    cloud_server.reset()
    return cloud_server
