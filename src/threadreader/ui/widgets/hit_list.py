"""What a search found, three lines each."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from threadreader.model import Hit
from threadreader.ui.widgets.row_list import Part, RowList, cut


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit with the title of its post and `lit()`, the places in its snippet that were found."""

    hit: Hit
    title: str  # empty where the row above is of the same post and tells it
    lit: Callable[[], Sequence[tuple[int, int]]]
    is_marked: bool = False
    together: int = 0  # hits of the post that stand here together, told beside its title


class HitList(RowList[ShownHit]):
    """Post and place, what the comment answers, and the words found."""

    ROW_HEIGHT = 3

    def parts(self, row: ShownHit, width: int) -> Sequence[Sequence[Part]]:
        """Where, the parent's first line, the snippet with the words lit."""
        hit, glyphs = row.hit, self.glyphs
        kind = {"title": "title", "body": "the post", "note": "your note", "comment": ""}[hit.where]
        many = f"{row.together} results" if row.together > 1 else ""
        alike = f"and {len(hit.alike)} alike" if hit.alike else ""
        where = f" {glyphs.between} ".join(part for part in (hit.place, kind, alike) if part)
        sign = f"{glyphs.hit} " if row.is_marked else ""
        room = width - len(where) - len(many) - len(sign) - 3 - 2 * bool(many)
        head: list[Part] = [
            (sign, "bookmark"),
            (cut(row.title, room, glyphs.ellipsis), "title"),
            (f"  {many}" if many else "", "about"),
            (f"  {where}", "place"),
        ]
        answers = (
            f"  {glyphs.deep} {cut(hit.parent_line, width - 5, glyphs.ellipsis)}" if hit.parent_line else ""
        )
        return [head, [(answers, "about")], list(self._snippet(row, width - 2))]

    def _snippet(self, row: ShownHit, width: int) -> Iterator[Part]:
        yield "  ", "text"
        words = cut(re.sub(r"\s", " ", row.hit.snippet), width, self.glyphs.ellipsis)
        at = 0
        for start, end in row.lit():
            if start >= len(words):
                break
            yield words[at:start], "text"
            yield words[start:end], "hit"
            at = end
        yield words[at:], "text"
