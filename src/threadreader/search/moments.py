"""Days and moments as people type them: `2021-04`, `7d`, `yesterday`, `last week`. Pure."""

import calendar
import datetime as dt
import re
from typing import TypeAlias

Bounds: TypeAlias = tuple[int | None, int | None]  # seconds since 1970, from, and before; None where open

MOMENTS = "a day, a month, a year, or 7d, 2w, 6m, 1y, today, yesterday, last week"
SEVERAL_WORDS = re.compile(r"(?:last|this)[ -](?:week|month|year)(?![\w-])", re.IGNORECASE)

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_AGO = re.compile(r"([0-9]{1,4})([hdwmy])")
_EPOCH = dt.date(1970, 1, 1).toordinal()
_SECONDS = 86_400  # of a day
_DAYS = {"d": 1, "w": 7}


def days(text: str) -> Bounds | None:
    """A day, month or year in seconds since 1970; None for none of these."""
    match = _DAY.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        first = dt.date(year, month or 1, day or 1)
    except ValueError:
        return None
    if day:
        length = 1
    elif month:
        length = calendar.monthrange(year, month)[1]
    else:
        length = 365 + calendar.isleap(year)
    start = first.toordinal() - _EPOCH
    return start * _SECONDS, (start + length) * _SECONDS


def moments(text: str, now: dt.datetime) -> tuple[int, int] | None:
    """What `text` means as seen from `now`: where it begins and ends; None for no time.

    An age, `7d`, is the moment that long ago, and ends where it begins. Weeks begin on Monday; days are those
    of the time zone of `now`, and what is written as a date those of UTC, as everywhere.
    """
    if (named := days(text)) and named[0] is not None and named[1] is not None:
        return named[0], named[1]
    typed = " ".join(text.lower().replace("-", " ").split())
    try:
        if ago := _AGO.fullmatch(typed):
            then = int(_before(now, int(ago[1]), ago[2]).timestamp())
            return then, then
        first, last = _spans(typed, now.date())
        begins, ends = (dt.datetime.combine(one, dt.time(), now.tzinfo) for one in (first, last))
        return int(begins.timestamp()), int(ends.timestamp())
    except (ValueError, OverflowError):  # no such day, or one before there were years
        return None


def _before(now: dt.datetime, count: int, unit: str) -> dt.datetime:
    if unit == "h":
        return now - dt.timedelta(hours=count)
    if unit in _DAYS:
        return now - dt.timedelta(days=count * _DAYS[unit])
    months = now.year * 12 + now.month - 1 - count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    day = min(now.day, calendar.monthrange(year, month + 1)[1]) if year > 0 else 0
    return now.replace(year=year, month=month + 1, day=day)


def _spans(typed: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first day, and the one after the last; raises ValueError."""
    day, week = dt.timedelta(days=1), dt.timedelta(days=7)
    monday = today - today.weekday() * day
    month = today.replace(day=1)
    match typed:
        case "today":
            return today, today + day
        case "yesterday":
            return today - day, today
        case "this week":
            return monday, monday + week
        case "last week":
            return monday - week, monday
        case "this month":
            return month, (month + 31 * day).replace(day=1)
        case "last month":
            return (month - day).replace(day=1), month
        case "this year":
            return month.replace(month=1), month.replace(month=1, year=month.year + 1)
        case "last year":
            return month.replace(month=1, year=month.year - 1), month.replace(month=1)
    raise ValueError(typed)
