"""Who decides in whom: votes, control and its chains, from the state.

Cash-flow rights are :func:`game.play.outcome.stakes`. A founder's share may carry many votes, so
control rights are another matrix.
"""

from __future__ import annotations

import numpy as np

from game.core.axes import AnyArray, Array, Bools, Ints, any_over
from game.core.ruleset import Ruleset, Status
from game.core.state import State, replace
from game.finance import voting
from game.finance.ownership import control
from game.play.outcome import shares_total, stakes

NEVER_BY_VOTES = 2.0
"""A stake that nobody can reach: an agreement keeps control with the founders."""


def control_stake(
    total: AnyArray, founders: AnyArray, ruleset: Ruleset, who: Ints | None = None
) -> Array:
    """Stake beyond which its holder decides alone, as a fraction of the shares.

    Half of the shares where each has one vote; more where founders' shares have many; out of
    reach while an agreement leaves the board to the founders.

    Args:
        total, founders: share counts, of the state or of a view: [N, W], or in the shape of
            ``who``, the companies asked about.

    Returns:
        The shape of ``total``.
    """
    votes_, kept = ruleset.founder_votes, ruleset.founders_board
    each, agreed = (
        field.take(who) if who is not None else field[:, None] for field in (votes_, kept)
    )
    bar = voting.majority_stake(total, founders, each, ruleset.rules.control)
    return np.where(agreed & (founders > 0), NEVER_BY_VOTES, bar)


def votes(state: State, ruleset: Ruleset, held: Array | None = None) -> Array:
    """Votes that companies cast in each other: [N, N, W] fractions, holder by issuer.

    Args:
        held: [N, N, W] stakes, where the caller has them in hand.

    Returns:
        ``held`` itself, to be read only, where every share has one vote.
    """
    held = stakes(state) if held is None else held
    if not (ruleset.founder_votes != 1.0).any():
        return held
    total = np.maximum(shares_total(state), 1)
    every = total + (ruleset.founder_votes[:, None] - 1.0) * state.founders
    return np.asarray(held * (total / every))


def founders_votes(state: State, ruleset: Ruleset) -> Array:
    """Votes of each company's own founders: [N, W] fraction."""
    cast = ruleset.founder_votes[:, None] * state.founders
    return np.asarray(cast / np.maximum(shares_total(state) - state.founders + cast, 1.0))


def founders_decide(state: State, ruleset: Ruleset) -> Bools:
    """Founders cast more than half of the votes, or name the board by agreement: [N, W]."""
    kept = ruleset.founders_board[:, None] & (state.founders > 0)
    return np.asarray((founders_votes(state, ruleset) > ruleset.rules.control) | kept)


def controlled(state: State, ruleset: Ruleset, held: Array | None = None) -> Bools:
    """Holder by issuer: decides alone by votes of its own. [N, N, W]."""
    held = stakes(state) if held is None else held
    return np.asarray(held > control_stake(shares_total(state), state.founders, ruleset))


def majority_lost(state: State, ruleset: Ruleset, new: Ints) -> Bools:
    """Whether new shares for others take the majority of somebody who has one: [N, W].

    Args:
        new: [N, W] shares that each company would issue.
    """
    out = np.zeros(new.shape, bool)
    issuer, lane = np.nonzero((new > 0) & (state.status == Status.CONTROLLED))
    if not issuer.size:
        return out
    held, total = state.shares[:, issuer, lane], shares_total(state)[issuer, lane]
    own = state.founders[issuer, lane]
    after = total + new[issuer, lane]
    had = held > control_stake(total, own, ruleset, issuer) * total
    has = held > control_stake(after, own, ruleset, issuer) * after
    out[issuer, lane] = (had & ~has).any(axis=0)
    return out


def control_rights(state: State, ruleset: Ruleset, held: Array | None = None) -> Array:
    """Weight of each company's owners in the decisions of every company: [N, N, W].

    Holder by issuer, columns sum to one; the diagonal holds the founders and the public.
    Proportional to votes; whoever casts more than half decides alone, founders included; a
    parent casts its subsidiaries' votes. Together with the cash-flow rights of the same owners
    these are the arguments of ``profit_weights``.

    Args:
        held: [N, N, W] stakes, where the caller has them in hand.
    """
    held = stakes(state) if held is None else held
    led = founders_decide(state, ruleset)
    cast = np.where(led, 0.0, votes(state, ruleset, held))
    through = bool(controlled(state, ruleset, held).any())
    return voting.control_rights(cast, led, ruleset.rules.control, through)


