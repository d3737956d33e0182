# ruff: noqa: D103 - the names of the tests are their promises
"""Joins of one tree, from manifests as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.core.context import Binding, Context, Tree, parse_reference, parse_selector
from tidewaiter.core.context.selectors import SelectorIndex
from tidewaiter.core.model.dockerfile import Dockerfile
from tidewaiter.core.model.image import Image
from tidewaiter.scan.kubernetes import read_manifests, workloads

SHOP = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web, tier: front}}
    spec: {serviceAccountName: web, containers: [{name: web, image: "shop/web:1.0"}, {name: log, image: busybox}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {automountServiceAccountToken: false, containers: [{name: api, image: "shop/api:2"}]}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}, automountServiceAccountToken: false}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
{apiVersion: v1, kind: Service, metadata: {name: head, namespace: shop}, spec: {clusterIP: None, selector: {tier: front}}}
---
{apiVersion: v1, kind: Service, metadata: {name: ext, namespace: shop}, spec: {type: ExternalName, externalName: a.b}}
---
{apiVersion: v1, kind: Service, metadata: {name: none, namespace: shop}, spec: {ports: [{port: 1}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: other}, spec: {selector: {app: web}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  defaultBackend: {service: {name: ext, port: {number: 9}}}
  tls: [{hosts: ["*.shop.example"]}]
  rules:
    - host: www.shop.example
      http:
        paths:
          - {path: /, backend: {service: {name: web, port: {name: http}}}}
          - {path: /x, backend: {service: {name: gone, port: {number: 80}}}}
          - {path: /y, backend: {service: {name: web, port: {number: 81}}}}
          - {path: /z, backend: {resource: {kind: Bucket, name: b}}}
    - host: a.b.shop.example
---
apiVersion: extensions/v1beta1
kind: Ingress
metadata: {name: old, namespace: shop}
spec: {backend: {serviceName: web, servicePort: http}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: all, namespace: shop}
spec: {podSelector: {}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: some, namespace: shop}
spec: {podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}, egress: [{}]}
"""


def _tree(text=SHOP, **fields):
    manifests = read_manifests(text.encode(), "shop.yaml")
    assert manifests.unknowns == ()
    return Tree(objects=manifests.objects, workloads=workloads(manifests.objects), **fields)


@pytest.fixture
def context():
    return Context(_tree())


def _names(objects):
    return [item.name for item in objects]


def test_services_pick_pods_of_their_namespace_by_labels(context):
    web, api = context.tree.workloads
    assert _names(context.services_of(web)) == ["web", "head"]
    assert context.services_of(api) == ()
    picked = {f"{item.namespace}/{item.name}": len(context.workloads_of(item)) for item in context.services}
    assert picked == {"shop/web": 1, "shop/head": 1, "shop/ext": 0, "shop/none": 0, "other/web": 0}


def test_ingresses_reach_workloads_through_services(context):
    web, api = context.tree.workloads
    assert _names(context.ingresses_of(web)) == ["shop", "old"]
    assert context.ingresses_of(api) == ()


def test_backends_tell_service_and_port(context):
    shop, old = context.ingresses
    found = [
        (backend.service, backend.port, backend.exists, backend.port_exists, backend.pointer)
        for backend in context.backends_of(shop)
    ]
    paths = "/spec/rules/0/http/paths"
    assert found == [
        ("ext", 9, True, True, "/spec/defaultBackend"),
        ("web", "http", True, True, f"{paths}/0/backend"),
        ("gone", 80, False, None, f"{paths}/1/backend"),
        ("web", 81, True, False, f"{paths}/2/backend"),
        ("", None, None, None, f"{paths}/3/backend"),
    ]
    assert [(item.service, item.port, item.port_exists) for item in context.backends_of(old)] == [("web", "http", True)]
    assert [(host.name, host.tls) for host in context.hosts_of(shop)] == [
        ("www.shop.example", True),
        ("a.b.shop.example", False),
    ]


def test_a_partial_tree_knows_no_absence():
    context = Context(_tree(partial=True))
    assert [backend.exists for backend in context.backends_of(context.ingresses[0])][2] is None
    assert not context.is_closed("shop")


def test_namespaces_are_closed_when_defined_or_inhabited(context):
    assert [context.is_closed(name) for name in ("shop", "other", "default", "kube-system")] == [
        True,
        True,
        False,
        False,
    ]


def test_network_policies_select_by_expressions(context):
    web, api = context.tree.workloads
    assert _names(context.network_policies_of(web)) == ["all"]
    assert _names(context.network_policies_of(api)) == ["all", "some"]


def test_automount_follows_pod_then_account_then_yes(context):
    web, api = context.tree.workloads
    assert context.service_account_of(web).name == "web"
    assert context.service_account_of(api) is None
    assert [context.automount_of(web), context.automount_of(api)] == [False, False]
    bare = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: []}}"
    closed, partial = Context(_tree(bare)), Context(_tree(bare, partial=True))
    assert [item.automount_of(item.tree.workloads[0]) for item in (closed, partial)] == [True, None]


