"""What only some systems have is used behind a look at the system, so that Windows and macOS start.

Nobody here runs them. So every use of something that Windows has not is found in the source, and
must stand in a function that looks first; and what can be shown of the others is shown below.
"""

from __future__ import annotations

import ast
import re
import signal
import threading
from pathlib import Path

import pytest
from platformdirs.macos import MacOS
from platformdirs.windows import get_win_folder_from_env_vars

from tests.house.source_tree import ROOT, Module, list_modules
from ttrpg_assistant import serving
from ttrpg_assistant.storage import backup, backup_folder

NOT_ON_WINDOWS = re.compile(
    r"os\.(?:geteuid|getuid|getgid|fork|killpg|setsid|chown|fchmod|fchown|nice|sync|mkfifo)\b"
    r"|signal\.(?:SIGKILL|SIGHUP|SIGUSR1|SIGUSR2|SIGALRM|SIGCHLD|alarm|pause)\b"
    r"|select\.(?:poll|epoll|kqueue)\b|socket\.AF_UNIX\b|time\.CLOCK_\w+|resource\.\w+\("
    r"|(?:import|from) (?:fcntl|resource|pwd|grp|termios|uvloop)\b|add_signal_handler\b"
    r"|os\.O_(?:DIRECTORY|NOFOLLOW|CLOEXEC|NONBLOCK)\b|\bpreexec_fn\b"
)
LOOKS = re.compile(
    r"os\.name (?:==|!=)|sys\.platform|(?:has|get)attr\((?:os|signal|time|select)\b"
    r"|except (?:ImportError|\(ImportError)"
)
ODD_IN_NAMES = re.compile(r'[<>:"|?*\\/\x00-\x1f]|[. ]$')
"""What Windows takes in no file name."""


def list_uses(module: Module) -> list[tuple[int, str, str]]:
    """Line, what is used, and the text of the function around it, or of the whole module."""
    text = module.path.read_text(encoding="utf-8")
    if not NOT_ON_WINDOWS.search(text):
        return []
    lines = text.splitlines()
    functions = [
        node for node in module.nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    found = []
    for number, line in enumerate(lines, 1):
        if not (used := NOT_ON_WINDOWS.search(line)) or line.lstrip().startswith(("#", '"""')):
            continue
        around = [one for one in functions if one.lineno <= number <= (one.end_lineno or 0)]
        smallest = max(around, key=lambda one: one.lineno, default=None)
        place = lines if smallest is None else lines[smallest.lineno - 1 : smallest.end_lineno]
        found.append((number, used[0], "\n".join(place)))
    return found


def test_what_windows_has_not_is_used_behind_a_look_at_the_system() -> None:
    uses = [(module.place, *use) for module in list_modules() for use in list_uses(module)]
    assert len(uses) > 5, "for this test to mean anything"
    wrong = [
        f"{place}:{number}: {used}"
        for place, number, used, around in uses
        if not LOOKS.search(around)
    ]
    assert not wrong, "Windows has no such thing; look at the system first:\n" + "\n".join(wrong)


def test_no_file_is_given_a_name_that_windows_refuses(tmp_path: Path) -> None:
    names = [
        backup_folder.name_daily(tmp_path, "db").name,
        backup.name_before_migration("0037"),
        f"ttrpg_assistant.db.replaced-{backup.spell_stamp()}",
    ]
    tracked = [
        part
        for path in (*(ROOT / "src").rglob("*"), *(ROOT / "hosting").rglob("*"))
        for part in path.relative_to(ROOT).parts
    ]
    reserved = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10))}
    wrong = [
        name
        for name in {*names, *tracked}
        if ODD_IN_NAMES.search(name) or name.split(".")[0].lower() in reserved
    ]
    assert not wrong, wrong
    paths = [str(path.relative_to(ROOT)).lower() for path in (ROOT / "src").rglob("*")]
    assert len(paths) == len(set(paths)), "two files that only differ in case are one on macOS"


def test_the_data_folders_of_other_systems_are_the_documented_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    documented = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    mac = MacOS("ttrpg-assistant", appauthor=False).user_data_path
    assert f"`~/{mac.relative_to(Path.home())}`" in documented
    monkeypatch.setenv("LOCALAPPDATA", "%LOCALAPPDATA%")
    windows = get_win_folder_from_env_vars("CSIDL_LOCAL_APPDATA")
    assert f"`{windows}\\ttrpg-assistant`" in documented


def test_a_system_with_other_signals_stops_at_those_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Windows has no SIGHUP, and Ctrl+Break as a signal of its own."""
    monkeypatch.delattr(signal, "SIGHUP")
    monkeypatch.setattr(signal, "SIGBREAK", signal.SIGUSR1, raising=False)
    server = serving._Server.__new__(serving._Server)
    heard: list[int] = []
    server.handle_exit = lambda number, frame: heard.append(number)  # type: ignore[method-assign]
    assert threading.current_thread() is threading.main_thread()
    with server.listen_to_signals():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1):
            signal.raise_signal(number)
    assert heard == [signal.SIGINT, signal.SIGTERM, signal.SIGUSR1]
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL
