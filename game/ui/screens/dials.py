"""The standing dials as widgets: of the own company, or of one that it controls."""

from __future__ import annotations

from collections.abc import Callable

from game.session import views as vm
from game.ui import bits
from game.ui.kit import Divider, Label, Row, Slider, Widget

Verb = Callable[..., object]


def dial_widgets(dials: vm.DialsView, verb: Verb, word: Callable[[str], str]) -> list[Widget]:
    """Level, mix, stances and focus; each change calls ``verb`` with its name and values."""
    notches = list(enumerate(dials.notch_names))
    parts: list[Widget] = [
        Label(word("spend_level"), style="subheading"),
        bits.drop(notches, dials.notch, lambda notch: verb("set_notch", notch), name="dial/notch"),
        Label(dials.notch_text, style="caption", color="muted", wrap=True),
        Label(dials.spend_text, style="caption", color="muted", wrap=True),
        Divider(),
        Label(word("mix"), style="subheading"),
    ]
    parts += [_mix(dials, place, verb) for place in range(3)]
    parts += [Divider(), Label(word("stances"), style="subheading")]
    for one in dials.stances:
        parts.append(_stance(dials, one, verb))
    parts += [Divider(), Label(word("focus"), style="subheading")]
    choices = [(-1, word("focus_none"))] + [(index, name) for index, name in dials.focus_choices]
    for slot in (0, 1):
        parts.append(
            bits.drop(choices, dials.focus[slot], _focus(slot, verb), name=f"dial/focus/{slot}")
        )
    return parts


def _focus(slot: int, verb: Verb) -> Callable[[int], object]:
    return lambda market: verb("set_focus", slot, market)


def _mix(dials: vm.DialsView, place: int, verb: Verb) -> Widget:
    def release(value: float) -> None:
        rest = [part for index, part in enumerate(dials.mix) if index != place]
        left = 1.0 - value
        total = sum(rest) or 1.0
        mix = [left * part / total for part in rest]
        mix.insert(place, value)
        verb("set_mix", *mix)

    return Row(
        Label(dials.mix_names[place], style="small", width=84),
        Slider(
            dials.mix[place],
            lambda value: None,
            low=0.05,
            high=0.9,
            step=0.05,
            on_release=release,
            show=lambda value: f"{value:.0%}",
            stretch=1,
            name=f"dial/mix/{place}",
        ),
        gap=6,
    )


def _stance(dials: vm.DialsView, one: vm.SectorStance, verb: Verb) -> Widget:
    options = [(place - 2, name) for place, name in enumerate(dials.stance_names)]
    return Row(
        Label(one.name, style="small", stretch=1, tooltip=one.text or None),
        bits.drop(
            options,
            one.stance,
            lambda stance: verb("set_stance", one.sector, stance),
            name=f"dial/stance/{one.sector}",
            width=150,
            tooltip=one.text or None,
        ),
        gap=6,
    )
