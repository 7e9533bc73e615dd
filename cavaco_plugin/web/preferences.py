"""Everything a person allowed, on one page that needs no login: the signed link is the key."""

import time
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from cavaco_plugin.consent.links import Purpose
from cavaco_plugin.consent.preferences import set_preferences
from cavaco_plugin.consent.topics import LANGUAGES
from cavaco_plugin.feedback import consequences
from cavaco_plugin.kernel.database import writing
from cavaco_plugin.web import answers, preference_form
from cavaco_plugin.web.evidence import said_on
from cavaco_plugin.web.preference_options import Unreadable
from cavaco_plugin.web.throttle import public_posts
from cavaco_plugin.web.visitor import Visitor, stranger, visitor_of
from cavaco_plugin.web.words import words

_NOTES = {"saved": "good", "confirm_sent": "good", "problem": "warn"}


@csrf_exempt
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """Show the page, or take what was chosen on it."""
    if request.method not in ("GET", "HEAD", "POST"):
        return answers.only("GET", "HEAD", "POST")
    visitor = visitor_of(request, token, Purpose.PREFERENCES)
    if visitor is None:
        return stranger(request, "invalid", status=404)
    if request.method != "POST":
        return _show(visitor, request.GET.get("note", ""), timezone.now())
    if not public_posts.admits(token, at=time.monotonic()):
        return stranger(request, "busy", status=429)
    with writing():
        return _take(request, visitor, timezone.now())


def _take(request: HttpRequest, visitor: Visitor, now: datetime) -> HttpResponse:
    action = request.POST.get("action")
    if action == "everything":
        statement = said_on(request, visitor, source="preference_page", now=now)
        consequences.withdraw(profile_id=visitor.profile.pk, statement=statement, now=now)
        return _see("saved")
    if action != "save":
        return stranger(request, "unreadable", status=400)
    try:
        chosen = preference_form.read(request.POST, visitor=visitor, now=now)
    except Unreadable:
        return _show(visitor, "problem", now, status=400)
    asked = _save(request, visitor, chosen, now)
    return _see("confirm_sent" if asked else "saved")


def _save(
    request: HttpRequest, visitor: Visitor, chosen: preference_form.Chosen, now: datetime
) -> bool:
    """Keep what was chosen. Returns whether a new subscription has to be confirmed first."""
    wording = preference_form.wording(visitor)
    statement = said_on(request, visitor, source="preference_page", now=now, wording=wording)
    set_preferences(
        profile_id=visitor.profile.pk,
        language=chosen.language,
        personal_cap=chosen.personal_cap,
        paused_until=chosen.paused_until,
        now=now,
    )
    return consequences.choose(
        profile_id=visitor.profile.pk,
        choices=chosen.topics,
        statement=statement,
        proved_channel=visitor.claims.channel,
        now=now,
    )


def _see(note: str) -> HttpResponse:
    """Back to the page by GET, so that reloading it posts nothing."""
    answer = answers.plain("", status=303)
    answer["Location"] = f"?note={note}"
    return answer


def _show(visitor: Visitor, note: str, now: datetime, *, status: int = 200) -> HttpResponse:
    assert visitor.language in LANGUAGES
    texts = words(visitor.language)
    form = preference_form.build(visitor, now=now)
    return answers.page(
        "preferences.html",
        shop=visitor.shop,
        language=visitor.language,
        title="preferences.title",
        status=status,
        lead=texts["preferences.lead"].format(address=visitor.masked),
        note={"kind": _NOTES[note], "text": texts[f"preferences.{note}"]}
        if note in _NOTES
        else None,
        blocked=form.blocked,
        topics=form.topics,
        fields=form.fields,
    )
