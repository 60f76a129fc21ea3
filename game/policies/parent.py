"""What a machine parent tells the companies that it controls: dials in the group's interest."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from game.core.axes import AnyArray, Array, Bools
from game.core.ruleset import Ruleset
from game.play.observation import Group
from game.play.orders import Orders
from game.policies.desk import Desk
from game.policies.goals import temper_stances
from game.policies.levels import PLAIN, Level
from game.policies.marginal import horizon_part
from game.policies.spending import set_dials

LEAST_INTEREST = 0.05
"""A parent that owns less counts as owning so much: what it controls is not run into the ground."""
LEAST_HORIZON = 0.1


class GroupDesk(Desk):
    """The desk of subsidiaries, one a world, with the group's losses counted."""

    def __init__(self, group: Group, ruleset: Ruleset, level: Level = PLAIN) -> None:
        super().__init__(group.view, ruleset, group.view.seats, level)
        self.group = group
        self.row = np.searchsorted(group.view.seats, group.company)

    @cached_property
    def others(self) -> Array:
        """Parent's part of each other company of the group, per part of the subsidiary: [N, E]."""
        group, entries = self.group, np.arange(len(self.group.company))
        others = group.interest.copy()
        mine = np.maximum(others[group.company, entries], LEAST_INTEREST)
        others[group.company, entries] = 0.0
        return np.asarray(others / mine)

    @cached_property
    def shop_worth(self) -> Array:
        """What one util earns the group, a dollar of the subsidiary counting one: [S, E] USD m.

        What the subsidiary wins it takes from the others by their shares of those who do not buy
        from it; the parent's own margins are lost whole, those of sisters by what it owns of them.
        """
        view, shops = self.view, self.shops
        margin = np.maximum(view.margin, 0.0)
        lost = (self.others[:, None] * margin * view.units).sum(axis=0)
        rest = np.maximum(
            np.take(view.market_size, shops.market, axis=0) - shops.seen(view.units), 1e-9
        )
        gained = self.shop_margin - np.take(lost, shops.market, axis=0) / rest
        return np.asarray(np.maximum(gained, 0.0) * shops.seen(view.sensitivity))

    @cached_property
    def meets(self) -> Bools:
        """Sectors in which a subsidiary sells beside others of its group: [A, C, E]."""
        ruleset, view = self.ruleset, self.view
        beside = ((self.others > 0.0)[:, None] & view.on_sale).any(axis=0)
        both = self.rows(view.on_sale) & beside
        out = np.zeros((len(self.seats), len(ruleset.sectors), self.worlds), bool)
        for sector in range(out.shape[1]):
            out[:, sector] = both[:, ruleset.market_sector == sector].any(axis=1)
        return out


def direct(orders: Orders, group: Group, ruleset: Ruleset, level: Level = PLAIN) -> None:
    """Write the dials of companies that the seats control: spending, mix, focus and stance.

    Prices weigh the group's profits already (:func:`game.play.rights.pricing_weights`), so a
    subsidiary never sells below its best reply where it meets the others.
    """
    desk = GroupDesk(group, ruleset, level)
    notch, mix, focus = set_dials(desk, horizon=max(horizon_part(desk), LEAST_HORIZON))
    stance = temper_stances(desk)
    stance = np.where(desk.meets, np.maximum(stance, 0), stance)
    entries = np.arange(len(desk.row))
    company, lane = group.company, group.lane

    def told(dial: AnyArray) -> AnyArray:
        return np.moveaxis(dial, -1, 0)[entries, desk.row]

    orders.notch[company, lane] = told(notch)
    orders.mix[company, :, lane] = told(mix)
    orders.stance[company, :, lane] = told(stance)
    orders.focus[company, :, lane] = told(focus)
    orders.directed_by[company, lane] = group.parent
