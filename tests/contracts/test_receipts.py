"""A receipt that is forged or can not be read is refused by status and words, and nothing is stored."""

from typing import Any

import pytest
from django.test import Client

from cavaco_plugin.channels import configuration
from cavaco_plugin.hosts.app.loopback.sendgrid import SendGridServer
from cavaco_plugin.hosts.app.loopback.twilio import TwilioServer
from tests.channels.stands import TOKEN
from tests.contracts.cases.receipts import DOORS, SENDGRID, SMTP, TWILIO
from tests.contracts.conftest import NOW, header_names
from tests.contracts.table import Bad, Refusal, assert_refused, rows, stored


@pytest.fixture(autouse=True)
def doors(shop: Any, db: None) -> None:
    """All three providers are set up."""
    mail, text = SERVERS["sendgrid"], SERVERS["twilio"]
    save("email", "smtp", {"receipts_token": TOKEN})
    save(
        "email",
        "sendgrid",
        {"api_key": mail.api_key, "webhook_public_key": mail.webhook_public_key},
    )
    account = {"account_sid": text.account_sid, "auth_token": text.auth_token}
    save("sms", "twilio", {**account, "from_number": "+15005550006"})


# They only sign: nobody calls them.
SERVERS: dict[str, Any] = {"sendgrid": SendGridServer(), "twilio": TwilioServer(), "smtp": None}


def save(channel: str, provider: str, values: dict[str, Any]) -> None:
    configuration.save(channel=channel, provider=provider, values=values, now=NOW)


def refusals(visitor: Client, address: str, body: bytes, headers: dict[str, str]) -> list[Refusal]:
    before = stored()
    kind = headers.get("Content-Type", "text/plain")
    answer = visitor.post(address, data=body, content_type=kind, headers=header_names(headers))
    assert stored() == before
    told = answer.content.decode() if answer.status_code < 500 else str(answer)
    return [Refusal(None, answer.status_code, told)]


@rows(SENDGRID)
def test_a_bad_call_of_sendgrid_is_refused(case: Bad, visitor: Client) -> None:
    call = case.given(SERVERS["sendgrid"])
    assert_refused(case, refusals(visitor, "/receipts/email/sendgrid/", *call))


@rows(TWILIO)
def test_a_bad_call_of_twilio_is_refused(case: Bad, visitor: Client) -> None:
    call = case.given(SERVERS["twilio"])
    assert_refused(case, refusals(visitor, "/receipts/sms/twilio/", *call))


@rows(SMTP)
def test_a_bad_report_of_a_mail_server_is_refused(case: Bad, visitor: Client) -> None:
    call = case.given(None)
    assert_refused(case, refusals(visitor, "/receipts/email/smtp/", *call))


@rows(DOORS)
def test_who_is_not_there_has_no_door(case: Bad, visitor: Client) -> None:
    assert_refused(case, refusals(visitor, case.given, b"[]", {}))
