"""The plugin as Saleor sees it: its settings, its hooks in one line each, its doors."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from saleor.plugins.base_plugin import BasePlugin
from saleor.plugins.models import PluginConfiguration

from cavaco_plugin.hosts.plugin import configuration, doors, settings_form
from cavaco_plugin.hosts.plugin.hooks import (
    saw_checkout,
    saw_customer,
    saw_fulfillment,
    saw_order,
    saw_orders,
)


class CavacoPlugin(BasePlugin):
    """Drip flows, consent and one policy over all channels, inside Saleor."""

    PLUGIN_ID = "cavaco"
    PLUGIN_NAME = "Cavaco"
    PLUGIN_DESCRIPTION = (
        "Talks to each customer like a good shopkeeper: abandoned cart, welcome and post-purchase "
        "flows by e-mail and SMS, never too often and never after it stopped being true."
    )
    # Saleor's dashboard lists no inactive plugin: an owner could not find it to switch it on.
    DEFAULT_ACTIVE = True
    # With True, Saleor calls global hooks once for each channel a request has loaded, or never.
    CONFIGURATION_PER_CHANNEL = False
    DEFAULT_CONFIGURATION = settings_form.DEFAULTS
    CONFIG_STRUCTURE = settings_form.STRUCTURE

    checkout_created = saw_checkout
    checkout_updated = saw_checkout
    checkout_fully_paid = saw_checkout
    checkout_fully_authorized = saw_checkout
    checkout_metadata_updated = saw_checkout
    order_created = saw_order
    order_updated = saw_order
    order_confirmed = saw_order
    order_fulfilled = saw_order
    order_cancelled = saw_order
    order_expired = saw_order
    order_refunded = saw_order
    order_fully_refunded = saw_order
    order_metadata_updated = saw_order
    order_bulk_created = saw_orders
    fulfillment_created = saw_fulfillment
    fulfillment_approved = saw_fulfillment
    customer_created = saw_customer
    customer_updated = saw_customer
    customer_deleted = saw_customer
    customer_metadata_updated = saw_customer
    account_confirmed = saw_customer
    account_email_changed = saw_customer

    def webhook(self, request: HttpRequest, path: str, previous_value: Any) -> HttpResponse:
        """Everything below /plugins/global/cavaco/ (and below /plugins/cavaco/)."""
        return doors.answer(request=request, path=path, is_active=self.active)

    @classmethod
    def validate_plugin_configuration(
        cls, plugin_configuration: PluginConfiguration, **kwargs: Any
    ) -> None:
        """Refuse a wrong value at saving, by the name of its field."""
        errors = configuration.errors_in(configuration.values_of(plugin_configuration))
        if errors:
            raise ValidationError(errors)

    @classmethod
    def pre_save_plugin_configuration(cls, plugin_configuration: PluginConfiguration) -> None:
        """Seal the secrets into our own table and leave only a mark of them here."""
        configuration.take_over(plugin_configuration)
