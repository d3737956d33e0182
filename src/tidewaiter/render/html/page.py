"""The templates of the HTML page."""

from typing import Final

LAYOUT: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{% if report.facts is none %}{{ report.verdict }}: {% endif %}{{ title }}</title>
<style>
:root { color-scheme: light dark; --line: #8886; --soft: #8882; --bad: #c9190b; --warn: #b98412; --good: #3e8635; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2.2rem; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { position: sticky; top: 0; background: Canvas; }
td, code { overflow-wrap: break-word; } code { font-size: .92em; }
details { border: 1px solid var(--line); border-radius: 6px; margin: .4rem 0; padding: .3rem .8rem; }
summary { cursor: pointer; }
.pill { border-radius: 1em; padding: .05rem .6rem; border: 1px solid currentColor; white-space: nowrap; }
.critical, .high, .Fail { color: var(--bad); } .medium, .unknown, .Unknown { color: var(--warn); } .Pass { color: var(--good); }
.soft { opacity: .75; }
@media print { details { break-inside: avoid; } th { position: static; } }
</style>
</head>
<body>
<h1>{% if report.facts is none %}<span class="pill {{ report.verdict }}">{{ report.verdict }}</span> \
{% elif report.verdict != "Pass" %}<span class="pill Unknown">incomplete</span> {% endif %}{{ title }}</h1>
{% for reason in report.reasons %}
<p>{{ reason|clean }}</p>
{% endfor %}
{{ body }}
{% if report.unknowns %}
<h2>Not looked at, and remarks</h2>
<table>
<thead><tr><th>What</th><th>Why</th><th>What to do</th></tr></thead>
<tbody>
{% for one in report.unknowns %}
<tr><td>{{ one.subject|clean }}</td><td>{{ one.reason|clean }}</td><td>{{ one.advice|clean }}</td></tr>
{% endfor %}
</tbody>
</table>
{% endif %}
<p class="soft">{{ report.tool.name }} {{ report.tool.version }}{% if report.created %}, {{ report.created|clean }}{% endif %}\
{% if report.tool.advisories.built %}, advisory data of {{ report.tool.advisories.built|clean }}{% endif %}</p>
</body>
</html>
"""

SCAN: Final = """\
<p>{{ (image.os or "no os-release found")|clean }}{% if image.kind == "image" and (layers or image.created or image.user) %}, user {{ (image.user or "root")|clean }}\
{% if image.created %}, created {{ image.created|clean }}{% endif %}{% endif %}\
{% if image.base and image.base.names %}, built on {{ image.base.names|join(", ")|clean }}{% endif %}</p>
<p>{% for type, count in types %}{{ count }} {{ type|clean }}{% if not loop.last %}, {% endif %}{% else %}No packages.{% endfor %}</p>
{% if split %}
<h2>Vulnerabilities</h2>
<table>
<thead><tr><th></th>{% for one in severities %}<th>{{ one }}</th>{% endfor %}</tr></thead>
<tbody>
{% for part, counts in split %}
<tr><td>{{ part }}</td>{% for one in severities %}<td>{{ counts.get(one, 0) }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
{% endif %}
{% if upgrades %}
<h2>What to upgrade</h2>
<table>
<thead><tr><th>Severity</th><th>Package</th><th>Installed</th><th>Fixed</th><th>Closes</th><th>Part</th></tr></thead>
<tbody>
{% for one in upgrades %}
<tr><td><span class="pill {{ one.severity }}">{{ one.severity }}</span>{% if one.is_exploited %} exploited{% endif %}</td>
<td>{{ one.name|clean }}</td><td><code>{{ one.installed|clean }}</code></td>
<td>{% if one.fixed %}<code>{{ one.fixed|clean }}</code>{% else %}no fix{% endif %}</td>
<td>{{ one.ids|join(", ")|clean }}</td><td>{{ one.origin }}</td></tr>
{% endfor %}
</tbody>
</table>
{% if more_upgrades %}
<p>and {{ more_upgrades }} more</p>
{% endif %}
{% endif %}
{% if credentials %}
<h2>Credentials</h2>
<table>
<thead><tr><th>What</th><th>Where</th><th>Layer</th><th>Shown as</th></tr></thead>
<tbody>
{% for one in credentials %}
<tr><td>{{ one.title|clean }}{% if one.deleted_later %} <strong>deleted later, but still in every pull</strong>{% endif %}</td>
<td><code>{{ (one.path or one.source)|clean }}{% if one.line %}:{{ one.line }}{% endif %}</code></td>
<td>{{ "" if one.layer is none else one.layer }}</td><td><code>{{ one.redacted|clean }}</code></td></tr>
{% endfor %}
</tbody>
</table>
{% endif %}
{% if layers %}
<h2>Layers</h2>
{% for one in layers %}
<details>
<summary>{% if one.index is none %}Files{% else %}Layer {{ one.index }}{% endif %}\
{% if one.layer and one.layer.origin != "unknown" %} ({{ one.layer.origin }}){% endif %}: {{ one.packages }} packages, \
{{ one.vulnerabilities }} vulnerabilities{% if one.layer and one.layer.created_by %}
<br><code class="soft">{{ one.layer.created_by|clean }}</code>{% endif %}</summary>
<table>
<thead><tr><th>Package</th><th>Version</th><th>Vulnerabilities</th><th>Evidence</th></tr></thead>
<tbody>
{% for package, found in one.rows %}
<tr><td>{{ package.name|clean }} <span class="soft">{{ package.type|clean }}</span></td>
<td><code>{{ package.version|clean }}</code></td>
<td>{% for v in found %}<span class="{{ v.severity }}">{{ v.id|clean }}</span>{% if v.fixed %} → <code>{{ v.fixed|clean }}</code>{% endif %}\
{% if not loop.last %}, {% endif %}{% endfor %}</td>
<td><code>{{ package.path|clean }}{% if package.inside %}!/{{ package.inside|clean }}{% endif %}</code></td></tr>
{% endfor %}
</tbody>
</table>
</details>
{% endfor %}
{% endif %}
{% if suppressed %}
<details>
<summary>{{ suppressed|length }} suppressed vulnerabilities</summary>
<table>
<thead><tr><th>Vulnerability</th><th>Package</th><th>Why it does not count</th></tr></thead>
<tbody>
{% for one in suppressed %}
<tr><td>{{ one.id|clean }}</td><td>{{ one.package|clean }} <code>{{ one.installed|clean }}</code></td><td>{{ one.suppressed|clean }}</td></tr>
{% endfor %}
</tbody>
</table>
</details>
{% endif %}
{% if tools %}
<details>
<summary>{{ tools|length }} executables that help an attacker</summary>
<ul>
{% for one in tools %}
<li>{{ one.name|clean }} ({{ one.kind }}): <code>{{ one.path|clean }}</code></li>
{% endfor %}
</ul>
</details>
{% endif %}
"""

CHECK: Final = """\
{% if groups %}
<h2>What to fix, most urgent first</h2>
{% for group, findings in groups %}
<details{% if loop.index <= 10 %} open{% endif %}>
<summary><span class="pill {{ group.severity }}">{{ group.severity }}</span>{% if group.fails %} fails the gate{% endif %}
{{ group.sentence|clean }}<br><span class="soft">{{ (group.owner.value or "no owner")|clean }} · {{ group.location|string|clean }}</span></summary>
<table>
<thead><tr><th>Finding</th><th>Where</th><th>Fix</th></tr></thead>
<tbody>
{% for one in findings %}
<tr><td>{{ one.message|clean }}<br><span class="soft">{{ one.policy|clean }} · <code>{{ one.id|clean }}</code></span></td>
<td><code>{{ one.location|string|clean }}</code></td>
<td>{% if one.fix %}{{ one.fix.title|clean }}{% else %}{{ one.remediation|clean }}{% endif %}</td></tr>
{% endfor %}
</tbody>
</table>
</details>
{% endfor %}
{% if more_groups %}
<p>and {{ more_groups }} more</p>
{% endif %}
{% endif %}
{% if questions %}
<h2>Questions that stayed open</h2>
<ul>
{% for one in questions %}
<li>{{ one.message|clean }}: {{ one.reason|clean }}</li>
{% endfor %}
</ul>
{% endif %}
{% if exempted %}
<details>
<summary>{{ exempted|length }} exempted findings</summary>
<ul>
{% for one in exempted %}
<li>{{ one.message|clean }} <span class="soft">({{ one.exception|clean }})</span></li>
{% endfor %}
</ul>
</details>
{% endif %}
"""
