"""People for the consent tests; what they say is said in the tests."""

import pytest

from cavaco_plugin.profiles.models import Profile
from tests.outbox.makers import person


@pytest.fixture
def maya(db: None) -> Profile:
    return person(email="maya@example.com", phone="+447700900123", consents=False)
