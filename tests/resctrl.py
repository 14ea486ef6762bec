"""A resctrl tree in a folder, as a machine with two caches has it."""

from pathlib import Path

from cadvcli.kernel.resctrl import USUAL


class Tree:
    """The tree of a machine below ``root``; ``point`` is where it is mounted."""

    def __init__(self, root: Path, point: str = USUAL) -> None:
        self.point = point
        self.folder = Path(f"{root}{point}")
        (self.folder / "info" / "L3_MON").mkdir(parents=True)
        (self.folder / "info" / "L3_MON" / "mon_features").write_text("llc_occupancy\nmbm_total_bytes\n")
        (self.folder / "mon_groups").mkdir()
        self.group("", (1, 2), (100, 200))

    def group(self, name: str, tids: tuple[int, ...], figures: tuple[int | str, ...]) -> Path:
        """Make a group; each cache says its figure for llc_occupancy, twice that for the total and thrice as local."""
        folder = self.folder / name
        (folder / "mon_groups").mkdir(parents=True, exist_ok=True)
        (folder / "tasks").write_text("".join(f"{tid}\n" for tid in tids))
        for number, figure in enumerate(figures):
            cache = folder / "mon_data" / f"mon_L3_{number:02}"
            cache.mkdir(parents=True)
            for times, file in enumerate(("llc_occupancy", "mbm_total_bytes", "mbm_local_bytes"), 1):
                (cache / file).write_text(f"{figure if isinstance(figure, str) else figure * times}\n")
        return folder

    def groups(self, control: str = "") -> list[str]:
        """The names of the monitoring groups of a control group."""
        return sorted(path.name for path in (self.folder / control / "mon_groups").iterdir())
