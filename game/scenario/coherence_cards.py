"""Coherence of what happens and is offered: dates, events, effects, mandates, drafts."""

from __future__ import annotations

from collections.abc import Iterator

from game.core.ruleset import Rules
from game.scenario.faults import WARNING, Fault, listed
from game.scenario.look import Book, Look

MOST_EFFECTS, MOST_OPTION_EFFECTS = 32, 16
"""As many as have their own chance."""
ON_MARKETS = {
    "bump", "quality", "goodwill", "demand", "cost", "coverage_online", "coverage_offline",
    "channel_shift", "ban", "entry_barred", "entry_opened", "levy", "subsidy", "potential",
    "shortage", "generation",
}  # fmt: skip
BY_REGION = {"fx", "tax"}
"""Effects that look at regions and at no sector."""
OF_NOBODY = {"generation", "fx", "potential", "demand", "channel_shift"}
"""Effects that hit a place, whoever is there."""
LASTS = {"ban", "entry_barred"}
MOST_LOG = {"fx": 1.5, "potential": 2.0}
BY_SECTOR = {"share", "rank", "top_rank_regions", "year_units"}
"""Metrics that mean little without a sector."""


def check(book: Book) -> Iterator[Fault]:
    """Faults of events, projects, mandates, drafts and dates."""
    yield from _dates(book)
    for event in (book.root / "events").each():
        yield from _event(book, event)
    for project in (book.root / "projects").each():
        yield from _effects(project / "effects", MOST_EFFECTS, decider=True)
    for company in book.companies.values():
        for mandate in (company / "mandates").each():
            yield from _mandate(book, mandate)
    for draft in (book.root / "drafts").each():
        yield from _draft(book, draft)


def _dates(book: Book) -> Iterator[Fault]:
    if book.span is None:
        return
    first, last = book.span
    calendar = f"{_date(first)} to {_date(last)}"
    within = [event / "date" for event in (book.root / "events").each()]
    after = [alliance / "until" for alliance in (book.root / "alliances").each()]
    for company in book.companies.values():
        within += [mandate / "deadline" for mandate in (company / "mandates").each()]
        after += [holding / "locked_until" for holding in (company / "holdings").each()]
        after += [loan / "due" for loan in (company / "loans").each()]
    for date in within:
        if date.quarter is not None and not first <= date.quarter <= last:
            yield date.fault(f"{date.text} lies outside of the game", calendar)
    for date in after:
        if date.quarter is not None and date.quarter <= first:
            yield date.fault(f"{date.text} is not after the start", f"later than {_date(first)}")
    for event in (book.root / "events").each():
        turn = (event / "turn").number
        if turn is not None and turn > last - first:
            yield (event / "turn").fault(
                f"turn {turn:g} lies outside of the game", f"0 to {last - first}"
            )


def _date(quarter: int) -> str:
    return f"{quarter // 4}-Q{quarter % 4 + 1}"


def _event(book: Book, event: Look) -> Iterator[Fault]:
    date, turn, when = event / "date", event / "turn", event / "when"
    hazard = (event / "hazard").number_or(0.0)
    if date.given and turn.given:
        yield turn.fault("stands beside date", "one of the two")
    if not (date.given or turn.given or when.given or hazard > 0.0):
        yield event.fault("never comes", "a date, a turn, a hazard or when")
    options, deciders = list((event / "options").each()), (event / "deciders").words()
    if len(options) == 1:
        yield (event / "options").fault("holds one option", "two to four, or none")
    if options and not deciders:
        yield (event / "options").fault("nobody chooses among these options", "deciders")
    if deciders and not options:
        yield (event / "deciders").fault("decide nothing", "options", severity=WARNING)
    yield from _effects(event / "effects", MOST_EFFECTS, decider=False)
    for option in options:
        yield from _effects(option / "effects", MOST_OPTION_EFFECTS, decider=True)


def _effects(effects: Look, most: int, *, decider: bool) -> Iterator[Fault]:
    found = list(effects.each())
    if len(found) > most:
        yield effects.fault(f"holds {len(found)} effects", f"at most {most}")
    for effect in found:
        kind = (effect / "kind").text
        if (effect / "by_decider").flag and not decider:
            yield (effect / "by_decider").fault(
                "nobody decides here", "companies, or an option's effects"
            )
        if (effect / "by_decider").flag and (effect / "companies").words():
            yield (effect / "companies").fault(
                "by_decider names the company already", "one of the two"
            )
        if (effect / "relative").flag and kind not in (None, "cash"):
            yield (effect / "relative").fault(f"means nothing for {kind}", "kind: cash")
        if (effect / "others").words() and kind not in (None, "trust"):
            yield (effect / "others").fault(f"means nothing for {kind}", "kind: trust")
        for key in ("sectors", "regions"):
            meant = ON_MARKETS | BY_REGION if key == "regions" else ON_MARKETS
            if kind is not None and (effect / key).words() and kind not in meant:
                what = f"means nothing for {kind}"
                yield (effect / key).fault(what, "effects on markets", severity=WARNING)
        if kind in OF_NOBODY and (effect / "companies").words():
            what = f"means nothing for {kind}"
            yield (effect / "companies").fault(what, "sectors or regions", severity=WARNING)
        yield from _amount(effect / "amount", kind or "")


