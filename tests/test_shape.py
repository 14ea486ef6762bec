"""The shape of the house: imports point down, names and sizes hold, everything public says what it is."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "cadvcli"
MODULES = sorted(PACKAGE.rglob("*.py"))

#: What does no I/O and lies below everything; these may import each other.
PURE = {"text", "units", "values", "options", "model", "prometheus"}
#: Which room lies on which: a module imports from its own room and from those further down. ``machine``, ``runtimes``
#: and ``collectors`` lie side by side, and so do ``storage`` and ``web``: neither imports the other.
FLOORS = (
    {"__init__", "errors"},
    PURE,
    {"host"},
    {"kernel"},
    {"filesystems"},
    {"machine", "runtimes", "collectors"},
    {"manager"},
    {"storage", "web"},
    {"cli"},
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

#: Modules that only declare data: their users' tests are their tests.
ONLY_DATA = {
    "model/container.py",
    "model/machine.py",
    "model/stats.py",
}
#: Imported, but required by a requirement of ours whose interface it is: influxdb-client raises urllib3's errors.
BROUGHT_ALONG = {"urllib3"}
#: Required, but not imported by us: uvicorn takes httptools where it is installed; the others are for parts to come.
TAKEN_BY_OTHERS = {"httptools", "elasticsearch", "psutil", "tabulate"}
MEANINGLESS = re.compile(r"utils?|helpers?|common|base|misc|tools?|stuff")
UNFINISHED = re.compile(
    r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b|NotImplemented" r"Error|(?i:not impl" r"emented|\bfor n" r"ow\b)"
)
#: Hosts of package registries, and folders of the machine this was written on.
FOREIGN = re.compile(
    r"(pypi|pythonhosted|npmjs)\.(org|com)|\bcrates\.io|proxy\.golang|repo1?\.maven|deb\.debian\.org"
    r"|(?<![\w./~}-])/(work|root|home/(?!me/|user/)\w+)/\w|/tmp/(cap|bg|gate)\b"
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(module: str) -> str:
    """``model`` for cadvcli.model.stats, ``host`` for cadvcli.host."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(tree: ast.AST, deep: bool = True) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Line, module and names of each import; without ``deep`` only those that run when the module is imported."""
    for node in ast.walk(tree) if deep else tree.body:  # type: ignore[attr-defined]
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, node.module or "", tuple(alias.name for alias in node.names)


def ours(path: Path, deep: bool = True) -> Iterator[tuple[int, str]]:
    """Line and name of each module of ours that a module imports."""
    known = {module_of(module) for module in MODULES}
    for line, module, names in imports(tree_of(path), deep):
        if module.split(".")[0] == "cadvcli":
            below = [f"{module}.{name}" for name in names if f"{module}.{name}" in known]
            yield from ((line, name) for name in below or [module])


def listed(found: Iterable[object]) -> str:
    """What pytest prints of a failure: a line for each."""
    return "\n" + "\n".join(map(str, found))


def test_imports_point_down():
    wrong = []
    for path in MODULES:
        here = room_of(module_of(path))
        for line, module in ours(path):
            there = room_of(module)
            if here != there and FLOOR[there] >= FLOOR[here] and not {here, there} <= PURE:
                wrong.append(f"{name_of(path)}:{line} imports {module}")
    assert not wrong, listed(wrong)


def test_no_two_modules_need_each_other_to_be_imported():
    graph = {module_of(path): {module for _, module in ours(path, deep=False)} - {module_of(path)} for path in MODULES}
    try:
        tuple(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" imports ".join(error.args[1]))


def test_relative_imports_are_not_used():
    wrong = [name_of(path) for path in MODULES for node in ast.walk(tree_of(path)) if getattr(node, "level", 0)]
    assert not wrong, listed(wrong)


def test_the_package_has_two_levels():
    assert [name_of(path) for path in MODULES if len(path.relative_to(PACKAGE).parts) > 2] == []


@pytest.mark.parametrize("tree", [PACKAGE, ROOT / "tests"], ids=["cadvcli", "tests"])
def test_no_module_has_a_name_that_says_nothing(tree):
    paths = [path for path in tree.rglob("*") if path.suffix == ".py" or path.is_dir()]
    assert [name_of(path) for path in paths if MEANINGLESS.fullmatch(path.stem)] == []


def test_every_module_has_its_test_at_the_same_path():
    missing = []
    for path in MODULES:
        inside = path.relative_to(PACKAGE)
        if path.name.startswith("__") or inside.as_posix() in ONLY_DATA:
            continue
        if not (ROOT / "tests" / inside.parent / f"test_{path.name}").exists():
            missing.append(name_of(path))
    assert not missing, listed(missing)


def test_modules_that_only_declare_data_do_only_that():
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    for name in ONLY_DATA:
        found = [node.name for node in ast.walk(tree_of(PACKAGE / name)) if isinstance(node, functions)]
        assert found == [], f"{name} has code, and so needs its test"


