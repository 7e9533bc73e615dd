"""The e-mail we write, read back by the standard library."""

import email
import email.policy
import email.utils
import re
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cavaco_plugin.channels.contract import EmailContent, OutgoingMessage, Sender, SmsContent
from cavaco_plugin.channels.email import mime
from cavaco_plugin.channels.email.headers import BadHeader
from tests.channels.stands import NOW, email_message

DATE = format_datetime(NOW)
ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=3000)


def written(message: OutgoingMessage) -> tuple[bytes, EmailMessage]:
    data = mime.build(message, date=DATE).data
    parsed = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return data, parsed


def with_content(subject: str = "Hi", html: str = "<p>Hi</p>", text: str = "Hi") -> OutgoingMessage:
    return email_message(content=EmailContent(subject, html, text))


def lines_of(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_back(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body((kind,))
    raw = part.get_payload(decode=True).decode(part.get_content_charset())
    return lines_of(raw)


def test_every_header_a_mail_needs_is_there():
    _data, parsed = written(email_message(3))
    assert {name: str(value) for name, value in parsed.items()} == {
        "From": "The Shop <shop@example.org>",
        "Reply-To": "help@example.org",
        "To": "person3@example.com",
        "Subject": "Hello",
        "Date": "Sat, 21 Nov 2026 12:00:00 +0000",
        "Message-ID": "<public00003@example.org>",
        "List-Unsubscribe": "<https://shop.example.org/u/3>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative; boundary="=_part_of_this_message"',
    }


def test_the_plain_part_comes_first_and_the_best_last():
    _data, parsed = written(email_message())
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]


def test_the_envelope_is_bare_addresses():
    wire = mime.build(email_message(4, address=" person4@bücher.example "), date=DATE)
    assert (wire.sender, wire.recipient) == ("shop@example.org", "person4@xn--bcher-kva.example")
    assert wire.message_id == "public00004@example.org"


@given(html=ANY_TEXT, text=ANY_TEXT)
def test_bodies_come_back_as_they_were(html: str, text: str):
    _data, parsed = written(with_content(html=html, text=text))
    # A final line end before the boundary belongs to the boundary.
    assert read_back(parsed, "html") == lines_of(html)
    assert read_back(parsed, "plain") == lines_of(text)
    assert not parsed.defects


@given(subject=ANY_TEXT)
def test_subjects_come_back_on_one_line(subject: str):
    _data, parsed = written(with_content(subject=subject))
    expected = re.sub(r"[\x00-\x20\x7f\x85\u2028\u2029]+", " ", subject).strip()
    assert str(parsed["Subject"] or "") == expected


@given(
    subject=ANY_TEXT,
    name=ANY_TEXT,
    text=ANY_TEXT,
)
def test_every_line_is_ascii_and_short_enough_and_ends_as_the_protocol_wants(
    subject: str, name: str, text: str
):
    message = email_message(
        content=EmailContent(subject, text, text), sender=Sender("shop@example.org", name)
    )
    data, _parsed = written(message)
    assert data.isascii()
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", data)


@given(
    subject=ANY_TEXT,
    name=ANY_TEXT,
    attack=st.sampled_from(
        ["\r\nBcc: all@example.com", "\nBcc: x@y.z", "\r\rBcc: x", "\u2028Bcc: x"]
    ),
)
def test_nothing_typed_by_a_person_makes_a_header(subject: str, name: str, attack: str):
    message = email_message(
        content=EmailContent(subject + attack + subject, "x", "x"),
        sender=Sender("shop@example.org", name + attack),
    )
    _data, parsed = written(message)
    assert "Bcc" not in parsed
    assert len(parsed.keys()) == 9


@given(name=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=200))
def test_sender_names_come_back(name: str):
    data, _parsed = written(email_message(sender=Sender("shop@example.org", name)))
    # Not by the address parser: in some releases it puts a space between two encoded words of a name,
    # against RFC 2047, 6.2.
    shown, address = email.utils.parseaddr(email.message_from_bytes(data)["From"])
    assert str(make_header(decode_header(shown))) == name
    assert address == "shop@example.org"


@pytest.mark.parametrize(
    "headers",
    [
        {"List-Unsubscribe": "<https://x>\r\nBcc: all@example.com"},
        {"List-Unsubscribe": "<https://x>\nBcc: all@example.com"},
        {"X-Cart\r\nBcc": "all@example.com"},
        {"X Cart": "a"},
        {"": "a"},
        {"X-Ünï": "a"},
        {"Bcc": "all@example.com"},
        {"content-type": "text/html"},
        {"Subject": "another"},
        {"X-Long": "a" * 1000},
        {"X-Zero": "a\0b"},
    ],
)
def test_a_header_that_could_mislead_is_an_error_not_a_repair(headers: dict[str, str]):
    with pytest.raises(BadHeader):
        mime.build(email_message(headers=headers), date=DATE)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "person",
        "@example.com",
        "person@",
        "person@example..com",
        "a b@example.com",
        "person@exa mple.com",
        "person@example.com\r\nBcc: x@y.z",
        "person@example.com>,<other@example.com",
        "pérson@example.com",
        "<person@example.com>",
        "person@-example.com",
    ],
)
def test_an_address_smtp_cannot_carry_is_named(address: str):
    with pytest.raises(BadHeader, match="address"):
        mime.build(email_message(address=address), date=DATE)


def test_a_public_id_that_is_none_is_refused():
    with pytest.raises(BadHeader, match="message_id"):
        mime.build(email_message(message_id="a> <b"), date=DATE)


def test_a_text_message_is_not_an_e_mail():
    with pytest.raises(TypeError):
        mime.build(email_message(content=SmsContent("hi")), date=DATE)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Plain and short.\n", "7bit"),
        ("x" * 999, "quoted-printable"),
        ("it holds =_part_of_this_message\n", "quoted-printable"),
        ("Grüße aus Köln, und noch etwas mehr Text dazu", "quoted-printable"),
        ("Καλημέρα κόσμε", "base64"),
        ("こんにちは世界" * 50, "base64"),
        ("a\0b", "quoted-printable"),
    ],
)
def test_each_body_takes_the_cheapest_encoding_that_keeps_it(text: str, encoding: str):
    _data, parsed = written(with_content(text=text))
    assert parsed.get_body(("plain",))["Content-Transfer-Encoding"] == encoding
    assert read_back(parsed, "plain") == text


def test_a_body_that_imitates_the_boundary_stays_a_body():
    text = f"\r\n--{mime.BOUNDARY}--\r\nSubject: no\r\n--{mime.BOUNDARY}\r\n"
    _data, parsed = written(with_content(html=text, text=text))
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
    assert read_back(parsed, "html") == lines_of(text)


def test_a_lone_surrogate_becomes_a_question_mark():
    _data, parsed = written(with_content(subject="a\ud83d", text="a\ud83d"))
    assert str(parsed["Subject"]) == "a?"
    assert read_back(parsed, "plain") == "a?"


def test_the_same_message_is_the_same_bytes():
    assert written(email_message(5))[0] == written(email_message(5))[0]


def test_a_long_plain_subject_is_folded_between_words():
    subject = "word " * 60
    data, parsed = written(with_content(subject=subject))
    assert str(parsed["Subject"]) == subject.strip()
    assert max(map(len, data.partition(b"Date:")[0].split(b"\r\n"))) <= 78