def test_production_comes_from_label_or_environment(context):
    labelled = _tree(
        "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: p\n  labels: {tidewaiter.dev/environment: production}\n"
    )
    assert Context(labelled).is_production("p")
    assert not context.is_production("shop")
    assert Context(_tree(environment="production")).is_production("shop")


def test_images_join_containers_and_dockerfiles():
    web = Image(ref="shop/web", tags=("registry.example.com/shop/web:9",), digest="sha256:" + "a" * 64)
    busybox = Image(ref="docker.io/library/busybox:latest")
    dockerfile = Dockerfile(path="web/Dockerfile")
    binding = Binding(name="shop/web", image="shop/web", dockerfile="web/Dockerfile")
    context = Context(_tree(images=(web, busybox), bindings=(binding,), dockerfiles=(dockerfile,)))
    first = context.tree.workloads[0]
    assert [context.image_of(container) for container in first.containers] == [web, busybox]
    assert [(item.ref, container.name) for item, container in context.containers_of(web)] == [
        ("shop/Deployment/web", "web")
    ]
    assert context.dockerfile_of(web) is dockerfile
    assert context.dockerfile_of(busybox) is None
    assert context.images_of(dockerfile) == (web,)


@pytest.mark.parametrize(
    ("image", "bound"),
    [
        ("shop/web", True),
        ("shop/web:2", True),
        ("docker.io/shop/web:2", True),
        (f"shop/web@sha256:{'b' * 64}", True),
        ("registry.example.com/shop/web:9", True),
        (f"registry.example.com/shop/web@sha256:{'a' * 64}", True),
        ("registry.example.com/shop/web:8", False),
        ("other/web", False),
        ("$IMAGE", False),
        ("", False),
    ],
)
def test_a_binding_without_tag_stands_for_the_name(image, bound):
    facts = Image(ref="shop/web", tags=("registry.example.com/shop/web:9",), digest="sha256:" + "a" * 64)
    text = (
        f'{{apiVersion: v1, kind: Pod, metadata: {{name: a}}, spec: {{containers: [{{name: a, image: "{image}"}}]}}}}'
    )
    context = Context(_tree(text, images=(facts,), bindings=(Binding(name="shop/web", image="shop/web"),)))
    found = context.image_of(context.tree.workloads[0].containers[0])
    assert found is (facts if bound else None)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("debian", "docker.io/library/debian:latest"),
        ("debian:12", "docker.io/library/debian:12"),
        ("shop/web", "docker.io/shop/web:latest"),
        ("index.docker.io/debian", "docker.io/library/debian:latest"),
        ("localhost/web", "localhost/web:latest"),
        ("host:5000/web", "host:5000/web:latest"),
        ("ghcr.io/a/b/c:t", "ghcr.io/a/b/c:t"),
        (f"a@sha256:{'0' * 64}", f"docker.io/library/a@sha256:{'0' * 64}"),
        (f"a:t@sha256:{'0' * 64}", f"docker.io/library/a:t@sha256:{'0' * 64}"),
        ("[::1]:5000/a", "[::1]:5000/a:latest"),
        ("Debian", None),
        ("a:", None),
        ("a b", None),
        ("", None),
        ("${IMAGE}", None),
        ("a@sha256:12", None),
        ("a//b", None),
        ("https://a/b", None),
        ("a" * 600, None),
    ],
)
def test_references_have_one_normal_form(text, normal):
    reference = parse_reference(text)
    assert (str(reference) if reference is not None else None) == normal


@pytest.mark.parametrize(
    ("selector", "labels", "selected"),
    [
        (None, {}, True),
        ({}, {"a": "b"}, True),
        ({"matchLabels": {"a": "b"}}, {"a": "b", "c": "d"}, True),
        ({"matchLabels": {"a": "b"}}, {}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["x", "y"]}]}, {"a": "y"}, True),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["x"]}]}, {}, False),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["x"]}]}, {}, True),
        ({"matchExpressions": [{"key": "a", "operator": "Exists"}]}, {"a": ""}, True),
        ({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}, {"a": ""}, False),
        ({"matchExpressions": [{"key": "a", "operator": "Odd"}]}, {"a": ""}, False),
        ({"matchExpressions": [1]}, {}, False),
        ({"matchExpressions": "x"}, {}, False),
        ({"matchLabels": {"a": 1}}, {"a": "1"}, False),
        ("text", {}, False),
    ],
)
def test_selectors_match_as_kubernetes_does(selector, labels, selected):
    assert parse_selector(selector).matches(labels) is selected


LABELS = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"), max_size=3)


@given(st.lists(LABELS, max_size=6), LABELS)
def test_the_index_finds_what_trying_all_selectors_finds(selectors, labels):
    parsed = [parse_selector({"matchLabels": selector}) for selector in selectors]
    index = SelectorIndex(zip(parsed, range(len(parsed)), strict=True))
    assert index.matching(labels) == tuple(n for n, selector in enumerate(parsed) if selector.matches(labels))
