"""Where providers report. A call is proved, stored, and only then answered and acted upon.

The answer is 200 for what is stored now or was before, 4xx for what is forged or cannot be read.
"""

import logging
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from cavaco_plugin.channels.configuration import of_provider
from cavaco_plugin.channels.contract import (
    ForgedReceipt,
    MalformedReceipt,
    Receipt,
    ReceiptRequest,
)
from cavaco_plugin.channels.registry import UnknownProvider, find_provider
from cavaco_plugin.channels.seal import BrokenSeal
from cavaco_plugin.channels.validation import WrongSettings
from cavaco_plugin.feedback import operations as feedback
from cavaco_plugin.feedback import queries
from cavaco_plugin.kernel.database import writing
from cavaco_plugin.pipeline import handle_receipt
from cavaco_plugin.store import port
from cavaco_plugin.web import answers

logger = logging.getLogger(__name__)

# SendGrid's largest batches stay below one megabyte.
LARGEST_BODY = 3 * 1024 * 1024
# What a person decided takes effect before we answer; all else can wait for the next tick.
AT_ONCE = frozenset({"complained", "bounced", "unsubscribed", "received"})
MOST_AT_ONCE = 100


@csrf_exempt
def receipts(request: HttpRequest, channel: str, provider: str) -> HttpResponse:
    """Take what a provider reports."""
    if request.method != "POST":
        return answers.only("POST")
    body = request.read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        return answers.plain(f"The body is larger than {LARGEST_BODY} bytes.", status=413)
    now = timezone.now()
    try:
        told = _read(request, body, channel, provider, now)
    except (UnknownProvider, WrongSettings):
        return answers.plain("There is no such provider, or it is not set up.", status=404)
    except ForgedReceipt as refusal:
        return answers.plain(str(refusal), status=403)
    except MalformedReceipt as refusal:
        return answers.plain(str(refusal), status=400)
    except BrokenSeal:
        logger.exception("The settings of %s cannot be opened, so no receipt is taken.", provider)
        return answers.plain("Receipts cannot be checked now.", status=503)
    with writing():
        _act(feedback.record(receipts=told, now=now), now)
    return _thanks()


def _read(
    request: HttpRequest, body: bytes, channel: str, provider: str, now: datetime
) -> list[Receipt]:
    found = of_provider(find_provider(channel=channel, name=provider))
    call = ReceiptRequest(
        method="POST",
        url=_public_url(request, channel, provider),
        headers=dict(request.headers),
        body=body,
        received_at=now,
    )
    return found.provider.read_receipts(call, found.settings)


def _public_url(request: HttpRequest, channel: str, provider: str) -> str:
    """The address as the provider called it: signatures cover it, and a proxy may have changed ours."""
    query = request.META.get("QUERY_STRING", "")
    address = f"{port.current().shop('').doors_url}receipts/{channel}/{provider}/"
    return f"{address}?{query}" if query else address


def _act(receipt_ids: list[int], now: datetime) -> None:
    """What must not wait. A failure here is logged and met again at the next tick: it is stored."""
    for receipt in queries.stored(receipt_ids, kinds=AT_ONCE, limit=MOST_AT_ONCE):
        try:
            handle_receipt(receipt=receipt, now=now)
        except Exception:
            logger.exception("receipt %s is left for the next tick", receipt.pk)


def _thanks() -> HttpResponse:
    """An empty answer to Twilio, which texts anything readable to the person who wrote; fine for others."""
    return HttpResponse("<Response/>", content_type="text/xml")
