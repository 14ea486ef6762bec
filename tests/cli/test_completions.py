"""The completion scripts are fresh, and the shells get from them what a person expects."""

import subprocess
from pathlib import Path
from shutil import which

import pytest

from cadvcli.cli import COMMANDS
from cadvcli.cli.completions import scripts

FOLDER = Path(__file__).parents[2] / "completions"
NAMES = ["_cadvcli", "cadvcli.bash", "cadvcli.fish"]
COMMAND_NAMES = {one.name for one in COMMANDS}


def shell(name: str) -> str:
    path = which(name)
    if path is None:
        pytest.skip(f"{name} is not here to try its completion")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_script_is_fresh(request, name):
    text = scripts()[name]
    if request.config.getoption("--update-golden"):
        (FOLDER / name).write_text(text)
    assert (FOLDER / name).read_text() == text, "pytest --update-golden tests/cli/test_completions.py writes it anew"


def test_there_is_a_script_for_each_shell_and_no_other():
    assert sorted(file.name for file in FOLDER.iterdir()) == NAMES == sorted(scripts())


def bash(*words: str) -> set[str]:
    """What bash offers for the last of these words."""
    typed = " ".join(f"'{word}'" for word in words)
    script = f"source {FOLDER}/cadvcli.bash; COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; _cadvcli; "
    script += 'printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run([shell("bash"), "-uc", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stderr == ""
    return set(done.stdout.split())


def test_bash_offers_commands_options_and_choices():
    assert bash("cadvcli", "") == COMMAND_NAMES
    assert bash("cadvcli", "st") == {"stats"}
    assert bash("cadvcli", "-v", "mach") == {"machine"}
    assert bash("cadvcli", "--ver") == {"--verbose", "--version"}
    assert "--window" in bash("cadvcli", "stats", "--w")
    assert bash("cadvcli", "serve", "--window") == set()
    assert bash("cadvcli", "machine", "-o", "") == {"table", "json"}
    assert bash("cadvcli", "containers", "web", "--format", "j") == {"json", "jsonl"}
    assert bash("cadvcli", "containers", "--format", "=", "j") == {"json", "jsonl"}
    assert bash("cadvcli", "containers", "--format", "=") >= {"json", "csv"}
    assert bash("cadvcli", "stats", "--interval", "") == set()
    assert bash("cadvcli", "stats", "w") == set()


def test_bash_offers_files_where_a_file_is_wanted(tmp_path):
    (tmp_path / "my.toml").touch()
    assert bash("cadvcli", "stats", "--config", f"{tmp_path}/m") == {f"{tmp_path}/my.toml"}


def fish(line: str) -> set[str]:
    script = f"source {FOLDER}/cadvcli.fish; complete -C '{line}'"
    done = subprocess.run(
        [shell("fish"), "--no-config", "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    return {offered.split("\t")[0] for offered in done.stdout.splitlines()}


def test_fish_offers_commands_options_and_choices():
    assert fish("cadvcli ") >= COMMAND_NAMES
    assert fish("cadvcli stats --win") == {"--window"}
    assert fish("cadvcli machine -o ") == {"table", "json"}
    assert fish("cadvcli serve --win") == set()




def test_zsh_reads_its_script():
    done = subprocess.run(
        [shell("zsh"), "-n", str(FOLDER / "_cadvcli")], capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
