import datetime as dt
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from threadreader.errors import (
    IndexStale,
    LibraryError,
    LibraryReadOnly,
    QueryInterrupted,
    UnknownReference,
)
from threadreader.index import FileStamp, Index, Ready, Vocabulary
from threadreader.model import Draft, DraftComment, Source, Thread, ThreadWarning, thread_of

UTC = dt.UTC


def thread(
    post_id: str, *comments: DraftComment | str, title: str = "A title", body: str = "A body"
) -> Thread:
    drafts = tuple(DraftComment(c) if isinstance(c, str) else c for c in comments)
    draft = Draft(layout="outline", title=title, body=body, comments=drafts)
    return thread_of(draft, post_id, source=f"/saved/{post_id}.txt")


def source(name: str, path: str = "/saved/a.txt", day: int = 1) -> Source:
    return Source(name, path, dt.datetime(2024, 5, day, 12, 30, tzinfo=UTC))


def found(index: Index, word: str) -> set[str]:
    comments = index.passages(index.rows_matching(f'"{word}"', limit=100))
    posts = index.match_posts(f'"{word}"', limit=100, ranked=True)
    return {passage.text for passage in comments + posts if word in passage.text}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "index.db"


@pytest.fixture
def index(path: Path) -> Iterator[Index]:
    with Index.create(path) as index:
        yield index


def test_a_thread_comes_back_as_it_was_put(index: Index) -> None:
    doubt = ThreadWarning("no-date", "There is no date in it.")
    draft = Draft(
        layout="run-on",
        title="Über alles",
        title_derived=True,
        body="First.\n\nSecond.",
        date=dt.date(2011, 2, 3),
        author="Ada",
        url="https://example.org/post",
        declared_comments=7,
        encoding="cp1252",
        warnings=(doubt,),
        comments=(
            DraftComment("One.\n\nTwo."),
            DraftComment(
                "A reply",
                parent=0,
                author="Bo",
                signed="B.",
                created=dt.datetime(2011, 2, 4, 5, 6, 7, tzinfo=UTC),
                permalink="https://example.org/post#c1",
                warnings=(doubt, doubt),
            ),
            DraftComment("A reply to it", parent=1),
            DraftComment("Another", parent=None),
        ),
    )
    put = thread_of(draft, "p", source="/saved/p.txt", source_gone=True)
    index.put(put, source("d"))
    assert index.thread("p") == put
    assert index.post("p") == put.post
    assert index.posts() == [put.post]
    assert index.texts("p") == [(c.id, c.text) for c in put.comments]
    assert index.check() == []


def test_the_count_of_a_post_is_that_of_its_comments(index: Index) -> None:
    put = thread("p", "one", "two")
    index.put(put, source("d"))
    assert (index.post("p").comments, index.comment_count()) == (2, 2)


def test_posts_stand_by_date_then_title_with_undated_ones_last(index: Index) -> None:
    def dated(post_id: str, title: str, date: dt.date | None) -> Thread:
        return thread_of(Draft("outline", title, "", (), date=date), post_id, source="")

    day = dt.date(2020, 1, 1)
    for post in [
        dated("1", "a", None),
        dated("2", "b", day),
        dated("3", "A", day),
        dated("5", "Z", dt.date(2019, 1, 1)),
        dated("4", "A", day),
    ]:
        index.put(post, source("d"))
    assert [post.id for post in index.posts()] == ["5", "3", "4", "2", "1"]


def test_a_newer_copy_replaces_the_post_and_its_words(index: Index) -> None:
    index.put(thread("p", "kept", "vanishing", title="Former", body="stale"), source("d1"))
    index.put(thread("q", "kept elsewhere"), source("d2"))
    newer = thread("p", "arriving", "kept", DraftComment("answering", parent=1), title="Latter", body="fresh")
    index.put(newer, source("d3"))
    assert index.thread("p") == newer
    assert [found(index, word) for word in ("vanishing", "Former", "stale")] == [set(), set(), set()]
    assert [found(index, word) for word in ("arriving", "answering", "Latter", "fresh")] == [
        {"arriving"},
        {"answering"},
        {"Latter"},
        {"fresh"},
    ]
    assert found(index, "kept") == {"kept", "kept elsewhere"}
    assert index.check() == []


def test_an_edited_comment_is_found_by_its_new_words_only(index: Index) -> None:
    before = thread("p", "before")
    index.put(before, source("d"))
    draft = Draft("outline", "A title", "A body", (DraftComment("after"),))
    natural = thread("p", "after").comments[0].id
    after = thread_of(draft, "p", source="", aliases={natural: before.comments[0].id})
    index.put(after, source("d"))
    assert (found(index, "before"), found(index, "after")) == (set(), {"after"})
    assert index.check() == []


