"""The play itself: once through with everything checked, or for ever with strangers coming by."""

import itertools
import random
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.status import Status

from cavaco_plugin.hosts.app.demo import goods, stories, summary
from cavaco_plugin.hosts.app.demo.expectations import checked
from cavaco_plugin.hosts.app.demo.goods import Line
from cavaco_plugin.hosts.app.demo.house import House
from cavaco_plugin.hosts.app.demo.people import Person, strangers
from cavaco_plugin.hosts.app.demo.player import play
from cavaco_plugin.hosts.app.demo.quiet import unrest
from cavaco_plugin.hosts.app.demo.shop import SampleShop
from cavaco_plugin.hosts.app.demo.stories import Story

PATIENCE_SECONDS = 180.0
REST_SECONDS = 3.0
BETWEEN_STRANGERS = (3.0, 8.0)


def once(house: House, console: Console, *, json_path: Path | None = None) -> int:
    """The cast's stories, to their end and until the path is at rest."""
    began = time.monotonic()
    with console.status("Twelve people come to the shop …") as status:
        for at_it in play(
            stories.the_cast(house.shop), goes_on=lambda: _is_in_time(began) and _is_well(house)
        ):
            status.update(f"{at_it} of the stories go on … {house.mailbox_url}")
        _wait_for_rest(house, began, status)
    result = summary.summed_up(
        delivered=house.shop.delivered,
        expectations=checked(house.shop.box),
        seconds=time.monotonic() - began,
    )
    summary.show(result, console)
    if json_path is not None:
        summary.write_json(result, json_path)
    if not result.is_good:
        _tell_logs(house, console)
    return 0 if result.is_good else 1


def for_ever(house: House, console: Console) -> int:
    """The cast, and then strangers every few seconds, until somebody presses Ctrl-C."""
    console.print("People come and go. Ctrl-C ends it.")
    chance = random.Random(7)
    whole = itertools.chain(stories.the_cast(house.shop), _visitors(house.shop, chance))
    coming = iter(whole)
    began, going = time.monotonic(), []
    upcoming = next(coming)
    while True:
        now = time.monotonic() - began
        while upcoming[0] <= now:
            going.append(play([(0.0, upcoming[1])]))
            upcoming = next(coming)
        going = [story for story in going if next(story, 0)]
        _is_well(house)
        time.sleep(0.2)


def _visitors(shop: SampleShop, chance: random.Random) -> Iterator[tuple[float, Story]]:
    at = 15.0
    for person in strangers(seed=chance.randrange(10**6)):
        at += chance.uniform(*BETWEEN_STRANGERS)
        yield at, _visit(shop, person, chance)


def _visit(shop: SampleShop, person: Person, chance: random.Random) -> Story:
    """What a stranger does: mostly leave, often buy, sometimes join."""
    lines = [Line(good) for good in chance.sample(goods.GOODS, chance.choice([1, 1, 2, 3]))]
    kind = chance.random()
    if kind < 0.15 and person.consent:
        yield from stories.joins(shop, person)
        return
    shop.knows(person)
    yield 2.0
    shop.fills_cart(person, *lines)
    if kind < 0.4:
        yield chance.uniform(1.0, 3.0)
        order = shop.buys(person, elsewhere=kind < 0.25)
    elif kind < 0.65:
        yield chance.uniform(8.0, 18.0)
        order = shop.buys(person)
    else:
        return
    yield 4.0
    sent = shop.ships(person, order)
    if kind > 0.6:
        yield 4.0
        shop.refunds(person, sent)


def _wait_for_rest(house: House, began: float, status: Status) -> None:
    """Until nothing has moved for a while."""
    rested_since: float | None = None
    while _is_in_time(began) and _is_well(house):
        moving = unrest()
        status.update(_in_words(moving))
        if moving:
            rested_since = None
        elif rested_since is None:
            rested_since = time.monotonic()
        elif time.monotonic() - rested_since > REST_SECONDS:
            return
        time.sleep(0.3)


def _in_words(moving: dict[str, int]) -> str:
    still = ", ".join(f"{number} {stage}" for stage, number in moving.items())
    return f"Waiting for {still} …" if still else "All is at rest …"


def _is_in_time(began: float) -> bool:
    return time.monotonic() - began < PATIENCE_SECONDS


def _is_well(house: House) -> bool:
    for running in house.running:
        running.check()
    return True


def _tell_logs(house: House, console: Console) -> None:
    for running in house.running:
        console.rule(f"The {running.name}'s last words")
        console.print(running.last_words(), markup=False, highlight=False)
