"""What every trigger type has."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from cavaco_plugin.flows.entry import Entry
from cavaco_plugin.flows.reentry import Reentry
from cavaco_plugin.store.changes import ChangeKind, StoreChange


class BaseTrigger(BaseModel):
    """Which change lets a person in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    listens_to: ClassVar[ChangeKind]
    # Names the runs of which a person has one at a time; no kind of subject is called so.
    family: ClassVar[str]
    default_reentry: ClassVar[Reentry]
    # Whether a newer event begins a run anew that has asked for no message yet.
    restarts: ClassVar[bool] = False

    # Only in these of the shop's sales channels; empty means all.
    sales_channels: tuple[str, ...] = ()

    def hears(self, change: StoreChange) -> bool:
        """Whether the change is one this trigger is about."""
        return change.kind == self.listens_to and self.sells_in(change.sales_channel)

    def sells_in(self, sales_channel: str) -> bool:
        return not self.sales_channels or sales_channel in self.sales_channels

    def entry(self, change: StoreChange) -> Entry | None:
        """Who comes in because of `change`; None where nobody does, or not yet."""
        raise NotImplementedError

    def sentence(self) -> str:
        raise NotImplementedError


def event_entry(change: StoreChange, key: str) -> Entry:
    """An entry that starts when the change happened."""
    return Entry(
        key=key,
        profile_id=change.profile_id,
        triggered_at=change.at,
        at=change.at,
        subject=dict(change.subject),
        sales_channel=change.sales_channel,
        event=dict(change.data),
    )
