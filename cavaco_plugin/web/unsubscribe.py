"""The way out, in one click.

GET and HEAD show a page and change nothing, for mail scanners follow every link. A POST as in
RFC 8058, or from the page, unsubscribes and has committed before the answer leaves.
"""

import time
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from cavaco_plugin.consent.links import Purpose
from cavaco_plugin.feedback import consequences
from cavaco_plugin.kernel.database import writing
from cavaco_plugin.web import answers, undo
from cavaco_plugin.web.evidence import said_on
from cavaco_plugin.web.throttle import public_posts
from cavaco_plugin.web.visitor import Visitor, stranger, visitor_of
from cavaco_plugin.web.words import words


@csrf_exempt
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show the way out, or take it."""
    if request.method not in ("GET", "HEAD", "POST"):
        return answers.only("GET", "HEAD", "POST")
    visitor = visitor_of(request, token, Purpose.UNSUBSCRIBE)
    if visitor is None:
        return stranger(request, "invalid", status=404)
    if request.method != "POST":
        return _ask(visitor)
    if not public_posts.admits(token, at=time.monotonic()):
        return stranger(request, "busy", status=429)
    with writing():
        return _take(request, visitor, timezone.now())


def _take(request: HttpRequest, visitor: Visitor, now: datetime) -> HttpResponse:
    if request.POST.get("List-Unsubscribe") == "One-Click":
        _leave(request, visitor, "one_click", now)
        return answers.plain("Unsubscribed.")
    action = request.POST.get("action")
    if action == "undo":
        return _undo(request, visitor, now)
    if action not in ("unsubscribe", "everything"):
        return stranger(request, "unreadable", status=400)
    everything = action == "everything"
    before = undo.remembered(visitor, everything=everything)
    _leave(request, visitor, "unsubscribe_page", now, everything=everything)
    return _done(visitor, everything=everything, remembered=before)


def _leave(
    request: HttpRequest,
    visitor: Visitor,
    source: str,
    now: datetime,
    *,
    everything: bool = False,
) -> None:
    """Withdraw, and stop what is under way; committed when this returns."""
    claims = visitor.claims
    consequences.withdraw(
        profile_id=visitor.profile.pk,
        channel=None if everything else claims.channel,
        topic=None if everything or visitor.is_about_everything else claims.topic,
        statement=said_on(request, visitor, source=source, now=now),
        now=now,
    )


def _undo(request: HttpRequest, visitor: Visitor, now: datetime) -> HttpResponse:
    statement = said_on(request, visitor, source="unsubscribe_undone", now=now)
    undo.restore(visitor, request.POST.get("undo", ""), statement=statement, now=now)
    texts = words(visitor.language)
    return answers.page(
        "notice.html",
        shop=visitor.shop,
        language=visitor.language,
        title="undone.title",
        heading=texts["undone.heading"],
        lead=texts["undone.lead"],
        link_url=visitor.preferences_url,
        link_text=texts["to_preferences"],
    )


def _ask(visitor: Visitor) -> HttpResponse:
    key = "unsubscribe.lead_all" if visitor.is_about_everything else "unsubscribe.lead"
    return answers.page(
        "unsubscribe.html",
        shop=visitor.shop,
        language=visitor.language,
        title="unsubscribe.title",
        lead=_sentence(visitor, key),
        offers_everything=True,
        preferences_url=visitor.preferences_url,
    )


def _done(visitor: Visitor, *, everything: bool, remembered: str) -> HttpResponse:
    is_all = everything or visitor.is_about_everything
    key = "unsubscribed.lead_all" if is_all else "unsubscribed.lead"
    return answers.page(
        "unsubscribed.html",
        shop=visitor.shop,
        language=visitor.language,
        title="unsubscribed.title",
        heading=words(visitor.language)["unsubscribed.heading"],
        lead=_sentence(visitor, key),
        undo=remembered,
        preferences_url=visitor.preferences_url,
    )


def _sentence(visitor: Visitor, key: str) -> str:
    texts = words(visitor.language)
    return texts[key].format(
        topic=visitor.topic_name,
        by=texts.get(f"by.{visitor.claims.channel}", ""),
        shop=visitor.shop.name,
        address=visitor.masked,
    )
