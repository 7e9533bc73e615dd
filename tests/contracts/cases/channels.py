"""Settings that a provider can not work with: `given` is channel, provider and values."""

from typing import Any

from tests.contracts.table import Bad

KEYS = {"api_key": "SG.key"}
ACCOUNT = {"account_sid": "AC" + "0" * 32, "auth_token": "t", "from_number": "+15005550006"}


def smtp(**values: Any) -> tuple[str, str, Any]:
    return "email", "smtp", {"host": "smtp.example.org", **values}


def sendgrid(**values: Any) -> tuple[str, str, Any]:
    return "email", "sendgrid", {**KEYS, **values}


def twilio(**values: Any) -> tuple[str, str, Any]:
    return "sms", "twilio", {**ACCOUNT, **values}


CASES = [
    # what, given, field, code, remedy
    Bad("unknown channel", ("pigeon", "smtp", {}), "provider", "", "Choose one of: none"),
    Bad("unknown provider", ("email", "mailgun", {}), "provider", "", "Choose one of: "),
    Bad("provider of another channel", ("sms", "smtp", {}), "provider", "", "Choose one of: "),
    Bad("misspelt field", smtp(pasword="x"), "pasword", "unknown_field", "Remove it"),
    Bad("host an address", smtp(host="https://smtp.example.org"), "host", "wrong_value", "bare name of the server"),
    Bad("host with a NUL", smtp(host="smtp\x00.org"), "host", "wrong_value", "Take it out"),
    Bad("port zero", smtp(port=0), "port", "wrong_value", "Use 587 with starttls"),
    Bad("port in words", smtp(port="smtp"), "port", "wrong_value", "Use 587 with starttls"),
    Bad("unknown security", smtp(security="ssl"), "security", "wrong_value", "Choose starttls, tls or none"),
    Bad("user name a list", smtp(username=["me"]), "username", "wrong_value", "Enter the name"),
    Bad("user name with a NUL", smtp(username="a\x00b"), "username", "wrong_value", "Take it out"),
    Bad("endless patience", smtp(timeout_seconds=31), "timeout_seconds", "wrong_value", "up to 30"),
    Bad("patience not a number", smtp(timeout_seconds=float("nan")), "timeout_seconds", "wrong_value", "Give a finite number"),
    Bad("key of another provider", sendgrid(api_key="key-1"), "api_key", "wrong_value", "begins with SG."),
    Bad("verification key in words", sendgrid(webhook_public_key="hello"), "webhook_public_key", "wrong_value", "verification key"),
    Bad("address in the clear", sendgrid(api_url="http://api.sendgrid.com"), "api_url", "wrong_value", "https://api.sendgrid.com"),
    Bad("address cut off", sendgrid(api_url="https://[x"), "api_url", "wrong_value", "https://api.sendgrid.com"),
    Bad("switch in words", sendgrid(sandbox="perhaps"), "sandbox", "wrong_value", "true or false"),
    Bad("too many connections", sendgrid(connections=1000), "connections", "wrong_value", "from 1 to 500"),
    Bad("account of another kind", twilio(account_sid="SK" + "0" * 32), "account_sid", "wrong_value", "begins with AC"),
    Bad("number without a country", twilio(from_number="+0123456"), "from_number", "wrong_value", "+15551234567"),
    Bad("prices in words", twilio(prices="cheap"), "prices", "wrong_value", '{"DE": "0.11"}'),
    Bad("price of a country in words", twilio(prices={"Germany": "0.1"}), "prices", "wrong_value", '{"DE": "0.11"}'),
    Bad("price below nothing", twilio(prices={"DE": "-1"}), "prices", "wrong_value", '{"DE": "0.11"}'),
    Bad("currency in words", twilio(price_currency="euro"), "price_currency", "wrong_value", "USD or EUR"),
    Bad("receipts in the clear", twilio(receipts_url="http://shop.example/"), "receipts_url", "wrong_value", "with https"),
]  # fmt: skip

# The same through the environment: `given` is the variables, all for e-mail unless SMS is said.
ENVIRONMENT = [
    Bad("provider nobody has", ("email", {"CAVACO_EMAIL_PROVIDER": "mailgun"}), "CAVACO_EMAIL_PROVIDER", "", "Choose one of: "),
    Bad("wrong key", ("email", {"CAVACO_SENDGRID_API_KEY": "key"}), "api_key", "wrong_value", "begins with SG."),
    Bad("wrong port", ("email", {"CAVACO_SMTP_PORT": "smtp"}), "port", "wrong_value", "587 with starttls"),
    Bad("half a login", ("email", {"CAVACO_SMTP_USERNAME": "me"}), "", "wrong_value", "Set both, or neither"),
    Bad("prices that are no JSON", ("sms", {"CAVACO_TWILIO_PRICES": "DE=1"}), "CAVACO_TWILIO_PRICES", "wrong_value", '{"DE": "0.11"}'),
    Bad("half an account", ("sms", {"CAVACO_SMS_PROVIDER": "twilio", "CAVACO_TWILIO_ACCOUNT_SID": "AC" + "0" * 32}), "auth_token", "missing", "Copy Auth Token"),
]  # fmt: skip
