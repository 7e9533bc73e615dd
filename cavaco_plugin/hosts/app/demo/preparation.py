"""From an empty database to a shop that sends: the same calls that an owner's set-up makes."""

from datetime import datetime

from django.core.management import call_command

from cavaco_plugin.channels import configuration
from cavaco_plugin.content import operations as content
from cavaco_plugin.flows import library
from cavaco_plugin.flows import operations as flows
from cavaco_plugin.hosts.app.demo.shop import DeliveryRefused
from cavaco_plugin.hosts.app.demo.shortening import shortened
from cavaco_plugin.hosts.app.loopback.saleor import SaleorServer
from cavaco_plugin.hosts.app.loopback.twilio import TwilioServer
from cavaco_plugin.policy import operations as policy
from cavaco_plugin.store import reconcile, shop

SHOP_NAME = "Alder & Finch"
SENDER = "hello@alderfinch.example"
# By day and by night alike; the caps stay as they are by default. Americans are asked to say no,
# Europeans to say yes.
POLICY = {"quiet_hours": {}, "legal_basis": {"US": "opt_out"}}


def migrate() -> None:
    """Make the tables."""
    call_command("migrate", interactive=False, verbosity=0)


def introduce_shop(*, mailbox_url: str, now: datetime) -> None:
    """How the shop signs its messages and where its links lead."""
    shop.save_identity(
        values={
            "name": SHOP_NAME,
            "storefront_url": f"{mailbox_url}shop/",
            "cart_url": f"{mailbox_url}shop/cart?checkout={{checkout_id}}",
            "product_url": f"{mailbox_url}shop/products/{{slug}}",
            "postal_address": "Alder & Finch, 12 Mill Lane, Leeds LS1 4DY, United Kingdom",
            "support_email": SENDER,
            "sender_email": SENDER,
            "colour": "#2f6f5e",
            "language": "en",
            "country": "GB",
            "time_zone": "Europe/London",
        },
        now=now,
    )


def connect_twilio(twilio: TwilioServer, *, doors_url: str, now: datetime) -> None:
    """SMS through the loopback Twilio, with its receipts at our door."""
    configuration.save(
        channel="sms",
        provider="twilio",
        values={
            "account_sid": twilio.account_sid,
            "auth_token": twilio.auth_token,
            "from_number": "+447400123400",
            "receipts_url": f"{doors_url}receipts/sms/twilio/",
            "api_url": twilio.url,
        },
        now=now,
    )
    configuration.choose(channel="sms", provider="twilio", now=now)


def set_policy(*, now: datetime) -> None:
    """No quiet hours, so that the demo works at any hour."""
    policy.publish(definition=POLICY, now=now, created_by="demo")


def switch_flows_on(*, now: datetime) -> list[str]:
    """The shipped flows, with waits of seconds. Returns their names."""
    content.ensure_library(now=now)
    flows.ensure_library(now=now)
    for entry in library.entries():
        flows.publish(key=entry.key, definition=shortened(entry.definition), now=now)
        flows.activate(key=entry.key, now=now)
    return [entry.name for entry in library.entries()]


def start_reconciler(*, now: datetime) -> None:
    """What changed before is no news."""
    reconcile.start(now=now)


def register(saleor: SaleorServer, *, doors_url: str) -> None:
    """The sample shop installs the app: it hands over its token as a Saleor does."""
    headers = {
        "Content-Type": "application/json",
        "Saleor-Api-Url": saleor.api_url,
        "Saleor-Domain": "shop.alderfinch.example",
        "Saleor-Schema-Version": "3.23",
    }
    body = f'{{"auth_token": "{saleor.app_token}"}}'.encode()
    status = saleor.call(saleor.post(f"{doors_url}register/", body=body, headers=headers))
    if status != 200:
        raise DeliveryRefused(f"{doors_url}register/ answered {status}.")
