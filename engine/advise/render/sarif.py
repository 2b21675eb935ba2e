"""A plan as SARIF 2.1.0, the form in which checks of code report: each diagnosis a result, at the place in the log where it was read."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from advise.plan.model import Diagnosis, Plan
from advise.render.voice import spoken_languages
from advise.terms import Severity
from advise.text import LanguageChoice, Text
from advise.untrusted import verbatim, visible, web_address

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Mapping[Severity, str] = {"high": "error", "medium": "warning", "low": "note", "info": "note"}
# `train.log:12`, `train.log:12-340`, `facts.yaml:7:3`
_PLACE = re.compile(r"(?P<file>.+?):(?P<line>[1-9]\d*)(?:-(?P<last>\d+)|:(?P<column>\d+))?")
# What a viewer would take for a link.
_LINK = re.compile(r"\[(?=[^\]]*\]\()")
_DIGEST = 16


def as_sarif(plan: Plan, language: LanguageChoice) -> str:
    """The plan as JSON of SARIF.

    Args:
        plan: What to report.
        language: In which language; both stand one below the other.
    """
    rules = list({item.rule: item for item in plan.diagnoses}.values())
    order = {item.rule: place for place, item in enumerate(rules)}
    driver = {"name": "advise", "version": version("playbook-advisor"), "rules": [_rule(item, plan, language) for item in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True}],
        "results": [_result(item, order[item.rule], plan, language) for item in plan.diagnoses],
        "properties": {"verdict": plan.verdict.id, "run": plan.run and verbatim(plan.run)},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2) + "\n"


def _rule(item: Diagnosis, plan: Plan, language: LanguageChoice) -> dict[str, Any]:
    addresses = (web_address(source.url) for source in item.sources if source.url)
    address = next((found for found in addresses if found), None)
    help_text = "\n".join(_help(item, plan, language)) or _said(item.title, language)
    return {
        "id": item.rule,
        "name": item.id,
        "shortDescription": {"text": _said(item.title, language)},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": _LEVELS[item.severity]},
        **({} if address is None else {"helpUri": address}),
    }


def _help(item: Diagnosis, plan: Plan, language: LanguageChoice) -> Iterator[str]:
    """What to do about it, as the plan has it, and what it rests on."""
    for decision in plan.decisions:
        if item.id in decision.because:
            yield f"{decision.priority} {_said(decision.title, language)}"
            yield from (f"- {_said(step, language)}" for step in decision.steps)
    yield from (_said(source.title, language) for source in item.sources)


def _result(item: Diagnosis, index: int, plan: Plan, language: LanguageChoice) -> dict[str, Any]:
    places = [place for place in map(_location, _origins(item)) if place is not None]
    named = blake2b(f"{plan.run or ''}\0{item.id}".encode("utf-8", "surrogateescape"), digest_size=_DIGEST)
    return {
        "ruleId": item.rule,
        "ruleIndex": index,
        "level": _LEVELS[item.severity],
        "message": {"text": f"{_said(item.title, language)}\n{_said(item.why, language)}"},
        "locations": places[:1],
        "relatedLocations": places[1:],
        "partialFingerprints": {"diagnosis/v1": named.hexdigest()},
        "properties": {"diagnosis": item.id, "severity": item.severity, "certainty": item.certainty},
    }


def _origins(item: Diagnosis) -> list[str]:
    """Where its evidence was read, the narrowest place first."""
    found = dict.fromkeys(evidence.origin for evidence in item.evidence if _PLACE.fullmatch(evidence.origin) and not evidence.origin.startswith("= "))
    return sorted(found, key=_width)


def _width(origin: str) -> int:
    place = _PLACE.fullmatch(origin)
    return 0 if place is None or place["last"] is None else int(place["last"]) - int(place["line"])


def _location(origin: str) -> dict[str, Any] | None:
    place = _PLACE.fullmatch(origin)
    if place is None:
        return None
    region = {"startLine": int(place["line"])}
    if place["last"] is not None:
        region["endLine"] = max(int(place["last"]), region["startLine"])
    if place["column"] is not None and int(place["column"]):
        region["startColumn"] = int(place["column"])
    return {"physicalLocation": {"artifactLocation": {"uri": _address(place["file"])}, "region": region}}


def _address(path: str) -> str:
    """A path as a reference: relative to where the command ran, where it was given so."""
    parts = quote(os.fsencode(path.replace(os.sep, "/")))
    # A first part with a colon would be a scheme; `quote` has written the colon otherwise.
    return f"file://{parts}" if os.path.isabs(path) else parts


def _said(text: Text, language: LanguageChoice) -> str:
    texts: Iterable[str] = (text.in_language(each) for each in spoken_languages(language))
    return "\n".join(_LINK.sub(r"\\[", visible(each).strip()) for each in dict.fromkeys(texts))
