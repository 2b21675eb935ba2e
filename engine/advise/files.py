"""Where output goes: data to stdout or, whole or not at all, to a file; notes to stderr."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from advise.errors import OutputError, ReaderLeftError

# A write takes milliseconds; what is older was left by a process that was killed during one.
_ABANDONED_SECONDS = 60.0
_ANYBODY = 0o666


def replace_file(target: Path, data: bytes, last_look: Callable[[], None] = lambda: None, *, durable: bool = True, mode: int = _ANYBODY) -> None:
    """Write a file beside the target, and put it in its place once all of it is written.

    Args:
        target: What is replaced, or made; what it allowed to whom, the new one allows.
        data: What it will hold.
        last_look: Called just before the file takes its place; what it raises leaves the target as it is.
        durable: Whether it has to outlive a loss of power, so that the disk is waited for.
        mode: What a new file allows to whom, before the umask.

    Raises:
        OSError: It cannot be written; the target is as it was.
    """
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "xb", opener=lambda path, flags: os.open(path, flags, mode)) as handle:
            handle.write(data)
            handle.flush()
            if durable:
                os.fsync(handle.fileno())
        with contextlib.suppress(FileNotFoundError):
            temporary.chmod(target.stat().st_mode & 0o777)
        last_look()
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def sweep(folder: Path, name: str = "*") -> None:
    """Remove what killed processes left beside a file, or beside any file of a folder.

    Args:
        folder: Where the files are.
        name: A pattern for the files' names.
    """
    for left in folder.glob(f".{name}.*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _ABANDONED_SECONDS:
                left.unlink()


def write(text: str, path: Path | None) -> None:
    """Write to a file, whole or not at all, or to stdout.

    A link is followed once. What is there and is no regular file, such as a device or a pipe, is written into and never replaced.

    Raises:
        OutputError: It cannot be written.
        ReaderLeftError: Whoever reads stdout has left.
    """
    text = text if text.endswith("\n") else f"{text}\n"
    with _refusing(path):
        if path is None:
            write_out(text)
        else:
            _put(_bytes(text), path)


def write_bytes(data: bytes, path: Path) -> None:
    """Write what is no text to a file, as `write` does.

    Raises:
        OutputError: It cannot be written.
        ReaderLeftError: Whoever reads a pipe there has left.
    """
    with _refusing(path):
        _put(data, path)


def _put(data: bytes, path: Path) -> None:
    if _is_written_into(path):
        with path.open("wb") as handle:
            handle.write(data)
    else:
        replace_file(Path(os.path.realpath(path)), data)


@contextlib.contextmanager
def _refusing(path: Path | None) -> Iterator[None]:
    """Turn what the system says of an output into errors of ours."""
    try:
        yield
    except BrokenPipeError as error:
        raise ReaderLeftError from error
    except OSError as error:
        raise OutputError(f"{path or 'standard output'}: cannot be written: {error.strerror}") from error


def _bytes(text: str) -> bytes:
    # As stdout does; and in JSON it is the escape of the character.
    return text.encode("utf-8", "backslashreplace")


def write_out(text: str) -> None:
    """Write to stdout and see it off.

    Raises:
        OSError: It cannot be written.
    """
    sys.stdout.write(text)
    sys.stdout.flush()


def note(text: str) -> None:
    """Say something to the person, beside the data; where nobody can hear it, it goes unsaid."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()


def _is_written_into(path: Path) -> bool:
    """Whether the target stands for something else than a file of its own: a device, a pipe, or an open stream of this process."""
    try:
        is_regular = stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError:
        return False
    return not is_regular or os.path.realpath(path.parent).startswith(("/dev", "/proc"))


def prepare_streams() -> None:
    """Make both streams take any text, whatever the locale says; a stdout that is closed says so to whoever writes to it."""
    if sys.stdout is None:
        sys.stdout = _Closed()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


class _Closed(io.TextIOBase):
    """Stands for a stream that was closed before the process began."""

    def write(self, _: str) -> int:
        raise OSError(errno.EBADF, "it is closed")
