"""What the schema cannot say: sums, figures against one another, dates, rules of deals."""

from __future__ import annotations

import math
from collections.abc import Iterator

from game.core.ruleset import Rules
from game.scenario import coherence_cards
from game.scenario.faults import WARNING, Fault
from game.scenario.laws import DEFAULTS
from game.scenario.look import Book, Look
from game.scenario.market_schema import MergerReview
from game.scenario.source import Node

EXACT = 1e-6
MANDATES = 3
SEASON_OFF = 0.02
"""How far from one the mean of a season may be without a word."""


def check(tree: Node) -> list[Fault]:
    """Everything about a tree that does not hang together; it may have other faults."""
    book = Book(tree)
    return [
        *_buyers(book),
        *_seasons(book),
        *_fringes(book),
        *_people(book),
        *_room(book),
        *_doorways(book),
        *_owners(book),
        *_seats(book),
        *_kinds(book),
        *_pairs(book),
        *_alliances(book),
        *_rules(book),
        *_starts(book),
        *_shortages(book),
        *_pooling(book),
        *_authorities(book),
        *coherence_cards.check(book),
    ]


def _laws(book: Book) -> Iterator[Look]:
    """Everything that may hold laws: sectors and markets."""
    yield from (book.root / "sectors").each()
    yield from book.markets.each()


def _buyers(book: Book) -> Iterator[Fault]:
    for laws in _laws(book):
        segments, spread = laws / "segments", laws / "spread"
        if segments.given and spread.given:
            yield spread.fault("stands beside segments", "one of the two")
        weights = [(segment / "weight").number for segment in segments.each()]
        known = [weight for weight in weights if weight is not None]
        if weights and len(known) == len(weights) and abs(sum(known) - 1.0) > EXACT:
            yield segments.fault(f"the weights sum to {sum(known):.6g}", "weights that sum to 1")
        names, nodes = spread / "names", (spread / "nodes").number_or(9)
        count = len(list(names.each()))
        if names.given and count != nodes:
            yield names.fault(f"{count} names for {nodes:g} nodes", f"{nodes:g} names")
    for market in book.markets.each():
        if not book.sector_of(market).given:
            continue
        if not (book.law(market, "segments").given or book.law(market, "spread").given):
            yield market.fault(
                "neither the market nor its sector has segments or spread", "one of the two"
            )


def _seasons(book: Book) -> Iterator[Fault]:
    for laws in _laws(book):
        season = laws / "season"
        factors = [factor.number_or(1.0) for factor in season.each()]
        mean = sum(factors) / max(len(factors), 1)
        if len(factors) == 4 and abs(mean - 1.0) > SEASON_OFF:
            what = f"the factors average {mean:.3g}: the year is not as large as its quarters say"
            yield season.fault(what, "factors that average 1", severity=WARNING)


def _authorities(book: Book) -> Iterator[Fault]:
    whole = MergerReview()
    for region in (book.root / "regions").each():
        review = region / "merger_review"
        for low, high in (("moderate", "high"), ("screen", "presumed")):
            top = (review / high).number_or(getattr(whole, high))
            if review.given and (review / low).number_or(getattr(whole, low)) >= top:
                yield review.fault(f"{low} is not below {high}", f"{low} below {high}")
        chances = ("delays", "remedies", "blocks")
        together = sum((review / key).number_or(getattr(whole, key)) for key in chances)
        if review.given and together > 1.0 + EXACT:
            yield review.fault(
                f"the chances sum to {together:.6g}", "delays + remedies + blocks at most 1"
            )


def _segment_count(book: Book, market: Look) -> int | None:
    for laws in (market, book.sector_of(market)):
        if (laws / "segments").given:
            return len(list((laws / "segments").each()))
        if (laws / "spread").given:
            return int((laws / "spread" / "nodes").number_or(9))
    return None


def _fringes(book: Book) -> Iterator[Fault]:
    for laws in _laws(book):
        fringe = laws / "fringe"
        if not fringe.given:
            continue
        count, units = (fringe / "count").number, (fringe / "units").number_or(0.0)
        utility = fringe / "utility"
        if utility.given and units > 0.0:
            yield utility.fault("stands beside units", "one of the two")
        if not utility.given and count is not None and count > 0.0:
            if units <= 0.0:
                yield fringe.fault("has firms but sells nothing", "units above 0, or utility")
            elif (fringe / "price").number_or(0.0) <= 0.0:
                yield fringe.fault("sells units without a price", "price above 0, USD a unit")
        if count == 0.0 and (units > 0.0 or utility.given):
            yield fringe.fault("sells without a firm", "count above 0")
    for market in book.markets.each():
        utility, needed = book.law(market, "fringe") / "utility", _segment_count(book, market)
        count_ = len(list(utility.each()))
        if utility.given and needed is not None and count_ != needed:
            yield utility.fault(f"{count_} utilities for {needed} segments", f"{needed} numbers")


