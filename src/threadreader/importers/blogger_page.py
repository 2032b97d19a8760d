"""A Blogger post's page in HTML, as it came or as a browser saved it: `ol#top-ra > li.comment#c<ID>`.

Replies stand inside the item of what they answer, at whatever depth. The time of a comment is told in its
address (`?showComment=…`, in milliseconds); the one that is shown is the blog's own, in its language. The
older template is a flat list, `dl#comments-block`, that says nothing of parents.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from threadreader.errors import NoThreadFound
from threadreader.importers import blogger, dates
from threadreader.importers.hanging import Loose, hung, is_stub, key_of
from threadreader.importers.head import count_differs
from threadreader.importers.html_text import parsed, text_of
from threadreader.importers.tags import is_markup
from threadreader.links import can_be_opened
from threadreader.model import Draft, DraftComment, ThreadWarning, collapsed, harmless

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

# What Blogger alone has; and what others have too, if it names Blogger somewhere.
_MARK = r"(?:id|class)\s*=\s*[\"']?(?:[^\"'<>]{{0,99}}\s)?(?:{})[\"'\s>]"
_ITS_MARKS = re.compile(_MARK.format("top-ra|comment-holder|comments-block"))
_LIKELY_MARKS = re.compile(_MARK.format(r"comment-content|comment-block|post-body(?:-\d+)?"))
_ITS_NAME = re.compile(r"blogger|blogspot|blogblog", re.IGNORECASE)
_FEED = re.compile(r"<(?:\w+:)?(?:feed|rss)[\s>]")
_BEGINNING = 4096  # characters in which the first tag of a feed stands

_ID = re.compile(r"c(\d+)")
_NUMBER = re.compile(r"\d{1,3}(?:[.,\s]\d{3})+|\d+")
_LONGEST_COUNT = 60  # characters
_SAID = re.compile(
    r"\s*(?:said|says|hat gesagt|a dit|dijo|ha dicho|disse|ha detto|zei|schreef|sa|sade|sagde|kirjoitti|pisze"
    r"|řekl\(a\)|povedal\(a\)|írta|spunea|комментирует|каже|είπε|dedi ki|mengatakan|nói|さんは書きました|说)"
    r"\s*(?:\.\.\.|…|:)\s*$",
    re.IGNORECASE,
)
_LOAD_MORE = "More of them may be behind “Load more…”: open it, and save the page again."


def identify(text: str) -> int:
    """Every line of a page that has Blogger's marks; 0 for any other document."""
    if not is_markup(text) or _FEED.search(text, 0, _BEGINNING):
        return 0
    is_its = _ITS_MARKS.search(text) or (_LIKELY_MARKS.search(text) and _ITS_NAME.search(text))
    return text.count("\n") + 1 if is_its else 0


def read(text: str) -> tuple[Draft]:
    """The post of the page with its comments; raises NoThreadFound for a page without any."""
    root = parsed(text)
    page = _Page(root)
    scope = page.scope_of_comments
    comments = _threaded(scope, page.url) or _flat(root, page.url)
    declared = _declared(scope)
    if not comments:
        raise NoThreadFound(_without_comments(declared))
    return (page.draft(comments, declared, is_more_to_load=_is_more_to_load(scope)),)


def _without_comments(declared: int | None) -> str:
    if declared:
        return (
            f"a Blogger page that counts {declared} comments and holds none. "
            "Wait until the browser shows them, then save the page again."
        )
    return "a Blogger page without comments. Save the page of a post that has some."


# The post


