"""Where things lie on disk. Nothing here is global: what is found is handed on."""

import os
from dataclasses import dataclass
from pathlib import Path

APP = "threadreader"
LIBRARY_VARIABLE = "THREADREADER_LIBRARY"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders and files of one reader."""

    library: Path  # one folder: sources/, index.db, annotations.db
    settings: Path
    log: Path

    @classmethod
    def find(cls, library: Path | None = None) -> "Places":
        """`library` where it is given, else what the environment names, else the platform's folders."""
        import platformdirs

        named = os.environ.get(LIBRARY_VARIABLE)
        default = Path(named) if named else platformdirs.user_data_path(APP)
        return cls(
            library=(library or default).expanduser().absolute(),
            settings=platformdirs.user_config_path(APP) / "settings.toml",
            log=platformdirs.user_log_path(APP) / "threadreader.log",
        )


def own_seeds() -> Path:
    """The threads that come with threadreader: in the wheel, or in the checkout it runs from."""
    packaged = Path(__file__).with_name("seeds")
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "seeds"
