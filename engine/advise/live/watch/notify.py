"""Telling a command of the user what happened: its arguments are the user's alone, and what was found comes by environment and standard input."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from typing import Any

from advise.errors import WatchError
from advise.untrusted import shorten, verbatim

# A command that hangs must not hang the watch, and many that hang must not fill the machine.
SECONDS = 60.0
_MOST = 8
_LONGEST = 4000


class Command:
    """A command that is run for each thing to tell.

    Args:
        line: The command and its arguments, split as a shell would; no shell runs it.

    Raises:
        WatchError: The line is empty or its quotation does not end.
    """

    def __init__(self, line: str) -> None:
        try:
            self._arguments = shlex.split(line)
        except ValueError as error:
            raise WatchError(f"--exec: {error}") from error
        if not self._arguments:
            raise WatchError("--exec: there is no command in it")
        self._running: list[tuple[subprocess.Popen[bytes], float]] = []

    def tell(self, told: Mapping[str, Any]) -> str:
        """Run the command, and do not wait for it.

        Args:
            told: What happened; strings and numbers of the first level are variables of its environment as well, such as `ADVISE_ID`.

        Returns:
            Why it could not be run; empty where it was.
        """
        self.look_after()
        if len(self._running) >= _MOST:
            return f"{_MOST} of them are running already"
        with tempfile.TemporaryFile() as given:
            given.write(json.dumps(told, ensure_ascii=False).encode("utf-8", "backslashreplace"))
            given.seek(0)
            try:
                process = subprocess.Popen(  # noqa: S603 - what the user asked for, and nothing that was read
                    self._arguments, stdin=given, stdout=subprocess.DEVNULL, env={**os.environ, **_variables(told)}, start_new_session=True
                )
            except (OSError, ValueError) as error:
                return getattr(error, "strerror", None) or str(error)
        self._running.append((process, time.monotonic()))
        return ""

    def look_after(self) -> None:
        """See off what has ended, and end what takes too long."""
        still = []
        for process, began in self._running:
            if process.poll() is not None:
                continue
            if time.monotonic() - began > SECONDS:
                with contextlib.suppress(OSError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()
                continue
            still.append((process, began))
        self._running = still

    def close(self) -> None:
        """Wait for what is still running, as long as it may take."""
        while self._running:
            self.look_after()
            time.sleep(0.05)


def _variables(told: Mapping[str, Any]) -> dict[str, str]:
    values = {name: value for name, value in told.items() if isinstance(value, str | int | float) and not isinstance(value, bool)}
    return {f"ADVISE_{name.upper()}": shorten(verbatim(str(value)), _LONGEST) for name, value in values.items()}
