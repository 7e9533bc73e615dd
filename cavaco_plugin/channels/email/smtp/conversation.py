"""A conversation with an SMTP server, message after message."""

import smtplib

from cavaco_plugin.channels.contract import (
    UNREACHABLE,
    Misconfigured,
    Outcome,
    Temporary,
    Uncertain,
)
from cavaco_plugin.channels.email.mime import WireMessage
from cavaco_plugin.channels.email.smtp.replies import DATA, RECIPIENT, SENDER, outcome_of

Reply = tuple[int, bytes]
INVITED = 354  # the answer to DATA: go on


class Refused(Exception):
    """No connection, or none that may send; `outcome` is what that means for a message."""

    def __init__(self, outcome: Misconfigured | Temporary) -> None:
        super().__init__(outcome.detail)
        self.outcome = outcome


class Stale(Exception):
    """A kept connection had been closed by the server before this message was offered."""


def refusal(code: int, reply: bytes | str, stage: str) -> Misconfigured | Temporary:
    """What a refusal of the connection means for every message that was to go over it."""
    outcome = outcome_of(code, reply, stage=stage)
    if isinstance(outcome, Misconfigured | Temporary):
        return outcome
    return Temporary(None, UNREACHABLE, f"{code} {reply!r}")


class SmtpMailer:
    """A conversation Django's backend has opened, used for bytes we have built ourselves.

    Not smtplib's sendmail: it parses addresses and quotes the message anew each time, and after a broken line it
    does not tell how far the message had come.
    """

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp
        self._sizes = smtp.has_extn("size")
        self._pipelines = smtp.has_extn("pipelining")
        self._has_sent = False
        self.is_open = True

    def deliver(self, wire: WireMessage) -> Outcome:
        """The steps of RFC 5321, to know how far a message came when the line breaks.

        Before its data was offered nothing can have arrived; from then on only an answer tells.
        """
        try:
            outcome = self._envelope(wire)
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            if self._has_sent:
                raise Stale from None
            return Temporary(None, UNREACHABLE, f"{type(error).__name__}: {error}")
        self._has_sent = True
        if outcome is not None:
            return outcome
        try:
            self._smtp.send(_dot_stuffed(wire.data))
            code, reply = self._smtp.getreply()
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            self._drop()
            return Uncertain(f"The connection ended while the message was handed over ({error}).")
        return self._after(outcome_of(code, reply, stage=DATA, message_id=wire.message_id), code)

    def _envelope(self, wire: WireMessage) -> Outcome | None:
        """Sender, recipient, and leave to send the data; an outcome when one of them is refused."""
        size = f" size={len(wire.data)}" if self._sizes else ""
        steps = [
            (SENDER, f"MAIL FROM:<{wire.sender}>{size}"),
            (RECIPIENT, f"RCPT TO:<{wire.recipient}>"),
            (DATA, "DATA"),
        ]
        replies = self._together(steps) if self._pipelines else self._one_by_one(steps)
        for (stage, _command), (code, reply) in zip(steps, replies, strict=False):
            if code == 421 and self._has_sent:
                self._drop()
                raise Stale
            if 200 <= code < 400 and (code == INVITED) != (stage == DATA):
                # Not a word of the protocol: no knowing what the server takes our data for.
                self._drop()
                return Temporary(None, "deferred", f"Unexpected answer: {code} {reply!r}")
            if code >= 400 or code < 0:
                self._leave_data(replies)
                return self._after(outcome_of(code, reply, stage=stage), code)
        return None

    def _one_by_one(self, steps: list[tuple[str, str]]) -> list[Reply]:
        replies: list[Reply] = []
        for _stage, command in steps:
            replies.append(self._smtp.docmd(command))
            if not 200 <= replies[-1][0] < 400:
                break
        return replies

    def _together(self, steps: list[tuple[str, str]]) -> list[Reply]:
        """RFC 2920: one write, then the answers; two round trips a message instead of four."""
        self._smtp.send("".join(f"{command}\r\n" for _stage, command in steps).encode("ascii"))
        replies: list[Reply] = []
        for _step in steps:
            replies.append(self._smtp.getreply())
            if replies[-1][0] == 421:
                break
        return replies

    def _leave_data(self, replies: list[Reply]) -> None:
        """A server may invite the data although it refused the only recipient: then end it empty."""
        if len(replies) == 3 and replies[2][0] == INVITED:
            self._smtp.send(b".\r\n")
            self._smtp.getreply()

    def _after(self, outcome: Outcome, code: int) -> Outcome:
        """Leave the connection clean for the next message; the outcome stands whatever happens to it."""
        if 200 <= code < 300:
            return outcome
        if code == 421:
            self._drop()
            return outcome
        try:
            self._smtp.rset()
        except (smtplib.SMTPServerDisconnected, OSError):
            self._drop()
        return outcome

    def check(self) -> None:
        """NOOP."""
        try:
            code, reply = self._smtp.noop()
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            raise Refused(Temporary(None, UNREACHABLE, str(error))) from None
        if code != 250:
            raise Refused(refusal(code, reply, SENDER))

    def _drop(self) -> None:
        self.is_open = False
        self._smtp.close()

    def close(self) -> None:
        """QUIT, and never mind the answer."""
        if not self.is_open:
            return
        self.is_open = False
        try:
            self._smtp.quit()
        except (smtplib.SMTPException, OSError):
            self._smtp.close()


def _dot_stuffed(data: bytes) -> bytes:
    """The data and its end; a line that begins with a dot gets another (RFC 5321, 4.5.2)."""
    return data.replace(b"\r\n.", b"\r\n..") + b".\r\n"
