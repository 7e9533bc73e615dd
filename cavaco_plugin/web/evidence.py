"""What shows later that a person acted on one of our pages."""

import ipaddress
from datetime import datetime

from django.http import HttpRequest

from cavaco_plugin.consent.statement import Statement
from cavaco_plugin.kernel.keys import moment
from cavaco_plugin.web.visitor import Visitor

_LONGEST = 300


def said_on(
    request: HttpRequest, visitor: Visitor, *, source: str, now: datetime, wording: str = ""
) -> Statement:
    """The statement that this request makes."""
    return Statement(
        source=source,
        key=f"{source}:{visitor.profile.public_id}:{moment(now)}",
        occurred_at=now,
        address=visitor.address,
        wording=wording,
        wording_version=visitor.language if wording else "",
        ip_address=ip_of(request),
        proof=_proof(request, visitor),
    )


def ip_of(request: HttpRequest) -> str | None:
    """The address the request came from; a proxy's, where one stands before us (see `_proof`)."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None


def _proof(request: HttpRequest, visitor: Visitor) -> dict[str, str]:
    proof = {
        "message": visitor.claims.message,
        "user_agent": request.headers.get("User-Agent", ""),
        "forwarded_for": request.headers.get("X-Forwarded-For", ""),
    }
    return {name: value[:_LONGEST] for name, value in proof.items() if value}
