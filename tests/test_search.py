import datetime as dt
import random
import string
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from threadreader.index import Index
from threadreader.model import (
    Annotation,
    Draft,
    DraftComment,
    Hit,
    Source,
    TextQuote,
    Thread,
    thread_of,
)
from threadreader.search import find, spans, titles
from threadreader.search.words import SNIPPET_LENGTH, WORD, fold, words_of

NOW = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)

COMMENTS = (
    "The kettle sings before the water boils, and the cat leaves the room.",
    "My grandmother kept her sourdough starter in a kettle without a lid.",
    "Café owners never tell which grinder they use; Zürich is the exception.",
    "Nobody reads the notebook that hangs beside the lighthouse door.",
    "A note about the book: the lighthouse in it has no keeper.",
    "Water boils at a lower temperature up there, so the kettle was useless for tea.",
    "Thanks",
    "The forestry commission planted spruces where the meadow had been.",
)


def thread(post_id: str, *comments: DraftComment | str, title: str = "Untitled", body: str = "") -> Thread:
    drafts = tuple(DraftComment(c) if isinstance(c, str) else c for c in comments)
    return thread_of(Draft("outline", title, body, drafts), post_id, source="")


def put(index: Index, *threads: Thread) -> None:
    index.put_many((each, Source(each.post.id, "", NOW)) for each in threads)


def note(text: str, post_id: str = "p", comment_id: str | None = None) -> Annotation:
    return Annotation(f"note {text}", "note", post_id, comment_id, text, TextQuote(""), NOW, NOW)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Index]:
    with Index.create(tmp_path / "index.db") as index:
        yield index


@pytest.fixture
def index(empty: Index) -> Index:
    put(
        empty,
        thread("p", *COMMENTS, title="Kitchens of the coast", body="On stoves, ovens and hearths."),
        thread("q", "An oven is not a stove.", title="Lighthouses"),
    )
    return empty


def texts(index: Index, query: str, **options: object) -> list[str]:
    """The beginnings of the hits' snippets, without those of titles and bodies."""
    hits = find(index, query, **options).hits  # type: ignore[arg-type]
    return [hit.snippet.split(",")[0][:20] for hit in hits if hit.where == "comment"]


def first(index: Index, query: str) -> Hit:
    return find(index, query).hits[0]


def test_every_word_as_typed_comes_before_some_of_them(index: Index) -> None:
    hits = find(index, "water boils kettle cat").hits
    assert hits[0].snippet == COMMENTS[0]
    assert hits[0].matched == ("kettle", "water", "boils", "cat")
    assert hits[1].snippet == COMMENTS[5]
    assert hits[0].score > hits[1].score


def test_words_are_found_whatever_their_case_and_accents(index: Index) -> None:
    assert first(index, "CAFE zurich ").matched == ("café", "zürich")
    assert first(index, "Café ").matched == ("café",)


def test_the_last_word_is_found_by_its_beginning_while_it_is_typed(index: Index) -> None:
    assert first(index, "spruces fores").matched == ("forestry", "spruces")
    assert find(index, "fores", exact=True).hits == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("grandmohter ", "grandmother"),
        ("sourdoguh", "sourdough"),
        ("temprature ", "temperature"),
        ("temperatture ", "temperature"),
        ("yemperature ", "temperature"),
        ("emperature ", "temperature"),
        ("tempreture ", "temperature"),
        ("comission ", "commission"),
        ("xforestry ", "forestry"),
        ("temparatrue ", "temperature"),
    ],
)
def test_a_word_typed_wrong_is_found(index: Index, typed: str, meant: str) -> None:
    found = find(index, typed)
    assert found.hits[0].matched == (meant,)
    assert found.widened == {typed.strip(): (meant,)}


@pytest.mark.parametrize("typed", ["fro ", "kettlexyz ", "yempreture ", '"kettel"'])
def test_another_word_is_not_found(index: Index, typed: str) -> None:
    """Short words, long ways and other initials besides: what is that unlike was not meant; nor in quotes."""
    assert find(index, typed).hits == ()


@pytest.mark.parametrize("typed", ["grnadmo", "grandmx", "frandmo", "gandmot", "grrandm"])
def test_a_beginning_typed_wrong_is_found(index: Index, typed: str) -> None:
    assert first(index, typed).matched == ("grandmother",)


@pytest.mark.parametrize("query", ["note book hangs ", "noteboook hangs "])
def test_words_split_or_misspelt_are_found_as_one(index: Index, query: str) -> None:
    assert first(index, query).snippet == COMMENTS[3]


