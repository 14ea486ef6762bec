"""kernel/mountinfo.py: what is mounted where."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadvcli.errors import ParseError
from cadvcli.host import Host
from cadvcli.kernel.mountinfo import Mount, parse_mountinfo, read_mountinfo, visible

ROOT = b"27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard\n"


def mount(line: bytes) -> Mount:
    (only,) = parse_mountinfo(line, "mountinfo")
    return only


def points(text: bytes) -> list[tuple[str, int]]:
    return sorted((mount.mount_point, mount.mount_id) for mount in visible(parse_mountinfo(text)))


def test_every_field_is_kept() -> None:
    assert mount(ROOT) == Mount(
        mount_id=27,
        parent_id=1,
        major=254,
        minor=0,
        root="/",
        mount_point="/",
        options=("rw", "relatime"),
        fstype="ext4",
        source="/dev/vda",
        super_options=("rw", "discard"),
    )


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        (rb"/mnt/a\040b", "/mnt/a b"),
        (rb"/mnt/a\011b", "/mnt/a\tb"),
        (rb"/mnt/a\012b", "/mnt/a\nb"),
        (rb"/mnt/a\134040b", "/mnt/a\\040b"),
        (rb"/mnt/\0433", "/mnt/#3"),
        (rb"/mnt/\777", "/mnt/\\777"),
        ("/mnt/ä".encode(), "/mnt/ä"),
        (b"/mnt/\xff", "/mnt/\udcff"),
    ],
)
def test_octal_escapes_in_paths_are_decoded(word: bytes, plain: str) -> None:
    assert mount(b"30 27 0:9 / " + word + b" rw - tmpfs tmpfs rw").mount_point == plain


def test_source_may_be_empty() -> None:
    assert mount(b"30 27 0:9 / /mnt rw - tmpfs  rw").source == ""


def test_options_of_a_file_system_may_hold_plain_spaces() -> None:
    line = rb"30 27 0:9 / /mnt rw - 9p drvfs rw,aname=drvfs;path=C:\Program Files\Docker;uid=0"
    assert mount(line).super_options == ("rw", r"aname=drvfs;path=C:\Program Files\Docker;uid=0")


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"27 1 254:0 / / rw,relatime shared:1",
        b"27 1 254 / / rw - ext4 /dev/vda rw",
        b"27 1 254:x / / rw - ext4 /dev/vda rw",
        b"x 1 254:0 / / rw - ext4 /dev/vda rw",
        b"27 1 254:0 / - ext4 /dev/vda rw",
        b"27 1 254:0 / / rw - ext4",
        rb"27 1 254:0 / /a\000b rw - ext4 /dev/vda rw",
    ],
)
def test_malformed_line_is_named_by_its_number(line: bytes) -> None:
    with pytest.raises(ParseError) as caught:
        parse_mountinfo(ROOT + line + b"\n", "/proc/1/mountinfo")
    assert (caught.value.path, caught.value.line) == ("/proc/1/mountinfo", 2)


@given(st.binary() | st.lists(st.sampled_from([b"1", b":", b" ", b"-", b"\n", b"/", b"\\04", b"0:1"])).map(b"".join))
def test_any_bytes_are_mounts_or_a_parse_error(text: bytes) -> None:
    with suppress(ParseError):
        visible(parse_mountinfo(text))


def test_a_mount_hides_the_one_it_covers() -> None:
    text = ROOT + b"25 27 0:23 / /dev/shm rw - tmpfs tmpfs rw\n30 25 0:27 / /dev/shm rw - tmpfs tmpfs rw\n"
    assert points(text) == [("/", 27), ("/dev/shm", 30)]


def test_a_mount_hides_those_below_it_that_are_older() -> None:
    text = ROOT + b"30 27 8:1 / /srv/data rw - ext4 /dev/sda1 rw\n31 27 8:2 / /srv rw - ext4 /dev/sda2 rw\n"
    assert points(text) == [("/", 27), ("/srv", 31)]


def test_parents_outside_of_our_root_are_not_missed() -> None:
    text = b"27 9 254:0 / / rw - ext4 /dev/vda rw\n40 8 8:1 / /data rw - ext4 /dev/sda1 rw\n"
    assert points(text) == [("/", 27), ("/data", 40)]


def test_machine_below_another_root_shows_the_mounts_of_its_init(tmp_path) -> None:
    for pid, text in {"1": ROOT, "self": ROOT.replace(b" / / ", b" / /rootfs ")}.items():
        (tmp_path / "proc" / pid).mkdir(parents=True)
        (tmp_path / "proc" / pid / "mountinfo").write_bytes(text)
    mounts = read_mountinfo(Host(str(tmp_path)))
    assert mounts is not None
    assert [mount.mount_point for mount in mounts] == ["/"]


def test_container_that_may_not_see_init_has_the_mounts_below_its_own_prefix(tmp_path) -> None:
    (tmp_path / "proc" / "self").mkdir(parents=True)
    rows = [ROOT, ROOT.replace(b" / / ", b" / %b " % bytes(tmp_path))]
    rows.append(ROOT.replace(b" / / ", b" / %b/srv " % bytes(tmp_path)))
    (tmp_path / "proc/self/mountinfo").write_bytes(b"".join(rows))
    mounts = read_mountinfo(Host(str(tmp_path)))
    assert mounts is not None
    assert [mount.mount_point for mount in mounts] == ["/", "/srv"]


def test_no_proc_is_no_mounts(tmp_path) -> None:
    assert read_mountinfo(Host(str(tmp_path))) is None


def test_against_proc_mounts_of_this_machine() -> None:
    mounts = read_mountinfo(Host("/"))
    assert mounts is not None
    with open("/proc/self/mounts", "rb") as file:
        assert len(mounts) == len(file.read().splitlines())
    assert any(mount.mount_point == "/" for mount in visible(mounts))
