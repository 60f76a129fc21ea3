"""What a person says beforehand about contests for large stakes."""

from __future__ import annotations

from game.core.ruleset import Status
from game.play.topping import ANYBODY, STEP
from game.session.sight import Sight
from game.session.view_front import ContestsView
from game.session.view_types import Action


def contests(sight: Sight) -> ContestsView | None:
    """Readiness to bid, the limit of a match, and whether own shares may go to a better bid."""
    if not known(sight):
        return None
    draft = sight.game.draft
    names = [(-1, sight.say("contest.nobody")), (ANYBODY, sight.say("contest.anybody"))]
    names += [(company, sight.name(company)) for company in _others(sight)]
    part = sight.percent(sight.ruleset.rules.contest_stake, digits=0)
    about = sight.say("contest.about", part=part, step=sight.percent(STEP, digits=0))
    return ContestsView(
        about, tuple(names), draft.ready, draft.ready_most, draft.match_most, draft.open_bids
    )


def known(sight: Sight) -> bool:
    """Whether the scenario knows contests at all."""
    return sight.ruleset.rules.contest_stake <= 1.0


def _others(sight: Sight) -> list[int]:
    """Companies that another might buy a stake of."""
    gone = (Status.FAILED, Status.CONTROLLED)
    return [
        company
        for company in range(len(sight.ruleset.companies))
        if company != sight.seat and int(sight.now.status[company]) not in gone
    ]


def ready_action(sight: Sight, company: int) -> tuple[Action, ...]:
    """The button on a company's page that stands ready to bid for its shares."""
    if not known(sight) or company not in _others(sight):
        return ()
    rules = sight.ruleset.rules
    note = sight.say("contest.ready.hint", part=sight.percent(rules.contest_stake, digits=0))
    active = sight.game.draft.ready == company
    label, open_ = sight.say("contest.ready"), not sight.game.over
    return (Action("stand_ready", (company,), label, 0, open_, note, active),)


def drafted_contests(sight: Sight) -> list[Action]:
    """What this quarter's orders say about contests, each a button that takes it out."""
    draft, out = sight.game.draft, []

    def add(verb: str, args: tuple[object, ...], label: str) -> None:
        out.append(Action(verb, args, label, 0, not sight.game.over, "", True))

    if draft.ready != -1:
        anybody = draft.ready == ANYBODY
        name = sight.say("contest.anybody") if anybody else sight.name(draft.ready)
        key = "drafted.ready" if draft.ready_most < 0.0 else "drafted.ready_most"
        label = sight.say(key, company=name, money=sight.money(max(draft.ready_most, 0.0)))
        add("stand_ready", (draft.ready,), label)
    if draft.match_most >= 0.0:
        key = "drafted.match" if draft.match_most > 0.0 else "drafted.no_match"
        add("match_most", (-1.0,), sight.say(key, money=sight.money(draft.match_most)))
    if draft.open_bids:
        add("open_bids", (), sight.say("drafted.open_bids"))
    return out
