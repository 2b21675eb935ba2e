"""What lies in a folder, where that is more than is looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from advise.advisor import Advisor
from advise.runlog.places.names import Names
from advise.runlog.places.scan import Limits, scan


@pytest.mark.parametrize(("files", "is_told"), [(3, False), (4, True)])
def test_a_folder_of_more_entries_than_are_listed_is_told(tmp_path: Path, files: int, is_told: bool) -> None:
    for number in range(files):
        (tmp_path / f"run{number}.csv").write_text("step,loss\n1,2.0\n2,1.0\n", encoding="utf-8")
    found = scan(str(tmp_path), Names(Advisor(engine="plain").knowledge.places), Limits(entries=3))
    assert len(found.files) == 3
    assert [remark.code for remark in found.remarks] == (["too_many_files"] if is_told else [])
