"""Saying who somebody is: a label for the author under the cursor, or the signature; or dimming them."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import work
from textual.binding import BindingType

from threadreader.model import Person, folded_name
from threadreader.ui.keys import Key, bindings
from threadreader.ui.screens.keyed_screen import NOT_KEPT
from threadreader.ui.screens.marking import Marking
from threadreader.ui.screens.reading import Reading

Result = TypeVar("Result")


class Describing(Marking[Result]):
    """A screen with something under its cursor that somebody wrote."""

    KEYS: ClassVar[Sequence[Key]] = (
        Key("mark.person", "g p", "person", "Who wrote this: a label, or dim them", "Mark"),
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings(KEYS)

    @work
    async def action_person(self) -> None:
        """Label whoever wrote, or signed, what is under the cursor; or let it stand back."""
        target, store = self.target(), self.library.annotations
        if target is None:
            return
        thread = Reading(self.library, target[0]).thread
        comment = thread.comments[thread.positions[target[1]]] if target[1] else None
        author, signed = (comment.author, comment.signed) if comment else (thread.post.author, None)
        name = author or signed
        if name is None:
            self.say("nobody knows who wrote this: it has neither author nor signature")
            return
        if self.library.read_only:
            self.say(NOT_KEPT)
            return
        from threadreader.ui.dialogs.person_dialog import PersonDialog

        heading = f"Whoever signs {signed}" if author is None else f"{author}, who wrote this"
        there = store.people().get(folded_name(name), Person(name))
        person = await self.app.push_screen_wait(PersonDialog(heading, there))
        if person is None:
            return
        with self.refusals():
            kept = store.describe(name, label=person.label, dimmed=person.dimmed)
            if kept == there:
                self.say("all is as it was")
                return
            told = [f"labelled {kept.label}" if kept.label else "", "dimmed" if kept.dimmed else ""]
            words = " and ".join(filter(None, told)) or "neither labelled nor dimmed"
            self.marks_changed(self.with_key(f"{kept.name}: {words}", "mark.undo", "takes it back"))
