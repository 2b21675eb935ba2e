"""An event in words for people, and as data for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advise.live.findings import StandingFinding
from advise.live.watch.watch import Event, Watch
from advise.plan.extent import Place
from advise.render.page import Badge, Code, Line, Plain, Strong, Tone
from advise.render.voice import Voice
from advise.terms import Severity
from advise.text import Text, show

_TONES: Mapping[Severity, Tone] = {"high": "danger", "medium": "warning", "low": "notice", "info": "muted"}
_SCHEMA = "advise/event@1"


def as_data(event: Event, watch: Watch) -> dict[str, Any]:
    """An event as JSON values."""
    told: dict[str, Any] = {"schema": _SCHEMA, "what": event.what, "log": watch.source.path}
    if event.at is not None:
        told |= {"at": _whole(event.at.number), "unit": event.at.unit}
    if watch.plan is not None:
        told["verdict"] = watch.plan.verdict.id
    if event.text:
        told["text"] = event.text
    return told if event.finding is None else told | _finding(event.finding)


def _finding(finding: StandingFinding) -> dict[str, Any]:
    item = finding.diagnosis
    began = {} if finding.began is None else {"since": _whole(finding.began.number), "since_unit": finding.began.unit}
    return {
        "id": item.id,
        "severity": item.severity,
        "certainty": item.certainty,
        "title": item.title.en,
        "title_zh": item.title.zh,
        "why": item.why.en,
        "why_zh": item.why.zh,
        "rule": item.rule,
        **began,
        "evidence": [evidence.model_dump(mode="json", exclude_none=True) for evidence in item.evidence],
    }


def event_line(event: Event, voice: Voice) -> Line:
    """An event in one line."""
    where: Line = () if event.at is None else (Plain(voice.joined(place_text(event.at, voice))), Plain(": "))
    said = voice.joined_phrase(f"watch_{event.what}")
    if event.finding is None:
        return (*where, Plain(said), *((Plain(": "), Code(event.text)) if event.text else ()))
    return (*where, Plain(f"{said}: "), *finding_line(event.finding, voice))


def finding_line(finding: StandingFinding, voice: Voice) -> Line:
    """A finding in one line: how bad, how sure, what, since when."""
    since: Line = ()
    # A title that names the place says it already.
    if finding.began is not None and _counted(finding.began.number) not in finding.title.en:
        since = (Plain(voice.joined(_since(finding.began, voice))),)
    return (
        severity_badge(finding.severity, voice),
        Plain(f" {voice.joined_phrase(f'certainty_{finding.certainty}')}: "),
        Strong(voice.joined(finding.title)),
        Plain(" "),
        Code(finding.id),
        *((Plain(" "), *since) if since else ()),
    )


def severity_badge(severity: Severity, voice: Voice) -> Badge:
    """How bad something is."""
    return Badge(voice.joined_phrase(f"severity_{severity}"), _TONES[severity])


def place_text(place: Place, voice: Voice) -> Text:
    """Where on the way: `step 1,200`."""
    return voice.phrase(f"head_since_{place.unit}", number=_counted(place.number))


def _since(place: Place, voice: Voice) -> Text:
    """`since step 1,200`."""
    return voice.strings["watch_since"].filled({"place": place_text(place, voice)})


def _whole(number: float) -> float:
    return int(number) if number == int(number) else number


def _counted(number: float) -> str:
    return f"{number:,.0f}" if number == int(number) else show(float(f"{number:.3g}"))
