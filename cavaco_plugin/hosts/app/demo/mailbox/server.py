"""The mailbox page's server: one page, its data as JSON, and each e-mail by itself."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from typing import Any

from aiohttp import web

from cavaco_plugin.hosts.app.demo.mailbox.box import Box
from cavaco_plugin.hosts.app.loopback.http import HttpServer

_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
# A message may show pictures and style itself; it may run nothing and send nothing.
_LETTER_POLICY = "default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'"
_PAGE_POLICY = "default-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'"


class MailboxServer(HttpServer):
    """Shows a box. `feed` asks the database, so it is called on a thread."""

    def __init__(self, box: Box, *, feed: Callable[[], Any], **options: Any) -> None:
        super().__init__(**options)
        self._box = box
        self._feed = feed

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"{self.url}/"

    def routes(self) -> list[web.RouteDef]:
        """The page, its parts, and where the messages' links lead."""
        return [
            web.get("/", self._page),
            web.get("/page.{kind:css|js}", self._part),
            web.get("/everything.json", self._everything),
            web.get("/letters/{key}", self._letter),
            web.get("/pictures/{name:[a-z-]+}.svg", self._picture),
            web.get("/shop/{rest:.*}", self._shop),
        ]

    async def _page(self, request: web.Request) -> web.Response:
        response = _file("page.html")
        response.headers["Content-Security-Policy"] = _PAGE_POLICY
        return response

    async def _part(self, request: web.Request) -> web.Response:
        return _file(f"page.{request.match_info['kind']}")

    async def _picture(self, request: web.Request) -> web.Response:
        return _file(f"pictures/{request.match_info['name']}.svg")

    async def _everything(self, request: web.Request) -> web.Response:
        found = await asyncio.to_thread(self._feed)
        text = json.dumps(found, default=_as_text, ensure_ascii=False)
        return web.Response(text=text, content_type="application/json", headers=_FRESH)

    async def _letter(self, request: web.Request) -> web.Response:
        letter = self._box.letter(request.match_info["key"])
        if letter is None or not letter.html:
            raise web.HTTPNotFound(text="There is no such message.")
        headers = {**_FRESH, "Content-Security-Policy": _LETTER_POLICY}
        # Its links open beside the mailbox, as in any mail program.
        html = letter.html.replace("<head>", '<head><base target="_blank">', 1)
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def _shop(self, request: web.Request) -> web.Response:
        return _file("shop.html")


_FRESH = {"Cache-Control": "no-store"}


def _file(path: str) -> web.Response:
    found = files(__package__).joinpath(path)
    if not found.is_file():
        raise web.HTTPNotFound(text="There is no such file.")
    kind = _TYPES[path.rpartition(".")[2]]
    return web.Response(body=found.read_bytes(), content_type=kind, charset="utf-8", headers=_FRESH)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
