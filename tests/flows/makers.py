"""People, carts and orders for the flows' tests, through the stages that make them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from cavaco_plugin.consent.models import ConsentRecord, ConsentState
from cavaco_plugin.content.catalogue import kit, shipped
from cavaco_plugin.content.compile import compile_template
from cavaco_plugin.content.models import Template
from cavaco_plugin.flows import operations as flows
from cavaco_plugin.flows import timers
from cavaco_plugin.flows.models import Enrolment, Flow
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.models import ContactPoint, Profile
from cavaco_plugin.store import operations as store
from cavaco_plugin.store.changes import ChangeKind, StoreChange
from cavaco_plugin.store.snapshots import Buyer, CheckoutSnapshot, LineSnapshot, OrderSnapshot

# A Wednesday, nine in the morning in Greenwich.
NINE = datetime(2026, 3, 11, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

_numbers = count(1)


@cache
def _compiled(key: str) -> dict[str, Any]:
    template = next(one for one in shipped() if one.key == key)
    return compile_template(
        source=template.source, channel=template.channel, purpose=template.purpose, kit=kit()
    )


def templates() -> None:
    """The shipped templates that flows send, published."""
    for one in shipped():
        if one.purpose != "marketing" or Template.objects.filter(key=one.key).exists():
            continue
        template = Template.objects.create(
            key=one.key,
            channel=one.channel,
            name=one.name,
            topic=one.topic,
            purpose=one.purpose,
            is_shipped=True,
            created_at=NINE,
        )
        compiled = _compiled(one.key)
        template.active_version = template.versions.create(
            number=1,
            source=dict(one.source),
            compiled=compiled,
            checksum=compiled["checksum"],
            published_at=NINE,
        )
        template.save()


def person(*, phone: str = "", agreed: Sequence[str] = ("email",), **columns: Any) -> Profile:
    """Somebody with an e-mail address who agreed to hear of everything by these channels."""
    number = next(_numbers)
    given = {"time_zone": "Europe/London", "language": "en", "country": "GB"} | columns
    profile = Profile.objects.create(created_at=NINE, updated_at=NINE, **given)
    for kind, value in (("email", f"maya{number}@example.com"), ("phone", phone)):
        if value:
            ContactPoint.objects.create(
                profile=profile,
                kind=kind,
                value=value,
                written=value,
                first_seen_at=NINE,
                last_seen_at=NINE,
            )
    for channel in agreed:
        grant(profile, channel=channel)
    return profile


def grant(profile: Profile, *, channel: str, topic: str = "*") -> None:
    said: dict[str, Any] = {
        "profile": profile,
        "channel": channel,
        "topic": topic,
        "state": "granted",
        "occurred_at": NINE - DAY,
    }
    record = ConsentRecord.objects.create(
        **said, source="test", recorded_at=NINE - DAY, idempotency_key=f"said:{next(_numbers)}"
    )
    ConsentState.objects.create(**said, record=record)


def line(quantity: int = 1, **values: Any) -> LineSnapshot:
    price = Decimal("14.00")
    return LineSnapshot(
        variant_id="1",
        product_name="Stoneware mug",
        quantity=quantity,
        unit_price=price,
        total_price=price * quantity,
        **values,
    )


def cart(token: str, *, at: datetime, quantity: int = 1, **values: Any) -> CheckoutSnapshot:
    """A cart as of `at`; another quantity is activity of the customer."""
    given: dict[str, Any] = {
        "token": token,
        "sales_channel": "uk",
        "buyer": Buyer(email="maya@example.com"),
        "currency": "GBP",
        "total": Decimal("14.00") * quantity,
        "lines": (line(quantity),) if quantity else (),
        "created_at": NINE - DAY,
        "updated_at": at,
    }
    return CheckoutSnapshot(**(given | values))


def order(order_id: str, *, at: datetime, **values: Any) -> OrderSnapshot:
    """An order as of `at`, placed then if nothing else is said."""
    given: dict[str, Any] = {
        "order_id": order_id,
        "number": order_id,
        "sales_channel": "uk",
        "buyer": Buyer(email="maya@example.com"),
        "currency": "GBP",
        "total": Decimal("28.00"),
        "lines": (line(2),),
        "placed_at": at,
        "updated_at": at,
    }
    return OrderSnapshot(**(given | values))


def happens(
    profile: Profile,
    snapshot: CheckoutSnapshot | OrderSnapshot,
    *,
    now: datetime | None = None,
    is_backfill: bool = False,
) -> list[StoreChange]:
    """The shop says so, the copies follow, the flows take it."""
    changes = store.apply(snapshot=snapshot, profile_id=profile.pk, is_backfill=is_backfill)
    flows.take(changes=changes, now=now or snapshot.updated_at)
    return changes


def agrees(profile: Profile, *, at: datetime, channel: str = "email") -> StoreChange:
    """The fact that the person's consent to news became valid."""
    return StoreChange(
        kind=ChangeKind.CONSENT_GRANTED,
        key=f"consent:{profile.pk}:{channel}:newsletter",
        profile_id=profile.pk,
        at=at,
        data={"channel": channel, "topic": "newsletter"},
    )


def switched_on(key: str, *, at: datetime = NINE - DAY) -> Flow:
    """A shipped flow that takes people in from `at` on."""
    templates()
    flows.ensure_library(now=at)
    return flows.activate(key=key, now=at)


def own_flow(
    key: str, steps: list[dict[str, Any]], *, at: datetime = NINE - DAY, **fields: Any
) -> Flow:
    """A flow of one's own, switched on at `at`."""
    templates()
    definition = {
        "schema": 1,
        "name": key,
        "topic": "newsletter",
        "trigger": {"type": "consent_granted"},
        "start": steps[0]["id"],
        "steps": steps,
    } | fields
    flows.publish(key=key, definition=definition, now=at)
    return flows.activate(key=key, now=at)


def fire(now: datetime) -> int:
    return timers.fire_due(now=now)


def asked() -> list[str]:
    """The templates of all messages asked for, in order."""
    return list(Message.objects.order_by("id").values_list("template_key", flat=True))


def only_run() -> Enrolment:
    return Enrolment.objects.get()
