"""What may be said about the shop, and what is wrong with what was said. Pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator

from cavaco_plugin.store.addresses import normalise_email

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_PLACEHOLDERS = {"cart_url": "{checkout_id}", "product_url": "{slug}"}


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_whole = parts.scheme in ("http", "https") and bool(parts.hostname)
    return is_whole and text.isprintable() and " " not in text


class InvalidShop(ValueError):
    """`errors` names each wrong field with the remedy."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors.items()))
        self.errors = dict(errors)


class ShopValues(BaseModel):
    """The fields of a shop's introduction; "" means: as in the default."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    name: str = ""
    storefront_url: str = ""
    cart_url: str = ""
    product_url: str = ""
    logo_url: str = ""
    colour: str = "#1f2937"
    postal_address: str = ""
    support_email: str = ""
    sender_email: str = ""
    sender_name: str = ""
    reply_to: str = ""
    language: str = "en"
    country: str = ""
    time_zone: str = "UTC"

    @field_validator("storefront_url", "logo_url", "cart_url", "product_url")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not _is_web_address(value):
            raise ValueError(
                f"{value!r} is no web address. Begin it with https://, such as https://shop.example/."
            )
        return value

    @field_validator("cart_url", "product_url")
    @classmethod
    def _has_placeholder(cls, value: str, info: object) -> str:
        placeholder = _PLACEHOLDERS[info.field_name]  # type: ignore[attr-defined]
        if value and set(re.findall(r"\{[^}]*\}", value)) != {placeholder}:
            raise ValueError(f"{value!r} must hold {placeholder} once and no other braces.")
        return value

    @field_validator("support_email", "sender_email", "reply_to")
    @classmethod
    def _is_email(cls, value: str) -> str:
        if value and not normalise_email(value):
            raise ValueError(
                f"{value!r} is no e-mail address. Write it as hello@shop.example, without a name."
            )
        return value

    @field_validator("name", "sender_name", "postal_address")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        if not value.isprintable():
            raise ValueError("holds a line break or a control character. Write it in one line.")
        return value

    @field_validator("colour")
    @classmethod
    def _is_colour(cls, value: str) -> str:
        if not _COLOUR.fullmatch(value):
            raise ValueError(f"{value!r} is no colour. Write it as #1f6f5c.")
        return value

    @field_validator("language")
    @classmethod
    def _is_language(cls, value: str) -> str:
        if not _LANGUAGE.fullmatch(value):
            raise ValueError(f"{value!r} is no language. Write it as en or de-AT.")
        return value

    @field_validator("country")
    @classmethod
    def _is_country(cls, value: str) -> str:
        if value and not re.fullmatch("[A-Za-z]{2}", value):
            raise ValueError(f"{value!r} is no country. Write its two letters, such as DE.")
        return value.upper()

    @field_validator("time_zone")
    @classmethod
    def _is_time_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is no time zone. Write it as Europe/Berlin.") from error
        return value


def checked(values: Mapping[str, object]) -> ShopValues:
    """The values, if all are right.

    Raises:
        InvalidShop: by field, what is wrong and how to put it right.
    """
    if not isinstance(values, Mapping):
        raise InvalidShop({"shop": "is no object. Give each field with its value."})
    try:
        return ShopValues.model_validate(values)
    except ValidationError as error:
        raise InvalidShop(
            {str(e["loc"][0]): _said(e["type"], e["msg"]) for e in error.errors()}
        ) from error


def _said(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return f"is not known. Use one of {', '.join(ShopValues.model_fields)}."
    if kind == "string_type":
        return "is no text. Write it in quotation marks."
    return message.removeprefix("Value error, ")
