"""Bytes of a document to its text: by BOM, by what it declares, as UTF-8, then by a guess, which is said."""

import codecs
import contextlib
import re
from typing import NamedTuple

from threadreader.errors import DocumentUnreadable
from threadreader.model import ThreadWarning

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "zstandard data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ", "xz data"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
)
# Tab, line ends, form feed and escape stand in texts that came through a terminal.
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\x0b\x0c\x1b") + b"\x7f"
_FEW_CONTROLS = 8
_CONTROLS_PER_BYTE = 1 / 50
_C1 = bytes(range(0x80, 0xA0))
_BEYOND_ASCII = bytes(range(0x80, 0x100))

_BEGINNING = 4096  # bytes in which a page, or the first line of XML, declares its encoding
_DECLARED = (
    re.compile(rb"""^\W{0,8}<\?xml[^<>]{0,100}?\sencoding\s*=\s*["']\s*([\w.:-]{1,40})""", re.IGNORECASE),
    re.compile(rb"""<meta\s[^<>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE),
)
# As browsers read them (encoding.spec.whatwg.org). Whoever can read that it is UTF-16 reads something else.
_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-16": "utf-8", "utf-32": "utf-8", "utf-7": "utf-8"}


class Decoded(NamedTuple):
    """The text of a document and the encoding that gave it."""

    text: str
    encoding: str
    warnings: tuple[ThreadWarning, ...] = ()


def decoded(data: bytes, name: str) -> Decoded:
    """The text in `data`. Raises DocumentUnreadable, calling it `name`, for what is empty or no text."""
    if not data.strip():
        raise DocumentUnreadable(f"{name}: empty. Save the page again.")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _marked(data[len(bom) :], encoding)
    _refuse_binary(data, name)
    if declared := _as_declared(data):
        return declared
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _guessed(data)


def _refuse_binary(data: bytes, name: str) -> None:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise DocumentUnreadable(f"{name}: {kind}, not a text. Save the page as text.")
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > _FEW_CONTROLS + len(data) * _CONTROLS_PER_BYTE:
        raise DocumentUnreadable(f"{name}: binary, not a text. Save the page as text.")


def _as_declared(data: bytes) -> Decoded | None:
    """The text by the encoding that markup declares; None where it declares none, or another than it has.

    What is UTF-8 beyond ASCII is so by no chance, whatever stood in the page that somebody saved.
    """
    head = data[:_BEGINNING]
    if head.lstrip()[:1] != b"<" and b"<?xml" not in head[:16]:
        return None
    found = next((match for pattern in _DECLARED if (match := pattern.search(head))), None)
    if found is None:
        return None
    try:
        encoding = codecs.lookup(found.group(1).decode("ascii")).name
        encoding = _READ_AS.get(encoding, encoding)
        text = data.decode(encoding)
    except (LookupError, UnicodeError):
        return None
    if encoding != "utf-8" and not data.isascii():
        with contextlib.suppress(UnicodeDecodeError):
            return Decoded(data.decode("utf-8"), "utf-8")
    return Decoded(text, encoding)


def _marked(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return _damaged(data, encoding)


def _damaged(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, (_guess(f"Not all of it is {encoding}: what is not is shown as \ufffd."),))


def _guessed(data: bytes) -> Decoded:
    """UTF-8 with a few broken bytes where most sequences are whole, else a Western single-byte encoding."""
    lenient = data.decode("utf-8", "replace")
    broken = lenient.count("\ufffd")
    whole = len(lenient) - broken - len(data.translate(None, _BEYOND_ASCII))
    if whole > 2 * broken:
        return _damaged(data, "utf-8")
    encoding = "latin-1"
    if len(data.translate(None, _C1)) < len(data):
        encoding = "cp1252"
    return Decoded(
        data.decode(encoding, "replace"),
        encoding,
        (_guess(f"It is not UTF-8; read as {encoding}, a guess."),),
    )


def _guess(message: str) -> ThreadWarning:
    return ThreadWarning("encoding-guessed", message)
