"""Who came through a signed link, and how to speak to them."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from cavaco_plugin.consent import links, queries, reach
from cavaco_plugin.consent.topics import EVERY_TOPIC, TOPICS, base_language
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.profiles.models import Profile
from cavaco_plugin.store import port
from cavaco_plugin.store.port import ShopIdentity
from cavaco_plugin.web import answers
from cavaco_plugin.web.words import page_language, words


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person behind a link."""

    profile: Profile
    claims: links.LinkClaims
    shop: ShopIdentity
    language: str
    address: str

    @property
    def masked(self) -> str:
        """The address as it may be shown: links get forwarded."""
        return masked(self.address)

    @property
    def locale(self) -> str:
        """The page's language with the person's region, by which dates are written."""
        own = self.profile.language
        return own if base_language(own) == self.language else self.language

    @property
    def topic_name(self) -> str:
        """The topic as the person reads it."""
        topic = TOPICS.get(self.claims.topic)
        return topic.name(self.language) if topic else words(self.language)["everything"]

    @property
    def is_about_everything(self) -> bool:
        """Whether the link leaves a whole channel, and not one topic of it."""
        return self.claims.topic in ("", EVERY_TOPIC)

    @property
    def preferences_url(self) -> str:
        """Where this person sees everything they allowed."""
        return links.preferences_url(
            doors_url=self.shop.doors_url,
            profile=self.profile.public_id,
            channel=self.claims.channel,
            message=self.claims.message,
        )


def visitor_of(request: HttpRequest, token: str, purpose: links.Purpose) -> Visitor | None:
    """Who the link belongs to; None for a link that is not ours, or of an erased person."""
    try:
        claims = links.read(token, purpose)
    except links.InvalidLink:
        return None
    profile = queries.person(claims.subject)
    if profile is None or profile.erased_at is not None:
        return None
    message = Message.objects.filter(public_id=claims.message).first() if claims.message else None
    shop = port.current().shop(message.sales_channel if message else "")
    language = page_language(person=profile.language, shop=shop.language, request=request)
    address = (message.address if message else "") or reach.address_of(profile.pk, claims.channel)
    return Visitor(profile, claims, shop, language, address)


def stranger(
    request: HttpRequest, key: str, *, status: int, sales_channel: str = ""
) -> HttpResponse:
    """A notice for somebody of whom nothing is known."""
    shop = port.current().shop(sales_channel)
    language = page_language(person="", shop=shop.language, request=request)
    return answers.notice(key, shop=shop, language=language, status=status)


def masked(address: str) -> str:
    """m•••@example.com, or the last four digits of a number."""
    name, at, domain = address.rpartition("@")
    if at:
        return f"{name[:1]}•••@{domain}"
    return f"•••{address[-4:]}"
