"""Write what follows from the scenario schema: scenarios/schema.json, and the keys in the manual.

python tools/make_scenario_keys.py
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from game.scenario import laws, schema

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "scenarios" / "schema.json"
PAGE = ROOT / "docs" / "scenarios.md"
BEGIN, END = "<!-- keys: made by tools/make_scenario_keys.py -->", "<!-- end of keys -->"
ORDER = (
    "Scenario", "Calendar", "Region", "MergerReview", "System", "Sector", "Segment", "Spread",
    "Fringe", "Channels", "SpendShare", "Market", "Pledge", "Company", "Temperament",
    "Holding", "Loan", "Mandate", "Par",
    "Product", "Spend", "Relation", "Alliance", "Event", "Option", "Effect", "Project", "Draft",
    "Side", "Name", "Fact", "Rules",
)  # fmt: skip
PLACES = {
    "Scenario": "the file", "Calendar": "calendar", "Region": "regions[]",
    "MergerReview": "merger_review of a region", "System": "systems[]", "Sector": "sectors[]",
    "Segment": "segments[] of a sector or market", "Spread": "spread of a sector or market",
    "Fringe": "fringe of a sector or market", "Channels": "channel_reach, coverage",
    "SpendShare": "spend_share of a sector or market", "Market": "markets.sector/region",
    "Pledge": "pledges[]", "Company": "companies[]", "Temperament": "companies[].temperament",
    "Holding": "companies[].holdings.company", "Loan": "companies[].loans.company",
    "Mandate": "companies[].mandates[]",
    "Par": "companies[].par", "Product": "companies[].products.sector/region",
    "Spend": "spend of a product", "Relation": "relations[]", "Alliance": "alliances[]",
    "Event": "events[]", "Option": "events[].options[]",
    "Effect": "effects[] of an event, option or project", "Project": "projects[]",
    "Draft": "drafts[]", "Side": "drafts[].proposer_gives, counterparty_gives", "Name": "names[]",
    "Fact": "facts[]", "Rules": "rules",
}  # fmt: skip


def schema_text() -> str:
    """The published schema."""
    return json.dumps(schema.json_schema(), indent=2, ensure_ascii=False) + "\n"


def keys() -> str:
    """A table of keys for every part of a scenario."""
    made = schema.json_schema()
    parts = {"Scenario": {**made, "required": schema.Scenario.model_json_schema()["required"]}}
    parts |= made["$defs"]
    shared = set(parts["Sector"]["properties"]) & set(parts["Market"]["properties"])
    return "\n".join(_table(name, parts[name], shared) for name in ORDER)


def _table(name: str, part: dict[str, Any], shared: set[str]) -> str:
    rows = [f"### {PLACES[name]}", ""]
    if name == "Market":
        rows += [f"Also any of the laws of a sector: {', '.join(sorted(shared))}.", ""]
    rows += ["| key | needed | kind | meaning |", "|---|---|---|---|"]
    for key, value in part["properties"].items():
        if name == "Market" and key in shared:
            continue
        needed = "yes" if key in part.get("required", ()) else ""
        words = value.get("description", "").replace("|", "\\|") + _default(name, key)
        rows.append(f"| `{key}` | {needed} | {_kind(value)} | {words} |")
    return "\n".join([*rows, ""])


def _default(name: str, key: str) -> str:
    """What a law is where neither market nor sector says anything."""
    value = laws.DEFAULTS.get(key) if name == "Sector" else None
    if value is None or value == {}:
        return ""
    if hasattr(value, "model_dump"):
        value = ", ".join(f"{step} {number:g}" for step, number in value.model_dump().items())
    elif isinstance(value, list):
        value = ", ".join(f"{number:g}" for number in value)
    else:
        value = f"{value:g}"
    return f" Default {value}."


def _kind(value: dict[str, Any]) -> str:
    """What may stand under a key, in a few words."""
    if "enum" in value:
        return ", ".join(f"`{word}`" for word in value["enum"])
    if "$ref" in value:
        return "mapping"
    if "anyOf" in value:
        return " or ".join(dict.fromkeys(_kind(choice) for choice in value["anyOf"]))
    kind = value.get("type", "")
    if kind == "array":
        return f"list of {_kind(value['items'])}"
    if kind == "object" and "additionalProperties" in value:
        return "mapping"
    words = {"string": "text", "integer": "whole", "object": "mapping", "boolean": "true or false"}
    return " ".join(filter(None, (words.get(kind, kind), _range(value))))


def _range(value: dict[str, Any]) -> str:
    bounds = (("minimum", "≥"), ("exclusiveMinimum", ">"), ("maximum", "≤"))
    return " ".join(f"{sign} {value[key]:g}" for key, sign in bounds if key in value)


def page(text: str) -> str:
    """The manual with its keys as they are now."""
    whole = f"{BEGIN}\n\n{keys()}\n{END}"
    return re.sub(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: whole, text, flags=re.DOTALL)


def main() -> None:
    """Write both."""
    SCHEMA.write_text(schema_text(), "utf-8")
    PAGE.write_text(page(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
