"""The results of the last search, followed from post to post when the search is closed."""

from threadreader.library import Library
from threadreader.model import Hit
from threadreader.ui.screens.following import Query, Results
from threadreader.ui.screens.reader_screen import ReaderScreen
from threadreader.ui.screens.search_screen import SearchScreen
from ui.test_reader import Reader, posts, reading

__all__ = ["posts"]

NEXT, PREVIOUS = ("right_square_bracket", "q"), ("left_square_bracket", "q")


def results(hits: int, at: int = -1) -> Results:
    return Results(Query("fog"), tuple(Hit("p", str(n), 1.0, "", ()) for n in range(hits)), at)


def test_results_are_walked_to_their_ends() -> None:
    steps = [(-1, 1), (0, 1), (0, 5), (2, 1), (2, -1), (0, -1)]
    assert [results(3, at).moved(by).at for at, by in steps] == [0, 1, 2, 2, 1, 0]
    assert results(3).moved(-1).at == -1  # nothing was opened yet
    assert results(3, 1).told == 'result 2/3 of "fog"'


async def search(r: Reader, words: str, *keys: str) -> Results:
    """Search, wait for what is found, and leave with `keys`; gives what is followed then."""
    await r.press("s")
    await r.on_screen(SearchScreen)
    screen = r.app.screen
    assert isinstance(screen, SearchScreen)
    await r.write(words)
    await r.until(lambda: screen._results and screen._results.query.words == words)
    await r.press(*keys)
    await r.on_screen(ReaderScreen)
    await r.until(lambda: r.reader.results)
    assert r.reader.results
    return r.reader.results


def hit_place(r: Reader, at: int) -> str | None:
    assert r.reader.results
    hit = r.reader.results.hits[at]
    return hit.place


def lit(r: Reader) -> list[str]:
    painter = r.view._painter
    assert painter
    return [painter.texts[node][start:end] for node, spans in painter.hits.items() for start, end in spans]


async def test_results_are_followed_across_posts_with_their_words_lit(posts: Library) -> None:
    async with reading(posts) as r:
        found = await search(r, "i", "enter")  # "It", "I": several posts
        total = len(found.hits)
        assert total > 2 and len({hit.post_id for hit in found.hits}) > 1
        for at in range(1, total):
            await r.press(*NEXT)
            hit = found.hits[at]
            assert r.reader.reading and r.reader.reading.post_id == hit.post_id
            assert (r.view.comment_id, r.view.has_focus) == (hit.comment_id, True)
            assert {word.lower() for word in lit(r)} == set(hit.matched)
            assert r.told == f'result {at + 1}/{total} of "i": Esc brings you back'
        await r.press(*NEXT)
        assert r.told == "that was the last result"
        await r.press("2", *PREVIOUS)
        assert r.reader.results and r.reader.results.at == total - 3
        await r.press("9", *PREVIOUS)
        await r.press(*PREVIOUS)
        assert r.told == "that was the first result"
        await r.press("escape")
        assert r.reader.posts.has_focus  # where the walk began


async def test_a_search_that_was_left_is_followed_from_its_first_result(posts: Library) -> None:
    async with reading(posts) as r:
        await r.press("enter", "j")
        await search(r, "heron", "escape")
        assert r.place == "1"
        await r.press(*PREVIOUS)
        assert r.told == "that was the first result"
        await r.press(*NEXT)
        assert (r.told, lit(r)) == ('result 1/1 of "heron": Esc brings you back', ["heron"])
        await r.press("escape")
        assert r.place == "1"


async def test_the_last_search_is_offered_again_and_a_letter_takes_its_place(posts: Library) -> None:
    async with reading(posts) as r:
        await search(r, "heron", "enter")
        await r.press("s")
        await r.on_screen(SearchScreen)
        again = r.app.screen
        assert isinstance(again, SearchScreen)
        await r.until(lambda: again.hits.row and "heron" in again.hits.row.hit.snippet)
        await r.write("tw")
        await r.until(lambda: again.hits.row and "twice" in again.hits.row.hit.snippet)
        await r.press("enter")
        await r.until(lambda: r.reader.results and r.reader.results.query.words == "tw")


async def test_a_search_without_results_leaves_those_of_the_one_before(posts: Library) -> None:
    async with reading(posts) as r:
        before = await search(r, "heron", "enter")
        await r.press("s")
        await r.on_screen(SearchScreen)
        screen = r.app.screen
        assert isinstance(screen, SearchScreen)
        await r.write("qqqq")
        await r.until(lambda: screen.hits.empty == "Nothing found.")
        await r.press("escape")
        await r.on_screen(ReaderScreen)
        assert r.reader.results == before
