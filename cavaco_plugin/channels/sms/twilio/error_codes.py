"""Twilio's error codes, and what each means for us: the one table. Pure.

https://www.twilio.com/docs/api/errors describes them. A code that is not here is judged by its HTTP status
when it comes as an answer, and counts as "this message failed" when it comes in a receipt.
"""

from cavaco_plugin.channels.contract import THROTTLED, Misconfigured, Outcome, Permanent, Temporary

# The address is the reason: nothing more goes there.
DEAD_ADDRESS = {
    21211: "invalid_address",  # not a phone number
    21214: "invalid_address",  # cannot be reached
    21217: "invalid_address",  # not a valid number
    21610: "unsubscribed",  # the person said STOP to this sender, and Twilio keeps to it
    21614: "invalid_address",  # not a mobile number
    30005: "unknown_handset",
    30006: "landline",
}
# This message, or this country, but not the address for ever.
THIS_MESSAGE = {
    21408: "region_not_enabled",
    21602: "empty_body",
    21605: "too_long",
    21608: "trial_account",  # a trial account reaches verified numbers only
    21612: "no_route",
    21617: "too_long",
    21635: "landline_sender",
    30003: "unreachable_handset",
    30004: "blocked",
    30007: "filtered",
    30008: "failed",
    30034: "unregistered_sender",
}
TOO_FAST = frozenset({14107, 20429, 21611, 30001, 30022, 63038})
# Our account or sender is the reason, so every message would fail.
OUR_SETTINGS = {
    20003: "wrong_credentials",
    20005: "account_not_active",
    20006: "access_denied",
    20008: "test_credentials",
    20404: "not_found",
    21212: "wrong_sender",
    21603: "no_sender",
    21606: "wrong_sender",
    21609: "wrong_callback_url",
    21659: "wrong_sender",
    21660: "wrong_sender",
    21701: "no_messaging_service",
    21703: "empty_messaging_service",
    21705: "no_messaging_service",
    30002: "account_suspended",
}


def outcome_of_error(*, code: int, status: int, detail: str) -> Outcome:
    """What an error answered to a send means for the message."""
    said = f"{code}: {detail}"
    if code in DEAD_ADDRESS:
        return Permanent(code=DEAD_ADDRESS[code], detail=said, suppress=True)
    if code in THIS_MESSAGE:
        return Permanent(code=THIS_MESSAGE[code], detail=said)
    if code in TOO_FAST:
        return Temporary(retry_after=None, code=THROTTLED, detail=said)
    if code in OUR_SETTINGS or status in (401, 403, 404, 405):
        return Misconfigured(code=OUR_SETTINGS.get(code, "not_allowed"), detail=said)
    return Permanent(code="refused", detail=said)


def is_dead_address(code: int) -> bool:
    """Whether a receipt with this code says that nothing will ever arrive at the number."""
    return code in DEAD_ADDRESS
