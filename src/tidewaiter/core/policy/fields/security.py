"""The effective security context of a container: container over pod over the defaults of Kubernetes."""

from collections.abc import Mapping
from typing import Any

from tidewaiter.core.policy.fields.base import ABSENT, Field, Record, View, given, mapping, sequence, text

_CONTEXT = "self.?securityContext"


def _own(view: View) -> Mapping[str, Any]:
    return mapping(view.fact.raw.get("securityContext"))


def _pod(view: View) -> Mapping[str, Any]:
    return mapping(view.above.above.fact.pod_spec.get("securityContext"))


def _either(key: str) -> Any:
    """Compute a field that the container inherits from the pod."""

    def compute(view: View) -> Any:
        value = _own(view).get(key)
        return given(_pod(view).get(key) if value is None else value)

    return compute


def _inherited_cel(key: str) -> str:
    return f"{_CONTEXT}.?{key}.or(podSpec.?securityContext.?{key}).value()"


def _privileged(view: View) -> Any:
    value = _own(view).get("privileged")
    return False if value is None else value


def _escalation(view: View) -> Any:
    """Return true for privileged containers and CAP_SYS_ADMIN whatever the field says, as the API server demands."""
    value = _own(view).get("allowPrivilegeEscalation")
    forced = _privileged(view) is True or {"SYS_ADMIN", "CAP_SYS_ADMIN"} & set(_capabilities(view, "add"))
    return True if value is None or forced else value


def _read_only(view: View) -> Any:
    value = _own(view).get("readOnlyRootFilesystem")
    return False if value is None else value


def _capabilities(view: View, key: str) -> tuple[str, ...]:
    return tuple(text(name) for name in sequence(mapping(_own(view).get("capabilities")).get(key)))


def _profile(key: str, container_annotation: str, pod_annotation: str) -> Any:
    """Compute a profile's type from the field of container or pod, else from the annotation that older manifests use."""

    def compute(view: View) -> Any:
        for context in (_own(view), _pod(view)):
            profile = mapping(context.get(key))
            if profile.get("type") is not None:
                return text(profile["type"])
        annotations = view.above.above.fact.pod_annotations
        written = annotations.get(f"{container_annotation}/{view.fact.name}") or annotations.get(pod_annotation)
        return (
            _ANNOTATED.get(written, "Localhost" if written.startswith("localhost/") else written) if written else ABSENT
        )

    return compute


_ANNOTATED = {"runtime/default": "RuntimeDefault", "docker/default": "RuntimeDefault", "unconfined": "Unconfined"}

_SECCOMP = _profile(
    "seccompProfile", "container.seccomp.security.alpha.kubernetes.io", "seccomp.security.alpha.kubernetes.io/pod"
)
_APPARMOR = _profile("appArmorProfile", "container.apparmor.security.beta.kubernetes.io", "")

SECURITY_RECORDS = (
    Record(
        "security",
        "The effective security context of a container.",
        (
            Field(
                "privileged",
                "bool",
                "True when the container has the node's devices and all capabilities; false by default.",
                _privileged,
                cel=f"{_CONTEXT}.?privileged.orValue(false)",
            ),
            Field(
                "allowPrivilegeEscalation",
                "bool",
                "True unless set to false; always true for privileged containers and those with SYS_ADMIN.",
                _escalation,
            ),
            Field(
                "readOnlyRootFilesystem",
                "bool",
                "False by default.",
                _read_only,
                cel=f"{_CONTEXT}.?readOnlyRootFilesystem.orValue(false)",
            ),
            Field(
                "runAsUser",
                "int",
                "The uid of container or pod; absent when the image decides.",
                _either("runAsUser"),
                cel=_inherited_cel("runAsUser"),
            ),
            Field(
                "runAsGroup",
                "int",
                "The gid of container or pod; absent when the image decides.",
                _either("runAsGroup"),
                cel=_inherited_cel("runAsGroup"),
            ),
            Field(
                "runAsNonRoot",
                "bool",
                "Whether the kubelet refuses uid 0; absent when neither container nor pod says so.",
                _either("runAsNonRoot"),
                cel=_inherited_cel("runAsNonRoot"),
            ),
            Field(
                "capabilities",
                "capabilities",
                "Capabilities added and dropped.",
                lambda v: v.world.part("capabilities", v.fact, v),
            ),
            Field("seccomp", "profile", "The seccomp profile.", lambda v: v.world.part("profile", _SECCOMP, v)),
            Field("appArmor", "profile", "The AppArmor profile.", lambda v: v.world.part("profile", _APPARMOR, v)),
            Field(
                "seLinux",
                "dyn",
                "SELinux options of container or pod, as written; absent when not set.",
                _either("seLinuxOptions"),
                cel=_inherited_cel("seLinuxOptions"),
            ),
            Field(
                "procMount",
                "string",
                "`Default` unless set.",
                lambda v: text(_own(v).get("procMount")) or "Default",
                cel=f"{_CONTEXT}.?procMount.orValue('Default')",
            ),
            Field(
                "declared",
                "list(string)",
                "Names of the fields that the container itself sets, to tell a set value from a default.",
                lambda v: tuple(key for key, value in _own(v).items() if value is not None),
            ),
        ),
    ),
    Record(
        "capabilities",
        "Linux capabilities as the manifest writes them.",
        (
            Field(
                "add",
                "list(string)",
                "Added to the runtime's default set.",
                lambda v: _capabilities(v.above, "add"),
                cel=f"{_CONTEXT}.?capabilities.?add.orValue([])",
            ),
            Field(
                "drop",
                "list(string)",
                "Taken away; `ALL` means every one.",
                lambda v: _capabilities(v.above, "drop"),
                cel=f"{_CONTEXT}.?capabilities.?drop.orValue([])",
            ),
        ),
    ),
    Record(
        "profile",
        "A seccomp or AppArmor profile.",
        (
            Field(
                "type",
                "string",
                "`RuntimeDefault`, `Localhost` or `Unconfined`; absent when not set.",
                lambda v: v.fact(v.above),
            ),
        ),
    ),
)
