"""Words of a scenario."""

from __future__ import annotations

from collections.abc import Mapping

Text = Mapping[str, str]
"""Language code ("en", "zh") to words."""
