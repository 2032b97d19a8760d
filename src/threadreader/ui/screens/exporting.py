"""Exporting from a screen: what is offered there, asked for in a dialog, and what came of it."""

import asyncio
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from textual import work
from textual.app import App
from textual.binding import BindingType

from threadreader.errors import ThreadReaderError
from threadreader.library import Library
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.keyed_screen import KeyedScreen

if TYPE_CHECKING:
    from threadreader.library.export_request import Request
    from threadreader.library.exporting import Written
    from threadreader.ui.dialogs.export_dialog import ExportChoice, Offered

Result = TypeVar("Result")

_OF_THREADS = ("markdown", "html", "json", "jsonld", "csv")
_OF_MARKS = ("markdown", "csv", "jsonld", "json")
_LAST: "WeakKeyDictionary[App[Any], ExportChoice]" = WeakKeyDictionary()  # what was chosen last, in each app


class Exportable(NamedTuple):
    """Something that can be exported from here."""

    about: str
    request: "Request"
    formats: Sequence[str] = _OF_MARKS
    has_style: bool = False

    @property
    def offered(self) -> "Offered":
        """As the dialog tells it."""
        from threadreader.ui.dialogs.export_dialog import Offered

        asked = self.request
        into_folder = () if asked.is_single or asked.is_chosen or asked.as_marks else ("markdown", "html")
        return Offered(self.about, self.formats, self.has_style, into_folder)


class Exporting(KeyedScreen[Result]):
    """A screen from which something can be exported."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key(
            "mark.export", "x", "export", "Export: thread, marks, a tag, everything", "Post", footer="Export"
        ),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    library: Library

    @abstractmethod
    def exportables(self) -> Mapping[str, Exportable]:
        """What can be exported from here, what is meant first; nothing, told, where there is nothing."""

    @work
    async def action_export(self) -> None:
        """Ask what to export and where to, and write it."""
        with self.refusals():
            if there := self.exportables():
                choice = await self.ask_export(there)
                if choice:
                    await self.export(there, choice)

    async def ask_export(self, there: Mapping[str, Exportable]) -> "ExportChoice | None":
        """What the reader chooses; as it was chosen last, where that is offered."""
        from threadreader.library.export_request import own_templates
        from threadreader.ui.dialogs.export_dialog import ExportDialog

        dialog = ExportDialog(
            {scope: one.offered for scope, one in there.items()},
            name=lambda choice: _request(there, choice).name,
            begun=lambda choice: self.begun(choice.scope, _request(there, choice)),
            templates=own_templates(),
            last=self._last(there),
        )
        choice = await self.app.push_screen_wait(dialog)
        if choice:
            _LAST[self.app] = choice
        return choice

    def _last(self, there: Mapping[str, Exportable]) -> "ExportChoice | None":
        """What was chosen last; but what is meant is the thread only where nothing else is meant first."""
        last, first = _LAST.get(self.app), next(iter(there))
        return last and (last if first == "thread" and last.scope in there else last._replace(scope=first))

    def begun(self, scope: str, request: "Request") -> str:
        """How an export begins, asked in another thread."""
        from threadreader.library.export_request import Export

        try:
            with self.library.clone() as library:
                text = Export(library, request).preview()
        except ThreadReaderError as error:
            return str(error)
        return text[max(text.find("<body"), 0) :] if request.form == "html" else text

    async def export(self, there: Mapping[str, Exportable], choice: "ExportChoice") -> None:
        """Write what was chosen, and tell where."""
        from threadreader.library.export_request import Export

        request = _request(there, choice)._replace(replace=True)  # the dialog has asked
        path = choice.path
        try:
            if request.is_single or request.is_chosen:
                written = list(Export(self.library, request).write(path))
            else:
                self.say(f"exporting to {path}")
                written = await asyncio.to_thread(self._written, request, path)
        except OSError as error:
            self.say(f"{error.filename or path}: {error.strerror or error}")
        else:
            self.say(told_of(written, path))

    def _written(self, request: "Request", path: Path) -> "list[Written]":
        from threadreader.library.export_request import Export

        with self.library.clone() as library:
            return list(Export(library, request).write(path))


def _request(there: Mapping[str, Exportable], choice: "ExportChoice") -> "Request":
    looks: dict[str, Any] = {"form": choice.format, "style": choice.style, "preset": choice.preset}
    return there[choice.scope].request._replace(**looks, template=choice.template or None)


def told_of(written: "Sequence[Written]", path: Path) -> str:
    """Where was written, and what was left alone."""
    files = f"{len(written)} files to " if len(written) > 1 else ""
    same = sum(not one.changed for one in written)
    kept, deleted = sum(len(one.kept) for one in written), sum(one.deleted for one in written)
    removed = sum(one.removed for one in written)
    told = [
        f"exported {files}{'to ' if not files else ''}{path}",
        f"{same} as they were" if same and files else "it was as it is" if same else "",
        f"{kept} changed there by hand were left" if kept else "",
        f"{deleted} deleted there by hand stay out" if deleted else "",
        f"{removed} shown as removed" if removed else "",
    ]
    return "; ".join(filter(None, told))


def of_post(
    library: Library, post_id: str, comment_id: str | None, conversation: str | None
) -> dict[str, Exportable]:
    """What can be exported of a post, and where one is in it; of a `conversation` that first."""
    from threadreader.library.export_request import Request
    from threadreader.ui.screens.reading import Reading

    store, post = library.annotations, library.index.post(post_id)
    tags = store.tags(post_id)
    of = Request((post,))
    marked = len(store.marks(post_id)) + len(tags)
    there = {
        "thread": Exportable("the whole thread", of, _OF_THREADS, True),
        "marked": Exportable(
            f"only what is marked ({marked}), with what it answers",
            of._replace(scope="marked"),
            ("markdown",),
            True,
        ),
    }
    if at := conversation or comment_id:
        named, part = Reading(library, post_id).named(at), of._replace(comment_id=at)
        there["subtree"] = Exportable(
            f"{named} with all replies, and what it answers",
            part._replace(scope="subtree"),
            ("markdown",),
            True,
        )
        there["path"] = Exportable(
            f"{named}, and what it answers", part._replace(scope="path"), ("markdown",), True
        )
        there["comment"] = Exportable(f"{named} alone", part._replace(scope="comment"), ("markdown",), True)
    if conversation:
        there = {"path": there["path"], **there}
    there["marks"] = Exportable(
        "the marks of the post, one after another", of._replace(as_marks=True), _OF_MARKS[:3]
    )
    for tag in tags.get(comment_id, ()):
        there[f"#{tag}"] = Exportable(
            f"what bears #{tag}, in all posts", Request((), everything=True, tag=tag)
        )
    return there | everything(library)


def everything(library: Library) -> dict[str, Exportable]:
    """All posts, as a folder; all marks, one after another."""
    from threadreader.library.export_request import Request

    posts = library.index.posts()
    marked = [
        post for post in posts if library.annotations.marks(post.id) or library.annotations.tags(post.id)
    ]
    every = Request(posts, everything=True)
    there = {
        "everything": Exportable(f"everything: {len(posts)} posts, as a folder", every, _OF_THREADS, True)
    }
    if marked:
        marks = every._replace(posts=marked, as_marks=True)
        there["all-marks"] = Exportable(
            f"the marks of all posts ({len(marked)}), one after another", marks, _OF_MARKS[:3]
        )
    return there
