"""The shipped templates, compiled once for all tests of this folder."""

import pytest

from cavaco_plugin.content.catalogue import kit, shipped
from cavaco_plugin.content.compile import compile_template


@pytest.fixture(scope="session")
def library():
    return {
        entry.key: compile_template(
            source=entry.source, channel=entry.channel, purpose=entry.purpose, kit=kit()
        )
        for entry in shipped()
    }


@pytest.fixture
def compiled_email():
    """Compiles a small e-mail from its body, or whatever else a test gives."""

    def make(
        body="<mj-text>Hello {{ person.first_name }}</mj-text>",
        *,
        purpose="transactional",
        layout="order",
        **strings,
    ):
        texts = {"subject": "Hello", "preheader": "There", **strings}
        source = {"layout": layout, "body": body, "strings": {"en": texts}}
        return compile_template(source=source, channel="email", purpose=purpose, kit=kit())

    return make
