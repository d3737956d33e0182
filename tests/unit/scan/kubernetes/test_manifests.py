# ruff: noqa: D103 - the names of the tests are their promises
"""Objects and workloads of manifests."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.scan.kubernetes import read_manifests, workloads

POD_SPEC = {"containers": [{"name": "web", "image": "shop/web:1.0"}]}
TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": POD_SPEC}


def read(text, file="f.yaml"):
    return read_manifests(text.encode() if isinstance(text, str) else text, file)


def one(api_version, kind, **fields):
    document = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "web"}, **fields}
    manifests = read(json.dumps(document), "f.json")
    assert manifests.unknowns == ()
    return workloads(manifests.objects)


@pytest.mark.parametrize(
    ("api_version", "kind", "fields", "pointers"),
    [
        ("v1", "Pod", {"spec": POD_SPEC}, ["/spec"]),
        ("apps/v1", "Deployment", {"spec": {"template": TEMPLATE}}, ["/spec/template/spec"]),
        ("apps/v1", "StatefulSet", {"spec": {"template": TEMPLATE}}, ["/spec/template/spec"]),
        ("apps/v1", "DaemonSet", {"spec": {"template": TEMPLATE}}, ["/spec/template/spec"]),
        ("apps/v1", "ReplicaSet", {"spec": {"template": TEMPLATE}}, ["/spec/template/spec"]),
        ("v1", "ReplicationController", {"spec": {"template": TEMPLATE}}, ["/spec/template/spec"]),
        ("v1", "PodTemplate", {"template": TEMPLATE}, ["/template/spec"]),
        ("batch/v1", "Job", {"spec": {"template": TEMPLATE}}, ["/spec/template/spec"]),
        (
            "batch/v1",
            "CronJob",
            {"spec": {"jobTemplate": {"spec": {"template": TEMPLATE}}}},
            ["/spec/jobTemplate/spec/template/spec"],
        ),
        ("apps.openshift.io/v1", "DeploymentConfig", {"spec": {"template": TEMPLATE}}, ["/spec/template/spec"]),
        ("apps.openshift.io/v1", "DeploymentConfig", {"spec": {"template": None}}, []),
        ("argoproj.io/v1alpha1", "Rollout", {"spec": {"workloadRef": {"kind": "Deployment"}}}, []),
        ("serving.knative.dev/v1", "Service", {"spec": {"template": TEMPLATE}}, ["/spec/template/spec"]),
        ("serving.knative.dev/v1", "Revision", {"spec": POD_SPEC}, ["/spec"]),
        (
            "jobset.x-k8s.io/v1alpha2",
            "JobSet",
            {"spec": {"replicatedJobs": [{"template": {"spec": {"template": TEMPLATE}}}] * 2}},
            [f"/spec/replicatedJobs/{n}/template/spec/template/spec" for n in (0, 1)],
        ),
        (
            "leaderworkerset.x-k8s.io/v1",
            "LeaderWorkerSet",
            {"spec": {"leaderWorkerTemplate": {"leaderTemplate": TEMPLATE, "workerTemplate": TEMPLATE}}},
            [f"/spec/leaderWorkerTemplate/{part}Template/spec" for part in ("leader", "worker")],
        ),
        (
            "argoproj.io/v1alpha1",
            "Workflow",
            {
                "spec": {
                    "templates": [
                        {"name": "a", "container": {"image": "x"}},
                        {"name": "dag", "dag": {}},
                        {"name": "b", "script": {"image": "y"}, "sidecars": [{"name": "s", "image": "z"}]},
                    ]
                }
            },
            ["/spec/templates/0", "/spec/templates/2"],
        ),
        ("tekton.dev/v1", "Task", {"spec": {"steps": [{"name": "s", "image": "x"}]}}, ["/spec"]),
        ("example.com/v1", "Odd", {"spec": {"deep": [{"pod": {"spec": POD_SPEC}}]}}, ["/spec/deep/0/pod/spec"]),
        ("example.com/v1", "Flat", {"spec": {"a/b": POD_SPEC}}, ["/spec/a~1b"]),
        ("kyverno.io/v1", "ClusterPolicy", {"spec": {"pattern": {"spec": POD_SPEC}}}, []),
        ("example.com/v1", "Other", {"spec": {"containers": {"name": "x"}}, "status": {"t": TEMPLATE}}, []),
    ],
)
def test_pod_specs_are_found_where_each_kind_keeps_them(api_version, kind, fields, pointers):
    found = one(api_version, kind, **fields)
    assert [workload.spec_pointer for workload in found] == pointers
    assert all(container.image for workload in found for container in workload.containers)


def test_container_kinds_order_and_pointers():
    spec = {
        "ephemeralContainers": [{"name": "e", "image": "e"}],
        "containers": [{"name": "c", "image": "c"}, {"name": "d"}],
        "initContainers": [{"name": "i", "image": "i"}, {"name": "s", "image": "s", "restartPolicy": "Always"}],
    }
    (workload,) = one("v1", "Pod", spec=spec)
    assert [(item.name, item.kind, item.image) for item in workload.containers] == [
        ("i", "init", "i"),
        ("s", "sidecar", "s"),
        ("c", "regular", "c"),
        ("d", "regular", ""),
        ("e", "ephemeral", "e"),
    ]
    assert workload.containers[1].pointer == "/spec/initContainers/1"
    assert workload.pod_labels == {}


def test_pod_metadata_is_the_templates():
    (workload,) = one("apps/v1", "Deployment", spec={"template": TEMPLATE})
    assert (workload.pod_labels, workload.template_pointer, workload.ref) == (
        {"app": "web"},
        "/spec/template",
        "Deployment/web",
    )


def test_items_of_lists_are_objects_with_their_places():
    text = """apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Pod
    metadata: {name: a, namespace: shop}
    spec: {containers: [{name: c, image: i}]}
  - apiVersion: v1
    kind: PodList
    items:
      - metadata: {generateName: b-}
        spec:
          containers: []
