"""What changed in the shop, asked of its API: the same events that the webhooks bring."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cavaco_plugin.hosts.app import map_payloads, saleor_api
from cavaco_plugin.hosts.app.installation import operations as installations
from cavaco_plugin.hosts.app.installation.models import Installation
from cavaco_plugin.store.declarations import metadata_key
from cavaco_plugin.store.port import ChangedSubject

logger = logging.getLogger(__name__)

PAGES_AT_MOST = 500


@dataclass(frozen=True, slots=True)
class Collection:
    """How one kind is asked for, and by which field of its snapshot it is named.

    Attributes:
        is_sorted: the API answers oldest change first, so that a full batch needs no further page.
    """

    field: str
    id_field: str
    is_sorted: bool = True


COLLECTIONS = {
    "order": Collection("orders", "order_id"),
    "customer": Collection("customers", "user_id"),
    # Saleor's API filters checkouts by the day and does not sort them by their last change.
    "checkout": Collection("checkouts", "token", is_sorted=False),
}


def changed_since(
    *, kind: str, position: datetime, after_id: str, limit: int
) -> list[ChangedSubject]:
    """Subjects behind the position, ordered by (updated_at, id), with their snapshots."""
    if not Installation.objects.exists():
        return []
    collection = COLLECTIONS[kind]
    found: list[ChangedSubject] = []
    for subject in _subjects(kind, collection, position):
        if (subject.updated_at, subject.subject_id) <= (position, after_id):
            continue
        # Those changed at one instant belong together: the API orders them otherwise than we do.
        is_next = bool(found) and subject.updated_at > found[-1].updated_at
        if collection.is_sorted and len(found) >= limit and is_next:
            break
        found.append(subject)
    found.sort(key=lambda subject: (subject.updated_at, subject.subject_id))
    return found[:limit]


def _subjects(kind: str, collection: Collection, position: datetime) -> Iterator[ChangedSubject]:
    consent_key = metadata_key()
    for node in _nodes(collection, position):
        try:
            snapshot = map_payloads.snapshot_of(kind, node, consent_key=consent_key)
        except map_payloads.UnreadablePayload as error:
            # One row that we can not read must not hide all that come after it.
            logger.warning("One of the shop's %ss was left out: %s", kind, error)
            continue
        if snapshot is not None:
            subject_id = str(getattr(snapshot, collection.id_field))
            yield ChangedSubject(kind, subject_id, snapshot.updated_at, snapshot)


def _nodes(collection: Collection, position: datetime) -> Iterator[dict[str, Any]]:
    start = position.isoformat() if collection.is_sorted else position.date().isoformat()
    cursor = None
    for _ in range(PAGES_AT_MOST):
        page = _page(collection, {"from": start, "after": cursor})
        yield from (edge["node"] for edge in page["edges"])
        if not page["pageInfo"]["hasNextPage"]:
            return
        cursor = page["pageInfo"]["endCursor"]
    logger.warning("%s: stopped reading after %s pages.", collection.field, PAGES_AT_MOST)


def _page(collection: Collection, variables: dict[str, Any]) -> dict[str, Any]:
    if collection.field != "orders":
        return _answer(collection, variables)
    try:
        return _answer(collection, {**variables, "withOrigin": True})
    except saleor_api.SaleorRefused as refusal:
        # One order without an origin, as old ones may be, makes Saleor refuse the whole page.
        if "OrderOriginEnum" not in str(refusal):
            raise
        return _answer(collection, {**variables, "withOrigin": False})


def _answer(collection: Collection, variables: dict[str, Any]) -> dict[str, Any]:
    shop = installations.current()
    data = saleor_api.ask(
        api_url=shop.api_url,
        token=installations.token_of(shop),
        query=saleor_api.document(collection.field),
        variables=variables,
    )
    return dict(data[collection.field])
