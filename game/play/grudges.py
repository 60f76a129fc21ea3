"""Trust lost at the table: by refusals, and by bids for what another was sure of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from game.core.axes import Array, Bools, Ints
from game.core.ruleset import Ruleset
from game.core.state import State, replace
from game.play.bargaining import Verdict, patience_charge
from game.play.packages import Code

if TYPE_CHECKING:
    from game.play.settlement import Talks
    from game.play.topping import Contested


def trust_lost(trust: Array, one: Ints, other: Ints, lane: Ints, amount: float) -> Array:
    """Trust once each of the first has lost some in the second; never below -1.

    Args:
        trust: [N, N, W] -1 to 1, of the first in the second. one, other, lane: [L]; a pair that
            stands there twice loses twice. amount: -1 to 1 scale.

    Returns:
        [N, N, W], a copy.
    """
    out = trust.copy()
    pair = (one, other, lane)
    np.subtract.at(out, pair, amount)
    out[pair] = np.maximum(out[pair], -1.0)
    return out


def refusals(talks: Talks, verdict: Verdict) -> Bools:
    """Talks in which an offer was turned down for its worth: [L]; a lone one counts once."""
    said_no = (verdict.code == Code.REFUSE) & (patience_charge(verdict) > 0.0)
    return np.asarray(said_no[talks.cells.single])


def resented(
    state: State, talks: Talks, verdict: Verdict, bids: Contested, ruleset: Ruleset
) -> State:
    """The state after the refused, and who had agreed on a stake that others bid for, have lost
    trust in those who did it.

    Args:
        verdict: what was said at the table, before bids and rounds undid what was agreed.
    """
    rules, once = ruleset.rules, talks.cells.single
    trust, contests = state.trust, bids.contests
    if rules.refusal_trust > 0.0:
        refused = refusals(talks, verdict)
        if refused.any():
            one, other = talks.waiting[once][refused], talks.deciding[once][refused]
            lane = talks.cells.lane[once][refused]
            trust = trust_lost(trust, one, other, lane, rules.refusal_trust)
    if rules.topped_trust > 0.0 and contests is not None:
        trust = trust_lost(
            trust, contests.first, contests.topper, contests.lane, rules.topped_trust
        )
    return state if trust is state.trust else replace(state, trust=trust)
