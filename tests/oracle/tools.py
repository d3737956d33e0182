"""Version order by each ecosystem's own program, as a co-process that answers line by line; else the re-implementation.

dpkg's Perl module, rpm's Lua and npm's own semver are asked where they are installed. Maven's ComparableVersion of 3.9.9
differs from the shared vectors in 9 of 7,425 lines (the POM reference has changed since), so it is not asked.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from oracle import order
from oracle.maven import maven

PLAIN: Final[dict[str, order.Compare]] = {
    "dpkg": order.dpkg,
    "rpm": order.rpm,
    "apk": order.apk,
    "semver": order.semver,
    "bitnami": order.bitnami,
    "pub": order.pub,
    "nuget": order.nuget,
    "pypi": order.pypi,
    "gem": order.gem,
    "composer": order.composer,
    "maven": maven,
}
_PERL: Final = (
    "$|=1; use Dpkg::Version; while(<STDIN>){chomp; my($a,$b)=split /\\t/;"
    "print +(eval{version_compare($a,$b)}//0),qq(\\n)}"
)
_LUA: Final = (
    '%{lua: for line in io.lines() do local a,b=line:match("([^\\t]*)\\t(.*)");'
    'io.stdout:write(rpm.vercmp(a,b),"\\n"); io.stdout:flush() end}'
)
_NODE: Final = """
const s=require(%s); require('readline').createInterface({input:process.stdin}).on('line',l=>{
const [verb,a,b]=l.split('\\t'); let r;
try{ r = verb==='cmp' ? s.compare(s.parse(a,true)||s.coerce(a),s.parse(b,true)||s.coerce(b),true)
      : s.satisfies(a,b,{loose:true,includePrerelease:true}) ? 1 : 0 }catch(e){ r='error' }
console.log(r)})
"""
_SEMVER: Final = ("/usr/lib/node_modules/npm/node_modules/semver", "/usr/share/nodejs/semver")


_TRIPLE: Final = re.compile(r"[=vV ]*\d+\.\d+\.\d+(?![\d.])")


class Worker:
    """A program that answers each line with one line."""

    def __init__(self, *command: str) -> None:
        """Start the program."""
        self._run = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self._known: dict[str, str] = {}

    def ask(self, *fields: str) -> str:
        """Return the answer to one line of tab-separated fields."""
        line = "\t".join(fields)
        if line not in self._known:
            assert self._run.stdin is not None
            assert self._run.stdout is not None
            self._run.stdin.write(line + "\n")
            self._run.stdin.flush()
            self._known[line] = self._run.stdout.readline().strip() or "0"
        return self._known[line]

    def close(self) -> None:
        """End the program."""
        assert self._run.stdin is not None
        assert self._run.stdout is not None
        self._run.stdin.close()
        self._run.wait(20)
        self._run.stdout.close()


def _commands() -> dict[str, tuple[str, ...]]:
    """Return the programs that this machine has, by order."""
    found: dict[str, tuple[str, ...]] = {}
    if shutil.which("perl") and Path("/usr/share/perl5/Dpkg/Version.pm").exists():
        found["dpkg"] = ("perl", "-e", _PERL)
    if shutil.which("rpm"):
        found["rpm"] = ("rpm", "-E", _LUA)
    semver = next((path for path in _SEMVER if Path(path).exists()), "")
    if shutil.which("node") and semver:
        found["semver"] = ("node", "-e", _NODE % json.dumps(semver))
    return found


class Orders:
    """Compares versions by ecosystem."""

    def __init__(self, *, plain: bool = False) -> None:
        """Start the programs, none with `plain`."""
        self.workers = {} if plain else {kind: Worker(*command) for kind, command in _commands().items()}

    def compare(self, kind: str, a: str, b: str) -> int:
        """Return -1, 0 or 1."""
        short = kind == "semver" and not all(_TRIPLE.match(text) for text in (a, b))  # node would guess at short forms
        if kind in self.workers and not short:
            fields = ("cmp", a, b) if kind == "semver" else (a, b)
            return int(self.workers[kind].ask(*fields))
        return PLAIN[kind](a, b)

    def close(self) -> None:
        """End the programs."""
        for worker in self.workers.values():
            worker.close()