def test_a_removed_post_leaves_nothing_to_find(index: Index) -> None:
    index.put(thread("p", "gone"), source("d"))
    index.put(thread("q", "here"), source("e"))
    index.remove("p")
    index.remove("p")
    assert [post.id for post in index.posts()] == ["q"]
    assert (found(index, "gone"), found(index, "here")) == (set(), {"here"})
    assert index.posts_of_digest("d") == []
    assert index.check() == []


def test_putting_many_is_putting_each(index: Index, tmp_path: Path) -> None:
    threads = [
        (thread("p", "one", DraftComment("two", parent=0)), source("1")),
        (thread("q", "three"), source("2")),
        (thread("p", "one", "four"), source("3")),
    ]
    for each in threads:
        index.put(*each)
    with Index.create(tmp_path / "bulk.db") as bulk:
        bulk.put_many(threads)
        assert [bulk.thread(p.id) for p in bulk.posts()] == [index.thread(p.id) for p in index.posts()]
        assert [bulk.sources(post_id) for post_id in "pq"] == [index.sources(post_id) for post_id in "pq"]
        assert bulk.vocabulary().counts == index.vocabulary().counts
        assert list(bulk.news("p").values()) == list(index.news("p").values()) == ["new"]
        assert bulk.check() == []
        bulk.put_many([(thread("r", "five"), source("4"))])
        assert found(bulk, "five") == {"five"}
        assert bulk.check() == []


def test_a_newer_copy_brings_news_until_the_next_one(index: Index) -> None:
    def put(name: str, *said: tuple[str, str]) -> dict[str, str]:
        drafts = [DraftComment(text, source_id=own) for own, text in said]
        newer = thread("p", *drafts)
        index.put(newer, source(name))
        texts = {comment.id: comment.text for comment in newer.comments}
        return {texts[comment_id]: kind for comment_id, kind in index.news("p").items()}

    assert put("1", ("a", "one"), ("b", "two\n\nlines")) == {}
    assert put("2", ("a", "one, edited"), ("b", "two lines"), ("c", "three")) == {
        "one, edited": "changed",
        "three": "new",
    }
    assert put("3", ("a", "one, edited"), ("c", "three")) == {}
    assert put("4", ("c", "three"), ("d", "four")) == {"four": "new"}
    assert index.check() == []
    index.remove("p")
    assert (index.news("p"), index.check()) == ({}, [])


def test_a_post_that_had_no_comments_has_news_as_well(index: Index) -> None:
    index.put(thread("p"), source("1"))
    index.put(thread("p", "one"), source("2"))
    assert list(index.news("p").values()) == ["new"]


@pytest.mark.parametrize("first", ["empty", "filled"])
def test_two_comments_of_one_id_are_refused_and_change_nothing(index: Index, first: str) -> None:
    if first == "filled":
        index.put(thread("p", "old"), source("d"))
    twins = thread("p", DraftComment("one", source_id="7"), DraftComment("two", source_id="7"))
    with pytest.raises(LibraryError, match="bear one id"):
        index.put_many([(twins, source("e"))])
    assert found(index, "one") == set()
    assert len(index.posts()) == (first == "filled")
    assert index.check() == []


def test_an_error_in_the_middle_of_many_leaves_the_old_state(index: Index) -> None:
    def broken() -> Iterator[tuple[Thread, Source]]:
        yield thread("p", "new"), source("e")
        raise ZeroDivisionError

    old = thread("p", "old")
    index.put(old, source("d"))
    with pytest.raises(ZeroDivisionError):
        index.put_many(broken())
    assert index.thread("p") == old
    assert (found(index, "old"), found(index, "new")) == ({"old"}, set())
    assert index.check() == []


def test_a_process_that_dies_while_putting_leaves_the_old_state(index: Index, path: Path) -> None:
    old = thread("p", "old")
    index.put(old, source("d"))
    dying = f"""
import os, sys
from pathlib import Path
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_index import thread, source
from threadreader.index import Index
def threads():
    yield thread("p", "new"), source("e")
    os._exit(9)
Index.open(Path({str(path)!r})).put_many(threads())
"""
    assert subprocess.run([sys.executable, "-c", dying], check=False).returncode == 9
    with Index.open(path) as reopened:
        assert reopened.thread("p") == old
        assert reopened.check() == []


