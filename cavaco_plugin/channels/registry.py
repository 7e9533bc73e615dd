"""Every provider there is: one line each."""

from importlib import import_module

from cavaco_plugin.channels.contract import Provider

FOLDERS = [
    "email.smtp",
    "email.sendgrid",
    "sms.twilio",
]


class UnknownProvider(LookupError):
    """Settings name a provider that this installation does not have."""


def _load(folder: str) -> Provider:
    """Import by name, so that adding a provider is one line here and nothing else."""
    provider: Provider = import_module(f"cavaco_plugin.channels.{folder}").PROVIDER
    return provider


PROVIDERS: dict[tuple[str, str], Provider] = {
    provider.key: provider for provider in map(_load, FOLDERS)
}


def find_provider(*, channel: str, name: str, field: str = "provider") -> Provider:
    """The provider, or an error that lists those there are; `field` is where it was named."""
    try:
        return PROVIDERS[channel, name]
    except KeyError:
        known = ", ".join(sorted(other for kind, other in PROVIDERS if kind == channel)) or "none"
        raise UnknownProvider(
            f"{field}: there is no provider {name!r} for channel {channel!r}. Choose one of: {known}."
        ) from None


def providers_of(channel: str) -> list[Provider]:
    """The providers of one channel, in the order of the registry."""
    return [provider for provider in PROVIDERS.values() if provider.channel == channel]
