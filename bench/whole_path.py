"""CPU per message of the whole path, as a multiple of a bare loop that claims, renders and sends the same.

    DATABASE_URL=postgresql://… SECRET_KEY=x .venv/bin/python bench/whole_path.py [--rounds 6] [--profile]

The bare loop is what one would write on a free afternoon: take a thousand messages with SKIP LOCKED, read
their carts, render the same template, post it with aiohttp over kept connections, and mark them sent. It
has no gate, no caps, no leases and explains nothing. It works on the same table; a second one has a table
of its own, as narrow as can be. All send to the same sink in another process, turn by turn. CPU is that
of this process and of its PostgreSQL backend; the sink's is not counted.
"""

import argparse
import asyncio
import cProfile
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cavaco_plugin.hosts.app.settings")
django.setup()

from django.db import connection  # noqa: E402

from bench import people_with_carts as bench  # noqa: E402
from bench.people_with_carts import NOON, TEMPLATE, TOPIC  # noqa: E402
from cavaco_plugin.channels import configuration  # noqa: E402
from cavaco_plugin.consent import links  # noqa: E402
from cavaco_plugin.content.formatting import money  # noqa: E402
from cavaco_plugin.content.models import TemplateVersion  # noqa: E402
from cavaco_plugin.content.render import render_email  # noqa: E402
from cavaco_plugin.outbox import dispatch, operations, senders  # noqa: E402
from cavaco_plugin.outbox.models import Attempt, Decision, Message  # noqa: E402
from cavaco_plugin.outbox.request import MessageRequest  # noqa: E402
from cavaco_plugin.store import port  # noqa: E402

BATCH = 1000
CONNECTIONS = 50

CART = "p.public_id, p.first_name, c.token, c.currency, c.total, c.lines"
BARE = (
    f"""
    WITH mine AS (
        SELECT id, profile_id, subject ->> 'checkout' AS token FROM cavaco_message
        WHERE final_at IS NULL AND state = 'ready' AND due_at > %s
        ORDER BY priority, due_at LIMIT %s FOR UPDATE SKIP LOCKED
    )
    UPDATE cavaco_message m SET state = 'sending' FROM mine, cavaco_profile p, cavaco_checkout c
    WHERE m.id = mine.id AND p.id = mine.profile_id AND c.token = mine.token
    RETURNING m.id, m.address, {CART}
    """,
    f"UPDATE cavaco_message SET state = 'accepted', final_at = '{NOON}', sent_at = '{NOON}' WHERE id = ANY(%s)",
)
NARROW = (
    f"""
    WITH mine AS (
        SELECT id FROM narrow_message WHERE state = 'ready' AND due_at > %s
        ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
    )
    UPDATE narrow_message m SET state = 'sending' FROM mine, cavaco_profile p, cavaco_checkout c
    WHERE m.id = mine.id AND p.id = m.profile_id AND c.token = m.token
    RETURNING m.id, m.address, {CART}
    """,
    "UPDATE narrow_message SET state = 'sent' WHERE id = ANY(%s)",
)


class Bare:
    """The loop one would write without any of it."""

    def __init__(self, url: str, statements: tuple[str, str]) -> None:
        self.claim, self.mark = statements
        self.url = f"{url}/v3/mail/send"
        self.compiled = TemplateVersion.objects.get().compiled
        self.shop = {
            "name": "Alder & Finch",
            "url": "https://alderfinch.example",
            "logo_url": "",
            "colour": "#1f2937",
            "address": "Alder & Finch, 12 Mill Lane, Leeds LS1 4DY",
            "support_email": "",
        }
        self.loop = asyncio.new_event_loop()
        self.session: aiohttp.ClientSession | None = None

    def release(self) -> int:
        """Send a thousand."""
        with connection.cursor() as cursor:
            cursor.execute(self.claim, [NOON, BATCH])
            rows = cursor.fetchall()
        bodies = [(row[0], self._body(row)) for row in rows]
        sent = self.loop.run_until_complete(self._send(bodies))
        with connection.cursor() as cursor:
            cursor.execute(self.mark, [sent])
        return len(sent)

    def _body(self, row: tuple) -> bytes:
        number, address, person, first_name, token, currency, total, lines = row
        unsubscribe = links.unsubscribe_url(
            doors_url="https://alderfinch.example/",
            profile=person,
            channel="email",
            topic=TOPIC,
            message=str(number),
        )
        values = {
            "shop": self.shop,
            "person": {"first_name": first_name, "language": "en"},
            "cart": {
                "url": f"https://alderfinch.example/cart/{token}",
                "currency": currency,
                "total": money(total, currency, "en"),
                "lines": [
                    {
                        "name": line["product_name"],
                        "variant": line["variant_name"],
                        "quantity": line["quantity"],
                        "image_url": line["image_url"],
                        "unit_price": money(line["unit_price"], currency, "en"),
                        "total_price": money(line["total_price"], currency, "en"),
                        "url": f"https://alderfinch.example/p/{line['product_slug']}",
                    }
                    for line in json.loads(lines)
                ],
            },
            "links": {"unsubscribe": unsubscribe, "preferences": unsubscribe, "confirm": ""},
        }
        mail = render_email(self.compiled, "en", values)
        return json.dumps(
            {
                "from": {"email": "hello@alderfinch.example", "name": "Alder & Finch"},
                "subject": mail.subject,
                "personalizations": [
                    {
                        "to": [{"email": address}],
                        "headers": {
                            "List-Unsubscribe": f"<{unsubscribe}>",
                            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                        },
                    }
                ],
                "content": [
                    {"type": "text/plain", "value": mail.text},
                    {"type": "text/html", "value": mail.html},
                ],
            }
        ).encode()

    async def _send(self, bodies: list[tuple[int, bytes]]) -> list[int]:
        if self.session is None:
            self.session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS))
        sent: list[int] = []
        todo = iter(bodies)

        async def lane() -> None:
            for number, body in todo:
                async with self.session.post(self.url, data=body) as response:
                    await response.read()
                    if response.status == 202:
                        sent.append(number)

        await asyncio.gather(*(lane() for _ in range(CONNECTIONS)))
        return sent

    def close(self) -> None:
        """Close the connections."""
        self.loop.run_until_complete(self.session.close())
        self.loop.close()


