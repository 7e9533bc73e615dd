"""Twilio's own client over our kept connections."""

from typing import Any

import aiohttp
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from cavaco_plugin.channels.answers import server_trouble
from cavaco_plugin.channels.kept_session import KeptSession, NoAnswer
from cavaco_plugin.channels.sms.twilio.settings import TwilioSettings


class KeptHttpClient(AsyncHttpClient):
    """Answers that blame no message become NoAnswer here, where their headers are still at hand.

    Unlike the SDK's client it logs nothing (its log holds numbers and texts of people) and keeps no last request.
    """

    def __init__(self, session: KeptSession) -> None:
        self.is_async = True
        self._session = session

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """What the SDK calls; the time-out is the session's."""
        basic = aiohttp.BasicAuth(*auth) if auth else None
        answer = await self._session.ask(
            method, url, params=params, data=data, headers=headers, auth=basic
        )
        trouble = server_trouble(
            status=answer.status, headers=answer.headers, detail=answer.text[:200]
        )
        if trouble is not None:
            raise NoAnswer(trouble)
        return Response(answer.status, answer.text, answer.headers)


def open_client(settings: TwilioSettings, session: KeptSession) -> Any:
    """Twilio's client for this account."""
    client = Client(
        settings.account_sid,
        settings.auth_token.get_secret_value(),
        http_client=KeptHttpClient(session),
        # An empty mapping would make the SDK read the process's environment.
        environment={"TWILIO_EDGE": ""},
    )
    client.api.base_url = settings.api_url
    return client
