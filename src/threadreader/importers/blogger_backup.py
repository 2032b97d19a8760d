"""A blog as Blogger gives it away, in Atom (RFC 4287): a backup, `feed.atom` of a Takeout, comments alone.

A backup, until 2018, says what an entry is by a category (`kind#post`, `kind#comment`), and which comment one
answers by a link (`rel="related"`); its `thr:in-reply-to` is always the post. A Takeout says both in elements
of its own (`blogger:type`, `blogger:inReplyTo`). A feed of comments is like a backup without the posts. Names
are compared without their namespaces, for real files are not always well-formed. Drafts, templates, settings,
what waits to be approved and spam are passed over; addresses of letters are not read.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from threadreader.errors import NoThreadFound
from threadreader.importers import blogger
from threadreader.importers.hanging import Loose, hung, is_stub, key_of
from threadreader.importers.head import count_differs
from threadreader.importers.html_text import text_in
from threadreader.importers.tags import for_parser, is_markup
from threadreader.links import can_be_opened
from threadreader.model import Draft, DraftComment, ThreadWarning, harmless

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_FEED = re.compile(r"<(?:\w+:)?feed[\s>]")
_ITS_NAME = re.compile(r"schemas\.google\.com/blogger/|tag:blogger\.com,|>\s*Blogger\s*</")
_BEGINNING = 65_536  # characters in which a feed says whose it is

_NUMBER_IN_ID = re.compile(r"(?:post|page|comment)-(\d+)\s*$")
_NUMBER_AT_END = re.compile(r"/(\d+)/?(?:\?.*)?$")
_COMMENT_LINK = re.compile(r"/comments/default/(\d+)")
_KINDS = frozenset(("post", "page", "comment"))
_LIVE = frozenset(("live", "emptied"))  # a comment that was emptied by its author still holds its place
_TAG = re.compile(r"<\s*/?\s*(?:br|p|div)\b", re.IGNORECASE)

_NO_POST = ThreadWarning("no-post", "The document has the comments alone; title and text are missing.")


def identify(text: str) -> int:
    """Every line of a feed that says it is Blogger's; 0 for any other document."""
    if not is_markup(text) or not _FEED.search(text, 0, _BEGINNING):
        return 0
    return text.count("\n") + 1 if _ITS_NAME.search(text, 0, _BEGINNING) else 0


def read(text: str) -> tuple[Draft, ...]:
    """Every published post and page with its comments; raises NoThreadFound, without a name, for none."""
    entries = list(_entries(text))
    posts = {entry.number or f"{at}": entry for at, entry in enumerate(entries) if entry.kind != "comment"}
    comments: dict[str, list[_Entry]] = {}
    for entry in entries:
        if entry.kind == "comment" and entry.is_live:
            comments.setdefault(entry.post, []).append(entry)
    drafts = [_draft(post, comments.get(post.number, ())) for post in posts.values() if post.is_live]
    drafts += [_draft(None, alone) for number, alone in comments.items() if number not in posts]
    if not drafts:
        raise NoThreadFound("a Blogger backup without a published post. Save the whole backup again.")
    return tuple(drafts)


class _Entry(NamedTuple):
    """A post, a page or a comment as it stands in a feed."""

    kind: str
    number: str  # Blogger's, of this entry; its whole id where that has none; empty without an id
    is_live: bool
    title: str
    text: str
    author: str | None
    published: dt.datetime | None
    address: str | None  # of its page
    post: str = ""  # of a comment: the number of its post
    post_address: str | None = None
    parent: str | None = None  # the number of the comment that it answers
    is_removed: bool = False
    total: int | None = None  # of a post: how many comments it is said to have


