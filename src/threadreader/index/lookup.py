"""What a search asks an index: its words, and the passages that match.

FTS5 finds rows; which of many rows are worth reading is said with the order in which they are asked for.
"""

import dataclasses
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from threadreader.index.conditions import (
    EVERY,
    All,
    Condition,
    Related,
    Simple,
    holding,
    holding_words,
    matching,
    signed_so,
)
from threadreader.index.file import explained
from threadreader.index.rows import Passage, post_passages
from threadreader.index.signs import expression_for
from threadreader.index.vocabulary import Vocabulary

POST_ROW = "(SELECT row FROM posts WHERE id = ?)"
_LINE_LENGTH = 200  # characters that are read of a parent, enough for its first line on a screen
# bm25 thinks most of the shortest text; this many words halve that opinion, so that "Thanks!" leads nothing.
_SHORT = 8.0
# FTS5 keeps the number of words in seven bits a byte: one byte up to 127, and what has more is long.
_LONG_ENOUGH = f"iif(length(sz) = 1, unicode(sz) / (unicode(sz) + {_SHORT}), 1)"

Order = Literal["newest", "oldest", "longest", "replies", "added"]
_ORDERS: Mapping[Order, tuple[str, str, str]] = {
    # what it goes by, which way, and the index that has it in that order
    "newest": ("c.date", "DESC", "INDEXED BY comments_by_date"),
    "oldest": ("c.date", "ASC NULLS LAST", "INDEXED BY comments_by_date"),
    "longest": ("c.words", "DESC", "INDEXED BY comments_by_words"),
    "replies": ("(c.ends - c.position)", "DESC", "INDEXED BY comments_by_size"),
    "added": ("c.row", "DESC", "NOT INDEXED"),  # the last first: the way to read every text soonest
}
_POST_KEYS: Mapping[Order, str] = {
    "newest": "CAST(strftime('%s', posts.date) AS INTEGER)",
    "oldest": "CAST(strftime('%s', posts.date) AS INTEGER)",
    "longest": "length(posts.body) / 6",  # about as many words
    "replies": "posts.comments + 1",
    "added": "posts.row",
}
SOME = 30_000  # comments; whether one is among more is told by its text
_KEPT = 1_000  # expressions of which it is kept what they find
_FEW = 10_000  # comments; of more, some are looked for one after another instead of all being fetched

Choice = Literal["any", "best", "newest"]


