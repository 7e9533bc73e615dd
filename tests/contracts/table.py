"""What a row of the tables in `cases/` says, and how an answer is held against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.db import connection

OURS = ("cavaco", "cavaco_installation")


@dataclass(frozen=True, slots=True)
class Bad:
    """One bad input and the one error it gets.

    Attributes:
        what: names the row.
        given: what is put into the door; its form is the door's own.
        field: what the error names; where a door has no place for it, the message must.
        code: the stable word for programs, or an HTTP status; "" where a door has none.
        remedy: words of the message that say what to do.
    """

    what: str
    given: Any
    field: str
    code: str | int
    remedy: str


class Refusal(NamedTuple):
    """What a door answered; `field` is None where it stands in the message."""

    field: str | None
    code: str | int
    message: str


def rows(cases: Sequence[Bad]) -> Any:
    """The table as a parametrisation, one test a row."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.what) for case in cases])


def assert_refused(case: Bad, answers: Sequence[Refusal]) -> None:
    """Exactly one error, with the row's field and code, and its remedy in the message."""
    assert [answer.code for answer in answers] == [case.code], answers
    (answer,) = answers
    if answer.field is None:
        assert case.field in answer.message, answer
    else:
        assert answer.field == case.field, answer
    assert case.remedy in answer.message, answer


def stored() -> dict[str, tuple[int, str]]:
    """Of every table of ours: how many rows, and a checksum over all they hold."""
    tables = [model._meta.db_table for label in OURS for model in models_of(label)]
    each = (
        f"SELECT '{table}', count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"
        f" FROM {table} t"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return {table: (count, checksum) for table, count, checksum in cursor.fetchall()}


def models_of(label: str) -> list[Any]:
    """Its models, those of many-to-many relations included."""
    return list(apps.get_app_config(label).get_models(include_auto_created=True))
