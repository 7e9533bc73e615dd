"""Which step leads where: what the findings ask of a definition's steps."""

from collections.abc import Iterable, Mapping, Sequence

from cavaco_plugin.flows.steps.base import BaseStep

Steps = Mapping[str, BaseStep]


def reachable(steps: Steps, start: str) -> set[str]:
    """The ids of the steps a run can come to."""
    found, open_ids = set(), [start]
    while open_ids:
        step_id = open_ids.pop()
        if step_id in steps and step_id not in found:
            found.add(step_id)
            open_ids.extend(target for _, target in steps[step_id].targets() if target)
    return found


def restless_cycle(steps: Steps, among: Iterable[str]) -> Sequence[str]:
    """A circle of steps none of which waits; empty where there is none."""
    settled: set[str] = set()
    for first in among:
        found = _cycle_from(steps, first, (), settled)
        if found:
            return found
    return ()


def _cycle_from(
    steps: Steps, step_id: str, trail: tuple[str, ...], settled: set[str]
) -> Sequence[str]:
    if step_id in trail:
        return trail[trail.index(step_id) :]
    step = steps.get(step_id)
    if step is None or step.waits or step_id in settled:
        return ()
    for _, target in step.targets():
        found = _cycle_from(steps, target, (*trail, step_id), settled) if target else ()
        if found:
            return found
    settled.add(step_id)
    return ()
