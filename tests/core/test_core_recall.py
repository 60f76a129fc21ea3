"""What was worked out last is used once more by whoever asks for the very same."""

import numpy as np

from game.core.recall import Recall


def test_the_very_same_objects_bring_the_answer_back_once():
    last: Recall[str] = Recall()
    one, other = np.zeros(3), np.ones(2)
    assert last.keep((one, other), "found") == "found"
    assert last.take((one, other)) == "found"
    assert last.take((one, other)) is None


def test_equal_objects_are_not_the_same():
    last: Recall[str] = Recall()
    one = np.zeros(3)
    last.keep((one,), "found")
    assert last.take((one.copy(),)) is None
    assert last.take((one,)) is None  # asked for in vain, it is forgotten


def test_the_last_answer_alone_is_kept():
    last: Recall[str] = Recall()
    one, other = np.zeros(3), np.zeros(3)
    last.keep((one,), "first")
    last.keep((other,), "second")
    assert last.take((one,)) is None
    last.keep((one, other), "both")
    assert last.take((one,)) is None


def test_looking_forgets_nothing():
    last: Recall[str] = Recall()
    one = np.zeros(3)
    last.keep((one,), "found")
    assert last.look((one,)) == "found"
    assert last.look((one.copy(),)) is None
    assert last.take((one,)) == "found"
