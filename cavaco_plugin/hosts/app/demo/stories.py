"""What the cast does. A story does something, then yields: seconds to wait, or what to wait for."""

from collections.abc import Callable, Iterator

from cavaco_plugin.hosts.app.demo import goods
from cavaco_plugin.hosts.app.demo.goods import Line
from cavaco_plugin.hosts.app.demo.people import CAST, Person
from cavaco_plugin.hosts.app.demo.shop import SampleShop

Wait = float | Callable[[], bool]
Story = Iterator[Wait]


def the_cast(shop: SampleShop) -> list[tuple[float, Story]]:
    """Each story with the second it begins at."""
    return [
        (0.0, leaves_the_cart(shop, CAST["maya"], Line(goods.LAMP))),
        (0.5, leaves_the_cart(shop, CAST["jonas"], Line(goods.THROW), Line(goods.CANDLE, 2))),
        (1.0, buys_in_time(shop, CAST["camille"])),
        (1.5, buys_after_a_reminder(shop, CAST["lucia"])),
        (2.0, joins(shop, CAST["zofia"])),
        (2.5, is_refunded(shop, CAST["oliver"])),
        (3.0, has_enough_mail(shop, CAST["anna"])),
        (3.5, answers_stop(shop, CAST["pierre"])),
        (4.0, leaves_the_cart(shop, CAST["marek"], Line(goods.PLANT))),
        (4.5, buys_unheard(shop, CAST["diego"])),
        (5.0, joins(shop, CAST["emma"])),
        (5.5, leaves_the_cart(shop, CAST["nina"], Line(goods.BOARD))),
    ]


def leaves_the_cart(shop: SampleShop, person: Person, *lines: Line) -> Story:
    """And never comes back."""
    shop.fills_cart(person, *lines)
    yield 0.0


def buys_in_time(shop: SampleShop, person: Person) -> Story:
    """Fills a cart on the telephone and buys at the desk before anybody could remind them."""
    shop.fills_cart(person, Line(goods.MUG, 2))
    yield 2.0
    shop.buys(person, Line(goods.MUG, 2), elsewhere=True)


def buys_after_a_reminder(shop: SampleShop, person: Person) -> Story:
    """The first reminder does its work; the parcel is followed by thanks."""
    shop.fills_cart(person, Line(goods.BOARD), Line(goods.MUG))
    yield lambda: bool(shop.box.letters(person, "email"))
    yield 1.0
    order = shop.buys(person)
    yield 3.0
    shop.ships(person, order)


def joins(shop: SampleShop, person: Person) -> Story:
    """Opens an account, agrees to be written to, and confirms the address."""
    shop.opens_account(person)
    yield 3.0
    shop.confirms_account(person)


def is_refunded(shop: SampleShop, person: Person) -> Story:
    """Sends it back: no thanks for an order that is none any more."""
    order = shop.buys(person, Line(goods.CANDLE), elsewhere=True)
    yield 2.0
    sent = shop.ships(person, order)
    yield 5.0
    shop.refunds(person, sent)


def has_enough_mail(shop: SampleShop, person: Person) -> Story:
    """Unsubscribes by one click at the first reminder."""
    shop.fills_cart(person, Line(goods.LAMP), Line(goods.CANDLE))
    yield lambda: bool(shop.box.letters(person, "email"))
    yield 1.5
    shop.presses_unsubscribe(person)


def answers_stop(shop: SampleShop, person: Person) -> Story:
    """No more text messages; e-mail goes on."""
    shop.fills_cart(person, Line(goods.PLANT, 2))
    yield lambda: bool(shop.box.letters(person, "sms"))
    yield 1.5
    shop.texts(person, "STOP")


def buys_unheard(shop: SampleShop, person: Person) -> Story:
    """Buys elsewhere after the first reminder, and the order's webhook is lost."""
    shop.fills_cart(person, Line(goods.THROW))
    yield lambda: bool(shop.box.letters(person, "email"))
    yield 0.5
    shop.buys(person, Line(goods.THROW), elsewhere=True, is_told=False)
