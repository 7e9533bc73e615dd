"""What the page polls: each person's story, with what was not sent and why, from the ledger."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from cavaco_plugin.flows.models import Enrolment
from cavaco_plugin.hosts.app.demo.mailbox.box import Box
from cavaco_plugin.hosts.app.demo.mailbox.reasons import explained
from cavaco_plugin.hosts.app.demo.people import Person
from cavaco_plugin.outbox.models import Decision, Message
from cavaco_plugin.profiles.models import ContactPoint

Item = dict[str, Any]
# Of these nothing lies in a box, whatever the reason.
UNSENT = ("dropped", "failed", "bounced")
SENT = ("accepted", "delivered", "unknown")


def everything(box: Box) -> Item:
    """The whole page, newest story first."""
    unsent, held = _from_ledger()
    told = [_person(person, box, unsent, held) for person in box.people()]
    people = [person for person in told if person["items"]]
    people.sort(key=lambda person: person["at"], reverse=True)
    states = Counter(Message.objects.values_list("state", flat=True))
    return {
        "people": people,
        "sent": sum(count for state, count in states.items() if state in SENT),
        "spared": sum(states[state] for state in UNSENT),
        "inside": Enrolment.objects.filter(state=Enrolment.State.LIVE).count(),
    }


def _person(
    person: Person, box: Box, unsent: dict[str, list[Item]], held: dict[str, list[Item]]
) -> Item:
    items = [_letter(letter) for letter in box.letters(person)]
    items += [{"kind": note.kind, "text": note.text, "at": note.at} for note in box.notes(person)]
    items += unsent.get(person.email, []) + held.get(person.email, [])
    items.sort(key=lambda item: item["at"])
    return {
        "id": person.email,
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
        "language": person.language,
        "country": person.country,
        "guest": not person.user_id,
        "at": items[-1]["at"] if items else None,
        "items": items,
    }


def _letter(letter: Any) -> Item:
    return {
        "kind": letter.channel,
        "id": letter.key,
        "from": letter.sender,
        "subject": letter.subject,
        "text": letter.text if letter.channel == "sms" else letter.preview,
        "at": letter.at,
    }


def _from_ledger() -> tuple[dict[str, list[Item]], dict[str, list[Item]]]:
    """By e-mail address: what was not sent, and what waits for a better moment."""
    rows = list(
        Message.objects.filter(state__in=(*UNSENT, "ready")).order_by("id").select_related("flow")
    )
    last = _last_decisions(row.pk for row in rows)
    emails = _emails(row.profile_id for row in rows)
    unsent: dict[str, list[Item]] = defaultdict(list)
    held: dict[str, list[Item]] = defaultdict(list)
    for row in rows:
        decision = last.get(row.pk)
        if row.state in UNSENT:
            unsent[emails.get(row.profile_id, "")].append(_unsent(row, decision))
        elif decision is not None and decision.verdict == "hold":
            held[emails.get(row.profile_id, "")].append(_held(row, decision))
    return unsent, held


def _unsent(row: Message, decision: Decision | None) -> Item:
    reason = row.reason or (decision.reason if decision else "")
    return {
        "kind": "unsent",
        "id": row.public_id,
        "channel": row.channel,
        "template": row.template_key,
        "flow": row.flow.name if row.flow else "",
        "reason": reason,
        "text": explained(reason),
        "rule": decision.rule if decision else "",
        "facts": decision.inputs if decision else {},
        "at": row.final_at or row.created_at,
    }


def _held(row: Message, decision: Decision) -> Item:
    return {
        **_unsent(row, decision),
        "kind": "held",
        "reason": decision.reason,
        "text": explained(decision.reason),
        "until": decision.hold_until,
        "at": decision.decided_at,
    }


def _last_decisions(message_ids: Iterable[int]) -> dict[int, Decision]:
    rows = Decision.objects.filter(message_id__in=list(message_ids)).order_by("id")
    return {row.message_id: row for row in rows}


def _emails(profile_ids: Iterable[int]) -> dict[int, str]:
    rows = ContactPoint.objects.filter(profile_id__in=set(profile_ids), kind="email")
    return dict(rows.values_list("profile_id", "value"))
