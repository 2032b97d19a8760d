"""People: who wrote or signed is labelled and dimmed, shown so, found so, and never hidden."""

from threadreader.library import Library
from threadreader.model import Person
from threadreader.ui.dialogs.person_dialog import PersonDialog
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.screens.reading import dimmed_folds
from ui.test_names_screen import go, posts, signed
from ui.test_reader import post_id, reading
from ui.threads import changed, thread

__all__ = ["posts", "signed"]


async def test_a_signature_is_labelled_and_dimmed_shown_found_by_its_label_and_undone(
    signed: Library,
) -> None:
    store = signed.annotations
    async with reading(signed, at=(post_id(signed, "Late"), None)) as r:
        await r.press("j", "g", "p")
        assert r.told == "nobody knows who wrote this: it has neither author nor signature"
        await r.press("j", "g", "p")
        await r.on_screen(PersonDialog)
        assert "Whoever signs Olav" in r.screen and "not dimmed" in r.screen
        await r.write("from the ferry")
        await r.press("tab")
        assert "◌ dimmed: what they wrote stands back" in r.screen
        await r.press("enter")
        await r.until(lambda: store.people())
        await r.settled()
        assert store.people() == {"olav": Person("Olav", "from the ferry", True)}
        assert r.told == "Olav: labelled from the ferry and dimmed: u takes it back"
        assert r.screen.count("◌ signed Olav ‹from the ferry›") == 2
        assert "Second." in r.screen and "Third." in r.screen
        await go(r, "ferry", "enter")
        await r.on_screen(ReaderScreen)
        await r.until(lambda: r.told.startswith("Olav in 2 posts"))
        found = {(hit.where, hit.snippet) for hit in signed.find("author:ferry").hits}
        assert len(found) == 3
        await r.press("u")
        assert "◌" not in r.screen and "‹" not in r.screen
        assert store.people() == {}
        await r.press("ctrl+r")
        assert "◌ signed Olav ‹from the ferry›" in r.screen


def test_comments_of_those_who_are_dimmed_can_start_folded() -> None:
    said = changed(changed(thread([0, 1, 0]), "1", signed="Olav"), "1.1", author="OLAV", signed="Ida")
    people = {"olav": Person("Olav", "", True), "ida": Person("Ida", "a neighbour")}
    assert dimmed_folds(said, people) == {"1", "1.1"}
    assert dimmed_folds(said, {}) == set()
