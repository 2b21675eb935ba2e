"""Starting the command line, and ending it: exit codes and the last line of defence against tracebacks."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from advise.files import note, prepare_streams

if TYPE_CHECKING:
    from advise.errors import AdviseError

OK, WRONG_INPUT, INTERNAL, INTERRUPTED = 0, 2, 70, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `advise`; always ends by `SystemExit`."""
    prepare_streams()
    # A process this short has no garbage worth looking for; looking, and once more at exit, costs a sixth of its time.
    gc.disable()
    try:
        code = _run(sys.argv[1:] if arguments is None else list(arguments))
    except KeyboardInterrupt:
        code = INTERRUPTED
    gc.freeze()
    sys.exit(code)


def _run(arguments: Sequence[str]) -> int:
    # No plugin of pydantic is wanted here, and looking for some costs a tenth of a second.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from advise.cli.app import app
    from advise.errors import AdviseError

    try:
        app(args=list(arguments), prog_name="advise", standalone_mode=True)
    except SystemExit as end:
        # Click ends with 1 where the reader has left, which is for --fail-on to say.
        if isinstance(end.__context__, BrokenPipeError):
            return _abandoned(OK)
        return _seen_off(end.code if isinstance(end.code, int) else OK)
    except AdviseError as error:
        return _told(error)
    except OSError as error:
        # What is written without `files.write`, such as help, meets a full disk here; a file that is named is a fault of ours.
        if error.filename is not None:
            return _internal(error)
        return _nowhere() if _is_nowhere() else _unwritten(error)
    except Exception as error:
        return _internal(error)
    return _seen_off(OK)


def _told(error: AdviseError) -> int:
    from advise.documents.problems import render
    from advise.errors import InputError, ReaderLeftError

    if isinstance(error, ReaderLeftError):
        return _abandoned(OK)
    note(render(error.problems) if isinstance(error, InputError) else f"advise: {error}")
    return WRONG_INPUT


def _seen_off(code: int) -> int:
    try:
        sys.stdout.flush()
    except OSError as error:
        return _unwritten(error)
    return code


def _unwritten(error: OSError) -> int:
    if isinstance(error, BrokenPipeError):
        return _abandoned(OK)
    note(f"advise: standard output: cannot be written: {error.strerror}")
    return _abandoned(WRONG_INPUT)


def _is_nowhere() -> bool:
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def _nowhere() -> int:
    note("advise: the working directory does not exist any more; change to another")
    return WRONG_INPUT


def _abandoned(code: int) -> int:
    # Python flushes stdout again at exit; give it somewhere to go.
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _internal(error: Exception) -> int:
    if os.environ.get("ADVISE_DEBUG"):
        import traceback

        traceback.print_exception(error)
    note(f"advise: internal error: {type(error).__name__}: {error}. Please report it; ADVISE_DEBUG=1 shows where it happened.")
    return INTERNAL
