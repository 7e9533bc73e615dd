"""Relay connections over rows ordered by primary key, newest first.

A page is found by its key and never by counting rows from the start, so that the thousandth page
costs what the first does.
"""

import base64
from typing import Any

import graphene
from django.db.models import Model, QuerySet

from cavaco_plugin.api.ids import LARGEST_KEY
from graphql import GraphQLError

PAGE_LIMIT = 100


class CountableConnection(graphene.relay.Connection):
    """A connection that can also say how many nodes there are in all."""

    class Meta:
        abstract = True

    total_count = graphene.Int(description="A total count of items in the collection.")

    def resolve_total_count(self, info: Any) -> int:
        """Counted only when asked for."""
        return self.rows.count()


def paging_arguments() -> dict[str, graphene.Argument]:
    """`first`, `after`, `last` and `before`, as on every connection of the host's schema."""
    return {
        "first": graphene.Int(description=f"Retrieve the first n elements, at most {PAGE_LIMIT}."),
        "after": graphene.String(description="Return the elements that come after this cursor."),
        "last": graphene.Int(description=f"Retrieve the last n elements, at most {PAGE_LIMIT}."),
        "before": graphene.String(description="Return the elements that come before this cursor."),
    }


def page_of(
    connection: type[CountableConnection],
    rows: QuerySet[Any],
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> CountableConnection:
    """One page of `rows`.

    Raises:
        GraphQLError: neither or both of `first` and `last`, a size out of range, a bad cursor.
    """
    size = _size(first=first, last=last)
    page = rows
    if after:
        page = page.filter(pk__lt=_key(after, argument="after"))
    if before:
        page = page.filter(pk__gt=_key(before, argument="before"))
    found = list(page.order_by("pk" if last else "-pk")[: size + 1])
    has_more, found = len(found) > size, found[:size]
    if last:
        found.reverse()
    edges = [connection.Edge(node=row, cursor=_cursor(row)) for row in found]
    info = graphene.relay.PageInfo(
        has_next_page=has_more if first else bool(before),
        has_previous_page=has_more if last else bool(after),
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    result = connection(edges=edges, page_info=info)
    result.rows = rows
    return result


def _size(*, first: int | None, last: int | None) -> int:
    if (first is None) == (last is None):
        raise GraphQLError("Provide either `first` or `last` to paginate the connection.")
    name, size = ("first", first) if first is not None else ("last", last)
    assert size is not None
    if not 1 <= size <= PAGE_LIMIT:
        raise GraphQLError(f"`{name}` is {size}; ask for 1 to {PAGE_LIMIT} elements.")
    return size


def _cursor(row: Model) -> str:
    return base64.urlsafe_b64encode(f"key:{row.pk}".encode()).decode()


def _key(cursor: str, *, argument: str) -> int:
    try:
        kind, _, key = base64.urlsafe_b64decode(cursor.encode()).decode().partition(":")
        number = int(key)
        if kind != "key" or not 0 <= number <= LARGEST_KEY:
            raise ValueError(kind)
        return number
    except (ValueError, UnicodeError):
        raise GraphQLError(
            f"`{argument}` is not a cursor of this connection; take one from `pageInfo`."
        ) from None