def test_what_one_connection_keeps_the_other_sees(index: Index) -> None:
    with index.clone() as other:
        before = other.data_version()
        assert other.data_version() == before
        index.put(thread("p", "words"), source("d"))
        assert other.data_version() != before
        assert other.vocabulary().counts["words"] == 1
        index.put(thread("p", "others"), source("d"))
        assert "words" not in other.vocabulary().counts
        assert [post.id for post in other.posts()] == ["p"]


def test_a_document_is_remembered_as_it_lay(index: Index) -> None:
    stamp = FileStamp("/saved/a.txt", 10, 1_700_000_000_123_456_789, "d", "read")
    assert index.seen(stamp.path) is None
    index.remember(stamp)
    assert index.seen(stamp.path) == stamp
    changed = FileStamp("/saved/a.txt", 11, 1_700_000_000_123_456_790, "", "no-thread")
    index.remember(changed)
    assert index.files() == [changed]


def test_a_post_knows_its_documents_and_a_document_its_posts(index: Index) -> None:
    older, newer = source("d1", "/saved/a.txt", day=1), source("d2", "/saved/b.txt", day=2)
    index.put(thread("p", "one"), older)
    index.put(thread("p", "one"), newer)
    index.put(thread("q", "two"), newer)
    index.remember(FileStamp("/saved/copy-of-a.txt", 1, 1, "d1", "read"))
    index.remember(FileStamp("/saved/unrelated.txt", 1, 1, "", "no-thread"))
    assert index.sources("p") == [newer, older]
    assert index.paths_of("p") == ["/saved/a.txt", "/saved/b.txt", "/saved/copy-of-a.txt"]
    assert index.posts_of_digest("d2") == ["p", "q"]
    assert index.posts_of_digest("none") == []


def test_texts_tell_the_posts_that_have_them_white_space_aside(index: Index) -> None:
    index.put(thread("p", "one\n\ntwo", "three"), source("d"))
    index.put(thread("q", "three"), source("e"))
    texts = thread("r", "one two", "three", "four")
    assert index.posts_sharing(Ready.of(texts).fingerprints) == {"p": 2, "q": 1}
    assert index.posts_sharing([]) == {}


def test_a_source_that_is_gone_is_marked_and_unmarked(index: Index) -> None:
    index.put(thread("p", "one"), source("d"))
    index.mark_gone("p", True)
    assert index.post("p").source_gone
    index.mark_gone("p", False)
    assert not index.post("p").source_gone


def test_ids_are_found_by_their_beginnings(index: Index) -> None:
    put = thread("abcdef", "one", "two")
    index.put(put, source("d"))
    comment = put.comments[0].id
    assert index.ids_with_prefix("abc") == (["abcdef"], [])
    assert index.ids_with_prefix(comment[:8]) == ([], [comment])
    assert index.ids_with_prefix("") == (["abcdef"], sorted(c.id for c in put.comments))
    assert index.ids_with_prefix("%") == ([], [])
    assert index.comment_post(comment) == "abcdef"
    assert index.comment_post("none") is None


def test_an_unknown_post_is_named(index: Index) -> None:
    with pytest.raises(UnknownReference, match="nowhere"):
        index.thread("nowhere")
    with pytest.raises(UnknownReference, match="nowhere"):
        index.post("nowhere")


def test_the_newest_or_the_best_are_matched_and_short_ones_do_not_lead(index: Index) -> None:
    long = "the kettle sings while somebody reads the paper aloud to the dog by the fire " * 2
    index.put(thread("p", *["kettle " + "x" * n for n in range(1, 9)], long, "kettle"), source("d"))
    (newest,) = index.passages(index.rows_matching('"kettle"', limit=1, choice="newest"))
    (best,) = index.passages(index.rows_matching('"kettle"', limit=1, choice="best"))
    assert (newest.text, best.text) == ("kettle", long)


def test_a_match_tells_its_place_and_the_first_line_it_answers(index: Index) -> None:
    index.put(thread("p", "Question?\n\nMore.", DraftComment("answer", parent=0)), source("d"))
    index.put(thread("q", "answer"), source("e"))
    (inner,) = index.passages(index.rows_matching('"answer"', limit=9, choice="best", post_id="p"))
    assert (inner.post_id, inner.place, inner.parent_line) == ("p", "1.1", "Question?")
    (outer,) = index.passages(index.rows_matching('"answer"', limit=9, post_id="q"))
    assert outer.parent_line is None


def holding(index: Index, part: str, post_id: str | None = None) -> list[str]:
    where = index.holding(part)
    passages = index.comments_where(where, "added", limit=999, post_id=post_id)
    return [p.text for p in passages + index.posts_where(where, "added", limit=999, post_id=post_id)]


