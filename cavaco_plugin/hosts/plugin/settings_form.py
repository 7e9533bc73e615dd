"""The form that Saleor's dashboard shows for the plugin, and where each field goes."""

from dataclasses import dataclass
from typing import Any

from saleor.plugins.base_plugin import ConfigurationTypeField as FieldType

from cavaco_plugin.store import declarations

# Typed into a secret's field, it forgets the secret: Saleor itself can not clear one.
CLEAR = "clear"


@dataclass(frozen=True, slots=True)
class Setting:
    """One field of the dashboard's form.

    Attributes:
        goes_to: "shop", or "channel.provider" for a provider's settings, or "email" / "sms" for
            the choice of a provider.
        name: the name it has there.
    """

    goes_to: str
    name: str
    label: str
    help_text: str
    type: str = FieldType.STRING
    default: Any = ""


SETTINGS: dict[str, Setting] = {
    "shop_name": Setting("shop", "name", "Shop name", "Leave empty for the name of Saleor's site."),
    "sender_name": Setting("shop", "sender_name", "Sender name", "Who messages come from."),
    "sender_email": Setting(
        "shop", "sender_email", "Sender e-mail", "An address of a domain you have set up to send."
    ),
    "reply_to": Setting("shop", "reply_to", "Reply-to e-mail", "Where answers go, if elsewhere."),
    "storefront_url": Setting(
        "shop", "storefront_url", "Storefront URL", "The front page of your shop."
    ),
    "cart_url": Setting(
        "shop",
        "cart_url",
        "Cart URL",
        "Where a customer takes a cart up again; {checkout_id} stands for the checkout's id.",
    ),
    "product_url": Setting(
        "shop", "product_url", "Product URL", "A product's page; {slug} stands for its slug."
    ),
    "logo_url": Setting("shop", "logo_url", "Logo URL", "A picture about 320 pixels wide."),
    "colour": Setting("shop", "colour", "Brand colour", "Like #1f2937; used for buttons."),
    "postal_address": Setting(
        "shop",
        "postal_address",
        "Postal address",
        "In one line; it stands at the foot of every e-mail, as the law asks.",
    ),
    "support_email": Setting("shop", "support_email", "Support e-mail", "For questions."),
    "time_zone": Setting(
        "shop", "time_zone", "Time zone", "Used where a customer's is unknown, like Europe/Berlin."
    ),
    "consent_metadata_key": Setting(
        "declarations",
        "key",
        "Consent metadata key",
        "Where your storefront writes what a customer allowed: email, sms, email,sms or none.",
        default=declarations.DEFAULT_KEY,
    ),
    "double_opt_in": Setting(
        "consent",
        "double_opt_in",
        "Double opt-in",
        "Channels on which a consent counts only once a message to the address was answered: "
        "email, sms or email,sms.",
    ),
    "email_provider": Setting(
        "email", "provider", "E-mail provider", "smtp or sendgrid.", default="smtp"
    ),
    "smtp_host": Setting(
        "email.smtp", "host", "SMTP host", "Leave empty to use Saleor's own e-mail settings."
    ),
    "smtp_port": Setting("email.smtp", "port", "SMTP port", "587 with starttls, 465 with tls."),
    "smtp_security": Setting("email.smtp", "security", "SMTP security", "starttls, tls or none."),
    "smtp_username": Setting(
        "email.smtp", "username", "SMTP user name", "The name to log in with."
    ),
    "smtp_password": Setting(
        "email.smtp", "password", "SMTP password", f"Type “{CLEAR}” to forget it.", FieldType.SECRET
    ),
    "sendgrid_api_key": Setting(
        "email.sendgrid",
        "api_key",
        "SendGrid API key",
        f"Type “{CLEAR}” to forget it.",
        FieldType.SECRET,
    ),
    "sendgrid_verification_key": Setting(
        "email.sendgrid",
        "webhook_public_key",
        "SendGrid webhook verification key",
        "From SendGrid's signed event webhook settings.",
    ),
    "sms_provider": Setting("sms", "provider", "SMS provider", "twilio, or empty for no SMS."),
    "twilio_account_sid": Setting(
        "sms.twilio", "account_sid", "Twilio account SID", "Begins with AC."
    ),
    "twilio_auth_token": Setting(
        "sms.twilio",
        "auth_token",
        "Twilio auth token",
        f"Type “{CLEAR}” to forget it.",
        FieldType.SECRET,
    ),
    "twilio_from_number": Setting(
        "sms.twilio", "from_number", "Twilio number", "Like +15005550006, or a messaging service."
    ),
    "twilio_messaging_service_sid": Setting(
        "sms.twilio", "messaging_service_sid", "Twilio messaging service", "Begins with MG."
    ),
}

DEFAULTS = [{"name": name, "value": setting.default} for name, setting in SETTINGS.items()]
STRUCTURE = {
    name: {"type": setting.type, "help_text": setting.help_text, "label": setting.label}
    for name, setting in SETTINGS.items()
}
