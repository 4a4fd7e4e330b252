"""A drill's report as one HTML page that needs nothing else: readable on the screen, in the dark and on paper."""

from html import escape

from engine.drills.drill import DrillReport, Figure, Judged

STYLE = """
:root { color-scheme: light dark; --ink: #1d2328; --dim: #5c6670; --ground: #fbfbfa; --line: #d9dcdf;
  --good: #1b6e3c; --bad: #a8261c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ea; --dim: #9aa4ad; --ground: #16191c; --line: #343a40;
  --good: #6fc98f; --bad: #f08a80; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--ground); max-width: 60rem;
  margin: 2.5rem auto; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
.result { font-weight: 600; } .passed { color: var(--good); } .failed { color: var(--bad); }
table { border-collapse: collapse; width: 100%; } th { text-align: left; font-weight: 600; color: var(--dim); }
th, td { padding: .45rem .8rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td, dd { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.5rem; margin: 0; } dt { color: var(--dim); }
dd { margin: 0; }
@media print { :root { --ink: #000; --dim: #444; --ground: #fff; --line: #bbb; --good: #000; --bad: #000; }
  body { font-size: 10.5pt; margin: 0; max-width: none; padding: 0; } tr { break-inside: avoid; } }
"""


def page(report: DrillReport, purpose: str) -> str:
    """The page. Everything that was measured is escaped: a report can hold whatever a table drew."""
    problem = f'<p class="failed">{escape(report.problem)}</p>' if report.problem else ""
    rows = "\n".join(map(_criterion, report.criteria))
    figures = _figures(report.figures) if report.figures else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Drill: {escape(report.title)}</title>
<style>{STYLE}</style>
</head>
<body>
<h1>{escape(report.title)}</h1>
<p class="result {"passed" if report.passed else "failed"}">{_outcome(report)}</p>
<p>{escape(purpose)}</p>
{problem}
<h2>Pass criteria</h2>
<table>
<tr><th>Criterion</th><th>Result</th><th>Measured</th><th>Limit</th></tr>
{rows}
</table>
{figures}
<h2>Run</h2>
<dl>
{_facts(report)}
</dl>
</body>
</html>
"""


def _outcome(report: DrillReport) -> str:
    if not report.sabotaged:
        return "Passed" if report.passed else "Failed"
    if report.well:
        return "Failed, as it must: its guard was taken away"
    return "The sabotage was not found: this drill cannot be trusted"


def _criterion(judged: Judged) -> str:
    word = "passed" if judged.passed else "failed"
    cells = "".join(f"<td>{escape(text)}</td>" for text in (judged.measured, judged.limit))
    return f'<tr><td>{escape(judged.text)}</td><td class="{word}">{word}</td>{cells}</tr>'


def _figures(figures: tuple[Figure, ...]) -> str:
    rows = "\n".join(
        f'<tr><td>{escape(figure.name)}</td><td class="number">{figure.value:g} {escape(figure.unit)}</td></tr>'
        for figure in figures
    )
    return f"<h2>Figures</h2>\n<table>\n{rows}\n</table>"


def _facts(report: DrillReport) -> str:
    facts = {
        "Begun": report.utc,
        "Took": f"{report.took_s:.1f} s",
        "Version": report.version,
        "Machine": report.machine,
        "Configuration": report.config,
    }
    return "\n".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
