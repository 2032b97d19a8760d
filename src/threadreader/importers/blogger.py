"""What Blogger's pages and backups have in common: ids, times, who speaks, and what was removed."""

import datetime as dt
import re
from urllib.parse import urlsplit, urlunsplit

from threadreader.importers import prose
from threadreader.model import DraftComment, ThreadWarning, collapsed, harmless

REMOVED = ThreadWarning("removed", "Its text was removed; what stands here is what the source says instead.")
NO_DATE = ThreadWarning("no-date", "The date of the post is missing or can't be read.")
_TITLE_DERIVED = ThreadWarning("title-derived", "The document has no title; this one is its first sentence.")

_SHOWN_COMMENT = re.compile(r"[?&]showComment=(\d{9,14})\b")
_COMMENT_ANCHOR = re.compile(r"#c(\d+)$")
_ADDRESS = re.compile(r"([^@\s]+)@[^@\s]+\.[^@\s]+")
_LONGEST_ADDRESS = 254  # RFC 5321
# Nobody's name, in the languages that Blogger speaks: two such comments need not be of one person.
_NOBODY = frozenset(
    "anonymous|anonym|anonyme|anónimo|anônimo|anonimo|anònim|anonimoa|anoniem|anonim|anonymní|anonymný"
    "|anonīms|anonimas|anonüümne|névtelen|nimetön|nafnlaus|анонимный|аноним|анонімний|анонимен|анониман"
    "|ανώνυμος|adsız|nặc danh|匿名|익명|匿名さん|ไม่ระบุชื่อ|غير معرف|مجهول|ناشناس|אנונימי|बेनामी"
    "|tanpa nama".split("|")
)


def author(name: str | None) -> str | None:
    """Who `name` is, None for nobody in particular; of an e-mail address, which is private, the name."""
    shown = collapsed(harmless(name or ""))
    if not shown or shown.casefold() in _NOBODY:
        return None
    address = _ADDRESS.fullmatch(shown) if len(shown) <= _LONGEST_ADDRESS else None
    return address.group(1) if address else shown


def moment_in(permalink: str | None) -> dt.datetime | None:
    """When a comment was written, in UTC and whole seconds, as its address tells in milliseconds."""
    found = _SHOWN_COMMENT.search(permalink or "")
    if found is None:
        return None
    try:
        return dt.datetime.fromtimestamp(int(found.group(1)) // 1000, dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def moment_of(stamp: str | None) -> dt.datetime | None:
    """The time of an Atom date (RFC 3339), with the offset that it has, UTC where it has none."""
    try:
        moment = dt.datetime.fromisoformat((stamp or "").strip()).replace(microsecond=0)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
        moment.astimezone(dt.UTC)  # which the first and the last year may not have
    except (ValueError, OverflowError):
        return None
    return moment


def id_in(permalink: str | None) -> str | None:
    """The id of the comment that an address leads to."""
    found = _COMMENT_ANCHOR.search(permalink or "")
    return found.group(1) if found else None


def post_id(number: str) -> str:
    """The source's id of a post, unlike those of other sources."""
    return f"blogger:{number}"


def address_of_post(address: str | None) -> str | None:
    """The address of a post without what leads to a comment, or to the page for telephones."""
    try:
        parts = urlsplit(harmless((address or "").strip()))
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def comment(
    text: str,
    *,
    author: str | None,
    created: dt.datetime | None,
    source_id: str | None,
    permalink: str | None,
    is_removed: bool,
) -> DraftComment:
    """A comment with the name that it seems to end in, and a warning where its words were taken away."""
    return prose.comment(text, None, (REMOVED,) if is_removed else ())._replace(
        author=author, created=created, source_id=source_id, permalink=permalink
    )


def title(given: str, text: str) -> tuple[str, bool, tuple[ThreadWarning, ...]]:
    """The title of a post, whether it had to be derived from its `text`, and the warnings of that."""
    given = collapsed(harmless(given))
    if given:
        return given, False, ()
    return prose.derived_title(text), True, (_TITLE_DERIVED,)