def test_what_has_no_words_is_found_as_it_stands(index: Index) -> None:
    index.put(thread("p", "100%!", "1000", "a_b", "azb", title="猫が好き"), source("d"))
    assert holding(index, "100%!") == ["100%!"]
    assert holding(index, "a_b") == ["a_b"]
    assert holding(index, "が好", "p") == ["猫が好き", "A body"]
    assert holding(index, "が好", "q") == []


def test_signs_without_blanks_are_found_wherever_they_stand(index: Index) -> None:
    drawn = random.Random(5)
    signs = "猫が好きฉันรัก🐈12 "
    texts = ["".join(drawn.choices(signs, k=drawn.randint(1, 30))) for _ in range(200)]
    index.put(thread("p", *texts), source("1"))
    index.put(thread("p", *texts[50:], "犬"), source("2"))
    kept = [text for post in index.posts() for _, text in index.texts(post.id)]
    for _ in range(300):
        part = "".join(drawn.choices(signs, k=drawn.randint(1, 4))).strip() or "猫"
        assert sorted(holding(index, part)) == sorted(text for text in kept if part in text), part
    index.remove("p")
    assert holding(index, "猫") == []


def test_an_index_that_is_not_there_is_stale(path: Path) -> None:
    with pytest.raises(IndexStale):
        Index.open(path)
    assert not path.exists()


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all" * 500, b"SQLite format 3\0" + b"\xff" * 5000]
)
def test_a_file_that_is_no_index_is_stale(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for read_only in (False, True):
        with pytest.raises(IndexStale):
            Index.open(path, read_only=read_only)


@pytest.mark.parametrize(
    "statement", ["PRAGMA user_version = 9999", "DROP TABLE comments_fts", "DROP TABLE files"]
)
def test_another_version_or_another_schema_is_stale(path: Path, statement: str) -> None:
    Index.create(path).close()
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.close()
    with pytest.raises(IndexStale):
        Index.open(path)


def test_damage_that_shows_only_later_is_stale_as_well(path: Path) -> None:
    with Index.create(path) as index:
        index.put(thread("p", *(f"comment {n} " + "long " * 300 for n in range(50))), source("d"))
    with path.open("r+b") as file:
        file.seek(4096 * 30)
        file.write(b"\xa5" * 4096 * 20)
    with pytest.raises(IndexStale), Index.open(path) as index:
        index.thread("p")
        index.vocabulary()


def test_a_rebuilt_index_takes_the_place_of_the_old_one(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"damaged")
    path.with_name("index.db-wal").write_bytes(b"left over")
    with Index.rebuilding(path) as index:
        index.put_many([(thread("p", "one"), source("d"))])
        assert path.read_bytes() == b"damaged"
    with Index.open(path) as index:
        assert [post.id for post in index.posts()] == ["p"]
    assert [file.name for file in tmp_path.iterdir()] == ["index.db"]


def test_a_rebuild_that_fails_leaves_the_old_index(path: Path, tmp_path: Path) -> None:
    with Index.create(path) as index:
        index.put(thread("p", "one"), source("d"))
    with pytest.raises(ZeroDivisionError), Index.rebuilding(path) as index:
        index.put(thread("q", "two"), source("e"))
        raise ZeroDivisionError
    with Index.open(path) as index:
        assert [post.id for post in index.posts()] == ["p"]
    assert [file.name for file in tmp_path.iterdir()] == ["index.db"]


def test_an_index_opened_to_read_only_reads(path: Path) -> None:
    put = thread("p", "one")
    with Index.create(path) as index:
        index.put(put, source("d"))
    with Index.open(path, read_only=True) as index, index.clone() as other:
        assert other.thread("p") == put
        assert found(other, "one") == {"one"}
        assert other.check() == []
        with pytest.raises(LibraryReadOnly):
            other.put(thread("q", "two"), source("e"))


def test_an_index_is_read_where_the_files_of_its_log_cannot_be_made(path: Path) -> None:
    put = thread("p", "one")
    with Index.create(path) as index:
        index.put(put, source("d"))
    path.with_name("index.db-shm").mkdir()
    with Index.open(path, read_only=True) as index:
        assert index.thread("p") == put


def test_a_query_that_is_interrupted_says_so(index: Index) -> None:
    index.put(thread("p", *(f"comment {n}" for n in range(300))), source("d"))
    index._connection.set_progress_handler(lambda: index.interrupt(), 10)
    with pytest.raises(QueryInterrupted):
        index.thread("p")
    index._connection.set_progress_handler(None, 0)
    assert len(index.thread("p").comments) == 300


def test_threads_take_turns_at_one_index(index: Index) -> None:
    index.put(thread("p", *(f"comment {n}" for n in range(200))), source("d"))

    def read(_: int) -> int:
        return len(index.thread("p").comments) + len(index.rows_matching('"comment"', limit=9))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(read, range(100))) == {209}


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE posts SET comments = 5", "count-wrong"),
        ("DELETE FROM posts", "post-missing"),
        ("UPDATE comments SET parent_id = 'nobody' WHERE depth = 1", "parent-missing"),
        ("UPDATE comments SET depth = 4 WHERE depth = 1", "parent-missing"),
        ("UPDATE comments SET text = 'other words'", "words-wrong"),
        ("UPDATE posts SET body = 'other words'", "words-wrong"),
        ("UPDATE comments SET ends = 1", "end-wrong"),
        ("UPDATE vocabulary SET texts = 9 WHERE word = 'one'", "vocabulary-wrong"),
        ("INSERT INTO vocabulary VALUES ('two words', 1)", "vocabulary-wrong"),
        ("DELETE FROM sources", "source-missing"),
        ("INSERT INTO news (comment, post, kind) VALUES ('nobody', 1, 'new')", "news-of-none"),
    ],
)
def test_check_tells_what_does_not_agree(index: Index, statement: str, code: str) -> None:
    index.put(thread("p", "one", DraftComment("two", parent=0)), source("d"))
    assert index.check() == []
    index._connection.execute(statement)
    assert code in {problem.code for problem in index.check()}


