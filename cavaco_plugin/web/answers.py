"""Our pages as HTTP answers: one frame, no cookie, no script, nothing kept in a cache."""

import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.template import Context, Engine

from cavaco_plugin.store.port import ShopIdentity
from cavaco_plugin.web.look import look_of
from cavaco_plugin.web.words import words, words_for_templates

_PAGES = Path(__file__).parent / "pages"
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def page(
    template: str,
    *,
    shop: ShopIdentity,
    language: str,
    title: str,
    status: int = 200,
    is_personal: bool = True,
    **values: Any,
) -> HttpResponse:
    """One of `pages/`, in the shop's name and colour. `title` is the key of a text."""
    nonce = secrets.token_urlsafe(16)
    context = {
        "shop": shop,
        "language": language,
        "title": words(language)[title],
        "text": _texts(language, shop),
        "look": look_of(shop.colour),
        "nonce": nonce,
        "is_personal": is_personal,
        **values,
    }
    html = _engine().get_template(template).render(Context(context))
    answer = HttpResponse(html, status=status, headers=_HEADERS)
    answer["Content-Security-Policy"] = _content_policy(nonce, shop.logo_url)
    answer["Content-Language"] = language
    return answer


def notice(
    key: str, *, shop: ShopIdentity, language: str, status: int = 200, is_personal: bool = False
) -> HttpResponse:
    """A page that only tells something: the texts `<key>.title`, `.heading` and `.lead`."""
    texts = words(language)
    return page(
        "notice.html",
        shop=shop,
        language=language,
        title=f"{key}.title",
        status=status,
        is_personal=is_personal,
        heading=texts[f"{key}.heading"],
        lead=texts[f"{key}.lead"].format(shop=shop.name),
        link_url=shop.storefront_url,
        link_text=texts["to_shop"],
    )


def plain(text: str, *, status: int = 200) -> HttpResponse:
    """A short answer for a machine."""
    return HttpResponse(
        f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers=_HEADERS
    )


def only(*methods: str) -> HttpResponse:
    """The answer to a method that a door does not take."""
    answer = plain("This address does not take that method.", status=405)
    answer["Allow"] = ", ".join(methods)
    return answer


def _texts(language: str, shop: ShopIdentity) -> Mapping[str, str]:
    texts = dict(words_for_templates(language))
    texts["footer_why"] = texts["footer_why"].format(shop=shop.name)
    return texts


def _content_policy(nonce: str, logo_url: str) -> str:
    logo = urlsplit(logo_url)
    images = f"{logo.scheme}://{logo.netloc}" if logo.scheme and logo.netloc else "'none'"
    return (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src {images}; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )


@cache
def _engine() -> Engine:
    return Engine(dirs=[str(_PAGES)], autoescape=True)
