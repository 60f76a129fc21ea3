"""View models of all screens: the one door for the window.

views.desk(game, lens="share"), views.market(game, 3), views.deal(game), ...
"""

from __future__ import annotations

from game.session.deals import Deal
from game.session.game import Game
from game.session.sight import Sight
from game.session.view_asks import related_asks, why_dates, why_of
from game.session.view_company import company_view
from game.session.view_deal import deal_view
from game.session.view_deal_types import (
    AnswerView,
    DealView,
    FurtherClause,
    FurtherField,
    PledgeClause,
    SideView,
    TermRow,
)
from game.session.view_desk import desk as desk_view
from game.session.view_detail import (
    CompanyView,
    EndView,
    HoldingView,
    LedgerView,
    MarketView,
    MemoryView,
    OwnLine,
    PledgeView,
    RankRow,
    RelationsView,
    SegmentView,
    TrustView,
)
from game.session.view_end import end_view
from game.session.view_foresight import EffectRow, ForesightView
from game.session.view_foresight import signing_text as signing_words
from game.session.view_front import (
    AttentionView,
    CompanyCard,
    ContestsView,
    DeskView,
    DialsView,
    EventCard,
    Lens,
    MandateView,
    NewGameView,
    OfferView,
    OptionView,
    RegionTile,
    SaveCard,
    ScenarioCard,
    ScoreTerm,
    ScoreView,
    SectorStance,
    TitleView,
    Todo,
)
from game.session.view_ledger import ledger_view
from game.session.view_map import LENSES
from game.session.view_market import market_view
from game.session.view_moves import DealTermView, GroundView, MovesView, MoveView, moves_view
from game.session.view_solver import ProspectView, SolverView, prospects_view
from game.session.view_start import new_game_view, title_view
from game.session.view_types import (
    Action,
    Ask,
    Cell,
    Chart,
    Column,
    Figure,
    Headline,
    Link,
    Notice,
    Result,
    Row,
    Series,
    Table,
    Tag,
)
from game.session.view_why import WhyBar, WhyView


def title(lang: str = "en") -> TitleView:
    """The first screen: saves, newest first."""
    return title_view(lang)


def new_game(lang: str = "en", seed: int = 2015) -> NewGameView:
    """Scenario, company, seed."""
    return new_game_view(lang, seed)


def desk(game: Game, lens: str = "share") -> DeskView:
    """The quarter at a glance.

    Args:
        lens: one of ``LENSES``, what the map is coloured by.
    """
    return desk_view(game, lens)


def market(game: Game, index: int) -> MarketView:
    """Who sells what at which price to whom."""
    return market_view(game, index)


def company(game: Game, index: int) -> CompanyView:
    """A company as the seat may know it."""
    return company_view(game, index)


def moves(game: Game, company: int = -1, turn: int = -1) -> MovesView:
    """Why a company did what it did in a quarter, as far as the seat may know."""
    return moves_view(game, company, turn)


def deal(game: Game) -> DealView:
    """The table that is open.

    Raises:
        ValueError: none is.
    """
    return deal_view(game)


def prospects(game: Game) -> tuple[ProspectView, ...]:
    """The best deals on the board for the seat."""
    return prospects_view(game)


def signing_text(game: Game, deal: Deal) -> str:
    """What the futures say of the two sides of a deal, before it is signed."""
    return signing_words(Sight(game), game, deal)


def ledger(game: Game) -> LedgerView:
    """The seat's books over all quarters."""
    return ledger_view(game)


def why(
    game: Game, measure: str, company: int, market: int | None = None, turn: int | None = None
) -> WhyView:
    """What changed a figure, and by which cause; see :meth:`Game.why`."""
    return game.why(measure, company, market, turn)


def end(game: Game) -> EndView:
    """Why the game ended and who stands where."""
    return end_view(game)


__all__ = [
    "LENSES",
    "Action",
    "AnswerView",
    "Ask",
    "AttentionView",
    "Cell",
    "Chart",
    "Column",
    "CompanyCard",
    "CompanyView",
    "ContestsView",
    "DealTermView",
    "DealView",
    "DeskView",
    "DialsView",
    "EffectRow",
    "EndView",
    "EventCard",
    "Figure",
    "ForesightView",
    "FurtherClause",
    "FurtherField",
    "GroundView",
    "Headline",
    "HoldingView",
    "LedgerView",
    "Lens",
    "Link",
    "MandateView",
    "MarketView",
    "MemoryView",
    "MoveView",
    "MovesView",
    "NewGameView",
    "Notice",
    "OfferView",
    "OptionView",
    "OwnLine",
    "PledgeClause",
    "PledgeView",
    "ProspectView",
    "RankRow",
    "RegionTile",
    "RelationsView",
    "Result",
    "Row",
    "SaveCard",
    "ScenarioCard",
    "ScoreTerm",
    "ScoreView",
    "SectorStance",
    "SegmentView",
    "Series",
    "SideView",
    "SolverView",
    "Table",
    "Tag",
    "TermRow",
    "TitleView",
    "Todo",
    "TrustView",
    "WhyBar",
    "WhyView",
    "company",
    "deal",
    "desk",
    "end",
    "ledger",
    "market",
    "moves",
    "new_game",
    "prospects",
    "related_asks",
    "signing_text",
    "title",
    "why",
    "why_dates",
    "why_of",
]  # fmt: skip
