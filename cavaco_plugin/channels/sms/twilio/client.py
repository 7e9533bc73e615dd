"""Twilio's own client over our kept connections."""

import base64
from typing import Any
from urllib.parse import urlencode

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

    def __init__(self, session: KeptSession, *, account_sid: str, auth_token: str) -> None:
        self.is_async = True
        self._session = session
        pair = base64.b64encode(f"{account_sid}:{auth_token}".encode()).decode()
        self._login = {"Authorization": f"Basic {pair}"}

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  the SDK's own signature
        allow_redirects: bool = False,
    ) -> Response:
        """What the SDK calls; the time-out and the login are our own."""
        # The form in one piece: aiohttp would make an object of every field.
        body = urlencode(data or {}, doseq=True).encode()
        answer = await self._session.ask(
            method, url, params=params, data=body, headers={**(headers or {}), **self._login}
        )
        trouble = server_trouble(
            status=answer.status, headers=answer.headers, detail=answer.text[:200]
        )
        if trouble is not None:
            raise NoAnswer(trouble)
        return Response(answer.status, answer.text, answer.headers)


def open_client(settings: TwilioSettings, session: KeptSession) -> Any:
    """Twilio's client for this account."""
    token = settings.auth_token.get_secret_value()
    client = Client(
        settings.account_sid,
        token,
        http_client=KeptHttpClient(session, account_sid=settings.account_sid, auth_token=token),
        # An empty mapping would make the SDK read the process's environment.
        environment={"TWILIO_EDGE": ""},
    )
    client.api.base_url = settings.api_url
    return client
