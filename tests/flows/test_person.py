"""What becomes of runs when people are merged, separated, exported or erased."""

import pytest

from cavaco_plugin.flows import operations as flows
from cavaco_plugin.flows import person as stage
from cavaco_plugin.flows.models import Enrolment, PathEntry, Timer
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.models import Profile
from tests.flows.makers import DAY, HOUR, NINE, agrees, cart, fire, happens, person, switched_on

pytestmark = pytest.mark.django_db


def _both_inside() -> tuple[Profile, Profile]:
    switched_on("abandoned_cart")
    maya, other = person(), person()
    happens(maya, cart("one", at=NINE))
    happens(other, cart("two", at=NINE + HOUR))
    fire(NINE + 3 * HOUR)
    return maya, other


def test_two_runs_for_one_cart_place_become_one_when_two_people_do() -> None:
    maya, other = _both_inside()
    moved = stage.absorb(winner_id=other.pk, loser_id=maya.pk, now=NINE + 4 * HOUR)
    first, second = Enrolment.objects.order_by("entered_at")
    assert (first.profile_id, first.state) == (other.pk, "live")
    assert first.live_key == f"abandonment:{other.pk}"
    assert (second.profile_id, second.state, second.reason) == (other.pk, "exited", "merged")
    assert Message.objects.get(enrolment=second).reason == "merged"
    assert Timer.objects.get().subject_id == first.pk
    assert moved == {"enrolments": [first.pk]}


def test_who_is_separated_again_has_their_own_runs_back() -> None:
    maya, other = _both_inside()
    moved = stage.absorb(winner_id=other.pk, loser_id=maya.pk, now=NINE)
    stage.restore(winner_id=other.pk, loser_id=maya.pk, moved=moved, now=NINE)
    first, second = Enrolment.objects.order_by("entered_at")
    assert (first.profile_id, first.live_key) == (maya.pk, f"abandonment:{maya.pk}")
    assert (second.profile_id, second.state) == (other.pk, "exited")


def test_a_run_that_nobody_else_has_just_moves() -> None:
    switched_on("welcome")
    maya, other = person(), person()
    flows.take(changes=[agrees(maya, at=NINE)], now=NINE)
    stage.absorb(winner_id=other.pk, loser_id=maya.pk, now=NINE)
    run = Enrolment.objects.get()
    assert (run.profile_id, run.state, run.live_key) == (other.pk, "live", f"consent:{other.pk}")
    again = agrees(other, at=NINE + DAY)
    flows.take(changes=[again], now=NINE + DAY)
    assert Enrolment.objects.count() == 1


def test_an_export_tells_every_run_with_its_path() -> None:
    switched_on("welcome")
    maya = person()
    flows.take(changes=[agrees(maya, at=NINE)], now=NINE)
    told = stage.export(profile_ids=[maya.pk])["enrolments"]
    assert isinstance(told, list)
    assert [(run["flow"], run["state"]) for run in told] == [("welcome", "live")]
    assert [entry["step"] for entry in told[0]["path"]] == ["by_mail", "first_mail", "three_days"]


def test_an_erasure_ends_runs_and_forgets_what_they_were_about() -> None:
    switched_on("abandoned_cart")
    maya = person()
    happens(maya, cart("one", at=NINE))
    fire(NINE + HOUR)
    for _ in range(2):
        stage.erase(profile_ids=[maya.pk], now=NINE + 2 * HOUR)
    run = Enrolment.objects.get()
    assert (run.state, run.reason) == ("exited", "erased")
    assert (run.entry_key, run.subject, run.context) == (f"erased:{run.pk}", {}, {})
    assert all(entry.detail == {} for entry in PathEntry.objects.all())
    assert Message.objects.get().reason == "erased"
    assert not Timer.objects.filter(kind="enrolment").exists()
