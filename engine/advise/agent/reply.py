"""What a tool gives back before it is made a result: the answer, how it reads, and where there is more."""

from __future__ import annotations

import json
from dataclasses import dataclass

from advise.agent.answers import Answer
from advise.agent.result import Link, ToolResult
from advise.untrusted import NOTICE, mentions_data


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        answer: As a record.
        text: As a model reads it.
        report: The address of the whole report, where there is one.
    """

    answer: Answer
    text: str
    report: str = ""

    def result(self) -> ToolResult:
        """The answer for any framework; where foreign text is in it, it says so."""
        text, structured = self.text, self.answer.structured()
        if mentions_data(text) or mentions_data(json.dumps(structured, ensure_ascii=False)):
            text = f"{text}\n{NOTICE}"
            structured["note"] = NOTICE
        links = (Link(self.report, "report"), Link(f"{self.report}/json", "plan", "application/json")) if self.report else ()
        return ToolResult(text, structured, links=links)
