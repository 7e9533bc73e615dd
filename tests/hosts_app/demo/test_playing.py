"""Stories side by side, and the mail they lead to."""

import time
from collections.abc import Iterator
from email.message import EmailMessage

import pytest

from cavaco_plugin.hosts.app.demo import ports
from cavaco_plugin.hosts.app.demo.mailbox.letters import letter_of
from cavaco_plugin.hosts.app.demo.mailbox.reasons import explained
from cavaco_plugin.hosts.app.demo.player import play
from cavaco_plugin.hosts.app.loopback.ledger import Taken
from cavaco_plugin.policy import reasons
from tests.outbox.makers import NOON


def test_stories_go_on_side_by_side_each_at_its_time() -> None:
    told: list[str] = []

    def first() -> Iterator[float]:
        told.append("a1")
        yield 0.3
        told.append("a2")

    def second() -> Iterator[float]:
        told.append("b1")
        yield 0.0
        told.append("b2")

    list(play([(0.0, first()), (0.1, second())]))

    assert told == ["a1", "b1", "b2", "a2"]


def test_a_story_waits_for_what_it_waits_for() -> None:
    has_come: list[bool] = []
    told: list[str] = []

    def story() -> Iterator[object]:
        yield lambda: bool(has_come)
        told.append("it came")

    for round_, _ in enumerate(play([(0.0, story())])):  # type: ignore[list-item]
        if round_ == 2:
            has_come.append(True)

    assert told == ["it came"]


def test_a_story_that_waits_in_vain_can_be_left() -> None:
    def story() -> Iterator[object]:
        yield lambda: False

    until = time.monotonic() + 0.3
    list(play([(0.0, story())], goes_on=lambda: time.monotonic() < until))  # type: ignore[list-item]


def test_an_e_mail_is_read_as_its_recipient_reads_it() -> None:
    mail = EmailMessage()
    mail["From"] = "Alder & Finch <hello@alderfinch.example>"
    mail["Subject"] = "Twój koszyk na Ciebie czeka"
    mail["List-Unsubscribe"] = "<https://shop.example/unsubscribe/x>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content("Cześć")
    mail.add_alternative("<p>Cześć</p>", subtype="html")
    taken = Taken("k1", "Zofia@example.com", "bounce@x", "m", mail.as_bytes())

    letter = letter_of(taken, at=NOON)

    assert (letter.channel, letter.address) == ("email", "zofia@example.com")
    assert letter.sender == "Alder & Finch"
    assert letter.subject == "Twój koszyk na Ciebie czeka"
    assert letter.html.strip() == "<p>Cześć</p>"
    assert letter.preview == "Cześć"
    assert letter.one_click_url == "https://shop.example/unsubscribe/x"


def test_a_text_message_is_its_body() -> None:
    taken = Taken("k2", "+33612345678", "+447400123400", "SM1", {"Body": "Bonjour", "To": "x"})

    letter = letter_of(taken, at=NOON)

    assert (letter.channel, letter.text, letter.sender) == ("sms", "Bonjour", "+447400123400")


@pytest.mark.parametrize(
    "reason", [value for name, value in vars(reasons).items() if name.isupper()]
)
def test_every_reason_has_a_sentence(reason: str) -> None:
    sentence = explained(reason)

    assert sentence.endswith(".")
    assert "_" not in sentence
    assert sentence != reason.replace("_", " ").capitalize() + "."


def test_a_port_that_is_taken_is_named() -> None:
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert ports.free_port(port) != port
        with pytest.raises(ports.PortTaken, match=f"Port {port} is taken. Choose another"):
            ports.this_port(port)
