"""What is missing to send: sender, address, provider keys, DNS."""

from cavaco_plugin.channels import configuration, registry
from cavaco_plugin.channels.contract import CHANNELS, Finding
from cavaco_plugin.channels.email import dns
from cavaco_plugin.channels.registry import UnknownProvider
from cavaco_plugin.channels.seal import BrokenSeal
from cavaco_plugin.channels.validation import WrongSettings
from cavaco_plugin.store import port


def missing_to_send(*, checks_dns: bool = True) -> list[Finding]:
    """Everything an owner still has to do, in the order they should do it."""
    shop = port.current().shop("")
    findings = [
        Finding(code="missing", field=field, message=message, remedy=remedy)
        for field, message, remedy in _SHOP
        if not getattr(shop, field)
    ]
    for channel in CHANNELS:
        findings += _provider(channel)
    if checks_dns and shop.sender_email:
        findings += dns.check_sender(shop.sender_email.rpartition("@")[2])
    return findings


def _provider(channel: str) -> list[Finding]:
    try:
        active = configuration.active(channel=channel)
    except WrongSettings as wrong:
        return wrong.findings
    except (UnknownProvider, BrokenSeal) as wrong:
        message, _, remedy = str(wrong).partition(". ")
        return [Finding(code="wrong_settings", message=f"{message}.", remedy=remedy)]
    if active is None:
        return [
            Finding(
                code="no_provider",
                message=f"No provider is set up for {channel}.",
                remedy=f"Choose one of {', '.join(p.name for p in registry.providers_of(channel))}.",
            )
        ]
    return list(active.provider.check(active.settings))


_SHOP = (
    ("sender_email", "There is no sender e-mail.", "Enter an address of your own domain."),
    ("postal_address", "There is no postal address.", "Enter it: every e-mail must show one."),
    ("storefront_url", "The storefront's URL is unknown.", "Enter the front page of your shop."),
    ("cart_url", "The cart's URL is unknown.", "Enter where a customer takes a cart up again."),
)
