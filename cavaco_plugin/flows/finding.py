"""What is wrong with a flow, told to the person who wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake, where it is and what to do about it. Only errors keep a flow from going live."""

    path: str
    code: str
    message: str
    remedy: str
    level: Level = "error"

    def __str__(self) -> str:
        return f"{self.path or 'flow'}: {self.message} {self.remedy}"


class FlowRefused(ValueError):
    """The flow can not go live; `findings` says why, one for each mistake."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(" | ".join(str(finding) for finding in self.findings))


def errors_in(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.level == "error")