def _people(book: Book) -> Iterator[Fault]:
    for market in book.markets.each():
        potential, adopters = (market / "potential").number, (market / "adopters").number
        if potential is not None and adopters is not None and adopters > potential:
            what = f"{adopters:g} m adopters of a potential of {potential:g} m"
            yield (market / "adopters").fault(what, f"at most {potential:g}")
        durable = book.sector_of(market) / "durable"
        owned = [(product / "installed_base").number_or(0.0) for product in _products(book, market)]
        if durable.flag and adopters is not None and sum(owned) > adopters * (1.0 + EXACT):
            what = f"installed bases of {sum(owned):g} m among {adopters:g} m adopters"
            yield market.fault(what, "at most one a head", severity=WARNING)


def _products(book: Book, market: Look) -> list[Look]:
    name = str(market.loc[-1])
    found = [company / "products" / name for company in book.companies.values()]
    return [product for product in found if product.given]


def in_market(book: Book, market: Look) -> float | None:
    """Buyers in the market in the first quarter, m, as :func:`game.play.market.buyers` has it."""
    potential, adopters = (market / "potential").number, (market / "adopters").number
    if potential is None or adopters is None or potential <= 0.0 or book.span is None:
        return None

    def law(name: str) -> float:
        return book.law(market, name).number_or(float(DEFAULTS[name]))

    rate = law("innovation") + law("imitation") * adopters / potential
    newcomers = max(rate * (potential - adopters), 0.0)
    season = (book.law(market, "season") / (book.span[0] % 4)).number_or(1.0)
    life = law("life_months")
    again = -math.expm1(-3.0 / life) if life > 0.0 else 1.0
    kept = adopters * again if (book.sector_of(market) / "durable").flag else adopters
    return (newcomers + kept) * season


def _room(book: Book) -> Iterator[Fault]:
    """The units of the first quarter must leave somebody who buys nothing."""
    for market in book.markets.each():
        size = in_market(book, market)
        if size is None:
            continue
        fringe = book.law(market, "fringe") / "units"
        sold = sum((product / "units").number_or(0.0) for product in _products(book, market))
        sold += fringe.number_or(0.0)
        if sold >= size * (1.0 - EXACT):
            what = f"{sold:.4g} m units in the first quarter for {size:.4g} m buyers"
            advice = "fewer units, more adopters or potential, a shorter life_months"
            yield market.fault(what, advice)


def _doorways(book: Book) -> Iterator[Fault]:
    for market in book.markets.each():
        barred, allowed = (market / "barred").words(), (market / "may_enter").words()
        for name in set(barred) & set(allowed):
            yield (market / "barred").fault(f"{name!r} stands in may_enter too", "one of the two")


def _stake(holding: Look) -> float:
    return holding.number_or((holding / "stake").number_or(0.0))


def _owners(book: Book) -> Iterator[Fault]:
    """Founders and holders share out what there is, and outsiders keep their least part."""
    floor = book.rule("outside_floor", Rules().outside_floor)
    held: dict[str, list[tuple[str, Look]]] = {name: [] for name in book.companies}
    for holder, company in book.companies.items():
        for holding in (company / "holdings").each():
            held.setdefault(str(holding.loc[-1]), []).append((holder, holding))
    for name, company in book.companies.items():
        stakes = sum(_stake(holding) for _, holding in held[name])
        founders = (company / "founders").number_or(0.0)
        if founders <= 1.0 and founders + stakes > 1.0 + EXACT:
            what = f"founders and holders have {100 * (founders + stakes):.4g} % of {name}"
            yield _owned_at(company, held[name]).fault(what, "at most 100 %")
        elif stakes > 1.0 - floor + EXACT:
            what = f"companies hold {100 * stakes:.4g} % of {name}, too little is left outside"
            yield _owned_at(company, held[name]).fault(what, f"at most {100 * (1 - floor):.4g} %")
        own = company / "holdings" / name
        if own.given:
            yield own.fault("a company cannot hold its own shares", "other companies")
        lent = company / "loans" / name
        if lent.given:
            yield lent.fault("a company cannot owe itself", "other companies")
        yield from _circles(book, name, company, held[name])


def _owned_at(company: Look, held: list[tuple[str, Look]]) -> Look:
    founders = company / "founders"
    return founders if founders.given else held[-1][1]


def _circles(book: Book, name: str, company: Look, held: list[tuple[str, Look]]) -> Iterator[Fault]:
    control = book.rule("control", Rules().control)
    for holder, holding in held:
        back = company / "holdings" / holder
        if holder != name and _stake(holding) > control and back.given:
            yield back.fault(
                f"a subsidiary of {holder!r} cannot hold its parent", "other companies"
            )


def _seats(book: Book) -> Iterator[Fault]:
    for name, company in book.companies.items():
        count = len(list((company / "mandates").each()))
        playable = not (company / "playable").given or (company / "playable").flag
        if playable and count != MANDATES:
            what = f"{name} has {count} mandates; a seat that people take has {MANDATES}"
            yield company.fault(what, "three mandates, or playable: false", severity=WARNING)
        if not (company / "products").keys():
            yield company.fault(f"{name} sells nothing", "products", severity=WARNING)
        for skill in (company / "skills").each():
            kind = book.pledges.get(str(skill.loc[-1]))
            if kind is not None and (kind / "source").text not in (None, "skill"):
                what = f"capability for {skill.loc[-1]} is measured by {(kind / 'source').text}"
                yield skill.fault(
                    what, "skills for pledges whose source is skill", severity=WARNING
                )
        if _half_named(book) and not (company / "invented_name").given:
            what = f"{name} has no invented name while others have"
            yield company.fault(what, "invented_name", severity=WARNING)


