"""The outline layout: date, title, body, `7 comments:`, then numbered comments, indented by their depth.

This is a Blogger page as text browsers show it. A comment is a number, its text beside and under it, and a
footer on a line of its own; numbers begin anew in each list of replies. The count line is a checksum.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from threadreader.importers import prose
from threadreader.importers.asked import once_a_document
from threadreader.importers.footers import Footers, detected
from threadreader.importers.head import CountLine, count_differs, count_line, head
from threadreader.importers.lines import Line, block, lines_of, next_full
from threadreader.importers.numbered import NumberedComments
from threadreader.importers.tags import is_markup
from threadreader.model import Draft, ThreadWarning

_QUOTED = 40  # characters of a text that a warning quotes


def identify(text: str) -> int:
    """The number of footers in `text` with a comment right under them, and one for a count line that is true.

    A line that names comments and isn't true counts where nothing else does: some of them may be missing.
    With a number set off under it, it speaks for every line: however odd the rest, no other layout has that.
    """
    if is_markup(text):
        return 0
    document = _taken_apart(text)
    seen, count = document.comments.footers_seen, document.count
    if count is None or not (seen or count.certain):
        return seen
    if count.opens_list:
        return text.count("\n") + 1
    return max(1, seen + (count.declared == len(document.comments.comments)))


def read(text: str) -> tuple[Draft]:
    """The one thread in `text`."""
    document = _taken_apart(text)
    top = head(document.above)
    begun = document.comments.comments
    rest = block(document.below)
    draft = Draft(
        layout="outline",
        title=top.title,
        body="\n\n".join(part for part in (top.body, rest) if part),
        comments=tuple(prose.comment(item.text, item.parent, item.warnings) for item in begun),
        title_derived=top.title_derived,
        date=top.date,
        declared_comments=document.count.declared if document.count else None,
        warnings=(*top.warnings, *_count_warnings(document.count, len(begun)), *_rest_warnings(rest)),
    )
    return (draft,)


@dataclass(frozen=True, slots=True)
class _Document:
    """The parts of a document, from top to bottom."""

    above: Sequence[Line]
    count: CountLine | None
    comments: NumberedComments
    below: Sequence[Line]  # what follows the last comment


@once_a_document
def _taken_apart(text: str) -> _Document:
    lines = lines_of(text)
    footers = detected(text)
    count = count_line(lines)
    if count is None:
        first = begin = _first_comment(lines, footers)
    else:
        first, begin = count.at, next_full(lines, count.at + 1)
    declared = count.declared if count else None
    comments, end = _gathered(lines, footers, begin, declared)
    return _Document(lines[:first], count, comments, lines[end:])


def _gathered(
    lines: Sequence[Line], footers: Footers | None, begin: int, declared: int | None
) -> tuple[NumberedComments, int]:
    """The comments from line `begin` on, and where they end.

    Where footers are missing, numbers alone divide the comments if exactly the `declared` ones come of it.
    """
    comments = NumberedComments(lines, footers, by_number=footers is None)
    if declared == 0:
        return comments, begin
    end = comments.gather(begin)
    if footers and declared and declared > len(comments.comments):
        divided = NumberedComments(lines, footers, by_number=True)
        end_of_divided = divided.gather(begin)
        if declared == len(divided.comments):
            return divided, end_of_divided
    return comments, end


def _first_comment(lines: Sequence[Line], footers: Footers | None) -> int:
    """Where comments begin without a count line: at the last indented number 1 above the first footer."""
    last_one = len(lines)
    for at, line in enumerate(lines):
        if footers and footers.of(line.text):
            return last_one
        if line.indent and line.number and line.number.value == 1:
            last_one = at
    return len(lines)


def _count_warnings(count: CountLine | None, read: int) -> Iterator[ThreadWarning]:
    if count is None:
        yield ThreadWarning("no-count-line", f"No line says how many comments there are; {read} were read.")
    elif count.declared != read:
        yield count_differs(count.declared, read)


def _rest_warnings(rest: str) -> Iterator[ThreadWarning]:
    if rest:
        first = rest.split("\n", 1)[0][:_QUOTED]
        message = f"Text after the comments was put at the end of the post: “{first}…”."
        yield ThreadWarning("text-after-comments", message)
