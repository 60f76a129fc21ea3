"""YAML with places: what values mean, where they stand, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.scenario.source import (
    MAX_DEPTH,
    MAX_NODES,
    Node,
    Unreadable,
    merge,
    read,
    resolve_scalar,
)


def written(folder: Path, text: str | bytes, name: str = "a.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def tree_of(folder: Path, text: str) -> Node:
    return read(written(folder, text)).tree


def lines_of(folder: Path, text: str) -> list[tuple[int, int, str]]:
    return [(f.row, f.column, f.what) for f in read(written(folder, text)).faults]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("False", False),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("1e9", 1e9),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        (".5", 0.5),
        ("-3", -3),
        ("~", None),
        ("", None),
        (".inf", float("inf")),
        ("2015-01-01", "2015-01-01"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    found = resolve_scalar(text)
    assert found == value
    assert type(found) is type(value)


def test_quoted_scalars_stay_text(tmp_path: Path) -> None:
    assert tree_of(tmp_path, "a: '1'\nb: \"true\"\n").plain() == {"a": "1", "b": "true"}


def test_every_value_and_key_knows_its_place(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, "a:\n  - b: 中文\n    cd: 7\n")
    node = tree.fields["a"].items[0].fields["cd"]
    assert (node.place.line, node.place.column) == (3, 9)
    assert node.key is not None
    assert (node.key.line, node.key.column) == (3, 5)


def test_duplicate_keys_are_named_with_the_first_line(tmp_path: Path) -> None:
    assert lines_of(tmp_path, "a: 1\nb: 2\na: 3\n") == [
        (3, 1, "key 'a' again; it stands in line 1 already")
    ]


def test_reading_goes_on_after_a_fault(tmp_path: Path) -> None:
    faults = lines_of(tmp_path, "a: !x 1\nb: *nowhere\n? [k]\n: 1\n<<: {c: 1}\na: 2\n")
    assert [row for row, _, _ in faults] == [1, 2, 3, 5, 6]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is empty"),
        ("# only a comment\n", "is empty"),
        ("- a\n", "is not a scenario: it holds no keys"),
        ("word", "is not a scenario: it holds no keys"),
        (b"\xff\xfe\x00\x01", "is not a text file in UTF-8"),
        (b"a: \x00b", "is not a text file"),
        (b"a: \x07b", "is not a text file"),
    ],
)
def test_a_file_without_a_scenario_is_one_line(
    tmp_path: Path, text: str | bytes, what: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        read(written(tmp_path, text))
    assert caught.value.fault.what == what
    assert caught.value.fault.line() == f"{tmp_path / 'a.yaml'}: {what}"


def test_missing_files_and_folders_are_one_line(tmp_path: Path) -> None:
    for path, what in (
        (tmp_path / "none.yaml", "does not exist"),
        (tmp_path, "is a directory, not a scenario file"),
    ):
        with pytest.raises(Unreadable, match=what):
            read(path)


def test_broken_yaml_has_its_place(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as caught:
        read(written(tmp_path, "a: 1\nb: [1, 2\nc: 3\n"))
    fault = caught.value.fault
    assert (fault.row, fault.column) == (3, 2)
    assert fault.what.startswith("is not YAML")


def test_deep_and_huge_files_are_refused(tmp_path: Path) -> None:
    deep = "a: " + "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 8)
    )
    for text, what in ((deep, "nested more than"), (bomb, f"holds more than {MAX_NODES}")):
        with pytest.raises(Unreadable, match=what):
            read(written(tmp_path, text))


def test_extending_merges_keys_and_items_by_id(tmp_path: Path) -> None:
    written(
        tmp_path,
        "a: 1\nb: {c: 2, d: 3}\nlist:\n  - {id: x, v: 1}\n  - {id: y, v: 2}\nplain: [1, 2]\n",
        "base.yaml",
    )
    source = read(
        written(
            tmp_path,
            "extends: base.yaml\na: 9\nb: {d: null}\nlist:\n  - {id: y, v: 5}\n  - {id: z, v: 6}\n"
            "plain: [3]\n",
        )
    )
    assert source.tree.plain() == {
        "extends": "base.yaml",
        "a": 9,
        "b": {"c": 2},
        "list": [{"id": "x", "v": 1}, {"id": "y", "v": 5}, {"id": "z", "v": 6}],
        "plain": [3],
    }
    assert [path.name for path in source.files] == ["a.yaml", "base.yaml"]
    assert source.tree.fields["b"].fields["c"].place.file.endswith("base.yaml")


@pytest.mark.parametrize(
    ("base", "what"),
    [
        ("a.yaml", "a.yaml extends itself in a circle"),
        ("none.yaml", "none.yaml does not exist"),
        (".", ". is a directory, not a scenario file"),
    ],
)
def test_a_bad_base_is_a_fault_of_extends(tmp_path: Path, base: str, what: str) -> None:
    found = lines_of(tmp_path, f"a: 1\nextends: {base}\n")
    assert found == [(2, 10, what)]


def test_a_broken_base_is_shown_at_its_own_place(tmp_path: Path) -> None:
    written(tmp_path, "a: [\n", "base.yaml")
    (fault,) = read(written(tmp_path, "extends: base.yaml\n")).faults
    assert fault.file.endswith("base.yaml")
    assert fault.what.startswith("is not YAML")


@given(st.dictionaries(st.text("abc", min_size=1), st.integers() | st.none(), max_size=4))
def test_merging_with_itself_changes_nothing_but_nulls(values: dict[str, int | None]) -> None:
    from game.scenario.source import Place

    place = Place("a", 1, 1)
    node = Node({key: Node(value, place) for key, value in values.items()}, place)
    kept = {key: value for key, value in values.items() if value is not None}
    assert merge(node, node).plain() == kept
