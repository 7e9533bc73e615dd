"""What every template of a shop shares: the layout, the building blocks and the common phrases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kit:
    """Layouts and blocks by name; phrases by language and name."""

    layouts: Mapping[str, str]
    blocks: Mapping[str, str] = field(default_factory=dict)
    phrases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def phrases_for(self, language: str) -> Mapping[str, str]:
        """The common phrases in `language`, in English where nobody translated them."""
        base = language.replace("_", "-").split("-")[0].lower()
        return self.phrases.get(language) or self.phrases.get(base) or self.phrases.get("en", {})
