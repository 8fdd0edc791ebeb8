"""Days off, for the month's table: those of the country whose language the reader reads."""

import datetime as dt

from dateutil.easter import easter

DANISH = {"skærtorsdag": -3, "langfredag": -2, "påskedag": 0, "2. påskedag": 1, "Kristi himmelfartsdag": 39,
          "pinsedag": 49, "2. pinsedag": 50}  # fmt: skip
SWEDISH = {"långfredagen": -2, "påskdagen": 0, "annandag påsk": 1, "Kristi himmelsfärdsdag": 39, "pingstdagen": 49}


def holidays(year: int, language: str) -> dict[dt.date, str]:
    """Day -> its name. For Danish and Swedish; readers of other languages may be in either country: none."""
    movable = {"da": DANISH, "sv": SWEDISH}.get(language, {})
    found = {easter(year) + dt.timedelta(days=distance): name for name, distance in movable.items()}
    if language == "da":
        found |= {
            dt.date(year, 1, 1): "nytårsdag",
            dt.date(year, 12, 25): "1. juledag",
            dt.date(year, 12, 26): "2. juledag",
        }
    elif language == "sv":
        found |= {
            dt.date(year, 1, 1): "nyårsdagen",
            dt.date(year, 1, 6): "trettondagen",
            dt.date(year, 5, 1): "första maj",
            dt.date(year, 6, 6): "nationaldagen",
            _saturday_from(dt.date(year, 6, 20)): "midsommardagen",
            _saturday_from(dt.date(year, 10, 31)): "alla helgons dag",
            dt.date(year, 12, 25): "juldagen",
            dt.date(year, 12, 26): "annandag jul",
        }
    return {day: name[:1].upper() + name[1:] for day, name in found.items()}


def _saturday_from(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=(5 - day.weekday()) % 7)
