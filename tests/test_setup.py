"""The set-up says plainly what a machine lacks, and the scripts are what they must be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")

# Interpreters as a machine may have them; each is asked with -c and a line of Python.
TOO_OLD = """\
#!/bin/sh
case "$1" in --version) echo "Python 3.9.2"; exit 0;; esac
exit 1
"""
WITHOUT_VENV = f"""\
#!/bin/sh
case "$2" in *ensurepip*) exit 1;; esac
exec {sys.executable} "$@"
"""
SHIM = """\
#!/bin/sh
echo "command not found" >&2
exit 127
"""


def interpreter(folder: Path, name: str, script: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(script, encoding="utf-8")
    path.chmod(0o755)
    return path


def make_environment(
    root: Path, target: Path, *wanted: str, path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if path is not None:
        environment["PATH"] = os.pathsep.join([str(path), "/usr/bin", "/bin"])
    return subprocess.run(
        ["sh", str(root / "tools" / "venv.sh"), str(target), *wanted],
        env=environment,
        capture_output=True,
        text=True,
    )


def test_an_old_python_is_named(root: Path, tmp_path: Path) -> None:
    old = interpreter(tmp_path, "oldpython", TOO_OLD)
    done = make_environment(root, tmp_path / "env", str(old))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer; found: Python 3.9.2" in done.stderr
    assert not (tmp_path / "env").exists()


def test_a_missing_venv_module_is_named_with_its_package(root: Path, tmp_path: Path) -> None:
    poor = interpreter(tmp_path, "poorpython", WITHOUT_VENV)
    done = make_environment(root, tmp_path / "env", str(poor))
    assert done.returncode == 1
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"Python {version} is here, but without its venv module" in done.stderr
    assert f"apt-get install python{version}-venv" in done.stderr


def test_no_python_at_all_is_said(root: Path, tmp_path: Path) -> None:
    done = make_environment(root, tmp_path / "env", str(tmp_path / "nothing"))
    assert done.returncode == 1
    assert "found: none" in done.stderr


def test_a_shim_is_passed_over_and_a_working_environment_is_kept(
    root: Path, tmp_path: Path
) -> None:
    shims, target = tmp_path / "shims", tmp_path / "env"
    interpreter(shims, "python3.14", SHIM)
    interpreter(shims, "python3.13", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    done = make_environment(root, target, path=shims)
    assert done.returncode == 0, done.stderr
    assert (target / "bin" / "python").exists()

    mark = target / "mark"
    mark.touch()
    assert make_environment(root, target, path=shims).returncode == 0
    assert mark.exists()


def test_continuous_integration_runs_the_tests(root: Path) -> None:
    script = root / ".ci" / "run"
    text = script.read_text(encoding="utf-8")
    assert os.access(script, os.X_OK)
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in text
    assert text.rstrip().endswith("make test")
