"""Enrolment rows: making them by the batch, and what a person's earlier ones say."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Max

from cavaco_plugin.flows import inside as insiders
from cavaco_plugin.flows.candidates import Candidate, EarlierRun
from cavaco_plugin.flows.entry import Entry
from cavaco_plugin.flows.inside import Inside
from cavaco_plugin.flows.models import Enrolment
from cavaco_plugin.flows.reentry import PastRun
from cavaco_plugin.flows.run import Run
from cavaco_plugin.outbox.models import Message

INSERT = """
INSERT INTO cavaco_enrolment (flow_id, version_id, profile_id, entry_key, live_key, subject, context, sales_channel,
                              entered_at, state, reason, step_id, revision, visits)
SELECT flow_id, version_id, profile_id, entry_key, live_key, subject::jsonb, context::jsonb, sales_channel,
       entered_at, 'live', '', '', 0, '{}'
FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
            %s::timestamptz[])
    AS u (flow_id, version_id, profile_id, entry_key, live_key, subject, context, sales_channel, entered_at)
ON CONFLICT DO NOTHING
RETURNING id
"""


def insert(candidates: Sequence[Candidate], *, now: datetime) -> list[Inside]:
    """Make a live enrolment of each, and hold it. One whose key is taken is left out."""
    if not candidates:
        return []
    rows = [_row(candidate, now) for candidate in candidates]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [list(column) for column in zip(*rows, strict=True)])
        ids = [row[0] for row in cursor.fetchall()]
    return insiders.lock_these(ids)


def _row(candidate: Candidate, now: datetime) -> Sequence[object]:
    entry, flow = candidate.entry, candidate.flow
    return (
        flow.id,
        flow.version_id,
        entry.profile_id,
        entry.key,
        candidate.live_key,
        json.dumps(dict(entry.subject)),
        json.dumps(insiders.context_of(_new_run(entry, now))),
        entry.sales_channel,
        min(entry.at, now),
    )


def _new_run(entry: Entry, now: datetime, *, flow_key: str = "", revision: int = 0) -> Run:
    return Run(
        triggered_at=entry.triggered_at,
        entered_at=min(entry.at, now),
        flow_key=flow_key,
        revision=revision,
        event=dict(entry.event),
    )


def begin_anew(inside: Inside, entry: Entry, *, now: datetime) -> bool:
    """Make the same enrolment be about a newer event, at the start again. False if that had a run."""
    same_key = Enrolment.objects.filter(flow_id=inside.flow_id, entry_key=entry.key)
    if same_key.exclude(pk=inside.id).exists():
        return False
    inside.run = _new_run(entry, now, flow_key=inside.run.flow_key, revision=inside.run.revision)
    inside.subject, inside.sales_channel = dict(entry.subject), entry.sales_channel
    Enrolment.objects.filter(pk=inside.id).update(
        entry_key=entry.key,
        subject=inside.subject,
        sales_channel=entry.sales_channel,
        entered_at=inside.run.entered_at,
        context=insiders.context_of(inside.run),
    )
    return True


def keep_event(inside: Inside, entry: Entry) -> None:
    """What the same event says later is added to what it said before."""
    context = insiders.context_of(inside.run)
    context["event"] = {**inside.run.event, **entry.event}
    Enrolment.objects.filter(pk=inside.id).update(context=context)


def earlier_of(
    candidates: Sequence[Candidate],
) -> dict[tuple[int, int], list[EarlierRun]]:
    """Every run of these people in these flows, by (flow, person), in one query or two."""
    rows = Enrolment.objects.filter(
        flow_id__in={candidate.flow.id for candidate in candidates},
        profile_id__in={candidate.entry.profile_id for candidate in candidates},
    ).order_by("entered_at", "id")
    policies = {c.flow.id: c.flow.definition.reentry_policy for c in candidates}
    by_send = [flow_id for flow_id, policy in policies.items() if policy.anchor == "last_send"]
    listed = list(rows)
    sends = _last_sends([row.pk for row in listed if row.flow_id in by_send])
    found: dict[tuple[int, int], list[EarlierRun]] = defaultdict(list)
    for row in listed:
        past = PastRun(row.entered_at, row.ended_at, sends.get(row.pk), row.subject)
        run = EarlierRun(row.pk, row.entry_key, row.live_key, past)
        found[row.flow_id, row.profile_id].append(run)
    return found


def _last_sends(enrolment_ids: Collection[int]) -> dict[int, datetime]:
    if not enrolment_ids:
        return {}
    sent = Message.objects.filter(enrolment_id__in=enrolment_ids, sent_at__isnull=False)
    rows = sent.values("enrolment_id").annotate(last=Max("sent_at"))
    return {row["enrolment_id"]: row["last"] for row in rows}
