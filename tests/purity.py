"""Finds impurity in a syntax tree: what `core`, `scan` and `render` do that an import contract cannot see."""

import ast
from collections.abc import Iterator
from typing import Final

FORBIDDEN_CALLS: Final = frozenset(
    {"open", "print", "input", "exec", "eval", "compile", "__import__", "breakpoint", "exit", "quit"}
)
FORBIDDEN_MODULES: Final = frozenset(
    {
        "asyncio",
        "atexit",
        "concurrent",
        "ctypes",
        "fcntl",
        "glob",
        "http",
        "importlib",
        "inspect",
        "linecache",
        "logging",
        "mmap",
        "multiprocessing",
        "os",
        "pickle",
        "random",
        "runpy",
        "secrets",
        "select",
        "selectors",
        "shelve",
        "shutil",
        "signal",
        "socket",
        "sqlite3",
        "ssl",
        "subprocess",
        "tempfile",
        "threading",
        "time",
        "traceback",
        "webbrowser",
        "httpx2",
        "lightkube",
        "sqlalchemy",
        "starlette",
    }
)
PURE_PATHS: Final = frozenset({"PurePath", "PurePosixPath", "PureWindowsPath"})
FORBIDDEN_NAMES: Final = {
    "sys": frozenset({"argv", "exit", "modules", "path", "stderr", "stdin", "stdout", "setrecursionlimit"}),
    "uuid": frozenset({"uuid1", "uuid4", "getnode"}),
    "io": frozenset({"FileIO", "open", "open_code"}),
}
CLOCKS: Final = frozenset({"now", "utcnow", "today"})
MUTABLE_CALLS: Final = frozenset({"list", "dict", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict"})
MUTATORS: Final = frozenset(
    {
        "add",
        "append",
        "appendleft",
        "clear",
        "discard",
        "extend",
        "insert",
        "intersection_update",
        "pop",
        "popitem",
        "popleft",
        "remove",
        "reverse",
        "setdefault",
        "sort",
        "update",
    }
)


def impurities(source: str, third_party: frozenset[str], standard: frozenset[str]) -> list[str]:
    """Return one line per impure construct of a module; `third_party` and `standard` are the importable roots."""
    tree = ast.parse(source)
    found = {
        (node.lineno, what)
        for node in ast.walk(tree)
        for what in (*_imports(node, third_party, standard), *_calls(node), *_names(node))
    }
    found |= set(_mutations(tree))
    return [f"line {line}: {what}" for line, what in sorted(found)]


def _imports(node: ast.AST, third_party: frozenset[str], standard: frozenset[str]) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (f"imports {alias.name}" for alias in names if alias.name.split(".")[0] == "pathlib")
            modules = [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), names=names, level=0):
            modules = [module]
            refused = FORBIDDEN_NAMES.get(module, frozenset())
            yield from (f"imports {module}.{alias.name}" for alias in names if alias.name in refused)
            if module == "pathlib":
                yield from (f"imports pathlib.{alias.name}" for alias in names if alias.name not in PURE_PATHS)
        case _:
            return
    for module in modules:
        root = module.split(".")[0]
        if root in FORBIDDEN_MODULES or module == "urllib.request":
            yield f"imports {module}"
        elif root != "tidewaiter" and root not in standard and root not in third_party:
            yield f"imports {module}, which its ring may not"


def _calls(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id=name)) if name in FORBIDDEN_CALLS:
            yield f"calls {name}()"
        case ast.Call(
            func=ast.Attribute(
                value=ast.Name(id="gzip" | "bz2" | "lzma" | "tarfile" | "codecs" | "igzip" as module), attr="open"
            )
        ):
            yield f"calls {module}.open()"
        case ast.Call(
            func=ast.Attribute(
                value=ast.Name(id="datetime" | "date") | ast.Attribute(attr="datetime" | "date"), attr=clock
            )
        ) if clock in CLOCKS:
            yield f"asks the clock by {clock}()"  # fmt: skip


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Global(names=names):
            yield f"global {', '.join(names)}"
        case ast.Attribute(value=ast.Name(id=module), attr=name) if name in FORBIDDEN_NAMES.get(module, ()):
            yield f"uses {module}.{name}"


def _mutations(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield each change, inside a function, of a container that stands at module level."""
    state = {name for statement in tree.body for name in _containers(statement)}
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for node in ast.walk(function):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in MUTATORS:
                    changed = name
                case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store() | ast.Del()):
                    changed = name
                case _:
                    continue
            if changed in state:
                yield node.lineno, f"changes {changed}, which stands at module level"


def _containers(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.Assign(targets=targets, value=value):
            names = [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name), value=value):
            names = [name]
        case _:
            return
    match value:
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            yield from names
        case ast.Call(func=ast.Name(id=maker) | ast.Attribute(attr=maker)) if maker in MUTABLE_CALLS:
            yield from names
