"""What libyaml complains of, said in plain words and at the place that has to be mended."""

from __future__ import annotations

from typing import Any

import yaml

from advise.documents.decode import SourceText
from advise.documents.problems import Problem
from advise.documents.tree import MAX_DEPTH, Spot
from advise.untrusted import shorten, verbatim

_TAB = "indentation is made of spaces; this is a tab"
_ESCAPE = "in double quotes `\\` begins an escape: write `\\\\`, or use single quotes"
_MISFIT = "this does not fit what is above it: check the indentation; text that goes on after a closing quote needs quotes as a whole"
_TAG = "tags are not supported: text that begins with `!` needs quotes"
_DIRECTIVE = "a line that begins with `%` is a directive to YAML: leave it out, or put the text in quotes"
_NO_VALUE = "a value is missing here: text that begins with one of , ] } needs quotes"
_MISFITS = {":": "a name is missing before `:`", "-": "a list item stands where a key is needed: check the indentation"}
_HERE = {
    "mapping values are not allowed": "a `:` is not allowed here: text with `: ` in it needs quotes, and each key stands on a line of its own",
    "could not find expected ':'": "this line has no `:` after its key",
    "did not find expected key": _MISFIT,
    "expected <block end>": _MISFIT,
    "did not find expected '-' indicator": "the list above goes on with `- `, and this is no item of it",
    "block sequence entries are not allowed": "a list cannot begin here: put its first `- ` on the next line",
    "sequence entries are not allowed": "a list cannot begin here: put its first `- ` on the next line",
    "mapping keys are not allowed": "a key cannot stand here: text that begins with `? ` needs quotes",
    "did not find expected <document start>": "something follows after the end: check the indentation",
    "expected '<document start>'": "something follows after the end: check the indentation",
    "tab character": _TAB,
    "unknown escape character": _ESCAPE,
    "hexdecimal number": _ESCAPE,
    "escape sequence of": _ESCAPE,
    "invalid Unicode character escape": "this escape is no character",
    "expected comment or line break": "nothing may stand here but a comment: text that begins with `|` or `>` needs quotes",
    "expected a comment or a line break": "nothing may stand here but a comment: text that begins with `|` or `>` needs quotes",
    "incompatible YAML document": "this version of YAML is not supported: leave the %YAML line out",
    "undefined tag handle": _TAG,
    "expected alphabetic or numeric character": "a name is needed after `*` or `&`: text that begins with one of them needs quotes",
    "expected node content": _NO_VALUE,
    "unexpected document indicator": "a line of three dashes or dots ends the document inside this text",
    "indentation indicator equal to 0": "after `|` or `>` the indentation is a digit from 1 to 9",
    "maximum nesting depth": f"lists and mappings nest at most {MAX_DEPTH} deep",
}
# What was being read tells more than what was missing in it; in this order, for a %TAG directive is a directive.
_WITHIN = {"directive": _DIRECTIVE, "a tag": _TAG}
_MAX_SAID = 200
# These are noticed far from their cause, which is where the surrounding thing begins.
_AT_THE_BEGINNING = {
    "unexpected end of stream": "this quote is never closed",
    "',' or ']'": "this `[` is not closed, or a `,` is missing before line {line}, column {column}",
    "',' or '}'": "this `{{` is not closed, or a `,` is missing before line {line}, column {column}",
}


def explained(error: yaml.YAMLError, source: SourceText, innermost: Spot | None) -> Problem:
    """The problem that libyaml, or its Python twin, found.

    Their wording changes from release to release. One that is not known here is quoted behind a sentence of ours.

    Args:
        error: What it raised.
        source: The text it read.
        innermost: Where the innermost list or mapping that was still open begins.
    """
    mark, context = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", None) or error)
    if mark is None:
        return source.problem(1, 1, _quoted(said))
    if innermost is not None and mark.index >= len(source.text.rstrip()):
        opening = source.lines[innermost.line - 1][innermost.column - 1]
        if opening in "[{":
            return source.problem(innermost.line, innermost.column, f"this `{opening}` is never closed")
    for words, message in _AT_THE_BEGINNING.items():
        if words in said and context is not None:
            return _at(context, message.format(line=mark.line + 1, column=mark.column + 1), source)
    if "could not find expected ':'" in said and context is not None:
        mark = context
    if "cannot start any token" in said:
        return _at(mark, _bad_start(source, mark), source)
    message = _known(said, str(getattr(error, "context", None) or "")) or _quoted(said)
    if message in (_MISFIT, _NO_VALUE):
        message = _MISFITS.get(_character(source, mark), message)
    return _at(mark, message, source)


def _known(said: str, context: str) -> str | None:
    here = next((message for words, message in _HERE.items() if words in said), None)
    return here or next((message for words, message in _WITHIN.items() if words in context), None)


def _quoted(said: str) -> str:
    return f"this is no YAML that can be read; the YAML library says: {verbatim(shorten(said, _MAX_SAID))}"


def _bad_start(source: SourceText, mark: Any) -> str:
    character = _character(source, mark)
    return _TAB if character == "\t" else f"text that begins with `{character}` needs quotes"


def _character(source: SourceText, mark: Any) -> str:
    line = source.lines[mark.line] if mark.line < len(source.lines) else ""
    return line[mark.column : mark.column + 1]


def _at(mark: Any, message: str, source: SourceText) -> Problem:
    # What is missing at the end is missing on the last line that has anything on it.
    line, column = mark.line, mark.column
    if line >= len(source.lines):
        line = len(source.lines) - 1
        column = len(source.lines[line])
    return source.problem(line + 1, column + 1, message)
