"""Settings at the command line: what they are and where each comes from, and a file to edit them in."""

import json
import os
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from threadreader.cli.records import Record
from threadreader.errors import ThreadReaderError
from threadreader.library import write_whole
from threadreader.model import harmless
from threadreader.settings import known
from threadreader.settings.reading import Mistake, ReadSettings, read_settings

_HEAD = """\
# Settings of threadreader. A line counts without the "# " before it; what stands there is the default.
# `threadreader config --show` prints what counts, and what is wrong; the reader follows as the file is saved.
"""
_KEYS = """\

# An action by its id, and its keys: several are parted by commas, those pressed one after the other by
# blanks; empty takes the keys away. As an example:
# "thread.first" = "g g,home"
"""


def checked(path: Path) -> tuple[ReadSettings, Sequence[Mistake]]:
    """The settings, and everything in them that can't be followed."""
    from threadreader.ui import themes  # the ui knows keys and themes
    from threadreader.ui.panes import mistakes_in

    read = read_settings(path)
    return read, mistakes_in(read, themes.NAMES)


def setting_lines(read: ReadSettings) -> Iterator[str]:
    """Each setting with its value and where that comes from, in columns."""
    told = [(name, json.dumps(value, ensure_ascii=False)) for name, value in read.settings.values()]
    names, values = (max(map(len, column)) for column in zip(*told, strict=True))
    for name, value in told:
        yield harmless(f"{name:{names}}  {value:{values}}  {read.origin(name)}")


def settings_record(read: ReadSettings, mistakes: Sequence[Mistake]) -> Record:
    """The same for scripts."""
    return {
        "path": str(read.path),
        "settings": [
            {"name": name, "value": value, "from": read.origin(name)}
            for name, value in read.settings.values()
        ],
        "mistakes": [
            {"where": mistake.where, "line": mistake.line, "message": mistake.message} for mistake in mistakes
        ],
    }


def edit(path: Path) -> None:
    """Open the file in the editor of the environment, made first if there is none, until that is closed."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    if not editor:
        raise ThreadReaderError(f"No editor is named: set $VISUAL or $EDITOR, or edit {path} yourself.")
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, template().encode())
    try:
        status = subprocess.run([*shlex.split(editor), str(path)], check=False).returncode
    except (OSError, ValueError) as error:
        raise ThreadReaderError(f"{editor}: {getattr(error, 'strerror', None) or error}.") from error
    if status:
        raise ThreadReaderError(f"{editor}: it ended with status {status}.")


def template() -> str:
    """A file that holds every setting as a comment."""
    parts, table = [_HEAD], ""
    for name, rule in known().items():
        head, _, inner = name.rpartition(".")
        if head != table:
            parts.append(f"\n\n[{head}]\n")
            table = head
        about, allowed = rule.metadata["about"], rule.metadata["allowed"]
        parts.append(f"\n# {about}\n# Allowed: {allowed}.\n# {inner} = {_toml(rule.default)}\n")
    assert table == "keys", "what is said of keys stands in their table"
    return "".join([*parts, _KEYS])


def _toml(value: Any) -> str:
    return json.dumps(value)  # of text, numbers and flags, TOML writes the same
