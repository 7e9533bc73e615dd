"""Durations as ISO 8601 text and times of day as HH:MM, for definitions people write by hand."""

import re
from datetime import time, timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

LONGEST = timedelta(days=3650)

_ISO = re.compile(
    r"(?P<sign>-)?P(?:(?P<weeks>\d{1,5})W)?(?:(?P<days>\d{1,5})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,7})M)?(?:(?P<seconds>\d{1,9})S)?)?"
)
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")
_REMEDY = "Write it like PT90M, PT24H or P3D; months and years differ in length, so say days."
_WORDS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


def parse_duration(text: object) -> timedelta:
    """The duration that an ISO 8601 text such as "PT24H" stands for."""
    if isinstance(text, timedelta):
        return text
    match = _ISO.fullmatch(text) if isinstance(text, str) else None
    parts = {unit: int(match[unit]) for unit in _UNITS if match[unit]} if match else {}
    if match is None or not parts:
        raise _refused("bad_duration", f"{text!r} is no duration.", _REMEDY)
    length = timedelta(**parts)
    if length > LONGEST:
        raise _refused("bad_duration", f"{text} is longer than ten years.", "Shorten it.")
    return -length if match["sign"] else length


def iso(duration: timedelta) -> str:
    """The shortest ISO 8601 text; equal durations give equal text."""
    seconds = abs(int(duration.total_seconds()))
    sign = "-" if duration < timedelta(0) else ""
    if seconds and seconds % 86_400 == 0:
        return f"{sign}P{seconds // 86_400}D"
    for unit, size in (("H", 3_600), ("M", 60)):
        if seconds and seconds % size == 0:
            return f"{sign}PT{seconds // size}{unit}"
    return f"{sign}PT{seconds}S"


def words(duration: timedelta) -> str:
    """ "3 days", "1 hour 30 minutes": for sentences."""
    seconds, said = abs(int(duration.total_seconds())), []
    for word, size in _WORDS:
        count, seconds = divmod(seconds, size)
        if count:
            said.append(f"{count} {word}{'' if count == 1 else 's'}")
    return " ".join(said) or "no time"


def _positive(text: object) -> timedelta:
    duration = parse_duration(text)
    if duration <= timedelta(0):
        raise _refused("bad_duration", f"{text} is no time at all.", "Use more than zero.")
    return duration


def parse_local_time(text: object) -> time:
    """The time of day that "HH:MM" stands for."""
    if isinstance(text, time):
        return text
    if isinstance(text, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        return time.fromisoformat(text)
    raise _refused("bad_local_time", f"{text!r} is no time of day.", "Write it like 09:30.")


def _refused(code: str, message: str, remedy: str) -> PydanticCustomError:
    # A template placeholder, so that braces in the author's text stay what they are.
    return PydanticCustomError(code, "{said}", {"said": message, "remedy": remedy})


def _schema(example: str, form: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "format": form, "examples": [example]})


Offset = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(iso, return_type=str),
    _schema("-P1D", "duration"),
]
Duration = Annotated[
    timedelta,
    BeforeValidator(_positive),
    PlainSerializer(iso, return_type=str),
    _schema("PT24H", "duration"),
]
LocalTime = Annotated[
    time,
    BeforeValidator(parse_local_time),
    PlainSerializer(lambda at: at.strftime("%H:%M"), return_type=str),
    _schema("10:00", "time"),
]
