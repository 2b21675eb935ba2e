"""What can be read of the knowledge base, by address, and the kept reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from advise.agent.toolbox import Toolbox

RULE, ENTRY, REPORT, REPORT_JSON = (
    "advise://rules/{topic}/{name}",
    "advise://entries/{name}",
    "advise://reports/{name}",
    "advise://reports/{name}/json",
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A list that can be read whole: one line an entry, tab-separated.

    Attributes:
        lists: What `advise kb list` calls it.
    """

    name: str
    title: str
    description: str
    lists: str


SHELVES: Mapping[str, Shelf] = {
    "advise://rules": Shelf("rules", "Rules", "Every rule: id, kind, status, and what it concludes.", "rules"),
    "advise://vocabulary": Shelf(
        "vocabulary", "Vocabulary", "Every fact that can be stated: name, type, unit, and title in both languages.", "facts"
    ),
    "advise://checklist": Shelf(
        "checklist", "Checklist", "The items of the tuning checklist: id, tag, section, and what holds when it is fulfilled.", "checklist"
    ),
    "advise://playbook": Shelf("playbook", "Playbook index", "Every citable place of the sources: id, title, and web address.", "sources"),
    "advise://errata": Shelf("errata", "Errata", "Claims of the sources that do not hold: id, source, and claim.", "errata"),
}


def shelf_text(toolbox: Toolbox, address: str) -> str:
    """A list of the knowledge base."""
    from advise.authoring.listing import lines

    return "\n".join(lines(SHELVES[address].lists, toolbox.advisor.knowledge))


def entry_text(toolbox: Toolbox, name: str) -> str:
    """Everything that is known of one name.

    Raises:
        UnknownNameError: Nothing has this name; the nearest is suggested.
    """
    from advise.authoring.listing import description

    return description(name, toolbox.advisor.knowledge, {})


def report_text(toolbox: Toolbox, name: str) -> str:
    """A kept report as a page in both languages.

    Raises:
        ReportError: It is not kept any more, or never was.
    """
    from advise.render import render

    return render(toolbox.reports.get(name), toolbox.advisor.knowledge.strings, "md")


def report_json(toolbox: Toolbox, name: str) -> str:
    """A kept report as the JSON of the plan.

    Raises:
        ReportError: It is not kept any more, or never was.
    """
    return toolbox.reports.get(name).to_json()


def address_of(kind: str, name: str) -> str:
    """Where an entry of the knowledge base can be read."""
    if kind == "rule":
        return f"advise://rules/{name}"
    # The address of a place in a document would need an address within an address.
    return "advise://playbook" if kind == "source" else f"advise://entries/{name}"
