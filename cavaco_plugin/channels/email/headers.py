"""Header lines of an e-mail, safe by construction: nothing a person typed can begin a new line."""

import binascii
import re
from collections.abc import Mapping
from functools import lru_cache

import idna

# What the message's own frame decides; a caller's header may not compete with it.
STRUCTURAL = frozenset(
    "from to cc bcc sender reply-to subject date message-id mime-version content-type "
    "content-transfer-encoding content-disposition received return-path dkim-signature".split()
)
LONGEST_LINE = 998  # RFC 5322, without the line end
FOLD_AT = 76
WORD_BYTES = 45  # base64 of 45 bytes and its frame stay within the 75 an encoded word may have

_NAME = re.compile(r"[!-9;-~]+")
_BREAKS = re.compile(r"[\x00-\x20\x7f\x85\u2028\u2029]+")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")


class BadHeader(ValueError):
    """A header or an address that no mail may carry; the text says which."""


def one_line(text: str) -> str:
    """`text` with every run of white space and control characters as one space."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    # A lone surrogate has no UTF-8 form; it comes from broken input and stands for nothing.
    return _BREAKS.sub(" ", text).strip().encode("utf-8", "replace").decode()


def unstructured(text: str) -> str:
    """A subject or the like: as it is when plain, else in RFC 2047 words; folded when long."""
    line = one_line(text)
    if not line.isascii() or "=?" in line:
        return _encoded_words(line)
    if len(line) <= FOLD_AT - len("Subject: "):
        return line
    return _folded(line)


def _encoded_words(line: str) -> str:
    words, chunk = [], b""
    for character in line:
        piece = character.encode()
        if len(chunk) + len(piece) > WORD_BYTES:
            words.append(chunk)
            chunk = b""
        chunk += piece
    words.append(chunk)
    return "\r\n ".join(
        f"=?utf-8?b?{binascii.b2a_base64(word, newline=False).decode()}?=" for word in words
    )


def _folded(line: str) -> str:
    lines = [""]
    room = FOLD_AT - len("Subject: ")
    for word in line.split(" "):
        if len(word) > LONGEST_LINE - 100:
            return _encoded_words(line)
        if lines[-1] and len(lines[-1]) + 1 + len(word) > room:
            lines.append(word)
            room = FOLD_AT
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\r\n ".join(lines)


def address(text: str) -> str:
    """The address as it may stand on the wire, its domain in ASCII."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not _LOCAL.fullmatch(local):
        raise BadHeader(f"address: {text!r} is not an e-mail address that SMTP can carry.")
    return f"{local}@{_ascii_domain(domain)}"


@lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError) as error:
        raise BadHeader(f"address: {domain!r} is not a domain name ({error}).") from None


def mailbox(address_text: str, name: str = "") -> str:
    """`Name <address>` with the name quoted or encoded as it needs."""
    bare = address(address_text)
    line = one_line(name)
    if not line:
        return bare
    if not line.isascii() or "=?" in line or len(line) > FOLD_AT:
        return f"{_encoded_words(line)}\r\n <{bare}>"
    if not _ATOMS.fullmatch(line):
        line = '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{line} <{bare}>"


def extra_lines(headers: Mapping[str, str]) -> str:
    """The caller's own headers. A name or value that could forge another line is an error, not a repair."""
    return "".join(f"{name}: {_extra_value(name, value)}\r\n" for name, value in headers.items())


def checked(headers: Mapping[str, str]) -> dict[str, str]:
    """The caller's headers for a provider that builds the message itself, held to the same rules."""
    return {name: _checked_value(name, value) for name, value in headers.items()}


def _extra_value(name: str, value: str) -> str:
    line = _checked_value(name, value)
    if not line.isascii() or "=?" in line:
        return _encoded_words(line)
    if len(name) + 2 + len(line) > LONGEST_LINE:
        raise BadHeader(
            f"headers: {name} is longer than the {LONGEST_LINE} characters a line may have."
        )
    return line


def _checked_value(name: str, value: str) -> str:
    if not _NAME.fullmatch(name):
        raise BadHeader(f"headers: {name!r} is not a header name.")
    if name.lower() in STRUCTURAL:
        raise BadHeader(f"headers: {name} is set by the message itself and cannot be given.")
    if _CONTROL.search(value):
        raise BadHeader(f"headers: {name} holds a line break or control character.")
    return one_line(value)
