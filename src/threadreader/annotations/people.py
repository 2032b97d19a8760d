"""People: what the reader calls an author or a signature, and whose comments are to stand back.

A person is a name as the source has it, whatever its case: who writes under two names is two people, and
two who share a name are one. Nothing of what they wrote is ever hidden or removed.
"""

from threadreader.annotations.rows import Row, words_of
from threadreader.annotations.steps import Steps
from threadreader.errors import UnknownReference
from threadreader.model import Person, collapsed, folded_name


class People(Steps):
    """What of the store is about a person."""

    def people(self) -> dict[str, Person]:
        """Those with a label, or dimmed, by `folded_name`, in the order of the alphabet."""
        rows = self._rows("SELECT folded, name, label, dimmed FROM people ORDER BY folded")
        # Another machine's journal may have brought them, and they stand in lines of the screen.
        return {
            folded: Person(collapsed(words_of(name)), collapsed(words_of(label)), bool(dimmed))
            for folded, name, label, dimmed in rows
        }

    def label(self, name: str, text: str) -> Person:
        """Give a person a label of one line, or none for a blank one; UnknownReference for no name."""
        return self.describe(name, label=text)

    def dim(self, name: str, dimmed: bool) -> Person:
        """Let what a person wrote stand back, or no more; raises UnknownReference for no name."""
        return self.describe(name, dimmed=dimmed)

    def describe(self, name: str, *, label: str | None = None, dimmed: bool | None = None) -> Person:
        """Both as one step to undo; None leaves what is there. Raises UnknownReference for no name."""
        called = collapsed(words_of(name))
        if not called:
            raise UnknownReference("A person needs a name: that of an author, or a signature.")
        folded = folded_name(called)
        with self._writing():
            there = self.people().get(folded, Person(called))
            wanted = Person(
                there.name,
                there.label if label is None else collapsed(words_of(label)),
                there.dimmed if dimmed is None else dimmed,
            )
            after: Row = {"folded": folded} | wanted._asdict() | {"dimmed": int(wanted.dimmed)}
            if not (wanted.label or wanted.dimmed):
                after = None
            if self._row("people", folded) != after:
                self._change("people", folded, after)
            return wanted