def _half_named(book: Book) -> bool:
    return any((company / "invented_name").given for company in book.companies.values())


def _kinds(book: Book) -> Iterator[Fault]:
    for name, kind in book.pledges.items():
        effect, source = (kind / "effect").text, (kind / "source").text
        if effect == "preload" and source not in (None, "devices"):
            yield (kind / "source").fault("preloading is measured by devices", "devices")
        if source == "skill" and not _skilled(book, name):
            what = f"no company has a skill for {name}; nobody can give it"
            yield (kind / "source").fault(what, "skills of a company", severity=WARNING)
        sector = book.sectors.get((kind / "source_sector").text or "")
        if source == "devices" and sector is not None and not (sector / "durable").flag:
            what = "devices are counted in sectors that are durable"
            yield (kind / "source_sector").fault(what, "a durable sector")


def _starts(book: Book) -> Iterator[Fault]:
    """What a product reaches at the start against what spending can build out."""
    for market in book.markets.each():
        limit = book.law(market, "coverage_limit")
        for product in _products(book, market):
            for channel in ("online", "offline"):
                most, start = (limit / channel).number_or(1.0), product / "coverage" / channel
                if start.number_or(0.0) > most + EXACT:
                    what = f"starts at {start.number:g}, above the coverage_limit of {most:g}"
                    advice = f"at most {most:g}, or a higher coverage_limit"
                    yield start.fault(what, advice, severity=WARNING)


def _shortages(book: Book) -> Iterator[Fault]:
    """Parts that fail matter only where capacity is ordered ahead."""
    told: set[object] = set()
    for market in book.markets.each():
        hazard = book.law(market, "shortage_hazard")
        lead = book.law(market, "capacity_lead").number_or(float(DEFAULTS["capacity_lead"]))
        if hazard.number_or(0.0) > 0.0 and lead <= 0.0 and hazard.loc not in told:
            told.add(hazard.loc)
            what = f"nothing is short in {market.loc[-1]}, whose capacity has no lead"
            yield hazard.fault(what, "capacity_lead above 0, or 0 here", severity=WARNING)


def _pooling(book: Book) -> Iterator[Fault]:
    for kind in book.pledges.values():
        effect, pooling = (kind / "effect").text, kind / "pooling"
        if effect is not None and effect != "cost" and pooling.number_or(0.0) > 0.0:
            what = f"means nothing for {effect}"
            yield pooling.fault(what, "effect: cost, or no pooling", severity=WARNING)


def _skilled(book: Book, kind: str) -> bool:
    return any(
        (company / "skills" / kind).number_or(0.0) > 0.0 for company in book.companies.values()
    )


def _pairs(book: Book) -> Iterator[Fault]:
    for relation in (book.root / "relations").each():
        one, other = (relation / "of").text, (relation / "to").text
        if one is not None and one == other:
            yield (relation / "to").fault(
                "a company stands in no relation to itself", "another company"
            )


def _alliances(book: Book) -> Iterator[Fault]:
    seen: set[tuple[str | None, ...]] = set()
    takers: dict[tuple[str | None, ...], int] = {}
    for alliance in (book.root / "alliances").each():
        kind, giver, receiver = ((alliance / key).text for key in ("kind", "giver", "receiver"))
        if giver is not None and giver == receiver:
            yield (alliance / "receiver").fault(
                "a company lends nothing to itself", "another company"
            )
        if (kind, giver, receiver) in seen:
            yield alliance.fault(
                f"{giver} lends {receiver} this twice", "one pledge of a kind and pair"
            )
        seen.add((kind, giver, receiver))
        if kind in (book.companies.get(giver or "", Look(None)) / "taboo").words():
            yield (alliance / "kind").fault(
                f"{giver} never grants {kind}", "a pledge that is not its taboo"
            )
        takers[kind, receiver] = takers.get((kind, receiver), 0) + 1
        most = (book.pledges.get(kind or "", Look(None)) / "givers").number_or(1.0)
        if takers[kind, receiver] == most + 1:
            yield alliance.fault(
                f"{receiver} takes {kind} from more than {most:g}", f"at most {most:g}"
            )


def _rules(book: Book) -> Iterator[Fault]:
    discount = book.rule("discount", Rules().discount)
    growth = book.root / "rules" / "growth"
    if growth.number_or(Rules().growth) >= discount and growth.given:
        yield growth.fault("growth reaches the discount rate", f"less than {discount:g}")
    for name in ("notches", "stances"):
        steps = book.root / "rules" / name
        values = [step.number for step in steps.each()]
        known = [value for value in values if value is not None]
        if len(known) == len(values) and known != sorted(known):
            yield steps.fault("the steps do not rise", "five numbers from low to high")
