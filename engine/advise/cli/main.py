"""Starting the command line, and ending it: exit codes and the last line of defence against tracebacks."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

from advise.files import note, use_utf8

OK, WRONG_INPUT, INTERNAL, INTERRUPTED = 0, 2, 70, 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `advise`; always ends by `SystemExit`."""
    use_utf8()
    # A process this short has no garbage worth looking for; looking, and once more at exit, costs a sixth of its time.
    gc.disable()
    code = _run(sys.argv[1:] if arguments is None else list(arguments))
    gc.freeze()
    sys.exit(code)


def _run(arguments: Sequence[str]) -> int:
    # No plugin of pydantic is wanted here, and looking for some costs a tenth of a second.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from advise.cli.app import app
    from advise.errors import AdviseError, InputError

    try:
        app(args=list(arguments), prog_name="advise", standalone_mode=True)
    except SystemExit as end:
        return _flushed(end.code)
    except InputError as error:
        from advise.documents.problems import render

        note(render(error.problems))
        return WRONG_INPUT
    except AdviseError as error:
        note(f"advise: {error}")
        return WRONG_INPUT
    except BrokenPipeError:
        return _reader_left()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return _internal(error)
    return OK


def _flushed(code: object) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_left()
    return code if isinstance(code, int) else OK


def _reader_left() -> int:
    # Python flushes stdout again at exit; give it somewhere to go.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return OK


def _internal(error: Exception) -> int:
    if os.environ.get("ADVISE_DEBUG"):
        import traceback

        traceback.print_exception(error)
    note(f"advise: internal error: {type(error).__name__}: {error}. Please report it; ADVISE_DEBUG=1 shows where it happened.")
    return INTERNAL
