"""Where each kind keeps its pod template, as data; other kinds are searched by structure.

Sources: kubernetes/api, openshift/api: apps/v1, argoproj/argo-rollouts, argoproj/argo-workflows, knative/serving,
kubernetes-sigs/jobset, kubernetes-sigs/lws, tektoncd/pipeline.
"""

import msgspec


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """How kinds of some groups hold what becomes pods; `*` in a pointer stands for every item of a list."""

    groups: frozenset[str]
    kinds: frozenset[str]
    templates: tuple[str, ...] = ()
    """Pointers of pod templates: maps with `metadata` and `spec`; empty text for the object itself."""
    steps: tuple[str, ...] = ()
    """Pointers of maps that hold containers in their own way."""
    shape: str = ""
    """Which way: `argo` or `tekton`."""
    required: bool = True
    """True when an object without a template is damaged."""


def _place(groups: str, kinds: str, *templates: str, required: bool = True) -> Place:
    names = frozenset(group.strip("-") for group in groups.split())
    return Place(groups=names, kinds=frozenset(kinds.split()), templates=templates, required=required)


def _steps(shape: str, groups: str, kinds: str, *steps: str) -> Place:
    return Place(
        groups=frozenset(groups.split()), kinds=frozenset(kinds.split()), steps=steps, shape=shape, required=False
    )


PLACES: tuple[Place, ...] = (
    _place("-", "Pod", ""),
    _place("-", "ReplicationController", "/spec/template"),
    _place("-", "PodTemplate", "/template"),
    _place("apps extensions", "Deployment ReplicaSet StatefulSet DaemonSet", "/spec/template"),
    _place("batch", "Job", "/spec/template"),
    _place("batch", "CronJob", "/spec/jobTemplate/spec/template"),
    _place("apps.openshift.io -", "DeploymentConfig", "/spec/template", required=False),
    _place("argoproj.io", "Rollout", "/spec/template", required=False),
    _place("serving.knative.dev", "Service Configuration", "/spec/template"),
    _place("serving.knative.dev", "Revision", ""),
    _place("jobset.x-k8s.io", "JobSet", "/spec/replicatedJobs/*/template/spec/template"),
    _place(
        "leaderworkerset.x-k8s.io",
        "LeaderWorkerSet",
        "/spec/leaderWorkerTemplate/leaderTemplate",
        "/spec/leaderWorkerTemplate/workerTemplate",
    ),
    _steps("argo", "argoproj.io", "Workflow WorkflowTemplate ClusterWorkflowTemplate", "/spec/templates/*"),
    _steps("argo", "argoproj.io", "CronWorkflow", "/spec/workflowSpec/templates/*"),
    _steps("tekton", "tekton.dev", "Task ClusterTask", "/spec"),
    _steps("tekton", "tekton.dev", "TaskRun", "/spec/taskSpec"),
    _steps("tekton", "tekton.dev", "Pipeline", "/spec/tasks/*/taskSpec", "/spec/finally/*/taskSpec"),
    _steps(
        "tekton",
        "tekton.dev",
        "PipelineRun",
        "/spec/pipelineSpec/tasks/*/taskSpec",
        "/spec/pipelineSpec/finally/*/taskSpec",
    ),
)

NOT_WORKLOADS = (
    "apiextensions.k8s.io",
    "admissionregistration.k8s.io",
    "gatekeeper.sh",
    "kyverno.io",
    "tidewaiter.dev",
    "metrics.k8s.io",
    "kustomize.config.k8s.io",
    "audit.k8s.io",
    "admission.k8s.io",
)
"""API groups (and groups below them) whose objects hold patterns, figures or records that only look like pod specs."""
