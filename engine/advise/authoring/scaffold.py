"""`advise kb new`: rules with their tests, facts, decisions and sources, with everything in place that has to be filled in."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path
from typing import get_args

from advise.authoring import templates
from advise.authoring.insertion import insert_below, insert_entry
from advise.documents.nearest import nearest
from advise.errors import ScaffoldError
from advise.files import write
from advise.knowledge.catalog import Group
from advise.knowledge.files import Root, packaged_root, parse, read_raw
from advise.knowledge.rule import IDENTIFIER, RULE_ID, SOURCE_ID
from advise.knowledge.vocabulary import FACT_NAME, FactType

_PLAYBOOK = "kb/playbook.yaml"


class Scaffold:
    """Writes new entries into a knowledge base.

    Args:
        kb: The folder of the catalogues.
        rules: The folder of rules.

    Raises:
        ScaffoldError: There is no such folder.
    """

    def __init__(self, kb: Path, rules: Path) -> None:
        if not kb.is_dir():
            raise ScaffoldError(f"there is no folder {kb}; run this where kb/ and rules/ lie, or say --kb")
        self._kb = kb
        self._rules = rules
        self._files = self._read()

    def _read(self) -> dict[str, object]:
        """What stands in every catalogue; in a folder that is laid over the packaged knowledge, also what it is laid over."""
        root = Root(self._kb, ()) if (self._kb / "verdicts.yaml").is_file() else Root(packaged_root().kb, (), (self._kb,))
        return {file.key: file.data for file in parse(read_raw(root)).files}

    def rule(self, kind: str, rule_id: str, concludes: str = "", group: str = "") -> list[Path]:
        """A rule and its test; a diagnosis that is new comes into the catalogue too.

        Args:
            kind: diagnosis, decision, check or derive.
            rule_id: `topic/name`.
            concludes: An id of the catalogue, for a derive rule a boolean fact; empty takes the name of the rule.
            group: The group of a new diagnosis; empty takes the topic, where that is a group.

        Raises:
            ScaffoldError: The id is malformed, a file is there already, or there is nothing of the name to conclude.
        """
        if not re.fullmatch(RULE_ID, rule_id):
            raise ScaffoldError(f"`{rule_id}` is no rule id: write topic/name in small letters, words joined by hyphens")
        paths = [self._rules / f"{rule_id}.yaml", self._rules / f"{rule_id}.test.yaml"]
        for path in paths:
            if path.exists():
                raise ScaffoldError(f"{path} exists already")
        topic, _, last = rule_id.rpartition("/")
        name = concludes or last.replace("-", "_")
        catalogued = self._concluded(kind, name, group or topic)
        middle, tail = templates.MIDDLE.get(kind, ""), templates.TAIL.get(kind, "")
        told = f"{{{name}: true}}" if kind == "derive" else name
        paths[0].parent.mkdir(parents=True, exist_ok=True)
        write(templates.RULE.format(rule_id=rule_id, kind=kind, concludes=told, middle=middle, tail=tail), paths[0])
        write(templates.TEST.format(rule_id=rule_id, **templates.OUTCOMES.get(kind, templates.FIRING)), paths[1])
        return [*paths, *catalogued]

    def fact(self, name: str, kind: str) -> list[Path]:
        """A fact, in the file in which the facts of its group stand.

        Raises:
            ScaffoldError: The name is malformed, or taken, or there is no such type.
        """
        if kind not in tuple(FactType):
            raise ScaffoldError(f"there is no type `{kind}`; the types are {', '.join(FactType)}")
        if not re.fullmatch(FACT_NAME, name):
            raise ScaffoldError(f"`{name}` is no name of a fact: write group.name in small letters, words joined by underscores")
        homes = {fact: key for key in self._files if key.startswith("kb/facts/") for fact in self._entries(key, "facts")}
        for taken, key in {**homes, **dict.fromkeys(self._entries("kb/derived.yaml", "derived"), "kb/derived.yaml")}.items():
            if taken == name or taken.startswith(f"{name}.") or name.startswith(f"{taken}."):
                raise ScaffoldError(f"`{taken}` is a fact already, in {key}")
        values = templates.VALUES if kind == FactType.ENUM else templates.UNIT if FactType(kind).has_unit else ""
        return self._add(self._home(name, homes), "facts", templates.FACT.format(name=name, type=kind, values=values))

    def source(self, source_id: str, kind: str = "", url: str = "") -> list[Path]:
        """A place that rules may cite: a section of a document, and the document where it is new.

        Args:
            source_id: `document#section`.
            kind: What a new document is, such as paper or docs.
            url: Where a new document can be read.

        Raises:
            ScaffoldError: The id is malformed or taken, or a new document has no kind.
        """
        if not re.fullmatch(SOURCE_ID, source_id):
            raise ScaffoldError(f"`{source_id}` is no source: write document#section, the document in small letters, words joined by hyphens")
        document, _, section = source_id.partition("#")
        documents = self._entries(_PLAYBOOK, "documents")
        if document not in documents:
            kinds = sorted({str(item.get("kind")) for item in documents.values() if isinstance(item, dict)})
            if not kind:
                raise ScaffoldError(f"`{document}` is a new document; say its kind: --kind, such as {', '.join(kinds)}")
            told = f"    url: {url}\n" if url else ""
            return self._add(_PLAYBOOK, "documents", templates.SOURCE.format(name=document, kind=kind, url=told, section=section))
        known = documents[document]
        if isinstance(known, dict) and section in (known.get("sections") or {}):
            raise ScaffoldError(f"there is a source `{source_id}` already")
        path = self._kb / _PLAYBOOK.removeprefix("kb/")
        own = next((file.data for file in parse(read_raw(Root(self._kb, ()))).files if file.key == _PLAYBOOK), None)
        if document not in (own.get("documents") or {} if isinstance(own, dict) else {}):
            return self._add(_PLAYBOOK, "documents", f"  {document}:\n    sections:\n{templates.SECTION.format(section=section)}")
        insert_below(path, ("documents", document, "sections"), templates.SECTION.format(section=section))
        return [path]

    def decision(self, name: str, rule_id: str, slot: str) -> list[Path]:
        """A decision, and the first rule that asks for it.

        Raises:
            ScaffoldError: The name is malformed or taken, there is no such slot, or the rule cannot be written.
        """
        _check_identifier(name, self._entries("kb/decisions.yaml", "decisions"), "decision")
        slots = [item.get("id", "") for item in self._listed("kb/decisions.yaml", "slots")]
        if slot not in slots:
            raise ScaffoldError(f"there is no slot `{slot}`; the slots are {', '.join(slots)}")
        written = self._add("kb/decisions.yaml", "decisions", templates.DECISION.format(name=name, slot=slot))
        self._files = self._read()
        return [*written, *self.rule("decision", rule_id, name)]

    def _concluded(self, kind: str, name: str, group: str) -> list[Path]:
        """Make sure that there is what a rule concludes."""
        if kind == "check":
            items = [item.get("id", "") for item in self._listed("kb/checklist.yaml", "items")]
            _check_there(name, items, "checklist item", "advise kb list checklist")
        elif kind == "derive":
            facts = [fact for key in self._files if key.startswith("kb/facts/") for fact in self._entries(key, "facts")]
            _check_there(name, facts, "fact", f"advise kb new fact {name} --type boolean")
        elif kind == "decision":
            _check_there(name, self._entries("kb/decisions.yaml", "decisions"), "decision", f"advise kb new decision {name} TOPIC/NAME --slot SLOT")
        elif name not in self._entries("kb/diagnoses.yaml", "diagnoses"):
            return self._new_diagnosis(name, group)
        return []

    def _new_diagnosis(self, name: str, group: str) -> list[Path]:
        _check_identifier(name, (), "diagnosis")
        if group not in get_args(Group):
            raise ScaffoldError(f"`{name}` is a new diagnosis; say its group: --group, one of {', '.join(get_args(Group))}")
        return self._add("kb/diagnoses.yaml", "diagnoses", templates.DIAGNOSIS.format(name=name, group=group))

    def _home(self, name: str, homes: dict[str, str]) -> str:
        """The file with the most facts of the same group, or a new one."""
        first = name.partition(".")[0]
        keys = [key for fact, key in homes.items() if fact.partition(".")[0] == first]
        return max(sorted(set(keys)), key=keys.count) if keys else f"kb/facts/{first}.yaml"

    def _add(self, key: str, section: str, entry: str) -> list[Path]:
        path = self._kb / key.removeprefix("kb/")
        insert_entry(path, section, entry)
        return [path]

    def _entries(self, key: str, section: str) -> dict[str, object]:
        data = self._files.get(key)
        found = data.get(section) if isinstance(data, dict) else None
        return found if isinstance(found, dict) else {}

    def _listed(self, key: str, section: str) -> list[dict[str, str]]:
        data = self._files.get(key)
        found = data.get(section) if isinstance(data, dict) else None
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _check_identifier(name: str, taken: Collection[str], what: str) -> None:
    if not re.fullmatch(IDENTIFIER, name):
        raise ScaffoldError(f"`{name}` is no {what} id: write small letters, words joined by underscores")
    if name in taken:
        raise ScaffoldError(f"there is a {what} `{name}` already")


def _check_there(name: str, names: Collection[str], what: str, remedy: str) -> None:
    if name not in names:
        suggestion = nearest(name, names)
        meant = f"; did you mean `{suggestion}`?" if suggestion else ""
        raise ScaffoldError(f"there is no {what} `{name}`{meant} (say --concludes, or first: {remedy})")
