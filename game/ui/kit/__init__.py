"""A small retained widget kit on pygame-ce; it knows nothing of the game. See docs/ui_kit.md."""

from game.ui.kit.app import App
from game.ui.kit.backdrop import Backdrop
from game.ui.kit.basic import Badge, Canvas, Icon, Label, Pips, ProgressBar, Swatch, plain
from game.ui.kit.bridge import Bridge
from game.ui.kit.bridge_shape import Level, Step
from game.ui.kit.buttons import Button, CheckBox, IconButton, Pressable, Toggle
from game.ui.kit.card import Card
from game.ui.kit.cells import Cell, TableColumn, TableRow
from game.ui.kit.choices import Option, Segmented
from game.ui.kit.context import Context, Key, Options, Pointer
from game.ui.kit.dropdown import DropDown
from game.ui.kit.entry import Clipboard, TextEntry
from game.ui.kit.fonts import FontBook
from game.ui.kit.grid import Grid
from game.ui.kit.icons import IconBook
from game.ui.kit.keys import KeyMap
from game.ui.kit.layers import Choice, Modal
from game.ui.kit.layout import Column, Divider, Panel, Row, Spacer, Stack
from game.ui.kit.presstable import PressTable
from game.ui.kit.rich import RichText
from game.ui.kit.screen import Screen
from game.ui.kit.scroll import Scroller, ScrollView
from game.ui.kit.style import Color, Paint, TextStyle, Theme, contrast, mix
from game.ui.kit.table import Table
from game.ui.kit.tabs import Page, Tabs
from game.ui.kit.timers import Timer
from game.ui.kit.values import Slider, Stepper
from game.ui.kit.widget import Widget
from game.ui.kit.window import WrongPygame, require_ce

__all__ = [
    "App",
    "Backdrop",
    "Badge",
    "Bridge",
    "Button",
    "Canvas",
    "Card",
    "Cell",
    "CheckBox",
    "Choice",
    "Clipboard",
    "Color",
    "Column",
    "Context",
    "Divider",
    "DropDown",
    "FontBook",
    "Grid",
    "Icon",
    "IconBook",
    "IconButton",
    "Key",
    "KeyMap",
    "Label",
    "Level",
    "Modal",
    "Option",
    "Options",
    "Page",
    "Paint",
    "Panel",
    "Pips",
    "Pointer",
    "PressTable",
    "Pressable",
    "ProgressBar",
    "RichText",
    "Row",
    "Screen",
    "ScrollView",
    "Scroller",
    "Segmented",
    "Slider",
    "Spacer",
    "Stack",
    "Step",
    "Stepper",
    "Swatch",
    "Table",
    "TableColumn",
    "TableRow",
    "Tabs",
    "TextEntry",
    "TextStyle",
    "Theme",
    "Timer",
    "Toggle",
    "Widget",
    "WrongPygame",
    "contrast",
    "mix",
    "plain",
    "require_ce",
]
