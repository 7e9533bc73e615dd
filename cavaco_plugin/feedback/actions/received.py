"""A person wrote to us: kept, and obeyed where it is STOP, START or HELP."""

from datetime import timedelta

from cavaco_plugin.channels.sms import keywords as words
from cavaco_plugin.consent import keywords
from cavaco_plugin.consent.keywords import Obeyed
from cavaco_plugin.consent.reach import owner_of
from cavaco_plugin.feedback import consequences
from cavaco_plugin.feedback.case import LONGEST_ADDRESS, Case
from cavaco_plugin.feedback.models import InboundMessage
from cavaco_plugin.feedback.wishing import wish
from cavaco_plugin.outbox.request import MessageRequest
from cavaco_plugin.store.changes import StoreChange

ANSWER_WITHIN = timedelta(hours=1)


def act(case: Case) -> list[StoreChange]:
    """Keep the message, do what it says, and answer with one text at most."""
    meaning = words.read(case.receipt.text).meaning if case.channel == "sms" else "other"
    InboundMessage.objects.create(
        profile_id=owner_of(case.channel, case.address),
        receipt=case.row,
        channel=case.channel,
        address=case.address[:LONGEST_ADDRESS],
        text=case.receipt.text,
        keyword="" if meaning == "other" else meaning,
        received_at=case.receipt.occurred_at,
    )
    obeyed = _obey(case, meaning)
    if obeyed is None:
        return []
    _answer(case, obeyed, meaning)
    return list(obeyed.changes)


def _obey(case: Case, meaning: str) -> Obeyed | None:
    statement = case.statement("sms_keyword")
    if meaning == "stop":
        obeyed = keywords.stop(address=case.address, statement=statement, now=case.now)
        if obeyed.profile_id is not None:
            for channel in keywords.PHONE_CHANNELS:
                consequences.stop_waiting(obeyed.profile_id, channel=channel, now=case.now)
        return obeyed
    if meaning == "start":
        return keywords.start(address=case.address, statement=statement, now=case.now)
    if meaning == "help":
        return keywords.ask_for_help(address=case.address, statement=statement)
    return None


def _answer(case: Case, obeyed: Obeyed, meaning: str) -> None:
    """Ask for the answer to be sent, unless the provider has sent its own: then its code says so."""
    if obeyed.reply is None or obeyed.profile_id is None or case.receipt.code == meaning:
        return
    request = MessageRequest(
        idempotency_key=obeyed.reply_key,
        profile_id=obeyed.profile_id,
        channel=case.channel,
        purpose="transactional",
        topic="service",
        template_key=obeyed.reply.value,
        origin="keyword",
        due_at=case.now,
        expires_at=case.now + ANSWER_WITHIN,
        subject={"keyword": meaning},
        priority=10,
    )
    wish([request], now=case.now)
