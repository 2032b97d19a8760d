"""Exports are read by a Markdown parser: text is text again, and the quotes nest as the thread did."""

import datetime as dt
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from threadreader import __version__
from threadreader.anchoring import quote_of
from threadreader.export import (
    PRESETS,
    STYLES,
    Form,
    Preset,
    Style,
    file_name,
    link_to,
    of_thread,
    path,
    quotation,
    subtree,
)
from threadreader.export.front import Front
from threadreader.export.markdown import DEEPEST_LEVEL
from threadreader.markup import markdown_lines
from threadreader.model import (
    Annotation,
    Draft,
    DraftComment,
    MarkKind,
    TextQuote,
    Thread,
    harmless,
    thread_of,
)

MOMENT = dt.datetime(2024, 3, 1, 12, 5, 59, tzinfo=dt.UTC)
PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
ANCHOR = re.compile(r'<a id="tr-([^"]*)">')


def thread(*comments: tuple[str, int | None], body: str = "A body.", title: str = "Fog") -> Thread:
    """Comments given as text and position of the parent."""
    drafts = tuple(DraftComment(text, parent) for text, parent in comments)
    return thread_of(Draft("outline", title, body, drafts), "p1", source="/home/ada/fog.txt")


def mark(
    kind: MarkKind, comment_id: str | None, text: str = "", quote: str = "its words", at: int = 0
) -> Annotation:
    moment = MOMENT + dt.timedelta(days=at)
    return Annotation(f"a{at}", kind, "p1", comment_id, text, TextQuote(quote), moment, moment)


def markdown(
    thread: Thread,
    marks: Sequence[Annotation],
    *,
    marked_only: bool = False,
    managed: bool = False,
    **how: Any,
) -> str:
    how["scope"] = "marked" if marked_only else "thread"
    how["form"] = how.get("form", Form())._replace(managed=managed)
    return str(of_thread(thread, marks, **how))


def exported(thread: Thread, *marks: Annotation, title: str | None = None, marked_only: bool = False) -> str:
    title = thread.post.title if title is None else title
    return markdown(thread, marks, title=title, exported=MOMENT, marked_only=marked_only)


@dataclass
class Shown:
    """A comment as a reader of the rendered document finds it."""

    level: int
    header: str
    text: str = ""
    kinds: set[str] = field(default_factory=set)


def shown(document: str) -> dict[str, Shown]:
    """Comments by id, from the document as parsed; their text with list marks, without its quote marks."""
    _, front, rest = document.split("---\n", 2)
    assert front
    found: dict[str, Shown] = {}
    level, item, current = 0, "", Shown(0, "")
    for token in PARSER.parse(rest):
        level += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if token.type == "list_item_open":
            item = f"{token.info}{token.markup} "
        elif token.type == "inline":
            words, kinds = flat(token.children or [])
            if anchor := ANCHOR.search(token.content):
                current = found[anchor[1]] = Shown(level, words)
            elif level:
                current.text += item + words + "\n\n"
                current.kinds |= kinds
            item = ""
        else:
            current.kinds.add(token.type.removesuffix("_open").removesuffix("_close"))
    return found


def flat(tokens: Sequence[Token]) -> tuple[str, set[str]]:
    """The text that is read, and what kinds of markup stand in it."""
    words = {"softbreak": "\n", "hardbreak": "\n", "html_inline": ""}
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    text = "".join(words.get(token.type, token.content) for token in tokens)
    return text, kinds - {"text", "text_special", "softbreak", "hardbreak"}


HARMLESS_BLOCKS = {"paragraph", "blockquote", "bullet_list", "ordered_list", "list_item", "link"}


def letters(text: str) -> str:
    """What must not differ: everything but white space and quote marks."""
    return "".join(text.replace(">", "").split())


