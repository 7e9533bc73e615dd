"""The Django app."""

from django.apps import AppConfig


class InstallationConfig(AppConfig):
    """Holds one row a Saleor."""

    name = "cavaco_plugin.hosts.app.installation"
    label = "cavaco_installation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Answer the core's questions about the shop from here on."""
        from cavaco_plugin.hosts.app.start import start

        start()
