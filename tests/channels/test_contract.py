"""What every provider promises, asked of each in turn over real sockets and real SDKs."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cavaco_plugin.channels.contract import (
    NOT_STARTED,
    THROTTLED,
    UNAVAILABLE,
    UNREACHABLE,
    Accepted,
    ForgedReceipt,
    MalformedReceipt,
    Misconfigured,
    Outcome,
    OutgoingMessage,
    Permanent,
    Temporary,
    Transport,
    Uncertain,
)
from cavaco_plugin.hosts.app.loopback import script
from tests.channels.stands import Stand


def send(stand: Stand, *messages: OutgoingMessage, **changes: Any) -> list[Outcome]:
    async def once() -> list[Outcome]:
        transport = stand.open(**changes)
        try:
            return await transport.send(messages)
        finally:
            await transport.close()

    return run(once())


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(asyncio.wait_for(work, timeout=30))


def test_a_message_is_accepted_once_and_carries_its_public_id(stand: Stand) -> None:
    [outcome] = send(stand, stand.message(7))
    [taken] = stand.server.ledger.messages
    assert outcome == Accepted(taken.provider_message_id, outcome.cost)
    assert outcome.provider_message_id != ""
    assert (taken.key, taken.address) == ("public00007", stand.message(7).address)


def test_a_refusal_for_ever_is_permanent_and_suppresses_a_dead_address(stand: Stand) -> None:
    stand.server.script.then(script.Refuse())
    [outcome] = send(stand, stand.message())
    assert isinstance(outcome, Permanent)
    assert (outcome.code, outcome.suppress) == ("invalid_address", True)
    assert not stand.server.ledger.messages


def test_throttling_is_temporary_and_says_when_to_come_back(stand: Stand) -> None:
    stand.server.script.then(script.Throttle(seconds=30))
    [outcome] = send(stand, stand.message())
    assert isinstance(outcome, Temporary)
    assert outcome.code == THROTTLED
    reset = stand.reset_seconds
    assert outcome.retry_after == (None if reset is None else timedelta(seconds=reset))


def test_throttling_stops_the_slice_instead_of_hammering_on(stand: Stand) -> None:
    stand.server.script.then(script.Throttle(seconds=30))
    first, *others = send(stand, *(stand.message(n) for n in range(5)), connections=1)
    assert first.code == THROTTLED
    assert {(type(other), other.code) for other in others} == {(Temporary, NOT_STARTED)}
    assert {other.retry_after for other in others} == {first.retry_after}
    assert not stand.server.ledger.messages


def test_a_time_out_after_accepting_is_uncertain(stand: Stand) -> None:
    stand.server.script.then(script.TimeOutAfterAccepting(seconds=5))
    [outcome] = send(stand, stand.message(), timeout_seconds=0.3)
    assert isinstance(outcome, Uncertain)
    assert stand.server.ledger.counts == {"public00001": 1}


def test_a_line_cut_after_accepting_is_uncertain(stand: Stand) -> None:
    stand.server.script.then(script.HangUpAfterAccepting())
    [outcome] = send(stand, stand.message())
    assert isinstance(outcome, Uncertain)
    assert stand.server.ledger.counts == {"public00001": 1}


def test_wrong_credentials_are_a_misconfiguration(stand: Stand) -> None:
    [outcome] = send(stand, stand.message(), **stand.wrong_credentials())
    assert isinstance(outcome, Misconfigured)
    assert not stand.server.ledger.messages


def test_wrong_credentials_answer_for_the_whole_slice_without_trying_each(stand: Stand) -> None:
    messages = [stand.message(n) for n in range(40)]
    outcomes = send(stand, *messages, connections=2, **stand.wrong_credentials())
    assert {type(outcome) for outcome in outcomes} == {Misconfigured}
    assert len(outcomes) == 40


def test_credentials_that_stop_working_are_a_misconfiguration(stand: Stand) -> None:
    stand.server.script.then(script.WrongCredentials())
    [outcome] = send(stand, stand.message())
    assert isinstance(outcome, Misconfigured)


def test_trouble_on_the_providers_side_is_temporary(stand: Stand) -> None:
    stand.server.script.then(script.ServerError())
    [outcome] = send(stand, stand.message())
    assert isinstance(outcome, Temporary)
    assert outcome.code in {UNAVAILABLE, "deferred"}


def test_a_provider_that_is_not_there_is_temporary(stand: Stand) -> None:
    [outcome] = send(stand, stand.message(), **stand.nowhere)
    assert isinstance(outcome, Temporary)
    assert outcome.code == UNREACHABLE


def test_one_bad_address_does_not_touch_its_neighbours(stand: Stand) -> None:
    messages = [stand.message(number) for number in range(20)]
    stand.server.script.always([messages[7].address], script.Refuse())
    outcomes = send(stand, *messages)
    assert [type(outcome) for outcome in outcomes].count(Accepted) == 19
    assert isinstance(outcomes[7], Permanent)


def test_fifty_at_once_each_arrive_once_and_answers_stay_in_order(stand: Stand) -> None:
    messages = [stand.message(number) for number in range(50)]
    outcomes = send(stand, *messages)
    names = {taken.key: taken.provider_message_id for taken in stand.server.ledger.messages}
    assert stand.server.ledger.counts == {message.message_id: 1 for message in messages}
    assert [outcome.provider_message_id for outcome in outcomes] == [
        names[message.message_id] for message in messages
    ]


def test_messages_are_under_way_together_and_never_more_than_agreed(stand: Stand) -> None:
    stand.server.latency = 0.1
    began = time.monotonic()
    outcomes = send(stand, *(stand.message(number) for number in range(20)), connections=10)
    took = time.monotonic() - began
    assert {type(outcome) for outcome in outcomes} == {Accepted}
    assert 0.2 <= took < 1.5


def test_two_calls_of_send_may_overlap(stand: Stand) -> None:
    async def both() -> list[list[Outcome]]:
        transport = stand.open(connections=4)
        halves = ([stand.message(n) for n in range(15)], [stand.message(n) for n in range(15, 30)])
        try:
            return await asyncio.gather(*(transport.send(half) for half in halves))
        finally:
            await transport.close()

    outcomes = run(both())
    assert {type(outcome) for half in outcomes for outcome in half} == {Accepted}
    assert set(stand.server.ledger.counts.values()) == {1}
    assert len(stand.server.ledger.counts) == 30


def test_no_messages_need_no_connection(stand: Stand) -> None:
    assert send(stand) == []


def test_connections_are_kept_between_calls_and_released_at_the_end(stand: Stand) -> None:
    async def three_calls(transport: Transport) -> int:
        for number in range(3):
            await transport.send([stand.message(number)])
        return stand.server.connection_count

    async def whole() -> int:
        before = stand.server.connection_count
        transport = stand.open()
        kept = await three_calls(transport) - before
        await transport.close()
        for _ in range(100):
            if stand.server.connection_count <= before:
                return kept
            await asyncio.sleep(0.02)
        raise AssertionError("close() left a connection open")

    assert run(whole()) == 1


def test_a_connection_that_died_in_the_meantime_is_replaced(stand: Stand) -> None:
    async def with_a_pause() -> list[Outcome]:
        transport = stand.open()
        first = await transport.send([stand.message(1)])
        stand.server.drop_connections()
        await asyncio.sleep(0.1)
        second = await transport.send([stand.message(2)])
        await transport.close()
        return first + second

    assert [type(outcome) for outcome in run(with_a_pause())] == [Accepted, Accepted]
    assert stand.server.ledger.counts == {"public00001": 1, "public00002": 1}


def test_text_that_is_broken_breaks_nothing_else(stand: Stand) -> None:
    broken = stand.message(1, text="Half an emoji \ud83d and a bell \a and a zero \0")
    outcomes = send(stand, broken, stand.message(2))
    assert isinstance(outcomes[1], Accepted)
    assert isinstance(outcomes[0], Accepted)


def test_a_closed_transport_sends_nothing(stand: Stand) -> None:
    async def after_closing() -> None:
        transport = stand.open()
        await transport.send([stand.message(1)])
        await transport.close()
        await transport.send([stand.message(2)])

    with pytest.raises(RuntimeError):
        run(after_closing())
    assert stand.server.ledger.counts == {"public00001": 1}


def test_a_receipt_finds_its_message_and_repeats_itself_with_the_same_id(stand: Stand) -> None:
    call = stand.genuine("public00042")
    [receipt] = stand.read(call)
    assert (receipt.kind, receipt.message_id) == ("delivered", "public00042")
    assert receipt.provider == stand.provider.name
    assert receipt.event_id
    assert stand.read(call) == [receipt]


def test_header_names_of_a_receipt_may_come_in_any_case(stand: Stand) -> None:
    call = stand.genuine("m1")
    shouted = replace(call, headers={name.upper(): text for name, text in call.headers.items()})
    assert stand.read(shouted) == stand.read(call)


def test_a_forged_receipt_is_refused(stand: Stand) -> None:
    with pytest.raises(ForgedReceipt):
        stand.read(stand.forged())


def test_an_unsigned_receipt_is_refused(stand: Stand) -> None:
    with pytest.raises(ForgedReceipt):
        stand.read(stand.unsigned())


def test_an_unknown_kind_of_receipt_is_kept_and_moves_nothing(stand: Stand) -> None:
    [receipt] = stand.read(stand.unknown())
    assert receipt.kind == "unknown"
    assert "teleported" in str(receipt.raw)


def test_a_malformed_receipt_is_told_apart_from_a_forged_one(stand: Stand) -> None:
    with pytest.raises(MalformedReceipt):
        stand.read(stand.malformed())


def test_settings_that_work_have_no_findings(stand: Stand) -> None:
    assert stand.provider.check(stand.settings()) == []


def test_a_check_names_wrong_credentials_and_the_remedy(stand: Stand) -> None:
    [finding] = stand.provider.check(stand.settings(**stand.wrong_credentials()))
    assert finding.field in stand.wrong_credentials()
    assert finding.remedy


def test_a_check_names_a_server_that_is_not_there(stand: Stand) -> None:
    [finding] = stand.provider.check(stand.settings(**stand.nowhere))
    assert finding.code == UNREACHABLE
    assert finding.remedy


def test_secrets_never_show(stand: Stand) -> None:
    settings = stand.settings()
    secrets = {
        value.get_secret_value()
        for value in dict(settings).values()
        if hasattr(value, "get_secret_value") and value.get_secret_value()
    }
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert secrets
    assert not any(secret in shown for secret in secrets)