def test_a_thread_reads_like_this() -> None:
    fog = thread(("First.\n\nOf two.", None), ("A reply,\nbroken.", 0), ("Second.", None), body="Body.")
    fog = replace(
        fog,
        comments=(
            fog.comments[0]._replace(author="Ada_L", created=MOMENT, permalink="https://x.org/?c=1"),
            fog.comments[1]._replace(signed="Bea"),
            fog.comments[2],
        ),
    )
    first, reply, second = (comment.id for comment in fog.comments)
    marks = mark("bookmark", reply), mark("note", reply, "Mine.\n\n- one\n- two"), mark("note", None, "Hm.")
    assert exported(fog, *marks, title='My "fog"') == (
        f"""---
title: "My \\"fog\\""
document: "fog.txt"
exported: "2024-03-01T12:05:59Z"
threadreader: "{__version__}"
schema: 1
export: "thread nested obsidian"
post: "p1"
comments: 3
annotations: 3
bookmarks: 1
notes: 2
highlights: 0
---

# My "fog"

**3 comments · 2 notes · 1 bookmark**

Body.

> [!note] My note · 2024-03-01 12:05 UTC
>
> Hm.

## 3 comments

> [**1**](<https://x.org/?c=1>) · Ada_L · 2024-03-01 12:05 UTC <a id="tr-{first}"></a>
>
> First.
>
> Of two.
>
> > ★ **1.1** · signed Bea <a id="tr-{reply}"></a>
> >
> > A reply,\\
> > broken.
> >
> > > [!note] My note · 2024-03-01 12:05 UTC
> > >
> > > Mine.
> > >
> > > - one
> > > - two

^tr-{first}

> **2** · Anonymous <a id="tr-{second}"></a>
>
> Second.

^tr-{second}
"""
    )


def test_front_matter_tells_what_is_known_and_nothing_else() -> None:
    fog = thread(title='Fog: "thick" #1')
    dated = fog.post._replace(date=dt.date(2021, 4, 7), author="Ada: the first", url="https://x.org/fog")
    lines = exported(replace(fog, post=dated)).split("---\n")[1].splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        "title", "author", "source", "document", "published", "exported", "threadreader", "schema", "export",
        "post", "comments", "annotations", "bookmarks", "notes", "highlights",
    ]  # fmt: skip
    values = dict(line.split(": ", 1) for line in lines)
    assert json.loads(values["title"]) == 'Fog: "thick" #1'
    assert json.loads(values["author"]) == "Ada: the first"
    assert values["published"] == "2021-04-07"
    assert json.loads(values["source"]) == "https://x.org/fog"
    assert json.loads(values["document"]) == "fog.txt"


def test_exporting_twice_differs_in_the_time_only() -> None:
    fog = thread(("One.", None), ("Two.", 0))
    later = MOMENT + dt.timedelta(days=400)
    assert exported(fog) == exported(fog)
    assert markdown(fog, [], title="Fog", exported=later).replace("2025-04-05", "2024-03-01") == exported(fog)


def test_quotes_nest_as_deep_as_the_replies_and_no_deeper_than_reads_well() -> None:
    deep = thread(
        ("0", None), *((str(depth), depth - 1) for depth in range(1, 10)), ("back", 0), ("two", None)
    )
    found = shown(exported(deep))
    assert [found[c.id].level for c in deep.comments] == [
        *(min(depth + 1, DEEPEST_LEVEL) for depth in range(10)), 2, 1,
    ]  # fmt: skip
    answered = {c.id: re.findall(r"reply to ([\d.]+)", found[c.id].header) for c in deep.comments}
    assert [answered[c.id] for c in deep.comments if c.depth < DEEPEST_LEVEL] == [[]] * (DEEPEST_LEVEL + 2)
    assert answered[deep.comments[DEEPEST_LEVEL].id] == [deep.comments[DEEPEST_LEVEL - 1].place]


def test_every_comment_has_an_anchor_and_every_conversation_a_block_id() -> None:
    fog = thread(("One.", None), ("Two.", 0), ("Three.", None))
    document = exported(fog)
    assert ANCHOR.findall(document) == [comment.id for comment in fog.comments]
    blocks = re.findall(r"(?<=\n\n)\^tr-(.*)(?=\n\n)", document + "\n")
    assert blocks == [fog.comments[0].id, fog.comments[2].id]


def test_only_the_marked_and_their_ancestors_are_exported_and_gaps_are_told() -> None:
    fog = thread(
        ("one", None), ("one.one", 0), ("one.two", 0), ("one.two.one", 2),
        ("two", None), ("two.one", 4), ("three", None),
    )  # fmt: skip
    document = exported(fog, mark("note", fog.comments[3].id, "Mine."), marked_only=True)
    assert [found.header.split(" ")[0] for found in shown(document).values()] == ["1", "1.2", "1.2.1"]
    assert re.findall(r".*left out", document) == ["> ··· 1 comment left out", "··· 3 comments left out"]
    assert exported(fog, marked_only=True).count("··· 7 comments left out") == 1


