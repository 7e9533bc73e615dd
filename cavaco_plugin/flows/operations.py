"""What others do with flows: write them, switch them on and off, and tell them what happened."""

import re
from collections.abc import Mapping
from datetime import datetime

from django.db import connection, transaction

from cavaco_plugin.content import operations as content
from cavaco_plugin.flows import findings, library, queries
from cavaco_plugin.flows.candidates import Candidate
from cavaco_plugin.flows.definition import FlowDefinition, checksum, document_of, parse
from cavaco_plugin.flows.entering import enter
from cavaco_plugin.flows.entry import Entry
from cavaco_plugin.flows.finding import Finding, FlowRefused, errors_in
from cavaco_plugin.flows.models import Flow, FlowVersion
from cavaco_plugin.flows.taking import take
from cavaco_plugin.profiles import operations as profiles

__all__ = [
    "FlowRefused",
    "UnknownFlow",
    "activate",
    "activate_template",
    "enrol",
    "ensure_library",
    "pause",
    "publish",
    "take",
]

_KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
PUT_TIMERS_BACK = """
UPDATE cavaco_timer t SET due_at = e.due_at FROM cavaco_enrolment e
WHERE t.kind = 'enrolment' AND t.flow_id = %s AND e.id = t.subject_id AND e.due_at < t.due_at
"""


class UnknownFlow(LookupError):
    """There is no such flow; the text names it and says where to look."""


@transaction.atomic
def publish(*, key: str, definition: Mapping[str, object], now: datetime) -> FlowVersion:
    """Make this definition the one that people enter on; those inside finish on theirs.

    A definition that says what the active version says changes nothing. The flow is made if there
    is none; it lets nobody in until it is activated.

    Raises:
        FlowRefused: with every mistake in the key or the definition.
    """
    if not _KEY.fullmatch(key):
        remedy = (
            "Use lower-case letters, digits and underscores, starting with a letter; at most 64."
        )
        raise FlowRefused([Finding("key", "bad_name", f"{key[:80]!r} is no key.", remedy)])
    return _publish(key, _sound(definition), now)


@transaction.atomic
def activate(*, now: datetime, flow_id: int | None = None, key: str = "") -> Flow:
    """Let people in from now on; nothing that happened before lets anybody in.

    Activating an active flow changes nothing. Those inside a paused flow go on.

    Raises:
        UnknownFlow: there is none.
        FlowRefused: it has no published version, or that one has mistakes by now.
    """
    flow = _lock(flow_id=flow_id, key=key)
    if flow.status == Flow.Status.ACTIVE:
        return flow
    if flow.active_version is None:
        said = f"Flow {flow.key!r} has no published version."
        raise FlowRefused([Finding("", "nothing_published", said, "Publish a definition first.")])
    _sound(flow.active_version.definition)
    flow.status, flow.activated_at, flow.updated_at = Flow.Status.ACTIVE, now, now
    flow.save(update_fields=["status", "activated_at", "updated_at"])
    with connection.cursor() as cursor:
        cursor.execute(PUT_TIMERS_BACK, [flow.pk])
    return flow


@transaction.atomic
def pause(*, now: datetime, flow_id: int | None = None, key: str = "") -> Flow:
    """Let nobody in and move nobody until the flow is activated again. Pausing twice is once.

    Raises:
        UnknownFlow: there is none.
    """
    flow = _lock(flow_id=flow_id, key=key)
    if flow.status == Flow.Status.ACTIVE:
        flow.status, flow.updated_at = Flow.Status.PAUSED, now
        flow.save(update_fields=["status", "updated_at"])
    return flow


@transaction.atomic
def activate_template(*, key: str, now: datetime) -> Flow:
    """Switch on a flow that ships with Cavaco, templates and all.

    A flow that the shop has changed is activated as it is.

    Raises:
        UnknownFlow: the library has no such flow.
        FlowRefused: the shop's own version of it has mistakes.
    """
    entry = next((entry for entry in library.entries() if entry.key == key), None)
    if entry is None:
        known = ", ".join(entry.key for entry in library.entries())
        raise UnknownFlow(f"There is no flow template {key!r}; there are: {known}.")
    content.ensure_library(now=now)
    _ensure(entry, now)
    flow = Flow.objects.filter(template_key=key).order_by("id").first()
    return activate(flow_id=flow.pk if flow else None, key=key, now=now)


@transaction.atomic
def ensure_library(*, now: datetime) -> None:
    """Bring in the flows that ship with Cavaco, switched off; templates must be there already.

    One that the shop has not changed follows the release; a changed one is left alone.
    """
    for entry in library.entries():
        _ensure(entry, now)


def enrol(*, flow_id: int, entry: Entry, now: datetime) -> bool:
    """Let one person into an active flow, as its re-entry policy allows. Returns whether they are in.

    Raises:
        UnknownFlow: there is no such active flow.
    """
    flow = next((flow for flow in queries.open_flows() if flow.id == flow_id), None)
    if flow is None:
        raise UnknownFlow(f"There is no active flow {flow_id}; activate it first.")
    with transaction.atomic():
        profiles.lock({entry.profile_id})
        return enter([Candidate(flow, entry)], now=now) > 0


def _ensure(entry: library.LibraryEntry, now: datetime) -> None:
    """The shop's flow of a library entry, at the release's version while nobody changed it."""
    flow = Flow.objects.filter(template_key=entry.key).first()
    latest = flow.versions.order_by("-number").first() if flow else None
    if flow is None or (latest is not None and latest.is_shipped):
        _publish(flow.key if flow else entry.key, parse(entry.definition), now, shipped=entry.key)


def _publish(
    key: str, definition: FlowDefinition, now: datetime, *, shipped: str = ""
) -> FlowVersion:
    flow, _ = Flow.objects.select_for_update(no_key=True).get_or_create(
        key=key,
        defaults={
            "name": definition.name,
            "template_key": shipped,
            "created_at": now,
            "updated_at": now,
        },
    )
    active = flow.active_version
    if active is not None and active.checksum == checksum(definition):
        return active
    latest = flow.versions.order_by("-number").values_list("number", flat=True).first()
    version = FlowVersion.objects.create(
        flow=flow,
        number=(latest or 0) + 1,
        definition=document_of(definition),
        checksum=checksum(definition),
        is_shipped=bool(shipped),
        published_at=now,
    )
    flow.active_version, flow.name, flow.updated_at = version, definition.name, now
    flow.save(update_fields=["active_version", "name", "updated_at"])
    return version


def _sound(document: Mapping[str, object]) -> FlowDefinition:
    """The definition, if it has no error."""
    definition = parse(document)
    found = findings.check(definition=definition, templates=queries.published_templates())
    if errors := errors_in(found):
        raise FlowRefused(errors)
    return definition


def _lock(*, flow_id: int | None, key: str) -> Flow:
    rows = Flow.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "active_version"
    )
    name = key if flow_id is None else flow_id
    flow = rows.filter(key=key).first() if flow_id is None else rows.filter(pk=flow_id).first()
    if flow is None:
        raise UnknownFlow(f"There is no flow {name!r}; see `flows` for those there are.")
    return flow
