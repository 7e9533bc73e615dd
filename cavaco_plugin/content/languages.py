"""Which language a message is written in, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

LAST_RESORT = "en"
Reason = Literal["person", "checkout_or_order", "sales_channel", "last_resort", "only_available"]


@dataclass(frozen=True, slots=True)
class LanguageChoice:
    """The answer, and how it came about.

    Attributes:
        language: one of the template's languages.
        locale: the code money and dates are formatted by; keeps the region the person asked for.
        reason: whose language it is, or why it is nobody's.
        passed_over: what was wanted before but the template does not have, as (reason, code).
    """

    language: str
    locale: str
    reason: Reason
    passed_over: tuple[tuple[Reason, str], ...] = ()


def choose_language(
    available: Iterable[str],
    *,
    person: str = "",
    subject: str = "",
    sales_channel: str = "",
) -> LanguageChoice:
    """The first language the template has: the person's, the checkout's or order's, the sales channel's, English.

    Codes may carry a region (``de-AT``, ``pt_BR``); a template in ``de`` serves ``de-AT``.
    """
    by_code = {_normal(code): code for code in available}
    if not by_code:
        raise ValueError("available: the template has no language; publish one with a text.")
    wishes: list[tuple[Reason, str]] = [
        ("person", person),
        ("checkout_or_order", subject),
        ("sales_channel", sales_channel),
        ("last_resort", LAST_RESORT),
    ]
    passed_over: list[tuple[Reason, str]] = []
    for reason, code in wishes:
        wanted = _normal(code)
        for candidate in (wanted, wanted.split("-")[0]):
            if candidate and candidate in by_code:
                return LanguageChoice(by_code[candidate], wanted, reason, tuple(passed_over))
        if wanted:
            passed_over.append((reason, code))
    first = next(iter(by_code))
    return LanguageChoice(by_code[first], first, "only_available", tuple(passed_over))


def _normal(code: str) -> str:
    return code.strip().replace("_", "-").lower()