def test_opening_and_reading_imports_no_schema_tools(path: Path) -> None:
    with Index.create(path) as index:
        index.put(thread("p", "one"), source("d"))
    reading = f"""
import sys
from collections import Counter
from pathlib import Path
from threadreader.index import Index, FileStamp
from threadreader import search
with Index.open(Path({str(path)!r})) as index:
    index.thread("p"), index.posts(), index.remember(FileStamp("/a", 1, 1, "", "read"))
    search.find(index, "one", exact=True)
sys.exit(bool({{"sqlite_utils", "rapidfuzz"}} & sys.modules.keys()))
"""
    assert subprocess.run([sys.executable, "-c", reading], check=False).returncode == 0


def test_many_posts_have_their_own_comments(index: Index) -> None:
    threads = [thread(f"p{n}", f"only in {n}", "in all") for n in range(5)]
    index.put_many((each, source(each.post.id)) for each in threads)
    index.put(threads[2], source("again"))
    assert [index.thread(each.post.id) for each in threads] == threads


def counted(index: Index) -> dict[str, int]:
    """The words of an index with the number of texts that hold them, counted by looking."""
    texts = [text for post in index.posts() for _, text in index.texts(post.id)]
    texts += [f"{post.title} {index.thread(post.id).body}" for post in index.posts()]
    return dict(Counter(word for text in texts for word in set(text.lower().split())))


def test_the_vocabulary_follows_every_change(index: Index) -> None:
    index.put(thread("p", "tea kettle kettle", "tea", title="Tea", body="a kettle"), source("1"))
    index.put(thread("q", "toast", title="Tea"), source("2"))
    assert index.vocabulary().counts == counted(index)
    assert index.texts_with("kettle") == 2
    assert index.texts_with("te", prefix=True) == 4
    assert index.words_beginning("t") == ["tea", "toast"]
    assert index.words_beginning("t", 1) == ["tea"]
    index.put(thread("p", "tea", "cups", title="Tea"), source("3"))
    assert index.vocabulary().counts == counted(index)
    index.remove("p")
    assert index.vocabulary().counts == counted(index)
    assert index.texts_with("cups") == 0


@pytest.mark.parametrize("many", [3, 5_000], ids=["all anew", "each change"])
def test_the_vocabulary_of_many_is_that_of_each(
    index: Index, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr("threadreader.index._MANY", many)
    index.put(thread("p", "one two", "two"), source("1"))
    with index.gathering():
        index.put(thread("q", "two three"), source("2"))
        index.put(thread("p", "one", "four"), source("3"))
    assert index.vocabulary().counts == counted(index)
    with pytest.raises(ValueError, match="halfway"), index.gathering():
        index.put(thread("r", "five"), source("4"))
        raise ValueError("halfway")
    assert index.vocabulary().counts == counted(index)
    assert index.check() == []


def test_one_edit_makes_every_word_that_is_one_edit_away() -> None:
    words = ["cat", "cart", "at", "act", "cut", "cats", "scat", "dog", "c"]
    made = set(Vocabulary(dict.fromkeys(sorted(words), 1)).edited("cat"))
    assert {word for word in words if word in made} == {"cat", "cart", "at", "act", "cut", "cats", "scat"}
