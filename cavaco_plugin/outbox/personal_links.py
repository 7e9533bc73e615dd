"""The links and headers by which a person leaves, chooses or confirms."""

from collections.abc import Mapping

from cavaco_plugin.consent import links
from cavaco_plugin.outbox.claim_rows import Claimed
from cavaco_plugin.store.port import ShopIdentity

ONE_CLICK = "List-Unsubscribe=One-Click"


def personal_links(message: Claimed, identity: ShopIdentity) -> dict[str, str]:
    """The ways to our own pages; each says who comes by which message."""
    person, intent = message.person.public_id, message.intent
    opt_in = intent.subject.get("opt_in", "")
    return {
        "unsubscribe": links.unsubscribe_url(
            doors_url=identity.doors_url,
            profile=person,
            channel=intent.channel,
            topic=intent.topic,
            message=message.public_id,
        ),
        "preferences": links.preferences_url(
            doors_url=identity.doors_url,
            profile=person,
            channel=intent.channel,
            message=message.public_id,
        ),
        "confirm": links.confirm_url(doors_url=identity.doors_url, opt_in=opt_in) if opt_in else "",
    }


def unsubscribe_headers(urls: Mapping[str, str]) -> dict[str, str]:
    """RFC 8058: a mailbox's own button ends it with one POST."""
    return {"List-Unsubscribe": f"<{urls['unsubscribe']}>", "List-Unsubscribe-Post": ONE_CLICK}
