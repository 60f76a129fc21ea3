"""Charts as widgets: plain data in, axes, legends and readouts out. Drawn by the kit."""

from game.ui.kit.bars import Bar, BarChart, Part, Term, Waterfall
from game.ui.kit.dials import Donut, Gauge, Sparkline, bar_cell, spark_cell
from game.ui.kit.lines import LineChart, Series

__all__ = [
    "Bar",
    "BarChart",
    "Donut",
    "Gauge",
    "LineChart",
    "Part",
    "Series",
    "Sparkline",
    "Term",
    "Waterfall",
    "bar_cell",
    "spark_cell",
]