def test_words_run_together_are_found_apart(empty: Index) -> None:
    put(empty, thread("p", "You learn a lot about the weather here."))
    found = find(empty, "alot about ")
    assert found.hits[0].matched == ("a", "lot", "about")
    assert found.widened == {"alot": ("a lot", "lot")}


def test_hits_as_typed_stand_above_widened_ones(empty: Index) -> None:
    widened = [f"a long talk of horses and more horses, the horse itself {n}" for n in range(5)]
    put(empty, thread("p", *widened, "one house among many words that have nothing to do with it"))
    found = find(empty, "house ")
    assert [(hit.matched, len(hit.alike)) for hit in found.hits] == [(("house",), 0), (("horse",), 4)]
    assert found.widened == {"house": ("horse",)}


def test_nothing_is_widened_when_enough_is_found_as_typed(empty: Index) -> None:
    put(empty, thread("p", *(f"house number {n}" for n in range(20)), "horse"))
    found = find(empty, "house")
    assert {hit.matched for hit in found.hits} == {("house",)}
    assert found.widened == {}


@pytest.mark.parametrize(
    ("typed", "held"),
    [("neighbours", "neighbor"), ("organized", "organising"), ("storys", "stories"), ("hoping", "hope")],
)
def test_other_forms_and_spellings_are_found_before_typos(empty: Index, typed: str, held: str) -> None:
    put(empty, thread("p", f"There was a {held} here.", "Nothing of the kind was."))
    (hit,) = find(empty, f"{typed} ").hits
    assert hit.matched == (held,)


def test_comments_that_say_nearly_the_same_are_one_hit(empty: Index) -> None:
    said = "the ferry rang its bell twice before it left the eastern landing"
    put(empty, thread("p", f"{said} at noon", "the ferry sank", f"{said} at nine"))
    hits = find(empty, "ferry").hits
    assert sorted((hit.place, len(hit.alike)) for hit in hits) == [("1", 1), ("2", 0)]
    assert {comment for hit in hits for _, comment in hit.alike} | {hit.comment_id for hit in hits} == {
        comment.id for comment in empty.thread("p").comments
    }


def test_exact_finds_whole_words_as_typed_only(index: Index) -> None:
    assert len(find(index, "kettle", exact=True).hits) == 3
    assert find(index, "kettl", exact=True).hits == ()
    assert find(index, "kettle grandmohter", exact=True).hits == ()


def test_words_near_together_stand_above_words_far_apart(empty: Index) -> None:
    filler = "and so on for quite a while until at last we come to the end of it "
    put(
        empty,
        thread("p", f"green {filler}door, says the sign", f"{filler}green door", f"door {filler} green roof"),
    )
    assert find(empty, "green door ").hits[0].snippet.endswith("green door")


def test_a_comment_of_one_word_does_not_lead(empty: Index) -> None:
    thanks = "Thanks for this, I had not known that the pears keep better upside down."
    put(empty, thread("p", "Thanks", "Thanks!", thanks, "thanks thanks"))
    assert find(empty, "thanks").hits[0].snippet == thanks


def test_quotes_make_a_phrase(index: Index) -> None:
    assert texts(index, '"water boils at"') == ["Water boils at a low"]
    assert texts(index, '"boils water"') == []
    assert texts(index, '"water boils a') == ["Water boils at a low", "The kettle sings bef"]
    assert texts(index, 'kettle "water boils" cat ', exact=True) == ["The kettle sings bef"]


def test_a_search_stays_in_the_post_that_is_given(index: Index) -> None:
    assert {hit.post_id for hit in find(index, "oven", post_id="q").hits} == {"q"}
    assert {hit.post_id for hit in find(index, "ovne", post_id="p").hits} == {"p"}
    assert find(index, "kettle", post_id="q").hits == ()


def test_a_post_is_found_by_its_title_and_by_its_body(index: Index) -> None:
    title = first(index, "lighthouses")
    assert (title.where, title.post_id, title.comment_id, title.snippet) == (
        "title",
        "q",
        None,
        "Lighthouses",
    )
    assert first(index, "kitchnes coast ").where == "title"
    body = first(index, "hearths")
    assert (body.where, body.post_id, body.snippet) == ("body", "p", "On stoves, ovens and hearths.")


