"""The door for Saleor's webhooks: verify, map, record; everything else happens later."""

import json
import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from jwt import PyJWKSet, PyJWKSetError

from cavaco_plugin.events import operations as events
from cavaco_plugin.hosts.app import map_payloads, saleor_api, signature
from cavaco_plugin.hosts.app.installation import operations as installations
from cavaco_plugin.hosts.app.installation.models import Installation
from cavaco_plugin.kernel.storable import is_storable
from cavaco_plugin.store.addresses import normalise_email
from cavaco_plugin.store.declarations import metadata_key
from cavaco_plugin.store.snapshots import (
    AnySnapshot,
    CheckoutSnapshot,
    CustomerSnapshot,
    OrderSnapshot,
)

logger = logging.getLogger(__name__)

LARGEST_BODY_BYTES = 2_000_000


@csrf_exempt
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    """Take a delivery. A repeated one is answered like the first and recorded once."""
    try:
        body = request.body
    except RequestDataTooBig:
        return _refuse(413, "The delivery is larger than 2 MB.")
    if len(body) > LARGEST_BODY_BYTES:
        return _refuse(413, "The delivery is larger than 2 MB.")
    try:
        shop = _sender(request)
        _verify(body=body, sign=request.headers.get("Saleor-Signature", ""), shop=shop)
        snapshots = map_payloads.snapshots_of(_parsed(body), consent_key=metadata_key())
        recorded = sum(_record(snapshot) for snapshot in snapshots)
    except installations.NotInstalled as error:
        return _refuse(403, str(error))
    except signature.ForgedDelivery as error:
        logger.warning("A webhook was refused: %s", error)
        return _refuse(401, str(error))
    except (map_payloads.UnreadablePayload, events.InvalidEvent) as error:
        logger.warning("A webhook could not be read: %s", error)
        return _refuse(400, str(error))
    except saleor_api.SaleorUnreachable as error:
        return _refuse(503, str(error))
    return JsonResponse({"recorded": recorded})


def _sender(request: HttpRequest) -> Installation:
    """The Saleor that the delivery says it comes from; the signature then proves it."""
    api_url = request.headers.get("Saleor-Api-Url", "")
    found = is_storable(api_url) and Installation.objects.filter(api_url=api_url).first()
    if not found:
        raise installations.NotInstalled(f"{api_url or 'This sender'} has not installed this app.")
    return found


def _verify(*, body: bytes, sign: str, shop: Installation) -> None:
    """With the keys we hold; when the shop signs with a new one, with its keys of today.

    The shop is asked for its keys once a minute at most: a forger can name as many as they like.
    """
    if sign and not signature.knows_key(signature=sign, keys=_key_set(shop)):
        now = timezone.now()
        if installations.may_ask_for_keys(installation=shop, now=now):
            keys = saleor_api.fetch_keys(api_url=shop.api_url)
            installations.renew_keys(installation=shop, jwks=keys, now=now)
    signature.verify(body=body, signature=sign, keys=_key_set(shop))


def _key_set(shop: Installation) -> PyJWKSet:
    try:
        return PyJWKSet.from_dict(shop.jwks)
    except PyJWKSetError:
        raise saleor_api.SaleorUnreachable(
            f"{shop.api_url} has no usable key in its key set; is its RSA_PRIVATE_KEY set?"
        ) from None


def _parsed(body: bytes) -> map_payloads.Payload:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise map_payloads.UnreadablePayload(f"The payload is no JSON: {error}") from None


def _record(snapshot: AnySnapshot) -> bool:
    kind, subject_id = subject_of(snapshot)
    is_order = isinstance(snapshot, OrderSnapshot)
    return events.record(
        source="saleor",
        kind=kind,
        subject_id=subject_id,
        updated_at=snapshot.updated_at,
        payload=snapshot.model_dump(mode="json"),
        # An order proves the purchase from the moment it lies in the inbox.
        email=normalise_email(snapshot.buyer.email) if is_order else "",
        checkout_token=snapshot.checkout_token if isinstance(snapshot, OrderSnapshot) else "",
        now=timezone.now(),
    )


def subject_of(snapshot: AnySnapshot) -> tuple[str, str]:
    """The kind and the id that events name a snapshot by."""
    if isinstance(snapshot, CheckoutSnapshot):
        return "checkout", snapshot.token
    if isinstance(snapshot, CustomerSnapshot):
        return "customer", snapshot.user_id
    return "order", snapshot.order_id


def _refuse(status: int, message: str) -> HttpResponse:
    return JsonResponse({"error": message}, status=status)