def test_no_module_is_longer_than_three_hundred_lines():
    lengths = [(name_of(path), len(path.read_text("utf-8").splitlines())) for path in MODULES]
    long = [f"{name}: {count}" for name, count in lengths if count > 300]
    assert not long, listed(long)


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def test_no_function_is_longer_than_forty_lines():
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}: {count}"
        for path in MODULES
        for node in functions_of(path)
        if (count := (node.end_lineno or 0) - node.lineno + 1) > 40
    ]
    assert not long, listed(long)


def test_no_function_has_more_than_five_parameters():
    many = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in MODULES
        for node in functions_of(path)
        if len([a for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs) if a.arg != "self"]) > 5
    ]
    assert not many, listed(many)


def undocumented(node: ast.AST, where: str) -> Iterator[str]:
    """Everything public below ``node`` that has no docstring."""
    for child in getattr(node, "body", []):
        if not isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) or child.name.startswith("_"):
            continue
        inside = f"{where}.{child.name}"
        marks = {getattr(mark, "attr", getattr(mark, "id", "")) for mark in child.decorator_list}
        only_declared = ast.unparse(child.body[0]) == "..."
        if not ast.get_docstring(child) and not marks & {"overload", "setter"} and not only_declared:
            yield inside
        if isinstance(child, ast.ClassDef):
            yield from undocumented(child, inside)


def test_everything_public_says_what_it_is():
    missing = [name_of(path) for path in MODULES if not ast.get_docstring(tree_of(path)) and path.stat().st_size]
    for path in MODULES:
        missing += undocumented(tree_of(path), module_of(path))
    assert not missing, listed(missing)


def test_nothing_is_left_for_later():
    wrong = []
    for path in (*MODULES, *ROOT.glob("tests/**/*.py"), ROOT / "README.md", ROOT / "CHANGELOG.md"):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if UNFINISHED.search(line):
                wrong.append(f"{name_of(path)}:{number} {line.strip()}")
    assert not wrong, listed(wrong)


def tracked() -> list[Path]:
    """The files of the repository."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git clone, or no git")
    files = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, check=False)
    if files.returncode:
        pytest.skip("git: " + files.stderr.decode().strip())
    return [path for name in files.stdout.decode().split("\0") if name and (path := ROOT / name).exists()]


def test_the_repository_names_no_machine_of_its_makers_and_no_registry():
    wrong = []
    for path in tracked():
        if path == Path(__file__) or path.suffix == ".xz" or path.name == "LICENSE":
            continue
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            if FOREIGN.search(line):
                wrong.append(f"{name_of(path)}:{number} {line.strip()[:100]}")
    assert not wrong, listed(wrong)


def test_the_top_folder_holds_what_belongs_there():
    top = {path.relative_to(ROOT).parts[0] for path in tracked()}
    folders = {".ci", "cadvcli", "tests", "completions", "man", "deploy"}
    files = {"README.md", "LICENSE", "CHANGELOG.md", ".gitignore", "pyproject.toml"}
    assert top - folders - files == set()


def test_recordings_and_goldens_stay_small():
    assert sum(path.stat().st_size for path in (ROOT / "tests" / "hosts").rglob("*") if path.is_file()) < 3_000_000
    assert [name_of(path) for path in tracked() if path.stat().st_size > 1_000_000] == []


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def distribution_name(requirement: str) -> str:
    return re.split(r"[\s<>=;!\[~]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_what_is_imported_is_required_and_what_is_required_is_imported():
    foreign = set()
    for path in MODULES:
        foreign.update(module.split(".")[0] for _, module, _ in imports(tree_of(path)))
    foreign -= {"cadvcli", "", *sys.stdlib_module_names}
    homes = packages_distributions()
    used = {home.lower().replace("_", "-") for module in foreign for home in homes.get(module, [module])[:1]}
    optional = project().get("optional-dependencies", {})
    assert isinstance(optional, dict)
    extras = {distribution_name(text) for texts in optional.values() for text in texts}
    required = {distribution_name(text) for text in project()["dependencies"]}  # type: ignore[attr-defined]
    assert used - required - extras - BROUGHT_ALONG == set()
    assert required - used - TAKEN_BY_OTHERS == set()


def test_the_installed_package_says_what_the_project_says():
    import cadvcli

    told = distribution("cadvcli").metadata
    assert told["Version"] == cadvcli.__version__
    assert told["License-Expression"] == "Apache-2.0"
    assert told["Requires-Python"].replace(" ", "") in {">=3.11,<3.15", "<3.15,>=3.11"}
    assert [entry.value for entry in distribution("cadvcli").entry_points] == ["cadvcli.cli:main"]


def test_the_changelog_speaks_of_this_version():
    import cadvcli

    assert f"## {cadvcli.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
