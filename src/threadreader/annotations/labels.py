"""Tags, the reader's own names of posts, and saved searches."""

from collections.abc import Iterable, Sequence

from threadreader.annotations.rows import words_of
from threadreader.annotations.steps import Steps
from threadreader.errors import UnknownReference
from threadreader.model import SavedSearch, collapsed, tag_of


class Labels(Steps):
    """What of the store is a word for something."""

    def tags(self, post_id: str) -> dict[str | None, tuple[str, ...]]:
        """The tags in a post by comment, None for the post itself; each in the order of the alphabet."""
        rows = self._rows(
            "SELECT comment_id, tag FROM tags WHERE post_id = ? ORDER BY folded, comment_id", (post_id,)
        )
        tagged: dict[str | None, tuple[str, ...]] = {}
        for comment_id, tag in rows:
            tagged[comment_id] = (*tagged.get(comment_id, ()), tag)
        return tagged

    def all_tags(self) -> dict[tuple[str, str | None], tuple[str, ...]]:
        """Post and comment, None for the post itself -> its tags, in the order of the alphabet."""
        tagged: dict[tuple[str, str | None], list[str]] = {}
        for post_id, comment_id, tag in self._rows(
            "SELECT post_id, comment_id, tag FROM tags ORDER BY folded"
        ):
            tagged.setdefault((post_id, comment_id), []).append(tag)
        return {target: tuple(tags) for target, tags in tagged.items()}

    def post_tags(self) -> dict[str, tuple[str, ...]]:
        """Post id -> the tags on the post itself."""
        rows = self._rows("SELECT post_id, tag FROM tags WHERE comment_id IS NULL ORDER BY folded")
        tagged: dict[str, tuple[str, ...]] = {}
        for post_id, tag in rows:
            tagged[post_id] = (*tagged.get(post_id, ()), tag)
        return tagged

    def known_tags(self) -> list[str]:
        """Every tag once, those most used first."""
        return list(self.tag_counts())

    def tag_counts(self) -> dict[str, int]:
        """Every tag -> how many comments and posts bear it, those most used first."""
        return dict(
            self._rows("SELECT max(tag), count(*) FROM tags GROUP BY folded ORDER BY count(*) DESC, folded")
        )

    def tagged(self, tag: str, beginning: bool = False) -> list[tuple[str, str | None]]:
        """Post and comment, None for the post itself, of all that bears a tag, or one that begins so."""
        folded = tag_of(words_of(tag)).casefold()
        after = f"{folded}\U0010ffff" if beginning else f"{folded}\0"
        return self._rows(
            "SELECT DISTINCT post_id, comment_id FROM tags WHERE folded >= ? AND folded < ?", (folded, after)
        )

    def set_tags(self, post_id: str, comment_id: str | None, tags: Iterable[str]) -> int:
        """Let a comment, or the post, have these tags and no others; gives how many came or went."""
        wanted = {tag.casefold(): tag for tag in map(tag_of, map(words_of, tags)) if tag}
        with self._writing():
            there = {tag.casefold(): tag for tag in self.tags(post_id).get(comment_id, ())}
            return self._retag(
                post_id,
                comment_id,
                put=[tag for folded, tag in wanted.items() if there.get(folded) != tag],
                taken=[tag for folded, tag in there.items() if wanted.get(folded) != tag],
            )

    def tag(self, post_id: str, comment_id: str | None, tags: Iterable[str]) -> int:
        """Add tags; gives how many there were not before."""
        with self._writing():
            return self._tag(post_id, comment_id, tags)

    def tag_all(self, targets: Iterable[tuple[str, str | None]], tags: Sequence[str]) -> int:
        """Add tags to each of these, as one step to undo; gives to how many of them any was new."""
        with self._writing():
            return sum(self._tag(*target, tags) > 0 for target in targets)

    def untag(self, post_id: str, comment_id: str | None, tags: Iterable[str]) -> int:
        """Take tags off; gives how many there were."""
        with self._writing():
            gone = {tag_of(words_of(tag)).casefold() for tag in tags}
            there = self.tags(post_id).get(comment_id, ())
            return self._retag(post_id, comment_id, taken=[tag for tag in there if tag.casefold() in gone])

    def rename_tag(self, tag: str, name: str) -> int:
        """Let all that bears a tag bear another one in its place, as one step to undo; gives how many did.

        Where that is there already, the two become one. Raises UnknownReference if nothing bears the tag, or
        for a name that is none.
        """
        new = tag_of(words_of(name))
        if not new:
            raise UnknownReference(f"“{words_of(name)}” is no name for a tag: it needs a letter or a number.")
        with self._writing():
            targets = self.tagged(tag)
            if not targets:
                raise UnknownReference(
                    f"#{tag_of(words_of(tag))}: no such tag; `threadreader tags` lists them."
                )
            folded = tag_of(words_of(tag)).casefold()
            for post_id, comment_id in targets:
                there = {one.casefold(): one for one in self.tags(post_id)[comment_id]}
                put = [new] if new.casefold() == folded or new.casefold() not in there else []
                self._retag(post_id, comment_id, put=put, taken=[there[folded]])
            return len(targets)

    def names(self) -> dict[str, str]:
        """Post id -> the name that the reader gave it."""
        return dict(self._rows("SELECT post_id, title FROM names"))

    def rename(self, post_id: str, title: str) -> None:
        """Give a post a name of the reader's own; a blank one gives it back its title."""
        name = collapsed(words_of(title))
        after = {"post_id": post_id, "title": name} if name else None
        with self._writing():
            if self._row("names", post_id) != after:
                self._change("names", post_id, after)

    def searches(self) -> list[SavedSearch]:
        """The saved searches, in the order of their names."""
        rows = self._rows("SELECT name, words, scope, exact FROM searches")
        saved = (SavedSearch(name, words, scope, bool(exact)) for name, words, scope, exact in rows)
        return sorted(saved, key=lambda search: (search.name.casefold(), search.name))

    def search(self, name: str) -> SavedSearch:
        """The saved search of that name, whatever its case; raises UnknownReference."""
        wanted, there = collapsed(words_of(name)), self.searches()
        fitting = [search for search in there if search.name.casefold() == wanted.casefold()]
        if not fitting:
            names = ", ".join(f"“{search.name}”" for search in there)
            raise UnknownReference(
                f"{wanted}: no such saved search; there {f'are {names}' if names else 'is none'}."
            )
        return next((search for search in fitting if search.name == wanted), fitting[0])

    def save_search(self, search: SavedSearch) -> SavedSearch | None:
        """Keep a search, in place of one of the same name; gives it as it is kept, None for a blank name."""
        name = collapsed(words_of(search.name))
        kept = search._replace(name=name, words=words_of(search.words))
        after = kept._asdict() | {"exact": int(kept.exact)}
        with self._writing():
            if name and self._row("searches", name) != after:
                self._change("searches", name, after)
        return kept if name else None

    def remove_search(self, name: str) -> bool:
        """Forget a saved search; whether there was one."""
        with self._writing():
            there = self._row("searches", name) is not None
            if there:
                self._change("searches", name, None)
            return there

    def _tag(self, post_id: str, comment_id: str | None, tags: Iterable[str]) -> int:
        there = {tag.casefold() for tag in self.tags(post_id).get(comment_id, ())}
        new = {tag.casefold(): tag for tag in map(tag_of, map(words_of, tags)) if tag}
        put = [tag for folded, tag in new.items() if folded not in there]
        return self._retag(post_id, comment_id, put=put)

    def _retag(
        self, post_id: str, comment_id: str | None, put: Sequence[str] = (), taken: Sequence[str] = ()
    ) -> int:
        """Put tags on and take others off, as one step to undo.

        What is recorded is the difference: undoing it leaves alone what another program tagged meanwhile.
        """
        if not (put or taken):
            return 0
        self._change("tags", post_id, {"comment_id": comment_id, "put": list(put), "taken": list(taken)})
        return len({tag.casefold() for tag in (*put, *taken)})
