"""Tests that share what is slow to make (a site, a cluster, the demo) stay together."""

import os

import pytest


@pytest.mark.xdist_group("kept")
def test_a_group_is_known_to_the_workers(request: pytest.FixtureRequest) -> None:
    assert request.node.nodeid.endswith("@kept") is ("PYTEST_XDIST_WORKER" in os.environ)