class _Page:
    """What a page says of its post."""

    def __init__(self, root: "Element") -> None:
        self._root = root
        body = _first(
            root, "//*[starts-with(@id,'post-body-')]", _class("post-body"), _class("entry-content")
        )
        self._body = body
        above = () if body is None else body.iterancestors()
        self._post = next((one for one in above if _has(one, "post", "hentry", "post-outer")), root)

    @cached_property
    def scope_of_comments(self) -> "Element":
        """The part of the page that its comments stand in."""
        for path in ("//*[@id='comments']", "//*[@id='comment-holder']", "//*[@id='top-ra']"):
            for scope in _each(self._root, path):
                if _within(scope, "comment-content") is not None:
                    return scope
        scope = _first(self._root, "//*[@id='comments']", _class("comments"))
        return self._root if scope is None else scope

    @cached_property
    def url(self) -> str | None:
        """The address of the post."""
        given = chain(
            _each(self._root, "//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"),
            _each(self._post, ".//a[@rel='bookmark']/@href"),
            _each(self._root, "//a[contains(@href,'showComment=')]/@href"),
        )
        return next((url for one in given if (url := blogger.address_of_post(str(one)))), None)

    @property
    def _source_id(self) -> str | None:
        given = _each(
            self._root,
            "//*[starts-with(@id,'post-body-')]/@id",
            "//*[@itemprop='postId']/@content",
            "//*[@data-post-id]/@data-post-id",
        )
        numbers = (re.fullmatch(r"(?:post-body-)?(\d+)", str(one).strip()) for one in given)
        return next((blogger.post_id(found.group(1)) for found in numbers if found), None)

    @property
    def _date(self) -> dt.date | None:
        stamps = _each(
            self._post,
            f".{_class('published')}/@title",
            f".{_class('published')}/@datetime",
            ".//*[@itemprop='datePublished']/@title",
            ".//*[@itemprop='datePublished']/@datetime",
            ".//*[@itemprop='datePublished']/@content",
        )
        for stamp in stamps:
            if moment := blogger.moment_of(str(stamp)):
                return moment.date()
        shown = (_words(one) for one in _each(self._root, _class("date-header")))
        return next((date for one in shown if (date := dates.parsed(one))), None)

    def draft(
        self, comments: tuple[DraftComment, ...], declared: int | None, *, is_more_to_load: bool
    ) -> Draft:
        """The post with its comments."""
        body = "" if self._body is None else text_of([self._body], self.url)
        heading = _first(self._post, f".{_class('post-title')}", f".{_class('entry-title')}")
        if heading is None:
            heading = _first(self._root, _class("post-title"), _class("entry-title"))
        given = "" if heading is None else _words(heading)
        given = given or next(map(str, _each(self._root, "//meta[@property='og:title']/@content")), "")
        title, is_derived, told = blogger.title(given, body or comments[0].text)
        date = self._date
        return Draft(
            layout="blogger-page",
            title=title,
            body=body,
            comments=comments,
            title_derived=is_derived,
            date=date,
            author=self._author,
            url=self.url,
            source_id=self._source_id,
            declared_comments=declared,
            warnings=(
                *(() if date else (blogger.NO_DATE,)),
                *told,
                *_count_warnings(declared, comments, is_more_to_load=is_more_to_load),
            ),
        )

    @property
    def _author(self) -> str | None:
        named = _first(
            self._post,
            ".//*[@itemprop='author']//*[@itemprop='name']",
            f".{_class('post-author')}{_class('fn')}",
            f".{_class('author')}{_class('fn')}",
            ".//*[@rel='author']",
        )
        return None if named is None else blogger.author(_words(named))


def _declared(scope: "Element") -> int | None:
    """How many comments the page says there are, in whatever language."""
    if scope.getparent() is None:  # all of the page: any number may stand in it
        return None
    for given in _each(scope, "./@data-num-comments", ".//@data-num-comments"):
        if str(given).isdecimal():
            return int(given)
    for heading in _each(scope, ".//h2", ".//h3", ".//h4", ".//h5"):
        words = _words(heading)
        numbers = _NUMBER.findall(words)
        if len(words) <= _LONGEST_COUNT and len(numbers) == 1:
            return int(re.sub(r"\D", "", numbers[0]))
    return None


def _is_more_to_load(scope: "Element") -> bool:
    return any(not _has(one, "hidden") for one in _each(scope, f".{_class('loadmore')}"))


def _count_warnings(
    declared: int | None, comments: Sequence[DraftComment], *, is_more_to_load: bool
) -> Iterator[ThreadWarning]:
    read = sum(not is_stub(comment) for comment in comments)
    differs = declared is not None and declared != read
    if declared is not None and differs:
        told = count_differs(declared, read)
        is_short = declared > read or is_more_to_load
        yield told._replace(message=f"{told.message} {_LOAD_MORE}") if is_short else told
    elif is_more_to_load:
        yield ThreadWarning("more-to-load", _LOAD_MORE)


# The comments


class _Places(NamedTuple):
    """Where the parts of a comment stand on the page."""

    item: "Element"  # holds its replies too
    block: "Element"  # holds only its own
    texts: "list[Element]"


def _threaded(scope: "Element", url: str | None) -> tuple[DraftComment, ...]:
    """The comments of the nested template, in the order of the page, which is reading order."""
    found: list[Loose] = []
    keys: dict[Element, str] = {}
    for places in _in_items(scope):
        above = next((one for one in places.item.iterancestors() if _is_item(one)), None)
        if above is not None and above not in keys:
            keys[above] = key_of(_id_of(above), len(keys))
        comment = _comment(places, url)
        key = keys.setdefault(places.item, key_of(comment.source_id, len(keys)))
        found.append(Loose(comment, key, None if above is None else keys[above]))
    return hung(found, by_time=False)


