"""Where things lie on disk. Nothing here is global: what is found is handed on."""

import os
import sys
from pathlib import Path
from typing import NamedTuple, Self

APP = "threadreader"
LIBRARY_VARIABLE = "THREADREADER_LIBRARY"
SETTINGS_VARIABLE = "THREADREADER_SETTINGS"


class Places(NamedTuple):
    """The folders and files of one reader. platformdirs is imported only for those that nobody named."""

    library: Path  # one folder: sources/, index.db, annotations.db

    @classmethod
    def find(cls, library: Path | None = None) -> Self:
        """`library` where it is given, else what the environment names, else the platform's folders."""
        named = library or os.environ.get(LIBRARY_VARIABLE) or _platform_library()
        return cls(Path(named).expanduser().absolute())

    @property
    def settings(self) -> Path:
        """The reader's own settings."""
        return settings_file()

    @property
    def log(self) -> Path:
        """Where an error that nobody foresaw is written down."""
        import platformdirs

        return platformdirs.user_log_path(APP) / "threadreader.log"


def settings_file() -> Path:
    """The file of settings: what the environment names, else the platform's."""
    if named := os.environ.get(SETTINGS_VARIABLE):
        return Path(named).expanduser().absolute()
    if sys.platform == "linux":  # as platformdirs has it, whose import would make each start wait
        base = os.environ.get("XDG_CONFIG_HOME", "").strip()
        return (Path(base) if base else Path.home() / ".config") / APP / "settings.toml"
    import platformdirs

    return platformdirs.user_config_path(APP) / "settings.toml"


def _platform_library() -> Path:
    import platformdirs

    return platformdirs.user_data_path(APP)


def own_seeds() -> Path:
    """The threads that come with threadreader: in the wheel, or in the checkout it runs from."""
    packaged = Path(__file__).with_name("seeds")
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "seeds"