def test_a_post_is_one_hit_even_if_title_and_body_match(empty: Index) -> None:
    put(empty, thread("p", title="Bread and butter", body="Bread, mostly."))
    assert [hit.where for hit in find(empty, "bread").hits] == ["title"]


def test_notes_are_found_by_the_same_words(index: Index) -> None:
    notes = [
        note("Ask the Ombudsman about Kettle sizes", comment_id="c"),
        note("nothing"),
        note("", post_id="q"),
    ]
    hit = find(index, "ombudsmna kettle ", notes=notes).hits[0]
    assert (hit.where, hit.post_id, hit.comment_id) == ("note", "p", "c")
    assert hit.matched == ("ombudsman", "kettle")
    assert find(index, "ombudsman", notes=notes, post_id="q").hits == ()
    assert [hit.where for hit in find(index, "ombuds", notes=notes).hits] == ["note"]


def test_a_hit_tells_its_place_and_what_it_answers(empty: Index) -> None:
    put(empty, thread("p", "Is it warm?\n\nI wonder.", DraftComment("Lukewarm at best.", parent=0)))
    hit = first(empty, "lukewarm")
    assert (hit.place, hit.parent_line) == ("1.1", "Is it warm?")
    assert first(empty, "wonder").parent_line is None


def test_the_limit_holds_and_the_best_come_first(empty: Index) -> None:
    put(empty, thread("p", *(f"pear number {n}" for n in range(30))))
    hits = find(empty, "pear", limit=7).hits
    assert len(hits) == 7
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert find(empty, "pear", limit=0).hits == ()


def test_a_change_of_the_index_changes_the_words_that_are_near(index: Index) -> None:
    assert find(index, "zeppelni ").hits == ()
    put(index, thread("r", "A zeppelin over the harbour."))
    assert first(index, "zeppelni ").matched == ("zeppelin",)


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        '"',
        '""',
        '"unbalanced',
        'a "b" c" "',
        "*",
        "k*",
        "AND",
        "OR NOT",
        "NEAR(kettle cat)",
        "{title}: kettle",
        "title:kettle",
        "kettle - + ^ : ( ) { }",
        "'; DROP TABLE comments; --",
        "%_!",
        "🙂",
        "👩‍👩‍👧 kettle",
        "\x00\x1b[31m",
        "\ud800 kettle",
        "İstanbul ß ſ",
        "e\u0301",
        "\u0301",
        "kettle " * 1500,
        "k" * 10_000,
        '"' * 10_000,
        "日本語 kettle",
        " ".join(f"w{n}" for n in range(2_000)),
    ],
)
def test_any_text_is_a_query(index: Index, query: str) -> None:
    notes = [note("kettle 日本語 🙂")]
    for exact in (False, True):
        for hit in find(index, query, exact=exact, notes=notes).hits:
            assert spans(hit.snippet, hit.matched) or len(hit.snippet) > SNIPPET_LENGTH


def test_operators_are_words(empty: Index) -> None:
    put(empty, thread("p", "either this or that", "not near, and not far"))
    assert first(empty, "OR that ").snippet == "either this or that"
    assert first(empty, "NOT NEAR ").snippet == "not near, and not far"


@pytest.mark.parametrize("query", ["が好き", "猫が", "🙂", ":-)", "c++"])
def test_what_has_no_blanks_or_no_words_is_found_as_it_stands(empty: Index, query: str) -> None:
    text = "私は猫が好きです。 🙂 :-) C++"
    put(empty, thread("p", "something else", text))
    hit = first(empty, query)
    assert hit.snippet == text
    assert spans(text, hit.matched)


def test_a_snippet_is_one_short_line_around_the_best_cluster(empty: Index) -> None:
    filler = "and then the long road goes on and on between the fields. " * 8
    text = f"harbour once.\n\n{filler}\n\nThe harbour\nmaster slept.\n\n{filler}"
    put(empty, thread("p", text))
    snippet = first(empty, "harbour master ").snippet
    assert "The harbour master slept." in snippet
    assert "\n" not in snippet
    assert len(snippet) <= SNIPPET_LENGTH + 2
    assert snippet.startswith("…") and snippet.endswith("…")
    assert set(snippet.strip("…").split()) <= set(text.split())


def test_a_snippet_at_the_edge_of_a_text_is_not_cut_there(empty: Index) -> None:
    filler = "words " * 60
    put(empty, thread("p", f"alpha {filler}omega"))
    assert first(empty, "alpha").snippet.startswith("alpha words")
    assert first(empty, "omega").snippet.endswith("words omega")


