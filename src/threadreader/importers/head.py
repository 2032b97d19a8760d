"""What stands above the comments of the outline layout: date line, title, body, and the line that counts."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from threadreader.importers import dates, prose
from threadreader.importers.lines import Line, block, next_full
from threadreader.model import ThreadWarning

_LONGEST_TITLE = 200  # characters
_LONGEST_COUNT_LINE = 60
_LONGEST_LINK = 40
_COUNT = re.compile(r"\D{0,30}?(\d{1,3}(?:[.,\s]\d{3})+|\d+)\D{1,40}[:：]")
_COMMENT_WORD = re.compile(
    r"comm?ent|kom+entar|kommentt|komentář|opmerking|reactie|megjegyzés|ком+ент|σχόλι|yorum|ulasan|iruzkin"
    r"|nhận xét|bình luận|コメント|评论|評論|留言|댓글|ความคิดเห็น|تعليق|نظر|תגוב"
)
_NO_COMMENTS = frozenset(
    "no comments|keine kommentare|aucun commentaire|no hay comentarios|nenhum comentário|sem comentários"
    "|nessun commento|geen opmerkingen|geen reacties|inga kommentarer|ingen kommentarer|ei kommentteja"
    "|brak komentarzy|žádné komentáře|žiadne komentáre|nincsenek megjegyzések|niciun comentariu"
    "|ni komentarjev|nema komentara|комментариев нет|немає коментарів|няма коментари|нема коментара"
    "|δεν υπάρχουν σχόλια|hiç yorum yok|tidak ada komentar|tiada ulasan|không có nhận xét nào"
    "|没有评论|沒有留言|댓글 없음|コメントはありません|cap comentari|ไม่มีความคิดเห็น|ليست هناك تعليقات"
    "|אין תגובות".split("|")
)


@dataclass(frozen=True, slots=True)
class CountLine:
    """The line that says how many comments follow."""

    at: int  # its position among the document's lines
    declared: int
    certain: bool  # it names comments; one that doesn't needs footers to be believed
    opens_list: bool = False  # it is certain, and a number stands under it, indented or after a blank line


@dataclass(frozen=True, slots=True)
class Head:
    """What a document says before its comments."""

    date: dt.date | None
    title: str
    title_derived: bool
    body: str
    warnings: tuple[ThreadWarning, ...]


def count_line(lines: Sequence[Line]) -> CountLine | None:
    """The count line: of those above a number the least indented, and of these the last; else one of none.

    A comment's own `3 reasons:` is indented, and one in the body stands further up. `No comments:` counts
    only where nothing but links follow it.
    """
    counts = [found for at in range(len(lines)) if (found := _counting(lines, at))]
    numbered = [found for found in counts if found.declared and _comments_follow(lines, found)]
    if numbered:
        count = min(numbered, key=lambda found: (lines[found.at].indent, -found.at))
        return replace(count, opens_list=count.certain and _is_set_off(lines, count.at))
    none = next((found for found in reversed(counts) if not found.declared and found.certain), None)
    return none if none and all(_may_be_link(line.text) for line in lines[none.at + 1 :]) else None


def declared_by(paragraphs: Sequence[str]) -> int | None:
    """How many comments the last of `paragraphs` that counts them says there are; None where none does."""
    lines = [Line(0, paragraph) for paragraph in paragraphs]
    counts = [found for at in range(len(lines)) if (found := _counting(lines, at)) and found.certain]
    return counts[-1].declared if counts else None


def count_differs(declared: int, read: int) -> ThreadWarning:
    """The doubt that `declared` comments are not the number that was `read`."""
    return ThreadWarning("count-differs", f"The count line says {declared}, {read} were read.")


def _may_be_link(text: str) -> bool:
    """Whether `text` is as short as `Post a Comment`, and no sentence."""
    return len(text) <= _LONGEST_LINK and not text.endswith((".", "!", "?", "…"))


def _counting(lines: Sequence[Line], at: int) -> CountLine | None:
    text = lines[at].text
    if len(text) > _LONGEST_COUNT_LINE or not text.endswith((":", "：")):
        return None
    words = text.rstrip(":： ").casefold()
    if words in _NO_COMMENTS:
        return CountLine(at, 0, certain=True)
    match = _COUNT.fullmatch(text)
    if match is None:
        return None
    return CountLine(at, int(re.sub(r"\D", "", match.group(1))), _COMMENT_WORD.search(words) is not None)


def _comments_follow(lines: Sequence[Line], count: CountLine) -> bool:
    """Whether a number is next: under a line that names comments any, else an indented 1."""
    follower = next_full(lines, count.at + 1)
    number = lines[follower].number if follower < len(lines) else None
    if number is None:
        return False
    indent = lines[count.at].indent
    return number.start >= indent if count.certain else number.value == 1 and number.start > indent


def _is_set_off(lines: Sequence[Line], at: int) -> bool:
    """Whether what follows the line at `at` is indented under it or stands below a blank line."""
    follower = next_full(lines, at + 1)
    return follower > at + 1 or lines[follower].indent > lines[at].indent


def head(lines: Sequence[Line]) -> Head:
    """What `lines`, all that stand before the count line, say."""
    first = next_full(lines, 0)
    date = dates.parsed(lines[first].text) if first < len(lines) else None
    strange_date = date is None and _is_strange_date(lines, first)
    title_at = next_full(lines, first + 1) if date or strange_date else first
    title = lines[title_at].text if title_at < len(lines) else ""
    if not title or len(title) > _LONGEST_TITLE:
        title, title_at = "", title_at - 1
    # A date line that can't be read is no date, and no word of it may go: it opens the body.
    kept = [*lines[first:title_at], Line(0, "")] if strange_date else []
    body = block([*kept, *lines[title_at + 1 :]])
    warnings = (
        () if date else (ThreadWarning("no-date", "The date of the post is missing or can't be read."),)
    )
    if title:
        return Head(date, title, False, body, warnings)
    derived = ThreadWarning("title-derived", "The document has no title; this one is its first sentence.")
    return Head(date, prose.derived_title(body), True, body, (*warnings, derived))


def _is_strange_date(lines: Sequence[Line], at: int) -> bool:
    """Whether the line at `at` stands where a date does and may be one that is not known: a title follows."""
    title_at = next_full(lines, at + 1)
    if title_at >= len(lines) or title_at == at + 1:
        return False
    return dates.resembles(lines[at].text) and len(lines[title_at].text) <= _LONGEST_TITLE
