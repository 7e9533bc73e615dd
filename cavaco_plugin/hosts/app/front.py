"""What the app says of itself: to the dashboard that frames it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_GET

from cavaco_plugin import __version__
from cavaco_plugin.hosts.app.installation.models import Installation


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """One sentence, and where to go on."""
    state = "is installed" if Installation.objects.exists() else "waits to be installed"
    return HttpResponse(
        format_html(
            "<!doctype html><html lang=en><meta charset=utf-8><title>Cavaco</title>"
            "<style>:root{{color-scheme:light dark}}body{{font:16px/1.5 system-ui;margin:3rem}}</style>"
            "<h1>Cavaco {}</h1><p>This app {}. Its API is at <a href='{}graphql/'>/graphql/</a>,"
            " its manifest at <a href='{}manifest/'>/manifest/</a>.",
            __version__,
            state,
            settings.PUBLIC_URL,
            settings.PUBLIC_URL,
        )
    )
