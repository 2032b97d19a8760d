"""Dates as blogs print them above a post, in the languages whose names of days and months stand here."""

import datetime as dt
import re

_MONTH_NAMES = (
    "january february march april may june july august september october november december",
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "januar februar märz april mai juni juli august september oktober november dezember",
    "jänner feber märz april mai juni juli august september oktober november dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "januar februar marts april maj juni juli august september oktober november december",
    "januar februar mars april mai juni juli august september oktober november desember",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
)
_MONTHS = {name: number for names in _MONTH_NAMES for number, name in enumerate(names.split(), start=1)}
# What may stand around day, month and year: names of days, articles, particles.
_OTHER_WORDS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun the of "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag den der "
    "lundi mardi mercredi jeudi vendredi samedi dimanche le "
    "lunes martes miércoles jueves viernes sábado domingo de del el "
    "lunedì martedì mercoledì giovedì venerdì sabato domenica il "
    "segunda terça quarta quinta sexta feira "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag "
    "måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag "
    "poniedziałek wtorek środa czwartek piątek sobota niedziela roku r "
    "понедельник вторник среда четверг пятница суббота воскресенье года г".split()
)
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|º|°)")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_EAST_ASIAN = re.compile(r"(\d{4})[年년]\s*(\d{1,2})[月월]\s*(\d{1,2})[日일]")
_NUMBER = re.compile(r"\d+")
_LONGEST = 60  # characters of a date line


def parsed(line: str) -> dt.date | None:
    """The day that all of `line` names; None where it names none, or could name two (`3/4/2021`)."""
    if len(line) > _LONGEST:
        return None
    return _in_words(line) or _in_numbers(line)


def resembles(line: str) -> bool:
    """Whether `line` is short and has a day's and a year's number: it may be a date in unknown words."""
    digits = sorted(len(number) for number in _NUMBER.findall(line[: _LONGEST + 1]))
    return len(line) <= _LONGEST and len(line.split()) <= 6 and digits in ([1, 4], [2, 4])


def is_part(word: str) -> bool:
    """Whether `word` names a month or a day, or stands beside such names in dates."""
    return word.casefold() in _MONTHS or word.casefold() in _OTHER_WORDS


def _in_words(line: str) -> dt.date | None:
    words = re.findall(r"\w+", _ORDINAL.sub(r"\1", line.casefold()))
    rest = [word for word in words if word not in _OTHER_WORDS]
    months = [_MONTHS[word] for word in rest if word in _MONTHS]
    numbers = [word for word in rest if word.isdecimal()]
    if len(rest) != 3 or len(months) != 1 or len(numbers) != 2:
        return None
    day, year = sorted(numbers, key=len)
    return _date(int(year), months[0], int(day)) if len(year) == 4 and len(day) < 3 else None


def _in_numbers(line: str) -> dt.date | None:
    if match := _ISO.fullmatch(line) or _EAST_ASIAN.match(line):
        year, month, day = map(int, match.groups())
        return _date(year, month, day)
    match = _DOTTED.search(line) or _SLASHED.search(line)
    if not match or any(word not in _OTHER_WORDS for word in re.findall(r"[^\W\d]+", line.casefold())):
        return None
    first, second, year = map(int, match.groups())
    if match.re is _DOTTED or first > 12 or first == second:
        return _date(year, second, first)
    return _date(year, first, second) if second > 12 else None


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
