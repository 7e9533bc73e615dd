"""What a shop's metadata says about consent. Pure.

The value of the key, trimmed and in any case:

    email | sms | email,sms     consent to marketing on these channels
    true                        consent to e-mail: what a single tick box means
    none | false                no marketing on any channel
    (empty)                     says nothing
"""

from dataclasses import dataclass

from cavaco_plugin.channels.contract import CHANNELS

__all__ = ["CHANNELS", "Declaration", "UnreadableDeclaration", "read"]

_YES = {"true": ("email",)}
_NO = frozenset({"none", "false"})


@dataclass(frozen=True, slots=True)
class Declaration:
    """Consent to some channels, or (`refuses`) to none."""

    channels: tuple[str, ...] = ()
    refuses: bool = False


class UnreadableDeclaration(ValueError):
    """A value outside the grammar: it changes nothing, for guessing would be worse."""


def read(value: str) -> Declaration | None:
    """What the value declares; None where it says nothing.

    Raises:
        UnreadableDeclaration: with what to write instead.
    """
    words = [word.strip().lower() for word in value.split(",") if word.strip()]
    if not words:
        return None
    if len(words) == 1 and words[0] in _NO:
        return Declaration(refuses=True)
    if len(words) == 1 and words[0] in _YES:
        return Declaration(channels=_YES[words[0]])
    if unknown := [word for word in words if word not in CHANNELS]:
        raise UnreadableDeclaration(
            f"consent declaration: {unknown[0]!r} is not understood;"
            " write email, sms, email,sms, true or none"
        )
    return Declaration(channels=tuple(channel for channel in CHANNELS if channel in words))
