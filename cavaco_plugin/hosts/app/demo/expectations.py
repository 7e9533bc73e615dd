"""What has to have happened when the cast is through: each asked of the ledger and of the boxes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from cavaco_plugin.flows.models import Enrolment
from cavaco_plugin.hosts.app.demo.mailbox.box import Box
from cavaco_plugin.hosts.app.demo.people import CAST, Person
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.models import ContactPoint

CART_MAILS = ["cart_reminder_1", "cart_reminder_2", "cart_reminder_3"]
REACHED = {"accepted", "delivered"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person: templates that arrived, those that did not with the reason, runs."""

    arrived: list[str] = field(default_factory=list)
    unsent: dict[str, str] = field(default_factory=dict)
    runs: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A sentence, and whether it holds."""

    sentence: str
    person: Person
    holds: Callable[[Outcome], bool]


@dataclass(frozen=True, slots=True)
class Checked:
    """An expectation beside what was found."""

    sentence: str
    is_met: bool
    found: str


def _arrived(*templates: str) -> Callable[[Outcome], bool]:
    return lambda outcome: outcome.arrived == list(templates)


EXPECTATIONS = [
    Expectation(
        "Maya left her cart and was reminded three times", CAST["maya"], _arrived(*CART_MAILS)
    ),
    Expectation(
        "Jonas was reminded by e-mail, SMS and e-mail; then he had had enough: capped",
        CAST["jonas"],
        lambda o: (
            o.arrived == ["cart_reminder_1", "cart_reminder_sms", "cart_reminder_2"]
            and o.unsent == {"cart_reminder_3": "capped"}
        ),
    ),
    Expectation(
        "Camille bought on another device in time and got no message",
        CAST["camille"],
        lambda o: not o.arrived and not o.unsent,
    ),
    Expectation(
        "Lucía bought after one reminder, and was thanked for her order",
        CAST["lucia"],
        lambda o: (
            o.arrived[:2] == ["cart_reminder_1", "post_purchase_1"]
            and "cart_reminder_2" not in o.arrived
            and o.runs.get("abandoned_cart") == "goal"
        ),
    ),
    Expectation(
        "Zofia was welcomed once her address was confirmed",
        CAST["zofia"],
        _arrived("welcome_1", "welcome_2"),
    ),
    Expectation(
        "Oliver's order was refunded, and nobody thanked him for it",
        CAST["oliver"],
        lambda o: (
            not o.arrived
            and o.runs.get("post_purchase") == "exited"
            and o.reasons.get("post_purchase") == "order_refunded"
        ),
    ),
    Expectation(
        "Anna unsubscribed by one click and heard no more",
        CAST["anna"],
        lambda o: (
            o.arrived == ["cart_reminder_1"]
            and set(o.unsent.values()) <= {"consent_withdrawn", "no_consent"}
        ),
    ),
    Expectation(
        "Pierre answered STOP, and got no further SMS but the answer",
        CAST["pierre"],
        lambda o: (
            o.arrived[:2] == ["cart_reminder_1", "cart_reminder_sms"]
            and o.arrived.count("cart_reminder_sms") == 1
            and "sms_stopped" in o.arrived
        ),
    ),
    Expectation(
        "Marek never agreed to mail, and got none: no consent",
        CAST["marek"],
        lambda o: not o.arrived and set(o.unsent.values()) == {"no_consent"},
    ),
    Expectation(
        "Diego's order was lost by its webhook, found in the API, and ended his reminders",
        CAST["diego"],
        lambda o: o.arrived == ["cart_reminder_1"] and o.runs.get("abandoned_cart") == "goal",
    ),
    Expectation(
        "Emma agreed to SMS alone and was welcomed by SMS", CAST["emma"], _arrived("welcome_sms")
    ),
    Expectation(
        "Nina's address is dead: refused once, never tried again",
        CAST["nina"],
        lambda o: not o.arrived and o.unsent.get("cart_reminder_1") not in (None, ""),
    ),
]


def outcome_of(person: Person) -> Outcome:
    """What the ledger says of one person."""
    point = ContactPoint.objects.filter(kind="email", value=person.email).first()
    if point is None:
        return Outcome()
    messages = list(
        Message.objects.filter(profile_id=point.profile_id).order_by("sent_at", "created_at", "id")
    )
    runs = list(Enrolment.objects.filter(profile_id=point.profile_id).select_related("flow"))
    return Outcome(
        arrived=[row.template_key for row in messages if row.state in REACHED],
        unsent={
            row.template_key: row.reason or row.state
            for row in messages
            if row.state not in REACHED
        },
        runs={run.flow.key: run.state for run in runs},
        reasons={run.flow.key: run.reason for run in runs},
    )


def checked(box: Box) -> list[Checked]:
    """Every expectation, and that the ledger and the boxes agree."""
    found = []
    for expectation in EXPECTATIONS:
        outcome = outcome_of(expectation.person)
        found.append(Checked(expectation.sentence, expectation.holds(outcome), _in_words(outcome)))
    return [*found, _once(box)]


def _once(box: Box) -> Checked:
    """What the providers took is what the ledger calls sent, each once."""
    took = sorted(letter.key for person in box.people() for letter in box.letters(person))
    sent = sorted(Message.objects.filter(state__in=REACHED).values_list("public_id", flat=True))
    words = f"{len(took)} taken, {len(sent)} in the ledger"
    return Checked("Each message was sent once, and the ledger knows of each", took == sent, words)


def _in_words(outcome: Outcome) -> str:
    unsent = [f"not {template} ({reason})" for template, reason in outcome.unsent.items()]
    runs = [
        f"{key}: {state}{f' ({outcome.reasons[key]})' if outcome.reasons[key] else ''}"
        for key, state in outcome.runs.items()
    ]
    return "; ".join([", ".join(outcome.arrived) or "nothing arrived", *unsent, *runs])
