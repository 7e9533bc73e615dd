"""One receipt on its way through the feedback stage."""

from dataclasses import dataclass
from datetime import datetime

from cavaco_plugin.channels.contract import Receipt
from cavaco_plugin.channels.registry import PROVIDERS
from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.feedback.models import StoredReceipt
from cavaco_plugin.outbox import operations as outbox
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.store.changes import ChangeKind, StoreChange

# As long as an e-mail address can be; what is longer is none.
LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Case:
    """What an action works on. `message` is None for what a person wrote, and for what we never sent."""

    row: StoredReceipt
    receipt: Receipt
    message: Message | None
    now: datetime

    @property
    def channel(self) -> str:
        """The channel that the receipt speaks about."""
        if self.message is not None:
            return self.message.channel
        channels = (channel for channel, name in PROVIDERS if name == self.receipt.provider)
        return next(channels, "")

    @property
    def address(self) -> str:
        """The address that the receipt speaks about."""
        return self.receipt.address or (self.message.address if self.message else "")

    def move(self) -> None:
        """Let the message take the state that the receipt proves."""
        if self.message is not None:
            outbox.apply_receipt(
                message_id=self.message.pk,
                kind=self.receipt.kind,
                occurred_at=self.receipt.occurred_at,
                is_machine=self.receipt.is_machine,
                provider=self.receipt.provider,
                provider_message_id=self.receipt.provider_message_id,
                now=self.now,
            )

    def statement(self, source: str) -> Statement:
        """The receipt as evidence."""
        message = {"message": self.message.public_id} if self.message else {}
        return Statement(
            source=source,
            key=f"receipt:{self.row.pk}",
            occurred_at=self.receipt.occurred_at,
            address=self.address[:LONGEST_ADDRESS],
            wording=self.receipt.text,
            proof={"provider": self.receipt.provider, "event": self.row.event_id, **message},
        )

    def change(self, kind: ChangeKind) -> list[StoreChange]:
        """What flows hear of it."""
        if self.message is None:
            return []
        return [
            StoreChange(
                kind=kind,
                key=f"{kind}:{self.row.provider}:{self.row.event_id}"[:160],
                profile_id=self.message.profile_id,
                at=self.receipt.occurred_at,
                sales_channel=self.message.sales_channel,
                data={
                    "channel": self.message.channel,
                    "message": self.message.public_id,
                    "step": self.message.step_id,
                },
            )
        ]
