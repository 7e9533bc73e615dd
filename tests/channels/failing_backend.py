"""An e-mail backend that fails, as a shop's own may."""

from django.core.mail.backends.base import BaseEmailBackend


class FailingBackend(BaseEmailBackend):
    def send_messages(self, email_messages: object) -> int:
        raise ConnectionError("the other side is gone")
