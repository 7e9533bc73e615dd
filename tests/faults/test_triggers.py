"""Everything the shop says arrives five times and out of order, and workers die while they listen."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.events.operations import record
from cavaco_plugin.flows.models import Enrolment
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.store import reconcile
from cavaco_plugin.store.addresses import normalise_email
from cavaco_plugin.store.snapshots import AnySnapshot, Buyer, OrderSnapshot
from tests.faults.receipts import tell
from tests.faults.together import together
from tests.flows.makers import cart, switched_on
from tests.outbox.makers import NOON, order
from tests.promises.accounts import assert_once, open_messages, states, unexplained

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 5
MINUTE = timedelta(minutes=1)
HEARD = NOON + 20 * MINUTE
QUIET = NOON + 75 * MINUTE
LEASES_ENDED = QUIET + 6 * MINUTE


@pytest.fixture
def abandoning(provider) -> None:
    switched_on("abandoned_cart", at=NOON - MINUTE)
    reconcile.start(now=NOON - MINUTE)


def buys(number: int) -> bool:
    return number % 4 == 0


def days_of(number: int) -> list[AnySnapshot]:
    """Somebody fills a cart in three steps; some buy it, or the same elsewhere."""
    buyer = Buyer(email=f"anna{number}@example.com", country="GB", language="EN")
    told: list[AnySnapshot] = [
        cart(
            f"cart-{number}",
            at=NOON + step * MINUTE,
            quantity=step + 1,
            buyer=buyer,
            consent_declaration="email",
            created_at=NOON,
        )
        for step in range(3)
    ]
    if buys(number):
        token = f"cart-{number}" if number % 8 else f"phone-{number}"
        at = NOON + 10 * MINUTE
        moments = {"placed_at": at, "updated_at": at}
        told.append(order(f"order-{number}", buyer=buyer, checkout_token=token, **moments))
    return told


def hear(told: AnySnapshot) -> bool:
    """As the webhook door does; whether it was news."""
    kind, name = ("order", "order_id") if isinstance(told, OrderSnapshot) else ("checkout", "token")
    is_order = kind == "order"
    return record(
        source="saleor",
        kind=kind,
        subject_id=getattr(told, name),
        updated_at=told.updated_at,
        payload=told.model_dump(mode="json"),
        email=normalise_email(told.buyer.email) if is_order else "",
        checkout_token=told.checkout_token if is_order else "",
        now=HEARD,
    )


@pytest.mark.parametrize(
    "people",
    [24, pytest.param(1000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])],
    ids=["two_dozen", "a_thousand"],
)
def test_every_trigger_five_times_out_of_order_is_one_message_each(
    crew, abandoning, provider, people
):
    chance = random.Random(people)
    told = [snapshot for number in range(people) for snapshot in days_of(number)]
    deliveries = chance.sample(told * TIMES, len(told) * TIMES)
    news = together(4, lambda turn: sum(hear(one) for one in deliveries[turn::4]))
    assert sum(news) == len(told)

    handled = StoreEvent.objects.exclude(handled_at=None)
    crew.run_and_kill(
        8, victims=3, chance=chance, clock=HEARD, jobs=("events",), limit=5, once=handled.exists
    )
    crew.run(3, clock=HEARD, jobs=("events",))
    assert StoreEvent.objects.filter(handled_at=None).count() == 0
    crew.run_and_kill(16, victims=8, chance=chance, clock=QUIET, limit=3, once=provider.counts)
    crew.run(4, clock=LEASES_ENDED)

    wanted = {f"cart-{number}" for number in range(people) if not buys(number)}
    entered = Counter(Enrolment.objects.values_list("subject__checkout", flat=True))
    assert entered == Counter(wanted)
    assert Counter(Message.objects.values_list("subject__checkout", flat=True)) == Counter(wanted)
    assert Profile.objects.filter(merged_into=None).count() == people
    assert open_messages() == []
    assert sum(states().values()) == len(wanted)
    assert set(states()) <= {"accepted", "unknown"}
    assert_once(provider.counts())
    assert unexplained() == []
    settle_by_receipts(provider)


def settle_by_receipts(provider) -> None:
    """The provider reports what it has, again and again: only what it never had stays unknown."""
    counts = provider.counts()
    for message in Message.objects.filter(public_id__in=counts):
        for _ in range(2):
            tell(message, "delivered", at=LEASES_ENDED)
    unknown = Message.objects.filter(state="unknown")
    assert not set(unknown.values_list("public_id", flat=True)) & set(counts)
    assert states()["delivered"] == len(counts)
    assert provider.counts() == counts