def test_spans_light_words_whatever_their_case_and_accents() -> None:
    text = "Café, cafe; CAFÉ. Cafeteria é"
    assert [text[slice(*span)] for span in spans(text, ["café", "é"])] == ["Café", "cafe", "CAFÉ", "é"]
    assert spans(text, []) == []
    assert spans("a b", ["", "b"]) == [(2, 3)]


def test_spans_do_not_overlap_and_stand_in_order() -> None:
    assert spans("猫が好き、猫", ["が好", "猫が", "猫"]) == [(0, 3), (5, 6)]


def test_words_are_those_of_the_index(empty: Index) -> None:
    latin, greek, cyrillic = range(0x21, 0x180), range(0x3A3, 0x3CF), range(0x400, 0x460)
    text = " ".join(f"a{chr(code)}b a{chr(code)}" for code in (*latin, *greek, *cyrillic))
    put(empty, thread("p", text))
    assert set(words_of(text)) == empty.vocabulary().counts.keys() - {"untitled"}
    assert {fold(word) for word in WORD.findall(text)} == set(words_of(text))


def test_titles_are_filtered_forgivingly_and_the_nearest_come_first() -> None:
    posts = [
        thread(str(n), title=title).post
        for n, title in enumerate(
            ["On sourdough", "A lighthouse diary", "Dough and doughnuts", "Zürich trams"]
        )
    ]

    def found(query: str) -> list[str]:
        return [post.title for post in titles(posts, query)]

    assert found("") == [post.title for post in posts]
    assert found("dough") == ["Dough and doughnuts", "On sourdough"]
    assert found("ligthouse") == ["A lighthouse diary"]
    assert found("diary lighthouse") == ["A lighthouse diary"]
    assert found("zurich") == ["Zürich trams"]
    assert found("on") == ["On sourdough"]
    assert found("kettle") == []
    assert found("?!") == [post.title for post in posts]


SYLLABLES = [c + v + e for c in "bdfgklmnprst" for v in "aeiou" for e in ("", "n", "r", "s", "l")]