def test_a_note_is_told_once_and_apart_from_the_replies() -> None:
    fog = thread(("One.", None), ("Two.", 0))
    marks = mark("note", fog.comments[0].id, "early thought"), mark("note", fog.comments[0].id, "late", at=1)
    document = exported(fog, *marks)
    assert document.count("early thought") == 1
    assert re.findall(r"> \[!note\] My note · (\S+)", document) == ["2024-03-01", "2024-03-02"]
    assert document.index("early") < document.index("late") < document.index("Two.")


def test_marks_whose_comment_is_gone_are_told_with_their_words() -> None:
    fog = thread(("One.", None))
    lost = mark("note", "gone", "Mine.", "What it said.\n\nAll of it."), mark("bookmark", "gone too", at=1)
    document = exported(fog, *lost)
    assert document.endswith(
        """
## Marks whose comment is gone

> [!note] My note · 2024-03-01 12:05 UTC
>
> Mine.
>
> > What it said.
> >
> > All of it.

> ★ My bookmark · 2024-03-02 12:05 UTC
>
> > its words
"""
    )


NOTE = "A note."


@pytest.mark.parametrize(
    "text",
    [
        "# no heading", "#tag and #2 and a # b", "no heading\n===", "no heading\n---", "***", "* * *", "---",
        "- Ada", "+ one", "* one", "1. one", "1986. A year.", "2) b", "- - -\n- - -", "--oo00oo--", "+++",
        "```\nno code\n```", "~~~\nno code\n~~~", "    no code", "\tno code", "`code` and ``", "\u00a0# no",
        "*no* _emphasis_ **at** __all__ ***here***", "snake_case and 2*3*4", "a ~~b~~ c ~d~ ~5", "a *\nb*\n*",
        "<b>no</b> <!-- html --> <?php ?> a < b <3", "&amp; &#35; AT&T", "a\\*b\\\\c \\d", "end\\\nof line\\",
        "[no](link) ![no](image) [[no page]] ![[no]] [^1] ^[no] [x]: y", "[x]: https://x.org", "a == b ==c==",
        "$a$ and $b$", "%%hidden%% 100%", "words ^block-id", "[!note] no", "> [!tip] no callout\n> # no",
        "a | b\n--|--\nc | d", "|a|\n|-|\n|b|", "a\n:-", "> said\n> so\nNo.", "> > > > > deep", ">",
        "- a\n- b\n\n1. a\n2. b\n\n1. a\n2. b\n3) c\n4) d", "A\n1. b", "1. a\n1. b\n2. c", "10. a\n11. b",
        "1. a\n2. b\n1. c\n2. d\n\n2. e\n3. f", "007. a\n008. b",
        "List:\n- # a\n- > b\n- - c\n- [ ] d\n-     e\nafter", "- a\n  - b\n- c",
        "https://x.org/a_b_(c)*d), *and* <https://x.org>.",
    ],
)  # fmt: skip
def test_text_that_looks_like_markdown_is_shown_as_written(text: str) -> None:
    fog = thread((text, None), ("after", None), body=text, title=text.split("\n")[0])
    found = shown(exported(fog, mark("note", fog.comments[0].id, NOTE)))
    comment = found[fog.comments[0].id]
    assert comment.kinds <= HARMLESS_BLOCKS
    note = "[!note] My note · 2024-03-01 12:05 UTC"
    assert letters(comment.text.split("^tr-")[0]) == letters(f"{text}\n{note}\n{NOTE}")
    assert found[fog.comments[1].id].level == 1


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5, a 2 * 3 metre tent; snake_case #1 ~5 km, 100% (see [1]) & a < b.",
        "A dash - and a plus + and C# and a^2 and a == b and 5 > 4.",
        "- one\n- two", "1. one\n2. two", "> quoted", "--oo00oo--", "What?! (No.) \"So\" it's … fine: yes",
    ],
)  # fmt: skip
def test_text_that_markdown_would_not_obey_is_not_touched(text: str) -> None:
    lines = exported(thread(("x", None), body=text)).split("\n")
    begin = lines.index("# Fog") + 4
    assert lines[begin : begin + len(text.split("\n"))] == text.split("\n")


