"""What is particular to SMTP: replies, kept connections, the shop's own backends, bounce reports."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core import mail

from cavaco_plugin.channels.contract import (
    NOT_STARTED,
    THROTTLED,
    Accepted,
    MalformedReceipt,
    Misconfigured,
    Outcome,
    Permanent,
    Temporary,
    Uncertain,
)
from cavaco_plugin.channels.email.smtp import replies
from cavaco_plugin.channels.email.smtp.settings import SmtpSettings
from cavaco_plugin.channels.email.smtp.transport import open_transport
from cavaco_plugin.hosts.app.loopback import script
from cavaco_plugin.hosts.app.loopback.smtp import SmtpServer
from tests.channels.stands import (
    NOW,
    TOKEN,
    SmtpStand,
    delivery_report,
    email_message,
    feedback_report,
    request,
)


def send(settings: SmtpSettings, *messages: Any) -> list[Outcome]:
    async def once() -> list[Outcome]:
        transport = open_transport(settings)
        try:
            return await transport.send(messages)
        finally:
            await transport.close()

    return asyncio.run(once())


@pytest.mark.parametrize(
    ("stage", "code", "text", "kind", "name", "suppress"),
    [
        ("data", 250, "OK", Accepted, None, None),
        ("recipient", 421, "4.7.0 too many connections", Temporary, THROTTLED, None),
        ("recipient", 450, "4.7.28 rate limit", Temporary, THROTTLED, None),
        ("recipient", 450, "4.2.0 grey-listed, try again", Temporary, "deferred", None),
        ("recipient", 451, "4.3.0 local trouble", Temporary, "deferred", None),
        ("recipient", 452, "4.2.2 mailbox full", Temporary, "deferred", None),
        ("sender", 503, "bad sequence", Temporary, "deferred", None),
        ("recipient", 550, "5.1.1 no such user", Permanent, "invalid_address", True),
        ("recipient", 550, "5.1.10 null MX", Permanent, "invalid_address", True),
        ("recipient", 550, "5.2.1 disabled", Permanent, "invalid_address", True),
        ("recipient", 550, "No such user here", Permanent, "invalid_address", True),
        ("recipient", 550, "mailbox unavailable", Permanent, "invalid_address", True),
        ("recipient", 553, "recipient address unknown", Permanent, "invalid_address", True),
        ("recipient", 550, "5.7.1 blocked by policy", Permanent, "refused", False),
        ("recipient", 550, "5.7.1 user unknown to our policy", Permanent, "refused", False),
        ("recipient", 550, "no", Permanent, "refused", False),
        ("recipient", 552, "5.2.2 over quota", Permanent, "too_large", False),
        ("recipient", 554, "5.7.1 relay access denied", Misconfigured, "not_allowed", None),
        ("recipient", 530, "5.7.0 authentication required", Misconfigured, "not_allowed", None),
        ("sender", 550, "5.7.60 not allowed to send as", Misconfigured, "sender_refused", None),
        ("sender", 552, "5.3.4 message too big", Permanent, "too_large", False),
        ("login", 535, "5.7.8 wrong", Misconfigured, "not_allowed", None),
        ("login", 454, "4.7.0 try later", Temporary, "deferred", None),
        ("data", 554, "5.7.1 this is spam", Permanent, "refused", False),
        ("data", 550, "5.1.1 no such user", Permanent, "refused", False),
    ],
)
def test_a_reply_means(stage: str, code: int, text: str, kind: type, name: str, suppress: bool):
    outcome = replies.outcome_of(code, text.encode(), stage=stage, message_id="m@x")
    assert type(outcome) is kind
    assert getattr(outcome, "code", None) == name
    assert getattr(outcome, "suppress", None) == suppress


def test_a_line_cut_before_the_message_was_offered_is_tried_on_a_new_connection(smtp: SmtpStand):
    smtp.server.script.then(script.Accept(), script.HangUpBeforeReading())
    outcomes = send(smtp.settings(connections=1), *(email_message(n) for n in range(3)))
    assert [type(outcome) for outcome in outcomes] == [Accepted] * 3
    assert set(smtp.server.ledger.counts.values()) == {1}


def test_a_connection_goes_on_after_a_refusal(smtp: SmtpStand):
    smtp.server.script.always(["person1@example.com"], script.Refuse())
    outcomes = send(smtp.settings(connections=1), *(email_message(n) for n in range(4)))
    assert [type(outcome) for outcome in outcomes] == [Accepted, Permanent, Accepted, Accepted]
    assert smtp.server.sessions == 1


@pytest.mark.parametrize("pipelining", [True, False])
def test_a_server_is_spoken_to_step_by_step_or_in_one_breath_as_it_likes(
    smtp: SmtpStand, pipelining: bool
):
    smtp.server.pipelining = pipelining
    smtp.server.script.always(["person1@example.com"], script.Refuse())
    smtp.server.script.always(["person2@example.com"], script.Throttle())
    try:
        outcomes = send(smtp.settings(connections=1), *(email_message(n) for n in range(5)))
    finally:
        smtp.server.pipelining = True
    assert [type(outcome) for outcome in outcomes[:2]] == [Accepted, Permanent]
    assert {(type(outcome), outcome.code) for outcome in outcomes[2:]} == {
        (Temporary, THROTTLED),
        (Temporary, NOT_STARTED),
    }
    assert smtp.server.ledger.counts == {"public00000": 1}


def test_a_server_that_invites_data_for_a_refused_recipient_gets_none_of_it():
    said: list[bytes] = []
    answers = [
        b"250 ok",
        b"550 5.1.1 no such user",
        b"354 go on",
        b"554 no recipient",
        b"250 reset",
    ]
    with odd_server(answers, said) as port:
        [outcome] = send(odd_settings(port), email_message())
    assert isinstance(outcome, Permanent)
    assert said[3] == b"."
    assert b"Subject" not in b"".join(said)


@pytest.mark.parametrize(
    "answers",
    [[b"354 what?"], [b"250 ok", b"354 what?"], [b"250 ok", b"250 ok", b"250 done already"]],
)
def test_a_server_out_of_its_mind_gets_no_message(answers: list[bytes]):
    said: list[bytes] = []
    with odd_server(answers, said) as port:
        [outcome] = send(odd_settings(port), email_message())
    assert isinstance(outcome, Temporary)
    assert b"Subject" not in b"".join(said)


def odd_settings(port: int) -> SmtpSettings:
    return SmtpSettings(host="127.0.0.1", port=port, security="none", timeout_seconds=2)


@contextmanager
def odd_server(answers: list[bytes], said: list[bytes]) -> Iterator[int]:
    """Takes one connection, and gives these answers to its lines in order, whatever they are."""

    def converse() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as lines:
            lines.write(b"220 odd\r\n")
            lines.flush()
            lines.readline()
            lines.write(b"250-odd\r\n250 PIPELINING\r\n")
            lines.flush()
            for line, answer in zip(lines, [*answers, *[b"421 bye"] * 3], strict=False):
                said.append(line.strip())
                lines.write(answer + b"\r\n")
                lines.flush()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=converse)
        thread.start()
        yield listener.getsockname()[1]
        thread.join(timeout=5)


def test_lines_that_begin_with_a_dot_arrive_whole(smtp: SmtpStand):
    send(smtp.settings(), email_message(1, text=".a\n..b\n.\nc"))
    [taken] = smtp.server.ledger.messages
    assert b"\r\n.a\r\n..b\r\n.\r\nc\r\n" in taken.raw


def test_a_server_that_takes_few_connections_still_gets_every_message(smtp: SmtpStand):
    smtp.server.most_connections = 2
    try:
        outcomes = send(smtp.settings(connections=8), *(email_message(n) for n in range(60)))
    finally:
        smtp.server.most_connections = None
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    assert len(smtp.server.ledger.counts) == 60


def test_a_message_no_mail_may_carry_is_refused_alone(smtp: SmtpStand):
    bad = email_message(1, headers={"X-A": "a\r\nBcc: b@example.com"})
    outcomes = send(smtp.settings(), bad, email_message(2))
    assert [type(outcome) for outcome in outcomes] == [Permanent, Accepted]
    assert outcomes[0].code == "invalid_message"
    assert not outcomes[0].suppress


def test_starttls_that_the_server_does_not_offer_is_a_misconfiguration(smtp: SmtpStand):
    [outcome] = send(smtp.settings(security="starttls"), email_message())
    assert isinstance(outcome, Misconfigured)


def test_a_certificate_nobody_vouches_for_is_a_misconfiguration(tmp_path: Path):
    with SmtpServer() as server:
        server.certificate = self_signed(tmp_path)
        settings = SmtpSettings(host="127.0.0.1", port=server.port, timeout_seconds=2)
        [outcome] = send(settings, email_message())
        assert isinstance(outcome, Misconfigured)
        assert "certificate" in outcome.detail
        assert not server.ledger.messages


def test_mail_goes_encrypted_to_a_server_whose_certificate_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    with SmtpServer() as server:
        server.certificate = self_signed(tmp_path)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        settings = SmtpSettings(host="127.0.0.1", port=server.port, timeout_seconds=2)
        outcomes = send(settings, email_message(1), email_message(2))
    assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted]


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .sign(key, hashes.SHA256())
    )
    pem = folder / "certificate.pem"
    secret = folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem, secret)
    return context


def test_without_a_host_mail_goes_the_way_of_the_shops_own_mail(settings: Any):
    with SmtpServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        [outcome] = send(SmtpSettings(), email_message(8))
        assert outcome == Accepted("public00008@example.org")
        assert server.ledger.counts == {"public00008": 1}


def test_a_shop_whose_backend_is_not_smtp_sends_through_it(settings: Any):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    [outcome] = send(SmtpSettings(), email_message(9, text="Grüße"))
    [sent] = mail.outbox
    assert outcome == Accepted("public00009@example.org")
    assert (sent.subject, sent.to, sent.body) == ("Grüße", ["person9@example.com"], "Grüße")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent.message()["Message-ID"] == "<public00009@example.org>"


def test_a_shops_backend_that_fails_leaves_the_message_uncertain(settings: Any):
    settings.EMAIL_BACKEND = "tests.channels.failing_backend.FailingBackend"
    [outcome] = send(SmtpSettings(), email_message())
    assert isinstance(outcome, Uncertain)


def read(body: bytes) -> Any:
    stand = SmtpStand(SmtpServer(port=2525))
    [receipt] = stand.read(request(body, {"Authorization": f"Bearer {TOKEN}"}))
    return receipt


@pytest.mark.parametrize(
    ("action", "status", "kind"),
    [
        ("failed", "5.1.1", "bounced"),
        ("failed", "5.2.1", "bounced"),
        ("failed", "5.2.2", "failed"),
        ("failed", "5.7.1", "failed"),
        ("failed", "4.4.7", "failed"),
        ("delayed", "4.4.1", "deferred"),
        ("delivered", "2.0.0", "delivered"),
        ("relayed", "2.0.0", "accepted"),
    ],
)
def test_a_delivery_report_means(action: str, status: str, kind: str):
    receipt = read(delivery_report(message_id="public1", action=action, status=status))
    assert (receipt.kind, receipt.code, receipt.message_id) == (kind, status, "public1")
    assert receipt.address == "person@example.com"
    assert receipt.occurred_at == NOW.replace(hour=11, minute=59)


def test_a_feedback_report_is_a_complaint():
    receipt = read(feedback_report(message_id="public1"))
    assert (receipt.kind, receipt.message_id, receipt.address) == (
        "complained",
        "public1",
        "person@example.com",
    )


def test_a_feedback_report_that_says_not_spam_moves_nothing():
    assert read(feedback_report(message_id="public1", kind="not-spam")).kind == "unknown"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x--",
        delivery_report(message_id="m").replace(b"Final-Recipient", b"Nobody"),
        delivery_report(message_id="m").replace(b"Message-ID", b"X-Nothing"),
        delivery_report(message_id="m").replace(b"message/rfc822", b"text/plain"),
        delivery_report(message_id="m").replace(b"message/delivery-status", b"text/plain"),
        feedback_report(message_id="m").replace(b"message/feedback-report", b"text/plain"),
    ],
)
def test_a_report_that_cannot_be_read_is_malformed(body: bytes):
    with pytest.raises(MalformedReceipt):
        read(body)
