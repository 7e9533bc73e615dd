"""The messaging policy of a shop, as data: validated here, stored as a version, read by the rules."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from cavaco_plugin.kernel.storable import fault_in
from cavaco_plugin.policy.problems import sentence

# A person's ring of sends reaches back this far and no further, so that any rule that may be written
# today or tomorrow is exact on the sends of yesterday.
LONGEST_WINDOW = timedelta(days=31)

Channel = Annotated[str, Field(min_length=1, max_length=16)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Basis = Literal["consent", "opt_out"]


class PolicyPart(BaseModel):
    """A frozen value; an unknown field is an error, so that a misspelt rule is never silently absent."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RollingWindow(PolicyPart):
    """The last so-and-so long, to the millisecond, at every moment anew."""

    kind: Literal["rolling"] = "rolling"
    length: timedelta

    @field_validator("length")
    @classmethod
    def _must_be_countable(cls, length: timedelta) -> timedelta:
        if not timedelta(0) < length <= LONGEST_WINDOW:
            raise ValueError(
                f"give more than nothing and at most {LONGEST_WINDOW.days} days, for instance P7D"
            )
        return length


class CalendarWindow(PolicyPart):
    """A day, a week from Monday, or a month, in the person's own time zone."""

    kind: Literal["calendar"]
    unit: Literal["day", "week", "month"]


class Cap(PolicyPart):
    """At most so many messages to one person in a window.

    Attributes:
        scope: what is counted together: everything, the sends of one channel, or of one topic.
        only: the one channel or topic the cap is for; None: each channel or topic by itself.
        messages: 0 lets nothing through; None switches the cap off.
    """

    scope: Literal["all", "channel", "topic"]
    only: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    messages: Annotated[int, Field(ge=0, le=1000, strict=True)] | None
    window: RollingWindow | CalendarWindow = Field(discriminator="kind")

    @field_validator("messages", mode="before")
    @classmethod
    def _must_be_said(cls, messages: Any) -> Any:
        if isinstance(messages, str) and not messages.strip():
            raise ValueError("is blank: give 0 to let nothing through, or null for no cap")
        return messages

    @model_validator(mode="after")
    def _must_name_what_it_can(self) -> "Cap":
        if self.scope == "all" and self.only is not None:
            raise ValueError("only: a cap over everything names no channel or topic; leave it out")
        return self


class QuietHours(PolicyPart):
    """From when till when, on the person's clock, nothing is sent; may run over midnight."""

    start: time
    end: time

    @model_validator(mode="after")
    def _must_have_an_end(self) -> "QuietHours":
        if self.start == self.end:
            raise ValueError(
                "start and end are the same; leave the channel out to have no quiet hours"
            )
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("start and end are on the person's own clock; leave the zone out")
        return self


def _default_quiet_hours() -> dict[str, QuietHours | None]:
    return {
        "email": QuietHours(start=time(22), end=time(7)),
        "sms": QuietHours(start=time(20), end=time(8)),
    }


class Policy(PolicyPart):
    """What holds for every message of the shop. Without any version of it, the defaults here hold.

    Attributes:
        caps: all of them hold together; an empty list means no cap but people's own.
        counted: the purposes whose messages use up a place under the caps; transactional messages
            are never held back by a cap, counted or not.
        quiet_hours: by channel; a channel left out, or null, has none. Transactional messages pass.
        max_hold: how long after its time a message that names no end of its own may still go out.
        legal_basis: by country, for marketing e-mail: "consent" asks for a grant, "opt_out" for no
            withdrawal. Every other channel asks for a grant everywhere.
    """

    caps: tuple[Cap, ...] = (
        Cap(scope="all", messages=3, window=RollingWindow(length=timedelta(days=7))),
    )
    counted: frozenset[Literal["marketing", "transactional"]] = frozenset({"marketing"})
    quiet_hours: dict[Channel, QuietHours | None] = Field(default_factory=_default_quiet_hours)
    max_hold: timedelta = timedelta(days=3)
    legal_basis: dict[Country, Basis] = Field(default_factory=dict)

    @field_validator("max_hold")
    @classmethod
    def _must_be_some_time(cls, max_hold: timedelta) -> timedelta:
        if not timedelta(0) < max_hold <= timedelta(days=90):
            raise ValueError("give more than nothing and at most 90 days, for instance P3D")
        return max_hold

    def basis(self, *, country: str, channel: str) -> str:
        """What marketing on this channel rests on in this country."""
        return self.legal_basis.get(country, "consent") if channel == "email" else "consent"


DEFAULT_POLICY = Policy()


class InvalidPolicy(ValueError):
    """A policy that cannot hold; `problems` gives each field and what to do about it."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_policy(definition: Mapping[str, Any]) -> Policy:
    """The policy that a stored or given definition stands for.

    Raises:
        InvalidPolicy: with one sentence per wrong field.
    """
    if fault := fault_in(definition):
        raise InvalidPolicy([f"{fault.dotted or 'policy'}: {fault.message} {fault.remedy}"])
    try:
        return Policy.model_validate(definition)
    except ValidationError as error:
        problems = [sentence(dict(problem), definition) for problem in error.errors()]
        raise InvalidPolicy(problems) from None
