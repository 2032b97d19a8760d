"""Where things lie on disk. Nothing here is global: what is found is handed on."""

from dataclasses import dataclass
from pathlib import Path

APP = "threadreader"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files of one reader."""

    library: Path  # one folder: sources/, index.db, annotations.db
    settings: Path
    log: Path