def _amount(amount: Look, kind: str) -> Iterator[Fault]:
    """Amounts that mean nothing in the effect's unit."""
    size = amount.number_or(0.0)
    if kind in LASTS and (size < 1.0 or size != round(size)):
        yield amount.fault(f"{size:g} is no number of quarters", "a whole number, at least 1")
    if kind == "entry_opened" and size != 1.0:
        yield amount.fault("an opening has no size", "1", severity=WARNING)
    if kind == "tax" and not -1.0 < size < 1.0:
        yield amount.fault(f"{size:g} is no change of a tax rate", "a fraction, between -1 and 1")
    if kind == "shortage" and not 0.0 <= size <= 1.0:
        yield amount.fault(f"{size:g} is no part of a capacity", "a fraction, 0 to 1")
    most = MOST_LOG.get(kind)
    if most is not None and abs(size) > most:
        yield amount.fault(f"{size:g} is a huge change in log", f"between {-most:g} and {most:g}")
    if kind == "goodwill" and size < -1.0:
        yield amount.fault("takes more goodwill than there is", "at least -1, a fraction")


def _mandate(book: Book, mandate: Look) -> Iterator[Fault]:
    target, metric = mandate / "target", (mandate / "metric").text
    if target.number is not None and target.number <= 0.0:
        yield target.fault(f"{target.number:g} is reached before the game begins", "more than 0")
    if metric in BY_SECTOR and not (mandate / "sector").given:
        what = f"{metric} is measured over all sectors at once"
        yield mandate.fault(what, "a sector", severity=WARNING)
    length = 0 if book.span is None else book.span[1] - book.span[0] + 1
    quarters = mandate / "quarters"
    if length and quarters.number_or(1.0) > length:
        yield quarters.fault(
            f"{quarters.number_or(1.0):g} quarters in a game of {length}", f"at most {length}"
        )


def _draft(book: Book, draft: Look) -> Iterator[Fault]:
    names = [(draft / side).text for side in ("proposer", "counterparty")]
    sides = [draft / f"{side}_gives" for side in ("proposer", "counterparty")]
    if names[0] is not None and names[0] == names[1]:
        yield (draft / "counterparty").fault(
            "a company makes no deal with itself", "another company"
        )
    if not any((side / key).given for side in sides for key in ("cash", "stake", "pledges")):
        yield draft.fault("neither side gives anything", "cash, a stake or pledges")
    terms = [step.number for step in (book.root / "rules" / "terms").each()] or list(Rules().terms)
    term = draft / "term"
    pledged = any((side / "pledges").keys() for side in sides)
    if pledged and term.number_or(8.0) not in terms:
        at = term if term.given else draft
        what = f"a term of {term.number_or(8.0):g} quarters"
        yield at.fault(what, listed(f"{value:g}" for value in terms if value is not None))
    for name, side in zip(names, sides, strict=True):
        company = book.companies.get(name or "")
        if company is not None:
            yield from _side(book, str(name), company, side)


def _side(book: Book, name: str, company: Look, side: Look) -> Iterator[Fault]:
    """What one side of a draft gives must be its to give."""
    cash, stake = side / "cash", side / "stake"
    if cash.given and cash.number_or(0.0) > (company / "cash").number_or(float("inf")):
        what = f"{name} has {(company / 'cash').number_or(0.0):g} USD m"
        yield cash.fault(what, "no more cash than there is", severity=WARNING)
    yield from _issue(book, name, stake)
    for pledge in (side / "pledges").each():
        kind = str(pledge.loc[-1])
        if kind in (company / "taboo").words():
            yield pledge.fault(f"{name} never grants {kind}", "a pledge that is not its taboo")
        source = (book.pledges.get(kind, Look(None)) / "source").text
        if source == "skill" and (company / "skills" / kind).number_or(0.0) <= 0.0:
            yield pledge.fault(f"{name} has no skill for {kind}", "a pledge of which it has some")


def _issue(book: Book, name: str, stake: Look) -> Iterator[Fault]:
    """Outside holders must keep their least part after the issue."""
    part = stake.number_or(0.0)
    floor = book.rule("outside_floor", Rules().outside_floor)
    held = 0.0
    for holder in book.companies.values():
        holding = holder / "holdings" / name
        held += holding.number_or((holding / "stake").number_or(0.0))
    outside = (1.0 - held) * (1.0 - part)
    if part > 0.0 and outside < floor:
        most = max(1.0 - floor / max(1.0 - held, 1e-9), 0.0)
        what = f"a stake of {100 * part:g} % leaves outside holders {100 * outside:.3g} % of {name}"
        yield stake.fault(what, f"at most {100 * most:.4g} %")
