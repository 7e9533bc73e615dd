"""Twilio's Messages API on 127.0.0.1, with signed status callbacks and inbound messages."""

import asyncio
import base64
import uuid
from typing import Any
from urllib.parse import parse_qsl, urlencode

from aiohttp import web
from twilio.request_validator import RequestValidator

from cavaco_plugin.channels.sms.segments import count_segments
from cavaco_plugin.channels.sms.twilio.receipts import SIGNATURE
from cavaco_plugin.hosts.app.loopback import script
from cavaco_plugin.hosts.app.loopback.http import HttpServer, hang_up
from cavaco_plugin.hosts.app.loopback.ledger import Taken

ACCOUNT_SID = "AC" + "0" * 32
Form = dict[str, str]


class TwilioServer(HttpServer):
    """Takes messages for one account and reports `report` statuses to each message's StatusCallback."""

    def __init__(
        self,
        *,
        account_sid: str = ACCOUNT_SID,
        auth_token: str = "loopback",  # noqa: S107  opens nothing but this server
        account_status: str = "active",
        report: tuple[str, ...] = ("sent", "delivered"),
        report_after: float = 0.05,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.account_status = account_status
        self.report = report
        self.report_after = report_after
        self._validator = RequestValidator(auth_token)
        pair = f"{account_sid}:{auth_token}".encode()
        self._authorization = f"Basic {base64.b64encode(pair).decode()}"

    def routes(self) -> list[web.RouteDef]:
        """Creating a message, and the account."""
        root = f"/2010-04-01/Accounts/{self.account_sid}"
        return [
            web.post(f"{root}/Messages.json", self._create),
            web.get(f"{root}.json", self._account),
        ]

    async def _account(self, request: web.Request) -> web.Response:
        if not self._knows(request):
            return _error(401, 20003, "Authenticate")
        return web.json_response({"sid": self.account_sid, "status": self.account_status})

    async def _create(self, request: web.Request) -> web.Response:
        form = dict(parse_qsl((await request.read()).decode(), keep_blank_values=True))
        if not self._knows(request):
            return _error(401, 20003, "Authenticate")
        if self.latency:
            await asyncio.sleep(self.latency)
        behaviour = self.script.next(form.get("To", ""))
        refusal = _refusal(behaviour)
        if refusal is not None:
            return refusal
        if isinstance(behaviour, script.HangUpBeforeReading):
            hang_up(request)
            return web.Response()
        sid = self._take(form)
        await self.linger(request, behaviour)
        return web.json_response(self._message(form, sid), status=201)

    def _knows(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == self._authorization

    def _take(self, form: Form) -> str:
        sid = f"SM{uuid.uuid4().hex}"
        callback = form.get("StatusCallback", "")
        self.ledger.note(
            Taken(
                key=callback.rpartition("message=")[2],
                address=form["To"],
                sender=form.get("MessagingServiceSid") or form.get("From", ""),
                provider_message_id=sid,
                raw=form,
            )
        )
        if callback:
            for turn, status in enumerate(self.report, start=1):
                body, headers = self.status_call(callback, sid=sid, status=status, to=form["To"])
                self.post_later(
                    callback, body=body, headers=headers, after=self.report_after * turn
                )
        return sid

    def _message(self, form: Form, sid: str) -> dict[str, Any]:
        return {
            "sid": sid,
            "account_sid": self.account_sid,
            "to": form["To"],
            "from": form.get("From"),
            "messaging_service_sid": form.get("MessagingServiceSid"),
            "body": form.get("Body", ""),
            "status": "queued",
            "num_segments": str(count_segments(form.get("Body", "")).count),
            "price": None,
            "price_unit": "USD",
            "error_code": None,
            "error_message": None,
        }

    def status_call(
        self, url: str, *, sid: str, status: str, to: str, error_code: str = ""
    ) -> tuple[bytes, dict[str, str]]:
        """The body and headers of a genuine status callback."""
        form = {
            "MessageSid": sid,
            "SmsSid": sid,
            "MessageStatus": status,
            "SmsStatus": status,
            "To": to,
        }
        if error_code:
            form["ErrorCode"] = error_code
        return self.sign(url, form)

    def inbound_call(
        self, url: str, *, sender: str, to: str, body: str, sid: str = ""
    ) -> tuple[bytes, dict[str, str]]:
        """The body and headers of a genuine message from a person."""
        sid = sid or f"SM{uuid.uuid4().hex}"
        form = {"MessageSid": sid, "SmsStatus": "received", "From": sender, "To": to, "Body": body}
        return self.sign(url, form)

    def sign(self, url: str, form: Form) -> tuple[bytes, dict[str, str]]:
        """A form as Twilio posts it to `url`."""
        form = {"AccountSid": self.account_sid, "ApiVersion": "2010-04-01", **form}
        return urlencode(form).encode(), {
            "Content-Type": "application/x-www-form-urlencoded",
            SIGNATURE: self._validator.compute_signature(url, form),
        }

    def send_inbound(self, url: str, *, sender: str, to: str, body: str) -> int:
        """A person texts us, now; the answer's status."""
        content, headers = self.inbound_call(url, sender=sender, to=to, body=body)
        return self.call(self.post(url, body=content, headers=headers))


def _refusal(behaviour: script.Behaviour) -> web.Response | None:
    match behaviour:
        case script.Refuse(code=code, text=text):
            return _error(
                400, code or 21211, text or "The 'To' number is not a valid phone number."
            )
        case script.Throttle(seconds=seconds):
            response = _error(429, 20429, "Too Many Requests")
            response.headers["Retry-After"] = str(seconds)
            return response
        case script.ServerError(status=status):
            return _error(status, 20500, "Internal Server Error")
        case script.WrongCredentials():
            return _error(401, 20003, "Authenticate")
    return None


def _error(status: int, code: int, message: str) -> web.Response:
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return web.json_response(body, status=status)
