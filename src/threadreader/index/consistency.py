"""Does an index agree with itself."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from threadreader.model import Problem

_CHECKS = (
    (
        "SELECT id FROM posts WHERE comments != (SELECT count(*) FROM comments WHERE post = posts.row)",
        "count-wrong",
        "The stored count of comments differs from the comments.",
    ),
    (
        "SELECT id FROM comments WHERE post NOT IN (SELECT row FROM posts)",
        "post-missing",
        "The comment's post is not there.",
    ),
    (
        "SELECT id FROM comments AS reply WHERE parent_id IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM comments AS parent WHERE parent.id = reply.parent_id AND parent.post = reply.post"
        " AND parent.position < reply.position AND parent.depth = reply.depth - 1)",
        "parent-missing",
        "What the comment answers is not there, or not before it.",
    ),
    (
        "SELECT id FROM comments AS own WHERE ends !="
        " ifnull((SELECT min(position) FROM comments AS behind WHERE behind.post = own.post"
        " AND behind.position > own.position AND behind.depth <= own.depth),"
        " (SELECT count(*) FROM comments AS of_post WHERE of_post.post = own.post))",
        "end-wrong",
        "Its replies do not end where they are said to.",
    ),
    (
        "SELECT word FROM (SELECT term AS word, doc AS texts FROM posts_words UNION ALL"
        " SELECT term, doc FROM comments_words UNION ALL SELECT word, -texts FROM vocabulary)"
        " GROUP BY word HAVING sum(texts) != 0 LIMIT 1",
        "vocabulary-wrong",
        "The word is not in as many texts as is kept of it.",
    ),
    (
        "SELECT comment FROM news WHERE NOT EXISTS"
        " (SELECT 1 FROM comments WHERE id = comment AND comments.post = news.post)",
        "news-of-none",
        "What is told to be new is not there.",
    ),
    (
        "SELECT id FROM posts WHERE row NOT IN (SELECT post FROM sources)",
        "source-missing",
        "No document is known that the post was read from.",
    ),
)


def problems(connection: sqlite3.Connection, path: Path, *, read_only: bool) -> Iterator[Problem]:
    """What in an index does not agree with the rest of it; reads all of it."""
    for (message,) in connection.execute("PRAGMA quick_check").fetchall():
        if message != "ok":
            yield Problem("index-damaged", str(path), message)
    for query, code, message in _CHECKS:
        for (where,) in connection.execute(query).fetchall():
            yield Problem(code, where, message)
    # FTS5 takes the question for a write.
    for table in () if read_only else ("posts", "comments"):
        if not _words_agree(connection, table):
            yield Problem(
                "words-wrong", str(path), f"The words of the {table} do not agree with their texts."
            )


def _words_agree(connection: sqlite3.Connection, table: str) -> bool:
    try:
        connection.execute(f"INSERT INTO {table}_fts ({table}_fts, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT:
            return False
        raise
    return True
