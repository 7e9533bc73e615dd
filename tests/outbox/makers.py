"""Rows for the outbox's tests: people who agreed, templates, carts, wishes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from cavaco_plugin.consent.models import ConsentRecord, ConsentState
from cavaco_plugin.content.catalogue import kit, shipped
from cavaco_plugin.content.compile import compile_template
from cavaco_plugin.content.models import Template, TemplateVersion
from cavaco_plugin.flows.models import Enrolment, Flow, FlowVersion
from cavaco_plugin.outbox import operations as outbox
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.outbox.request import MessageRequest
from cavaco_plugin.profiles.models import ContactPoint, Profile
from cavaco_plugin.store.models import CheckoutCopy, OrderCopy
from cavaco_plugin.store.snapshots import Buyer, CheckoutSnapshot, LineSnapshot, OrderSnapshot

# A Wednesday, noon in Greenwich.
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TOPIC = "cart_reminders"

_numbers = count(1)


@cache
def compiled_of(key: str) -> dict[str, Any]:
    template = next(one for one in shipped() if one.key == key)
    return compile_template(
        source=template.source, channel=template.channel, purpose=template.purpose, kit=kit()
    )


def published(key: str, compiled: dict[str, Any] | None = None) -> Template:
    """The shipped template, published; or a template of one's own making."""
    found = Template.objects.filter(key=key).first()
    if found:
        return found
    ours = next((one for one in shipped() if one.key == key), None)
    made = compiled or compiled_of(key)
    template = Template.objects.create(
        key=key,
        channel=made["channel"],
        name=key,
        topic=ours.topic if ours else TOPIC,
        purpose=made["purpose"],
        created_at=NOON,
    )
    template.active_version = TemplateVersion.objects.create(
        template=template,
        number=1,
        source={},
        compiled=made,
        checksum=made["checksum"],
        published_at=NOON,
    )
    template.save()
    return template


def person(*, email: str = "", phone: str = "", consents: bool = True, **columns: Any) -> Profile:
    """Somebody with an address who agreed to everything."""
    number = next(_numbers)
    profile = Profile.objects.create(
        first_name="Maya",
        language="en",
        country="GB",
        time_zone="Europe/London",
        created_at=NOON - DAY,
        updated_at=NOON - DAY,
        **columns,
    )
    email = email or f"maya{number}@example.com"
    for kind, value in (("email", email), ("phone", phone)):
        if value:
            ContactPoint.objects.create(
                profile=profile,
                kind=kind,
                value=value,
                written=value,
                first_seen_at=NOON,
                last_seen_at=NOON,
            )
    if consents:
        for channel in ("email", "sms"):
            grant(profile, channel=channel)
    return profile


def grant(
    profile: Profile, *, channel: str = "email", topic: str = TOPIC, state: str = "granted"
) -> None:
    number = next(_numbers)
    record = ConsentRecord.objects.create(
        profile=profile,
        channel=channel,
        topic=topic,
        state=state,
        source="test",
        occurred_at=NOON - DAY,
        recorded_at=NOON - DAY,
        idempotency_key=f"consent:{number}",
    )
    ConsentState.objects.create(
        profile=profile,
        channel=channel,
        topic=topic,
        state=state,
        occurred_at=NOON - DAY,
        record=record,
    )


def line(name: str = "Stoneware mug", quantity: int = 2, **values: Any) -> LineSnapshot:
    return LineSnapshot(
        variant_id="1",
        product_name=name,
        product_slug="stoneware-mug",
        quantity=quantity,
        unit_price=Decimal("14.00"),
        total_price=Decimal("14.00") * quantity,
        **values,
    )


def checkout(token: str, **values: Any) -> CheckoutSnapshot:
    given: dict[str, Any] = {
        "token": token,
        "sales_channel": "uk",
        "buyer": Buyer(email="maya@example.com", first_name="Maya", language="en"),
        "currency": "GBP",
        "total": Decimal("28.00"),
        "lines": (line(),),
        "created_at": NOON - DAY,
        "updated_at": NOON - HOUR,
    }
    return CheckoutSnapshot(**(given | values))


