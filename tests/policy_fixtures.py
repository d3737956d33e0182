"""The fixtures of the built-in policies: folders of real files that go through `check` as a person's repository does.

`tests/contract/policies/<policy>/<case>/` holds

- `tree/`: what is checked, with a `.tidewaiter.yaml` of its own where the case needs one;
- `images.yaml`: images to build, each `{name, config, created, layers}` or `{name, filesystem}`; a layer maps paths to
  texts, `null` (a whiteout), `{file, mode}`, `{folder: true}` or `{join: [parts]}` (texts that no search for secrets may
  find in this repository);
- `advisories/`: documents for `db import`;
- `expected.json`: what the policy has to say about it.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, chdir, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from unittest import mock

import yaml

from images import Content, File, Folder, build_image
from tidewaiter import wiring
from tidewaiter.core.context import Context, Tree
from tidewaiter.core.finding import Finding
from tidewaiter.core.policy import Evaluation, PolicySet, PolicySource, evaluate, load
from tidewaiter.core.report import Report, decode_report
from tidewaiter.gates.build.read import read_facts
from tidewaiter.gates.build.request import CheckRequest
from tidewaiter.gates.build.tools import Tools
from tidewaiter.render.json import render
from tidewaiter.scan.yaml_text import load_documents

FOLDER = Path(__file__).parent / "contract" / "policies"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


class FixedClock:
    """Stands at the moment that the fixtures are written for."""

    def now(self) -> datetime:
        """Return that moment."""
        return NOW


@dataclass(frozen=True)
class Case:
    """One fixture."""

    policy: str
    name: str

    @property
    def id(self) -> str:
        """Return `policy/case`."""
        return f"{self.policy}/{self.name}"

    @property
    def folder(self) -> Path:
        """Return where its files are."""
        return FOLDER / self.policy / self.name

    @property
    def expected(self) -> Any:
        """Return what the policy has to say."""
        return json.loads((self.folder / "expected.json").read_text())

    @property
    def images(self) -> list[dict[str, Any]]:
        """Return the descriptions of its images."""
        file = self.folder / "images.yaml"
        return yaml.safe_load(file.read_text()) if file.exists() else []


@cache
def cases() -> tuple[Case, ...]:
    """Return every fixture, by policy."""
    found = [path for path in FOLDER.glob("*/*") if path.is_dir()]
    return tuple(Case(policy=path.parent.name, name=path.name) for path in sorted(found))


@cache
def sources() -> Mapping[str, PolicySource]:
    """Return the documents of the built-in policies by file name without suffix."""
    return {
        Path(file).stem: PolicySource(file=file, value=document.value, positions=document.positions)
        for file, data in wiring.builtin_sources()
        for document in load_documents(data, file)
    }


@cache
def _policies(folders: tuple[str, ...], fail_on: tuple[str, ...]) -> Any:
    return _load_policies(folders, fail_on=fail_on)


_load_policies = wiring.load_policies


def told(report: Report, policy: str) -> list[dict[str, Any]]:
    """Return what a policy says in a report as `expected.json` writes it, in the order of the places."""
    lines = [_line(one) for one in report.findings if one.policy == policy]
    return sorted(
        lines, key=lambda line: (line["at"].get("file", ""), line["at"].get("line", 0), line["rule"], line["message"])
    )


def _line(one: Any) -> dict[str, Any]:
    # How the language words a wrong type is its own affair.
    message = one.message.partition(", because the expression")[0]
    line = {"rule": one.rule, "verdict": one.verdict, "severity": str(one.severity), "message": message}
    related = [_place(place) for place in one.related]
    return line | {"at": _place(one.location)} | ({"related": related} if related else {})


def _place(location: Any) -> dict[str, Any]:
    whole = {"file": location.file, "line": location.line, "image": location.image, "layer": location.layer}
    return {key: value for key, value in whole.items() if value is not None}


class Workshop:
    """Builds images and advisory data of cases in a folder of its own, and checks their trees."""

    def __init__(self, folder: Path) -> None:
        """Keep everything below `folder`."""
        self._folder = folder
        self._built: dict[str, Any] = {}
        self._facts: dict[Case, Facts] = {}

    def report(self, case: Case, tree: Path | None = None) -> Report:
        """Return the report of `tidewaiter check` for the case, through its JSON form."""
        with self._surroundings(case):
            report = wiring.run_check(self._options(case, tree), settings=self._settings(case), progress=lambda _: None)
        return decode_report(render(report).encode())

    def facts(self, case: Case, tree: Path | None = None) -> "Facts":
        """Return what is judged in the case, read by the same way but not judged; the case's own tree is read once."""
        if tree is None and case in self._facts:
            return self._facts[case]
        taken: list[Facts] = []

        def take(request: CheckRequest, *, files: Any, policies: PolicySet, tools: Tools) -> None:
            _ = policies
            taken.append(Facts(request=request, tree=read_facts(request, files, tools)[0]))

        with self._surroundings(case), mock.patch.object(wiring.check, "check", take):
            wiring.run_check(self._options(case, tree), settings=self._settings(case), progress=lambda _: None)
        if tree is None:
            self._facts[case] = taken[0]
        return taken[0]

    @contextmanager
    def _surroundings(self, case: Case) -> Iterator[None]:
        """Stand in the case's folder, stop the clock, and compile the built-in policies once for all cases."""
        with ExitStack() as stack:
            stack.enter_context(chdir(case.folder))
            stack.enter_context(mock.patch.object(wiring.tools, "SystemClock", return_value=FixedClock()))
            stack.enter_context(
                mock.patch.object(
                    wiring.check,
                    "load_policies",
                    lambda folders=(), *, fail_on=(): _policies(tuple(folders), tuple(fail_on)),
                )
            )
            yield

    def _options(self, case: Case, tree: Path | None) -> wiring.CheckOptions:
        return wiring.CheckOptions(
            path=str(tree or "tree"),
            images=tuple(f"{image['name']}={self._image(case, image)}" for image in case.images),
            database=self._database(case),
        )

    def _settings(self, case: Case) -> wiring.Settings:
        return wiring.Settings(database=self._folder / case.policy / case.name / "no.sqlite")

    def _image(self, case: Case, image: Mapping[str, Any]) -> str:
        key = f"{case.id}/{image['name']}"
        if key not in self._built:
            place = self._folder / case.policy / case.name / image["name"].replace("/", "-").replace(":", "-")
            place.parent.mkdir(parents=True, exist_ok=True)
            self._built[key] = _write_image(place, image)
        return str(self._built[key])

    def _database(self, case: Case) -> str:
        documents = case.folder / "advisories"
        if not documents.is_dir():
            return ""
        if case.id not in self._built:
            target = self._folder / case.policy / case.name / "advisories.sqlite"
            target.parent.mkdir(parents=True, exist_ok=True)
            wiring.run_import([str(documents)], database=target, progress=lambda _: None)
            self._built[case.id] = target
        return str(self._built[case.id])


