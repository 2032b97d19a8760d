"""The file of settings, from which the reader learns without waiting whether there is anything to read."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from threadreader.config import LIBRARY_VARIABLE, SETTINGS_VARIABLE

if TYPE_CHECKING:
    from threadreader.settings.reading import ReadSettings

PREFIX = "THREADREADER_"


class SettingsFile:
    """The file at `path`, which need not be there, and whether it was written since it was read."""

    def __init__(self, path: Path, environment: Mapping[str, str] = os.environ) -> None:
        self.path = path
        self._environment = environment
        self._stamp = self._look()

    def says_something(self) -> bool:
        """Is there a file, or a setting in the environment?"""
        others = (LIBRARY_VARIABLE, SETTINGS_VARIABLE)
        variables = (name for name in self._environment if name.startswith(PREFIX) and name not in others)
        return self._stamp is not None or any(variables)

    def read(self) -> "ReadSettings":
        """What it says now."""
        from threadreader.settings.reading import read_settings  # most people have no settings

        self._stamp = self._look()
        return read_settings(self.path, self._environment)

    def has_changed(self) -> bool:
        """Was it written, made or removed since it was read?"""
        return self._look() != self._stamp

    def _look(self) -> tuple[int, int] | None:
        try:
            status = self.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size
