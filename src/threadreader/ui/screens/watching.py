"""What happens behind the reader: documents are read, other programs write, and what is owed is written."""

import time
from abc import abstractmethod
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from textual import work
from textual.message import Message

from threadreader.errors import ThreadReaderError
from threadreader.library import Added, Library
from threadreader.settings.file import SettingsFile
from threadreader.ui.screens.keyed_screen import KeyedScreen

LOOK_EVERY = 1.0  # seconds between looks at what is to be written, and at what other programs wrote
TELL_EVERY = 0.25  # seconds between two lines of progress
BACK_UP_AFTER = 3.0  # seconds, when the reader has its first screen
BACK_UP_EVERY = 3_600.0  # seconds between looks whether a new day came
_TIMES_LONGER = 10  # than it took to list the posts, until they are listed again while more come


class Watching(KeyedScreen[None]):
    """A screen that keeps up with its library."""

    library: Library
    paths: Sequence[Path]
    settings_file: SettingsFile | None = None
    busy: str = ""
    """What is being read at the moment."""

    class SettingsWritten(Message):
        """The settings are others than those that were read last."""

    _versions: tuple[object, object] | None = None
    _shown_next: float = 0.0  # when the list is to be read again while documents come

    @abstractmethod
    def reload(self) -> None:
        """Posts came, or counts changed."""

    @abstractmethod
    def stores_changed(self) -> None:
        """Anything may have changed, the open thread included."""

    @abstractmethod
    def write_behind(self) -> None:
        """Write what the reader did and no key asked to be written."""

    def watch_stores(self) -> None:
        """Begin: fill an index that was begun anew, read what is new in `paths`, and look every second."""
        self._versions = self._stored_versions()
        if self.paths or self.library.index.is_unfinished:
            self._refresh()
        self.set_interval(LOOK_EVERY, self.look)
        self.set_timer(BACK_UP_AFTER, self._back_up)
        self.set_interval(BACK_UP_EVERY, self._back_up)
        self._tell_notice()

    def look(self) -> None:
        """Write what is owed, and notice what another program wrote."""
        self.write_behind()
        self._tell_notice()
        if self.settings_file is not None and self.settings_file.has_changed():
            self.post_message(self.SettingsWritten())
        with self.refusals():
            versions = self._stored_versions()
            if versions != self._versions and not self.busy:  # what is read here is shown as it is told
                self.library.settle()
                self._versions = self._stored_versions()
                self.stores_changed()

    def _tell_notice(self) -> None:
        """Say what the store found wrong with its files, one thing at a time."""
        if self.library.annotations.notices:
            self.say(self.library.annotations.notices.pop(0))

    def _stored_versions(self) -> tuple[object, object]:
        return self.library.index.data_version(), self.library.annotations.data_version()

    @work(thread=True, exclusive=True, group="refresh")
    def _refresh(self) -> None:
        told = 0.0

        def progress(doing: str, done: int, total: int, name: str) -> None:
            nonlocal told
            if name and time.monotonic() - told > TELL_EVERY:
                told = time.monotonic()
                self.app.call_from_thread(self._show_progress, f"{doing} {name} ({done + 1:,} of {total:,})")

        try:
            with self.library.clone() as library:
                library.fill(partial(progress, "the index is built anew:"))
                results = library.refresh(self.paths, progress=partial(progress, "reading"))
        except ThreadReaderError as error:
            results = [Added(str(self.paths[0] if self.paths else ""), "failed", error=str(error))]
        self.app.call_from_thread(self._refreshed, results)

    @work(thread=True, exclusive=True, group="backup")
    def _back_up(self) -> None:
        """Make the backup of the day, if there is none yet."""
        try:
            with self.library.annotations.clone() as store:
                store.back_up_if_due()
        except ThreadReaderError as error:
            self.app.call_from_thread(self.say, str(error))

    def _show_progress(self, words: str) -> None:
        self.busy = words
        began = time.monotonic()
        if began >= self._shown_next:
            self.reload()
            # Most of the time is the reader's, however long the list has become.
            self._shown_next = time.monotonic() + _TIMES_LONGER * (time.monotonic() - began)
        self.say(words)

    def _refreshed(self, results: Sequence[Added]) -> None:
        self.busy = ""
        self.stores_changed()
        failed = [result.error for result in results if result.error]
        read = sum(result.status in ("added", "updated") for result in results)
        if failed:
            self.say(failed[0])
        elif read:
            self.say(f"{read} post{'' if read == 1 else 's'} read")
