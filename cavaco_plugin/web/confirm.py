"""The second half of a double opt-in. GET shows a button and changes nothing; POST confirms."""

import time

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from cavaco_plugin.consent import opt_in as opt_ins
from cavaco_plugin.consent.models import OptInRequest
from cavaco_plugin.consent.opt_in import Answer
from cavaco_plugin.consent.topics import TOPICS
from cavaco_plugin.feedback import consequences
from cavaco_plugin.kernel.database import writing
from cavaco_plugin.store import port
from cavaco_plugin.web import answers
from cavaco_plugin.web.evidence import ip_of
from cavaco_plugin.web.throttle import public_posts
from cavaco_plugin.web.visitor import masked, stranger
from cavaco_plugin.web.words import page_language, words

_STATUS = {Answer.CONFIRMED: 200, Answer.ALREADY: 200, Answer.EXPIRED: 410, Answer.UNKNOWN: 404}
_NOTICES = {
    Answer.CONFIRMED: "confirmed",
    Answer.ALREADY: "already",
    Answer.EXPIRED: "expired",
    Answer.UNKNOWN: "invalid",
}


@csrf_exempt
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask once more, or take the answer."""
    if request.method not in ("GET", "HEAD", "POST"):
        return answers.only("GET", "HEAD", "POST")
    asked = opt_ins.find(token)
    if request.method != "POST":
        return _ask(request, asked)
    if not public_posts.admits(token, at=time.monotonic()):
        return stranger(request, "busy", status=429)
    if request.POST.get("action") != "confirm":
        return stranger(request, "unreadable", status=400)
    with writing():
        done = consequences.confirm(token=token, ip_address=ip_of(request), now=timezone.now())
    return _tell(request, done.answer, done.opt_in)


def _ask(request: HttpRequest, asked: OptInRequest | None) -> HttpResponse:
    state = opt_ins.standing_of(asked, now=timezone.now())
    if asked is None or state is not None:
        return _tell(request, state or Answer.UNKNOWN, asked)
    shop = port.current().shop(asked.sales_channel)
    language = _language(request, asked, shop.language)
    texts = words(language)
    topics = [TOPICS[key] for key in asked.topics if key in TOPICS]
    return answers.page(
        "confirm.html",
        shop=shop,
        language=language,
        title="confirm.title",
        lead=texts["confirm.lead"].format(
            shop=shop.name,
            by=texts.get(f"by.{asked.channel}", ""),
            address=masked(asked.address),
        ),
        topics=[
            {"name": topic.name(language), "description": texts[f"topic.{topic.key}"]}
            for topic in topics
        ],
    )


def _tell(request: HttpRequest, answer: Answer, asked: OptInRequest | None) -> HttpResponse:
    shop = port.current().shop(asked.sales_channel if asked else "")
    language = _language(request, asked, shop.language)
    return answers.notice(
        _NOTICES[answer],
        shop=shop,
        language=language,
        status=_STATUS[answer],
        is_personal=asked is not None,
    )


def _language(request: HttpRequest, asked: OptInRequest | None, shop_language: str) -> str:
    person = asked.profile.language if asked else ""
    return page_language(person=person, shop=shop_language, request=request)