def test_lists_quotes_and_addresses_stay_what_they_are() -> None:
    text = "See:\n- one\n- two\nthen\n> said\n\nhttps://x.org/a_b?c=(d)."
    html = PARSER.render(exported(thread(body=text)).split("---\n", 2)[2])
    assert "<ul>\n<li>one</li>\n<li>two</li>\n</ul>" in html
    assert "<blockquote>\n<p>said</p>\n</blockquote>" in html
    assert '<a href="https://x.org/a_b?c=(d)">https://x.org/a_b?c=(d)</a>.' in html


SIGNS = st.sampled_from(
    [
        *"#*_-+=~`>|\\[]()<&;:!$%^.1 \n\tax\u00a0", "\n\n", "\n> ", "\n- ", "\n1. ", "\n2. ", "    ",
        "```", "<b>", "&lt;", "](x)", "[x]:", "https://x.org/", "\n---", "\n===", "~~", "**", "==",
    ]
)  # fmt: skip


@settings(max_examples=50, derandomize=True, deadline=None)
@given(st.lists(st.lists(SIGNS, min_size=1, max_size=25).map("".join), min_size=1, max_size=4))
def test_no_text_breaks_out_of_its_comment(texts: list[str]) -> None:
    texts = [harmless(text) for text in texts]
    fog = thread(*((text, at - 1 if at else None) for at, text in enumerate(texts)), body=texts[0])
    found = shown(exported(fog))
    assert [found[comment.id].level for comment in fog.comments] == list(range(1, len(texts) + 1))
    for comment in fog.comments:
        assert found[comment.id].kinds <= HARMLESS_BLOCKS
        assert letters(found[comment.id].text.split("^tr-")[0]) == letters(comment.text)


def read_in(document: str) -> dict[str, tuple[str, str]]:
    """By comment, in any style: its heading or how deep its quotes and items are, and what is read of it."""
    found: dict[str, list[str]] = {}
    current, item, around = [""], "", []
    for token in PARSER.parse(document):
        if token.type in ("blockquote_open", "list_item_open", "heading_open"):
            around.append(token.tag)
            item = f"{token.info}{token.markup} " if token.type == "list_item_open" else item
        elif token.type in ("blockquote_close", "list_item_close", "heading_close"):
            around.pop()
        elif token.type == "inline":
            words, kinds = flat(token.children or [])
            assert kinds <= {"link", "html_inline", "strong"}
            if anchor := ANCHOR.search(token.content):
                current = found[anchor[1]] = [" ".join(around), ""]
            elif not re.fullmatch(r"\^tr-\w+", token.content):
                current[-1] += item + words + "\n"
            item = ""
        elif token.type == "html_block":
            assert re.fullmatch(r"<!-- (/?tr:[^>]*) -->\n?", token.content)
    return {comment_id: (level, words) for comment_id, (level, words) in found.items()}


@settings(max_examples=40, derandomize=True, deadline=None)
@given(
    st.lists(st.lists(SIGNS, min_size=1, max_size=15).map("".join), min_size=1, max_size=4),
    st.sampled_from(
        [
            *((PRESETS["obsidian"], style) for style in STYLES),
            (PRESETS["logseq"], STYLES[0]),
            (PRESETS["plain"], "flat"),
        ]
    ),
)
def test_every_style_shows_each_text_in_its_place(texts: list[str], look: tuple[Preset, Style]) -> None:
    texts = [harmless(text) for text in texts]
    fog = thread(*((text, at - 1 if at else None) for at, text in enumerate(texts)), body=texts[0])
    document = markdown(fog, [], title="Fog", exported=MOMENT, managed=True, form=Form(*look))
    read = read_in(Front.of(document).rest)
    levels = {
        "nested": [" ".join(["blockquote"] * (at + 1)) for at in range(len(texts))],
        "headings": [f"h{min(at + 3, 6)}" for at in range(len(texts))],
        "flat": ["blockquote"] * len(texts),
    }[look[1]]
    if look[0].bullets:
        levels = [" ".join(["li"] * (at + 1)) for at in range(len(texts))]
    assert [read[comment.id][0] for comment in fog.comments] == levels
    for comment in fog.comments:
        assert letters(read[comment.id][1]) == letters(comment.text)


