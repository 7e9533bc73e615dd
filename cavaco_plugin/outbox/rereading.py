"""What a message said, rendered once more: nothing of it is kept after it left."""

from collections.abc import Sequence

from cavaco_plugin.channels.contract import EmailContent
from cavaco_plugin.outbox.claim_rows import Claimed
from cavaco_plugin.outbox.models import Message
from cavaco_plugin.outbox.rendering import render
from cavaco_plugin.policy import people
from cavaco_plugin.policy.intent import Intent
from cavaco_plugin.policy.people import Person


def read_again(messages: Sequence[Message]) -> dict[int, dict[str, str]]:
    """Message id → subject and text from the same template version, with the shop's data of today.

    A cart or an order that is gone can not be rendered any more: then the reason stands instead.
    """
    persons = people.read_standing({message.profile_id for message in messages})
    known = [message for message in messages if message.profile_id in persons]
    rendered, unfit = render([_claimed(message, persons) for message in known])
    contents = {each.claimed.id: {"not_rendered": each.reason} for each in unfit}
    for each in rendered:
        content = each.outgoing.content
        if isinstance(content, EmailContent):
            contents[each.claimed.id] = {"subject": content.subject, "text": content.text}
        else:
            contents[each.claimed.id] = {"text": content.body}
    return contents


def _claimed(message: Message, persons: dict[int, Person]) -> Claimed:
    """The message as a worker would hold it, without a claim on it."""
    intent = Intent(
        message.pk,
        message.profile_id,
        message.channel,
        message.purpose,
        message.topic,
        message.sales_channel,
        message.template_version_id,
        message.flow_id,
        message.subject,
        message.purchase_proof_since,
        message.expires_at,
        message.is_test,
    )
    return Claimed(
        intent,
        persons[message.profile_id],
        message.public_id,
        message.idempotency_key,
        message.attempts,
        message.address,
        message.cap_entry,
        token="",
    )
