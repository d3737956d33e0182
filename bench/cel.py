"""Times of our CEL engine, beside cel-expr-python where it is installed. Prints medians; asserts nothing.

Run: `.venv/bin/python bench/cel.py`. "new object" rebuilds the input for every evaluation, as an admission request does.
"""

import copy
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

from tidewaiter.core import cel
from tidewaiter.core.cel import Environment, types

CONTAINERS = [{"name": f"c{n}", "x": False, "image": "registry.example/app:1.2", "ports": [80, 443]} for n in range(3)]
VALUES = {
    "containers": CONTAINERS,
    "object": {
        "metadata": {"name": "web", "labels": {"app": "web", "tier": "front"}},
        "spec": {"replicas": 3, "template": {"spec": {"containers": CONTAINERS, "hostNetwork": False}}},
    },
}
EXPRESSIONS = {
    "field": "object.spec.replicas > 2",
    "quantifier": "containers.all(c, has(c.x) && c.x == false)",
    "labels": "'app' in object.metadata.labels && object.metadata.labels['app'].startsWith('w')",
    "nested": "object.spec.template.spec.containers.exists(c, c.ports.exists(p, p < 1024 && p != 80))",
    "images": "object.spec.template.spec.containers.all(c, c.image.matches('^registry[.]example/.+:[0-9.]+$'))",
    "filter": "size(object.spec.template.spec.containers.filter(c, !has(c.resources) || !has(c.resources.limits))) == 3",
    "text": "'container ' + containers[0].name + ' of ' + object.metadata.name",
}


def median(call: Callable[[], Any], *, runs: int = 15, seconds: float = 0.02) -> float:
    """Return the median time of one call in microseconds over several runs."""
    times = []
    count = 1
    while True:
        start = time.perf_counter()
        for _ in range(count):
            call()
        spent = time.perf_counter() - start
        if spent >= seconds:
            break
        count *= 2
    for _ in range(runs):
        start = time.perf_counter()
        for _ in range(count):
            call()
        times.append((time.perf_counter() - start) / count)
    return statistics.median(times) * 1e6


def other() -> Any:
    """Return a compile function of cel-expr-python, or None where it is not installed."""
    try:
        from cel_expr_python import cel as theirs  # noqa: PLC0415 - optional
        from cel_expr_python.ext import ext_optional, ext_strings  # noqa: PLC0415
    except ImportError:
        return None
    return theirs.NewEnv(
        variables=dict.fromkeys(VALUES, theirs.Type.DYN),
        extensions=[ext_strings.ExtStrings(), ext_optional.ExtOptional()],
    )


def main() -> None:
    """Print one line per expression."""
    environment = Environment(variables=dict.fromkeys(VALUES, types.DYN))
    theirs = other()
    if theirs is None:
        print("cel-expr-python is not installed: no comparison")
    print(
        f"{'expression':12} {'compile us':>10} {'eval us':>8} {'new obj':>8} | {'theirs':>8} {'new obj':>8} {'ours/theirs':>11} (new object)"
    )
    for name, source in EXPRESSIONS.items():
        program = cel.compile(source, environment)
        expected = program.evaluate(VALUES)
        compiling = median(lambda source=source: cel.compile(source, environment))
        warm = median(lambda program=program: program.evaluate(VALUES))
        copying = median(lambda: copy.deepcopy(VALUES))
        fresh = median(lambda program=program: program.evaluate(copy.deepcopy(VALUES))) - copying
        line = f"{name:12} {compiling:10.1f} {warm:8.2f} {max(fresh, warm):8.2f} |"
        if theirs is not None:
            expression = theirs.compile(source)
            activation = theirs.Activation(VALUES)
            assert expression.eval(activation).value() == expected, name
            their_warm = median(lambda e=expression, a=activation: e.eval(a).value())
            their_fresh = median(lambda e=expression: e.eval(theirs.Activation(VALUES)).value())
            line += (
                f" {their_warm:8.2f} {their_fresh:8.2f} {warm / their_warm:5.2f} ({max(fresh, warm) / their_fresh:.2f})"
            )
        print(line)


if __name__ == "__main__":
    main()