"""
    first, second = read(text).objects
    assert (first.ref, second.kind, second.name, second.pointer) == ("shop/Pod/a", "Pod", "b-*", "/items/1/items/0")
    assert str(second.at("/spec")) == "f.yaml:12:9"


def test_namespaces_default_only_where_there_are_namespaces():
    text = (
        "{apiVersion: v1, kind: Namespace, metadata: {name: a, namespace: b}}\n---\n"
        "{apiVersion: x/v1, kind: Odd, metadata: {name: b}}\n---\n"
        "{apiVersion: v1, kind: Service, metadata: {name: c}}\n---\n"
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: odds.x}\nspec: {scope: Cluster, names: {kind: Odd}}\n"
    )
    assert [item.namespace for item in read(text).objects] == ["", "", "default", ""]


@pytest.mark.parametrize(
    "text",
    [
        "image: {tag: 1}\nreplicas: 3\n",
        "services: {web: {image: x}}\n",
        "on: push\njobs: {}\n",
        "apiVersion: v2\nname: chart\n",
        "- a\n- b\n",
        "just text",
        "",
        "---\n---\n",
    ],
)
def test_other_documents_are_left_out_without_a_word(text):
    manifests = read(text)
    assert (manifests.objects, manifests.unknowns) == ((), ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("apiVersion: apps/v1\nmetadata: {name: a}\nspec: {}\n", "`kind` is missing"),
        ("kind: Pod\nmetadata: {name: a}\nspec: {}\n", "`apiVersion` is missing"),
        ("apiVersion: v1\nkind: [Pod]\nmetadata: {name: a}\nspec: {}\n", "`kind` is missing"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n", "no pod template"),
        ("apiVersion: apps/v1\nkind: Deployment\nspec: null\n", "no pod template"),
        ("apiVersion: v1\nkind: Pod\nspec: {containers: text}\n", "`containers` is not a list"),
        ("apiVersion: v1\nkind: Pod\nspec: {containers: [1, {name: a}]}\n", "item 0 of `containers` is not a map"),
        ("apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Values.x }}}\n", "Helm or Go template"),
        ('apiVersion: v1\nkind: Pod\nmetadata: {name: "{{ .Values.x }}"}\n', "Helm or Go template"),
    ],
)
def test_damaged_objects_are_told(text, words):
    (unknown,) = read(text).unknowns
    assert words in unknown.reason
    assert unknown.advice
    assert unknown.incomplete


def test_braces_of_other_tools_are_no_templates():
    text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: "{{inputs.x}}", image: i}]}\n'
    assert read(text).unknowns == ()


def test_broken_json_is_told_only_when_it_may_be_an_object():
    assert read('{"name": "x",}', "package.json").unknowns == ()
    assert len(read('{"apiVersion": "v1",}', "pod.json").unknowns) == 1


WILD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "Pod", "v1", "a"]),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "metadata",
                    "spec",
                    "template",
                    "containers",
                    "initContainers",
                    "name",
                    "image",
                    "labels",
                    "items",
                    "x/y~",
                ]
            ),
            children,
            max_size=4,
        )
    ),
    max_leaves=25,
)


@given(
    st.sampled_from(["v1", "apps/v1", "argoproj.io/v1", "tekton.dev/v1", "x/v1", "jobset.x-k8s.io/v1"]),
    st.sampled_from(["Pod", "Deployment", "List", "Workflow", "CronWorkflow", "Task", "Pipeline", "JobSet", "Odd"]),
    st.dictionaries(st.sampled_from(["metadata", "spec", "items", "status", "steps"]), WILD, max_size=4),
)
def test_malformed_objects_never_crash(api_version, kind, fields):
    text = json.dumps({"apiVersion": api_version, "kind": kind, **fields})
    manifests = read(text, "f.json")
    for workload in workloads(manifests.objects):
        assert isinstance(workload.pod_labels, dict)
        for container in workload.containers:
            assert workload.object.at(container.pointer).line == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("apiVersion: v1\nkind: List\nitems: {a: b}\n", "f.yaml:3:1: `items` of the List is not a list"),
        ("apiVersion: v1\nkind: List\nitems: [7]\n", "f.yaml:3:9: item 0 of the List is no map"),
        ("apiVersion: v1\nkind: PodList\nitems:\n- null\n", "f.yaml:4:3: item 0 of the PodList is no map"),
    ],
)
def test_items_that_cannot_be_read_are_told(text, words):
    """What a list holds is never left out without a word."""
    found = read_manifests(text.encode(), "f.yaml")
    assert [words in unknown.reason for unknown in found.unknowns] == [True]


def test_lists_nested_too_deep_are_told():
    """Real ones are not nested at all."""
    value = {"apiVersion": "v1", "kind": "List", "items": []}
    for _ in range(4):
        value = {"apiVersion": "v1", "kind": "List", "items": [value]}
    found = read_manifests(json.dumps(value).encode(), "f.json")
    assert ["lists lie in each other" in unknown.reason for unknown in found.unknowns] == [True]


def test_records_of_requests_are_no_workloads():
    """An audit event or an admission review repeats an object that somebody sent; there is nothing to change in it."""
    pod = '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "a", "image": "b"}]}}'
    for version, field in (("audit.k8s.io/v1", "requestObject"), ("admission.k8s.io/v1", "request")):
        text = f'{{"apiVersion": "{version}", "kind": "Event", "metadata": {{"name": "e"}}, "{field}": {pod}}}'
        assert () == workloads(read_manifests(text.encode(), "e.json").objects)
