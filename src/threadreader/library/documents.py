"""Which files on the disk are documents to read, and their bytes."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from threadreader import importers
from threadreader.errors import DocumentUnreadable


def in_paths(paths: Iterable[Path], *, apart_from: Path) -> Iterator[tuple[Path, bool]]:
    """Absolute paths of documents, and whether each was named itself, not only a folder that it lies in.

    In a folder, hidden files, READMEs and what lies in `apart_from` are no documents. A folder that can't be
    listed stands for its own failure.
    """
    for path in map(Path.absolute, paths):
        if path.is_dir():
            yield from _in_folder(path, apart_from)
        else:
            yield path, True


def _in_folder(top: Path, apart_from: Path) -> Iterator[tuple[Path, bool]]:
    closed: list[OSError] = []
    for name, folders, names in os.walk(top, onerror=closed.append):
        folder = Path(name)
        folders[:] = sorted(f for f in folders if not f.startswith(".") and folder / f != apart_from)
        yield from ((folder / name, False) for name in sorted(names) if _may_be_document(name))
    yield from ((Path(error.filename), True) for error in closed)


def _may_be_document(name: str) -> bool:
    return not name.startswith(".") and not name.lower().startswith("readme")


def is_plain(path: Path) -> bool:
    """Can the path be written down as text? Not every name on a disk can."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def content(path: Path) -> tuple[os.stat_result, bytes]:
    """How a document lies on the disk, and its bytes; raises DocumentUnreadable."""
    if not is_plain(path):
        raise DocumentUnreadable(f"{path}: its name is not UTF-8. Give it another name.")
    if path.is_dir():
        raise DocumentUnreadable(f"{path}: a folder that may not be listed. Check its permissions.")
    try:
        stat = path.stat()  # before the bytes: a change meanwhile is then seen the next time
    except (OSError, ValueError):
        importers.document(path)  # which says what is wrong
        raise
    return stat, importers.document(path)
