"""How the shop asks for consent. On which legal basis it may write without, the policy says."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from cavaco_plugin.consent.topics import MARKETING_TOPICS

Channel = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,16}$")]


class ConsentSettings(BaseModel):
    """The key `consent` in the values of ShopSettings.

    Attributes:
        double_opt_in: channels on which a "yes" counts only once it was confirmed by a message.
        declared_topics: what a declaration in the shop's metadata covers.
        opt_in_days: for how many days an opt-in can be confirmed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    double_opt_in: frozenset[Channel] = frozenset()
    declared_topics: Annotated[tuple[str, ...], Field(min_length=1)] = MARKETING_TOPICS
    opt_in_days: Annotated[int, Field(ge=1, le=60)] = 7
