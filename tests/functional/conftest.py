"""One served demonstration and one browser for all journeys of a process."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.functional.browsing import chromium, living
from tests.functional.loose_words import Agreed, words_of_agreements
from tests.functional.pseudo_language import speak
from tests.functional.test_demo import Demo


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Demo]]:
    """Return where a demonstration is served, and the demonstration."""
    with living(tmp_path_factory.mktemp("world")) as served:
        yield served


@pytest.fixture(scope="session")
def spoken_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Demo]]:
    """Return where a demonstration is served that can be read in a made-up language too, and the demonstration."""
    with living(tmp_path_factory.mktemp("spoken"), before=speak) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a browser without a window."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def agreed() -> Agreed:
    """Return the parties' own words."""
    return words_of_agreements()
