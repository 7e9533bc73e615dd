"""Why a message was not sent, in a sentence a shop owner would say. Pure."""

_SENTENCES = {
    "converted": "They have bought: the reminder is no longer true.",
    "no_consent": "They never agreed to hear from the shop this way.",
    "consent_withdrawn": "They have unsubscribed.",
    "suppressed": "This address must not be written to any more.",
    "capped": "They have had enough messages for now.",
    "quiet_hours": "It is night where they are.",
    "expired": "It would have come too late to be of use.",
    "paused": "They asked for silence for a while.",
    "order_refunded": "The order was refunded.",
    "order_cancelled": "The order was cancelled.",
    "checkout_gone": "The cart is gone.",
    "no_address": "There is no address to send it to.",
    "invalid_address": "The address can not be reached.",
    "channel_off": "This channel is switched off.",
    "provider_refused": "The mail server refused the address.",
    "attempts_exhausted": "It was tried as often as is sensible.",
    "flow_stopped": "The flow is paused; the message waits.",
    "erased": "They asked to be forgotten.",
    "being_bought": "They are at the till this very moment.",
    "order_gone": "The order is no longer in the shop.",
    "purpose_mismatch": "The template was not made for this kind of message.",
    "render_failed": "The template could not be filled in for this person.",
    "unanswered": "The provider never said whether it arrived.",
    "holdout": "They are in the group that is left alone, for comparison.",
}


def explained(reason: str) -> str:
    """The sentence for a reason's code."""
    return _SENTENCES.get(reason, reason.replace("_", " ").capitalize() + "." if reason else "")
