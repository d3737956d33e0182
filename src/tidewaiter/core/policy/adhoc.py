"""`--fail-on high,fixable` as a policy of its own: commas mean AND."""

from collections.abc import Mapping

from tidewaiter.core.model.severity import Severity
from tidewaiter.core.policy.document import API_VERSION, PolicySource
from tidewaiter.core.policy.problem import did_you_mean

_CONDITIONS: Mapping[str, tuple[str, str]] = {
    "fixable": ("vulnerability.isFixable", "fixable"),
    "kev": ("vulnerability.kev", "known to be exploited"),
    "exploited": ("vulnerability.kev", "known to be exploited"),
    "malicious": ("vulnerability.kind == 'malicious'", "malicious"),
    "direct": ("vulnerability.package.?isDirect.orValue(false)", "direct"),
    "os": ("vulnerability.package.type in ['deb', 'rpm', 'apk']", "of the operating system"),
    "language": ("!(vulnerability.package.type in ['deb', 'rpm', 'apk'])", "of the language"),
}
"""Words beside the severities: their condition and how a title tells them."""


class FailOnError(ValueError):
    """A word that `--fail-on` does not know."""

    def __init__(self, message: str, advice: str) -> None:
        """Keep what a person can write instead."""
        super().__init__(message)
        self.advice = advice


def fail_on(text: str) -> PolicySource:
    """Return the ad-hoc policy of one `--fail-on`. Raises `FailOnError` with the known words.

    A severity means "this or worse"; every violation fails the build, whatever its own severity.
    """
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    if not words:
        raise FailOnError("`--fail-on` names no condition", f"known: {', '.join(_known())}")
    conditions = ["vulnerability.isVulnerable"]
    titles: list[str] = []
    for word in dict.fromkeys(words):
        if word in _CONDITIONS:
            condition, title = _CONDITIONS[word]
        elif word in _severities():
            condition, title = f'severity("{word}") <= vulnerability.severity', f"{word} or worse"
        else:
            raise FailOnError(
                f"`--fail-on` does not know `{word}`", did_you_mean(word, _known()) or f"known: {', '.join(_known())}"
            )
        conditions.append(condition)
        titles.append(title)
    return PolicySource(file=f"--fail-on {text}", value=_document(words, conditions, titles))


def _document(words: list[str], conditions: list[str], titles: list[str]) -> dict[str, object]:
    severity = next((word for word in words if word in _severities() and word != "info"), "high")
    return {
        "apiVersion": API_VERSION,
        "kind": "ClusterPolicy",
        "metadata": {"name": "fail-on-" + "-".join(dict.fromkeys(words))},
        "spec": {
            "title": f"Vulnerability that is {' and '.join(titles)}",
            "description": "The condition given by `--fail-on`.",
            "severity": severity,
            "stages": ["build"],
            "subject": "vulnerability",
            "enforce": {"build": "fail"},
            "rules": [
                {
                    "name": "fail-on",
                    "forbid": " && ".join(conditions),
                    "message": "{{ vulnerability.id }} ({{ vulnerability.severityName }}) in {{ vulnerability.package.name }} {{ vulnerability.package.version }}"
                    '{{ has(vulnerability.fixed) ? " is fixed in " + vulnerability.fixed : " has no fix" }}',
                }
            ],
        },
    }


def _severities() -> tuple[str, ...]:
    return tuple(one.value for one in Severity if one is not Severity.UNKNOWN)


def _known() -> tuple[str, ...]:
    return (*_severities(), *_CONDITIONS)
