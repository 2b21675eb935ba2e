"""Reading YAML into a located tree: libyaml's events, the scalars of YAML 1.2, and limits on everything."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, DocumentStartEvent, Event, MappingStartEvent, ScalarEvent

from advise.documents.decode import YAML_BREAKS, SourceText
from advise.documents.located import Read
from advise.documents.problems import Problem
from advise.documents.scalars import resolve
from advise.documents.tree import Built, Spot, TreeBuilder, read_tree
from advise.documents.yaml_errors import explained
from advise.errors import UnreadableError
from advise.untrusted import shorten

MAX_DIRECTIVES = 16
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIRECTIVE = re.compile("^%", re.MULTILINE)
_CORE_TAG = "tag:yaml.org,2002:"


def read_yaml(data: bytes, name: str) -> Read:
    """Read one YAML document.

    Args:
        data: The bytes of the file.
        name: How to call the file in problems.
    """
    return read_tree(data, name, YAML_BREAKS, lambda source, builder: _Reader(source, builder).read())


class _Reader:
    def __init__(self, source: SourceText, builder: TreeBuilder) -> None:
        self._source = source
        self._builder = builder
        # None while the collection of this anchor is open.
        self._anchors: dict[str, Built | None] = {}
        # The anchor, if any, of each collection that is open.
        self._open: list[str | None] = []
        self._documents = 0

    def read(self) -> None:
        for event in self._events():
            match event:
                case ScalarEvent():
                    self._scalar(event)
                case CollectionStartEvent():
                    self._begin(event)
                case CollectionEndEvent():
                    self._end()
                case AliasEvent():
                    self._alias(event)
                case DocumentStartEvent():
                    self._document(event)

    def _events(self) -> Iterator[Event]:
        forbidden = _FORBIDDEN.search(self._source.text)
        if forbidden:
            raise UnreadableError(self._source.problem_at(forbidden.start(), f"the control character U+{ord(forbidden[0]):04X} is not allowed here"))
        directives = [match.start() for match in _DIRECTIVE.finditer(self._source.text)]
        if len(directives) > MAX_DIRECTIVES:
            # libyaml compares each with all before it.
            raise UnreadableError(self._source.problem_at(directives[MAX_DIRECTIVES], f"more than {MAX_DIRECTIVES} lines begin with `%`"))
        try:
            yield from yaml.parse(self._source.text, Loader=_LOADER)
        except yaml.YAMLError as error:
            raise UnreadableError(explained(error, self._source, self._builder.innermost)) from error

    def _document(self, event: DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            raise UnreadableError(self._problem(event, "a second document begins here: one file holds one document"))

    def _scalar(self, event: ScalarEvent) -> None:
        plain = not event.style
        value = resolve(event.value) if plain else event.value
        built = self._builder.scalar(_spot(event), value, event.value, quoted=not plain, mistake=self._mistake(event, plain))
        if event.anchor is not None:
            self._anchors[event.anchor] = built

    def _mistake(self, event: ScalarEvent, plain: bool) -> str | None:
        if event.tag is not None:
            return _no_tags(event.tag)
        if not plain or not self._builder.wants_key:
            return None
        if event.value == "<<":
            return "merge keys (`<<`) are not supported: write the keys out"
        return None if event.value else "a name is missing before `:`"

    def _begin(self, event: CollectionStartEvent) -> None:
        spot = _spot(event)
        if event.tag is not None:
            self._builder.problem(spot, _no_tags(event.tag))
        self._builder.begin(spot, is_mapping=isinstance(event, MappingStartEvent))
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._open.append(event.anchor)

    def _end(self) -> None:
        built = self._builder.end()
        anchor = self._open.pop()
        if anchor is not None:
            self._anchors[anchor] = built

    def _alias(self, event: AliasEvent) -> None:
        anchor = event.anchor or ""
        name = shorten(anchor)
        if anchor not in self._anchors:
            raise UnreadableError(self._problem(event, f"`*{name}` refers to no anchor `&{name}` above it (text that begins with * needs quotes)"))
        built = self._anchors[anchor]
        if built is None:
            raise UnreadableError(self._problem(event, f"`*{name}` stands inside what it refers to"))
        self._builder.repeat(_spot(event), built)

    def _problem(self, event: Event, message: str) -> Problem:
        spot = _spot(event)
        return self._source.problem(spot.line, spot.column, message, spot.width)


def _spot(event: Event) -> Spot:
    start, end = event.start_mark, event.end_mark
    assert start is not None  # noqa: S101 - parsing sets both
    assert end is not None  # noqa: S101
    width = end.column - start.column if end.line == start.line else 1
    return Spot(start.line + 1, start.column + 1, width)


def _no_tags(tag: str) -> str:
    return f"tags such as `{shorten(tag.replace(_CORE_TAG, '!!'))}` are not supported: write the plain value"
