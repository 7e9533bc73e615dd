"""What the settings of all providers have in common."""

from pydantic import BaseModel, ConfigDict, SecretStr


class ChannelSettings(BaseModel):
    """Base of every provider's settings: unknown fields are errors, secrets are SecretStr, values do not change.

    A field's `json_schema_extra={"remedy": ...}` is the sentence shown when its value is wrong.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)

    @classmethod
    def secret_fields(cls) -> frozenset[str]:
        """The fields that are sealed before they are stored."""
        return frozenset(
            name for name, field in cls.model_fields.items() if field.annotation is SecretStr
        )
