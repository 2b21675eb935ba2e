"""What answers a question takes, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from advise.interview.quantity import in_unit
from advise.interview.wording import Wording
from advise.knowledge.vocabulary import FactSpec, FactType
from advise.text import Text
from advise.units import Unit

_KINDS: Mapping[FactType, str] = {
    FactType.NUMBER: "ask_a_number",
    FactType.INTEGER: "ask_a_whole_number",
    FactType.BOOLEAN: "ask_yes_or_no",
    FactType.ENUM: "ask_one_of_the_list",
    FactType.TEXT: "ask_a_text",
    FactType.NUMBERS: "ask_numbers",
    FactType.INTEGERS: "ask_whole_numbers",
    FactType.TEXTS: "ask_texts",
}
_NUMERIC = frozenset({FactType.NUMBER, FactType.INTEGER, FactType.NUMBERS, FactType.INTEGERS})
# From here on a count is more easily written with a magnitude.
_LARGE = 1000


def accepted(spec: FactSpec, words: Wording) -> Text:
    """What is accepted as an answer: `a number in [0, 1], as a share of 1 (also: 5%)`."""
    parts = [words.phrase(_KINDS[spec.type])]
    if spec.type in _NUMERIC:
        parts += [*filter(None, [spec.interval]), *_unit(spec, words)]
    examples = _examples(spec)
    aside = words.phrase("ask_also", examples=examples) if examples else None
    return Text(
        en=", ".join(part.en for part in parts) + (f" ({aside.en})" if aside else ""),
        zh="，".join(part.zh for part in parts) + (f"（{aside.zh}）" if aside else ""),
    )


def _unit(spec: FactSpec, words: Wording) -> Iterator[Text]:
    if spec.unit != "1":
        yield in_unit(spec.unit, words)


def _examples(spec: FactSpec) -> str:
    if spec.type not in _NUMERIC:
        return ""
    above = dict(Unit.parse(spec.unit).powers)
    if above.get("second", 0) > 0:
        return "100ms, 1h30m"
    if above.get("byte", 0) > 0:
        return "3 GiB"
    if spec.unit == "ratio":
        return "5%"
    highest = spec.max if spec.below is None else spec.below
    whole = spec.type in (FactType.INTEGER, FactType.INTEGERS)
    return "32k, 2M" if whole and spec.unit != "1" and (highest is None or highest > _LARGE) else ""
