"""A warm process that thinks while the window goes on; without one, the same work in slices.

    thinker = Thinker()
    job = thinker.ask("think", save, facts)
    ...                                  # the process works
    parts = job.wait()                   # on any thread but the window's
    thinker.close()

What goes over is bytes and plain JSON: a save in, orders or figures out. Nothing is pickled, and
the process knows no more than the save.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import signal
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Any

from game.core.errors import GameError, UserError
from game.session.thinking import TASKS

LISTEN = 0.02
"""Seconds that a waiting thread listens at a time."""
PATIENCE = 2.0
"""Seconds that a process is given to stop by itself."""
_TROUBLES = (OSError, EOFError, RuntimeError, ValueError)


class Cancelled(Exception):
    """Nobody wants the result any more."""


class Job:
    """One thing asked for."""

    def __init__(self, thinker: Thinker, number: int, task: str, raw: bytes, facts: Any) -> None:
        self.thinker, self.number = thinker, number
        self.task, self.raw, self.facts = task, raw, facts
        self.parts: list[bytes] = []
        """What has come so far."""
        self.over = False
        self.cancelled = False
        self.error = ""

    def wait(self, told: Callable[[bytes], None] = lambda part: None) -> list[bytes]:
        """All parts; works itself, in slices, when there is no process.

        Args:
            told: hears of every part as it comes.

        Raises:
            UserError: the work failed. Cancelled: somebody cancelled it.
        """
        heard = 0
        while True:
            self.thinker.listen(self)
            for part in self.parts[heard:]:
                heard += 1
                told(part)
            if self.over and heard == len(self.parts):
                break
        if self.cancelled:
            raise Cancelled
        if self.error:
            raise UserError(self.error, self.task)
        return self.parts

    def cancel(self) -> None:
        """Give it up; a process turns to what is asked next."""
        self.thinker.cancel(self)


class Thinker:
    """One process, started when it is first needed and kept warm.

    Args:
        spawn: False: never start one, as where none can be started.
    """

    def __init__(self, spawn: bool = True) -> None:
        self.trouble = "" if spawn else "no process was wanted"
        """Why work is done in this process; empty while a process does it."""
        self._lock = threading.RLock()
        self._jobs: dict[int, Job] = {}
        self._last = 0
        self._process: Any = None
        self._pipe: Connection | None = None

    @property
    def alive(self) -> bool:
        """Whether a process is there."""
        return self._process is not None and bool(self._process.is_alive())

    def warm(self) -> None:
        """Start the process now, so that it is ready when it is asked."""
        with self._lock:
            if self._process is not None or self.trouble:
                return
            try:
                context = multiprocessing.get_context("spawn")
                here, there = context.Pipe()
                process = context.Process(target=serve, args=(there,), name="thinker", daemon=True)
                process.start()
                there.close()
                self._process, self._pipe = process, here
            except _TROUBLES as error:
                self._lost(error)

    def ask(self, task: str, raw: bytes, facts: Mapping[str, Any]) -> Job:
        """Ask for a task of :data:`game.session.thinking.TASKS`."""
        with self._lock:
            self.warm()
            self._last += 1
            job = Job(self, self._last, task, raw, dict(facts))
            self._jobs[job.number] = job
            self._send({"do": task, "number": job.number, "facts": job.facts}, raw)
            return job

    def cancel(self, job: Job) -> None:
        """Drop a job."""
        with self._lock:
            if not job.over:
                job.over = job.cancelled = True
                self._jobs.pop(job.number, None)
                self._send({"do": "cancel", "number": job.number})

    def listen(self, job: Job) -> None:
        """Take in what the process has sent, waiting a moment for it; else do a job here."""
        with self._lock:
            if self._pipe is not None:
                try:
                    while self._pipe.poll():
                        self._take(self._pipe.recv_bytes())
                except _TROUBLES as error:
                    self._lost(error)
            here = self._pipe is None and not job.over
        if here:
            self._do(job)
        elif not job.over:
            time.sleep(LISTEN)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
            for job in self._jobs.values():
                job.over = job.cancelled = True
            self._jobs.clear()
        if process is None:
            return
        with contextlib.suppress(*_TROUBLES):
            _send(pipe, {"do": "stop"})
        process.join(PATIENCE)
        if process.is_alive():
            process.terminate()
            process.join()
        process.close()
        if pipe is not None:
            pipe.close()

    def _send(self, head: Mapping[str, Any], body: bytes = b"") -> None:
        if self._pipe is not None:
            try:
                _send(self._pipe, head, body)
            except _TROUBLES as error:
                self._lost(error)

    def _take(self, message: bytes) -> None:
        head, body = _apart(message)
        job = self._jobs.get(int(head["number"]))
        if job is None:
            return
        if head["what"] == "part":
            job.parts.append(body)
            return
        job.error = str(head.get("error", ""))
        job.over = True
        del self._jobs[job.number]

    def _lost(self, error: BaseException) -> None:
        """There is no process, or no more: go on without one."""
        self.trouble = f"{type(error).__name__}: {error}"
        process, pipe, self._process, self._pipe = self._process, self._pipe, None, None
        if pipe is not None:
            pipe.close()
        if process is not None:
            process.terminate()
            process.join()
            process.close()
        for job in self._jobs.values():
            job.parts.clear()

    def _do(self, job: Job) -> None:
        """The work on this thread, in slices between which the window draws."""

        def pause() -> None:
            time.sleep(0.0)
            if job.over:
                raise Cancelled

        try:
            for part in TASKS[job.task](job.raw, job.facts, pause):
                job.parts.append(part)
        except Cancelled:
            job.cancelled = True
        except GameError as error:
            job.error = error.line()
        finally:
            job.over = True
            self._jobs.pop(job.number, None)


# ------------------------------------------------------------------- in the process


def _send(pipe: Connection | None, head: Mapping[str, Any], body: bytes = b"") -> None:
    if pipe is not None:
        pipe.send_bytes(json.dumps(head).encode() + b"\0" + body)


def _apart(message: bytes) -> tuple[dict[str, Any], bytes]:
    head, _, body = message.partition(b"\0")
    return json.loads(head), body


def serve(pipe: Connection) -> None:
    """Do what is asked, one thing after the other, until told to stop or left alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent's to handle
    inbox: deque[tuple[dict[str, Any], bytes]] = deque()
    with contextlib.suppress(EOFError, OSError):
        while True:
            if not inbox:
                inbox.append(_apart(pipe.recv_bytes()))
            head, body = inbox.popleft()
            if head["do"] == "stop":
                return
            if head["do"] != "cancel":
                _work(pipe, inbox, head, body)


def _work(
    pipe: Connection, inbox: deque[tuple[dict[str, Any], bytes]], head: dict[str, Any], body: bytes
) -> None:
    number = head["number"]

    def pause() -> None:
        while pipe.poll():
            inbox.append(_apart(pipe.recv_bytes()))
        for given, _ in inbox:
            if given["do"] == "stop" or (given["do"] == "cancel" and given["number"] == number):
                raise Cancelled

    try:
        pause()
        for part in TASKS[head["do"]](body, head["facts"], pause):
            _send(pipe, {"number": number, "what": "part"}, part)
        _send(pipe, {"number": number, "what": "done"})
    except Cancelled:
        _send(pipe, {"number": number, "what": "done", "error": "cancelled"})
    except GameError as error:
        _send(pipe, {"number": number, "what": "done", "error": error.line()})
    except (EOFError, OSError):
        raise
    except Exception as error:  # told to the parent: a process must not die of one task
        lines = "".join(traceback.format_exception(error))
        _send(pipe, {"number": number, "what": "done", "error": lines})
