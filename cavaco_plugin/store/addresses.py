"""The one spelling of an e-mail address and of a phone number. Pure.

Two spellings that reach one mailbox for sure are one address: case, surrounding space and the two
forms of an international domain. Dots and plus signs are left alone, for only the mail server
knows what they mean.
"""

import unicodedata

import idna
import phonenumbers

LONGEST_EMAIL = 254


def normalise_email(text: str) -> str:
    """The address in its one spelling, or "" if it is none."""
    local, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    address = f"{local.lower()}@{_ascii_domain(domain)}"
    is_whole = bool(at and local and "." in address.rpartition("@")[2])
    # Every other space counts as not printable.
    is_plain = address.isprintable() and " " not in address
    return address if is_whole and is_plain and len(address) <= LONGEST_EMAIL else ""


def _ascii_domain(domain: str) -> str:
    domain = domain.rstrip(".").lower()
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return ""


def normalise_phone(text: str, *, country: str = "") -> str:
    """The number as E.164, read as dialled in `country`; "" if it is none that could be called."""
    try:
        number = phonenumbers.parse(text, country.upper() or None)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
