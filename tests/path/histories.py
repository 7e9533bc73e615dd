"""Days in the life of a shop, drawn at random: what people do, and how long nothing happens."""

from typing import Any

from hypothesis import strategies as st

from cavaco_plugin.store.snapshots import Buyer
from tests.path.shop import Shop

AGREED = {"consent_declaration": "email"}
# Three ways of being somebody; the second signs in, the third is somebody else with her phone.
BUYERS = (
    Buyer(email="anna@example.com", country="DE", language="EN"),
    Buyer(user_id="7", email="anna@example.com", country="DE", language="EN"),
    Buyer(email="anna.work@example.com", phone="+49301234567", country="DE", language="EN"),
    Buyer(email="ben@example.com", country="DE", language="DE"),
)
Step = tuple[str, int, int, int]

STEPS = st.one_of(
    st.tuples(st.just("cart"), st.integers(0, 2), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("order"), st.integers(0, 2), st.integers(0, 3), st.integers(0, 1)),
    st.tuples(st.just("buy_cart"), st.integers(0, 2), st.integers(0, 3), st.integers(0, 1)),
    st.tuples(st.just("account"), st.just(7), st.just(0), st.integers(0, 1)),
    st.tuples(st.just("send"), st.integers(0, 2), st.just(0), st.just(0)),
    st.tuples(st.just("refund"), st.integers(0, 2), st.just(0), st.just(0)),
    st.tuples(st.just("touch"), st.integers(0, 2), st.just(0), st.just(0)),
    st.tuples(st.just("drop"), st.integers(0, 2), st.just(0), st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from([5, 40, 65, 400, 1500]), st.just(0), st.just(0)),
)
HISTORIES = st.lists(STEPS, min_size=1, max_size=12)


def play(shop: Shop, step: Step) -> None:
    """Let one thing happen, at the shop's time; what can not happen now does not."""
    shop.pass_time(seconds=7)
    kind, number, buyer, more = step
    if kind == "wait":
        shop.pass_time(minutes=number)
    else:
        _ACTIONS[kind](shop, number, BUYERS[buyer], more)


def _cart(shop: Shop, number: int, buyer: Buyer, quantity: int) -> None:
    if all(order.checkout_token != f"c{number}" for order in _orders(shop)):
        shop.cart(f"c{number}", buyer=buyer, quantity=quantity, **AGREED)


def _order(shop: Shop, number: int, buyer: Buyer, more: int) -> None:
    shop.order(f"o{len(_orders(shop))}", buyer=buyer)


def _buy_cart(shop: Shop, number: int, buyer: Buyer, keeps_cart: int) -> None:
    if f"c{number}" in shop.tables["checkout"]:
        name = f"o{len(_orders(shop))}"
        shop.order(name, buyer=buyer, token=f"c{number}", keeps_cart=bool(keeps_cart))


def _account(shop: Shop, number: int, buyer: Buyer, is_confirmed: int) -> None:
    known = shop.tables["customer"].get("7")
    shop.customer(
        "7",
        "anna@example.com",
        is_confirmed=bool(is_confirmed) or bool(known and known.is_confirmed),
        **AGREED,
    )


def _send(shop: Shop, number: int, buyer: Buyer, more: int) -> None:
    _change(shop, number, is_fulfilled=True, fulfilled_at=shop.now)


def _refund(shop: Shop, number: int, buyer: Buyer, more: int) -> None:
    _change(shop, number, is_refunded=True)


def _change(shop: Shop, number: int, **values: Any) -> None:
    known = shop.tables["order"].get(f"o{number}")
    if known is not None:
        kept = {
            "is_fulfilled": known.is_fulfilled,
            "is_refunded": known.is_refunded,
            "fulfilled_at": known.fulfilled_at,
        }
        shop.order(known.order_id, buyer=known.buyer, **{**kept, **values})


def _touch(shop: Shop, number: int, buyer: Buyer, more: int) -> None:
    if f"c{number}" in shop.tables["checkout"]:
        shop.touch(f"c{number}")


def _drop(shop: Shop, number: int, buyer: Buyer, more: int) -> None:
    shop.drop_cart(f"c{number}")


def _orders(shop: Shop) -> list[Any]:
    return list(shop.tables["order"].values())


_ACTIONS = {
    "cart": _cart,
    "order": _order,
    "buy_cart": _buy_cart,
    "account": _account,
    "send": _send,
    "refund": _refund,
    "touch": _touch,
    "drop": _drop,
}
