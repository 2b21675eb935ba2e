"""The wheel, in a clean environment outside the checkout, does the main job."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
import zipfile
from functools import partial
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(REPOSITORY)], check=True, capture_output=True
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_knowledge_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "advise/py.typed" in names
    assert "advise/_data/kb/decisions.yaml" in names
    assert any(name.startswith("advise/_data/rules/") for name in names)
    assert {Path(name).name for name in names if ".dist-info/licenses/" in name} == {"LICENSE", "NOTICE"}
    assert not [name for name in names if name.startswith(("tests/", "bench/", "examples/"))]


def test_the_installed_wheel_runs_the_main_job(wheel: Path, tmp_path: Path) -> None:
    # The dependencies of this very environment serve; the package itself comes from the wheel alone, whatever PYTHONPATH says.
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=False, system_site_packages=False)
    packages = next((environment / "lib").glob("python*/site-packages"))
    here = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    (packages / "dependencies.pth").write_text(f"{here}\n", encoding="utf-8")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    facts = tmp_path / "facts.yaml"
    facts.write_text("clip.rate: 1.0\n", encoding="utf-8")
    run = partial(subprocess.run, check=True, capture_output=True, text=True, cwd=tmp_path)
    python = environment / "bin" / "python"
    where = run([python, "-I", "-c", "import advise; print(advise.__file__)"]).stdout
    assert where.startswith(str(environment))
    result = run([python, "-I", "-m", "advise", "facts.yaml", "--format", "json"])
    assert "clipping_saturated" in [item["id"] for item in json.loads(result.stdout)["diagnoses"]]