def order(order_id: str, **values: Any) -> OrderSnapshot:
    given: dict[str, Any] = {
        "order_id": order_id,
        "number": "1042",
        "sales_channel": "uk",
        "buyer": Buyer(email="maya@example.com", first_name="Maya", language="en"),
        "currency": "GBP",
        "total": Decimal("28.00"),
        "lines": (line(),),
        "placed_at": NOON - DAY,
        "updated_at": NOON - HOUR,
    }
    return OrderSnapshot(**(given | values))


def buys(
    profile: Profile, *, at: datetime = NOON, checkout_token: str = "", email: str = ""
) -> OrderCopy:
    """An order of this person that has committed."""
    return OrderCopy.objects.create(
        shop_order_id=f"order-{next(_numbers)}",
        profile=profile,
        checkout_token=checkout_token,
        email=email or profile.contact_points.get(kind="email").value,
        placed_at=at,
        updated_at=at,
    )


def copy_of_checkout(token: str, **columns: Any) -> CheckoutCopy:
    return CheckoutCopy.objects.create(
        token=token, updated_at=NOON, lines=[{"variant_id": "1"}], **columns
    )


def flow(status: str = "active") -> Flow:
    key = f"flow-{next(_numbers)}"
    return Flow.objects.create(key=key, name=key, status=status, created_at=NOON, updated_at=NOON)


def enrolment(profile: Profile, in_flow: Flow) -> Enrolment:
    version = FlowVersion.objects.create(
        flow=in_flow, number=next(_numbers), definition={}, checksum="", published_at=NOON
    )
    return Enrolment.objects.create(
        flow=in_flow,
        version=version,
        profile=profile,
        entry_key=f"entry-{next(_numbers)}",
        entered_at=NOON,
    )


def request(profile: Profile, **values: Any) -> MessageRequest:
    """A wish for a reminder about a cart, by e-mail, now."""
    given: dict[str, Any] = {
        "idempotency_key": f"wish-{next(_numbers)}",
        "profile_id": profile.pk,
        "channel": "email",
        "purpose": "marketing",
        "topic": TOPIC,
        "template_key": "cart_reminder_1",
        "origin": "flow",
        "due_at": NOON,
        "expires_at": NOON + 12 * HOUR,
    }
    return MessageRequest(**(given | values))


def admit(*requests: MessageRequest, now: datetime = NOON) -> list[Message]:
    for key in {one.template_key for one in requests}:
        published(key)
    return outbox.admit(requests, now=now)


PLAIN_EMAIL = {
    "format": 1,
    "channel": "email",
    "purpose": "marketing",
    "groups": ["links", "person", "shop"],
    "languages": {
        "en": {
            "subject": "Hello {{ person.first_name }}",
            "preheader": "",
            "html": "<p>Hello {{ person.first_name }} <a href='{{ links.unsubscribe }}'>Bye</a> {{ shop.address }}</p>",
            "text": "Hello {{ person.first_name }}. {{ links.unsubscribe }} {{ shop.address }}",
        }
    },
    "checksum": "plain-email",
}
PLAIN_SMS = {
    "format": 1,
    "channel": "sms",
    "purpose": "marketing",
    "groups": ["shop"],
    "languages": {"en": {"body": "{{ shop.name }}: hello. STOP"}},
    "checksum": "plain-sms",
}


def wish(profile: Profile, **values: Any) -> MessageRequest:
    """The plainest wish: an e-mail that needs no cart."""
    channel = values.get("channel", "email")
    key = f"plain_{channel}"
    published(key, PLAIN_EMAIL if channel == "email" else PLAIN_SMS)
    return request(profile, template_key=key, **values)
