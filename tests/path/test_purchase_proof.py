"""No reminder of a cart leaves after an order of that person or that cart was committed."""

from datetime import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cavaco_plugin import pipeline
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.models import ContactPoint
from cavaco_plugin.profiles.queries import family
from cavaco_plugin.store import port
from cavaco_plugin.store.addresses import normalise_email
from cavaco_plugin.store.queries import purchases_from_copies
from tests.path.histories import STEPS, play
from tests.path.shop import Shop
from tests.path.world import deliver, poke, take_in

pytestmark = pytest.mark.django_db


class ShopBehindWebhooks(Shop):
    """The app home asks its copies and its inbox who bought, not the shop."""

    def purchases(self, questions):
        return purchases_from_copies(questions)


def violations(shop: Shop) -> list[tuple[str, datetime]]:
    """Reminders sent after a purchase had been committed: by the shop's own book of orders."""
    wrong = []
    for message in Message.objects.filter(
        sent_at__isnull=False, purchase_proof_since__isnull=False
    ):
        keys = ContactPoint.objects.filter(profile_id__in=family(message.profile_id))
        theirs = set(keys.values_list("value", flat=True))
        for order in shop.tables["order"].values():
            is_the_carts = order.checkout_token == message.subject.get("checkout")
            is_the_persons = (
                normalise_email(order.buyer.email) in theirs
                and order.placed_at >= message.purchase_proof_since
            )
            if (is_the_carts or is_the_persons) and order.placed_at <= message.sent_at:
                wrong.append((message.idempotency_key, order.placed_at))
    return wrong


# The inbox is handled only when somebody hears; a claim may come at any moment in between.
HEAR = st.tuples(st.just("hear"), st.just(0), st.just(0), st.just(0))
SHOPPING = st.one_of(
    st.tuples(st.just("cart"), st.integers(0, 1), st.integers(0, 2), st.integers(1, 3)),
    st.tuples(st.just("order"), st.just(0), st.integers(0, 2), st.just(0)),
    st.tuples(st.just("buy_cart"), st.integers(0, 1), st.integers(0, 2), st.integers(0, 1)),
    st.tuples(st.just("wait"), st.sampled_from([40, 65, 1500]), st.just(0), st.just(0)),
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=st.lists(st.one_of(HEAR, SHOPPING, STEPS), min_size=3, max_size=14))
@example(history=[("cart", 0, 0, 1), ("hear", 0, 0, 0), ("wait", 65, 0, 0), ("order", 0, 0, 0)])
@example(history=[("cart", 0, 0, 1), ("hear", 0, 0, 0), ("wait", 65, 0, 0), ("buy_cart", 0, 2, 1)])
@pytest.mark.parametrize("home", ["plugin", "app"])
def test_whatever_people_do_no_reminder_follows_a_purchase(shop, mailbox, home, history):
    former = list(port._stores)
    days = Shop(tell=poke) if home == "plugin" else ShopBehindWebhooks(tell=deliver)
    port.use(days)
    try:
        with transaction.atomic():
            days.pass_time(minutes=1)
            for step in history:
                if step[0] == "hear":
                    take_in(days.now)
                else:
                    play(days, step)
                release(days)
            for _ in range(4):
                days.pass_time(hours=13)
                release(days)
            assert violations(days) == []
            transaction.set_rollback(True)
    finally:
        port._stores[:] = former


def release(shop: Shop) -> None:
    """The clock goes on while the inbox waits."""
    pipeline.run_due(now=shop.now)
    pipeline.release_due(now=shop.now)
