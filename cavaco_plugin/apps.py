"""The Django app, the same in both homes."""

from importlib import import_module

from django.apps import AppConfig, apps


class CavacoConfig(AppConfig):
    name = "cavaco_plugin"
    label = "cavaco"
    verbose_name = "Cavaco"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        super().import_models()
        # While models load is the last moment before Saleor builds its permission enum.
        if apps.is_installed("saleor.core"):
            import_module("cavaco_plugin.hosts.plugin.permissions").offer()

    def ready(self) -> None:
        import_module("cavaco_plugin.checks")
        if apps.is_installed("saleor.core"):
            import_module("cavaco_plugin.hosts.plugin.setup").ready()
