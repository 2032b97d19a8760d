"""What a line of commands means: actions by id, by label or by a beginning, with a word after some of them.

The actions are those of the keys' tables, as the palette has them too.
"""

import re
from dataclasses import dataclass
from typing import Any

from threadreader.search.names import Names
from threadreader.settings.reading import nearest
from threadreader.ui.keys import ANY_LETTER
from threadreader.ui.screens.keyed_screen import Choices, KeyedScreen

SHORT = {"q": "screen.quit", "w": "reader.layout", "h": "screen.help", "s": "reader.search"}
_PLACE = re.compile(r"\d+(\.\d+)*")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_OFFERED = 50


@dataclass(frozen=True, slots=True)
class Offer:
    """What the line could become."""

    line: str
    label: str
    keys: str = ""


class Commands:
    """Every command of a screen, for the pane that had the keys when it was made."""

    def __init__(self, screen: KeyedScreen[Any]) -> None:
        self._screen = screen
        self._actions = {key.id: (node, key) for node, key in screen.commands()}
        self._choices: dict[str, Choices] = screen.choices() | {
            action: Choices(key.label, _LETTERS, _nothing)
            for action, (_, key) in self._actions.items()
            if ANY_LETTER in key.action
        }
        labels = {action: key.label for action, (_, key) in self._actions.items()}
        self._labels = {action: choices.label for action, choices in self._choices.items()} | labels
        self._ids = list(self._labels)
        self._names = Names([f"{self._last(action)} {self._labels[action]} {action}" for action in self._ids])

    def offers(self, typed: str) -> list[Offer]:
        """What the line could become, best first; all commands for an empty one."""
        command, blank, word = typed.lstrip().partition(" ")
        action = self._named(command) if blank else None
        if action in self._choices:
            choices = self._choices[action].words
            at = Names(choices).best(word, limit=_OFFERED)
            return [Offer(f"{command} {choices[n]}", self._choices[action].label) for n in at]
        if _PLACE.fullmatch(typed.strip()):
            return [Offer(typed.strip(), "go to that comment")]
        ids = [self._ids[n] for n in self._names.best(typed, limit=_OFFERED)]
        return [Offer(self._shortest(one), self._labels[one], self._keys(one)) for one in ids]

    async def run(self, line: str) -> None:
        """Do what the line says, or tell why it can't be done."""
        line = " ".join(line.split())
        if _PLACE.fullmatch(line):
            self._screen.go_to_number(line)
            return
        action, word = self._named(line), ""
        if action is None and " " in line:
            command, _, word = line.partition(" ")
            action = self._named(command)
        if action is None:
            near = nearest(line, [*self._ids, *map(self._shortest, self._ids)])
            self._screen.say(f"no command “{line}”{near}")
        elif word and action not in self._choices:
            self._screen.say(f"{self._shortest(action)} takes no word after it")
        else:
            await self._do(action, word)

    async def _do(self, action: str, word: str) -> None:
        choices = self._choices.get(action)
        if choices is not None and word and word not in choices.words:
            near = nearest(word, choices.words)
            self._screen.say(f"{self._shortest(action)}: no “{word}”{near}")
        elif choices is not None and not word and (action not in self._actions or choices.choose is _nothing):
            self._screen.say(f"{self._shortest(action)} takes a word: {', '.join(choices.words[:4])} …")
        elif choices is not None and word and choices.choose is not _nothing:
            choices.choose(word)
        else:
            node, key = self._actions[action]
            asked = key.action.replace(ANY_LETTER, word)
            await self._screen.app.run_action(asked, default_namespace=node)

    def _named(self, words: str) -> str | None:
        """The action of that id, last part of an id, or label; else the only one that begins so."""
        words = words.strip().lower()
        words = SHORT.get(words, words)
        whole = [one for one in self._ids if words in (one, self._last(one), self._labels[one].lower())]
        begun = [one for one in self._ids if one.startswith(words) or self._last(one).startswith(words)]
        for found in (whole, begun if words else []):
            if found:
                return found[0] if len(found) == 1 or words == found[0] else None
        return None

    def _last(self, action: str) -> str:
        return action.rpartition(".")[2]

    def _shortest(self, action: str) -> str:
        """The last part of the id where no other has it too."""
        last = self._last(action)
        return last if sum(self._last(one) == last for one in self._ids) == 1 else action

    def _keys(self, action: str) -> str:
        return self._actions[action][1].shown if action in self._actions else ""


def _nothing(word: str) -> None:
    """What is done with a letter that goes into the action itself."""
