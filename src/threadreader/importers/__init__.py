"""Documents in, drafts out: each layout has a module that claims its documents and reads them.

A module is an importer when it has the two functions of `Importer`. It is found by its entry point in the
group `threadreader.importers`, so that another package can bring one.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol, cast

from threadreader.errors import DocumentUnreadable, NoThreadFound
from threadreader.importers import archive
from threadreader.importers.asked import forget_document
from threadreader.importers.decode import Decoded, decoded
from threadreader.importers.tags import is_markup
from threadreader.model import Draft, harmless

# Some 130,000 comments. More, or as much in very short lines, could take more than 1 GB of memory.
MAX_BYTES = 64 * 1024 * 1024
MAX_LINES = 3_000_000
_SMALLER = "Split it, or save one post at a time."


class Importer(Protocol):
    """What a module in the group `threadreader.importers` offers."""

    def identify(self, text: str) -> int:
        """How many lines of `text` are explained as marks of this layout; 0 when it is another's."""

    def read(self, text: str) -> Sequence[Draft]:
        """The threads in `text`, which `identify` claimed.

        Raises NoThreadFound where there is none, and says why, but not in which document.
        """


def read(path: Path) -> tuple[Draft, ...]:
    """The threads in the document at `path`.

    Raises DocumentUnreadable for what is missing, forbidden, no file, empty, binary or, told before it is
    read, larger than `MAX_BYTES` or of more than `MAX_LINES`; NoThreadFound for a text in no known layout.
    """
    return read_bytes(document(path), str(path))


def read_bytes(data: bytes, name: str) -> tuple[Draft, ...]:
    """The threads in `data`, the bytes of a document that errors call `name`; raises as `read` does."""
    _check_size(len(data), name)
    if data.startswith(archive.ZIP):
        return _read_archive(data, name)
    plain = decoded(data, name)
    if plain.text.count("\n") > MAX_LINES:
        raise DocumentUnreadable(f"{name}: more than {MAX_LINES:,} lines. {_SMALLER}")
    text = harmless(plain.text)
    try:
        drafts = _read_by(_claimant(text, name), text, name)
    finally:
        forget_document()
    return tuple(_told_encoding(drafts, plain))


def _read_archive(data: bytes, name: str) -> tuple[Draft, ...]:
    """The threads of every feed in a zip archive; of one blog without any the others are still read."""
    drafts: list[Draft] = []
    nothing: NoThreadFound | None = None
    for feed in archive.feeds_in(data, name, MAX_BYTES):
        try:
            drafts += read_bytes(feed, name)
        except NoThreadFound as error:
            nothing = error
    if nothing and not drafts:
        raise nothing
    return tuple(drafts)


def _read_by(importer: Importer, text: str, name: str) -> Sequence[Draft]:
    try:
        return importer.read(text)
    except NoThreadFound as error:
        raise NoThreadFound(f"{name}: {error}") from None


def document(path: Path) -> bytes:
    """The bytes of the document at `path`; raises DocumentUnreadable if missing, forbidden or too large."""
    try:
        if path.is_dir():
            raise DocumentUnreadable(f"{path}: a folder, not a document. Name a file in it.")
        size = path.stat().st_size
        if not path.is_file():
            raise DocumentUnreadable(f"{path}: not a regular file. Save the page as a document.")
        _check_size(size, str(path))
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # a file that still grows is refused, not swallowed
    except FileNotFoundError:
        raise DocumentUnreadable(f"{path}: there is no such document. Check the name.") from None
    except PermissionError:
        raise DocumentUnreadable(f"{path}: may not be read. Check its permissions.") from None
    except (OSError, ValueError) as error:
        raise DocumentUnreadable(f"{path}: can't be read ({error}).") from error


def _check_size(size: int, name: str) -> None:
    if size > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise DocumentUnreadable(f"{name}: larger than {limit} MiB, which no saved page is. {_SMALLER}")


def _claimant(text: str, name: str) -> Importer:
    """The importer that explains most lines of `text`; of equals the first by name."""
    most, claimant = 0, None
    for importer in _importers():
        if (claim := importer.identify(text)) > most:
            most, claimant = claim, importer
        if most > text.count("\n"):  # every line is explained: nobody else can explain more
            break
    if claimant is None and is_markup(text):
        raise NoThreadFound(
            f"{name}: HTML or XML, but no Blogger page and no backup of a blog. "
            "Save the page of a post with its comments."
        )
    if claimant is None:
        raise NoThreadFound(
            f"{name}: no thread found in it (no comment footers, no count line). "
            "Save the page with its comments."
        )
    return claimant


@cache
def _importers() -> tuple[Importer, ...]:
    # Here, for it brings an e-mail parser, and most starts read no document.
    from importlib.metadata import entry_points

    found = sorted(entry_points(group="threadreader.importers"), key=lambda point: point.name)
    return tuple(cast(Importer, point.load()) for point in found)


def _told_encoding(drafts: Iterable[Draft], plain: Decoded) -> Iterator[Draft]:
    for draft in drafts:
        yield draft._replace(encoding=plain.encoding, warnings=draft.warnings + plain.warnings)
