"""Mail scanners follow every link, by GET and by HEAD, and some run the page: nothing may change."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.utils import timezone

from tests.web.pages import confirmation, everything, grant, preferences, unsubscribe


class Links(HTMLParser):
    """What a page makes a visitor's browser fetch or offers to follow."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.scripts += tag == "script" or any(name.startswith("on") for name in given)
        for name in ("href", "src", "action"):
            if given.get(name):
                self.found.append(given[name])


def read(page):
    links = Links()
    links.feed(page)
    return links


@pytest.fixture
def urls(maya):
    now = timezone.now()
    grant(maya, at=now)
    grant(maya, at=now, channel="sms")
    return [
        *(unsubscribe(maya, topic=topic) for topic in ("newsletter", "cart_reminders", "*")),
        unsubscribe(maya, channel="sms"),
        preferences(maya),
        confirmation(maya, at=now, topics=("after_purchase",)),
        "/health/",
    ]


@pytest.mark.parametrize("agent", ["Mozilla/5.0", "GoogleImageProxy", "curl/8"])
def test_following_every_link_twice_by_every_safe_method_changes_nothing(
    visitor, maya, urls, agent
):
    before = everything()
    seen, waiting = set(), list(urls)
    while waiting:
        url = waiting.pop().replace("https://api.alderfinch.example/cavaco", "")
        if url in seen or not url.startswith("/"):
            continue
        seen.add(url)
        for method in ("get", "head", "options", "get"):
            answer = getattr(visitor, method)(url, HTTP_USER_AGENT=agent)
            assert answer.status_code in (200, 405), (method, url)
            assert not answer.cookies
        page = visitor.get(url).content.decode()
        waiting += [urljoin(url, link) for link in read(page).found]
    assert len(seen) > len(urls)
    assert everything() == before


def test_a_get_that_carries_the_words_of_a_post_changes_nothing(visitor, maya, urls):
    before = everything()
    for url in urls:
        for words in (
            "List-Unsubscribe=One-Click",
            "action=unsubscribe",
            "action=confirm",
            "action=save",
        ):
            visitor.get(f"{url}?{words}")
            visitor.head(f"{url}?{words}")
    assert everything() == before


def test_no_page_holds_a_script(visitor, urls):
    for url in urls:
        answer = visitor.get(url)
        assert read(answer.content.decode()).scripts == 0
        if answer["Content-Type"].startswith("text/html"):
            assert "script-src" not in answer["Content-Security-Policy"]
            assert answer["Content-Security-Policy"].startswith("default-src 'none'")


def test_every_page_keeps_to_itself(visitor, urls):
    for url in urls[:-1]:
        answer = visitor.get(url)
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
