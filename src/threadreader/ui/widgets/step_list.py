"""What was done and can be undone, two lines each."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from threadreader.ui.widgets.row_list import Part, RowList, cut


@dataclass(frozen=True, slots=True)
class ShownStep:
    """Something that was done, with the title of the post in which."""

    told: str
    made: dt.datetime
    title: str  # empty where it was in none
    undone: bool
    target: tuple[str, str | None] | None  # post and comment to go to, None where they are gone


class StepList(RowList[ShownStep]):
    """What was done; when, in which post, and whether it was undone."""

    def parts(self, row: ShownStep, width: int) -> Sequence[Sequence[Part]]:
        """The step as the command line tells it, and where and when."""
        moment = row.made.astimezone()
        about = f"  {moment.strftime(self.view_settings.days)} {moment:%H:%M}"
        undone = "  undone" if row.undone else ""
        title = cut(row.title, width - 2 - len(about) - len(undone), self.glyphs.ellipsis)
        return [
            [(cut(row.told, width, self.glyphs.ellipsis), "about" if row.undone else "title")],
            [(about, "about"), (undone, "warning"), ("  ", "about"), (title, "text")],
        ]
