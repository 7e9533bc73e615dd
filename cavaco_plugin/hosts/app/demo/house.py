"""Everything the demo consists of, standing: providers, shop, mailbox, database, broker, web, worker."""

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cavaco_plugin.hosts.app.demo import ports, processes
from cavaco_plugin.hosts.app.demo.mailbox.box import Box
from cavaco_plugin.hosts.app.demo.mailbox.server import MailboxServer
from cavaco_plugin.hosts.app.demo.payloads import Setting
from cavaco_plugin.hosts.app.demo.people import CAST
from cavaco_plugin.hosts.app.demo.processes import Running
from cavaco_plugin.hosts.app.demo.shop import DeliveryRefused, SampleShop
from cavaco_plugin.hosts.app.embedded import services
from cavaco_plugin.hosts.app.embedded.scratch import scratch
from cavaco_plugin.hosts.app.loopback import script
from cavaco_plugin.hosts.app.loopback.saleor import SaleorServer
from cavaco_plugin.hosts.app.loopback.smtp import SmtpServer
from cavaco_plugin.hosts.app.loopback.twilio import TwilioServer

SETTINGS = "cavaco_plugin.hosts.app.demo.settings"
MAILBOX_PORT = 8765


@dataclass(frozen=True, slots=True)
class House:
    """A demo that is ready to be played in."""

    shop: SampleShop
    mailbox_url: str
    doors_url: str
    running: list[Running]
    directory: Path


@contextmanager
def standing(parent: Path, *, mailbox_port: int) -> Iterator[House]:
    """Start all of it; stop all of it at the end."""
    # Imported by and by: most of it needs Django's settings, and those need our ports.
    from django.utils import timezone

    processes.stop_leftovers(parent)
    box = Box(clock=timezone.now)
    with ExitStack() as stack:
        directory = stack.enter_context(scratch(parent))
        smtp = stack.enter_context(SmtpServer(on_taken=box.take))
        twilio = stack.enter_context(TwilioServer(on_taken=box.take, report_after=0.3))
        saleor = stack.enter_context(SaleorServer())
        smtp.script.always([CAST["nina"].email], script.Refuse())
        urls = stack.enter_context(services(directory, durable=False))
        web_port = ports.free_port()
        doors_url = f"http://127.0.0.1:{web_port}/"
        _set_environment(
            DATABASE_URL=urls.database_url,
            CAVACO_BROKER_URL=urls.broker_url,
            CAVACO_PUBLIC_URL=doors_url,
            CAVACO_SALEOR_API_URLS=saleor.api_url,
            EMAIL_URL=f"smtp://127.0.0.1:{smtp.port}/",
        )
        mailbox = _mailbox(box, mailbox_port, stack)
        _prepare(twilio, mailbox.address, doors_url)
        running = stack.enter_context(processes.web_and_worker(directory, port=web_port))
        shop = SampleShop(
            saleor=saleor,
            twilio=twilio,
            box=box,
            doors_url=doors_url,
            setting=_setting(mailbox),
            clock=timezone.now,
        )
        try:
            _open(shop)
        except DeliveryRefused as refusal:
            raise DeliveryRefused(f"{refusal} It said:\n{running[0].last_words()}") from None
        yield House(shop, mailbox.address, doors_url, running, directory)


def _set_environment(**more: str) -> None:
    os.environ.update(more)
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    os.environ.setdefault("LOG_LEVEL", "INFO")
    # One key for all processes of this run; links in its mail live as long as it does.
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(50)
    import django

    django.setup()


def _mailbox(box: Box, port: int, stack: ExitStack) -> MailboxServer:
    from cavaco_plugin.hosts.app.demo.mailbox.feed import everything

    server = MailboxServer(box, feed=lambda: everything(box), port=port)
    stack.enter_context(server)
    return server


def _prepare(twilio: TwilioServer, mailbox_url: str, doors_url: str) -> None:
    """What is there before the first process starts."""
    from django.utils import timezone

    from cavaco_plugin.hosts.app.demo import preparation

    preparation.migrate()
    now = timezone.now()
    preparation.introduce_shop(mailbox_url=mailbox_url, now=now)
    preparation.connect_twilio(twilio, doors_url=doors_url, now=now)
    preparation.set_policy(now=now)


def _setting(mailbox: MailboxServer) -> Setting:
    from cavaco_plugin.store.declarations import DEFAULT_KEY

    return Setting(pictures_url=f"{mailbox.address}pictures/", consent_key=DEFAULT_KEY)


def _open(shop: SampleShop) -> None:
    """The shop installs the app, tells of its customers of old, and then the flows are switched on."""
    from django.utils import timezone

    from cavaco_plugin.hosts.app.demo import preparation

    preparation.register(shop.saleor, doors_url=shop.doors_url)
    newcomers = {CAST["zofia"].email, CAST["emma"].email}
    for person in CAST.values():
        if person.user_id and person.email not in newcomers:
            shop.knows(person)
    preparation.start_reconciler(now=timezone.now())
    preparation.switch_flows_on(now=timezone.now())
