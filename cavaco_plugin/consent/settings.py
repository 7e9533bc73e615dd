"""How the shop asks for consent. On which legal basis it may write without, the policy says."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from cavaco_plugin.channels.contract import CHANNELS
from cavaco_plugin.consent.topics import MARKETING_TOPICS


class InvalidConsentSettings(ValueError):
    """`errors` names each wrong field with the remedy."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors.items()))
        self.errors = dict(errors)


class ConsentSettings(BaseModel):
    """The key `consent` in the values of ShopSettings.

    Attributes:
        double_opt_in: channels on which a "yes" counts only once it was confirmed by a message.
        declared_topics: what a declaration in the shop's metadata covers.
        opt_in_days: for how many days an opt-in can be confirmed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    double_opt_in: frozenset[str] = frozenset()
    declared_topics: Annotated[tuple[str, ...], Field(min_length=1)] = MARKETING_TOPICS
    opt_in_days: Annotated[int, Field(ge=1, le=60, strict=True)] = 7

    @field_validator("double_opt_in")
    @classmethod
    def _are_channels(cls, channels: frozenset[str]) -> frozenset[str]:
        return frozenset(_known(sorted(channels), CHANNELS))

    @field_validator("declared_topics")
    @classmethod
    def _are_topics(cls, topics: tuple[str, ...]) -> tuple[str, ...]:
        return _known(topics, MARKETING_TOPICS)


def checked(values: Mapping[str, Any]) -> ConsentSettings:
    """The settings, if all are right.

    Raises:
        InvalidConsentSettings: by field, what is wrong and how to put it right.
    """
    try:
        return ConsentSettings.model_validate(values)
    except ValidationError as error:
        raise InvalidConsentSettings(
            {str(each["loc"][0]): _said(dict(each)) for each in error.errors()}
        ) from error


def _known(given: list[str] | tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    for each in given:
        if each not in known:
            raise ValueError(f"{each!r} is unknown. Use {', '.join(known)}.")
    return tuple(given)


def _said(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "extra_forbidden":
        return f"is not known. Use one of {', '.join(ConsentSettings.model_fields)}."
    return str(problem["msg"]).removeprefix("Value error, ")
