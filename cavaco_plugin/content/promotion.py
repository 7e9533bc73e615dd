"""Words that make a message an advertisement, in the languages the product speaks."""

from __future__ import annotations

import re

from cavaco_plugin.content.shield import LIQUID

_WORDS = (
    r"\d+\s?(?:%|percent|prozent|pour cent|por ciento|procent)",
    r"discounts?", r"vouchers?", r"coupons?", r"promo(?:tion|tions|s)?\b", r"special offers?", r"on sale",
    r"clearance", r"rabatte?", r"gutscheine?", r"sonderangebote?", r"ausverkauf", r"remises?", r"soldes",
    r"bons? de réduction", r"code promo", r"descuentos?", r"rebajas?", r"cup(?:ón|ones)", r"ofertas? especial(?:es)?",
    r"rabat(?:u|em|y)?", r"zniżk\w+", r"promocj\w+", r"wyprzedaż\w*", r"kupon\w*",
)  # fmt: skip
_PROMOTION = re.compile(rf"(?<!\w)(?:{'|'.join(_WORDS)})(?!\w)", re.IGNORECASE)


def promotional_words(text: str) -> list[str]:
    """Those `text` contains, as written and each once; what variables bring is not looked at."""
    return list(dict.fromkeys(match[0] for match in _PROMOTION.finditer(LIQUID.sub(" ", text))))
