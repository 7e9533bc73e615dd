"""A database of its own, with people who agreed to e-mails and left a cart of five things behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import connection

from cavaco_plugin.consent.models import ConsentRecord, ConsentState
from cavaco_plugin.content.catalogue import kit, shipped
from cavaco_plugin.content.compile import compile_template
from cavaco_plugin.content.models import Template, TemplateVersion
from cavaco_plugin.profiles.models import ContactPoint, Profile
from cavaco_plugin.store.models import CheckoutCopy
from cavaco_plugin.store.shop import save_identity

# A Wednesday, noon in Greenwich: nobody's quiet hours.
NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)
TEMPLATE = "cart_reminder_1"
TOPIC = "cart_reminders"


@contextmanager
def scratch_database() -> Iterator[str]:
    """A fresh database beside the one that DATABASE_URL names, gone afterwards."""
    former = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"bench_{former}"
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield name
    finally:
        connection.creation.destroy_test_db(former, verbosity=0)


def database_seconds() -> float:
    """CPU of this connection's PostgreSQL backend so far; 0 where the kernel does not tell."""
    pid = connection.connection.info.backend_pid
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0.0


def fill(people: int) -> None:
    """Everybody has id n, one address, one consent and one cart."""
    numbers = range(1, people + 1)
    before = NOON - timedelta(days=1)
    Profile.objects.bulk_create(
        Profile(
            id=n,
            first_name="Maya",
            language="en",
            country="GB",
            time_zone="Europe/London",
            created_at=before,
            updated_at=before,
        )
        for n in numbers
    )
    ContactPoint.objects.bulk_create(
        ContactPoint(
            profile_id=n,
            kind="email",
            value=f"person{n}@example.com",
            written=f"Person{n}@example.com",
            first_seen_at=before,
            last_seen_at=before,
        )
        for n in numbers
    )
    _agree(numbers, before)
    CheckoutCopy.objects.bulk_create(
        CheckoutCopy(
            token=f"checkout-{n}",
            profile_id=n,
            sales_channel="uk",
            email=f"person{n}@example.com",
            language="en",
            country="GB",
            currency="GBP",
            total=Decimal("86.00"),
            lines=[_line(n, v) for v in range(5)],
            activity_at=before,
            updated_at=before,
        )
        for n in numbers
    )
    save_identity(
        values={
            "name": "Alder & Finch",
            "storefront_url": "https://alderfinch.example",
            "cart_url": "https://alderfinch.example/cart/{checkout_id}",
            "product_url": "https://alderfinch.example/p/{slug}",
            "postal_address": "Alder & Finch, 12 Mill Lane, Leeds LS1 4DY",
            "sender_email": "hello@alderfinch.example",
        },
        now=NOON,
    )
    _publish()


def _line(person: int, number: int) -> dict[str, object]:
    price = 10 + (person + number) % 90
    return {
        "variant_id": str(number),
        "product_id": str(number),
        "product_name": f"Stoneware mug {(person + number) % 977}",
        "variant_name": "Sage",
        "product_slug": f"mug-{number}",
        "sku": "",
        "quantity": 2,
        "unit_price": f"{price}.00",
        "total_price": f"{2 * price}.00",
        "image_url": f"https://cdn.example/{number}.jpg",
        "is_available": True,
    }


def _agree(numbers: range, at: datetime) -> None:
    said = {"channel": "email", "topic": TOPIC, "state": "granted", "occurred_at": at}
    records = ConsentRecord.objects.bulk_create(
        ConsentRecord(
            profile_id=n, source="bench", recorded_at=at, idempotency_key=f"bench:{n}", **said
        )
        for n in numbers
    )
    ConsentState.objects.bulk_create(
        ConsentState(profile_id=record.profile_id, record=record, **said) for record in records
    )


def _publish() -> None:
    source = next(one for one in shipped() if one.key == TEMPLATE)
    compiled = compile_template(
        source=source.source, channel="email", purpose=source.purpose, kit=kit()
    )
    template = Template.objects.create(
        key=TEMPLATE,
        channel="email",
        name=source.name,
        topic=source.topic,
        purpose=source.purpose,
        created_at=NOON,
    )
    template.active_version = TemplateVersion.objects.create(
        template=template,
        number=1,
        source={},
        compiled=compiled,
        checksum=compiled["checksum"],
        published_at=NOON,
    )
    template.save()