class Typist:
    """Draws comments whose words are as common as real ones, and queries for them with one edit."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        words = {"".join(self._random.choices(SYLLABLES, k=self._random.randint(1, 4))) for _ in range(9_000)}
        self._words = sorted(words)
        self._random.shuffle(self._words)
        self._weights = [1 / (rank + 3) for rank in range(len(self._words))]

    def comment(self) -> str:
        return " ".join(self._random.choices(self._words, self._weights, k=self._random.randint(6, 80)))

    def query(self, text: str, *, initial: bool) -> str | None:
        """Two to four words of `text`, one of five letters or more with an edit; None if there is none."""
        words = sorted(set(text.split()))
        self._random.shuffle(words)
        long = next((word for word in words if len(word) >= 5), None)
        others = [word for word in words if word != long][: self._random.randint(1, 3)]
        if long is None or not others:
            return None
        typed = [*others, self._edited(long, 0 if initial else self._random.randrange(1, len(long) - 1))]
        self._random.shuffle(typed)
        return " ".join(typed)

    def _edited(self, word: str, at: int) -> str:
        letter = self._random.choice([c for c in string.ascii_lowercase if c != word[at]])
        match self._random.choice(["insert", "delete", "replace", "swap"]):
            case "insert":
                return word[:at] + letter + word[at:]
            case "delete":
                return word[:at] + word[at + 1 :]
            case "swap" if word[at] != word[at + 1]:
                return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + letter + word[at + 1 :]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Index, Typist, Thread]]:
    typist = Typist(7)
    drawn = thread("drawn", *(typist.comment() for _ in range(2_000)))
    with Index.create(tmp_path_factory.mktemp("library") / "index.db") as index:
        put(index, drawn)
        yield index, typist, drawn


@pytest.mark.parametrize(
    ("initial", "within_five", "within_twenty"),
    [(False, 0.85, 0.9), (True, 0.85, 0.85)],
    ids=["inner", "initial"],
)
def test_a_query_with_one_edit_finds_its_comment(
    library: tuple[Index, Typist, Thread], initial: bool, within_five: float, within_twenty: float
) -> None:
    index, typist, drawn = library
    queries = [
        (comment.id, query)
        for comment in drawn.comments[::17]
        if (query := typist.query(comment.text, initial=initial))
    ][:100]
    assert len(queries) == 100
    ranks = []
    for comment_id, query in queries:
        ids = [hit.comment_id for hit in find(index, query).hits]
        ranks.append(ids.index(comment_id) if comment_id in ids else 1_000)
    assert sum(rank < 5 for rank in ranks) >= 100 * within_five
    assert sum(rank < 20 for rank in ranks) >= 100 * within_twenty


def test_a_common_word_finds_the_newest_without_looking_at_all(
    library: tuple[Index, Typist, Thread], monkeypatch: pytest.MonkeyPatch
) -> None:
    index, _, drawn = library
    common = max(index.vocabulary().counts.items(), key=lambda pair: pair[1])[0]
    monkeypatch.setattr("threadreader.search.meeting._FEW", 10)
    newest = {comment.id for comment in drawn.comments[-400:]}
    assert {hit.comment_id for hit in find(index, f"{common} ").hits} <= newest


def test_what_nothing_holds_is_widened_wherever_it_stands_in_a_query(empty: Index) -> None:
    kettle = DraftComment("the kettle sings", parent=0)
    put(empty, thread("p", "tea for my colleagues", kettle, "coffee"))

    def answered(query: str, *, exact: bool = False) -> tuple[set[str], dict[str, tuple[str, ...]]]:
        found = find(empty, query, exact=exact)
        return {hit.snippet for hit in found.hits}, dict(found.widened)

    assert answered("under:(coleagues) ") == ({"the kettle sings"}, {"coleagues": ("colleagues",)})
    assert answered("under:(coleagues) ", exact=True) == (set(), {})
    assert answered("(cofee OR ketle) ")[0] == {"coffee", "the kettle sings"}
    assert answered("(cofee OR kettle) ")[0] == {"coffee", "the kettle sings"}
    assert answered("tea -coleagues")[0] == {"tea for my colleagues"}


def test_in_thread_is_the_thread_that_is_open(empty: Index) -> None:
    put(empty, thread("p", "a kettle"), thread("q", "the kettle"))
    assert {hit.post_id for hit in find(empty, "kettle in:thread", here="q").hits} == {"q"}
    assert {hit.post_id for hit in find(empty, "kettle", here="q").hits} == {"p", "q"}
    assert {hit.post_id for hit in find(empty, "kettle in:thread", post_id="p", here="q").hits} == {"p"}


@pytest.fixture(scope="module")
def many_words(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """More words begin with `ca` than stand for it while it is typed; the rare ones are in a text each."""
    common = " ".join(f"cab{n:03}" for n in range(250))
    texts = [*(f"{common} harbour" for _ in range(3)), "catkin", "harbour", "carafe harbour"]
    dated = thread("p", *texts, title="harbour", body="nothing else")
    with Index.create(tmp_path_factory.mktemp("words") / "index.db") as index:
        put(index, dated, thread("q", "nothing", title="harbour catalpa"))
        yield index


def test_in_exact_mode_a_beginning_stands_for_every_word_that_begins_so(many_words: Index) -> None:
    texts = {hit.snippet for hit in find(many_words, "ca*", exact=True, limit=10**6).hits}
    assert {"catkin", "carafe harbour"} < texts and "harbour" not in texts


def test_in_another_order_nothing_is_left_out(many_words: Index) -> None:
    texts = [hit.snippet for hit in find(many_words, "sort:oldest harbour ca", limit=50).hits]
    assert "carafe harbour" in texts and "harbour catalpa" in texts
    assert not {"harbour", "nothing else"} & set(texts)


def test_what_lacks_the_unfinished_word_does_not_stand_among_what_has_it(many_words: Index) -> None:
    hits = find(many_words, "harbour ca").hits
    assert all("ca" in hit.snippet for hit in hits[:5])
    assert {hit.snippet for hit in find(many_words, "in:posts sort:newest harbour ca").hits} == {
        "harbour catalpa"
    }


def test_more_hits_than_there_can_be_are_no_mistake(many_words: Index) -> None:
    assert len(find(many_words, "harbour", exact=True, limit=2**63).hits) == 5  # three are alike


def test_a_choice_beside_signs_is_kept(empty: Index) -> None:
    put(empty, thread("p", "猫 kettle", "猫 toast", "犬 kettle"))
    assert {hit.snippet for hit in find(empty, "猫 (kettle OR tea)").hits} == {"猫 kettle"}


def test_a_very_long_word_takes_little_memory(empty: Index) -> None:
    put(empty, thread("p", "kettle"))
    tracemalloc.start()
    find(empty, "k" * 20_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 << 20
