"""The kinds of value that a scenario file may hold, and the base of its parts."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from enum import IntEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import CoreSchema, core_schema

LANGUAGES = ("en", "zh")
DATE = re.compile(r"[0-9]{4}-Q[1-4]\Z")


@dataclasses.dataclass(frozen=True)
class Ref:
    """Marks a text that must name something which the scenario declares.

    Args:
        to: companies, sectors, regions, markets, systems or pledges.
    """

    to: str


@dataclasses.dataclass(frozen=True)
class Told:
    """Marks words for people, in which ``{id}`` stands for a name."""


@dataclasses.dataclass(frozen=True)
class OneOf:
    """Marks a text that must be one of these words."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.literal_schema(list(self.words))


def words_of(enum: type[IntEnum], without: Iterable[IntEnum] = ()) -> OneOf:
    skipped = set(without)
    return OneOf(tuple(member.name.lower() for member in enum if member not in skipped))


def _as_text(value: Any) -> Any:
    return {"en": value} if isinstance(value, str) else value


def _has_english(value: dict[str, str]) -> dict[str, str]:
    if "en" not in value:
        raise ValueError("a text needs at least its English words, under en")
    return value


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
ScenarioId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]*$", max_length=40)]
Text = Annotated[
    dict[Annotated[str, OneOf(LANGUAGES)], str],
    BeforeValidator(_as_text, json_schema_input_type=str | dict[str, str]),
    AfterValidator(_has_english),
    Told(),
]
"""Words by language; a plain text is English. ``{id}`` stands for a company or a listed name."""
Date = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-Q[1-4]$")]
Count = Annotated[int, BeforeValidator(_whole, json_schema_input_type=float)]
Fraction = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NotNegative = Annotated[float, Field(ge=0)]

CompanyId = Annotated[str, Ref("companies")]
SectorId = Annotated[str, Ref("sectors")]
RegionId = Annotated[str, Ref("regions")]
MarketId = Annotated[str, Ref("markets")]
SystemId = Annotated[str, Ref("systems")]
PledgeId = Annotated[str, Ref("pledges")]


class Part(BaseModel):
    """Base of every part: unknown keys and wrong kinds of value are faults."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)
