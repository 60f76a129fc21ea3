"""The middle of the desk: the map of regions and the table of companies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Unpack

from game.session import views as vm
from game.ui import bits, tables
from game.ui.kit import (
    Button,
    Card,
    Column,
    DropDown,
    Grid,
    Key,
    Label,
    Option,
    Options,
    Pointer,
    Row,
    ScrollView,
    Widget,
)
from game.ui.screens.frame import GameScreen
from game.ui.worldmap import KEYS, MapRegion, WorldMap


class RegionMap(WorldMap):
    """A map whose regions lead on: a click follows; arrows only walk, Enter follows."""

    def __init__(
        self,
        regions: list[MapRegion],
        on_follow: Callable[[str], object],
        legend: str,
        show: Callable[[float], str],
        **options: Unpack[Options],
    ) -> None:
        super().__init__(regions, legend=legend, show=show, on_select=self._chosen, **options)
        self.on_follow = on_follow
        self._clicking = False

    def _chosen(self, key: str) -> None:
        if self._clicking:
            self.on_follow(key)

    def on_pointer(self, event: Pointer) -> bool:
        self._clicking = event.kind in ("down", "up")
        try:
            return super().on_pointer(event)
        finally:
            self._clicking = False

    def on_key(self, key: Key) -> bool:
        if key.chord in ("enter", "space") and self.selected is not None:
            self.on_follow(self.selected)
            return True
        return super().on_key(key)


class BoardPart(GameScreen):
    """Map and companies."""

    def _map(self, desk: vm.DeskView) -> Widget:
        lenses = [Option(lens.key, lens.name, tooltip=lens.legend) for lens in desk.lenses]
        shown = next((lens for lens in desk.lenses if lens.active), desk.lenses[0])
        regions = [
            MapRegion(
                region.uid,
                region.name,
                region.shade,
                region.text,
                badge="●" if region.present else "",
                tooltip=bits.hint_of(region.lines),
            )
            for region in desk.regions
        ]

        def lens(value: object) -> None:
            self.window.lens = str(value)
            self.rebuild()

        return Card(
            Row(
                Label(self.word("lens"), style="caption", color="muted"),
                DropDown(lenses, self.window.lens, lens, name="lens", width=230),
                Label(
                    shown.legend,
                    style="caption",
                    color="muted",
                    wrap=True,
                    lines=2,
                    stretch=1,
                    valign="center",
                ),
                gap=8,
            ),
            self._picture(desk, regions, shown.name),
            stretch=5,
            gap=6,
            pad=10,
            name="map_card",
        )

    def _picture(self, desk: vm.DeskView, regions: list[MapRegion], legend: str) -> Widget:
        """The world map; tiles where a scenario has regions of its own."""
        if any(region.key not in KEYS for region in regions):
            return self._tiles(desk)
        low = min(desk.regions, key=lambda region: region.shade)
        high = max(desk.regions, key=lambda region: region.shade)
        tiles = {region.uid: region for region in desk.regions}
        return RegionMap(
            regions,
            legend=legend,
            on_follow=lambda key: self._markets_of(tiles[key]),
            stretch=1,
            name="map",
            show=lambda shade: (high if shade > 0.5 else low).text,
        )

    def _tiles(self, desk: vm.DeskView) -> Widget:
        tiles = [
            Card(
                Label(region.name, style="strong"),
                Label(region.text, style="big_number", color="accent"),
                Row(*self._market_buttons(region, "normal"), gap=6),
                *bits.lines(region.lines, color="muted", style="caption"),
                kind="raised",
                gap=4,
                pad=12,
                name=f"map/{region.uid}",
            )
            for region in desk.regions
        ]
        columns = min(3, len(tiles))
        return ScrollView(Grid(*tiles, columns=columns, gap=8), stretch=1, name="map")

    def _market_buttons(self, region: vm.RegionTile, kind: str = "quiet") -> list[Widget]:
        return [
            Button(name, self.follow(link), kind=kind, name=f"map/market/{link.target}")
            for link, name in zip(region.markets, region.market_names, strict=True)
        ]

    def _markets_of(self, region: vm.RegionTile) -> None:
        """The markets of a region, to choose one; a lone one opens at once."""
        if len(region.markets) == 1:
            self.window.go(region.markets[0])
        elif region.markets:
            content = Column(*self._market_buttons(region), gap=2)
            self.app.popup(content, self.find("map").part(region.uid), name="map/markets")

    def _table(self, desk: vm.DeskView) -> Widget:
        return Card(
            tables.table(
                desk.companies,
                self.window.go,
                "companies",
                hidden=() if self.roomy() else ("lead", "stake", "cash"),
                asking=self.asking,
                stretch=1,
            ),
            stretch=4,
            pad=6,
        )