def test_a_text_of_one_long_line_is_escaped_in_linear_time() -> None:
    for part in (
        "*",
        "_ ",
        "[",
        "](",
        "https://",
        "https://(",
        "> ",
        "- ",
        "- a\n",
        "&",
        "$",
        " #",
        "\\",
        "~~ ",
    ):
        fog = thread((part * (50_000 // len(part)), None))
        assert exported(fog)


@pytest.mark.parametrize(
    ("title", "date", "name"),
    [
        ("The pear tree", dt.date(2021, 4, 7), "2021-04-07-the-pear-tree-0123ab.md"),
        ('A/B: "why?" <x> | \\ *', None, "a-b-why-x-0123ab.md"),
        ("Über Äpfel", None, "über-äpfel-0123ab.md"),
        ("…", None, "thread-0123ab.md"),
        ("CON", None, "con-0123ab.md"),
        ("word " * 50, None, "word-word-word-word-word-word-word-word-word-word-word-word-0123ab.md"),
    ],
)
def test_file_names_are_taken_by_every_system(title: str, date: dt.date | None, name: str) -> None:
    post = thread().post._replace(title=title, date=date, id="0123abcdef")
    assert file_name(post) == name


# Parts of a thread


def test_a_subtree_begins_a_quote_of_its_own_and_keeps_places_and_notes() -> None:
    told = thread(("Zero", None), ("One", 0), ("Two", 1), ("Other", 0))
    ids = [comment.id for comment in told.comments]
    text = subtree(
        told,
        [mark("note", ids[2], "Look here."), mark("note", ids[3], "Not here.")],
        ids[1],
        title="My *fog*",
    )
    found = shown(f"---\nx: 1\n---\n{text}")
    assert [(found[one].level, found[one].text.strip()) for one in ids[1:3]] == [
        (1, "One"),
        (2, "Two\n\n[!note] My note · 2024-03-01 12:05 UTC\n\nLook here."),
    ]
    assert text.startswith("**My \\*fog\\***\n")
    assert (
        "**1.1**" in text
        and "Zero" not in text
        and "here." in text
        and "Other" not in text
        and "Not here" not in text
    )


def test_the_whole_of_a_deep_subtree_nests_from_its_own_top() -> None:
    chain = thread(*((f"Text {n}", n - 1 if n else None) for n in range(12)))
    found = shown("---\nx: 1\n---\n" + subtree(chain, [], chain.comments[8].id, title="Fog"))
    assert [one.level for one in found.values()] == [1, 2, 3, 4]


def test_only_some_comments_are_exported_with_what_they_answer() -> None:
    fog = thread(("Zero", None), ("One", 0), ("Two", 1), ("Three", 0), ("Four", None))
    document = markdown(fog, (), title="Fog", exported=MOMENT, only=[fog.comments[2].id, "gone"])
    assert [word in document for word in ("Zero", "One", "Two", "Three", "Four")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert document.count("left out") == 2


def test_a_path_is_a_conversation_of_its_own() -> None:
    fog = thread(("Zero", None), ("One", 0), ("Two", 1), ("Three", 0))
    said = path(fog, [mark("note", fog.comments[1].id, "Mine.")], fog.comments[2].id, title="Fog")
    assert said.startswith("**Fog**")
    assert [said.count(word) for word in ("Zero", "One", "Two", "Three", "Mine.")] == [1, 1, 1, 0, 1]


def test_a_quotation_tells_who_said_it_where_and_when() -> None:
    told = thread(("> Before\n\nTwice, *surely*.", None))
    comment = told.comments[0]._replace(
        author="Ida", created=MOMENT, permalink="https://dorve.example/1?a=1#c"
    )
    said = quotation(replace(told, comments=(comment,)), comment.id, title="My [fog]")
    assert said == (
        "> > Before\n>\n> Twice, \\*surely\\*.\n>\n"
        "> — Ida, “My [fog]”, 2024-03-01 12:05 UTC, <https://dorve.example/1?a=1#c>\n"
    )
    assert quotation(told, None, title="Fog") == "> A body.\n>\n> — Anonymous, “Fog”, <threadreader://p1>\n"


def test_a_comment_is_found_at_its_own_address_else_at_the_posts_else_here() -> None:
    told = thread(("Zero", None))
    [comment] = told.comments
    assert link_to(told, comment.id) == f"threadreader://p1#{comment.id}"
    page = replace(told, post=told.post._replace(url="https://dorve.example/fog"))
    assert link_to(page, comment.id) == "https://dorve.example/fog"
    own = replace(page, comments=(comment._replace(permalink="https://dorve.example/fog#1"),))
    assert link_to(own, comment.id) == "https://dorve.example/fog#1"
    odd = replace(page, comments=(comment._replace(permalink="javascript:alert(1)"),))
    assert link_to(odd, comment.id) == "https://dorve.example/fog"


# Highlights and tags


def passage(comment_id: str | None, text: str, words: str, note: str = "", at: int = 0) -> Annotation:
    start = text.index(words)
    made = mark("highlight", comment_id, note, at=at)
    return made._replace(quote=quote_of(text, start, start + len(words)), colour="green")


def test_highlights_stand_in_the_text_their_notes_below_it_and_tags_in_a_line() -> None:
    text = "The heron came.\nIt left again.\n\n- one\n- two"
    fog = thread((text, None), ("Other.", None), body="It lay there.")
    first = fog.comments[0].id
    marks = (
        passage(first, text, "came.\nIt left"),
        passage(first, text, "one\n- two", "Both.", at=1),
        passage(None, fog.body, "lay"),
    )
    tags = {first: ("heron", "a*b*"), None: ("fog",)}
    document = markdown(fog, marks, title="Fog", exported=MOMENT, tags=tags)
    assert "highlights: 3\n" in document and 'tags: ["a*b*", "fog", "heron"]\n' in document
    assert "\n#fog\n\n**2 comments · 3 highlights**\n\nIt ==lay== there.\n" in document
    assert (
        """
>
> #heron #a\\*b\\*
>
> The heron ==came.==\\
> ==It left== again.
>
> - ==one==
> - ==two==
>
> > [!note] My note on “one - two” · 2024-03-02 12:05 UTC
> >
> > Both.
"""
        in document
    )
    assert "My highlight" not in document


def test_a_highlight_whose_words_are_gone_is_told_below_the_comment() -> None:
    fog = thread(("The heron came.", None))
    lost = mark("highlight", fog.comments[0].id, quote="Quite another sentence stood here.")
    lost = lost._replace(colour="red")
    assert """> The heron came.
>
> > [!quote] My highlight · 2024-03-01 12:05 UTC
> >
> > Quite another sentence stood here.
""" in exported(fog, lost)
    gone = lost._replace(comment_id="gone")
    assert exported(fog, gone).count("Quite another sentence") == 1


def test_the_highlighted_and_the_tagged_are_marked() -> None:
    fog = thread(("one", None), ("one.one", 0), ("two", None), ("three", None))
    ids = [comment.id for comment in fog.comments]
    marks = [passage(ids[1], "one.one", "one.one")]
    document = markdown(fog, marks, title="F", exported=MOMENT, marked_only=True, tags={ids[2]: ("heron",)})
    assert list(shown(document)) == ids[:3]


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    st.lists(SIGNS, min_size=1, max_size=25).map("".join),
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 20)), min_size=1, max_size=3),
)
def test_a_highlight_changes_nothing_of_the_text_but_what_is_lit(
    text: str, places: list[tuple[int, int]]
) -> None:
    text = harmless(text)
    lit = [(start, min(start + size, len(text))) for start, size in places if start < len(text)]
    lit_words, kinds = words_of(markdown_lines(text, lit=lit))
    assert lit_words == words_of(markdown_lines(text))[0]
    assert kinds <= {"link"}


def words_of(lines: Sequence[str]) -> tuple[str, set[str]]:
    """What is read of Markdown, without the signs of highlights and any that look like them."""
    read = [flat(block.children or []) for block in PARSER.parse("\n".join(lines))]
    words = letters("".join(words for words, _ in read)).replace("=", "")
    return words, set().union(*(kinds for _, kinds in read))


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        ("a == b ==c== d", "b ==c==", r"a \=\= ==b \=\=c\=\=== d"),
        ("a=b=c", "b", r"a\===b==\=c"),
        ("a\\b", "b", r"a\\==b=="),
        ("snake_case_here", "_case", r"snake==\_case==\_here"),
        ("see https://x.org/a now", "x.org", "see ==<https://x.org/a>== now"),
        ("# no heading", "# no heading", "==# no heading=="),
        ("1. one", "one", r"1\. ==one=="),
        ("**", "*", r"==\*==\*"),
        (" led", "led", "\u00a0==led=="),
    ],
)
def test_signs_beside_a_highlight_stay_signs(text: str, words: str, line: str) -> None:
    start = text.index(words)
    assert markdown_lines(text, lit=[(start, start + len(words))]) == [line]
