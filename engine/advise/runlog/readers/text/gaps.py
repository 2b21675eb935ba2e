"""What the text between two numbers says: the unit of the one before, the name of the one behind, and which data they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from advise.runlog.lexicon import Lexicon
from advise.runlog.words import Words, words_of

# What may stand between a name and its number.
_JOINING = " \t\u00a0\u3000'\"`=:：＝~≈<>|│┃║$*-–→([{（【「"
_STRONG = frozenset("=:：＝'\"")
_CLOSING = {")": "(", "]": "[", "}": "{", "）": "（", "】": "【", "」": "「"}
_BOUNDARY = re.compile(
    r"[,;|\t\n{}\[\]()\"`!?=<>*•·│┃║…^$\\，；。！？、（）【】「」：＝→⏱✓✗]+|'(?!s\s)|:+|\s[-–—]++\s|\s{2,}|\.\s|\s#\s",
)
_TOKEN = re.compile(r"(?:[^\s,;|{}\[\]()\"'`!?=<>*│┃║:：，；。（）【】]|(?<=\w)'(?=s\s))+")
_UNIT = re.compile(r"(?:%|[hm]\d{1,2}[ms]?(?:\d{1,2}s)?|[A-Za-zµμ]+(?:/[A-Za-z]+)?)(?![\w])")
_CHINESE_UNIT = re.compile(r"\s?(?:个\s?)?([㐀-鿿]{1,4}(?:epoch)?)")
# `第 3 个 epoch`
_COUNTED = re.compile(r"\s?个\s?([A-Za-z]{1,20})(?![A-Za-z])")
_SPACED_UNIT = re.compile(r"\s{1,2}(%|[A-Za-z]+/(?:s|sec|second|step|it|iter|batch|sample|token)|s|ms|secs?|seconds?|msec|min|minutes?)(?![\w/.:=])")
_WRAPPER = re.compile(r"(?<![\w.])(?:np\.|numpy\.|torch\.|tf\.|jnp\.)?(?:float\d{0,2}|int\d{0,2}|tensor|Tensor|array|Array|DeviceArray|Decimal)$")
# `<tf.Tensor: shape=(), dtype=float32, numpy=0.5>`, and `('loss', 0.5)` as of a list of pairs.
_SHOWN_TENSOR = re.compile(r"<tf\.(?:Tensor|Variable)[^<>]{0,120}\bnumpy(?=\s{0,2}=\s{0,2}$)")
_PAIR = re.compile(r"\(\s{0,2}(['\"])([^'\"()]{1,80})\1,\s{0,2}$")
_SOURCE = re.compile(r"\.(?:py|pyx|cc|cpp|cu|c|h|go|rs|java|js|ts|jl|ipynb)$")
# Who logs, and in which line of its code, behind the level: `INFO | __main__:train:87 - `, `INFO main:fit:87 - `.
_CALLER = re.compile(
    r"\b(?:INFO|DEBUG|WARNING|WARN|ERROR|CRITICAL|TRACE|SUCCESS|NOTICE)\b[\s|\]:-]{1,12}(?:[\w.<>]{1,80}:[\w.<>]{1,80}|train|training|trainer|main|fit|run)$"
)
_DOTTED = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+$")
# Of `50it/2.00kit`, what is behind the unit.
_REMNANT = re.compile(r"/\.?\d")
_LEVELS = frozenset({"info", "warning", "warn", "debug", "error", "critical", "trace", "fatal", "notice", "stdout", "stderr", "root", "main"})
# Words of sentences: no name begins or ends with one, and what stands before one is another clause.
_SENTENCE = frozenset(
    (
        "a",
        "about",
        "after",
        "an",
        "and",
        "approximately",
        "are",
        "as",
        "at",
        "be",
        "became",
        "become",
        "been",
        "before",
        "between",
        "but",
        "by",
        "for",
        "from",
        "had",
        "has",
        "have",
        "if",
        "in",
        "into",
        "is",
        "its",
        "just",
        "no",
        "not",
        "now",
        "of",
        "on",
        "only",
        "or",
        "over",
        "reached",
        "reaches",
        "since",
        "so",
        "than",
        "that",
        "the",
        "then",
        "these",
        "this",
        "to",
        "under",
        "until",
        "using",
        "was",
        "were",
        "when",
        "while",
        "will",
        "with",
    )
)
_MOST_WORDS = 8
_LONGEST_NAME = 120
_LONGEST_QUALIFIER = 60


class Gap(NamedTuple):
    """The text between two tokens of a line, understood.

    Attributes:
        text: The text itself.
        unit: The unit that stands directly behind the number before, such as `ms`, `%` or `epoch`; empty where none does.
        name: The words directly before the number behind it; empty where there is none.
        words: The words of the name.
        own: The split that the name itself names.
        before: The split that is named nearest before the name.
        carries: The split that goes on to the following names: the last that stands as a word of its own.
        joint: What stands between the name and the number.
        is_direct: Whether no word of a sentence does.
        is_source: Whether the number behind it is a line of source code: `train.py:48`.
    """

    text: str
    unit: str
    name: str
    words: Words
    own: str | None
    before: str | None
    carries: str | None
    joint: str
    is_direct: bool
    is_source: bool

    @property
    def is_strong(self) -> bool:
        """Whether the number is joined to its name by more than a space."""
        return not _STRONG.isdisjoint(self.joint)

    @property
    def rest(self) -> str:
        """What stands between the numbers besides the unit and spaces."""
        return self.text.strip().removeprefix(self.unit).strip() if self.unit else self.text.strip()


def understood(text: str, lexicon: Lexicon, *, first: bool) -> Gap:
    """Understand the text between two tokens.

    Args:
        text: The text.
        lexicon: The words that name splits.
        first: Whether no token stands before it.
    """
    unit, start = ("", 0) if first else _unit(text, lexicon)
    # What is behind the name is looked at from here on; the text itself stays.
    whole = text
    text = _PAIR.sub(r"(\2=", _SHOWN_TENSOR.sub("", text))
    body = text[start:].rstrip(_JOINING)
    wrapper = _WRAPPER.search(body) if text[start + len(body) : start + len(body) + 1] == "(" else None
    if wrapper:
        # `dice [np.float32(0.8)]` is a dice of 0.8.
        body = body[: wrapper.start()].rstrip(_JOINING)
    joint = text[start + len(body) :]
    name, begins = _name(body, joint)
    words = words_of(name)
    own, before, carries = _splits(body, begins, lexicon)
    last = name.rpartition(" ")[2]
    is_direct = bool(name) and words_of(body)[-1:] == words[-1:]
    is_source = (_SOURCE.search(last) is not None and ":" in joint) or (joint == ":" and _CALLER.search(body) is not None)
    return Gap(whole, unit, name, words, own, before, carries, joint, is_direct, is_source)


def _unit(text: str, lexicon: Lexicon) -> tuple[str, int]:
    match = _UNIT.match(text)
    if match:
        return match[0], match.end()
    spaced = _SPACED_UNIT.match(text)
    if spaced:
        return spaced[1], spaced.end()
    counted = _COUNTED.match(text)
    if counted and words_of(counted[1]) in lexicon.counters:
        return counted[1], counted.end()
    chinese = _CHINESE_UNIT.match(text)
    if chinese:
        # Nothing divides `第3轮训练损失`: a unit is as much of it as counts.
        for end in range(len(chinese[1]), 0, -1):
            if words_of(chinese[1][:end]) in lexicon.counters:
                return chinese[1][:end], chinese.start(1) + end
    return "", 0


def _name(body: str, joint: str) -> tuple[str, int]:
    """The name at the end of a text, and where in the text it begins."""
    if len(body) > _LONGEST_NAME:
        cut = len(body) - _LONGEST_NAME
        name, begins = _name(body[cut:], joint)
        return name, begins + cut
    closing = body[-1:]
    if closing not in _CLOSING or not closing:
        return _last_clause(body)
    opening = body.rfind(_CLOSING[closing])
    inner = body[opening + 1 : -1].strip()
    if opening < 0 or len(inner) > _LONGEST_QUALIFIER:
        return "", len(body)
    outer, begins = _last_clause(body[:opening].rstrip())
    attached = opening > 0 and not body[opening - 1].isspace()
    if outer and closing in ")）" and (attached or not _STRONG.isdisjoint(joint) or joint.isspace() or not joint):
        return f"{outer}({inner})" if attached else f"{outer} ({inner})", begins
    if outer and attached:
        return f"{outer}[{inner}]", begins
    name, place = _last_clause(inner)
    return name, opening + 1 + place


def _last_clause(text: str) -> tuple[str, int]:
    end = 0
    for boundary in _BOUNDARY.finditer(text):
        end = boundary.end()
    kept: list[str] = []
    begins = len(text)
    for match in reversed(list(re.finditer(r"\S+", text[end:]))):
        word = match[0].strip("-–—·•#*&+~@")
        if not any(map(str.isalpha, word)) or _REMNANT.match(word):
            break
        lower = word.lower()
        if lower in _LEVELS and kept:
            break
        if lower in _SENTENCE or lower in _LEVELS:
            if kept:
                break
            continue
        kept.append(word)
        begins = end + match.start()
        if len(kept) == _MOST_WORDS:
            break
    return " ".join(reversed(kept)), begins


def _splits(body: str, begins: int, lexicon: Lexicon) -> tuple[str | None, str | None, str | None]:
    """The split within the name, the split nearest before it, and the one that goes on to further names."""
    own = before = carries = None
    for words, inside, free in _runs(body, begins, lexicon):
        for _, _, label in lexicon.splits_in(words):
            own = label if inside else own
            before = label if not inside and free else before
            carries = label if free else carries
    return own, before, carries


def _runs(body: str, begins: int, lexicon: Lexicon) -> Iterator[tuple[Words, bool, bool]]:
    """The words of a text in runs: those of the name or before it, those that stand alone or are joined to others."""
    run: list[str] = []
    within = False
    for match in _TOKEN.finditer(body):
        token, inside = match[0], match.start() >= begins
        if not inside and (_SOURCE.search(token) or _DOTTED.match(token) or "/" in token):
            continue
        words = words_of(token)
        free = len(words) == 1 or not token.isascii() or words in lexicon.splits
        if run and (not free or inside != within):
            yield tuple(run), within, True
            run = []
        if free:
            run += words
            within = inside
        else:
            yield words, inside, False
    if run:
        yield tuple(run), within, True
