"""Numbers as people read them, each with its unit, in English and Chinese.

Money comes in millions of US dollars, volumes in millions, fractions as fractions.
"""

from __future__ import annotations

import math
from collections.abc import Callable

ZH = "zh"
NONE = "–"
MINUS = "−"


def _plain(value: float, digits: int = 3) -> str:
    """About ``digits`` significant digits, thousands apart, never in powers of ten."""
    if value == 0.0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    decimals = max(0, digits - 1 - size)
    text = f"{abs(value):,.{min(decimals, 4)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _signed(value: float, body: str, sign: bool) -> str:
    if value < 0.0 and any(digit in body for digit in "123456789"):
        return MINUS + body
    return ("+" if sign and value > 0.0 else "") + body


def _missing(value: float) -> bool:
    return math.isnan(value) or math.isinf(value)


def money(value: float, lang: str = "en", *, sign: bool = False) -> str:
    """Money: ``money(590)`` is "$590m" and "5.9亿美元"; ``money(1200)`` is "$1.2bn".

    Args:
        value: USD m.
        sign: write a plus before gains.
    """
    if _missing(value):
        return NONE
    size = abs(value)
    if lang == ZH:
        body = _zh_count(size) + "美元"
    elif size >= 1e6 - 500:
        body = f"${_plain(size / 1e6)}tn"
    elif size >= 999.5:
        body = f"${_plain(size / 1e3)}bn"
    elif size == 0.0:
        body = "$0"
    elif size >= 1.0:
        body = f"${_plain(size, 2 if size < 10 else 3)}m"
    else:
        body = f"${_plain(size * 1e3, 2)}k"
    return _signed(value, body, sign)


def _zh_count(millions: float) -> str:
    """A count given in millions, in 万 and 亿."""
    if millions >= 1e6:
        return f"{_plain(millions / 1e6)}万亿"
    if millions >= 100.0:
        return f"{_plain(millions / 100.0)}亿"
    if millions >= 0.01 or millions == 0.0:
        return f"{_plain(millions * 100.0)}万" if millions else "0"
    return _plain(millions * 1e6, 2)


def price(value: float, lang: str = "en", *, sign: bool = False) -> str:
    """A price in dollars a unit: "$284", "$4.52"; in Chinese "284美元"."""
    if _missing(value):
        return NONE
    size = abs(value)
    text = f"{size:,.0f}" if size >= 100.0 else f"{size:,.2f}"
    return _signed(value, f"{text}美元" if lang == ZH else f"${text}", sign)


def volume(value: float, unit: str = "", lang: str = "en", *, sign: bool = False) -> str:
    """A volume in millions with its unit: "4.5m phones", "450万部"."""
    if _missing(value):
        return NONE
    size = abs(value)
    if lang == ZH:
        return _signed(value, _zh_count(size) + unit, sign)
    if size >= 999.5:
        body = f"{_plain(size / 1e3)}bn"
    elif size >= 0.9995 or size == 0.0:
        body = f"{_plain(size)}m"
    elif size >= 1e-3:
        body = f"{_plain(size * 1e3)}k"
    else:
        body = _plain(size * 1e6, 2)
    return _signed(value, f"{body} {unit}" if unit else body, sign)


def plural(unit: str, lang: str = "en") -> str:
    """The plural of a unit's name: "phones", "baskets of $100"; Chinese has none."""
    if lang == ZH or not unit:
        return unit
    head, of, rest = unit.partition(" of ")
    return " or ".join(_plural_word(word) for word in head.split(" or ")) + of + rest


def _plural_word(word: str) -> str:
    if word.endswith("s"):
        return word
    return word + ("es" if word.endswith(("x", "ch", "sh")) else "s")


def percent(value: float, lang: str = "en", *, sign: bool = False, digits: int = 1) -> str:
    """A fraction in per cent: "37.4%"."""
    if _missing(value):
        return NONE
    hundred = abs(value) * 100.0
    return _signed(value, f"{hundred:.0f}%" if digits == 0 else f"{hundred:.{digits}f}%", sign)


def percentage_points(value: float, lang: str = "en") -> str:
    """A change of a fraction: "+3.2 points", always signed."""
    if _missing(value):
        return NONE
    unit = "个百分点" if lang == ZH else " pp"
    return _signed(value, f"{abs(value) * 100.0:.1f}{unit}", True)


def points(value: float, lang: str = "en", *, digits: int = 1) -> str:
    """Points of the score: "41.5 points"."""
    if _missing(value):
        return NONE
    text = f"{value:.{digits}f}"
    return f"{text}分" if lang == ZH else f"{text} points"


