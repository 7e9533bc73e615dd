"""How many segments a text takes: carriers bill each of them. Pure."""

from dataclasses import dataclass
from typing import Literal

import smsutil

Encoding = Literal["GSM-7", "UCS-2"]


@dataclass(frozen=True, slots=True)
class Segments:
    """`units` are septets or 16-bit units; `costly` are the characters that force UCS-2 on the whole text."""

    encoding: Encoding
    count: int
    units: int
    costly: str


def count_segments(text: str) -> Segments:
    """One segment holds 160 GSM-7 or 70 UCS-2 units; several hold 153 or 67 each."""
    if not text:
        return Segments("GSM-7", 1, 0, "")
    if smsutil.is_valid_gsm(text):
        split = smsutil.gsm_split(text)
        return Segments("GSM-7", len(split.parts), split.total_bytes, "")
    split = smsutil.unicode_split(text)
    costly = "".join(dict.fromkeys(sign for sign in text if not smsutil.is_valid_gsm(sign)))
    return Segments("UCS-2", len(split.parts), split.total_bytes // 2, costly)
