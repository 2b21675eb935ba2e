from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from advise.documents.problems import Problem
from advise.documents.shape import explain
from advise.documents.yaml import read_yaml


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Words(Shape):
    en: str
    zh: str


class ByFact(Shape):
    fact: str


class ByParam(Shape):
    param: str


Scalar = bool | int | float | str


class Rule(Shape):
    kind: Literal["rule"]
    id: Annotated[str, Field(pattern=r"^[a-z]+$")]
    severity: Literal["high", "low"] = "low"
    why: Words | None = None
    need: Annotated[int, Field(ge=1)] = 1
    fires: bool | Literal["undecided"] = True
    params: dict[Annotated[str, Field(pattern=r"^[a-z]+$")], ByFact | Scalar | list[Scalar]] = {}
    to: ByFact | ByParam | Scalar = 0
    steps: Annotated[list[Words], Field(min_length=1)] | None = None


class Check(Shape):
    kind: Literal["check"]
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Check:
        if self.low > self.high:
            raise ValueError("`low` is above `high`")
        return self


ADAPTER: TypeAdapter[Rule | Check] = TypeAdapter(Annotated[Rule | Check, Field(discriminator="kind")])


def explained(text: str) -> list[Problem]:
    document = read_yaml(text.encode(), "f").document
    assert document is not None
    with pytest.raises(ValidationError) as caught:
        ADAPTER.validate_python(document.plain())
    return explain(caught.value, document, ADAPTER)


CASES = {
    "kind: rule\n": ["f:1:1: `id` is missing"],
    "kind: rule\nid: a\nseverty: low": ["f:3:1: unknown key `severty` [kind, id, severity, why, need, fires, params, to, steps] (severity)"],
    "kind: rule\nid: a\nseverity: hihg": ["f:3:11: must be one of its values, got the word `hihg` [high, low] (high)"],
    "kind: rule\nid: A1": ["f:2:5: `A1` is not of the form ^[a-z]+$"],
    "kind: rule\nid: 7": ["f:2:5: must be text, got 7"],
    "kind: rule\nid: [a]": ["f:2:1: must be text, got a list"],
    "kind: rule\nid:": ["f:2:1: must be text, got nothing"],
    "kind: rule\nid: a\nneed: 0": ["f:3:7: must be at least 1, got 0"],
    "kind: rule\nid: a\nneed: two": ["f:3:7: must be a whole number, got the word `two`"],
    "kind: rule\nid: a\nneed: 1.5": ["f:3:7: must be a whole number, got 1.5"],
    "kind: rule\nid: a\nfires: perhaps": ["f:3:8: must be true or false or one of its words, got the word `perhaps` [undecided]"],
    "kind: rule\nid: a\nwhy:\n  en: x": ["f:3:1: `zh` is missing"],
    "kind: rule\nid: a\nwhy: {}": ["f:3:1: `en`, `zh` are missing"],
    "kind: rule\nid: a\nwhy: {en: x, zh: y, fr: z}": ["f:3:21: unknown key `fr` [en, zh]"],
    "kind: rule\nid: a\nwhy: text": ["f:3:6: must be a mapping, got the word `text`"],
    "kind: rule\nid: a\nsteps:\n  - en: x\n    zh: y\n  - 中": ["f:6:5: must be a mapping, got the word `中`"],
    "kind: rule\nid: a\nsteps: []": ["f:3:1: needs at least 1, has 0"],
    "kind: rule\nid: a\nparams: {lr: {fakt: x}}": ["f:3:10: `fact` is missing", "f:3:15: unknown key `fakt` [fact] (fact)"],
    "kind: rule\nid: a\nparams: {lr: [1, {}]}": ["f:3:18: must be true or false, a number or text, got a mapping"],
    "kind: rule\nid: a\nparams: {LR: 1}": ["f:3:10: `LR` is not of the form ^[a-z]+$"],
    "kind: rule\nid: a\nto: []": ["f:3:1: must be a mapping, true or false, a number or text, got a list"],
    "kind: rule\nid: a\nto: {parm: x}": ["f:3:1: `fact` or `param` is missing", "f:3:6: unknown key `parm` [fact, param] (param)"],
    "kind: ruel\nid: a": ["f:1:7: must be one of its values, got `ruel` [rule, check] (rule)"],
    "id: a": ["f:1:1: `kind` is missing"],
    "[1]": ["f:1:1: must be a mapping, got a list"],
    "": ["f:1:1: `kind` is missing"],
    "kind: check\nlow: 2\nhigh: 1": ["f:1:1: `low` is above `high`"],
    "kind: check\nlow: x\nhigh: .nan\ntop: 1": [
        "f:2:6: must be a number, got the word `x`",
        "f:4:1: unknown key `top` [kind, low, high]",
    ],
}


@pytest.mark.parametrize(("text", "problems"), CASES.items())
def test_in_plain_words_at_the_place(text: str, problems: list[str]) -> None:
    assert [shown(problem) for problem in explained(text)] == problems


def shown(problem: Problem) -> str:
    accepted = f" [{problem.accepted}]" if problem.accepted else ""
    return f"{problem}{accepted}" + (f" ({problem.nearest})" if problem.nearest else "")


def test_at_most_a_hundred() -> None:
    keys = "".join(f"key{number}: 1\n" for number in range(500))
    assert len(explained(f"kind: rule\nid: a\n{keys}")) == 100
