"""The command line: a thin face over `Advisor`."""

from advise.cli.main import main

__all__ = ["main"]
