"""What an SMTP server's answer means for one message. Pure."""

import re

from cavaco_plugin.channels.contract import (
    THROTTLED,
    Accepted,
    Misconfigured,
    Outcome,
    Permanent,
    Temporary,
)

# RFC 3463 details that speak of the mailbox itself: no such mailbox, host, syntax; moved; null MX; disabled.
_DEAD_MAILBOX = re.compile(r"5\.(1\.[1236]|1\.10|2\.1)\b")
# A bare 550 is also how servers say "policy" or "no relaying"; only words about the mailbox suppress it.
_DEAD_MAILBOX_WORDS = re.compile(
    r"(no such|unknown|invalid|disabled|nonexist\w*|not exist|not found|doesn.t have)\W.*"
    r"(user|mailbox|recipient|address|account)"
    r"|(user|mailbox|recipient|address|account)\b.*(unknown|not found|not exist|invalid|disabled|nonexist|unavailable)",
    re.IGNORECASE | re.DOTALL,
)
_RELAY = re.compile(
    r"relay(ing)?\b.*(denied|not permitted|not allowed|access)|authenticat\w+ required", re.I
)
# The conversation went out of step (503) or broke off (-1): no judgement on the message.
_MUDDLES = frozenset({-1, 503})
_LOGIN_CODES = frozenset({530, 534, 535, 538})
_RATE_WORDS = re.compile(r"\brate\b|too many|too fast|slow down|4\.7\.28", re.IGNORECASE)

SENDER, RECIPIENT, DATA, LOGIN = "sender", "recipient", "data", "login"


def outcome_of(code: int, reply: bytes | str, *, stage: str, message_id: str = "") -> Outcome:
    """The outcome of a reply at a stage of the conversation."""
    text = _text(reply)
    detail = f"{code} {text}"
    if 200 <= code < 300:
        return Accepted(provider_message_id=message_id)
    if 400 <= code < 500 or code in _MUDDLES:
        return _temporary(code, detail)
    if code in _LOGIN_CODES or stage == LOGIN or _RELAY.search(text):
        return Misconfigured(code="not_allowed", detail=detail)
    if code == 552 or "5.3.4" in text:
        return Permanent(code="too_large", detail=detail)
    if stage == SENDER:
        # Our own address is refused: so it would be for everyone.
        return Misconfigured(code="sender_refused", detail=detail)
    dead = stage == RECIPIENT and _names_dead_mailbox(code, text)
    return Permanent(code="invalid_address" if dead else "refused", detail=detail, suppress=dead)


def _temporary(code: int, detail: str) -> Temporary:
    if code == 421 or _RATE_WORDS.search(detail):
        return Temporary(retry_after=None, code=THROTTLED, detail=detail)
    return Temporary(retry_after=None, code="deferred", detail=detail)


def is_dead_mailbox(text: str) -> bool:
    """Whether an enhanced status code in `text` says that the mailbox is not there."""
    return bool(_DEAD_MAILBOX.search(text))


def _names_dead_mailbox(code: int, text: str) -> bool:
    if re.search(r"\b5\.\d+\.\d+", text):
        return is_dead_mailbox(text)
    return code in {550, 551, 553} and bool(_DEAD_MAILBOX_WORDS.search(text))


def _text(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())
