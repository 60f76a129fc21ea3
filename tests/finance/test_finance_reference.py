"""Ownership and clearing against published numbers, at a relative 1e-6."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from game.finance.clearing import clearing_payments
from game.finance.ownership import conversion_price, outside_claims

NUMBERS = Path(__file__).resolve().parents[1] / "data" / "reference_numbers.yaml"
EXACT = 1e-6


@pytest.fixture(scope="module")
def numbers() -> Any:
    """The file of reference numbers."""
    return yaml.safe_load(NUMBERS.read_text("utf-8"))


def test_claims_of_outside_holders(numbers: Any) -> None:
    given = numbers["cross_holdings"]["claims_of_outside_holders"]
    found = outside_claims(np.array([[0.0, 0.5], [0.5, 0.0]]))
    np.testing.assert_allclose(found, given, rtol=EXACT)


def test_clearing_payments(numbers: Any) -> None:
    case = numbers["clearing"]
    found = clearing_payments(case["liabilities"], case["outside_assets"])
    np.testing.assert_allclose(found, case["payments"], rtol=EXACT)


def test_anti_dilution(numbers: Any) -> None:
    given = numbers["anti_dilution"]["new_conversion_price"]
    assert conversion_price(10.0, 1000, 200, 6.0) == pytest.approx(given, rel=EXACT)


def test_every_reference_number_has_a_test(numbers: Any) -> None:
    here, folder = Path(__file__), Path(__file__).resolve().parents[1]
    text = here.read_text("utf-8")
    text += (folder / "economy" / "test_economy_reference.py").read_text("utf-8")
    assert [name for name in numbers if f'"{name}"' not in text] == []