class Lookup:
    """The reading half of an index, as far as searching goes."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._connection = connection
        self._turn = threading.RLock()
        self._vocabulary: tuple[tuple[int, int], Vocabulary] | None = None
        self._people: tuple[tuple[int, int], tuple[str, ...]] | None = None
        self._comments: tuple[tuple[int, int], int] | None = None
        self._holding: dict[str, Callable[[str], bool]] = {}
        connection.create_function(
            "holds", 2, lambda text, expression: self._holding[expression](text), deterministic=True
        )

    def interrupt(self) -> None:
        """End the query that runs now, from any thread: it raises QueryInterrupted in its own."""
        self._connection.interrupt()

    def data_version(self) -> tuple[int, int]:
        """Differs from the last answer once anybody, here or in another process, has changed the index."""
        ((version,),) = self._rows("PRAGMA data_version")
        return version, self._connection.total_changes

    def vocabulary(self) -> Vocabulary:
        """Every word of the index; read once for each change of it (0.1 s for 100,000 words)."""
        version = self.data_version()
        if self._vocabulary is None or self._vocabulary[0] != version:
            self._vocabulary = version, Vocabulary(dict(self._rows("SELECT word, texts FROM vocabulary")))
        return self._vocabulary[1]

    def texts_with(self, word: str, *, prefix: bool = False) -> int:
        """In how many texts a folded word is, or about how many have words that begin with it."""
        ((texts,),) = self._rows(
            "SELECT coalesce(sum(texts), 0) FROM vocabulary WHERE word >= ? AND word < ?",
            (word, f"{word}\U0010ffff" if prefix else f"{word}\0"),
        )
        return int(texts)

    def words_beginning(self, beginning: str, most: int | None = None) -> list[str]:
        """The words that begin so, or the `most` of them that are in the most texts, commonest first."""
        rows = self._rows(
            "SELECT word FROM vocabulary WHERE word >= ? AND word < ? ORDER BY texts DESC LIMIT ?",
            (beginning, f"{beginning}\U0010ffff", -1 if most is None else most),
        )
        return [word for (word,) in rows]

    def comment_count(self) -> int:
        """How many comments all posts have; counted once for each change."""
        version = self.data_version()
        if self._comments is None or self._comments[0] != version:
            ((comments,),) = self._rows("SELECT coalesce(sum(comments), 0) FROM posts")
            self._comments = version, int(comments)
        return self._comments[1]

    def people(self) -> tuple[str, ...]:
        """Everybody who wrote or signed a comment, or wrote a post, by name; read once for each change."""
        version = self.data_version()
        if self._people is None or self._people[0] != version:
            # From one name to the next: the index is many times as long.
            comments = self._rows(
                "WITH RECURSIVE people(name) AS (SELECT min(coalesce(author, signed)) FROM comments UNION ALL"
                " SELECT (SELECT min(coalesce(author, signed)) FROM comments"
                " WHERE coalesce(author, signed) > name) FROM people WHERE name IS NOT NULL)"
                " SELECT name FROM people WHERE name IS NOT NULL"
            )
            posts = self._rows("SELECT DISTINCT author FROM posts WHERE author IS NOT NULL")
            self._people = version, tuple(sorted({name for (name,) in comments + posts}))
        return self._people[1]

    def rows_matching(
        self,
        expression: str,
        *,
        limit: int,
        choice: Choice = "any",
        post_id: str | None = None,
        where: Condition | None = None,
    ) -> list[int]:
        """The rows of up to `limit` comments that an FTS5 expression matches.

        Finding the best ones reads every match and every text that has one of the words: some microseconds
        each. The newest are found in the order in which they came.
        """
        order = {
            "any": "",
            "best": f"ORDER BY bm25(comments_fts) * {_LONG_ENOUGH}",
            "newest": "ORDER BY comments_fts.rowid DESC",
        }[choice]
        # The plus keeps SQLite from walking through the post instead of the matches.
        own, given = ("", ()) if post_id is None else (f"AND +comments.post = {POST_ROW}", (post_id,))
        test = where.test("comments") if where else EVERY
        joined, of_row = "", ""
        if choice == "best":
            joined, of_row = "CROSS JOIN comments_fts_docsize AS size", "AND size.id = comments_fts.rowid"
        if own or where:
            joined, of_row = (
                f"{joined} CROSS JOIN comments",
                f"{of_row} AND comments.row = comments_fts.rowid",
            )
        rows = self._rows(
            f"SELECT comments_fts.rowid FROM comments_fts {joined}"
            f" WHERE comments_fts MATCH ? {of_row} {own} AND {test.text} {order} LIMIT ?",
            (expression, *given, *test.given, limit),
        )
        return [row for (row,) in rows]

    def passages(self, rows: Iterable[int]) -> list[Passage]:
        """The comments in some rows, in no order."""
        return self._passages("SELECT value AS row, NULL AS key FROM json_each(?)", (json.dumps(list(rows)),))

    def match_posts(
        self,
        expression: str,
        *,
        limit: int,
        ranked: bool,
        post_id: str | None = None,
        where: Condition | None = None,
    ) -> list[Passage]:
        """Titles and bodies, each pair together, of up to `limit` posts that an FTS5 expression matches.

        The best ones if `ranked`, else new ones, those first whose titles match. None where the condition is
        about comments alone.
        """
        own, given = ("", ()) if post_id is None else ("AND posts.id = ?", (post_id,))
        test = where.post() if where else EVERY
        if test is None:
            return []

        def matched(words: str, order: str) -> dict[int, Any]:
            rows = self._rows(
                "SELECT posts.row, id, posts.title, posts.body FROM posts_fts CROSS JOIN posts"
                f" WHERE posts.row = posts_fts.rowid AND posts_fts MATCH ? {own} AND {test.text}"
                f" ORDER BY {order} LIMIT ?",
                (words, *given, *test.given, limit),
            )
            return {row: post for row, *post in rows}

        if ranked:
            return post_passages(matched(expression, "rank").values())
        newest = "posts_fts.rowid DESC"
        posts = matched(expression, newest)
        if len(posts) == limit:
            posts = matched(f"title : ({expression})", newest) | posts
        return post_passages(list(posts.values())[:limit])

    def held(self, name: str, holds: Callable[[str], bool]) -> Simple:
        """The texts of which `holds` says so, one after another; equal ones have one name."""
        self._holding.pop(name, None)
        self._holding[name] = holds
        while len(self._holding) > _KEPT:
            del self._holding[next(iter(self._holding))]
        return holding_words(name)

    def matching(self, expression: str, name: str, holds: Callable[[str], bool]) -> Condition:
        """The texts that an FTS5 expression matches; `holds` tells of a text whether it does.

        Where many match, that is asked of one text after another.
        """
        one_by_one = self.held(name, holds)
        ((some,),) = self._rows(
            "SELECT count(*) FROM (SELECT 1 FROM comments_fts WHERE comments_fts MATCH ? LIMIT ?)",
            (expression, SOME + 1),
        )
        condition = matching(expression, one_by_one if some > SOME else None)
        return dataclasses.replace(condition, size=some) if some <= _FEW else condition

    def holding(self, part: str) -> Condition:
        """The texts that hold `part` as it stands, whatever its case.

        For what has no words as FTS5 sees them. Signs lead to Chinese, Thai, emoji and the like; for
        punctuation all texts are read, the newest first.
        """
        condition = holding(part)
        expression = expression_for(part)
        if not expression:
            return condition
        return All((self.sized(signed_so(expression)), condition))

    def sized(self, condition: Simple | Related) -> Condition:
        """`condition` with how many comments match at most, where these are few enough to be told."""
        rows = condition.rows()
        if not rows:
            return condition
        ((size,),) = self._rows(
            f"SELECT count(*) FROM (SELECT row FROM ({rows.text}) LIMIT ?)", (*rows.given, _FEW + 1)
        )
        return dataclasses.replace(condition, size=size) if size <= _FEW else condition

    def comments_where(
        self, where: Condition, order: Order, *, limit: int, post_id: str | None = None
    ) -> list[Passage]:
        """The first `limit` comments in an order that meet a condition, each with its key in that order."""
        key, way, walked = _ORDERS[order]
        own, given = ("", ()) if post_id is None else (f"AND c.post = {POST_ROW}", (post_id,))
        in_order = f"ORDER BY {key} {way}, c.row {way.split()[0]}"
        if led := where.lead("c"):
            rows, test = led
            # First in order, then tested: a test may take longer than all the rest.
            return self._passages(
                f"WITH few AS MATERIALIZED (SELECT c.row, {key} AS key FROM comments AS c"
                f" WHERE c.row IN ({rows.text}) {own.replace('c.post', '+c.post')} {in_order})"
                " SELECT few.row, few.key FROM few CROSS JOIN comments AS c"
                f" WHERE c.row = few.row AND {test.text} LIMIT ?",
                (*rows.given, *given, *test.given, limit),
            )
        test = where.test("c")
        way_there = walked if post_id is None else "INDEXED BY comments_in_reading_order"
        return self._passages(
            f"SELECT c.row, {key} AS key FROM comments AS c {way_there}"
            f" WHERE {test.text} {own} {in_order} LIMIT ?",
            (*test.given, *given, limit),
        )

    def posts_where(
        self, where: Condition, order: Order, *, limit: int, post_id: str | None = None
    ) -> list[Passage]:
        """Titles and bodies, each pair together, of the first `limit` posts in an order, as comments are."""
        test = where.post()
        if test is None:
            return []
        key, (_, way, _) = _POST_KEYS[order], _ORDERS[order]
        own, given = ("", ()) if post_id is None else ("AND posts.id = ?", (post_id,))
        rows = self._rows(
            f"SELECT id, title, body, {key} AS key FROM posts WHERE {test.text} {own}"
            f" ORDER BY key {way}, row LIMIT ?",
            (*test.given, *given, limit),
        )
        return [passage._replace(key=row[3]) for row in rows for passage in post_passages([row[:3]])]

    def which(
        self, where: Condition, comment_ids: Iterable[str], post_ids: Iterable[str]
    ) -> tuple[set[str], set[str]]:
        """Those of some comments, and of some posts, that meet a condition."""
        test, on_post = where.test("c"), where.post()
        comments = self._rows(
            "SELECT c.id FROM json_each(?) AS asked CROSS JOIN comments AS c"
            f" WHERE c.id = asked.value AND {test.text}",
            (json.dumps(list(comment_ids)), *test.given),
        )
        posts = on_post and self._rows(
            "SELECT posts.id FROM json_each(?) AS asked CROSS JOIN posts"
            f" WHERE posts.id = asked.value AND {on_post.text}",
            (json.dumps(list(post_ids)), *on_post.given),
        )
        return {comment_id for (comment_id,) in comments}, {post_id for (post_id,) in posts or ()}

    def _passages(self, rows: str, parameters: tuple[object, ...]) -> list[Passage]:
        """The comments whose rows, and keys in an order, a query selects."""
        found = self._rows(
            "SELECT posts.id, comments.id, comments.text, comments.place,"
            f" substr(parent.text, 1, {_LINE_LENGTH}), found.key"
            f" FROM ({rows}) AS found JOIN comments ON comments.row = found.row"
            " JOIN posts ON posts.row = comments.post"
            " LEFT JOIN comments AS parent ON parent.id = comments.parent_id",
            parameters,
        )
        return [
            Passage(post_id, comment_id, "comment", text, place, parent and parent.split("\n", 1)[0], key)
            for post_id, comment_id, text, place, parent, key in found
        ]

    def _rows(self, query: str, parameters: Sequence[object] = ()) -> list[Any]:
        with self._turn, explained(self.path):
            return self._connection.execute(query, parameters).fetchall()