def parents(state: State, ruleset: Ruleset, held: Array | None = None) -> Ints:
    """Ultimate parent of each company through chains; itself where nobody controls it. [N, W]."""
    held = stakes(state) if held is None else held
    count, worlds = state.cash.shape
    top = np.repeat(np.arange(count)[:, None], worlds, axis=1)
    lanes = np.flatnonzero(any_over(controlled(state, ruleset, held), (0, 1)))
    if lanes.size:
        led = founders_decide(state, ruleset)
        cast = np.where(led, 0.0, votes(state, ruleset, held))
        top[:, lanes] = control(np.take(cast, lanes, axis=2), ruleset.rules.control)
    return top


def sell_parents_shares(state: State, ruleset: Ruleset) -> tuple[State, Array]:
    """No subsidiary holds its parent: what it still holds is sold to the public at the quote.

    Returns:
        (state with the shares moved, cash that the sellers get [N, W] USD m).
    """
    gained = np.zeros(state.cash.shape)
    if not (state.status == Status.CONTROLLED).any():
        return state, gained
    held = stakes(state)
    top = parents(state, ruleset, held)
    own = np.arange(len(top))
    above = np.swapaxes(controlled(state, ruleset, held), 0, 1)
    above = above | ((top[:, None] == own[:, None]) & (top != own[:, None])[:, None])
    sold = np.where(above, state.shares, 0)
    if not sold.any():
        return state, gained
    gained = (sold * state.quote).sum(axis=1)
    changed = replace(state, shares=state.shares - sold, public=state.public + sold.sum(axis=0))
    return changed, gained


def pricing_weights(state: State, ruleset: Ruleset, held: Array | None = None) -> Array:
    """How much each company minds another's profit when it sets prices: [N, N, W], 0..1.

    O'Brien and Salop's weights, clipped. A stake below the board's threshold and without a seat
    is silent: its holder minds the issuer's profit by the stake. With influence the issuer also
    minds its holder's, in proportion to votes; a holder that decides alone sets the issuer's
    price for both. The diagonal is zero where it is not read.

    Args:
        held: [N, N, W] stakes, where the caller has them in hand; returned where all are silent.
    """
    held = stakes(state) if held is None else held
    pair = np.flatnonzero(held > 0.0)
    part = np.take(held.reshape(-1), pair)
    heard = part >= ruleset.rules.board_stake
    heard |= np.take(state.board.reshape(-1), pair)
    if not heard.any():
        return held
    count, worlds = held.shape[1:]
    row, lane = np.divmod(pair[heard], worlds)
    holder, issuer = np.divmod(row, count)
    heeded = _heeded(state, ruleset, held, holder, issuer, lane)
    # only companies with a holder who is heard mind more than what they hold
    sold = np.bincount(pair % (count * worlds), part, count * worlds)
    who, place = np.unique(issuer * worlds + lane, return_inverse=True)
    company, world = np.divmod(who, worlds)
    own = np.arange(who.size)
    rights = held[company, :, world]
    rights[own, company] = 1.0
    kept = 1.0 - np.bincount(place, heeded, who.size)
    outside = 1.0 - sold[who]
    mind = (np.maximum(kept, 0.0) * np.maximum(outside, 0.0))[:, None] * rights
    theirs = held[holder, :, lane]
    theirs[np.arange(holder.size), holder] = 1.0
    np.add.at(mind, place, heeded[:, None] * theirs)
    alone = mind[own, company][:, None]
    old = held[company, :, world]
    found = np.divide(mind, alone, out=old, where=np.broadcast_to(alone > 0.0, mind.shape))
    found[own, company] = 0.0
    weights = held.copy()
    weights[company, :, world] = np.clip(found, 0.0, 1.0)
    return weights


def _heeded(
    state: State, ruleset: Ruleset, held: Array, holder: Ints, issuer: Ints, lane: Ints
) -> Array:
    """Control rights of some holders in their issuers: [E]."""
    if controlled(state, ruleset, held).any():
        return np.asarray(control_rights(state, ruleset, held)[holder, issuer, lane])
    total = np.maximum(shares_total(state), 1)
    every = total + (ruleset.founder_votes[:, None] - 1.0) * state.founders
    part = held[holder, issuer, lane]
    if (ruleset.founder_votes != 1.0).any():
        part = part * (total / every)[issuer, lane]
    return np.where(founders_decide(state, ruleset)[issuer, lane], 0.0, part)