def _entries(text: str) -> Iterator[_Entry]:
    from lxml import etree

    document = io.BytesIO(for_parser(text[text.find("<") :]))
    walk = etree.iterparse(
        document,
        events=("end",),
        encoding="utf-8",
        recover=True,
        huge_tree=True,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    for _, element in walk:
        if _name(element) == "entry":
            entry = _entry(element)
            if entry:
                yield entry
            element.clear()  # or a blog of many years would stand in memory twice


def _entry(element: "Element") -> _Entry | None:
    """The entry of an element; None for settings, templates, and what nobody knows."""
    parts: dict[str, list[Element]] = {}
    for child in element:
        if isinstance(child.tag, str):
            parts.setdefault(_name(child), []).append(child)
    kind = _kind(parts)
    if kind not in _KINDS:
        return None
    own_id = _text(parts, "id")
    address = harmless(next(iter(_links(parts, "alternate")), ""))
    answered = next(iter(parts.get("in-reply-to", [])), None)
    post, parent = _number(_text(parts, "parent")) or _post_number(answered), _parent(parts)
    return _Entry(
        kind=kind,
        number=_number(own_id),
        is_live=_is_live(parts),
        title=_title(parts),
        text=_content(parts, blogger.address_of_post(address), is_comment=kind == "comment"),
        author=_author(parts),
        published=blogger.moment_of(_text(parts, "published")),
        address=address if can_be_opened(address) else None,
        post=post,
        post_address=_post_address(answered, address),
        parent=parent if parent != post else None,
        is_removed=_is_removed(parts),
        total=_total(parts),
    )


def _kind(parts: "dict[str, list[Element]]") -> str:
    for category in parts.get("category", []):
        if str(category.get("scheme") or "").endswith("g/2005#kind"):
            return str(category.get("term") or "").rpartition("#")[2]
    return _text(parts, "type").lower()


def _is_live(parts: "dict[str, list[Element]]") -> bool:
    status = _text(parts, "status").lower() or "live"
    is_draft = any(
        _name(inner) == "draft" and (inner.text or "").strip().lower() == "yes"
        for control in parts.get("control", [])
        for inner in control.iter("*")
    )
    return status in _LIVE and not is_draft and not _text(parts, "trashed")


def _is_removed(parts: "dict[str, list[Element]]") -> bool:
    names = [extended.get("name") for extended in parts.get("extendedProperty", [])]
    return "blogger.contentRemoved" in names or _text(parts, "status").lower() == "emptied"


def _links(parts: "dict[str, list[Element]]", rel: str) -> list[str]:
    return [str(link.get("href") or "").strip() for link in parts.get("link", []) if link.get("rel") == rel]


def _parent(parts: "dict[str, list[Element]]") -> str | None:
    for link in _links(parts, "related"):
        if found := _COMMENT_LINK.search(link):
            return found.group(1)
    return _number(_text(parts, "inReplyTo")) or None


def _post_number(answered: "Element | None") -> str:
    if answered is None:
        return ""
    number = _number(str(answered.get("ref") or ""))
    if number.isdecimal():
        return number
    found = _NUMBER_AT_END.search(str(answered.get("source") or answered.get("href") or ""))
    return found.group(1) if found else number


def _post_address(answered: "Element | None", address: str) -> str | None:
    given = () if answered is None else (str(answered.get("href") or ""),)
    pages = (one for one in (address, *given) if "/feeds/" not in one)
    return next((url for one in pages if (url := blogger.address_of_post(one))), None)


def _total(parts: "dict[str, list[Element]]") -> int | None:
    words = _text(parts, "total")
    return int(words) if words.isdecimal() and len(words) < 10 else None


def _title(parts: "dict[str, list[Element]]") -> str:
    title = next(iter(parts.get("title", [])), None)
    if title is None:
        return ""
    words = "".join(title.itertext())
    return text_in(words) if title.get("type") == "html" else words


def _content(parts: "dict[str, list[Element]]", base: str | None, *, is_comment: bool) -> str:
    for content in (*parts.get("content", []), *parts.get("summary", [])):
        words = _inner(content) if len(content) else content.text or ""
        if content.get("type") == "text":
            return harmless(words).strip()
        if is_comment and "\n" in words and not _TAG.search(words):
            words = words.strip().replace("\n", "<br>")
        return text_in(words, base)
    return ""


def _inner(element: "Element") -> str:
    """What stands in an element, as HTML: some programs forget to escape it."""
    from lxml import etree

    children = (etree.tostring(child, encoding="unicode", method="html") for child in element)
    return "".join((element.text or "", *children))


def _author(parts: "dict[str, list[Element]]") -> str | None:
    for author in parts.get("author", []):
        kinds = [(inner.text or "").strip().lower() for inner in author if _name(inner) == "type"]
        if "anonymous" in kinds:
            return None
        for inner in author:
            if _name(inner) == "name":
                return blogger.author(inner.text)
    return None


def _text(parts: "dict[str, list[Element]]", name: str) -> str:
    element = next(iter(parts.get(name, [])), None)
    return "" if element is None else "".join(element.itertext()).strip()


def _name(element: "Element") -> str:
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def _number(own_id: str) -> str:
    found = _NUMBER_IN_ID.search(own_id)
    return found.group(1) if found else own_id.strip()


# Drafts


def _draft(post: _Entry | None, entries: Sequence[_Entry]) -> Draft:
    """A post with its comments; without the post, as in a feed of comments, what can be told of it."""
    number = post.number if post else entries[0].post
    url = blogger.address_of_post(post.address) if post else None
    url = url or next((entry.post_address for entry in entries if entry.post_address), None)
    loose = [
        Loose(_comment(entry), key_of(entry.number, at), entry.parent) for at, entry in enumerate(entries)
    ]
    comments = hung(loose, by_time=True)
    body = post.text if post else ""
    title, is_derived, told = blogger.title(
        post.title if post else _title_in(url), body or next((one.text for one in comments if one.text), "")
    )
    date = post.published.date() if post and post.published else None
    declared = post.total if post else None
    read = sum(not is_stub(one) for one in comments)
    return Draft(
        layout="blogger-backup",
        title=title,
        body=body,
        comments=comments,
        title_derived=is_derived or post is None,
        date=date,
        author=post.author if post else None,
        url=url,
        source_id=blogger.post_id(number) if number else None,
        declared_comments=declared,
        warnings=(
            *(() if date else (blogger.NO_DATE,)),
            *told,
            *(() if post else (_NO_POST,)),
            *(() if declared in (None, read) else (count_differs(declared or 0, read),)),
        ),
    )


def _title_in(url: str | None) -> str:
    """What the address of a post tells of its title."""
    name = unquote(urlsplit(url or "").path).rpartition("/")[2].removesuffix(".html")
    return " ".join(word for word in re.split(r"[-_]", name) if not word.isdecimal())


def _comment(entry: _Entry) -> DraftComment:
    created = entry.published.astimezone(dt.UTC) if entry.published else None
    return blogger.comment(
        entry.text,
        author=entry.author,
        created=created,
        source_id=entry.number or None,
        permalink=entry.address,
        is_removed=entry.is_removed,
    )