@dataclass(frozen=True)
class Facts:
    """The facts of one case, ready to be judged by any version of its policy."""

    request: CheckRequest
    tree: Tree

    def judge(self, policies: PolicySet) -> Evaluation:
        """Return what policies say about the facts."""
        return evaluate(
            policies,
            self.context,
            stage="build",
            now=NOW,
            overrides={
                name: one
                for name, one in self.request.configuration.overrides().items()
                if policies.get(name) is not None
            },
            environment=self.request.environment,
        )

    @cached_property
    def context(self) -> Context:
        """Return the joins, made once for all versions of the policy."""
        return Context(self.tree)

    def findings(self, source: PolicySource) -> tuple[Finding, ...]:
        """Return what one policy says; a policy that is refused is an error of the test."""
        policies = load([source])
        assert policies.defects == ()
        return self.judge(policies).findings


def temporary() -> tempfile.TemporaryDirectory[str]:
    """Return a folder for a workshop outside of pytest."""
    return tempfile.TemporaryDirectory()


def _write_image(place: Path, image: Mapping[str, Any]) -> str:
    if "filesystem" in image:
        for path, content in _layer(image["filesystem"]).items():
            target = place / path
            target.parent.mkdir(parents=True, exist_ok=True)
            body = content.body if isinstance(content, File) else str(content).encode()
            target.write_bytes(body)
            target.chmod(content.mode if isinstance(content, File) else 0o644)
        return f"fs:{place}"
    config = dict(image.get("config", {}))
    config["Env"] = [_text(entry) for entry in config.get("Env", [])]
    root = {"created": str(image["created"])} if "created" in image else {"created": "2026-11-20T03:04:05Z"}
    layers = [_layer(layer) for layer in image["layers"]]
    return str(build_image(place.with_suffix(".tar"), layers=layers, config=config, tags=[image["name"]], root=root))


def _layer(written: Mapping[str, Any]) -> dict[str, Content]:
    return {path: _content(value) for path, value in written.items()}


def _content(value: Any) -> Content:
    if isinstance(value, dict) and "folder" in value:
        return Folder()
    if isinstance(value, dict) and "file" in value:
        return File(str(value["file"]).encode(), int(str(value.get("mode", "0o644")), 0))
    return None if value is None else _text(value)


def _text(value: Any) -> str:
    return "".join(str(part) for part in value["join"]) if isinstance(value, dict) else str(value)
