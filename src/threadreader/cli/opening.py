"""Opening the reader; where there is no terminal, the posts are printed instead, and how to open them."""

import gc
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from threadreader.cli import complain
from threadreader.cli.progress import Progressing
from threadreader.config import Places, own_seeds, settings_file
from threadreader.errors import IndexStale, LibraryError
from threadreader.library import Library, Target
from threadreader.model import harmless
from threadreader.settings.file import SettingsFile

Result = TypeVar("Result")


def in_library(
    places: Places, action: Callable[[Library], Result], *, quiet: bool = False, unfilled: bool = False
) -> Result:
    """Run `action` with the library; once more with a new index if it comes upon damage in the old one.

    `quiet` draws no bar meanwhile. An action that fills the index itself may have the library `unfilled`.
    """
    with Progressing("Building the index") as progress:
        library = Library.open(places.library, progress=None if quiet else progress, unfilled=unfilled)
    try:
        with library:
            return _kept_safe(library, action)
    except IndexStale:
        with Progressing("Building the index") as progress:
            library = Library.open(places.library, progress=None if quiet else progress, anew=True)
        with library:
            return _kept_safe(library, action)


def _kept_safe(library: Library, action: Callable[[Library], Result]) -> Result:
    """Run `action`, and make the backup of the day after it."""
    for notice in library.annotations.notices:
        complain(notice)
    result = action(library)
    try:
        library.annotations.back_up_if_due()
    except LibraryError as error:
        complain(str(error))
    return result


def open_paths(places: Places, paths: Sequence[Path]) -> int:
    """Open the reader on `paths`, on our own threads if there is nothing else; gives the exit status."""
    return in_library(places, lambda library: _open_paths(library, paths), unfilled=has_terminal())


def open_aloud(places: Places, paths: Sequence[Path]) -> int:
    """Read `paths`, or what is there, line by line in words; gives the exit status."""
    return in_library(places, lambda library: _open_aloud(library, paths), quiet=True)


def open_reader(library: Library, paths: Sequence[Path], target: Target | None) -> int:
    """Run the reader until it is left; gives the exit status."""
    # Textual looks at these as it is imported. Its own 100 ms are felt after every Esc, and what a key brings
    # would wait for the next of its sixty frames a second.
    os.environ.setdefault("ESCDELAY", "25")
    os.environ.setdefault("TEXTUAL_FPS", "240")
    sys.setswitchinterval(0.0005)  # drawing is to wait less than its own 5 ms for a search beside it
    gc.disable()  # nothing becomes garbage before the first screen; the app begins to collect then
    _import_asyncio()
    # Textual would turn the colours of any theme to greys, that of the settings too.
    colours = not os.environ.pop("NO_COLOR", "")
    from threadreader.ui.app import DUMB, ThreadReaderApp

    is_dumb = os.environ.get("TERM") == DUMB
    app = ThreadReaderApp(
        library,
        paths=paths,
        target=target,
        settings=SettingsFile(settings_file()),
        colours=colours and not is_dumb,
    )
    app.run(mouse=not is_dumb)
    return app.return_code or 0


def _import_asyncio() -> None:
    """Import asyncio without OpenSSL, which it would load: the reader speaks to no network.

    That takes 4 MB, and a fiftieth of the time to the first screen.
    """
    if "ssl" in sys.modules:
        return
    sys.modules["ssl"] = None  # type: ignore[assignment]  # as the import system has it: there is none
    try:
        import asyncio  # noqa: F401
    finally:
        del sys.modules["ssl"]


def has_terminal() -> bool:
    """Is there somebody to read and to press keys?"""
    return all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _open_paths(library: Library, paths: Sequence[Path]) -> int:
    documents = [path for path in paths if not path.is_dir()]
    if has_terminal():
        # A folder is looked through while one already reads; a document is what one came for.
        status = _read(library, documents) if documents else 0
        if status == 0:
            target = _post_in(library, documents[0]) if len(documents) == 1 else None
            return open_reader(library, _or_own(library, paths), target)
        return status
    if library.read_only:
        complain(f"{library.folder}: can't be written, so marks are not kept.")
    status = _read(library, _or_own(library, paths))
    _print_posts(library)
    return status


def _open_aloud(library: Library, paths: Sequence[Path]) -> int:
    from threadreader.cli.reading_aloud import read_aloud, say_everything

    added = library.refresh(_or_own(library, paths))
    status = max([complain(one.error) for one in added if one.error], default=0)
    named = (
        [] if any(map(Path.is_dir, paths)) else [post for path in paths if (post := _post_in(library, path))]
    )
    if has_terminal():
        read_aloud(library, named[0] if len(named) == 1 else None)
    else:
        say_everything(
            library, [post for post, _ in named] or [post.id for post in library.index.posts()], print
        )
    return status


def _or_own(library: Library, paths: Sequence[Path]) -> Sequence[Path]:
    """`paths`; in a library without posts, our own threads if there are none."""
    has_posts = library.index.is_unfinished or not library.index.is_empty()
    return paths if paths or has_posts else [own_seeds()]


def _read(library: Library, paths: Sequence[Path]) -> int:
    """Read what is new in `paths`, and tell of what failed; gives the exit status."""
    if library.must_fill:  # what comes is compared with all that is there
        with Progressing("Building the index") as progress:
            library.fill(progress)
    with Progressing("Reading") as progress:
        results = library.refresh(paths, progress=progress)
    return max([complain(added.error) for added in results if added.error], default=0)


def _post_in(library: Library, document: Path) -> Target | None:
    """The post that a document holds."""
    stamp = library.index.seen(str(document.absolute()))
    posts = library.index.posts_of_digest(stamp.digest) if stamp else []
    return (posts[0], None) if posts else None


def _print_posts(library: Library) -> None:
    import click

    from threadreader.cli.lines import post_lines

    for line in post_lines(library.listed()):
        click.echo(line)
    reader = f"threadreader --library {shlex.quote(str(library.folder))}"
    click.echo("\nTo read them in a terminal:\n  " + harmless(reader))
    click.echo("To print one here:\n  " + harmless(f"{reader} show 1"))