def _in_items(scope: "Element") -> Iterator[_Places]:
    """Where each comment stands: one that has several texts has all of them."""
    texts: dict[Element, list[Element]] = {}
    for text in _each(scope, f".{_class('comment-content')}"):
        item = next((one for one in text.iterancestors() if _is_item(one)), None)
        block = next((one for one in text.iterancestors() if _has(one, "comment-block")), None)
        if item is None:
            item = text.getparent() if block is None else block
        texts.setdefault(item, []).append(text)
    for item, here in texts.items():
        block = next((one for one in here[0].iterancestors() if _has(one, "comment-block")), item)
        yield _Places(item, block, [part for text in here for part in _with_what_follows(text)])


def _with_what_follows(text: "Element") -> "Iterator[Element]":
    """A comment's text, and what a parser put behind its paragraph, since none may stand in one."""
    yield text
    if text.tag != "p":
        return
    for one in text.itersiblings():
        if one.get("class"):  # of the page, not of who wrote
            return
        yield one


def _comment(places: _Places, url: str | None) -> DraftComment:
    dated = _within(places.block, "datetime", "comment-timestamp")
    link = None if dated is None else next(dated.iter("a"), None)
    address = None if link is None else link.get("href")
    name = next(places.block.iter("cite"), None)
    name = _within(places.block, "user", "comment-author") if name is None else name
    own = _id_of(places.item) or _id_of(places.block) or blogger.id_in(address)
    return blogger.comment(
        text_of(places.texts, url, tails=True),
        author=None if name is None else blogger.author(_words(name)),
        created=blogger.moment_in(address),
        source_id=own,
        permalink=_permalink(address, url),
        is_removed=any(_within(text, "deleted-comment") is not None for text in places.texts),
    )


def _flat(root: "Element", url: str | None) -> tuple[DraftComment, ...]:
    """The comments of the flat template: a list of terms, who said it, and definitions, what."""
    found: list[Loose] = []
    head: Element | None = None
    texts: list[Element] = []
    foot: Element | None = None

    def end() -> None:
        if head is not None and texts:
            comment = _flat_comment(head, texts, foot, url)
            found.append(Loose(comment, key_of(comment.source_id, len(found)), None))

    for block in islice(_each(root, "//*[@id='comments-block']", _class("comments-block")), 1):
        for one in block.iter("dt", "dd"):
            if one.tag == "dt":
                end()
                head, texts, foot = one, [], None
            elif _has(one, "comment-body"):
                texts.append(one)
            elif _has(one, "comment-footer"):
                foot = one
    end()
    return hung(found, by_time=False)


def _flat_comment(
    head: "Element", texts: "list[Element]", foot: "Element | None", url: str | None
) -> DraftComment:
    links = [] if foot is None else list(_each(foot, ".//a[@href]"))
    dated = next((link for link in links if "showComment=" in link.get("href")), links[0] if links else None)
    address = None if dated is None else dated.get("href")
    profile = next((one for one in _each(head, ".//a[@href]") if _words(one)), None)
    name = _SAID.sub("", _words(head)) if profile is None else _words(profile)
    anchors = [str(one) for one in _each(head, ".//a/@name", ".//a/@id")]
    ids = [_id_of(head), *(found.group(1) for one in anchors if (found := _ID.fullmatch(one)))]
    return blogger.comment(
        text_of(texts, url),
        author=blogger.author(name),
        created=blogger.moment_in(address),
        source_id=next((one for one in (*ids, blogger.id_in(address)) if one), None),
        permalink=_permalink(address, url),
        is_removed=any(_within(text, "deleted-comment") is not None for text in texts),
    )


def _permalink(given: str | None, url: str | None) -> str | None:
    """A comment's address, if it is one that can be opened."""
    given = harmless((given or "").strip())
    if given.startswith("#") and url:
        given = url + given
    return given if can_be_opened(given) else None


# Elements


def _class(name: str) -> str:
    """The path of all elements with that class."""
    return f"//*[contains(concat(' ',normalize-space(@class),' '),' {name} ')]"


def _each(element: "Element", *paths: str) -> Iterator[Any]:
    """What these paths lead to, one after another; a path is followed only where those before it ended."""
    for path in paths:
        yield from element.xpath(path)


def _first(element: "Element", *paths: str) -> "Element | None":
    return next(_each(element, *paths), None)


def _within(element: "Element", *names: str) -> "Element | None":
    """The first of its descendants that has one of these classes; a path takes ten times as long."""
    return next((one for one in element.iter() if _has(one, *names)), None)


def _has(element: "Element", *names: str) -> bool:
    return not set(names).isdisjoint(str(element.get("class") or "").split())


def _is_item(element: "Element") -> bool:
    """Does it hold a comment and its replies?"""
    return _has(element, "comment") and (element.tag == "li" or _id_of(element) is not None)


def _id_of(element: "Element") -> str | None:
    found = _ID.fullmatch(str(element.get("id") or ""))
    return found.group(1) if found else None


def _words(element: "Element") -> str:
    return collapsed(harmless("".join(element.itertext())))
