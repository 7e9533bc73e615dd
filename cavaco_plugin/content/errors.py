"""What goes wrong with a template: once when it is published, and (rarely) when it is rendered."""

from __future__ import annotations


class TemplateInvalid(ValueError):
    """A template that must not be published.

    Attributes:
        field: where the fault is, such as ``body`` or ``strings.de.subject``.
        code: a stable word for programs.
        message: what is wrong, for people.
        remedy: what to do about it.
    """

    def __init__(self, *, field: str, code: str, message: str, remedy: str) -> None:
        super().__init__(f"{field}: {message} {remedy}")
        self.field = field
        self.code = code
        self.message = message
        self.remedy = remedy


class RenderFailed(RuntimeError):
    """A message that cannot be rendered, because what it needs is not there or grew too large."""

    def __init__(self, *, part: str, detail: str) -> None:
        super().__init__(f"{part}: {detail}")
        self.part = part
        self.detail = detail
