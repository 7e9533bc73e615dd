"""Our doors below Saleor's plugin path: receipts, unsubscribe, preferences, health."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.urls import Resolver404, resolve
from saleor.core.utils import build_absolute_uri

URLCONF = "cavaco_plugin.web.urls"
PREFIX = "/plugins/global/cavaco/"


def doors_url() -> str:
    """Where the doors are from outside, by Saleor's own idea of its public address."""
    return str(build_absolute_uri(PREFIX))


def answer(*, request: HttpRequest, path: str, is_active: bool) -> HttpResponse:
    """Hand a request below the plugin's path to the view that both homes share.

    Saleor's short path /plugins/cavaco/ does not ask whether the plugin is active, so we do.
    """
    if not is_active:
        return HttpResponseNotFound("Cavaco is switched off.", content_type="text/plain")
    try:
        match = resolve(f"/{path.lstrip('/')}", urlconf=URLCONF)
    except Resolver404:
        return HttpResponseNotFound("There is no such page.", content_type="text/plain")
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response
