"""Why a message was held or not sent: one code each, the same in every table, answer and count."""

from typing import Final

# The person and what they allowed.
ERASED: Final = "erased"
SUPPRESSED: Final = "suppressed"
NO_CONSENT: Final = "no_consent"
CONSENT_WITHDRAWN: Final = "consent_withdrawn"
PAUSED: Final = "paused"
NO_ADDRESS: Final = "no_address"
INVALID_ADDRESS: Final = "invalid_address"

# What the message is about.
CONVERTED: Final = "converted"
BEING_BOUGHT: Final = "being_bought"
ORDER_REFUNDED: Final = "order_refunded"
ORDER_CANCELLED: Final = "order_cancelled"
CHECKOUT_GONE: Final = "checkout_gone"
ORDER_GONE: Final = "order_gone"
FLOW_STOPPED: Final = "flow_stopped"
PURPOSE_MISMATCH: Final = "purpose_mismatch"

# When and how often.
EXPIRED: Final = "expired"
CAPPED: Final = "capped"
QUIET_HOURS: Final = "quiet_hours"

# The way to the person.
CHANNEL_OFF: Final = "channel_off"
PROVIDER_REFUSED: Final = "provider_refused"
ATTEMPTS_EXHAUSTED: Final = "attempts_exhausted"
RENDER_FAILED: Final = "render_failed"
UNANSWERED: Final = "unanswered"
