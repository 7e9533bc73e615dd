"""`cavaco_shop`: how the shop introduces itself, where no dashboard page asks for it."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cavaco_plugin.kernel.database import writing
from cavaco_plugin.store import shop


class Command(BaseCommand):
    """Values given are laid over those saved before; an empty value takes one back."""

    help = "Show or change how the shop signs its messages: cavaco_shop name='My shop' …"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`field=value`, as many as one likes."""
        parser.add_argument("values", nargs="*", metavar="FIELD=VALUE")
        parser.add_argument(
            "--sales-channel", default="", help="Only for this one; others keep the default."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Save what was given, and show what holds."""
        given = dict(self._pair(text) for text in options["values"])
        channel = options["sales_channel"]
        saved = shop.said_in(channel)
        if given:
            kept = {field: value for field, value in {**saved, **given}.items() if value}
            try:
                with writing():
                    shop.save_identity(values=kept, sales_channel=channel, now=timezone.now())
            except shop.InvalidShop as wrong:
                raise CommandError(str(wrong)) from None
            saved = shop.said_in(channel)
        self.stdout.write(json.dumps(saved, indent=1, ensure_ascii=False))

    def _pair(self, text: str) -> tuple[str, str]:
        field, sign, value = text.partition("=")
        if not sign:
            fields = ", ".join(shop.ShopValues.model_fields)
            raise CommandError(f"{text!r}: write field=value. The fields are: {fields}.")
        return field.strip(), value.strip()
