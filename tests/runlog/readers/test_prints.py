"""Prints of loops of one's own, generated: whatever the words, their order, the separators and the case, what was generated comes out."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from advise.runlog.lexicon import packaged
from advise.runlog.readers import textlog
from advise.runlog.readers.table import Table
from advise.runlog.readers.text.tokens import is_number, taken_apart, value_of
from advise.runlog.words import words_of

LINES = 4
SPLITS = {"en": {"train": ["train", "training"], "val": ["val", "valid", "validation", "eval", "dev"], "test": ["test"]}}
SPLITS["zh"] = {"train": ["训练"], "val": ["验证"], "test": ["测试"]}
QUANTITIES = {
    "en": ["loss", "acc", "accuracy", "grad norm", "f1 score", "perplexity", "bleu", "lr", "my score", "total loss"],
    "zh": ["损失", "准确率", "学习率", "梯度范数", "困惑度", "得分"],
}
COUNTERS = {
    "en": ["Epoch {}", "epoch: {}/20", "step {}", "Step: {}", "[Epoch {}/20]", "iter={}", "Epoch [{}/20]", "{}"],
    "zh": ["第{}轮", "第 {} 轮", "轮次 {}", "步数: {}"],
}
JOINTS = [" ", ": ", "=", " = ", ":", ": =", " : "]
BETWEEN = [", ", " | ", " - ", "; ", "\t", "  "]
# How the split stands before a quantity: as a word of its own, which goes on to the names behind it, or as a part of the name.
FREE, JOINED, TAG = "free", "joined", "tag"


@dataclass(frozen=True)
class Field:
    """A number of a line: the split it is about, the words that say so, the quantity, and how they are put together."""

    split: str | None
    word: str
    quantity: str
    style: str

    def written(self, language: str) -> str:
        if self.split is None:
            return self.quantity
        if self.style == TAG:
            return f"[{self.word}] {self.quantity}"
        if self.style == JOINED:
            return f"{self.word}_{self.quantity.replace(' ', '_')}"
        return f"{self.word}{self.quantity}" if language == "zh" else f"{self.word} {self.quantity}"


@dataclass(frozen=True)
class Print:
    """A line that a loop prints each time, with its numbers."""

    language: str
    counter: str
    fields: Sequence[Field]
    joint: str
    between: str
    upper: str
    decimals: int

    def value(self, line: int, place: int) -> float:
        return round(1 + line * 0.5 + place * 0.07 + 0.001 * line * place, self.decimals)

    def line(self, number: int) -> str:
        names = [getattr(field.written(self.language), self.upper)() if self.upper else field.written(self.language) for field in self.fields]
        pairs = [f"{name}{self.joint}{self.value(number, place):.{self.decimals}f}" for place, name in enumerate(names)]
        return self.between.join([self.counter.format(number), *pairs])

    def text(self) -> str:
        return "\n".join(self.line(number) for number in range(1, LINES + 1)) + "\n"

    def splits(self) -> list[str | None]:
        """Of each field, the split that a reader of the language sees: its own, else the last that stood alone before it."""
        found: list[str | None] = []
        carried: str | None = None
        for field in self.fields:
            free = field.split is not None and (field.style in (FREE, TAG))
            carried = field.split if free else carried
            found.append(field.split or carried)
        return found


@st.composite
def fields(draw: st.DrawFn, language: str) -> Sequence[Field]:
    names = draw(st.lists(st.sampled_from(QUANTITIES[language]), min_size=1, max_size=4, unique=True))
    found = []
    for name in names:
        for split in draw(st.lists(st.sampled_from(["train", "val", "test", None]), min_size=1, max_size=3, unique=True)):
            word = "" if split is None else draw(st.sampled_from(SPLITS[language][split]))
            styles = [FREE, TAG] if language == "zh" else [FREE, JOINED, TAG]
            found.append(Field(split, word, name, draw(st.sampled_from(styles))))
    return draw(st.permutations(found))


@st.composite
def prints(draw: st.DrawFn) -> Print:
    language = draw(st.sampled_from(["en", "zh"]))
    upper = draw(st.sampled_from(["", "title", "upper"])) if language == "en" else ""
    made = Print(
        language,
        draw(st.sampled_from(COUNTERS[language])),
        draw(fields(language)),
        draw(st.sampled_from(JOINTS)),
        draw(st.sampled_from(BETWEEN)),
        upper,
        draw(st.integers(2, 6)),
    )
    seen = list(zip(made.splits(), [field.quantity for field in made.fields], strict=True))
    # Two fields that a reader would take for the same are no print that anybody could read.
    return made if len(set(seen)) == len(seen) else draw(prints())


def read(text: str) -> Table:
    (table,) = textlog.read(text, "log")
    return table


def split_of(name: str) -> str | None:
    labels = [label for _, _, label in packaged().splits_in(words_of(name))]
    return labels[-1] if labels else None


@given(made=prints())
@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@example(Print("en", "Epoch {}", [Field("train", "train", "loss", FREE), Field("val", "val", "loss", FREE)], "=", ", ", "title", 4))
@example(Print("zh", "第{}轮", [Field("train", "训练", "损失", FREE), Field("val", "验证", "准确率", FREE)], " ", " ", "", 3))
def test_what_was_printed_comes_out_under_its_own_split(made: Print) -> None:
    table = read(made.text())
    for place, (field, split) in enumerate(zip(made.fields, made.splits(), strict=True)):
        wanted = [made.value(number, place) for number in range(1, LINES + 1)]
        names = [name for name, column in table.columns.items() if [float(value) for value in column.values] == pytest.approx(wanted)]
        assert len(names) == 1, (made.line(1), field, list(table.columns))
        assert split_of(names[0]) == split, (made.line(1), field, names)
        assert set(words_of(field.quantity)) <= set(words_of(names[0])), (made.line(1), field, names)


WORDS = st.sampled_from(
    [
        "epoch",
        "loss",
        "train",
        "val",
        "acc",
        "of",
        "is",
        "the",
        "lr",
        "(",
        ")",
        "[",
        "]",
        ",",
        "|",
        ":",
        "=",
        "/",
        "-",
        "损失",
        "第",
        "%",
        "it/s",
        "best",
    ]
)
NUMBERS = st.one_of(
    st.integers(0, 10**6).map(str), st.floats(0.001, 1000).map("{:.4f}".format), st.floats(1e-6, 1).map("{:.2e}".format), st.just("nan")
)


@given(pieces=st.lists(st.one_of(WORDS, NUMBERS), min_size=1, max_size=14), glue=st.sampled_from([" ", ""]))
@settings(deadline=None, max_examples=400)
@example(["epoch", "epoch", "1", "of", "0"], " ")
@example(["loss", "0.5", "/", "0.6"], " ")
def test_no_number_of_a_line_vanishes_unsaid(pieces: list[str], glue: str) -> None:
    text = "step 1 loss 2.5\n" + f"{glue.join(pieces)}\n" * 3 + "step 2 loss 2.25\n"
    table = read(text)
    shown = {float(value) for column in table.columns.values() for value in column.values} | {
        v for v in table.settings.values() if isinstance(v, float)
    }
    has_values = any(len(column.values) == 3 for column in table.columns.values())
    # A line of nothing but counters says where the lines below it stand; of several in a row the last one counts.
    if not has_values or any(remark.code == "lines_unread" for remark in table.remarks):
        return
    line = taken_apart(glue.join(pieces))
    numbers = [value_of(token) if is_number(line.shape, place) else None for place, token in enumerate(line.tokens)]
    for place, value in enumerate(numbers):
        if value is not None and math.isfinite(value):
            assert _is_shown(value, shown) or _is_share(numbers[place - 1 : place + 2], shown), (text, value, sorted(shown))


def _is_shown(value: float, shown: Collection[float]) -> bool:
    return any(value * scale == pytest.approx(number) for scale in (1, 0.01, 1e-3, 1e-6) for number in shown)


def _is_share(around: Sequence[float | None], shown: Collection[float]) -> bool:
    """Whether a number and one beside it are kept as the share that they are: `184/300`."""
    pairs = [(part, whole) for part, whole in itertools.pairwise(around) if part is not None and whole]
    return any(part / whole == pytest.approx(number) for part, whole in pairs for number in shown)
