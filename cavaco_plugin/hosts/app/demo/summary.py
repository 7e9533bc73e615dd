"""What happened, counted from the ledger: as a table for people and as JSON for programs."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count
from rich.console import Console
from rich.table import Table

from cavaco_plugin.events.models import StoreEvent
from cavaco_plugin.flows.models import Enrolment
from cavaco_plugin.hosts.app.demo.expectations import Checked
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.models import Profile


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of every stage, what had to happen, and how long it took."""

    delivered: int
    events: dict[str, int]
    profiles: int
    enrolments: dict[str, int]
    messages: dict[str, int]
    expectations: Sequence[Checked]
    seconds: float

    @property
    def is_good(self) -> bool:
        """Whether everything that had to happen did."""
        return all(checked.is_met for checked in self.expectations)


def summed_up(*, delivered: int, expectations: Sequence[Checked], seconds: float) -> Summary:
    """Count every stage."""
    events = StoreEvent.objects.values_list("kind").annotate(Count("id")).order_by("kind")
    runs = (
        Enrolment.objects.values_list("flow__name", "state", "reason")
        .annotate(Count("id"))
        .order_by("flow__name", "state")
    )
    messages = Counter(
        f"{channel} {state}{f': {reason}' if reason else ''}"
        for channel, state, reason in Message.objects.values_list("channel", "state", "reason")
    )
    return Summary(
        delivered=delivered,
        events=dict(events),
        profiles=Profile.objects.filter(merged_into=None).count(),
        enrolments={
            f"{name}: {state}{f' ({reason})' if reason else ''}": number
            for name, state, reason, number in runs
        },
        messages=dict(sorted(messages.items())),
        expectations=expectations,
        seconds=round(seconds, 1),
    )


def show(summary: Summary, console: Console) -> None:
    """The table, and each expectation with its tick."""
    table = Table(title="The sample shop, from event to mailbox", title_justify="left")
    table.add_column("Stage")
    table.add_column("What", overflow="fold")
    table.add_column("Number", justify="right")
    _rows(table, "events", {"deliveries posted and taken": summary.delivered, **summary.events})
    _rows(table, "profiles", {"people": summary.profiles})
    _rows(table, "enrolments", summary.enrolments)
    _rows(table, "messages", summary.messages)
    _rows(table, "time", {"seconds": summary.seconds})
    console.print(table)
    for checked in summary.expectations:
        mark = "[green]✓[/]" if checked.is_met else "[red]✗[/]"
        console.print(f"{mark} {checked.sentence}")
        if not checked.is_met:
            console.print(f"    found: {checked.found}", markup=False)


def _rows(table: Table, stage: str, counts: dict[str, Any]) -> None:
    for number, (what, count) in enumerate(counts.items()):
        table.add_row("" if number else stage, what, str(count))
    table.add_section()


def write_json(summary: Summary, path: Path) -> None:
    """The same for programs."""
    text = json.dumps({**asdict(summary), "passed": summary.is_good}, indent=1, ensure_ascii=False)
    path.write_text(f"{text}\n", encoding="utf-8")
