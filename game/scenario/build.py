"""From a checked scenario to the ruleset, as far as nothing has to be fitted."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from game.core import ruleset as core
from game.core.axes import Array, empty
from game.core.ruleset import Ruleset
from game.scenario import expression, laws, schema
from game.scenario.market_schema import Region
from game.scenario.words import Words


@dataclasses.dataclass(frozen=True)
class Index:
    """Numbers of everything that a scenario names."""

    company: dict[str, int]
    sector: dict[str, int]
    region: dict[str, int]
    market: dict[str, int]
    pledge: dict[str, int]
    system: dict[str, int]
    first: int
    """The first quarter, counted from the year zero."""

    @classmethod
    def of(cls, scenario: schema.Scenario) -> Index:
        """The numbers of a scenario, in the file's order."""
        return cls(
            company=_numbers([item.id for item in scenario.companies]),
            sector=_numbers([item.id for item in scenario.sectors]),
            region=_numbers([item.id for item in scenario.regions]),
            market=_numbers(list(scenario.markets)),
            pledge=_numbers([item.id for item in scenario.pledges]),
            system=_numbers([item.id for item in scenario.systems]),
            first=scenario.calendar.first_year * 4 + scenario.calendar.first_quarter - 1,
        )

    def turn(self, date: str) -> int:
        """Quarter from 0 of a date such as 2015-Q3."""
        return quarter_of(date) - self.first

    def companies(self, names: Sequence[str]) -> tuple[int, ...]:
        return tuple(self.company[name] for name in names)


def quarter_of(date: str) -> int:
    """A date such as 2015-Q3 in quarters from the year zero."""
    return int(date[:4]) * 4 + int(date[6]) - 1