def attention(value: int, lang: str = "en") -> str:
    """Attention points, whole: "1 point", "3 points"."""
    if lang == ZH:
        return f"{value}点"
    return f"{value} point" if value == 1 else f"{value} points"


def utils(value: float, lang: str = "en") -> str:
    """A change of appeal: "+0.21 utils", always signed."""
    if _missing(value):
        return NONE
    return _signed(value, f"{abs(value):.2f}" + (" 效用" if lang == ZH else " utils"), True)


def factor(value: float, lang: str = "en") -> str:
    """A multiple: "1.35 ×"."""
    return NONE if _missing(value) else f"{value:.2f} ×"


def quarters(value: int, lang: str = "en") -> str:
    """A length of time: "4 quarters"."""
    if lang == ZH:
        return f"{value}个季度"
    return f"{value} quarter" if value == 1 else f"{value} quarters"


def date(turn: int, first_year: int, first_quarter: int, lang: str = "en") -> str:
    """The quarter of a turn: "2015 Q1", "2015年第1季度"."""
    year, quarter = divmod(first_year * 4 + first_quarter - 1 + turn, 4)
    return f"{year}年第{quarter + 1}季度" if lang == ZH else f"{year} Q{quarter + 1}"


def short_date(turn: int, first_year: int, first_quarter: int) -> str:
    """The quarter of a turn for chart axes: "15Q1"."""
    year, quarter = divmod(first_year * 4 + first_quarter - 1 + turn, 4)
    return f"{year % 100:02d}Q{quarter + 1}"


def band(low: str, high: str, lang: str = "en") -> str:
    """A range of two written numbers."""
    if low == high:
        return low
    return f"{low}至{high}" if lang == ZH else f"{low} to {high}"


_SCALES: dict[tuple[str, str], tuple[tuple[float, float, str], ...]] = {
    ("money", "en"): ((1e6, 1e-6, "tn"), (1e3, 1e-3, "bn"), (1.0, 1.0, "m"), (0.0, 1e3, "k")),
    ("volume", "en"): ((1e3, 1e-3, "bn"), (1.0, 1.0, "m"), (0.0, 1e3, "k")),
    ("money", ZH): ((1e6, 1e-6, "万亿"), (1e2, 1e-2, "亿"), (0.0, 1e2, "万")),
    ("volume", ZH): ((1e6, 1e-6, "万亿"), (1e2, 1e-2, "亿"), (0.0, 1e2, "万")),
}


def scale_of(kind: str, level: float, lang: str = "en") -> tuple[float, str]:
    """One scale for figures that are to be compared: (factor, name).

    Args:
        kind: "money" or "volume" in millions, "percent" of a fraction, "price".
        level: size of the largest figure.
    """
    if kind == "percent":
        return 100.0, ""
    for least, factor_, name in _SCALES.get((kind, lang), ()):
        if level >= least:
            return factor_, name
    return 1.0, ""


def on_scale(
    value: float,
    kind: str,
    name: str,
    decimals: int,
    lang: str = "en",
    *,
    change: bool = False,
    unit: str = "",
) -> str:
    """A figure that is already on a scale, with fixed decimals.

    Args:
        value: of :func:`scale_of`, multiplied. name: of the scale. decimals: as many are written.
        change: signed; a change of a percentage is in points.
        unit: words after a volume.
    """
    body = f"{abs(value):,.{decimals}f}"
    if kind == "percent":
        body += ("个百分点" if lang == ZH else " pp") if change else "%"
    elif kind == "price":
        body = f"{body}美元" if lang == ZH else f"${body}"
    elif kind == "money":
        body = f"{body}{name}美元" if lang == ZH else f"${body}{name}"
    elif kind == "volume":
        body = f"{body}{name}{unit}" if lang == ZH else f"{body}{name} {unit}".rstrip()
    return _signed(value, body, change)


def tick(value: float, kind: str, lang: str = "en") -> str:
    """A label on a chart's axis.

    Args:
        kind: "money", "price", "percent", "volume", "points" or "factor".
    """
    if kind == "percent":
        return percent(value, lang, digits=0 if abs(value) >= 0.0999 or value == 0 else 1)
    writers: dict[str, Callable[[float, str], str]] = {
        "money": money,
        "price": price,
        "volume": lambda number, tongue: volume(number, "", tongue),
        "factor": factor,
    }
    writer = writers.get(kind)
    return writer(value, lang) if writer else _signed(value, _plain(abs(value)), False)