def ours() -> int:
    """Send a thousand by the whole path."""
    report = dispatch.release(now=NOON, limit=BATCH)
    assert report.accepted == BATCH, report
    return report.accepted


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--profile", action="store_true", help="profile our own rounds")
    given = parser.parse_args()
    with (
        subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("sink.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as sink,
        bench.scratch_database(),
    ):
        url = f"http://127.0.0.1:{int(sink.stdout.readline())}"
        prepare(given.rounds + 1, url)
        loops = [Bare(url, BARE), Bare(url, NARROW)]
        ways = {"bare loop": loops[0].release, "narrow loop": loops[1].release, "whole path": ours}
        spent = measure(ways, given.rounds, given.profile)
        explained()
        for loop in loops:
            loop.close()
        senders.close()
        sink.stdin.close()
    report(spent)


def prepare(rounds: int, url: str) -> None:
    """People, carts, and for each a wish by the whole path and a row of the bare loop."""
    people = rounds * BATCH
    from cavaco_plugin.hosts.app.store import CopiedStore

    port.use(CopiedStore())
    bench.fill(people)
    values = {"api_key": "SG.bench", "api_url": url, "connections": CONNECTIONS}
    configuration.save(channel="email", provider="sendgrid", values=values, now=NOON)
    configuration.choose(channel="email", provider="sendgrid", now=NOON)
    for start in range(1, people + 1, BATCH):
        numbers = range(start, start + BATCH)
        operations.admit([wish(n, "path", NOON - timedelta(minutes=1)) for n in numbers], now=NOON)
        operations.admit([wish(n, "bare", NOON + timedelta(hours=1)) for n in numbers], now=NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE narrow_message (id bigint PRIMARY KEY, profile_id bigint, address text, token text,"
            " state text, due_at timestamptz);"
            "CREATE INDEX ON narrow_message (due_at) WHERE state = 'ready';"
            "INSERT INTO narrow_message SELECT n, n, 'person' || n || '@example.com', 'checkout-' || n, 'ready',"
            " %s::timestamptz + interval '1 hour' FROM generate_series(1, %s) n; ANALYZE",
            [NOON, people],
        )


def wish(number: int, whose: str, due_at: datetime) -> MessageRequest:
    """A reminder about a cart."""
    return MessageRequest(
        idempotency_key=f"{whose}:{number}",
        profile_id=number,
        channel="email",
        purpose="marketing",
        topic=TOPIC,
        template_key=TEMPLATE,
        origin="flow",
        due_at=due_at,
        expires_at=NOON + timedelta(hours=12),
        sales_channel="uk",
        subject={"checkout": f"checkout-{number}"},
        purchase_proof_since=NOON - timedelta(hours=2),
    )


def measure(
    ways: dict[str, Callable[[], int]], rounds: int, profile: bool
) -> dict[str, list[tuple[float, float]]]:
    """CPU seconds per message of this process and of the database, by way; the first round warms up."""
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    profiler = cProfile.Profile()
    for number in range(rounds + 1):
        for name, send in ways.items():
            python, database = time.process_time(), bench.database_seconds()
            if profile and name == "whole path" and number:
                profiler.enable()
            count = send()
            profiler.disable()
            used = time.process_time() - python, bench.database_seconds() - database
            if number:
                spent[name].append((used[0] / count, used[1] / count))
    if profile:
        profiler.print_stats("tottime")
    return spent


def explained() -> None:
    """Whoever is fast because it skipped the explaining shall not win."""
    sent = Message.objects.filter(state="accepted", idempotency_key__startswith="path:")
    assert Decision.objects.filter(message__in=sent, stage="claim").count() == sent.count()
    assert Attempt.objects.filter(message__in=sent).count() == sent.count()


def report(spent: dict[str, list[tuple[float, float]]]) -> None:
    """The medians, and the ratios over the rounds."""
    for name, rounds in spent.items():
        python, database = (statistics.median(column) * 1e6 for column in zip(*rounds, strict=True))
        print(f"{name:<12} {python:5.0f} µs Python + {database:4.0f} µs PostgreSQL per message")
    for name, limit in (("bare loop", " (limit 2.0)"), ("narrow loop", "")):
        pairs = zip(spent["whole path"], spent[name], strict=True)
        ratio = statistics.median(sum(ours) / sum(bare) for ours, bare in pairs)
        print(f"whole path / {name}: {ratio:.2f}{limit}")


if __name__ == "__main__":
    main()