def _numbers(names: list[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def build_ruleset(scenario: schema.Scenario, words: Words, digest: str) -> Ruleset:
    """The ruleset with everything that needs no fitting.

    Appeal, costs, fringe utility and normal spending are still neutral; see
    :mod:`game.scenario.fit`.
    """
    index = Index.of(scenario)
    by_sector = laws.segment_names(scenario)
    arrays = laws.law_arrays(scenario)
    pairs = [name.split("/") for name in scenario.markets]
    given: dict[str, Any] = {
        "uid": scenario.id,
        "title": words(scenario.title),
        "about": words(scenario.about),
        "digest": digest,
        "rules": _rules(scenario),
        "companies": tuple(_company(company, index, words) for company in scenario.companies),
        "sectors": tuple(index.sector),
        "sector_names": tuple(words(sector.name) for sector in scenario.sectors),
        "unit_names": tuple(words(sector.unit) for sector in scenario.sectors),
        "regions": tuple(index.region),
        "region_names": tuple(words(region.name) for region in scenario.regions),
        "markets": tuple(index.market),
        "systems": tuple(index.system),
        "system_names": tuple(words(system.name) for system in scenario.systems),
        "pledges": tuple(_pledge(pledge, index, words) for pledge in scenario.pledges),
        "events": tuple(_event(event, index, words) for event in scenario.events),
        "mandates": tuple(
            tuple(_mandate(mandate, index, words) for mandate in company.mandates)
            for company in scenario.companies
        ),
        "projects": tuple(_project(project, index, words) for project in scenario.projects),
        "drafts": tuple(_draft(draft, index, words) for draft in scenario.drafts),
        "authorities": tuple(_authority(region) for region in scenario.regions),
        "segment_names": by_sector,
        "market_sector": np.array([index.sector[sector] for sector, _ in pairs]),
        "market_region": np.array([index.region[region] for _, region in pairs]),
        "fx_sd": np.array([region.fx_sd for region in scenario.regions]),
    }
    given |= arrays | _company_arrays(scenario, index) | _pair_arrays(scenario, index)
    home = np.array([company.home for company in given["companies"]])
    given["home"] = given["market_region"][None, :] == home[:, None]
    return empty(Ruleset, _sizes(scenario, arrays["alpha"].shape[1]), **given)


def _sizes(scenario: schema.Scenario, segments: int) -> dict[str, int]:
    return {
        "N": len(scenario.companies), "M": len(scenario.markets), "C": len(scenario.sectors),
        "R": len(scenario.regions), "K": len(scenario.pledges), "S": segments, "H": 2, "L": 3,
        "Q": 4, "Y": len(scenario.systems),
    }  # fmt: skip


def _rules(scenario: schema.Scenario) -> core.Rules:
    calendar = scenario.calendar
    changed: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in scenario.rules.model_dump(exclude_none=True).items()
    }
    return core.Rules(
        quarters=calendar.quarters,
        first_year=calendar.first_year,
        first_quarter=calendar.first_quarter,
        **changed,
    )


def _authority(region: Region) -> core.Authority | None:
    given = region.merger_review
    return None if given is None else core.Authority(**given.model_dump(exclude={"source"}))


def _company(company: schema.Company, index: Index, words: Words) -> core.Company:
    return core.Company(
        uid=company.id,
        name=words.name(company),
        short=words.short(company),
        about=words.about(company),
        home=index.region[company.home],
        listed=company.listed,
        founder_led=company.founder_led,
        temperament=company.temperament.model_dump(),
        colour=company.colour,
        playable=company.playable,
    )


def _pledge(pledge: schema.Pledge, index: Index, words: Words) -> core.PledgeKind:
    return core.PledgeKind(
        uid=pledge.id,
        name=words(pledge.name),
        about=words(pledge.about),
        effect=core.PledgeEffect[pledge.effect.upper()],
        source=core.Source[pledge.source.upper()],
        source_sector=index.sector[pledge.source_sector] if pledge.source_sector else -1,
        strength=pledge.strength,
        cost=pledge.cost,
        cost_share=pledge.cost_share,
        home_system=pledge.home_system,
        bounty=pledge.bounty,
        givers=pledge.givers,
        partners=pledge.partners,
        pooling=pledge.pooling,
        spillover=pledge.spillover,
    )


def _effect(effect: schema.Effect, index: Index) -> core.Effect:
    return core.Effect(
        kind=core.EffectKind[effect.kind.upper()],
        amount=effect.amount,
        companies=index.companies(effect.companies),
        others=index.companies(effect.others),
        sectors=tuple(index.sector[name] for name in effect.sectors),
        regions=tuple(index.region[name] for name in effect.regions),
        by_decider=effect.by_decider,
        relative=effect.relative,
        odds=effect.odds,
    )


def _effects(effects: Sequence[schema.Effect], index: Index) -> tuple[core.Effect, ...]:
    return tuple(_effect(effect, index) for effect in effects)


def _event(event: schema.Event, index: Index, words: Words) -> core.Event:
    turn = index.turn(event.date) if event.date else event.turn
    trigger = expression.Trigger()
    hazard = event.hazard
    if event.when is not None:
        trigger = expression.lower(expression.parse(event.when))
        turn = max(trigger.from_turn, turn or 0)
        hazard = hazard or 1.0
    return core.Event(
        uid=event.id,
        title=words(event.title),
        story=words(event.story),
        source=event.source,
        turn=-1 if turn is None else turn,
        hazard=hazard,
        deciders=index.companies(event.deciders),
        effects=_effects(event.effects, index),
        options=tuple(
            core.Option(
                option.id, words(option.label), words(option.about), _effects(option.effects, index)
            )
            for option in event.options
        ),
        cash_below=trigger.cash_below,
        watched=index.company[trigger.company] if trigger.company else -1,
        historical=event.historical,
    )


def _mandate(mandate: schema.Mandate, index: Index, words: Words) -> core.Mandate:
    return core.Mandate(
        uid=mandate.id,
        text=words(mandate.text),
        metric=core.Metric[mandate.metric.upper()],
        target=mandate.target,
        mode=core.Mode[mandate.mode.upper()],
        deadline=index.turn(mandate.deadline) if mandate.deadline else -1,
        quarters=mandate.quarters,
        sector=index.sector[mandate.sector] if mandate.sector else -1,
        region=index.region[mandate.region] if mandate.region else -1,
        rank=mandate.rank,
        foreign=mandate.foreign,
    )


def _project(project: schema.Project, index: Index, words: Words) -> core.Project:
    return core.Project(
        uid=project.id,
        name=words(project.name),
        about=words(project.about),
        cost=project.cost,
        quarters=project.quarters,
        effects=_effects(project.effects, index),
        companies=index.companies(project.companies),
    )


def _draft(draft: schema.Draft, index: Index, words: Words) -> core.Draft:
    sides = (draft.proposer_gives, draft.counterparty_gives)
    first, second = (
        {index.pledge[kind]: strength for kind, strength in side.pledges.items()} for side in sides
    )
    return core.Draft(
        proposer=index.company[draft.proposer],
        counterparty=index.company[draft.counterparty],
        cash=(sides[0].cash, sides[1].cash),
        stake=(sides[0].stake, sides[1].stake),
        pledges=(first, second),
        term=draft.term,
        disclosed=draft.disclosed,
        title=words(draft.title),
        story=words(draft.story),
        source=draft.source,
    )


UNLIMITED = 1e9
"""USD m: the authorisation of a company that names none."""


def _company_arrays(scenario: schema.Scenario, index: Index) -> dict[str, Array]:
    def each(of: Callable[[schema.Company], float | None], missing: float = 0.0) -> Array:
        found = [of(company) for company in scenario.companies]
        return np.array([missing if value is None else value for value in found], np.float64)

    return {
        "company_uid": np.array([company.uid for company in scenario.companies]),
        "own_system": np.array(
            [index.system.get(company.system or "", -1) for company in scenario.companies]
        ),
        "runs": _runs(scenario, index),
        "overhead": each(lambda company: company.overhead),
        "other_profit": each(lambda company: company.other_profit),
        "yearly_authorisation": each(lambda company: company.authorisation, UNLIMITED),
        "multiple": each(lambda company: company.multiple),
        "founder_votes": each(lambda company: company.founder_votes),
        "founders_board": np.array([company.founders_board for company in scenario.companies]),
        "market_value": each(lambda company: company.market_cap),
        "par_mean": each(lambda company: company.par.mean if company.par else None, 0.0),
        "par_sd": each(lambda company: company.par.sd if company.par else None, 0.5),
        "par_doors": each(lambda company: company.par.doors if company.par else None, 1.0),
        "par_mandates": each(
            lambda company: company.par.mandates if company.par else None, core.PAR_PART
        ),
    }


def _runs(scenario: schema.Scenario, index: Index) -> Array:
    """Part of the second system's apps that run on the first: [Y, Y]."""
    runs = np.eye(len(index.system))
    for place, system in enumerate(scenario.systems):
        for other, part in system.runs.items():
            runs[place, index.system[other]] = part
    return runs


def _pair_arrays(scenario: schema.Scenario, index: Index) -> dict[str, Any]:
    companies, markets, pledges = len(index.company), len(index.market), len(index.pledge)
    skill = np.zeros((pledges, companies))
    taboo = np.zeros((companies, pledges), bool)
    for row, company in enumerate(scenario.companies):
        for kind, level in company.skills.items():
            skill[index.pledge[kind], row] = level
        for kind in company.taboo:
            taboo[row, index.pledge[kind]] = True
    rivalry = np.zeros((companies, companies))
    for one, other, relation in directed(scenario, index):
        if relation.rivalry is not None:
            rivalry[one, other] = relation.rivalry
    scope = np.ones((pledges, len(index.sector)))
    for place, pledge in enumerate(scenario.pledges):
        if pledge.scope is not None:
            scope[place] = [pledge.scope.get(name, 0.0) for name in index.sector]
    allowed = np.ones((companies, markets), bool)
    for place, market in enumerate(scenario.markets.values()):
        if market.may_enter is not None:
            allowed[:, place] = False
            allowed[list(index.companies(market.may_enter)), place] = True
        allowed[list(index.companies(market.barred)), place] = False
    return {
        "skill": skill,
        "taboo": taboo,
        "rivalry": rivalry,
        "scope": scope,
        "may_enter": allowed,
    }


def directed(scenario: schema.Scenario, index: Index) -> list[tuple[int, int, schema.Relation]]:
    """Relations one way at a time: (of, to, relation), in the file's order."""
    found = []
    for relation in scenario.relations:
        one, other = index.company[relation.of], index.company[relation.to]
        found.append((one, other, relation))
        if relation.mutual:
            found.append((other, one, relation))
    return found
