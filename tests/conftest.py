"""What all tests share. Everything here runs on loopback: a test that calls the world fails."""

import importlib.util
import os

import pytest
from hypothesis import settings

IS_CI = os.environ.get("CI") == "true"

# Time says nothing on a busy machine; and what CI finds must not depend on the day.
settings.register_profile("here", deadline=None, derandomize=IS_CI, print_blob=True)
settings.load_profile("here")

# Those need Saleor itself; without it they are not even collected.
collect_ignore = [] if importlib.util.find_spec("saleor") else ["in_saleor"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--slow", action="store_true", help="run the tests marked slow too, as CI does"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow") or IS_CI:
        return
    skip = pytest.mark.skip(reason="slow: runs with --slow and in CI")
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(skip)
